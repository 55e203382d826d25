"""The share card: which editions get one, when it is drawn, and that its name gives nothing away."""

import io
import json
import re

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from lxml import html
from PIL import Image as Pillow

from articles import sharing
from articles.models import Edition, ShareCard
from articles.sharing import needs_card
from images import cards, desk
from images.cards import Card
from images.models import Image
from renewz.storage import PublicFileStorage
from tests import stories
from tests.background.tasks import work
from tests.stories import DAY

pytestmark = pytest.mark.django_db

HOUSE = "http://127.0.0.1:8000/static/img/share.png"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return a context in which what is done is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def head(client, article) -> dict:
    """Return the og: properties of an article page, and the pictures of its data block."""
    markup = client.get(f"/artikel/{article.pk}/", follow=True).content.decode()
    tree = html.fromstring(markup)
    found = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}
    [data] = tree.xpath("//script[@type='application/ld+json']/text()")
    return found | {"images": json.loads(data)["@graph"][0].get("image", [])}


def names(media) -> list[str]:
    return [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()]


# --- Who gets one ------------------------------------------------------------------------------


def test_an_edition_without_a_picture_is_shared_with_its_card(client, committed, media):
    with committed():
        article = stories.published(headline="Kein Bild", kicker="Börse")

    [name] = names(media)
    address = f"http://127.0.0.1:8000/media/{name}"
    found = head(client, article)
    assert [found[f"og:image{part}"] for part in ("", ":width", ":height", ":alt")] == [
        address, "1200", "630", "RENEWZ.de: Kein Bild",
    ]  # fmt: skip
    assert found["images"] == [{"@type": "ImageObject", "url": address, "width": 1200, "height": 630}]


