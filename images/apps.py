from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "images"
    verbose_name = "Bilder"

    def ready(self) -> None:
        """What is said about a picture stands beside it on public pages, until its end.

        Sizes that got lost are made good within minutes, and removed at night when they are old.
        """
        from background import timetable  # noqa: PLC0415  models must be there first
        from delivery import state  # noqa: PLC0415
        from images import tasks  # noqa: PLC0415
        from images.models import Image, next_end  # noqa: PLC0415

        state.register(next_end)
        state.watch(Image, new=False)
        timetable.register("renditions", tasks.complete_renditions, timetable.Every(10 * 60))
        timetable.register("old-renditions", tasks.remove_old_renditions, timetable.Daily(3, 50))
