"""Every measurement of speed and size runs, on a base of the samples, and writes its section."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks import results
from benchmarks.scale import measuring, retrieval, systems, ten
from benchmarks.scale.__main__ import MEASUREMENTS
from corpus.samples import sample_threads
from indexer.claim_store import ClaimStore, from_blobs
from indexer.embeddings import Vectors
from indexer.knowledge import KnowledgeBase


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("small") / "base"
    with KnowledgeBase.open(place) as base:
        base.add(sample_threads())
    return place


@pytest.fixture(autouse=True)
def _small_and_alone(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small base in place of the large ones, no peers, and a file of its own for the results."""
    put: dict[str, object] = {
        "large_base": lambda _data, _number: small,
        "available": lambda *names: "onnx" in names and find_spec("onnx") is not None,
        "FOLDER": tmp_path,
        "SIZES": (10, 20),
        "QUESTIONS": measuring.QUESTIONS[:2],
        "threads_of": lambda _data: iter(sample_threads()),
        "write_section": lambda title, body: results.write_section(title, body, results.RESULTS),
    }
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    parts = [module for name, module in sys.modules.items() if name.startswith("benchmarks.scale.")]
    for module, name in product(parts, put):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, put[name])


def section(title: str) -> str:
    _, _, said = results.RESULTS.read_text("utf-8").partition(f"## {title}\n")
    return said.partition("\n## ")[0]


@pytest.mark.parametrize(
    "what", ["embed", "codes", "search", "peers", "asking", "adding", "growth", "ten", "indexing", "start"]
)
def test_a_measurement_writes_its_section(what: str, tmp_path: Path) -> None:
    """With its command, the machine and a table."""
    small_enough = {"embed": {"number": 40, "rounds": 1}, "start": {"rounds": 1}, "indexing": {"rounds": 1}}
    small_enough |= {"search": {"asked": 5}, "adding": {"rounds": 1}, "growth": {"number": 10}}
    small_enough |= {"peers": {"asked": 5}, "ten": {"number": 30_000, "asked": 5}}
    MEASUREMENTS[what](tmp_path, **small_enough.get(what, {}))
    said = section({"embed": "Embedding", "ten": "Ten million"}.get(what, what.capitalize()))
    assert f"`python -m benchmarks.scale {what} --data ../shared/data`" in said
    assert "cores" in said
    assert said.count("\n|") >= 3


@pytest.mark.parametrize("name", systems.SYSTEMS.keys() - {systems.OURS_UNREAD, systems.LISTS})
def test_a_system_finds_every_claim_by_its_own_vector(name: str, small: Path, tmp_path: Path) -> None:
    """With its text: what it was built of is what it was given, in a process of its own."""
    system = systems.SYSTEMS[name]
    if not all(map(find_spec, system.packages)):
        pytest.skip("comes with the extra `peers`")
    keys, texts, vectors = next(systems.claims_of(small))
    np.save(tmp_path / "questions.npy", vectors)
    if system.build is not None:
        systems.built(name, small, tmp_path / "built")
        assert (tmp_path / "built.json").exists()
    with systems.Asked(name, tmp_path / "built" if system.build else small, tmp_path / "questions.npy") as process:
        found = [process.ask(at)[1] for at in range(0, len(keys), 10)]
        own, whole = process.megabytes()
    assert 0 < own < whole
    assert list(zip(keys, texts, strict=True))[::10] == [hits[0] for hits in found]


def test_a_process_that_ends_is_said(tmp_path: Path) -> None:
    """Not waited for."""
    with pytest.raises(RuntimeError, match="ended with 1"):
        systems.Asked(systems.OURS, tmp_path, tmp_path / "absent.npy")


