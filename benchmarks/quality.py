# ruff: noqa: PLR2004 -- the first two columns are pro and con
"""How often the judge is right: `python -m benchmarks.quality --data ../shared/data` prints one table and keeps it.

Everything is measured on splits that nothing was trained on: the development splits of Perspectrum, IBM 30k and VAST,
all of IAM, and forum threads held out for reporting; what the judge was also calibrated on says so. Where the run of
the teacher is kept, it is measured beside the judge. Intervals are 95%, from 1,000 bootstrap draws of whole topics or
threads.
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
import torch
from numpy.typing import NDArray
from scipy.special import softmax
from tokenizers import Tokenizer

from benchmarks.labels import LabelledReply
from benchmarks.labels import load as load_replies
from benchmarks.results import table, write_section
from bot.answer import LIKELY, lean_of
from corpus.thread import Post
from indexer.claims import split_claims
from indexer.judge import DEFAULT_FOLDER, LABELS, CrossEncoderJudge, Judgement, Pair, Stance, layouts
from training import data as sets
from training.answers import answer_examples
from training.data import TABLE, Example
from training.distil import Scorer
from training.export import calibrate, calibration_set, judged_set
from training.labelling import labelled_claims
from training.questions import favour_questions, negations, topic_questions
from training.stance import MINILM, STAGES, base_folder, pairs_of
from training.teacher import mpnet, trained

DRAWS = 1000
CONFIDENT = 0.7
"""A judgement at or above this counts as confident, for the flips of negated questions."""
PER_SET = 1000
"""At most so many pairs of a debate set, so that the whole table takes minutes on two cores."""
BINS = 10
UNMEASURED = "not measured"
THREADS = 2
SPEED_PAIRS = 512
SPEED_TOKENS = 35
MADE = 400
"""Bare answers and echoes that are made to measure with."""

Scores = NDArray[np.float64]
Measure = Callable[[NDArray[np.int64]], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    measure: str
    judge: str
    teacher: str
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


def macro_f1(guess: NDArray[np.int64], gold: NDArray[np.int64]) -> Measure:
    """Return the mean F1 over the classes that occur in `gold`, over given positions."""
    classes = np.unique(gold)

    def measure(at: NDArray[np.int64]) -> float:
        said, true = guess[at], gold[at]
        hits = [(2 * ((said == c) & (true == c)).sum(), (said == c).sum() + (true == c).sum()) for c in classes]
        return float(np.mean([both / total if total else 0.0 for both, total in hits]))

    return measure


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


def abstention(scores: Scores, gold: NDArray[np.int64]) -> float:
    """Return the confidence to abstain below: from there up, right stances less wrong ones add up to the most.

    Of confidences that do equally well the lowest, so that no more is withheld than it takes.
    """
    confidence, right = scores.max(1), scores.argmax(1) == gold
    order = np.argsort(-confidence, kind="stable")
    gained = np.cumsum(np.where(right[order], 1, -1))
    return float(confidence[order[len(gained) - 1 - int(np.argmax(gained[::-1]))]])


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


JudgeOf = Callable[[Sequence[Pair]], Scores]


@dataclass(frozen=True, slots=True)
class Contest:
    """The judge that ships, the teacher, and the float32 models of the judge's training: after one stage, and whole."""

    judge: CrossEncoderJudge
    teacher: JudgeOf | None
    stage1: JudgeOf | None
    whole: JudgeOf | None

    def shipped(self, pairs: Sequence[Pair]) -> Scores:
        """Return what the shipped judge says."""
        return scores_of(self.judge.judge(pairs))

    @property
    def judges(self) -> tuple[JudgeOf | None, JudgeOf | None, JudgeOf | None]:
        """The three columns of the table: the judge, the teacher, and the judge after its first stage."""
        return (self.shipped, self.teacher, self.stage1)

    def line(self, measure: str, of: Callable[[Scores], Measure], examples: Sequence[Example], baseline: str) -> Figure:
        """Return the figure of one measure over `examples`."""
        groups, pairs = [e.group for e in examples], pairs_of(examples)
        found = [interval(of(judge(pairs)), groups) if judge else UNMEASURED for judge in self.judges]
        return Figure(f"{measure} (n={len(examples)})", *found, baseline)


def debate_figure(contest: Contest, name: str, full: Sequence[Example]) -> Figure:
    """Return pro-against-con accuracy on a sample of a debate set."""
    examples = as_questions(random.Random(0).sample(full, min(PER_SET, len(full))))
    gold = gold_of(examples)
    of: Callable[[Scores], Measure] = lambda s: accuracy(s[:, :2].argmax(1), gold)  # noqa: E731 -- a measure of scores
    return contest.line(f"{name}, pro against con, accuracy", of, examples, f"majority {majority(gold):.3f}")


