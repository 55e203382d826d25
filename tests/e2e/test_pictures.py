"""Which of a picture's files a browser fetches, and how much a page with a picture weighs."""

import gzip
import io
import itertools
import re
from typing import Any

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, Page, Response

from articles.models import Edition
from authors.models import Author
from images import uploads
from images.models import Image, Licence
from tests import stories

pytestmark = [pytest.mark.e2e, pytest.mark.once]

# Width of the window, and device pixels to one of CSS.
SCREENS = [(390, 2), (390, 3), (768, 1), (1280, 1), (1920, 1)]

SHOWN = """
async () => {
  const images = [...document.querySelectorAll("main img")];
  for (const image of images) image.loading = "eager";
  await Promise.all(images.map((image) => image.decode()));
  return images.map((image) => {
    const box = image.getBoundingClientRect();
    return { where: image.closest("[class]").className, file: image.currentSrc,
             width: box.width, height: box.height, ratio: image.naturalWidth / image.naturalHeight };
  });
}
"""


@pytest.fixture
def photo(newsroom: dict[str, Any]) -> Image:
    """A picture with as much in it as a photograph has."""
    soft = [
        Pillow.effect_noise((150, 100), 70).resize((2400, 1600), Pillow.Resampling.BICUBIC) for _ in "RGB"
    ]
    out = io.BytesIO()
    Pillow.merge("RGB", soft).save(out, "JPEG", quality=90)
    out.seek(0)
    about = {"alt": "Farben", "credit": "Emil Thannhäuser/RENEWZ", "licence": Licence.OWN}
    return uploads.store(out, title="Farben", **about)


def _plain(number: int) -> Image:
    """Return a picture of its own: of one that it has already, a browser takes the larger file."""
    out = io.BytesIO()
    Pillow.new("RGB", (1800, 1201), (number * 12, 80, 120)).save(out, "PNG")
    out.seek(0)
    about = {"alt": "Eine Fläche", "credit": "Emil Thannhäuser/RENEWZ", "licence": Licence.OWN}
    return uploads.store(out, title=f"Fläche {number}", **about)


@pytest.fixture
def addresses(newsroom: dict[str, Any]) -> dict[str, str]:
    """A front page with every kind of block, a section, an author and an article, all with pictures."""
    numbers = itertools.count()
    author = Author.objects.get()
    author.portrait = _plain(next(numbers))
    author.save()
    by = [(author, "text")]
    for name in ("Politik", "Wirtschaft", "Wissen", "Kultur"):
        for number in range(3):
            stories.published(
                headline=f"Meldung {number} aus {name}",
                section=stories.section(name),
                lead_image=_plain(next(numbers)),
            )
    stories.published(headline="Eine Meinung", genre="opinion", bylines=by)
    article = stories.published(
        headline="Ein Artikel mit zwei Bildern",
        body=f'<p>Text.</p><figure data-image="{_plain(next(numbers)).pk}"></figure>',
        lead_image=_plain(next(numbers)),
        bylines=by,
    )
    edition = Edition.objects.get(article=article)
    return {
        "front": "/",
        "section": "/politik/",
        "article": edition.get_absolute_url(),
        "author": author.get_absolute_url(),
    }


def test_the_browser_takes_avif_in_the_width_that_it_shows(
    addresses: dict[str, str], browser: Browser, live_server: Any
) -> None:
    for kind, address in addresses.items():
        for width, density in SCREENS:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, device_scale_factor=density
            )
            page = context.new_page()
            page.goto(live_server.url + address)
            pictures = page.evaluate(SHOWN)
            context.close()

            assert pictures, kind
            for picture in pictures:
                seen = (kind, width, density, picture)
                name = re.fullmatch(r".*/[0-9a-f]{18}-(\d+)\.avif", picture["file"])
                assert name, seen
                drawn = picture["width"] * density
                assert 0.9 * drawn <= int(name[1]) <= 1.7 * drawn, seen
                # The file has the shape of its place: nothing is cut off a second time.
                assert abs(picture["width"] / picture["height"] / picture["ratio"] - 1) < 0.02, seen


def test_an_article_with_a_picture_weighs_at_most_250_kb(
    photo: Image, browser: Browser, live_server: Any
) -> None:
    article = stories.published(headline="Ein Artikel mit Bild", lead_image=photo)
    address = live_server.url + Edition.objects.get(article=article).get_absolute_url()
    for width, density in [(390, 3), (1280, 1)]:
        answers = _answers(browser, address, width, density)

        assert [url for url, _ in answers if url.endswith((".webp", ".jpg"))] == []
        assert len([url for url, _ in answers if url.endswith(".avif")]) == 1
        assert sum(size for _, size in answers) <= 250_000, (width, density)


def _answers(browser: Browser, address: str, width: int, density: int) -> list[tuple[str, int]]:
    """Open a page that nobody has seen yet; return what was fetched, and the bytes on the wire."""
    context = browser.new_context(viewport={"width": width, "height": 900}, device_scale_factor=density)
    page = context.new_page()
    answers: list[Response] = []
    # Not the method itself: Playwright cannot hang its own name on that.
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    page.goto(address, wait_until="networkidle")
    found = [(answer.url, _packed(answer)) for answer in answers]
    context.close()
    return found


def _packed(answer: Response) -> int:
    """Return the bytes on the wire, as nginx packs what is text."""
    data = answer.body()
    is_text = re.match(r"text/|application/(json|manifest)|image/svg", answer.headers.get("content-type", ""))
    return len(gzip.compress(data, 5)) if is_text else len(data)


def test_its_colour_stands_where_a_picture_will_be(photo: Image, page: Page, live_server: Any) -> None:
    article = stories.published(lead_image=photo)
    page.route(re.compile(r"\.avif$"), lambda route: route.abort())
    page.goto(live_server.url + Edition.objects.get(article=article).get_absolute_url())

    image = page.locator(".lead-picture img")
    red, green, blue = (int(photo.colour[at : at + 2], 16) for at in (1, 3, 5))
    assert (
        image.evaluate("image => getComputedStyle(image).backgroundColor") == f"rgb({red}, {green}, {blue})"
    )
    assert image.evaluate("image => image.hasAttribute('style')") is False
