"""Claims -> what decides it: conditions both sides name, whom it was true for, amounts and outcomes across people.

All of it rests on claims of the answer: each line keeps the claims it was read from, each with its stance, and one
person counts once. `indexer.particulars` finds the spans. A doubtful match is left out: two things shown apart cost a
line, two joined wrongly misreport people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import TypeVar

from bot.answer import LIKELY, Answer, Option, Tally
from bot.opposites import FILLING, NEGATORS
from bot.views import CONFIDENCE_DIGITS, SIDES, Source
from corpus.personal import Shown
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim
from indexer.particulars import WHO, Direction, Particular, ParticularType, particulars
from indexer.quantities import Quantity
from indexer.showing import shown_claim
from indexer.words import one_of, phrases, rule

BOTH = (Stance.PRO, Stance.CON)
"""The sides that have to name a condition for it to be what both sides name."""

SAME_CONDITION = 0.6
"""How much of the words that say what two conditions are about both must have.

In eight Reddit threads, 20 groups of conditions were joined at 0.5, half of which were read as two things ("if you live
where it is colder", "depending on where you live"), and 10 at 0.6, of which one was.
"""

WORDS_BEFORE, WORDS_AFTER = 4, 3
"""Words around an amount that say what it is an amount of."""

FARTHEST = 10.0
"""How many times the smallest amount of a range the largest may be: eight minutes and two years are not one range."""

MOST_AGE = 90
"""The last decade of age that is told apart."""

_SHOWN = Shown()

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Told:
    """A particular and the claim it stands in, as both are shown."""

    judged: JudgedClaim
    particular: Particular

    @property
    def source(self) -> Source:
        """The person who told it."""
        return self.judged.cited.post.source

    @property
    def stance(self) -> Stance:
        """The side of the claim, which is not always the way its author leans over all."""
        return self.judged.judgement.stance


@dataclass(frozen=True, slots=True)
class Condition:
    """Claims that name the same condition, those for first.

    `shared` where people on both sides name it, each more likely than not on that side; `agreed` where they also draw
    the same line ("fine if you don't overdo it", "bad if you overdo it").
    """

    told: tuple[Told, ...]
    shared: bool = False
    agreed: bool = False

    @property
    def words(self) -> str:
        """The condition in the words of one who named it."""
        return min((one.particular.text for one in self.told), key=len)

    @property
    def people(self) -> int:
        """How many distinct people named it."""
        return people_of(self.told)


@dataclass(frozen=True, slots=True)
class Group:
    """People who say the same of themselves: an age, a level, a weekly volume, an injury, a season."""

    type: ParticularType
    label: str
    told: tuple[Told, ...]

    @property
    def people(self) -> int:
        """How many distinct people are in the group."""
        return people_of(self.told)

    @property
    def sides(self) -> Tally:
        """How many distinct people of the group made claims of each side; somebody may have made some of two."""
        return Tally(**{side.value: people_of(one for one in self.told if one.stance is side) for side in SIDES})


@dataclass(frozen=True, slots=True)
class Amount:
    """Doses or outcomes that claims of one side name, and the range of them across people.

    `subject` is the word that the people share, "" where one person alone named it. `quantities` holds one quantity or
    range where several people named it; what one person named stands as it is. An outcome without a number has a
    `direction` alone.
    """

    type: ParticularType
    stance: Stance
    told: tuple[Told, ...]
    quantities: tuple[Quantity, ...] = ()
    subject: str = ""
    direction: Direction | None = None

    @property
    def people(self) -> int:
        """How many distinct people named it."""
        return people_of(self.told)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decides it, as far as the claims of an answer, or of one option of it, tell."""

    conditions: tuple[Condition, ...] = ()
    who: tuple[Group, ...] = ()
    amounts: tuple[Amount, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.who or self.amounts)

    @property
    def shared(self) -> tuple[Condition, ...]:
        """The conditions that both sides name."""
        return tuple(one for one in self.conditions if one.shared)


def deciding(answer: Answer) -> Deciding:
    """Return what decides `answer`, of the form "sides", from the claims of the sides that it shows."""
    return deciding_of([judged for side in answer.sides for view in answer.views_on(side) for judged in view.claims])


def deciding_option(option: Option) -> Deciding:
    """Return what decides `option`, from the claims for and against it."""
    return deciding_of([judged for view in option.support + option.objections for judged in view.claims])


def deciding_of(claims: Sequence[JudgedClaim]) -> Deciding:
    """Return what decides a question from judged claims; their order makes no difference."""
    ordered = sorted(claims, key=lambda judged: judged.cited.claim.id)
    told = [one for judged in ordered if judged.judgement.stance in SIDES for one in _told(judged)]
    return Deciding(
        conditions=tuple(_conditions([one for one in told if one.particular.type is ParticularType.CONDITION])),
        who=tuple(_who([one for one in told if one.particular.type in WHO])),
        amounts=tuple(_amounts([one for one in told if one.particular.type in AMOUNTS])),
    )


def people_of(told: Iterable[Told]) -> int:
    """Return how many distinct people are behind `told`."""
    return len({one.source for one in told})


def _told(judged: JudgedClaim) -> list[Told]:
    masked = replace(judged, cited=shown_claim(judged.cited, _SHOWN))
    text = masked.cited.claim.text
    found = particulars(text)
    spans = [(one.start, one.end) for one in found if one.type is ParticularType.CONDITION]
    more = [one for one in _more_conditions(text) if all(one.end <= start or end <= one.start for start, end in spans)]
    return [Told(masked, one) for one in (*found, *more)]


# ---------------------------------------------------------------- conditions
_DEPENDS = rule(r"\b(it |that |really |all )?depends? (a lot |heavily |mostly |mainly |largely |entirely )?(up)?on \w")
_DEPENDS_END = re.compile(r"[,.;:!?()\n]|\s(?:but|so|because|and then)\s|\Z", re.IGNORECASE)
LONGEST_DEPENDS = 60
"""Characters of what it depends on; what is longer holds more than that."""

_EXCESS = phrases(r"""
    over[\s-]?do(ing|ne)?( it)?|(go |going )?over[\s-]?board|(go |going )?over[\s-]the[\s-]top|over[\s-]?train(ing)?
    (do|doing|did|go|going|push|pushing|train|training|lift|lifting|use|using) (it |yourself )?too (hard|far|heavy|much)
""")
_MEASURED = rule(
    r"""
    \b<no> <excess>\b
    \bin moderation\b
    """,
    no=phrases("not|never|don't|do not|doesn't|didn't|without|unless"),
    excess=_EXCESS,
)
"""A limit that is advised: "dont go overboard", "in moderation"."""
_EXCESSIVE = rule(r"\b(<excess>|excess(ive)?(ly)?|overdid|overtrained|in moderation)\b", excess=_EXCESS)
"""What all says "too much"."""
TOO_MUCH = "too-much"

_EMPTY = (
    FILLING
    | NEGATORS
    | one_of(
        "like get go do make think feel know see use try matters matter able have lot thing things way",
        "felt feels feeling where youre much really only even still already actually people person someone somebody",
        "anyone anything something time case right good bad okay ok fine well better plan planning going trying",
        "doing gets says said say mean means depending depends depend unless provided providing assuming long ever",
        "start put",
    )
)
"""Words that do not say what a condition is about."""
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
_CONTRACTED = re.compile(r"'(?:re|ve|ll|d|s|m)\Z")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ies|ed|es|e|s|y)\Z")
SHORTEST_STEM = 3


