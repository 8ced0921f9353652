"""MiniLM in int8: a trained body, with what stands on top, written as one ONNX graph that onnxruntime runs whole.

Weights are int8 with one scale a column, of 7 bits, so that no processor's sums overflow; activations are 8 bits with
scales fixed here, from example inputs, so that a text means the same in any company. What makes that exact enough:

- a vector before a product is divided, number by number, by what its largest values and those of the weights share out
  (SmoothQuant, Xiao et al., ICML 2023);
- the `OUTLIERS` channels of each feed-forward layer with the largest values stay in float32, as in LLM.int8() (Dettmers
  et al., NeurIPS 2022): one channel that reaches 25, where the others end at 6, costs the others two bits.

Measured on 800 forum claims, cosine to the float32 model: 0.991 without either, 0.995 with the first, 0.998 with both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from indexer.network import Row

Array = NDArray[Any]

OPSET = 20
"""The first in which Gelu is one operator."""
CONTRIBUTED = "com.microsoft"
"""The domain of onnxruntime's own operators: a product of integers with scales and bias is one of them."""

LARGEST = 63
"""Of a weight: 7 bits. With 8, sums of two products overflow 16 bits on processors without VNNI."""
SHARE = 0.7
"""How much of an input's range its weights take over, 0 to 1."""
OUTLIERS = 8
"""Channels of a feed-forward layer that stay in float32; 4 / 8 / 16 gave a cosine of 0.9985 / 0.9985 / 0.9986."""
PERCENTILES = (100, 99.9999, 99.999, 99.99, 99.95, 99.9)
"""Where a range may be cut off: the one of least squared error is taken."""
SAMPLED = 200_000
"""Values of an input that the range is chosen on."""
MASKED = 1e4
"""What is taken from the score of a token that only pads."""


@dataclass
class Graph:
    """Nodes and constants of an ONNX graph on their way into a file."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def keep(self, name: str, value: Array) -> str:
        """Add a constant; return its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def put(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node with one output; return its name."""
        domain = attributes.pop("domain", "")
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def product(self, taken: str, weight: Array, bias: Array, seen: Array, out: str) -> str:
        """Add `taken` times `weight`, shape (in, out), plus `bias`, in int8; `seen` are example rows of `taken`."""
        step, zero = activation_step(seen)
        steps = np.maximum(np.abs(weight).max(axis=0), 1e-8) / LARGEST
        read = self.put(
            "QuantizeLinear",
            [taken, self.keep(f"{out}.step", np.float32(step)), self.keep(f"{out}.zero", np.uint8(zero))],
            f"{out}.read",
        )
        self.keep(f"{out}.rows", np.round(weight / steps).astype(np.int8))
        self.keep(f"{out}.scale", steps.astype(np.float32))
        inputs = [read, f"{out}.rows", f"{out}.step", f"{out}.scale", f"{out}.zero", "", self.keep(f"{out}.bias", bias)]
        return self.put("MatMulIntegerToFloat", inputs, out, domain=CONTRIBUTED)

    def smoothed(self, taken: str, weight: Array, bias: Array, seen: Array, out: str) -> str:
        """Add a `product` whose input is first divided by what it and the weights share out."""
        shares = shared(seen, weight)
        divided = self.put(
            "Mul", [taken, self.keep(f"{out}.shares", (1 / shares).astype(np.float32))], f"{out}.divided"
        )
        return self.product(divided, weight * shares[:, None], bias, seen / shares, out)

    def normalized(self, taken: Sequence[str], norm: nn.LayerNorm, out: str) -> str:
        """Add the layer norm of the sum of two."""
        named = [self.keep(f"{out}.{name}", array(getattr(norm, name))) for name in ("weight", "bias")]
        added = self.put("Add", taken, f"{out}.sum")
        return self.put("LayerNormalization", [added, *named], out, epsilon=norm.eps)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the products of a body read, for example inputs: rows by the name of the layer."""

    rows: dict[str, Array]

    @classmethod
    def by(cls, body: Any, examples: Iterable[Row]) -> Self:
        """Run `body` over `examples` (token ids and type ids), and keep what goes into its linear layers."""
        found: dict[str, list[Array]] = {}

        def keep(name: str) -> Any:
            return lambda _, given: found.setdefault(name, []).append(array(given[0].reshape(-1, given[0].shape[-1])))

        linear = [(name, module) for name, module in body.named_modules() if isinstance(module, nn.Linear)]
        hooks = [module.register_forward_pre_hook(keep(name)) for name, module in linear]
        with torch.inference_mode():
            for ids, types in examples:
                given = torch.tensor([ids]), torch.tensor([types])
                body(input_ids=given[0], token_type_ids=given[1], attention_mask=torch.ones_like(given[0]))
        for hook in hooks:
            hook.remove()
        return cls({name: np.concatenate(rows) for name, rows in found.items()})


def write_int8(body: Any, examples: Iterable[Row], path: Path, *, output: str, head: nn.Linear | None = None) -> None:
    """Write a BERT `body` to `path`: with `head`, over the first state beside the mean of all; without, the unit mean.

    Ranges are those of `examples`. The graph reads `input_ids`, `attention_mask` and `token_type_ids`, int64, shape
    (texts, tokens), and gives float32, shape (texts, width of the output).
    """
    graph, seen = Graph(), Seen.by(body, examples)
    state = _embedded(graph, body.embeddings)
    config = body.config
    _masks(graph, config)
    for at, layer in enumerate(body.encoder.layer):
        state = _layer(graph, layer, seen, at, state)
    _summed_up(graph, state, head, output)
    width = config.hidden_size if head is None else head.out_features
    names = ("input_ids", "attention_mask", "token_type_ids")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "minilm",
            [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in names],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIBUTED, 1)],
        ir_version=10,
    )
    onnx.save(model, path)


