"""The writing page: keeps what was typed, says in German what is wrong, and where."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.forms import ArticleForm
from articles.models import Article
from tests import stories
from tests.stories import HOUR

ADD = "/admin/articles/article/add/"


def change(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def typed(**changes: Any) -> dict[str, Any]:
    """Return what a browser sends."""
    return {
        "kicker": "Börse",
        "headline": "Deutsche Bank hebt das Kursziel",
        "lead": "Das Institut sieht sich bestätigt.",
        "body": "<p>Die Aktie legte zu.</p>",
        "genre": "news",
        "ai_use": "none",
        "section": stories.section().pk,
        "bylines_author": [stories.author().pk],
        "bylines_role": ["text"],
        "tags": "Banken",
        "version": "0",
    } | changes


@pytest.fixture
def anna(client: Client, writer: User) -> Client:
    client.force_login(writer)
    return client


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_a_new_sheet_begins_in_the_headline_and_no_other_page_moves_the_focus(anna: Client) -> None:
    assert re.findall(r'name="(\w+)"[^>]*\sautofocus', anna.get(ADD).text) == ["headline"]

    assert "autofocus" not in anna.post(ADD, typed(genre="roman")).text
    assert "autofocus" not in anna.get(change(begun_by(anna))).text


def test_what_is_typed_is_saved(anna: Client, writer: User) -> None:
    response = anna.post(ADD, typed())

    article = Article.objects.get()
    assert response.headers["Location"] == change(article)
    assert (article.headline, article.body, article.owner, article.version) == (
        "Deutsche Bank hebt das Kursziel", "<p>Die Aktie legte zu.</p>", writer, 1,
    )  # fmt: skip
    assert [row.author.name for row in article.bylines.all()] == ["Anna Weber"]


def test_a_new_sheet_that_is_sent_twice_is_one_article(anna: Client) -> None:
    sheets = [anna.get(ADD).context["form"]["begun"].value() for _ in range(2)]
    answers = [anna.post(ADD, typed(begun=sheet)) for sheet in (sheets[0], sheets[0], sheets[1])]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert len({answer.headers["Location"] for answer in answers[:2]}) == 1
    assert Article.objects.count() == 2


def test_an_unfinished_text_may_be_saved(anna: Client) -> None:
    anna.post(ADD, {"headline": "", "body": "", "version": "0", "genre": "news"})
    assert Article.objects.get().headline == ""


def too_long(limit: int, given: int) -> str:
    """Return Django's own words."""
    said = f"Bitte sicherstellen, dass der Wert aus höchstens {limit} Zeichen besteht."
    return f"{said} (Er besteht aus {given} Zeichen.)"


LONG = "Wärmeplanungsbeschleunigungsgesetz "


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kicker", "x" * 61, too_long(60, 61)),
        ("headline", "x" * 201, too_long(200, 201)),
        ("lead", "x" * 801, too_long(800, 801)),
        ("body", "<p>" + "x" * 400_001 + "</p>", too_long(400000, 400008)),
        (
            "body",
            '<p>a<sup data-source="" data-address="https://x.example/"></sup></p>',
            "Eine Quelle (https://x.example/) sagt nicht, was sie ist: wer, Titel, wo erschienen, Datum.",
        ),
        (
            "body",
            '<p>a<sup data-source="Amt" data-address="x.example"></sup></p>',
            "Die Adresse der Quelle „Amt“ ist nicht vollständig: „x.example“. Sie beginnt mit https://.",
        ),
        ("section", "999", "Dieses Ressort gibt es nicht."),
        ("genre", "roman", "Bitte eine gültige Auswahl treffen. roman ist keine gültige Auswahl."),
        ("ai_use", "viel", "Bitte eine gültige Auswahl treffen. viel ist keine gültige Auswahl."),
        ("tags", ",".join(f"Thema {n}" for n in range(13)), "Höchstens zwölf Themen."),
        ("tags", "x" * 101, f"Zu lang für ein Thema: „{'x' * 40}…“."),
        ("lead_image", "999", "Dieses Bild gibt es nicht."),
        ("lead_image", "abc", "Dieses Bild gibt es nicht."),
        ("related", ["999"], "Den Artikel Nr. 999 gibt es nicht."),
        ("related", ["abc"], "Bitte die Nummer eines Artikels angeben."),
        ("lead_caption", "x" * 401, too_long(400, 401)),
        ("slug", "x" * 101, too_long(100, 101)),
        ("seo_title", "x" * 91, too_long(90, 91)),
        ("seo_description", "x" * 201, too_long(200, 201)),
        ("notes", "x" * 5001, too_long(5000, 5001)),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_nothing_typed_is_lost(
    anna: Client, field: str, value: Any, message: str
) -> None:
    response = anna.post(ADD, typed(headline=LONG * 5, lead="Mein Vorspann") | {field: value})

    assert response.status_code == 200
    assert errors(response) == {field: [message]}
    page = response.content.decode()
    for kept in ("Mein Vorspann", "Die Aktie legte zu."):
        assert kept in page or field in {"lead", "body"}
    assert Article.objects.count() == 0


