"""Rights are data: the groups in the database are those of the table, and nothing else gives any."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from tests import stories

pytestmark = pytest.mark.django_db

_PICTURES = {"images.add_image", "images.change_image", "images.view_image"}
_AUTHOR = _PICTURES | {"articles.add_article", "articles.change_article", "articles.view_article"}
_ALL_PICTURES = _PICTURES | {"images.describe_any_image", "images.download_image"}
_PICTURE_DESK = _ALL_PICTURES | {"images.swap_image", "images.delete_image"}
_EDITOR = _AUTHOR | _ALL_PICTURES | {
    "articles.edit_any_article", "articles.review_article", "articles.release_article",
    "articles.add_tag", "articles.change_tag", "articles.view_tag", "articles.view_section",
    "authors.add_author", "authors.change_author", "authors.view_author",
}  # fmt: skip
_CHIEF = _EDITOR | _PICTURE_DESK | {
    "articles.withdraw_article", "articles.correct_article", "articles.release_alone_article",
    "articles.add_section", "articles.change_section", "frontpage.announce_breakingnews",
    "background.attend_worker",
}  # fmt: skip
RIGHTS = {
    "Autor/in": _AUTHOR,
    "Redaktion": _EDITOR,
    "Chef/in vom Dienst": _CHIEF,
    "Bildredaktion": _PICTURE_DESK,
    "Technik": {
        "accounts.add_user", "accounts.change_user", "accounts.view_user", "auth.view_group",
        "background.attend_worker",
    },
}  # fmt: skip


def rights_of_groups() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{app}.{name}"
            for app, name in group.permissions.values_list("content_type__app_label", "codename")
        }
        for group in Group.objects.all()
    }


def test_groups_have_exactly_the_rights_of_the_table():
    assert rights_of_groups() == RIGHTS


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.name)
def test_an_account_has_exactly_the_rights_of_its_role(role):
    assert stories.user(role).newsroom_rights == RIGHTS[role.name]


def test_two_roles_add_up():
    both = stories.user(roles.AUTHOR, roles.TECH)

    assert both.newsroom_rights == RIGHTS["Autor/in"] | RIGHTS["Technik"]


def test_a_right_given_by_hand_counts():
    account = stories.user()
    account.user_permissions.add(Permission.objects.get(codename="withdraw_article"))

    assert account.newsroom_rights == {"articles.withdraw_article"}


@pytest.mark.parametrize(
    ("values", "rights"),
    [
        ({}, RIGHTS["Chef/in vom Dienst"]),
        ({"is_active": False}, set()),
        ({"is_staff": False}, set()),
        ({"is_staff": False, "is_superuser": True}, set()),
        ({"is_superuser": True}, RIGHTS["Chef/in vom Dienst"]),
    ],
    ids=["staff", "inactive", "not staff", "superuser, not staff", "superuser"],
)
def test_rights_end_with_the_account(values, rights):
    assert stories.user(roles.CHIEF, **values).newsroom_rights == rights


def test_a_superuser_without_a_role_has_no_editorial_right():
    tech = stories.user(is_superuser=True)

    assert tech.has_perm("articles.release_article")
    assert tech.newsroom_rights == frozenset()


def test_syncing_repairs_what_was_changed_and_may_run_again():
    group = Group.objects.get(name="Bildredaktion")
    group.permissions.set(Permission.objects.filter(codename="withdraw_article"))
    Group.objects.get(name="Technik").delete()

    call_command("sync_roles", verbosity=0)
    call_command("sync_roles", verbosity=0)

    assert rights_of_groups() == RIGHTS


def test_a_role_that_names_an_unknown_right_changes_nothing(monkeypatch):
    broken = roles.Role("Technik", frozenset({"articles.launch_rockets"}))
    monkeypatch.setattr(roles, "ROLES", (roles.Role("Bildredaktion", frozenset()), broken))

    with pytest.raises(roles.UnknownPermission, match=r"Technik: articles\.launch_rockets"):
        roles.sync()

    assert rights_of_groups() == RIGHTS


def test_an_account_is_called_by_its_name_or_else_its_sign_in():
    assert str(stories.editor()) == "Bernd Kaiser"
    assert str(stories.user(username="technik")) == "technik"
