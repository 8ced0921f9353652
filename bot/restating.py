"""The ways in which a claim may be restated: closed lists of what changes its words and not what it says.

    restatement = Restatement.of("just run more miles")
    restatement.end(meaning(words_of("They advise just running more miles.")))   # 6: all of its words are the claim's

Nothing here is weighed. A change is listed where it holds whatever the words around it are, and left out otherwise:
"begin" and "start" are listed; "become" and "get" are not, for the sake of "I got a coach".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.opposites import NEGATORS, number_of
from bot.views import LEANING_WORDS
from indexer.words import DETERMINERS, IMPERATIVES, NOMINATIVES, PRONOUNS, SPEECH, SUBORDINATORS, one_of

FILLERS = one_of(
    "really actually also very honestly literally definitely certainly totally absolutely personally",
    "tbh ngl lol haha",
)
"""Words that a restatement may leave out, and never adds: without them it says less, and not something else.

Not beside a negation: "not really helpful" is not "not helpful".
"""

FIRST = one_of("i i'm i've i'd i'll im ive me my mine myself we we're we've we'd us our ours ourselves")
"""Words that only a claim says, and a sentence about it does not."""

_ARTICLES = one_of("a an the")
_YES = one_of("yes yeah yep yup oh ok okay anyway please pls")
_QUALIFYING = one_of("and or but no not if unless only except though when")
"""Words before which a "yes" is not left out: "yes and no", "yes, but only for sprinters"."""
_LINKS = one_of("well and but so also plus")
"""Words that a claim may begin with and a restatement leaves out; `_LINKS` only before a subject or an "if"."""

_BREAKS = frozenset(('"', "-", ";", ",", ".", ":", "!", "(", ")", "and"))
"""What sets words apart: "No, weights help" is not "no weights help"."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,:/'-][^\W_]+)*|[&%$£€+°]|[-;,.:!()\"]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " "})
_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
)
_WHAT = "it|that|there|this|he|she|what|who|where|here|how|everything|everyone|nothing|nobody|someone"
_ADVERB = "also|just|never|not|then|highly|really|definitely|probably|still|always|only"
_PARTICIPLES = one_of("cut hit let put read set quit run let's lets don't dont never please")
_BASE = "|".join(sorted(IMPERATIVES - _PARTICIPLES | one_of("say love like recommend suggest")))
"""Verbs after which a "'d" is "would": not those that may be participles ("I'd run" may be "I had run")."""

