"""Speed and size beside peers, up to a million claims: `python -m benchmarks.scale WHAT --data ../shared/data`.

WHAT is one of the measurements below; each writes its section of RESULTS.md. Those that take turns give the median of
the ratios of their rounds: on a shared machine nothing else can be compared. Bases of claims come from
`benchmarks.large`, made the first time. Peers come with the extra `peers`; one that is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import select

from benchmarks.large import FOLDER, QUESTIONS, SIZES, large_base, threads_of
from benchmarks.results import table, write_section
from bot.chat import Bot
from corpus.readers import iter_file
from corpus.readers.neutral import to_neutral
from corpus.schema import claims, posts
from corpus.schema import threads as _threads
from corpus.thread import Post, Thread, make_thread
from indexer.claim_store import ClaimStore, from_blobs
from indexer.embeddings import Encoder, Precision, SentenceTransformerEncoder, Vectors, default_folder
from indexer.index import ClaimIndex, Keys, sampled
from indexer.knowledge import KnowledgeBase
from indexer.live_index import LiveIndex
from indexer.network import cores
from indexer.profile import profile
from indexer.shipped_encoder import CLAIMS, ShippedEncoder

COMMAND = "python -m benchmarks.scale {} --data ../shared/data"
DIMENSION = 384
MILLION = SIZES[-1]
HALF, FEW = 0.5, 0.01
"""Shares of the claims that filters leave."""
LAYER_WORK = 2 * (4 * 384**2 + 2 * 384 * 1536)
"""Operations of one token in the products of one layer of MiniLM; it has six."""
LAYERS = 6


# What all share


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
    for blobs in ClaimStore(base.store).parts(base.encoder.name, 10_000):
        yield np.fromiter(blobs, np.int64), from_blobs(list(blobs.values()), DIMENSION)


def langchain_embeddings() -> Any:
    """LangChain's documented embeddings over the published weights."""
    from langchain_community.embeddings import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=str(default_folder()), model_kwargs={"device": "cpu"})


# Embedding


