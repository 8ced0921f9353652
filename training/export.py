"""Writes a trained stance model as the files that ship: int8 ONNX, tokeniser and a calibrated configuration.

`python -m training.export --data DATA --weights training/runs/stance/stage-all.pt --out indexer/models/stance`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import nn

from indexer.judge import LABELS, StanceNet, layouts
from indexer.network import CONFIG, TOKENIZER, WEIGHTS, Network, Row
from training import data as sets
from training.data import Example, flip
from training.labelling import labelled_claims
from training.questions import negations
from training.stance import MINILM, StanceModel, base_folder, pairs_of

VERSION = "stance-6"
EXAMPLES = 400
"""Inputs that the ranges of activations are read from."""


def write_folder(body: Any, examples: Sequence[Row], out: Path, *, output: str, head: nn.Linear | None = None) -> None:
    """Write a network (see `write_int8`) and its tokeniser into `out`; `write_configuration` adds what names them."""
    from training.int8 import write_int8

    out.mkdir(parents=True, exist_ok=True)
    write_int8(
        body, random.Random(1).sample(examples, min(EXAMPLES, len(examples))), out / WEIGHTS, output=output, head=head
    )
    _write_tokenizer(out / TOKENIZER)


def write_configuration(out: Path, version: str, settings: dict[str, Any]) -> None:
    """Write the configuration that names the weights in `out`."""
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    config = {"version": version, **settings, "sha256": digest}
    (out / CONFIG).write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    print(config, f"{(out / WEIGHTS).stat().st_size / 1e6:.1f} MB")


def with_negations(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return `examples` and, where a rule is safe, each with its question negated and its target flipped."""
    rng = random.Random(seed)
    found = list(examples)
    for example in examples:
        if others := negations(example.question):
            found.append(sets.replace(example, question=rng.choice(others), target=flip(example.target)))  # noqa: PERF401
    return found


def judged_set(forum: Sequence[Example]) -> list[Example]:
    """Return what figures on forum replies are computed over.

    These are the surest claim of each reply, thanks and counter-questions, and every fourth claim of another thread:
    three in ten are `none` then, near to what a search for the question hands to the judge.
    """
    others = [e for e in forum if e.source in {"forum-off", "loose-off"}]
    return [e for e in forum if e.first or e.source == "nothing"] + others[::4]


def calibration_set(data: Path) -> list[Example]:
    """Return what confidence is fitted on: forum threads, written questions and labelled claims held out for that."""
    held = judged_set(sets.forum_examples(data)["dev"]) + sets.written_examples("dev") + labelled_claims(data, "dev")
    return with_negations(held, seed=1)


def calibrate(logits: NDArray[np.float32], targets: NDArray[np.float64]) -> tuple[float, list[float]]:
    """Return (temperature, bias) of least cross-entropy; pro and con share bias 0, so that negation mirrors."""

    def loss(x: NDArray[np.float64]) -> float:
        z = logits / np.exp(x[0]) + np.array([0.0, 0.0, x[1], x[2]])
        z = z - z.max(1, keepdims=True)
        return float(-(targets * (z - np.log(np.exp(z).sum(1, keepdims=True)))).sum(1).mean())

    best = minimize(loss, np.zeros(3), method="Nelder-Mead").x
    return float(np.exp(best[0])), [0.0, 0.0, float(best[1]), float(best[2])]


def export(model: StanceModel, data: Path, out: Path) -> None:
    """Write `model` into the folder `out`, calibrated on what was held out for that."""
    examples = calibration_set(data)
    rows = layouts(MINILM.tokenizer(), pairs_of(examples))
    write_folder(model.eval().body, rows, out, output="logits", head=model.head)
    logits = StanceNet(Network(out, threads=1)).logits(pairs_of(examples))
    temperature, bias = calibrate(logits, np.array([e.target for e in examples]))
    settings = {
        "labels": [str(label) for label in LABELS],
        "temperature": round(temperature, 4),
        "bias": [round(b, 4) for b in bias],
    }
    write_configuration(out, VERSION, settings)


def _write_tokenizer(path: Path) -> None:
    """Write the base model's tokeniser without its padding and truncation, which the judge does itself."""
    tokenizer = json.loads((base_folder() / "tokenizer.json").read_text("utf-8"))
    tokenizer["padding"] = tokenizer["truncation"] = None
    path.write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8")


def main() -> None:
    """Export a saved model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    export(MINILM.load(arguments.weights), arguments.data, arguments.out)


if __name__ == "__main__":
    main()
