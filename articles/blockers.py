"""What stands between a manuscript and its readers. Hard: must be mended. Soft: a reminder."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from articles import body
from articles.choices import AiUse
from articles.models import Article, Edition
from images.models import Image
from renewz.lib.dates import FOREVER, german_moment
from renewz.lib.text import looks_empty

HEADLINE_SIGNS = range(15, 111)
LEAD_SIGNS = range(60, 351)


@dataclass(frozen=True)
class Blocker:
    """One reason, with the field of the writing page where it can be mended."""

    field: str
    message: str


def hard(article: Article, at: dt.datetime) -> list[Blocker]:
    """Return the reasons for which this text cannot be handed in or released at ``at``."""
    return hard_of_many([article], at)[article.pk]


def hard_of_many(articles: Sequence[Article], at: dt.datetime) -> dict[int, list[Blocker]]:
    """Return the same for each of many articles by number; their pictures in one query."""
    in_body = {article.pk: body.references(article.body).images for article in articles}
    wanted = {pk for numbers in in_body.values() for pk in numbers} | {a.lead_image_id for a in articles}
    pictures = Image.objects.select_related("replacement").in_bulk(wanted - {None})
    return {
        article.pk: _about_text(article) + _about_pictures(article, in_body[article.pk], pictures, at)
        for article in articles
    }


def _about_text(article: Article) -> list[Blocker]:
    text = body.plain_text(article.body)
    found = [
        ("headline", "Die Überschrift fehlt.", looks_empty(article.headline)),
        ("lead", "Der Vorspann fehlt.", looks_empty(article.lead)),
        ("body", "Der Text ist leer.", looks_empty(text)),
        ("section", "Das Ressort fehlt.", article.section_id is None),
        ("bylines", "Die Autorenzeile fehlt.", not article.bylines.all()),
        (
            "ai_use",
            "Die Frage nach dem Beitrag von KI ist nicht beantwortet.",
            article.ai_use == AiUse.UNANSWERED,
        ),
    ]
    return [Blocker(name, message) for name, message, applies in found if applies]


def _about_pictures(
    article: Article, in_body: list[int], pictures: dict[int, Image], at: dt.datetime
) -> list[Blocker]:
    blockers = [
        Blocker("body", f"Das Bild Nr. {number} im Text gibt es nicht.")
        for number in in_body
        if number not in pictures
    ]
    shown = dict.fromkeys([article.lead_image_id, *in_body])
    for image in [pictures[pk] for pk in shown if pk in pictures]:
        field = "lead_image" if image.pk == article.lead_image_id else "body"
        if not image.credit:
            blockers.append(Blocker(field, f"Der Bildnachweis fehlt: „{image.title}“."))
        if not (image.alt or image.decorative):
            blockers.append(Blocker(field, f"Der Alternativtext fehlt: „{image.title}“."))
        if not image.licence:
            blockers.append(Blocker(field, f"Die Lizenz fehlt: „{image.title}“."))
        if image.allowed(at) is None:
            blockers.append(Blocker(field, f"Die Lizenz des Bildes „{image.title}“ ist abgelaufen."))
    return blockers


def soft(article: Article, at: dt.datetime) -> list[Blocker]:
    """Return what an experienced colleague would ask about; may be overruled."""
    teased = body.references(article.body).articles
    live = set(Edition.objects.live(at).filter(article__in=teased).values_list("article_id", flat=True))
    found = [
        ("headline", f"Die Überschrift hat {len(article.headline)} Zeichen; üblich sind 15 bis 110.",
         len(article.headline) not in HEADLINE_SIGNS),
        ("lead", f"Der Vorspann hat {len(article.lead)} Zeichen; üblich sind 60 bis 350.",
         len(article.lead) not in LEAD_SIGNS),
        ("tags", "Kein Thema vergeben.", not article.tag_rows.exists()),
        ("lead_image", "Kein Aufmacherbild gewählt.", article.lead_image_id is None),
        ("body", "Ein verlinkter oder empfohlener Artikel ist nicht online.", bool(set(teased) - live)),
        ("body", "Im Text stehen noch gerade Anführungszeichen.", '"' in body.plain_text(article.body)),
    ]  # fmt: skip
    return [Blocker(name, message) for name, message, applies in found if applies] + _ending(article, at)


def _ending(article: Article, at: dt.datetime) -> list[Blocker]:
    """Name the pictures whose licence ends one day."""
    named = [article.lead_image_id, *body.references(article.body).images]
    shown = {pk for pk in named if pk is not None}
    rows = Image.objects.filter(pk__in=shown, licensed_until__gt=at, licensed_until__lt=FOREVER)
    return [
        Blocker(
            "lead_image" if image.pk == article.lead_image_id else "body",
            f"Die Lizenz des Bildes „{image.title}“ endet am {german_moment(image.licensed_until)}; "
            f"danach steht dort {'das Ersatzbild' if image.replacement_id else 'kein Bild'}.",
        )
        for image in rows.order_by("licensed_until", "pk")
    ] if shown else []  # fmt: skip
