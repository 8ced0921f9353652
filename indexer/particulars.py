"""Claim -> Particulars: for whom it was true, how much, what came of it, under which condition; verbatim spans.

Quantities come from `indexer.quantities`; the words around them decide what they mean. The rest is found by rules over
closed lists of words. Precision counts before recall: a doubtful span is left out. Points in time ("3 years ago",
"at 6 pm", "last week") are no particulars. Every pattern is bounded, so that time grows linearly with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from indexer.quantities import LENGTHS, MASSES, MONEY, PER, TIMES, Found, Quantity, apart, quantities
from indexer.words import one_of, phrases, rule


class ParticularType(StrEnum):
    """What a particular says; `AGE` to `SEASON` say who a claim was true for."""

    AGE = "age"
    LEVEL = "level"
    VOLUME = "volume"
    INJURY = "injury"
    SEASON = "season"
    DOSE = "dose"
    OUTCOME = "outcome"
    CONDITION = "condition"


WHO = frozenset(list(ParticularType)[:5])
"""The types that say who a claim was true for."""


class Direction(StrEnum):
    """Whether an outcome is good or bad for whoever tells it."""

    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Particular:
    """A verbatim span of a claim, `claim.text[start:end] == text`, and its normalised value.

    `quantity` is a number or range with its unit (an age in years; an outcome as a signed change), `name` what is no
    number: a level, an injury, a season, a condition that opens with "if", "unless" or "depending on", or what an
    outcome is about. Only an outcome has a `direction`.
    """

    type: ParticularType
    start: int
    end: int
    text: str
    quantity: Quantity | None = None
    name: str = ""
    direction: Direction | None = None

    @property
    def value(self) -> str:
        """The normalised value on one line: "2 per week", "-40 second, better", "unless you're injured"."""
        parts = (str(self.quantity) if self.quantity else "", self.name, str(self.direction or ""))
        return ", ".join(part for part in parts if part)


def particulars(text: str) -> tuple[Particular, ...]:
    """Return the particulars of `text`, a claim, in order of where they start.

    They never overlap, but a condition may hold others ("if you run 40 km a week"). Never raises; any text will do.
    """
    readers = (_reports, _measured, _ages, _injuries, _levels, _seasons)
    found = apart(one for read in readers for one in read(text))
    return tuple(sorted((*found, *_conditions(text)), key=lambda one: (one.start, -one.end)))


def _particular(
    kind: ParticularType,
    text: str,
    span: tuple[int, int],
    *,
    quantity: Quantity | None = None,
    name: str = "",
    direction: Direction | None = None,
) -> Particular:
    start, end = span
    name = " ".join(name.lower().replace("’", "'").split())
    return Particular(kind, start, end, text[start:end], quantity, name, direction)


# ---------------------------------------------------------------- quantities and what they mean
NEARBY = 40
"""Characters on either side of a quantity that are read for what it means."""

_POINT = rule(
    r"(ago|earlier|later|back|from now|prior|down the (road|line)|in a row|out of|into|in)\b(?! (a|the|my|total)\b)"
)
_WINDOW = rule(r"\b(past|last|next|previous|first|final|coming|latest|after|in|within|by|until|since)( the)?\s\Z")
"""Before a time: when, not how long."""
_OLD = re.compile(r"[\s-](?:olds?|of\sage)\b", re.IGNORECASE)
_OFF = rule(r"\soff\b(?! (work|school|from|between|to|in|and|before|after|for|each|every|is|was|would|will)\b)")
_ON = re.compile(r"\bon\W{1,3}\Z", re.IGNORECASE)
"""Before "5 minutes off": 25 minutes on, so a rest."""
_COMPARED = rule(r"\s(faster|quicker|slower)\b")
_LOST = rule(r"\b(lost|dropped|shed|saved|improved by)( (about|around|over|almost|nearly|me|us))? \Z")
_PERSON = phrases("""
    guy|man|woman|girl|boy|male|female|lady|kid|child|son|daughter|student|runner|freshman|sophomore|junior|senior|person
    brother|sister|adult|grad|mom|mum|dad|undergrad
