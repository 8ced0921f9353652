"""The encoders that ship: what it puts together, odd input, and what a broken folder says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.embeddings import SentenceTransformerEncoder
from indexer.errors import EncoderMissing
from indexer.shipped_encoder import CLAIMS, PIECE, VIEWS, ShippedEncoder

SAME = ["lifting weights stopped my injuries", "since I lift I don't get injured any more"]
OTHER = "shoes with more cushioning are slower"


@pytest.fixture(scope="module", params=[CLAIMS, VIEWS], ids=lambda folder: folder.name)
def encoder(request: pytest.FixtureRequest) -> ShippedEncoder:
    return ShippedEncoder(request.param)


def test_what_says_the_same_lies_closer(encoder: ShippedEncoder) -> None:
    """A paraphrase is nearer than another matter."""
    one, same, other = encoder.encode([*SAME, OTHER])
    assert float(one @ same) > float(one @ other) + 0.3


def test_vectors_are_unit_float32_in_order(encoder: ShippedEncoder) -> None:
    """One row a text, each of length one; the same text has the same row."""
    vectors = encoder.encode([SAME[0], OTHER, SAME[0]])
    assert (np.float32, (3, encoder.dimension)) == (vectors.dtype, vectors.shape)
    np.testing.assert_allclose(1.0, np.linalg.norm(vectors, axis=1), atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_company_makes_no_difference(encoder: ShippedEncoder) -> None:
    """A claim has the same vector alone and beside a long one, to the fourth digit."""
    (alone,) = encoder.encode([OTHER])
    beside = encoder.encode(["word " * 200, OTHER])[1]
    np.testing.assert_allclose(alone, beside, atol=1e-4)


def test_nothing_gives_no_rows(encoder: ShippedEncoder) -> None:
    """The width is that of other vectors."""
    assert (0, encoder.dimension) == encoder.encode([]).shape


@pytest.mark.parametrize("text", ["", "🙂", "\x00", "lone \ud800 surrogate", "x" * 100_000, "это помогает"])
def test_odd_texts_have_vectors(encoder: ShippedEncoder, text: str) -> None:
    """Whatever a forum holds, the vector is finite and of length one."""
    (vector,) = encoder.encode([text])
    assert pytest.approx(1.0, abs=1e-4) == float(vector @ vector)


@pytest.mark.parametrize("folder", [CLAIMS, VIEWS], ids=lambda folder: folder.name)
def test_the_weights_that_ship_are_small(folder: Path) -> None:
    """At most 30 MB."""
    assert (folder / "model.onnx").stat().st_size < 30_000_000


def test_int8_means_the_same_as_the_published_weights() -> None:
    """Cosines to the float32 reference, of short and of long texts."""
    texts = [
        *SAME,
        OTHER,
        "should I lift for a sub-20 5k?",
        "I ran a 21:40 last autumn and wanted to get under twenty by spring, so I asked the coach of my club. " * 2
        + "He had me lift twice a week, squats and deadlifts, and keep three easy runs and one long one.",
        "don't",
        " ".join(SAME) * 4,
    ]
    exact = SentenceTransformerEncoder.open().encode(texts)
    assert (ShippedEncoder(CLAIMS).encode(texts) * exact).sum(axis=1).min() > 0.985


def test_many_texts_are_read_in_pieces(encoder: ShippedEncoder) -> None:
    """The last of more than a piece has the vector that it has alone."""
    texts = [f"squats {number}" for number in range(PIECE + 10)]
    vectors = encoder.encode(texts)
    assert (len(texts), encoder.dimension) == vectors.shape
    np.testing.assert_allclose(vectors[-1], encoder.encode(texts[-1:])[0], atol=1e-4)


@pytest.mark.parametrize("name", ["model.onnx", "config.json", "tokenizer.json"])
@pytest.mark.parametrize(("shipped", "module"), [(CLAIMS, "embedding"), (VIEWS, "views")])
def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path, name: str, shipped: Path, module: str) -> None:
    """Each of the three files is needed."""
    folder = Path(shutil.copytree(shipped, tmp_path / shipped.name))
    (folder / name).unlink()
    with pytest.raises(EncoderMissing, match=rf"cannot be read.*python -m training\.{module}"):
        ShippedEncoder(folder).encode([OTHER])
