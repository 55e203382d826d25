"""Role × state × action × path, complete. The two tables below are written by hand: they are the rule.

An action is done where the standing allows it and the person may; on every path the same.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.utils import timezone

from accounts import roles
from accounts.models import User
from articles import publishing
from articles.models import Article, Edition, Revision, Transition
from articles.workflow import ACTIONS
from renewz.lib.dates import BERLIN
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

# --- The rule ----------------------------------------------------------------------------------

_WRITER = {"submit", "take_back", "trash", "restore"}
_EDITOR = _WRITER | {"send_back", "approve", "publish", "schedule", "reschedule", "cancel"}
_CHIEF = _EDITOR | {"withdraw", "release_alone"}

MAY = {
    "author, her own text": _WRITER,
    "author, named in the byline": _WRITER,
    "author, somebody else's text": set(),
    "editor": _EDITOR,
    "editor who changed the text": _EDITOR - {"approve"},
    "chief": _CHIEF,
    "chief who changed the text": _CHIEF - {"approve"},
    "picture desk": set(),
    "tech": set(),
    "superuser without a role": set(),
    "chief who left": set(),
    "anonymous": set(),
}

FITS = {
    "draft": {"submit", "release_alone", "trash"},
    "in review": {"take_back", "send_back", "approve", "release_alone"},
    "approved": {"send_back", "publish", "schedule"},
    "waiting": {"send_back", "publish", "schedule", "reschedule", "cancel"},
    "live, next version in draft": {"submit", "withdraw", "release_alone"},
    "live, next version in review": {"take_back", "send_back", "approve", "withdraw", "release_alone"},
    "live, next version approved": {"send_back", "publish", "schedule", "withdraw"},
    "live, next version waiting": {"send_back", "publish", "schedule", "reschedule", "cancel", "withdraw"},
    "withdrawn": {"send_back", "publish", "schedule"},
    "in the trash": {"restore"},
}

# --- People ------------------------------------------------------------------------------------


def person(who: str, owner: User, named: User) -> User | None:
    """Return the account; ``None`` is a visitor who has not signed in."""
    made: dict[str, Callable[[], User | None]] = {
        "author, her own text": lambda: owner,
        "author, named in the byline": lambda: named,
        "author, somebody else's text": lambda: stories.user(roles.AUTHOR),
        "editor": lambda: stories.user(roles.EDITOR),
        "editor who changed the text": lambda: stories.user(roles.EDITOR),
        "chief": lambda: stories.user(roles.CHIEF),
        "chief who changed the text": lambda: stories.user(roles.CHIEF),
        "picture desk": lambda: stories.user(roles.PICTURE_DESK),
        "tech": lambda: stories.user(roles.TECH),
        "superuser without a role": lambda: stories.user(is_superuser=True),
        "chief who left": lambda: stories.user(roles.CHIEF, is_staff=False),
        "anonymous": lambda: None,
    }
    return made[who]()


# --- Where an article stands -------------------------------------------------------------------


def build(standing: str, named: User, contributor: User | None, now: dt.datetime) -> Article:
    """Bring an article there; the contributor has a part in the version that is at stake."""
    begun = now - 2 * HOUR
    text = {"bylines": [(stories.author("Max Moll", user=named), "text")]}
    article = stories.article(at=begun, **text)

    if standing.startswith("live"):
        article = stories.published(article, at=begun)
        article = stories.saved(article, at=begun, headline="Die Fassung, an der gearbeitet wird")
    if contributor is not None:
        article = stories.saved(article, contributor, at=begun, kicker="Geldpolitik")

    match standing:
        case "in review" | "live, next version in review":
            return stories.act(article, "submit", at=begun)
        case "approved" | "live, next version approved":
            return stories.approved(article, at=begun)
        case "waiting" | "live, next version waiting":
            return stories.scheduled(article, at=begun, live_from=now + DAY)
        case "withdrawn":
            return stories.withdrawn(stories.published(article, at=begun), at=begun + HOUR)
        case "in the trash":
            return stories.act(article, "trash", at=begun)
    return article


# --- Paths -------------------------------------------------------------------------------------
# A path tries an action the way a person could, and says whether it was taken (for „offered“:
# whether it would be). It knows its own signs of a refusal and accepts no others.


@dataclass(frozen=True)
class Attempt:
    """Who tries what: an account or a visitor, her browser, the article as she saw it."""

    user: User | None
    browser: Client
    article: Article
    now: dt.datetime


def attempt_of(user: User | None, article: Article, now: dt.datetime) -> Attempt:
    browser = Client()
    if user is not None:
        browser.force_login(user)
    return Attempt(user, browser, article, now)


WORDS = {"note": "Die Quelle hielt der Prüfung nicht stand.", "kind": "update", "reader_note": "Neue Zahlen."}


def by_the_door(name: str, attempt: Attempt) -> bool:
    if attempt.user is None:
        return False
    request = publishing.Request(live_from=attempt.now + DAY / 2, **WORDS)
    try:
        publishing.perform(name, attempt.article, attempt.user, attempt.article.token, request)
    except (publishing.NotAllowed, publishing.WrongState):
        return False
    return True


def by_what_is_offered(name: str, attempt: Attempt) -> bool:
    if attempt.user is None:
        return False
    return name in [
        action.name for action in publishing.available(attempt.user, attempt.article, attempt.now)
    ]


def by_direct_post(name: str, attempt: Attempt) -> bool:
    """Send the form of the action, whether it was shown or not."""
    begin = (attempt.now + DAY / 2).astimezone(BERLIN)
    fields = WORDS | {
        "token": attempt.article.token,
        "live_from_date": f"{begin:%Y-%m-%d}",
        "live_from_time": f"{begin:%H:%M}",
    }
    response = attempt.browser.post(f"/admin/articles/article/{attempt.article.pk}/aktion/{name}/", fields)
    if is_sign_in(response):
        return False
    assert response.status_code in {302, 403, 404, 409}, response.status_code
    return response.status_code == 302


def is_sign_in(response) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/admin/login/")


def by_the_list(name: str, attempt: Attempt) -> bool:
    """Choose the article in the list and an action for it, whether it was offered or not."""
    before = rows()
    fields = {"action": f"{name}_selected", "_selected_action": [attempt.article.pk], "index": 0}
    response = attempt.browser.post("/admin/articles/article/", fields)
    assert response.status_code in {200, 302, 403, 404}
    return rows() != before


PATHS = {
    "door": by_the_door,
    "offered": by_what_is_offered,
    "direct POST": by_direct_post,
    "list": by_the_list,
}


# --- The test ----------------------------------------------------------------------------------


def rows() -> list:
    """Return what every action and every save leaves its mark on."""
    columns = ("pk", "state", "version", "approved_version", "steps", "trashed_at", "changed_at")
    return [
        *Article.objects.order_by("pk").values_list(*columns),
        *Edition.objects.order_by("pk").values_list("pk", "live_from", "live_until"),
        Revision.objects.count(),
        Transition.objects.count(),
    ]


@pytest.fixture
def brief_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer what is not there or not allowed in a word: this file refuses a thousand times.

    What the pages show is asked below, and in test_public_pages.
    """
    monkeypatch.setattr("renewz.urls.handler404", lambda request, exception: HttpResponseNotFound())
    monkeypatch.setattr(
        "renewz.urls.handler403", lambda request, exception: HttpResponseForbidden(), raising=False
    )


