"""What the teacher says is written once and read back as targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from indexer.judge import Pair
from training import distil
from training.data import ONE_HOT, Example, taught
from training.distil import UNLABELLED, score

EXAMPLES = [
    Example("Should I?", "it helped", ONE_HOT["pro"], "written", "a", "before", weight=1.2),
    Example("Should I?", "who knows", (0.25,) * 4, UNLABELLED, "b", weight=0.1),
]


@dataclass
class Sure:
    """A teacher that says pro with a chance of nearly one, and notes how many pairs it was asked."""

    asked: list[str] = field(default_factory=list)

    def logits(self, pairs: list[Pair]) -> torch.Tensor:
        self.asked += [pair.claim for pair in pairs]
        return torch.tensor([[10.0, 0.0, 0.0, 0.0]]).expand(len(pairs), 4)


def test_the_teachers_word_is_mixed_with_the_label(tmp_path: Path) -> None:
    """Where there is a label it keeps its share; where there is none the teacher alone is believed."""
    score(Sure(), EXAMPLES, tmp_path / "said.jsonl")  # type: ignore[arg-type]
    first, second = taught(tmp_path / "said.jsonl", trust=0.5)
    assert ("Should I?", "it helped", "before", 1.2) == (first.question, first.claim, first.context, first.weight)
    assert pytest.approx((1.0, 0.0, 0.0, 0.0), abs=1e-3) == first.target
    assert pytest.approx((0.9999, 0.0, 0.0, 0.0), abs=1e-3) == second.target
    assert 0.5 == second.weight


def test_a_label_that_the_teacher_denies_halves_the_target(tmp_path: Path) -> None:
    """Half trust in each: half of the target each."""
    score(Sure(), [Example("Should I?", "no", ONE_HOT["con"], "written", "a")], tmp_path / "said.jsonl")  # type: ignore[arg-type]
    (only,) = taught(tmp_path / "said.jsonl", trust=0.5)
    assert pytest.approx((0.5, 0.5, 0.0, 0.0), abs=1e-3) == only.target


def test_a_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the table holds is not scored again."""
    monkeypatch.setattr(distil, "BATCH", 1)
    monkeypatch.setattr(distil, "CHUNK", 1)
    again = Sure()
    score(Sure(), EXAMPLES[:1], tmp_path / "said.jsonl")  # type: ignore[arg-type]
    score(again, EXAMPLES, tmp_path / "said.jsonl")  # type: ignore[arg-type]
    assert ["who knows"] == again.asked
    assert 2 == len(list(taught(tmp_path / "said.jsonl")))
