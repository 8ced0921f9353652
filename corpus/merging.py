"""The same thread again: which stored one it is, which of its posts are which, and what both are together.

Ids come from permalinks or words (`corpus.thread`), so one format read twice gives one id. Another format may have
other links, or none: then a thread is known by where its link leads (`place`) or by its posts' words (`is_same`).

What counts as gone from its thread ("vanished") is decided by one rule: a post that the reading shows as a gap where
words stood (Reddit's [deleted]), or that a whole reading lacks (`Thread.whole`: the export proves that nothing is
missing, as Reddit's and Discourse's JSON of a thread, Hacker News' items and Stack Exchange's dump with its comments
can). Pastes, pages, mail, tables and Reddit's dumps are never whole: a part of a thread takes nothing away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpus.thread import OPENER, Post, Quote, Thread, bare_words, content_id, key_of, title_from

REMOVED_OPENING = "Thread without its opening post"
"""The title of a thread whose title came from an opening post that was removed."""

DISTINCT = 6
"""Words from which equal posts are one post: "thanks, that worked" is said by many, a whole sentence hardly ever."""

EDITED = 0.6
"""Share of words, in order, that an edited post keeps (difflib's ratio: above 0.6 two sequences are close matches)."""

PROBES = 8
"""Longest posts of a thread that it is looked up by, beside its opening post."""

T = TypeVar("T")


# Where a link leads

_PASSING = re.compile(
    r"(?:utm_\w+|s|sid|phpsessid|page|start|sort|order|highlight|context|share_id|ref)", re.IGNORECASE
)
"""Parameters that say who looks, from where or at which page, and not at which thread or post."""

_MIRRORS = re.compile(r"^(?:www|old|new|np|m|mobile)\.")

_SHORTER: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:/(?:r|u|user)/[^/]+)?/comments/(\w+)(?:/[^/]*/(\w+))?(?:/[^/]*)?"), r"/comments/\1/\2"),  # Reddit
    (re.compile(r"/t/(?:[^/]*[^/\d][^/]*/)?(\d+)(?:/(\d+))?"), r"/t/\1/\2"),  # Discourse
    (re.compile(r"/q(?:uestions)?/(\d+)(?:/[^/]*)?"), r"/q/\1"),  # Stack Exchange
    (re.compile(r"/a/(\d+)(?:/\d+)?"), r"/a/\1"),
    (re.compile(r"(.+)/(?:page[-/]?\d+|p\d{1,3})"), r"\1"),  # XenForo, Invision, Vanilla
)
"""Paths of forums that lead to one place under several names: with and without a title, a user, a page."""


def place(link: str) -> str:
    """Return where a link leads, however it is written: without scheme, mirror, title, page and session."""
    try:
        parts = urlsplit(link.strip())
        host = _MIRRORS.sub("", parts.hostname or "")
    except ValueError:  # no address, and so only equal to itself
        return link.strip()
    path = parts.path.rstrip("/")
    for pattern, short in _SHORTER:
        if matched := pattern.fullmatch(path):
            path = matched.expand(short).rstrip("/")
            break
    asked = urlencode(sorted(one for one in parse_qsl(parts.query) if not _PASSING.fullmatch(one[0])))
    return f"{host}{path}{'?' if asked else ''}{asked}{'#' if parts.fragment else ''}{parts.fragment}"


# Which thread


def words_key(text: str) -> int | None:
    """Return the key that posts of the same words share; None for a post without words."""
    words = bare_words(text)
    return key_of(content_id(words)) if words else None


def probes(thread: Thread) -> list[int]:
    """Return the `words_key`s of the posts by which a stored thread is looked up: the opening and the longest."""
    longest = sorted(thread.posts, key=lambda post: -len(post.text))[:PROBES]
    return list(dict.fromkeys(key for post in (thread.opening, *longest) if (key := words_key(post.text)) is not None))


def is_same(stored: Thread, given: Thread) -> bool:
    """Whether two threads are one: by id, by where their links lead, or, where one has no link, by what is said.

    By words: the same opening post and another one in common (or nothing else to compare); or, for an opening that was
    edited, more than half of the shorter thread's posts, at least two, all of `DISTINCT` words.
    """
    if stored.id == given.id:
        return True
    if stored.link and given.link:
        return place(stored.link) == place(given.link)
    ours, theirs = ([words for post in one.posts if (words := bare_words(post.text))] for one in (stored, given))
    common = Counter(ours) & Counter(theirs)
    shorter = min(len(ours), len(theirs))
    if stored.opening.text and bare_words(stored.opening.text) == bare_words(given.opening.text):
        return common.total() > 1 or shorter == 1
    distinct = sum(number for words, number in common.items() if words.count(" ") + 1 >= DISTINCT)
    return distinct > 1 and distinct * 2 > shorter


