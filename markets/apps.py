from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "markets"
    verbose_name = "Kurse"

    def ready(self) -> None:
        """The ticker changes with every new rate, and when one gets old."""
        from background import timetable  # noqa: PLC0415  models must be there first
        from delivery import state  # noqa: PLC0415
        from markets import tasks, ticker  # noqa: PLC0415
        from markets.models import Quote  # noqa: PLC0415

        state.watch(Quote)
        state.register(ticker.next_event)
        # Not more often: with every new rate each page is another one, for readers and for caches.
        timetable.register("quotes", tasks.fetch_quotes, timetable.Every(300))