_SPELLED = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"(?<=\d),(?=\d{3}\b)", ""),
        (r"\b(\d+)x(?:\s?(?:/|per)\s?|\s)(?=(?:a )?(?:day|week|month|year)\b)", r"\1 times "),
        (r"\btwice\b", "2 times"),
        (r"(\d)\s?(?:mins?|minutes?)\b", r"\1 minutes"),
        (r"(\d)\s?(?:hrs?|hours?)\b", r"\1 hours"),
        (r"(\d)\s?(?:secs?|seconds?)\b", r"\1 seconds"),
        (r"(\d)\s?(?:lbs?|pounds?)\b", r"\1 pounds"),
        (r"(\d)\s?(?:kgs?|kilos?|kilograms?)\b", r"\1 kg"),
        (r"(\d)\s?(?:kms?|kilomet(?:er|re)s?)\b", r"\1 km"),
        (r"(\d)(?=(?:am|pm|mph|mpw|yrs?|years?|weeks?|days?|months?)\b)", r"\1 "),
        (r"(?<=[\d ])percent\b", "%"),
        (rf"\b(?:around|approximately|roughly|approx\.?)(?= {_NUMBER}\b)", "about"),
        (r"\bper (?=day|week|month|year|hour|mile)", "a "),
        (rf"\b({_WHAT})'s (?=been|got)", r"\1 has "),
        (rf"\b({_WHAT})'s (?!\w+(?:ed|en|ne)\b)", r"\1 is "),
        (r"\b(thats|theres)\b", r"\1 is"),
        (r"'m\b", " am"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'ll\b", " will"),
        (rf"'d (?=(?:(?:{_ADVERB}) )?(?:{_BASE})\b)", " would "),
        (r"\b(?:have )?gotta\b", "have to"),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b|\bwould like to\b", "want to"),
        (r"^in (?:my|our|their) (?:opinion|view)\b,?|^(?:imo|imho)\b,?", "they think"),
        (r"^(.*?),? (?:imo|imho)\W*$", r"they think \1"),
        (r"\b(i|we|they) believe(?! (?:in|him|her|them|you|it\W*$)\b)", r"\1 think"),
        (r"\bkinda\b", "kind of"),
        (r"\bsorta\b", "sort of"),
        (r"\bidk\b", "i don't know"),
        (r"\balot\b", "a lot"),
        (r"\blots of\b|\bplenty of\b", "a lot of"),
        (r"\b(?:right|straight) away\b", "immediately"),
        (r"\bprior to\b", "before"),
        (r"\bin order to\b", "to"),
        (r"\b(?:due|owing) to\b", "because of"),
        (r"\beven though\b|\balthough\b|\btho\b", "though"),
        (r"\bno one\b", "nobody"),
        (r"\bw/ ?o\b", "without"),
        (r"\bw/(?= |\w)", "with "),
        (r"\bb/c\b", "because"),
        (r"\ba (?=(?:few|little|bit|lot|number)\b)", "a"),
        (r"\bthe (?=(?:most|least|more|less|few|only|other|number)\b)", "the"),
    )
)
"""Spellings of the same, in the order in which they are written out."""

_SAME = {
    one: written
    for written, others in (
        ("start", "begin"),
        ("starts", "begins"),
        ("started", "began"),
        ("starting", "beginning"),
        ("children", "kids"),
        ("child", "kid"),
        ("mother", "mum mom"),
        ("father", "dad"),
        ("people", "ppl folks"),
        ("everyone", "everybody"),
        ("someone", "somebody"),
        ("you", "u"),
        ("your", "ur"),
        ("terrible", "awful"),
        ("rarely", "seldom"),
        ("often", "frequently"),
        ("maybe", "perhaps"),
        ("because", "cuz cos coz bc"),
        ("until", "till til"),
        ("through", "thru"),
        ("minutes", "mins"),
        ("hours", "hrs"),
        ("weeks", "wks"),
        ("years", "yrs"),
        ("pounds", "lbs"),
        ("first", "1st"),
        ("third", "3rd"),
        ("bought", "purchased"),
        ("buying", "purchasing"),
        ("professor", "prof"),
        ("professors", "profs"),
        ("adviser", "advisor"),
        ("advisers", "advisors"),
        ("university", "uni"),
        ("undergraduate", "undergrad"),
        ("graduate", "grad"),
        ("examination", "exam"),
        ("examinations", "exams"),
        ("psychology", "psych"),
        ("chemistry", "chem"),
        ("mathematics", "math maths"),
        ("economics", "econ"),
        ("statistics", "stats"),
        ("vegetables", "veggies"),
        ("refrigerator", "fridge"),
    )
    for one in others.split()
}
"""Words that mean the same wherever they stand, by the one that stands for all."""

_WRITTEN_OUT = _SAME | {
    written: out
    for block, out in (
        ("can't cant cannot", "can not"),
        ("won't wont", "will not"),
        ("i we ive", "they"),
        ("im", "they be"),
        ("me us", "them"),
        ("my our", "their"),
        ("mine ours", "theirs"),
        ("myself ourselves", "themselves"),
        ("am is are", "be"),
        ("has", "have"),
        ("were", "was"),
        ("does", "do"),
    )
    for written in block.split()
}
"""Forms that differ by person alone, and contractions, as they are compared; none joins the past to the present.

Persons stay: "my knees hurt" is not "knees hurt", and "someone told me" not "they told someone".
"""


