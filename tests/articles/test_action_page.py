"""The page of an action: what it offers to whom, and what it says will happen."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.views.defaults import permission_denied

from articles.models import Article, Edition
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

ONLY_CHIEFS = "Eine Korrektur veröffentlicht die Chefin oder der Chef vom Dienst."


@pytest.fixture
def new_version(db: None) -> Article:
    """An article that is online, with a new version that is approved."""
    old = stories.published(at=timezone.now() - DAY)
    return stories.approved(stories.saved(old, at=timezone.now() - HOUR, headline="Wie es jetzt heißt"))


def page_of(client: Client, article: Article, action: str, **typed: Any) -> Any:
    address = f"/admin/articles/article/{article.pk}/aktion/{action}/"
    return (
        client.post(address, {"token": stories.fresh(article).token, **typed})
        if typed
        else client.get(address)
    )


def kinds(response: Any) -> list[str]:
    return [value for value, _ in response.context["form"].fields["kind"].choices]


def test_who_may_not_correct_is_told_before_she_writes_and_loses_nothing(client, editor, new_version):
    client.force_login(editor)
    shown = page_of(client, new_version, "publish")
    assert kinds(shown) == ["update", "typo"]
    assert ONLY_CHIEFS in shown.text

    answer = page_of(client, new_version, "publish", kind="correction", reader_note="Es waren drei.")
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"kind": [ONLY_CHIEFS]}
    assert "Es waren drei." in answer.text
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("refusal", "words"), [("<b>Grund</b>", "&lt;b&gt;Grund&lt;/b&gt;"), ("", "nicht für alle offen")]
)
def test_a_refusal_says_why(rf, refusal, words):
    assert words in permission_denied(rf.get("/admin/"), PermissionDenied(refusal)).content.decode()


def test_who_may_correct_is_offered_it(client, chief, new_version):
    client.force_login(chief)
    shown = page_of(client, new_version, "publish")
    assert kinds(shown) == ["update", "correction", "typo"]
    assert ONLY_CHIEFS not in shown.text

    answer = page_of(client, new_version, "publish", kind="correction", reader_note="Es waren drei.")
    assert answer.status_code == 302
    assert Edition.objects.count() == 2


def test_it_says_when_the_old_edition_goes_and_that_its_end_is_not_that_of_the_new_one(client, editor):
    now = timezone.now()
    article = stories.scheduled(live_from=now - HOUR, live_until=now + 30 * DAY, at=now - 2 * HOUR)
    stories.approved(stories.saved(article, headline="Wie es jetzt heißt"))
    client.force_login(editor)
    at_once, later = (page_of(client, article, action).text for action in ("publish", "schedule"))

    assert "Sie wird in diesem Augenblick abgelöst." in at_once
    assert "Soll auch sie enden, nehmen Sie „Planen …“." in at_once
    assert "Sie bleibt zu lesen, bis die neue beginnt." in later
    assert "tragen Sie es unter „Online bis“ ein" in later


def test_of_an_edition_without_an_end_it_says_nothing_about_one(client, editor, new_version):
    client.force_login(editor)
    assert "Ihr Ende am" not in page_of(client, new_version, "publish").text
