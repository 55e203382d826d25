"""Who sends a request to the newsroom."""

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """Return the account that is signed in; the admin lets nobody else come here."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
