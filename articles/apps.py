from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Artikel"

    def ready(self) -> None:
        """Say when articles change public pages, and draw the share cards of what is released.

        What is released goes through the doors, and these say so themselves.
        """
        from articles import pictures, sharing  # noqa: PLC0415  models must be there first
        from articles.models import Edition, Section, ShareCard, Tag  # noqa: PLC0415  models must be there first
        from articles.publishing import released  # noqa: PLC0415
        from background import timetable  # noqa: PLC0415
        from delivery import pages, state  # noqa: PLC0415
        from images import uses  # noqa: PLC0415
        from images.desk import changed  # noqa: PLC0415

        state.register(Edition.objects.next_event)
        pages.forget_articles(Edition.objects.gone)
        state.watch(Section)
        state.watch(ShareCard)
        state.watch(Tag, new=False)
        uses.register(pictures)
        released.connect(sharing.when_released, dispatch_uid="sharing")
        changed.connect(sharing.when_pictures_changed, dispatch_uid="sharing")
        timetable.register("share-cards", sharing.complete_share_cards, timetable.Daily(4, 0))
        timetable.register("old-share-cards", sharing.remove_old_share_cards, timetable.Daily(4, 30))
