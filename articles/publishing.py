"""Door 2: workflow and editions. Nothing else changes a state or what readers see.

Permission → state → blockers → compare-and-set in one transaction → log row. Time does the
rest: an edition is live because its period says so, nothing has to run at 06:00:00.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import User
from articles import blockers, editions, permissions
from articles.blockers import Blocker
from articles.choices import EditionKind, State
from articles.models import Article, Edition, Transition
from articles.workflow import ACTIONS, Action, Note, Standing
from delivery import state
from images.models import Image
from renewz.lib.dates import FOREVER
from renewz.lib.text import clean_text, looks_empty, typeset

logger = logging.getLogger(__name__)

# Sent on commit, after anything that readers can see has changed or will: editions, a list.
released = Signal()


class Refusal(Exception):
    """An action that is not done; ``str()`` is a German sentence for the person who acted."""


class NotAllowed(Refusal):
    """The person lacks the right, or has a part in the text that she would approve."""


class WrongState(Refusal):
    """The action does not fit where the article stands now."""


class Conflict(Refusal):
    """Somebody changed text or state after the person had looked."""


class Blocked(Refusal):
    """Something must be mended before."""

    def __init__(self, reasons: list[Blocker]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reason.message for reason in reasons))


class BadTime(Refusal):
    """A planned moment that cannot be; ``field`` names the input."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class NoteMissing(Refusal):
    """The action asks for words and got none."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person adds to an action."""

    note: str = ""
    live_from: dt.datetime | None = None
    live_until: dt.datetime | None = None
    kind: str = ""  # EditionKind; empty: the first one, or an update
    reader_note: str = ""  # shown to readers with a correction or an update


def fits(action: Action, article: Article, at: dt.datetime) -> bool:
    """Say whether the action fits the article's state and standing, whoever asks."""
    if action.from_trash != (article.trashed_at is not None) or article.state not in action.sources:
        return False
    match action.standing:
        case Standing.NEVER_RELEASED:
            return not article.editions.exists()
        case Standing.LIVE:
            return Edition.objects.live(at).filter(article=article).exists()
        case Standing.WAITING:
            return Edition.objects.waiting(at).filter(article=article).exists()
    return True


def available(user: User, article: Article, at: dt.datetime) -> list[Action]:
    """Return the actions that this person may do with this article now."""
    if not permissions.may_view(user, article):
        return []
    return [action for action in ACTIONS.values() if action.may(user, article) and fits(action, article, at)]


def perform(  # noqa: PLR0913
    name: str,
    article: Article,
    user: User,
    token: str,
    request: Request | None = None,
    *,
    at: dt.datetime | None = None,
) -> Article:
    """Do one action on the text and state that the person saw (``Article.token``).

    ``at`` is for importers that replay the past: it stands for the present moment. Returns the
    article as it is afterwards. Raises a Refusal, and then nothing has changed; KeyError for an
    action that is not in the table.
    """
    action = ACTIONS[name]
    request = request or Request()
    with transaction.atomic():
        current = Article.objects.select_for_update().get(pk=article.pk)
        now = at or timezone.now()
        _refuse_unless_allowed(action, current, user, now)
        if current.token != token:
            raise Conflict("Der Artikel wurde inzwischen geändert. Bitte sehen Sie ihn noch einmal an.")
        note = _note(action, request)
        if action.checks_text:
            _hold_pictures(current)
            if reasons := blockers.hard(current, now):
                raise Blocked(reasons)
        source = current.state
        edition = _execute(action, current, user, request, now)
        _set_state(action, current, now)
        Transition.objects.create(
            article=current,
            action=action.name,
            source=source,
            target=current.state,
            version=current.version,
            actor=user,
            at=now,
            note=note,
            edition=edition,
        )
        if edition is not None:
            state.changed()
            transaction.on_commit(lambda: released.send(sender=Edition, editions=[edition]))
    logger.info(
        "article action",
        extra={"article": current.pk, "action": name, "user": user.pk, "version": current.version,
               "superuser": user.is_superuser},
    )  # fmt: skip
    return current


def _hold_pictures(article: Article) -> None:
    """Let nobody take a credit or a licence away between the look at it and the release."""
    held = Image.objects.select_for_update().filter(article_uses__article=article).order_by("pk")
    list(held.values_list("pk", flat=True))


@dataclass(frozen=True)
class Publication:
    """What was published elsewhere: the manuscript here, when, and where it came from."""

    article: Article
    moment: dt.datetime
    source: str  # like „corpus:12“; stands in the log


