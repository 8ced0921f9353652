"""What a follow-up narrows an answer to: one side, some kinds of claims, people of whom something is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

from corpus.thread import Post
from indexer.claim_store import CitedClaim
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.particulars import WHO, Particular, ParticularType, particulars
from indexer.quantities import Quantity
from indexer.words import one_of, phrases, rule
from indexer.words import words as words_of

REASONS = (Kind.EXPERIENCE, Kind.REASON, Kind.STUDY)
"""The kinds that answer "why?": what speaks for a view, beside advice and hearsay, which only repeat it."""


SIDES = (Stance.PRO, Stance.CON, Stance.MIXED)
"""The stances that a follow-up can ask for."""


class Focus(StrEnum):
    """What of the answer a follow-up asks about, where that is not its views."""

    PEOPLE = "people"
    CERTAINTY = "certainty"


@dataclass(frozen=True, slots=True)
class Who:
    """People that a follow-up asks about, by what posts tell of whoever wrote them.

    `words` are as asked, such as "people over 40". `quantity` is their age in years or their volume, `name` their
    level, injury or season.
    """

    words: str
    type: ParticularType
    quantity: Quantity | None = None
    name: str = ""

    def fits(self, told: Particular) -> bool:
        """Whether what a post tells is what is asked: the same name, or a quantity that overlaps."""
        if told.type is not self.type:
            return False
        if self.quantity is None:
            return bool(told.name) and (self.name in told.name or told.name in self.name)
        amount = told.quantity.to(self.quantity.unit) if told.quantity else None
        return amount is not None and _overlap(self.quantity, amount)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of an answer is shown. An empty one shows everything.

    `side` and `kinds` narrow the views, while the balance still counts everybody; `who` narrows the people counted.
    """

    side: Stance | None = None
    kinds: tuple[Kind, ...] = ()
    who: Who | None = None
    focus: Focus | None = None

    def params(self) -> dict[str, str]:
        """What stands for it in a link."""
        given = {
            "side": self.side.value if self.side else "",
            "kinds": ",".join(self.kinds),
            "who": self.who.words if self.who else "",
            "show": self.focus.value if self.focus else "",
        }
        return {name: value for name, value in given.items() if value}

    @classmethod
    def of_params(cls, given: Mapping[str, str]) -> Self:
        """Return what `params` of it say; what is unknown in them is left out, as a link may come from anywhere."""
        side, show = given.get("side", ""), given.get("show", "")
        kinds = given.get("kinds", "").split(",")
        return cls(
            side=Stance(side) if side in SIDES else None,
            kinds=tuple(kind for kind in Kind if kind in kinds),
            who=who_of(given.get("who", "")),
            focus=Focus(show) if show in list(Focus) else None,
        )


EVERYTHING = Narrowing()
"""Nothing is narrowed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of narrowing to people: how many claims are by somebody of whom a post tells it.

    `telling` are the words that tell it, each with a claim of that post; `others` counts the claims of posts that tell
    something else ("I'm 25"), `silent` those of posts that tell nothing of the kind.
    """

    claims: int
    telling: tuple[tuple[CitedClaim, str], ...]
    others: int
    silent: int

    @property
    def total(self) -> int:
        return self.claims + self.others + self.silent


def narrow_to(who: Who, found: Sequence[CitedClaim]) -> tuple[list[int], Told]:
    """Return which of `found` are by somebody who tells to be `who`, and how many tell it.

    The unit is a post, as people say who they are once in it; what they quote is not theirs.
    """
    rows: list[int] = []
    telling: dict[str, tuple[CitedClaim, str]] = {}
    others = 0
    for row, cited in enumerate(found):
        told = [one for one in told_in(cited.post) if one.type is who.type]
        fitting = [one for one in told if who.fits(one)]
        others += bool(told) and not fitting
        if fitting:
            rows.append(row)
            telling.setdefault(cited.post.id, (cited, fitting[0].text))
    return rows, Told(len(rows), tuple(telling.values()), others, len(found) - len(rows) - others)


@lru_cache(maxsize=4096)
def told_in(post: Post) -> tuple[Particular, ...]:
    """Return what a post tells of its author: age, level, volume, injury, season; what it quotes tells nothing."""
    own = [one for one in particulars(post.text) if one.type in WHO]
    return tuple(one for one in own if all(one.end <= quote.start or quote.end <= one.start for quote in post.quotes))


