"""Finds in a page what else belongs into the edition, and makes its links work without a query."""

import html
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.conf import settings

_LINK = re.compile(r'\b(?:href|src)="([^"]+)"')
_XML_LINK = re.compile(r"<(?:loc|link)>([^<]+)</")
# In attributes, lists of sizes and structured data alike.
_FILE = re.compile(r"(?:https?://[^\s\"'<>,()/]+)?(/(?:static|media)/[^\s\"'<>,()?#\\]+)")
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)""")
_IN_SCRIPT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
_IN_MANIFEST = re.compile(r'"src"\s*:\s*"([^"]+)"')
_OLDER = re.compile(r'href="\?vor=([0-9]+)"')
# Not part of the public site, or not for everybody.
_NEVER = ("/admin/", "/static/", "/media/", "/healthz", "/readyz")


def pages_in(text: str, base: str) -> Iterator[str]:
    """Yield the addresses of our own pages that a page or a list for machines names."""
    for pattern in (_LINK, _XML_LINK):
        for link in pattern.findall(text):
            if address := page_address(html.unescape(link), base):
                yield address


def page_address(link: str, base: str) -> str:
    """Return a link as an address of ours, with the one parameter that pages know; empty if it is none."""
    full = urlsplit(urljoin(settings.SITE_URL + base, link.strip()))
    if f"{full.scheme}://{full.netloc}" != settings.SITE_URL or full.path.startswith(_NEVER):
        return ""
    before = parse_qs(full.query).get("vor", [""])[0]
    return f"{full.path or '/'}?vor={before}" if before.isdecimal() else full.path or "/"


def files_in(text: str) -> Iterator[str]:
    """Yield the addresses of static files and pictures that a page names."""
    for found in _FILE.findall(text):
        yield html.unescape(found)


def files_in_file(address: str, text: str) -> Iterator[str]:
    """Yield the addresses of files that a style sheet, a script or the manifest names."""
    kinds = {".css": _IN_STYLE, ".js": _IN_SCRIPT, ".webmanifest": _IN_MANIFEST}
    pattern = kinds.get(posixpath.splitext(address)[1])
    for found in pattern.findall(text) if pattern else ():
        path = urlsplit(urljoin(address, found)).path
        if path.startswith("/static/"):
            yield path


def with_paths(text: str, path: str) -> str:
    """Return a list whose „Ältere Artikel“ leads to a path: files know no query."""
    return _OLDER.sub(rf'href="{path}vor/\1/"', text)


def file_for(address: str) -> str:
    """Return where the answer to an address lies in the edition; empty for one that fits nowhere."""
    path, _, query = address.partition("?")
    path = unquote(path)
    if query:
        path = f"{path}{query.replace('=', '/')}/"
    name = path[1:] + ("index.html" if path.endswith("/") else "")
    safe = name.isprintable() and "\\" not in name
    return name if safe and not {"", ".", ".."} & set(name.split("/")) else ""
