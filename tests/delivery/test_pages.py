"""Pages kept in memory: never another page than the one that would be rendered now."""

import datetime as dt
import gzip
from http import HTTPStatus

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from articles.choices import EditionKind
from delivery import pages, state
from frontpage import breaking
from images import desk
from images.models import Image
from tests import stories
from tests.stories import HOUR, MINUTE, NOON, SECOND

TENTH_OF = state._tenth_of  # as it is outside of tests, see conftest.py

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]


@pytest.fixture
def rendered(monkeypatch):
    """Count the pages that were rendered."""
    made = []
    make = pages._make

    def counted(request, *rest):
        made.append(request.path)
        return make(request, *rest)

    monkeypatch.setattr(pages, "_make", counted)
    return made


def address(article) -> str:
    return article.editions.first().get_absolute_url()


def test_a_page_is_rendered_once_and_costs_one_query_from_then_on(
    client, clock, rendered, django_assert_num_queries
):
    path = address(stories.published(at=NOON - HOUR))
    first = client.get(path)
    with django_assert_num_queries(1):
        second = client.get(path)

    assert rendered == [path]
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert stories.HEADLINE in second.text


@pytest.mark.parametrize(
    "path", ["/", "/wirtschaft/", "/autoren/anna-weber/", "/feed.xml", "/sitemap-2026-05.xml"]
)
def test_a_release_is_on_every_kept_page_at_once(client, clock, path):
    stories.published(at=NOON - HOUR, headline="Der erste Artikel des Tages")
    before = client.get(path)
    stories.published(at=NOON - MINUTE, headline="Der zweite Artikel des Tages")
    after = client.get(path)

    assert before.status_code == HTTPStatus.OK
    assert after.content != before.content
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_plan_comes_true_in_its_second_and_nothing_ran(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    planned = stories.scheduled(live_from=NOON + MINUTE, at=NOON - MINUTE, headline="Das war geplant")
    path = address(planned)
    seen = []
    for moment in (NOON, NOON + MINUTE - SECOND, NOON + MINUTE, NOON + HOUR):
        clock.move_to(moment)
        seen.append(("Das war geplant" in client.get("/").text, client.get(path).status_code))

    assert seen == [(False, 404), (False, 404), (True, 200), (True, 200)]
    assert rendered.count("/") == 2


def test_an_end_takes_it_away_in_its_second(client, clock):
    article = stories.scheduled(live_from=NOON, live_until=NOON + HOUR, at=NOON - HOUR)
    path = address(article)
    answers = []
    for moment in (NOON, NOON + HOUR - SECOND, NOON + HOUR):
        clock.move_to(moment)
        answers.append(client.get(path).status_code)

    assert answers == [200, 200, 404]


def test_a_withdrawal_is_there_at_once(client, clock):
    article = stories.published(at=NOON - HOUR)
    path = address(article)
    assert client.get(path).status_code == HTTPStatus.OK
    stories.withdrawn(article, at=NOON)

    assert client.get(path).status_code == HTTPStatus.GONE


def test_the_day_changes_at_midnight_in_berlin(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    midnight = dt.datetime(2026, 5, 4, 22, 0, tzinfo=dt.UTC)
    for moment in (NOON, midnight - SECOND, midnight):
        clock.move_to(moment)
        client.get("/")

    assert rendered == ["/", "/"]


def test_a_name_is_changed_everywhere_at_once(client, clock):
    article = stories.published(at=NOON - HOUR)
    assert "Anna Weber" in client.get(address(article)).text
    author = article.bylines.get().author
    author.name = "Anna Kranich"
    author.save()

    assert "Anna Kranich" in client.get(address(article)).text


def test_a_reader_who_has_the_page_gets_304_without_rendering(
    client, clock, rendered, django_assert_num_queries
):
    path = address(stories.published(at=NOON - HOUR))
    tag = client.get(path).headers["ETag"]
    pages.store.clear()  # another process has never rendered it
    with django_assert_num_queries(1):
        answer = client.get(path, headers={"If-None-Match": f'"x", {tag}'})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert rendered == [path]


def test_a_304_says_what_the_page_would_have_said(client, clock):
    path = address(stories.published(at=NOON - HOUR))
    whole = client.get(path, headers={"Accept-Encoding": "br"})
    answer = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": whole.headers["ETag"]})
    names = ("ETag", "Cache-Control", "Vary")

    assert answer.status_code == HTTPStatus.NOT_MODIFIED
    assert dict(answer.headers) == {name: whole.headers[name] for name in names}


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),  # a proxy has compressed it
        ('"x",W/{tag} , "y"', 304),
        ("*", 304),
        ('"x"', 200),
        ("{other}", 200),  # the same page, but in a coding that was not asked for
        ("", 200),
    ],
)
def test_a_condition_is_about_the_representation_that_is_asked_for(client, clock, known, status):
    path = address(stories.published(at=NOON - HOUR))
    tag = client.get(path).headers["ETag"]
    other = client.get(path, headers={"Accept-Encoding": "br"}).headers["ETag"]

    assert (
        client.get(path, headers={"If-None-Match": known.format(tag=tag, other=other)}).status_code == status
    )


