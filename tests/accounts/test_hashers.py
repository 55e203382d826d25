"""Passwords: strong enough, and cheap enough for all threads at once."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from renewz import settings as project
from tests import stories

PASSWORD = "finde-was-zählt"
OURS = "argon2$argon2id$v=19$m=19456,t=2,p=1$"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_outside_of_tests(settings):
    settings.PASSWORD_HASHERS = project.PASSWORD_HASHERS


def test_a_new_password_costs_what_owasp_recommends():
    assert make_password(PASSWORD).startswith(OURS)


def test_an_old_password_opens_and_is_stored_anew_at_the_next_sign_in():
    anna = stories.writer()
    anna.password = Argon2PasswordHasher().encode(PASSWORD, "salt-of-long-ago-01")
    anna.save()
    assert not anna.password.startswith(OURS)

    assert authenticate(username=anna.username, password="etwas-anderes") is None
    assert authenticate(username=anna.username, password=PASSWORD) == anna
    anna.refresh_from_db()
    assert anna.password.startswith(OURS)
    assert authenticate(username=anna.username, password=PASSWORD) == anna
