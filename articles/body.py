"""The text of an article: restricted HTML in one column.

One table says what is allowed; ``clean`` is the only way in, ``render`` the only way out.
Blocks of our own stand at the top level and hold nothing but a reference:

- ``<aside data-related="12">``: „Lesen Sie auch“, an article by number
- ``<figure data-image="7" data-caption="…">``: a picture by number
- ``<aside data-embed="https://…">``: something elsewhere, opened by a click only
- ``<aside data-facts>``: a box with a heading, paragraphs and lists

A link to an article of ours is ``/artikel/12/``; it is resolved to the address of the day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from lxml import etree, html

from renewz.lib.text import clean_text, slugify, typeset

MAX_LENGTH = 400_000  # signs of HTML; a long read has 30,000

_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "table", "figure", "aside"}
_INLINE = {"strong", "em", "a", "br", "sub", "sup"}
_INNER = {"li", "footer", "thead", "tbody", "tr", "th", "td"}
ALLOWED_TAGS = _BLOCKS | _INLINE | _INNER
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "figure": {"data-image", "data-caption"},
    "aside": {"data-related", "data-embed", "data-facts"},
}
_SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p"}
_REFERENCES = {"data-image", "data-related", "data-embed", "data-facts"}
# What nh3 takes apart (a heading inside a paragraph) is put in order once more.
_PASSES = 4
_FRAME = re.compile(r"</?(?:html|head|body)\b[^<>]*>", re.IGNORECASE)
_PARSER = html.HTMLParser(huge_tree=True)
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_OWN_LINK = re.compile(r"/artikel/([1-9][0-9]{0,9})/")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Decide about one attribute; nh3 itself checks addresses in ``href`` only."""
    if name in {"data-image", "data-related", "start", "colspan", "rowspan"}:
        return value if _NUMBER.fullmatch(value) else None
    if name == "data-embed":
        return value if is_web_address(value) else None
    if name == "href":
        return value if is_web_address(value) or value.startswith("mailto:") or _is_path(value) else None
    return value


