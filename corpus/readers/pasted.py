"""Pasted text -> a thread, by the layout that explains the paste best, with every split open to correction.

`draft` recognises and splits; a `Draft` is what a page shows and its user corrects; `Draft.thread` makes the thread.
Nothing is lost: every line of the paste is in a post, in a header that was used, or left out with a named reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from corpus.errors import CorpusError, UnreadableInput
from corpus.readers.bodies import Body, body_of, introduced
from corpus.readers.dates import times_of
from corpus.readers.layouts import LAYOUTS, QUOTED_WORDS, Layout, Mark, apart
from corpus.readers.lines import Line, column_in, is_button, is_detail, lines_of
from corpus.readers.reading import Reading, decode, is_binary
from corpus.thread import OPENER, Post, Quote, Skipped, Thread, bare_words, make_thread, unnamed

PASTE_LIMIT = 2_000_000
"""Characters: several hundred pages of forum, read in seconds. More comes as a file of a forum's own format."""

PLACE = "the pasted text"

TITLE_WORDS = 20
"""A single line above the first header is the title, up to so many words; forums cut titles at about 100 letters."""

OPENING_WORDS = 25
"""Above the first header, a line with so many words is an opening post without header; less is menus and notices."""

FURNITURE_LINES = 5
FURNITURE_WORDS = 5
"""So many lines on end, none with more words and none with a full stop, at the end of a page: its menus."""

BEGINNING = 80
"""Characters of a post that a row shows."""

