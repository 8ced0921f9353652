"""Answer -> who says so, and how sure it is: what stands behind the views, for "who says so?" and "how sure?"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answer import LIKELY, SIDE_WORDS, Answer, Status, count
from bot.views import SIDES, Source
from bot.wording import KIND_WORDS, is_doubtful, people
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import Form
from indexer.shares import share_interval


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody behind an answer, and what they said in it, in the order of the answer.

    `stance` is which way they lean over all, None where the question has no sides; `confidence` is 0 to 1.
    """

    source: Source
    stance: Stance | None
    confidence: float
    claims: tuple[JudgedClaim, ...]

    @property
    def doubtful(self) -> bool:
        """Whether it is less likely than not that they lean so."""
        return self.confidence < LIKELY


def people_behind(answer: Answer) -> tuple[Person, ...]:
    """Return the people of an answer, side by side and surest first; of the one side where one was asked for.

    Somebody of whom no claim is shown is left out.
    """
    said: dict[Source, list[JudgedClaim]] = {}
    for judged in answer.claims():
        said.setdefault(judged.cited.post.source, []).append(judged)
    if answer.question.form is Form.OPTIONS:
        return tuple(Person(source, None, 1.0, tuple(claims)) for source, claims in said.items())
    known = [
        Person(lean.source, lean.stance, lean.confidence, tuple(said[lean.source]))
        for lean in answer.leans
        if lean.source in said and lean.stance in answer.sides
    ]
    return tuple(sorted(known, key=lambda one: (SIDES.index(one.stance or Stance.MIXED), -one.confidence)))


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure an answer is.

    `side` is the one that most people lean to, `low` and `high` the 95% interval of its share (Wilson, 1927), were
    these people drawn at random from all who might have spoken.
    `doubtful` of the `people` stand on a side with low confidence; `unsure` of the `claims` are judged so.
    """

    people: int
    side: Stance | None
    low: float
    high: float
    doubtful: int
    claims: int
    unsure: int
    kinds: Mapping[Kind, int]
    threads: int


def certainty(answer: Answer) -> Certainty:
    """Return how sure an answer is, from its counts."""
    claims = answer.claims()
    tally = answer.balance.people
    side = max(SIDES, key=lambda one: int(getattr(tally, one))) if tally.total else None
    low, high = share_interval(int(getattr(tally, side)), tally.total) if side else (0.0, 1.0)
    return Certainty(
        people=tally.total or len({judged.cited.post.source for judged in claims}),
        side=side,
        low=low,
        high=high,
        doubtful=answer.balance.doubtful,
        claims=len(claims),
        unsure=sum(is_doubtful(judged.judgement) for judged in claims),
        kinds=Counter(judged.cited.claim.kind for judged in claims),
        threads=answer.threads,
    )


def certainty_lines(answer: Answer) -> list[str]:
    """Return how sure an answer is in words, each line from its counts; none where nobody said anything."""
    if answer.status is Status.NOTHING_HERE:
        return []
    sure = certainty(answer)
    lines = []
    if sure.side:
        share = f"between {sure.low:.0%} and {sure.high:.0%}"
        verb = "say" if sure.side is Stance.MIXED else "lean"
        lines.append(
            f"{people(sure.people)} took a side. Were they drawn at random from all who might have spoken, {share} of"
            f" those would {verb} {SIDE_WORDS[sure.side]}; people in forums are not drawn at random."
        )
        lines.append(f"{sure.doubtful} of {people(sure.people)} stand on their side with low confidence.")
    lines.append(f"{sure.unsure} of {count(sure.claims, 'claim')} were judged with low confidence.")
    kinds = ", ".join(count(sure.kinds.get(kind, 0), *KIND_WORDS[kind]) for kind in _STRONGEST)
    lines.append(f"They rest on {kinds}, from {count(sure.threads, 'thread')}.")
    return lines


_STRONGEST: Sequence[Kind] = (Kind.STUDY, Kind.EXPERIENCE, Kind.REASON, Kind.ADVICE, Kind.HEARSAY)
