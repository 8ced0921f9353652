"""The training of the encoder of views: what its triples hold, its loss, and a few steps on tiny data."""

from __future__ import annotations

import csv
import json
import math
import random
from pathlib import Path

import pytest
import torch

from indexer.embeddings import SentenceTransformerEncoder
from indexer.shipped_encoder import ShippedEncoder
from training import data as sets
from training import views
from training.data import Contrast, Example, Perspective
from training.stance import base_folder
from training.views import AspectPair, KeyPoints, Material, Run, Triple

RNG = random.Random(1)


def write_csv(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter=delimiter).writerows(rows)


def written(data: Path) -> Path:
    """Write a data folder with two or three rows of each set; what is of a "dev" split says so."""
    for split in ("train", "dev"):
        folder = data / "views/argkp2021"
        points = [["k1", f"it saves money {split}", "T", "1"], ["k2", "it saves time", "T", "1"]]
        write_csv(folder / f"key_points_{split}.csv", [["key_point_id", "key_point", "topic", "stance"], *points])
        said = [["a1", f"my bills fell {split}", "T", "1"]]
        write_csv(folder / f"arguments_{split}.csv", [["arg_id", "argument", "topic", "stance"], *said])
        labels = [["a1", "k1", "1"], ["a1", "k2", "0"]]
        write_csv(folder / f"labels_{split}.csv", [["arg_id", "key_point_id", "label"], *labels])
    folder = data / "stance/perspectrum"
    folder.mkdir(parents=True)
    texts = [
        "bikes are quick",
        "a bike is fast",
        "bikes dev",
        "a bike dev",
        "bikes rust",
        "uniforms held",
        "a uniform held",
    ]
    (folder / "perspectives.json").write_text(
        json.dumps([{"pId": at, "text": t} for at, t in enumerate(texts)]), "utf-8"
    )
    claims = [("Ride", [[0, 1]], [[4]]), ("Rode", [[2, 3]], []), ("Uniforms should go", [[5, 6]], [])]
    rows = [
        {
            "cId": at,
            "text": text,
            "perspectives": [
                *({"pids": pids, "stance_label_3": "SUPPORT"} for pids in pro),
                *({"pids": pids, "stance_label_3": "UNDERMINE"} for pids in con),
            ],
        }
        for at, (text, pro, con) in enumerate(claims)
    ]
    (folder / "claims.json").write_text(json.dumps(rows), "utf-8")
    (folder / "split.json").write_text(json.dumps({"0": "train", "1": "dev", "2": "train"}), "utf-8")
    sentences = [
        [topic, f"one {topic}", f"other {topic}", "HS"] for topic in ("Drones", "Fracking", "Gmo", "Recycling")
    ]
    heading = ["topic", "sentence_1", "sentence_2", "label"]
    write_csv(data / "views/ukp_aspect/UKP_ASPECT.tsv", [heading, *sentences], "\t")
    inferred = [["a man runs", "a man moves", "entailment"], ["a man runs", "a man sleeps", "contradiction"]]
    for name in ("mnli/dev.csv", "snli/dev.csv", "joci/train.csv"):
        write_csv(data / "nli" / name, [["premise", "hypothesis", "label"], *inferred])
    return data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return written(tmp_path / "data")


# Triples
def test_a_key_point_stands_against_one_not_matched_and_one_of_the_other_side() -> None:
    """The argument's own match is the positive; an undecided key point is neither."""
    pro = KeyPoints(
        "T", "1", {"k": "saves", "l": "lasts", "u": "unclear"}, {"a": "cheap"}, {("a", "k"): 1, ("a", "l"): 0}
    )
    con = KeyPoints("T", "-1", {"m": "breaks"}, {}, {})
    assert [Triple("T", "cheap", "saves", ("lasts", "breaks"))] == views.key_point_triples([pro, con], RNG)


def test_a_perspective_stands_against_another_cluster_and_the_other_side() -> None:
    """Paraphrases of its own cluster are never negatives, and a lone perspective teaches nothing."""
    rows = [("T", "pro", "1", "a"), ("T", "pro", "1", "b"), ("T", "pro", "2", "c"), ("T", "con", "3", "d")]
    found = views.perspective_triples([Perspective(*row) for row in rows], RNG)
    assert [Triple("T", "a", "b", ("c", "d")), Triple("T", "b", "a", ("c", "d"))] == found


def test_an_aspect_pair_is_highly_similar() -> None:
    """Some similarity is too little for one view, none is a negative."""
    pairs = [AspectPair("T", "a", "b", "HS"), AspectPair("T", "a", "c", "SS"), AspectPair("T", "d", "a", "NS")]
    assert [Triple("T", "a", "b", ("d",))] == views.aspect_triples(pairs, RNG)


