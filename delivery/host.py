"""Which of our names a reader asked for, in one spelling: what Django lets pass has many."""

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def host_of(environ: Mapping[str, Any]) -> str | None:
    """Return the name in lower case, without port and dot; None for one that Django refuses."""
    said = environ.get("HTTP_HOST", environ.get("SERVER_NAME", ""))
    return _canonical(said, tuple(settings.ALLOWED_HOSTS))


@functools.lru_cache(maxsize=64)
def _canonical(said: str, allowed: tuple[str, ...]) -> str | None:
    name, _ = split_domain_port(said)
    return name if name and validate_host(name, allowed) else None
