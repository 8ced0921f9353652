"""Stack Exchange's data dump: Posts.xml, with Comments.xml and Users.xml where they lie beside it.

One `<row>` a post, its fields as attributes, bodies as HTML, times in UTC (https://meta.stackexchange.com/q/2677).
Answers stand anywhere after their question, so one pass puts all rows aside on disk, and a second gives them thread by
thread: the question with its comments, then each answer with its own, oldest first.

expat reads the XML and resolves nothing outside it; a file that declares a document type, and with it entities, is
refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from corpus.cleaning import plain
from corpus.errors import UnreadableInput
from corpus.readers.markup import from_html, from_markdown
from corpus.readers.quoting import post_of, thread_of
from corpus.readers.reading import (
    HEAD,
    Found,
    Reading,
    as_reading,
    moment,
    name_of,
    number_of,
    opened,
)
from corpus.readers.spool import Spool
from corpus.thread import Post, Skipped

NAME = "Stack Exchange's Posts.xml (.xml)"
LAYOUT = "Stack Exchange's data dump"

POSTS, COMMENTS, USERS = "Posts.xml", "Comments.xml", "Users.xml"
QUESTION, ANSWER = "1", "2"
OTHERS = {"3": "wiki", "4": "tag_wiki", "5": "tag_wiki", "6": "nomination", "7": "wiki", "8": "wiki"}
"""What the other values of PostTypeId are: no part of a thread."""

SITES = re.compile(
    r"(?:[a-z0-9-]+\.)*(?:stackexchange\.com|stackoverflow\.com|superuser\.com|serverfault\.com|askubuntu\.com"
    r"|stackapps\.com|mathoverflow\.net)",
    re.IGNORECASE,
)
"""Folders of the dump are named for their site, which links need."""

Fields = Mapping[str, str]


def is_stackexchange(data: bytes) -> bool:
    """Whether `data` begins like Posts.xml."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>)?\s*<posts>", data[:HEAD]) is not None


def read_stackexchange(data: bytes, place: str = "the file") -> Reading:
    """Read the bytes of Posts.xml alone; raises UnreadableInput, naming `place`, for damaged XML or no threads."""
    return as_reading(threads_in, data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of a folder of the dump, or of the Posts.xml at `path`, with what lies beside it."""
    posts = path / POSTS if path.is_dir() else path
    folder = posts.absolute().parent.name
    with Spool() as spooled, Spool() as comments, Spool() as users, opened(posts) as file:
        yield from _put_aside(file, str(posts), spooled)
        for name, spool, key in ((COMMENTS, comments, "PostId"), (USERS, users, "Id")):
            if (beside := posts.with_name(name)).is_file():
                with opened(beside) as other:
                    for row in rows(other, str(beside)):
                        spool.add(row.get(key, ""), row if spool is comments else {"name": row.get("DisplayName")})
        site = _Site(folder, comments, users, whole=posts.with_name(COMMENTS).is_file())
        for question, records in spooled.threads():
            yield from site.thread(question, records)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open Posts.xml, without comments and names of users."""
    with Spool() as posts, Spool() as nothing:
        yield from _put_aside(file, place, posts)
        for question, records in posts.threads():
            yield from _Site("", nothing, nothing).thread(question, records)


# XML


def rows(file: BinaryIO, place: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of each row; raises UnreadableInput, naming `place`, for damaged XML or a document type."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            found.append(attributes)

    def refuse(*_: object) -> None:
        raise UnreadableInput(f"{place} declares a document type, which no data dump does; it is not read")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    while True:
        chunk = file.read(HEAD)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise UnreadableInput(
                f"{place} is damaged XML at line {error.lineno}, column {error.offset} "
                f"({expat.ErrorString(error.code)}); it may be cut off: fetch it again"
            ) from error
        yield from found
        found.clear()
        if not chunk:
            return


def _put_aside(file: BinaryIO, place: str, posts: Spool) -> Iterator[Skipped]:
    for row in rows(file, place):
        kind, id_ = row.get("PostTypeId"), row.get("Id", "")
        if kind == QUESTION:
            posts.add(id_, row)
        elif kind == ANSWER:
            posts.add(row.get("ParentId", ""), row)
        else:
            yield Skipped(OTHERS.get(kind or "", "not_a_post"), row.get("Title", "")[:80], f"row {id_}")


# Threads


class _Site:
    """The site that a dump is of: its links, the comments on its posts, the names of its users."""

    def __init__(self, folder: str, comments: Spool, users: Spool, *, whole: bool = False) -> None:
        self._host = folder.lower() if SITES.fullmatch(folder) else None
        self._forum = folder or None
        self._comments = comments
        self._users = users
        self._whole = whole

    def _link(self, path: str) -> str | None:
        return f"https://{self._host}/{path}" if self._host else None

    def thread(self, question: str, records: list[Fields]) -> Iterator[Found]:
        """The thread of a question's rows; one whose question is not here says so."""
        answers = sorted((row for row in records if row.get("PostTypeId") == ANSWER), key=_when)
        asked = [row for row in records if row.get("PostTypeId") == QUESTION][:1]
        if not asked:
            yield Skipped("opening_post_absent", "", f"question {question}")
        posts = []
        rows_by_user: list[Fields] = []
        for row in (*asked, *answers):
            posts.append(self._post(row, question))
            rows_by_user.append(row)
            for comment in sorted(self._comments.of(row.get("Id", "")), key=_when):
                posts.append(self._comment(comment))
                rows_by_user.append(comment)
        names = self._names(rows_by_user)
        posts = [replace(post, author=name) for post, name in zip(posts, names, strict=True)]
        title = plain(asked[0].get("Title", ""), entities=False) if asked else None
        thread = thread_of(posts, title=title, link=self._link(f"q/{question}"), forum=self._forum)
        yield replace(thread, whole=self._whole and bool(asked))

    def _post(self, row: Fields, question: str) -> Post:
        id_, body = row.get("Id", ""), row.get("Body", "")
        asks = row.get("PostTypeId") == QUESTION
        said = from_html(body)
        return post_of(
            id_,
            said,
            body,
            time=moment(row.get("CreationDate")),
            score=number_of(row.get("Score")),
            link=self._link(f"{'q' if asks else 'a'}/{id_}"),
            parent=None if asks else question,
        )

    def _comment(self, row: Fields) -> Post:
        id_, on, source = row.get("Id", ""), row.get("PostId", ""), row.get("Text", "")
        said = from_markdown(source)
        return post_of(
            f"comment {id_}",
            said,
            source,
            time=moment(row.get("CreationDate")),
            score=number_of(row.get("Score")),
            link=self._link(f"posts/comments/{id_}"),
            parent=on,
        )

    def _names(self, of_rows: list[Fields]) -> list[str | None]:
        """Who wrote each row: the name of the user, else "user4" as the site itself shows it.

        Two users of one name in a thread are told apart by number.
        """
        ids = [row.get("OwnerUserId", row.get("UserId", "")) for row in of_rows]
        called = {id_: self._called(id_) for id_ in set(ids) if id_}
        often = Counter(called.values())
        return [
            (f"{called[id_]} (user {id_})" if often[called[id_]] > 1 else called[id_])
            if id_
            else name_of(row.get("OwnerDisplayName", row.get("UserDisplayName")))
            for id_, row in zip(ids, of_rows, strict=True)
        ]

    def _called(self, user: str) -> str:
        known = self._users.of(user)
        return (name_of(known[0].get("name")) if known else None) or f"user{user}"


def _when(row: Fields) -> str:
    return row.get("CreationDate", "")