TITLE_LINE = re.compile(r"(?:title|topic|thread|subject):\s+(\S.*)", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PastedPost:
    """`source[start:end]` is what one person wrote; `header`, where not empty, is what stands above it about them."""

    start: int
    end: int
    author: str | None = None
    time: datetime | None = None
    score: int | None = None
    depth: int | None = None
    header: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One post of a draft as a table shows it. `number` counts from 1; `hint` says what looks worth correcting."""

    number: int
    author: str
    time: datetime | None
    beginning: str
    hint: str


@dataclass(frozen=True)
class Draft:
    """A paste, split. Corrections return a new draft; posts are numbered from 0, the opening post.

    `left_out` are spans of `source` that are in no post, with their reasons; `title` is what the paste itself says.
    """

    source: str
    posts: tuple[PastedPost, ...]
    layout: str
    title: str | None = None
    left_out: tuple[tuple[int, int, str], ...] = ()

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """What each post says."""
        return tuple(body_of(self.source, post.start, post.end) for post in self.posts)

    def rows(self) -> tuple[Row, ...]:
        """Return the posts as a table shows them."""
        return tuple(
            Row(
                number=number + 1,
                author=post.author or unnamed(number),
                time=post.time,
                beginning=_beginning(body.text),
                hint=_hint(number, post, body.text),
            )
            for number, (post, body) in enumerate(zip(self.posts, self.bodies, strict=True))
        )

    def with_author(self, number: int, name: str | None) -> Draft:
        """Name the author of a post; an empty name makes it unnamed."""
        return self._with(number, replace(self.posts[number], author=(name or "").strip() or None))

    def by_opener(self, number: int) -> Draft:
        """Say that a post is by the author of the opening post; without a name both become the "opening poster"."""
        author = self.posts[0].author or OPENER
        return self.with_author(0, author).with_author(number, author)

    def same_author(self, first: int, second: int) -> Draft:
        """Say that two posts are by one person: the named one of them, else a person without a name."""
        first, second = sorted((first, second))
        if first == 0:
            return (
                self.by_opener(second)
                if self.posts[0].author or not self.posts[second].author
                else self.with_author(0, self.posts[second].author)
            )
        author = self.posts[first].author or self.posts[second].author or unnamed(first)
        return self.with_author(first, author).with_author(second, author)

    def merged(self, number: int) -> Draft:
        """Make a post part of the one before, with everything that stands between the two."""
        if not 0 < number < len(self.posts):
            raise CorpusError(f"post {number + 1} has no post before it to be merged with")
        before, post = self.posts[number - 1 : number + 1]
        whole = replace(before, end=post.end)
        outside = tuple(one for one in self.left_out if not (whole.start <= one[0] < whole.end))
        posts = (*self.posts[: number - 1], whole, *self.posts[number + 1 :])
        return replace(self, posts=posts, left_out=outside)

    def split_points(self, number: int) -> tuple[int, ...]:
        """Return the offsets in `source` at which a post can be split: where its lines begin, without the first."""
        post = self.posts[number]
        lines = lines_of(self.source[post.start : post.end])
        return tuple(post.start + line.start for line in lines[1:] if not line.blank)

    def split(self, number: int, offset: int) -> Draft:
        """Make what follows `offset` (in `source`) a post of its own, without a name; raises CorpusError."""
        post = self.posts[number]
        halves = replace(post, end=offset), PastedPost(offset, post.end)
        if not post.start < offset < post.end or not all(_has_words(self.source[h.start : h.end]) for h in halves):
            raise CorpusError(f"post {number + 1} cannot be split there: words are needed on both sides")
        return replace(self, posts=(*self.posts[:number], *halves, *self.posts[number + 1 :]))

    def without(self, number: int) -> Draft:
        """Leave out a post that is none (a menu, say); raises CorpusError for the last one."""
        if len(self.posts) == 1:
            raise CorpusError("the only post cannot be left out")
        post = self.posts[number]
        spans = [span for span in (post.header, (post.start, post.end)) if span[0] < span[1]]
        gone = tuple((start, end, "left_out_by_user") for start, end in spans)
        return replace(self, posts=(*self.posts[:number], *self.posts[number + 1 :]), left_out=self.left_out + gone)

    def thread(
        self,
        *,
        title: str | None = None,
        forum: str | None = None,
        link: str | None = None,
        invented: bool = False,
    ) -> Thread:
        """Return the thread, with quotes found and traced to the posts they quote; raises UnreadableInput."""
        _check_replies(len(self.posts), PLACE)
        return make_thread(
            _posts(self),
            title=(title or "").strip() or self.title,
            forum=(forum or "").strip() or None,
            link=(link or "").strip() or None,
            invented=invented,
        )

    def skipped(self) -> tuple[Skipped, ...]:
        """Return everything that is in no post, in the order of the paste."""
        spans = sorted({*self.left_out, *(one for body in self.bodies for one in body.left_out)})
        return tuple(
            Skipped(reason, self.source[start:end].strip(), f"line {self.source.count(chr(10), 0, start) + 1}")
            for start, end, reason in spans
        )

    def _with(self, number: int, post: PastedPost) -> Draft:
        return replace(self, posts=(*self.posts[:number], post, *self.posts[number + 1 :]))


def read_pasted(
    pasted: str | bytes,
    *,
    title: str | None = None,
    forum: str | None = None,
    link: str | None = None,
    invented: bool = False,
    place: str = PLACE,
) -> Reading:
    """Read a pasted thread as it is; see `draft` for correcting it first. Raises UnreadableInput, naming `place`."""
    recognised = draft(pasted, place=place)
    thread = recognised.thread(title=title, forum=forum, link=link, invented=invented)
    return Reading((thread,), recognised.skipped(), recognised.layout)


def draft(pasted: str | bytes, *, now: datetime | None = None, place: str = PLACE) -> Draft:
    """Split a paste by the layout that explains it best. Dates such as "3 years ago" count back from `now`.

    Raises UnreadableInput, naming `place`, for what is empty, binary or too large, has no words or no replies.
    """
    _check_size(len(pasted), place)
    source = decode(pasted, place) if isinstance(pasted, bytes) else pasted
    _check_words(source, place)
    lines = lines_of(source)
    candidates = (_drafted(source, lines, layout, now) for layout in LAYOUTS)
    best, _ = max(candidates, key=lambda scored: scored[1])
    _check_replies(len(best.posts), place)
    return best


# Refusing


def _check_size(size: int, place: str) -> None:
    if size > PASTE_LIMIT:
        raise UnreadableInput(
            f"{place} is {size:,} characters long; at most {PASTE_LIMIT:,} can be read at once: "
            "paste one thread at a time"
        )


def _check_words(source: str, place: str) -> None:
    if not source.strip():
        raise UnreadableInput(f"{place} is empty; expected an opening post and its replies: copy a thread and paste it")
    if is_binary(source):
        raise UnreadableInput(f"{place} is not text (it looks binary); copy the thread's text and paste that")
    if not _has_words(source):
        raise UnreadableInput(
            f"{place} has no words ({source.strip()[:20]!r}); expected an opening post and its replies"
        )


def _check_replies(posts: int, place: str) -> None:
    if posts < 2:  # noqa: PLR2004 -- an opening post and one reply
        raise UnreadableInput(
            f"found one post and no replies in {place}; expected an opening post and at least one reply: paste the "
            "replies too, with a blank line between posts"
        )


def _has_words(text: str) -> bool:
    return re.search(r"[^\W_]", text) is not None


# Splitting


def _drafted(source: str, lines: Sequence[Line], layout: Layout, now: datetime | None) -> tuple[Draft, float]:
    """The paste split by one layout, and how well that explains it (0: not at all).

    The score is the rule's strength, times the share of all words that stand under its marks, times the share of its
    marks with words under them; names count for half of it, so that of two rules the one that finds names wins, and
    what is seen often counts for more than what is seen once.
    """
    marks = apart(layout.find(lines))
    books = _Books(source, lines, layout)
    books.enter(marks, times_of([mark.when for mark in marks], now))
    drafted = Draft(source, tuple(books.posts), layout.name, books.title, tuple(books.left_out))
    if not marks or len(books.posts) < 2:  # noqa: PLR2004 -- an opening post and one reply
        return drafted, 0.0
    all_words = sum(len(line.text.split()) for line in lines)
    under = sum(len(line.text.split()) for line in lines[marks[0].body :])
    named = sum(post.author is not None for post in books.marked) / len(marks)
    worded = len(books.marked) / len(marks)
    often = len(marks) / (len(marks) + 1)
    return drafted, layout.strength * often * worded * (under / all_words) * (1 + named) / 2


class _Books:
    """Turns the marks of a layout into posts, and accounts for every line."""

    def __init__(self, source: str, lines: Sequence[Line], layout: Layout) -> None:
        self.source = source
        self.lines = lines
        self.layout = layout
        self.title: str | None = None
        self.posts: list[PastedPost] = []
        self.marked: list[PastedPost] = []
        self.left_out: list[tuple[int, int, str]] = []

    def enter(self, marks: Sequence[Mark], times: Sequence[datetime | None]) -> None:
        if not marks:
            return
        self._above(marks[0])
        ends = [mark.first for mark in marks[1:]] + [len(self.lines)]
        for mark, time, end in zip(marks, times, ends, strict=True):
            if mark is marks[-1] and self._headed(mark):
                end = self._without_menus(mark.body, end)  # noqa: PLW2901 -- the page's foot is no part of the last post
            self._post(mark, time, end)

    def _headed(self, mark: Mark) -> bool:
        return mark.author is not None or mark.when is not None

    def _span(self, first: int, end: int, column: int = 0) -> Span:
        """The span of lines[first:end] without blank lines around it; `column` characters into the first."""
        while end > first and self.lines[end - 1].blank:
            end -= 1
        while first < end and self.lines[first].blank:
            first += 1
        if first >= end:
            return (0, 0)
        start = column_in(self.source, self.lines[first], column) if column else self.lines[first].start
        return start, self.lines[end - 1].end

    def _post(self, mark: Mark, time: datetime | None, end: int) -> None:
        start, stop = self._span(mark.body, end, mark.column)
        header = (self.lines[mark.first].start, start) if mark.column else self._span(mark.first, mark.body)
        if not _has_words(body_of(self.source, start, stop).text):
            self.left_out += [(*span, "empty_post") for span in (header, (start, stop)) if span[0] < span[1]]
            return
        post = PastedPost(start, stop, mark.author, time, mark.score, mark.depth, header)
        self.posts.append(post)
        self.marked.append(post)

    def _above(self, mark: Mark) -> None:
        """What stands above the first mark: a title, an opening post without header, or the menus of a page."""
        first = next((i for i, line in enumerate(self.lines[: mark.first]) if not line.blank), mark.first)
        if first < mark.first and (titled := TITLE_LINE.fullmatch(self.lines[first].text)):
            self.title = titled[1]
            self.left_out.append((*self._span(first, first + 1), "title"))
            first += 1
        rest = [line for line in self.lines[first : mark.first] if not line.blank]
        if not rest:
            return
        words = [len(line.text.split()) for line in rest]
        if self._headed(mark) and len(rest) == 1 and words[0] <= TITLE_WORDS:
            self.title = self.title or rest[0].text
            self.left_out.append((*self._span(first, mark.first), "title"))
        elif not self._headed(mark) or max(words) >= OPENING_WORDS:
            span = self._span(first, mark.first)
            if _has_words(body_of(self.source, *span).text):
                self.posts.append(PastedPost(*span))
            else:
                self.left_out.append((*span, "no_words"))
        else:
            self.left_out += [(line.start, line.end, "page_furniture") for line in rest]

    def _without_menus(self, first: int, end: int) -> int:
        """The end of the last post: before the first long run of short lines that reads like the foot of a page."""
        run: list[int] = []
        for index in range(first, end):
            text = self.lines[index].text
            if not text:
                continue
            short = len(text.split()) <= FURNITURE_WORDS and not re.search(r"[.!?]$", text)
            run = [*run, index] if short or is_button(text) or is_detail(text) else []
            if len(run) == FURNITURE_LINES and run[0] > first:
                self.left_out += [
                    (line.start, line.end, "page_furniture") for line in self.lines[run[0] : end] if not line.blank
                ]
                return run[0]
        return end


# Reading the posts


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= BEGINNING else words[: BEGINNING - 1].rsplit(" ", 1)[0] + "…"


_THANKS = r"(?:cheers|thanks?(?: you)?|thx|ta|tysm|many thanks|appreciate)"
_OPENER_AGAIN = (
    (
        re.compile(
            rf"\W*(?:ok(?:ay)?|wow|great|hi|hey|yeah)?\W*{_THANKS}\b.{{0,40}}\b(?:guys|all|everyone|every ?body"
            r"|folks|lads|both|replies|responses|advice|answers|help|input|comments)\b",
            re.IGNORECASE | re.DOTALL,
        ),
        "it thanks everyone",
    ),
    (
        re.compile(r"\bOP here\b|\bI'?m the OP\b|\b(?:as )?(?:my|the) original (?:post|question)\b", re.IGNORECASE),
        "it speaks of its own question",
    ),
)
THANKS_WITHIN = 160
"""Characters in which an opener who comes back says so."""


def _hint(number: int, post: PastedPost, text: str) -> str:
    if not number or post.author:
        return ""
    for pattern, reason in _OPENER_AGAIN:
        if (found := pattern.search(text[:THANKS_WITHIN])) and (
            found.start() == 0 or "OP" in found[0] or "orig" in found[0]
        ):
            return f"probably the opener again: {reason} and has no name"
    return ""


def _posts(drafted: Draft) -> Iterator[Post]:
    """The posts with provisional ids (their numbers), quotes traced and parents known where the paste says."""
    earlier = _Earlier()
    for number, (pasted, body) in enumerate(zip(drafted.posts, drafted.bodies, strict=True)):
        raw = drafted.source[pasted.start : pasted.end]
        post = Post(
            id=str(number),
            thread_id="",
            position=number,
            text=body.text,
            author=pasted.author,
            time=pasted.time,
            score=pasted.score,
            quotes=tuple(earlier.quotes_in(body)),
            raw=raw if raw != body.text else None,
        )
        yield replace(post, parent_id=earlier.answered_by(post, pasted.depth))
        earlier.add(post, pasted.depth)


class _Earlier:
    """The posts so far: finds the one that quoted words come from, and the one that a post answers."""

    def __init__(self) -> None:
        self._posts: list[Post] = []
        self._words: list[str] = []
        self._starting: dict[str, list[int]] = defaultdict(list)
        self._latest: dict[str, str] = {}
        self._at_depth: dict[int, str] = {}  # 0: the opening post

    def add(self, post: Post, depth: int | None) -> None:
        words = bare_words(post.text)
        own = words.split()
        for index in range(len(own) - QUOTED_WORDS + 1):
            self._starting[" ".join(own[index : index + QUOTED_WORDS])].append(post.position)
        self._posts.append(post)
        self._words.append(words)
        if post.author:
            self._latest[post.author.casefold()] = post.id
        depth = 0 if not post.position else depth
        if depth is not None:
            self._at_depth = {level: id_ for level, id_ in self._at_depth.items() if level < depth} | {depth: post.id}

    def quotes_in(self, body: Body) -> Iterator[Quote]:
        """The quotes of a body, marked or not, in order, each traced to its post where that can be."""
        marked = [(quote.start, quote.end, quote.author) for quote in body.quotes]
        for start, end, author in sorted((*marked, *self._repeated(body))):
            source = self._source(body.text[start:end])
            post_id = source.id if source else self._latest.get((author or "").casefold())
            yield Quote(start, end, (source.author if source else None) or author, post_id)

    def _source(self, text: str) -> Post | None:
        """The latest post whose words the quoted `text` repeats."""
        spoken = [line for line in text.splitlines() if not introduced(line)]
        words = bare_words("\n".join(spoken))
        starting = self._starting.get(" ".join(words.split()[:QUOTED_WORDS]), [])
        return next((self._posts[i] for i in reversed(starting) if words in self._words[i]), None)

    def _repeated(self, body: Body) -> Iterator[tuple[int, int, str | None]]:
        """Paragraphs that repeat an earlier post word for word, with the line above that says whose they are."""
        above: re.Match[str] | None = None
        for line in re.finditer(r"[^\n]*\S[^\n]*", body.text):
            inside = any(quote.start <= line.start() < quote.end for quote in body.quotes)
            if not inside and self._source(line[0]):
                author = introduced(above[0].strip()) if above else None
                yield above.start() if above and author else line.start(), line.end(), author
            above = line

    def answered_by(self, post: Post, depth: int | None) -> str | None:
        """The id of the post that `post` answers: the one it quotes, names with @, or stands under."""
        quoted = next((quote.post_id for quote in post.quotes if quote.post_id), None)
        if quoted:
            return quoted
        if named := re.match(r"@([\w.-]+)", post.text):
            return self._latest.get(named[1].casefold().rstrip("."))
        return self._at_depth.get(depth - 1) if depth is not None else None
