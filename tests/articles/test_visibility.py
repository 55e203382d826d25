"""The one word for visibility: the query and the instance say the same at every moment."""

import datetime as dt

import pytest

from articles.choices import EditionKind
from articles.models import Edition
from renewz.lib.dates import FOREVER
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

TICK = dt.timedelta(microseconds=1)
MOMENTS = {
    "long before": NOON - DAY,
    "just before": NOON - TICK,
    "start": NOON,
    "just after the start": NOON + TICK,
    "inside": NOON + HOUR,
    "just before the end": NOON + DAY - TICK,
    "end": NOON + DAY,
    "after": NOON + 2 * DAY,
}
# name of an edition → moments at which readers see it
LIVE = {
    "with an end": {"start", "just after the start", "inside", "just before the end"},
    "open-ended": {"start", "just after the start", "inside", "just before the end", "end", "after"},
    "cancelled": set(),
    "withdrawal": set(),
    "later edition": {"start", "just after the start", "inside", "just before the end"},
    "a tick long": {"start"},
}
WAITING = {
    "with an end": {"long before", "just before"},
    "open-ended": {"long before", "just before"},
    "cancelled": set(),
    "withdrawal": {"long before", "just before"},
    "later edition": {"long before", "just before"},
    "a tick long": {"long before", "just before"},
}
WITHDRAWN = {
    name: LIVE["open-ended"] if name == "withdrawal" else set() for name in LIVE
}  # fmt: skip


@pytest.fixture
def editions() -> dict[str, Edition]:
    """One edition of each kind, each of an article of its own."""
    rows = stories.bulk(len(LIVE), newest=NOON, step=dt.timedelta(0))
    Edition.objects.filter(pk__in=[row.pk for row in rows]).delete()
    periods = {
        "with an end": {"live_until": NOON + DAY},
        "open-ended": {},
        "cancelled": {"live_until": NOON},
        "withdrawal": {"kind": EditionKind.WITHDRAWAL},
        "later edition": {
            "kind": EditionKind.CORRECTION, "first_live_from": NOON - 9 * DAY, "live_until": NOON + DAY,
        },
        "a tick long": {"live_until": NOON + TICK},
    }  # fmt: skip
    made = {}
    for row, (name, values) in zip(rows, periods.items(), strict=True):
        row.pk = row.id = None
        for key, value in values.items():
            setattr(row, key, value)
        row.save(force_insert=True)
        made[name] = row
    return made


def table(editions, chosen_at) -> dict[str, set[str]]:
    """Return for each edition the moments for which ``chosen_at`` yields it."""
    seen: dict[str, set[str]] = {name: set() for name in editions}
    for label, moment in MOMENTS.items():
        chosen = chosen_at(moment)
        for name, edition in editions.items():
            if edition.pk in chosen:
                seen[name].add(label)
    return seen


def pks(queryset) -> set[int]:
    return set(queryset.values_list("pk", flat=True))


def test_the_truth_table_of_visibility(editions):
    def by_instance(at):
        return {edition.pk for edition in Edition.objects.all() if edition.is_live(at)}

    assert table(editions, lambda at: pks(Edition.objects.live(at))) == LIVE
    assert table(editions, by_instance) == LIVE


def test_the_truth_table_of_waiting(editions):
    def by_instance(at):
        return {edition.pk for edition in Edition.objects.all() if edition.is_waiting(at)}

    assert table(editions, lambda at: pks(Edition.objects.waiting(at))) == WAITING
    assert table(editions, by_instance) == WAITING


def test_the_truth_table_of_withdrawn(editions):
    assert table(editions, lambda at: pks(Edition.objects.withdrawn(at))) == WITHDRAWN


def test_in_force_is_live_or_withdrawn(editions):
    expected = {name: LIVE[name] | WITHDRAWN[name] for name in LIVE}

    assert table(editions, lambda at: pks(Edition.objects.in_force(at))) == expected


def test_begun_is_what_readers_have_seen_at_some_time(editions):
    begun = {"start", "just after the start", "inside", "just before the end", "end", "after"}
    expected = {name: set() if name == "cancelled" else begun for name in LIVE}

    assert table(editions, lambda at: pks(Edition.objects.begun(at))) == expected


def test_current_is_in_force_or_waiting(editions):
    expected = {name: LIVE[name] | WITHDRAWN[name] | WAITING[name] for name in LIVE}

    assert table(editions, lambda at: pks(Edition.objects.current(at))) == expected


def test_lists_show_the_newest_article_first_and_the_higher_number_among_equals():
    hour_ago, *at_noon = stories.bulk(1, newest=NOON - HOUR) + stories.bulk(
        2, newest=NOON, step=dt.timedelta(0)
    )

    shown = [edition.article_id for edition in Edition.objects.live(NOON).newest_first()]

    assert shown == [at_noon[1].article_id, at_noon[0].article_id, hour_ago.article_id]


def test_older_than_is_the_rest_of_the_list_after_a_place():
    rows = stories.bulk(3, newest=NOON) + stories.bulk(3, newest=NOON, step=dt.timedelta(0))
    listed = list(Edition.objects.live(NOON).newest_first())
    assert len(listed) == len(rows)

    for place, edition in enumerate(listed):
        rest = (
            Edition.objects.live(NOON).older_than(edition.first_live_from, edition.article_id).newest_first()
        )
        assert list(rest) == listed[place + 1 :]


def test_first_published_between_holds_its_begin_and_not_its_end():
    noon, before, _ = stories.bulk(3, newest=NOON, step=HOUR)

    found = Edition.objects.first_published_between(NOON - HOUR, NOON)

    assert set(found) == {before}
    assert set(Edition.objects.first_published_between(NOON, NOON + HOUR)) == {noon}


def test_an_edition_without_a_planned_end_is_open_ended():
    [edition] = stories.bulk(1, newest=NOON)

    assert edition.is_open_ended
    assert edition.live_until == FOREVER
    assert not Edition(live_until=NOON).is_open_ended


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (400, 2), (401, 3)])
def test_reading_time_is_rounded_up(words, minutes):
    assert Edition(word_count=words).reading_minutes == minutes
