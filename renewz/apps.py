from django.contrib.admin.apps import AdminConfig


class NewsroomAdminConfig(AdminConfig):
    """Django's admin with our own site: German title, own start page, own security policy."""

    default_site = "articles.newsroom.NewsroomSite"

    def ready(self) -> None:
        """Load the checks of the settings."""
        from renewz import checks  # noqa: F401, PLC0415

        super().ready()