_CLEANER = nh3.Cleaner(
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
    attributes=_ATTRIBUTES,
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


def clean(dirty: str) -> str:
    """Return harmless, canonical, typeset HTML; empty where a reader would see nothing.

    Idempotent. nh3 has the last word, so nothing that lxml writes is trusted. Raises
    nothing; longer texts than MAX_LENGTH are the form's matter.
    """
    text = _CLEANER.clean(_rename(clean_text(dirty)))
    for _ in range(_PASSES):
        before, text = text, _in_order(text)
        if text == before:
            break
    return text


def _in_order(text: str) -> str:
    root = _parse(text)
    _flatten(root)
    for table in root.iter("table"):
        _order_table(table)
    for holder in [root, *root.iter("blockquote", "aside")]:
        _wrap_loose_text(holder)
    _drop_empty(root)
    for line in _lines(root):
        _typeset(line)
    return _CLEANER.clean(_inner_html(root)).strip()


def _rename(dirty: str) -> str:
    """Give foreign tags the names of ours, before what is unknown is dropped."""
    root = _parse(_FRAME.sub("", dirty))
    for element in root.iter(*_SYNONYMS):
        element.tag = _SYNONYMS[element.tag]
    for element in root.iter("figure", "aside"):
        if not _REFERENCES & set(element.attrib):
            element.tag = "p"
    return _inner_html(root)


def _parse(source: str) -> html.HtmlElement:
    """Return a <div> that holds the markup; lxml stops at 2,000 levels of nesting."""
    root = html.document_fromstring(f"<html><body>{source}</body></html>", parser=_PARSER).find("body")
    root.tag = "div"
    return root


def _inner_html(root: html.HtmlElement) -> str:
    inner = [html.tostring(child, encoding="unicode") for child in root]
    head = html.tostring(root, encoding="unicode") if not inner else ""
    text = re.sub(r"^<div>|</div>$", "", head) if head else _escape(root.text or "")
    return text + "".join(inner)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _own_block(element: html.HtmlElement) -> bool:
    return element.tag == "figure" or (element.tag == "aside" and "data-facts" not in element.attrib)


def _flatten(root: html.HtmlElement) -> None:
    """Keep our blocks at the top level and empty, and paragraphs out of list items and cells."""
    for element in list(root.iter("figure", "aside")):
        if element.getparent() is None:  # it stood in one that is empty by now
            continue
        if element.getparent() is not root or not _REFERENCES & set(element.attrib):
            element.drop_tag()
        elif _own_block(element):
            tail = element.tail
            for child in list(element):
                element.remove(child)
            element.text, element.tail = None, tail
    for holder in list(root.iter("li", "td", "th", "footer")):
        paragraphs = holder.findall("p")
        if len(paragraphs) == 1:
            paragraphs[0].drop_tag()


def _order_table(table: html.HtmlElement) -> None:
    """Bring a table into its one form: the editor knows no head and says every span of 1."""
    for cell in table.iter("th", "td"):
        for name in ("colspan", "rowspan"):
            if cell.get(name) == "1":
                del cell.attrib[name]
    rows = list(table.iter("tr"))
    if rows and table.find("thead") is None and all(cell.tag == "th" for cell in rows[0]):
        head = etree.Element("thead")
        table.insert(0, head)
        head.append(rows[0])


def _wrap_loose_text(root: html.HtmlElement) -> None:
    """Put text and inline marks that stand between blocks into paragraphs of their own."""
    stray = _INNER - {"footer"} if root.tag == "blockquote" else _INNER  # a source is at home there
    if root.text and root.text.strip():
        _paragraph_before(root, 0, root.text)
    root.text = None
    for child in list(root):
        tail, child.tail = child.tail, None
        if child.tag in _INLINE:
            _paragraph_before(root, root.index(child), "").append(child)
            child.tail = tail
            continue
        if child.tag in stray:
            child.tag = "p"
            child.attrib.clear()
        if tail and tail.strip():
            _paragraph_before(root, root.index(child) + 1, tail)


def _paragraph_before(root: html.HtmlElement, place: int, text: str) -> html.HtmlElement:
    previous = root[place - 1] if place else None
    if previous is not None and previous.tag == "p" and previous.get("loose"):
        return previous
    paragraph = etree.Element("p", loose="1")  # nh3 drops the mark
    paragraph.text = text
    root.insert(place, paragraph)
    return paragraph


def _drop_empty(root: html.HtmlElement) -> None:
    """Remove what holds no sign; ProseMirror always leaves one empty paragraph."""
    for element in reversed(list(root.iter("p", "h2", "h3", "li", "ul", "ol", "blockquote", "footer", "a"))):
        if not element.text_content().strip():
            element.drop_tree()
    for link in list(root.iter("a")):
        if "href" not in link.attrib:
            link.drop_tag()
    for table in list(root.iter("table")):
        if not table.text_content().strip():
            table.drop_tree()


@dataclass(frozen=True)
class _Piece:
    """A piece of text between two tags: where lxml keeps it, and what holds for it."""

    element: html.HtmlElement
    place: str  # "text" or "tail"
    in_link: bool = False
    after_break: bool = False

    @property
    def text(self) -> str:
        return getattr(self.element, self.place) or ""


def _lines(root: html.HtmlElement) -> Iterator[list[_Piece]]:
    """Return the pieces of each line: inline marks do not end it, blocks do."""
    line = [_Piece(root, "text")]
    links = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element is root:
            continue
        if element.tag not in _INLINE:
            yield line
            line = []
        links += (element.tag == "a") * (1 if event == "start" else -1)
        if event == "start":
            line.append(_Piece(element, "text", in_link=links > 0))
        else:
            line.append(_Piece(element, "tail", in_link=links > 0, after_break=element.tag == "br"))
    yield line


def _typeset(line: list[_Piece]) -> None:
    """Set typography in one line, never in links; marks do not cut a sentence."""
    pieces = [piece for piece in line if piece.text or piece.after_break]
    before = ""
    for number, piece in enumerate(pieces):
        if piece.after_break:
            before = ""
        if piece.text and not piece.in_link:
            following = next(iter(pieces[number + 1 : number + 2]), None)
            after = following.text[:1] if following and not following.after_break else ""
            setattr(piece.element, piece.place, typeset(piece.text, before, after))
        before = piece.text[-1:] or before


@dataclass
class References:
    """What a text points at, in its order, each number once."""

    images: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)


