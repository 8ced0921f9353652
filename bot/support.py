"""Whether a sentence that a chat model wrote says what the claims it cites say, and nothing else.

The model is taken for an adversary: one that turns a negation around, moves a number to another thing, leaves out the
"unless", cites a claim and adds a clause to it. So nothing is weighed: apart from what `bot.restating` lists (persons,
spellings, a "they say" in front, a condition at the other end), the words of the sentence must be those of its claims,
all of them, in their order. What then still differs, the judge must find to stand on the claim's side.
A good sentence in other words is lost by this; a wrong one is not shown. `python -m benchmarks.support` counts both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.opposites import NEGATORS
from bot.prose import Line
from bot.restating import FILLERS, FIRST, Restatement, Word, meaning, without_report, words_of
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

_JOINTS = one_of("while whereas but")
"""Words that may stand between two claims, beside "and" and a comma."""

_PERSONS = one_of("they them")
"""Whom a restatement tells of: they point to whoever said it, and not back."""

_ANY_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LINK = re.compile(r"://|\bwww\.|\b[a-z\d-]+\.[a-z]{2,}\b|@\w", re.IGNORECASE)
_MARKUP = re.compile(r"[<>\[\]{}|\\`*_#^~=\n\r\t]|&\w+;|(?<!\w)/|\?\?|!!")
_TYPOGRAPHIC = frozenset("’‘“”–—…£€°½¼¾")


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
    return (
        is_plain(text)
        and "?" not in text
        and len(text) <= LONGEST_CLAIM
        and len(meaning(words_of(text))) >= FEWEST_WORDS
    )


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
    bare = without_report(text)
    restated = [(one.question, replace(one.cited.claim, text=bare)) for one in claims]
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
    if not FIRST.isdisjoint(_ANY_WORD.findall(text.replace("’", "'").casefold())):
        return "first_person"
    told = [one.cited.claim.text for one in claims]
    known = {word for claim in told for word in words_of(claim)}
    fillers = FILLERS if known.isdisjoint(NEGATORS) else frozenset[str]()
    if any(word in FILLERS and word not in known for word in words_of(text)):
        return "other_words"
    stems = {word.stem for claim in told for word in meaning(words_of(claim), frozenset())}
    words = meaning(words_of(text), fillers)
    if any(any(map(str.isdigit, word.stem)) and word.stem not in stems for word in words):
        return "number"
    return _told(words, [Restatement.of(claim, fillers) for claim in told])


def _told(words: Sequence[Word], claims: Sequence[Restatement]) -> str:
    """Whether `words` restate the claims one after the other, each once; what is wrong, where they do not."""
    left = list(claims)
    at = 0
    while at < len(words):
        if at:
            joined = words[at].stem in _JOINTS
            if not joined and not words[at].fresh:
                return "other_words"
            at += joined
            if at < len(words) and words[at].stem in LEANING_WORDS - _PERSONS:
                return "leans"
        said = max(left, key=lambda one: one.end(words, at), default=None)
        if said is None or not (end := said.end(words, at)):
            return "other_words"
        if at and said.leans:
            return "leans"
        left.remove(said)
        at = end
    return "other_words" if left else ""
