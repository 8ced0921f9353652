"""Whether a sentence that a chat model wrote says what the claims it cites say, and nothing else.

The model is taken for an adversary: one that turns a negation around, moves a number to another thing, leaves out the
"unless", cites a claim and adds a clause to it. So nothing is weighed: apart from articles, the persons that a
restatement changes ("I" to "they") and fillers that may be left out, the words of the sentence must be those of its
claims, all of them, in their order. What then still differs, the judge must find to stand on the claim's side.
A good sentence in other words is lost by this; a wrong one is not shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.opposites import NEGATORS, number_of
from bot.prose import Line
from bot.views import LEANING_WORDS
from bot.wording import shown
from corpus.thread import bare_words
from indexer.claims import Claim
from indexer.judge import Judgement
from indexer.knowledge import JudgedClaim
from indexer.words import one_of

WRONG = {
    "no_citation": "It lists no claim.",
    "unknown_citation": "It lists a claim that is not there.",
    "several_sides": "The claims it lists do not stand on one side.",
    "not_plain": "It holds a link, markup or odd characters, or is no sentence.",
    "too_long": "It is too long.",
    "first_person": 'It says "I" or "we" and is not word for word the claim.',
    "number": "It has a number that is not in the claim.",
    "other_words": "It does not have the words of the claim, all of them and no others.",
    "leans": "Its second half begins with a word that points back.",
    "judged_otherwise": "It does not stand on the side of its claims.",
    "repeated": "It says what was said before.",
}
"""What can be wrong with a sentence, in words for the model."""

LONGEST_CLAIM, LONGEST_SENTENCE = 150, 300
"""Characters of a claim that is restated at most, 9 in 10 are shorter; and of a sentence, which joins two of them."""

FEWEST_WORDS = 3
"""Words that carry meaning in a claim at least: with fewer, too much rests on the words that are not compared."""

_FREE = one_of(
    "a an the and i me my mine myself we us our ours ourselves they them their theirs themselves someone somebody",
)
"""Words that a restatement changes, adds or leaves out: articles, and the persons of whom it is told."""

_FILLERS = one_of(
    "really actually also very quite honestly basically literally definitely certainly totally absolutely personally",
    "yes yeah yep imo imho lol haha oh ok okay anyway",
)
"""Words that a restatement may leave out, and never adds: without them it says less, and not something else.

Not beside a negation: "not really helpful" is not "not helpful".
"""

_FIRST = one_of("i i'm i've i'd i'll im ive me my mine myself we we're we've we'd us our ours ourselves")
_JOINTS = one_of("while whereas but")
"""Words that may stand between two claims, beside "and" and a comma."""

_TOKEN = re.compile(r"[^\W_]+(?:[.,:/'-][^\W_]+)*|[&%$£€+°]|[-;,.:!()\"]")
_BREAKS = frozenset(('"', "-", ";", ",", ".", ":", "!", "(", ")", "and"))
"""What sets words apart: "No, weights help" is not "no weights help"."""
_WRITTEN_OUT = {
    written: out
    for block, out in (
        ("can't cant cannot", "can not"),
        ("won't wont", "will not"),
        ("i'm im they're we're am is are", "be"),
        ("i've ive they've we've has", "have"),
        ("i'd they'd we'd", "'d"),
        ("i'll they'll we'll", "will"),
        ("were", "was"),
        ("does", "do"),
    )
    for written in block.split()
}
"""Forms that differ by person alone, and contractions, as they are compared; none joins the past to the present."""
_A_FEW = re.compile(r"\ba (?=(?:few|little|bit|lot)\b)")
_NEGATED = re.compile(r"^(do|does|did|is|are|was|were|has|have|had|would|should|could|need|must)n'?t$")
_LINK = re.compile(r"://|\bwww\.|\b[a-z\d-]+\.[a-z]{2,}\b|@\w", re.IGNORECASE)
_MARKUP = re.compile(r"[<>\[\]{}|\\`*_#^~=\n\r\t]|&\w+;|(?<!\w)/|\?\?|!!")
_TYPOGRAPHIC = frozenset("’‘“”–—…£€°½¼¾")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " "})
_ENDING = re.compile(r"(?<=[a-z]{2}[a-rt-z])s$")
"""What "they" takes off a verb: other endings would tell another tense, or be another word ("caring", "car")."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning: its stem, and whether a break or "and" stands before it."""

    stem: str
    fresh: bool = False
    leans: bool = False


def meaning(text: str, fillers: frozenset[str] = _FILLERS) -> list[Word]:
    """Return the words of `text` that carry meaning, in their order, without `fillers`."""
    found: list[Word] = []
    fresh = False
    for word in _words(text):
        if word in _BREAKS:
            fresh = True
        elif word not in _FREE and word not in fillers:
            found.append(Word(_stem(word), fresh, word in LEANING_WORDS))
            fresh = False
    return found


