"""``make shots``: every kind of page as a picture, at four widths, light and dark.

``python -m tests.shots startseite artikel`` takes only the kinds named, ``--width 390`` only that
width; both may be repeated. The pictures lie in test-results/shots/, one folder for each width.
"""

# ruff: noqa: T201  this module talks to a person

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import demo_site
from tests.browser import ARGUMENTS, find_chromium
from tests.demo_site import RESULTS, Site

SHOTS = RESULTS / "shots"
WIDTHS = {390: 844, 768: 1024, 1280: 800, 1920: 1080}
SCHEMES = ("light", "dark")
# Whole pages, but no picture higher than this: nobody looks at more, and some viewers choke on it.
MAX_HEIGHT = 9000


@dataclass(frozen=True)
class Shot:
    """One address; the newsroom's are seen by somebody who is signed in."""

    kind: str
    path: str
    inside: bool = False
    menu: bool = False


def _public(site: Site) -> Iterator[Shot]:
    for kind, path in demo_site.pages(site).items():
        yield Shot(kind, path)
    yield Shot("menue", "/", menu=True)
    yield Shot("anmelden", "/admin/login/")


def _newsroom() -> Iterator[Shot]:
    from articles.models import Article  # noqa: PLC0415  Django is set up by now

    waiting = Article.objects.filter(state="in_review").order_by("pk").first()
    yield Shot("redaktion-uebersicht", "/admin/", inside=True)
    yield Shot("redaktion-artikel", "/admin/articles/article/", inside=True)
    yield Shot("redaktion-bilder", "/admin/images/image/", inside=True)
    yield Shot("redaktion-autoren", "/admin/authors/author/", inside=True)
    yield Shot("redaktion-neu", "/admin/articles/article/add/", inside=True)
    if waiting:
        base = f"/admin/articles/article/{waiting.pk}"
        yield Shot("redaktion-schreiben", f"{base}/change/", inside=True)
        yield Shot("redaktion-vorschau", f"{base}/vorschau/", inside=True)
        yield Shot("redaktion-verlauf", f"{base}/verlauf/", inside=True)


def _password() -> str:
    from importers.demo import people  # noqa: PLC0415  Django is set up by now

    return people.PASSWORD


def _sign_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Benutzername").fill("cvd")
    page.get_by_label("Passwort").fill(_password())
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/admin/")


def _take(page: Page, shot: Shot, goal: Path) -> None:
    answer = page.goto(shot.path)
    if answer and answer.status != (int(shot.kind) if shot.kind.isdecimal() else 200):
        sys.exit(f"{shot.kind}: {shot.path} antwortet mit {answer.status}.")
    if shot.menu:
        page.get_by_role("button", name="Menü").first.click()
        page.wait_for_timeout(300)
    else:
        # Lazy pictures load when they are near: all of them are asked for, then awaited.
        page.evaluate(
            """async () => {
              await document.fonts.ready;
              const pictures = [...document.images];
              for (const picture of pictures) picture.loading = "eager";
              await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
            }"""
        )
    goal.parent.mkdir(parents=True, exist_ok=True)
    if shot.menu:
        page.screenshot(path=goal)
        return
    height = page.evaluate("document.documentElement.scrollHeight")
    width = (page.viewport_size or {"width": 0})["width"]
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, MAX_HEIGHT)}
    page.screenshot(path=goal, full_page=True, clip=clip)  # type: ignore[arg-type]


def _width(browser: Browser, site: Site, shots: list[Shot], width: int, scheme: str) -> int:
    """Take all shots of one width and scheme; return how many."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="de-DE",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    outside, inside = context.new_page(), None
    for shot in shots:
        if shot.inside and inside is None:
            inside = context.new_page()
            _sign_in(inside)
        page = inside if shot.inside and inside else outside
        _take(page, shot, SHOTS / str(width) / f"{shot.kind}-{scheme}.png")
    context.close()
    return len(shots)


def main(arguments: list[str]) -> int:
    """Take the pictures, say where they are, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make shots", description="Bilder aller Arten von Seiten.")
    parser.add_argument("kinds", nargs="*", help="nur diese Arten")
    parser.add_argument("--width", type=int, action="append", choices=list(WIDTHS), help="nur diese Breite")
    options = parser.parse_args(arguments)

    started, taken = time.monotonic(), 0
    chromium = find_chromium()
    if not options.kinds and not options.width:
        shutil.rmtree(SHOTS, ignore_errors=True)
    with demo_site.running() as site:
        shots = [*_public(site), *_newsroom()]
        known = {shot.kind for shot in shots}
        if unknown := set(options.kinds) - known:
            sys.exit(f"Unbekannt: {', '.join(sorted(unknown))}. Es gibt: {', '.join(sorted(known))}")
        shots = [shot for shot in shots if shot.kind in (options.kinds or known)]
        # Only now: inside Playwright's loop Django refuses to ask the database.
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            for width in options.width or WIDTHS:
                for scheme in SCHEMES:
                    print(f"  {width} px, {'hell' if scheme == 'light' else 'dunkel'} …", flush=True)
                    taken += _width(browser, site, shots, width, scheme)
            browser.close()
    print(f"{taken} Bilder von {len(shots)} Arten in {time.monotonic() - started:.0f} s: {SHOTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
