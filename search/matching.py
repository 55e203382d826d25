"""What the index is asked: every wanted group by one of its phrases, none of the unwanted."""

from dataclasses import dataclass

Phrase = tuple[str, ...]  # stems, one after the other


@dataclass(frozen=True)
class Match:
    """A question in stems, the same for both databases."""

    wanted: tuple[tuple[Phrase, ...], ...]
    unwanted: tuple[tuple[Phrase, ...], ...] = ()
    section_id: int | None = None

    @property
    def stems(self) -> frozenset[str]:
        """Return all stems that make a hit: what a snippet marks."""
        return frozenset(stem for group in self.wanted for phrase in group for stem in phrase)
