"""The ways in which people paste a thread. Each is a small rule: lines -> where posts begin.

`corpus.readers.pasted` tries every one, keeps the books for it and takes the best; adding a way is adding a rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.cleaning import BULLET
from corpus.readers.lines import (
    Attribution,
    Line,
    Stamp,
    attribution_of,
    bare_name,
    is_button,
    is_detail,
    is_label,
    is_name,
    is_rule,
    stamp_of,
)
from corpus.thread import bare_words

Lines = Sequence[Line]

DETAILS_IN_A_HEADER = 14
"""Lines about an author ("Member", "Posts: 3", "Location: ...") that a header may have; seven labels with values."""

QUOTED_WORDS = 6
"""So many words that stand in an earlier post in the same order are quoted from it; fewer may agree by chance."""

DETAIL_WORDS = 6
"""A line between a member's name and the date with more words than this is what somebody said."""

LIST_ITEM_WORDS = 8
"""Bulleted items shorter than this, in the middle of other text, are a list inside a post, not posts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a post begins: its header is `lines[first:body]`; `column` is where the words begin in `lines[body]`.

    `depth` counts from 1, a direct answer to the opening post, where the layout shows it.
    """

    first: int
    body: int
    author: str | None = None
    when: str | None = None
    score: int | None = None
    depth: int | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of pasting, in words, and its rule.

    `strength` ranks the rules by how unlikely it is that text looks so by chance: a name with a date above each post
    hardly ever does, blank lines always do.
    """

    name: str
    find: Callable[[Lines], list[Mark]]
    strength: float


def apart(marks: list[Mark]) -> list[Mark]:
    """The marks without those that begin inside the header of the one before."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.first >= kept[-1].body:
            kept.append(mark)
    return kept


# Headers with a date


def name_and_date(lines: Lines) -> list[Mark]:
    """One line with all: "name, date", "Posted by name on date", "#3 name date", "u/name 3 hr. ago"."""
    marks = []
    for index, line in enumerate(lines):
        stamp = stamp_of(line.text)
        if stamp and stamp.author and not line.text.startswith(">"):
            first = _own_line(lines, index, stamp.author)
            score, depth = _details(lines, first, _below(lines, index + 1))
            marks.append(
                Mark(
                    first=first,
                    body=_below(lines, index + 1),
                    author=stamp.author,
                    when=stamp.when,
                    score=stamp.score if stamp.score is not None else score,
                    depth=depth,
                )
            )
    return marks


def name_above_date(lines: Lines) -> list[Mark]:
    """A line with a name, perhaps details of that member, then a line with a date."""
    marks: list[Mark] = []
    stamps = _bare_stamps(lines)
    for index, stamp in stamps:
        above = _name_above(lines, index)
        body = _below(lines, index + 1)
        if above is not None:
            score, depth = _details(lines, _above(lines, above), body)
            marks.append(Mark(_above(lines, above), body, bare_name(lines[above].text), stamp.when, score, depth))
    return marks if 2 * len(marks) > len(stamps) else []


def date_above_name(lines: Lines) -> list[Mark]:
    """A line with a date, then a line with a name and perhaps details of that member."""
    marks = []
    stamps = _bare_stamps(lines)
    for index, stamp in stamps:
        below = _below(lines, index + 1)
        if below < len(lines) and is_name(lines[below].text) and "@" not in lines[below].text:
            marks.append(Mark(_above(lines, index), _below(lines, below + 1), bare_name(lines[below].text), stamp.when))
    return marks if 2 * len(marks) > len(stamps) else []


def date_alone(lines: Lines) -> list[Mark]:
    """A line with nothing but a date above each post."""
    return [
        Mark(_above(lines, index), _below(lines, index + 1), None, stamp.when) for index, stamp in _bare_stamps(lines)
    ]


def _bare_stamps(lines: Lines) -> list[tuple[int, Stamp]]:
    """The lines with a date that name nobody, with what they say."""
    stamps = ((index, stamp_of(line.text)) for index, line in enumerate(lines))
    return [(index, stamp) for index, stamp in stamps if stamp and not stamp.author and not _is_value(lines, index)]


def _own_line(lines: Lines, index: int, author: str) -> int:
    """The first line of the header whose date line is `index`: further up where `author` has a line of their own."""
    for at in range(index - 1, max(-1, index - 1 - DETAILS_IN_A_HEADER), -1):
        if lines[at].text.casefold() == author.casefold():
            return at
        if len(lines[at].text.split()) > DETAIL_WORDS and not is_detail(lines[at].text):
            break
    return _above(lines, index)


