"""The room „Betrieb“: who may come in, what it says, and trying again."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import html

from accounts import roles
from accounts.models import User
from background import desk, queue, timetable
from background.models import TimetableEntry, Worker
from tests import stories
from tests.background.tasks import note, ring
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]

ROOM = "/admin/background/worker/"

PEOPLE: dict[str, tuple[Callable[[], Any], bool]] = {
    "nobody": (AnonymousUser, False),
    "author": (lambda: stories.user(roles.AUTHOR), False),
    "editor": (lambda: stories.user(roles.EDITOR), False),
    "picture desk": (lambda: stories.user(roles.PICTURE_DESK), False),
    "chief": (lambda: stories.user(roles.CHIEF), True),
    "tech": (lambda: stories.user(roles.TECH), True),
    "superuser": (lambda: stories.user(is_superuser=True), False),
    "tech who left": (lambda: stories.user(roles.TECH, is_active=False), False),
    "tech without desk": (lambda: stories.user(roles.TECH, is_staff=False), False),
}


def browser(user: Any) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client


@pytest.fixture
def samira() -> User:
    return stories.user(roles.TECH, username="samira")


def failed(*words: object, fault: BaseException | None = None) -> DBTaskResult:
    """Order, and fail until it is given up."""
    note.enqueue(*words)
    number = queue.number_of(note, *words)
    DBTaskResult.objects.filter(pk=number).update(worker_ids=["w1"] * 5, priority=90)
    order = queue.claim("w1")
    assert order is not None
    assert order.pk == number
    queue.failed(order, fault or ValueError("geheim"))
    return DBTaskResult.objects.get(pk=number)


def seen(seconds_ago: int = 0, **values: Any) -> Worker:
    now = timezone.now()
    values = {"name": "w1", "host": "rechner", "pid": 7, "started_at": now - HOUR} | values
    return Worker.objects.create(seen_at=now - seconds_ago * SECOND, **values)


def words(client: Client, address: str = ROOM) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    main = html.fromstring(answer.content.decode()).get_element_by_id("content")
    return " ".join(" ".join(main.itertext()).split())


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_the_room_and_its_door_are_for_tech_and_chief(who: str) -> None:
    make, allowed = PEOPLE[who]
    user, order = make(), failed("a")
    client = browser(user)
    again = client.post(f"{ROOM}{order.pk}/noch-einmal/")
    order.refresh_from_db()
    assert (client.get(ROOM).status_code == 200) is allowed
    assert (again.status_code == 302 and again.headers["Location"] == ROOM) is allowed
    assert order.status == ("READY" if allowed else "FAILED")
    assert desk.may_attend(user) is allowed


@pytest.mark.parametrize("who", [name for name, (_, allowed) in PEOPLE.items() if not allowed])
def test_the_door_itself_refuses_without_the_view(who: str) -> None:
    user, order = PEOPLE[who][0](), failed("a")
    with pytest.raises(desk.NotAllowed):
        desk.order_again(user, order.pk)
    assert DBTaskResult.objects.get().status == "FAILED"


def test_only_who_may_sees_the_room_among_the_rooms() -> None:
    links = [f'href="{ROOM}"' in browser(make()).get("/admin/").content.decode() for make in (
        stories.editor, stories.chief)]  # fmt: skip
    assert links == [False, True]


def test_the_rooms_of_the_package_are_closed(samira: User) -> None:
    samira.is_superuser = True
    samira.save()
    assert browser(samira).get("/admin/django_tasks_database/dbtaskresult/").status_code == 404


# --- Trying again --------------------------------------------------------------------------------


def test_what_failed_is_ordered_again_once_and_the_log_knows_by_whom(samira: User, caplog: Any) -> None:
    caplog.set_level("INFO", "background.desk")
    order = failed("a", fault=ValueError())
    desk.order_again(samira, order.pk)
    with pytest.raises(desk.NotPossible, match="nicht mehr gescheitert"):
        desk.order_again(samira, order.pk)
    order.refresh_from_db()
    assert (order.status, order.worker_ids) == ("READY", [])
    assert [(r.getMessage(), r.order, r.user) for r in caplog.records] == [
        ("order tried again", str(order.pk), samira.pk)
    ]


def test_what_never_was_or_did_not_fail_is_not_ordered(samira: User) -> None:
    note.enqueue("a")
    for number in (uuid.uuid4(), queue.number_of(note, "a")):
        with pytest.raises(desk.NotPossible):
            desk.order_again(samira, number)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("path", ["nothing.there", "tests.stories.NOON"])
def test_a_task_of_another_release_is_not_ordered(samira: User, path: str) -> None:
    order = failed("a")
    DBTaskResult.objects.update(task_path=path)
    answer = browser(samira).post(f"{ROOM}{order.pk}/noch-einmal/", follow=True)
    assert "Diese Ausgabe der Anwendung kennt die Aufgabe nicht." in answer.content.decode()
    assert DBTaskResult.objects.get().status == "FAILED"


def test_without_a_worker_nothing_is_ordered(samira: User, settings: Any) -> None:
    order = failed("a")
    settings.TASKS_RUN = "immediate"
    with pytest.raises(desk.NotPossible, match="kein Worker eingerichtet"):
        desk.order_again(samira, order.pk)


def test_a_look_orders_nothing(samira: User) -> None:
    order = failed("a")
    assert browser(samira).get(f"{ROOM}{order.pk}/noch-einmal/").status_code == 405
    assert DBTaskResult.objects.get().status == "FAILED"


# --- What it says --------------------------------------------------------------------------------


def test_in_peace(samira: User, clock: time_machine.Traveller) -> None:
    seen()
    said = words(browser(samira))
    for sentence in (
        "Nichts ist gescheitert.",
        "Gerade nichts.",
        "Nichts wartet.",
        "rechner, Prozess 7 lebt",
    ):
        assert sentence in said
    assert "Kein Worker" not in said
    assert "hat sich kein Worker gemeldet" not in said


def test_failures_say_why_without_what_a_strangers_message_holds(
    samira: User, clock: time_machine.Traveller
) -> None:
    failed("<script>alert(1)</script>", 5, fault=OSError(28, "https://name:passwort@host"))
    page = browser(samira).get(ROOM).content.decode()
    assert "Der Platz auf dem Speicher ist aus: OSError" in page
    assert "nach 6 Versuchen" in page
    assert "&lt;script&gt;" in page
    assert "passwort" not in page
    assert "<script>alert" not in page


def test_what_runs_waits_and_is_overdue(samira: User, clock: time_machine.Traveller) -> None:
    seen()
    note.enqueue("x")
    queue.claim("w1")
    note.enqueue("alt")
    clock.shift(3 * MINUTE)
    note.enqueue("neu")
    seen(name="w2", host="zwei")
    said = words(browser(samira))
    assert "note x läuft seit 12:00 Uhr, Versuch 1 von 6" in said
    assert "Wartet (2) note alt überfällig seit 12:00 Uhr note neu wartet seit 12:03 Uhr" in said
    assert "Ein Auftrag wartet länger als zwei Minuten." in said
    assert "rechner, Prozess 7 schweigt arbeitet an: note" in said
    assert "zwei, Prozess 7 lebt arbeitet an: nichts" in said


def test_a_pause_before_the_next_attempt_is_not_overdue(
    samira: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("background.policies.random.uniform", lambda least, most: most)
    note.enqueue("a")
    order = queue.claim("w1")
    assert order is not None
    queue.failed(order, TimeoutError())
    DBTaskResult.objects.update(enqueued_at=NOON - HOUR)
    seen()
    said = words(browser(samira))
    assert "länger als zwei Minuten" not in said
    assert "note a wartet Versuch 2 von 6 in 10 Sek. Es hat zu lange gedauert: TimeoutError" in said


@pytest.mark.parametrize(("seconds", "silent"), [(119, False), (121, True)])
def test_silence_of_two_minutes_is_said(
    samira: User, clock: time_machine.Traveller, seconds: int, silent: bool
) -> None:
    seen(seconds)
    client = browser(samira)
    assert ("hat sich kein Worker gemeldet" in words(client)) is silent
    assert ("Kein Worker am Leben" in words(client, "/admin/")) is silent


def test_without_any_worker_it_says_so(samira: User) -> None:
    assert "Kein Worker läuft. Neue Bilder bekommen keine Größen" in words(browser(samira))


def test_where_none_is_configured_none_is_missed(samira: User, settings: Any) -> None:
    settings.TASKS_RUN = "immediate"
    client = browser(samira)
    said = words(client)
    assert "Es ist kein Worker eingerichtet." in said
    assert "Kein Worker läuft" not in said
    assert "Kein Worker am Leben" not in words(client, "/admin/")


def test_the_start_page_tells_those_who_may_of_failures() -> None:
    seen()
    failed("a")
    failed("b")
    told = ["2 Aufträge sind gescheitert" in words(browser(make()), "/admin/") for make in (
        stories.editor, stories.chief)]  # fmt: skip
    assert told == [False, True]


def test_the_timetable_says_last_and_next(
    samira: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "entries", {})
    timetable.register("ring", ring, timetable.Every(60))
    timetable.register("note", note, timetable.Daily(3, 30))
    client = browser(samira)
    assert "Glocke läuten jede Minute noch nie –" in words(client)
    timetable.order_due(NOON)
    queue.done(queue.claim("w1"))
    said = words(client)
    assert "Glocke läuten jede Minute erledigt 12:00 Uhr 12:01 Uhr" in said
    assert "note täglich um 03:30 Uhr noch nie 5. Mai 2026, 03:30 Uhr" in said
    clock.shift(4 * MINUTE)
    assert "überfällig 12:01 Uhr" in words(client)


def test_every_entry_of_the_real_timetable_has_words(samira: User) -> None:
    timetable.order_due(timezone.now())
    said = words(browser(samira))
    titles = (
        "Kurse holen alle 5 Minuten", "Suche ergänzen alle 10 Minuten", "Fehlende Bildgrößen nachholen alle",
        "Alte Bildgrößen entfernen täglich", "Fehlende Teilen-Karten nachholen täglich",
        "Alte Teilen-Karten entfernen täglich", "Abgelaufene Sitzungen entfernen täglich",
        "Erledigte Aufträge entfernen täglich",
    )  # fmt: skip
    assert [title for title in titles if title not in said] == []
    assert TimetableEntry.objects.count() == len(titles)


def test_it_costs_the_same_for_one_and_for_thirty(samira: User, django_assert_num_queries: Callable) -> None:
    seen()
    client = browser(samira)
    for number in range(1, 31):
        if number in {2, 30}:
            with django_assert_num_queries(15):
                client.get(ROOM)
        failed("failed", number)
        note.enqueue("waiting", number)
        note.enqueue("running", number)
        DBTaskResult.objects.filter(pk=queue.number_of(note, "running", number)).update(
            status="RUNNING", started_at=timezone.now(), worker_ids=["w1"]
        )


# --- For health checks -----------------------------------------------------------------------------


def test_the_check_asks_for_a_worker_of_this_machine_or_of_any(
    clock: time_machine.Traveller, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("background.management.commands.worker.socket.gethostname", lambda: "hier")
    with pytest.raises(CommandError, match="auf diesem Rechner kein Worker gemeldet"):
        call_command("worker", "--check")
    seen(119, host="dort")
    with pytest.raises(CommandError):
        call_command("worker", "--check")
    call_command("worker", "--check", "--any")
    seen(0, name="w2", host="hier")
    call_command("worker", "--check")
    assert capsys.readouterr().out == "Worker am Leben: 1.\n" * 2
    clock.shift(DAY)
    with pytest.raises(CommandError, match="hat sich kein Worker gemeldet"):
        call_command("worker", "--check", "--any")


def test_where_none_is_configured_none_starts(settings: Any) -> None:
    settings.TASKS_RUN = "immediate"
    with pytest.raises(CommandError, match="RENEWZ_TASKS"):
        call_command("worker")
