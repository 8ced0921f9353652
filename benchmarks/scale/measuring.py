"""What the measurements share: taking turns, ratios, the machine in words, and bases to measure on."""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import select

from benchmarks.large import FOLDER, QUESTIONS, SIZES
from benchmarks.results import table, write_section
from bot.chat import Bot
from corpus.schema import claims, threads
from corpus.thread import Post, Thread, make_thread
from indexer.claim_store import ClaimStore, from_blobs
from indexer.embeddings import Vectors, default_folder
from indexer.index import Keys
from indexer.knowledge import KnowledgeBase
from indexer.network import cores

COMMAND = "python -m benchmarks.scale {} --data ../shared/data"
DIMENSION = 384
MILLION = SIZES[-1]
TIE = 1e-6
"""Similarities that differ by no more are the same, computed in another order."""


def available(*names: str) -> bool:
    """Whether the packages of a peer are installed."""
    return all(find_spec(name) is not None for name in names)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def in_turn(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Run each of `works`, one after the other, `rounds` times; return their seconds."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return taken


def ratio(taken: Mapping[str, Sequence[float]], peer: str, ours: str) -> float:
    """The median over rounds of how many times as long `peer` took as `ours`."""
    return median(a / b for a, b in zip(taken[peer], taken[ours], strict=True))


def spread(taken: Sequence[float]) -> str:
    """Half and 95% of times, in ms."""
    last = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return f"{1e3 * median(taken):.1f} / {1e3 * last:.1f} ms"


def machine() -> str:
    """The machine in words."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"{cores()} cores, {model or platform.processor()}, Python {platform.python_version()}; load {load:.1f}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def report(what: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: str = "") -> None:
    """Write a section of RESULTS.md, and print it."""
    body = f"`{COMMAND.format(what)}`: {machine()}.\n\n{table(columns, rows)}\n\n{notes}"
    write_section(title, body)
    print(body, flush=True)


def texts_of(place: Path, number: int) -> list[str]:
    """Return `number` claims of a base, in the order of their random keys."""
    with KnowledgeBase.open(place) as base, base.store.reading() as connection:
        return list(connection.scalars(select(claims.c.text).order_by(claims.c.key).limit(number)))


def stored(base: KnowledgeBase) -> Iterator[tuple[Keys, Vectors]]:
    """Yield the keys and vectors of a base."""
    return vectors_of(ClaimStore(base.store))


def vectors_of(store: ClaimStore) -> Iterator[tuple[Keys, Vectors]]:
    """Yield the keys and vectors of a store."""
    for blobs in store.parts(_encoder(store), 10_000):
        yield np.fromiter(blobs, np.int64), from_blobs(list(blobs.values()), DIMENSION)


def _encoder(store: ClaimStore) -> str:
    encoder = store.manifest().encoder
    assert encoder is not None, "no vectors are stored"
    return encoder


def questions_of(base: KnowledgeBase, number: int) -> Vectors:
    """Return the vectors of up to `number` questions that threads of a base open with."""
    with base.store.reading() as connection:
        asked = list(connection.scalars(select(threads.c.question).where(threads.c.question != "").limit(number)))
    return base.encoder.encode(asked)


def best_similarities(parts: Iterable[tuple[Keys, Vectors]], questions: Vectors, k: int) -> Vectors:
    """Return the similarities of the `k` nearest vectors to each question, falling; all are compared, part by part."""
    best = np.empty((len(questions), 0), np.float32)
    for _, vectors in parts:
        every = np.concatenate([best, questions @ vectors.T], axis=1)
        best = np.partition(every, -k, axis=1)[:, -k:] if every.shape[1] > k else every
    return -np.sort(-best, axis=1)


def recall(store: ClaimStore, questions: Vectors, every: Sequence[Sequence[int]], best: Vectors) -> float:
    """Return the share of those nearest to each question that were found: of claims alike, any will do.

    `every` are the keys that were found for each question, `best` what `best_similarities` returned.
    """
    shares, encoder = [], _encoder(store)
    for question, found, true in zip(questions, every, best, strict=True):
        similar = from_blobs(list(store.blobs(encoder, set(found)).values()), DIMENSION) @ question
        shares.append(min(1.0, float((similar >= true[-1] - TIE).sum()) / len(true)))
    return float(np.mean(shares))


def bytes_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def langchain_embeddings() -> Any:
    """LangChain's documented embeddings over the published weights."""
    from langchain_community.embeddings import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=str(default_folder()), model_kwargs={"device": "cpu"})


def langchain_store(vectors: Vectors, texts: Sequence[str] | None = None) -> Any:
    """LangChain's store of vectors that are there already."""
    import faiss
    from langchain_community.docstore.in_memory import InMemoryDocstore
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document

    index = faiss.IndexFlatL2(DIMENSION)
    index.add(vectors)
    said = texts or [""] * len(vectors)
    documents = {str(at): Document(page_content=text) for at, text in enumerate(said)}
    return FAISS(langchain_embeddings(), index, InMemoryDocstore(documents), dict(enumerate(documents)))


SUBJECTS = [
    "the lectures",
    "my dorm",
    "the meal plan",
    "an internship",
    "the honors program",
    "my advisor",
    "a summer class",
]
VERDICTS = [
    "helped me a lot",
    "was a waste of money",
    "kept my grades up",
    "made me tired",
    "is worth it if you go early",
]


def new_thread(number: int, length: int = 50) -> Thread:
    """Return a thread that is in no base, with `length` posts."""
    rng = random.Random(number)
    said = [
        f"I think {rng.choice(SUBJECTS)} {rng.choice(VERDICTS)}, in year {rng.randrange(10**6)}." for _ in range(length)
    ]
    drafts = [Post(str(at), "", at, text, author=f"{number}-{at % 30}") for at, text in enumerate(said)]
    return make_thread([replace(drafts[0], text=f"Is college {number} worth it?"), *drafts[1:]])


@contextmanager
def copied(place: Path) -> Iterator[KnowledgeBase]:
    """A copy of a base, open and warm."""
    with (
        tempfile.TemporaryDirectory(dir=FOLDER) as folder,
        KnowledgeBase.open(Path(shutil.copytree(place, Path(folder) / "base"))) as base,
    ):
        Bot(base).ask("is college worth it?")
        base.add([new_thread(0, 2)])
        yield base


ASK = """
import json, sys
from pathlib import Path
from bot.chat import Bot
from indexer.knowledge import KnowledgeBase
with KnowledgeBase.open(Path(sys.argv[1])) as base:
    for question in sys.argv[2:]:
        Bot(base).ask(question)
    lines = [line.split() for line in open("/proc/self/status")]
    print(json.dumps({line[0][:-1]: int(line[1]) / 1024 for line in lines if line[0] in ("VmRSS:", "RssAnon:")}))
"""


def resident(place: Path) -> dict[str, float]:
    """Megabytes that a process holds that opens a base and asks: in all, and its own, not pages of files."""
    command = [sys.executable, "-c", ASK, str(place), *QUESTIONS[:5]]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- this program
    said: dict[str, float] = json.loads(done.stdout)
    return said


def added(base: KnowledgeBase, thread: Thread) -> None:
    """Add a thread, and find it."""
    base.add([thread])
    find(base, thread)


def find(base: KnowledgeBase, thread: Thread) -> None:
    """Find a thread that was added."""
    found = [hit.id for hit in base.near_threads(thread.title, 1)]
    assert [thread.id] == found, "what was added is not found"