def forum_figures(contest: Contest, test: Sequence[Example], dev: Sequence[Example]) -> list[Figure]:
    """Return the figures on forum replies: two sides, four stances, calibration."""
    first, first_dev = ([e for e in split if e.first and e.label < 2] for split in (test, dev))
    sides, everything = gold_of(first), judged_set(test)
    stances = gold_of(everything)
    cosine = balanced(cosine_sides(first, first_dev), sides)(np.arange(len(first)))
    return [
        contest.line(
            "forum replies, pro against con, balanced accuracy",
            lambda s: balanced(s[:, :2].argmax(1), sides),
            first,
            f"majority 0.500, MiniLM cosine {cosine:.3f}",
        ),
        contest.line(
            "forum replies, four stances, accuracy",
            lambda s: accuracy(s.argmax(1), stances),
            everything,
            f"majority {majority(stances):.3f}",
        ),
        contest.line(
            "forum replies, four stances, calibration error",
            lambda s: calibration_error(s, stances),
            everything,
            "perfect 0",
        ),
    ]


def abstention_figures(contest: Contest, test: Sequence[Example], held: Sequence[Example]) -> list[Figure]:
    """Return how much of the forum replies is judged surely, and how much of that is right.

    Sure is a confidence of at least `LIKELY`. Beside it stands what `abstention` chooses on `held`.
    """
    everything = judged_set(test)
    gold, groups = gold_of(everything), [e.group for e in everything]
    known = gold_of(held)
    scores = [judge(pairs_of(everything)) if judge else None for judge in contest.judges]
    chosen = abstention(contest.shipped(pairs_of(held)), known)

    def shown(found: Scores | None, of: Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]) -> str:
        if found is None:
            return UNMEASURED
        sure, right = found.max(1) >= LIKELY, found.argmax(1) == gold
        return interval(lambda at: of(sure[at], right[at]), groups)

    return [
        Figure(
            f"forum replies, share judged with a confidence of {LIKELY} or more (n={len(gold)})",
            *(shown(found, lambda sure, _: float(sure.mean())) for found in scores),
            f"chosen on development data (n={len(known)}): {chosen:.2f} or more",
        ),
        Figure(
            "the same, accuracy of those",
            *(shown(found, lambda sure, right: float(right[sure].mean())) for found in scores),
            "of all, see above",
        ),
    ]


def vast_figure(contest: Contest, data: Path) -> Figure:
    """Return macro F1 over pro, con and neutral on VAST's zero-shot comments; `mixed` and `none` are neutral."""
    asked = [sets.replace(e, question=favour_questions(e.question)[0][0]) for e in sets.vast(data, "dev")]
    gold = np.minimum(gold_of(asked), 2)

    def of(scores: Scores) -> Measure:
        return macro_f1(np.stack([scores[:, 0], scores[:, 1], scores[:, 2:].sum(1)], axis=1).argmax(1), gold)

    return contest.line(
        "VAST dev, zero-shot, three-way macro F1",
        of,
        asked,
        f"majority {vast_majority(gold):.3f}; 0.771 published on test",
    )


def vast_majority(gold: NDArray[np.int64]) -> float:
    """Return the macro F1 of always saying the commonest label."""
    return macro_f1(np.full(len(gold), np.bincount(gold).argmax()), gold)(np.arange(len(gold)))


def rule_figure(contest: Contest) -> Figure:
    """Return four-stance accuracy on bare answers and echoes, made by rule under held-out written questions."""
    made = answer_examples(sets.written_examples("dev"), random.Random(0), MADE)
    gold = gold_of(made)
    return contest.line(
        'bare answers and echoes ("No.", "This."), four stances, accuracy',
        lambda s: accuracy(s.argmax(1), gold),
        made,
        f"majority {majority(gold):.3f}",
    )


def held_figure(contest: Contest, name: str, examples: Sequence[Example]) -> Figure:
    """Return four-stance accuracy on examples that were held out of training, though calibrated on."""
    gold = gold_of(examples)
    return contest.line(
        f"{name} (also calibrated on), four stances, accuracy",
        lambda s: accuracy(s.argmax(1), gold),
        examples,
        f"majority {majority(gold):.3f}",
    )


