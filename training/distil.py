"""What the teacher says of many pairs, for the judge that ships to learn from: `python -m training.distil --data DATA`.

Pairs are random forms of the labelled examples, and claims of forum threads that nobody labelled, their questions
asked as they stand or negated. Each is scored once and appended to a table below `training/runs`, which holds forum
text and so never ships. A run is resumable: what the table holds already is not scored again.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from indexer.judge import Pair
from training import data as sets
from training import forum
from training.data import TABLE, Example, forum_threads
from training.labelling import claims_of, posts
from training.stance import SEED, Base, Material, pairs_of
from training.teacher import mpnet, trained

UNLABELLED = "unlabelled"
BATCH = 32
CHUNK = 40
"""Batches that are scored and written together."""
NEGATED = 0.35
"""How often a question is asked the other way round."""
READ_CLAIMS = (8_000, 12_000)
"""Claims of forum threads without labels, in the first draw and in the second."""
DEBATE = {"ibm": 7000, "perspectrum": 3000, "vast": 4500}
"""What the second draw holds of the debate sets beside what a pass of training does: small encoders need more of it."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """A trained cross-encoder, as a function of examples."""

    base: Base
    model: nn.Module
    tokenizer: Tokenizer
    precision: torch.dtype = torch.bfloat16

    @classmethod
    def open(cls, base: Base, weights: Path, precision: torch.dtype = torch.bfloat16) -> Scorer:
        """Return the scorer of the weights of a stage, or of a checkpoint."""
        return cls(base, base.load(weights), base.tokenizer(), precision)

    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return float32 logits, shape (len(pairs), 4)."""
        rows = self.base.encoded(self.tokenizer, pairs)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at][0]))
        found = torch.zeros(len(rows), 4)
        with torch.inference_mode(), self.base.autocast(self.precision):
            for start in range(0, len(order), BATCH):
                part = order[start : start + BATCH]
                found[part] = self.model(**self.base.collate([rows[at] for at in part])).float()
        return found


def unlabelled(data: Path, rng: random.Random, count: int) -> list[Example]:
    """Return `count` claims of training threads toward their threads' questions; their target says nothing."""
    found = []
    for thread in forum_threads(data):
        question = forum.thread_question(thread.title, thread.text)
        if question and thread.split == "train":
            found += [
                Example(question, claim.text, (0.25,) * 4, UNLABELLED, thread.id, claim.context)
                for post, parent in islice(posts(thread), 6)
                for claim in claims_of(post, parent, question)[:3]
            ]
    return rng.sample(found, min(count, len(found)))


def forms(data: Path) -> list[Example]:
    """Return the pairs to score, the same in every run."""
    rng = random.Random(SEED)
    material = Material(data)
    found = []
    for draw, claims in enumerate(READ_CLAIMS):
        drawn = material.mixed(rng) + unlabelled(data, rng, claims)
        if draw:
            drawn += [
                example for name, count in DEBATE.items() for example in rng.sample(getattr(material, name), count)
            ]
        taken = [sets.sampled(example, rng, NEGATED) for example in drawn]
        rng.shuffle(taken)
        found += taken
    return found


def _row(example: Example, said: list[float]) -> str:
    row = {"question": example.question, "claim": example.claim, "context": example.context}
    label = None if example.source == UNLABELLED else example.target
    weight = round(example.weight, 3)
    return json.dumps(row | {"label": label, "source": example.source, "weight": weight, "said": said})


def score(scorer: Scorer, examples: list[Example], table: Path) -> None:
    """Append what `scorer` says of `examples` to `table`, but for as many of the first as stand there."""
    table.parent.mkdir(parents=True, exist_ok=True)
    done = len(table.read_text("utf-8").splitlines()) if table.exists() else 0
    began = time.monotonic()
    for start in range(done, len(examples), BATCH * CHUNK):
        chunk = examples[start : start + BATCH * CHUNK]
        said = torch.softmax(scorer.logits(pairs_of(chunk)), -1).tolist()
        with table.open("a", encoding="utf-8") as out:
            out.writelines(f"{_row(e, [round(p, 4) for p in s])}\n" for e, s in zip(chunk, said, strict=True))
        pace = (start + len(chunk) - done) / (time.monotonic() - began)
        print(f"{start + len(chunk)} of {len(examples)}, {pace:.0f} pairs/s", flush=True)


def main() -> None:
    """Score the pairs."""
    parser = argparse.ArgumentParser(prog="python -m training.distil", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--runs", type=Path, default=TABLE.parent, help="the run of training.teacher")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    scorer = Scorer.open(mpnet(arguments.runs), trained(arguments.runs))
    score(scorer, forms(arguments.data), arguments.runs / TABLE.name)


if __name__ == "__main__":
    main()
