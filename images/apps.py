from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "images"
    verbose_name = "Bilder"

    def ready(self) -> None:
        """What is said about a picture stands beside it on public pages, until its end."""
        from delivery import state  # noqa: PLC0415  models must be there first
        from images.models import Image, next_end  # noqa: PLC0415

        state.register(next_end)
        state.watch(Image, new=False)
