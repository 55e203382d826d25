"""XMP: the fields of today, as XML; a document type is refused unread."""

import re

from lxml import etree

from images.metadata.blocks import MAX_XMP
from images.metadata.texts import MAX_LIST, Fields, block_of_text, line, lines, moment

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTO = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_PLUS = "{http://ns.useplus.org/ldf/xmp/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TEXTS = {
    "credit_line": f"{_PHOTO}Credit",
    "caption": f"{_DC}description",
    "headline": f"{_PHOTO}Headline",
    "title": f"{_DC}title",
    "copyright_notice": f"{_DC}rights",
    "usage_terms": f"{_RIGHTS}UsageTerms",
    "sublocation": f"{_CORE}Location",
    "city": f"{_PHOTO}City",
    "country": f"{_PHOTO}Country",
    "source": f"{_PHOTO}Source",
    "alt_text": f"{_CORE}AltTextAccessibility",
}
_PLACES = {"sublocation": f"{_EXT}Sublocation", "city": f"{_EXT}City", "country": f"{_EXT}CountryName"}
_LISTS = {"creators": f"{_DC}creator", "keywords": f"{_DC}subject"}
_BLOCKS_OF_TEXT = {"caption", "usage_terms"}
_LANGUAGES = ("de", "x-default")

type _Property = str | etree._Element


def read(data: bytes) -> Fields:
    properties = _properties_of(_root(data))
    found = Fields()
    for name, tag in _TEXTS.items():
        text = _text(properties.get(tag, ""))
        found.texts[name] = block_of_text(text) if name in _BLOCKS_OF_TEXT else line(text)
    place = _first_struct(properties.get(f"{_EXT}LocationCreated", ""))
    for name, tag in _PLACES.items():
        found.texts[name] = found.texts[name] or line(_text(place.get(tag, "")))
    found.texts["rights_url"] = _https(_text(properties.get(f"{_RIGHTS}WebStatement", "")))
    found.texts["licence_end"] = _moment_of(_text(properties.get(f"{_PLUS}LicenseEndDate", "")))[:10]
    found.texts["created"] = _moment_of(_text(properties.get(f"{_PHOTO}DateCreated", "")))
    found.texts["source_type"] = _text(properties.get(f"{_EXT}DigitalSourceType", ""))
    for name, tag in _LISTS.items():
        found.lists[name] = lines(_items(properties.get(tag, "")))
    return found


def _root(data: bytes) -> etree._Element | None:
    """Parse the packet; a document type, and with it every entity of its own, is refused unread."""
    if not data or len(data) > MAX_XMP:
        return None
    try:
        text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig").strip(
            "\0 \r\n\t"
        )
        if "<!" in re.sub(r"<!--|<!\[CDATA\[", "", text):
            return None
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
        return etree.fromstring(text.encode(), parser)
    except (UnicodeError, ValueError, etree.XMLSyntaxError):
        return None


def _properties_of(root: etree._Element | None) -> dict[str, _Property]:
    """Return the properties of all descriptions; the first value of each counts."""
    found: dict[str, _Property] = {}
    if root is None:
        return found
    for rdf in root.iter(f"{_RDF}RDF"):
        for description in rdf.findall(f"{_RDF}Description"):
            for name, value in _properties(description).items():
                found.setdefault(name, value)
    return found


def _properties(element: etree._Element) -> dict[str, _Property]:
    """Return what an element says of its subject, in attributes and in elements."""
    found: dict[str, _Property] = {str(name): str(value) for name, value in element.attrib.items()}
    for child in element.iterchildren(tag=etree.Element):
        found.setdefault(str(child.tag), child)
    return found


def _first_struct(value: _Property) -> dict[str, _Property]:
    """Return the parts of a value that has some, of the first if there is a list."""
    if isinstance(value, str):
        return {}
    item = next(value.iter(f"{_RDF}li"), value)
    inner = item.find(f"{_RDF}Description")
    return _properties(item if inner is None else inner)


def _items(value: _Property) -> list[str]:
    """Return the values of a list, or the one value that is none."""
    if isinstance(value, str):
        return [value]
    found = [_own_text(item) for item in value.iterfind(f"*/{_RDF}li")][:MAX_LIST]
    return found or [_own_text(value)]


def _text(value: _Property) -> str:
    """Return one text: of several languages German, then the default, then the first."""
    if isinstance(value, str):
        return value
    choices = [(item.get(_LANGUAGE, "").lower(), item) for item in value.iterfind(f"*/{_RDF}li")][:MAX_LIST]
    for wanted in _LANGUAGES:
        for language, item in choices:
            if language == wanted or language.startswith(f"{wanted}-"):
                return _own_text(item)
    return _own_text(choices[0][1] if choices else value)


def _own_text(element: etree._Element) -> str:
    return element.get(f"{_RDF}resource") or (element.text or "")


def _moment_of(text: str) -> str:
    found = re.fullmatch(
        r"(\d{4}(?:-\d\d){0,2})(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?",
        text.strip()[:50],
        re.ASCII,
    )
    return moment(found[1], found[2] or "", found[3] or "") if found else ""


def _https(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"https://[!-;=?-~]{1,500}", text) else ""
