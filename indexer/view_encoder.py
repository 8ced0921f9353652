"""claims -> unit vectors in which those that say the same thing lie close: the encoder that groups claims into views.

A MiniLM taught by contrast (`training.views`), apart from the encoder that finds claims: "run more" and "run less" are
about the same matter, and a search wants both, but they are no one view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from indexer.errors import EncoderMissing
from indexer.network import Network, configuration, encodable, name_of

if TYPE_CHECKING:
    from indexer.embeddings import Vectors

DEFAULT_FOLDER = Path(__file__).parent / "models" / "views"
REMEDY = "python -m training.views --data DATA --out indexer/models/views"
TOKENS = 64
"""Room for a claim, as in training: claims are shorter, and a long one says its point first."""
MAX_CHARACTERS = 1000
"""Text beyond this is not even tokenised."""


@dataclass(frozen=True, slots=True)
class ViewEncoder:
    """The encoder of a folder that `training.views` wrote; an `Encoder`, deterministic, in any company the same."""

    name: str
    network: Network
    dimension: int

    @classmethod
    def open(cls, folder: Path = DEFAULT_FOLDER, threads: int | None = None) -> Self:
        """Return the encoder in `folder` (default: the shipped one); `threads` None takes every core.

        Raises EncoderMissing where a file is absent, damaged or not the one that the configuration names.
        """
        config = configuration(folder, {"dimension"}, _damaged)
        return cls(name_of(folder, config, _damaged), Network.open(folder, _damaged, threads), int(config["dimension"]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in order; each text is embedded once."""
        import numpy as np

        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        if not distinct:
            return np.zeros((0, self.dimension), dtype=np.float32)
        read = self.network.tokenizer.encode_batch(
            [encodable(text[:MAX_CHARACTERS]) for text in distinct], add_special_tokens=False
        )
        first, last = (self.network.tokenizer.token_to_id(mark) or 0 for mark in ("[CLS]", "[SEP]"))
        ids = [[first, *one.ids[: TOKENS - 2], last] for one in read]
        vectors = self.network.run([(row, [0] * len(row)) for row in ids])
        return np.asarray(vectors[[distinct[text] for text in texts]], dtype=np.float32)


@cache
def shipped() -> ViewEncoder:
    """Return the shipped encoder, loaded once a process. Raises EncoderMissing."""
    return ViewEncoder.open()


def _damaged(path: Path, reason: str) -> EncoderMissing:
    return EncoderMissing(
        f"the weights of the encoder of views cannot be read: {path}: {reason}; "
        f"install Counterpoint again, or make them again with: {REMEDY}"
    )
