"""Discourse's JSON: topics (`/t/<id>.json`), pages of their posts (`/t/<id>/posts.json`), latest posts (`/posts.json`).

A topic holds its first posts and, in `post_stream.stream`, the ids of all of them (https://docs.discourse.org). The
JSON does not name its own host; the address of an uploaded avatar does ("/user_avatar/<host>/..."). Where no post has
one, a thread has no link and is known by the words of its opening post.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from corpus.cleaning import plain
from corpus.errors import UnreadableInput
from corpus.readers.markup import from_html
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
    opened,
    streamed,
    words_of,
)
from corpus.thread import Post, Skipped

NAME = "Discourse's JSON of a topic (.json)"
LAYOUT = "a Discourse topic"

FORUM_NOTICE = 3
"""The post_type of what the forum itself says ("This topic was closed"): nobody's words."""

LIKE = 2
"""The id of likes in `actions_summary`. (A post's "score" weighs how often it was read, and is no vote.)"""


def is_discourse(data: bytes) -> bool:
    """Whether `data` begins like Discourse's JSON."""
    return bool(json_keys(data) & {"post_stream", "latest_posts"})


def read_discourse(data: bytes, place: str = "the file") -> Reading:
    """Read Discourse's JSON; raises UnreadableInput, naming `place`, where there is no topic in it."""
    return as_reading(threads_in, data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the file at `path`, or of a folder's .json files, where a topic's pages are put together.

    The pages of a folder are held in memory at once; other files in it are left alone.
    """
    return _topics(_in_folder(path)) if path.is_dir() else streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open file: each topic with those of its posts that are there."""
    return _topics(value for _, value in json_values(file, place))


def _in_folder(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*.json")):
        try:
            with opened(path) as file:
                if is_discourse(file.read(HEAD)):
                    file.seek(0)
                    yield from (value for _, value in json_values(file, str(path)) if _pages(value))
        except UnreadableInput as error:
            yield Skipped("unreadable_file", str(error), str(path))


def _pages(value: Any) -> list[Fields]:
    """The objects of a value that hold posts."""
    objects = map(fields_of, value if isinstance(value, list) else [value])
    return [one for one in objects if one.keys() & {"post_stream", "latest_posts"}]


def _posts_of(page: Fields) -> list[Fields]:
    listed = fields_of(page.get("post_stream")).get("posts") or page.get("latest_posts")
    return [post for post in map(fields_of, list_of(listed)) if post]


def _topics(values: Iterable[Any]) -> Iterator[Found]:
    """Put the pages of each topic together; a page on its own is a topic that lacks posts."""
    pages: defaultdict[str, list[Fields]] = defaultdict(list)
    posts: defaultdict[str, list[Fields]] = defaultdict(list)
    for value in values:
        if isinstance(value, Skipped):
            yield value
        for page in _pages(value):
            for post in _posts_of(page):
                posts[_number(post.get("topic_id", page.get("id")))].append(post)
            if "post_stream" in page:
                pages[_number(page.get("id"))].append(page)
    for topic, of_topic in posts.items():
        yield from _thread(topic, pages[topic], of_topic)


def _number(value: Any) -> str:
    return str(number_of(value) or "")


def _thread(topic: str, pages: list[Fields], found: list[Fields]) -> Iterator[Found]:
    host = _host(found)
    link = f"https://{host}/t/{topic}" if host and topic else None
    where = link or f"topic {topic}"
    numbered = {number: post for post in found if (number := number_of(post.get("post_number"))) is not None}
    drafts = []
    for number, fields in sorted(numbered.items()):
        if fields.get("post_type") == FORUM_NOTICE:
            text = from_html(words_of(fields.get("cooked"))).text or words_of(fields.get("action_code"))
            yield Skipped("forum_notice", text, f"{where}, post {number}")
        else:
            drafts.append(_post(fields, str(number), topic, link))
    ids = {number_of(fields.get("id")) for fields in numbered.values()}
    listed = {number_of(id_) for page in pages for id_ in list_of(fields_of(page.get("post_stream")).get("stream"))}
    absent = len(listed - ids)
    if absent:
        yield Skipped("posts_absent", f"{absent:,} of {len(listed):,} posts", where)
    if not drafts:
        return
    opening = next((post for post in drafts if post.id == "1"), None)
    if opening is None:
        yield Skipped("opening_post_absent", "", where)
    heading: Fields = next((page for page in pages if page.get("title")), found[0])
    title = plain(words_of(heading.get("title", heading.get("topic_title")))) or None
    thread = thread_of(drafts, title=title, link=link, forum=host)
    yield replace(thread, whole=opening is not None and bool(listed) and not absent)


def _host(posts: list[Fields]) -> str | None:
    for post in posts:
        if named := re.match(r"/user_avatar/([\w.-]+\.[\w-]+)/", words_of(post.get("avatar_template"))):
            return named[1].lower()
    return None


def _post(fields: Fields, number: str, topic: str, link: str | None) -> Post:
    cooked = words_of(fields.get("cooked"))
    gone = fields.get("user_deleted") is True or bool(fields.get("deleted_at"))
    said = from_html("" if gone else cooked, topic=topic)
    answers = number_of(fields.get("reply_to_post_number"))
    return post_of(
        number,
        said,
        cooked,
        author=name_of(fields.get("username")),
        time=moment(fields.get("created_at")),
        score=_likes(fields),
        link=f"{link}/{number}" if link else None,
        parent=str(answers) if answers is not None else None,
    )


def _likes(fields: Fields) -> int | None:
    """How many people liked a post; an export that lists actions and no likes says 0."""
    actions = fields.get("actions_summary")
    if not isinstance(actions, list):
        return None
    counts = (number_of(action.get("count")) for action in map(fields_of, actions) if action.get("id") == LIKE)
    return next((count for count in counts if count is not None), 0)
