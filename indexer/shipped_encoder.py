"""texts -> unit vectors by the encoders that ship, run by onnxruntime in int8, without torch.

Two ship, each a MiniLM of 23 MB. The one that finds claims is all-MiniLM-L6-v2 itself (`training.embedding`); the one
that groups them into views was taught by contrast (`training.views`): "run more" and "run less" are about the same
matter, and a search wants both, but they are no one view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import EncoderMissing
from indexer.network import Network, Refuse, Row, check_weights, configuration, encodings, name_of

if TYPE_CHECKING:
    from indexer.embeddings import Vectors

MODELS = Path(__file__).parent / "models"
CLAIMS, VIEWS = MODELS / "claims", MODELS / "views"
PIECE = 4096
"""Texts tokenised while the ones before are computed on."""
CHARACTERS = 20
"""Of a text, for each token that is read, are tokenised: no more than a token holds but in runs of spaces."""


class ShippedEncoder:
    """The encoder of a folder that `training` wrote; an `Encoder`, deterministic, in any company the same.

    Its weights are loaded when they are first needed.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Read the configuration; `threads` None takes every core. Raises EncoderMissing where it cannot be read."""
        self._folder, self._threads, self._refuse = folder, threads, _damaged(folder)
        config = configuration(folder, {"dimension", "tokens"}, self._refuse)
        self.name = str(config.get("name") or name_of(folder, config, self._refuse))
        self.dimension, self.tokens = int(config["dimension"]), int(config["tokens"])

    @cached_property
    def network(self) -> Network:
        """The network. Raises EncoderMissing where a file is absent, damaged or not the one that is configured."""
        check_weights(self._folder, self._refuse)
        return Network.open(self._folder, self._refuse, self._threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension), in order; each text is embedded once."""
        import numpy as np

        distinct = {text: row for row, text in enumerate(sorted(set(texts), key=lambda text: (len(text), text)))}
        found = np.zeros((len(distinct), self.dimension), dtype=np.float32)
        at = 0
        for rows in self._rows(list(distinct)):
            found[at : at + len(rows)] = self.network.run(rows)
            at += len(rows)
        return np.asarray(found[[distinct[text] for text in texts]], dtype=np.float32)

    def _rows(self, texts: Sequence[str]) -> Iterator[list[Row]]:
        """Yield what the network reads of `texts`, piece by piece, the next one made while one is computed on."""
        pieces = [texts[at : at + PIECE] for at in range(0, len(texts), PIECE)]
        if len(pieces) <= 1:
            yield from map(self._read, pieces)
            return
        with ThreadPoolExecutor(1) as reading:
            waiting: list[Future[list[Row]]] = [reading.submit(self._read, pieces[0])]
            for piece in [*pieces[1:], None]:
                rows = waiting.pop().result()
                if piece is not None:
                    waiting.append(reading.submit(self._read, piece))
                yield rows

    def _read(self, texts: Sequence[str]) -> list[Row]:
        first, last = (self.network.tokenizer.token_to_id(mark) or 0 for mark in ("[CLS]", "[SEP]"))
        read = encodings(self.network.tokenizer, [text[: self.tokens * CHARACTERS] for text in texts])
        ids = [[first, *one.ids[: self.tokens - 2], last] for one in read]
        return [(row, [0] * len(row)) for row in ids]


@cache
def shipped(folder: Path) -> ShippedEncoder:
    """Return the encoder in `folder`, loaded once a process. Raises EncoderMissing."""
    return ShippedEncoder(folder)


def _damaged(folder: Path) -> Refuse:
    module = "embedding" if folder.name == CLAIMS.name else "views"
    remedy = f"python -m training.{module} --data DATA --out indexer/models/{folder.name}"
    return lambda path, reason: EncoderMissing(
        f"the weights of an encoder cannot be read: {path}: {reason}; "
        f"install Counterpoint again, or make them again with: {remedy}"
    )
