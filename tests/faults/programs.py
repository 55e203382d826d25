"""Programs under test: started, killed, and started again as a container engine would."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.deploy.running import ROOT, START_SECONDS

# What Docker waits at first before it starts a container again.
_RESTART_DELAY = 0.1


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started, or none where it is gone."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(number) for number in listed.split()]


class Program:
    """A program that is started again whenever it ends, until it is stopped."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = list(command), dict(environment), log
        self._stopping = threading.Event()
        self.restarts = 0
        self._process = self._start()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def pid(self) -> int:
        """Return the number of the process that runs now."""
        return self._process.pid

    def send(self, number: int) -> None:
        """Send a signal to the program alone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it with all that it has started, as when a container dies."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def log(self) -> str:
        """Return what it has said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, port: int) -> None:
        """Wait until somebody answers at a port. Raises RuntimeError with what the program said."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self._command[0]} antwortet nicht:\n{self.log()[-3000:]}")

    def stop(self) -> None:
        """Let it end in peace; kill what has not ended then."""
        self._stopping.set()
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        self._watcher.join(timeout=40)
        self.kill()
        self._watcher.join()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _watch(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(_RESTART_DELAY):
                return
            self._process = self._start()
            self.restarts += 1
