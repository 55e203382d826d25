from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "background"
    verbose_name = "Hintergrund"

    def ready(self) -> None:
        """What piles up is removed at night."""
        from background import housekeeping, timetable  # noqa: PLC0415  models must be there first

        timetable.register("sessions", housekeeping.clear_sessions, timetable.Daily(3, 30))
        timetable.register("orders", housekeeping.remove_old_orders, timetable.Daily(3, 40))
