"""Which representation of a page a reader asks for, and whether she has it already (RFC 9110)."""

import hashlib

from delivery.build import build
from delivery.state import State
from delivery.store import Key

# In our order: the smaller one first.
_CODINGS = ("br", "gzip")


def coding_for(accepted: str) -> str:
    """Return the best coding that an Accept-Encoding allows: "br", "gzip" or ""."""
    offered = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        offered[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in _CODINGS if offered.get(name)), "")


def tag_of(state: State, key: Key) -> str:
    """Return the name of a page in a state of the site and of the program."""
    words = [build(), str(state.generation), str(state.until.timestamp()), *key]
    return hashlib.blake2b("\0".join(words).encode(), digest_size=12).hexdigest()


def etag(tag: str, coding: str) -> str:
    """Return the ETag header: each coding is a representation of its own."""
    return f'"{tag}-{coding}"' if coding else f'"{tag}"'


def is_named(if_none_match: str, current: str) -> bool:
    """Say whether an If-None-Match names this representation; a proxy may have weakened its tag."""
    return current in {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
