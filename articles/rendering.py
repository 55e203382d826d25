"""A clean text becomes a page: anchors, addresses of the day, blocks for the templates."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe
from lxml import etree, html

from articles.markup import NUMBER, OWN_LINK, RENDERED, inner_html, is_web_address, parse
from renewz.lib.text import slugify


@dataclass
class Source:
    """What statements in a text rest on: an entry of the list at its end."""

    number: int
    text: str
    address: str
    places: list[int] = field(default_factory=list)  # numbers of the references to it


@dataclass(frozen=True)
class Block:
    """A piece of a rendered text; ``kind`` names the component that shows it."""

    kind: str  # html, table, quote, facts, figure, related, embed, sources
    html: SafeString = SafeString("")  # noqa: RUF009  (immutable)
    source: SafeString = SafeString("")  # noqa: RUF009  who said what a quote quotes
    number: int = 0
    text: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A subheading with its anchor, for the table of contents."""

    level: int
    anchor: str
    text: str


def render(source: str, addresses: dict[int, str]) -> tuple[list[Block], list[Heading]]:
    """Return the blocks of a clean text, the list of its sources as the last, and its headings.

    ``addresses`` are the public addresses of the articles that are live now: a link to any
    other article of ours becomes plain text.
    """
    root = parse(source)
    headings = _anchor_headings(root)
    for link in list(root.iter("a")):
        _resolve_link(link, addresses)
    sources = _number_sources(root)
    blocks = list(_blocks(root))
    if sources:
        blocks.append(Block("sources", sources=tuple(sources)))
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
    if own := OWN_LINK.fullmatch(target):
        address = addresses.get(int(own[1]))
        if address is None:
            link.drop_tag()
        else:
            link.set("href", address)
    elif is_web_address(target):
        link.set("rel", "external noopener")


def _number_sources(root: html.HtmlElement) -> list[Source]:
    """Put a raised number at every reference; what is referred to twice has one number."""
    found: dict[tuple[str, str], Source] = {}
    for place, mark in enumerate(root.xpath(".//sup[@data-source]"), start=1):
        said = mark.get("data-source"), mark.get("data-address", "")
        source = found.setdefault(said, Source(len(found) + 1, *said))
        source.places.append(place)
        mark.attrib.clear()
        mark.append(_reference(place, source.number))
    return list(found.values())


def _reference(place: int, number: int) -> html.HtmlElement:
    """Return the link from a place in the text to its source.

    Whoever does not see the page, a screen reader or an extractor, reads „ (Quelle 1)“: a bare
    number would stick to the word before it.
    """
    link = etree.Element(
        "a", {"class": "ref", "id": f"stelle_{place}", "href": f"#quelle_{number}", "role": "doc-noteref"}
    )
    for words, after in ((" (Quelle ", str(number)), (")", None)):
        hidden = etree.SubElement(link, "span", {"class": "hidden"})
        hidden.text, hidden.tail = words, after
    return link


def _blocks(root: html.HtmlElement) -> Iterator[Block]:
    """Yield what has a component of its own, and whatever stands between two of these as one block."""
    plain: list[str] = []
    for element in root:
        component = _component(element)
        if component is None:
            plain.append(_markup(element))
            continue
        if plain:
            yield Block("html", html=_safe("\n".join(plain)))
            plain = []
        yield component
    if plain:
        yield Block("html", html=_safe("\n".join(plain)))


def _component(element: html.HtmlElement) -> Block | None:
    image, related, address = (element.get(name, "") for name in ("data-image", "data-related", "data-embed"))
    if element.tag == "figure" and NUMBER.fullmatch(image):
        return Block("figure", number=int(image), text=element.get("data-caption", ""))
    if element.tag == "aside" and NUMBER.fullmatch(related):
        return Block("related", number=int(related))
    if element.tag == "aside" and is_web_address(address):
        return Block("embed", text=address)
    if element.tag == "aside" and "data-facts" in element.attrib:
        return Block("facts", html=_safe(inner_html(element)))
    if element.tag == "blockquote":
        return _quote(element)
    return Block("table", html=_safe(_markup(element))) if element.tag == "table" else None


def _quote(element: html.HtmlElement) -> Block:
    """Keep who said it apart from the words: reader views drop every <footer>, and the name with it."""
    said, source = "", element.find("footer")
    if source is not None:
        element.remove(source)
        source.tag = "div"
        said = inner_html(source)
    return Block("quote", html=_safe(inner_html(element)), source=_safe(said))


def _markup(element: html.HtmlElement) -> str:
    return html.tostring(element, encoding="unicode", with_tail=False)


def _safe(markup: str) -> SafeString:
    # The one mark_safe of the project: everything here went through ``clean`` on its way in,
    # and once more on its way out, so that a row changed past the door does no harm either.
    return mark_safe(RENDERED.clean(markup))  # noqa: S308
