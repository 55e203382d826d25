"""Pieces of plain text with the hits marked. Only words: the template writes <mark> and escapes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.words import spans

_LENGTH = 210  # signs
_BEFORE = 60  # shown before the first hit
_READ = 20_000  # signs of a text that are looked through


@dataclass(frozen=True)
class Piece:
    """A run of text; a hit or not."""

    text: str
    is_hit: bool = False


Excerpt = list[Piece]
_Hits = list[tuple[int, int, str]]


def marked(text: str, stems: frozenset[str]) -> Excerpt:
    """Return the whole text with its hits."""
    return _pieces(text, 0, len(text), _hits(text, stems))


def excerpt_of(texts: Sequence[str], stems: frozenset[str], enough: int = 1) -> Excerpt:
    """Return the place that holds the most of what was asked for; else the beginning.

    No text is read after one that has ``enough`` different hits near each other.
    """
    lines = [text[:_READ].replace("\n", " · ") for text in texts if text]
    best: tuple[int, str, int, _Hits] = (0, lines[0] if lines else "", 0, [])
    for text in lines:
        if best[0] >= enough:
            break
        hits = _hits(text, stems)
        for number, (begin, _, _) in enumerate(hits):
            until = begin - _BEFORE + _LENGTH
            near = {stem for start, _, stem in hits[number : number + 20] if start < until}
            if len(near) > best[0]:
                best = (len(near), text, begin, hits)
    _, text, first, hits = best
    return _cut(text, first, hits)


def _hits(text: str, stems: frozenset[str]) -> _Hits:
    return [(begin, end, min(known)) for begin, end, own in spans(text) if (known := own & stems)]


def _cut(text: str, first: int, hits: _Hits) -> Excerpt:
    """Cut at words, around the first hit."""
    begin = _start(text, first)
    end = min(len(text), begin + _LENGTH)
    if end < len(text):
        space = text.rfind(" ", begin + 1, end)
        end = space if space > first else end
    pieces = _pieces(text, begin, end, hits)
    if begin and pieces:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return pieces


def _start(text: str, first: int) -> int:
    """Return where an excerpt begins: with a sentence or a line if one is near, else with a word."""
    if first <= _BEFORE:
        return 0
    window = text[first - _BEFORE : first]
    for end in (" · ", ". ", "? ", "! "):
        if end in window:
            return first - _BEFORE + window.rfind(end) + len(end)
    return first - _BEFORE + window.find(" ") + 1 if " " in window else first


def _pieces(text: str, begin: int, end: int, hits: Iterable[tuple[int, int, str]]) -> Excerpt:
    pieces: Excerpt = []
    place = begin
    for start, stop, _ in hits:
        if start < place or stop > end:
            continue
        if start > place:
            pieces.append(Piece(text[place:start]))
        pieces.append(Piece(text[start:stop], is_hit=True))
        place = stop
    if place < end:
        pieces.append(Piece(text[place:end]))
    return pieces
