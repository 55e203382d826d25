"""Any sequence of edits and actions keeps what must always be true, at every moment."""

import contextlib
import datetime as dt
import itertools

from django.db import transaction
from hypothesis import settings, stateful
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from articles import editing, publishing
from articles.choices import EditionKind, State
from articles.models import Article, Edition, EditionByline, Revision, TaggedEdition, Transition
from tests import stories
from tests.stories import HOUR, MINUTE, NOON

AHEAD = st.integers(min_value=-1, max_value=8).map(lambda steps: steps * 30 * MINUTE)
PEOPLE = st.sampled_from([stories.writer, stories.editor, stories.chief])
_FREE = {"live_until", "released_by_id"}


class Newsroom(RuleBasedStateMachine):
    """One article, three people, a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = NOON
        self.numbers = itertools.count(1)
        self.article = stories.article(at=NOON, tags=["Banken", "Zinsen"])
        self.shown: dict[dt.datetime, list[int]] = {}  # what readers saw, by moment
        self.content: dict[int, list[object]] = {}  # what editions say, by number
        self.bylines: list[tuple[object, ...]] = []
        self.tags: list[tuple[object, ...]] = []
        self.log: list[tuple[object, ...]] = []
        self.first: dt.datetime | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    # --- what can happen ---

    @rule(minutes=st.integers(min_value=1, max_value=150))
    def time_goes_by(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(person=PEOPLE)
    def somebody_saves(self, person) -> None:
        self.now += MINUTE
        with contextlib.suppress(editing.EditingRefused):
            stories.saved(self.article, person(), at=self.now, kicker=f"Dachzeile {next(self.numbers)}")

    @rule(
        name=st.sampled_from(sorted(publishing.ACTIONS)),
        person=PEOPLE,
        ahead=AHEAD,
        lasts=st.none() | st.integers(min_value=0, max_value=6).map(lambda hours: hours * HOUR),
        kind=st.sampled_from(["", *EditionKind.values]),
    )
    def somebody_acts(self, name, person, ahead, lasts, kind) -> None:
        self.act(name, person(), ahead, lasts, kind)

    @rule(
        last=st.sampled_from(["publish", "schedule"]),
        ahead=AHEAD,
        lasts=st.none() | st.just(2 * HOUR),
        kind=st.sampled_from(["typo", "update", "correction"]),
    )
    def a_text_goes_all_the_way(self, last, ahead, lasts, kind) -> None:
        """Chance alone would seldom find the way to readers."""
        self.somebody_saves(stories.chief)
        self.act("submit", stories.editor())
        self.act("approve", stories.editor())
        self.act(last, stories.chief(), ahead, lasts, kind)

    def act(self, name, user, ahead=HOUR, lasts=None, kind="") -> None:
        self.now += MINUTE
        begin = self.now + ahead
        words = {"note": "Begründung", "kind": kind, "reader_note": "Was falsch war."}
        with contextlib.suppress(publishing.Refusal):
            stories.act(
                self.article, name, user, at=self.now,
                live_from=begin, live_until=begin + lasts if lasts is not None else None, **words,
            )  # fmt: skip

    # --- what is always true ---

    @invariant()
    def what_must_always_be_true(self) -> None:
        article = stories.fresh(self.article)
        editions = list(Edition.objects.filter(article=article).select_related("revision").order_by("number"))
        self.the_past_stays_what_it_was(editions)
        self.periods_never_overlap(editions)
        self.an_edition_never_says_anything_else(editions)
        self.numbers_count_on_without_gaps(article, editions)
        self.the_date_of_the_first_publication_stays(editions)
        self.the_log_only_grows()
        assert sum(edition.is_waiting(self.now) for edition in editions) <= 1
        assert article.approved_version == (article.version if article.state == State.APPROVED else None)
        assert not (article.trashed_at and editions)

    def the_past_stays_what_it_was(self, editions: list[Edition]) -> None:
        """What readers saw at a moment stays the answer for that moment for ever."""
        live = Edition.objects.live(self.now).filter(article=self.article)
        numbers = list(live.values_list("number", flat=True))
        assert len(numbers) <= 1
        self.shown[self.now] = numbers
        for moment, seen in self.shown.items():
            assert [edition.number for edition in editions if edition.is_live(moment)] == seen

    def periods_never_overlap(self, editions: list[Edition]) -> None:
        periods = sorted((e.live_from, e.live_until) for e in editions if e.live_from < e.live_until)
        for (_, end), (begin, _) in itertools.pairwise(periods):
            assert end <= begin

    def an_edition_never_says_anything_else(self, editions: list[Edition]) -> None:
        names = [field.attname for field in Edition._meta.concrete_fields if field.attname not in _FREE]
        bylines = list(EditionByline.objects.filter(edition__in=editions).order_by("pk").values_list())
        tags = list(TaggedEdition.objects.filter(content_object__in=editions).order_by("pk").values_list())
        assert bylines[: len(self.bylines)] == self.bylines
        assert tags[: len(self.tags)] == self.tags
        self.bylines, self.tags = bylines, tags
        for edition in editions:
            said = [getattr(edition, name) for name in names]
            assert self.content.setdefault(edition.number, said) == said
            if edition.kind == EditionKind.WITHDRAWAL:
                assert edition.revision is None
            else:
                assert edition.revision.content["kicker"] == edition.kicker

    def numbers_count_on_without_gaps(self, article: Article, editions: list[Edition]) -> None:
        assert [edition.number for edition in editions] == list(range(1, len(editions) + 1))
        revisions = (
            Revision.objects.filter(article=article).order_by("number").values_list("number", flat=True)
        )
        assert list(revisions) == list(range(1, article.version + 1))

    def the_date_of_the_first_publication_stays(self, editions: list[Edition]) -> None:
        seen = [e for e in editions if e.live_from <= self.now and e.live_from < e.live_until]
        if seen:
            self.first = self.first or min(edition.live_from for edition in seen)
            assert {edition.first_live_from for edition in seen} == {self.first}

    def the_log_only_grows(self) -> None:
        log = list(Transition.objects.filter(article=self.article).order_by("pk").values_list())
        assert log[: len(self.log)] == self.log
        self.log = log


Newsroom.TestCase.settings = settings(max_examples=15, stateful_step_count=14)


class TestInvariants(TestCase):
    """Runs the machine; hypothesis' own TestCase would reset the database too late."""

    def test_any_sequence_keeps_the_invariants(self) -> None:
        stateful.run_state_machine_as_test(Newsroom, settings=Newsroom.TestCase.settings)
