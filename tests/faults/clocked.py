"""The application with a clock that can be set from outside, through a file with seconds."""

import os
import threading
import time
from pathlib import Path

import time_machine

_FILE = Path(os.environ["CLOCK_FILE"])
_LOOK = _CLOSE = 0.02


def _follow() -> None:
    """Keep the clock of this process as far off as the file says, and no further."""
    while True:
        wanted = int(_FILE.read_text(encoding="ascii").rstrip("s\n"))
        drift = time_machine.escape_hatch.time.time() + wanted - time.time()
        if abs(drift) > _CLOSE:
            _travel.shift(drift)
        threading.Event().wait(_LOOK)


_travel = time_machine.travel(time.time(), tick=True).start()
threading.Thread(target=_follow, daemon=True).start()

from renewz.wsgi import application  # noqa: E402, F401
