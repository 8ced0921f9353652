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
from benchmarks.scale import measuring, retrieval
from benchmarks.scale.__main__ import MEASUREMENTS
from corpus.samples import sample_threads
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


@pytest.mark.parametrize("what", ["embed", "search", "asking", "adding", "growth", "indexing", "start"])
def test_a_measurement_writes_its_section(what: str, tmp_path: Path) -> None:
    """With its command, the machine and a table."""
    small_enough = {"embed": {"number": 40, "rounds": 1}, "start": {"rounds": 1}, "indexing": {"rounds": 1}}
    small_enough |= {"search": {"asked": 5}, "adding": {"rounds": 1}, "growth": {"number": 10}}
    MEASUREMENTS[what](tmp_path, **small_enough.get(what, {}))
    said = section({"embed": "Embedding", "start": "Start"}.get(what, what.capitalize()))
    assert f"`python -m benchmarks.scale {what} --data ../shared/data`" in said
    assert "cores" in said
    assert said.count("\n|") >= 3


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
