from django.apps import AppConfig


class AuthorsConfig(AppConfig):
    name = "authors"
    verbose_name = "Autoren"

    def ready(self) -> None:
        """Names, portraits and biographies stand on public pages."""
        from authors import portraits  # noqa: PLC0415
        from authors.models import Author, AuthorLink  # noqa: PLC0415  models must be there first
        from delivery import state  # noqa: PLC0415
        from images import uses  # noqa: PLC0415

        uses.register(portraits)
        state.watch(Author, new=False)
        state.watch(AuthorLink)
