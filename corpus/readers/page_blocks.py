"""The posts of a page of unknown making: what repeats, each time with a date, a number or a name, and has words.

An anchor is an element that each post has one of (its date, its numbered id, its author's link, a permalink). Anchors
of one kind at alike places are a group; around each of a group, the largest piece of the page that holds no other is a
block. The group whose blocks part the most words is believed. Within the blocks, the place where nearly all the words
stand is the body; a name, a date and a link are looked for outside of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import sqrt

from corpus.readers.page_details import (
    LONGEST_DATE,
    is_date,
    name_likelihood,
    name_of,
    numbered_id,
    permalink_likelihood,
    stamp_in,
)
from corpus.readers.page_engines import Found
from corpus.readers.page_tree import BLOCKS, Element, Page
from corpus.readers.page_words import is_quote

BODY_SHARE = 0.75
"""A part that holds so much of the words of all blocks is (or holds) the body; headers and signatures are the rest."""

NAMED_BODY_SHARE = 0.5
"""The same for a part whose class says "content", "message" or the like."""

SINGLE_SHARE = 0.9
"""A body stands once in a block; a few blocks may hold two parts alike."""

REGULAR_SHARE = 0.8
"""In this share of the blocks the same number of rows makes the rows comparable."""

COMMON_SHARE = 0.5
"""What this share of the blocks has is a habit of the page; the rest marks single posts."""

WORDS_COUNTED = 300
"""Words of one block that count: one long article is not several posts."""

OPENING_WORDS = 12
"""An opening post that stands apart from the replies has so many words; menus and notices have fewer on end."""

SIDE_SHARE = 0.4
"""A part of the page with more of its words is no menu, whatever it is called ("with-sidebar")."""

KINDS = {"date": 1.0, "id": 1.0, "name": 0.8, "link": 0.8}
"""How well a kind of anchor tells posts apart: names and links also stand in lists of members and topics."""

_BODY_NAME = re.compile(
    r"content|message|body|text|entry|cooked|(?:^|[\s_-])(?:msg|post|comment|md|answer|reply)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_NO_POSTS = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|related|similar|recent|latest|trending|recommended|popular|breadcrumbs?|footer|nav\w*|"
    r"menu|widget|online|stats)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_INLINE_BODY = frozenset(
    [
        "p",
        "span",
        "b",
        "i",
        "em",
        "strong",
        "a",
        "u",
        "font",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "code",
        "dl",
        "table",
        "tbody",
        "tr",
    ]
)
_DESCENDED = frozenset(["tr", "tbody", "table"])
_VARYING = re.compile(
    r"\d|^(?:\w*(?:odd|even)|alt|first\w*|last\w*|row|bg|online|offline|new|unread|staff|has-.*|is-.*|js-.*)$",
    re.IGNORECASE,
)
_NOT_POSTED = re.compile(
    r"join|regist|member since|seit|dabei|beitritt|inscri|last (?:edit|visit|seen|activ)|edited|bearbeitet|modifi"
    r"|editado|location|birth|posts:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Group:
    kind: str
    anchors: tuple[Element, ...]
    regions: tuple[tuple[Element, ...], ...]
    score: float


def found_in(page: Page) -> list[Found]:
    """Return the posts that a general reading of a page finds, in order."""
    words = _Words(page)
    best = max(_groups(page, words), key=lambda group: group.score, default=None)
    if best is None or best.score <= 0:
        return []
    regions = [list(region) for region in best.regions]
    opening = _opening(page, words, best)
    bodies = _bodies(regions, words)
    found = [Found(region, [body] if body else region) for region, body in zip(regions, bodies, strict=True)]
    found = _with_details(found, page)
    if opening:
        found = [*_with_details([Found([opening], [_deepest(opening, words)])], page), *found]
    return found


# Words


class _Words:
    """How many words stand in each element outside of links, and which texts come again and again."""

    def __init__(self, page: Page) -> None:
        self._total = [0] * len(page.elements)
        texts: Counter[str] = Counter()
        for element in page.elements:
            for child in element.children:
                if isinstance(child, str) and child.strip():
                    texts[" ".join(child.split())] += 1
        linked: list[bool] = []
        for element in page.elements:
            inside = linked[element.parent.at] if element.parent else False
            linked.append(inside or element.tag in {"a", "label", "time", "h1", "h2"})
            if not linked[-1]:
                said = (" ".join(child.split()) for child in element.children if isinstance(child, str))
                once = (text for text in said if texts[text] == 1 and not is_date(text))
                self._total[element.at] = sum(len(text.split()) for text in once)
        for element in reversed(page.elements):
            if element.parent:
                self._total[element.parent.at] += self._total[element.at]

    def of(self, element: Element) -> int:
        return self._total[element.at]


# Groups of anchors


def _anchors(page: Page, words: _Words) -> Iterator[tuple[str, Element]]:
    """The elements that could mark a post, each with its kind."""
    most = SIDE_SHARE * words.of(page.elements[0]) if page.elements else 0
    outside = [False] * len(page.elements)
    for element in page.elements:
        parent = element.parent
        beside = _is_beside(element) and words.of(element) <= most
        outside[element.at] = beside or bool(parent and outside[parent.at])
        if outside[element.at]:
            continue
        if _dated(element):
            yield "date", element
        if numbered_id(element):
            yield "id", element
        if element.tag in {"a", "span", "b", "strong", "div", "cite", "h3", "h4"}:
            if name_likelihood(element) >= 2 and name_of(element):  # noqa: PLR2004 -- a profile's link or a class
                yield "name", element
            elif permalink_likelihood(element):
                yield "link", element


def _is_beside(element: Element) -> bool:
    """Whether an element is a quote, or by its name a part of the page beside its posts."""
    if element.tag in {"aside", "footer"} and not _BODY_NAME.search(element.names):
        return True
    return bool(_NO_POSTS.search(element.names)) or (element.tag in BLOCKS and is_quote(element))


def _dated(element: Element) -> bool:
    if element.tag == "time":
        return True
    own = element.own_text
    if own:
        return len(own) <= LONGEST_DATE and any(map(str.isdigit, own)) and is_date(own)
    return any(name in element.attrs for name in ("data-time", "data-timestamp", "datetime")) and bool(
        stamp_in(element)
    )


def _classes(element: Element) -> list[str]:
    """Its classes, and its id up to the number, without what varies from post to post."""
    own = re.match(r"([^\d]+)\d", element.attrs.get("id", ""))
    classes = sorted(name for name in element.attrs.get("class", "").split() if not _VARYING.search(name))
    return [*classes, f"#{own[1]}"] if own else classes


def _step(element: Element) -> str:
    """What is alike in elements at the same place of several posts."""
    return ".".join([element.tag, *_classes(element)])


def _keys(element: Element, paths: Sequence[int]) -> Iterator[str]:
    """Places by which anchors are grouped, from strict to loose."""
    steps = [_step(one) for one in (element, *islice(element.ancestors, 3))]
    yield " ".join(steps)
    yield " ".join(steps[:2])
    yield str(paths[element.at])
    yield element.tag


def _paths(page: Page) -> list[int]:
    """For each element a number of its path, equal where the tags from the root down to it are."""
    numbers: dict[tuple[int, str], int] = {}
    paths: list[int] = []
    for element in page.elements:
        above = paths[element.parent.at] if element.parent else -1
        paths.append(numbers.setdefault((above, element.tag), len(numbers)))
    return paths


def _groups(page: Page, words: _Words) -> Iterator[_Group]:
    by_key: dict[tuple[str, int, str], list[Element]] = defaultdict(list)
    paths = _paths(page)
    for kind, element in _anchors(page, words):
        for loose, key in enumerate(_keys(element, paths)):
            group = by_key[kind, loose, key]
            if not (group and group[-1].holds(element)):
                group.append(element)
    seen: set[tuple[int, ...]] = set()
    for (kind, _, _), anchors in by_key.items():
        places = tuple(anchor.at for anchor in anchors)
        if len(anchors) > 1 and places not in seen:
            seen.add(places)
            regions = _regions(anchors, words)
            yield _Group(kind, tuple(anchors), regions, _score(kind, regions, words))


def _score(kind: str, regions: Sequence[Sequence[Element]], words: _Words) -> float:
    counts = [sum(map(words.of, region)) for region in regions]
    worded = sum(count > 0 for count in counts) / len(counts)
    return KINDS[kind] * worded**2 * sum(sqrt(min(count, WORDS_COUNTED)) for count in counts)


class _Held:
    """How many of some anchors stand in an element."""

    def __init__(self, anchors: Sequence[Element]) -> None:
        self._places = [anchor.at for anchor in anchors]

    def __call__(self, element: Element) -> int:
        return bisect_left(self._places, element.end) - bisect_left(self._places, element.at)


def _regions(anchors: Sequence[Element], words: _Words) -> tuple[tuple[Element, ...], ...]:
    """Around each anchor the piece of the page that is its own: one element, or siblings in a row."""
    held = _Held(anchors)
    tops = [_top(anchor, held) for anchor in anchors]
    inside = sum(map(words.of, tops))
    after, before = (_runs(tops, held, step) for step in (1, -1))
    counts = [sum(words.of(one) for run in runs for one in run) for runs in (after, before)]
    if max(counts) <= inside:
        return tuple((top,) for top in tops)
    if counts[0] >= counts[1]:
        return tuple((top, *run) for top, run in zip(tops, after, strict=True))
    return tuple((*reversed(run), top) for top, run in zip(tops, before, strict=True))


def _top(anchor: Element, held: _Held) -> Element:
    top = anchor
    for above in anchor.ancestors:
        if held(above) > 1 or above.tag in {"body", "html", "main"}:
            break
        top = above
    return top


def _runs(tops: Sequence[Element], held: _Held, step: int) -> list[list[Element]]:
    """For each block the siblings after it (or before) up to the next block.

    Where no other block follows, at most as many as the longest run between blocks.
    """
    runs: list[list[Element]] = []
    open_ended: list[int] = []
    siblings: dict[int, tuple[list[Element], dict[int, int]]] = {}
    for top in tops:
        parent = top.parent
        if parent is None:
            runs.append([])
            continue
        if parent.at not in siblings:
            children = _elements(parent)
            siblings[parent.at] = children, {child.at: index for index, child in enumerate(children)}
        children, index_of = siblings[parent.at]
        at = index_of[top.at] + step
        run = []
        while 0 <= at < len(children) and not held(children[at]):
            run.append(children[at])
            at += step
        if not 0 <= at < len(children):
            open_ended.append(len(runs))
        runs.append(run)
    ended = set(open_ended)
    longest = max((len(run) for number, run in enumerate(runs) if number not in ended), default=1)
    for number in open_ended:
        del runs[number][longest:]
    return runs


def _elements(parent: Element) -> list[Element]:
    return [child for child in parent.children if isinstance(child, Element)]


def _opening(page: Page, words: _Words, best: _Group) -> Element | None:
    """The block of an opening post that is made otherwise than the replies: above them, with a date and words."""
    first = best.regions[0][0]
    held = {above.at for region in best.regions for one in region for above in (one, *one.ancestors)}
    candidates: dict[int, Element] = {}
    for kind, anchor in _anchors(page, words):
        if anchor.at >= first.at:
            break
        if kind in {"date", "name", "id"}:
            top = anchor
            for above in anchor.ancestors:
                if above.at in held:
                    break
                top = above
            if top.at not in held and words.of(_deepest(top, words)) >= OPENING_WORDS:
                candidates[top.at] = top
    return max(candidates.values(), key=words.of, default=None)


# Bodies


def _deepest(top: Element, words: _Words) -> Element:
    """The innermost element that holds nearly all words of one block."""
    while True:
        inner = max(_elements(top), key=words.of, default=None)
        if inner is None or inner.tag in _INLINE_BODY - _DESCENDED or words.of(inner) < BODY_SHARE * words.of(top):
            return top
        if inner.tag in {"p", "span", "font"}:
            return top
        top = inner


def _bodies(regions: Sequence[Sequence[Element]], words: _Words) -> list[Element | None]:
    """For each block the element with its words: found by going down as long as one place holds nearly all of them."""
    levels: list[list[Element]] = [list(region) for region in regions]
    chosen: list[Element | None] = [None] * len(regions)
    while True:
        steps = _alike(levels)
        step = _next_step(levels, steps, words)
        if step is None:
            return chosen
        for index, level in enumerate(levels):
            inner = max((one for one in level if steps[one.at] == step), key=words.of, default=None)
            chosen[index] = inner or chosen[index]
            levels[index] = _elements(inner) if inner else []


def _alike(levels: Sequence[Sequence[Element]]) -> dict[int, str]:
    """For each element its tag with those of its classes that most blocks have at this level.

    Where most blocks have the same number of elements that are alike (the rows of a table), with its number too.
    """
    full = [level for level in levels if level]
    seen: Counter[tuple[str, str]] = Counter()
    for level in full:
        seen.update({(one.tag, name) for one in level for name in _classes(one)})
    most = len(full) * COMMON_SHARE
    steps = {
        one.at: ".".join([one.tag, *(name for name in _classes(one) if seen[one.tag, name] >= most)])
        for level in full
        for one in level
    }
    counts = Counter(pair for level in full for pair in Counter(steps[one.at] for one in level).items())
    regular = {step: count for (step, count), blocks in counts.items() if blocks >= REGULAR_SHARE * len(full)}
    for level in full:
        here = Counter(steps[one.at] for one in level)
        numbers: Counter[str] = Counter()
        for one in level:
            step = steps[one.at]
            if regular.get(step) == here[step] > 1:
                numbers[step] += 1
                steps[one.at] = f"{step}:{numbers[step]}"
    return steps


def _next_step(levels: Sequence[Sequence[Element]], steps: dict[int, str], words: _Words) -> str | None:
    """The part to go down into: most words stand in it, most blocks have it, and have it once."""
    weights: Counter[str] = Counter()
    several: Counter[str] = Counter()
    present: Counter[str] = Counter()
    for level in levels:
        here = Counter(steps[one.at] for one in level)
        present.update(here.keys())
        several.update(step for step, count in here.items() if count > 1)
        for one in level:
            weights[steps[one.at]] += words.of(one)
    best = max(weights, key=lambda step: weights[step], default=None)
    if best is None:
        return None
    tag, _, classes = best.partition(":")[0].partition(".")
    named = bool(_BODY_NAME.search(classes.replace(".", " ")))
    enough = weights[best] >= (NAMED_BODY_SHARE if named else BODY_SHARE) * max(1, weights.total())
    once = several[best] <= (1 - SINGLE_SHARE) * present[best]
    usual = present[best] >= COMMON_SHARE * sum(map(bool, levels))
    fit = tag not in _INLINE_BODY - _DESCENDED or (named and tag in {"p", "span", "font", "blockquote"})
    return best if enough and once and usual and fit else None


# Details

INSIDE = "in the body: "
HABIT_SHARE = 0.6
"""What stands inside of bodies is a name or a date of a post only where this share of the posts has it there."""


def _with_details(found: list[Found], page: Page) -> list[Found]:
    """Fill in what the posts do not say yet: names, times and links, each from the place where most posts have it."""
    posts = frozenset(one.at for one in found)
    details = [_Details(one, posts) for one in found]
    names = _chosen([detail.names for detail in details])
    times = _chosen([detail.times for detail in details])
    links = _chosen([detail.links for detail in details])
    for one, name, time, link in zip(found, names, times, links, strict=True):
        one.author = one.author or (name_of(name) if name else None) or _named_in_passing(one, posts)
        one.time = one.time or (_time_of(time) if time else None)
        one.link = one.link or (link.attrs.get("href") if link else None) or _own_anchor(one, page, posts)
        outside = (element for element in (name, time, link) if element is not None)
        one.without += [element for element in outside if not element.children or words_short(element)]
    return found


_BY = re.compile(r"\bby:?\s+(\S.{0,39}?)(?:\s*\(|,|\s+(?:on|at|»|-|–)\s)")


def _named_in_passing(found: Found, posts: frozenset[int]) -> str | None:
    """The name in a line such as "Submitted by Mike (not verified) on ..." outside of the body."""
    for _, element in _parts(found, posts):
        if not any(body.holds(element) for body in found.bodies):
            own = element.own_text
            if len(own) <= 2 * LONGEST_DATE and is_date(own[-LONGEST_DATE:]) and (match := _BY.search(own)):
                return match[1]
    return None


def _parts(found: Found, posts: frozenset[int]) -> Iterator[tuple[Element, Element]]:
    """Each element of a post with the root it stands under, without other posts that stand in it."""
    for root in found.region:
        stack = [root]
        while stack:
            element = stack.pop()
            yield root, element
            stack += reversed([child for child in _elements(element) if child.at not in posts])


def with_details(found: list[Found], page: Page) -> list[Found]:
    """Return posts with the details that they lack, where the page shows them in a usual way."""
    return _with_details(found, page)


def words_short(element: Element) -> bool:
    """Whether an element holds no more than a name or a date."""
    return len(element.short_text(LONGEST_DATE)) <= LONGEST_DATE


class _Details:
    """The elements of one post that could be its author's name, its time, its link: each with place and likelihood."""

    def __init__(self, found: Found, posts: frozenset[int]) -> None:
        self.names: list[tuple[str, float, Element]] = []
        self.times: list[tuple[str, float, Element]] = []
        self.links: list[tuple[str, float, Element]] = []
        for root, element in _parts(found, posts):
            inside = any(body.holds(element) for body in found.bodies)
            self._look_at(element, root, INSIDE if inside else "")

    def _look_at(self, element: Element, root: Element, where: str) -> None:
        place = where + _place(element, root)
        if (weight := name_likelihood(element)) and name_of(element):
            self.names.append((place, weight, element))
        if weight := _time_likelihood(element):
            self.times.append((place, weight, element))
        if weight := permalink_likelihood(element):
            self.links.append((place, weight, element))


