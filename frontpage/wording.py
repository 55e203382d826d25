"""How a breaking news stands, in words for the newsroom."""

import datetime as dt

from articles.standing import Badge
from frontpage.models import BreakingNews
from renewz.lib.dates import countdown, german_moment, german_plan


def standing(row: BreakingNews, at: dt.datetime, shown: int | None) -> Badge:
    """Return „läuft“, „geplant“ or „beendet“, and since when or until when.

    ``shown`` is the number of the one that readers see: of several that run it covers the others.
    """
    if row.is_running(at):
        covered = "" if row.pk == shown else "verdeckt von einer neueren, "
        return Badge(
            "live", "läuft", f"{covered}endet {countdown(row.ends_at, at)}: {german_plan(row.ends_at)}"
        )
    if not row.is_over(at):
        begin = f"beginnt {countdown(row.starts_at, at)}: {german_plan(row.starts_at)}"
        return Badge("waiting", "geplant", f"{begin}, bis {german_plan(row.ends_at)}")
    if row.ended_at is None:
        return Badge("expired", "beendet", f"von selbst am {german_moment(row.ends_at)}")
    never = " vor ihrem Beginn" if row.ended_at <= row.starts_at else ""
    by = f" von {row.ended_by}" if row.ended_by else ""
    return Badge("expired", "beendet", f"am {german_moment(row.ended_at)}{by}{never}")