def reply_figures(contest: Contest, replies: Sequence[LabelledReply]) -> list[Figure]:
    """Return what the whole way from a reply to its author's lean gets right, on replies labelled by reading.

    A reply is split into claims, each is judged, and the lean is counted as in an answer; without a claim that takes a
    side the reply is `none`.
    """
    pairs, owners = [], []
    for at, reply in enumerate(replies):
        parent = Post("parent", reply.thread_id, 1, reply.parent)
        post = Post(reply.comment_id, reply.thread_id, 2, reply.text)
        for claim in split_claims(post, question=reply.question, answers=parent).claims:
            pairs.append(Pair(reply.question, claim.text, claim.context))
            owners.append(at)
    gold = np.array([LABELS.index(reply.label) for reply in replies])
    groups = [reply.thread_id for reply in replies]

    def leans(judge: JudgeOf | None) -> NDArray[np.int64] | None:
        if judge is None:
            return None
        held: dict[int, list[Judgement]] = defaultdict(list)
        for owner, row in zip(owners, judge(pairs).tolist(), strict=True):
            judgement = Judgement(*row)
            if judgement.stance is not Stance.NONE:
                held[owner].append(judgement)
        found = [lean_of(held[at])[0] if held[at] else Stance.NONE for at in range(len(replies))]
        return np.array([LABELS.index(stance) for stance in found])

    def shown(guess: NDArray[np.int64] | None, of: Callable[..., Measure], rows: NDArray[np.int64]) -> str:
        return interval(of(guess[rows], gold[rows]), [groups[at] for at in rows]) if guess is not None else UNMEASURED

    sided, every = np.flatnonzero(gold < 2), np.arange(len(gold))
    found = [leans(judge) for judge in contest.judges]
    return [
        Figure(
            f"replies labelled by reading, report half, four stances, accuracy (n={len(every)})",
            *(shown(guess, accuracy, every) for guess in found),
            f"majority {majority(gold):.3f}",
        ),
        Figure(
            f"the same, those for or against: balanced accuracy, none and mixed count as wrong (n={len(sided)})",
            *(shown(guess, balanced, sided) for guess in found),
            "one side for all 0.500",
        ),
    ]


def negation_figure(contest: Contest, test: Sequence[Example]) -> Figure:
    """Return how many confident stances flip when the question is negated by rule."""
    asked = [(e, others[0]) for e in test if e.first and (others := negations(e.question))]
    shown = [_flips(judge, asked) if judge else (UNMEASURED, 0) for judge in contest.judges]
    return Figure(
        f"question negated: confident stances that flip (n={shown[0][1]})", *(one for one, _ in shown), "perfect 1"
    )


def _flips(judge: JudgeOf, asked: Sequence[tuple[Example, str]]) -> tuple[str, int]:
    """The share of confident stances that flip, and how many are confident."""
    there = judge(pairs_of([e for e, _ in asked]))
    back = judge([Pair(other, e.claim, e.context) for e, other in asked])
    sure = (there.max(1) >= CONFIDENT) & (there.argmax(1) < 2)
    flipped = (1 - there.argmax(1) == back.argmax(1))[sure]
    groups = [e.group for (e, _), kept in zip(asked, sure, strict=True) if kept]
    return interval(lambda at: float(flipped[at].mean()), groups), len(groups)


def cost_figures(contest: Contest, test: Sequence[Example]) -> list[Figure]:
    """Return what int8 storage loses against the float32 model, and how fast the judge is beside it."""
    examples = judged_set(test)
    if contest.whole is None or not examples:
        return []
    pairs, gold = pairs_of(examples), gold_of(examples)
    exact, shipped = contest.whole(pairs).argmax(1), contest.shipped(pairs).argmax(1)
    lost = float((exact == gold).mean() - (shipped == gold).mean())
    same = float((exact == shipped).mean())
    pace = speed(contest.judge.judge, contest.whole, of_length(pairs, SPEED_TOKENS, SPEED_PAIRS))
    what = f"pairs/s of {SPEED_TOKENS} tokens, judge / float32 torch, {THREADS} threads, interleaved"
    return [
        Figure("int8 against float32: accuracy lost, four stances", f"{lost:+.3f}", "", "", f"same stance {same:.3f}"),
        Figure(what, pace, "", "", ""),
    ]


def of_length(pairs: Sequence[Pair], tokens: int, count: int) -> list[Pair]:
    """Return `count` of `pairs`, again from the start where they are fewer, cut to `tokens` tokens or a few less."""
    tokenizer = Tokenizer.from_file(str(DEFAULT_FOLDER / "tokenizer.json"))

    def fitted(pair: Pair) -> Pair:
        words = f"{pair.claim} {pair.context} {pair.claim} {pair.question}".split()
        while len(layouts(tokenizer, [Pair(pair.question, " ".join(words))])[0][0]) > tokens and len(words) > 1:
            words.pop()
        return Pair(pair.question, " ".join(words))

    return [fitted(pairs[at % len(pairs)]) for at in range(count)]


