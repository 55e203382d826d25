from importlib.util import find_spec

from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class NewsroomAdminConfig(AdminConfig):
    """Django's admin with our own site: German title, own start page, own security policy."""

    default_site = "articles.newsroom.NewsroomSite"

    def ready(self) -> None:
        """Load the checks of the settings, and report faults to whom they name."""
        from renewz import checks  # noqa: F401, PLC0415

        if settings.SENTRY_DSN and find_spec("sentry_sdk"):
            from renewz import faults  # noqa: PLC0415  an optional package

            faults.report(settings.SENTRY_DSN)
        super().ready()