""")
_OLD_PERSON = rule(r"[\s-]olds? ([a-z-]{2,14} ){0,2}<person>\b", person=_PERSON)
_WHOSE_AGE = rule(
    r"\b(i'm|i am|is|was|he's|she's|turned|an?|my|our|your|as|you're|when)( (now|only|almost|nearly))? \Z"
)
_THING = rule(r"[\s-]olds? (?!(and|but|who|with|when|in|is|was|has|had|at|so|or|i|we)\b)[a-z]{2}")
YOUNGEST, OLDEST = 3, 105
"""Years of somebody whose bare age is told ("I was 5"); other numbers are none."""


def _measured(text: str) -> Iterator[Particular]:
    for found in quantities(text):
        before, after = text[max(0, found.start - NEARBY) : found.start], text[found.end : found.end + NEARBY]
        one = (
            _outcome(text, found, before, after)
            or _age(text, found, before, after)
            or _amount(text, found, before, after)
        )
        if one:
            yield one


def _outcome(text: str, found: Found, before: str, after: str) -> Particular | None:
    """Return a change in what is measured: "took 40 s off", "lost 5 kg", "10% faster"."""
    quantity = found.quantity
    start, end = found.start, found.end
    is_time = quantity.unit in TIMES
    signed: Quantity | None = None
    good = True
    if (compared := _COMPARED.match(after)) and (is_time or quantity.unit == "percent"):
        good = not compared[0].lower().endswith("slower")
        signed = -quantity if good is is_time else quantity
        end += compared.end()
    elif (
        (off := _OFF.match(after))
        and not _ON.search(before)
        and (quantity.unit in ("second", "minute") or quantity.unit in MASSES)
    ):
        signed = -quantity
        end += off.end()
    elif lost := _LOST.search(before):
        verb = lost[0].split()[0].lower()
        is_money = quantity.unit.partition(PER)[0] in MONEY.values()
        if verb == "improved" or (verb == "saved" and is_money):
            signed = quantity
        elif (verb == "saved" and is_time) or (verb != "saved" and quantity.unit in ("pound", "kilogram")):
            signed = -quantity
        elif verb == "lost" and is_money:
            signed, good = -quantity, False
        start -= len(before) - lost.start()
    if signed is None:
        return None
    direction = Direction.BETTER if good else Direction.WORSE
    return _particular(ParticularType.OUTCOME, text, (start, end), quantity=signed, direction=direction)


def _age(text: str, found: Found, before: str, after: str) -> Particular | None:
    old = _OLD.match(after)
    if not old or found.quantity.unit not in ("year", "month", "week", "day"):
        return None
    if not _OLD_PERSON.match(after) and (_THING.match(after) or not _WHOSE_AGE.search(before)):
        return None
    years = found.quantity if found.quantity.unit == "year" else found.quantity.to("year")
    return _particular(ParticularType.AGE, text, (found.start, found.end + old.end()), quantity=years)


def _amount(text: str, found: Found, before: str, after: str) -> Particular | None:
    unit = found.quantity.unit
    if unit in TIMES and (_POINT.match(after.lstrip(" -")) or _OLD.match(after) or _WINDOW.search(before)):
        return None
    of, _, per = unit.partition(PER)
    weekly = per == "week" and (of in TIMES or of in LENGTHS) and of not in ("day", "night")
    kind = ParticularType.VOLUME if weekly else ParticularType.DOSE
    return _particular(kind, text, (found.start, found.end), quantity=found.quantity)


# ---------------------------------------------------------------- who
_DECADES = {"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70}
_IN_DECADE = re.compile(
    r"\b(?:my|his|her|their|your)\s(?:(?:early|mid|late)[\s-])?"
    rf"(?:(?P<tens>[2-8]0)['’]?s|(?P<word>{'|'.join(_DECADES)})|(?P<teens>teens))\b",
    re.IGNORECASE,
)
_BEFORE_AGE = (
    r"\b(?:i['’]?m|i\sam|i\swas|he['’]s|he\swas|she['’]s|she\swas|you['’]re|turned|turning)\s(?:only\s|just\s|now\s)?"
)
_AFTER_AGE = r"(?=\W*\Z|[,;:!?)(]|\.\s|\s(?:and|now|too|so|but|when|with|or|who|because|while)\b)"
_AGED = re.compile(rf"{_BEFORE_AGE}(?P<age>\d{{1,3}}){_AFTER_AGE}", re.IGNORECASE)
_AT_AGE = re.compile(r"\b(?:at\s(?:the\s)?age\s(?:of\s)?|aged\s|age\s)(?P<age>\d{1,3})\b(?![-–%])", re.IGNORECASE)
_DID_AT = re.compile(
    r"\bI\s(?:\w+\s){0,2}?(?:learn(?:ed|t)|tried|switched|quit|retired|gave\sup|went\sback|(?:took|picked)\s(?:it\s)?up"
    r"|(?:started|began)\s\w+ing)(?:\s\w+){0,3}?\sat\s(?P<age>[1-9]\d)"
    r"(?=\W*\Z|[,;:!?)]|\.\s|\s(?:and|but|in|with|when|so|because|after|as|too)\b)",
    re.IGNORECASE,
)
"""What somebody did at an age: "I tried at 43 and gave up"; "I started at 40" may be an amount."""
_YEARS_OLD = re.compile(r"(?<![\w.,-])(?P<age>\d{1,3})\s?-?(?:yo|y/o)\b", re.IGNORECASE)


def _ages(text: str) -> Iterator[Particular]:
    for match in _IN_DECADE.finditer(text):
        first = 13 if match["teens"] else int(match["tens"] or _DECADES[match["word"].lower()])
        ages = Quantity(first, 19 if match["teens"] else first + 9, "year")
        yield _particular(ParticularType.AGE, text, match.span(), quantity=ages)
    for pattern in (_AT_AGE, _AGED, _DID_AT, _YEARS_OLD):
        for match in pattern.finditer(text):
            age = float(match["age"])
            if YOUNGEST <= age <= OLDEST:
                yield _particular(ParticularType.AGE, text, match.span(), quantity=Quantity(age, age, "year"))


_PART = phrases("""
    (lower |upper )?back|knees?|ankles?|shoulders?|hips?|necks?|wrists?|elbows?|heels?|foot|feet|shins?|calf|calves
    hamstrings?|quads?|groin|achilles|it band|rotator cuff|ligaments?|tendons?|joints?|muscles?|leg|legs|chest|stomach
    tooth|jaw|spine|spinal|finger|thumb|hand|toe|acl|meniscus
