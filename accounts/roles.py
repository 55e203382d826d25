"""Who may do what: the roles of the newsroom as data. ``manage.py sync_roles`` writes them.

The table is the one in docs/redaktion.md. What each permission means for one article is in
``articles/permissions.py``.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction


@dataclass(frozen=True)
class Role:
    """A group of accounts with the permissions that it has, as ``app.codename``."""

    name: str
    permissions: frozenset[str]


_PICTURES = frozenset({"images.add_image", "images.change_image", "images.view_image"})
_AUTHOR = _PICTURES | {"articles.add_article", "articles.change_article", "articles.view_article"}
_ALL_PICTURES = _PICTURES | {"images.describe_any_image", "images.download_image"}
_PICTURE_DESK = _ALL_PICTURES | {"images.swap_image", "images.delete_image"}
_EDITOR = (
    _AUTHOR
    | _ALL_PICTURES
    | {
        "articles.edit_any_article",
        "articles.review_article",
        "articles.release_article",
        "articles.add_tag",
        "articles.change_tag",
        "articles.view_tag",
        "articles.view_section",
        "authors.add_author",
        "authors.change_author",
        "authors.view_author",
    }
)
_CHIEF = (
    _EDITOR
    | _PICTURE_DESK
    | {
        "articles.withdraw_article",
        "articles.correct_article",
        "articles.release_alone_article",
        "articles.add_section",
        "articles.change_section",
        "frontpage.announce_breakingnews",
        "background.attend_worker",
    }
)
_TECH = frozenset(
    {
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_user",
        "auth.view_group",
        "background.attend_worker",
    }
)

AUTHOR = Role("Autor/in", frozenset(_AUTHOR))
EDITOR = Role("Redaktion", frozenset(_EDITOR))
CHIEF = Role("Chef/in vom Dienst", frozenset(_CHIEF))
PICTURE_DESK = Role("Bildredaktion", frozenset(_PICTURE_DESK))
TECH = Role("Technik", _TECH)

ROLES = (AUTHOR, EDITOR, CHIEF, PICTURE_DESK, TECH)


class UnknownPermission(LookupError):
    """A role names a permission that no app defines."""


@transaction.atomic
def sync() -> list[str]:
    """Make groups and their permissions equal to the table; return the names of the roles."""
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        if missing := role.permissions - known.keys():
            raise UnknownPermission(f"{role.name}: {', '.join(sorted(missing))}")
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set([known[name] for name in role.permissions])
    return [role.name for role in ROLES]