# Which post


def pairs(stored: Thread, given: Thread) -> dict[str, Post]:
    """Return the stored post that each given one is, by the given one's id; new posts are not in it.

    In this order: the same id; the same link, where it is one post's alone; the same words and author; the same words;
    then, as an edit, the same author and much the same words.
    """
    by_id = {post.id: post for post in stored.posts}
    found = {post.id: by_id[post.id] for post in given.posts if post.id in by_id}
    if len(found) == len(given.posts):
        return found
    counts = [Counter(map(_place_of, thread.posts)) for thread in (stored, given)]
    places = {one for count in counts for one in count if one and max(each[one] for each in counts) == 1}
    left = [post for post in stored.posts if post.id not in found]
    rules: tuple[tuple[Callable[[Post], Hashable], Callable[[Post, Post], bool]], ...] = (
        (lambda post: (there := _place_of(post)) in places and there, lambda *_: True),
        (lambda post: post.author and (post.author, bare_words(post.text)), _may_be_one),
        (lambda post: bare_words(post.text), _may_be_one),
        (lambda post: post.author or (not post.position and OPENER), _is_edit),
    )
    for key, fits in rules:
        waiting = [post for post in given.posts if post.id not in found]
        if not (waiting and left):
            break
        free: dict[Hashable, list[Post]] = {}
        for post in left:
            free.setdefault(key(post), []).append(post)
        for post in waiting:
            named = key(post)
            candidates = free.get(named, []) if named else []
            if before := next((one for one in candidates if fits(one, post)), None):
                candidates.remove(before)
                found[post.id] = before
        taken = {post.id for post in found.values()}
        left = [post for post in left if post.id not in taken]
    return found


def _differ(one: object, other: object) -> bool:
    """Whether both say something, and not the same."""
    return None not in (one, other) and one != other


def _may_be_one(before: Post, now: Post) -> bool:
    """Whether posts of the same words are one: a few words are, where neither author nor link says otherwise."""
    if bare_words(now.text).count(" ") + 1 >= DISTINCT:
        return True
    return not (_differ(before.author, now.author) or _differ(_place_of(before), _place_of(now)))


def _is_edit(before: Post, now: Post) -> bool:
    """Whether `now` is `before`, edited: at the same time, as far as that is said, with most of its words in order."""
    if _differ(before.time, now.time) or _differ(_place_of(before), _place_of(now)):
        return False
    old, new = bare_words(before.text).split(), bare_words(now.text).split()
    common = min(len(old), len(new))
    if common >= DISTINCT and old[:common] == new[:common]:
        return True
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return bool(common) and matcher.quick_ratio() > EDITED and matcher.ratio() > EDITED


def _place_of(post: Post) -> str | None:
    return place(post.link) if post.link else None


# Both together


def merged(stored: Thread, given: Thread) -> Thread:
    """Return `stored` brought in step with `given`, the same thread again: what the store then holds.

    New posts are added; edited ones have their new words; what one of them does not say (a time, a score) is kept from
    the other. In another format `given` adds and rewords, but does not overrule what is stored. For posts that `given`
    lacks, see the rule at the top.
    """
    known = pairs(stored, given)
    ids = {post.id: _id_in(stored, given, post, known) for post in given.posts}
    here = set(ids.values())
    before = {post.id: post for post in stored.posts}
    now: dict[str, Post] = {}
    for post in given.posts:
        moved = _under(post, ids, stored.id)
        if (stored_post := known.get(post.id)) is not None:
            moved = _brought(stored_post, moved, here, in_place=_in_place(stored_post, post))
        now[moved.id] = moved
    posts = {
        one: replace(post, vanished=post.vanished or (given.whole and post.text != "")) for one, post in before.items()
    } | now
    opener = next((name for one in (stored, given) if (name := one.opening.author) not in (None, OPENER)), OPENER)
    return replace(
        _heading(stored, given),
        posts=tuple(
            replace(posts[one], position=position, author=opener if posts[one].author == OPENER else posts[one].author)
            for position, one in enumerate(_order(before, now, anew=stored.id == given.id))
        ),
    )


