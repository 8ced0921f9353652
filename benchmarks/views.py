"""How well claims that say the same are told from others: `python -m benchmarks.views --data ../shared/data`.

Prints the section "Same view" and keeps it in RESULTS.md. Everything is measured on development splits that no encoder
here is trained on and no threshold is chosen on. Intervals are 95%, from 1,000 bootstrap draws of whole topics.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.metrics import average_precision_score, roc_auc_score  # type: ignore[import-untyped]

from benchmarks.labels.opposites import ClaimPair, Half
from benchmarks.labels.opposites import load as load_pairs
from benchmarks.quality import interval
from benchmarks.results import table, write_section
from bot.views import SAME_VIEW, group
from corpus.thread import Post
from indexer.claim_store import CitedClaim
from indexer.claims import Claim, Kind
from indexer.embeddings import DEFAULT_MODEL, SentenceTransformerEncoder, Vectors
from indexer.judge import Judgement
from indexer.knowledge import JudgedClaim
from indexer.shipped_encoder import VIEWS, ShippedEncoder
from training.data import Perspective
from training.views import AspectPair, KeyPoints, aspect_pairs, key_points, perspectives

THREADS = 2
TOP_SHARE = 0.5
"""The shared task scores the more confident half of the arguments: others may match no key point."""
OFF_THE_SHELF_VIEW = 0.65
"""The threshold of the encoder off the shelf, as it was chosen when it grouped views: see the changelog."""
TRAINING_CLAIMS = 150
"""Claims of Perspectrum's training split that thresholds are set on: some 20,000 pairs, and half a minute to embed."""

