"""Trains the encoder that groups claims into views: `python -m training.views --data ../shared/data`.

MiniLM learns from triples by contrast (InfoNCE; van den Oord et al. 2018): a claim should lie nearer to another way of
saying the same than to the hard negatives beside it, which are of the same topic and say something else or the
opposite, and to the claims of other topics in the batch. Training splits only. A run is resumable: start the same
command again after it was stopped, and it goes on from its last checkpoint with the same triples.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch
from transformers import AutoModel

from indexer.network import Row
from indexer.shipped_encoder import VIEWS
from training import data as sets
from training.data import Perspective
from training.stance import MINILM, base_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TOKENS = 64
"""Room for a claim: claims are shorter, and a long one says its point first."""
VERSION = "views-2"
SEED = 20
THREADS = 2
BATCH = 32
STEPS = 900
"""About two passes over the triples."""
RATE, WARM_UP = 3e-5, 0.1
"""The learning rate at its height, and the share of the steps until then; it falls to nothing at the last step."""
SCALE = 20.0
"""What cosines are multiplied with before the softmax, as sentence-transformers does."""
CHECKPOINT_STEPS = 100
INFERENCES = 4000
"""Triples of inference pairs in one pass: they teach what contradicts, in sentences unlike those of forums."""
CONTRASTS = 4
"""How often a pass shows what was written for the project: claims in the words of forums, with opposites."""

Split = Literal["train", "dev"]

HELD_TOPICS = re.compile(r"(?i)uniform|affirmative action|austerity|capital punishment|death penalty|executi")
"""The topics of ArgKP's development split: what the other sets say on them is not trained on."""


# Sets -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class KeyPoints:
    """The key points and arguments of one topic and stance of ArgKP, and the labels of pairs (argument id, key id)."""

    topic: str
    stance: str
    key_points: Mapping[str, str]
    arguments: Mapping[str, str]
    labels: Mapping[tuple[str, str], int]


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def key_points(data: Path, split: Split) -> list[KeyPoints]:
    """Return ArgKP 2021 (Bar-Haim et al. 2020; Friedman et al. 2021) of `split`, by topic and stance."""
    folder = data / "views/argkp2021"
    labels = {(r["arg_id"], r["key_point_id"]): int(r["label"]) for r in _rows(folder / f"labels_{split}.csv")}
    points: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    arguments: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in _rows(folder / f"key_points_{split}.csv"):
        points[row["topic"], row["stance"]][row["key_point_id"]] = row["key_point"]
    for row in _rows(folder / f"arguments_{split}.csv"):
        arguments[row["topic"], row["stance"]][row["arg_id"]] = row["argument"]
    return [KeyPoints(*key, points[key], said, labels) for key, said in arguments.items()]


def perspectives(data: Path, split: Split) -> list[Perspective]:
    """Return the perspectives of Perspectrum's `split`, each text of a cluster once."""
    return list(dict.fromkeys(sets.perspectives(data, split)))


@dataclass(frozen=True, slots=True)
class AspectPair:
    """Two sentences on a topic of UKP's aspect corpus (Reimers et al. 2019); `label` is NS, DTORCD, SS or HS."""

    topic: str
    one: str
    other: str
    label: str

    @property
    def similar(self) -> bool:
        """Whether they share an aspect, as the corpus's authors count it: some or high similarity."""
        return self.label in ("SS", "HS")


def aspect_pairs(data: Path, split: Split) -> list[AspectPair]:
    """Return the pairs of the topics of `split`: one topic in four, by a hash of its name, is "dev"."""
    return [
        AspectPair(row["topic"], row["sentence_1"], row["sentence_2"], row["label"])
        for row in _rows(data / "views/ukp_aspect/UKP_ASPECT.tsv", "\t")
        if (int(hashlib.sha256(row["topic"].encode()).hexdigest(), 16) % 4 == 0) is (split == "dev")
    ]


# Triples ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Triple:
    """A claim, another way of saying the same, and what says something else or the opposite on the same topic."""

    topic: str
    anchor: str
    positive: str
    negatives: tuple[str, ...] = field(default=())


def _one_of(texts: Sequence[str], rng: random.Random) -> list[str]:
    return [rng.choice(texts)] if texts else []


def key_point_triples(sides: Sequence[KeyPoints], rng: random.Random) -> list[Triple]:
    """Return each argument with each key point it matches; negatives: one it does not, and one of the other side."""
    against: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for side in sides:
        against[side.topic][side.stance] = list(side.key_points.values())
    found = []
    for side in sides:
        opposite = [text for stance, texts in against[side.topic].items() if stance != side.stance for text in texts]
        for argument, text in side.arguments.items():
            other = [said for key, said in side.key_points.items() if side.labels.get((argument, key)) == 0]
            for key, said in side.key_points.items():
                if side.labels.get((argument, key)) == 1:
                    negatives = (*_one_of(other, rng), *_one_of(opposite, rng))
                    found.append(Triple(side.topic, text, said, negatives))
    return found