def test_a_small_file_is_not_compressed_and_has_one_tag(client, clock):
    whole = client.get("/robots.txt", headers={"Accept-Encoding": "br"})
    known = {"Accept-Encoding": "br", "If-None-Match": whole.headers["ETag"]}

    assert "Content-Encoding" not in whole.headers
    assert whole.headers["ETag"] == client.get("/robots.txt").headers["ETag"]
    assert client.get("/robots.txt", headers=known).status_code == HTTPStatus.NOT_MODIFIED


def test_a_feed_has_no_date_that_could_stay_when_it_changes(client, clock):
    article = stories.published(at=NOON - HOUR)
    feed = client.get("/feed.xml")
    known = {"If-Modified-Since": "Wed, 01 Jan 2031 00:00:00 GMT"}
    stories.revised(article, at=NOON, kind=EditionKind.TYPO, headline="Ein Tippfehler weniger")

    assert "Last-Modified" not in feed.headers
    assert "Ein Tippfehler weniger" in client.get("/feed.xml", headers=known).text


def test_a_part_is_answered_with_the_whole(client, clock):
    path = address(stories.published(at=NOON - HOUR))
    answer = client.get(path, headers={"Range": "bytes=0-10"})

    assert (answer.status_code, answer.content) == (200, client.get(path).content)
    assert "Accept-Ranges" not in answer.headers


def test_what_is_withdrawn_is_never_unchanged(client, clock):
    article = stories.published(at=NOON - HOUR)
    stories.withdrawn(article, at=NOON)
    gone = client.get(address(article), headers={"If-None-Match": "*"})

    assert gone.status_code == HTTPStatus.GONE
    assert "ETag" not in gone.headers


def test_posting_asks_neither_memory_nor_state(client, clock, django_assert_num_queries):
    path = address(stories.published(at=NOON - HOUR))
    client.get(path)
    with django_assert_num_queries(0):
        assert client.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get(path).status_code == HTTPStatus.OK


def test_after_a_change_the_reader_gets_the_new_page(client, clock):
    article = stories.published(at=NOON - HOUR)
    tag = client.get(address(article)).headers["ETag"]
    stories.revised(article, at=NOON, kind=EditionKind.UPDATE, lead="Jetzt steht hier etwas anderes.")
    answer = client.get(address(article), headers={"If-None-Match": tag})

    assert answer.status_code == HTTPStatus.OK
    assert "Jetzt steht hier etwas anderes." in answer.text


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip;q=0", ""),
        ("BR", "br"),
    ],
)
def test_each_coding_is_the_same_page_with_its_length_and_tag(client, clock, accepted, coding):
    path = address(stories.published(at=NOON - HOUR))
    plain = client.get(path)
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]

    assert answer.headers.get("Content-Encoding", "") == coding
    assert unpack(answer.content) == plain.content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == plain.headers["ETag"][:-1] + (f'-{coding}"' if coding else '"')


