from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "markets"
    verbose_name = "Kurse"

    def ready(self) -> None:
        """The ticker changes with every new rate, and when one gets old."""
        from delivery import state  # noqa: PLC0415  models must be there first
        from markets import ticker  # noqa: PLC0415
        from markets.models import Quote  # noqa: PLC0415

        state.watch(Quote)
        state.register(ticker.next_event)
