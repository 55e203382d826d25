"""The text of an article: restricted HTML in one column.

One table says what is allowed; ``clean`` is the only way in, ``render`` the only way out.
Blocks of our own stand at the top level and hold nothing but a reference:

- ``<aside data-related="12">``: „Lesen Sie auch“, an article by number
- ``<figure data-image="7" data-caption="…">``: a picture by number
- ``<aside data-embed="https://…">``: something elsewhere, opened by a click only
- ``<aside data-facts>``: a box with a heading, paragraphs and lists

A source stands in a line as ``<sup data-source="Amt: Bericht, 2025" data-address="https://…">``:
what it is and, if it has one, its address. Its number is made by rendering.

A link to an article of ours is ``/artikel/12/``; it is resolved to the address of the day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from articles.markup import (
    CLEANER,
    INLINE,
    INNER,
    NUMBER,
    OWN_LINK,
    REFERENCES,
    SYNONYMS,
    inner_html,
    is_web_address,
    parse,
)
from renewz.lib.text import clean_text, looks_empty, typeset

MAX_LENGTH = 400_000  # signs of HTML; a long read has 30,000
# What nh3 takes apart (a heading inside a paragraph) is put in order once more.
_PASSES = 4
_FRAME = re.compile(r"</?(?:html|head|body)\b[^<>]*>", re.IGNORECASE)


def clean(dirty: str) -> str:
    """Return harmless, canonical, typeset HTML; empty where a reader would see nothing.

    Idempotent. nh3 has the last word, so nothing that lxml writes is trusted. Raises
    nothing; longer texts than MAX_LENGTH are the form's matter.
    """
    text = CLEANER.clean(_rename(clean_text(dirty)))
    for _ in range(_PASSES):
        before, text = text, _in_order(text)
        if text == before:
            break
    return text


def _in_order(text: str) -> str:
    root = parse(text)
    _flatten(root)
    _order_sources(root)
    for table in root.iter("table"):
        _order_table(table)
    for holder in [root, *root.iter("blockquote", "aside")]:
        _wrap_loose_text(holder)
    _drop_empty(root)
    for line in _lines(root):
        _typeset(line)
    return CLEANER.clean(inner_html(root)).strip()


def _rename(dirty: str) -> str:
    """Give foreign tags the names of ours, before what is unknown is dropped."""
    root = parse(_FRAME.sub("", dirty))
    for element in root.iter(*SYNONYMS):
        element.tag = SYNONYMS[element.tag]
    for element in root.iter("figure", "aside"):
        if not REFERENCES & set(element.attrib):
            element.tag = "p"
    return inner_html(root)


def _own_block(element: html.HtmlElement) -> bool:
    return element.tag == "figure" or (element.tag == "aside" and "data-facts" not in element.attrib)


def _flatten(root: html.HtmlElement) -> None:
    """Keep our blocks at the top level and empty, and paragraphs out of list items and cells."""
    for element in list(root.iter("figure", "aside")):
        if element.getparent() is None:  # it stood in one that is empty by now
            continue
        if element.getparent() is not root or not REFERENCES & set(element.attrib):
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


def _order_sources(root: html.HtmlElement) -> None:
    """Leave sources empty and outside of links; one that says nothing of itself is none."""
    sources = []
    # From the outside in: what holds others is taken apart once, however deep they lie.
    for source in list(root.iter("sup")):
        if "data-source" not in source.attrib:
            source.attrib.clear()
            continue
        if source.text or len(source):
            source.addprevious(etree.Element("sup", dict(source.attrib)))
            sources.append(source.getprevious())
            source.drop_tag()  # what it held is text again and stands behind it
        else:
            sources.append(source)
    # From the last to the first, so that several which leave one link keep their order.
    for source in reversed(sources):
        link = next(source.iterancestors("a"), None)
        if link is not None:
            _move_behind(link, source)


def _move_behind(place: html.HtmlElement, moved: html.HtmlElement) -> None:
    """Put an element directly behind another; the text around both stays in its order."""
    moved.drop_tree()  # closes the text behind it
    moved.tail, place.tail = place.tail, None
    place.addnext(moved)


def fault_of_sources(dirty: str) -> str:
    """Return a German sentence about the first source that ``clean`` could not keep as it is."""
    if "data-source" not in dirty and "data-address" not in dirty:
        return ""
    for source in parse(clean_text(dirty)).iter("sup"):
        said, address = source.get("data-source"), source.get("data-address", "").strip()
        if (said is not None or address) and looks_empty(said or ""):
            where = f" ({address})" if address else ""
            return f"Eine Quelle{where} sagt nicht, was sie ist: wer, Titel, wo erschienen, Datum."
        if address and not is_web_address(address):
            return f"Die Adresse der Quelle „{said}“ ist nicht vollständig: „{address}“. Sie beginnt mit https://."
    return ""


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
    stray = INNER - {"footer"} if root.tag == "blockquote" else INNER  # a source is at home there
    if root.text and root.text.strip():
        _paragraph_before(root, 0, root.text)
    root.text = None
    for child in list(root):
        tail, child.tail = child.tail, None
        if child.tag in INLINE:
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
        if _is_empty(element):
            element.drop_tree()
    for link in list(root.iter("a")):
        if "href" not in link.attrib:
            link.drop_tag()
    for table in list(root.iter("table")):
        if _is_empty(table):
            table.drop_tree()


def _is_empty(element: html.HtmlElement) -> bool:
    return not element.text_content().strip() and element.find(".//sup[@data-source]") is None


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
        if element.tag not in INLINE:
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
    for element in parse(source).iter("figure", "aside", "a"):
        image, related = element.get("data-image", ""), element.get("data-related", "")
        if NUMBER.fullmatch(image):
            _once(found.images, int(image))
        elif NUMBER.fullmatch(related):
            _once(found.articles, int(related))
        elif own := OWN_LINK.fullmatch(element.get("href", "")):
            _once(found.articles, int(own[1]))
    return found


def _once(numbers: list[int], number: int) -> None:
    if number not in numbers:
        numbers.append(number)


def plain_text(source: str) -> str:
    """Return the words of a clean text, a line for each paragraph, heading, item and cell."""
    lines = (_words(line) for line in _lines(parse(source)))
    return "\n".join(line for line in lines if line)


def _words(line: list[_Piece]) -> str:
    return " ".join("".join(f" {piece.text}" if piece.after_break else piece.text for piece in line).split())
