"""Writes a trained stance model as the files that ship: int8 ONNX, tokeniser and a calibrated configuration.

`python -m training.export --data DATA --weights training/runs/stance/stage-all.pt --out indexer/models/stance`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import nn

from indexer.judge import LABELS, StanceNet
from indexer.network import CONFIG, TOKENIZER, WEIGHTS, Network
from training import data as sets
from training.data import Example, flip
from training.labelling import labelled_claims
from training.questions import negations
from training.stance import MINILM, StanceModel, base_folder, pairs_of

VERSION = "stance-5"
OPSET = 20
"""The first in which Gelu is one operator: onnxruntime runs it in one pass, 4% faster over all."""
VOCABULARY = 30_522
"""Word pieces of MiniLM: how the embeddings are told from the other matrices of an exported judge."""


class RowInt8(nn.Module):
    """A weight matrix in int8 with one scale a row; reads as float32."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("rows", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)


class RowEmbedding(RowInt8):
    """An embedding in int8."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the rows of `ids` in float32."""
        rows: torch.Tensor = self.rows[ids].to(torch.float32) * self.scale[ids]
        return rows


class RowLinear(RowInt8):
    """A linear layer whose weights are stored in int8; onnxruntime unfolds them once, when the session opens."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__(linear.weight.detach())
        self.bias = linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the layer of `x`."""
        return nn.functional.linear(x, self.rows.to(torch.float32) * self.scale, self.bias)


def stored_in_int8(model: nn.Module) -> nn.Module:
    """Return `model`, a body with something on top, its embeddings and linear layers now stored in int8.

    Only storage is int8: sums run in float32. Dynamic int8 sums are 1.6 times as fast on AVX2, but scale activations by
    batch, so that a claim is judged differently in other company: 3 in 100 stances changed.
    """
    embeddings: Any = model.body.embeddings
    embeddings.word_embeddings = RowEmbedding(embeddings.word_embeddings.weight.detach())
    for name, module in list(model.body.named_modules()):  # type: ignore[union-attr, operator] # a module, as all bodies
        if isinstance(module, nn.Linear):
            model.body.set_submodule(name, RowLinear(module))  # type: ignore[union-attr, operator]
    return model.eval()


def to_onnx(model: nn.Module, path: Path, output: str) -> None:
    """Write `model` to `path` as ONNX, weights stored in int8. Its attention must be the eager one; it is changed."""
    example = {
        "input_ids": torch.randint(1000, 2000, (2, 16)),
        "attention_mask": torch.ones(2, 16, dtype=torch.int64),
        "token_type_ids": torch.zeros(2, 16, dtype=torch.int64),
    }
    axes = {0: torch.export.Dim("pairs", min=1, max=4096), 1: torch.export.Dim("tokens", min=2, max=512)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            stored_in_int8(model),
            (),
            kwargs=example,
            f=str(path),
            dynamo=True,
            opset_version=OPSET,
            external_data=False,
            input_names=list(example),
            output_names=[output],
            dynamic_shapes=dict.fromkeys(example, axes),
        )


def eager(model: StanceModel) -> StanceModel:
    """Return a copy of `model` with the attention that can be exported."""
    copy = MINILM.model("eager")
    copy.load_state_dict(model.state_dict())
    return copy


def write_folder(model: nn.Module, output: str, out: Path) -> None:
    """Write `model` and its tokeniser into the folder `out`; the configuration follows, by `write_configuration`."""
    out.mkdir(parents=True, exist_ok=True)
    to_onnx(model, out / WEIGHTS, output)
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
    write_folder(eager(model), "logits", out)
    examples = calibration_set(data)
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


def shipped(folder: Path) -> dict[str, torch.Tensor]:
    """Return the float32 weights of the judge that ships in `folder`, to train on from there."""
    import onnx
    from onnx.numpy_helper import to_array

    held = {one.name: to_array(one) for one in onnx.load(folder / WEIGHTS).graph.initializer}
    words = next(name for name, array in held.items() if array.dtype == np.int8 and array.shape[0] == VOCABULARY)
    scale = next(name for name, array in held.items() if array.shape == (VOCABULARY, 1))
    found = {"body.embeddings.word_embeddings.weight": held[words] * held[scale]}
    for name, array in held.items():
        if name.endswith(".rows"):
            found[name.removesuffix("rows") + "weight"] = array * held[name.removesuffix("rows") + "scale"]
        elif name.startswith(("body.", "head.")) and array.dtype == np.float32 and not name.endswith(".scale"):
            found[name] = array
    return {name: torch.tensor(array) for name, array in found.items()}


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