def _is_value(lines: Lines, index: int) -> bool:
    """Whether the line is the value of a label above it ("Joined:", then a date)."""
    return index > 0 and is_label(lines[index - 1].text)


def _above(lines: Lines, index: int) -> int:
    """The first of the detail lines directly above `index` ("level 1", "Re: title")."""
    first = index
    while first > 0 and index - first < DETAILS_IN_A_HEADER and is_detail(lines[first - 1].text):
        first -= 1
    return first


def _below(lines: Lines, index: int) -> int:
    """The first line from `index` on that is neither blank nor a detail of a member or a post."""
    at = index
    while at < len(lines) and at - index < DETAILS_IN_A_HEADER:
        text = lines[at].text
        value = _is_value(lines, at) and re.fullmatch(r"[\w.,: ]{1,40}", text)
        if text and not (value or is_detail(text) or is_button(text)):
            break
        at += 1
    return at


def _name_above(lines: Lines, index: int) -> int | None:
    """The line of the name that belongs to the date in line `index`: above it, and above any details between."""
    found = None
    for at in range(index - 1, max(-1, index - 1 - DETAILS_IN_A_HEADER), -1):
        text = lines[at].text
        if found is not None:  # a rank ("New Cone") may stand below the name: the upper of two such lines is the name
            return at if is_name(text) else found
        if is_name(text):
            found = at
        elif text and not (is_detail(text) or is_button(text) or _is_value(lines, at)):
            break
    return found


def _details(lines: Lines, first: int, body: int) -> tuple[int | None, int | None]:
    """The score and the depth that the lines of a header give ("12 points", "level 2")."""
    header = "\n".join(line.text for line in lines[first:body])
    score = re.search(r"^(-?\d[\d,]*) (?:points?|votes?|upvotes?)$", header, re.MULTILINE | re.IGNORECASE)
    level = re.search(r"^(?:level|lvl)\s?(\d+)$", header, re.MULTILINE | re.IGNORECASE)
    return (int(score[1].replace(",", "")) if score else None, int(level[1]) if level else None)


# Headers without a date


def name_wrote(lines: Lines) -> list[Mark]:
    """The words "name wrote:", with what was said on the same line or below; not where a quote follows."""
    said = ((index, attribution_of(line.text)) for index, line in enumerate(lines) if not line.text.startswith(">"))
    marks = [_wrote(lines, index, attribution) for index, attribution in said if attribution]
    quoted = _quoted(lines, marks)
    return _from_the_top(lines, [mark for mark in marks if mark not in quoted])


def _from_the_top(lines: Lines, marks: list[Mark]) -> list[Mark]:
    """The marks, or none where more paragraphs stand above the first than there are marks: names amid other posts."""
    above = sum(lines[i].blank != lines[i + 1].blank for i in range(marks[0].first - 1)) // 2 if marks else 0
    return marks if len(marks) > above else []


def _wrote(lines: Lines, index: int, said: Attribution) -> Mark:
    if said.column < len(lines[index].text):
        return Mark(index, index, said.author, said.when, column=said.column)
    body = _below(lines, index + 1)
    if body < len(lines) and (stamp := stamp_of(lines[body].text)) and not stamp.author:
        return Mark(_above(lines, index), _below(lines, body + 1), said.author, stamp.when)
    return Mark(_above(lines, index), body, said.author, said.when)


def _quoted(lines: Lines, marks: list[Mark]) -> set[Mark]:
    """The marks that quotes follow: led by ">", directly below another mark, or said further up, not by another."""
    first_seen = _repetitions(lines) if marks else {}
    bodies = {mark.body for mark in marks if mark.body > mark.first}
    quoted = set()
    for mark in marks:
        below = "\n".join(line.text for line in lines[mark.body : mark.body + QUOTED_WORDS])[mark.column :]
        words = tuple(bare_words(below).split()[:QUOTED_WORDS])
        seen = first_seen.get(words, mark.first)
        speaker = next((earlier.author for earlier in reversed(marks) if earlier.first <= seen), mark.author)
        nested = mark.first in bodies
        if nested or below.startswith((">", "↑", "»")) or (seen < mark.first and speaker == mark.author):
            quoted.add(mark)
    return quoted


def _repetitions(lines: Lines) -> dict[tuple[str, ...], int]:
    """Where each run of so many words as make a quote stands first."""
    words = [(word, index) for index, line in enumerate(lines) for word in bare_words(line.text).split()]
    first_seen: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - QUOTED_WORDS + 1):
        run = words[at : at + QUOTED_WORDS]
        first_seen.setdefault(tuple(word for word, _ in run), run[0][1])
    return first_seen


