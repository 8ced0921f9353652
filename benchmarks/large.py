"""A large knowledge base of real threads, made in minutes: real posts and claims, vectors and stances near enough.

Threads of the Reddit dump are read, split and stored as any are. Embedding and judging them all would take hours, and
what is measured on the result is time: so only the questions of threads are embedded; a claim lies somewhere around its
thread's question, as near as claims do; and stances are drawn at random. Answers from it are answers in form only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import bindparam, select

from corpus.readers import iter_file
from corpus.schema import claims, posts, thread_vectors, threads, vectors
from corpus.thread import Thread
from indexer.claim_store import to_blob
from indexer.embeddings import DEFAULT_MODEL, SentenceTransformerEncoder, Vectors
from indexer.judge import CrossEncoderJudge, Judgement, Pair
from indexer.knowledge import KnowledgeBase

FOLDER = Path(__file__).parent / ".cache"
DIMENSION = 384
TOWARD_QUESTION = 0.45
"""The cosine of a claim to its thread's question: a fifth of real claims is above it."""
BATCH = 500
"""Threads added at a time, after which the claims are counted."""


class Placed:
    """Stands for the encoder while claims are added: their vectors come later, from `_place`."""

    name, dimension = DEFAULT_MODEL, DIMENSION

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.eye(1, DIMENSION, dtype=np.float32), (len(texts), 1))


class Drawn:
    """Stands for the judge: sides at random, half of all claims on none."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._random = random.Random(1)

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        return [
            Judgement(*np.roll((0.7, 0.1, 0.1, 0.1), self._random.choice((0, 1, 2, 3, 3, 3))).tolist()) for _ in pairs
        ]


def large_base(data: Path, wanted: int, folder: Path = FOLDER) -> Path:
    """Return the folder of a knowledge base of at least `wanted` claims; it is made the first time and kept."""
    place = folder / f"claims-{wanted}"
    done = place.with_suffix(".done")
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        judge = Drawn(CrossEncoderJudge.open(threads=1).name)
        with KnowledgeBase.open(place, encoder=Placed(), judge=judge) as base:
            waiting = _threads(data)
            while base.stats().claims < wanted and (batch := list(islice(waiting, BATCH))):
                base.add(batch)
                print(f"{base.stats().claims} of {wanted} claims", flush=True)
            _place(base)
            base.rebuild(again="index")
        done.touch()
    return place


def _threads(data: Path) -> Iterator[Thread]:
    """Yield the threads of the dump."""
    for file in sorted((data / "forums/reddit_college").glob("*.jsonl.gz")):
        yield from (found for found in iter_file(file) if isinstance(found, Thread))


def _place(base: KnowledgeBase) -> None:
    """Give each thread the vector of its question, and each claim one beside it."""
    rng = np.random.default_rng(1)
    encoder = SentenceTransformerEncoder.open(DEFAULT_MODEL)
    with base.store.reading() as connection:
        asked = connection.execute(select(threads.c.key, threads.c.question, threads.c.title)).all()
        owners = connection.execute(select(claims.c.key, posts.c.thread_key).join(posts)).all()
    toward = dict(
        zip([row.key for row in asked], encoder.encode([row.question or row.title for row in asked]), strict=True)
    )
    set_claim = vectors.update().where(vectors.c.claim_key == bindparam("of")).values(vector=bindparam("to"))
    set_thread = (
        thread_vectors.update().where(thread_vectors.c.thread_key == bindparam("of")).values(vector=bindparam("to"))
    )
    with base.store.begin() as connection:
        connection.execute(set_thread, [{"of": key, "to": to_blob(vector)} for key, vector in toward.items()])
        for start in range(0, len(owners), 10_000):
            part = owners[start : start + 10_000]
            noise = rng.standard_normal((len(part), DIMENSION)).astype(np.float32)
            noise /= np.linalg.norm(noise, axis=1, keepdims=True)
            near = TOWARD_QUESTION * np.stack([toward[row.thread_key] for row in part])
            placed = near + np.sqrt(1 - TOWARD_QUESTION**2) * noise
            placed /= np.linalg.norm(placed, axis=1, keepdims=True)
            connection.execute(
                set_claim, [{"of": row.key, "to": to_blob(v)} for row, v in zip(part, placed, strict=True)]
            )
