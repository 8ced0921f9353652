"""Whether two claims that look alike say opposite things: "lift twice a week" and "never lift", "more" and "less".

An encoder puts such pairs close together ("lifting makes you faster", "lifting makes you slower": cosine 0.94), so
their words decide here. It errs on one side on purpose: two claims wrongly held apart cost a line on the page, two
opposites in one view would misreport people.

Measured on pairs of Perspectrum with a cosine of at least 0.6: held apart are 37% of the pairs from opposite sides of a
question, most of which are simply about different things, and 20% of the paraphrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import inf

from indexer.quantities import Quantity, quantities

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

_NEGATORS = """
    no not never none nothing nobody nowhere neither nor nope nah without hardly barely rarely seldom cannot
    lack lacks lacking avoid avoids avoided avoiding stop stops stopped stopping quit quits quitting
    skip skips skipped skipping refuse refuses dont doesnt didnt cant couldnt wont wouldnt shouldnt isnt arent wasnt
    werent hasnt havent hadnt aint neednt mustnt unnecessary unneeded useless pointless worthless unlikely impossible
    instead
"""
NEGATORS = frozenset(_NEGATORS.split())
"""Words that turn what is said around. Any word that ends in n't is one too."""

ANTONYMS = tuple(
    tuple(frozenset(side.split()) for side in pair.split("|"))
    for pair in (
        "more most extra additional | less fewer least",
        "increase increases increased increasing raise raises raised rise rises gain gains gained add adds added adding"
        " | decrease decreases decreased reduce reduces reduced reducing lower lowers lowered drop drops dropped"
        " dropping cut cuts cutting lose loses lost remove removed removing",
        "fast faster fastest quick quicker quickly sped | slow slower slowest slowly slows slowed",
        "strong stronger strengthen strengthens strengthened | weak weaker weakest weaken weakens weakened",
        "good great better best improve improves improved improving helpful beneficial benefit benefits help helps"
        " helped helping heal heals healed healthy prevent prevents prevented preventing protect protects protected"
        " cure cures cured fix fixes fixed"
        " | bad worse worst terrible awful worsen worsens worsened harmful detrimental hurt hurts hurting harm harms"
        " harmed damage damages damaged wreck wrecks wrecked ruin ruins ruined cause causes caused causing trigger"
        " triggers triggered",
        "before prior ahead | after afterwards following once",
        "always every everyone everybody all | never none nobody",
        "often frequently daily constantly | rarely seldom occasionally",
        "high higher highest up | low lower lowest down",
        "heavy heavier heaviest | light lighter lightest",
        "hard harder hardest difficult tough | easy easier easiest simple",
        "cheap cheaper cheapest affordable inexpensive | expensive dear pricey costly",
        "early earlier sooner | late later",
        "long longer longest | short shorter shortest",
        "big bigger large larger | small smaller tiny",
        "hot hotter warm warmer | cold colder cool cooler",
        "wet moist damp | dry dried dries",
        "start starts started begin begins began | stop stops stopped quit finish finished end ended",
        "safe safer safely | dangerous unsafe risky risk",
        "right correct true | wrong incorrect false",
        "love loves loved like likes liked enjoy enjoyed | hate hates hated dislike disliked regret regretted regrets",
        "with | without",
        "buy buys bought | sell sells sold rent rents rented",
        "possible able | impossible unable",
        "useful worthwhile worth | useless pointless worthless overrated waste wasted",
        "necessary needed essential required must vital | unnecessary unneeded optional",
        "accept accepts accepted allow allows allowed | reject rejects rejected ban bans banned forbid"
        " forbids forbidden",
        "agree agreed | disagree disagreed",
        "for favour favor | against",
        "pro yes | con no",
        "save saves saved saving | spend spends spent spending waste wastes wasted",
        "win wins won success succeed succeeded | fail fails failed failure lose loses lost",
        "indoors inside | outdoors outside",
        "morning | evening night",
        "keep keeps kept stay stays stayed | leave leaves left ditch ditched drop dropped",
        "first | last",
        "old older | new newer young younger",
        "same | different",
        "many lots | few",
        "likely | unlikely",
        "above over | below under",
        "on | off",
        "open opened | close closed shut",
        "overrated | underrated",
        "overtrain overwater overdo overcook | undertrain underwater underdo undercook",
    )
)
"""Words of which one turns the other around, in the forms that forum posts use."""

PREFIXES = ("un", "dis")
"""What makes a word its own opposite: "comfortable", "uncomfortable". "in" and "im" begin too many other words."""