_FIELD = re.compile(r"(From|Date|Sent|To|Cc|Subject|Newsgroups|Author|Time):\s+(.+)", re.IGNORECASE)


def mail_fields(lines: Lines) -> list[Mark]:
    """The lines "From: name", "Date: ..." and "Subject: ..." above each post, as mailing lists have them."""
    marks: list[Mark] = []
    index = 0
    while index < len(lines):
        fields: dict[str, str] = {}
        first = index
        while index < len(lines) and (field := _FIELD.fullmatch(lines[index].text)):
            fields[field[1].casefold()] = field[2]
            index += 1
        author = fields.get("from") or fields.get("author")
        if author and len(fields) > 1:
            name = re.sub(r"\s*<.*>|\S+@\S+\s*|[\"()]", "", author).strip()
            when = fields.get("date") or fields.get("sent") or fields.get("time")
            marks.append(Mark(first, index, name or None, when))
        index = max(index, first + 1)
    return marks


_NUMBER = re.compile(
    r"(?:#\s?|(?:post|reply|comment|answer|message)\s?#?)(?P<number>\d{1,4})[.):]?(?:\s+(?P<author>.+))?", re.IGNORECASE
)


def numbered(lines: Lines) -> list[Mark]:
    """Numbers such as "#1", "#2 name", "Post 3:", "Reply 4" on a line of their own, counting up."""
    marks: list[Mark] = []
    last = -1
    for index, line in enumerate(lines):
        match = _NUMBER.fullmatch(line.text)
        if match is None:
            continue
        author = match["author"]
        if (author and not is_name(author, alone=False)) or int(match["number"]) <= last:
            continue
        last = int(match["number"])
        marks.append(Mark(index, index + 1, author))
    return marks


_SPEAKER = re.compile(r"(?P<author>@?[\w][\w .'-]{0,24}?):\s+(?P<rest>\S.*)")
_NO_SPEAKERS = re.compile(
    r"(?:edit|update|ps|p\.s\.|note|tl;?dr|pros?|cons?|q|a|question|answer|title|topic|re|fwd|source|link|http|https|also"
    r"|summary|quote|warning|tip|example|option \w+|step \d+|day \d+|week \d+|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)",
    re.IGNORECASE,
)


def name_colon(lines: Lines) -> list[Mark]:
    """A name, a colon and words at the start of a line, as in a chat: some names come again."""
    marks = []
    for index, line in enumerate(lines):
        match = _SPEAKER.fullmatch(line.text)
        if not match or attribution_of(line.text) or _NO_SPEAKERS.fullmatch(match["author"]):
            continue
        if is_name(match["author"], alone=False):
            marks.append(Mark(index, index, match["author"].lstrip("@"), column=match.start("rest")))
    names = Counter(mark.author for mark in marks)
    return _from_the_top(lines, marks) if 1 < len(names) < len(marks) else []