def _embedded(graph: Graph, embeddings: Any) -> str:
    """Words, positions and types, summed and normed; the words in int8 with a scale each."""
    words = array(embeddings.word_embeddings.weight)
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
    graph.keep("words.rows", np.round(words / scale).astype(np.int8))
    graph.keep("words.scale", scale.astype(np.float32))
    graph.keep("positions", array(embeddings.position_embeddings.weight))
    graph.keep("types", array(embeddings.token_type_embeddings.weight))
    graph.keep("zero", np.zeros(1, np.int64))
    rows = graph.put(
        "Cast", [graph.put("Gather", ["words.rows", "input_ids"], "words.found")], "w", to=TensorProto.FLOAT
    )
    word = graph.put("Mul", [rows, graph.put("Gather", ["words.scale", "input_ids"], "words.step")], "words")
    length = graph.put("Shape", ["input_ids"], "length", start=1, end=2)
    position = graph.put("Slice", ["positions", "zero", length], "positions.here")
    place = graph.put("Add", [graph.put("Gather", ["types", "token_type_ids"], "types.here"), position], "places")
    return graph.normalized([word, place], embeddings.LayerNorm, "states")


def _masks(graph: Graph, config: Any) -> None:
    """What all layers share: the mask, added to scores, and the shapes of attention."""
    width = config.hidden_size // config.num_attention_heads
    graph.keep("heads", np.array([0, 0, 3, config.num_attention_heads, width], np.int64))
    graph.keep("whole", np.array([0, 0, config.hidden_size], np.int64))
    graph.keep("narrower", np.float32(width**-0.5))
    graph.keep("one", np.float32(1))
    graph.keep("masked", np.float32(MASKED))
    graph.keep("around", np.array([1, 2], np.int64))
    graph.keep("outliers", np.array([OUTLIERS], np.int64))
    graph.keep("last", np.array([-1], np.int64))
    present = graph.put("Cast", ["attention_mask"], "present", to=TensorProto.FLOAT)
    scores = graph.put("Mul", [graph.put("Sub", [present, "one"], "absent"), "masked"], "scores")
    graph.put("Unsqueeze", [scores, "around"], "mask")


