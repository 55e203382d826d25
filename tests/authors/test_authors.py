"""Bylines: addresses and order in German, links that lead to the web only."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from authors.models import Author, AuthorLink, sort_key
from tests import stories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Jörg Weiß", "joerg-weiss"), ("Änne Öztürk", "aenne-oeztuerk"), ("Сергей", "artikel"), ("dpa", "dpa")],
)
def test_the_address_is_the_name_in_german_ascii(name, slug):
    assert Author.objects.create(name=name).get_absolute_url() == f"/autoren/{slug}/"


def test_an_address_stays_when_the_name_changes():
    author = Author.objects.create(name="Anna Weber")
    author.name = "Anna Weber-Groß"
    author.save()

    assert (author.slug, author.sort_key) == ("anna-weber", "weber-gross anna")


def test_two_people_of_one_name_need_two_addresses():
    Author.objects.create(name="Anna Weber")

    with pytest.raises(ValidationError, match="gehört schon zu jemand anderem"):
        Author(name="Anna Weber").clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Author.objects.create(name="Anna Weber")
    Author(name="Anna Weber", slug="anna-weber-2").clean()


def test_saving_again_is_no_conflict_with_oneself():
    author = Author.objects.create(name="Anna Weber")

    author.clean()

    assert author.slug == "anna-weber"


@pytest.mark.parametrize(
    ("name", "agency", "key"),
    [
        ("Anna Weber", False, "weber anna"),
        ("Jörg von Öttingen", False, "oettingen joerg von"),
        ("Cher", False, "cher"),
        ("Deutsche Presse-Agentur", True, "deutsche presse-agentur"),
    ],
)
def test_the_sort_key_is_the_last_name_first_with_umlauts_as_two_letters(name, agency, key):
    assert sort_key(name, is_agency=agency) == key


def test_authors_stand_as_in_a_telephone_book():
    for name in ("Eva Mz", "Anna Müller", "Max Mueller", "Uwe Muf", "Ida Ärmel", "Jo Adler"):
        Author.objects.create(name=name)

    assert [author.name for author in Author.objects.all()] == [
        "Jo Adler", "Ida Ärmel", "Anna Müller", "Max Mueller", "Uwe Muf", "Eva Mz",
    ]  # fmt: skip


def test_name_and_biography_are_cleaned():
    author = Author(name="  Anna\u202e \n Weber ", biography="Zeile eins\r\nZeile\x00 zwei")

    author.clean()

    assert (author.name, author.biography) == ("Anna Weber", "Zeile eins\nZeile zwei")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://mastodon.example/@anna", True),
        ("http://anna.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://anna.example/", False),
        ("//anna.example/", False),
        ("JAVASCRIPT:https://x.example/", False),
    ],
)
def test_a_link_leads_to_the_web_or_is_refused(url, good):
    link = AuthorLink(author=stories.author(), label="Netz", url=url)

    if good:
        link.full_clean()
    else:
        with pytest.raises(ValidationError) as refusal:
            link.full_clean()
        assert set(refusal.value.error_dict) == {"url"}


def test_a_byline_outlives_the_account():
    account = stories.user()
    author = Author.objects.create(name="Anna Weber", user=account)

    account.delete()

    author.refresh_from_db()
    assert author.user is None
