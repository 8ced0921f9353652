"""Adding: a forum's file to an empty base, and a thread to a large one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.large import FOLDER, large_base, threads_of
from benchmarks.scale.measuring import (
    MILLION,
    added,
    available,
    copied,
    find,
    in_turn,
    langchain_embeddings,
    langchain_store,
    new_thread,
    ratio,
    report,
    seconds,
    spread,
    stored,
)
from corpus.readers import iter_file
from corpus.readers.neutral import to_neutral
from corpus.thread import Thread
from indexer.embeddings import default_folder
from indexer.knowledge import KnowledgeBase
from indexer.profile import profile


def adding(data: Path, number: int = MILLION, rounds: int = 5) -> None:
    """A thread of 50 posts added and found, against LangChain's load, add and save."""
    with copied(large_base(data, number)) as base:
        threads = [new_thread(at) for at in range(1, rounds + 1)]
        taken = [seconds(partial(added, base, one)) for one in threads]
        held = base.number_of_claims()
        rows = [["Counterpoint: read to searchable, and found", spread(taken), ""]]
        alone = [seconds(partial(_added_alone, base, new_thread(at))) for at in range(rounds + 1, 2 * rounds + 1)]
        rows.append(["`python -m indexer add`, a process from nothing, and found", spread(alone), ""])
        if available("langchain_community"):
            vectors = np.concatenate([part for _, part in stored(base)])
            texts = [post.text for post in threads[0].posts]
            with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                langchain_store(vectors).save_local(folder)
                del vectors
                beside = [seconds(partial(_added_by_langchain, folder, texts)) for _ in range(2)]
            rows.append(["LangChain FAISS: load, add, save", spread(beside), f"{median(beside) / median(taken):.0f}"])
    report("adding", "Adding", ["system", "p50 / p95", "times as long"], rows, f"{held:,} claims are there.")


def _added_alone(base: KnowledgeBase, thread: Thread) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(to_neutral(thread) + "\n")
        file.flush()
        command = [sys.executable, "-m", "indexer", "--data", str(base.folder), "add", file.name]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- this program
    find(base, thread)


def _added_by_langchain(folder: str, texts: Sequence[str]) -> None:
    from langchain_community.vectorstores import FAISS

    store = FAISS.load_local(folder, langchain_embeddings(), allow_dangerous_deserialization=True)
    store.add_texts(texts)
    store.save_local(folder)


def indexing(data: Path, posts_read: int = 600, rounds: int = 3) -> None:
    """From a forum's file to searchable, against txtai and Chroma given the same claims, which do less."""
    threads = []
    for thread in threads_of(data):
        threads.append(thread)
        if sum(len(one.posts) for one in threads) >= posts_read:
            break
    neutral = "\n".join(map(to_neutral, threads))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "forum.jsonl"
        file.write_text(neutral, "utf-8")
        steps: dict[str, float] = {}
        with KnowledgeBase.open(Path(folder) / "once") as base:
            base.add(_read(file))
            texts = [cited.claim.text for one in base.threads() for cited in base.claims_of_thread(one.id)]
            steps, judge = profiled(base, Path(folder) / "profiled", file), base.judge
        numbers = iter(range(1_000))

        def whole() -> None:
            with KnowledgeBase.open(Path(folder) / f"base{next(numbers)}", judge=judge) as fresh:
                fresh.add(_read(file))
                fresh.near("is college worth it?", 10)

        works: dict[str, Callable[[], object]] = {"Counterpoint: read, split, embed, judge, write": whole}
        works |= _peers_indexing(texts, Path(folder), numbers)
        taken = in_turn(works, rounds)
    ours, *_ = works
    rows = [
        [name, f"{len(texts) / median(times):.0f}", f"{ratio(taken, name, ours):.2f}"] for name, times in taken.items()
    ]
    every = sum(steps.values())
    parts = ", ".join(f"{name} {took / every:.0%}" for name, took in steps.items())
    report(
        "indexing",
        "Indexing",
        ["system", "claims/s", "times as long"],
        rows,
        f"{len(texts):,} claims of {posts_read} posts, {rounds} rounds in turn. Where the time goes: {parts}.",
    )


def _read(file: Path) -> Iterator[Thread]:
    return (found for found in iter_file(file) if isinstance(found, Thread))


def profiled(base: KnowledgeBase, place: Path, file: Path) -> dict[str, float]:
    """Return the seconds of each step of adding a file to a new base in `place`."""
    with KnowledgeBase.open(place, encoder=base.encoder, judge=base.judge) as fresh:
        return profile(fresh, _read(file)).seconds


def _peers_indexing(texts: Sequence[str], folder: Path, numbers: Iterator[int]) -> dict[str, Callable[[], object]]:
    works: dict[str, Callable[[], object]] = {}
    if available("txtai"):
        from txtai import Embeddings

        def by_txtai() -> None:
            peer = Embeddings(path=str(default_folder()), content=True, gpu=False)
            peer.index((at, text, None) for at, text in enumerate(texts))
            peer.save(str(folder / f"txtai{next(numbers)}"))
            peer.search("is college worth it?", 10)

        works["txtai: embed, write"] = by_txtai
    if available("chromadb"):
        import chromadb
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        def by_chroma() -> None:
            made: Any = SentenceTransformerEmbeddingFunction(model_name=str(default_folder()), device="cpu")
            client = chromadb.PersistentClient(str(folder / f"chroma{next(numbers)}"))
            collection = client.create_collection("claims", embedding_function=made)
            for at in range(0, len(texts), 5_000):
                some = list(texts[at : at + 5_000])
                collection.add(ids=[str(at + n) for n in range(len(some))], documents=some)
            collection.query(query_texts=["is college worth it?"], n_results=10)

        works["Chroma: embed, write"] = by_chroma
    return works