def perspective_triples(said: Sequence[Perspective], rng: random.Random) -> list[Triple]:
    """Return each perspective with a paraphrase; negatives: one of another cluster, and one of the other side."""
    by_topic: dict[str, list[Perspective]] = defaultdict(list)
    for one in said:
        by_topic[one.topic].append(one)
    found = []
    for topic, everyone in by_topic.items():
        for one in everyone:
            same = [p.text for p in everyone if p.cluster == one.cluster and p.text != one.text]
            other = [p.text for p in everyone if p.cluster != one.cluster and p.stance == one.stance]
            opposite = [p.text for p in everyone if p.stance != one.stance]
            if same:
                negatives = (*_one_of(other, rng), *_one_of(opposite, rng))
                found.append(Triple(topic, one.text, rng.choice(same), negatives))
    return found


def aspect_triples(pairs: Sequence[AspectPair], rng: random.Random) -> list[Triple]:
    """Return the highly similar pairs; negatives: up to two sentences without similarity to the first."""
    apart: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.label == "NS":
            apart[pair.topic, pair.one].append(pair.other)
            apart[pair.topic, pair.other].append(pair.one)
    found = []
    for pair in pairs:
        if pair.label == "HS":
            others = apart[pair.topic, pair.one]
            negatives = tuple(rng.sample(others, min(2, len(others))))
            found.append(Triple(pair.topic, pair.one, pair.other, negatives))
    return found


def inference_triples(examples: Sequence[sets.Example], rng: random.Random) -> list[Triple]:
    """Return premises with what follows from them and what contradicts them (Gao et al. 2021)."""
    hypotheses: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        hypotheses[example.claim][example.source].append(example.question)
    return [
        Triple(premise, premise, rng.choice(told["nli-entailment"]), (rng.choice(told["nli-contradiction"]),))
        for premise, told in hypotheses.items()
        if "nli-entailment" in told and "nli-contradiction" in told
    ]


def contrast_triples(rows: Sequence[sets.Contrast], rng: random.Random) -> list[Triple]:
    """Return each claim, and each other way to put it, with one that says the same; negatives: opposite and other."""
    found = []
    for row in rows:
        same = [row.claim, *row.same]
        for text in same:
            positive = rng.choice([other for other in same if other != text])
            negatives = (*_one_of(row.opposite, rng), *_one_of(row.other, rng))
            found.append(Triple(row.claim, text, positive, negatives))
    return found


