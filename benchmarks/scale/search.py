"""The nearest claims, among all and among those that filters leave."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from sqlalchemy import select

from benchmarks.large import large_base
from benchmarks.scale.measuring import DIMENSION, MILLION, questions_of, report, seconds, spread, stored
from corpus.schema import claims, posts
from indexer.embeddings import Vectors
from indexer.index import ClaimIndex, Keys, sampled
from indexer.knowledge import KnowledgeBase
from indexer.live_index import LiveIndex

HALF, FEW = 0.5, 0.01
"""Shares of the claims that filters leave."""


def search(data: Path, number: int = MILLION, asked: int = 300) -> None:
    """Nearest neighbours with and without filters, against comparing with all; see `peers` for others."""
    with KnowledgeBase.open(large_base(data, number)) as base:
        parts = list(stored(base))
        keys, vectors = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        del parts
        with base.store.reading() as connection:
            owners = dict(connection.execute(select(claims.c.key, posts.c.author).join(posts)).all())
        questions = questions_of(base, asked)
        built = seconds(
            partial(ClaimIndex.build, DIMENSION, [(keys, vectors)], vectors[: sampled(len(keys))], len(keys))
        )
        named = sorted({one for one in owners.values() if one})
        some = set(random.Random(1).sample(named, min(40, len(named))))
        filters = {
            "half of the claims": keys[np.random.default_rng(1).random(len(keys)) < HALF],
            "1 claim in 100": keys[np.random.default_rng(2).random(len(keys)) < FEW],
            "40 authors": np.array([key for key, author in owners.items() if author in some], np.int64),
        }
        live = base._live_index()  # noqa: SLF001
        assert live is not None
        live.near(questions[0], 50)
        rows = [_searched("Counterpoint, no filter", live, (vectors, keys), questions)]
        for name, chosen in filters.items():
            rows.append(_searched(f"Counterpoint, {name} ({len(chosen):,})", live, (vectors, keys), questions, chosen))
        size = (base.folder / "claims.faiss").stat().st_size / len(keys)
    import faiss

    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(vectors)
    taken = [seconds(partial(flat.search, one[None], 50)) for one in questions[:60]]
    rows.append(["FAISS Flat, float32, in memory", spread(taken), "1.000", ""])
    del flat
    notes = (
        f"{len(keys):,} real claims, questions of threads, 50 nearest, one at a time, in step with the database. "
        f"Building lists took {built:.0f} s; they take {size:.0f} bytes a claim on disk. Recall is of "
        "the 50 nearest among the stored vectors, within the filter. A filter is prepared once, for as long as nothing "
        "changes; that time is in the last column."
    )
    report("search", "Search", ["index", "p50 / p95", "recall@50", "filter prepared"], rows, notes)


def _searched(
    name: str, live: LiveIndex, exact: tuple[Vectors, Keys], questions: Vectors, chosen: Keys | None = None
) -> list[str]:
    vectors, keys = exact
    prepared, among, held = "", None, np.ones(len(keys), bool)
    if chosen is not None:
        began = perf_counter()
        among = live.selection(chosen)
        prepared = f"{1e3 * (perf_counter() - began):.0f} ms"
        held = np.isin(keys, chosen)
    taken, every = [], []
    for one in questions:
        began = perf_counter()
        every.append(live.near(one, 50, among))
        taken.append(perf_counter() - began)
    recalls = []
    for one, found in list(zip(questions, every, strict=True))[::5]:
        similar = np.where(held, vectors @ one, -2)
        best = keys[np.argsort(-similar)[: min(50, held.sum())]]
        recalls.append(len({key for key, _ in found} & set(best.tolist())) / max(1, len(best)))
    return [name, spread(taken), f"{np.mean(recalls):.3f}", prepared]