def test_a_head_request_has_the_headers_and_no_body(client, clock):
    path = address(stories.published(at=NOON - HOUR))
    head = client.head(path)
    whole = client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)
    assert whole.headers["Content-Length"] == str(len(whole.content))
    known = {"If-None-Match": whole.headers["ETag"]}
    assert client.head(path, headers=known).status_code == HTTPStatus.NOT_MODIFIED


def test_unknown_parameters_make_no_new_entry(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    pages_seen = {client.get(f"/{query}").content for query in ("", "?utm_source=x", "?fbclid=1&a=b")}

    assert len(pages_seen) == 1
    assert rendered == ["/"]


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/korrekturen/", "/impressum/", "{address}"])
def test_what_does_not_page_is_one_page_whatever_is_asked(client, clock, rendered, settings, path):
    settings.BEHIND_PROXY = True
    path = path.format(address=address(stories.published(at=NOON - HOUR)))
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


def test_cookies_of_others_change_nothing(client, clock, rendered):
    path = address(stories.published(at=NOON - HOUR))
    client.get(path)
    client.cookies.load({"consent": "yes", "csrftoken": "x" * 32, "messages": "y"})
    answer = client.get(path)

    assert answer.headers["Cache-Control"].startswith("public")
    assert rendered == [path]


@pytest.mark.parametrize(
    "harm",
    [
        lambda response: response.set_cookie("visitor", "1"),
        lambda response: response.headers.__setitem__("Vary", "Accept-Encoding, Cookie"),
        lambda response: response.headers.__setitem__("Cache-Control", "private"),
    ],
    ids=["sets a cookie", "differs by cookie", "private"],
)
def test_what_is_not_the_same_for_everybody_is_not_kept(clock, harm):
    def view(request):
        response = HttpResponse("<p>Seite</p>")
        pages.public(response)
        harm(response)
        return response

    request = RequestFactory().get("/")
    request.at = NOON
    answer = pages.middleware(view)(request)

    assert pages.store.size == 0
    assert "ETag" not in answer.headers


def test_who_is_signed_in_gets_nothing_from_memory_and_leaves_nothing_there(client, clock, rendered):
    path = address(stories.published(at=NOON - HOUR))
    staff = Client()
    staff.force_login(stories.editor())
    staff.cookies.load({"consent": "yes"})
    for answer in (staff.get(path), client.get(path), staff.get(path)):
        assert answer.status_code == HTTPStatus.OK
        private = answer.wsgi_request.COOKIES != {}
        assert answer.headers["Cache-Control"].startswith("private" if private else "public")
        assert ("ETag" in answer.headers) is not private
    assert rendered == [path]


@pytest.mark.parametrize(
    "path", ["/gibt-es-nicht/", "/wirtschaft/nichts-12345/", "/artikel/1/", "/suche/?q=x", "/healthz"]
)
def test_what_is_no_public_page_is_not_kept(client, clock, path):
    client.get(path)

    assert pages.store.size == 0


def test_an_address_that_an_article_had_is_kept_and_one_made_up_for_it_is_not(client, clock, rendered):
    """A link that went round is asked for as often as a page; made-up ones have no end."""
    article = stories.published(at=NOON - HOUR)
    old = address(article)
    stories.revised(article, at=NOON - MINUTE, headline="Wie es jetzt heißt")
    planned = stories.published(at=NOON - HOUR)
    stories.revised(planned, at=NOON + HOUR, headline="Was noch keiner weiß")
    number = f"/artikel/{article.pk}/"
    made_up = f"/wirtschaft/anders-{article.pk}/"
    not_yet, made_up_too = (f"/wirtschaft/{slug}-{planned.pk}/" for slug in ("was-noch-keiner-weiss", "x"))

    for path in (old, number, made_up, not_yet, made_up_too):
        answers = [client.get(path) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [HTTPStatus.MOVED_PERMANENTLY] * 2
        assert dict(answers[0].headers) == dict(answers[1].headers)
        assert "ETag" not in answers[1].headers
    assert rendered == [old, number, *[made_up] * 2, *[not_yet] * 2, *[made_up_too] * 2]
    # What is planned answers like what nobody has thought of.
    says_nothing, like_this = (client.get(path) for path in (not_yet, made_up_too))
    assert dict(says_nothing.headers) == dict(like_this.headers)
    assert says_nothing.content == like_this.content

    stories.revised(article, at=NOON - SECOND, headline="Und noch einmal anders")
    assert client.get(old).headers["Location"] == f"/wirtschaft/und-noch-einmal-anders-{article.pk}/"


@pytest.mark.parametrize(
    ("path", "keeping"),
    [
        ("/gibt-es-nicht/", "public, max-age=0, must-revalidate"),
        ("/suche/?q=x", "public, max-age=0, must-revalidate"),
        ("/admin/login/", "max-age=0, no-cache, no-store, must-revalidate, private"),
    ],
)
def test_each_answer_says_who_may_keep_it(client, clock, path, keeping):
    assert client.get(path).headers["Cache-Control"] == keeping


def test_a_fault_is_kept_by_nobody(client, clock, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("frontpage.views.compose", lambda *args: 1 / 0)
    answer = client.get("/")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store")


def test_nobody_keeps_a_page_beyond_the_next_event(client, clock):
    stories.published(at=NOON - HOUR)
    stories.scheduled(live_from=NOON + MINUTE, at=NOON - MINUTE)
    kept = []
    for moment in (NOON, NOON + MINUTE - SECOND, NOON + MINUTE - SECOND / 2, NOON + MINUTE):
        clock.move_to(moment)
        kept.append(client.get("/").headers["Cache-Control"])

    def words(seconds):
        return (
            f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={seconds}, stale-if-error=86400"
        )

    assert kept == [words(1), words(1), words(0), words(1)]


def test_nginx_is_told_the_end_of_the_second(client, clock, settings):
    settings.BEHIND_PROXY = True
    stories.published(at=NOON - HOUR)
    clock.move_to(NOON + dt.timedelta(milliseconds=700))

    for path in ("/", "/gibt-es-nicht/"):  # what is gone takes the place of what was there
        assert client.get(path).headers["X-Accel-Expires"] == f"@{int(NOON.timestamp())}"
    assert "X-Accel-Expires" not in client.get("/suche/").headers


# --- What the desks change ---------------------------------------------------------------------


def test_breaking_news_is_on_a_kept_page_from_its_beginning_to_its_end(client, clock):
    stories.published(at=NOON - HOUR)
    assert client.get("/").status_code == HTTPStatus.OK
    line = stories.breaking("Der Fährverkehr ruht", at=NOON)
    seen = []
    for moment in (NOON, NOON + MINUTE):
        clock.move_to(moment)
        seen.append("Der Fährverkehr ruht" in client.get("/").text)
    breaking.end(stories.chief(), line, at=NOON + MINUTE)
    clock.move_to(NOON + MINUTE + SECOND)
    seen.append("Der Fährverkehr ruht" in client.get("/").text)

    assert seen == [True, True, False]


def test_a_picture_leaves_a_kept_page_with_its_licence(client, clock):
    picture = stories.image(alt="Ein Saal voller Stühle", licensed_until=NOON + HOUR)
    path = address(stories.published(at=NOON - HOUR, lead_image=picture))
    seen = []
    for moment in (NOON, NOON + HOUR - SECOND, NOON + HOUR):
        clock.move_to(moment)
        seen.append("Ein Saal voller Stühle" in client.get(path).text)

    assert seen == [True, True, False]


def test_what_the_picture_desk_says_is_on_a_kept_page_at_once(client, clock):
    picture = stories.image(credit="Emil Thannhäuser/RENEWZ")
    path = address(stories.published(at=NOON - HOUR, lead_image=picture))
    assert "Emil Thannhäuser/RENEWZ" in client.get(path).text
    desk.describe(stories.chief(), picture, picture.version, {"credit": "Ilse Kranich/RENEWZ"})

    assert "Ilse Kranich/RENEWZ" in client.get(path).text
    desk.swap(
        stories.chief(), picture, Image.objects.get(pk=picture.pk).version, stories.image(alt="Ein Hof")
    )

    assert "Ein Hof" in client.get(path).text