class Material:
    """The training sets; each is read once."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @cached_property
    def _sets(self) -> tuple[list[KeyPoints], list[Perspective], list[AspectPair], list[sets.Example]]:
        said = [one for one in perspectives(self.data, "train") if not HELD_TOPICS.search(one.topic)]
        pairs = aspect_pairs(self.data, "train")
        return key_points(self.data, "train"), said, pairs, sets.inferences(self.data)

    @cached_property
    def _contrasts(self) -> list[sets.Contrast]:
        return sets.contrast_rows("train")

    def epoch(self, rng: random.Random) -> list[Triple]:
        """Return the triples of one pass, in random order; which paraphrase and which negatives they hold varies."""
        sides, said, pairs, inferences = self._sets
        inferred = inference_triples(inferences, rng)
        found = [
            *key_point_triples(sides, rng),
            *perspective_triples(said, rng),
            *aspect_triples(pairs, rng),
            *rng.sample(inferred, min(INFERENCES, len(inferred))),
            *(triple for _ in range(CONTRASTS) for triple in contrast_triples(self._contrasts, rng)),
        ]
        rng.shuffle(found)
        return found


# Training ---------------------------------------------------------------------------------------------------------
def contrast(vectors: torch.Tensor, batch: Sequence[Triple]) -> torch.Tensor:
    """Return the loss of a batch whose vectors are the anchors, then the positives, then the negatives in order.

    Each anchor picks its positive among its own negatives and the candidates of other topics: what others say on its
    own topic may well be the same, and counts neither way.
    """
    owners = [*range(len(batch)), *(at for at, triple in enumerate(batch) for _ in triple.negatives)]
    topics = [triple.topic for triple in batch]
    allowed = [[owner == at or topics[owner] != topics[at] for owner in owners] for at in range(len(batch))]
    scores = SCALE * vectors[: len(batch)] @ vectors[len(batch) :].T
    scores = scores.masked_fill(~torch.tensor(allowed), -torch.inf)
    return torch.nn.functional.cross_entropy(scores, torch.arange(len(batch)))


def learning_rate(step: int, steps: int) -> float:
    """Return the rate of `step`: a straight line up over the warm-up, then one down to nothing."""
    share = (step + 1) / steps
    return RATE * min(share / WARM_UP, (1 - step / steps) / (1 - WARM_UP), 1.0)


class Run:
    """A training run in a folder: model, optimiser and how many steps are done; saved and read back together."""

    def __init__(self, folder: Path, base: Path, batch: int = BATCH) -> None:
        from sentence_transformers import SentenceTransformer

        torch.manual_seed(SEED)
        self.folder, self.batch, self.done = folder, batch, 0
        self.model: SentenceTransformer = SentenceTransformer(str(base), device="cpu")
        self.model.max_seq_length = TOKENS
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=RATE, weight_decay=0.01)
        if self.path.exists():
            state: dict[str, Any] = torch.load(self.path, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.done = state["done"]
            torch.set_rng_state(state["random"])

    @property
    def path(self) -> Path:
        """Where the checkpoint lies."""
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Write the checkpoint; a run killed meanwhile keeps the one before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "done": self.done,
            "random": torch.get_rng_state(),
        }
        torch.save(state, self.path.with_suffix(".new"))
        self.path.with_suffix(".new").replace(self.path)

    def train(self, material: Material, steps: int, until: int | None = None) -> None:
        """Train up to `steps`, or stop at `until` as if interrupted there; the checkpoint is written at the end too."""
        self.model.train()
        began, first = time.monotonic(), self.done
        for step, batch in enumerate(_batches(material, self.batch)):
            if step >= (until or steps):
                break
            if step < self.done:
                continue
            loss = self._step(batch, learning_rate(step, steps))
            self.done = step + 1
            if self.done % 10 == 0:
                pace = (self.done - first) / (time.monotonic() - began)
                print(f"step {self.done} of {steps} loss {loss:.3f} {pace:.2f} steps/s", flush=True)
            if self.done % CHECKPOINT_STEPS == 0:
                self.save()
        self.save()

    def _step(self, batch: Sequence[Triple], rate: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        texts = [t.anchor for t in batch] + [t.positive for t in batch] + [n for t in batch for n in t.negatives]
        with torch.autocast("cpu", torch.bfloat16):
            vectors = self.model(self.model.preprocess(texts))["sentence_embedding"]
        loss = contrast(vectors.float(), batch)
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it without types
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss.detach())


def _batches(material: Material, size: int) -> Iterator[list[Triple]]:
    """Yield batches for ever, the same ones in every run."""
    epoch = 0
    while True:
        triples = material.epoch(random.Random(SEED * 1000 + epoch))
        yield from (triples[at : at + size] for at in range(0, len(triples), size))
        epoch += 1


def export(folder: Path, texts: Iterable[str], out: Path) -> None:
    """Write the encoder that sentence-transformers saved in `folder` as the files that ship, into `out`.

    Ranges are those of `texts`.
    """
    from training.export import write_configuration, write_folder

    body = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager").eval()
    write_folder(body, as_rows(texts, TOKENS), out, output="vectors")
    write_configuration(out, VERSION, {"dimension": body.config.hidden_size, "tokens": TOKENS})


def as_rows(texts: Iterable[str], tokens: int) -> list[Row]:
    """Return what an encoder reads of distinct texts: token ids and type ids, at most `tokens` of them."""
    tokenizer = MINILM.tokenizer()
    tokenizer.enable_truncation(tokens)
    return [(one.ids, one.type_ids) for one in tokenizer.encode_batch(sorted(set(texts)))]


def main(argv: Sequence[str] | None = None) -> None:
    """Train; write the encoder beside its checkpoints for sentence-transformers, and into --out as it ships."""
    parser = argparse.ArgumentParser(prog="python -m training.views", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, default=VIEWS, help="where the exported encoder goes")
    parser.add_argument("--runs", type=Path, default=Path("training/runs/views"), help="where checkpoints go")
    parser.add_argument("--base", type=Path, default=None, help="the encoder to start from (default: MiniLM)")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--threads", type=int, default=THREADS)
    arguments = parser.parse_args(argv)
    torch.set_num_threads(arguments.threads)
    run = Run(arguments.runs, arguments.base or base_folder(), arguments.batch)
    material = Material(arguments.data)
    run.train(material, arguments.steps)
    trained = arguments.runs / "encoder"
    run.model.max_seq_length = 256
    run.model.save(str(trained), create_model_card=False)
    export(trained, (t.anchor for t in material.epoch(random.Random(SEED))), arguments.out)


if __name__ == "__main__":
    main()
