"""Personal data in what people said: found, and covered where it is shown. The store keeps every word.

Precision comes first: what is covered by mistake is a claim that nobody can read. Names in running text, addresses of
houses and numbers written without any sign of being a telephone's are not found.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.thread import OPENER, Post, Quote, Thread

EMAIL = "[e-mail address]"
PHONE = "[phone number]"
"""What is shown in the place of each."""

_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?!(?:png|jpe?g|gif|svg|webp|css|js|html?|php)\b)[^\W\d_]{2,24}"
"""A name of a computer; "icon@2x.png" is a file."""

_HIDDEN_HOST = r"[\w-]{1,63}(?:\s?(?:\.|[\[({]\s?dot\s?[\])}]|\bdot\b)\s?[\w-]{1,63}){1,4}"

_EMAIL = re.compile(
    rf"""
      (?<![\w.+'-]) (?!git@) [\w.+'-]{{0,63}}\w @ {_HOST} (?![\w@-])
    | (?<![\w.+'-]) [\w.+-]{{1,64}} \s? [\[({{]\s?at\s?[\])}}] \s? {_HIDDEN_HOST} (?![\w@-])  # jo [at] mail [dot] com
    | (?<=<) [\w.+-]{{1,64}} [ ]at[ ] {_HOST} (?=>)  # as mail archives hide it
    | (?<=mail:[ ]) [\w.+-]{{1,64}} [ ]at[ ] {_HOST} (?![\w@-])
    """,
    re.VERBOSE | re.IGNORECASE,
)

_MAY_HOLD_EMAIL = re.compile(r"@|\bat\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
"""Seven digits near each other: the least that a telephone number has."""

_LINK = re.compile(r"(?:[a-z][a-z\d+.-]{1,20}://|www\.)[^\s<>\"]+|\b10\.\d{4,9}/\S+", re.IGNORECASE)
"""Web addresses and DOIs, whose long numbers are no telephone's."""

_NOT_A_PHONE = re.compile(
    r"\b(?:isbn|issn|doi|id|no|nr|order|ticket)[\s.:#=-]{0,3}(?:1[03]:\s?)?$|[$€£#=_/]\s?$", re.IGNORECASE
)
"""What stands before a number that says it is something else."""

_CUE = re.compile(
    r"\b(?:call|text|tel|telephone|telefon|telefono|téléphone|phone|fon|ph|cell|mobile?|handy|whatsapp|signal|fax|hotline"
    r"|sms|ring|dial|reach(?:ed)?)\b[^\w\n]{0,4}(?:(?:me|us|him|her|them|at|on|is|no|nr|number|nummer|now)\b[^\w\n]{0,4}){0,3}$",
    re.IGNORECASE,
)
"""What stands before a number that says it is a telephone's."""

_INTERNATIONAL = re.compile(r"\(?\+{1,2}\(?\d")
_GROUPED = re.compile(r"\(?0\d+[)]?[ /-]|(?=.*\d[ )]*[-.)])", re.DOTALL)
"""A number written as telephone numbers are: "020 7946 0958", "303-860-5604"; "225 315 4055" may be anything."""

CUE_LENGTH = 40
"""Characters before a number in which a cue is looked for."""

GROUPED_IN = ("US", "GB")
"""Where numbers in groups ("303-860-5604") are taken for telephone numbers without any cue. In 346,000 posts of seven
collections these gave no false hit; with DE and FR, whose numbers have no fixed length, decimal numbers did."""

CUED_IN = ("DE", "FR", "AU", "IN")
"""Where numbers are, beside those, that need a cue."""


@dataclass(frozen=True, slots=True)
class Cover:
    """`text[start:end]` is not to be shown; `words` stand in its place."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A text with some of it covered, and the way from places in the original to places in it."""

    text: str
    covers: tuple[Cover, ...]

    @classmethod
    def of(cls, original: str, covers: Iterable[Cover]) -> Covered:
        """Cover `original`; of covers that overlap, the longest one counts."""
        kept: list[Cover] = []
        for cover in sorted(covers, key=lambda one: (one.start - one.end, one.start)):
            if all(cover.end <= other.start or other.end <= cover.start for other in kept):
                kept.append(cover)
        parts, at = [], 0
        for cover in (ordered := tuple(sorted(kept, key=lambda one: one.start))):
            parts += [original[at : cover.start], cover.words]
            at = cover.end
        return cls("".join([*parts, original[at:]]), ordered)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `original[start:end]` stands in `text`; what it shares with a cover is the whole cover."""
        return self._place(start, last=False), self._place(end, last=True)

    def _place(self, offset: int, *, last: bool) -> int:
        shift = 0
        for cover in self.covers:
            if offset <= cover.start:
                break
            if offset < cover.end:
                return cover.start + shift + (len(cover.words) if last else 0)
            shift += len(cover.words) - (cover.end - cover.start)
        return offset + shift


@lru_cache(maxsize=4096)  # a page shows the same post with each of its claims
def personal(text: str) -> tuple[Cover, ...]:
    """Return the e-mail addresses and telephone numbers in `text`, each once; hotlines are nobody's own."""
    found = [Cover(*match.span(), EMAIL) for match in _EMAIL.finditer(text)] if _MAY_HOLD_EMAIL.search(text) else []
    return (*found, *_phones(text)) if _DIGITS.search(text) else tuple(found)


def masked(text: str) -> str:
    """Return `text` with its personal data covered."""
    return Covered.of(text, covers).text if (covers := personal(text)) else text


def _phones(text: str) -> list[Cover]:
    """The telephone numbers: valid by the numbering plans that libphonenumber keeps, and known for one by something."""
    from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type

    hotlines = {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
    links = [match.span() for match in _LINK.finditer(text)]
    wanted = [(region, Leniency.STRICT_GROUPING, False) for region in GROUPED_IN]
    wanted += [(region, Leniency.VALID, True) for region in (*GROUPED_IN, *CUED_IN)]
    personal_in: dict[int, Cover] = {}
    public = set()
    for region, leniency, cued in wanted:
        for match in PhoneNumberMatcher(text, region, leniency=leniency):
            number, before = match.raw_string, text[max(match.start - CUE_LENGTH, 0) : match.start]
            told = _CUE.search(before)
            if any(start <= match.start < end for start, end in links) or (not told and _NOT_A_PHONE.search(before)):
                continue
            if number_type(match.number) in hotlines:
                public.add(match.start)
            elif _INTERNATIONAL.match(number) or (told if cued else _GROUPED.match(number)):
                unclosed = number.startswith("(") and ")" not in number
                personal_in[match.start] = Cover(match.start + unclosed, match.end, PHONE)
    return [cover for start, cover in personal_in.items() if start not in public]


# Names


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The same name is the same pseudonym, wherever `secret` is the same; without it no name is found from one."""

    secret: str

    def of(self, name: str) -> str:
        """Return the pseudonym of `name`: 40 bits of its HMAC, so that a million names share one with probability 0.4.

        Whoever only started the thread stays so.
        """
        if name == OPENER:
            return name
        keyed = hmac.new(self.secret.encode(), name.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"person {keyed.hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Shown:
    """How people's words and names are shown: values in, values of the same type out, every span still in its place.

    `masked` covers personal data. `pseudonyms` stand for names that hold personal data, so that two such people stay
    two, and with `every_name` for every name: of authors, of the authors of quotes, and in the lines that say whose
    words are quoted. Links, and what the forum exported, lead to names, and are then left out.
    """

    masked: bool = True
    pseudonyms: Pseudonyms | None = None
    every_name: bool = False

    def text(self, text: str) -> str:
        return masked(text) if self.masked else text

    def name(self, name: str | None) -> str | None:
        if name is None:
            return None
        if self.pseudonyms and (self.every_name or (self.masked and personal(name))):
            return self.pseudonyms.of(name)
        return self.text(name)

    def covered(self, post: Post) -> Covered:
        """The text of `post` as it is shown."""
        covers = list(personal(post.text)) if self.masked else []
        covers += [cover for quote in post.quotes for cover in self._attributions(post.text, quote)]
        return Covered.of(post.text, covers)

    def post(self, post: Post) -> Post:
        """`post` as it is shown, its quotes still around the same words."""
        covered = self.covered(post)
        author, quotes = self.name(post.author), tuple(self._quote(quote, covered) for quote in post.quotes)
        raw = post.raw
        if raw is not None and (self.every_name or covered.covers or self.text(raw) != raw):
            raw = None
        link = None if self.every_name else post.link
        return replace(post, text=covered.text, author=author, quotes=quotes, link=link, raw=raw)

    def thread(self, thread: Thread) -> Thread:
        """`thread` as it is shown."""
        posts = tuple(map(self.post, thread.posts))
        return replace(
            thread, title=self.text(thread.title), posts=posts, link=None if self.every_name else thread.link
        )

    def _quote(self, quote: Quote, covered: Covered) -> Quote:
        start, end = covered.span(quote.start, quote.end)
        return replace(quote, start=start, end=end, author=self.name(quote.author))

    def _attributions(self, text: str, quote: Quote) -> Iterator[Cover]:
        """The name of the quoted person in the line before a quote and in its first line ("Sal wrote:")."""
        if not (self.every_name and quote.author):
            return
        start = text.rfind("\n", 0, len(text[: quote.start].rstrip())) + 1
        end = text.find("\n", quote.start, quote.end)
        name = re.compile(rf"(?<!\w){re.escape(quote.author)}(?!\w)")
        for match in name.finditer(text, start, quote.end if end < 0 else end):
            yield Cover(*match.span(), self.name(quote.author) or "")
