"""The neutral form: threads as JSON, one object a thread, nothing lost and nothing of any one forum in it.

    {"counterpoint": 1, "title": "Should I lift?", "link": null, "forum": "Runners", "invented": false,
     "posts": [{"id": "0", "text": "...", "author": "Sal", "time": "2019-03-12T10:22:00+00:00", "score": 3,
                "link": null, "parent": null, "raw": null, "vanished": false,
                "quotes": [{"start": 0, "end": 12, "author": "Bob", "post": "0"}]}, ...]}

A file holds one such object, an array of them, or one a line (JSON lines). Only `posts` and each post's `text` must be
there. `id` is any name that `parent` and `post` refer to; the thread's own ids are made from its content, so that
reading what `to_neutral` wrote gives the same thread. Times are ISO 8601. Other keys are passed over; exports have some
(`indexer.exports`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers.reading import LARGEST, Found, Reading, decode, json_values, streamed
from corpus.thread import ID_LENGTH, Post, Quote, Skipped, Thread, make_thread

VERSION = 1
LAYOUT = "Counterpoint's neutral JSON"
NAME = "Counterpoint's neutral JSON (.json, .jsonl)"


def is_neutral(data: bytes) -> bool:
    """Whether `data` begins like an object of JSON or an array of them."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*[\"}]", data) is not None


def read_neutral(data: bytes | str, *, place: str = "the file") -> Reading:
    """Read threads in the neutral form; raises UnreadableInput, naming `place` and where in it."""
    text = decode(data, place) if isinstance(data, bytes) else data
    threads = tuple(_thread(one, f"{place}, {where}") for where, one in _objects(text, place))
    if not threads:
        raise UnreadableInput(f"{place} holds no threads; expected {NAME}")
    return Reading(threads, (), LAYOUT)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the file at `path`, line by line where it has one a line; raises as `read_neutral` does."""
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open file."""
    for where, value in json_values(file, place):
        if isinstance(value, Skipped):
            raise UnreadableInput(f"{place}, {where} is not JSON ({value.text}); expected {NAME}")
        listed = isinstance(value, list)
        for number, one in enumerate(value if listed else [value], start=1):
            yield _thread(one, f"{place}, thread {number}" if listed else f"{place}, {where}")


def to_neutral(thread: Thread) -> str:
    """Return `thread` in the neutral form, as one line of JSON; `read_neutral` gives it back."""
    return json.dumps(neutral_fields(thread), ensure_ascii=False)


def neutral_fields(thread: Thread) -> dict[str, Any]:
    """Return `thread` in the neutral form, as plain values."""
    posts = [
        {
            "id": post.id,
            "text": post.text,
            "author": post.author,
            "time": post.time.isoformat() if post.time else None,
            "score": post.score,
            "link": post.link,
            "parent": post.parent_id,
            "raw": post.raw,
            "vanished": post.vanished,
            "quotes": [{"start": q.start, "end": q.end, "author": q.author, "post": q.post_id} for q in post.quotes],
        }
        for post in thread.posts
    ]
    heading = {"title": thread.title, "link": thread.link, "forum": thread.forum, "invented": thread.invented}
    return {"counterpoint": VERSION, **heading, "posts": posts}


def exact_thread(value: Any, where: str) -> Thread:
    """Return the thread of plain values in the neutral form whose `id`s are those of a knowledge base, and are kept.

    Raises UnreadableInput, naming `where`, where they are not.
    """
    heading, posts = _parts(value, where)
    thread_id = _text(heading, "id", where) or ""
    referred = [one for post in posts for one in (post.parent_id, *(quote.post_id for quote in post.quotes))]
    for one in (thread_id, *(post.id for post in posts), *filter(None, referred)):
        if not re.fullmatch(rf"[0-9a-f]{{{ID_LENGTH}}}", one):
            raise UnreadableInput(f"{where}: {one!r} is not an id of {ID_LENGTH} digits of 0-9 and a-f")
    if len({post.id for post in posts}) < len(posts):
        raise UnreadableInput(f"{where} has two posts with one id")
    return Thread(
        id=thread_id,
        title=_text(heading, "title", where) or "",
        posts=tuple(replace(post, thread_id=thread_id) for post in posts),
        link=_text(heading, "link", where),
        forum=_text(heading, "forum", where),
        invented=heading.get("invented") is True,
    )


