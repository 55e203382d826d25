"""A wire between application and PostgreSQL that can be cut just after a COMMIT."""

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

# How psycopg sends it: a simple query, or the text of a prepared statement.
_COMMIT = b"COMMIT"
_CHUNK = 65_536


class Wire:
    """Listens on a port of this machine and passes everything on to PostgreSQL's socket."""

    def __init__(self, database: str) -> None:
        address = urlsplit(database)
        self._server = f"{unquote(address.netloc.rpartition('@')[2])}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://renewz@127.0.0.1:{self._listener.getsockname()[1]}{address.path}"
        self._lock = threading.Lock()
        self._to_cut = 0
        self.cut = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_next(self, number: int = 1) -> None:
        """Let the next COMMITs through, and drop the connection instead of their answer."""
        with self._lock:
            self._to_cut += number

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, contextlib.suppress(OSError):
            server.connect(self._server)
            self._pass_on(client, server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        is_last = False
        while True:
            ready, _, _ = select.select([client, server], [], [])
            if client in ready:
                sent = client.recv(_CHUNK)
                is_last = is_last or self._is_to_be_cut(sent)
                server.sendall(sent)
                if not sent:
                    return
            if server in ready:
                said = server.recv(_CHUNK)
                if not said or is_last:  # PostgreSQL answers only what it has done
                    return
                client.sendall(said)

    def _is_to_be_cut(self, sent: bytes) -> bool:
        if _COMMIT not in sent:
            return False
        with self._lock:
            if not self._to_cut:
                return False
            self._to_cut -= 1
            self.cut += 1
            return True


@contextlib.contextmanager
def wire(database: str) -> Iterator[Wire]:
    """Yield a wire to the database at an address of tests/postgres.py."""
    one = Wire(database)
    try:
        yield one
    finally:
        one.close()
