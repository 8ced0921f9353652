# ruff: noqa: PLR2004 -- the first two columns are pro and con
"""How often the judge is right: `python -m benchmarks.quality --data ../shared/data` prints one table and keeps it.

Everything is measured on splits that nothing was trained, chosen or calibrated on: Perspectrum dev, IBM 30k dev topics,
and forum threads held out for reporting. Intervals are 95%, from 1,000 bootstrap draws of whole topics or threads.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import table, write_section
from indexer.judge import CrossEncoderJudge, Judgement, Pair
from training import data as sets
from training.data import Example, flip
from training.export import judged_set
from training.questions import negations, topic_questions

DRAWS = 1000
CONFIDENT = 0.7
"""A judgement at or above this counts as confident, for the flips of negated questions."""
PER_SET = 1500
"""At most so many pairs of a debate set, so that the whole table takes minutes on two cores."""
BINS = 10

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    measure: str
    judge: str
    stage1: str
    baseline: str


def interval(measure: Callable[[NDArray[np.int64]], float], groups: Sequence[str]) -> str:
    """Return "value [low, high]" of `measure` over positions, drawing whole groups with replacement."""
    members: dict[str, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    parts = [np.array(part) for part in members.values()]
    rng = np.random.default_rng(0)
    draws = [measure(np.concatenate([parts[i] for i in rng.integers(0, len(parts), len(parts))])) for _ in range(DRAWS)]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return f"{measure(np.arange(len(groups))):.3f} [{low:.3f}, {high:.3f}]"


def accuracy(guess: NDArray[np.int64], gold: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], float]:
    """Return the share of right guesses over given positions."""
    return lambda at: float((guess[at] == gold[at]).mean())


def balanced(guess: NDArray[np.int64], gold: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], float]:
    """Return the mean over gold classes of the share of right guesses, over given positions."""
    return lambda at: float(np.mean([(guess[at][gold[at] == c] == c).mean() for c in np.unique(gold[at])]))


def calibration_error(scores: Scores, gold: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], float]:
    """Return the expected calibration error in ten bins of equal width (Guo et al. 2017)."""
    confidence, right = scores.max(1), scores.argmax(1) == gold
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)

    def measure(at: NDArray[np.int64]) -> float:
        total = 0.0
        for b in range(BINS):
            chosen = at[bins[at] == b]
            if len(chosen):
                total += len(chosen) / len(at) * abs(float(right[chosen].mean() - confidence[chosen].mean()))
        return total

    return measure


def pairs_of(examples: Sequence[Example]) -> list[Pair]:
    """Return what a judge reads of `examples`."""
    return [Pair(e.question, e.claim, e.context) for e in examples]


def scores_of(judgements: Sequence[Judgement]) -> Scores:
    """Return the probabilities as an array, in the order pro, con, mixed, none."""
    return np.array([[j.pro, j.con, j.mixed, j.none] for j in judgements])


def gold_of(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return the label of each example."""
    return np.array([e.label for e in examples])


def as_questions(examples: Sequence[Example]) -> list[Example]:
    """Return debate examples with their topic as one fixed question: its first question form, else the topic."""
    found = []
    for example in examples:
        forms = [form for form, same in topic_questions(example.question) if same and form.endswith("?")]
        found.append(sets.replace(example, question=forms[0] if forms else example.question))
    return found


