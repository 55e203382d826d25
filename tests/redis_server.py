"""A redis-server of our own on loopback, to be killed, frozen and emptied."""

# ruff: noqa: S603  fixed commands without a shell

import signal
import socket
import subprocess
import time
from pathlib import Path

import redis


class RedisServer:
    """A server that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, empty."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        while not self.answers():
            assert time.monotonic() < end
            time.sleep(0.05)

    def answers(self) -> bool:
        """Say whether it answers."""
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.exceptions.RedisError:
            return False

    def empty(self) -> None:
        """Forget everything."""
        redis.Redis.from_url(self.url).flushall()

    def freeze(self) -> None:
        """Let it hang: it accepts connections and says nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()
