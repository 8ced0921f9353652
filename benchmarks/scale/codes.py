"""How vectors may be coded: what each way finds, how fast, and in how many bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.large import SIZES, large_base
from benchmarks.scale.measuring import DIMENSION, questions_of, report, spread, stored
from indexer.embeddings import Vectors
from indexer.index import PROBED, lists_for
from indexer.knowledge import KnowledgeBase

NEAREST = 50
RANKED_AGAIN = (2, 4, 8)
"""How many times as many are found by codes, and ranked again by the stored vectors."""


def codes(data: Path, number: int = SIZES[1], asked: int = 200) -> None:
    """Lists of codes of several kinds, and a graph, over the same claims: before ranking by the stored vectors."""
    with KnowledgeBase.open(large_base(data, number)) as base:
        vectors = np.concatenate([part for _, part in stored(base)])
        questions = questions_of(base, asked)
    best = np.argsort(-(questions @ vectors.T), axis=1)[:, :NEAREST]
    rows = []
    for name, make in _kinds(vectors).items():
        began = perf_counter()
        index = make()
        index.train(vectors)
        index.add(vectors)
        took = perf_counter() - began
        size = _bytes(index) / len(vectors)
        rows.append([name, f"{size:.0f}", f"{took:.1f}", *(_found(index, questions, best, vectors))])
    again = [f"{NEAREST * times} found: recall, p50 / p95" for times in RANKED_AGAIN]
    notes = (
        f"{len(vectors):,} real claims, {len(questions)} questions of threads, one at a time. Recall is the share of "
        f"the true {NEAREST} nearest among those found by codes: what ranking them again by the stored vectors "
        f"gives; reading those takes the longer the more there are. All lists are of {lists_for(len(vectors)):,}, of "
        f"which {PROBED} are searched."
    )
    report("codes", "Codes", ["codes", "bytes a vector", "built, s", *again], rows, notes)


def _kinds(vectors: Vectors) -> dict[str, Callable[[], Any]]:
    import faiss

    swig: Any = faiss
    lists = lists_for(len(vectors))
    metric, scalar = faiss.METRIC_INNER_PRODUCT, swig.ScalarQuantizer

    def in_lists(kind: Callable[..., Any], *how: Any) -> Any:
        index = kind(faiss.IndexFlatIP(DIMENSION), DIMENSION, lists, *how)
        index.nprobe = min(PROBED, lists)
        index.cp.spherical = True
        return index

    kinds: dict[str, Callable[[], Any]] = {
        f"{bits} bits a number": partial(
            in_lists, faiss.IndexIVFScalarQuantizer, getattr(scalar, f"QT_{bits}bit"), metric, False
        )
        for bits in (8, 6, 4)
    }
    for bits in (1, 2):
        kinds[f"RaBitQ, {bits} bit{'s' * (bits > 1)} a number"] = partial(
            in_lists, swig.IndexIVFRaBitQ, metric, True, bits
        )
    kinds["PQ, 192 parts of 4 bits"] = partial(in_lists, swig.IndexIVFPQFastScan, 192, 4, metric)
    kinds["graph (HNSW, 32) of 8 bits a number"] = lambda: _graph(swig)
    return kinds


def _graph(swig: Any) -> Any:
    index = swig.IndexHNSWSQ(DIMENSION, swig.ScalarQuantizer.QT_8bit, 32, swig.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = 128
    return index


def _bytes(index: Any) -> int:
    import faiss

    return len(faiss.serialize_index(index))


def _found(index: Any, questions: Vectors, best: NDArray[np.int64], vectors: Vectors) -> Sequence[str]:
    cells = []
    for times in RANKED_AGAIN:
        taken, shares = [], []
        for one, true in zip(questions, best, strict=True):
            began = perf_counter()
            _, (found,) = index.search(one[None], times * NEAREST)
            taken.append(perf_counter() - began)
            held = found[found >= 0]
            ranked = held[np.argsort(-(vectors[held] @ one))[:NEAREST]]
            shares.append(len(np.intersect1d(ranked, true)) / NEAREST)
        cells.append(f"{np.mean(shares):.3f}, {spread(taken)}")
    return cells
