"""Judged claims -> what nobody among them says, only where enough people tell of such things at all.

Each blind spot carries its counts. People are sources: one author in one thread. What posts tell is read by the rules
of `indexer.particulars`; whoever does not tell is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import TypeVar

from bot.views import Source
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim
from indexer.particulars import Particular, ParticularType, particulars
from indexer.quantities import Quantity

ENOUGH = 5
"""People who tell of something at all, or speak for a side, before it says anything that one of them does not."""

CONTRAST = 3
"""People of the other side who do what nobody of this side does, at least."""

CHANCE = 0.05
"""An absence that a shuffle of the sides would bring about more often than this is none to speak of (Fisher, 1935)."""

OLD, YOUNG = 50, 20
LONG = 52
"""Weeks from which on somebody did something for long: a year."""

Value = TypeVar("Value")


class Trait(StrEnum):
    """What a claim can bring that the claims of the other side may lack."""

    NUMBER = "number"
    OUTCOME = "outcome"
    EXPERIENCE = "experience"
    STUDY = "study"
    CONDITION = "condition"
    INJURY = "injury"


class Group(StrEnum):
    """People that nobody who tells of such things belongs to."""

    OLD = "old"
    YOUNG = "young"
    LONG = "long"
    BEGINNER = "beginner"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class SideGap:
    """Nobody of `people` on `side` does what `others` of `other_people` on the other side do."""

    trait: Trait
    side: Stance
    people: int
    others: int
    other_people: int


@dataclass(frozen=True, slots=True)
class GroupGap:
    """None of the `people` who tell of such things belongs to `group`; what they tell goes from `low` to `high`."""

    group: Group
    people: int
    low: float | None = None
    high: float | None = None


BlindSpot = SideGap | GroupGap


def blind_spots(judged: Sequence[JudgedClaim]) -> tuple[BlindSpot, ...]:
    """Return what nobody among `judged` says, what concerns everybody first."""
    about = [one for one in judged if one.judgement.stance is not Stance.NONE]
    told = [(one, particulars(one.cited.claim.text)) for one in about]
    return (*_group_gaps(told), *_side_gaps(told))


Told = Sequence[tuple[JudgedClaim, tuple[Particular, ...]]]


# Between the sides


_TRAITS: Mapping[Trait, Callable[[JudgedClaim, tuple[Particular, ...]], bool]] = {
    Trait.NUMBER: lambda _, told: any(one.quantity and one.type is not ParticularType.AGE for one in told),
    Trait.OUTCOME: lambda _, told: any(one.type is ParticularType.OUTCOME for one in told),
    Trait.EXPERIENCE: lambda one, _: one.cited.claim.kind is Kind.EXPERIENCE,
    Trait.STUDY: lambda one, _: one.cited.claim.kind is Kind.STUDY,
    Trait.CONDITION: lambda _, told: any(one.type is ParticularType.CONDITION for one in told),
    Trait.INJURY: lambda _, told: any(one.type is ParticularType.INJURY for one in told),
}


def _side_gaps(told: Told) -> Iterator[SideGap]:
    people: dict[Stance, set[Source]] = defaultdict(set)
    having: dict[tuple[Stance, Trait], set[Source]] = defaultdict(set)
    for one, found in told:
        side = one.judgement.stance
        people[side].add(one.cited.post.source)
        for trait, has in _TRAITS.items():
            if has(one, found):
                having[side, trait].add(one.cited.post.source)
    for trait in Trait:
        for side, other in ((Stance.CON, Stance.PRO), (Stance.PRO, Stance.CON)):
            gap = SideGap(trait, side, len(people[side]), len(having[other, trait]), len(people[other]))
            if not having[side, trait] and _tells(gap):
                yield gap


def _tells(gap: SideGap) -> bool:
    """Whether the absence says something: enough people on the side, and hardly ever so by chance."""
    if gap.people < ENOUGH or gap.others < CONTRAST:
        return False
    return comb(gap.other_people, gap.others) / comb(gap.people + gap.other_people, gap.others) < CHANCE


# Among all who tell of such things


def _group_gaps(told: Told) -> Iterator[GroupGap]:
    yield from _ages(_by_source(told, _age))
    yield from _durations(_by_source(told, _weeks))
    levels = {source: told for source, told in _by_source(told, _level).items() if told}
    if len(levels) >= ENOUGH and "beginner" not in {name for names in levels.values() for name in names}:
        yield GroupGap(Group.BEGINNER, len(levels))
    people = {one.cited.post.source for one, _ in told}
    if len(people) >= 2 * ENOUGH and not any(one.cited.claim.kind is Kind.EXPERIENCE for one, _ in told):
        yield GroupGap(Group.TRIED, len(people))


def _by_source(told: Told, reading: Callable[[JudgedClaim, Particular], Value | None]) -> dict[Source, list[Value]]:
    """What each person tells, of those who tell anything that `reading` reads."""
    found: dict[Source, list[Value]] = defaultdict(list)
    for one, parts in told:
        for part in parts:
            value = reading(one, part)
            if value is not None:
                found[one.cited.post.source].append(value)
    return found


def _age(_: JudgedClaim, part: Particular) -> Quantity | None:
    return part.quantity if part.type is ParticularType.AGE else None


def _weeks(one: JudgedClaim, part: Particular) -> Quantity | None:
    """How long somebody did something, in weeks; days and hours are parts of a plan more often than its length."""
    if one.cited.claim.kind is not Kind.EXPERIENCE or part.type is not ParticularType.DOSE or not part.quantity:
        return None
    return part.quantity.to("week") if part.quantity.unit in ("week", "month", "year") else None


def _level(_: JudgedClaim, part: Particular) -> str | None:
    return part.name if part.type is ParticularType.LEVEL else None


def _ages(ages: Mapping[Source, Iterable[Quantity]]) -> Iterator[GroupGap]:
    every = [age for those in ages.values() for age in those]
    if len(ages) < ENOUGH:
        return
    low, high = _range(every)
    if high is not None and high < OLD and not any(age.high is None for age in every):
        yield GroupGap(Group.OLD, len(ages), low, high)
    if low is not None and low >= YOUNG and not any(age.low is None for age in every):
        yield GroupGap(Group.YOUNG, len(ages), low, high)


def _durations(weeks: Mapping[Source, Iterable[Quantity]]) -> Iterator[GroupGap]:
    every = [one for those in weeks.values() for one in those]
    low, high = _range(every)
    if len(weeks) >= ENOUGH and high is not None and high < LONG and not any(one.high is None for one in every):
        yield GroupGap(Group.LONG, len(weeks), low, high)


def _range(found: Sequence[Quantity]) -> tuple[float | None, float | None]:
    bounds = [bound for one in found for bound in (one.low, one.high) if bound is not None]
    return (min(bounds), max(bounds)) if bounds else (None, None)


# In words


_TRAIT_WORDS: Mapping[Trait, tuple[str, str]] = {
    Trait.NUMBER: ("gives a number", "give one"),
    Trait.OUTCOME: ("tells what came of it", "do"),
    Trait.EXPERIENCE: ("tells of doing it themselves", "do"),
    Trait.STUDY: ("names a study", "name one"),
    Trait.CONDITION: ("says on what condition", "do"),
    Trait.INJURY: ("tells of an injury or illness", "do"),
}
_SIDES = {Stance.PRO: "for", Stance.CON: "against"}


def in_words(spot: BlindSpot) -> str:
    """Return the blind spot as a sentence, with its counts."""
    if isinstance(spot, SideGap):
        nobody, do = _TRAIT_WORDS[spot.trait]
        other = _SIDES[Stance.PRO if spot.side is Stance.CON else Stance.CON]
        return (
            f"Nobody {_SIDES[spot.side]} {nobody}: none of {spot.people} people; "
            f"{other}, {spot.others} of {spot.other_people} {do}."
        )
    low, high = (f"{bound:.0f}" if bound is not None else "" for bound in (spot.low, spot.high))
    told = f"between {low} and {high}" if low != high else f"all {low}"
    return {
        Group.OLD: f"No age of {OLD} or more is told: {spot.people} people tell an age, {told}.",
        Group.YOUNG: f"No age under {YOUNG} is told: {spot.people} people tell an age, {told}.",
        Group.LONG: f"Nobody tells of doing it for a year: {spot.people} people say how long, at most {high} weeks.",
        Group.BEGINNER: f"Nobody says they are a beginner: {spot.people} people say where they stand.",
        Group.TRIED: f"Nobody tells of doing it themselves: none of {spot.people} people.",
    }[spot.group]
