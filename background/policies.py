"""What a task is called, how often it is tried and how long it may take; each may have its own policy."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How a worker treats the orders of one task."""

    title: str  # what people call it
    attempts: int = 6
    first: dt.timedelta = dt.timedelta(seconds=10)  # pause after the first failure, then twice as long
    longest: dt.timedelta = dt.timedelta(hours=1)
    limit: dt.timedelta = dt.timedelta(minutes=10)  # what takes longer hangs

    def pause(self, attempt: int) -> dt.timedelta:
        """Return how long to wait after this attempt; by chance, so that many do not come back at once."""
        full = min(self.first * 2 ** (attempt - 1), self.longest)
        return full * random.uniform(0.5, 1)  # noqa: S311  no secret depends on it


_policies: dict[str, Policy] = {}


def policy(
    title: str,
    *,
    attempts: int = Policy.attempts,
    first: dt.timedelta = Policy.first,
    longest: dt.timedelta = Policy.longest,
    limit: dt.timedelta = Policy.limit,
) -> Callable[[Task], Task]:
    """Give a task a policy: the decorator above ``@task``. Its orders may run more than once."""

    def given(task: Task) -> Task:
        _policies[task.module_path] = Policy(
            title=title, attempts=attempts, first=first, longest=longest, limit=limit
        )
        return task

    return given


def policy_of(task_path: str) -> Policy:
    """Return the policy of a task; one without its own is treated as most are."""
    return _policies.get(task_path) or Policy(title=task_path.rpartition(".")[2])
