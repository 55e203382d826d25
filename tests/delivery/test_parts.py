"""What pages share is made once for each state of the site, and never shown after it."""

import datetime as dt

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from articles.models import Section
from delivery.parts import kept
from delivery.state import State
from frontpage.models import BreakingNews
from markets.models import Quote
from tests import stories
from tests.stories import HOUR, NOON

NOW, LATER = State(1, NOON), State(1, NOON + HOUR)


def asked(state: State | None, made: list[int], *name: object) -> int:
    """Ask for a part in a state; return which making it came from."""
    request = RequestFactory().get("/")
    if state is not None:
        request.site_state = state
    return kept(request, name, lambda: made.append(len(made)) or made[-1])


def test_a_part_is_made_once_for_a_state_and_anew_for_another():
    made: list[int] = []

    assert [asked(state, made, "menu") for state in (NOW, NOW, LATER, LATER, State(2, NOON))] == [
        0,
        0,
        1,
        1,
        2,
    ]


def test_parts_of_other_names_are_other_parts():
    made: list[int] = []

    assert [asked(NOW, made, *name) for name in (("a", 1), ("a", 2), ("b", 1), ("a", 1))] == [0, 1, 2, 0]


def test_nothing_is_kept_where_no_state_is_known():
    made: list[int] = []

    assert [asked(state, made, "menu") for state in (None, None, NOW, None)] == [0, 1, 2, 3]


def test_what_fails_is_not_kept():
    with pytest.raises(ZeroDivisionError):
        kept(RequestFactory().get("/"), "part", lambda: 1 / 0)
    assert asked(NOW, [], "part") == 0


@pytest.mark.django_db
class TestOnPages:
    """Pages show what is true, whatever was kept for the state before."""

    @staticmethod
    def page(address: str = "/impressum/", **headers: str) -> str:
        return Client().get(address, headers=headers).content.decode()

    def test_a_new_section_stands_in_the_menu_of_the_next_page(self, clock, kept_pages):
        stories.published()
        before = self.page()
        Section.objects.create(name="Reise", slug="reise", position=9)
        clock.shift(1)

        assert (before.count(">Reise<"), self.page().count(">Reise<")) == (0, 3)

    def test_a_line_of_breaking_news_begins_and_ends_with_its_moments(self, clock, kept_pages):
        stories.published()
        begin = NOON + dt.timedelta(seconds=10)
        BreakingNews.objects.create(text="Zug entgleist", starts_at=begin, ends_at=begin + HOUR, set_at=NOON)
        seen = []
        for moment in (NOON, begin, begin + HOUR):
            clock.move_to(moment)
            seen.append(self.page().count("Zug entgleist"))

        assert seen == [0, 1, 0]

    def test_a_new_rate_stands_on_the_next_page(self, clock, kept_pages):
        stories.published()
        seen = []
        for rate in (81_000, 82_000):
            Quote.objects.update_or_create(
                symbol="BTC", defaults={"rate": rate, "as_of": NOON, "source": "Quelle"}
            )
            clock.shift(1)
            page = self.page()
            seen.append(("81.000" in page, "82.000" in page))

        assert seen == [(True, False), (False, True)]

    def test_every_page_marks_its_own_section(self):
        for name in ("Politik", "Kultur"):
            stories.published(section=stories.section(name))

        marks = {path: self.page(path).count('aria-current="page"') for path in ("/", "/politik/", "/suche/")}

        assert marks == {"/": 1, "/politik/": 2, "/suche/": 1}
        assert 'href="/politik/" aria-current="page"' in self.page("/politik/")
        assert 'href="/kultur/" aria-current="page"' in self.page("/kultur/")
        assert "aria-current" not in self.page("/korrekturen/")

    def test_a_page_without_menu_neither_takes_nor_leaves_a_part(self, monkeypatch):
        article = stories.published(at=timezone.now() - HOUR)
        address = stories.live_edition(article, timezone.now()).get_absolute_url()
        client = Client(raise_request_exception=False)
        with monkeypatch.context() as fault:
            fault.setattr("articles.page.rendering.render", lambda *args: 1 / 0)
            failed = client.get(address)
            assert (failed.status_code, failed.content.count(b'href="/wirtschaft/"')) == (500, 0)

        assert client.get(address).content.count(b'href="/wirtschaft/"') > 1
