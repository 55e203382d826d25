"""The article page: one builder for the site (an edition) and the preview (a manuscript)."""

import datetime as dt
from typing import Any

from articles import body, rendering
from articles.choices import BylineRole, EditionKind
from articles.models import Article, Edition, EditionByline, Tag
from articles.related import Teasers, teasers
from authors.models import Author
from images.models import Image, Picture
from renewz.lib.prepared import Prepared

# Long texts get a table of contents.
CONTENTS_FROM_HEADINGS = 4


_tags: Prepared[Tag] = Prepared(
    lambda edition: (
        Tag.objects.filter(edition_rows__content_object=edition)
        .order_by("edition_rows__pk")
        .only("name", "slug")
    )
)
_names: Prepared[EditionByline] = Prepared(
    lambda edition: EditionByline.objects.filter(edition=edition).with_portraits()
)


def of_edition(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """Return the template context of a live edition."""
    tags = _tags(edition=edition.pk)
    found = teasers(
        article_id=edition.article_id,
        section=edition.section,
        tags=tags,
        named_ids=edition.teased_ids,
        picked_ids=edition.related_ids,
        in_text_ids=edition.teased_ids,
        at=at,
    )
    return _page(edition, tags, found, edition.body_image_ids, at) | {
        "published_at": edition.first_live_from,
        "updated_at": edition.updated_at,
        "reading_minutes": edition.reading_minutes,
        "corrections": _corrections(edition),
        "article_url": edition.get_absolute_url(),
    }


def of_manuscript(article: Article, at: dt.datetime) -> dict[str, Any]:
    """Return the context of a preview: the manuscript as readers would see it now."""
    tags = list(Tag.objects.filter(article_rows__content_object=article).order_by("article_rows__pk"))
    references = body.references(article.body)
    found = teasers(
        article_id=article.pk,
        section=article.section,
        tags=tags,
        named_ids=references.articles,
        picked_ids=list(article.related_rows.values_list("target_id", flat=True)),
        in_text_ids=references.articles,
        at=at,
    )
    words = len(body.plain_text(article.body).split())
    return _page(article, tags, found, references.images, at) | {
        "published_at": at,
        "updated_at": None,
        "reading_minutes": max(1, -(-words // 200)),
        "corrections": [],
        "article_url": "",
    }


def _page(
    story: Article | Edition, tags: list[Tag], found: Teasers, image_ids: list[int], at: dt.datetime
) -> dict[str, Any]:
    addresses = {pk: edition.get_absolute_url() for pk, edition in found.named.items()}
    blocks, headings = rendering.render(story.body, addresses)
    images = Image.objects.select_related("replacement").in_bulk(image_ids) if image_ids else {}
    pictures = {pk: image.shown(at) for pk, image in images.items()}
    return {
        "story": story,
        "lead_picture": story.lead_image.shown(at) if story.lead_image else None,
        "bylines": byline_groups(_bylines(story)),
        "tags": tags,
        "blocks": [_resolved(block, pictures, found) for block in blocks],
        "contents": headings if len(headings) >= CONTENTS_FROM_HEADINGS else [],
        "related": found.after,
        "at": at,
    }


def _resolved(block: rendering.Block, pictures: dict[int, Picture | None], found: Teasers) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "html": block.html,
        "source": block.source,
        "text": block.text,
        "sources": block.sources,
        "picture": pictures.get(block.number) if block.kind == "figure" else None,
        "edition": found.named.get(block.number) if block.kind == "related" else None,
    }


def _bylines(story: Article | Edition) -> list[tuple[Author, str]]:
    """Return authors with their roles; portraits come in the same query."""
    rows = _names(edition=story.pk) if isinstance(story, Edition) else story.bylines.with_portraits()
    return [(row.author, row.role) for row in rows]


def byline_groups(rows: list[tuple[Author, str]]) -> list[dict[str, Any]]:
    """Return the byline for templates: „Von A und B“, then „Mitarbeit: C“, „Foto: D“."""
    groups: dict[str, list[Author]] = {}
    for author, role in rows:
        main = role in {BylineRole.TEXT, BylineRole.AGENCY}
        groups.setdefault("Von" if main else f"{BylineRole(role).label}:", []).append(author)
    ordered = sorted(groups.items(), key=lambda item: item[0] != "Von")
    return [{"label": label, "authors": authors} for label, authors in ordered]


def _corrections(edition: Edition) -> list[dict[str, Any]]:
    """Return the notes that stand with the article: its own, and those of earlier editions."""
    if edition.number == 1:
        return []
    rows = Edition.objects.begun(edition.live_from).filter(
        article=edition.article_id,
        kind__in=(EditionKind.CORRECTION, EditionKind.UPDATE),
        number__lte=edition.number,
    )
    return [
        {"kind": EditionKind(row.kind).label, "is_correction": row.kind == EditionKind.CORRECTION,
         "note": row.note, "at": row.live_from}
        for row in rows.order_by("-number").only("kind", "note", "live_from") if row.note
    ]  # fmt: skip
