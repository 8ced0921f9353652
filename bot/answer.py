"""Views -> Answer: who leans which way, counted, ordered and cited; "not enough" is decided here, in code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import TypeVar

from bot.narrowing import EVERYTHING, Narrowing, Told
from bot.prose import Prose
from bot.views import SIDES, Source, View, group
from indexer.embeddings import Vectors
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import Form, Question
from indexer.shares import share_interval

LIKELY = 0.54
"""The confidence below which a stance is shown as of low confidence, and a person's lean as doubtful.

Chosen on development data (forum threads, written questions and labelled claims held out for that, 5,589 pairs) where
right stances less wrong ones add up to the most: below it a stance is more likely wrong than right.
`python -m benchmarks.quality` chooses again, and tells how much of the replies it reports on is judged surely.
"""

EVEN_SIDES = 0.75
"""How much of the evidence of a person's stronger side the other one needs for both to be meant: three quarters.

One doubt beside two reasons is a lean, two sure reasons on each side say "it depends". On the 178 labelled replies to
develop on, 0.5 / 0.67 / 0.75 of the evidence put 42% / 43% / 44% of the people where they were read to stand.
"""

TWO_PEOPLE = 2
"""Fewer than two people are one person's opinion, not a range of views."""

SMALL_SAMPLE = 20
"""People below which the balance is called a small sample: at 20, the 95% interval of an even split is 28% to 72%."""

MINORITY = 1 / 3
"""The share of the people below which a side is a minority: what each of the three would have if they were even."""

HALF = 0.5
"""The share of the people of two views below which one of them has fewer than the other."""

K = TypeVar("K")

SIDE_WORDS = {Stance.PRO: "yes", Stance.CON: "no", Stance.MIXED: "it depends"}
"""The sides in the words of the balance."""


class Status(StrEnum):
    """What came of a question. That something broke is an exception, never a status."""

    ANSWERED = "answered"
    TOO_FEW = "too_few"
    NOTHING_HERE = "nothing_here"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand on each side."""

    pro: int = 0
    con: int = 0
    mixed: int = 0

    @property
    def total(self) -> int:
        return self.pro + self.con + self.mixed


@dataclass(frozen=True, slots=True)
class Lean:
    """Which way one person leans, from all their claims. `confidence` is 0 to 1."""

    source: Source
    stance: Stance
    confidence: float

    @property
    def doubtful(self) -> bool:
        """Whether the lean is less likely than not."""
        return self.confidence < LIKELY


@dataclass(frozen=True, slots=True)
class Balance:
    """The sides, counted in people, in posts, and in votes (the scores of those posts, none counted below zero).

    `doubtful` is how many of the people are counted on a side with low confidence.
    """

    people: Tally = Tally()
    posts: Tally = Tally()
    votes: Tally = Tally()
    doubtful: int = 0

    @property
    def small_sample(self) -> bool:
        """Whether the people are too few to tell more than these people's opinions."""
        return self.people.total < SMALL_SAMPLE

    def is_minority(self, side: Stance) -> bool:
        """Whether surely few lean `side`: never where the sample is too small to say."""
        return not self.small_sample and surely_few(getattr(self.people, side), self.people.total)

    def line(self) -> str:
        """The balance in words, such as "3 of 5 people lean yes, 1 no, 1 it depends; small sample"."""
        counts = sorted(((side, getattr(self.people, side)) for side in SIDES), key=lambda pair: -pair[1])
        (first, most), *rest = [(side, count) for side, count in counts if count] or [(Stance.MIXED, 0)]
        total = self.people.total
        verb = ("says" if total == 1 else "say") if first is Stance.MIXED else ("leans" if total == 1 else "lean")
        who = "1 person" if total == 1 else f"{most} of {total} people"
        sides = ", ".join(
            [f"{who} {verb} {SIDE_WORDS[first]}", *(f"{count} {SIDE_WORDS[side]}" for side, count in rest)]
        )
        notes = [f"{self.doubtful} of them unclear"] if self.doubtful else []
        notes += ["small sample"] if self.small_sample else []
        return "; ".join([sides, *notes])


