"""Reddit's exports: a thread's .json, morechildren, Arctic Shift and Pushshift dumps, and nested JSON lines.

A thread (`<permalink>.json`) is a list of two listings, the submission (kind t3) and the tree of its comments (t1),
with "more" stubs for replies that were not loaded; `/api/morechildren` gives some of those as a flat list
(https://www.reddit.com/dev/api). A dump (https://github.com/ArthurHeitmann/arctic_shift) has one submission or comment
a line, with the same fields; a nested line is a submission with its comments by id, each with its replies.

Links are the short form that needs no name of subreddit or title, as dumps of comments have neither: so the same thread
gets the same ids from every one of these. A comment that was [deleted] or [removed] stays, without words, as a gap in
the tree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from corpus.cleaning import plain
from corpus.readers.markup import from_markdown
from corpus.readers.quoting import post_of, thread_of
from corpus.readers.reading import (
    HEAD,
    Fields,
    Found,
    Reading,
    as_reading,
    fields_of,
    json_keys,
    json_values,
    list_of,
    moment,
    name_of,
    number_of,
    streamed,
    words_of,
)
from corpus.readers.spool import Spool
from corpus.thread import Post, Skipped

NAME = "Reddit's JSON, or JSON lines of Arctic Shift and Pushshift (.json, .jsonl, .gz, .zst)"
LAYOUT = "an export of Reddit"

GAPS = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[ removed by reddit ]"})
"""What stands in place of words that are gone, or of the name of an account that is."""

COMMENT = frozenset({"body", "link_id"})
SUBMISSIONS = (frozenset({"selftext", "title"}), frozenset({"title", "subreddit", "num_comments"}))
NESTED = frozenset({"sid", "comments"})


def is_reddit(data: bytes) -> bool:
    """Whether `data` begins like one of Reddit's exports."""
    keys = json_keys(data)
    return (
        ({"kind", "data"} <= keys and b'"Listing"' in data[:HEAD])
        or (keys == {"json"} and b'"things"' in data[:HEAD])
        or "sid" in keys & NESTED
        or _is_flat(keys)
    )


