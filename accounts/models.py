"""Accounts of the people who work here. What readers see of them is ``authors.Author``."""

from django.contrib.auth.models import AbstractUser, Permission
from django.db.models import Q
from django.utils.functional import cached_property


class User(AbstractUser):
    """Somebody who signs in. Rights come from roles (groups), see ``accounts/roles.py``."""

    class Meta(AbstractUser.Meta):
        verbose_name = "Konto"
        verbose_name_plural = "Konten"

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @cached_property
    def newsroom_rights(self) -> frozenset[str]:
        """Rights given by name, as ``app.codename``; asked once per request.

        Deliberately not ``has_perm``: a superuser has every permission there, but no
        editorial right by being superuser alone.
        """
        if not self.is_active or not self.is_staff:
            return frozenset()
        given = Permission.objects.filter(Q(group__user=self) | Q(user=self)).order_by()
        rows = given.values_list("content_type__app_label", "codename")
        return frozenset(f"{app}.{codename}" for app, codename in rows)
