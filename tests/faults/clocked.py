"""The application with a clock that can be set from outside, through a file with seconds."""

import os
import threading
import time
from pathlib import Path

import time_machine

_FILE = Path(os.environ["CLOCK_FILE"])
_LOOK = 0.02
_real = time.time


def _follow() -> None:
    """Keep the clock of this process as far off as the file says."""
    off = 0
    while True:
        wanted = int(_FILE.read_text(encoding="ascii").rstrip("s\n"))
        if wanted != off:
            _travel.shift(wanted - off)
            off = wanted
        threading.Event().wait(_LOOK)


_travel = time_machine.travel(_real(), tick=True).start()
threading.Thread(target=_follow, daemon=True).start()

from renewz.wsgi import application  # noqa: E402, F401
