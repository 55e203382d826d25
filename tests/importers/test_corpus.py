"""The bulk loader: what it loads equals what the two doors make one by one, and bad input harms nobody."""

import datetime as dt
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import model_to_dict
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from articles import publishing
from articles.choices import RevisionKind, State
from articles.models import Article, Edition, Revision, Section, Tag, Transition
from authors.models import Author
from images.models import Image
from importers import actor
from tests import stories
from tests.stories import DAY, NOON, SECOND

pytestmark = pytest.mark.django_db


def row(number: int, **changes: Any) -> dict[str, Any]:
    """One article as the corpus writes it."""
    return {
        "id": number,
        "slug": f"landtag-beschliesst-haushalt-{number}",
        "headline": f"Landtag beschließt Haushalt Nummer {number}",
        "lead": "Nach 14 Stunden Debatte stimmten die Abgeordneten zu. Die Opposition klagt.",
        "body": [
            {"type": "p", "text": 'Die Sprecherin sagte: "Das ist ein erster Schritt."'},
            {"type": "h2", "text": "Wie es weitergeht"},
            {"type": "ul", "items": ["Start im Frühjahr", "Kosten: 5 Millionen Euro"]},
        ],
        "author": {"name": "Jörg Großmann", "slug": "joerg-grossmann"},
        "category": {"name": "Politik", "slug": "politik"},
        "tags": [{"name": "Baupolitik", "slug": "baupolitik"}, {"name": "Öl", "slug": "oel"}],
        "published": (NOON + dt.timedelta(minutes=number % 1000)).isoformat(),
        **changes,
    }


def lines(*rows: dict[str, Any] | str | bytes) -> bytes:
    parts = [each if isinstance(each, str | bytes) else json.dumps(each) for each in rows]
    return b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts)


class Loaded:
    """What a run of the command said."""

    def __init__(self, tmp_path: Path, *rows: dict[str, Any] | str | bytes, **options: Any) -> None:
        file = tmp_path / "corpus.jsonl"
        file.write_bytes(lines(*rows))
        out, err = io.StringIO(), io.StringIO()
        self.failure = ""
        try:
            call_command("load_corpus", file, stdout=out, stderr=err, **options)
        except CommandError as error:
            self.failure = str(error)
        self.said, self.complaints = out.getvalue(), err.getvalue()


def headlines(at: dt.datetime) -> list[str]:
    return list(Edition.objects.live(at).newest_first().values_list("headline", flat=True))


class TestWhatIsLoaded:
    def test_articles_are_live_from_their_date_on(self, tmp_path: Path, chief: User) -> None:
        Loaded(tmp_path, row(1), row(2), row(3))

        assert headlines(NOON + dt.timedelta(minutes=2)) == [
            "Landtag beschließt Haushalt Nummer 2",
            "Landtag beschließt Haushalt Nummer 1",
        ]
        assert len(headlines(timezone.now())) == 3
        assert headlines(NOON + dt.timedelta(minutes=1) - SECOND) == []

    def test_sections_authors_and_topics_are_made_once_by_slug(self, tmp_path: Path, chief: User) -> None:
        known = stories.author("Jörg G.", slug="joerg-grossmann")

        Loaded(tmp_path, row(1), row(2))

        assert Section.objects.get().slug == "politik"
        assert Author.objects.get() == known
        assert set(Tag.objects.values_list("slug", flat=True)) == {"baupolitik", "oel"}
        edition = Edition.objects.live(timezone.now()).newest_first()[0]
        assert edition.byline_rows() == [(known, "text")]

    def test_a_date_to_come_is_a_plan(self, tmp_path: Path, chief: User) -> None:
        moment = (timezone.now() + DAY).replace(microsecond=0)

        Loaded(tmp_path, row(1, published=moment.isoformat()))

        assert headlines(timezone.now()) == []
        assert headlines(moment) == ["Landtag beschließt Haushalt Nummer 1"]
        assert Article.objects.get().changed_at < moment

    def test_a_batch_costs_the_same_queries_however_long_it_is(self, tmp_path: Path, chief: User) -> None:
        Loaded(tmp_path, row(1))
        few = queries_of(lambda: Loaded(tmp_path, *(row(n) for n in range(2, 4))))
        many = queries_of(lambda: Loaded(tmp_path, *(row(n) for n in range(4, 24))))

        assert Article.objects.count() == 23
        assert many == few  # longer INSERTs are split on SQLite


def queries_of(work: Callable[[], object]) -> int:
    """Count the queries; the loader empties Django's own list of them."""
    count = itertools.count()

    def counted(execute: Any, *arguments: Any) -> Any:
        next(count)
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        work()
    return next(count)


