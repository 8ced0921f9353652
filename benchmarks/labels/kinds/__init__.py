"""Claims of the Reddit dump whose kind was labelled by reading; GUIDELINE.md says what the labels mean.

Only ids, spans and labels stand beside this module; `load` joins them with the dump.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.labels import posts_of
from training.data import FORUM_FOLDER

FOLDER = Path(__file__).parent
NOTHING = "nothing"
"""The label of what asserts, advises and reports nothing: a claim that should have been skipped."""

Half = Literal["develop", "report"]


class LabelledClaimError(LookupError):
    """A labelled claim is not in the dump."""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim, read with its openers; `label` is a kind or NOTHING, `part` says how it was drawn."""

    thread_id: str
    text: str
    label: str
    part: str


def rows() -> list[dict[str, str]]:
    """Return the rows of the table of labels."""
    with (FOLDER / "claims.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def load(data: Path, half: Half) -> list[LabelledClaim]:
    """Return the labelled claims of `half` in the order of the table, their texts from the dump below `data`.

    Raises `LabelledClaimError`, naming the first, where the dump lacks a labelled comment.
    """
    chosen = [row for row in rows() if row["split"] == half]
    found = posts_of(data, frozenset(row["thread_id"] for row in chosen))
    if missing := [key for row in chosen if (key := (row["thread_id"], row["comment_id"])) not in found]:
        raise LabelledClaimError(
            f"{len(missing)} of {len(chosen)} labelled claims are not in {data / FORUM_FOLDER}, the first is in "
            f"comment {missing[0][1]} of thread {missing[0][0]}; pass the data folder that holds the whole dump"
        )
    return [
        LabelledClaim(
            row["thread_id"],
            found[row["thread_id"], row["comment_id"]][0][int(row["start"]) : int(row["end"])],
            row["kind"],
            row["part"],
        )
        for row in chosen
    ]