def name_line(lines: Lines) -> list[Mark]:
    """A name on a line of its own directly above the words of each post, after a blank line."""
    starts = [i for i, line in enumerate(lines) if not line.blank and (i == 0 or lines[i - 1].blank)]
    marks = [
        Mark(i, i + 1, bare_name(lines[i].text))
        for i in starts
        if is_name(lines[i].text) and i + 1 < len(lines) and not lines[i + 1].blank
    ]
    again = len(marks) > len({mark.author for mark in marks})
    return marks if len(marks) >= max(2, len(starts) // (4 if again else 2)) else []


# No headers


def bullets(lines: Lines) -> list[Mark]:
    """A bullet in front of each reply; indented blocks between the opening post and the first bullet are replies."""
    runs = _runs(lines)
    sole = sum(len(line.text.split()) for line in lines if not line.bulleted) <= sum(
        len(line.text.split()) for line in lines if line.bulleted
    )
    leading = [index for run in runs if not _is_list(lines, run, sole=sole) for index in run]
    if not leading:
        return []
    edges = sorted({lines[index].indent for index in leading})
    depths = {edge: depth for depth, edge in enumerate(edges, start=1)} if len(edges) > 1 else {}
    marks = [Mark(index, index, depth=depths.get(lines[index].indent)) for index in leading]
    return _indented_blocks(lines, leading[0]) + marks


def _runs(lines: Lines) -> list[list[int]]:
    """The bulleted lines, grouped: one group is bullets of one depth without a blank line between them."""
    runs: list[list[int]] = []
    for index, line in enumerate(lines):
        if not line.bulleted:
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and line.indent == lines[last].indent and not any(b.blank for b in lines[last:index]):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _is_list(lines: Lines, run: Sequence[int], *, sole: bool) -> bool:
    """Whether bulleted lines are items inside a post: introduced by a colon, or several short ones amid other text."""
    lead = next((lines[i].text for i in range(run[0] - 1, -1, -1) if not lines[i].blank), "")
    words = median(len(BULLET.sub("", lines[i].text).split()) for i in run)
    if lead.endswith(":"):
        return words < 3 * LIST_ITEM_WORDS
    return len(run) > 1 and words < LIST_ITEM_WORDS and not sole


def _indented_blocks(lines: Lines, before: int) -> list[Mark]:
    """Blocks above the first bullet that stand further right than the opening post: each is a reply without bullet."""
    first = next((line.indent for line in lines if not line.blank), 0)
    marks = []
    inside = False
    for index, line in enumerate(lines[:before]):
        if line.blank:
            continue
        if line.indent > first and not inside and index and lines[index - 1].blank:
            marks.append(Mark(index, index))
        inside = line.indent > first
    return marks


def ruled(lines: Lines) -> list[Mark]:
    """Posts parted by lines of dashes, stars or the like."""
    rules = [index for index, line in enumerate(lines) if is_rule(line.text)]
    return [Mark(index, index + 1) for index in rules]


def titled_again(lines: Lines) -> list[Mark]:
    """The line "Re: title" above each reply."""
    return [
        Mark(index, _below(lines, index + 1))
        for index, line in enumerate(lines)
        if re.match(r"re: ?\S", line.text, re.IGNORECASE)
    ]


def blank_lines(lines: Lines) -> list[Mark]:
    """Posts parted by blank lines; where some gaps are wider than others, by the wider ones."""
    starts, gaps = [], []
    last = None
    for index, line in enumerate(lines):
        if line.blank:
            continue
        if last is not None and index - last > 1:
            gaps.append(index - last - 1)
            starts.append(index)
        last = index
    if not gaps:
        return []
    widest_gap = min(gaps) + 1 if max(gaps) > min(gaps) else min(gaps)
    wide = [start for start, gap in zip(starts, gaps, strict=True) if gap >= widest_gap]
    opening = next(i for i, line in enumerate(lines) if not line.blank)
    return [Mark(i, i) for i in (opening, *(s for s in wide if not _goes_on(lines, s)))]


def _goes_on(lines: Lines, start: int) -> bool:
    """Whether the block at `start` belongs to the one before: its list, or the words under its quote or its colon."""
    before = next(lines[i].text for i in range(start - 1, -1, -1) if not lines[i].blank)
    here = lines[start]
    quote_above = before.startswith(">") and not here.text.startswith(">")
    return here.bulleted or quote_above or before.endswith(":")


def one_line_each(lines: Lines) -> list[Mark]:
    """Each line a post: no blank lines, and not one text broken at a margin."""
    full = [(index, len(line.text)) for index, line in enumerate(lines) if not line.blank]
    if any(later[0] - earlier[0] > 1 for earlier, later in pairwise(full)) or len(full) < 2:  # noqa: PLR2004
        return []
    widest = max(length for _, length in full)
    at_margin = sum(length > 0.8 * widest for _, length in full) > len(full) / 2
    return [] if at_margin and 40 < widest < 100 else [Mark(index, index) for index, _ in full]  # noqa: PLR2004


LAYOUTS = (
    Layout("a line with name and date above each post", name_and_date, 6.0),
    Layout("a name, then a date, above each post", name_above_date, 5.5),
    Layout("a date, then a name, above each post", date_above_name, 5.5),
    Layout('"From:" and "Date:" lines above each post', mail_fields, 5.5),
    Layout('"name wrote:" before each post', name_wrote, 5.0),
    Layout("a number above each post", numbered, 4.0),
    Layout("a date above each post, without names", date_alone, 4.0),
    Layout('"Re:" and the title above each reply', titled_again, 3.5),
    Layout("posts between drawn lines, without names", ruled, 3.0),
    Layout("name and colon before each post", name_colon, 2.5),
    Layout("a name on its own line above each post", name_line, 2.5),
    Layout("opening post, then replies led by bullets, without names", bullets, 3.0),
    Layout("posts parted by blank lines, without names", blank_lines, 1.0),
    Layout("one post a line, without names", one_line_each, 0.5),
)
"""Tried in this order; the earlier of two equal scores wins."""
