"""From a question to the whole answer; and from nothing to the first one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from sqlalchemy import select

from benchmarks.large import QUESTIONS, large_base
from benchmarks.scale.measuring import (
    MILLION,
    available,
    bytes_of,
    copied,
    in_turn,
    langchain_store,
    ratio,
    report,
    resident,
    seconds,
    spread,
    stored,
)
from bot.chat import Bot
from corpus.schema import claims, threads
from indexer.knowledge import KnowledgeBase


def asking(data: Path, number: int = MILLION) -> None:
    """From a question to the whole answer, and what stays in memory and on disk."""
    with copied(large_base(data, number)) as base:
        answer = Bot(base)
        considered, taken = [], []
        peer = _retriever_and_judge(base) if available("langchain_community") else None
        beside: list[float] = []
        for question in QUESTIONS:
            began = perf_counter()
            considered.append(answer.ask(question).considered)
            taken.append(perf_counter() - began)
            if peer is not None:
                beside.append(seconds(partial(peer, question)))
        del peer
        others = _asked_here(base, 2 * len(QUESTIONS))
        with ThreadPoolExecutor(2) as two:
            together = len(others) / seconds(lambda: list(two.map(answer.ask, others)))
        held = base.number_of_claims()
        memory = resident(base.folder)
        base.rebuild()
        size = bytes_of(base.folder) / held
    rows = [["Counterpoint", spread(taken), f"{median(considered):.0f}", ""]]
    if beside:
        times = median(b / a for a, b in zip(taken, beside, strict=True))
        rows.append(["LangChain retriever, then the same judge in torch", spread(beside), "64", f"{times:.1f}"])
    notes = (
        f"{held:,} claims, {len(QUESTIONS)} questions, each asked once, in turn. A process of its own that opens "
        f"the base and asks five of them has {memory['VmRSS']:.0f} MB resident, {memory['RssAnon']:.0f} MB of them "
        f"its own, the rest pages of files. Two who ask at the same time, {len(others)} questions of threads, have "
        f"{together:.1f} answers a second together. On disk: {size / 1000:.2f} KB a claim, with posts, words and "
        "judgements, after `python -m indexer rebuild`."
    )
    report("asking", "Asking", ["system", "p50 / p95", "claims judged, median", "times as long"], rows, notes)


def _asked_here(base: KnowledgeBase, number: int) -> list[str]:
    """Return yes/no questions that threads opened with; of their claims none was judged toward another's."""
    asked = select(threads.c.question).where(threads.c.question.ilike("should i %")).limit(number)
    with base.store.reading() as connection:
        return list(connection.scalars(asked)) or list(QUESTIONS)


def _retriever_and_judge(base: KnowledgeBase) -> Callable[[str], object]:
    """LangChain's retriever over the same vectors, and the judge's own weights run by torch in float32."""
    import torch

    from indexer.judge import DEFAULT_FOLDER
    from indexer.network import WEIGHTS
    from training.data import Example
    from training.int8 import weights_of
    from training.stance import MINILM, pairs_of

    parts = list(stored(base))
    with base.store.reading() as connection:
        said = dict(connection.execute(select(claims.c.key, claims.c.text)).all())
    texts = [said[key] for keys, _ in parts for key in keys.tolist()]
    store = langchain_store(np.concatenate([vectors for _, vectors in parts]), texts)
    retriever = store.as_retriever(search_kwargs={"k": 64})
    model, tokenizer = MINILM.model(), MINILM.tokenizer()
    model.load_state_dict(weights_of(DEFAULT_FOLDER / WEIGHTS), strict=False)
    model.eval()

    def answer(question: str) -> None:
        found = retriever.invoke(question)
        examples = [Example(question, one.page_content, (0.25,) * 4, "", "") for one in found]
        rows = MINILM.encoded(tokenizer, pairs_of(examples))
        with torch.inference_mode():
            for at in range(0, len(rows), 32):
                model(**MINILM.collate(rows[at : at + 32]))

    answer("is college worth it?")
    return answer


def start(_data: Path, rounds: int = 5) -> None:
    """`python -m bot` from nothing to the answer, against loading the reference encoder and embedding the question."""
    question = "should I lift for a sub-20 5k?"
    peer = "from indexer.embeddings import *; SentenceTransformerEncoder.open().encode(['" + question + "'])"
    with tempfile.TemporaryDirectory() as folder:
        place = ["--data", str(Path(folder) / "base")]
        subprocess.run([sys.executable, "-m", "indexer", *place, "samples"], check=True, capture_output=True)  # noqa: S603 -- this program
        ask = [sys.executable, "-m", "bot", *place, question]
        first = seconds(partial(subprocess.run, ask, check=True, capture_output=True))
        works = {
            "python -m bot, to the whole answer": partial(subprocess.run, ask, check=True, capture_output=True),
            "torch loaded, and the question embedded": partial(
                subprocess.run, [sys.executable, "-c", peer], check=True, capture_output=True
            ),
        }
        taken = in_turn(works, rounds)
    ours, _ = works
    rows = [[name, f"{median(times):.2f} s", f"{ratio(taken, name, ours):.2f}"] for name, times in taken.items()]
    notes = f"{rounds} rounds in turn. The first, with files not read before: {first:.2f} s."
    report("start", "Start", ["command", "median", "times as long"], rows, notes)