Encode = Callable[[Sequence[str]], Vectors]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts, whether the two say the same, and the topic of each pair."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    same: Flags
    topics: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, bool, str]]) -> Pairs:
        """Return the pairs of rows (one, other, same, topic)."""
        return cls(
            tuple(row[0] for row in rows),
            tuple(row[1] for row in rows),
            np.array([row[2] for row in rows], dtype=bool),
            tuple(row[3] for row in rows),
        )

    def cosines(self, encode: Encode) -> Floats:
        """Return the cosine of each pair; all texts are encoded in one call, each once."""
        texts = list(dict.fromkeys((*self.one, *self.other)))
        place = {text: at for at, text in enumerate(texts)}
        vectors = encode(texts)
        left = vectors[[place[text] for text in self.one]]
        right = vectors[[place[text] for text in self.other]]
        return np.asarray((left * right).sum(1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Contender:
    """An encoder, and the cosine from which it takes two claims for the same."""

    name: str
    encode: Encode
    same_view: float


Figures = dict[str, str]
"""What was measured, by the name of the measure."""


# ---------------------------------------------------------------- sets
def perspective_pairs(said: Sequence[Perspective]) -> Pairs:
    """Return every pair of one claim and stance: the same where both stand in one cluster of paraphrases."""
    by_side: dict[tuple[str, str], list[Perspective]] = {}
    for one in said:
        by_side.setdefault((one.topic, one.stance), []).append(one)
    rows = [
        (one.text, other.text, one.cluster == other.cluster, one.topic)
        for side in by_side.values()
        for one, other in combinations(side, 2)
        if one.text != other.text
    ]
    return Pairs.of(rows)


def sampled_topics(said: Sequence[Perspective], count: int = TRAINING_CLAIMS, seed: int = 0) -> list[Perspective]:
    """Return the perspectives on `count` claims drawn at random."""
    topics = sorted({one.topic for one in said})
    chosen = set(random.Random(seed).sample(topics, min(count, len(topics))))
    return [one for one in said if one.topic in chosen]


def aspects(pairs: Sequence[AspectPair]) -> Pairs:
    """Return the aspect pairs: similar are those of some or high similarity, as the corpus's authors count."""
    return Pairs.of([(pair.one, pair.other, pair.similar, pair.topic) for pair in pairs])


# ---------------------------------------------------------------- measures
def f1(said: Flags, same: Flags) -> float:
    """Return the F1 of what is `said` to be the same; 0 where neither side has any."""
    total = int(said.sum()) + int(same.sum())
    return 2 * int((said & same).sum()) / total if total else 0.0


def mean_f1(said: Flags, same: Flags) -> float:
    """Return the mean of the F1 of "same" and that of "not the same" (Reimers et al. 2019)."""
    return (f1(said, same) + f1(~said, ~same)) / 2


def best_threshold(cosines: Floats, same: Flags, measure: Callable[[Flags, Flags], float]) -> float:
    """Return the cosine, of 101 quantiles of `cosines`, that makes the most of `measure`."""
    return float(max(np.quantile(cosines, np.linspace(0, 1, 101)), key=lambda cut: measure(cosines >= cut, same)))


def precision_at(cosines: Floats, same: Flags, cut: float) -> float:
    """Return the share of true pairs among those with a cosine of at least `cut`; 1 where there are none."""
    said = cosines >= cut
    return float(same[said].mean()) if said.any() else 1.0


def as_precise(cosines: Floats, same: Flags, precision: float) -> float:
    """Return the lowest cosine from which the precision is at least `precision`, else the highest cosine of all."""
    order = np.argsort(-cosines, kind="stable")
    reached = np.flatnonzero(np.cumsum(same[order]) / np.arange(1, len(order) + 1) >= precision)
    return float(cosines[order[reached[-1] if len(reached) else 0]])


def pair_figures(name: str, pairs: Pairs, cosines: Floats, cuts: Mapping[str, tuple[float, str]]) -> Figures:
    """Return the ROC AUC, and F1 at each of `cuts` (threshold, measure), by the name of the threshold."""
    same, topics = pairs.same, pairs.topics

    def auc(at: NDArray[np.int64]) -> float:
        return float(roc_auc_score(same[at], cosines[at])) if 0 < same[at].sum() < len(at) else float("nan")

    found = {f"{name} (n={len(topics)}), ROC AUC": interval(auc, topics)}
    for title, (cut, how) in cuts.items():
        measure = mean_f1 if how == "mean F1" else f1
        said = cosines >= cut
        found[f"{name}, {how} {title}"] = interval(lambda at: measure(said[at], same[at]), topics)  # noqa: B023
    return found


@dataclass(frozen=True, slots=True)
class Matched:
    """An argument's best key point: its score and its label, None where annotators did not agree."""

    score: float
    label: int | None


def best_matches(side: KeyPoints, vectors: Mapping[str, NDArray[np.float32]]) -> list[Matched]:
    """Return the best key point of each argument of one topic and stance."""
    keys = list(side.key_points)
    points = np.stack([vectors[side.key_points[key]] for key in keys])
    found = []
    for argument, text in side.arguments.items():
        scores = points @ vectors[text]
        best = int(np.argmax(scores))
        found.append(Matched(float(scores[best]), side.labels.get((argument, keys[best]))))
    return found


def average_precision(matches: Sequence[Matched], undecided: int) -> float:
    """Return the average precision over the best half of `matches`; `undecided` is what a missing label counts as.

    As in the shared task (Friedman et al. 2021): 0 is its strict, 1 its relaxed measure.
    """
    top = sorted(matches, key=lambda match: -match.score)[: int(len(matches) * TOP_SHARE)]
    labels = [undecided if match.label is None else match.label for match in top]
    return float(average_precision_score(labels, [match.score for match in top])) if any(labels) else 0.0


def matching_figures(sides: Sequence[KeyPoints], encode: Encode) -> Figures:
    """Return the mean average precision of key-point matching over topics and stances, strict and relaxed."""
    texts = list(dict.fromkeys(t for s in sides for t in (*s.key_points.values(), *s.arguments.values())))
    vectors = dict(zip(texts, encode(texts), strict=True))
    matches = [best_matches(side, vectors) for side in sides]
    topics = [side.topic for side in sides]
    found = {}
    for name, undecided in (("strict", 0), ("relaxed", 1)):
        precisions = np.array([average_precision(one, undecided) for one in matches])
        title = f"ArgKP dev, key-point matching, mAP {name} ({sum(map(len, matches))} arguments)"
        found[title] = interval(lambda at: float(precisions[at].mean()), topics)  # noqa: B023
    return found


def judged(text: str, position: int) -> JudgedClaim:
    """Return a claim that is a post of its own, judged pro beyond doubt: only its words can hold it apart."""
    name = str(position)
    post = Post(name, "pair", position, text, author=name)
    claim = Claim(name, name, "pair", 0, len(text), text, Kind.REASON)
    return JudgedClaim(CitedClaim(claim, post, "", ""), "", Judgement(1.0, 0.0, 0.0, 0.0))


def in_one_view(pairs: Sequence[ClaimPair], contender: Contender) -> Flags:
    """Return, for each pair, whether `bot.views.group` puts its two claims, judged alike, into one view."""
    texts = [text for pair in pairs for text in (pair.one, pair.other)]
    vectors = contender.encode(texts)
    found = []
    for at, pair in enumerate(pairs):
        views = group([judged(pair.one, 1), judged(pair.other, 2)], vectors[2 * at : 2 * at + 2], contender.same_view)
        found.append(len(views) == 1)
    return np.array(found, dtype=bool)


def grouping_figures(pairs: Sequence[ClaimPair], contender: Contender) -> Figures:
    """Return how many opposites and paraphrases share a view, by the cosine alone and with the rules."""
    cosines = Pairs.of([(p.one, p.other, p.label == "paraphrase", p.subject) for p in pairs]).cosines(contender.encode)
    with_rules = in_one_view(pairs, contender)
    found: Figures = {}
    for label in ("opposite", "paraphrase"):
        chosen = np.array([pair.label == label for pair in pairs])
        topics = [pair.subject for pair in pairs if pair.label == label]
        for how, joined in (("cosine alone", cosines >= contender.same_view), ("as grouped, with rules", with_rules)):
            shown = interval(lambda at: float(joined[chosen][at].mean()), topics)  # noqa: B023
            found[f"own {label}s in one view, {how} (n={len(topics)})"] = shown
    return found


def by_kind(pairs: Sequence[ClaimPair], joined: Flags) -> str:
    """Return how many opposites of each kind share a view: "number 3 of 20, ..."."""
    kinds = sorted({pair.kind for pair in pairs if pair.label == "opposite"})
    held = {kind: [bool(one) for pair, one in zip(pairs, joined, strict=True) if pair.kind == kind] for kind in kinds}
    return ", ".join(f"{kind} {sum(ones)} of {len(ones)}" for kind, ones in held.items())


# ---------------------------------------------------------------- contenders
def tfidf(texts: Sequence[str]) -> Vectors:
    """Return unit vectors of word counts weighted by rarity among `texts`: the baseline without an encoder."""
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts).toarray()
    return np.asarray(vectors, dtype=np.float32)


def contenders(training: Pairs, model: Path | None) -> list[Contender]:
    """Return the encoder that searches, TF-IDF, the one that groups views, and the encoder of the folder `model`.

    TF-IDF and `model` have the threshold at which they are as precise as the first on `training`.
    """
    default = SentenceTransformerEncoder.open(DEFAULT_MODEL).encode
    precision = precision_at(training.cosines(default), training.same, OFF_THE_SHELF_VIEW)
    shipped = ShippedEncoder(VIEWS, threads=THREADS)

    def as_strict(name: str, encode: Encode) -> Contender:
        return Contender(name, encode, as_precise(training.cosines(encode), training.same, precision))

    return [
        Contender(f"{DEFAULT_MODEL}, off the shelf", default, OFF_THE_SHELF_VIEW),
        as_strict("TF-IDF", tfidf),
        Contender(f"{shipped.name}, ships", shipped.encode, SAME_VIEW),
        *([as_strict(model.name, SentenceTransformerEncoder.open(str(model.resolve())).encode)] if model else []),
    ]


def figures(data: Path, pairs: Sequence[ClaimPair], training: Pairs, contender: Contender) -> Figures:
    """Return everything measured of one contender."""
    encode = contender.encode
    dev = perspective_pairs(perspectives(data, "dev"))
    sentences, known = aspects(aspect_pairs(data, "dev")), aspects(aspect_pairs(data, "train"))
    learnt = best_threshold(training.cosines(encode), training.same, f1)
    aspect = best_threshold(known.cosines(encode), known.same, mean_f1)
    cuts = {"at its view threshold": (contender.same_view, "F1"), "at the best of training": (learnt, "F1")}
    return {
        **matching_figures(key_points(data, "dev"), encode),
        **pair_figures("Perspectrum dev, paraphrases", dev, dev.cosines(encode), cuts),
        **pair_figures(
            "UKP aspects, held topics",
            sentences,
            sentences.cosines(encode),
            {"at the best of training": (aspect, "mean F1")},
        ),
        **grouping_figures(pairs, contender),
    }


NOTE = """95% intervals from 1,000 bootstrap draws of topics (ArgKP: only 4). Key-point matching is measured as in the
2021 shared task: per topic and stance, the best key point of each argument, average precision over the more confident
half; pairs without a decision count as no match (strict) or as a match (relaxed). Perspectrum: pairs of one claim and
stance, in one cluster or not; UKP: one topic in four by a hash of its name, similar are SS and HS. View thresholds:
{thresholds}; that of TF-IDF is as precise as the first on training pairs of Perspectrum.
Own pairs: benchmarks/labels/opposites, {half} half; both claims of a pair are judged alike, so that only
their words and vectors can part them. With rules, opposites in one view by kind: {kinds}."""


def report(data: Path, model: Path | None, half: Half) -> str:
    """Return the section."""
    pairs, training = load_pairs(half), perspective_pairs(sampled_topics(perspectives(data, "train")))
    found = contenders(training, model)
    measured = [figures(data, pairs, training, contender) for contender in found]
    rows = [[name, *(of[name] for of in measured)] for name in measured[0]]
    thresholds = ", ".join(f"{one.name} {one.same_view:.2f}" for one in found)
    kinds = "; ".join(f"{one.name}: {by_kind(pairs, in_one_view(pairs, one))}" for one in found)
    note = " ".join(NOTE.split()).format(thresholds=thresholds, half=half, kinds=kinds)
    return f"`{COMMAND}`\n\n{table(('measure', *(one.name for one in found)), rows)}\n\n{note}"


COMMAND = "python -m benchmarks.views --data ../shared/data"


def main() -> None:
    """Print the section and write it to RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.views", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--model", type=Path, default=None, help="the folder of another encoder, measured beside")
    parser.add_argument("--half", choices=("develop", "report"), default="report", help="of the own pairs")
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    body = report(arguments.data, arguments.model, arguments.half)
    print(body)
    if arguments.half == "report" and not arguments.no_write:
        write_section("Same view", body)


if __name__ == "__main__":
    main()
