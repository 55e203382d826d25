"""What happens in a newsroom, told in a line: every helper goes through the two doors.

``published(at=…)`` writes, hands in, approves and publishes. People are the same within a test:
Anna Weber writes, Bernd Kaiser edits and releases, Clara Vogt is in charge.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from articles import editing, publishing
from articles.choices import AiUse, EditionKind, State
from articles.editing import Content
from articles.models import Article, Edition, Section
from authors.models import Author
from frontpage.breaking import Line, announce
from frontpage.models import BreakingNews
from images.models import Image, Licence
from images.renditions import RECIPE
from renewz.lib.dates import FOREVER

# A Monday, 12:00 in Berlin.
NOON = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

_numbers = itertools.count(1)

HEADLINE = "Deutsche Bank bleibt bei hohem Kursziel"
LEAD = "Das Institut hält an seiner Empfehlung fest und verweist auf die Zahlen des dritten Quartals."
BODY = "<p>Die Aktie legte am Montag um drei Prozent zu.</p>"


# --- People and things -------------------------------------------------------------------------


def user(*given: Role, username: str = "", **values: Any) -> User:
    """Make an account of the newsroom with these roles."""
    values = {"is_staff": True, **values}
    account = User.objects.create_user(username or f"konto{next(_numbers)}", **values)
    for role in given:
        if not Group.objects.filter(name=role.name).exists():
            roles.sync()
        account.groups.add(Group.objects.get(name=role.name))
    return account


def _once(username: str, first_name: str, last_name: str, role: Role) -> User:
    known = User.objects.filter(username=username).first()
    return known or user(role, username=username, first_name=first_name, last_name=last_name)


def writer() -> User:
    return _once("weber", "Anna", "Weber", roles.AUTHOR)


def editor() -> User:
    return _once("kaiser", "Bernd", "Kaiser", roles.EDITOR)


def chief() -> User:
    return _once("vogt", "Clara", "Vogt", roles.CHIEF)


def author(name: str = "Anna Weber", **values: Any) -> Author:
    """Return the byline of this name; make it where there is none."""
    known = Author.objects.filter(name=name).first()
    return known or Author.objects.create(name=name, **values)


def section(name: str = "Wirtschaft", **values: Any) -> Section:
    """Return the section of this name; make it where there is none."""
    known = Section.objects.filter(name=name).first()
    slug = name.lower().replace(" & ", "-")
    return known or Section.objects.create(name=name, slug=slug, **values)


def image(**values: Any) -> Image:
    """Make a picture that may be shown. Only the row: no test of articles reads a file."""
    number = next(_numbers)
    checksum = hashlib.sha256(str(number).encode()).hexdigest()
    return Image.objects.create(
        **{
            "original": f"2026/05/{checksum[:40]}.bin",
            "checksum": checksum,
            "width": 2400,
            "height": 1350,
            "title": f"Bild {number}",
            "alt": "Händler im Saal der Frankfurter Börse",
            "credit": "Emil Thannhäuser/RENEWZ",
            "licence": Licence.OWN,
            "rendered": f"{RECIPE} {values.get('focal_x', 50)} {values.get('focal_y', 50)}",
            **values,
        }
    )


def content(**changes: Any) -> Content:
    """Return a text that nothing blocks."""
    complete = {
        "kicker": "Börse",
        "headline": HEADLINE,
        "lead": LEAD,
        "body": BODY,
        "ai_use": AiUse.NONE,
        "tags": ["Banken"],
    }
    complete |= changes
    complete.setdefault("section", section())
    complete.setdefault("bylines", [(author(), "text")])
    return Content(**complete)


# --- Door 1 ------------------------------------------------------------------------------------


def article(by: User | None = None, *, at: dt.datetime | None = None, **changes: Any) -> Article:
    """Begin a manuscript that nothing blocks."""
    return editing.create(by or writer(), content(**changes), at=at)


def saved(old: Article, by: User | None = None, *, at: dt.datetime | None = None, **changes: Any) -> Article:
    """Save changes as somebody who has just opened the text: the writer, after approval the chief."""
    now = fresh(old)
    by = by or (chief() if now.state == State.APPROVED else writer())
    text = editing.content_of(now)
    values = {name: getattr(text, name) for name in text.__dataclass_fields__} | changes
    return editing.save(by, now, Content(**values), base_version=now.version, at=at)


def fresh(old: Article) -> Article:
    return Article.objects.get(pk=old.pk)


# --- Door 2 ------------------------------------------------------------------------------------


def act(
    old: Article, name: str, by: User | None = None, *, at: dt.datetime | None = None, **request: Any
) -> Article:
    """Do an action as somebody who has just opened the article; the editor unless named."""
    now = fresh(old)
    return publishing.perform(name, now, by or editor(), now.token, publishing.Request(**request), at=at)


def submitted(old: Article | None = None, *, at: dt.datetime | None = None, **changes: Any) -> Article:
    """Write (or take) a manuscript and hand it in."""
    return act(old or article(at=at, **changes), "submit", writer(), at=at)


def approved(old: Article | None = None, *, at: dt.datetime | None = None, **changes: Any) -> Article:
    """Take a manuscript as far as approved: somebody who has no part in it approves."""
    now = fresh(old) if old else article(at=at, **changes)
    if now.state == State.DRAFT:
        now = act(now, "submit", editor(), at=at)
    return now if now.state == State.APPROVED else act(now, "approve", editor(), at=at)


def published(old: Article | None = None, *, at: dt.datetime | None = None, **changes: Any) -> Article:
    """Bring a manuscript before readers, an hour ago unless said otherwise."""
    at = at or timezone.now() - HOUR
    return act(approved(old, at=at, **changes), "publish", at=at)


def scheduled(
    old: Article | None = None,
    *,
    live_from: dt.datetime,
    live_until: dt.datetime | None = None,
    at: dt.datetime | None = None,
    **changes: Any,
) -> Article:
    """Plan a manuscript."""
    ready = approved(old, at=at, **changes)
    return act(ready, "schedule", at=at, live_from=live_from, live_until=live_until)


def withdrawn(
    old: Article, *, at: dt.datetime | None = None, reason: str = "Die Quelle hielt nicht."
) -> Article:
    """Take an article away from readers."""
    return act(old, "withdraw", chief(), at=at, note=reason)


def revised(
    old: Article,
    *,
    at: dt.datetime,
    kind: str = EditionKind.UPDATE,
    reader_note: str = "",
    by: User | None = None,
    **changes: Any,
) -> Article:
    """Publish a new edition of a live article; the chief releases it."""
    changed = saved(old, by, at=at, **(changes or {"headline": f"{HEADLINE} {next(_numbers)}"}))
    ready = approved(changed, at=at)
    return act(ready, "publish", chief(), at=at, kind=kind, reader_note=reader_note)


def editions_of(one: Article) -> list[Edition]:
    return list(Edition.objects.filter(article=one).order_by("number"))


def address(one: Article) -> str:
    """Return where readers found it first."""
    return editions_of(one)[0].get_absolute_url()


def live_edition(one: Article, at: dt.datetime) -> Edition | None:
    return Edition.objects.live(at).filter(article=one).first()


def breaking(
    text: str = "Bundestag beschließt den Haushalt",
    *,
    starts_at: dt.datetime | None = None,
    hours: float = 2,
    article: Article | None = None,
    at: dt.datetime | None = None,
) -> BreakingNews:
    """Set a line above every page, now unless said otherwise."""
    now = at or timezone.now()
    ends_at = (starts_at or now) + hours * HOUR
    line = Line(text=text, starts_at=starts_at, ends_at=ends_at, article=article.pk if article else None)
    return announce(chief(), line, at=now)


# --- Volume ------------------------------------------------------------------------------------


def bulk(
    number: int,
    *,
    newest: dt.datetime,
    step: dt.timedelta = MINUTE,
    sections: Sequence[Section] = (),
    **values: Any,
) -> list[Edition]:
    """Put many live editions into the tables at once, past the doors; the newest comes first."""
    homes = sections or [section()]
    rows = [
        Article(headline=f"Meldung {place}", section=homes[place % len(homes)], changed_at=newest)
        for place in range(number)
    ]
    articles = Article.objects.bulk_create(rows)
    return Edition.objects.bulk_create(
        Edition(
            **{
                "article": one,
                "number": 1,
                "kind": EditionKind.FIRST,
                "section": one.section,
                "headline": one.headline,
                "slug": f"meldung-{place}",
                "live_from": newest - place * step,
                "live_until": FOREVER,
                "first_live_from": newest - place * step,
                "released_at": newest - place * step,
                **values,
            }
        )
        for place, one in enumerate(articles)
    )
