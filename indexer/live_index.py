"""LiveIndex: the neighbours of a text, in step with what the store holds, whoever changed it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from corpus.store import Store
from indexer.claim_store import ClaimStore, from_blobs
from indexer.embeddings import Vectors
from indexer.errors import IndexCorrupt
from indexer.index import ClaimIndex, Keys

logger = logging.getLogger(__name__)

LOAD = 10_000
"""Vectors read from the store at once: 15 MB of them."""


class LiveIndex:
    """The index of claims and the one of threads' questions. Safe to call from several threads.

    The store is the truth: before each answer its generation is compared, and what other threads or processes added or
    removed is added or removed here. The file at `path` only saves reading all vectors at the next start.
    """

    def __init__(self, path: Path, store: Store, encoder: str, dimension: int) -> None:
        self._path = path
        self._store = ClaimStore(store)
        self._encoder = encoder
        self._dimension = dimension
        self._lock = threading.RLock()
        self._seen: tuple[int, int] | None = None
        self._claims = ClaimIndex.empty(dimension)
        self._questions = ClaimIndex.empty(dimension)

    def near(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the keys of the `k` claims nearest to a unit vector, with their cosine similarities."""
        with self._lock:
            self.catch_up()
            return _nearest(self._claims, vector, k)

    def near_questions(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the keys of the `k` threads whose question is nearest to a unit vector, with similarities."""
        with self._lock:
            self.catch_up()
            return _nearest(self._questions, vector, k)

    def vectors(self, keys: Iterable[int]) -> Vectors:
        """Return the vectors of claims, in order. Raises KeyError where one has none."""
        with self._lock:
            self.catch_up()
            return self._claims.vectors(_array(keys))

    def save(self) -> None:
        """Write what the store holds to the file; where that fails, the next start does it."""
        with self._lock:
            self.catch_up()
            self._keep()

    def catch_up(self) -> None:
        """Bring the index in step with the store; a file that was not is written again."""
        with self._lock:
            now = self._store.generation()
            if now != self._seen:
                self._load(now)

    def _load(self, now: tuple[int, int]) -> None:
        if self._seen is None:
            self._claims = self._opened()
        elif now[0] != self._seen[0]:
            self._claims = ClaimIndex.empty(self._dimension)
        changed = self._bring_in_step()
        questions = self._store.question_blobs(self._encoder)
        self._questions = ClaimIndex.empty(self._dimension)
        self._questions.add(_array(questions), from_blobs(list(questions.values()), self._dimension))
        if self._seen is None and changed:
            logger.info("%s is brought in step with the store: %d vectors differed", self._path, changed)
            self._keep()
        self._seen = now

    def _keep(self) -> None:
        try:
            self._claims.save(self._path)
        except OSError as error:
            logger.warning("%s could not be written (%s); it is made again at the next start", self._path, error)

    def _opened(self) -> ClaimIndex:
        try:
            return ClaimIndex.open(self._path, self._dimension)
        except FileNotFoundError:
            pass
        except IndexCorrupt as error:
            logger.warning("%s; it is made again from the stored vectors", error)
        return ClaimIndex.empty(self._dimension)

    def _bring_in_step(self) -> int:
        """Add and remove what differs from the store, without embedding anything; return how much that was."""
        stored = self._store.keys(self._encoder)
        here = self._claims.keys()
        changed = self._claims.remove(_array(here - stored))
        missing = sorted(stored - here)
        for start in range(0, len(missing), LOAD):
            blobs = self._store.blobs(self._encoder, missing[start : start + LOAD])
            changed += self._claims.add(_array(blobs), from_blobs(list(blobs.values()), self._dimension))
        return changed


def _nearest(index: ClaimIndex, vector: Vectors, k: int) -> list[tuple[int, float]]:
    keys, similarities = index.search(vector[np.newaxis], k)
    return list(zip(keys[0].tolist(), similarities[0].tolist(), strict=True))


def _array(keys: Iterable[int]) -> Keys:
    return np.fromiter(keys, dtype=np.int64)