def _id_in(stored: Thread, given: Thread, post: Post, known: Mapping[str, Post]) -> str:
    """The id that a given post has in the stored thread; no two threads ever make the same."""
    if post.id in known:
        return known[post.id].id
    return post.id if stored.id == given.id else content_id(stored.id, post.id)


def _under(post: Post, ids: Mapping[str, str], thread_id: str) -> Post:
    quotes = tuple(replace(quote, post_id=ids.get(quote.post_id or "")) for quote in post.quotes)
    return replace(post, id=ids[post.id], thread_id=thread_id, parent_id=ids.get(post.parent_id or ""), quotes=quotes)


def _in_place(before: Post, now: Post) -> bool:
    return before.id == now.id or (now.link is not None and _place_of(before) == _place_of(now))


def _brought(before: Post, now: Post, here: Collection[str], *, in_place: bool) -> Post:
    """One post as both say it; `here` are the posts of the reading that `now` is of.

    `in_place`: `now` has the id or link of `before`, and says it anew; else `before` is heard first.
    """
    if before.text and not now.text:
        return replace(before, vanished=True)
    first, second = (now, before) if in_place else (before, now)
    worded = now if in_place or bare_words(before.text) != bare_words(now.text) else before
    return replace(
        worded,
        author=first.author if first.author not in (None, OPENER) else second.author or first.author,
        time=first.time or second.time,
        score=second.score if first.score is None else first.score,
        link=first.link or second.link,
        parent_id=_referred(before.parent_id, now.parent_id, here) if in_place else before.parent_id or now.parent_id,
        quotes=_quotes(before, worded, here),
        vanished=False,
    )


def _referred(before: str | None, now: str | None, here: Collection[str]) -> str | None:
    """The post that is referred to: as it is said now, unless what is read now cannot know the one that it was."""
    return now if now is not None and (before is None or before in here) else before


def _quotes(before: Post, now: Post, here: Collection[str]) -> tuple[Quote, ...]:
    """The quotes of `now`; where they stand as before, with what was known of each."""
    if before.text != now.text or [(q.start, q.end) for q in before.quotes] != [(q.start, q.end) for q in now.quotes]:
        return now.quotes
    return tuple(
        replace(quote, author=quote.author or was.author, post_id=_referred(was.post_id, quote.post_id, here))
        for was, quote in zip(before.quotes, now.quotes, strict=True)
    )


def _heading(stored: Thread, given: Thread) -> Thread:
    """What is said of the thread as a whole. A title that was taken from the opening post replaces no other one."""
    first, second = (given, stored) if given.id == stored.id else (stored, given)
    typed = [one.title for one in (first, second) if one.title not in (title_from(one.opening.text), REMOVED_OPENING)]
    own = given.title if stored.title == REMOVED_OPENING else stored.title
    return Thread(
        id=stored.id,
        title=typed[0] if typed else own,
        posts=(),
        link=first.link or second.link,
        forum=first.forum or second.forum,
        invented=stored.invented or given.invented,
    )


def _order(before: Mapping[str, Post], now: Mapping[str, Post], *, anew: bool) -> list[str]:
    """The ids of all posts in reading order: by time where both are in it, as the pages of a thread are.

    Else the order is that of `now` where it is said `anew`, in the same format; else that of `before`.
    """
    if not anew:
        return merged_order(list(now), list(before))
    together = {**before, **now}
    if before.keys() - now.keys() and all(_in_time(list(one.values())) for one in (before, now)):
        moments = {
            one: post.time.replace(tzinfo=post.time.tzinfo or UTC) for one, post in together.items() if post.time
        }
        by_time = sorted(together, key=moments.__getitem__)
        if list(now) == [one for one in by_time if one in now]:
            return by_time
    return merged_order(list(before), list(now))


def _in_time(posts: Sequence[Post]) -> bool:
    """Whether every post has a time, all with a zone or all without, and none is earlier than the one before."""
    times = [post.time for post in posts if post.time is not None]
    alike = len({time.tzinfo is None for time in times}) == 1 and len(times) == len(posts)
    return alike and all(one <= other for one, other in pairwise(times))


def merged_order(stored: Sequence[T], given: Sequence[T]) -> list[T]:
    """Return all of both, in the order of `given`; what only `stored` has follows what it followed there."""
    order = list(given)
    known = set(given)
    for index, one in enumerate(stored):
        if one not in known:
            order.insert(order.index(stored[index - 1]) + 1 if index else 0, one)
    return order
