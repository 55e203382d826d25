"""What search engines and extractors read beside the text: schema.org as JSON-LD."""

import json
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.choices import Genre
from articles.models import Edition, Section
from authors.models import Author
from images import renditions
from images.models import Image
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
_ESCAPES = {
    ord(">"): "\\u003E",
    ord("<"): "\\u003C",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script(nodes: list[Node]) -> SafeString:
    """Return the data block. Browsers never run it, so the CSP has no say in it."""
    data = json.dumps(
        {"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, separators=(",", ":")
    )
    return SafeString(f'<script type="application/ld+json">{data.translate(_ESCAPES)}</script>')


def absolute(path: str) -> str:
    """Return the public address of a path."""
    return urljoin(f"{settings.SITE_URL}/", path)


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
    if story.lead_image:
        node["image"] = [image(story.lead_image)]
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


def profile(author: Author) -> list[Node]:
    """Return the nodes of an author's page."""
    who = person(author)
    if author.role_title:
        who["jobTitle" if not author.is_agency else "description"] = author.role_title
    if author.biography and not author.is_agency:
        who["description"] = author.biography
    if author.portrait:
        who["image"] = share_image(author.portrait)["url"]
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


def share_image(picture: Image) -> Node:
    """Return the JPEG that share cards show: not every client reads WebP."""
    width = renditions.share_width(picture)
    return {
        "url": absolute(renditions.url(picture, width, "jpg")),
        "width": width,
        "height": renditions.height_for(picture, width),
        "alt": picture.alt,
    }


def image(picture: Image) -> Node:
    """Return a picture with its credit."""
    shown = share_image(picture)
    node = {"@type": "ImageObject", "url": shown["url"], "width": shown["width"], "height": shown["height"]}
    return node | ({"creditText": picture.credit} if picture.credit else {})


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