def _layer(graph: Graph, layer: Any, seen: Seen, at: int, state: str) -> str:
    name = f"layer.{at}"
    given = f"encoder.{name}"
    own, dense = layer.attention.self, layer.attention.output.dense
    told, out = seen.rows[f"{given}.attention.output.dense"], array(dense.weight).T
    shares = shared(told, out)  # taken over by the values' own weights, at no cost
    parts = [(array(own.query.weight), array(own.query.bias)), (array(own.key.weight), array(own.key.bias))]
    parts.append((array(own.value.weight) / shares[:, None], array(own.value.bias) / shares))
    weight = np.concatenate([matrix for matrix, _ in parts]).T
    bias = np.concatenate([vector for _, vector in parts])
    asked = graph.smoothed(state, weight, bias, seen.rows[f"{given}.attention.self.query"], f"{name}.asked")
    met = _attention(graph, asked, name)
    attended = graph.product(met, out * shares[:, None], array(dense.bias), told / shares, f"{name}.attended")
    middle = graph.normalized([attended, state], layer.attention.output.LayerNorm, f"{name}.middle")
    reached = seen.rows[f"{given}.output.dense"]
    order = np.argsort(-reached.max(axis=0), kind="stable")
    wide, narrow = layer.intermediate.dense, layer.output.dense
    weight, bias = array(wide.weight).T[:, order], array(wide.bias)[order]
    grown = graph.smoothed(middle, weight, bias, seen.rows[f"{given}.intermediate.dense"], f"{name}.grown")
    active = graph.put("Gelu", [grown], f"{name}.active")
    back = array(narrow.weight).T[order]
    exact = graph.keep(f"{name}.exact", back[:OUTLIERS])
    apart = graph.put("Slice", [active, "zero", "outliers", "last"], f"{name}.apart")
    rest = np.concatenate([np.zeros_like(back[:OUTLIERS]), back[OUTLIERS:]])
    folded = graph.product(active, rest, array(narrow.bias), reached[:, order[OUTLIERS:]], f"{name}.folded")
    both = graph.put("Add", [folded, graph.put("MatMul", [apart, exact], f"{name}.added")], f"{name}.both")
    return graph.normalized([both, middle], layer.output.LayerNorm, f"{name}.states")


def _attention(graph: Graph, asked: str, name: str) -> str:
    """Scaled dot-product attention over queries, keys and values that one product made."""
    split = graph.put("Reshape", [asked, "heads"], f"{name}.heads")
    turned = graph.put("Transpose", [split], f"{name}.turned", perm=[2, 0, 3, 1, 4])
    parts = [f"{name}.{part}" for part in ("queries", "keys", "values")]
    graph.nodes.append(helper.make_node("Split", [turned], [f"{part}.1" for part in parts], axis=0, num_outputs=3))
    query, key, value = (graph.put("Squeeze", [f"{part}.1", "zero"], part) for part in parts)
    across = graph.put("Transpose", [key], f"{name}.across", perm=[0, 1, 3, 2])
    scores = graph.put("MatMul", [graph.put("Mul", [query, "narrower"], f"{name}.narrowed"), across], f"{name}.scores")
    weights = graph.put("Softmax", [graph.put("Add", [scores, "mask"], f"{name}.seen")], f"{name}.weights", axis=-1)
    met = graph.put("MatMul", [weights, value], f"{name}.met")
    return graph.put(
        "Reshape", [graph.put("Transpose", [met], f"{name}.back", perm=[0, 2, 1, 3]), "whole"], f"{name}.all"
    )


def _summed_up(graph: Graph, state: str, head: nn.Linear | None, output: str) -> None:
    graph.keep("tokens", np.array([1], np.int64))
    graph.keep("inside", np.array([2], np.int64))
    kept = graph.put("Mul", [state, graph.put("Unsqueeze", ["present", "inside"], "present.wide")], "kept")
    summed = graph.put("ReduceSum", [kept, "tokens"], "summed", keepdims=0)
    mean = graph.put("Div", [summed, graph.put("ReduceSum", ["present", "tokens"], "count", keepdims=1)], "mean")
    if head is None:
        graph.put("LpNormalization", [mean], output, axis=-1, p=2)
        return
    first = graph.put("Gather", [state, graph.keep("first", np.array(0, np.int64))], "opening", axis=1)
    both = graph.put("Concat", [first, mean], "said", axis=1)
    named = [graph.keep("head.weight", array(head.weight).T), graph.keep("head.bias", array(head.bias))]
    graph.put("Gemm", [both, *named], output)


