"""How much a reader downloads: sizes, requests, pictures, and nothing from anybody else."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from lxml import html

pytestmark = pytest.mark.django_db

STATIC = Path(settings.BASE_DIR) / "static"
KINDS = [
    "front", "section", "section, page 2", "tag", "author", "article", "longest article",
    "longest headline", "opinion", "correction", "with AI", "without picture", "corrections",
    "imprint", "privacy", "accessibility", "404", "410",
]  # fmt: skip
# In development files keep their names; in production each carries thirteen signs that no packer shortens.
HASHED_NAMES = 13 * 14


def packed(data: bytes) -> int:
    """Return the bytes on the wire, as nginx packs a page."""
    return len(gzip.compress(data, 5))


def files(pattern: str) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(STATIC.glob(pattern)))


def tree_of(paper, kind: str) -> html.HtmlElement:
    return html.fromstring(paper[kind].markup)


def test_every_kind_is_measured(paper):
    assert list(paper) == KINDS
    assert {kind: page.status for kind, page in paper.items() if page.status != 200} == {
        "404": 404,
        "410": 410,
    }


# --- Sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_at_most_14_kb(paper, kind):
    assert packed(paper[kind].markup.encode()) + HASHED_NAMES <= 14_000


def test_the_style_is_at_most_15_kb():
    assert packed(files("css/site.css")) <= 15_000


def test_the_script_is_at_most_6_kb():
    assert packed(files("js/*.js")) <= 6_000


def test_the_script_before_the_first_paint_is_at_most_400_bytes():
    assert packed(files("js/early.js")) <= 400


def test_the_fonts_of_a_german_page_are_at_most_100_kb():
    """The „ext“ files hold letters of other languages: a browser loads them when a name needs one."""
    german = [path for path in (STATIC / "fonts").glob("*.woff2") if "-ext" not in path.name]
    assert sum(path.stat().st_size for path in german) <= 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_at_most_two_fonts_are_preloaded(paper, kind):
    loaded = tree_of(paper, kind).xpath("//link[@rel='preload'][@as='font']")
    assert len(loaded) <= 2
    assert all(link.get("crossorigin") is not None for link in loaded)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_at_most_1500_elements(paper, kind):
    assert len(tree_of(paper, kind).xpath("//*")) <= 1_500


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_at_most_25_things_at_once(paper, kind):
    """The page itself, the italics that the style names, and what is not put off until it is near."""
    tree = tree_of(paper, kind)
    wanted = tree.xpath("//link[@rel='stylesheet' or @rel='preload' or @rel='manifest' or @rel='icon']/@href")
    wanted += tree.xpath("//script/@src") + tree.xpath("//img[not(@loading='lazy')]/@src")
    wanted += [address.split("#")[0] for address in tree.xpath("//*[local-name()='use']/@href")]
    assert 2 + len(set(wanted)) <= 25


# --- Nobody else -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_comes_from_anybody_else(paper, kind):
    tree = tree_of(paper, kind)
    loaded = tree.xpath("//*[not(self::a)]/@src | //*[local-name()='use']/@href | //form/@action")
    loaded += tree.xpath("//link[not(@rel='canonical') and not(@rel='alternate')]/@href")
    for sizes in tree.xpath("//@srcset"):
        loaded += [part.split()[0] for part in sizes.split(",")]
    assert loaded
    assert [address for address in loaded if urlsplit(address).netloc] == []


def test_style_and_script_name_nobody_else():
    texts = (files("css/site.css") + files("js/*.js") + files("img/*.svg")).decode()
    texts = texts.replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]+[^\s\"')]*", texts) == []


# --- Pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_its_place_before_it_comes(paper, kind):
    for picture in tree_of(paper, kind).xpath("//img"):
        assert int(picture.get("width")) > 0
        assert int(picture.get("height")) > 0
        assert picture.get("alt") is not None
        assert picture.get("src").endswith(".jpg")  # for what reads neither of the others
        sources = picture.xpath("ancestor::picture//source")
        assert [source.get("type") for source in sources] == ["image/avif", "image/webp"]
        assert all(source.get("srcset") and source.get("sizes") for source in sources)


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_picture_is_fetched_first_and_the_others_when_near(paper, kind):
    pictures = tree_of(paper, kind).xpath("//main//img")
    first = {
        "front",
        "article",
        "longest article",
        "longest headline",
        "opinion",
        "correction",
        "with AI",
        "author",
    }
    eager = [picture for picture in pictures if picture.get("loading") != "lazy"]
    assert eager == (pictures[:1] if kind in first else [])
    assert [picture.get("fetchpriority") for picture in eager] == ["high"] * len(eager)
    assert all(picture.get("fetchpriority") is None for picture in pictures if picture not in eager)
