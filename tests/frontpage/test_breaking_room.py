"""The room for breaking news: list, form, page of one line, preview; for a chief only."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts.models import User
from frontpage import breaking
from frontpage.models import BreakingNews
from tests import stories
from tests.frontpage.test_breaking import PEOPLE
from tests.stories import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db

LIST = "/admin/frontpage/breakingnews/"
TEXT = "Bundestag beschließt den Haushalt"


def browser(user: User) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client


@pytest.fixture
def clara() -> Client:
    return browser(stories.chief())


def typed(**changes: Any) -> dict[str, Any]:
    """Return a form for NOON (12:00 in Berlin) that nothing is wrong with."""
    return {"text": TEXT, "ends_at_date": "2026-05-04", "ends_at_time": "14:00"} | changes


def sent(client: Client, path: str = "add/", *, at: dt.datetime = NOON, **changes: Any) -> Any:
    with time_machine.travel(at, tick=False):
        return client.post(f"{LIST}{path}", typed(**changes))


def rows() -> list[tuple[str, dt.datetime, dt.datetime]]:
    return list(BreakingNews.objects.order_by("pk").values_list("text", "starts_at", "ends_at"))


# --- Who may come in ---------------------------------------------------------------------------

PATHS: dict[str, tuple[Callable[[Client, str, int], Any], int]] = {
    "list": (lambda client, base, pk: client.get(base), 200),
    "form": (lambda client, base, pk: client.get(f"{base}add/"), 200),
    "set": (lambda client, base, pk: sent(client), 302),
    "preview": (lambda client, base, pk: sent(client, "vorschau/"), 200),
    "one": (lambda client, base, pk: client.get(f"{base}{pk}/"), 200),
    "form to replace": (lambda client, base, pk: client.get(f"{base}{pk}/ersetzen/"), 200),
    "replace": (lambda client, base, pk: sent(client, f"{pk}/ersetzen/"), 302),
    "end": (lambda client, base, pk: client.post(f"{base}{pk}/beenden/"), 302),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_only_a_chief_comes_in_and_changes_anything(who: str) -> None:
    make, may = PEOPLE[who]
    user = make()
    outside = not getattr(user, "is_staff", False)
    with time_machine.travel(NOON, tick=False):
        for name, (visit, status) in PATHS.items():
            row = stories.breaking(TEXT, at=NOON)
            before = list(BreakingNews.objects.values_list("pk", "ended_at"))
            answer = visit(browser(user), LIST, row.pk)
            assert answer.status_code == (status if may else 302 if outside else 403), (who, name)
            if outside:
                assert answer.url.startswith("/admin/login/"), (who, name)
            if not may:
                assert list(BreakingNews.objects.values_list("pk", "ended_at")) == before, (who, name)


@pytest.mark.parametrize("who", [who for who, (_, _) in PEOPLE.items() if who != "anonymous"])
def test_the_start_page_offers_it_to_a_chief_only(who: str) -> None:
    make, may = PEOPLE[who]
    page = browser(make()).get("/admin/", follow=True).content.decode()
    assert (f'href="{LIST}add/"' in page, f'href="{LIST}"' in page) == (may, may)


def test_the_rooms_that_only_act_are_no_pages(clara: Client) -> None:
    row = stories.breaking(TEXT)
    assert clara.get(f"{LIST}{row.pk}/beenden/").status_code == 405
    assert clara.get(f"{LIST}vorschau/").status_code == 405
    for nothing in (f"{LIST}{row.pk}/delete/", f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/"):
        assert clara.get(nothing).status_code == 404
    for path in ("", "ersetzen/"):
        assert clara.get(f"{LIST}{row.pk + 1}/{path}").status_code == 404
    assert clara.post(f"{LIST}{row.pk + 1}/beenden/").status_code == 404


# --- Set ---------------------------------------------------------------------------------------


def test_the_form_begins_with_now_and_ends_in_two_hours(clara: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        form = html.fromstring(clara.get(f"{LIST}add/").content.decode()).xpath("//form[@data-finder]")[0]
    values = {field.name: field.value for field in form.xpath(".//input[@name]")}
    del values["csrfmiddlewaretoken"]
    assert {name: value or "" for name, value in values.items()} == {
        "text": "", "article": "", "starts_at_date": "", "starts_at_time": "", "starts_at_which": "",
        "ends_at_date": "2026-05-04", "ends_at_time": "14:00", "ends_at_which": "",
    }  # fmt: skip


def test_a_line_without_a_start_runs_at_once(clara: Client) -> None:
    answer = sent(clara)
    assert (answer.status_code, answer.url) == (302, LIST)
    assert rows() == [(TEXT, NOON, NOON + 2 * HOUR)]
    page = clara.get(LIST).content.decode()
    assert "Die Eilmeldung läuft bis Mo., 4.\u00a0Mai\u00a02026, 14:00\u00a0Uhr (MESZ)." in page


def test_a_planned_line_has_its_article_and_its_times_in_berlin(clara: Client) -> None:
    article = stories.published(at=NOON - DAY)
    sent(clara, article=article.pk, starts_at_date="2026-05-04", starts_at_time="13:30")
    assert rows() == [(TEXT, NOON + 90 * MINUTE, NOON + 2 * HOUR)]
    assert BreakingNews.objects.get().article_id == article.pk
    assert "geplant für Mo., 4.\u00a0Mai\u00a02026, 13:30" in clara.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ""}, "Bitte schreiben Sie, was geschehen ist."),
        ({"text": "–"}, "Bitte schreiben Sie, was geschehen ist."),
        ({"text": "x" * 121}, "Höchstens 120 Zeichen; es sind 121."),
        ({"article": "zwölf"}, "Bitte die Nummer eines Artikels angeben."),
        ({"article": "9" * 5000}, "Bitte die Nummer eines Artikels angeben."),
        ({"article": "9" * 40}, "Bitte die Nummer eines Artikels angeben."),
        ({"article": "0"}, "Bitte die Nummer eines Artikels angeben."),
        (
            {"article": "987654"},
            "Dieser Artikel ist weder online noch geplant. Bitte „Entfernen“ drücken.",
        ),
        ({"ends_at_date": "", "ends_at_time": ""}, "Bitte wählen Sie, wann die Eilmeldung endet."),
        ({"ends_at_date": ""}, "Bitte Datum und Uhrzeit angeben."),
        ({"ends_at_date": "irgendwann"}, "Bitte ein Datum wie 23.11.2026 angeben."),
        ({"ends_at_time": "11:59"}, "Das Ende muss nach dem Beginn liegen."),
        ({"ends_at_date": "2026-05-05"}, "Eine Eilmeldung läuft höchstens 24 Stunden."),
        (
            {"starts_at_date": "2026-05-04", "starts_at_time": "11:59"},
            "Dieser Zeitpunkt ist schon vorbei.",
        ),
        ({"starts_at_date": "2026-05-04"}, "Bitte Datum und Uhrzeit angeben."),
    ],
)
@pytest.mark.parametrize("path", ["add/", "vorschau/"])
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(
    clara: Client, path: str, changes: dict[str, str], message: str
) -> None:
    answer = sent(clara, path, **changes)
    assert answer.status_code == 200
    page = html.fromstring(answer.content.decode())
    faulty = page.xpath("//div[contains(@class, 'has-error')]")
    assert [fault.xpath("string(.//ul[contains(@class, 'errorlist')])").strip() for fault in faulty] == [
        message
    ]
    field = next(iter(changes)).removesuffix("_date").removesuffix("_time")
    assert faulty[0].xpath(f".//input[starts-with(@name, '{field}')]")
    values = {field.name: field.value or "" for field in page.xpath("//form[@data-finder]//input[@name]")}
    assert {name: values[name] for name in typed(**changes)} == typed(**changes)
    assert page.xpath("//form[@data-finder]/@action") == [f"{LIST}add/"]
    assert rows() == []


def test_a_time_that_the_clocks_jump_over_is_refused(clara: Client) -> None:
    night = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
    answer = sent(clara, at=night, ends_at_date="2026-03-29", ends_at_time="02:30")
    assert "Die Uhren springen von 02:00 auf 03:00 Uhr." in answer.content.decode()
    assert rows() == []


def test_a_time_that_comes_twice_is_asked_for(clara: Client) -> None:
    night = dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)
    times = {"ends_at_date": "2026-10-25", "ends_at_time": "02:30"}
    page = sent(clara, at=night, **times).content.decode()
    assert "Bitte wählen Sie die erste oder die zweite." in page
    assert "Zweite (MEZ)" in page
    sent(clara, at=night, **times, ends_at_which="2")
    assert rows() == [(TEXT, night, dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC))]


# --- Preview -----------------------------------------------------------------------------------


def test_the_preview_is_the_front_page_with_the_line_and_stores_nothing(clara: Client) -> None:
    stories.breaking("Was gerade läuft", at=NOON)
    article = stories.published(at=NOON - DAY)
    answer = sent(clara, "vorschau/", article=article.pk)
    section = html.fromstring(answer.content.decode()).xpath("//section[@aria-label='Eilmeldung']")[0]
    assert section.xpath(".//a/text()") == [TEXT]
    assert "So wird die Eilmeldung aussehen. Sie ist noch nicht gesetzt." in answer.content.decode()
    assert "Was gerade läuft" not in answer.content.decode()
    assert rows() == [("Was gerade läuft", NOON, NOON + 2 * HOUR)]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "nonce" not in answer.headers["Content-Security-Policy"]


# --- List and page of one line -----------------------------------------------------------------


def test_the_list_says_how_each_stands(clara: Client) -> None:
    stories.breaking("Von selbst beendet", at=NOON - 5 * HOUR, hours=1)
    breaking.end(stories.chief(), stories.breaking("Beendet", at=NOON - HOUR), at=NOON - MINUTE)
    stories.breaking("Verdeckt", at=NOON - 2 * MINUTE)
    stories.breaking("Läuft", at=NOON - MINUTE)
    stories.breaking("Geplant", starts_at=NOON + HOUR, at=NOON)
    with time_machine.travel(NOON, tick=False):
        cells = html.fromstring(clara.get(LIST).content.decode()).xpath(
            "//td[contains(@class, 'field-stand')]"
        )
    end = "Mo., 4.\u00a0Mai\u00a02026,"
    assert [cell.text_content() for cell in cells] == [
        f"geplantbeginnt in 1\u00a0Std.: {end} 13:00\u00a0Uhr (MESZ), bis {end} 15:00\u00a0Uhr (MESZ)",
        f"läuftendet in 1\u00a0Std. 59\u00a0Min.: {end} 13:59\u00a0Uhr (MESZ)",
        f"läuftverdeckt von einer neueren, endet in 1\u00a0Std. 58\u00a0Min.: {end} 13:58\u00a0Uhr (MESZ)",
        "beendetam 4.\u00a0Mai\u00a02026, 11:59\u00a0Uhr von Clara Vogt",
        "beendetvon selbst am 4.\u00a0Mai\u00a02026, 08:00\u00a0Uhr",
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_number_of_queries_for_one_and_for_thirty(
    clara: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        stories.breaking(TEXT)
    clara.get(LIST)
    with django_assert_num_queries(7):  # session, account, rights, count, two for Django's rooms, rows
        clara.get(LIST)


def test_a_running_line_is_ended_with_one_click(clara: Client) -> None:
    row = stories.breaking(TEXT)
    page = html.fromstring(clara.get(f"{LIST}{row.pk}/").content.decode())
    goal = page.xpath("//button[text()='Jetzt beenden']/ancestor::form/@action")
    assert goal == [f"{LIST}{row.pk}/beenden/"]
    assert "Die Eilmeldung ist beendet." in clara.post(goal[0], follow=True).content.decode()
    assert not BreakingNews.objects.live(timezone.now())
    assert "Diese Eilmeldung ist schon beendet." in clara.post(goal[0], follow=True).content.decode()
    over = clara.get(f"{LIST}{row.pk}/").content.decode()
    assert "Jetzt beenden" not in over
    assert "Beendet von Clara Vogt" in over


def test_a_correction_is_a_new_line_with_all_of_the_old_one(clara: Client) -> None:
    article = stories.published(at=NOON - DAY)
    row = stories.breaking("Drei Verletzte", at=NOON, article=article)
    path = f"{row.pk}/ersetzen/"
    with time_machine.travel(NOON + HOUR, tick=False):
        form = html.fromstring(clara.get(f"{LIST}{path}").content.decode()).xpath("//form[@data-finder]")[0]
    values = {field.name: field.value or "" for field in form.xpath(".//input[@name]")}
    assert values["text"] == "Drei Verletzte"
    del values["csrfmiddlewaretoken"]
    assert sent(clara, path, at=NOON + HOUR, **(values | {"text": "Vier Verletzte"})).status_code == 302
    assert rows() == [
        ("Drei Verletzte", NOON, NOON + 2 * HOUR),
        ("Vier Verletzte", NOON + HOUR, NOON + 2 * HOUR),
    ]
    row.refresh_from_db()
    assert (row.ended_at, BreakingNews.objects.get(text="Vier Verletzte").article_id) == (
        NOON + HOUR,
        article.pk,
    )


def test_the_plan_of_a_replaced_line_stays(clara: Client) -> None:
    row = stories.breaking(TEXT, starts_at=NOON + HOUR, at=NOON)
    with time_machine.travel(NOON, tick=False):
        page = html.fromstring(clara.get(f"{LIST}{row.pk}/ersetzen/").content.decode())
    assert page.xpath("//input[@name='starts_at_time']/@value") == ["13:00"]


def test_what_is_over_cannot_be_replaced(clara: Client) -> None:
    row = stories.breaking(TEXT, at=NOON - DAY)
    answer = sent(clara, f"{row.pk}/ersetzen/")
    assert "Diese Eilmeldung ist schon beendet." in answer.content.decode()
    assert len(rows()) == 1


def test_a_hostile_line_is_text_everywhere(clara: Client) -> None:
    row = stories.breaking("<script>alert(1)</script>")
    for path in (LIST, f"{LIST}{row.pk}/", f"{LIST}{row.pk}/ersetzen/", "/admin/"):
        assert "<script>alert" not in clara.get(path).content.decode()