_NEGATED = re.compile(r"^(do|does|did|is|are|was|were|has|have|had|would|should|could|need|must)n'?t$")

_SAYING = SPEECH | one_of("swear swears report reports note notes mention mentions heard hear hope told")
_REFERRED = (DETERMINERS | NOMINATIVES | PRONOUNS) - one_of("that this these those no")
"""Words before which a "that" behind one of `_SAYING` only joins, and may be left out."""
_PLURAL = re.compile(r"ing$|[^isu]s$")
_COMMA_FREE = one_of("if when whenever unless until though")
"""Words before which a comma makes no difference, behind more than a "no"."""
_SUBJECTS = one_of("i we they")

_MOVABLE = SUBORDINATORS - one_of("while as though although once except whether given")
_HOLDS = SUBORDINATORS | _SAYING | one_of("that who which what how why where or but so even only than")
"""Words that may hold what comes after them: where the main clause has one, its condition stays where it is."""
_HOLDS_IF = one_of(
    "ask asks asked see check wonder sure matter matters depend depends decide forget remember love hate"
)
"""The same for an "if" or "when": "check if it leaks" is not "if it leaks, check"."""
_WITH_IT = one_of("just especially particularly not") | NEGATORS
"""Words that a condition does not move without."""

_REPORTERS = one_of("they someone poster")
_REPORTING = one_of(
    "say says said report reports reported write writes wrote note notes noted mention mentions mentioned think"
)
_ADVISING = one_of("advise advises advised recommend recommends recommended suggest suggests suggested")
_ADVISED = one_of("people you others")
_REPORT = re.compile(
    r"^(?:they|someone|the poster) (?:says?|said|reports?|reported|wrote|writes?|notes?|noted"
    r"|mentions?|mentioned|advised?|advises|recommend(?:s|ed)?|suggest(?:s|ed)?)(?: that\b| to\b)? "
    r"|^according to them,? ",
    re.IGNORECASE,
)
_WITH_VERB = one_of("just only always maybe definitely")
"""Words before an imperative that go with it into "they advise to"."""
_HABITS = one_of("drink eat enjoy lift live practice read run sleep speak study test think train use wait work write")
"""Imperatives that may as well be habits of somebody who leaves out the "I": "run 40 miles a week, no injuries"."""
_ADDRESSED = one_of("more less fewer your you")
"""Words beside which these are advice."""
_ASKED = IMPERATIVES - one_of("do never don't dont let let's lets listen look say")
_NO_ADVICE = one_of("anymore longer since")
"""Words beside which an imperative is none: "don't go there anymore" is told."""
_STATES = one_of("believe care feel get have hear know like love mind need remember see think understand want wish")
"""Verbs that after a "don't" without a subject tell of oneself: "don't think it helps"."""
_EXPECTED = _STATES | one_of("be end enjoy expect find improve notice recover")
"""Verbs after a "you should" that may expect something: "you should be fine" is no advice to be."""
_POINTING = one_of("it its it's it'll this these those he she him his her hers he's she's")
_TOLD = one_of("applied bought chose decided learned learnt met tested thought tried")
"""Verbs of people with which a claim begins that leaves out its "I": "helped my knees" leaves out an "it"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning, a number in digits, and whether a break or "and" stands before it."""

    stem: str
    fresh: bool = False


