"""„Lesen Sie auch“: hand-picked first, then by shared topics, then from the section by recency.

Never the article itself, never one twice, never one that is not live. Headlines are read from
the live edition of the target, so they follow it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from articles.models import Edition, Section, Tag
from renewz.lib.prepared import Prepared

SHOWN = 4
# Only the newest of the shared topics are compared, and none that is too old: a piece of the
# index that does not grow with the archive.
NEWEST_COMPARED = 60
TOPIC_WINDOW = dt.timedelta(days=180)


_live: Prepared[Edition] = Prepared(
    lambda at, articles: Edition.objects.live(at).filter(article__in=articles).for_lists()
)
# One row for each shared topic.
_sharing: Prepared[tuple[dt.datetime, int]] = Prepared(
    lambda tags, since, at: (
        Edition.objects.live(at)
        .about_any(tags, since, at, NEWEST_COMPARED)
        .values_list("first_live_from", "article_id")
        .order_by()
    )
)


@dataclass(frozen=True)
class Teasers:
    """Live editions by article: those that the text names, and those shown after it."""

    named: dict[int, Edition]
    after: list[Edition]


def teasers(  # noqa: PLR0913
    *,
    article_id: int | None,
    section: Section | None,
    tags: Sequence[Tag],
    named_ids: Sequence[int],
    picked_ids: Sequence[int],
    in_text_ids: Sequence[int],
    at: dt.datetime,
) -> Teasers:
    """Return what to tease at ``at``.

    ``named_ids`` stand in the text as a link or a block, ``in_text_ids`` are those of them
    shown as a block: they are not repeated after the text.
    """
    by_topic = _by_topic(tags, at, {article_id, *picked_ids, *in_text_ids})
    wanted = {*named_ids, *picked_ids, *by_topic} - {article_id}
    found = {edition.article_id: edition for edition in _live(at=at, articles=sorted(wanted))}
    picked = [pk for pk in dict.fromkeys(picked_ids) if pk not in in_text_ids]
    after = [found[pk] for pk in [*picked, *by_topic] if pk in found][:SHOWN]
    if len(after) < SHOWN and section is not None:
        taken = {article_id, *in_text_ids, *(edition.article_id for edition in after)}
        recent = Edition.objects.live(at).filter(section=section).newest_first().for_lists()
        after += [e for e in recent[: SHOWN + len(taken)] if e.article_id not in taken][: SHOWN - len(after)]
    return Teasers({pk: found[pk] for pk in named_ids if pk in found}, after)


def _by_topic(tags: Sequence[Tag], at: dt.datetime, taken: set[int | None]) -> list[int]:
    """Return live articles that share topics, most shared first, then newest; no more than can be shown."""
    if not tags:
        return []
    shared = Counter(_sharing(tags=[tag.pk for tag in tags], since=at - TOPIC_WINDOW, at=at))
    order = sorted(shared, key=lambda place: (shared[place], place), reverse=True)
    return [pk for _, pk in order if pk not in taken][:SHOWN]
