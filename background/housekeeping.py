"""What piles up in the database and is of no use any more. May run twice: what is gone is gone."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.db.models import Q
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue
from background.policies import policy

KEPT = dt.timedelta(days=7)
FAILED_KEPT = dt.timedelta(days=30)


@policy("Abgelaufene Sitzungen entfernen")
@task(priority=-10)
def clear_sessions() -> None:
    """Forget who was signed in long ago."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@policy("Erledigte Aufträge entfernen")
@task(priority=-10)
def remove_old_orders() -> None:
    """Forget orders that were done or failed long ago."""
    now = timezone.now()
    old = Q(status=queue.DONE, finished_at__lt=now - KEPT)
    old |= Q(status=queue.FAILED, finished_at__lt=now - FAILED_KEPT)
    DBTaskResult.objects.filter(old).delete()