def references(source: str) -> References:
    """Return the numbers of pictures and of articles (teased and linked) in a clean text."""
    found = References()
    for element in _parse(source).iter("figure", "aside", "a"):
        image, related = element.get("data-image", ""), element.get("data-related", "")
        if _NUMBER.fullmatch(image):
            _once(found.images, int(image))
        elif _NUMBER.fullmatch(related):
            _once(found.articles, int(related))
        elif own := _OWN_LINK.fullmatch(element.get("href", "")):
            _once(found.articles, int(own[1]))
    return found


def _once(numbers: list[int], number: int) -> None:
    if number not in numbers:
        numbers.append(number)


def plain_text(source: str) -> str:
    """Return the words of a clean text, a line for each paragraph, heading, item and cell."""
    lines = (_words(line) for line in _lines(_parse(source)))
    return "\n".join(line for line in lines if line)


def _words(line: list[_Piece]) -> str:
    return " ".join("".join(f" {piece.text}" if piece.after_break else piece.text for piece in line).split())


@dataclass(frozen=True)
class Block:
    """A piece of a rendered text; ``kind`` names the component that shows it."""

    kind: str  # html, table, facts, figure, related, embed
    html: SafeString = SafeString("")  # noqa: RUF009  (immutable)
    number: int = 0
    text: str = ""


@dataclass(frozen=True)
class Heading:
    """A subheading with its anchor, for the table of contents."""

    level: int
    anchor: str
    text: str


def render(source: str, addresses: dict[int, str]) -> tuple[list[Block], list[Heading]]:
    """Return the blocks of a clean text and its headings.

    ``addresses`` are the public addresses of the articles that are live now: a link to any
    other article of ours becomes plain text.
    """
    root = _parse(source)
    headings = _anchor_headings(root)
    for link in list(root.iter("a")):
        _resolve_link(link, addresses)
    blocks: list[Block] = []
    for child in root:
        child.tail = None
        blocks.append(_block(child))
    return blocks, headings


def _anchor_headings(root: html.HtmlElement) -> list[Heading]:
    headings: list[Heading] = []
    taken: set[str] = set()
    for element in root.iterchildren("h2", "h3"):
        text = " ".join(element.text_content().split())
        stem = anchor = slugify(text, 60)
        number = 2
        while anchor in taken:
            anchor, number = f"{stem}-{number}", number + 1
        taken.add(anchor)
        element.set("id", anchor)
        headings.append(Heading(int(element.tag[1]), anchor, text))
    return headings


def _resolve_link(link: html.HtmlElement, addresses: dict[int, str]) -> None:
    target = link.get("href", "")
    if own := _OWN_LINK.fullmatch(target):
        address = addresses.get(int(own[1]))
        if address is None:
            link.drop_tag()
        else:
            link.set("href", address)
    elif is_web_address(target):
        link.set("rel", "external noopener")


def _block(element: html.HtmlElement) -> Block:
    image, related, address = (element.get(name, "") for name in ("data-image", "data-related", "data-embed"))
    if element.tag == "figure" and _NUMBER.fullmatch(image):
        return Block("figure", number=int(image), text=element.get("data-caption", ""))
    if element.tag == "aside" and _NUMBER.fullmatch(related):
        return Block("related", number=int(related))
    if element.tag == "aside" and is_web_address(address):
        return Block("embed", text=address)
    if element.tag == "aside" and "data-facts" in element.attrib:
        return Block("facts", html=_safe(_inner_html(element)))
    markup = html.tostring(element, encoding="unicode")
    return Block("table" if element.tag == "table" else "html", html=_safe(markup))


def _safe(markup: str) -> SafeString:
    # The one mark_safe of the project: everything here went through ``clean`` on its way in,
    # and once more on its way out, so that a row changed past the door does no harm either.
    return mark_safe(_RENDERED.clean(markup))  # noqa: S308


_RENDERED = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes={**_ATTRIBUTES, "h2": {"id"}, "h3": {"id"}, "a": {"href", "rel"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