def speed(
    one: Callable[[Sequence[Pair]], object], other: Callable[[Sequence[Pair]], object], pairs: Sequence[Pair]
) -> str:
    """Return the best pace of both over three interleaved rounds, and their ratio."""
    best = [0.0, 0.0]
    for _ in range(3):
        for at, run in enumerate((one, other)):
            began = time.perf_counter()
            run(pairs)
            best[at] = max(best[at], len(pairs) / (time.perf_counter() - began))
    return f"{best[0]:.0f} / {best[1]:.0f} = {best[0] / best[1]:.2f}"


def main() -> None:
    """Measure, print the table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=None, help="folder of the judge (default: the shipped one)")
    parser.add_argument("--runs", type=Path, default=Path("training/runs/stance"), help="the training run, where kept")
    parser.add_argument("--teacher", type=Path, default=TABLE.parent, help="the teacher's run, where kept")
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    judge = CrossEncoderJudge.open(arguments.model, threads=THREADS)
    contest = Contest(
        judge,
        teacher(arguments.teacher, arguments.data),
        float_judge(arguments.runs / f"stage-{STAGES[0].name}.pt", 1.0, (0.0,) * 4),
        float_judge(last_stage(arguments.runs), judge.temperature, judge.bias),
    )
    forum = sets.forum_examples(arguments.data)
    figures = [
        debate_figure(contest, "Perspectrum dev", sets.perspectrum(arguments.data, "dev")),
        debate_figure(contest, "IBM 30k dev topics", sets.ibm_arguments(arguments.data, "dev")),
        debate_figure(contest, "IAM, a set that nothing was trained on", sets.iam(arguments.data)),
        vast_figure(contest, arguments.data),
        *forum_figures(contest, forum["test"], forum["dev"]),
        *abstention_figures(contest, forum["test"], calibration_set(arguments.data)),
        *reply_figures(contest, load_replies(arguments.data, "report")),
        held_figure(contest, "written everyday questions", sets.written_examples("dev")),
        held_figure(contest, "claims of replies labelled by reading", labelled_claims(arguments.data, "dev")),
        rule_figure(contest),
        negation_figure(contest, forum["test"]),
        *cost_figures(contest, forum["test"]),
    ]
    columns = ["measure", "judge", "teacher", "judge after stage 1 (debate only)", "baseline"]
    body = (
        f"`python -m benchmarks.quality --data ../shared/data`, judge `{judge.name}`; "
        "95% bootstrap intervals over topics or threads.\n\n"
        + table(columns, [[f.measure, f.judge, f.teacher, f.stage1, f.baseline] for f in figures])
    )
    print(body)
    if not arguments.no_write:
        write_section("Judge", body)


def last_stage(runs: Path) -> Path:
    """Return the weights of the last stage that the training run in `runs` has ended."""
    ended = [path for stage in STAGES if (path := runs / f"stage-{stage.name}.pt").exists()]
    return ended[-1] if ended else runs / "none.pt"


def majority(gold: NDArray[np.int64]) -> float:
    """Return the share of the commonest label."""
    return float(np.bincount(gold).max() / len(gold))


def teacher(runs: Path, data: Path) -> JudgeOf | None:
    """Return the teacher of the run in `runs`, calibrated as the judge is; None without its weights."""
    if not trained(runs).exists():
        return None
    scorer, held = Scorer.open(mpnet(runs), trained(runs)), calibration_set(data)
    temperature, bias = calibrate(scorer.logits(pairs_of(held)).numpy(), np.array([e.target for e in held]))
    return calibrated(scorer, temperature, bias)


def float_judge(weights: Path, temperature: float, bias: Sequence[float]) -> JudgeOf | None:
    """Return the float32 torch model as a function of pairs; None without weights."""
    if not weights.exists():
        return None
    return calibrated(Scorer.open(MINILM, weights, torch.float32), temperature, bias)


def calibrated(scorer: Scorer, temperature: float, bias: Sequence[float]) -> JudgeOf:
    """Return `scorer` as a function from pairs to probabilities."""
    return lambda pairs: softmax(scorer.logits(pairs).numpy().astype(np.float64) / temperature + bias, axis=1)


if __name__ == "__main__":
    main()
