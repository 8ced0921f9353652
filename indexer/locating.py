"""Where words that somebody copied stand in a text: folded, across ellipses, and where a few of them differ.

Copies differ from what they copy in case, spaces and punctuation, leave parts out, and mistype. An exact search finds
about two in three; this one nearly all, and says where, so that what is kept is always the text's own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from math import inf
from operator import itemgetter

from indexer.words import one_of

Span = tuple[int, int]

FEWEST_WORDS = 2
"""Words of a copy at least: a single one stands in many places."""

WIDEST_GAP = 40
"""Words that an ellipsis may stand for: about two sentences. What lies wider apart is put together from two places."""

FEWEST_NEARLY, MISTYPED = 4, 7
"""Words of a copy that may have a mistake at least; and one word of how many may be mistyped, left out or added."""

ALIKE = 0.7
"""How much of the letters of a mistyped word are the right ones, in order: "yaers" and "years" are 0.8 alike."""

_WORD = re.compile(r"[^\W_]+")
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:…|\.{2,}|(?:\. ){2,}\.)[\])]?\s*")
_TURNS = one_of("not no never t nobody nothing none without if unless until except only")
"""Words without which a copy says something else: they never count as mistyped. (The t is that of "don't".)"""


def locate(quote: str, text: str) -> Span | None:
    """Return where `quote` stands in `text`: `text[start:end]` are its words there. None where it does not."""
    words = [(_folded(match[0]), match.span()) for match in _WORD.finditer(text)]
    parts = [part for part in (_words(part) for part in _ELLIPSIS.split(quote)) if part]
    if sum(map(len, parts)) < FEWEST_WORDS:
        return None
    found = _in_order(parts, [word for word, _ in words])
    if found is None and len(parts) == 1:
        found = _nearly(parts[0], [word for word, _ in words])
    return None if found is None else (words[found[0]][1][0], words[found[1] - 1][1][1])


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _words(text: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(text)]


def _in_order(parts: Sequence[Sequence[str]], words: Sequence[str]) -> Span | None:
    """Where the parts stand, one after the other, each gap at most WIDEST_GAP words."""
    for start in _places(parts[0], words, 0, len(words)):
        at = start + len(parts[0])
        for part in parts[1:]:
            place = next(_places(part, words, at, at + WIDEST_GAP), None)
            if place is None:
                break
            at = place + len(part)
        else:
            return start, at
    return None


def _places(part: Sequence[str], words: Sequence[str], first: int, last: int) -> Iterator[int]:
    length = len(part)
    for at in range(first, min(last, len(words) - length) + 1):
        if words[at] == part[0] and list(words[at : at + length]) == list(part):
            yield at


def _nearly(part: Sequence[str], words: Sequence[str]) -> Span | None:
    """Where the words stand that `part` copies with mistakes: at most one word of MISTYPED mistyped, left out or added.

    Sellers' algorithm (1980) over words: the least mistakes of a beginning of `part` that ends at each place. The first
    and the last word must be there.
    """
    if len(part) < FEWEST_NEARLY:
        return None
    most = max(1, len(part) // MISTYPED)
    ends = [(0.0, at) for at in range(len(words) + 1)]  # mistakes so far, and where the copy begins
    for number, one in enumerate(part, start=1):
        extra = _lost(one) if 1 < number < len(part) else inf
        row = [(inf, 0)]
        for at, said in enumerate(words, start=1):
            mistaken, began = ends[at - 1]
            exchanged = (mistaken + (0.0 if one == said else 1.0 if _is_mistyped(one, said) else inf), began)
            added = (ends[at][0] + extra, ends[at][1])
            left_out = (row[at - 1][0] + (_lost(said) if number < len(part) else inf), row[at - 1][1])
            row.append(min(exchanged, added, left_out, key=itemgetter(0)))
        ends = row
    mistakes, end = min((mistakes, at) for at, (mistakes, _) in enumerate(ends))
    return (ends[end][1], end) if mistakes <= most else None


def _lost(word: str) -> float:
    """What it counts that a word stands in one of two texts alone: a mistake, or for a number or "not" no copy."""
    return inf if word in _TURNS or any(map(str.isdigit, word)) else 1.0


def _is_mistyped(one: str, said: str) -> bool:
    if {one, said} & _TURNS or any(map(str.isdigit, one + said)):
        return False
    return SequenceMatcher(None, one, said, autojunk=False).ratio() >= ALIKE