def some_vectors(count: int) -> Vectors:
    drawn = np.random.default_rng(3).standard_normal((count, 384)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_synthetic_vectors_of_one_are_as_near_as_paraphrases() -> None:
    """In the mean of two hundred; those of different ones are not; keys ascend."""
    ((keys, rows),) = ten.synthetic(some_vectors(200), 400)
    made = from_blobs([row.tobytes() for row in rows], 384)
    assert ten.PARAPHRASE == pytest.approx((made[:200] * made[200:]).sum(axis=1).mean(), abs=0.01)
    assert 0 == pytest.approx(
        (made[:200] * made[201:].take(range(200), axis=0, mode="wrap")).sum(axis=1).mean(), abs=0.02
    )
    assert (np.diff(keys) > 0).all()


def test_synthetic_vectors_go_on_where_they_were_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part by part, what is made later is what would have been made at once."""
    monkeypatch.setattr(ten, "PART", 10)
    whole, rest = list(ten.synthetic(some_vectors(7), 35)), list(ten.synthetic(some_vectors(7), 35, 20))
    assert 4 == len(whole)
    for (keys, rows), (later_keys, later_rows) in zip(whole[2:], rest, strict=True):
        assert np.array_equal(keys, later_keys)
        assert np.array_equal(rows, later_rows)


def test_the_nearest_are_found_part_by_part() -> None:
    """As they are among all at once."""
    vectors = some_vectors(90)
    parts = [(np.arange(at, at + 30), vectors[at : at + 30]) for at in range(0, 90, 30)]
    true = -np.sort(-(vectors[:4] @ vectors.T), axis=1)[:, :40]
    assert np.allclose(true, measuring.best_similarities(parts, vectors[:4], 40))


def test_recall_counts_what_is_as_near(small: Path) -> None:
    """1 for the nearest, less where one of them is exchanged for one that is far, and nothing counts twice."""
    keys, _, vectors = next(systems.claims_of(small))
    order = np.argsort(-(vectors @ vectors[0]))
    near = [keys[at] for at in order[:10]]
    with KnowledgeBase.open(small) as base:
        store, best = ClaimStore(base.store), measuring.best_similarities(measuring.stored(base), vectors[:1], 10)
        assert 1.0 == measuring.recall(store, vectors[:1], [near], best)
        assert 0.9 == pytest.approx(measuring.recall(store, vectors[:1], [[*near[:9], keys[order[-1]]]], best))
        assert 0.9 == pytest.approx(measuring.recall(store, vectors[:1], [[*near[:9], near[0]]], best))


def test_retrieval_is_scored(tmp_path: Path) -> None:
    """Of a collection whose answers say nearly what was asked, everything relevant is found."""
    for name in ("nfcorpus", "arguana"):
        folder = tmp_path / "retrieval" / name
        (folder / "qrels").mkdir(parents=True)
        said = {
            "d1": "Lifting weights prevents injuries in runners.",
            "d2": "Bread dough proofs overnight in the fridge.",
        }
        lines = [json.dumps({"_id": one, "title": "", "text": text}) for one, text in said.items()]
        (folder / "corpus.jsonl").write_text("\n".join(lines), "utf-8")
        (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "do weights prevent injury?"}), "utf-8")
        (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td1\t2\n", "utf-8")
    retrieval.retrieval(tmp_path)
    assert "1.0000 / 1.0000 (+0.0000)" in section("Retrieval quality kept")


def test_gains_are_discounted_by_their_place() -> None:
    """The best order scores 1; the only relevant one in second place scores 1 / log2(3)."""
    assert 1.0 == pytest.approx(retrieval._ndcg(["a", "b"], {"a": 2, "b": 1}))
    assert 1 / np.log2(3) == pytest.approx(retrieval._ndcg(["x", "a"], {"a": 1}))


def test_ratios_are_of_rounds() -> None:
    """The median of what each round says, not the ratio of medians."""
    assert 2.0 == measuring.ratio({"peer": [2.0, 8.0, 9.0], "ours": [1.0, 4.0, 1.0]}, "peer", "ours")
