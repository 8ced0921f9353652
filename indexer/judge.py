"""Stance and relevance of a claim toward a question: the Judge protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Stance(StrEnum):
    """On which side of a question, read as "yes", a claim or a source stands."""

    PRO = "pro"
    CON = "con"
    MIXED = "mixed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Pair:
    """What a judge reads: the asked question, a claim, and the words that stood before the claim (may be empty)."""

    question: str
    claim: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities of the four stances; they sum to 1."""

    pro: float
    con: float
    mixed: float
    none: float

    @property
    def stance(self) -> Stance:
        """The most probable stance; `none` wins a tie."""
        return max((Stance.NONE, Stance.MIXED, Stance.CON, Stance.PRO), key=lambda stance: getattr(self, stance))

    @property
    def confidence(self) -> float:
        """The probability of `stance`, 0 to 1."""
        return float(getattr(self, self.stance))

    @property
    def relevance(self) -> float:
        """The probability that the claim bears on the question at all, 0 to 1."""
        return 1.0 - self.none

    def mirrored(self) -> Judgement:
        """The same judgement toward the negated question."""
        return Judgement(pro=self.con, con=self.pro, mixed=self.mixed, none=self.none)


class Judge(Protocol):
    """Judges pairs. `name` identifies the weights: judgements are cached under it."""

    @property
    def name(self) -> str: ...

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one Judgement a pair, in order. Never raises for what a pair says: nonsense is `none`."""
        ...