def cosine_sides(examples: Sequence[Example], tuned_on: Sequence[Example]) -> NDArray[np.int64]:
    """Return pro where the off-the-shelf MiniLM cosine is above the best threshold of `tuned_on`."""
    from sentence_transformers import SentenceTransformer

    from training.stance import base_folder

    encoder = SentenceTransformer(str(base_folder()), device="cpu")

    def cosines(rows: Sequence[Example]) -> NDArray[np.float32]:
        left = encoder.encode([e.question for e in rows], normalize_embeddings=True, show_progress_bar=False)
        right = encoder.encode([e.claim for e in rows], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray((left * right).sum(1), dtype=np.float32)

    known, gold = cosines(tuned_on), gold_of(tuned_on)
    best = max(
        np.quantile(known, np.linspace(0.05, 0.95, 19)),
        key=lambda t: balanced(np.where(known > t, 0, 1), gold)(np.arange(len(gold))),
    )
    return np.where(cosines(examples) > best, 0, 1)


def main() -> None:
    """Measure, print the table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=None, help="folder of the judge (default: the shipped one)")
    parser.add_argument(
        "--runs", type=Path, default=Path("training/runs/stance"), help="stages of the training run, where kept"
    )
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    judge = CrossEncoderJudge.open(arguments.model)
    torch_models = {name: _float_judge(arguments.runs / f"stage-{name}.pt") for name in ("debate", "forum")}
    forum = sets.forum_examples(arguments.data)
    rows: list[Figure] = []

    def line(
        measure: str,
        of: Callable[[Scores], Callable[[NDArray[np.int64]], float]],
        examples: Sequence[Example],
        baseline: str,
    ) -> None:
        groups = [e.group for e in examples]
        shown = [interval(of(scores_of(judge.judge(pairs_of(examples)))), groups)]
        early = torch_models["debate"]
        shown.append(interval(of(early(pairs_of(examples))), groups) if early else "not measured")
        rows.append(Figure(f"{measure} (n={len(examples)})", shown[0], shown[1], baseline))

    rng = random.Random(0)
    perspectrum = sets.perspectrum(arguments.data, "dev")
    ibm = sets.ibm_arguments(arguments.data, "dev")
    for name, full in (("Perspectrum dev", perspectrum), ("IBM 30k dev topics", ibm)):
        examples = as_questions(rng.sample(full, min(PER_SET, len(full))))
        gold = gold_of(examples)
        line(
            f"{name}, pro against con, accuracy",
            lambda s, g=gold: accuracy(s[:, :2].argmax(1), g),
            examples,
            f"majority {_majority(gold):.3f}",
        )  # type: ignore[misc]

    first = [e for e in forum["test"] if e.first and e.label < 2]
    gold = gold_of(first)
    cosine = balanced(cosine_sides(first, [e for e in forum["dev"] if e.first and e.label < 2]), gold)(
        np.arange(len(first))
    )
    line(
        "forum replies, pro against con, balanced accuracy",
        lambda s: balanced(s[:, :2].argmax(1), gold),
        first,
        f"majority 0.500, MiniLM cosine {cosine:.3f}",
    )
    whole = judged_set(forum["test"])
    gold4 = gold_of(whole)
    line(
        "forum replies, four stances, accuracy",
        lambda s: accuracy(s.argmax(1), gold4),
        whole,
        f"majority {_majority(gold4):.3f}",
    )
    line("forum replies, four stances, calibration error", lambda s: calibration_error(s, gold4), whole, "none")

    turned = [
        (e, sets.replace(e, question=other, target=flip(e.target)))
        for e in first
        for other in negations(e.question)[:1]
    ]
    there, back = (scores_of(judge.judge(pairs_of([p[i] for p in turned]))) for i in (0, 1))
    sure = (there.max(1) >= CONFIDENT) & (there.argmax(1) < 2)
    mirrored = np.array([1, 0, 2, 3])[there.argmax(1)] == back.argmax(1)
    flips = interval(
        lambda at: float(mirrored[sure][at].mean()), [p[0].group for p, s in zip(turned, sure, strict=True) if s]
    )
    rows.append(
        Figure(f"question negated: confident stances that flip (n={int(sure.sum())})", flips, "not measured", "none")
    )

    if torch_models["forum"]:
        float_scores, int8_scores = torch_models["forum"](pairs_of(whole)), scores_of(judge.judge(pairs_of(whole)))
        same = float((float_scores.argmax(1) == int8_scores.argmax(1)).mean())
        lost = float((float_scores.argmax(1) == gold4).mean() - (int8_scores.argmax(1) == gold4).mean())
        rows.append(
            Figure(
                "int8 against float32: accuracy lost, four stances", f"{lost:+.3f}", "", f"same stance in {same:.3f}"
            )
        )
        rows.append(
            Figure(
                "pairs/s, int8 ONNX over float32 torch, interleaved",
                _speed(judge, torch_models["forum"], pairs_of(whole)[:512]),
                "",
                "",
            )
        )
    body = "\n\n".join(
        [
            f"`python -m benchmarks.quality --data ../shared/data`, judge `{judge.name}`; "
            "95% bootstrap intervals over topics or threads.",
            table(
                ["measure", "judge", "after stage 1 (debate only)", "baseline"],
                [[f.measure, f.judge, f.stage1, f.baseline] for f in rows],
            ),
        ]
    )
    print(body)
    if not arguments.no_write:
        write_section("Judge", body)


def _majority(gold: NDArray[np.int64]) -> float:
    return float(np.bincount(gold).max() / len(gold))


def _float_judge(weights: Path) -> Callable[[Sequence[Pair]], Scores] | None:
    """Return the float32 torch model as a function of pairs, uncalibrated; None without weights."""
    if not weights.exists():
        return None
    import torch
    from tokenizers import Tokenizer

    from indexer.judge import DEFAULT_FOLDER, layouts
    from training.export import load
    from training.stance import collate

    model = load(weights)
    tokenizer = Tokenizer.from_file(str(DEFAULT_FOLDER / "tokenizer.json"))

    def judge(pairs: Sequence[Pair]) -> Scores:
        encoded = layouts(tokenizer, pairs)
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at][0]))
        found = np.zeros((len(encoded), 4))
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                part = order[start : start + 64]
                found[part] = torch.softmax(model(**collate([encoded[at] for at in part])), -1).numpy()
        return found

    return judge


def _speed(
    judge: CrossEncoderJudge, other: Callable[[Sequence[Pair]], Scores], pairs: Sequence[Pair], rounds: int = 3
) -> str:
    """Return the best pace of each over interleaved rounds, and their ratio."""
    best = {"judge": 0.0, "torch": 0.0}
    for _ in range(rounds):
        for name, run in (("judge", judge.judge), ("torch", other)):
            began = time.perf_counter()
            run(pairs)  # type: ignore[operator]
            best[name] = max(best[name], len(pairs) / (time.perf_counter() - began))
    return f"{best['judge']:.0f} / {best['torch']:.0f} = {best['judge'] / best['torch']:.1f}"


if __name__ == "__main__":
    main()
