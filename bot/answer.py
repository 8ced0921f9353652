"""Views -> Answer: who leans which way, counted, ordered and cited; "not enough" is decided here, in code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.views import Source, View
from indexer.embeddings import Vectors
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

if TYPE_CHECKING:
    from indexer.questions import Question


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
        raise NotImplementedError

    def line(self) -> str:
        """The balance in words, such as "3 of 5 people lean yes, 1 no, 1 it depends; small sample"."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Option:
    """One way to do it, for a question that has no yes and no.

    `label` is an alternative that the question names, or else the words of `headline`, a real claim. `support` and
    `objections` are views of what people said for and against this option; `people` counts both, each person once.
    """

    id: str
    label: str
    headline: JudgedClaim | None
    support: tuple[View, ...]
    objections: tuple[View, ...]

    @property
    def people(self) -> int:
        return len({source for view in self.support + self.objections for source in view.sources})


@dataclass(frozen=True, slots=True)
class Answer:
    """The views for a question, counted, ordered, cited.

    `asked` is what was typed and `question` how it was understood (they differ after a follow-up). In the form "sides",
    `views` holds the views and `balance` counts people; in the form "options", `options` holds the ways to do it, and
    `balance` is empty. `narrowed` is the one side that was asked for, where a follow-up asked for one. `considered`
    counts the claims that were judged, `threads` the threads they came from.
    """

    asked: str
    question: Question
    status: Status
    balance: Balance
    views: tuple[View, ...] = ()
    options: tuple[Option, ...] = ()
    leans: tuple[Lean, ...] = ()
    considered: int = 0
    threads: int = 0
    narrowed: Stance | None = None

    def views_on(self, stance: Stance) -> tuple[View, ...]:
        """The views of one stance, strongest first."""
        return tuple(view for view in self.views if view.stance is stance)

    def sources_for(self, view: View) -> tuple[Lean, ...]:
        """Which way each person behind `view` leans over all they said: not always the way of the view."""
        raise NotImplementedError

    def claims(self) -> tuple[JudgedClaim, ...]:
        """Every claim the answer shows, in the order it shows them, each once."""
        raise NotImplementedError

    def claim(self, claim_id: str) -> JudgedClaim:
        """Return a claim the answer shows. Raises KeyError for any other."""
        raise NotImplementedError

    def line(self) -> str:
        """The first line of the answer, in words: the balance, or why there is none."""
        raise NotImplementedError


def answer_sides(question: Question, judged: Sequence[JudgedClaim], vectors: Vectors) -> Answer:
    """Return the answer of the form "sides" from claims judged toward `question` and their unit vectors."""
    raise NotImplementedError