SHORTEST_PREFIXED = 4
"""Letters of a word that a prefix turns around at least: shorter ones meet by chance ("til", "until")."""

NOT_PREFIXED = frozenset({"unless", "discover", "discovered", "display", "discount"})
"""Words that only look like another one with such a prefix."""

AMOUNTS_APART = 1.25
"""How many times one amount is the other at least where they say different things: "20 minutes" and "half an hour"
differ, "40 s off" and "35 s off" report the same."""

AMOUNTS_IN_FRAME = 1.2
"""The same for two claims that are alike but for a number: "80 degrees" and "96 degrees" are not one advice."""

JOINTS = frozenset({"and", "or"})
"""Words whose two sides may change places: "run and lift", "lift and run"."""

SAME_FRAME = 0.5
"""How much of two claims' words must stand in both, in the same order, for the rest to be what one puts in place of the
other: "retinol cleared my skin in two months", "retinol wrecked my skin in two months". A list of antonyms knows few of
these. On our pairs to develop on, 6 in 100 opposites share a view with this rule and 36 without; paraphrases 22 in 100
with and without.
"""

SHORTEST = 3
"""Letters of a word at least that can replace another: shorter ones are mostly units ("kg")."""

SAME_STEM = 4
"""So many first letters in common make two words forms of one ("proof", "proofing")."""

