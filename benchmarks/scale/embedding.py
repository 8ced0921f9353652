"""Embedding claims, and putting them into an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.large import SIZES, large_base
from benchmarks.scale.measuring import (
    DIMENSION,
    available,
    in_turn,
    langchain_embeddings,
    ratio,
    report,
    seconds,
    texts_of,
)
from indexer.embeddings import Encoder, Precision, SentenceTransformerEncoder
from indexer.index import ClaimIndex
from indexer.network import cores
from indexer.shipped_encoder import CLAIMS, ShippedEncoder

LAYER_WORK = 2 * (4 * 384**2 + 2 * 384 * 1536)
"""Operations of one token in the products of one layer of MiniLM; it has six."""
LAYERS = 6


def embed(data: Path, number: int = 20_000, rounds: int = 5) -> None:
    """Claims embedded and put into an index, against LangChain's documented path and the reference in torch."""
    texts = texts_of(large_base(data, min(SIZES[1], max(SIZES[0], number))), number)
    few = texts[:: max(1, len(texts) // 1000)][:1000]
    ours = ShippedEncoder(CLAIMS)

    def indexed(encoder: Encoder, given: Sequence[str]) -> None:
        vectors = encoder.encode(given)
        ClaimIndex.empty(DIMENSION).add(np.arange(len(given), dtype=np.int64), vectors)

    works: dict[str, Callable[[], object]] = {"int8": partial(indexed, ours, few)}
    for precision in (Precision.FLOAT32, Precision.BFLOAT16):
        works[f"torch {precision}"] = partial(indexed, SentenceTransformerEncoder.open(precision=precision), few)
    if available("langchain_community"):
        from langchain_community.vectorstores import FAISS

        works["LangChain"] = partial(FAISS.from_texts, few, langchain_embeddings())
    if available("onnx"):
        works["peak"], peak_work = _products()
    for work in works.values():
        work()
    taken = in_turn(works, rounds)
    whole = seconds(lambda: indexed(ours, texts))
    tokens = [len(one) for one in ours.network.tokenizer.encode_batch(few)]
    work = sum(tokens) * LAYER_WORK * LAYERS
    peak = ""
    if "peak" in taken:
        shares = [work / a * b / peak_work for a, b in zip(taken["int8"], taken["peak"], strict=True)]
        peak = (
            f" Its products reach {median(shares):.0%} of the rate of int8 products of 1,024 by 384 by 1,536 alone, on "
            "all cores, in the same rounds."
        )
    rows = [
        [name, f"{len(few) / median(times):.0f}", f"{ratio(taken, name, 'int8'):.2f}"]
        for name, times in taken.items()
        if name != "peak"
    ]
    notes = (
        f"{len(few)} claims of {sum(tokens) / len(few):.1f} tokens, {rounds} rounds in turn, embedded and put into an "
        f"index. {number:,} at once by int8: {number / whole:.0f}/s.{peak}"
    )
    report("embed", "Embedding", ["encoder", "claims/s", "times as long as int8"], rows, notes)


def _products() -> tuple[Callable[[], object], int]:
    """Return a run of int8 products alone, of the shape that MiniLM has most of, on all cores; and its operations."""
    from concurrent.futures import ThreadPoolExecutor

    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rows, deep, wide, times = 1024, 384, 1536, 200
    weight = np.random.default_rng(0).integers(-63, 63, (deep, wide)).astype(np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["given", "weight"], ["out"])],
        "product",
        [helper.make_tensor_value_info("given", TensorProto.UINT8, [rows, deep])],
        [helper.make_tensor_value_info("out", TensorProto.INT32, [rows, wide])],
        [numpy_helper.from_array(weight, "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {"given": np.random.default_rng(1).integers(0, 255, (rows, deep)).astype(np.uint8)}
    pool = ThreadPoolExecutor(cores())

    def run() -> None:
        list(pool.map(lambda _: [session.run(None, given) for _ in range(times)], range(cores())))

    return run, 2 * rows * deep * wide * times * cores()