def taken(names: Iterable[str], path: str, attempt: Attempt) -> set[str]:
    """Try actions, each from the same start, and look closely at what it has changed."""
    before, found = rows(), set()
    for name in names:
        savepoint = transaction.savepoint_create()
        if PATHS[path](name, attempt):
            found.add(name)
            # An action that is done leaves a trace, one that is offered leaves none.
            assert (rows() == before) is (path == "offered"), name
        else:
            assert rows() == before, f"{name} was refused and yet changed something"
        transaction.savepoint_rollback(savepoint)
    return found


def attempts(standing: str) -> Iterator[tuple[str, Attempt]]:
    """Yield everybody with an article that stands there; all but those with a part in it share one."""
    now = timezone.now()
    owner, named = stories.writer(), stories.user(roles.AUTHOR)
    untouched = build(standing, named, None, now)
    for who in MAY:
        user = person(who, owner, named)
        article = build(standing, named, user, now) if "changed the text" in who else untouched
        yield who, attempt_of(user, stories.fresh(article), now)


@pytest.mark.usefixtures("brief_refusals")
@pytest.mark.parametrize("standing", FITS)
def test_an_action_is_done_where_it_fits_by_who_may_and_nowhere_else(standing, subtests):
    for who, attempt in attempts(standing):
        for path in ("door", "offered", "direct POST"):
            with subtests.test(who=who, path=path):
                assert taken(ACTIONS, path, attempt) == MAY[who] & FITS[standing]


def test_the_matrix_is_complete():
    assert set().union(*FITS.values()) == set(ACTIONS)
    assert set().union(*MAY.values()) == set(ACTIONS)


# --- Lists and reading -------------------------------------------------------------------------

SEES = {who: bool(rights) for who, rights in MAY.items()}
LIST_ACTIONS = ("submit", "approve", "trash")


@pytest.mark.usefixtures("brief_refusals")
@pytest.mark.parametrize("standing", ["draft", "in review", "approved", "in the trash"])
def test_actions_of_the_list_keep_the_same_rule(standing, subtests):
    for who, attempt in attempts(standing):
        with subtests.test(who=who):
            assert taken(LIST_ACTIONS, "list", attempt) == MAY[who] & FITS[standing] & set(LIST_ACTIONS)


PAGES = ("change/", "vorschau/", "verlauf/", "aktion/submit/")


@pytest.mark.parametrize("who", MAY)
def test_who_may_not_see_a_manuscript_finds_it_on_no_page(who):
    owner, named = stories.writer(), stories.user(roles.AUTHOR)
    user = person(who, owner, named)
    article = build("draft", named, None, timezone.now())
    browser = attempt_of(user, article, timezone.now()).browser
    marker = article.headline

    for page in PAGES:
        response = browser.get(f"/admin/articles/article/{article.pk}/{page}")
        if SEES[who]:
            assert response.status_code == 200, page
            assert marker in response.content.decode(), page
        elif who in {"anonymous", "chief who left"}:
            assert is_sign_in(response), page
        else:
            assert response.status_code in {403, 404}, page
            assert marker not in response.content.decode(), page
    listed = browser.get("/admin/articles/article/")
    assert (marker in listed.content.decode()) is SEES[who]


@pytest.mark.parametrize("who", [who for who, sees in SEES.items() if not sees])
def test_a_manuscript_that_may_not_be_seen_answers_like_one_that_never_was(who):
    owner, named = stories.writer(), stories.user(roles.AUTHOR)
    article = build("draft", named, None, timezone.now())
    browser = attempt_of(person(who, owner, named), article, timezone.now()).browser

    for page in PAGES:
        there = browser.get(f"/admin/articles/article/{article.pk}/{page}")
        never = browser.get(f"/admin/articles/article/{article.pk + 9_999}/{page}")
        assert there.status_code == never.status_code