def words_of(text: str) -> list[str]:
    """Return the words and breaks of `text` as they are compared: folded, spelled alike, "they" for "I"."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().strip()
    for pattern, written in _SPELLED:
        folded = pattern.sub(written, folded)
    once = [part for word in _TOKEN.findall(folded) for part in _NEGATED.sub(r"\1 not", word).split()]
    kept = [word for at, word in enumerate(once) if not _may_go(once, at)]
    return [out for word in kept for out in _WRITTEN_OUT.get(word, word).split()]


def _may_go(words: Sequence[str], at: int) -> bool:
    """Whether a word makes no difference: a "that" that only joins, a comma before an "if", "I" after "I did, and"."""
    if not at or at + 1 == len(words):
        return False
    word, before, after = words[at], words[at - 1], words[at + 1]
    if word == "that":
        reported = before in _SAYING or (before in {"me", "us", "them"} and words[at - 2] == "told")
        return reported and (after in _REFERRED or bool(_PLURAL.search(after)))
    if word in _SUBJECTS:
        return before == "and" and word == words[0]
    return word == "," and after in _COMMA_FREE and at > 1


def meaning(words: Sequence[str], fillers: frozenset[str] = FILLERS) -> list[Word]:
    """Return the words that carry meaning, in their order, without articles and `fillers`."""
    found: list[Word] = []
    fresh = False
    for word in words:
        if word in _BREAKS:
            fresh = True
        elif word not in _ARTICLES and word not in fillers:
            found.append(Word(_stem(word), fresh))
            fresh = False
    return found


def without_report(text: str) -> str:
    """Return a sentence without what only says that somebody says it: claims are judged without, too."""
    return _REPORT.sub("", text)


def _stem(word: str) -> str:
    number = number_of(word)
    return word if number is None else f"{number:g}"


Compared = tuple[tuple[str, bool], ...]
"""What is the same in a claim and in what restates it: words, and the breaks between them."""


def _compared(words: Sequence[Word]) -> Compared:
    return tuple((word.stem, word.fresh and at > 0) for at, word in enumerate(words))


@dataclass(frozen=True, slots=True)
class Restatement:
    """How a claim may be restated: `said` by itself or after "they say", `advised` after "they advise" or "they say".

    `leans` says that a word of it may point back, such as "it": behind another claim it would point to that one.
    """

    said: frozenset[Compared]
    advised: frozenset[Compared]
    leans: bool

    @classmethod
    def of(cls, text: str, fillers: frozenset[str] = FILLERS) -> Restatement:
        """Return how a claim may be restated that reads `text`."""
        raw = _TOKEN.findall(text.translate(_QUOTES).casefold())
        forms = [form for opened in _opened(words_of(text)) for form in (opened, *_moved(opened))]
        first = raw[0] if raw else ""
        if first in _TOLD:
            forms.append(["they", *forms[0]])
        own = not FIRST.isdisjoint(raw)
        advised = [said for form in forms for said in _advised(form, own=own)]
        said, advice = (frozenset(_compared(meaning(one, fillers)) for one in many) for many in (forms, advised))
        return cls(said, advice, leans=first in LEANING_WORDS or not _POINTING.isdisjoint(raw))

    def end(self, words: Sequence[Word], at: int = 0) -> int:
        """Return where in `words` a restatement ends that begins at `at`, 0 for none."""
        stems = [word.stem for word in words]
        ends = [_end(words, at, self.said)]
        for behind in _reported(stems, at, _REPORTING):
            ends.append(_end(words, behind + (stems[behind : behind + 1] == ["that"]), self.said))
            ends.append(_end(words, behind, {one for one in self.advised if one[0][0] in _DIRECT}))
        for behind in _reported(stems, at, _ADVISING):
            ends.append(_end(words, behind, self.advised))
            if stems[behind : behind + 1] and stems[behind] in _ADVISED:
                ends.append(_end(words, behind + 1, {one for one in self.advised if one[0][0] in _DIRECT}))
        return max(ends)


_DIRECT = one_of("to not never")


def _end(words: Sequence[Word], at: int, forms: Iterable[Compared]) -> int:
    return max((at + len(form) for form in forms if _compared(words[at : at + len(form)]) == form), default=0)


def _reported(stems: Sequence[str], at: int, verbs: frozenset[str]) -> Iterator[int]:
    """Yield where in `stems` goes on what begins at `at` with "they say" or the like."""
    if stems[at : at + 1] and stems[at] in _REPORTERS and stems[at + 1 : at + 2] and stems[at + 1] in verbs:
        yield at + 2
    if verbs is _REPORTING and stems[at : at + 3] == ["according", "to", "them"]:
        yield at + 3


def _opened(words: list[str]) -> list[list[str]]:
    """`words`, and without what only opens them: "yes,", "but I"."""
    found = [words]
    while len(words) > 1:
        rest = words[2:] if words[1] == "," else words[1:]
        open_yes = words[0] in _YES and rest[:1] and rest[0] not in _QUALIFYING
        if not open_yes and not (words[0] in _LINKS and words[1] in _REFERRED | {",", "if"}):
            break
        words = rest
        found.append(words)
    return found


def _moved(words: list[str]) -> Iterator[list[str]]:
    """Yield `words` with a condition at the other end: "if B, A" for "A if B", and the other way round."""
    inside = [at for at, word in enumerate(words) if word in SUBORDINATORS]
    breaks = [at for at, word in enumerate(words) if word in _BREAKS]
    if words and words[-1] in {".", "!"}:
        breaks.pop()
        words = words[:-1]
    if len(inside) != 1 or words[inside[0]] not in _MOVABLE:
        return
    at = inside[0]
    if at and not breaks:
        main, condition = words[:at], words[at:]
        moved = [*condition, ",", *main]
    elif not at and len(breaks) == 1 and words[breaks[0]] == ",":
        condition, main = words[: breaks[0]], words[breaks[0] + 1 :]
        moved = [*main, *condition]
    else:
        return
    turned = condition[0] == "because" and not NEGATORS.isdisjoint(main)
    holds = _HOLDS | _HOLDS_IF if condition[0] in {"if", "when"} else _HOLDS
    if main and holds.isdisjoint(main) and main[-1] not in _WITH_IT and not turned:
        yield moved


def _advised(words: list[str], *, own: bool) -> Iterator[list[str]]:
    """Yield what may follow "they advise" where `words` are advice, in the imperative or with "you should".

    `own` says that the claim has an "I" or "my": then an imperative may be what its author does.
    """
    begun = next((at for at, word in enumerate(words) if word not in _WITH_VERB), len(words))
    before, rest = words[:begun], words[begun:]
    told = rest[:2] == ["you", "should"]
    rest = rest[2:] if told else rest
    turn = next((turn for turn in (["do", "not"], ["not"], ["never"]) if rest[: len(turn)] == turn), [])
    verb, after = "".join(rest[len(turn) : len(turn) + 1]), rest[len(turn) + 1 :]
    surely = verb not in _EXPECTED if told else not own and _is_advice(before, turn, verb, after)
    if not verb or not surely:
        return
    way = ["not"] if turn == ["do", "not"] else turn
    yield [*way, "to", *before, verb, *after]
    yield ["you", "should", *way, *before, verb, *after]
    for doing in _gerunds(verb):
        yield [*way, *before, doing, *after]
        if way == ["not"]:
            yield ["against", *before, doing, *after]
    if turn == ["never"]:
        yield ["to", "never", verb, *after]


def _is_advice(before: Sequence[str], turn: Sequence[str], verb: str, after: Sequence[str]) -> bool:
    """Whether an imperative is surely one, and not what somebody tells who leaves out the "I"."""
    if turn in (["not"], ["never"]) or not set(before) <= {"just", "definitely"}:
        return False
    if verb not in _ASKED or not _NO_ADVICE.isdisjoint(after) or after[:1] == [","] or (turn and verb in _STATES):
        return False
    return verb not in _HABITS or not _ADDRESSED.isdisjoint(after[:2])


def _gerunds(verb: str) -> Iterator[str]:
    yield f"{verb}ing"
    yield f"{verb}{verb[-1]}ing"
    if verb.endswith("e"):
        yield f"{verb[:-1]}ing"
