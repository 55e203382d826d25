"""The door for those who attend to the background: who may, and ordering again what failed."""

import logging
import uuid

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from background import queue
from background.reasons import UnknownTask

logger = logging.getLogger(__name__)


class Refusal(Exception):
    """Something that is not done; ``str()`` is a German sentence for the person who acted."""


class NotAllowed(Refusal):
    """The person lacks the right."""

    def __init__(self) -> None:
        super().__init__("Das dürfen die Technik und die Chefin oder der Chef vom Dienst.")


class NotPossible(Refusal):
    """There is nothing to do again, or nobody who would."""


def may_attend(user: User) -> bool:
    """Say whether she may see the background and order again; being superuser gives nothing."""
    return user.is_authenticated and "background.attend_worker" in user.newsroom_rights


def order_again(user: User, number: uuid.UUID) -> None:
    """Have a worker try once more what has failed for good. Raises a Refusal."""
    if not may_attend(user):
        raise NotAllowed
    if settings.TASKS_RUN != "worker":
        raise NotPossible("Es ist kein Worker eingerichtet, der den Auftrag erledigen könnte.")
    row = DBTaskResult.objects.failed().filter(pk=number).first()
    if row is None:
        raise NotPossible("Dieser Auftrag ist nicht mehr gescheitert.")
    try:
        task = row.task
    except (ImportError, SuspiciousOperation):
        raise NotPossible(str(UnknownTask())) from None
    # By the same way as everybody else: of two who press the button, one orders.
    queue.order(task, row.args_kwargs)
    logger.info(
        "order tried again",
        extra={"task": row.task_path, "order": str(row.pk), "user": user.pk, "superuser": user.is_superuser},
    )
