# ruff: noqa: PLR2004 -- shares and weights stand beside what they apply to, with the reason in the docstring
"""The labelled pairs: debate sets and forum replies, each with its split, as examples that a training run samples from.

Splits: Perspectrum and IBM as published; forum threads by a hash of their id (one tenth to report on, one tenth to
choose and calibrate with, the rest to train on), so that no thread is on two sides.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training import forum
from training.questions import favour_questions, negations, paraphrases, topic_questions, words

PRO, CON, MIXED, NONE = range(4)
Target = tuple[float, float, float, float]

ONE_HOT: dict[str, Target] = {
    "pro": (1.0, 0.0, 0.0, 0.0),
    "con": (0.0, 1.0, 0.0, 0.0),
    "mixed": (0.0, 0.0, 1.0, 0.0),
    "none": (0.0, 0.0, 0.0, 1.0),
}
FORUM_FOLDER = "forums/reddit_college"
WRITTEN_FOLDER = Path(__file__).parent / "written"
"""Questions and claims written and labelled for the project: the hard cases that openers do not label."""
CONTRASTS = WRITTEN_FOLDER / "pairs" / "contrasts.jsonl"
TABLE = Path("training/runs/teacher/said.jsonl")
"""What the teacher said of many pairs (`training.distil`)."""
TRUST, TRUST_BESIDE_A_RULE = 0.7, 0.25
"""How much of a target is the teacher's word where there is a label, too, and where a rule made that label: of claims
under questions that are not theirs the teacher took a third for `none`."""
BY_RULE = ("-off", "answer", "effect", "nli-neutral", "nli-other", "nothing")
"""How the names of sources end whose labels a rule made."""
LEAST_WEIGHT = 0.5
"""What a pair counts at least whose label is doubtful: the teacher's word stands beside it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One pair with its target distribution over pro, con, mixed, none.

    `source` names the set or the rule that labelled it, `group` the topic or thread, `first` is True for what a reply
    says right after its opener: the surest label, and the one figures are reported on.
    """

    question: str
    claim: str
    target: Target
    source: str
    group: str
    context: str = ""
    opener: str = ""
    weight: float = 1.0
    first: bool = False

    @property
    def label(self) -> int:
        """The index of the largest target."""
        return max(range(4), key=self.target.__getitem__)


def flip(target: Target) -> Target:
    """Return the target toward the negated question."""
    return (target[CON], target[PRO], target[MIXED], target[NONE])


# Debate -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Perspective:
    """One claim of Perspectrum (Chen et al. 2019): claims of one `cluster` are paraphrases; `topic` is the claim's."""

    topic: str
    stance: str
    cluster: str
    text: str


def perspectives(data: Path, split: str) -> list[Perspective]:
    """Return the perspectives of Perspectrum's `split` ("train" or "dev"); a cluster may name a text twice."""
    folder = data / "stance/perspectrum"
    texts = {p["pId"]: p["text"] for p in json.loads((folder / "perspectives.json").read_text("utf-8"))}
    splits = json.loads((folder / "split.json").read_text("utf-8"))
    return [
        Perspective(claim["text"], cluster["stance_label_3"], f"{claim['cId']}-{at}", texts[pid])
        for claim in json.loads((folder / "claims.json").read_text("utf-8"))
        if splits[str(claim["cId"])] == split
        for at, cluster in enumerate(claim["perspectives"])
        for pid in cluster["pids"]
    ]


def perspectrum(data: Path, split: str) -> list[Example]:
    """Return the perspectives of Perspectrum's `split` toward their claims, SUPPORT is pro."""
    found = []
    for one in perspectives(data, split):
        target = ONE_HOT["pro" if one.stance == "SUPPORT" else "con"]
        found.append(Example(one.topic, one.text, target, "perspectrum", f"p{one.cluster.partition('-')[0]}"))
    return found


def ibm_arguments(data: Path, split: str) -> list[Example]:
    """Return IBM 30k arguments of `split`; the label is `stance_WA`."""
    with (data / "stance/ibm_arg30k/arguments.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(
                row["topic"],
                row["argument"],
                ONE_HOT["pro" if row["stance_WA"] == "1" else "con"],
                "ibm30k",
                row["topic"],
            )
            for row in csv.DictReader(lines)
            if row["set"] == split
        ]


def ibm_claims(data: Path) -> list[Example]:
    """Return the IBM claim stance set (one published split: train)."""
    with (data / "stance/ibm_claim_stance/claims.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(
                row["topicText"],
                row["claims.claimCorrectedText"],
                ONE_HOT[row["claims.stance"].lower()],
                "ibmcs",
                row["topicId"],
            )
            for row in csv.DictReader(lines)
        ]


