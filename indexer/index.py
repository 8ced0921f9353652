"""ClaimIndex: unit vectors -> their nearest neighbours, by cosine similarity. The only file that imports faiss.

What was built is never changed: exact while small (IndexFlatIP), from `FLAT_MOST` on in inverted lists of 4-bit codes
(IndexIVFScalarQuantizer, QT_4bit; Jégou, Douze and Schmid, TPAMI 2011), read from the file where they lie. What was
added since lies beside it in the same way, and what was removed since is passed over, until both are built in.

A file holds faiss' own format (https://github.com/facebookresearch/faiss/blob/main/faiss/impl/index_write.cpp), the
keys, ascending, what was said of it in JSON, and the length of that with four letters.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.embeddings import Vectors
from indexer.errors import IndexCorrupt, IndexTooLarge

Keys = NDArray[np.int64]
swig: Any = faiss
"""The same, where its type stubs lack what it adds for Python."""

FLAT_MOST = 20_000
"""Vectors up to which all are compared: a few milliseconds."""
LISTS_PER_ROOT, MOST_LISTS = 4, 8192
"""Lists for each square root of the number of vectors, rounded to a power of two. More take too long to make."""
PROBED = 256
"""Lists that are searched, where nothing is filtered: as many for any number of them, so that what is compared grows
with the square root of the vectors. Of a million claims in 4,096 lists, 256 hold 0.981 of the 50 nearest and take
3.6 ms; 2,048 lists, 192 of them searched, 0.980 in 5.1 ms. See `python -m benchmarks.scale search` and `growth`."""
TRAINING = 48
"""Vectors a list that its centre is found from; faiss asks for 39 at least."""
ROUNDS = 8
"""Of k-means: more move the centres little."""
OUTGROWN = 4
"""How many times the vectors that lists were made for they hold before they are made anew."""
ALIKE = 0.95
"""The cosine of a coded vector to the stored one at least; of a million claims the least was 0.986."""

END = struct.Struct("<Q4s")
LETTERS = b"CPX1"


@dataclass(frozen=True, slots=True)
class Selection:
    """Keys to search among, prepared for one state of an index: bits of its rows, and those of what came since.

    Of up to `FLAT_MOST` in lists, `few` are the keys and vectors themselves, which are all compared.
    """

    bits: NDArray[np.uint8]
    fresh: Keys
    count: int
    few: tuple[Keys, Vectors] | None = None


@dataclass(slots=True)
class Built:
    """An index of rows, and the key of each row, ascending. `trained` is how many vectors its lists were made for."""

    index: Any
    keys: Keys
    trained: int = 0
    mapped: bool = False

    def rows(self, keys: Keys) -> NDArray[np.int64]:
        """Return the row of each key, -1 for one that is not here."""
        at = np.searchsorted(self.keys, keys)
        found = np.minimum(at, max(len(self.keys) - 1, 0))
        return np.where((at < len(self.keys)) & (self.keys[found] == keys), found, -1) if len(self.keys) else at * 0 - 1

    @property
    def lists(self) -> Any | None:
        """The index as one of lists, or None."""
        return self.index if isinstance(self.index, faiss.IndexIVFScalarQuantizer) else None

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        if self.lists is not None and not self.mapped:
            self.index.make_direct_map()
            self.mapped = True
        return np.asarray(self.index.reconstruct_batch(np.ascontiguousarray(rows)), np.float32)


class ClaimIndex:
    """Unit vectors under integer keys. Not safe to change from two threads at once: whoever shares one locks it.

    `said` is what its maker wants to find again in the file.
    """

    def __init__(self, built: Built, dimension: int, said: Mapping[str, Any] | None = None) -> None:
        self.dimension = dimension
        self.said = dict(said or {})
        self._hold(built)

    def _hold(self, built: Built) -> None:
        self.built = built
        self._gone = np.zeros(len(built.keys), dtype=bool)
        self._fresh_keys: set[int] = set()
        if built.lists is None:
            self._fresh: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension))
        else:  # in lists like those that were built, so that it costs no more to search
            self._fresh = _trained(self.dimension, np.empty((0, self.dimension), np.float32), built.trained, self)[0]
            self._fresh.set_direct_map_type(swig.DirectMap.Hashtable)

    @classmethod
    def empty(cls, dimension: int) -> Self:
        """Return an index without vectors."""
        return cls(Built(faiss.IndexFlatIP(dimension), np.empty(0, np.int64)), dimension)

    @classmethod
    def build(
        cls,
        dimension: int,
        parts: Iterable[tuple[Keys, Vectors]],
        sample: Vectors,
        count: int,
        like: ClaimIndex | None = None,
    ) -> Self:
        """Return an index of `parts`, keys ascending over all, about `count`; `sample` are some of their vectors.

        The lists of `like` are taken over, without their content, unless they are outgrown. Takes 210 bytes a vector.
        Raises IndexTooLarge where there is not the memory.
        """
        try:
            return cls(_filled(parts, _trained(dimension, sample, count, like)), dimension)
        except (MemoryError, RuntimeError) as error:  # faiss raises the latter for memory that is refused, too
            raise IndexTooLarge(count) from error

    @classmethod
    def open(cls, path: Path, dimension: int | None = None) -> Self:
        """Return the index that `save` wrote to `path`; large ones stay in the file and are read as needed.

        Raises IndexCorrupt for a file that is cut off, foreign, or not of `dimension` where that is given, and
        FileNotFoundError where there is none.
        """
        about = _Trailer.read(path)
        if dimension is not None and dimension != about.dimension:
            raise IndexCorrupt(path, f"its vectors have {about.dimension} dimensions, expected {dimension}")
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP if about.trained else 0)
        except RuntimeError as error:
            raise IndexCorrupt(path, f"faiss cannot read it ({error})") from error
        if (index.d, index.ntotal) != (about.dimension, about.count):
            raise IndexCorrupt(path, f"it holds {index.ntotal} vectors of {index.d} dimensions where it names others")
        keys = (
            np.memmap(path, np.int64, "r", about.faiss_bytes, (about.count,)) if about.count else np.empty(0, np.int64)
        )
        if np.any(keys[1:] <= keys[:-1]):
            raise IndexCorrupt(path, "a key stands in it twice")
        return cls(Built(index, keys, about.trained), about.dimension, about.said)

    def save(self, path: Path) -> None:
        """Write the index to `path` in one step: a reader, or a killed process, finds the old file or the new one.

        What was added and removed is built in first, so that an index of lists ought to be built anew instead.
        """
        self._build_in()
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            os.close(descriptor)
            faiss.write_index(self.built.index, name)
            _Trailer.write(temporary, self.built, self.dimension, self.said)
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def _build_in(self) -> None:
        if not self.changed:
            return
        keys = np.sort(np.fromiter(self.keys(), np.int64, len(self)))
        vectors = self.vectors(keys)
        self._hold(type(self).build(self.dimension, [(keys, vectors)], vectors, len(keys), self).built)

    @property
    def changed(self) -> int:
        """How many vectors were added or removed since it was built."""
        return len(self._fresh_keys) + int(self._gone.sum())

    @property
    def exact(self) -> bool:
        """Whether vectors are kept as they are; otherwise their cosine to those is `ALIKE` at least."""
        return self.built.lists is None

    def __len__(self) -> int:
        return len(self.built.keys) + len(self._fresh_keys) - int(self._gone.sum())

    def __contains__(self, key: int) -> bool:
        return key in self._fresh_keys or bool(self._here(np.array([key], np.int64))[0])

    def _here(self, keys: Keys) -> NDArray[np.bool_]:
        """Which of `keys` were built in, and not removed since."""
        rows = self.built.rows(keys)
        here = rows >= 0
        here[here] = ~self._gone[rows[here]]
        return np.asarray(here)

    def keys(self) -> frozenset[int]:
        """Return the keys of all vectors."""
        return frozenset(np.asarray(self.built.keys)[~self._gone].tolist()) | self._fresh_keys

    def add(self, keys: Keys, vectors: Vectors) -> int:
        """Add the vectors whose keys are not here yet, and return how many those are: adding twice changes nothing.

        Raises ValueError where keys and vectors do not fit each other or the index.
        """
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"{len(keys)} keys need vectors of shape {(len(keys), self.dimension)}: {vectors.shape}")
        new: dict[int, int] = {}
        for row, (key, here) in enumerate(zip(keys.tolist(), self._here(keys).tolist(), strict=True)):
            if not here and key not in self._fresh_keys:
                new.setdefault(key, row)
        if new:
            rows = np.ascontiguousarray(vectors[list(new.values())], dtype=np.float32)
            self._fresh.add_with_ids(rows, np.fromiter(new, np.int64, len(new)))
            self._fresh_keys.update(new)
        return len(new)

    def remove(self, keys: Keys) -> int:
        """Remove the vectors under `keys`, and return how many there were; unknown keys are passed over."""
        keys = np.unique(keys)
        built = keys[self._here(keys)]
        self._gone[self.built.rows(built)] = True
        gone = self._fresh_keys.intersection(keys.tolist())
        if gone:
            self._fresh.remove_ids(swig.IDSelectorArray(np.fromiter(gone, np.int64, len(gone))))
            self._fresh_keys -= gone
        return len(built) + len(gone)

    def selection(self, keys: Keys) -> Selection:
        """Return what `search` takes to find nothing but `keys`; it holds until the index is changed."""
        keys = np.unique(keys)
        rows = self.built.rows(keys)
        wanted = np.zeros(len(self._gone), dtype=bool)
        wanted[rows[rows >= 0]] = True
        wanted &= ~self._gone
        fresh = np.array([key for key in keys.tolist() if key in self._fresh_keys], np.int64)
        count, few = int(wanted.sum()), None
        if self.built.lists is not None and 0 < count <= FLAT_MOST:
            held = np.flatnonzero(wanted)
            few = np.asarray(self.built.keys)[held], self.built.vectors(held)
        return Selection(np.packbits(wanted, bitorder="little"), fresh, count, few)

    def search(self, vectors: Vectors, k: int, among: Selection | None = None) -> tuple[list[Keys], list[Vectors]]:
        """Return for each of `vectors` the keys and cosine similarities of its `k` nearest, nearest first.

        Where the index, or `among`, holds fewer than `k`, fewer come back. In lists, similarities are those of codes:
        who wants the nearest by the stored vectors asks for twice as many and ranks them again.
        """
        asked = np.ascontiguousarray(vectors, dtype=np.float32)
        similarities, keys = self._search_built(asked, k, among)
        if self._fresh_keys and (among is None or len(among.fresh)):
            near, found = self._search_fresh(asked, min(k, len(self._fresh_keys)), among)
            similarities, keys = np.hstack([similarities, near]), np.hstack([keys, found])
        order = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
        kept = [row[keys[at, row] >= 0] for at, row in enumerate(order)]
        return [keys[at, row] for at, row in enumerate(kept)], [similarities[at, row] for at, row in enumerate(kept)]

    def _search_fresh(self, asked: Vectors, k: int, among: Selection | None) -> tuple[Vectors, Keys]:
        chosen = None if among is None else faiss.IDSelectorBatch(among.fresh)
        lists = self.built.lists
        if lists is None:
            params = swig.SearchParameters(sel=chosen)
        else:
            probed = lists.nlist if among is not None else PROBED
            params = swig.SearchParametersIVF(sel=chosen, nprobe=min(lists.nlist, probed))
        similarities, keys = self._fresh.search(asked, k, params=params)
        return np.where(keys >= 0, similarities, -np.inf).astype(np.float32), keys

    def _search_built(self, asked: Vectors, k: int, among: Selection | None) -> tuple[Vectors, Keys]:
        held = len(self._gone) if among is None else among.count
        wanted = min(k, held)
        if wanted <= 0:
            return np.empty((len(asked), 0), np.float32), np.empty((len(asked), 0), np.int64)
        if among is not None and among.few is not None:
            keys, vectors = among.few
            similarities = asked @ vectors.T
            best = np.argpartition(-similarities, wanted - 1, axis=1)[:, :wanted]
            return np.take_along_axis(similarities, best, axis=1), keys[best]
        bits = None
        if among is not None:
            bits = among.bits
        elif self._gone.any():
            bits = np.packbits(~self._gone, bitorder="little")
        chosen = None if bits is None else swig.IDSelectorBitmap(bits)
        lists = self.built.lists
        if lists is None:
            params = swig.SearchParameters(sel=chosen)
        else:
            probed = round(PROBED * len(self._gone) / held)
            params = swig.SearchParametersIVF(sel=chosen, nprobe=min(lists.nlist, probed))
        similarities, rows = self.built.index.search(asked, wanted, params=params)
        keys = np.where(rows >= 0, np.asarray(self.built.keys)[np.clip(rows, 0, len(self._gone) - 1)], -1)
        return np.where(rows >= 0, similarities, -np.inf).astype(np.float32), keys

    def vectors(self, keys: Keys) -> Vectors:
        """Return the vectors under `keys`, in order. Raises KeyError where one is not here."""
        keys = np.asarray(keys, np.int64)
        built = self._here(keys)
        fresh = np.array([key in self._fresh_keys for key in keys.tolist()], dtype=bool)
        if missing := keys[~(built | fresh)].tolist():
            raise KeyError(f"no vector under {min(missing)}")
        found = np.empty((len(keys), self.dimension), np.float32)
        if built.any():
            found[built] = self.built.vectors(self.built.rows(keys[built]))
        if fresh.any():
            found[fresh] = self._fresh.reconstruct_batch(np.ascontiguousarray(keys[fresh]))
        return found


def _filled(parts: Iterable[tuple[Keys, Vectors]], empty: tuple[Any, int]) -> Built:
    index, trained = empty
    every = [np.empty(0, np.int64)]
    at = 0
    for keys, vectors in parts:
        if trained:
            index.add_with_ids(vectors, np.arange(at, at + len(keys), dtype=np.int64))
        else:
            index.add(vectors)
        at += len(keys)
        every.append(keys)
    return Built(index, np.concatenate(every), trained)


def _trained(dimension: int, sample: Vectors, count: int, like: ClaimIndex | None) -> tuple[Any, int]:
    """Return an index without vectors that suits `count` of them, and how many its lists are made for (0: no lists)."""
    if count <= FLAT_MOST:
        return faiss.IndexFlatIP(dimension), 0
    old = None if like is None else like.built
    kept = old.lists if old is not None and count <= OUTGROWN * old.trained else None
    lists = lists_for(count) if kept is None else kept.nlist
    index: Any = faiss.index_factory(dimension, f"IVF{lists},SQ4", faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False
    if old is not None and kept is not None:
        index.quantizer.add(kept.quantizer.reconstruct_n(0, lists))
        faiss.copy_array_to_vector(faiss.vector_to_array(kept.sq.trained), index.sq.trained)
        index.is_trained = True
        return index, old.trained
    index.cp.niter = ROUNDS
    index.cp.spherical = True
    index.cp.max_points_per_centroid = TRAINING
    index.train(np.ascontiguousarray(sample, dtype=np.float32))
    return index, count


def lists_for(count: int) -> int:
    """Return how many lists suit `count` vectors."""
    return min(MOST_LISTS, int(2 ** round(np.log2(LISTS_PER_ROOT * np.sqrt(count)))))


def sampled(count: int) -> int:
    """Return how many vectors lists for `count` are made from."""
    return min(count, lists_for(count) * TRAINING) if count > FLAT_MOST else 0


@dataclass(frozen=True, slots=True)
class _Trailer:
    """What stands behind the index in its file. `head` bytes of the index come before its codes."""

    dimension: int
    count: int
    trained: int
    faiss_bytes: int
    head: int
    head_crc: int
    keys_crc: int
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def write(cls, path: Path, built: Built, dimension: int, said: Mapping[str, Any]) -> None:
        """Append it, and the keys, to the file of an index."""
        size = path.stat().st_size
        a_code = built.index.code_size + (8 if built.lists is not None else 0)
        head = size - a_code * len(built.keys)
        with path.open("r+b") as file:
            crc = zlib.crc32(file.read(head))
            file.seek(size)
            keys = np.ascontiguousarray(built.keys).tobytes()
            file.write(keys)
            about = cls(dimension, len(built.keys), built.trained, size, head, crc, zlib.crc32(keys), dict(said))
            text = json.dumps({name: getattr(about, name) for name in cls.__slots__}).encode()
            file.write(text + END.pack(len(text), LETTERS))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what stands in the file at `path`, which is as long as that says. Raises IndexCorrupt.

        faiss takes memory for whatever count a file names before it reads on: a damaged count would take all there is.
        """
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size < END.size:
                raise IndexCorrupt(path, f"cut off after {size} bytes")
            file.seek(size - END.size)
            length, letters = END.unpack(file.read(END.size))
            if letters != LETTERS or length > size - END.size:
                raise IndexCorrupt(path, "not an index of claims, or cut off")
            file.seek(size - END.size - length)
            try:
                about = cls(**json.loads(file.read(length)))
                whole = about.faiss_bytes + 8 * about.count + length + END.size == size
                file.seek(0)
                whole = whole and zlib.crc32(file.read(about.head)) == about.head_crc
                file.seek(about.faiss_bytes)
                whole = whole and zlib.crc32(file.read(8 * about.count)) == about.keys_crc
            except (ValueError, TypeError) as error:
                raise IndexCorrupt(path, f"what stands at its end cannot be read ({error})") from error
        if not whole:
            raise IndexCorrupt(path, "its parts contradict each other")
        return about