def test_a_contradiction_is_the_negative_of_an_inference() -> None:
    """A premise without one teaches nothing."""
    target = (1.0, 0.0, 0.0, 0.0)
    rows = [
        ("moves", "runs", "nli-entailment"),
        ("sleeps", "runs", "nli-contradiction"),
        ("eats", "dines", "nli-entailment"),
    ]
    examples = [Example(asked, premise, target, source, premise) for asked, premise, source in rows]
    assert [Triple("runs", "runs", "moves", ("sleeps",))] == views.inference_triples(examples, RNG)


def test_a_written_contrast_teaches_what_says_the_same_and_what_does_not() -> None:
    """Each way to put a claim has another one beside it, and an opposite and another claim to be told from."""
    rows = [Contrast("it helps", ("it works", "it does good"), ("it fails",), ("it is blue",))]
    found = views.contrast_triples(rows, RNG)
    assert ["it helps", "it works", "it does good"] == [triple.anchor for triple in found]
    assert {("it fails", "it is blue")} == {triple.negatives for triple in found}
    assert all(triple.positive != triple.anchor for triple in found)


def test_development_splits_and_their_topics_are_not_trained_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what is of a "dev" split nor what other sets say on the topics of ArgKP's."""
    asked = []
    monkeypatch.setattr(sets, "contrast_rows", lambda split: asked.append(split) or [])
    found = {text for t in Material(data).epoch(RNG) for text in (t.anchor, t.positive, *t.negatives)}
    assert "my bills fell train" in found
    assert not [text for text in found if "dev" in text or "held" in text]
    assert ["train"] == asked


def test_a_topic_of_aspects_is_in_one_split(data: Path) -> None:
    """The splits share no topic and leave none out."""
    train, dev = ({pair.topic for pair in views.aspect_pairs(data, split)} for split in ("train", "dev"))
    assert {"Drones", "Fracking", "Gmo", "Recycling"} == train ^ dev


# Loss and rate
def test_the_loss_is_that_of_picking_the_positive() -> None:
    """With the positive at cosine 1 and the negative at 0 it is log(1 + e^-20), and log 2 where both are the same."""
    batch = [Triple("T", "a", "b", ("c",))]
    told = views.contrast(torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), batch)
    same = views.contrast(torch.ones(3, 2), batch)
    assert pytest.approx(math.log1p(math.exp(-20)), abs=1e-6) == float(told)
    assert pytest.approx(math.log(2)) == float(same)


@pytest.mark.parametrize(("other", "expected"), [("T", 0.0), ("U", math.log(2))])
def test_what_others_say_on_the_same_topic_counts_neither_way(other: str, expected: float) -> None:
    """Only the positive of another topic is a candidate to tell from one's own."""
    batch = [Triple("T", "a", "b"), Triple(other, "c", "d")]
    assert pytest.approx(expected) == float(views.contrast(torch.ones(4, 2), batch))


def test_the_rate_rises_and_falls() -> None:
    """It is highest at the end of the warm-up and near nothing at the last step."""
    rates = [views.learning_rate(step, 100) for step in range(100)]
    assert 9 <= rates.index(max(rates)) <= 10
    assert rates[-1] < views.RATE / 50


# The run
def test_the_command_writes_an_encoder_that_the_program_opens(data: Path, tmp_path: Path) -> None:
    """Two steps leave unit vectors that are no longer those of the encoder it began with, the same in both forms."""
    pytest.importorskip("onnx", reason="onnx comes with the extra `train`")
    out = tmp_path / "out"
    places = ["--data", str(data), "--out", str(out), "--runs", str(tmp_path / "runs")]
    views.main([*places, "--steps", "2", "--batch", "3", "--threads", "1"])
    (trained,) = SentenceTransformerEncoder.open(str(tmp_path / "runs" / "encoder")).encode(["my bills fell"])
    (shipped,) = ShippedEncoder(out, threads=1).encode(["my bills fell"])
    (before,) = SentenceTransformerEncoder.open().encode(["my bills fell"])
    assert pytest.approx(1.0, abs=1e-5) == float(trained @ trained)
    assert 0.5 < float(trained @ before) < 0.99999
    assert float(trained @ shipped) > 0.99


def test_a_resumed_run_ends_where_an_unbroken_one_does(data: Path, tmp_path: Path) -> None:
    """Stopped after one of two steps and started again, it learns the same weights."""
    material = Material(data)
    whole = Run(tmp_path / "whole", base_folder(), batch=2)
    whole.train(material, 2)
    Run(tmp_path / "broken", base_folder(), batch=2).train(material, 2, until=1)
    resumed = Run(tmp_path / "broken", base_folder(), batch=2)
    assert 1 == resumed.done
    resumed.train(material, 2)
    expected = whole.model.state_dict()
    assert all(torch.allclose(expected[name], value, atol=1e-6) for name, value in resumed.model.state_dict().items())