@dataclass(frozen=True, slots=True)
class Option:
    """One way to do it, for a question that has no yes and no.

    `label` is an alternative that the question names, or else the words of `headline`, a real claim. `support` are the
    views for this option, `objections` those against it and those that make it depend on something.
    """

    id: str
    label: str
    headline: JudgedClaim | None
    support: tuple[View, ...]
    objections: tuple[View, ...]

    @property
    def claims(self) -> tuple[JudgedClaim, ...]:
        """The headline and every claim for and against the option, each once."""
        shown = [judged for view in self.support + self.objections for judged in view.claims]
        shown += [self.headline] if self.headline and self.headline not in shown else []
        return tuple(shown)

    @property
    def people(self) -> int:
        """How many distinct people spoke of the option, for or against."""
        return len({judged.cited.post.source for judged in self.claims})

    @property
    def supporters(self) -> int:
        """How many distinct people made claims for the option."""
        return len({source for view in self.support for source in view.sources})

    @property
    def objectors(self) -> int:
        """How many distinct people made claims against it, or that make it depend; somebody may also support it."""
        return len({source for view in self.objections for source in view.sources})


@dataclass(frozen=True, slots=True)
class Answer:
    """The views for a question, counted, ordered, cited.

    `asked` is what was typed and `question` how it was understood (they differ after a follow-up). In the form "sides",
    `views` holds the views and `balance` counts people; in the form "options", `options` holds the ways to do it, and
    `balance` is empty. `narrowing` is what of the answer was asked for, where a follow-up asked for a part, and `told`
    what came of narrowing it to people. `suggestions` are near questions of threads here, where there are few views or
    none. `searched` counts the claims looked through, `considered` those judged, `threads` the threads that answered.
    `prose` is what a chat model wrote of the answer, where one is configured.
    """

    asked: str
    question: Question
    status: Status
    balance: Balance
    views: tuple[View, ...] = ()
    options: tuple[Option, ...] = ()
    leans: tuple[Lean, ...] = ()
    searched: int = 0
    considered: int = 0
    threads: int = 0
    narrowing: Narrowing = EVERYTHING
    told: Told | None = None
    suggestions: tuple[str, ...] = ()
    prose: Prose | None = None

    @property
    def narrowed(self) -> Stance | None:
        """The one side that was asked for, where one was."""
        return self.narrowing.side

    def views_on(self, stance: Stance) -> tuple[View, ...]:
        """The views of one stance, strongest first."""
        return tuple(view for view in self.views if view.stance is stance)

    @property
    def sides(self) -> tuple[Stance, ...]:
        """The sides to show, in order: all of them, or the one that was asked for."""
        return SIDES if self.narrowed is None else (self.narrowed,)

    def sources_for(self, view: View) -> tuple[Lean, ...]:
        """Which way each person behind `view` leans over all they said: not always the way of the view."""
        leans = {lean.source: lean for lean in self.leans}
        return tuple(leans[source] for source in view.sources if source in leans)

    def is_minority(self, view: View) -> bool:
        """Whether `view` is one that surely few hold: never where the people shown are too few to say.

        Surely few of all people shown are behind it, and either its side is a minority, or, of those behind it and
        behind the view with the most people, surely less than half are behind it.
        """
        of_options = [view for option in self.options for view in option.support + option.objections]
        total = len({judged.cited.post.source for judged in self.claims()})
        if total < SMALL_SAMPLE or not surely_few(view.people, total):
            return False
        most = max(one.people for one in (*self.views, *of_options))
        return self.balance.is_minority(view.stance) or share_interval(view.people, view.people + most)[1] < HALF

    def claims(self) -> tuple[JudgedClaim, ...]:
        """Every claim of the answer, in the order it shows them, each once."""
        shown = [judged for side in SIDES for view in self.views_on(side) for judged in view.claims]
        shown += [judged for option in self.options for judged in option.claims]
        return tuple({judged.cited.claim.id: judged for judged in reversed(shown)}.values())[::-1]

    def claim(self, claim_id: str) -> JudgedClaim:
        """Return a claim of the answer. Raises KeyError for any other."""
        return {judged.cited.claim.id: judged for judged in self.claims()}[claim_id]

    def line(self) -> str:
        """The first line of the answer, in words: the balance, or why there is none."""
        if self.status is Status.NOTHING_HERE and self.told and self.told.total:
            return "Nobody here tells that of themselves."
        if self.status is Status.NOTHING_HERE:
            return "Nobody here talked about that." if self.searched else "There is nothing to look through yet."
        if self.question.form is Form.OPTIONS:
            people = len({judged.cited.post.source for judged in self.claims()})
            named = f"{count(people, 'person', 'people')} on {count(len(self.options), 'option')}"
            return "; ".join([named, *(["small sample"] if people < SMALL_SAMPLE else [])])
        return self.balance.line()