""")
_INJURY = rule(
    r"""
    \b<part>( (and|&|or|/) <part>)?[\s-]<trouble>\b
    \b(shin splints?( issues)?|plantar fasciitis|runner's knee|tennis elbow|carpal tunnel|sciatica|tend[io]nitis)\b
    \b((herniated|slipped|bulging) dis[ck]s?|stress fractures?|torn <part>|(broken|sprained|twisted) <limb>)\b
    """,
    part=_PART,
    trouble="(?:pains?|aches?|injur(?:y|ies)|problems?|issues|strains?|sprains?|tears?|surgery|soreness|spasms?)",
    limb="(?:leg|arm|wrist|ankle|foot|hand|toe|finger|collarbone|rib)s?",
)
_ILLNESS = re.compile(
    r"\b(?:have|has|had|with|my|diagnosed\swith)\s(?:severe\s|chronic\s|mild\s|bad\s|an?\s)?(asthma|diabetes|arthritis|"
    r"copd|adhd|epilepsy|fibromyalgia|scoliosis|hypertension|migraines|osteoporosis|crohn['’]?s)\b",
    re.IGNORECASE,
)
_NOT = phrases("""
    no|not|never|nobody|nothing|cannot|without|hardly
    (do|did|does|ca|wo|is|was|would|could|should|have|has|had|are)n't
""")
_NOT_HAD = rule(r"\b(<no>|avoid\w*|prevent\w*|risks?|suspect\w*|might|if|unless|less|fewer)\b", no=_NOT)
"""Words before an injury that nobody has, or not yet."""
FEW_WORDS = 5
"""Words before a span in which a word such as "not" turns it."""
_LEVEL_NAMES = {
    "beginner": "beginner|beginners|novice|novices|newbie|complete beginner|total beginner|absolute beginner",
    "freshman": "freshman|freshmen|college freshman",
    "sophomore": "sophomore|sophomores",
    "junior": "junior",
    "senior": "senior|college senior|high school senior",
    "undergraduate": "undergrad|undergraduate|undergraduate student|undergrad student|undergrads",
    "graduate student": "grad student|graduate student|grad students|graduate students|masters student",
    "doctoral student": "phd student|phd candidate|doctoral student|doctoral candidate|phd students",
    "postdoc": "postdoc|post-doc",
    "professor": "professor|prof|assistant professor|associate professor",
    "international student": "international student|international students",
    "transfer student": "transfer student|transfer students",
}
_LEVELS = {spelling: name for name, spellings in _LEVEL_NAMES.items() for spelling in spellings.split("|")}
_LEVEL_WORDS = "|".join(sorted((re.escape(one).replace(r"\ ", r"\s") for one in _LEVELS), key=len, reverse=True))
_ENDS_NOUN = (
    r"(?=\W*\Z|[,.;:!?)(]|\s(?:and|but|so|or|who|that|i|you|we|it|in|at|on|with|from|for|to|now|this|is|are|was|were|"
    r"here|too|myself|yourself|when|if|my|the|because|can|should|as|studying|majoring|here|by|then|looking|doing|trying)\b)"
)
_LEVEL = re.compile(
    r"\b(?:(?:i['’]?m|i\sam|i\swas|you['’]?re|you\sare|he['’]s|she['’]s|being|(?<!than\s)as)\s"
    r"(?:(?:just|still|currently|also|only|now|rising|a|an|another|fellow|current|former)\s){0,3}"
    rf"|for\s(?:an?\s|most\s)?(?!prof))(?P<level>{_LEVEL_WORDS}){_ENDS_NOUN}",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5}
_CLASS_YEAR = re.compile(r"\b(?P<level>freshman|sophomore|junior|senior)\s(?:year|semester)\b", re.IGNORECASE)
_NTH_YEAR = re.compile(
    rf"\b(?:i['’]?m|i\sam|as|being)\s(?:an?\s|in\smy\s)?(?P<span>(?P<nth>{'|'.join(_ORDINALS)})[\s-]year"
    r"(?P<who>\s(?:phd|grad|graduate|masters|undergrad|college|uni)?\s?student)?)\b",
    re.IGNORECASE,
)


def _injuries(text: str) -> Iterator[Particular]:
    for pattern in (_INJURY, _ILLNESS):
        for match in pattern.finditer(text):
            if not _NOT_HAD.search(_words_before(text, match.start())):
                span = match.span(match.lastindex or 0)
                yield _particular(ParticularType.INJURY, text, span, name=text[slice(*span)])


def _words_before(text: str, start: int) -> str:
    """Return the last words before `start` in the same clause."""
    before = re.split(r"[.,;:!?]", text[max(0, start - NEARBY) : start])[-1]
    return " ".join(before.split()[-FEW_WORDS:])


def _levels(text: str) -> Iterator[Particular]:
    for match in _LEVEL.finditer(text):
        name = _LEVELS[" ".join(match["level"].lower().split())]
        yield _particular(ParticularType.LEVEL, text, match.span("level"), name=name)
    for match in _CLASS_YEAR.finditer(text):
        yield _particular(ParticularType.LEVEL, text, match.span(), name=match["level"])
    for match in _NTH_YEAR.finditer(text):
        name = f"year {_ORDINALS[match['nth'].lower()]}{match['who'] or ''}"
        yield _particular(ParticularType.LEVEL, text, match.span("span"), name=name)


_SEASON = re.compile(
    r"\b(?:in|during|over|through|throughout|by|until|til|till|for|since|every|this|last|next|all|before|after|come)\s"
    r"(?:(?:the|your|my|this|last|next|early|late|mid|end\sof|entire|whole)[\s-]){0,3}"
    r"(?P<season>spring|summers?|autumn|winters?|(?:marathon|race|racing|off|flu|growing|ski|exam|holiday)[\s-]?season"
    r"|(?:(?:spring|summer|fall|autumn|winter)\s(?:and|or|/)\s)?(?:fall|spring|summer|winter|autumn)(?:\ssemester|\sterm))"
    r"(?=\W*\Z|[,.;:!?)(/]|\s(?:and|or|but|when|i|you|we|it|they|the|of|to|with|for|on|in|by|at|is|was|if|because|so|my|as|"
    r"after|before|semester|instead|would|will)\b)",
    re.IGNORECASE,
)
_OPENING_SEASON = re.compile(
    r"\A(?P<season>(?:spring|summer|autumn|winter)(?:\sand\s(?:spring|summer|autumn|winter))?),", re.IGNORECASE
)


def _seasons(text: str) -> Iterator[Particular]:
    for pattern in (_OPENING_SEASON, _SEASON):
        for match in pattern.finditer(text):
            name = match["season"].lower().removesuffix("s").replace("-", " ")
            yield _particular(ParticularType.SEASON, text, match.span("season"), name=name)


# ---------------------------------------------------------------- outcomes
_BAD = phrases("""
    (\\w{2,14} )?(pains?|aches?|reflux)|injur(y|ies)|symptoms?|stress|anxiety|depression|inflammation|swelling|soreness
    stiffness|spasticity|tightness|headaches?|migraines?|acne|eczema|rash|cramps|fatigue|insomnia|snoring|cravings?
    heartburn|bloating|nausea|blood pressure|cholesterol|resting heart rate|shin splints?|tend[io]nitis|sciatica
    plantar fasciitis|cough|allerg(y|ies)|tremors?|side effects
""")
_GOOD = phrases("""
    gpa|grades?|scores?|mood|sleep|energy( levels?)?|strength|endurance|stamina|fitness|posture|balance|mobility
    flexibility|confidence|focus|concentration|memory|performance|quality of life|(mental )?health|productivity|pace
    technique|recovery|income|salary|credit score|motivation|vision|eyesight|skin|digestion|appetite|accuracy
    flavou?r|efficiency|relationship|speed|writing|english|battery life
""")
_FRESH = r"(?:(?:\w{2,14}ly|also|just|all|now|already|much|even|a lot|a bit|a little|quite|so|way|far) ){0,3}"
_BE = "(?:was|were|is|are|has|have|had|been|got|gotten|went|became|feels)"
_CHANGES = {
    Direction.BETTER: r"""
        \b<bad> (<be> ){1,2}<often>(gone|away|under control|better|improved|cleared up|healed|reduced|lower|cured)\b
        \b<bad> (has |have |had )?<often>(disappeared|vanished|improved|cleared up|healed)\b
        \b<bad> (has |have |had )?<often>(eased|subsided|lessened|reduced|decreased)\b(?! (by|from|the|a|my)\b)
        \b(?<!of\s)<bad> gone\b
        \b<good> (has |have |had )?<often>(improved|gone up|went up|skyrocketed|got better|gotten better|increased)\b
        \b(feel|felt|feeling|slept|sleep|got|gotten|became|recovered|ran) <often><better>\b(?! <other>\b)
        \b(made|makes|making|make) (me|you|us|him|her|them|people) <often><better>\b
        \b(helped|helps) (me |him |her |us |you )?<greatly>\b
        \b(worked|works) (wonders|like a charm|a treat)\b
        \bgot rid of (my |the |all )?<bad>\b
        \b(cured|fixed|healed|eliminated) (my |the |your |all ){0,2}<bad>\b
        \b(eased|eases|reduced|reduces|relieved|relieves|lowered|lowers) (my |the |your |all ){0,2}<bad>\b
        \b(improved|improves|boosted|boosts|raised) (my|your|our|his|her) <good>\b
        \b(far |much |a lot )?more (resistant to injury|injury resistant)\b
        \b(pain|injury|symptom|debt)[\s-]free\b
        \b(no more|fewer|less) (\w{2,14} )?(pains?|aches?|injuries|headaches|migraines|soreness|swelling)\b(?! than)
        \b(has|have) <often>paid off\b(?! (my|the|a|our)\b)
    """,
    Direction.WORSE: r"""
        \b<bad> (<be> ){1,2}<often>(worse|worsened)\b
        \b<bad> (has |have |had )?<often>(worsened|came back|flared up|returned)\b
        \b<good> (has |have |had )?<often>(dropped|declined|suffered|fell)\b(?! (off|out|asleep|in love)\b)
        \b<good> (has |have |had )?<often>(went down|plummeted|tanked|decreased|deteriorated|worsened|got worse)\b
        \b(feel|felt|feeling|slept|got|gotten|became|ran) <often><worse>\b(?! (than|at)\b)
        \b(made|makes|making|make) (me|you|us|him|her|them|people|it|things) <often><worse>\b
        \b(hurt|wrecked|ruined|tanked|destroyed) my (<good>|<part>)\b
        \b(gave me|left me with) (a |an |some |bad |severe |terrible ){0,2}<bad>\b
    """,
}
_BETTER = "better|stronger|faster|fitter|healthier|happier|calmer|leaner|sharper|more (confident|relaxed)"
_REPORTS = {
    direction: rule(
        block,
        good=_GOOD,
        bad=_BAD,
        part=_PART,
        often=_FRESH,
        be=_BE,
        better=phrases(f"{_BETTER}|less (stressed|anxious)"),
        worse=phrases("worse|weaker|slower|sicker|more (stressed|anxious|tired|depressed)"),
        other=phrases("equipped|able|suited|prepared|at|than|with|prices?|grades?|jobs?|offers?"),
        greatly=phrases("a lot|a ton|tremendously|immensely|enormously|so much|massively|hugely|greatly"),
    )
    for direction, block in _CHANGES.items()
}
_UNSURE = rule(
    r"""
    \b(<no>|hope|hoping|hopefully|if|unless|until|would|could|may|might|can|should|wish|expect|want)\b
    \b(whether|than|maybe|did|when|wonder|only)\b
    \bto\Z
    """,
    no=_NOT,
)
"""Words before an outcome that make it no report."""


def _reports(text: str) -> Iterator[Particular]:
    for direction, pattern in _REPORTS.items():
        for match in pattern.finditer(text):
            if not _UNSURE.search(_words_before(text, match.start())):
                yield _particular(ParticularType.OUTCOME, text, match.span(), name=match[0], direction=direction)


# ---------------------------------------------------------------- conditions
_CONNECTORS = rule(
    r"""
    \b(only )?(if|unless)\b
    \b(as|so) long as(?= (i|you|we|they|he|she|it|it's|you're|they're|the|your|there|there's|your|nobody|no)\b)
    \b(provided|providing|assuming) that\b
    \bassuming(?= (you|it|they|your|the|he|she)\b)
    \bdepending (up)?on\b
    \bexcept (if|when)\b
    """
)
_NO_CONDITION = rule(
    r"""
    (if|unless) (so|not|any|anything|ever|possible|at all|only|needed|need be|memory|nothing else|and when|or when)\b
    (if|unless) (i were|i was|i remember|i recall|i had to|i may|i('m| am) (being )?(honest|correct|right|wrong))\b
    (if|unless) (you ask|you will|you know|you must|you don't mind|you haven't|you stop to|for (example|instance))\b
    (if|unless) (that makes sense|that's|this is any|it makes|it helps)\b
    (if|unless) you have (any )?(other |more |further )?questions\b
    """
)
_WHETHER = rule(
    r"""
    \b<asked>(\W+\w+){0,2}\W+\Z
    \b<judged>(\W+\w+){0,2}\W+\Z
    \b(wonder|asked|asking|ask|check|know|tell|sure)(\W+\w+){0,4}\W+\Z
    """,
    asked=phrases(r"""
        wonder\w*|ask\w*|know\w*|see|saw|sure|unsure|check\w*|tell|told|deci\w+|doubt|curious|remember|confirm|test|figure
        find out|found out|determine|question|idea|clue|consider|say|said|think\w*|thought|imagine|wrote|or
    """),
    judged=phrases(r"""
        surprised|blame|cares?|matters?|mind|appreciate\w*|great|nice|cool|weird|strange|look\w*|feels?|felt|seems?|sounds?
        clear|grateful|love|hate|sorry|damned
    """),
)
"""Before "if": what it asks, or what would be felt about it."""
_JUST_BEFORE = rule(r"\b(as|even|what|like|than|how|and|or) \Z")
_FRONTED = rule(
    r"""
    (\A|[.;:!?,(-])\W*\Z
    \b(and|but|so|because|that|then|also|think|guess|believe|say|mean|yeah|well|maybe|plus|though|is|be|was)\W*\Z
    """
)
_CONDITION_END = re.compile(r"[,.;:!?…](?=\s|\Z|[\"')])|[()\n—]|\s[–-]\s|\.\.|\sthen\b", re.IGNORECASE)
LONGEST_CONDITION, LONGEST_BARE = 25, 5
"""Words of a condition: a longer one holds more than itself; before its main clause without a comma, very few."""
LETTERS_A_WORD = 12
"""With its space, at most, on average: bounds how far the end of a condition is looked for."""
_MAIN_CLAUSE = rule(
    r"(?<!that)(?<!what)(?<!and)(?<!think)(?<!who)(?<!which)(?<!how) (there (is|are)|there's|(you|they|it|he|she|we|i)"
    r"('ll|'d| should| might| will| would| must| won't| need to))\b"
)
"""The main clause of a condition that no comma parts from it."""
_LOOSE_ENDS = one_of("a an the and or but to of is are was be with for in their your my")
MIN_CONDITION = 3
"""Words of a condition before its main clause can start."""


def _conditions(text: str) -> Iterator[Particular]:
    done = 0
    for match in _CONNECTORS.finditer(text):
        before = text[max(0, match.start() - NEARBY) : match.start()]
        if match.start() < done or _NO_CONDITION.match(text, match.start()) or _JUST_BEFORE.search(before):
            continue
        if _WHETHER.search(before) and not before.rstrip().endswith(tuple(",.;:")):
            continue
        limit = match.end() + LONGEST_CONDITION * LETTERS_A_WORD
        stop = _CONDITION_END.search(text, match.end(), limit)
        end = stop.start() if stop else min(len(text), limit)
        said = text[match.end() : end].split()
        comma = stop is not None and stop[0] in (",", " then")
        longest = LONGEST_BARE if _FRONTED.search(before) and not comma else LONGEST_CONDITION
        if _is_clause(said, longest):
            end -= len(text[match.end() : end]) - len(text[match.end() : end].rstrip())
            name = f"{_connector(match[0])} {' '.join(said)}"
            yield _particular(ParticularType.CONDITION, text, (match.start(), end), name=name)
            done = end


def _is_clause(said: list[str], longest: int) -> bool:
    """Whether the words after a connector are its clause and no more."""
    whole = 1 < len(said) <= longest and said[-1].lower() not in _LOOSE_ENDS
    return whole and not _MAIN_CLAUSE.search(" ".join(said[MIN_CONDITION - 1 :]))


def _connector(said: str) -> str:
    first = said.partition(" ")[0].lower()
    return "depending on" if first == "depending" else "unless" if first in ("unless", "except") else "if"
