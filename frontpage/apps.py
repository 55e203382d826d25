from django.apps import AppConfig


class FrontpageConfig(AppConfig):
    name = "frontpage"
    verbose_name = "Startseite"

    def ready(self) -> None:
        """A line of breaking news begins and ends on every page."""
        from delivery import state  # noqa: PLC0415  models must be there first
        from frontpage.models import BreakingNews  # noqa: PLC0415

        state.register(BreakingNews.objects.next_change)
        state.watch(BreakingNews)
