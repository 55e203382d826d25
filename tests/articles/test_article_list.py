"""The list of manuscripts: who sees what, filters, search, list actions, and what it costs."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client

from accounts import roles
from accounts.models import User
from articles.admin.article_list import PAGE_SIZE, ArticleAdmin, BoundedPaginator
from articles.models import Article
from tests import stories

LIST = "/admin/articles/article/"


@pytest.fixture
def bernd(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def shown(response: Any) -> list[str]:
    return [article.headline for article in response.context["cl"].result_list]


def tell(number: int) -> None:
    for place in range(number):
        article = stories.published(
            headline=f"Meldung {place}", at=stories.NOON + dt.timedelta(minutes=place)
        )
        if place % 3 == 0:
            stories.saved(article, stories.editor(), headline=f"Meldung {place}, überarbeitet")


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_number_of_queries_for_one_article_and_for_thirty(
    bernd: Client, number: int, django_assert_num_queries: Any
) -> None:
    tell(number)
    bernd.get(LIST)
    with django_assert_num_queries(10):
        response = bernd.get(LIST)
    assert len(shown(response)) == number


@pytest.mark.parametrize("number", [1, 30])
def test_the_start_page_asks_the_same_number_of_queries_for_one_article_and_for_thirty(
    bernd: Client, number: int, django_assert_num_queries: Any
) -> None:
    # A list without a row asks nothing more: one of each kind, then more of them.
    stories.approved(headline="Freigegeben")
    stories.submitted(headline="In Prüfung")
    stories.article(stories.editor(), headline="Bernds eigener Text")
    tell(number)
    bernd.get("/admin/")
    with django_assert_num_queries(21):
        bernd.get("/admin/")


def test_editors_see_all_authors_their_own_and_those_that_name_them(
    client: Client, writer: User, editor: User
) -> None:
    own = stories.article(writer, headline="Von Anna begonnen", bylines=[])
    byline = stories.author("Anna Weber")
    byline.user = writer
    byline.save()
    stories.article(editor, headline="Von Bernd, mit Anna in der Zeile", bylines=[(byline, "text")])
    stories.article(editor, headline="Von Bernd allein", bylines=[])

    client.force_login(writer)
    assert shown(client.get(LIST)) == ["Von Bernd, mit Anna in der Zeile", own.headline]
    client.force_login(editor)
    assert shown(client.get(LIST)) == ["Von Bernd allein", "Von Bernd, mit Anna in der Zeile", own.headline]


@pytest.mark.parametrize("role", [roles.PICTURE_DESK, roles.TECH])
def test_who_has_no_place_in_the_newsroom_gets_no_list(client: Client, db: None, role: roles.Role) -> None:
    client.force_login(stories.user(role))
    assert client.get(LIST).status_code == 403


def test_a_superuser_without_a_role_gets_no_list(client: Client, db: None) -> None:
    client.force_login(stories.user(is_superuser=True))
    assert client.get(LIST).status_code == 403


def test_filters_tell_the_standings_apart(bernd: Client) -> None:
    now = dt.datetime.now(dt.UTC)
    stories.article(headline="Ein Entwurf")
    stories.submitted(headline="In Prüfung gegeben")
    stories.published(headline="Lange online", at=now - stories.DAY)
    stories.scheduled(headline="Erst morgen", at=now, live_from=now + stories.DAY)
    gone = stories.published(headline="Zurückgezogen", at=now - stories.DAY)
    stories.act(gone, "withdraw", stories.chief(), note="Falsch.")
    stories.act(stories.article(headline="Weggeworfen"), "trash", stories.writer())

    found = {
        name: shown(bernd.get(LIST, {"stand": name}))
        for name in ("draft", "in_review", "live", "waiting", "withdrawn", "trash")
    }
    assert found == {
        "draft": ["Ein Entwurf"],
        "in_review": ["In Prüfung gegeben"],
        "live": ["Lange online"],
        "waiting": ["Erst morgen"],
        "withdrawn": ["Zurückgezogen"],
        "trash": ["Weggeworfen"],
    }
    assert "Weggeworfen" not in shown(bernd.get(LIST))


def test_search_finds_parts_of_words_and_umlauts_either_way(bernd: Client) -> None:
    stories.article(headline="Munitionsproduktion überholt")
    stories.article(headline="Etwas anderes")
    for words in ("produktion", "UEBERHOLT", "überholt muniti"):
        assert shown(bernd.get(LIST, {"q": words})) == ["Munitionsproduktion überholt"]
    assert shown(bernd.get(LIST, {"q": "nirgends"})) == []


@pytest.mark.parametrize(
    "words", ['"', "'", "%", "_", "*", "AND", 'a" OR "b', "-", "\\", "(", "NEAR(", "x" * 3000]
)
def test_hostile_searches_answer(bernd: Client, words: str) -> None:
    assert bernd.get(LIST, {"q": words}).status_code == 200


def _list_action(client: Client, name: str, *articles: Article) -> str:
    response = client.post(
        LIST,
        {"action": name, "_selected_action": [article.pk for article in articles], "index": "0"},
        follow=True,
    )
    return " ".join(str(message) for message in response.context["messages"])


def test_list_actions_go_through_the_door_one_article_at_a_time(bernd: Client, editor: User) -> None:
    ready = stories.submitted(headline="Kann freigegeben werden")
    own = stories.act(stories.article(editor, headline="Von Bernd selbst geschrieben"), "submit", editor)

    words = _list_action(bernd, "approve_selected", ready, own)

    assert (stories.fresh(ready).state, stories.fresh(own).state) == ("approved", "in_review")
    assert "„Von Bernd selbst geschrieben“: Sie haben an diesem Text mitgeschrieben." in words
    assert "Freigeben: bei 1 Artikel erledigt." in words


def test_a_list_action_reaches_no_article_that_its_person_cannot_see(
    client: Client, writer: User, editor: User
) -> None:
    other = stories.article(editor, headline="Von Bernd allein", bylines=[])
    client.force_login(writer)
    _list_action(client, "trash_selected", other)
    assert stories.fresh(other).trashed_at is None


def test_the_list_counts_no_further_than_it_pages(db: None) -> None:
    paginator = BoundedPaginator(Article.objects.order_by("-changed_at"), PAGE_SIZE)
    assert "LIMIT 1000" in str(paginator.object_list[: paginator.limit].query)
    assert site.is_registered(Article)
    assert ArticleAdmin.show_full_result_count is False