def _objects(text: str, place: str) -> Iterator[tuple[str, Any]]:
    """Each object of the file with where it stands: the whole as JSON, else line by line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        for number, line in enumerate(text.split("\n"), start=1):  # JSON holds other ends of lines
            if line.strip():
                yield f"line {number}", _line(line, f"{place}, line {number}")
        return
    for number, one in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        yield f"thread {number}", one


def _line(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{where} is not JSON ({error}); expected {NAME}") from error


def _thread(value: Any, where: str) -> Thread:
    heading, posts = _parts(value, where)
    return make_thread(
        posts,
        title=_text(heading, "title", where),
        link=_text(heading, "link", where),
        forum=_text(heading, "forum", where),
        invented=heading.get("invented") is True,
    )


def _parts(value: Any, where: str) -> tuple[Mapping[str, Any], list[Post]]:
    """The heading of a thread, and its posts with the ids that the file gives them."""
    heading = _mapping(value, where)
    if heading.get("counterpoint", VERSION) != VERSION:
        raise UnreadableInput(
            f"{where} is version {heading['counterpoint']!r} of the neutral form, this program reads {VERSION}; "
            "update Counterpoint"
        )
    posts = heading.get("posts")
    if not isinstance(posts, list) or not posts:
        raise UnreadableInput(f'{where} has no "posts"; expected a list of objects, each with a "text"')
    return heading, [_post(post, number, f"{where}, post {number}") for number, post in enumerate(posts, start=1)]


def _post(value: Any, number: int, where: str) -> Post:
    fields = _mapping(value, where)
    text = _text(fields, "text", where)
    if text is None:
        raise UnreadableInput(f'{where} has no "text"; expected the words of the post')
    quotes = fields.get("quotes") or []
    if not isinstance(quotes, list):
        raise UnreadableInput(f'{where}: "quotes" is not a list')
    return Post(
        id=_text(fields, "id", where) or f"post {number}",
        thread_id="",
        position=number - 1,
        text=text,
        author=_text(fields, "author", where),
        time=_time(fields, where),
        score=_number(fields, "score", where),
        link=_text(fields, "link", where),
        parent_id=_text(fields, "parent", where),
        quotes=tuple(_quote(quote, text, where) for quote in quotes),
        raw=_text(fields, "raw", where),
        vanished=fields.get("vanished") is True,
    )


def _quote(value: Any, text: str, where: str) -> Quote:
    fields = _mapping(value, where)
    start, end = _number(fields, "start", where), _number(fields, "end", where)
    if start is None or end is None or not 0 <= start < end <= len(text):
        raise UnreadableInput(
            f"{where}: a quote from {start} to {end} is not inside its text of {len(text)} characters"
        )
    return Quote(start, end, _text(fields, "author", where), _text(fields, "post", where))


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableInput(f"{where} is {type(value).__name__}, not an object; expected {NAME}")
    return value


def _text(fields: Mapping[str, Any], name: str, where: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableInput(f'{where}: "{name}" is {value!r}, expected text')
    if value is not None and not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise UnreadableInput(f'{where}: "{name}" holds half of a surrogate pair, which is no character')
    return value


def _number(fields: Mapping[str, Any], name: str, where: str) -> int | None:
    value = fields.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST):
        raise UnreadableInput(f'{where}: "{name}" is not a whole number that a database keeps')
    return value


def _time(fields: Mapping[str, Any], where: str) -> datetime | None:
    text = _text(fields, "time", where)
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise UnreadableInput(f'{where}: "time" is {text!r}, expected ISO 8601 such as 2019-03-12T10:22:00') from error
