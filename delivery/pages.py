"""How public pages are answered: from memory while the state of the site is the same.

A page is rendered for its key alone, so nothing else that a reader sends can change it: the view
sees neither other parameters nor a session. Nor can anybody multiply pages: each has one key,
however its address is written, and nginx is to keep it under no other.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control, patch_vary_headers

from delivery import answers, surrogate
from delivery import state as site
from delivery.answers import STALE_IF_ERROR, Answer, Question
from delivery.host import host_of
from delivery.line import Away
from delivery.state import State
from delivery.store import Entry, Key, Store
from delivery.validators import etag, tag_of

# Rooms, files, and questions about this process.
_NO_PAGES = ("/admin/", "/static/", "/media/", "/healthz", "/readyz")
# Pages for everybody too, but there is no end to what can be asked.
_SEARCH = "/suche/"
# How nginx wants to see the parameter: anything else it takes for another page each time.
_BEFORE = re.compile(r"(?:^|&)vor=[0-9]+(?:&|$)")
# Whoever waits for a page that another thread renders waits no longer than this (seconds).
_PATIENCE = 1.5
# Said anew with each answer. The date of a feed says less than its tag: a page may change and keep it.
_PER_ANSWER = frozenset(
    {"Content-Length", "Cache-Control", "ETag", "Vary", "Content-Encoding", "Last-Modified"}
)

View = Callable[[HttpRequest], HttpResponse]

# The numbers of the articles that readers could see at some time since the first moment, and cannot at the
# second.
Gone = Callable[[dt.datetime, dt.datetime], frozenset[int]]

store = Store(settings.PAGE_CACHE_BYTES)


# --- For apps and views ------------------------------------------------------------------------


def forget_articles(gone: Gone) -> None:
    """Let an app say which articles are gone, so that no page with them is shown while the database is away.

    Asked for all of the time that a page may be shown, so that an article too many costs nothing: in
    a new state no page of an older one is of use, as long as the database answers.
    """
    site.listen(lambda at: store.forget(gone(at - STALE_IF_ERROR, at), at))


def public(response: HttpResponseBase) -> None:
    """Declare a response a public page: the same for everybody, as of the state of the site."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Accept-Encoding"])


def keep(response: HttpResponseBase) -> None:
    """Let a public answer be kept that has no content: only where nobody can make up addresses for it."""
    response.is_to_be_kept = True  # type: ignore[attr-defined]


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare all that a view answers a public page."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        public(response)
        return response

    return wrapped


