"""What is answered with a page that was kept: pure, from the page, the question and the state."""

import datetime as dt
import functools
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings

from delivery.state import State
from delivery.store import Entry, Key, Store
from delivery.validators import coding_for, etag, is_named

# What was shown before may be shown again for so long when the database is away.
STALE_IF_ERROR = dt.timedelta(hours=24)

_SECOND = dt.timedelta(seconds=1)
# nginx knows by „stale-if-error“ what we keep ourselves (deploy/nginx.conf.template, $not_kept).
_FOR_A_SECOND, _FOR_NOW = (
    f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={seconds}, "
    f"stale-if-error={int(STALE_IF_ERROR.total_seconds())}"
    for seconds in (1, 0)
)

# Browsers have few ways to say what they can unpack, and each is read with every request.
_coding_for = functools.lru_cache(maxsize=256)(coding_for)


@dataclass(frozen=True)
class Question:
    """All that a reader's request says about a public page."""

    key: Key
    at: dt.datetime
    head: bool
    accepted: str  # Accept-Encoding
    known: str  # If-None-Match
    # Asked under one of endless other addresses of the page, under which nobody shall keep it.
    aside: bool = False

    def names(self, tag: str, coding: str) -> bool:
        """Say whether the reader has this representation."""
        return bool(self.known) and is_named(self.known, etag(tag, coding))

    def coding(self) -> str:
        """Return the coding that suits the reader best."""
        return _coding_for(self.accepted)


@dataclass(frozen=True)
class Answer:
    """Status, headers and bytes, for whoever hands them out."""

    status: HTTPStatus
    headers: dict[str, str]
    body: bytes


def answer(store: Store, question: Question, entry: Entry, state: State | None) -> Answer:
    """Answer with a kept page, or with 304 to who has it; without a state nobody may keep it."""
    coding = question.coding() if entry.compresses() else ""
    current = etag(entry.tag, coding)
    if entry.status == HTTPStatus.OK and (question.names(entry.tag, coding) or question.known.strip() == "*"):
        return not_modified(question, current, state)
    body = store.body(question.key, entry, coding)
    headers = {**entry.headers, "Content-Length": str(len(body)), **_keeping(question, state)}
    if coding:
        headers["Content-Encoding"] = coding
    if entry.status == HTTPStatus.OK:  # nothing else may be answered with 304
        headers["ETag"] = current
    return Answer(HTTPStatus(entry.status), headers, b"" if question.head else body)


def not_modified(question: Question, current: str, state: State | None) -> Answer:
    """Answer that the reader has the page already."""
    return Answer(HTTPStatus.NOT_MODIFIED, {"ETag": current, **_keeping(question, state)}, b"")


def until_the_second_ends(question: Question) -> dict[str, str]:
    """Tell nginx, which counts whole seconds: a relative second could last two."""
    if not settings.BEHIND_PROXY:
        return {}
    return {"X-Accel-Expires": "0" if question.aside else f"@{int(question.at.timestamp())}"}


def _keeping(question: Question, state: State | None) -> dict[str, str]:
    """Say who may keep the answer for how long: nobody beyond the next event.

    Browsers ask each time. A cache of ours keeps it for the second in which it was asked for,
    and a moment longer for those who come while it asks again; for a day, when we do not answer.
    Without a state there is no telling, and no keeping: nginx is told no second either, and leaves
    what it has as it is. It would forget „stale-if-error“ where it reads „s-maxage=0“.
    """
    is_kept = state is not None and state.until - question.at >= _SECOND
    return {
        "Cache-Control": _FOR_A_SECOND if is_kept else _FOR_NOW,
        "Vary": "Accept-Encoding",
        **(until_the_second_ends(question) if state or question.aside else {}),
    }
