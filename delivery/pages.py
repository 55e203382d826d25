"""How public pages are answered: from memory while the state of the site is the same.

A page is rendered for its key alone, so nothing else that a reader sends can change it: the view
sees neither other parameters nor a session.
"""

import datetime as dt
import functools
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from delivery import state as site
from delivery.store import Entry, Key, Store
from delivery.validators import coding_for, etag, is_named, tag_of

logger = logging.getLogger(__name__)

# Rooms, files, and questions about this process.
_NO_PAGES = ("/admin/", "/static/", "/media/", "/healthz", "/readyz")
# Pages for everybody too, but there is no end to what can be asked.
_SEARCH = "/suche/"
# What was shown before may be shown again for so long when the database is away.
_STALE_IF_ERROR = dt.timedelta(hours=24)
# Whoever waits for a page that another thread renders waits no longer than this.
_PATIENCE = 5.0
# Said anew with each answer. The date of a feed says less than its tag: a page may change and keep it.
_PER_ANSWER = frozenset(
    {"Content-Length", "Cache-Control", "ETag", "Vary", "Content-Encoding", "Last-Modified"}
)

store = Store(settings.PAGE_CACHE_BYTES)


# --- For views ---------------------------------------------------------------------------------


def public(response: HttpResponseBase) -> None:
    """Declare a response a public page: the same for everybody, as of the state of the site."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Accept-Encoding"])


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare all that a view answers a public page."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        public(response)
        return response

    return wrapped


# --- The middleware ----------------------------------------------------------------------------


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer public pages from memory, and 304 to who has them.

    Never for a request that carries a session: the newsroom sees what it has just changed, and
    nothing that it sees can get to a reader.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(_NO_PAGES):
            return get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = get_response(request)
            response.headers["Cache-Control"] = "private, no-cache"
            return response
        if request.path_info == _SEARCH:
            return get_response(request)
        return for_everybody(request)

    def for_everybody(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        try:
            state = site.current(_moment(request))
        except (DatabaseError, InterfaceError):
            return _without_database(request, key)
        tag = tag_of(state, key)
        current = etag(tag, coding_for(request.headers.get("Accept-Encoding", "")))
        if is_named(request.headers.get("If-None-Match", ""), current):
            return _not_modified(request, state, current)
        entry = _true_entry(key, tag)
        if entry is None:
            made = _make(request, get_response, key, tag)
            if isinstance(made, HttpResponse):
                return made
            entry = made
        return _answer(request, key, entry, state)

    return answer


def _moment(request: HttpRequest) -> dt.datetime:
    return request.at  # type: ignore[attr-defined, no-any-return]


def _key(request: HttpRequest) -> Key:
    """Return what distinguishes one public page from another; the view gets to see no more."""
    before = request.GET.get("vor", "")
    request.GET = QueryDict(urlencode({"vor": before}) if before else "")
    return (request.scheme or "", request.META.get("HTTP_HOST", ""), request.path_info, before)


def _true_entry(key: Key, tag: str) -> Entry | None:
    entry = store.get(key)
    return entry if entry is not None and entry.tag == tag else None


def _make(
    request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse], key: Key, tag: str
) -> Entry | HttpResponse:
    """Render a page and keep it; of many who ask at once, one renders."""
    lock = store.making(key)
    got = lock.acquire(timeout=_PATIENCE)
    try:
        entry = _true_entry(key, tag)
        if entry is not None:
            return entry
        response = get_response(request)
        if not _is_public(response):
            return response
        if response.status_code not in {HTTPStatus.OK, HTTPStatus.GONE}:
            store.drop(key)  # there is no page any more that could be shown without a database
            _until_the_second_ends(response, _moment(request))
            return response
        entry = Entry(
            tag=tag,
            status=response.status_code,
            headers={name: value for name, value in response.items() if name not in _PER_ANSWER},
            bodies={"": response.content},
            made_at=_moment(request),
        )
        store.put(key, entry)
        return entry
    finally:
        if got:
            lock.release()


def _is_public(response: HttpResponse) -> bool:
    """Say whether a response is the same for everybody: it says so itself, and knows no cookie."""
    return (
        response.headers.get("Cache-Control", "").startswith("public")
        and response.headers.get("Vary", "") == "Accept-Encoding"
        and not response.cookies
        and not response.streaming
    )


# --- Answers -----------------------------------------------------------------------------------


def _answer(request: HttpRequest, key: Key, entry: Entry, state: site.State | None) -> HttpResponse:
    coding = coding_for(request.headers.get("Accept-Encoding", "")) if entry.compresses() else ""
    current = etag(entry.tag, coding)
    known = request.headers.get("If-None-Match", "")
    if entry.status == HTTPStatus.OK and (is_named(known, current) or known.strip() == "*"):
        return _not_modified(request, state, current)
    body = store.body(key, entry, coding)
    shown = b"" if request.method == "HEAD" else body
    response = HttpResponse(shown, status=entry.status, headers=entry.headers)
    response.headers["Content-Length"] = str(len(body))
    if coding:
        response.headers["Content-Encoding"] = coding
    if entry.status == HTTPStatus.OK:  # nothing else may be answered with 304
        response.headers["ETag"] = current
    _about_keeping(request, response, state)
    return response


def _not_modified(request: HttpRequest, state: site.State | None, current: str) -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": current})
    del response.headers["Content-Type"]
    _about_keeping(request, response, state)
    return response


def _about_keeping(request: HttpRequest, response: HttpResponse, state: site.State | None) -> None:
    """Say who may keep the answer for how long: nobody beyond the next event.

    Browsers ask each time. A cache of ours keeps it for the second in which it was asked for,
    and a moment longer for those who come while it asks again; for a day, when we do not answer.
    Without a state there is no telling, and no keeping.
    """
    at = _moment(request)
    shared = min(1, int((state.until - at).total_seconds())) if state else 0
    response.headers["Cache-Control"] = (
        f"public, max-age=0, s-maxage={shared}, stale-while-revalidate={shared}, "
        f"stale-if-error={int(_STALE_IF_ERROR.total_seconds())}"
    )
    response.headers["Vary"] = "Accept-Encoding"
    _until_the_second_ends(response, at)


def _until_the_second_ends(response: HttpResponse, at: dt.datetime) -> None:
    """Tell nginx, which counts whole seconds: a relative second could last two."""
    if settings.BEHIND_PROXY:
        response.headers["X-Accel-Expires"] = f"@{int(at.timestamp())}"


def _without_database(request: HttpRequest, key: Key) -> HttpResponse:
    """Show what was shown last; without that say that it will be back."""
    logger.exception("state unknown")
    entry = store.get(key)
    if entry is not None and _moment(request) - entry.made_at < _STALE_IF_ERROR:
        return _answer(request, key, entry, None)
    response = render(request, "503.html", {"sections": []}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "10"
    response.headers["Cache-Control"] = "no-store"
    return response
