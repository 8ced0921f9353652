"""The encoder that ships: its weights are the published ones, and what means the same is near."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from indexer.embeddings import (
    SHA256,
    Precision,
    SentenceTransformerEncoder,
    default_folder,
    open_encoder,
    verify_weights,
)
from indexer.errors import EncoderMissing, WeightsMismatch
from indexer.shipped_encoder import CLAIMS, shipped


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder.open()


def test_the_weights_are_the_published_ones() -> None:
    """The installed package carries the file that was published."""
    assert default_folder() / "model.safetensors" == verify_weights()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """Both digests, the file and the remedy are named."""
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(WeightsMismatch, match=rf"model\.safetensors: its SHA-256 is \w+, published is {SHA256}; run"):
        verify_weights(tmp_path)


def test_the_default_needs_no_network(encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and embedding open no connection."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert (1, 384) == encoder.encode(["weights"]).shape
    assert "all-MiniLM-L6-v2" == encoder.name


def test_what_means_the_same_is_nearer(encoder: SentenceTransformerEncoder) -> None:
    """A paraphrase without a shared word is nearer than another matter."""
    asked, same, other = encoder.encode(
        ["weights stopped my injuries", "lifting keeps me injury free", "feed your sourdough daily"]
    )
    assert 0.68 == pytest.approx(float(asked @ same), abs=0.01)
    assert -0.04 == pytest.approx(float(asked @ other), abs=0.01)


def test_order_and_doubles(encoder: SentenceTransformerEncoder) -> None:
    """Vectors come in the order of the texts, whatever their length, and equal texts have equal vectors."""
    texts = ["a much longer claim about long runs and recovery weeks", "squats", "", "squats"]
    vectors = encoder.encode(texts)
    assert np.allclose(1.0, np.linalg.norm(vectors, axis=1), atol=1e-5)
    assert np.array_equal(vectors[1], vectors[3])
    assert np.allclose(vectors[0], encoder.encode(texts[:1])[0], atol=1e-5)


def test_no_texts(encoder: SentenceTransformerEncoder) -> None:
    """Nothing to embed gives no vectors, of the right dimension."""
    assert (0, 384) == encoder.encode([]).shape


@pytest.mark.parametrize("text", ["\x00", "half \ud83d a pair", "word " * 5_000, "\N{RUNNER}"])
def test_odd_text(encoder: SentenceTransformerEncoder, text: str) -> None:
    """Whatever is asked, it gets a unit vector."""
    assert 1.0 == pytest.approx(float(np.linalg.norm(encoder.encode([text]))), abs=1e-5)


def test_a_model_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named in the environment is used, under a name that holds its digest."""
    shutil.copytree(default_folder(), tmp_path / "mine")
    monkeypatch.setenv("COUNTERPOINT_ENCODER", str(tmp_path / "mine"))
    chosen = open_encoder()
    assert f"mine@{SHA256[:12]}" == chosen.name
    assert 384 == chosen.dimension


def test_the_default_is_the_one_that_ships() -> None:
    """It needs neither torch nor the published weights."""
    assert shipped(CLAIMS) is open_encoder()


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.BFLOAT16])
def test_the_reference_is_chosen_by_precision(precision: Precision, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the name of the default, since its vectors can stand beside those of int8, and unit vectors."""
    monkeypatch.setenv("COUNTERPOINT_PRECISION", precision)
    chosen, texts = open_encoder(), ["weights stopped my injuries", "squats"]
    assert isinstance(chosen, SentenceTransformerEncoder)
    assert "all-MiniLM-L6-v2" == chosen.name
    vectors = chosen.encode(texts)
    assert np.allclose(1.0, np.linalg.norm(vectors, axis=1), atol=1e-5)
    assert (vectors * shipped(CLAIMS).encode(texts)).sum(axis=1).min() > 0.99


@pytest.mark.parametrize(("model", "said"), [("", "int4"), (".", "int8")])
def test_a_precision_that_is_none_of_its_model(model: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable, the model and what it can compute in are named."""
    monkeypatch.setenv("COUNTERPOINT_PRECISION", said)
    monkeypatch.setenv("COUNTERPOINT_ENCODER", model)
    with pytest.raises(EncoderMissing, match=rf"COUNTERPOINT_PRECISION={said}: .* computes in .*bfloat16, float32"):
        open_encoder()


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    """A folder that holds no weights is named, with what was expected."""
    with pytest.raises(EncoderMissing, match=r"no model\.safetensors here"):
        SentenceTransformerEncoder.open(str(tmp_path))


def test_an_absent_folder() -> None:
    """A folder that is not there is named, with the variable to set."""
    with pytest.raises(EncoderMissing, match="no such folder; set COUNTERPOINT_ENCODER"):
        SentenceTransformerEncoder.open("./nowhere")


def test_a_named_model_is_not_downloaded() -> None:
    """A model that is not on this machine is an error that says how to get it; nothing is fetched."""
    with pytest.raises(EncoderMissing, match="COUNTERPOINT_ALLOW_DOWNLOAD=1"):
        SentenceTransformerEncoder.open("nobody/no-such-model").encode(["weights"])