def test_an_edition_with_a_picture_is_shared_with_it_in_three_ratios(client, committed, media):
    with committed():
        article = stories.published(lead_image=stories.image(width=2400, height=1600, credit="Emil"))

    found = head(client, article)
    assert names(media) == []
    assert re.fullmatch(r"http://127.0.0.1:8000/media/[0-9a-f/]+-1200\.jpg", found["og:image"])
    assert [found[f"og:image{part}"] for part in (":width", ":height", ":alt")] == [
        "1200", "675", "Händler im Saal der Frankfurter Börse",
    ]  # fmt: skip
    assert [(node["width"], node["height"], node["creditText"]) for node in found["images"]] == [
        (1200, 675, "Emil"), (1200, 900, "Emil"), (1200, 1200, "Emil"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("about", "needs"),
    [
        ({}, False),
        ({"width": 1199}, True),
        ({"width": 1200, "height": 675}, False),
        ({"width": 1200, "height": 500}, True),
        ({"licensed_until": timezone.now() + 90 * DAY}, True),
        ({"rendered": ""}, True),
    ],
)
def test_a_card_is_needed_where_the_picture_cannot_be_shared_for_ever(about, needs):
    edition = Edition(lead_image=stories.image(**about))

    assert needs_card(edition) == needs


def test_after_the_end_of_a_licence_the_card_stands_in(client, committed):
    now = timezone.now()
    with committed():
        article = stories.published(lead_image=stories.image(licensed_until=now + DAY))

    assert head(client, article)["og:image"].endswith("-1200.jpg")
    Image.objects.update(licensed_until=now - DAY)
    assert head(client, article)["og:image"].endswith(".png")
    assert head(client, article)["og:image"] != HOUSE


def test_an_article_whose_picture_gets_an_end_gets_its_card_at_once(client, committed):
    picture = stories.image(uploaded_by=stories.chief())
    with committed():
        article = stories.published(lead_image=picture)
        stories.published(lead_image=stories.image())
    assert not ShareCard.objects.exists()
    with committed():
        desk.describe(stories.chief(), picture, picture.version, {"licensed_until": timezone.now() + DAY})

    assert [card.edition.article for card in ShareCard.objects.all()] == [article]


# --- When it is drawn --------------------------------------------------------------------------


def test_a_planned_edition_has_its_card_before_its_moment(committed):
    with committed():
        stories.scheduled(live_from=timezone.now() + DAY)

    assert default_storage.exists(ShareCard.objects.get().name)


def test_no_get_draws_one(client, media):
    article = stories.published()

    assert head(client, article)["og:image"] == HOUSE
    assert names(media) == []
    assert head(client, article)["images"] == []


def test_a_withdrawal_gets_none(committed, media):
    article = stories.published()
    with committed():
        stories.withdrawn(article)

    assert names(media) == []


def test_an_import_leaves_its_cards_to_the_command(committed, media, capsys):
    editions = [Edition.objects.get(article=stories.published()) for _ in range(2)]
    sharing.when_released(editions)
    assert names(media) == []
    with pytest.raises(CommandError, match=r"^Fassungen, denen die Teilen-Karte fehlt: 2\.$"):
        call_command("fill_share_cards", check=True)

    call_command("fill_share_cards")

    assert capsys.readouterr().out == "Teilen-Karten gezeichnet: 2. Alte entfernt: 0.\n"
    assert ShareCard.objects.count() == 2
    call_command("fill_share_cards", check=True)


def test_a_release_stands_where_the_disk_is_full_and_the_command_heals_it(client, committed, monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, committed():
        patch.setattr(PublicFileStorage, "_save", full)
        article = stories.published()
        assert not ShareCard.objects.exists()
    with monkeypatch.context() as patch, pytest.raises(CommandError, match="weiterhin"):
        patch.setattr(PublicFileStorage, "_save", full)
        call_command("fill_share_cards")
    assert head(client, article)["og:image"] == HOUSE

    call_command("fill_share_cards")

    assert head(client, article)["og:image"].endswith(f"/{ShareCard.objects.get().name}")


def test_cards_of_editions_that_ended_long_ago_go(committed, media):
    now = timezone.now()
    with committed():
        article = stories.published(headline="Alt", at=now - 40 * DAY)
        stories.revised(article, headline="Neu", at=now - 35 * DAY)
    # A card of an edition that had ended is drawn no more; this one was there before.
    first = Edition.objects.order_by("pk").first()
    ShareCard.objects.update_or_create(edition=first, defaults={"name": cards.name(Card("Alt"))})
    default_storage.save(cards.name(Card("Alt")), io.BytesIO(b"x"))

    call_command("fill_share_cards")

    assert [card.edition.headline for card in ShareCard.objects.all()] == ["Neu"]
    assert names(media) == [ShareCard.objects.get().name]


# --- By a worker -------------------------------------------------------------------------------


@pytest.mark.usefixtures("worker_is_configured")
def test_a_release_does_not_wait_for_the_worker_that_draws(committed, client, media):
    with committed():
        article = stories.published()
    assert head(client, article)["og:image"] == HOUSE
    assert work() == [None]
    assert head(client, article)["og:image"].endswith(f"/{ShareCard.objects.get().name}")
    sharing.draw_share_card.call(Edition.objects.get().pk)
    assert names(media) == [ShareCard.objects.get().name]


@pytest.mark.usefixtures("worker_is_configured")
def test_cards_that_nobody_ordered_are_drawn_at_night_the_newest_first(media, monkeypatch):
    for headline in ("Alt", "Neu", "Neuer"):
        stories.published(headline=headline)
    monkeypatch.setattr(sharing, "_PER_NIGHT", 2)
    for expected in ({"Neu", "Neuer"}, {"Alt", "Neu", "Neuer"}):
        sharing.complete_share_cards.call()
        work()
        assert {card.edition.headline for card in ShareCard.objects.all()} == expected


# --- What it says ------------------------------------------------------------------------------


def test_a_name_cannot_be_guessed_without_the_key_of_the_house(settings):
    card = Card("Kanzler tritt zurück", "Eilmeldung", "Politik")
    name = cards.name(card)

    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{18}\.png", name)
    settings.SECRET_KEY = "ein anderer Schlüssel" * 3
    assert cards.name(card) != name


def test_other_words_are_another_card():
    every = [Card("A", "B", "C"), Card("A", "B"), Card("A", "BC"), Card("AB", "", "C"), Card("A\0B", "", "C")]

    assert len({cards.name(card) for card in every}) == len(every)


HEADLINES = {
    "one letter": "Ä",
    "short": "Ein Zug nach Leipzig",
    "200 signs": "Warum die Wärmeplanung in kleinen Gemeinden schneller vorankommt als gedacht und was "
    "die Nachbarstädte daraus für den nächsten Winter lernen, wenn das Geld knapp wird und Fristen kurz sind",
    "compounds": "Nahverkehrsfinanzierungsübergangsregelung gefährdet Schienenersatzverkehrskonzept",
    "one word": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzesvorlagenverordnung",
    "only wide letters": "W" * 200,
    "no letter we have": "北京",
    "other letters": "Erdoğan, Škoda und „CO₂“: 20\u202f% mehr",
}


@pytest.mark.once
@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES)
def test_every_headline_fits_whole_and_in_five_lines(headline):
    drawn = cards.draw(Card(headline, "Energie und Kommunen", "Wirtschaft"))

    seen = Pillow.open(io.BytesIO(drawn))
    assert (seen.format, seen.size, seen.info.get("exif")) == ("PNG", (1200, 630), None)
    assert len(drawn) < 200_000
    lines, size = cards._set(cards._plain(headline))
    face = cards._face("renewz-serif", size, 600)
    assert len(lines) <= 5
    assert max(map(face.length, lines), default=0) <= 1200 - 2 * 72
    # Nothing is lost, and a word is only ever divided with a hyphen.
    whole = "".join(line.removesuffix("-\xad") if line.endswith("\xad") else line + " " for line in lines)
    assert whole.strip() == cards._plain(headline)
    # Paper all around: nothing runs over the edge.
    pixels = seen.convert("RGB")
    edge = {pixels.getpixel((x, y)) for x in (0, 40, 1160, 1199) for y in range(630)}
    assert edge == {pixels.getpixel((0, 0))}


@pytest.mark.once
def test_lines_are_evenly_long():
    lines, size = cards._set("Deutsche Bank bleibt bei hohem Kursziel")
    face = cards._face("renewz-serif", size, 600)
    widths = [face.length(line) for line in lines]

    assert len(lines) == 2
    assert min(widths) > 0.7 * max(widths)


@pytest.mark.once
def test_letters_of_other_languages_come_from_the_second_file():
    face = cards._face("renewz-serif", 60, 600)

    assert [piece for _, piece in face.runs("Škoda")] == ["Š", "koda"]
    assert cards._plain("CO₂ 😀 Škoda") == "CO2  Škoda"


@pytest.mark.once
def test_the_turned_letters_are_in_the_colour_of_the_house():
    seen = Pillow.open(io.BytesIO(cards.draw(Card("Ein Zug")))).convert("RGB")
    inked = [seen.getpixel((72 + round(x * 0.46), 62 + 23)) for x in (179, 103, 545)]

    assert [red > 150 and green < 90 for red, green, _ in inked] == [True, False, True]


def test_the_card_needs_no_query_of_its_own(client, page_costs):
    article = stories.published()
    path = Edition.objects.get(article=article).get_absolute_url()
    with page_costs(9):
        client.get(path)
    ShareCard.objects.create(edition=Edition.objects.get(), name="ab/cdef.png")

    with page_costs(9):
        client.get(path)