def iam(data: Path) -> list[Example]:
    """Return the claims of IAM (Cheng et al. 2022), whose topics are questions; nothing here is trained on them."""
    found = []
    for split in ("train", "dev"):
        with (data / f"stance/iam/{split}.txt").open(encoding="utf-8", newline="") as lines:
            for _, topic, claim, _, side in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.append(Example(f"{topic}?", claim, ONE_HOT["pro" if side == "1" else "con"], "iam", topic))
    return found


VAST_LABELS: dict[str, Target] = {"1": ONE_HOT["pro"], "0": ONE_HOT["con"], "2": ONE_HOT["none"]}


def vast(data: Path, split: str) -> list[Example]:
    """Return VAST's comments toward their topics (Allaway and McKeown 2020): all of "train", the zero-shot of "dev".

    Neutral comments are `none`: nearly all of them were paired with a topic that is not theirs.
    """
    post, topic, label = ("post", "new_topic", "label") if split == "train" else ("Tweet", "Target", "Stance")
    with (data / f"stance/vast/{split}.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(row[topic], row[post], VAST_LABELS[row[label]], "vast", row[topic], weight=0.7)
            for row in csv.DictReader(lines)
            if split == "train" or row["seen?"] == "0"
        ]


_INFERENCES: dict[str, Target] = {
    "entailment": ONE_HOT["pro"],
    "contradiction": ONE_HOT["con"],
    "neutral": (0.1, 0.1, 0.1, 0.7),
}


_CONTRASTS: dict[str, Target] = {
    "same": ONE_HOT["pro"],
    "opposite": ONE_HOT["con"],
    "other": (0.15, 0.05, 0.1, 0.7),
}


