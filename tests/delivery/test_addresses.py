"""Under which addresses pages are kept: one for each, whatever readers write."""

from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from delivery import pages
from tests import stories
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]


def test_unknown_parameters_make_no_new_entry(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    pages_seen = {client.get(f"/{query}").content for query in ("", "?utm_source=x", "?fbclid=1&a=b")}

    assert len(pages_seen) == 1
    assert rendered == ["/"]


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/korrekturen/", "/impressum/", "{address}"])
def test_what_does_not_page_is_one_page_whatever_is_asked(client, clock, rendered, settings, path):
    settings.BEHIND_PROXY = True
    path = path.format(address=stories.address(stories.published(at=NOON - HOUR)))
    whole = client.get(path)
    asked = [client.get(f"{path}?{query}") for query in ("vor=1", "vor=2", "vorname=1", "x=vor", "v%6Fr=1")]
    known = client.get(f"{path}?vor=3", headers={"If-None-Match": whole.headers["ETag"]})

    assert rendered == [path]
    assert {answer.content for answer in asked} == {whole.content}
    assert whole.headers["X-Accel-Expires"] == f"@{int(NOON.timestamp())}"
    assert {answer.headers["X-Accel-Expires"] for answer in (*asked, known)} == {"0"}


def test_nginx_keeps_a_list_under_one_address_alone(client, clock, settings):
    """Under that which its own key makes of it; see ``page_query`` in its configuration."""
    settings.BEHIND_PROXY = True
    number = stories.bulk(40, newest=NOON - HOUR)[20].article_id
    second = f"@{int(NOON.timestamp())}"
    kept = {
        query: client.get(f"/wirtschaft/{query}").headers["X-Accel-Expires"]
        for query in (
            "", "?a=b", f"?vor={number}", f"?a=%20&vor={number}&c=d",
            "?vor=", f"?vor={number}&vor={number}", f"?vor=%3{number}", f"?v%6Fr={number}",
            f"?vor={number}&vorx=1",
        )
    }  # fmt: skip
    encoded = client.get("/wirtschaft/", RAW_URI="/%77irtschaft/")

    assert list(kept.values()) == [second] * 4 + ["0"] * 5
    assert encoded.headers["X-Accel-Expires"] == "0"


def test_a_known_parameter_is_another_page(client, clock):
    stories.bulk(40, newest=NOON - HOUR)
    first = client.get("/wirtschaft/")
    older = [line for line in first.text.split('"') if line.startswith("?vor=")]

    assert client.get(f"/wirtschaft/{older[0]}").content != first.content


def test_a_doubled_parameter_is_the_page_of_the_last_one(client, clock):
    rows = stories.bulk(60, newest=NOON - HOUR)
    first, second = rows[20].article_id, rows[40].article_id
    alone = {number: client.get(f"/wirtschaft/?vor={number}").content for number in (first, second)}

    assert alone[first] != alone[second]
    assert client.get(f"/wirtschaft/?vor={first}&vor={second}").content == alone[second]
    assert client.get(f"/wirtschaft/?vor={second}&vor={first}").content == alone[first]


def test_a_view_sees_no_parameter_that_makes_no_entry(clock):
    seen = []

    def view(request):
        seen.append(dict(request.GET))
        response = HttpResponse("<p>Seite</p>")
        pages.public(response)
        return response

    for path in ("/wirtschaft/", "/", "/wirtschaft/ein-artikel-7/", "/gibt/es/nicht/"):
        request = RequestFactory().get(f"{path}?vor=7&utm_source=x&q=y")
        request.at = NOON
        pages.middleware(view)(request)

    assert seen == [{"vor": ["7"]}, {}, {}, {}]


@pytest.mark.parametrize(
    "path", ["/gibt-es-nicht/", "/wirtschaft/nichts-12345/", "/artikel/1/", "/suche/?q=x", "/healthz"]
)
def test_what_is_no_public_page_is_not_kept(client, clock, path):
    client.get(path)

    assert pages.store.size == 0


def test_an_address_that_an_article_had_is_kept_and_one_made_up_for_it_is_not(client, clock, rendered):
    """A link that went round is asked for as often as a page; made-up ones have no end."""
    article = stories.published(at=NOON - HOUR)
    old, number, made_up = stories.address(article), f"/artikel/{article.pk}/", f"/wirtschaft/x-{article.pk}/"
    stories.revised(article, at=NOON - MINUTE, headline="Wie es jetzt heißt")

    for path in (old, number, made_up):
        answers = [client.get(path) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [HTTPStatus.MOVED_PERMANENTLY] * 2
        assert dict(answers[0].headers) == dict(answers[1].headers)
        assert "ETag" not in answers[1].headers
    assert rendered == [old, number, made_up, made_up]

    stories.revised(article, at=NOON - SECOND, headline="Und noch einmal anders")
    assert client.get(old).headers["Location"] == f"/wirtschaft/und-noch-einmal-anders-{article.pk}/"


def test_what_is_planned_or_was_never_seen_answers_like_what_nobody_has_thought_of(client, clock, rendered):
    planned, cancelled = (stories.published(at=NOON - DAY) for _ in range(2))
    for article, begins in ((planned, NOON + HOUR), (cancelled, NOON - MINUTE)):
        new = stories.saved(article, at=NOON - 2 * HOUR, headline="Was noch keiner weiß")
        ready = stories.approved(new, at=NOON - 2 * HOUR)
        stories.act(ready, "schedule", stories.chief(), at=NOON - HOUR, live_from=begins)
    stories.act(cancelled, "cancel", stories.chief(), at=NOON - MINUTE - SECOND)

    for article in (planned, cancelled):
        paths = [f"/wirtschaft/{slug}-{article.pk}/" for slug in ("was-noch-keiner-weiss", "x")]
        hidden, made_up = (client.get(path) for path in paths)
        assert hidden.status_code == HTTPStatus.MOVED_PERMANENTLY
        assert (dict(hidden.headers), hidden.content) == (dict(made_up.headers), made_up.content)
        assert [client.get(path).status_code for path in paths] == [HTTPStatus.MOVED_PERMANENTLY] * 2
        assert rendered == paths * 2
        rendered.clear()


def test_a_kept_way_from_an_old_address_answers_head_and_is_one_whatever_is_asked(
    client, clock, rendered, settings
):
    settings.BEHIND_PROXY = True
    article = stories.published(at=NOON - HOUR)
    old = stories.address(article)
    stories.revised(article, at=NOON - MINUTE, headline="Wie es jetzt heißt")
    whole, head, aside = client.get(old), client.head(old), client.get(f"{old}?vor=1")

    assert (head.status_code, dict(head.headers)) == (whole.status_code, dict(whole.headers))
    assert (whole.content, head.content) == (b"", b"")
    second = f"@{int(NOON.timestamp())}"
    assert [answer.headers["X-Accel-Expires"] for answer in (whole, head, aside)] == [second, second, "0"]
    assert aside.headers["Location"] == whole.headers["Location"]
    assert rendered == [old]
