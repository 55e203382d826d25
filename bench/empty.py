"""What gunicorn costs: an application that does nothing but hand out the bytes of a page.

With the same bytes no application under the same gunicorn can be faster; ``bench/delivery.py`` says how
near ours comes.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_BODY = Path(os.environ["BARE_BODY"]).read_bytes()
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", str(len(_BODY))),
]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer anything with the page."""
    start_response("200 OK", _HEADERS)
    return [_BODY]
