"""The style page: complete, the same on every day, and never in production."""

import importlib
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as site
from django.urls import clear_url_caches
from lxml import html
from PIL import Image as Pillow

import renewz.urls
from styleguide import drawings, samples, tokens
from styleguide.templatetags.specimens import _apart
from tests.site.test_markup import complaints

COMPONENTS = Path(site.BASE_DIR) / "templates/components"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# As small as they come: drawing costs time.
SMALLEST = {
    extension: min(
        (name for name in drawings.SIZES if name.endswith(extension)),
        key=lambda name: drawings.SIZES[name][2],
    )
    for extension in ("avif", "webp", "jpg")
}


@pytest.fixture
def answer(client):
    return client.get("/stil/")


@pytest.fixture
def environment(settings):
    """Return a function that makes this another kind of place, with the addresses it has there."""

    def move(name: str) -> None:
        settings.ENVIRONMENT = name
        importlib.reload(renewz.urls)
        clear_url_caches()

    yield move
    move("development")


@pytest.mark.parametrize("name", ["production", "demo"])
def test_it_is_there_in_development_only(client, environment, name):
    drawing = f"/media/{SMALLEST['webp']}"
    assert (client.get("/stil/").status_code, client.get(drawing).status_code) == (200, 200)

    environment(name)

    assert (client.get("/stil/").status_code, client.get(drawing).status_code) == (404, 404)


def test_every_component_is_on_it(answer):
    """Whoever adds a component shows it: a chapter in templates/styleguide/, samples in styleguide/."""
    shown = {template.name for template in answer.templates}
    components = {f"components/{path.relative_to(COMPONENTS)}" for path in COMPONENTS.rglob("*.html")}
    assert components - shown == set()


def test_every_kind_of_block_is_on_it(answer):
    source = (COMPONENTS / "block.html").read_text()
    kinds = set(re.findall(r'block\.kind == "(\w+)"', source)) - {"figure"}  # a component of its own
    shown = {block["kind"] for name, blocks in samples.context().items() if name.endswith("_blocks")
             for block in (blocks if isinstance(blocks[0], dict) else [])}  # fmt: skip
    assert kinds - shown - {samples.context()["related_block"]["kind"]} == set()


def test_it_asks_nothing_of_the_database_and_is_the_same_every_time(client, page_costs):
    with page_costs(2):  # the state of the site, as for every page
        first, second = client.get("/stil/").content, client.get("/stil/").content
    assert first == second


def test_it_is_well_formed_and_every_name_is_there_once(answer):
    markup = answer.content.decode()
    tree = html.fromstring(markup)
    names = Counter(tree.xpath("//@id"))
    wanted = {address[1:] for address in tree.xpath("//a/@href") if address.startswith("#")}
    for attribute in ("aria-labelledby", "aria-controls", "aria-describedby", "for", "popovertarget"):
        wanted |= {name for value in tree.xpath(f"//@{attribute}") for name in value.split()}

    assert complaints(markup) == []
    assert [name for name, times in names.items() if times > 1] == []
    assert wanted - set(names) == set()
    assert tree.xpath("//@style") == []


def test_the_index_leads_to_every_chapter(answer):
    tree = html.fromstring(answer.content.decode())
    chapters = tree.xpath("//section[contains(@class, 'style-chapter')]/@id")
    assert len(chapters) == 12
    assert tree.xpath("//*[contains(@class, 'style-index')]//a/@href") == [f"#{name}" for name in chapters]


def test_names_of_a_specimen_become_its_own_and_others_stay():
    assert _apart('<a href="#a" aria-labelledby="a b"><b id="a"></b><i id="c"></i></a><a href="/a">', 7) == (
        '<a href="#a~7" aria-labelledby="a~7 b"><b id="a~7"></b><i id="c~7"></i></a><a href="/a">'
    )


# --- Tokens ------------------------------------------------------------------------------------


def test_contrast_is_counted_as_wcag_does():
    assert round(tokens.contrast("oklch(1 0 0)", "oklch(0 0 0)"), 2) == 21
    assert round(tokens.contrast("oklch(0.5662 0 0)", "oklch(1 0 0)"), 1) == 4.5  # #767676 on white


def test_all_schemes_have_all_colours_and_can_be_read():
    schemes = tokens.schemes()
    assert [scheme.name for scheme in schemes] == [
        "Hell", "Dunkel", "Dunkles Band, hell", "Dunkles Band, dunkel",
    ]  # fmt: skip
    for scheme in schemes:
        assert [name for name, _ in scheme.swatches] == list(tokens.COLOURS)
        assert [pair for pair in scheme.pairs if not pair.is_enough] == []
    assert len({scheme.paper for scheme in schemes}) == 4


def test_steps_and_icons_are_read_from_their_files(answer):
    assert [name for name, _ in tokens.steps()] == ["s1", "s2", "s3", "s4", "s5", "s6", "s7"]
    assert {"menu", "search", "x"} <= set(tokens.icons())


# --- Pictures ----------------------------------------------------------------------------------


def test_every_picture_of_a_page_is_drawn(answer):
    """Each of the names in the answer, without drawing all of them."""
    names = set(re.findall(r'/media/([^"\s,]+)', answer.content.decode()))
    assert names
    assert names - set(drawings.SIZES) == set()


@pytest.mark.parametrize("extension", SMALLEST)
def test_a_drawing_has_its_kind_and_size(client, extension):
    name = SMALLEST[extension]
    drawn = client.get(f"/media/{name}")
    assert drawn["Content-Type"] == f"image/{extension.replace('jpg', 'jpeg')}"
    with Pillow.open(io.BytesIO(drawn.content)) as picture:
        assert picture.width == drawings.SIZES[name][2]
