"""People of the newsroom at work over HTTP: they sign in, read forms, save, upload."""

import re
import secrets
from http import HTTPStatus
from urllib.parse import urlencode

from tests.faults.site import PASSWORD, URL, Answer, Site

_FORM = re.compile(r'name="begun" value="([\w-]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')


class Person:
    """Somebody with a browser of her own."""

    def __init__(self, site: Site, username: str) -> None:
        self._site = site
        self._cookies: dict[str, str] = {}
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/admin/login/").text)
        if token is None:
            raise RuntimeError("Die Anmeldung ist nicht zu sehen.")
        form = {
            "username": username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": token[1],
            "next": "/admin/",
        }
        if self._send("/admin/login/", form).status != HTTPStatus.FOUND:
            raise RuntimeError(f"{username} kommt nicht hinein.")

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._keep(self._site.ask(path, Cookie=self._cookie_header()))

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form."""
        return self._send(path, {name: str(value) for name, value in fields.items()} | self._csrf())

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file."""
        border = secrets.token_hex(16)
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in self._csrf().items()
        ]
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts += [
            f"{head}Content-Type: image/jpeg\r\n\r\n".encode(),
            content,
            f"\r\n--{border}--\r\n".encode(),
        ]
        return self._body(path, b"".join(parts), f"multipart/form-data; boundary={border}")

    def version(self, article: int) -> int | None:
        """Read the writing page; return the version that it would save on, None without an answer."""
        found = _VERSION.search(self.get(f"/admin/articles/article/{article}/change/").text)
        return int(found[1]) if found else None

    def save(self, article: int, version: int, headline: str) -> Answer:
        """Save a manuscript that was read at this version."""
        return self.post(
            f"/admin/articles/article/{article}/change/", **self._text(headline), version=version
        )

    def new_form(self) -> dict[str, str]:
        """Read the form of a new manuscript; return what makes it this form and no other."""
        found = _FORM.search(self.get("/admin/articles/article/add/").text)
        return {"begun": found[1]} if found else {}

    def write(self, headline: str, **fields: object) -> Answer:
        """Save a new manuscript."""
        return self.post("/admin/articles/article/add/", **self._text(headline), version=0, **fields)

    def _text(self, headline: str) -> dict[str, object]:
        return {
            "headline": headline,
            "lead": "Was seither geschah.",
            "body": f"<p>Der Text zu „{headline}“.</p>",
            "section": self._site.content["section_pk"],
            "genre": "news",
        }

    def _csrf(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self._cookies.get("__Host-csrf", "")}

    def _send(self, path: str, form: dict[str, str]) -> Answer:
        return self._body(path, urlencode(form).encode(), "application/x-www-form-urlencoded")

    def _body(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Cookie": self._cookie_header(), "Content-Type": kind, "Origin": URL}
        return self._keep(self._site.ask(path, "POST", body, **headers))

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _keep(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return answer