def answer_sides(question: Question, judged: Sequence[JudgedClaim], vectors: Vectors) -> Answer:
    """Return the answer of the form "sides" from claims judged toward `question` and their unit vectors.

    Claims judged `none` take no part.
    """
    views = group(judged, vectors)
    taking_sides = [claim for view in views for claim in view.claims]
    leans = tuple(
        Lean(source, *lean_of([judged.judgement for judged in claims]))
        for source, claims in _gathered(taking_sides, lambda judged: judged.cited.post.source)
    )
    return Answer(
        asked=question.text,
        question=question,
        status=status_of(len(leans)),
        balance=_balance(leans, taking_sides),
        views=tuple(views),
        leans=leans,
        considered=len(judged),
        threads=len({judged.cited.claim.thread_id for judged in taking_sides}),
    )


def lean_of(judgements: Sequence[Judgement]) -> tuple[Stance, float]:
    """Return which way somebody leans who made claims judged so, none of them `none`, and how surely, 0 to 1.

    The side with the greater summed probability, or "it depends" where pro and con have exactly the same.
    Where both pro and con are likely in some claim each, and the weaker side has at least `EVEN_SIDES` of the evidence
    of the stronger, they say "it depends". The confidence is the mean probability of the stance over the claims, and
    for two sides that of the less likely one.
    """
    mean = {side: fmean(getattr(judgement, side) for judgement in judgements) for side in SIDES}
    likely = {
        side: max((judgement.confidence for judgement in judgements if judgement.stance is side), default=0.0)
        for side in (Stance.PRO, Stance.CON)
    }
    weaker, stronger = sorted((mean[Stance.PRO], mean[Stance.CON]))
    if min(likely.values()) >= LIKELY and weaker >= EVEN_SIDES * stronger:
        return Stance.MIXED, min(likely.values())
    even = weaker == stronger
    stance = Stance.MIXED if even else max(SIDES, key=lambda side: mean[side])
    return stance, mean[stance]


def surely_few(people: int, total: int) -> bool:
    """Return whether `people` of `total` are less than `MINORITY` of all, also at the upper end of the 95% interval."""
    return share_interval(people, total)[1] < MINORITY


def status_of(people: int) -> Status:
    """Return what an answer is that `people` distinct people are behind."""
    if people == 0:
        return Status.NOTHING_HERE
    return Status.TOO_FEW if people < TWO_PEOPLE else Status.ANSWERED


def _balance(leans: Sequence[Lean], judged: Sequence[JudgedClaim]) -> Balance:
    posts = [
        (lean_of([claim.judgement for claim in claims])[0], max(claims[0].cited.post.score or 0, 0))
        for _, claims in _gathered(judged, lambda claim: claim.cited.post.id)
    ]
    return Balance(
        people=_tally((lean.stance, 1) for lean in leans),
        posts=_tally((stance, 1) for stance, _ in posts),
        votes=_tally(posts),
        doubtful=sum(lean.doubtful for lean in leans),
    )


def _tally(counted: Iterable[tuple[Stance, int]]) -> Tally:
    counts: Counter[str] = Counter()
    for stance, count in counted:
        counts[stance.value] += count
    return Tally(**counts)


def _gathered(judged: Iterable[JudgedClaim], key: Callable[[JudgedClaim], K]) -> list[tuple[K, list[JudgedClaim]]]:
    """`judged` by `key`, in the order in which the keys first come."""
    gathered: dict[K, list[JudgedClaim]] = {}
    for claim in judged:
        gathered.setdefault(key(claim), []).append(claim)
    return list(gathered.items())


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 claim", "2 claims", "1,200 claims"; `many` is the plural where it does not end in s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
