"""In whose name an import writes: a person of the newsroom, else an account of its own."""

from accounts import roles
from accounts.models import User

NAME = "import"


class UnknownActor(LookupError):
    """There is no such account; ``str()`` says so in German."""


def named(username: str) -> User:
    """Return the account of this name, or the one to use where none is named."""
    if not username:
        return _default()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise UnknownActor(f"Ein Konto „{username}“ gibt es nicht.")
    return user


def _default() -> User:
    """Return the first Chef/in vom Dienst; an empty newsroom gets an account nobody can sign in to."""
    chief = (
        User.objects.filter(groups__name=roles.CHIEF.name, is_active=True, is_staff=True)
        .order_by("pk")
        .first()
    )
    if chief is not None:
        return chief
    roles.sync()
    account, is_new = User.objects.get_or_create(
        username=NAME, defaults={"last_name": "Import", "is_staff": True}
    )
    if is_new:
        account.set_unusable_password()
        account.save()
    account.groups.add(*roles.Group.objects.filter(name=roles.CHIEF.name))
    return account
