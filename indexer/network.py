"""A network that ships: a folder with ONNX weights, a tokeniser and a configuration, run by onnxruntime.

Each core runs whole batches by itself: two batches side by side take half the time of two batches shared by both cores.

Importing this module loads no model library; opening a `Network` does.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

WEIGHTS = "model.onnx"
TOKENIZER = "tokenizer.json"
CONFIG = "config.json"

BATCH_TOKENS = 1024
"""Padded tokens in one batch: what it computes on fits a core's cache. 2,048 are 12% slower, 512 no faster."""

BATCHES_A_CORE, FEWEST_TOKENS = 4, 256
"""Where there is little to compute, batches are smaller: less padding, and no core waits long for the last of another.
The 64 claims of an answer take 0.68 of the time that batches of 1,024 take on two cores, 0.84 on one."""

NOT_FUSED = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""What onnxruntime is not to make one operator of: on a CPU these are slower than their parts, the first ten times."""

Row = tuple[list[int], list[int]]
"""The token ids and type ids of one input."""

Refuse = Callable[[Path, str], Exception]
"""What to raise for a file of a network, and why."""


class Network:
    """Weights and tokeniser of a folder. Inputs run in batches of like length, so padding costs little."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._session = onnxruntime.InferenceSession(
            str(folder / WEIGHTS), options, providers=["CPUExecutionProvider"], disabled_optimizers=NOT_FUSED
        )
        self._threads = threads or cores()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=folder.name)

    @classmethod
    def open(cls, folder: Path, refuse: Refuse, threads: int | None = None) -> Network:
        """Return the network of `folder`. Raises what `refuse` makes of it where it cannot be read."""
        try:
            return cls(folder, threads)
        except Exception as error:  # the two libraries raise exceptions of many kinds
            raise refuse(folder, str(error)) from error

    def run(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Return the network's first output, float32, shape (len(rows), width of the output), in order."""
        import numpy as np

        width = self._session.get_outputs()[0].shape[1]
        found = np.zeros((len(rows), width), dtype=np.float32)

        def compute(batch: list[int]) -> None:
            longest = len(rows[batch[-1]][0])
            ids, types, mask = (np.zeros((len(batch), longest), dtype=np.int64) for _ in range(3))
            for line, at in enumerate(batch):
                length = len(rows[at][0])
                ids[line, :length], types[line, :length], mask[line, :length] = rows[at][0], rows[at][1], 1
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            found[batch] = self._session.run(None, inputs)[0]

        lengths = [len(ids) for ids, _ in rows]
        share = sum(lengths) // (self._threads * BATCHES_A_CORE)
        parts = list(batches(lengths, min(BATCH_TOKENS, max(FEWEST_TOKENS, share))))
        if len(parts) == 1 or self._threads == 1:
            for part in parts:
                compute(part)
        else:
            deque(self._pool.map(compute, reversed(parts)), maxlen=0)
        return found


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(lengths: Sequence[int], limit: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Yield positions, shortest first, in batches whose padded size stays within `limit`."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[at] > limit:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def configuration(folder: Path, needed: set[str], refuse: Refuse) -> dict[str, Any]:
    """Return the configuration of `folder`.

    Raises what `refuse` makes of a file that is absent, damaged or lacks one of `needed`.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise refuse(folder / CONFIG, str(error)) from error
    if missing := {"version", "sha256", *needed} - set(config):
        raise refuse(folder / CONFIG, f"lacks {', '.join(sorted(missing))}")
    return config


def check_weights(folder: Path, refuse: Refuse) -> None:
    """Raise what `refuse` makes of weights that are absent, or not the ones that the configuration names."""
    config = configuration(folder, set(), refuse)
    if (digest := _digest(folder / WEIGHTS, refuse)) != config["sha256"]:
        reason = f"sha256 is {digest[:12]}..., {CONFIG} names {str(config['sha256'])[:12]}..."
        raise refuse(folder / WEIGHTS, reason)


def name_of(folder: Path, config: dict[str, Any], refuse: Refuse) -> str:
    """Return the name of the network in `folder`: its version and the digest of its configuration, weights included."""
    return f"{config['version']}-{_digest(folder / CONFIG, refuse)[:12]}"


def encodings(tokenizer: Tokenizer, texts: Iterable[str]) -> list[Encoding]:
    """Return what `tokenizer` makes of texts, in order, without the marks around them; each text is read once."""
    texts = list(texts)
    distinct = list(dict.fromkeys(texts))
    read = tokenizer.encode_batch([encodable(text) for text in distinct], add_special_tokens=False)
    found = dict(zip(distinct, read, strict=True))
    return [found[text] for text in texts]


def encodable(text: str) -> str:
    """Return `text` without lone surrogates and NUL, which no tokeniser takes."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _digest(path: Path, refuse: Refuse) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise refuse(path, str(error)) from error