class TestTheTwoDoors:
    """The bulk entrance shares their code; this is the proof that it stays so."""

    @pytest.fixture
    def pair(self, tmp_path: Path, chief: User) -> tuple[Article, Article]:
        Loaded(tmp_path, row(1))
        bulk = Article.objects.get()
        moment = NOON + dt.timedelta(minutes=1)
        single = stories.article(
            at=moment,
            kicker="",
            slug="landtag-beschliesst-haushalt-1",
            headline="Landtag beschließt Haushalt Nummer 1",
            lead="Nach 14 Stunden Debatte stimmten die Abgeordneten zu. Die Opposition klagt.",
            body=(
                '<p>Die Sprecherin sagte: "Das ist ein erster Schritt."</p>\n<h2>Wie es weitergeht</h2>\n'
                "<ul><li>Start im Frühjahr</li><li>Kosten: 5 Millionen Euro</li></ul>"
            ),
            section=stories.section("Politik"),
            bylines=[(stories.author("Jörg Großmann"), "text")],
            tags=["Baupolitik", "Öl"],
        )
        return bulk, stories.published(single, at=moment)

    def test_the_manuscript_is_the_same(self, pair: tuple[Article, Article]) -> None:
        own = {"id", "owner", "changed_by", "steps", "created_at"}
        bulk, single = (
            {f.name: getattr(one, f.attname) for f in Article._meta.concrete_fields if f.name not in own}
            for one in pair
        )

        assert bulk == single
        assert bulk["state"] == State.APPROVED
        assert "„Das ist ein erster Schritt.“" in bulk["body"]

    def test_the_snapshot_is_the_same(self, pair: tuple[Article, Article]) -> None:
        bulk, single = (Revision.objects.get(article=one) for one in pair)

        assert bulk.content == single.content
        assert (bulk.number, bulk.created_at) == (single.number, single.created_at)
        assert bulk.kind == RevisionKind.IMPORT

    def test_the_edition_is_the_same(self, pair: tuple[Article, Article]) -> None:
        own = {"id", "article", "revision", "released_by"}
        bulk, single = (Edition.objects.get(article=one) for one in pair)

        names = [f.attname for f in Edition._meta.concrete_fields if f.name not in own]
        assert {name: getattr(bulk, name) for name in names} == {
            name: getattr(single, name) for name in names
        }
        assert bulk.revision.article_id == bulk.article_id
        for rows in ("bylines", "tag_rows"):
            left, right = (
                [
                    model_to_dict(each, exclude=["id", "edition", "content_object"])
                    for each in getattr(one, rows).all()
                ]
                for one in (bulk, single)
            )
            assert left == right
            assert left

    def test_the_log_says_who_took_it_over_and_from_where(
        self, pair: tuple[Article, Article], chief: User
    ) -> None:
        step = Transition.objects.get(article=pair[0])

        assert (step.action, step.actor, step.note) == ("import", chief, "corpus:1")
        assert step.edition == Edition.objects.get(article=pair[0])
        assert step.at == NOON + dt.timedelta(minutes=1)

    def test_work_goes_on_as_with_any_other_article(self, pair: tuple[Article, Article], chief: User) -> None:
        stories.revised(pair[0], at=NOON + DAY, by=chief, headline="Landtag verschiebt Haushalt")

        assert "Landtag verschiebt Haushalt" in headlines(NOON + DAY)
        assert [edition.kind for edition in stories.editions_of(pair[0])] == ["first", "update"]

    def test_who_listens_hears_of_every_article_on_commit(
        self, tmp_path: Path, chief: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        heard: list[int] = []

        def listen(editions: list[Edition], **_: Any) -> None:
            heard.extend(edition.article_id for edition in editions)

        publishing.released.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                Loaded(tmp_path, row(1), row(2))
        finally:
            publishing.released.disconnect(listen)

        assert heard == list(Article.objects.order_by("pk").values_list("pk", flat=True))


class TestAgain:
    def test_what_is_there_is_left_alone(self, tmp_path: Path, chief: User) -> None:
        Loaded(tmp_path, row(1), row(2))
        again = Loaded(tmp_path, row(1, headline="Anders"), row(2), row(3))

        assert "1 Artikel geladen, 2 waren schon da." in again.said
        assert again.failure == ""
        assert Article.objects.count() == 3
        assert not Article.objects.filter(headline="Anders").exists()

    def test_a_number_counts_once_in_a_file(self, tmp_path: Path, chief: User) -> None:
        Loaded(tmp_path, row(1), row(1))

        assert Article.objects.count() == 1

    def test_a_line_that_was_mended_is_loaded_by_the_next_run(self, tmp_path: Path, chief: User) -> None:
        assert Loaded(tmp_path, row(1, headline="X" * 201), row(2)).failure
        assert not Loaded(tmp_path, row(1), row(2)).failure

        assert Article.objects.count() == 2


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in row(1).items() if key != name}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param("{", "kein JSON", id="no json"),
        pytest.param("[" * 100_000, "kein JSON", id="nested too deep"),
        pytest.param("[]", "kein JSON-Objekt", id="a list"),
        pytest.param(b'{"id": "\xff"}', "kein UTF-8", id="not utf-8"),
        pytest.param(b'{"id": 1' + b" " * 2_000_001 + b"}", "länger als 2 MB", id="too long"),
        *(pytest.param(without(name), f"„{name}“", id=f"no {name}") for name in row(1)),
        pytest.param(row(0), "ganze Zahl", id="number 0"),
        pytest.param(row(2**63), "ganze Zahl", id="number too large"),
        pytest.param(row(True), "ganze Zahl", id="number true"),
        pytest.param(row(1, headline=7), "„headline“", id="headline no text"),
        pytest.param(row(1, headline="\u200b\u2066"), "Überschrift fehlt", id="headline that looks empty"),
        pytest.param(row(1, headline="Wort " * 60), "Überschrift: ", id="headline too long"),
        pytest.param(row(1, lead="Wort " * 200), "Vorspann: ", id="lead too long"),
        pytest.param(row(1, lead="..."), "Vorspann fehlt", id="lead without a letter"),
        pytest.param(row(1, body=[]), "Text ist leer", id="empty body"),
        pytest.param(row(1, body=[{"type": "script", "text": "x"}]), "unbekannten Block", id="unknown block"),
        pytest.param(row(1, body=[{"type": "p"}]), "„text“", id="block without text"),
        pytest.param(row(1, body=[{"type": "ul", "items": "x"}]), "„items“", id="items no list"),
        pytest.param(row(1, body=[{"type": "p", "text": "x" * 500_000}]), "Text: ", id="body too long"),
        pytest.param(row(1, author={"name": " ", "slug": "x"}), "„author“", id="nameless author"),
        pytest.param(row(1, author={"name": "x" * 121, "slug": "x"}), "„author“", id="author too long"),
        pytest.param(row(1, author={"name": "A", "slug": "<b>"}), "„author“", id="author with a bad slug"),
        pytest.param(row(1, category={"name": "A", "slug": "admin"}), "gehört schon", id="reserved section"),
        pytest.param(row(1, tags=[{"name": "x" * 101, "slug": "x"}]), "„tags“", id="topic too long"),
        pytest.param(row(1, tags=[{"name": "A", "slug": 7}]), "„slug“", id="slug no text"),
        pytest.param(row(1, published="gestern"), "ISO 8601", id="no date"),
        pytest.param(row(1, published="2026-05-04T10:00:00"), "Zeitzone", id="no zone"),
        pytest.param(row(1, published="0001-01-01T00:00:00+14:00"), "Jahr 1", id="year 1"),
        pytest.param(row(1, published="9999-12-31T23:59:59-12:00"), "Jahr 9999", id="year 9999"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_does_not_stop_the_rest(
    tmp_path: Path, chief: User, bad: dict[str, Any] | str | bytes, reason: str
) -> None:
    run = Loaded(tmp_path, row(101), row(102), bad, row(103), row(104))

    assert Edition.objects.live(timezone.now()).count() == Article.objects.count() == 4
    assert run.complaints.startswith("Zeile 3: ")
    assert reason in run.complaints
    assert run.failure == "1 Zeilen sind fehlerhaft und wurden nicht geladen (siehe oben)."


EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">\u202e{{ 7|add:7 }}'


def test_hostile_values_come_out_harmless(tmp_path: Path, chief: User, client: Client) -> None:
    named = {"name": f"Evil {EVIL}", "slug": "evil"}
    evil = row(
        1,
        slug=EVIL,
        headline=f"Titel {EVIL}",
        lead=f"Vorspann {EVIL}",
        body=[
            {"type": "p", "text": EVIL},
            {"type": "h2", "text": EVIL},
            {"type": "ul", "items": [EVIL, '"><aside data-embed="javascript:alert(3)">']},
        ],
        author=named,
        category={"name": f"R {EVIL}"[:60], "slug": "evil"},
        tags=[named],
    )

    assert Loaded(tmp_path, evil).failure == ""

    edition = Edition.objects.live(timezone.now()).get()
    pages = ["/", "/feed.xml", "/evil/", "/thema/evil/", "/autoren/evil/", edition.get_absolute_url()]
    for address in pages:
        response = client.get(address)
        text = response.content.decode()
        assert response.status_code == 200, address
        assert "alert(1)" in text, address  # it is there, as text
        assert "<script>alert" not in text, address
        assert "<img src=x" not in text, address
        assert "\u202e" not in text, address
        assert "<aside data-embed" not in text, address
        assert "{{ 7|add:7 }}" in text or "14" not in text, address
    assert edition.slug.isascii()


class TestPictures:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "bilder"
        folder.mkdir()
        Pillow.new("RGB", (60, 40), "#184670").save(folder / "bild-01.png")
        (folder / "kaputt.png").write_bytes(b"\x89PNG\r\n\x1a\nkaputt")
        return folder

    @staticmethod
    def shot(**changes: Any) -> dict[str, Any]:
        return {
            "file": "bild-01.png",
            "alt": "Symbolbild: Straßenszene in Kiel",
            "caption": "Blick auf Kiel",
            **changes,
        }

    def test_a_picture_is_stored_once_as_described_where_it_was_first(
        self, tmp_path: Path, folder: Path, chief: User
    ) -> None:
        second = self.shot(alt="Anders", caption="Blick auf Köln")
        Loaded(tmp_path, row(1, image=self.shot()), row(2, image=second), images=folder)

        image = Image.objects.get()
        assert (image.alt, image.credit, image.uploaded_by) == (
            "Symbolbild: Straßenszene in Kiel",
            "Corpus",
            chief,
        )
        editions = Edition.objects.live(timezone.now()).newest_first()
        assert [edition.lead_image for edition in editions] == [image, image]
        assert [edition.lead_caption for edition in editions] == ["Blick auf Köln", "Blick auf Kiel"]

    def test_without_a_folder_articles_have_no_picture(self, tmp_path: Path, chief: User) -> None:
        Loaded(tmp_path, row(1, image=self.shot()))

        edition = Edition.objects.get()
        assert (edition.lead_image, edition.lead_caption) == (None, "")

    @pytest.mark.parametrize(
        "name", ["fehlt.png", "kaputt.png", "../corpus.jsonl", "/etc/passwd", "a\0b", "..", "", 7]
    )
    def test_what_is_no_picture_is_a_bad_line(
        self, tmp_path: Path, folder: Path, chief: User, name: object
    ) -> None:
        run = Loaded(tmp_path, row(1, image=self.shot(file=name)), row(2, image=self.shot()), images=folder)

        assert run.complaints.startswith("Zeile 1: ")
        assert Article.objects.count() == Image.objects.count() == 1

    def test_a_picture_without_a_text_for_the_blind_blocks(
        self, tmp_path: Path, folder: Path, chief: User
    ) -> None:
        run = Loaded(tmp_path, row(1, image=self.shot(alt="")), images=folder)

        assert "Der Alternativtext fehlt" in run.complaints
        assert not Article.objects.exists()


class TestInWhoseName:
    def test_it_is_the_chief_unless_somebody_is_named(
        self, tmp_path: Path, writer: User, chief: User
    ) -> None:
        other = stories.user(stories.roles.CHIEF, username="zweite")

        Loaded(tmp_path, row(1))
        Loaded(tmp_path, row(2), user="zweite")

        assert list(Edition.objects.order_by("pk").values_list("released_by", flat=True)) == [
            chief.pk,
            other.pk,
        ]

    @pytest.mark.parametrize("who", ["writer", "editor"])
    def test_who_may_not_release_alone_may_not_import(
        self, tmp_path: Path, who: str, request: pytest.FixtureRequest
    ) -> None:
        run = Loaded(tmp_path, row(1), user=request.getfixturevalue(who).username)

        assert "darf nur die Chefin oder der Chef vom Dienst" in run.failure
        assert not Article.objects.exists()
        assert not Edition.objects.exists()

    def test_an_unknown_account_is_named(self, tmp_path: Path) -> None:
        assert Loaded(tmp_path, row(1), user="niemand").failure == "Ein Konto „niemand“ gibt es nicht."

    def test_an_empty_newsroom_gets_an_account_that_nobody_can_use(self, tmp_path: Path) -> None:
        Loaded(tmp_path, row(1))
        Loaded(tmp_path, row(2))

        account = User.objects.get()
        assert account.username == actor.NAME
        assert not account.has_usable_password()
        assert not account.is_superuser
        assert authenticate(username=actor.NAME, password="") is None


def test_files_and_folders_that_are_not_there_are_named(tmp_path: Path, chief: User) -> None:
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        call_command("load_corpus", tmp_path / "fehlt.jsonl")
    assert "gibt es nicht" in Loaded(tmp_path, row(1), images=tmp_path / "fehlt").failure