def test_two_names_that_are_one_are_refused_at_the_byline(anna: Client) -> None:
    author = stories.author().pk
    response = anna.post(ADD, typed(bylines_author=[author, author], bylines_role=["text", "photo"]))
    assert errors(response) == {"bylines": ["Anna Weber steht zweimal in der Autorenzeile."]}


def test_a_name_that_is_gone_is_refused_at_the_byline(anna: Client) -> None:
    response = anna.post(ADD, typed(bylines_author=["4711"], bylines_role=["text"]))
    assert errors(response) == {"bylines": ["Diesen Namen gibt es nicht (mehr). Bitte neu wählen."]}


def test_a_stale_save_is_refused_with_both_texts(anna: Client, writer: User) -> None:
    article = stories.article(writer)
    stories.saved(article, stories.editor(), headline="Was Bernd geschrieben hat")

    response = anna.post(change(article), typed(headline="Was Anna geschrieben hat", version="1"))

    assert response.status_code == 409
    page = response.content.decode()
    assert "Bernd Kaiser hat diesen Artikel inzwischen gespeichert. Ihr Text ist unten noch da." in page
    assert "Was Anna geschrieben hat" in page
    assert "Was Bernd geschrieben hat" in page
    assert stories.fresh(article).headline == "Was Bernd geschrieben hat"

    # Only who saves once more, having seen both, replaces; the other text stays as a version.
    anna.post(change(article), typed(headline="Was Anna geschrieben hat", version="2"))
    assert stories.fresh(article).headline == "Was Anna geschrieben hat"
    assert article.revisions.get(number=2).content["headline"] == "Was Bernd geschrieben hat"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"


def test_hostile_input_in_every_field_comes_out_harmless(anna: Client) -> None:
    texts = dict.fromkeys(("kicker", "headline", "lead", "lead_caption", "notes", "body"), HOSTILE)
    short = {
        "kicker": HOSTILE[:60],
        "seo_title": HOSTILE[:90],
        "seo_description": HOSTILE,
        "tags": "<svg onload=alert(4)>",
    }
    anna.post(ADD, typed(**texts | short))
    article = Article.objects.get()

    assert article.body == "<p>„’&gt;</p>"
    for address in (
        change(article),
        f"/admin/articles/article/{article.pk}/vorschau/",
        "/admin/",
        "/admin/articles/article/",
    ):
        page = anna.get(address).content.decode()
        for danger in ("<script>alert", "<img src=x", "<svg onload"):
            assert danger not in page, (address, danger)


def test_the_form_knows_every_field_of_the_content(db: None) -> None:
    assert set(ArticleForm.base_fields) - {"notes", "notes_seen", "version", "begun"} == set(
        stories.content().__dataclass_fields__
    )


def test_an_author_sees_no_manuscript_of_others(anna: Client) -> None:
    other = stories.article(stories.editor())
    for address in (
        change(other),
        f"/admin/articles/article/{other.pk}/vorschau/",
        f"/admin/articles/article/{other.pk}/verlauf/",
    ):
        assert anna.get(address).status_code == 404


def test_who_may_not_edit_can_read_but_not_save(anna: Client, writer: User) -> None:
    article = stories.approved(stories.article(writer))
    assert anna.get(change(article)).status_code == 200
    response = anna.post(change(article), typed(version=str(article.version), lead="Was Anna schrieb"))
    page = response.content.decode()
    assert response.status_code == 403
    assert "Was Sie geschrieben haben, steht noch da" in page
    for kept in ("Was Anna schrieb", "Die Aktie legte zu."):
        assert kept in page
    assert "data-save" not in page
    # Nothing can be changed, but words can be marked and copied, by key too.
    assert re.search(r'<textarea name="lead"[^>]* readonly', page)
    fields = re.findall(
        r'<(?:input|select|textarea) (?![^>]*type="(?:hidden|file)")[^>]*name="(?!q\b)[^>]*>', page
    )
    assert [field for field in fields if "readonly" not in field and "disabled" not in field] == []
    assert stories.fresh(article).version == article.version


@pytest.mark.parametrize(
    ("stand", "words"),
    [
        (stories.approved, "bitten Sie die Redaktion, ihn mit „Zurückgeben“ wieder zu öffnen"),
        (lambda article: stories.act(article, "trash"), "holen Sie ihn mit „Wiederherstellen“ zurück"),
    ],
    ids=["approved", "in the trash"],
)
def test_who_may_only_read_learns_what_to_do(anna: Client, writer: User, stand: Any, words: str) -> None:
    assert words in anna.get(change(stand(stories.article(writer)))).content.decode()


def test_what_is_missing_leads_to_its_field(anna: Client, writer: User) -> None:
    article = stories.article(writer, headline="", lead="", body="", section=None, bylines=[])
    page = anna.get(change(article)).content.decode()
    leads_to = re.findall(r'<a href="#(feld-\w+)">', page)
    assert {"feld-headline", "feld-lead", "feld-body", "feld-section", "feld-bylines"} <= set(leads_to)
    assert [name for name in leads_to if f'id="{name}"' not in page] == []


