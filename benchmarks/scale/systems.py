"""Systems that search, each built and asked in a process of its own, which imports nothing but what the system needs.

`Asked` starts such a process. A system is given texts and their vectors, and answers a vector with the keys and texts
of the nearest, by its defaults wherever it has any.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Part = tuple[list[int], list[str], Vectors]
"""Some claims: their keys, texts and vectors."""
Search = Callable[[Vectors], list[tuple[int, str]]]
"""From a vector to the keys and texts of those nearest to it."""

NEAREST = 50
PART = 10_000
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class System:
    """How a system is opened from a folder, and built into one; a base of claims is there already."""

    open: Callable[[Path], Search]
    build: Callable[[Iterable[Part], Path], None] | None = None
    packages: tuple[str, ...] = ()


# Ours


class _Given:
    """An encoder of one vector, which is put into it."""

    def __init__(self, name: str, dimension: int) -> None:
        self.name = name
        self.dimension = dimension
        self.vector: Vectors = np.zeros(dimension, np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.repeat(self.vector[np.newaxis], len(texts), axis=0)


def _open_base(folder: Path, *, read: bool = True) -> Search:
    from corpus.thread import key_of
    from indexer.knowledge import KnowledgeBase
    from indexer.manifest import Manifest

    made = Manifest.read(folder)
    assert made is not None
    assert made.encoder is not None
    assert made.dimension is not None
    encoder = _Given(made.encoder, made.dimension)
    base = KnowledgeBase.open(folder, encoder=encoder, create=False)
    numbers = iter(range(sys.maxsize))

    def search(vector: Vectors) -> list[tuple[int, str]]:
        encoder.vector = vector
        found = [hit.id for hit in base.near(f"question {next(numbers)}", NEAREST)]
        texts = [one.claim.text for one in base.cited(found)] if read else [""] * len(found)
        return list(zip(map(key_of, found), texts, strict=True))

    return search


def _open_base_unread(folder: Path) -> Search:
    return _open_base(folder, read=False)


# Peers


def _build_langchain(parts: Iterable[Part], folder: Path) -> None:
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import FakeEmbeddings

    store = None
    for keys, texts, vectors in parts:
        given, ids = list(zip(texts, vectors, strict=True)), list(map(str, keys))
        if store is None:
            store = FAISS.from_embeddings(given, FakeEmbeddings(size=vectors.shape[1]), ids=ids)
        else:
            store.add_embeddings(given, ids=ids)
    assert store is not None
    store.save_local(str(folder))


def _open_langchain(folder: Path) -> Search:
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import FakeEmbeddings

    store = FAISS.load_local(str(folder), FakeEmbeddings(size=1), allow_dangerous_deserialization=True)

    def search(vector: Vectors) -> list[tuple[int, str]]:
        found = store.similarity_search_by_vector(vector, k=NEAREST)
        return [(int(one.id), one.page_content) for one in found]

    return search


def _build_txtai(parts: Iterable[Part], folder: Path) -> None:
    from txtai import Embeddings

    waiting: deque[Vectors] = deque()

    def documents() -> Iterator[tuple[int, str, None]]:
        for keys, texts, vectors in parts:
            for key, text, vector in zip(keys, texts, vectors, strict=True):
                waiting.append(vector)
                yield key, text, None

    def transform(texts: Sequence[str]) -> Vectors:
        return np.stack([waiting.popleft() for _ in texts])

    peer = Embeddings(method="external", transform=transform, content=True)
    peer.index(documents())
    peer.save(str(folder))
    peer.close()


def _open_txtai(folder: Path) -> Search:
    from txtai import Embeddings

    asked: list[Vectors] = []

    def transform(_texts: Sequence[str]) -> Vectors:
        return np.stack(asked)

    peer = Embeddings().load(str(folder), config={"transform": transform})

    def search(vector: Vectors) -> list[tuple[int, str]]:
        asked[:] = [vector]
        return [(int(one["id"]), one["text"]) for one in peer.search("question", NEAREST)]

    return search


def _chroma(folder: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(str(folder), chromadb.Settings(anonymized_telemetry=False))


def _build_chroma(parts: Iterable[Part], folder: Path) -> None:
    client = _chroma(folder)
    collection, most = client.create_collection("claims", embedding_function=None), client.get_max_batch_size()
    for keys, texts, vectors in parts:
        ids = list(map(str, keys))
        for at in range(0, len(keys), most):
            some = slice(at, at + most)
            collection.add(ids=ids[some], embeddings=vectors[some], documents=texts[some])


def _open_chroma(folder: Path) -> Search:
    collection = _chroma(folder).get_collection("claims", embedding_function=None)

    def search(vector: Vectors) -> list[tuple[int, str]]:
        found = collection.query(query_embeddings=vector[np.newaxis], n_results=NEAREST)
        return list(zip(map(int, found["ids"][0]), found["documents"][0], strict=True))

    return search


# Vectors without claims


def _open_lists(folder: Path) -> Search:
    """Search as `indexer.live_index` does: twice as many by codes, and of them the nearest by the stored vectors."""
    from corpus.store import FILE_NAME, Store
    from indexer.claim_store import ClaimStore, from_blobs
    from indexer.index import ClaimIndex

    index = ClaimIndex.open(folder / "claims.faiss")
    store = ClaimStore(Store.open(folder / FILE_NAME))
    encoder = str(index.said["encoder"])

    def search(vector: Vectors) -> list[tuple[int, str]]:
        (found,), _ = index.search(vector[np.newaxis], NEAREST if index.exact else 2 * NEAREST)
        blobs = store.blobs(encoder, found.tolist())
        similar = from_blobs(list(blobs.values()), index.dimension) @ vector
        best = np.argsort(-similar, kind="stable")[:NEAREST].tolist()
        keys = list(blobs)
        return [(keys[at], "") for at in best]

    return search


OURS, OURS_UNREAD, LISTS = "Counterpoint", "Counterpoint, without reading the claims", "lists"
SYSTEMS = {
    OURS: System(_open_base),
    OURS_UNREAD: System(_open_base_unread),
    "LangChain FAISS": System(_open_langchain, _build_langchain, ("langchain_community",)),
    "txtai": System(_open_txtai, _build_txtai, ("txtai",)),
    "Chroma": System(_open_chroma, _build_chroma, ("chromadb",)),
    LISTS: System(_open_lists),
}


# Processes of their own


class Asked:
    """A process of its own that has opened a system, to be asked `questions` by their number.

    `opened_in` is how long it took until the first question, which is asked once beforehand, was answered.
    """

    def __init__(self, system: str, folder: Path, questions: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- this program
            [sys.executable, "-m", __spec__.name, "ask", system, str(folder), str(questions)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.opened_in = float(self._said())

    def _said(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.communicate()
            raise RuntimeError(f"{self._process.args} ended with {self._process.returncode}")
        return json.loads(line)

    def ask(self, number: int) -> tuple[float, list[tuple[int, str]]]:
        """Return the seconds that a question took, and the keys and texts that were found."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        took, found = self._said()
        return took, [(key, text) for key, text in found]

    def megabytes(self) -> tuple[float, float]:
        """Return what is resident of it: its own, and with pages of files."""
        held = _megabytes(self._process.pid)
        return held["RssAnon"], held["VmRSS"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _answer(system: str, folder: Path, questions: Path) -> None:
    vectors, began = np.load(questions), perf_counter()
    search = SYSTEMS[system].open(folder)
    search(vectors[0])
    print(perf_counter() - began, flush=True)
    for line in sys.stdin:
        began = perf_counter()
        found = search(vectors[int(line)])
        took = perf_counter() - began
        print(json.dumps([took, found]), flush=True)


def built(system: str, base: Path, folder: Path) -> None:
    """Build a system into a new `folder`, of the claims of a base, in a process of its own.

    `folder`.json says then how many seconds it took, without reading the claims, and the most that was resident, in MB.
    """
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", __spec__.name, "build", system, str(base), str(folder)]
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 -- this program


def _build(system: str, base: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    build, reading = SYSTEMS[system].build, [0.0]
    assert build is not None

    def parts() -> Iterator[Part]:
        done, waiting = 0, claims_of(base)
        while True:
            began = perf_counter()
            part = next(waiting, None)
            reading[0] += perf_counter() - began
            if part is None:
                return
            yield part
            done += len(part[0])
            if done % (10 * PART) == 0:
                print(f"{system}: {done} claims given, {perf_counter() - start:.0f} s", flush=True)

    start = perf_counter()
    build(parts(), folder)
    took = perf_counter() - start - reading[0]
    folder.with_suffix(".json").write_text(json.dumps({"seconds": took, "megabytes": most_resident()}), "utf-8")


def most_resident() -> float:
    """Return the most that was resident of this process, in MB."""
    return _megabytes("self")["VmHWM"]


def _megabytes(process: int | str) -> dict[str, float]:
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    said = (line.split() for line in lines if line.endswith(" kB"))
    return {name.rstrip(":"): int(kilobytes) / 1024 for name, kilobytes, _ in said}


def claims_of(base: Path) -> Iterator[Part]:
    """Yield the claims of a base."""
    from sqlalchemy import select

    from corpus.schema import claims
    from corpus.store import FILE_NAME, Store
    from indexer.claim_store import ClaimStore, from_blobs
    from indexer.manifest import Manifest

    made = Manifest.read(base)
    assert made is not None
    assert made.encoder is not None
    assert made.dimension is not None
    with Store.open(base / FILE_NAME) as store:
        for blobs in ClaimStore(store).parts(made.encoder, PART):
            keys = list(blobs)
            query = select(claims.c.key, claims.c.text).where(claims.c.key.between(keys[0], keys[-1]))
            with store.reading() as connection:
                texts = {row.key: row.text for row in connection.execute(query)}
            yield keys, [texts[key] for key in keys], from_blobs(list(blobs.values()), made.dimension)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    what, name, *paths = sys.argv[1:]
    {"ask": _answer, "build": _build}[what](name, *map(Path, paths))
