"""The door for breaking news: only here a line is set, replaced and ended.

Permission → text → period → article, then one row. Time does the rest: nothing has to run when
a line begins or ends.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Edition
from articles.publishing import NotAllowed, Refusal, WrongState
from delivery import state
from frontpage.models import MAX_LENGTH, MAX_PERIOD, BreakingNews
from renewz.lib.text import clean_line, looks_empty, typeset

logger = logging.getLogger(__name__)


class BadInput(Refusal):
    """Something that cannot be; ``field`` names the input."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a person wants to announce; without a start: now."""

    text: str
    ends_at: dt.datetime
    starts_at: dt.datetime | None = None
    article: int | None = None  # its number


def may_announce(user: User) -> bool:
    """Say whether she may set and end breaking news; being superuser gives nothing."""
    return user.is_authenticated and "frontpage.announce_breakingnews" in user.newsroom_rights


def drafted(user: User, line: Line, now: dt.datetime) -> BreakingNews:
    """Return the row as it would be stored, and store nothing. Raises a Refusal."""
    _refuse_unless_allowed(user)
    text = typeset(clean_line(line.text))
    if looks_empty(text):
        raise BadInput("text", "Bitte schreiben Sie, was geschehen ist.")
    if len(text) > MAX_LENGTH:
        raise BadInput("text", f"Höchstens {MAX_LENGTH} Zeichen; es sind {len(text)}.")
    starts_at = line.starts_at or now
    if starts_at < now:
        raise BadInput("starts_at", "Dieser Zeitpunkt ist schon vorbei.")
    if line.ends_at <= starts_at:
        raise BadInput("ends_at", "Das Ende muss nach dem Beginn liegen.")
    if line.ends_at > starts_at + MAX_PERIOD:
        raise BadInput("ends_at", "Eine Eilmeldung läuft höchstens 24 Stunden.")
    if line.article is not None and not _is_known_to_readers(line.article, now):
        raise BadInput("article", "Dieser Artikel ist weder online noch geplant. Bitte „Entfernen“ drücken.")
    return BreakingNews(
        text=text, article_id=line.article, starts_at=starts_at, ends_at=line.ends_at, set_at=now, set_by=user
    )


def announce(
    user: User, line: Line, *, replaces: BreakingNews | None = None, at: dt.datetime | None = None
) -> BreakingNews:
    """Set a line; one that it replaces ends in the same moment. After a Refusal nothing has changed."""
    now = at or timezone.now()
    made = drafted(user, line, now)
    with transaction.atomic():
        if replaces is not None:
            end(user, replaces, at=now)
        made.save()
    logger.info(
        "breaking news set",
        extra={"breaking": made.pk, "user": user.pk, "superuser": user.is_superuser,
               "replaces": replaces.pk if replaces else None},
    )  # fmt: skip
    return made


def end(user: User, breaking: BreakingNews, *, at: dt.datetime | None = None) -> None:
    """End a line now, or before it has begun. After a Refusal nothing has changed."""
    _refuse_unless_allowed(user)
    now = at or timezone.now()
    # Compared and set in one statement: of two who press the button, one ends it.
    open_rows = BreakingNews.objects.filter(pk=breaking.pk, ended_at=None, ends_at__gt=now)
    with transaction.atomic():
        if not open_rows.update(ended_at=now, ended_by=user):
            raise WrongState("Diese Eilmeldung ist schon beendet.")
        state.changed()
    logger.info(
        "breaking news ended",
        extra={"breaking": breaking.pk, "user": user.pk, "superuser": user.is_superuser},
    )


def _refuse_unless_allowed(user: User) -> None:
    if not may_announce(user):
        raise NotAllowed("Eilmeldungen setzt und beendet die Chefin oder der Chef vom Dienst.")


def _is_known_to_readers(article: int, now: dt.datetime) -> bool:
    """Say whether readers can follow the link, or will be able to."""
    editions = Edition.objects.live(now) | Edition.objects.waiting(now)
    return editions.filter(article=article).exists()