def _more_conditions(text: str) -> list[Particular]:
    """Conditions in other forms than "if": "it depends on your stove", "don't go overboard"."""
    found = []
    for match in _DEPENDS.finditer(text):
        stop = _DEPENDS_END.search(text, match.end())
        end = stop.start() if stop else len(text)
        if end - match.end() <= LONGEST_DEPENDS:
            found.append((match.start(), end))
    found += [match.span() for match in _MEASURED.finditer(text)]
    return [Particular(ParticularType.CONDITION, start, end, text[start:end]) for start, end in found]


def _conditions(told: Sequence[Told]) -> list[Condition]:
    gathered: list[tuple[list[frozenset[str]], list[Told]]] = []
    for one in told:
        factor = factor_of(one.particular.text, one.judged.question)
        if not factor:
            continue
        for factors, members in gathered:
            if all(_alike(factor, other) for other in factors):
                factors.append(factor)
                members.append(one)
                break
        else:
            gathered.append(([factor], [one]))
    conditions = [_condition(members) for _, members in gathered]
    return sorted(conditions, key=_condition_strength)


def _condition_strength(condition: Condition) -> tuple[bool, int, float, str]:
    surest = max(one.judged.judgement.confidence for one in condition.told)
    first = condition.told[0].judged.cited.claim.id
    return (not condition.shared, -condition.people, -round(surest, CONFIDENCE_DIGITS), first)


