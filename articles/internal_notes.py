"""Internal notes: no part of the text and of no version, so two who write at once must both be kept."""

import hashlib
import itertools
from typing import NamedTuple

from renewz.lib.text import clean_text


class Notes(NamedTuple):
    """Notes as somebody typed them, and the mark of those that she had before her."""

    text: str
    seen: str = ""


def mark(text: str) -> str:
    """Return what a form carries along to know later whether notes are still the same."""
    text = _cleaned(text)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def together(stored: str, typed: Notes) -> str:
    """Return the notes as they have to be now: nothing that either of two has added gets lost."""
    text = _cleaned(typed.text)
    if mark(text) == typed.seen:
        return stored
    if mark(stored) == typed.seen:
        return text
    before = _cleaned(stored)
    added = _added(before, text)
    is_there = not added or f"\n{added}\n" in f"\n{before}\n"
    return stored if is_there else f"{before}\n\n{added}".strip()


def were_joined(stored: str, typed: Notes) -> bool:
    """Say whether ``together`` has put what was typed beside what somebody else had written."""
    return mark(typed.text) not in {typed.seen, mark(stored)}


def _added(stored: str, text: str) -> str:
    """Return what comes after the lines that both begin with."""
    lines, known = text.splitlines(), stored.splitlines()
    in_common = sum(
        1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(lines, known, strict=False))
    )
    return "\n".join(lines[in_common:]).strip()


def _cleaned(text: str) -> str:
    return clean_text(text).replace("\r\n", "\n").strip()
