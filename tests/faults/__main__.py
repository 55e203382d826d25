"""``make faults``: let everything go wrong that will, under load, and look what people see of it.

``python -m tests.faults database_frozen`` runs what is named. Prints what was counted, one table
for each fault; ends with 1 if the house breaks a promise.
"""

# ruff: noqa: T201  this module talks to a person

import importlib
import os
import shutil
import sys
import time
import traceback
from types import ModuleType

from tests.faults.outcome import Outcome
from tests.postgres import end_in_order_at_sigterm

SCRIPTS = (
    "worker_killed",
    "gunicorn_killed",
    "database_stopped",
    "database_frozen",
    "commit_cut",
    "redis_gone",
    "disk_full",
    "clock_stepped",
    "deployed",
    "sqlite_killed",
)


def _show(outcome: Outcome) -> None:
    print(f"\n{outcome.name}\n\n| was | gezählt |\n|---|---|")
    for what, found in outcome.rows:
        print(f"| {what} | {found} |")
    for breach in outcome.breaches:
        print(f"  ✗ {breach}")
    if not outcome.breaches:
        print("  ✓ wie versprochen")
    sys.stdout.flush()


def main(wanted: list[str]) -> int:
    """Run the scripts and return the exit code."""
    end_in_order_at_sigterm()
    if unknown := set(wanted) - set(SCRIPTS):
        sys.exit(f"Gibt es nicht: {', '.join(sorted(unknown))}. Es gibt: {', '.join(SCRIPTS)}.")
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        sys.exit("nginx fehlt. Debian und Ubuntu: sudo apt-get install nginx")
    outcomes: list[Outcome] = []
    for name in wanted or SCRIPTS:
        began = time.monotonic()
        script: ModuleType = importlib.import_module(f"tests.faults.{name}")
        try:
            for outcome in script.outcomes():
                _show(outcome)
                outcomes.append(outcome)
        except Exception:  # the others have to be tried all the same
            outcomes.append(Outcome(name, breaches=[traceback.format_exc()]))
            _show(outcomes[-1])
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    bad = [outcome.name for outcome in outcomes if outcome.breaches]
    print(f"\n{len(outcomes)} Störungen, {len(bad)} davon nicht wie versprochen.")
    for name in bad:
        print(f"  ✗ {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nAbgebrochen.")
