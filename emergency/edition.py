"""The whole public site as files, made in a new folder that then takes the place of the old one."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Edition, Section, Tag
from authors.models import Author
from delivery import pages
from emergency.crawl import Crawl
from emergency.refusals import Refused
from renewz.lib.folders import Taken, alone_in

_MARK = "notausgabe.json"
_ATTEMPTS = 3


@dataclass(frozen=True)
class Made:
    """An edition and what is in it."""

    at: dt.datetime
    pages: int
    files: int
    seconds: float


def make(target: Path, tell: Callable[[int], None] = lambda number: None) -> Made:
    """Write the public site into a folder; an edition that is there stays until the new one is whole.

    ``tell`` hears now and then how many pages there are. Raises Refused; then the old one stays.
    """
    if settings.DEBUG:
        raise Refused("In der Entwicklung entsteht keine Notausgabe: Fehlerseiten zeigen dort Einstellungen.")
    if target.exists() and not (target / _MARK).is_file():
        raise Refused(f"„{target}“ ist keine Notausgabe. Nennen Sie einen Ordner, den es noch nicht gibt.")
    part = target.with_name(f"{target.name}.part")
    try:
        part.mkdir(parents=True, exist_ok=True)
        with alone_in(part):
            made = _make_current(part, tell)
            _swap(part, target)
    except Taken:
        raise Refused("An dieser Notausgabe wird schon gearbeitet.") from None
    except OSError as failure:
        raise Refused(f"Die Notausgabe ist gescheitert: {failure}. Die frühere ist unverändert.") from failure
    finally:
        pages.store.clear()  # what was kept meanwhile says „Notausgabe“
    return made


def _make_current(part: Path, tell: Callable[[int], None]) -> Made:
    """Make it again if something was taken away from readers meanwhile: that must not come back."""
    for _ in range(_ATTEMPTS):
        _empty(part)
        pages.store.clear()  # what was kept before does not say „Notausgabe“
        begun = timezone.now()
        made = _make(part, begun, tell)
        if not _something_ended(begun, timezone.now()):
            return made
    raise Refused(
        "Während die Notausgabe entstand, wurde immer wieder etwas zurückgezogen. Bitte noch einmal."
    )


def _make(part: Path, begun: dt.datetime, tell: Callable[[int], None]) -> Made:
    crawl = Crawl(part, begun)
    for number, _ in enumerate(crawl.follow(_beginnings(begun)), 1):
        tell(number)
    for pk in Edition.objects.withdrawn(begun).values_list("article_id", flat=True).iterator():
        crawl.keep_withdrawal(pk, reverse("permalink", args=[pk]))
    crawl.finish()
    seconds = (timezone.now() - begun).total_seconds()
    said = {"stand": begun.isoformat(), "seiten": crawl.pages, "dateien": crawl.files}
    (part / _MARK).write_text(json.dumps(said) + "\n", encoding="utf-8")
    return Made(begun, crawl.pages, crawl.files, seconds)


def _beginnings(at: dt.datetime) -> Iterator[str]:
    """Yield every public address that we know of; the rest follows from links."""
    for name in ("front", "robots", "feed", "sitemap-index", "search", "corrections",
                 "imprint", "privacy", "accessibility"):  # fmt: skip
        yield reverse(name)
    for model in (Section, Tag, Author):
        for each in model._default_manager.iterator():
            yield each.get_absolute_url()
    live = Edition.objects.live(at).select_related("section").only("slug", "article_id", "section__slug")
    for edition in live.iterator():
        yield edition.get_absolute_url()


def _something_ended(begun: dt.datetime, now: dt.datetime) -> bool:
    still = Edition.objects.live(now).values("article")
    return Edition.objects.live(begun).exclude(article__in=still).exists()


def _empty(folder: Path) -> None:
    for inner in folder.iterdir():
        if inner.is_dir() and not inner.is_symlink():
            shutil.rmtree(inner)
        else:
            inner.unlink()


def _swap(part: Path, target: Path) -> None:
    old = target.with_name(f"{target.name}.old")
    if old.exists():  # of a process that was killed in between
        shutil.rmtree(old)
    if target.exists():
        target.rename(old)
    part.rename(target)
    if old.exists():
        shutil.rmtree(old)