def inferences(data: Path) -> list[Example]:
    """Return the pairs of MultiNLI, SNLI and JOCI: the hypothesis is asked, the premise answers.

    Nine tenths by a hash of the premise; the rest stays unseen.
    """
    found = []
    for name in ("mnli/dev.csv", "snli/dev.csv", "joci/train.csv"):
        with (data / "nli" / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                premise, asked = row["premise"].strip(), row["hypothesis"].strip()
                held = int(hashlib.sha256(premise.encode()).hexdigest(), 16) % 10 == 0
                if premise and asked and not held and row["label"] in _INFERENCES:
                    target = _INFERENCES[row["label"]]
                    found.append(Example(asked, premise, target, f"nli-{row['label']}", premise, weight=0.8))
    return found


@dataclass(frozen=True, slots=True)
class Contrast:
    """A claim written for the project, with others that say the same, the opposite, or something else on its matter."""

    claim: str
    same: tuple[str, ...]
    opposite: tuple[str, ...]
    other: tuple[str, ...]


def contrast_rows(split: str) -> list[Contrast]:
    """Return the written contrasts of `split`: "train", or "dev" (1 claim in 8)."""
    rows = map(json.loads, CONTRASTS.read_text("utf-8").splitlines())
    return [
        Contrast(row["claim"], tuple(row["same"]), tuple(row["opposite"]), tuple(row["other"]))
        for row in rows
        if (int(hashlib.sha256(row["claim"].encode()).hexdigest(), 16) % 8 == 0) is (split == "dev")
    ]


def contrasts(split: str) -> list[Example]:
    """Return the written contrasts of `split` as pairs: of two claims one is asked and the other answers."""
    return [
        Example(asked, said, target, f"nli-{relation}", row.claim)
        for row in contrast_rows(split)
        for relation, target in _CONTRASTS.items()
        for other in getattr(row, relation)
        for asked, said in ((row.claim, other), (other, row.claim))
    ]


def off_topic(examples: list[Example], rng: random.Random, count: int) -> list[Example]:
    """Return `count` pairs of one group's question with another group's claim: stance `none`.

    Half of them share a content word with the question where 30 draws find one, so that they are not trivial.
    """
    found = []
    while len(found) < count:
        asked = rng.choice(examples)
        other = rng.choice(examples)
        if rng.random() < 0.5:
            about = content_words(asked.question)
            for _ in range(30):
                if other.group != asked.group and about & content_words(other.claim):
                    break
                other = rng.choice(examples)
        if other.group != asked.group:
            shared = content_words(asked.question) & content_words(other.claim)
            target = (0.03, 0.03, 0.04, 0.9) if len(shared) < 2 else (0.1, 0.1, 0.1, 0.7)
            found.append(
                Example(
                    asked.question, other.claim, target, f"{asked.source}-off", asked.group, other.context, weight=0.8
                )
            )
    return found


_COMMON = words(
    "should would could about there their they them this that have from with your what when where which been "
    "being were will more most than then some just like into over also only very much many does doing done good "
    "going make people anyone else worth really want need think know school college university"
)


def content_words(text: str) -> set[str]:
    """Return the words of four letters or more that say what `text` is about."""
    return set(re.findall(r"[a-z]{4,}", text.lower())) - _COMMON


# Forum ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ForumThread:
    """A thread of the dump: its id, title, opening text, asker, and comments as nested dictionaries."""

    id: str
    title: str
    text: str
    author: str | None
    comments: dict[str, Any]

    @property
    def split(self) -> str:
        """Where the whole thread belongs: "test" (report on), "dev" (choose and calibrate with) or "train"."""
        bucket = int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 10
        return {0: "test", 1: "dev"}.get(bucket, "train")


def forum_threads(data: Path) -> Iterator[ForumThread]:
    """Yield every thread of the dump once, in file order."""
    seen: set[str] = set()
    for path in sorted((data / FORUM_FOLDER).glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["sid"] in seen:
                    continue
                seen.add(row["sid"])
                yield ForumThread(
                    row["sid"], forum.plain(row["title:"]), forum.plain(row["text"]), row["author"], row["comments"]
                )


def _exchanges(thread: ForumThread) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Yield (question, what was answered, reply, whether it answers the thread, whether the asker wrote it)."""
    asked = forum.thread_question(thread.title, thread.text)

    def walk(comments: dict[str, Any], parent: str | None) -> Iterator[tuple[str, str, str, bool, bool]]:
        for comment in comments.values():
            reply = forum.plain(comment.get("text"))
            by_asker = thread.author is not None and comment.get("author") == thread.author
            if reply and parent is None and asked:
                yield asked, thread.text or thread.title, reply, True, by_asker
            elif reply and parent and (question := forum.last_question(parent)):
                yield question, parent, reply, False, by_asker
            elif reply and parent and asked:
                yield asked, parent, reply, False, by_asker
            yield from walk(comment.get("replies") or {}, reply)

    yield from walk(thread.comments, None)


def _tail(text: str) -> str:
    """Return the last sentence of `text`: what a reply answers."""
    parts = forum.sentences(text)
    return forum.cut(parts[-1]) if parts else ""


def reply_examples(question: str, answered: str, reply: str, group: str, weight: float) -> list[Example]:
    """Return what one reply teaches: its first three sentences under the label of its opener; [] without an opener."""
    opened = forum.read_opener(question, reply)
    if opened is None:
        return []
    found: list[Example] = []
    certain = ONE_HOT[opened.label]
    before = _tail(answered)
    place, turned = 0, False
    if len(opened.opener.split()) <= 3 and opened.opener:
        found.append(
            Example(question, opened.opener.strip(" ,.!"), certain, "direct", group, before, weight=0.15 * weight)
        )
    for sentence in forum.sentences(opened.rest)[:4]:
        if len(re.findall(r"\w+", sentence)) < forum.MIN_WORDS:
            continue
        claim = forum.cut(sentence)
        if forum.says_nothing(claim):
            found.append(Example(question, claim, ONE_HOT["none"], "nothing", group, before, weight=weight))
            continue
        turned = turned or forum.is_turn(claim)
        if turned and opened.label != "mixed":
            if place == 0:  # "Yes, but ...": the concession leans the other way, or says that it depends
                rest = (0.3, 0.2, 0.5, 0.0) if opened.label == "pro" else (0.2, 0.3, 0.5, 0.0)
                found.append(Example(question, claim, rest, "concession", group, before, opened.opener, 0.5 * weight))
            break
        target = certain
        if opened.label in ("pro", "con") and forum.is_conditional(claim):
            target = (0.5, 0.0, 0.5, 0.0) if opened.label == "pro" else (0.0, 0.5, 0.5, 0.0)
        found.append(
            Example(
                question,
                claim,
                target,
                "forum",
                group,
                before,
                opened.opener if place == 0 else "",
                weight * (1.0, 0.6, 0.4)[place],
                place == 0,
            )
        )
        before = claim
        place += 1
        if place == 3:
            break
    return found


def forum_examples(data: Path, seed: int = 7) -> dict[str, list[Example]]:
    """Return the forum examples by split ("train", "dev", "test").

    `none` comes from thanks, counter-questions, the asker's own background, and claims of other threads.
    """
    rng = random.Random(seed)
    found: dict[str, list[Example]] = defaultdict(list)
    loose: dict[str, list[Example]] = defaultdict(list)
    for thread in forum_threads(data):
        split, mine = thread.split, found[thread.split]
        for question, answered, reply, direct, by_asker in _exchanges(thread):
            parts = forum.sentences(reply)
            if direct and by_asker:
                continue
            learned = reply_examples(question, answered, reply, thread.id, 1.0 if direct else 0.7)
            if learned and (direct or question == forum.last_question(answered)):
                mine += learned
            elif forum.says_nothing(parts[0]) and rng.random() < 0.12:
                before = _tail(answered)
                mine.append(
                    Example(question, forum.cut(parts[0]), ONE_HOT["none"], "nothing", thread.id, before, weight=0.7)
                )
            if rng.random() < 0.1:
                claim = forum.cut(rng.choice(parts))
                if len(claim.split()) >= forum.MIN_WORDS and not forum.says_nothing(claim):
                    loose[split].append(Example(question, claim, ONE_HOT["none"], "loose", thread.id))
        asked = forum.thread_question(thread.title, thread.text)
        background = [
            s for s in forum.sentences(thread.text) if re.match(r"(?i)i(?:'m| am| have|'ve)\b", s) and "?" not in s
        ]
        if asked and background and rng.random() < 0.35:
            claim = forum.cut(background[0])
            mine.append(Example(asked, claim, (0.05, 0.05, 0.05, 0.85), "background", thread.id, weight=0.4))
    for split, examples in found.items():
        pool = [e for e in examples if e.source == "forum"] + loose[split]
        examples += off_topic(pool, rng, len(pool) // 5)  # noqa: PLW2901 -- the list grows in place
    return dict(found)


def written_examples(split: str) -> list[Example]:
    """Return the examples written for the project, of one split: "train", or "dev" (one question in eight)."""
    found = []
    for path in sorted(WRITTEN_FOLDER.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            bucket = int(hashlib.sha256(row["question"].encode()).hexdigest(), 16) % 8
            if (bucket == 0) is (split == "dev"):
                found += [
                    Example(
                        row["question"], one["text"], ONE_HOT[one["stance"]], "written", row["question"], one["context"]
                    )
                    for one in row["claims"]
                ]
    return found


def taught(table: Path = TABLE, trust: float = TRUST) -> Iterator[Example]:
    """Yield the pairs of `table`, as they were asked, under what the teacher said of them mixed with their labels.

    `trust` is the share of the teacher's word; beside a label made by rule it is `TRUST_BESIDE_A_RULE` at most.
    """
    with table.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            said, label = row["said"], row["label"] or row["said"]
            share = min(trust, TRUST_BESIDE_A_RULE) if row["source"].endswith(BY_RULE) else trust
            pro, con, mixed, none = (share * s + (1 - share) * t for s, t in zip(said, label, strict=True))
            weight = max(row["weight"], LEAST_WEIGHT)
            target = (pro, con, mixed, none)
            yield Example(row["question"], row["claim"], target, row["source"], "", row["context"], weight=weight)


# Sampling ---------------------------------------------------------------------------------------------------------


def forum_noise(text: str, rng: random.Random) -> str:
    """Return `text` as loosely as forum users type: often no final stop, at times no apostrophes or commas."""
    if rng.random() < 0.6:
        text = text.rstrip(" .!")
    if rng.random() < 0.3:
        text = text.replace("'", "")
    if rng.random() < 0.1:
        text = text.replace(",", "")
    return text or "."


OPENER_KEPT = 0.15
"""How often a forum claim keeps its "yes" or "no", in its own words or in the context: the product meets both."""
CONTEXT_DROPPED = 0.5
"""How often the context is left out, so that the judge works with and without it (and trains faster)."""
CONTEXT_DROPPED_OF = {"written": 0.1, "labelled": 0.1, "answer": 0.0}
"""The same for sources whose stance often hangs on the context, and for bare answers, whose stance always does."""
REPHRASED = 0.3
"""How often a question is asked in other words of the same polarity."""


def sampled(example: Example, rng: random.Random, negated: float) -> Example:
    """Return one random form of `example`: question rephrased or negated, claim roughened, context dropped or opened.

    `negated` says how often a question is asked the other way round, with the target flipped.
    """
    question, target = example.question, example.target
    if example.source.startswith(("perspectrum", "ibm", "nli", "vast")):
        same = rng.random() >= negated
        asked = favour_questions if example.source == "vast" else topic_questions
        question = rng.choice([form for form, polarity in asked(question) if polarity is same])
        target = target if same else flip(target)
    else:
        roll = rng.random()
        if roll < negated and example.source != "direct" and (others := negations(question)):
            question, target = rng.choice(others), flip(target)
        elif roll > 1 - REPHRASED and (others := paraphrases(question)):
            question = rng.choice(others)
    if rng.random() < 0.15:
        question = question.rstrip("?")
    claim, context = example.claim, example.context
    if rng.random() < CONTEXT_DROPPED_OF.get(example.source, CONTEXT_DROPPED):
        context = ""
    if example.opener and rng.random() < OPENER_KEPT:
        opener = example.opener.strip(" ,.!")
        # A kept opener answers the question as it was asked, so it must not stand under a negated one.
        if question == example.question or target == example.target:
            claim, context = (f"{opener}, {claim}", context) if rng.random() < 0.5 else (claim, f"{opener}.")
    return replace(
        example,
        question=forum_noise(question, rng) if rng.random() < 0.2 else question,
        claim=forum_noise(claim, rng),
        context=context,
        target=target,
    )