@transaction.atomic
def record_many(user: User, published: Sequence[Publication]) -> list[Edition]:
    """Take over what was published elsewhere, in a handful of queries: for importers.

    The way of ``perform`` for many at once: permission → blockers → compare-and-set → log row
    → ``released`` on commit. The manuscripts are those of ``editing.create_many``, untouched.
    All or none. Raises a Refusal.
    """
    if not permissions.may_import(user):
        raise NotAllowed(
            "Übernehmen, was anderswo veröffentlicht wurde, darf nur die Chefin oder der Chef vom Dienst."
        )
    now = timezone.now()
    articles = [publication.article for publication in published]
    prefetch_related_objects(articles, "bylines")
    if reasons := [reason for found in blockers.hard_of_many(articles, now).values() for reason in found]:
        raise Blocked(reasons)
    _approve_many(articles)
    made = editions.freeze_first([(each.article, each.moment) for each in published], user, now)
    Transition.objects.bulk_create(
        Transition(
            article=each.article,
            action="import",
            source=State.DRAFT,
            target=State.APPROVED,
            version=each.article.version,
            actor=user,
            at=edition.released_at,
            note=each.source,
            edition=edition,
        )
        for each, edition in zip(published, made, strict=True)
    )
    state.changed()
    transaction.on_commit(lambda: released.send(sender=Edition, editions=made))
    logger.info("articles taken over", extra={"articles": len(made), "user": user.pk})
    return made


def _approve_many(articles: list[Article]) -> None:
    """Set the state of manuscripts that nobody has touched since they were made."""
    fresh = Article.objects.filter(
        pk__in=[article.pk for article in articles], state=State.DRAFT, version=1, steps=0, trashed_at=None
    )
    if fresh.update(state=State.APPROVED, approved_version=1, steps=1) != len(articles):
        raise Conflict("Ein Artikel wurde inzwischen geändert.")
    for article in articles:
        article.state, article.approved_version, article.steps = State.APPROVED, 1, 1


def _refuse_unless_allowed(action: Action, article: Article, user: User, now: dt.datetime) -> None:
    if not permissions.may_view(user, article) or not action.may(user, article):
        if action.name == "approve" and permissions.may_review(user, article):
            raise NotAllowed(
                "Sie haben an diesem Text mitgeschrieben. "
                "Freigeben muss ihn jemand anderes (Vier-Augen-Prinzip)."
            )
        raise NotAllowed(f"„{action.label}“ dürfen Sie bei diesem Artikel nicht.")
    if not fits(action, article, now):
        raise WrongState(f"„{action.label}“ passt nicht zum jetzigen Stand des Artikels.")


def _note(action: Action, request: Request) -> str:
    note = clean_text(request.note).strip()
    if action.note is Note.REQUIRED and looks_empty(note):
        raise NoteMissing(f"Bitte ausfüllen: {action.note_label}.")
    return note


def _set_state(action: Action, article: Article, now: dt.datetime) -> None:
    if action.target is not None:
        article.state = action.target
    article.approved_version = article.version if article.state == State.APPROVED else None
    if action.name in {"trash", "restore"}:
        article.trashed_at = now if action.name == "trash" else None
    article.steps += 1
    article.save(update_fields=("state", "approved_version", "trashed_at", "steps"))


def _execute(
    action: Action, article: Article, user: User, request: Request, now: dt.datetime
) -> Edition | None:
    match action.name:
        case "publish" | "schedule" | "release_alone":
            return _release(action, article, user, request, now)
        case "reschedule":
            return _reschedule(article, user, request, now)
        case "cancel":
            return editions.cancel_waiting(article, now)
        case "withdraw":
            editions.cancel_waiting(article, now)
            return editions.withdraw(article, user, typeset(clean_text(request.note).strip()), now)
    return None


def _release(action: Action, article: Article, user: User, request: Request, now: dt.datetime) -> Edition:
    kind = editions.kind_for(article, request.kind, now)
    if kind == EditionKind.CORRECTION:
        if not permissions.may_correct(user, article):
            raise NotAllowed(permissions.ONLY_CHIEFS_CORRECT)
        if looks_empty(request.reader_note):
            raise NoteMissing("Bitte schreiben Sie, was falsch war und was richtig ist.")
    live_from, live_until = _period(request, now) if action.asks_time else (now, FOREVER)
    if editions.says_the_same(article, live_until, now):
        raise WrongState("Genau dieser Text ist schon online oder geplant.")
    editions.cancel_waiting(article, now)
    return editions.freeze(
        article,
        user,
        kind=kind,
        note=typeset(clean_text(request.reader_note).strip()),
        live_from=live_from,
        live_until=live_until,
        now=now,
    )


def _reschedule(article: Article, user: User, request: Request, now: dt.datetime) -> Edition:
    live_from, live_until = _period(request, now)
    waiting = Edition.objects.waiting(now).get(article=article)
    editions.cancel_waiting(article, now)
    return editions.copy(waiting, user, live_from=live_from, live_until=live_until, now=now)


def _period(request: Request, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    if request.live_from is None:
        raise BadTime("live_from", "Bitte wählen Sie, wann der Text erscheinen soll.")
    if request.live_from <= now:
        raise BadTime("live_from", "Dieser Zeitpunkt ist schon vorbei.")
    until = request.live_until or FOREVER
    if until <= request.live_from:
        raise BadTime("live_until", "Das Ende muss nach dem Beginn liegen.")
    return request.live_from, until
