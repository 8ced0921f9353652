"""What can go wrong in the indexer, by name. Every message says the place, what was expected or found, and the remedy.

    CounterpointError
    └── IndexerError
        ├── EncoderMissing       the encoder's weights are not on this machine
        ├── WeightsMismatch      weights are here, but are not the published ones
        ├── JudgeMissing         the judge's weights are not on this machine
        ├── IndexCorrupt         an index file that cannot be read, or that is not ours
        ├── IndexTooLarge        there is not the memory to build the index
        ├── NotAKnowledgeBase    a folder that holds something else
        ├── NotWritten           a file or folder that cannot be written, or that is there already
        ├── ManifestMismatch     made with another encoder or splitter than the one that opens it
        └── NotProposed          nothing came of asking for the claims of a post

What the store refuses keeps its own name (`corpus.errors`): `NotInStore` for an unknown id, `StoreLocked` while another
process writes, `NewerStore` for a database of a newer Counterpoint.
"""

# ruff: noqa: N818 - the names say what is the case; "Error" at the end of each would say nothing more

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CounterpointError


class IndexerError(CounterpointError):
    """Something about what is worked out before anyone asks."""


class EncoderMissing(IndexerError):
    """The encoder's weights are not on this machine."""


class WeightsMismatch(IndexerError):
    """Weights whose digest is not the published one."""


class JudgeMissing(IndexerError):
    """The judge's weights are not on this machine."""


class IndexCorrupt(IndexerError):
    """An index file that is damaged, of another program, or of another dimension."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; mend it with: python -m indexer --data {path.parent} rebuild")
        self.path = path
        self.reason = reason


class IndexTooLarge(IndexerError):
    """There is not the memory to build the index; what was open stays so."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"not enough memory to build the index of {count:,} vectors; nothing is lost: close other programs, and "
            "ask again"
        )


class NotAKnowledgeBase(IndexerError):
    """A folder, or a file, that is not a knowledge base."""


class NotWritten(IndexerError):
    """A file or folder that was to be written is there already, or cannot be written."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a manifest that does not fit: what the knowledge base was made with, and what opens it now."""

    name: str
    made_with: str
    opened_with: str


class ManifestMismatch(IndexerError):
    """A knowledge base made with another encoder, dimension or splitter than the one that opens it."""

    def __init__(self, folder: Path, differences: tuple[Difference, ...], remedy: str) -> None:
        lines = "; ".join(f"{one.name} was {one.made_with}, now {one.opened_with}" for one in differences)
        super().__init__(f"{folder}: {lines}; {remedy}")
        self.folder = folder
        self.differences = differences
        self.remedy = remedy


class NotProposed(IndexerError):
    """Nothing came of asking for the claims of a post. `reason` names why; a `final` one holds for every post."""

    def __init__(self, reason: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.final = final