def in_parts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare that a view has pages that begin at ``?vor=``; every other has one alone."""
    view.is_in_parts = True  # type: ignore[attr-defined]
    return view


# --- The middleware ----------------------------------------------------------------------------


def middleware(get_response: View) -> View:
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
        if request.path_info == _SEARCH or host_of(request.META) is None:  # which Django refuses
            return get_response(request)
        return _for_everybody(request, get_response)

    return answer


def _for_everybody(request: HttpRequest, get_response: View) -> HttpResponse:
    question = _question(request)
    try:
        state = site.current(question.at)
    except Away:
        return _without_database(request, get_response, question)
    # For ``delivery.parts``.
    request.site_state = state  # type: ignore[attr-defined]
    tag = tag_of(state, question.key)
    coding = question.coding()
    if question.names(tag, coding):
        return _response(answers.not_modified(question, etag(tag, coding), state))
    entry = true_entry(question.key, state)
    if entry is None:
        made = _make(request, get_response, question, state)
        if isinstance(made, HttpResponse):
            return made
        entry = made
    return _response(answers.answer(store, question, entry, state))


def _question(request: HttpRequest) -> Question:
    """Read what distinguishes one public page from another; the view gets to see no more."""
    before, aside = _begin(request)
    request.GET = QueryDict(urlencode({"vor": before}) if before else "")
    return Question(
        key=(request.scheme or "", host_of(request.META) or "", request.path_info, before),
        at=request.at,  # type: ignore[attr-defined]
        head=request.method == "HEAD",
        accepted=request.headers.get("Accept-Encoding", ""),
        known=request.headers.get("If-None-Match", ""),
        aside=aside,
    )


def _begin(request: HttpRequest) -> tuple[str, bool]:
    """Return where the wanted part of a list begins, and whether the question is one aside."""
    query = request.META.get("QUERY_STRING", "")
    path_as_sent = request.META.get("RAW_URI", "").partition("?")[0]
    named = unquote(query).count("vor")
    before = request.GET.get("vor", "") if named and _is_in_parts(request.path_info) else ""
    as_plain_as_can_be = not named or (before and named == 1 and _BEFORE.search(query))
    return before, "%" in path_as_sent or not as_plain_as_can_be


def _is_in_parts(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "is_in_parts", False)
    except Resolver404:
        return False


def true_entry(key: Key, state: State) -> Entry | None:
    """Return the page if it was kept, and is as it would be rendered now."""
    entry = store.get(key)
    return entry if entry is not None and entry.is_of(state) else None


def _make(request: HttpRequest, get_response: View, question: Question, state: State) -> Entry | HttpResponse:
    """Render a page and keep it; of many who ask at once, one renders."""
    lock = store.making(question.key)
    if not lock.acquire(timeout=_PATIENCE):  # something hangs: not one more of us
        return _without_database(request, get_response, question)
    try:
        return true_entry(question.key, state) or _rendered(request, get_response, question, state)
    finally:
        lock.release()


def _rendered(
    request: HttpRequest, get_response: View, question: Question, state: State
) -> Entry | HttpResponse:
    response = get_response(request)
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:  # the database went while we rendered
        return _as_it_was(question) or response
    if not _is_public(response):
        return response
    articles = surrogate.articles_on(response, request.path_info)
    surrogate.name_articles(response, articles)
    has_content = response.status_code in {HTTPStatus.OK, HTTPStatus.GONE}
    if not has_content and not getattr(response, "is_to_be_kept", False):
        store.drop(question.key)  # there is no page any more that could be shown without a database
        for name, value in answers.until_the_second_ends(question).items():
            response.headers[name] = value
        return response
    entry = Entry(
        state=state,
        tag=tag_of(state, question.key),
        status=response.status_code,
        headers={name: value for name, value in response.items() if name not in _PER_ANSWER},
        bodies={"": response.content},
        made_at=question.at,
        articles=articles,
    )
    store.put(question.key, entry)
    return entry


def _is_public(response: HttpResponse) -> bool:
    """Say whether a response is the same for everybody: it says so itself, and knows no cookie."""
    return (
        response.headers.get("Cache-Control", "").startswith("public")
        and response.headers.get("Vary", "") == "Accept-Encoding"
        and not response.cookies
        and not response.streaming
    )


def _without_database(request: HttpRequest, get_response: View, question: Question) -> HttpResponse:
    """Show what was shown last, or let ``delivery.middleware.unavailable`` say that it is away."""
    request.database_away = True  # type: ignore[attr-defined]
    return _as_it_was(question) or get_response(request)


def _as_it_was(question: Question) -> HttpResponse | None:
    """Show what was shown last, unless that is too long ago; where to go instead may have changed since."""
    entry = store.get(question.key)
    if entry is None or entry.status == HTTPStatus.MOVED_PERMANENTLY:
        return None
    if question.at - entry.made_at >= STALE_IF_ERROR:
        return None
    return _response(answers.answer(store, question, entry, None))


def _response(answer: Answer) -> HttpResponse:
    if answer.status == HTTPStatus.MOVED_PERMANENTLY:
        return HttpResponsePermanentRedirect(answer.headers["Location"], headers=answer.headers)
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    if answer.status == HTTPStatus.NOT_MODIFIED:
        del response.headers["Content-Type"]
    return response
