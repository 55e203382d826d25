"""Hands out kept pages before Django gets to see a request: most of what readers ask for.

Only the plainest questions are answered here, with the bytes that the middleware in ``pages``
would give, and only while this process knows the state of the site without asking. Everything
else goes on to Django as it came.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from delivery import state as site
from delivery.answers import Answer, Question, answer
from delivery.host import host_of
from delivery.pages import store, true_entry
from delivery.store import Key

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_BEFORE = "vor="


def with_front_door(application: Application) -> Application:
    """Put the front door before a WSGI application."""

    def at_the_door(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        kept = _from_memory(environ)
        if kept is None:
            return application(environ, start_response)
        start_response(f"{kept.status.value} {kept.status.phrase}", list(kept.headers.items()))
        return [kept.body] if kept.body else []

    return at_the_door


def _from_memory(environ: Environ) -> Answer | None:
    at = dt.datetime.now(dt.UTC)
    key, state = _key(environ), site.known(at)
    if key is None or state is None:
        return None
    entry = true_entry(key, state)
    if entry is None:
        return None
    question = Question(
        key=key,
        at=at,
        head=environ["REQUEST_METHOD"] == "HEAD",
        accepted=environ.get("HTTP_ACCEPT_ENCODING", ""),
        known=environ.get("HTTP_IF_NONE_MATCH", ""),
    )
    return answer(store, question, entry, state)


def _key(environ: Environ) -> Key | None:
    """Return what ``pages`` would call the page; None for whatever is not as plain as can be.

    A host or scheme that Django would refuse or redirect has no page in the store.
    """
    if (
        environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
        or environ.get("SCRIPT_NAME")
        or settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
        or "%" in environ.get("RAW_URI", "")
    ):
        return None
    scheme, host = _scheme(environ), host_of(environ)
    query = environ.get("QUERY_STRING", "")
    before = query.removeprefix(_BEFORE) if query.startswith(_BEFORE) else ""
    path = environ.get("PATH_INFO", "")
    if query and not (before.isascii() and before.isdecimal()):
        return None
    if scheme is None or host is None or not path.isascii():
        return None
    return (scheme, host, path, before)


def _scheme(environ: Environ) -> str | None:
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO")
    if forwarded is None or not settings.BEHIND_PROXY:
        return environ.get("wsgi.url_scheme", "")
    return forwarded if forwarded in {"http", "https"} else None
