"""What a text may be made of, and how markup is read and written. One table for all.

``articles/body.py`` brings texts in, ``articles/rendering.py`` brings them out.
"""

import re
from urllib.parse import urlsplit

import nh3
from lxml import html

from renewz.lib.text import clean_line, looks_empty, typeset

BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "table", "figure", "aside"}
INLINE = {"strong", "em", "a", "br", "sub", "sup"}
INNER = {"li", "footer", "thead", "tbody", "tr", "th", "td"}
ALLOWED_TAGS = BLOCKS | INLINE | INNER
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "figure": {"data-image", "data-caption"},
    "aside": {"data-related", "data-embed", "data-facts"},
    "sup": {"data-source", "data-address"},
}
SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p"}
REFERENCES = {"data-image", "data-related", "data-embed", "data-facts"}
_PARSER = html.HTMLParser(huge_tree=True)
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
OWN_LINK = re.compile(r"/artikel/([1-9][0-9]{0,9})/")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Decide about one attribute; nh3 itself checks addresses in ``href`` only."""
    if name in {"data-image", "data-related", "start", "colspan", "rowspan"}:
        return value if NUMBER.fullmatch(value) else None
    if name in {"data-embed", "data-address"}:
        return value if is_web_address(value) else None
    if name == "data-source":
        words = typeset(clean_line(value))
        return None if looks_empty(words) else words
    if name == "href":
        return value if is_web_address(value) or value.startswith("mailto:") or _is_path(value) else None
    return value


CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    clean_content_tags={
        "script",
        "style",
        "svg",
        "math",
        "template",
        "iframe",
        "object",
        "noscript",
        "title",
    },
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)


def is_web_address(value: str) -> bool:
    """Say whether this is a whole http(s) address."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_path(value: str) -> bool:
    return value.startswith("/") and not value.startswith(("//", "/\\"))


# What rendering adds: anchors of headings, and the raised numbers that lead to the sources. No
# anchor of a heading has an underscore, so none of the two is ever taken for the other.
_ADDED = {
    "href": re.compile(r"#quelle_[0-9]{1,4}"),
    "id": re.compile(r"[a-z0-9-]+|stelle_[0-9]{1,4}"),
    "class": re.compile(r"ref|hidden"),
    "role": re.compile(r"doc-noteref"),
}


def _rendered_attribute(tag: str, name: str, value: str) -> str | None:
    if name in _ADDED and _ADDED[name].fullmatch(value):
        return value
    return None if name in {"class", "role", "id"} else _attribute(tag, name, value)


RENDERED = nh3.Cleaner(
    tags=ALLOWED_TAGS | {"span"},
    attributes={
        **ATTRIBUTES,
        "h2": {"id"},
        "h3": {"id"},
        "a": {"href", "rel", "id", "class", "role"},
        "span": {"class"},
    },
    attribute_filter=_rendered_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def parse(source: str) -> html.HtmlElement:
    """Return a <div> that holds the markup; lxml stops at 2,000 levels of nesting."""
    root = html.document_fromstring(f"<html><body>{source}</body></html>", parser=_PARSER).find("body")
    root.tag = "div"
    return root


def inner_html(root: html.HtmlElement) -> str:
    inner = (html.tostring(child, encoding="unicode") for child in root)
    return _escape(root.text or "") + "".join(inner)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
