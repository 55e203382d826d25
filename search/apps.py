from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Suche"

    def ready(self) -> None:
        """Listen to what is released."""
        from articles.publishing import released  # noqa: PLC0415  models must be there first
        from search.index import when_released  # noqa: PLC0415

        released.connect(when_released, dispatch_uid="search")
