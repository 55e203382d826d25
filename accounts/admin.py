from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import User


class NewPasswordForm(AdminPasswordChangeForm):
    """Django's form without the one English sentence that it does not translate."""

    usable_password_help_text = SetUnusablePasswordMixin.usable_password_help_text  # type: ignore[assignment]


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts and their roles."""

    change_password_form = NewPasswordForm

    list_display = ("username", "last_name", "first_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser makes superusers or gives single permissions; others give roles."""
        return () if request.user.is_superuser else ("is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody but a superuser touches a superuser's account."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are switched off, not deleted: their name stands in the log of every article."""
        return False


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles are data in ``accounts/roles.py``: to be seen here, not to be changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False
