"""Whether two claims that look alike say opposite things: "lift twice a week" and "never lift", "more" and "less".

An encoder puts such pairs close together ("lifting makes you faster", "lifting makes you slower": cosine 0.94), so
their words decide here. It errs on one side on purpose: two claims wrongly held apart cost a line on the page, two
opposites in one view would misreport people.

Measured on pairs of Perspectrum with a cosine of at least 0.6: held apart are 37% of the pairs from opposite sides of a
question, most of which are simply about different things, and 20% of the paraphrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
        "before prior | after afterwards following",
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

_TURNS: dict[str, set[int]] = {}
for _number, _pair in enumerate(ANTONYMS, start=1):
    for _sign, _side in zip((1, -1), _pair, strict=True):
        for _word in _side:
            _TURNS.setdefault(_word, set()).add(_sign * _number)


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a claim's words can oppose another's.

    `turns` holds, for each pair of antonyms of which only one side occurs, its number, negative for the second side.
    """

    words: frozenset[str]
    negations: int
    turns: frozenset[int]
    undone: frozenset[str]


def read(text: str) -> Reading:
    """Return what of the words of `text` can oppose another claim."""
    listed = _WORD.findall(text.lower().replace("’", "'"))
    words = frozenset(listed)
    turns = {turn for word in words for turn in _TURNS.get(word, ())}
    return Reading(
        words=words,
        negations=sum(word in NEGATORS or word.endswith("n't") for word in listed),
        turns=frozenset(turn for turn in turns if -turn not in turns),
        undone=frozenset(prefix + word for word in words for prefix in PREFIXES if len(word) >= SHORTEST_PREFIXED)
        - words
        - NOT_PREFIXED,
    )


def opposed(one: Reading, other: Reading) -> bool:
    """Whether two claims on one matter say opposite things, as far as their words tell."""
    if bool(one.negations) != bool(other.negations) or (one.negations - other.negations) % 2:
        return True
    if any(-turn in other.turns for turn in one.turns):
        return True
    return not (one.undone.isdisjoint(other.words) and other.undone.isdisjoint(one.words))
