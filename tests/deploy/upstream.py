"""An application that answers what a test says."""

import http.server
import time
from collections.abc import Callable

LATER = "@4102444800"  # 2100
FOR_EVERYBODY = {
    "Cache-Control": "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400",
    "Vary": "Accept-Encoding",
}


def hours_ago(hours: int) -> str:
    """Return the X-Accel-Expires of a page whose second was over so many hours ago."""
    return f"@{int(time.time()) - hours * 3600 - 2}"


def page(body: str, until: str = LATER, status: int = 200, **headers: str) -> tuple[int, dict[str, str], str]:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {**FOR_EVERYBODY, "X-Accel-Expires": until, **more}, body


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


class Upstream:
    """Answers what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        # None: the connection breaks before there is an answer.
        self.answer: Callable[[str, dict[str, str]], tuple[int, dict[str, str], str] | None]
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.rfile.read(int(headers.get("content-length", "0")))
                upstream.asked.append((self.path, headers))
                answer = upstream.answer(self.path, headers)
                if answer is None:
                    return
                status, said, body = answer
                self.send_response(status)
                for name, value in (said | {"Content-Length": str(len(body.encode()))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_GET  # noqa: N815  the name is the server's

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]
