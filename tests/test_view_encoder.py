"""The encoder of views that ships: what it puts together, odd input, and what a broken folder says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import EncoderMissing
from indexer.view_encoder import DEFAULT_FOLDER, ViewEncoder

SAME = ["lifting weights stopped my injuries", "since I lift I don't get injured any more"]
OTHER = "shoes with more cushioning are slower"


@pytest.fixture(scope="module")
def encoder() -> ViewEncoder:
    return ViewEncoder.open(threads=1)


def test_what_says_the_same_lies_closer(encoder: ViewEncoder) -> None:
    """A paraphrase is nearer than another matter."""
    one, same, other = encoder.encode([*SAME, OTHER])
    assert float(one @ same) > float(one @ other) + 0.3


def test_vectors_are_unit_float32_in_order(encoder: ViewEncoder) -> None:
    """One row a text, each of length one; the same text has the same row."""
    vectors = encoder.encode([SAME[0], OTHER, SAME[0]])
    assert (np.float32, (3, encoder.dimension)) == (vectors.dtype, vectors.shape)
    np.testing.assert_allclose(1.0, np.linalg.norm(vectors, axis=1), atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_company_makes_no_difference(encoder: ViewEncoder) -> None:
    """A claim has the same vector alone and beside a long one, to the fourth digit."""
    (alone,) = encoder.encode([OTHER])
    beside = encoder.encode(["word " * 200, OTHER])[1]
    np.testing.assert_allclose(alone, beside, atol=1e-4)


def test_nothing_gives_no_rows(encoder: ViewEncoder) -> None:
    """The width is that of other vectors."""
    assert (0, encoder.dimension) == encoder.encode([]).shape


@pytest.mark.parametrize("text", ["", "🙂", "\x00", "lone \ud800 surrogate", "x" * 100_000, "это помогает"])
def test_odd_texts_have_vectors(encoder: ViewEncoder, text: str) -> None:
    """Whatever a forum holds, the vector is finite and of length one."""
    (vector,) = encoder.encode([text])
    assert pytest.approx(1.0, abs=1e-4) == float(vector @ vector)


def test_the_weights_that_ship_are_small() -> None:
    """At most 30 MB."""
    assert (DEFAULT_FOLDER / "model.onnx").stat().st_size < 30_000_000


@pytest.mark.parametrize("name", ["model.onnx", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    """Each of the three files is needed."""
    folder = Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "views"))
    (folder / name).unlink()
    with pytest.raises(EncoderMissing, match=r"cannot be read.*python -m training\.views"):
        ViewEncoder.open(folder)