# ---------------------------------------------------------------- people, as asked about
PEOPLE = phrases(
    "(the |those |these |all |other )?(people|ones|those|folks|persons?|anyone|anybody|someone|posters|users)"
)
_OPENING = rule(r"<people>(,? (who|that) (are|is|were|was)|,? (who|that)| with| in)? ", people=PEOPLE)
_YEARS = r"(?: (?:years?(?: old| of age)?|yrs?|yo))?"
_AGES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:over|above|older than|past|more than) (?P<over>\d{{1,3}}){_YEARS}",
        rf"(?:aged? )?at least (?P<least>\d{{1,3}}){_YEARS}",
        rf"(?:aged? )?(?P<up>\d{{1,3}}) ?(?:\+|plus|(?:and|or) (?:over|older|above|up)){_YEARS}",
        rf"(?:under|below|younger than|less than) (?P<under>\d{{1,3}}){_YEARS}",
        rf"(?:aged? )?(?:between )?(?P<low>\d{{1,3}}) ?(?:and|to|-|–) ?(?P<high>\d{{1,3}}){_YEARS}",
        r"(?:in )?their (?P<tens>[2-9]0)['’]?s",
        r"aged? (?P<age>\d{1,3})|(?P<old>\d{1,3})[ -](?:years?|yrs?)[ -]olds?",
    )
]
TEENS = frozenset(["teenagers", "teens", "their teens", "in their teens"])
MORE = rule(r"(more than|over|at least|above)\b" + "\n" + r".*(\bor more|\+)\Z")
LESS = rule(r"(less than|under|fewer than|at most|up to|below)\b" + "\n" + r".*\bor less\Z")
BESIDE = one_of(
    "a an the who that have has had with in during bad chronic severe mild run running runs do doing ride cycle swim",
    "train more less fewer than over under at least most up to or above below + every year",
)
"""Words that may stand beside what people are told apart by; any other word asks for something that is not read."""
LONGEST_WHO = 80
"""Characters of people as asked about; what is longer is no follow-up."""


def who_of(words: str) -> Who | None:
    """Return whom `words` ask about, such as "people over 40", "beginners" or "those with knee pain".

    None where nobody can be told apart by it: posts are read for age, level, volume, injury and season.
    """
    line = " ".join(words.split()).strip(" ?.!,")
    if not line or len(line) > LONGEST_WHO:
        return None
    opening = _OPENING.match(f"{line} ")
    plain = line[opening.end() :].strip() if opening else line
    if ages := _ages(plain):
        return Who(line, ParticularType.AGE, ages)
    return next(filter(None, (_named(line, plain, said) for said in ("I'm a {}", "for {}", "I have {}", "I {}"))), None)


def _named(line: str, plain: str, said: str) -> Who | None:
    """Read `plain` as somebody would tell it of themselves."""
    for one in particulars(said.format(plain)):
        beside = set(words_of(plain)) - set(words_of(one.text))
        if one.type is ParticularType.AGE or one.type not in WHO or not beside <= BESIDE:
            continue
        if one.quantity:
            plain = plain.removeprefix("run ").removeprefix("running ")
            return Who(line, one.type, _bounded(plain, one.quantity))
        return Who(line, one.type, name=one.name)
    return None


def _ages(plain: str) -> Quantity | None:
    """Return the ages in years that `plain` names, whole years: "over 40" begins at 41."""
    if plain.lower() in TEENS:
        return Quantity(13, 19, "year")
    match = next(filter(None, (pattern.fullmatch(plain) for pattern in _AGES)), None)
    if match is None:
        return None
    form, age = next((form, float(given)) for form, given in match.groupdict().items() if given)
    bounds = {
        "over": (age + 1, None),
        "least": (age, None),
        "up": (age, None),
        "under": (None, age - 1),
        "low": (age, float(match.groupdict().get("high") or age)),
        "tens": (age, age + 9),
    }
    return Quantity(*bounds.get(form, (age, age)), "year")


def _bounded(plain: str, quantity: Quantity) -> Quantity:
    if MORE.match(plain):
        return Quantity(quantity.low, None, quantity.unit)
    return Quantity(None, quantity.high, quantity.unit) if LESS.match(plain) else quantity


def _overlap(one: Quantity, other: Quantity) -> bool:
    return all(
        first.low is None or second.high is None or first.low <= second.high
        for first, second in ((one, other), (other, one))
    )
