"""ClaimIndex: unit vectors -> their nearest neighbours, by cosine similarity. The only file that imports faiss.

Exact search (IndexFlatIP) under stable 64-bit keys (IndexIDMap2), kept in faiss' own file format
(https://github.com/facebookresearch/faiss/blob/main/faiss/impl/index_write.cpp).
"""

from __future__ import annotations

import os
import struct
import tempfile
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.embeddings import Vectors
from indexer.errors import IndexCorrupt

Keys = NDArray[np.int64]

HEADER = struct.Struct("<4siq2q?i")
"""What opens every index in a file: four letters, dimension, count, two unused numbers, trained, metric."""
COUNT = struct.Struct("<q")


class ClaimIndex:
    """Unit vectors under integer keys. Not safe to change from two threads at once: whoever shares one locks it."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index
        self._keys: set[int] = set(faiss.vector_to_array(index.id_map).tolist())

    @classmethod
    def empty(cls, dimension: int) -> ClaimIndex:
        """Return an index without vectors."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def open(cls, path: Path, dimension: int | None = None) -> ClaimIndex:
        """Return the index that `save` wrote to `path`.

        Raises IndexCorrupt for a file that is cut off, foreign, or not of `dimension` where that is given, and
        FileNotFoundError where there is none.
        """
        _check_layout(path)
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexCorrupt(path, f"faiss cannot read it ({error})") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise IndexCorrupt(path, f"it holds a {type(index).__name__}")
        opened = cls(index)
        if dimension is not None and dimension != opened.dimension:
            raise IndexCorrupt(path, f"its vectors have {opened.dimension} dimensions, expected {dimension}")
        if len(opened._keys) != opened._index.ntotal:
            raise IndexCorrupt(path, "a key stands in it twice")
        return opened

    def save(self, path: Path) -> None:
        """Write the index to `path` in one step: a reader, or a killed process, finds the old file or the new one."""
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            os.close(descriptor)
            faiss.write_index(self._index, name)
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: int) -> bool:
        return key in self._keys

    def keys(self) -> frozenset[int]:
        """Return the keys of all vectors."""
        return frozenset(self._keys)

    def add(self, keys: Keys, vectors: Vectors) -> int:
        """Add the vectors whose keys are not here yet, and return how many those are: adding twice changes nothing.

        Raises ValueError where keys and vectors do not fit each other or the index.
        """
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"{len(keys)} keys need vectors of shape {(len(keys), self.dimension)}: {vectors.shape}")
        new: dict[int, int] = {}
        for row, key in enumerate(keys.tolist()):
            if key not in self._keys:
                new.setdefault(key, row)
        if new:
            rows = np.ascontiguousarray(vectors[list(new.values())], dtype=np.float32)
            self._index.add_with_ids(rows, np.fromiter(new, np.int64, len(new)))
            self._keys.update(new)
        return len(new)

    def remove(self, keys: Keys) -> int:
        """Remove the vectors under `keys`, and return how many there were; unknown keys are passed over."""
        gone = self._keys.intersection(keys.tolist())
        if gone:
            self._index.remove_ids(faiss.IDSelectorBatch(np.fromiter(gone, np.int64, len(gone))))
            self._keys -= gone
        return len(gone)

    def search(self, vectors: Vectors, k: int) -> tuple[list[Keys], list[Vectors]]:
        """Return for each of `vectors` the keys and cosine similarities of its `k` nearest, nearest first.

        Where the index holds fewer than `k`, fewer come back.
        """
        wanted = min(k, len(self))
        if wanted <= 0:
            return [np.empty(0, np.int64)] * len(vectors), [np.empty(0, np.float32)] * len(vectors)
        similarities, keys = self._index.search(np.ascontiguousarray(vectors, dtype=np.float32), wanted)
        return list(keys), list(similarities)

    def vectors(self, keys: Keys) -> Vectors:
        """Return the vectors under `keys`, in order. Raises KeyError where one is not here."""
        if missing := set(keys.tolist()) - self._keys:
            raise KeyError(f"no vector under {min(missing)}")
        if not len(keys):
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(keys, dtype=np.int64)), np.float32)


def _check_layout(path: Path) -> None:
    """Raise IndexCorrupt unless the file is as long as its headers say.

    faiss takes memory for whatever count a file names before it reads on: a damaged count would take all there is.
    """
    with path.open("rb") as file:
        start = file.read(2 * HEADER.size + COUNT.size)
        size = file.seek(0, os.SEEK_END)
        if len(start) < 2 * HEADER.size + COUNT.size:
            raise IndexCorrupt(path, f"cut off after {size} bytes")
        outer, inner = (HEADER.unpack_from(start, offset) for offset in (0, HEADER.size))
        numbers = COUNT.unpack_from(start, 2 * HEADER.size)[0]
        if (outer[0], inner[0]) != (b"IxM2", b"IxFI"):
            raise IndexCorrupt(path, f"not an index of claims (it starts with {start[:4]!r})")
        dimension, count = outer[1:3]
        expected = len(start) + count * dimension * 4 + COUNT.size + count * 8
        if (dimension, count) != inner[1:3] or numbers != count * dimension or dimension <= 0 or count < 0:
            raise IndexCorrupt(path, "its headers contradict each other")
        if size != expected:
            raise IndexCorrupt(path, f"{size} bytes long where {expected} were expected")
        file.seek(len(start) + count * dimension * 4)
        if COUNT.unpack(file.read(COUNT.size))[0] != count:
            raise IndexCorrupt(path, "it has not one key a vector")