def _place(element: Element, root: Element) -> str:
    steps = [_step(element)]
    for above in element.ancestors:
        if above is root or len(steps) > 3:  # noqa: PLR2004 -- enough to tell a header from a side
            break
        steps.append(_step(above))
    return " ".join(steps)


def _time_likelihood(element: Element) -> float:
    own = element.own_text
    stamp = stamp_in(element)
    if not stamp and not (own and is_date(own)):
        return 0.0
    around = element.parent.short_text(LONGEST_DATE) if element.parent else ""
    names = f"{element.names} {element.parent.names if element.parent else ''}"
    near = f"{own} {names} {around if len(around) <= LONGEST_DATE else ''}"
    weight = 1.0
    weight += 2.0 * isinstance(stamp, datetime) + (element.tag == "time")
    weight += bool(
        re.search(r"\d:\d\d|\d ?[ap]m|\dh\d\d", own + (stamp if isinstance(stamp, str) else ""), re.IGNORECASE)
    )
    weight += 0.5 * bool(re.search(r"date|time|posted|when|ago", element.names, re.IGNORECASE))
    return weight / 10 if _NOT_POSTED.search(near) else weight


def _chosen(candidates: Sequence[Sequence[tuple[str, float, Element]]]) -> list[Element | None]:
    """Of each post's candidates the one at the place that is likeliest over all posts; else its own likeliest."""
    weights: Counter[str] = Counter()
    for offered in candidates:
        best: dict[str, float] = {}
        for place, weight, _ in offered:
            best[place] = max(weight, best.get(place, 0.0))
        weights.update(best)
    often = Counter(place for offered in candidates for place in {place for place, _, _ in offered})
    enough = max(min(2, len(candidates)), HABIT_SHARE * len(candidates))
    chosen: list[Element | None] = []
    for offered in candidates:
        usable = [one for one in offered if not one[0].startswith(INSIDE) or often[one[0]] >= enough]
        ranked = max(usable, key=lambda one: (weights[one[0]], one[1]), default=None)
        chosen.append(ranked[2] if ranked else None)
    return chosen


def _time_of(element: Element) -> datetime | str | None:
    return stamp_in(element) or element.own_text or None


def _own_anchor(found: Found, page: Page, posts: frozenset[int]) -> str | None:
    """A link made of the post's numbered id."""
    if not page.url:
        return None
    parts = [element for _, element in _parts(found, posts)]
    if any(child.at in posts for element in parts for child in _elements(element)):
        parts = found.region  # the anchors in it may be those of the posts in it
    own = next((name for element in parts if (name := numbered_id(element))), None)
    return f"{page.url.partition('#')[0]}#{own}" if own else None
