"""Breaking news: when a line is to be seen, who may set and end one, and what the door refuses."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import roles
from accounts.models import User
from articles.publishing import NotAllowed, WrongState
from frontpage import breaking
from frontpage.banner import banner
from frontpage.breaking import BadInput, Line
from frontpage.models import BreakingNews
from tests import stories
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = pytest.mark.django_db

TEXT = "Bundestag beschließt den Haushalt"


def shown(at: dt.datetime) -> str | None:
    found = banner(at)
    return found.text if found else None


# --- When it is to be seen ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_shown"),
    [
        (-SECOND, False),
        (0 * SECOND, True),
        (HOUR, True),
        (2 * HOUR - SECOND, True),
        (2 * HOUR, False),
        (DAY, False),
    ],
    ids=["before", "at its start", "inside", "a second before its end", "at its end", "after"],
)
@pytest.mark.parametrize("planned", [False, True], ids=["set at its start", "planned before"])
def test_a_line_is_shown_from_its_start_until_its_end(
    planned: bool, moment: dt.timedelta, is_shown: bool
) -> None:
    row = stories.breaking(TEXT, starts_at=NOON, at=NOON - HOUR if planned else NOON)
    assert shown(NOON + moment) == (TEXT if is_shown else None)
    assert row.is_running(NOON + moment) is is_shown


def test_of_several_the_newest_start_wins_and_what_it_covered_comes_back() -> None:
    stories.breaking("Die erste", at=NOON, hours=3)
    stories.breaking("Die zweite", at=NOON + HOUR, hours=1)
    moments = [NOON, NOON + HOUR - SECOND, NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR]
    assert [shown(at) for at in moments] == ["Die erste", "Die erste", "Die zweite", "Die erste", None]


def test_of_two_with_one_start_the_later_one_wins() -> None:
    stories.breaking("Die erste", starts_at=NOON, at=NOON - HOUR)
    stories.breaking("Die zweite", starts_at=NOON, at=NOON - HOUR)
    assert shown(NOON) == "Die zweite"
    assert len(BreakingNews.objects.live(NOON)) == 1


def test_a_line_that_is_ended_is_gone_in_that_second_and_the_past_stays_as_it_was() -> None:
    row = stories.breaking(TEXT, at=NOON)
    breaking.end(stories.chief(), row, at=NOON + HOUR)
    row.refresh_from_db()
    assert [shown(at) for at in (NOON, NOON + HOUR - SECOND, NOON + HOUR)] == [TEXT, TEXT, None]
    assert [row.is_running(at) for at in (NOON + HOUR - SECOND, NOON + HOUR)] == [True, False]
    assert (row.set_by, row.set_at) == (stories.chief(), NOON)
    assert (row.ended_by, row.ended_at, row.ends_at) == (stories.chief(), NOON + HOUR, NOON + 2 * HOUR)


def test_a_plan_that_is_ended_before_its_start_is_never_shown() -> None:
    row = stories.breaking(TEXT, starts_at=NOON, at=NOON - DAY)
    breaking.end(stories.chief(), row, at=NOON - HOUR)
    assert [shown(at) for at in (NOON - HOUR, NOON, NOON + HOUR)] == [None, None, None]


def test_the_next_change_is_known_before() -> None:
    assert BreakingNews.objects.next_change(NOON) is None
    first = stories.breaking("Die erste", starts_at=NOON, hours=3, at=NOON - DAY)
    stories.breaking("Die zweite", starts_at=NOON + HOUR, hours=1, at=NOON - DAY)
    ask = BreakingNews.objects.next_change
    assert [ask(NOON - HOUR), ask(NOON), ask(NOON + HOUR)] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert [ask(NOON + 2 * HOUR), ask(NOON + 3 * HOUR)] == [NOON + 3 * HOUR, None]
    breaking.end(stories.chief(), first, at=NOON + MINUTE)
    assert [ask(NOON), ask(NOON + MINUTE)] == [NOON + MINUTE, NOON + HOUR]
    assert ask(NOON + 2 * HOUR) is None


# --- Its article -------------------------------------------------------------------------------


def test_the_link_is_there_only_while_the_article_can_be_read() -> None:
    article = stories.scheduled(live_from=NOON, live_until=NOON + HOUR, at=NOON - DAY, headline="Geheim")
    stories.breaking(TEXT, starts_at=NOON - HOUR, hours=4, article=article, at=NOON - DAY)
    address = stories.editions_of(article)[0].get_absolute_url()
    found = [banner(at) for at in (NOON - SECOND, NOON, NOON + HOUR)]
    assert [line.address for line in found if line] == ["", address, ""]
    assert [line.text for line in found if line] == [TEXT] * 3


def test_a_withdrawn_article_leaves_the_text_without_a_link() -> None:
    article = stories.published(at=NOON - DAY)
    stories.breaking(TEXT, article=article, at=NOON)
    stories.withdrawn(article, at=NOON + MINUTE)
    assert banner(NOON).address
    assert banner(NOON + MINUTE).address == ""


def test_the_link_is_the_address_of_the_day() -> None:
    article = stories.published(at=NOON - DAY)
    stories.breaking(TEXT, article=article, at=NOON - HOUR)
    before = banner(NOON - SECOND).address
    stories.revised(article, at=NOON, headline="Ganz andere Überschrift", slug="ganz-anders")
    assert before != banner(NOON).address == stories.live_edition(article, NOON).get_absolute_url()


def test_a_line_costs_one_query(django_assert_num_queries) -> None:
    article = stories.published(at=NOON - DAY)
    for _ in range(5):
        stories.breaking(TEXT, article=article, at=NOON)
    with django_assert_num_queries(1):
        assert banner(NOON).address


# --- Who may -----------------------------------------------------------------------------------

PEOPLE = {
    "author": (lambda: stories.user(roles.AUTHOR), False),
    "editor": (lambda: stories.user(roles.EDITOR), False),
    "chief": (lambda: stories.user(roles.CHIEF), True),
    "picture desk": (lambda: stories.user(roles.PICTURE_DESK), False),
    "tech": (lambda: stories.user(roles.TECH), False),
    "superuser without a role": (lambda: stories.user(is_superuser=True), False),
    "superuser and chief": (lambda: stories.user(roles.CHIEF, is_superuser=True), True),
    "chief who left": (lambda: stories.user(roles.CHIEF, is_staff=False), False),
    "anonymous": (AnonymousUser, False),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_only_a_chief_sets_replaces_and_ends(who: str) -> None:
    make, may = PEOPLE[who]
    user: User = make()
    row = stories.breaking(TEXT, at=NOON)
    line = Line(text="Etwas anderes", ends_at=NOON + HOUR)
    ways = {
        "end": lambda: breaking.end(user, stories.breaking(at=NOON), at=NOON),
        "announce": lambda: breaking.announce(user, line, at=NOON),
        "replace": lambda: breaking.announce(user, line, replaces=row, at=NOON),
        "draft": lambda: breaking.drafted(user, line, NOON),
    }
    taken = set()
    for name, way in ways.items():
        before = list(BreakingNews.objects.values_list("pk", "ended_at"))
        try:
            way()
            taken.add(name)
        except NotAllowed as refusal:
            assert str(refusal) == "Eilmeldungen setzt und beendet die Chefin oder der Chef vom Dienst."
            after = BreakingNews.objects.filter(pk__in=[pk for pk, _ in before])
            assert list(after.values_list("pk", "ended_at")) == before
    assert taken == (set(ways) if may else set())


# --- What the door refuses ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"text": ""}, "text", "Bitte schreiben Sie, was geschehen ist."),
        ({"text": " \u200b\u00a0… – "}, "text", "Bitte schreiben Sie, was geschehen ist."),
        ({"text": "x" * 121}, "text", "Höchstens 120 Zeichen; es sind 121."),
        ({"starts_at": NOON - SECOND}, "starts_at", "Dieser Zeitpunkt ist schon vorbei."),
        ({"ends_at": NOON}, "ends_at", "Das Ende muss nach dem Beginn liegen."),
        (
            {"starts_at": NOON + 2 * HOUR, "ends_at": NOON + HOUR},
            "ends_at",
            "Das Ende muss nach dem Beginn liegen.",
        ),
        ({"ends_at": NOON + DAY + SECOND}, "ends_at", "Eine Eilmeldung läuft höchstens 24 Stunden."),
        (
            {"article": 987_654},
            "article",
            "Dieser Artikel ist weder online noch geplant. Bitte „Entfernen“ drücken.",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict, field: str, message: str) -> None:
    line = Line(**({"text": TEXT, "ends_at": NOON + HOUR} | changes))
    with pytest.raises(BadInput) as refusal:
        breaking.announce(stories.chief(), line, at=NOON)
    assert (refusal.value.field, str(refusal.value)) == (field, message)
    assert not BreakingNews.objects.exists()


def test_a_manuscript_that_no_reader_will_see_is_no_goal_of_a_link() -> None:
    line = Line(text=TEXT, ends_at=NOON + HOUR, article=stories.approved(at=NOON - DAY).pk)
    with pytest.raises(BadInput, match="weder online noch geplant"):
        breaking.announce(stories.chief(), line, at=NOON)


def test_the_longest_line_and_the_longest_period_are_taken() -> None:
    row = stories.breaking("x" * 120, at=NOON, hours=24)
    assert (len(row.text), row.ends_at) == (120, NOON + DAY)


def test_the_text_is_one_clean_line_in_german_typography() -> None:
    row = stories.breaking('  "Das reicht"\n sagt\u202e sie:  5 Prozent ', at=NOON)
    assert row.text == "„Das reicht“ sagt sie: 5\u00a0Prozent"


@pytest.mark.parametrize("moment", [NOON + 2 * HOUR, NOON + DAY])
def test_what_is_over_cannot_be_ended(moment: dt.datetime) -> None:
    row = stories.breaking(TEXT, at=NOON)
    with pytest.raises(WrongState, match="Diese Eilmeldung ist schon beendet"):
        breaking.end(stories.chief(), row, at=moment)
    row.refresh_from_db()
    assert row.ended_at is None


def test_of_two_who_end_it_the_first_stands_in_the_record() -> None:
    row = stories.breaking(TEXT, at=NOON)
    breaking.end(stories.chief(), row, at=NOON + MINUTE)
    with pytest.raises(WrongState):
        breaking.end(stories.user(roles.CHIEF), row, at=NOON + HOUR)
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at) == (stories.chief(), NOON + MINUTE)


def test_a_replacement_ends_the_old_line_in_the_same_moment() -> None:
    old = stories.breaking("Drei Verletzte", at=NOON)
    line = Line(text="Vier Verletzte", ends_at=NOON + 2 * HOUR)
    breaking.announce(stories.chief(), line, replaces=old, at=NOON + MINUTE)
    assert [shown(NOON + MINUTE - SECOND), shown(NOON + MINUTE)] == ["Drei Verletzte", "Vier Verletzte"]
    old.refresh_from_db()
    assert (old.text, old.ended_at) == ("Drei Verletzte", NOON + MINUTE)


@pytest.mark.parametrize("fault", ["text", "old"])
def test_a_refused_replacement_changes_nothing(fault: str) -> None:
    old = stories.breaking(TEXT, at=NOON)
    if fault == "old":
        breaking.end(stories.chief(), old, at=NOON + MINUTE)
    before = list(BreakingNews.objects.values_list("text", "ended_at"))
    line = Line(text="" if fault == "text" else "Neu", ends_at=NOON + 2 * HOUR)
    with pytest.raises(BadInput if fault == "text" else WrongState):
        breaking.announce(stories.chief(), line, replaces=old, at=NOON + HOUR)
    assert list(BreakingNews.objects.values_list("text", "ended_at")) == before


@pytest.mark.parametrize("end", [NOON, NOON - SECOND])
def test_the_database_refuses_an_end_that_is_not_after_the_start(end: dt.datetime) -> None:
    with pytest.raises(IntegrityError, match="breaking_ends_after_it_starts"), transaction.atomic():
        BreakingNews.objects.create(text=TEXT, starts_at=NOON, ends_at=end, set_at=timezone.now())


def test_who_set_and_who_ended_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="frontpage.breaking"):
        row = stories.breaking(TEXT, at=NOON)
        breaking.end(stories.chief(), row, at=NOON)
    seen = [(r.getMessage(), r.breaking, r.user, r.superuser) for r in caplog.records]
    chief = stories.chief().pk
    assert seen == [
        ("breaking news set", row.pk, chief, False),
        ("breaking news ended", row.pk, chief, False),
    ]