def read_reddit(data: bytes, place: str = "the file") -> Reading:
    """Read an export of Reddit; raises UnreadableInput, naming `place`, where there is none in it."""
    return as_reading(threads_in, data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the export at `path`: nested lines as they are read, a dump once all of it was read."""
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open export; the lines of a dump wait on disk until their threads are whole."""
    with Spool() as dump:
        for where, value in json_values(file, place):
            fields = fields_of(value)
            if isinstance(value, Skipped):
                yield value
            elif fields.keys() >= NESTED:
                yield from _nested(fields, where)
            elif _is_flat(fields.keys()):
                dump.add(_thread_id(fields), fields)
            elif things := list(_things(value)):
                yield from _listed(things, where)
            else:
                yield Skipped("not_reddit", str(value)[:80], where)
        for thread_id, records in dump.threads():
            yield from _flat(thread_id, records)


def _is_flat(keys: Any) -> bool:
    return keys >= COMMENT or any(keys >= submission for submission in SUBMISSIONS)


# Links


def thread_link(thread_id: str) -> str:
    """Return the link of a thread by Reddit's id for it ("2ixv41")."""
    return f"https://www.reddit.com/comments/{thread_id}/"


def comment_link(thread_id: str, comment_id: str) -> str:
    """Return the link of a comment by Reddit's ids."""
    return f"{thread_link(thread_id)}_/{comment_id}/"


def _bare(name: Any) -> str:
    """Reddit's id without what kind it is of: "t3_2ixv41" is "2ixv41"."""
    return re.sub(r"^t\d_", "", str(name) if isinstance(name, int) else words_of(name))


def _thread_id(fields: Fields) -> str:
    return _bare(fields.get("link_id") if "body" in fields else fields.get("id"))


# One post


def _author(fields: Fields) -> str | None:
    name = name_of(fields.get("author"))
    return None if name is None or name.lower() in GAPS else name


def _score(fields: Fields) -> int | None:
    names = () if fields.get("score_hidden") is True else ("score", "ups", "upvotes")
    return next((score for name in names if (score := number_of(fields.get(name))) is not None), None)


def _post(fields: Fields, id_: str, text: str, link: str, parent: str | None) -> Post:
    gone = text.strip().lower() in GAPS
    said = from_markdown("" if gone else text)
    return post_of(
        id_,
        said,
        text,
        author=_author(fields),
        time=moment(fields.get("created_utc", fields.get("created"))),
        score=_score(fields),
        link=link,
        parent=parent,
    )


def _opening(fields: Fields, thread_id: str, text: str) -> Post:
    """The submission; one without words of its own says its title."""
    title = words_of(fields.get("title", fields.get("title:")))
    return _post(fields, thread_id, text if text.strip() else title, thread_link(thread_id), None)


def _comment(fields: Fields, thread_id: str) -> Post:
    id_ = _bare(fields.get("id"))
    parent = _bare(fields.get("parent_id")) or None
    return _post(fields, id_, words_of(fields.get("body")), comment_link(thread_id, id_), parent)


# Threads and morechildren


def _things(value: Any) -> Iterator[tuple[str, Fields]]:
    """Kind and data of everything in listings or a morechildren answer, a comment's replies right after it."""
    more = fields_of(fields_of(fields_of(value).get("json")).get("data"))
    waiting = list_of(more.get("things"))[::-1] or (value[::-1] if isinstance(value, list) else [value])
    while waiting:
        thing = fields_of(waiting.pop())
        kind, data = words_of(thing.get("kind")), fields_of(thing.get("data"))
        if kind == "Listing":
            waiting += reversed(list_of(data.get("children")))
        elif kind in {"t1", "t3", "more"}:
            yield kind, data
            waiting += [data.get("replies")] if kind == "t1" else []


def _listed(things: list[tuple[str, Fields]], where: str) -> Iterator[Found]:
    openings: dict[str, Fields] = {}
    comments: defaultdict[str, list[Fields]] = defaultdict(list)
    stubs: defaultdict[str, list[Fields]] = defaultdict(list)
    thread_id = ""
    for kind, data in things:
        thread_id = _bare(data.get("id")) if kind == "t3" else _bare(data.get("link_id")) or thread_id
        if kind == "t3":
            openings[thread_id] = data
        else:
            (stubs if kind == "more" else comments)[thread_id].append(data)
    for thread_id in dict.fromkeys((*openings, *comments, *stubs)):
        opening = openings.get(thread_id)
        missing = list(_missing(thread_id, opening, len(comments[thread_id]), stubs[thread_id]))
        whole = opening is not None and "num_comments" in opening and not missing
        yield from _thread(thread_id, opening, comments[thread_id], where, whole=whole)
        yield from missing


def _missing(thread_id: str, opening: Fields | None, here: int, stubs: list[Fields]) -> Iterator[Skipped]:
    """What the export says exists and does not hold."""
    counted = 0
    for stub in stubs:
        count = number_of(stub.get("count")) or len(list_of(stub.get("children")))
        counted += count
        parent = _bare(stub.get("parent_id"))
        place = thread_link(thread_id) if parent == thread_id else comment_link(thread_id, parent)
        yield Skipped("replies_not_loaded", f"{count or 'an unknown number of'} replies", place)
    total = (number_of(opening.get("num_comments")) or 0) if opening else 0
    if total > here + counted:
        text = f"{total - here - counted:,} of {total:,} replies"
        yield Skipped("replies_absent", text, thread_link(thread_id))


def _thread(
    thread_id: str, opening: Fields | None, comments: list[Fields], where: str, *, whole: bool = False
) -> Iterator[Found]:
    posts: dict[str, Post] = {}
    link = thread_link(thread_id)
    if opening is None:
        yield Skipped("opening_post_absent", "", link)
    else:
        posts[thread_id] = _opening(opening, thread_id, words_of(opening.get("selftext")))
    for fields in comments:
        post = _comment(fields, thread_id)
        if post.id in posts:
            yield Skipped("repeated_post", posts[post.id].text[:80], f"{where}, {post.link}")
        posts[post.id] = post
    if not posts:
        return
    about = opening or comments[0]
    title = plain(words_of(about.get("title"))) or None
    thread = thread_of(list(posts.values()), title=title, link=link, forum=_forum(about.get("subreddit")))
    yield replace(thread, whole=whole)


def _forum(subreddit: Any) -> str | None:
    name = words_of(subreddit)
    return f"r/{name}" if name else None


# Dumps


def _flat(thread_id: str, records: list[Fields]) -> Iterator[Found]:
    """One thread of a dump, from its lines in any order."""
    opening = next((record for record in records if "body" not in record), None)
    replies: defaultdict[str, list[Fields]] = defaultdict(list)
    ids = {_bare(record.get("id")) for record in records}
    comments = [record for record in records if "body" in record]
    for record in comments:
        parent = _bare(record.get("parent_id"))
        replies[parent if parent in ids else thread_id].append(record)
    for of_one in replies.values():
        of_one.sort(key=lambda record: number_of(record.get("created_utc")) or 0)
    ordered: list[Fields] = []
    waiting = replies.pop(thread_id, [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += replies.pop(_bare(ordered[-1].get("id")), [])[::-1]
    ordered += [record for circle in replies.values() for record in circle]  # comments that answer one another
    yield from _thread(thread_id, opening, ordered, "the dump")


# Nested lines


def _nested(fields: Fields, where: str) -> Iterator[Found]:
    """One line of the nested form; `title` is spelled "title:" in some files."""
    thread_id = _bare(fields.get("sid"))
    posts = [_opening(fields, thread_id, words_of(fields.get("text")))]
    waiting = _by_id(fields.get("comments"), None)
    while waiting:
        id_, comment, parent = waiting.pop()
        link = comment_link(thread_id, id_)
        posts.append(_post(comment, id_, words_of(comment.get("text")), link, parent or thread_id))
        waiting += _by_id(comment.get("replies"), id_)
    named = re.match(r"(?:https?://[^/]+)?/r/([^/]+)/", words_of(fields.get("link")))
    title = plain(words_of(fields.get("title", fields.get("title:")))) or None
    if not thread_id:
        yield Skipped("not_reddit", title or "", where)
        return
    yield thread_of(posts, title=title, link=thread_link(thread_id), forum=_forum(named[1] if named else None))


def _by_id(comments: Any, parent: str | None) -> list[tuple[str, Fields, str | None]]:
    """The comments of an object by id, last first."""
    return [(id_, fields_of(comment), parent) for id_, comment in reversed(fields_of(comments).items())]
