from django.apps import AppConfig
from django.db.backends.signals import connection_created


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = "Auslieferung"

    def ready(self) -> None:
        """Count the queries of each request."""
        from delivery import journal  # noqa: PLC0415  needs the apps

        connection_created.connect(journal.count_queries, dispatch_uid="delivery.journal")
