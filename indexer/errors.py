"""What can go wrong in the indexer, as a tree; every message names the place and the remedy.

IndexerError
├── EncoderMissing       the encoder's weights are not on this machine
├── WeightsMismatch      weights are here, but are not the published ones
├── JudgeMissing         the judge's weights are not on this machine
├── IndexCorrupt         an index file that cannot be read, or that is not ours
├── NotAKnowledgeBase    a folder that holds something else
├── ManifestMismatch     made with another encoder, splitter or program than the one that opens it
├── KnowledgeBaseBusy    another process is writing
└── UnknownId            no thread, post or claim has this id, or several have
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class IndexerError(Exception):
    """The root of the tree."""


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


class NotAKnowledgeBase(IndexerError):
    """A folder, or a file, that is not a knowledge base."""


@dataclass(frozen=True)
class Difference:
    """One line of a manifest that does not fit: what the knowledge base was made with, and what opens it now."""

    field: str
    made_with: str
    opened_with: str


class ManifestMismatch(IndexerError):
    """A knowledge base made with another encoder, dimension, splitter or a newer schema than the one that opens it."""

    def __init__(self, folder: Path, differences: tuple[Difference, ...], remedy: str) -> None:
        lines = "; ".join(f"{d.field} was {d.made_with}, now {d.opened_with}" for d in differences)
        super().__init__(f"{folder}: {lines}; {remedy}")
        self.differences = differences
        self.remedy = remedy


class KnowledgeBaseBusy(IndexerError):
    """Another process is writing and did not finish in time."""


class UnknownId(IndexerError):
    """No thread, post or claim has this id, or several have ids that begin so."""