def embed(data: Path, number: int = 20_000, rounds: int = 5) -> None:
    """Claims embedded and put into an index, against LangChain's documented path and the reference in torch."""
    texts = texts_of(large_base(data, min(SIZES[1], max(SIZES[0], number))), number)
    few = texts[:: max(1, len(texts) // 1000)][:1000]
    ours = ShippedEncoder(CLAIMS)

    def indexed(encoder: Encoder, given: Sequence[str]) -> None:
        vectors = encoder.encode(given)
        ClaimIndex.empty(DIMENSION).add(np.arange(len(given), dtype=np.int64), vectors)

    works: dict[str, Callable[[], object]] = {"int8": partial(indexed, ours, few)}
    for precision in (Precision.FLOAT32, Precision.BFLOAT16):
        works[f"torch {precision}"] = partial(indexed, SentenceTransformerEncoder.open(precision=precision), few)
    if available("langchain_community"):
        from langchain_community.vectorstores import FAISS

        works["LangChain"] = partial(FAISS.from_texts, few, langchain_embeddings())
    if available("onnx"):
        works["peak"], peak_work = _products()
    for work in works.values():
        work()
    taken = in_turn(works, rounds)
    whole = seconds(lambda: indexed(ours, texts))
    tokens = [len(one) for one in ours.network.tokenizer.encode_batch(few)]
    work = sum(tokens) * LAYER_WORK * LAYERS
    peak = ""
    if "peak" in taken:
        shares = [work / a * b / peak_work for a, b in zip(taken["int8"], taken["peak"], strict=True)]
        peak = (
            f" Its products reach {median(shares):.0%} of the rate of int8 products of 1,024 by 384 by 1,536 alone, on "
            "all cores, in the same rounds."
        )
    rows = [
        [name, f"{len(few) / median(times):.0f}", f"{ratio(taken, name, 'int8'):.2f}"]
        for name, times in taken.items()
        if name != "peak"
    ]
    notes = (
        f"{len(few)} claims of {sum(tokens) / len(few):.1f} tokens, {rounds} rounds in turn, embedded and put into an "
        f"index. {number:,} at once by int8: {number / whole:.0f}/s.{peak}"
    )
    report("embed", "Embedding", ["encoder", "claims/s", "times as long as int8"], rows, notes)


def _products() -> tuple[Callable[[], object], int]:
    """Return a run of int8 products alone, of the shape that MiniLM has most of, on all cores; and its operations."""
    from concurrent.futures import ThreadPoolExecutor

    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rows, deep, wide, times = 1024, 384, 1536, 200
    weight = np.random.default_rng(0).integers(-63, 63, (deep, wide)).astype(np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["given", "weight"], ["out"])],
        "product",
        [helper.make_tensor_value_info("given", TensorProto.UINT8, [rows, deep])],
        [helper.make_tensor_value_info("out", TensorProto.INT32, [rows, wide])],
        [numpy_helper.from_array(weight, "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {"given": np.random.default_rng(1).integers(0, 255, (rows, deep)).astype(np.uint8)}
    pool = ThreadPoolExecutor(cores())

    def run() -> None:
        list(pool.map(lambda _: [session.run(None, given) for _ in range(times)], range(cores())))

    return run, 2 * rows * deep * wide * times * cores()


# Retrieval quality


def retrieval(data: Path, most: int = 4_000) -> None:
    """What int8 and the lists lose of what float32 and comparing with all finds."""
    exact, small = SentenceTransformerEncoder.open(), ShippedEncoder(CLAIMS)
    rows = []
    for name in ("nfcorpus", "arguana"):
        folder = data / "retrieval" / name
        documents, queries, relevant = _collection(folder, most)
        found = {}
        for precision, encoder in (("float32", exact), ("int8", small)):
            held, asked = encoder.encode(list(documents.values())), encoder.encode(list(queries.values()))
            found[precision] = np.argsort(-(asked @ held.T), axis=1, kind="stable")[:, :51]
        ids = list(documents)
        ranked = {
            p: [[ids[at] for at in row if ids[at] != query][:50] for row, query in zip(best, queries, strict=True)]
            for p, best in found.items()
        }
        gains = {
            p: np.mean([_ndcg(row, relevant[q]) for row, q in zip(r, queries, strict=True)]) for p, r in ranked.items()
        }
        recalls = {
            p: np.mean(
                [len(set(row) & relevant[q].keys()) / len(relevant[q]) for row, q in zip(r, queries, strict=True)]
            )
            for p, r in ranked.items()
        }
        same = np.mean([len(set(a) & set(b)) / 50 for a, b in zip(ranked["float32"], ranked["int8"], strict=True)])
        rows.append(
            [
                f"{name}, {len(documents):,} documents, {len(queries):,} queries",
                f"{gains['float32']:.4f} / {gains['int8']:.4f} ({gains['int8'] - gains['float32']:+.4f})",
                f"{recalls['float32']:.4f} / {recalls['int8']:.4f} ({recalls['int8'] / recalls['float32']:.3f})",
                f"{same:.3f}",
            ]
        )
    notes = (
        "Float32 compares with all documents. The last column: of the 50 nearest by float32, the share that int8 has "
        f"among its 50. Collections are cut to their judged documents and others up to {most:,}."
    )
    columns = ["collection", "nDCG@10, float32 / int8", "recall@50, float32 / int8", "the same 50"]
    report("retrieval", "Retrieval quality kept", columns, rows, notes)


def _collection(folder: Path, most: int) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, int]]]:
    """Documents, those queries with a judgement, and the judgements."""
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, {})[document] = int(score)

    def read(name: str) -> Iterator[tuple[str, str]]:
        for line in (folder / name).read_text("utf-8").splitlines():
            one = json.loads(line)
            yield one["_id"], f"{one.get('title') or ''} {one['text']}".strip()

    asked = sorted(relevant)[: most // 10]
    relevant = {one: relevant[one] for one in asked}
    queries = {one: text for one, text in read("queries.jsonl") if one in relevant}
    judged = {one for those in relevant.values() for one in those} | queries.keys()
    every = dict(read("corpus.jsonl"))
    kept = [one for one in every if one in judged] + [one for one in every if one not in judged]
    return {one: every[one] for one in kept[:most]}, queries, relevant


def _ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    gains = [relevant.get(one, 0) / np.log2(place + 2) for place, one in enumerate(ranked[:k])]
    best = sorted(relevant.values(), reverse=True)[:k]
    return float(sum(gains) / sum(gain / np.log2(place + 2) for place, gain in enumerate(best)))


# Search


def search(data: Path, number: int = MILLION, asked: int = 300) -> None:
    """Nearest neighbours with and without filters, against comparing with all, txtai, Chroma and LangChain."""
    with KnowledgeBase.open(large_base(data, number)) as base:
        parts = list(stored(base))
        keys, vectors = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        del parts
        with base.store.reading() as connection:
            titles = [row.question for row in connection.execute(select(_threads.c.question).limit(asked))]
            owners = dict(connection.execute(select(claims.c.key, posts.c.author).join(posts)).all())
        questions = base.encoder.encode([title for title in titles if title])
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
    rows += _peers_searched(vectors, questions[:60])
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


def _peers_searched(vectors: Vectors, questions: Vectors, most: int = 100_000) -> list[list[str]]:
    """The same by peers, of as many vectors as they take in minutes."""
    held = vectors[:most]
    rows = []
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        if available("langchain_community"):
            store = _langchain_store(held)
            taken = [seconds(partial(store.similarity_search_by_vector, one.tolist(), k=50)) for one in questions]
            rows.append([f"LangChain FAISS, {len(held):,}", spread(taken), "", ""])
        if available("txtai"):
            from txtai import Embeddings

            peer = Embeddings(method="external", transform=lambda given: np.asarray(given, np.float32), content=False)
            peer.index((at, one, None) for at, one in enumerate(held))
            taken = [seconds(partial(peer.search, one, 50)) for one in questions]
            rows.append([f"txtai, {len(held):,}", spread(taken), "", ""])
        if available("chromadb"):
            import chromadb

            collection = chromadb.PersistentClient(folder).create_collection("claims")
            for at in range(0, len(held), 5_000):
                some = held[at : at + 5_000]
                collection.add(ids=[str(at + n) for n in range(len(some))], embeddings=some)
            taken = [seconds(partial(collection.query, one[None], n_results=50)) for one in questions]
            rows.append([f"Chroma, {len(held):,}", spread(taken), "", ""])
    return rows


def _langchain_store(vectors: Vectors, texts: Sequence[str] | None = None) -> Any:
    import faiss
    from langchain_community.docstore.in_memory import InMemoryDocstore
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document

    index = faiss.IndexFlatL2(DIMENSION)
    index.add(vectors)
    said = texts or [""] * len(vectors)
    documents = {str(at): Document(page_content=text) for at, text in enumerate(said)}
    return FAISS(langchain_embeddings(), index, InMemoryDocstore(documents), dict(enumerate(documents)))


# Asking


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
        held = base.number_of_claims()
        resident = _resident(base.folder)
        size = sum(file.stat().st_size for file in base.folder.iterdir()) / held
    rows = [["Counterpoint", spread(taken), f"{median(considered):.0f}", ""]]
    if beside:
        times = median(b / a for a, b in zip(taken, beside, strict=True))
        rows.append(["LangChain retriever, then the same judge in torch", spread(beside), "64", f"{times:.1f}"])
    notes = (
        f"{held:,} claims, {len(QUESTIONS)} questions, each asked once, in turn. A process of its own that opens "
        f"the base and asks five of them has {resident['VmRSS']:.0f} MB resident, {resident['RssAnon']:.0f} MB of them "
        f"its own, the rest pages of files. On disk: {size / 1000:.2f} KB a claim, with posts, words and judgements."
    )
    report("asking", "Asking", ["system", "p50 / p95", "claims judged, median", "times as long"], rows, notes)


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
    store = _langchain_store(np.concatenate([vectors for _, vectors in parts]), texts)
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


ASK = """
import json, sys
from pathlib import Path
from bot.chat import Bot
from indexer.knowledge import KnowledgeBase
from indexer.live_index import LiveIndex
with KnowledgeBase.open(Path(sys.argv[1])) as base:
    for question in sys.argv[2:]:
        Bot(base).ask(question)
    lines = [line.split() for line in open("/proc/self/status")]
    print(json.dumps({line[0][:-1]: int(line[1]) / 1024 for line in lines if line[0] in ("VmRSS:", "RssAnon:")}))
"""


def _resident(place: Path) -> dict[str, float]:
    """Megabytes that a process holds while it asks."""
    command = [sys.executable, "-c", ASK, str(place), *QUESTIONS[:5]]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- this program
    said: dict[str, float] = json.loads(done.stdout)
    return said


# Adding and growth


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


def adding(data: Path, number: int = MILLION, rounds: int = 5) -> None:
    """A thread of 50 posts added and found, against LangChain's load, add and save."""
    with copied(large_base(data, number)) as base:
        threads = [new_thread(at) for at in range(1, rounds + 1)]
        taken = [seconds(partial(_added, base, one)) for one in threads]
        held = base.number_of_claims()
        rows = [["Counterpoint: read to searchable, and found", spread(taken), ""]]
        if available("langchain_community"):
            vectors = np.concatenate([part for _, part in stored(base)])
            texts = [post.text for post in threads[0].posts]
            with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                _langchain_store(vectors).save_local(folder)
                del vectors
                beside = [seconds(partial(_added_by_langchain, folder, texts)) for _ in range(2)]
            rows.append(["LangChain FAISS: load, add, save", spread(beside), f"{median(beside) / median(taken):.0f}"])
    report("adding", "Adding", ["system", "p50 / p95", "times as long"], rows, f"{held:,} claims are there.")


def _added(base: KnowledgeBase, thread: Thread) -> None:
    base.add([thread])
    found = [hit.id for hit in base.near_threads(thread.title, 1)]
    assert [thread.id] == found, "what was added is not found"


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


def growth(data: Path, number: int = MILLION) -> None:
    """What grows how with the number of claims; with a plot."""
    measured: dict[str, list[float]] = {}
    sizes = [size for size in SIZES if size <= number]
    held = []
    for size in sizes:
        with copied(large_base(data, size)) as base:
            held.append(base.number_of_claims())
            vectors = base.encoder.encode(QUESTIONS)
            live = base._live_index()  # noqa: SLF001
            taken = {
                "search, ms": median(seconds(partial(live.near, one, 64)) for one in vectors) * 1e3,
                "question to answer, ms": median(seconds(partial(Bot(base).ask, one)) for one in QUESTIONS) * 1e3,
                "add a thread, ms": median(seconds(partial(_added, base, new_thread(at))) for at in range(1, 6)) * 1e3,
                "bytes on disk": float(sum(file.stat().st_size for file in base.folder.iterdir())),
            }
        for name, value in taken.items():
            measured.setdefault(name, []).append(value)
    grown = {
        name: float(np.polyfit(np.log(held), np.log(values), 1)[0]) if len(held) > 1 else float("nan")
        for name, values in measured.items()
    }
    rows = [[name, *(f"{value:,.1f}" for value in values), f"{grown[name]:.2f}"] for name, values in measured.items()]
    plotted = _plot(held, measured, grown)
    notes = f"The last column is b where the figure grows as n^b, fitted to all sizes. {plotted}"
    report("growth", "Growth", ["", *(f"{one:,} claims" for one in held), "exponent"], rows, notes)


def _plot(held: Sequence[int], measured: Mapping[str, Sequence[float]], grown: Mapping[str, float]) -> str:
    if not available("matplotlib"):
        return ""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for name, values in measured.items():
        axes.loglog(held, np.array(values) / values[0], marker="o", label=f"{name}: n^{grown[name]:.2f}")
    axes.loglog(held, np.array(held) / held[0], linestyle=":", color="grey", label="n")
    axes.set(xlabel="claims", ylabel=f"times that of {held[0]:,} claims")
    axes.legend()
    figure.savefig(Path(__file__).parent / "growth.svg", bbox_inches="tight", metadata={"Date": None})
    return "![growth](growth.svg)"


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


MEASUREMENTS: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (embed, retrieval, indexing, search, asking, adding, growth, start)
}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure one of them, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--claims", type=int, help=f"measure at that many claims, one of {SIZES}, in place of the most")
    arguments = parser.parse_args(argv)
    for name in MEASUREMENTS if arguments.what == "all" else [arguments.what]:
        sized = name in {"search", "asking", "adding", "growth"} and arguments.claims
        MEASUREMENTS[name](arguments.data, **({"number": arguments.claims} if sized else {}))


if __name__ == "__main__":
    main()