def _words(text: str) -> list[str]:
    """The words of `text`, folded, contractions written out."""
    folded = _A_FEW.sub("a", unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold())
    once = (_NEGATED.sub(r"\1 not", word) for word in _TOKEN.findall(folded))
    return [written for words in once for word in words.split() for written in _WRITTEN_OUT.get(word, word).split()]


def _stem(word: str) -> str:
    number = number_of(word)
    return _ENDING.sub("", word) if number is None else f"{number:g}"


def is_plain(text: str) -> bool:
    """Return whether `text` is prose in Latin letters that no renderer, and no reader, takes for anything else."""
    return not (_LINK.search(text) or _MARKUP.search(text)) and all(
        one.isascii()
        or one in _TYPOGRAPHIC
        or (
            one.isalpha()
            and unicodedata.name(one, "").startswith("LATIN")
            and unicodedata.normalize("NFKC", one) == one
        )
        for one in unicodedata.normalize("NFC", text)
    )


def can_be_restated(text: str) -> bool:
    """Return whether a claim of these words can stand behind a sentence: plain, no question, and not too little."""
    return is_plain(text) and "?" not in text and len(text) <= LONGEST_CLAIM and len(meaning(text)) >= FEWEST_WORDS


Judging = Callable[[Sequence[tuple[str, Claim]]], Sequence[Judgement]]
"""Judges (question, claim) pairs, as the answer's claims were."""


def supported(text: str, cited: Sequence[JudgedClaim | None], judging: Judging) -> Line | str:
    """Return the line that `text` may be shown as, or what is wrong with it, one of `WRONG`.

    `cited` are the claims it lists, None for one that is not there.
    """
    text = " ".join(text.split())
    claims = list({one.cited.claim.id: shown(one) for one in cited if one}.values())
    if wrong := next(_unfit(text, cited, claims), ""):
        return wrong
    if all(bare_words(one.cited.claim.text) == bare_words(text) for one in claims):
        return Line(claims[0].cited.claim.text, tuple(claims), verbatim=True)
    if wrong := _differs(text, claims):
        return wrong
    restated = [(one.question, replace(one.cited.claim, text=text)) for one in claims]
    if any(said.stance is not one.judgement.stance for said, one in zip(judging(restated), claims, strict=True)):
        return "judged_otherwise"
    return Line(text[:1].upper() + text[1:], tuple(claims))


def _unfit(text: str, cited: Sequence[JudgedClaim | None], claims: Sequence[JudgedClaim]) -> Iterator[str]:
    """Yield what is wrong with a sentence and its citations before its words are compared."""
    if not cited:
        yield "no_citation"
    if not all(cited):
        yield "unknown_citation"
    if len({(one.judgement.stance, one.question) for one in claims}) > 1:
        yield "several_sides"
    if len(text) > LONGEST_SENTENCE:
        yield "too_long"
    if not is_plain(text) or "?" in text or not all(can_be_restated(one.cited.claim.text) for one in claims):
        yield "not_plain"


def _differs(text: str, claims: Sequence[JudgedClaim]) -> str:
    """What of the words of `text` is not that of the claims; "" where nothing is."""
    if not _FIRST.isdisjoint(_TOKEN.findall(text.translate(_QUOTES).casefold())):
        return "first_person"
    words = _words(text)
    known = {word for one in claims for word in _words(one.cited.claim.text)}
    if any(number_of(word) is not None or any(map(str.isdigit, word)) for word in set(words) - known):
        return "number"
    if any(word in _FILLERS and word not in known for word in words):
        return "other_words"
    fillers = _FILLERS if known.isdisjoint(NEGATORS) else frozenset()
    return _told(meaning(text, fillers), [meaning(one.cited.claim.text, fillers) for one in claims])


def _told(words: Sequence[Word], claims: Sequence[Sequence[Word]]) -> str:
    """Whether `words` are those of the claims one after the other, each once; what is wrong, where they are not."""
    left = [_compared(claim) for claim in claims]
    at = 0
    while at < len(words):
        if at:
            joined = words[at].stem in _JOINTS
            if not joined and not words[at].fresh:
                return "other_words"
            at += joined
            if at < len(words) and words[at].leans:
                return "leans"
        said = max((one for one in left if _compared(words[at : at + len(one)]) == one), key=len, default=None)
        if said is None:
            return "other_words"
        left = [one for one in left if one != said]
        at += len(said)
    return "other_words" if left else ""


def _compared(words: Sequence[Word]) -> list[tuple[str, bool]]:
    """What is the same in a claim and in what restates it: words, and the breaks between them."""
    return [(word.stem, word.fresh and at > 0) for at, word in enumerate(words)]