def test_preview_looks_like_the_site_and_is_never_cached(anna: Client, writer: User) -> None:
    article = stories.article(writer)
    response = anna.get(f"/admin/articles/article/{article.pk}/vorschau/")
    assert response.status_code == 200
    assert stories.HEADLINE in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "nonce-" not in response.headers["Content-Security-Policy"]


def test_a_text_that_typography_makes_too_long_is_refused_with_a_sentence(anna: Client) -> None:
    response = anna.post(ADD, typed(kicker="a" * 55 + " z.B."))
    assert response.status_code == 200
    assert errors(response) == {"__all__": ["Dachzeile: 61 Zeichen, erlaubt sind 60."]}
    assert Article.objects.count() == 0


def test_a_text_that_grows_too_long_in_a_change_is_refused_with_a_sentence(
    anna: Client, writer: User
) -> None:
    article = stories.article(writer)
    response = anna.post(change(article), typed(kicker="a" * 55 + " z.B.", version="1"))
    assert errors(response) == {"__all__": ["Dachzeile: 61 Zeichen, erlaubt sind 60."]}
    assert stories.fresh(article).version == 1


def test_what_was_saved_is_said(anna: Client, writer: User) -> None:
    anna.post(ADD, typed())
    article = Article.objects.get()
    said = []
    for changes in ({}, {"notes": "Bitte gegenlesen."}, {"notes": "Bitte gegenlesen.", "kicker": "Banken"}):
        response = anna.post(change(article), typed(version="1", **changes), follow=True)
        said.append([str(message) for message in response.context["messages"]][-1])
    assert said == [
        "Es gab nichts zu speichern.",
        "Notizen gespeichert. Der Text ist unverändert.",
        "Gespeichert als Version 2.",
    ]
    assert stories.fresh(article).notes == "Bitte gegenlesen."


@pytest.fixture
def bernd(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def begun_by(person: Client) -> Article:
    person.post(ADD, typed())
    return Article.objects.get()


def seen_by(person: Client, article: Article) -> str:
    """Open the sheet; return what it will know the notes again by."""
    return person.get(change(article)).context["form"]["notes_seen"].value()


def test_two_who_write_notes_at_once_find_both_and_are_told(anna: Client, bernd: Client) -> None:
    article = begun_by(anna)
    seen = [seen_by(person, article) for person in (anna, bernd)]
    said = []
    for person, mark, notes in zip((anna, bernd), seen, ("Rückruf abwarten", "Zahlen prüfen"), strict=True):
        response = person.post(change(article), typed(version="1", notes=notes, notes_seen=mark), follow=True)
        said.append([str(message) for message in response.context["messages"]])

    assert said[0][-1:] == said[1][1:] == ["Notizen gespeichert. Der Text ist unverändert."]
    assert said[1][0] == (
        "In den internen Notizen hat inzwischen noch jemand geschrieben. "
        "Es steht jetzt beides da; bitte ansehen."
    )
    assert stories.fresh(article).notes == "Rückruf abwarten\n\nZahlen prüfen"


def test_who_wrote_no_note_takes_none_away(anna: Client, bernd: Client) -> None:
    article = begun_by(anna)
    seen = seen_by(bernd, article)
    anna.post(change(article), typed(version="1", notes="Rückruf abwarten"))

    bernd.post(change(article), typed(version="1", notes="", notes_seen=seen, kicker="Banken"))

    article = stories.fresh(article)
    assert (article.notes, article.kicker) == ("Rückruf abwarten", "Banken")


def test_notes_that_do_not_fit_together_are_refused_at_their_field(anna: Client, bernd: Client) -> None:
    article = begun_by(anna)
    anna.post(change(article), typed(version="1", notes="a" * 3_000))

    response = bernd.post(change(article), typed(version="1", notes="b" * 3_000, kicker="Banken"))

    said = "Hier hat inzwischen noch jemand geschrieben. Zusammen sind es 6002 Zeichen, erlaubt sind 5000."
    assert errors(response) == {"notes": [said]}
    assert re.search(r"<textarea[^>]*name=\"notes\"[^>]*>\s*b{3000}</textarea>", response.text)
    article = stories.fresh(article)
    assert (article.notes, article.version) == ("a" * 3_000, 1)


@pytest.mark.parametrize(
    ("story", "outstanding"),
    [
        (stories.article, ["submit"]),
        (stories.submitted, ["approve"]),
        (stories.approved, ["schedule"]),
        (lambda: stories.scheduled(live_from=timezone.now() + HOUR), []),
        (stories.published, []),
        (lambda: stories.approved(stories.saved(stories.published(), lead="Neu.")), ["schedule"]),
    ],
)
def test_the_next_step_stands_out_and_only_that(
    client: Client, editor: User, story: Callable[[], Article], outstanding: list[str]
) -> None:
    client.force_login(editor)
    page = client.get(change(story())).text
    buttons = re.findall(r'<(?:button|a)[^>]*\bclass="[^"]*\bdefault\b[^>]*>', page)
    names = [re.search(r'(?:/|value=")(\w+)(?:/"|")', button)[1] for button in buttons]

    assert names == outstanding
