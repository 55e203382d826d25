from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Artikel"

    def ready(self) -> None:
        """Draw share cards of what is released, and of what loses its picture."""
        from articles.publishing import released  # noqa: PLC0415  models must be there first
        from articles.sharing import when_pictures_changed, when_released  # noqa: PLC0415
        from images.desk import changed  # noqa: PLC0415

        released.connect(when_released, dispatch_uid="sharing")
        changed.connect(when_pictures_changed, dispatch_uid="sharing")
