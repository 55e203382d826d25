from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Suche"

    def ready(self) -> None:
        """Listen to what is released, and look again for what could not be written then."""
        from articles.publishing import released  # noqa: PLC0415  models must be there first
        from background import timetable  # noqa: PLC0415
        from search import tasks  # noqa: PLC0415
        from search.index import when_released  # noqa: PLC0415

        released.connect(when_released, dispatch_uid="search")
        timetable.register("search", tasks.complete_search, timetable.Every(10 * 60))