def factor_of(text: str, question: str = "") -> frozenset[str]:
    """Return the stems of the words that say what a condition is about; empty where none does.

    Words of the question count only where there are no others: everybody uses them.
    """
    lowered = text.lower().replace("’", "'")
    plain, times = _EXCESSIVE.subn(" ", lowered)
    words = {_CONTRACTED.sub("", word) for word in _WORD.findall(plain) if not word.endswith("n't")}
    stems = {_stem(word) for word in words - _EMPTY}
    kept = {stem for stem in stems if len(stem) >= SHORTEST_STEM or stem.isdecimal()}
    asked = {_stem(word) for word in _WORD.findall(question.lower().replace("’", "'"))}
    return frozenset({TOO_MUCH}) if times else frozenset(kept - asked or kept)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME_CONDITION * len(one | other)


def _stem(word: str) -> str:
    bare = word.replace("'s", "").replace("'", "")
    short = _ENDING.sub("", bare)
    return short[:-1] if len(short) > SHORTEST_STEM and short[-1] == short[-2] else short


def _condition(told: Sequence[Told]) -> Condition:
    ordered = tuple(sorted(told, key=lambda one: (SIDES.index(one.stance), one.judged.cited.claim.id)))
    sure = [one for one in ordered if one.judged.judgement.confidence >= LIKELY and one.stance in BOTH]
    sources = {side: {one.source for one in sure if one.stance is side} for side in BOTH}
    shared = all(sources.values()) and len(sources[Stance.PRO] | sources[Stance.CON]) > 1
    lines = {_line(one) for one in sure}
    return Condition(ordered, shared, shared and len(lines) == 1 and 0 not in lines)


def _line(told: Told) -> int:
    """Where the claim draws the line: 1 where it is for the thing when the condition holds, -1 when not; 0 unknown."""
    text = told.particular.text.lower().replace("’", "'")
    words = _WORD.findall(text)
    if not told.particular.name:  # not found by a connector: advice to keep measure, or what it depends on
        return 0 if _DEPENDS.search(text) else -1
    if words[0] == "depending":
        return 0
    turned = sum(word in NEGATORS or word.endswith("n't") for word in words) + ("moderation" in words)
    turned += words[0] in ("unless", "except")
    return (1 if told.stance is Stance.PRO else -1) * (-1 if turned % 2 else 1)


# ---------------------------------------------------------------- whom it was true for
_TROUBLE = one_of(
    "lower upper torn broken sprained twisted slipped herniated bulging bad severe chronic mild left right"
)


def _who(told: Sequence[Told]) -> list[Group]:
    groups = [
        Group(kind, label, _in_sides(members))
        for (kind, label), members in _gathered(told, lambda one: (one.particular.type, group_of(one.particular)))
    ]
    order = list(ParticularType)
    return sorted(groups, key=lambda group: (order.index(group.type), -group.people, group.label))