_FILLING = """
    a an the i you he she it we they me my your his her its our their this that these those there here is are was were
    be been am do does did has have had will would can could should may might must and or but so if as at by for from in
    into of on to up out off over with than then just also very really too when while because all any some i'm i've it's
"""
FILLING = frozenset(_FILLING.split())
"""Words that may differ between two claims that say the same."""

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {word: float(number) for number, word in enumerate(_SMALL.split())}
NUMBERS |= {"fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "hundred": 100.0}
"""Numbers in words, which are told apart as digits are."""

EVERY = frozenset({"every", "each"})
"""Words that count all of what they stand before: "every wash" is more than "one wash"."""

_PERSONS = "i me my mine myself | you your yours yourself | he him his himself | she her hers herself | we us our ours"
PERSONS = {word: number for number, forms in enumerate(_PERSONS.split("|")) for word in forms.split()}
"""Which person a pronoun names, whatever its case."""

_TURNS: dict[str, set[int]] = {}
for _number, _pair in enumerate(ANTONYMS, start=1):
    for _sign, _side in zip((1, -1), _pair, strict=True):
        for _word in _side:
            _TURNS.setdefault(_word, set()).add(_sign * _number)


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a claim's words can oppose another's.

    `turns` holds, for each pair of antonyms of which only one side occurs, its number, negative for the second side;
    `listed` the words in their order, `counts` how many of what.
    """

    listed: tuple[str, ...]
    words: frozenset[str]
    negations: int
    turns: frozenset[int]
    undone: frozenset[str]
    amounts: tuple[Quantity, ...]
    counts: Mapping[str, frozenset[float]]


def read(text: str) -> Reading:
    """Return what of the words of `text` can oppose another claim."""
    listed = tuple(_WORD.findall(text.lower().replace("’", "'")))
    words = frozenset(listed)
    turns = {turn for word in words for turn in _TURNS.get(word, ())}
    return Reading(
        listed=listed,
        words=words,
        negations=sum(word in NEGATORS or word.endswith("n't") for word in listed),
        turns=frozenset(turn for turn in turns if -turn not in turns),
        undone=frozenset(prefix + word for word in words for prefix in PREFIXES if len(word) >= SHORTEST_PREFIXED)
        - words
        - NOT_PREFIXED,
        amounts=tuple(found.quantity for found in quantities(text)),
        counts=counted(listed),
    )


def opposed(one: Reading, other: Reading) -> bool:
    """Whether two claims on one matter say opposite things, as far as their words tell."""
    if bool(one.negations) != bool(other.negations) or (one.negations - other.negations) % 2:
        return True
    if any(-turn in other.turns for turn in one.turns):
        return True
    if roles_exchanged(one.listed, other.listed) or (one.words == other.words and exchanged(one.listed, other.listed)):
        return True
    if amounts_differ(one.amounts, other.amounts) or counts_differ(one.counts, other.counts) or replaced(one, other):
        return True
    return not (one.undone.isdisjoint(other.words) and other.undone.isdisjoint(one.words))


def exchanged(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the same words stand in another order that matters: "hills before flats", "flats before hills".

    A part moved from the front to the end ("if it rains, run inside"), and the two sides of `JOINTS`, make no
    difference.
    """
    if one == other or sorted(one) != sorted(other):
        return False
    for at, word in enumerate(one):
        before, after = tuple(one[:at]), tuple(one[at:])
        if after + before == tuple(other) or (word in JOINTS and (*after[1:], word, *before) == tuple(other)):
            return False
    return True


def roles_exchanged(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether only the persons differ, and are the same ones in other places: "I told her", "she told me".

    "He slept better" and "she slept better" are told of two people, and say the same.
    """
    if [word for word in one if word not in PERSONS] != [word for word in other if word not in PERSONS]:
        return False
    first, second = ([PERSONS[word] for word in words if word in PERSONS] for words in (one, other))
    return first != second and set(first) == set(second)


def counted(words: Sequence[str]) -> dict[str, frozenset[float]]:
    """Return the numbers that stand before each word: {"coat": {2, 3}} of "two or three coats"."""
    found: dict[str, frozenset[float]] = {}
    numbers: set[float] = set()
    for word in words:
        if word in EVERY:
            numbers = {inf}
        elif (number := number_of(word)) is not None:
            numbers.add(number)
        elif numbers and word not in ("or", "to"):
            if word not in FILLING:
                noun = word.removesuffix("s")
                found[noun] = found.get(noun, frozenset()) | numbers
            numbers = set()
    return found


def counts_differ(one: Mapping[str, frozenset[float]], other: Mapping[str, frozenset[float]]) -> bool:
    """Whether both count one thing, and none of the numbers is near the other's: "one coat", "ten coats"."""
    return any(
        min(_times(*sorted((mine, theirs))) for mine in one[noun] for theirs in other[noun]) >= AMOUNTS_APART
        for noun in one.keys() & other.keys()
    )


def replaced(one: Reading, other: Reading) -> bool:
    """Whether two claims are alike but for words, or a number, that the one has in place of the other's."""
    if 2 * len(one.words & other.words) < SAME_FRAME * (len(one.words) + len(other.words)):
        return False  # quick to see: most pairs share too few words in any order
    first, second = sorted((one.listed, other.listed))  # the matcher is not symmetric
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    if 2 * sum(block.size for block in blocks) < SAME_FRAME * (len(first) + len(second)):
        return False
    mine = _left(first, {at for block in blocks for at in range(block.a, block.a + block.size)})
    theirs = _left(second, {at for block in blocks for at in range(block.b, block.b + block.size)})
    numbers = [[said for word in words if (said := number_of(word)) is not None] for words in (mine, theirs)]
    if all(numbers) and min(_times(*sorted((a, b))) for a in numbers[0] for b in numbers[1]) >= AMOUNTS_IN_FRAME:
        return True
    return all(
        any(number_of(word) is None and not any(_is_form(word, known) for known in others) for word in words)
        for words, others in ((mine, theirs), (theirs, mine))
    )


def _left(words: Sequence[str], matched: set[int]) -> list[str]:
    kept = [word for at, word in enumerate(words) if at not in matched and word not in FILLING]
    return [word for word in kept if len(word) >= SHORTEST or word.isdecimal()]


def number_of(word: str) -> float | None:
    """Return the number that a word is, in digits or spelled out."""
    return float(word) if word.isdecimal() else NUMBERS.get(word)


def _is_form(one: str, other: str) -> bool:
    """Whether two words are forms of one word, or on one side of a pair of antonyms."""
    same_side = not _TURNS.get(one, set()).isdisjoint(_TURNS.get(other, set()))
    return same_side or one[:SAME_STEM] == other[:SAME_STEM]


def amounts_differ(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    """Whether both name amounts of one sort, and none is near any of the other's: "twice a day", "once a month"."""
    ratios = [
        ratio(mine, theirs)
        for mine in one
        for amount in other
        if (theirs := amount if amount.unit == mine.unit else amount.to(mine.unit)) is not None
    ]
    return bool(ratios) and min(ratios) >= AMOUNTS_APART


def ratio(one: Quantity, other: Quantity) -> float:
    """Return how many times the larger of two amounts of one unit is the smaller, by their nearest bounds; 1 at least.

    Infinite beside nothing, or beside less than nothing.
    """
    low = min(inf if each.high is None else each.high for each in (one, other))
    high = max(0.0 if each.low is None else each.low for each in (one, other))
    return _times(low, high)


def _times(low: float, high: float) -> float:
    return 1.0 if high <= low else high / low if low > 0 else inf
