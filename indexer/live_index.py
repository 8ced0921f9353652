"""LiveIndex: the neighbours of a text, in step with what the store holds, whoever changed it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.errors import StoreError
from corpus.store import Store
from indexer.claim_store import Changes, ClaimStore, from_blobs
from indexer.embeddings import Vectors
from indexer.errors import IndexCorrupt
from indexer.index import FLAT_MOST, ClaimIndex, Keys, Selection, sampled

logger = logging.getLogger(__name__)

LOAD = 10_000
"""Vectors read from the store at once: 4 MB of them."""

REST = 1 / 8
"""The share of an index of lists that may lie beside it, or be passed over, before it is built in."""

NAMES = ("claims.faiss", "questions.faiss")
"""The files of the two indexes."""


@dataclass(slots=True)
class _Kept:
    """An index, the file it is kept in, and the number of the change that the file is past."""

    path: Path
    of_threads: bool
    index: ClaimIndex
    saved: int = -1


class LiveIndex:
    """The index of claims and the one of threads' questions. Safe to call from several threads.

    The store is the truth: before each answer its generation is compared, and what other threads or processes added or
    removed since is added or removed here, by the journal of changes. The files in `folder` only save building at the
    next start. A large index is built anew beside the answers, by a thread of its own.
    """

    def __init__(self, folder: Path, store: Store, encoder: str, dimension: int) -> None:
        self._store = ClaimStore(store)
        self._encoder = encoder
        self._dimension = dimension
        self._lock = threading.RLock()
        self._builder: threading.Thread | None = None
        self._seen: tuple[int, int] | None = None
        self._number = 0
        empty = (ClaimIndex.empty(dimension) for _ in NAMES)
        self._claims, self._questions = (
            _Kept(folder / name, of_threads, index)
            for name, of_threads, index in zip(NAMES, (False, True), empty, strict=True)
        )

    def near(self, vector: Vectors, k: int, among: Iterable[int] | Selection | None = None) -> list[tuple[int, float]]:
        """Return the keys of the `k` claims nearest to a unit vector, of `among` or of all, with their similarities.

        Where the index has codes, more are found by those, and the nearest of them by the stored vectors. A `Selection`
        holds until the claims change.
        """
        with self._lock:
            self.catch_up()
            index = self._claims.index
            chosen = among if among is None or isinstance(among, Selection) else index.selection(_array(among))
            found = _nearest(index, vector, k if index.exact else 2 * k, chosen)
        if index.exact:
            return found
        exact = {key: float(one @ vector) for key, one in self.vectors(key for key, _ in found).items()}
        return sorted(exact.items(), key=lambda pair: -pair[1])[:k]

    def selection(self, keys: Iterable[int]) -> Selection:
        """Return what `near` takes to search among `keys`, prepared once."""
        with self._lock:
            self.catch_up()
            return self._claims.index.selection(_array(keys))

    def near_questions(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the keys of the `k` threads whose question is nearest to a unit vector, with similarities."""
        with self._lock:
            self.catch_up()
            return _nearest(self._questions.index, vector, k)

    def vectors(self, keys: Iterable[int]) -> dict[int, Vectors]:
        """Return the vectors of claims as they are stored, by key; those that have none are left out."""
        blobs = self._store.blobs(self._encoder, keys)
        return dict(zip(blobs, from_blobs(list(blobs.values()), self._dimension), strict=True))

    def save(self) -> None:
        """Bring the files in step with the store where that is quick, or due; what they lack is read at a start."""
        with self._lock:
            self.catch_up()
            due = [kept for kept in (self._claims, self._questions) if _is_due(kept)]
            if all(len(kept.index) <= FLAT_MOST for kept in due):
                self._build(due)
            elif self._builder is None:
                self._builder = threading.Thread(target=self._build_beside, args=(due,), name="index")
                self._builder.start()

    def close(self) -> None:
        """Wait for what is being built."""
        if (builder := self._builder) is not None:
            builder.join()

    def catch_up(self) -> None:
        """Bring the index in step with the store."""
        with self._lock:
            now = self._store.generation()
            if now == self._seen:
                return
            opening = self._seen is None
            known = self._open(now[0]) if self._seen is None else now[0] == self._seen[0]
            changes = self._store.changes(self._number) if known else None
            if changes is not None:
                self._apply(changes)
            self._seen = now
            if changes is None or (opening and not self._is_whole()):
                try:
                    self._build([self._claims, self._questions])
                except BaseException:
                    self._seen = None  # so that the next answer tries again, and finds nothing only where nothing is
                    raise

    def _apply(self, changes: Changes) -> None:
        for kept, keys in ((self._claims, changes.claims), (self._questions, changes.threads)):
            blobs = self._store.blobs(self._encoder, keys, of_threads=kept.of_threads)
            kept.index.remove(_array(keys))
            kept.index.add(_array(blobs), from_blobs(list(blobs.values()), self._dimension))
        self._number = changes.number

    def _open(self, epoch: int) -> bool:
        """Take the indexes from their files; return whether both are there, and of this store."""
        numbers = []
        for kept in (self._claims, self._questions):
            try:
                index = ClaimIndex.open(kept.path, self._dimension)
            except FileNotFoundError:
                continue
            except (IndexCorrupt, OSError) as error:
                logger.warning("%s; it is made again from the stored vectors", error)
                continue
            said = index.said
            if (said.get("encoder"), said.get("epoch")) == (self._encoder, epoch):
                kept.index, kept.saved = index, int(said["number"])
                numbers.append(kept.saved)
        self._number = min(numbers, default=0)
        return len(numbers) == len(NAMES)

    def _is_whole(self) -> bool:
        """Whether the indexes hold as much as the store."""
        counts = self._store.number_of_vectors()
        for kept, count in zip((self._claims, self._questions), counts, strict=True):
            if len(kept.index) != count:
                logger.info("%s is brought in step with the store", kept.path)
                return False
        return True

    def _build_beside(self, due: list[_Kept]) -> None:
        try:
            self._build(due)
        except Exception:
            logger.exception("the index could not be built anew; answers go on with the one that was")
        finally:
            self._builder = None

    def _build(self, due: list[_Kept]) -> None:
        """Build indexes anew from the stored vectors, without holding up answers, and put them into their files."""
        number, (epoch, _) = self._store.last_change(), self._store.generation()
        made = []
        for kept in due:
            index = self._built(kept)
            index.said = {"encoder": self._encoder, "epoch": epoch, "number": number}
            try:
                index.save(kept.path)
                made.append((kept, ClaimIndex.open(kept.path, self._dimension), number))
            except OSError as error:
                logger.warning("%s could not be written (%s); it is made again at the next start", kept.path, error)
                made.append((kept, index, kept.saved))
        with self._lock:
            if self._seen is None or self._seen[0] != epoch:
                return  # all vectors are new meanwhile; whoever asks next builds them in
            for kept, index, saved in made:
                kept.index, kept.saved = index, saved
            since = number if len(due) == len(NAMES) else min(number, self._number)
            changes = self._store.changes(since)
            if changes is None:
                self._seen = None
                return
            self._apply(changes)
        if due:
            self._forget()

    def _built(self, kept: _Kept) -> ClaimIndex:
        count = self._store.number_of_vectors()[kept.of_threads]
        sample = from_blobs([], self._dimension)
        if sampled(count):
            first = next(self._store.parts(self._encoder, sampled(count), of_threads=kept.of_threads), {})
            sample = from_blobs(list(first.values()), self._dimension)
        return ClaimIndex.build(self._dimension, self._parts(kept), sample, count, kept.index)

    def _parts(self, kept: _Kept) -> Iterator[tuple[Keys, Vectors]]:
        for blobs in self._store.parts(self._encoder, LOAD, of_threads=kept.of_threads):
            yield _array(blobs), from_blobs(list(blobs.values()), self._dimension)

    def _forget(self) -> None:
        """Let the journal go as far as both files are past it."""
        try:
            self._store.forget_changes(min(self._claims.saved, self._questions.saved))
        except StoreError as error:
            logger.warning("the journal of changes stays as long as it is (%s)", error)


def _is_due(kept: _Kept) -> bool:
    """Whether an index lacks its file, or has as much beside it as ought to be built in."""
    if kept.saved < 0:
        return True
    changed = kept.index.changed
    return changed > 0 and (len(kept.index) <= FLAT_MOST or changed > REST * len(kept.index))


def _nearest(index: ClaimIndex, vector: Vectors, k: int, among: Selection | None = None) -> list[tuple[int, float]]:
    keys, similarities = index.search(vector[np.newaxis], k, among)
    return list(zip(keys[0].tolist(), similarities[0].tolist(), strict=True))


def _array(keys: Iterable[int]) -> Keys:
    return np.fromiter(keys, dtype=np.int64)