def group_of(particular: Particular) -> str:
    """Return what people of one group share: "40s" for 41 years, "knee" for "knee pain", "hours a week"."""
    quantity = particular.quantity
    if particular.type is ParticularType.AGE and quantity:
        years = quantity.low if quantity.low is not None else quantity.high or 0.0
        decade = min(int(years) // 10 * 10, MOST_AGE)
        return f"{decade}s" if decade else "under 10"
    if particular.type is ParticularType.VOLUME and quantity:
        return quantity.unit
    words: list[str] = [word for word in _WORD.findall(particular.name) if word not in _TROUBLE]
    if particular.type is ParticularType.INJURY and words:
        return words[0].removesuffix("s") if words[0] not in ("pes", "copd") else words[0]
    return particular.name


# ---------------------------------------------------------------- amounts
AMOUNTS = (ParticularType.DOSE, ParticularType.OUTCOME)
_CLAUSE_END = re.compile(r"[.,;:!?()]|\b(?:and|but|or|because|so|then)\b", re.IGNORECASE)


def _amounts(told: Sequence[Told]) -> list[Amount]:
    """Ranges across people first, then outcomes, then what one person named; most people first."""
    rows: list[Amount] = []
    for (kind, stance, direction), members in _gathered(
        told, lambda one: (one.particular.type, one.stance, one.particular.direction)
    ):
        measured = [one for one in members if one.particular.quantity]
        bare = tuple(one for one in members if not one.particular.quantity)
        rows += [Amount(kind, stance, bare, direction=direction)] if bare else []
        rows += _ranges(kind, stance, direction, measured)
    return sorted(
        rows,
        key=lambda row: (
            not row.subject,
            row.type is not ParticularType.OUTCOME,
            -row.people,
            SIDES.index(row.stance),
            row.told[0].judged.cited.claim.id,
        ),
    )


def _ranges(kind: ParticularType, stance: Stance, direction: Direction | None, told: Sequence[Told]) -> list[Amount]:
    """Amounts of one thing by several people as ranges; what is left, claim by claim."""
    left = list(told)
    rows: list[Amount] = []
    while found := _widest(left):
        subject, quantity, members = found
        rows.append(Amount(kind, stance, tuple(members), (quantity,), subject, direction))
        left = [one for one in left if one not in members]
    for _, members in _gathered(left, lambda one: one.judged.cited.claim.id):
        found_in_claim = tuple(one.particular.quantity for one in members if one.particular.quantity)
        rows.append(Amount(kind, stance, tuple(members), found_in_claim, direction=direction))
    return rows


def _widest(told: Sequence[Told]) -> tuple[str, Quantity, list[Told]] | None:
    """The subject that most people name an amount of, two at least, in units that can be compared."""
    best: tuple[str, Quantity, list[Told]] | None = None
    subjects = [subjects_of(one) for one in told]
    for stem in sorted(set(chain.from_iterable(subjects))):
        for first in (one for one, named in zip(told, subjects, strict=True) if stem in named):
            assert first.particular.quantity is not None
            unit = first.particular.quantity.unit
            joined: Quantity | None = None
            members: list[Told] = []
            for one, named in zip(told, subjects, strict=True):
                quantity = in_unit(one.particular.quantity, unit) if stem in named else None
                wider = _joined(joined, quantity) if quantity else None
                if wider:
                    joined = wider
                    members.append(one)
            if joined and people_of(members) > max(people_of(best[2]) if best else 0, 1):
                words = Counter(named[stem] for one, named in zip(told, subjects, strict=True) if one in members)
                best = (min(words, key=lambda word: (-words[word], word)), joined, members)
    return best


def subjects_of(told: Told) -> dict[str, str]:
    """Return the words near an amount that can say what it is of, by their stems."""
    text, particular = told.judged.cited.claim.text, told.particular
    before = _CLAUSE_END.split(text[: particular.start])[-1].split()[-WORDS_BEFORE:]
    after = _CLAUSE_END.split(text[particular.end :])[0].split()[:WORDS_AFTER]
    near = _WORD.findall(" ".join([*before, *after]).lower().replace("’", "'"))
    within = _WORD.findall(particular.text.lower()) if particular.type is ParticularType.OUTCOME else []
    words = [word for word in near if word not in _EMPTY and word not in within and len(word) >= SHORTEST_STEM]
    return {_stem(word): word for word in reversed(words)}


def in_unit(quantity: Quantity | None, unit: str) -> Quantity | None:
    """Return `quantity` in `unit`; None where one cannot become the other."""
    if quantity is None or quantity.unit == unit:
        return quantity
    return quantity.to(unit) if _comparable(quantity.unit, unit) else None


@cache
def _comparable(unit: str, other: str) -> bool:
    return Quantity(1.0, 1.0, unit).to(other) is not None


def _joined(one: Quantity | None, other: Quantity) -> Quantity | None:
    """The range of both; None where one is open ("at least 5"), or it would span amounts that are not of one sort."""
    bounds = [bound for each in (one or other, other) for bound in (each.low, each.high)]
    known = [bound for bound in bounds if bound is not None]
    sizes = [abs(bound) for bound in known if bound]
    if len(known) < len(bounds) or (sizes and max(sizes) > FARTHEST * min(sizes)):
        return None
    return Quantity(min(known), max(known), other.unit)


def _in_sides(told: Sequence[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda one: (SIDES.index(one.stance), one.judged.cited.claim.id)))


def _gathered(told: Iterable[Told], key: Callable[[Told], K]) -> list[tuple[K, list[Told]]]:
    """`told` by `key`, in the order in which the keys first come."""
    gathered: dict[K, list[Told]] = {}
    for one in told:
        gathered.setdefault(key(one), []).append(one)
    return list(gathered.items())