def array(tensor: torch.Tensor) -> Array:
    """Return the numbers of a tensor."""
    return tensor.detach().numpy()


def shared(seen: Array, weight: Array) -> Array:
    """Return what to divide each input channel by, so that it and its weights share the range; their mean is 1."""
    shares = np.abs(seen).max(axis=0) ** SHARE / np.maximum(np.abs(weight).max(axis=1), 1e-5) ** (1 - SHARE)
    shares = np.maximum(shares, 1e-5)
    return np.asarray(shares / np.exp(np.log(shares).mean()), np.float32)


def activation_step(seen: Array) -> tuple[float, int]:
    """Return (step, zero point) of the 8 bits that lose least of the values `seen`."""
    values = seen.ravel()
    values = values[np.random.default_rng(0).permutation(len(values))[:SAMPLED]]
    found = []
    for percentile in PERCENTILES:
        low, high = np.percentile(values, [100 - percentile, percentile])
        low, high = min(low, 0.0), max(high, 0.0)
        step = max((high - low) / 255, 1e-8)
        zero = int(np.clip(round(-low / step), 0, 255))
        lost = ((np.clip(np.round(values / step) + zero, 0, 255) - zero) * step - values) ** 2
        found.append((float(lost.mean()), step, zero))
    _, step, zero = min(found)
    return float(step), zero


def weights_of(path: Path) -> dict[str, torch.Tensor]:
    """Return the float32 weights of a judge that `write_int8` wrote, by the names of a `StanceModel`, to train on from.

    Values and the channels of feed-forward layers come back scaled and ordered as in the file, which gives the same.
    """
    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    found = {
        "body.embeddings.word_embeddings.weight": held["words.rows"] * held["words.scale"],
        "body.embeddings.position_embeddings.weight": held["positions"],
        "body.embeddings.token_type_embeddings.weight": held["types"],
        "head.weight": held["head.weight"].T,
        "head.bias": held["head.bias"],
    }
    norms = {"states": "embeddings"}
    for at in range(sum(name.endswith(".exact") for name in held)):
        name, given = f"layer.{at}", f"encoder.layer.{at}"

        def matrix(product: str) -> Array:
            shares = held.get(f"{product}.shares")
            weight = held[f"{product}.rows"] * held[f"{product}.scale"]
            return np.asarray(weight if shares is None else weight * shares[:, None]).T

        asked, bias = np.split(matrix(f"{name}.asked"), 3), np.split(held[f"{name}.asked.bias"], 3)
        for part, one, offset in zip(("query", "key", "value"), asked, bias, strict=True):
            found |= {
                f"body.{given}.attention.self.{part}.weight": one,
                f"body.{given}.attention.self.{part}.bias": offset,
            }
        back = matrix(f"{name}.folded")
        back = np.concatenate([held[f"{name}.exact"].T, back[:, OUTLIERS:]], axis=1)
        dense = {"attention.output": (matrix(f"{name}.attended"), "attended"), "output": (back, "folded")}
        dense["intermediate"] = (matrix(f"{name}.grown"), "grown")
        for place, (weight, product) in dense.items():
            found |= {f"body.{given}.{place}.dense.weight": weight}
            found |= {f"body.{given}.{place}.dense.bias": held[f"{name}.{product}.bias"]}
        norms |= {f"{name}.middle": f"{given}.attention.output", f"{name}.states": f"{given}.output"}
    for here, place in norms.items():
        found |= {f"body.{place}.LayerNorm.{part}": held[f"{here}.{part}"] for part in ("weight", "bias")}
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}
