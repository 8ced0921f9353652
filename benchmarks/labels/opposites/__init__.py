"""Pairs of claims that look alike and say the opposite, and paraphrases; GUIDELINE.md says how they were written."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
Half = Literal["develop", "report"]


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """Two claims about `subject`; `kind` says what makes them opposite, and is empty for a paraphrase."""

    split: str
    subject: str
    label: str
    kind: str
    one: str
    other: str


def load(half: Half) -> list[ClaimPair]:
    """Return the pairs of one half of the subjects, in file order."""
    with (FOLDER / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        return [pair for row in csv.DictReader(lines) if (pair := ClaimPair(**row)).split == half]
