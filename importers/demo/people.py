"""Accounts, sections and authors of the demo. All people are invented."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import User
from articles.models import Section
from authors.models import Author

HERE = Path(__file__).parent
PASSWORD = "finde-was-zaehlt"  # noqa: S105  (the demo's, refused elsewhere)

SECTIONS = (
    ("politik", "Politik", "Bund, Länder, Europa: was beschlossen wird und was daraus folgt."),
    ("wirtschaft", "Wirtschaft", "Betriebe, Löhne, Preise und die Leute, die damit rechnen."),
    ("finanzen-krypto", "Finanzen & Krypto", "Geld, Zinsen, Märkte und digitale Werte. Ohne Anlageberatung."),
    ("technologie", "Technologie", "Wie Technik gebaut wird und was sie mit uns macht."),
    ("wissen", "Wissen", "Forschung, Klima, Methoden: was wir wissen und woher."),
    ("gesellschaft", "Gesellschaft", "Reportagen und Berichte aus dem Alltag."),
    ("kultur", "Kultur", "Bühne, Buch, Bau und Musik."),
    ("sport", "Sport", "Wettkampf, Vereine und alles dazwischen."),
)


@dataclass(frozen=True)
class Account:
    """A demo sign-in; ``author`` is the key of the byline that belongs to it."""

    username: str
    name: str
    role: roles.Role
    author: str = ""


ACCOUNTS = (
    Account("autorin", "Monika Brandtner", roles.AUTHOR, "monika-brandtner"),
    Account("redaktion", "Hanna Feldkirch", roles.EDITOR),
    Account("cvd", "Ruth Abendroth", roles.CHIEF, "ruth-abendroth"),
    Account("bild", "Johann Petersilie", roles.PICTURE_DESK),
    Account("technik", "Samira Lohmeyer", roles.TECH),
)


def load_sections() -> dict[str, Section]:
    """Make the sections that are missing."""
    found = {}
    for place, (slug, name, description) in enumerate(SECTIONS):
        values = {"name": name, "description": description, "position": place}
        found[slug], _ = Section.objects.get_or_create(slug=slug, defaults=values)
    return found


def load_authors() -> dict[str, Author]:
    """Make the authors that are missing, each with an account that cannot sign in by itself."""
    found = {}
    for key, row in tomllib.loads((HERE / "authors.toml").read_text("utf-8")).items():
        values = {name: row[name] for name in ("name", "role_title", "biography", "email") if name in row}
        values |= {"is_former": row.get("former", False), "is_agency": row.get("agency", False)}
        found[key], created = Author.objects.get_or_create(slug=key, defaults=values)
        if created:
            found[key].user = _account(key, row["name"], roles.AUTHOR)
            found[key].save()
    return found


def load_accounts(authors: dict[str, Author]) -> dict[str, User]:
    """Make the sign-ins of the demo; passwords are set again at every start."""
    found = {}
    for account in ACCOUNTS:
        author = authors.get(account.author)
        user = (
            author.user if author and author.user else _account(account.username, account.name, account.role)
        )
        user.username = account.username
        user.groups.set([Group.objects.get(name=account.role.name)])
        user.set_password(PASSWORD)
        user.save()
        found[account.username] = user
    return found


def _account(username: str, name: str, role: roles.Role) -> User:
    first, _, last = name.rpartition(" ")
    values: dict[str, Any] = {"first_name": first, "last_name": last, "is_staff": True}
    user, created = User.objects.get_or_create(username=username, defaults=values)
    if created:
        user.set_unusable_password()
        user.save()
    user.groups.add(Group.objects.get(name=role.name))
    return user
