"""„Lesen Sie auch“: hand-picked first, then by shared topics, then from the section by recency.

Never the article itself, never one twice, never one that is not live. Headlines are read from
the live edition of the target, so they follow it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from articles.models import Edition, Section, TaggedEdition

SHOWN = 4
# Topics are compared within this time: a bounded piece of the index, and news of interest.
TOPIC_WINDOW = dt.timedelta(days=180)


@dataclass(frozen=True)
class Teasers:
    """Live editions by article: those that the text names, and those shown after it."""

    named: dict[int, Edition]
    after: list[Edition]


def teasers(  # noqa: PLR0913
    *,
    article_id: int | None,
    section: Section | None,
    tag_ids: Sequence[int],
    named_ids: Sequence[int],
    picked_ids: Sequence[int],
    in_text_ids: Sequence[int],
    at: dt.datetime,
) -> Teasers:
    """Return what to tease at ``at``.

    ``named_ids`` stand in the text as a link or a block, ``in_text_ids`` are those of them
    shown as a block: they are not repeated after the text.
    """
    by_topic = _by_topic(tag_ids, at, article_id)
    wanted = {*named_ids, *picked_ids, *by_topic} - {article_id}
    found = {
        edition.article_id: edition
        for edition in Edition.objects.live(at).filter(article__in=wanted).for_lists()
    } if wanted else {}  # fmt: skip
    order = [pk for pk in dict.fromkeys([*picked_ids, *by_topic]) if pk in found and pk not in in_text_ids]
    after = [found[pk] for pk in order[:SHOWN]]
    if len(after) < SHOWN and section is not None:
        taken = {article_id, *in_text_ids, *(edition.article_id for edition in after)}
        recent = Edition.objects.live(at).filter(section=section).newest_first().for_lists()
        after += [e for e in recent[: SHOWN + len(taken)] if e.article_id not in taken][: SHOWN - len(after)]
    return Teasers({pk: found[pk] for pk in named_ids if pk in found}, after)


def _by_topic(tag_ids: Sequence[int], at: dt.datetime, article_id: int | None) -> list[int]:
    """Return articles that share topics, most shared first, then newest."""
    if not tag_ids:
        return []
    rows = (
        TaggedEdition.objects.filter(
            tag__in=tag_ids,
            first_live_from__range=(at - TOPIC_WINDOW, at),
            content_object__in=Edition.objects.live(at),
        )
        .exclude(content_object__article=article_id)
        .values("content_object__article")
        .annotate(shared=Count("pk"), newest=Max("first_live_from"))
        .order_by("-shared", "-newest", "-content_object__article")
    )
    return [row["content_object__article"] for row in rows[: SHOWN * 3]]
