"""Goes from link to link through the public site and writes every answer to a file.

site/       what a web server hands out: an ``index.html`` for each address, ``404.html``
withdrawn/  the pages of withdrawn articles, by number
nginx/      what nginx is to know beside: headers, old addresses, withdrawn articles
"""

import datetime as dt
import gzip
import re
from collections import deque
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from django.http import HttpResponse

from emergency import links
from emergency.asking import Application
from emergency.copies import Copies
from emergency.notice import notice
from emergency.refusals import Refused

_ARTICLE = re.compile(r"/[^/]+/[^/]+-([0-9]+)/")
_MISSING = "/404.html"
# What every answer of the site says; the rest is about one answer, or said by any web server.
_HEADERS = (
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy",
    "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
)  # fmt: skip


class Crawl:
    """One walk through the site, into an empty folder."""

    def __init__(self, folder: Path, at: dt.datetime) -> None:
        self.pages = 0
        self._application = Application(notice(at))
        self._folder = folder
        self._copies = Copies(folder / "site")
        self._seen: set[str] = set()
        self._moved: list[str] = []
        self._gone: list[str] = []
        self._headers: list[str] = []

    @property
    def files(self) -> int:
        """Return how many static files and pictures the pages name."""
        return self._copies.number

    def follow(self, beginnings: Iterable[str]) -> Iterator[str]:
        """Write these addresses and all that they lead to; yield each that is a page."""
        for beginning in beginnings:
            pending = deque([beginning])
            while pending:
                address = pending.popleft()
                if address in self._seen:
                    continue
                self._seen.add(address)
                found = self._keep(address)
                if found is not None:
                    pending.extend(found)
                    yield address

    def keep_withdrawal(self, number: int, address: str) -> None:
        """Write the page that says why an article is gone; none of its text is on it."""
        answer = self._application.get(address)
        if answer.status_code == HTTPStatus.GONE:
            self._write(f"withdrawn/{number}.html", answer.content.decode())
            self._gone.append(f"{number} 1;\n")

    def finish(self) -> None:
        """Write the page for what is not there, and what nginx is to know."""
        self._write(f"site{_MISSING}", self._application.get(_MISSING).content.decode())
        for name, lines in (
            ("moved.map", self._moved),
            ("gone.map", self._gone),
            ("headers.conf", self._headers),
        ):
            self._path(f"nginx/{name}").write_text("".join(lines), encoding="utf-8")

    def _keep(self, address: str) -> list[str] | None:
        """Write the answer to an address; return where it leads, None if there is no page."""
        answer = self._application.get(address)
        path = address.partition("?")[0]
        if answer.status_code in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND}:
            goal = links.page_address(answer.headers["Location"], path)
            return [goal] if goal else []
        if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return None
        if answer.status_code != HTTPStatus.OK:
            raise Refused(
                f"„{address}“ antwortet mit {answer.status_code}. Die frühere Notausgabe ist unverändert."
            )
        name = links.file_for(address)
        if not name:
            return None
        self._note(path, answer)
        text = answer.content.decode()
        self._write(f"site/{name}", links.with_paths(text, path))
        self.pages += 1
        for each in links.files_in(text):
            self._copies.add(each)
        return list(links.pages_in(text, path))

    def _note(self, path: str, answer: HttpResponse) -> None:
        """Remember the number of an article, which old addresses of it end with, and the site's headers."""
        if article := _ARTICLE.fullmatch(path):
            self._moved.append(f"{article[1]} {path};\n")
        if not self._headers:
            said = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
            self._headers = [f'add_header {name} "{value}" always;\n' for name, value in said.items()]

    def _write(self, name: str, text: str) -> None:
        path, body = self._path(name), text.encode()
        path.write_bytes(body)
        # The same page gives the same bytes; nobody compresses when a reader asks.
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body, 6, mtime=0))

    def _path(self, name: str) -> Path:
        path = self._folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
