"""How things stand with an article, in words for the newsroom: its state and what readers see."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from articles.choices import EditionKind, State
from articles.models import Article, Edition
from renewz.lib.dates import countdown, german_moment, german_plan


@dataclass(frozen=True)
class Badge:
    """A word with a mark; ``kind`` names the mark, ``detail`` says when."""

    kind: str
    text: str
    detail: str = ""


_STATE_KINDS = {State.DRAFT: "draft", State.IN_REVIEW: "review", State.APPROVED: "approved"}


def badges(article: Article, editions: Iterable[Edition], at: dt.datetime) -> list[Badge]:
    """Return the manuscript's state and the readers' side.

    ``editions`` are the article's current ones (``Edition.objects.current(at)``) with their
    revision. A version that readers see or will see needs no word about the manuscript.
    """
    if article.trashed_at is not None:
        return [Badge("trash", "Papierkorb")]
    current = sorted(editions, key=lambda edition: edition.number)
    shown = [edition for edition in current if not edition.has_expired(at)] or current[-1:]
    readers = sorted(
        (badge for edition in shown if (badge := _of_edition(edition, at))),
        key=lambda badge: badge.kind != "live",
    )
    is_released = any(
        edition.revision_id and edition.revision.number == article.approved_version  # type: ignore[union-attr]
        for edition in shown
        if not edition.has_expired(at)
    )
    if is_released:
        return readers
    has_live = any(badge.kind == "live" for badge in readers)
    return [Badge(_STATE_KINDS[State(article.state)], _state_label(article, has_live)), *readers]


def _state_label(article: Article, has_live: bool) -> str:
    if has_live and article.state == State.DRAFT:
        return "In Überarbeitung"
    return State(article.state).label


def _of_edition(edition: Edition, at: dt.datetime) -> Badge | None:
    if edition.is_waiting(at):
        return Badge(
            "waiting", "Geplant", f"{german_plan(edition.live_from)}, {countdown(edition.live_from, at)}"
        )
    if edition.is_live(at):
        until = "" if edition.is_open_ended else f", bis {german_moment(edition.live_until)}"
        return Badge("live", "Online", f"seit {german_moment(edition.first_live_from)}{until}")
    if edition.kind == EditionKind.WITHDRAWAL:
        return Badge("withdrawn", "Zurückgezogen", f"am {german_moment(edition.live_from)}")
    if edition.has_expired(at):
        return Badge("expired", "Abgelaufen", f"am {german_moment(edition.live_until)}")
    return None
