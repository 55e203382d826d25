"""What search engines and extractors read beside the text: schema.org as JSON-LD."""

import json
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.choices import Genre
from articles.models import Edition, Section, ShareCard
from authors.models import Author
from images import cards, renditions
from images.models import Picture
from renewz.lib.dates import BERLIN

Node = dict[str, Any]

# schema.org's kinds of news; what is none of them is a plain NewsArticle.
_KINDS = {
    Genre.BACKGROUND: "BackgroundNewsArticle",
    Genre.ANALYSIS: "AnalysisNewsArticle",
    Genre.REPORTAGE: "ReportageNewsArticle",
    Genre.OPINION: "OpinionNewsArticle",
    Genre.PRESS_RELEASE: "Article",
    Genre.ADVERTISEMENT: "AdvertiserContentArticle",
}
# No sign that could end the script element survives; JSON reads them back as they were.
_ESCAPES = (
    (">", "\\u003E"),
    ("<", "\\u003C"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def script(nodes: list[Node]) -> SafeString:
    """Return the data block. Browsers never run it, so the CSP has no say in it."""
    data = json.dumps(
        {"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, separators=(",", ":")
    )
    for sign, escape in _ESCAPES:  # ``translate`` looks up each sign of a text: fifty times as long
        data = data.replace(sign, escape)
    return SafeString(f'<script type="application/ld+json">{data}</script>')


def absolute(path: str) -> str:
    """Return the public address of a path; pictures may lie elsewhere and have theirs already."""
    return settings.SITE_URL + path if path.startswith("/") else path


def article(page: Node) -> list[Node]:
    """Return the nodes of an article page; ``page`` is its template context."""
    story: Edition = page["story"]
    address = absolute(story.get_absolute_url())
    node: Node = {
        "@type": _KINDS.get(Genre(story.genre), "NewsArticle"),
        "@id": f"{address}#artikel",
        "mainEntityOfPage": address,
        "url": address,
        "headline": story.headline,
        "description": story.lead,
        "datePublished": _iso(page["published_at"]),
        "dateModified": _iso(page["updated_at"] or page["published_at"]),
        "author": [person(author) for author in _writers(page["bylines"])] or [_publisher()],
        "publisher": _publisher(),
        "articleSection": story.section.name,
        "inLanguage": "de",
        "isAccessibleForFree": True,
        "wordCount": story.word_count,
    }
    if story.kicker:
        node["alternativeHeadline"] = story.kicker
    if pictures := images(page["lead_picture"], getattr(story, "share_card", None)):
        node["image"] = pictures
    if page["tags"]:
        node["keywords"] = [tag.name for tag in page["tags"]]
    if notes := [note for note in page["corrections"] if note["is_correction"]]:
        node["correction"] = [
            {"@type": "CorrectionComment", "text": note["note"], "datePublished": _iso(note["at"])}
            for note in notes
        ]
    return [node, breadcrumbs([story.section], story.headline)]


def front() -> list[Node]:
    """Return the nodes of the front page: the site and the house behind it."""
    return [
        {
            "@type": "WebSite",
            "@id": absolute("/#seite"),
            "url": absolute("/"),
            "name": settings.SITE_NAME,
            "description": settings.SITE_SLOGAN,
            "inLanguage": "de",
            "publisher": {"@id": absolute("/#verlag")},
        },
        _publisher()
        | {
            "correctionsPolicy": absolute(reverse("corrections")),
            "masthead": absolute(reverse("imprint")),
            "ownershipFundingInfo": absolute(reverse("imprint")),
        },
    ]


def profile(author: Author, portrait: Picture | None) -> list[Node]:
    """Return the nodes of an author's page."""
    who = person(author)
    if author.role_title:
        who["jobTitle" if not author.is_agency else "description"] = author.role_title
    if author.biography and not author.is_agency:
        who["description"] = author.biography
    if portrait:
        who["image"] = absolute(renditions.largest_jpeg(portrait.image, "square").url)
    if links := [link.url for link in author.links.all()]:
        who["sameAs"] = links
    return [{"@type": "ProfilePage", "url": who["url"], "mainEntity": who}, breadcrumbs([], author.name)]


def person(author: Author) -> Node:
    """Return a name as it is: no „Von“, no title."""
    kind = "Organization" if author.is_agency else "Person"
    return {"@type": kind, "name": author.name, "url": absolute(author.get_absolute_url())}


def breadcrumbs(sections: list[Section], last: str) -> Node:
    """Return the path to a page, as it stands above the headline."""
    steps = [("Startseite", "/"), *((section.name, section.get_absolute_url()) for section in sections)]
    items: list[Node] = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(steps, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": last})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def share_image(picture: Picture | None, card: ShareCard | None) -> Node:
    """Return what a link to a page shows elsewhere: its picture, its card, or the house's own."""
    if picture and renditions.is_shareable(picture.image):
        return _file(renditions.shared(picture.image)[0]) | {"alt": picture.alt}
    if card:
        return _card(card) | {"alt": f"{settings.SITE_NAME}: {card.edition.headline}"}
    house = {"url": absolute(static("img/share.png")), "width": cards.SIZE[0], "height": cards.SIZE[1]}
    return house | {"alt": settings.SITE_NAME}


def images(picture: Picture | None, card: ShareCard | None) -> list[Node]:
    """Return the picture in every ratio in which it is large enough, with its credit; else the card."""
    if picture and (files := renditions.shared(picture.image)):
        credit = {"creditText": picture.credit} if picture.credit else {}
        return [{"@type": "ImageObject", **_file(file), **credit} for file in files]
    return [{"@type": "ImageObject", **_card(card)}] if card else []


def _file(file: renditions.File) -> Node:
    return {"url": absolute(file.url), "width": file.width, "height": file.height}


def _card(card: ShareCard) -> Node:
    width, height = cards.SIZE
    return {"url": absolute(default_storage.url(card.name)), "width": width, "height": height}


def _writers(groups: list[Node]) -> list[Author]:
    return [author for group in groups if group["label"] == "Von" for author in group["authors"]]


def _publisher() -> Node:
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#verlag"),
        "name": settings.SITE_NAME,
        "url": absolute("/"),
        "logo": {
            "@type": "ImageObject",
            "url": absolute(static("img/logo.png")),
            "width": 600,
            "height": 120,
        },
    }


def _iso(moment: Any) -> str:
    return moment.astimezone(BERLIN).isoformat(timespec="seconds")
