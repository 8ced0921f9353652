"""Mail archives: mbox (RFC 4155) and pipermail's monthly text, threads by References, In-Reply-To and subject.

A message begins at a line "From <somebody> <date>" (pipermail writes "name at host" for addresses). Archives often give
messages new ids, so that In-Reply-To points nowhere: messages that answer the same absent one belong together, and so
do those of one subject within `SUBJECT_DAYS` (https://www.jwz.org/doc/threading.html, with a limit in time).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers.bodies import Body, body_of
from corpus.readers.markup import from_html
from corpus.readers.quoting import thread_of
from corpus.readers.reading import HEAD, Found, Reading, as_reading, name_of, streamed
from corpus.readers.spool import Spool
from corpus.thread import Post, Quote, Skipped

NAME = "mail archives (mbox, pipermail .txt or .txt.gz)"
LAYOUT = "a mail archive"

SUBJECT_DAYS = 30
"""A subject that comes up again later ("question") is another thread; discussions seldom pause for a month."""

MESSAGE_LIMIT = 50_000_000
"""Bytes of one message: what mail servers let through."""

BEGINS = re.compile(rb"From \S.{0,200}\d{1,2}:\d\d(?::\d\d)?.{0,30}\d{4}\s*$")
_ESCAPED = re.compile(rb">+From ")
"""How a line of a message that begins with "From " is kept apart from the beginning of a message."""

HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")

_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_PREFIX = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]|(?:re|fwd?|aw|sv|vs|antw|tr|rif|odp|ynt)(?:\[\d+\])?\s*:)\s*", re.IGNORECASE
)
_OBFUSCATED = re.compile(r"^(\S+) at (\S+?)(?: \((.*)\))?$", re.DOTALL)
_NO_SUBJECT = frozenset({"", "none", "no subject", "(no subject)", "<no subject>"})


def is_mail(data: bytes) -> bool:
    """Whether `data` begins with a message of an mbox: a "From " line, then headers."""
    first, _, rest = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").partition(b"\n")
    return BEGINS.match(first) is not None and HEADER.match(rest.lstrip(b">")) is not None


def read_mail(data: bytes, place: str = "the file") -> Reading:
    """Read an archive; raises UnreadableInput, naming `place`, where there is no message in it."""
    return as_reading(threads_in, data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the archive at `path`, once all of it was read.

    Bodies wait on disk; what threads are made from (ids, subjects, dates) is held in memory, some 500 bytes a message.
    """
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open archive."""
    threads = _Threads()
    with Spool() as spool:
        for source in messages(file, place):
            try:
                message = message_from_bytes(source)
                deque(message.walk(), maxlen=0)
            except RecursionError:
                yield Skipped("nested_too_deep", source[:80].decode("latin-1"), f"message {threads.count + 1}")
                continue
            threads.add(spool.add("", source.decode("latin-1")), message)
        for numbers in threads.gathered():
            sources = (str(source).encode("latin-1") for source in spool.records(numbers))
            yield from _thread([message_from_bytes(source) for source in sources])


def messages(file: BinaryIO, place: str) -> Iterator[bytes]:
    """Yield each message of an open mbox, without its "From " line; raises UnreadableInput for one too large."""
    lines: list[bytes] | None = None
    size = 0
    blank, quoting = True, False
    while line := file.readline(MESSAGE_LIMIT):
        if blank and BEGINS.match(line):
            if lines is not None:
                yield b"".join(lines)
            lines, size = [], 0
        elif lines is not None:
            lines.append(line[1:] if _ESCAPED.match(line) and not quoting else line)
            size += len(line)
        if size > MESSAGE_LIMIT:
            raise UnreadableInput(f"{place} holds a message of more than {MESSAGE_LIMIT:,} bytes, which is no mail")
        blank, quoting = not line.strip(), line.startswith(b">")
    if lines is not None:
        yield b"".join(lines)


# Headers


def header(message: Message, name: str) -> str:
    """Return a header as text, decoded (RFC 2047) and on one line; "" where it is not there. Never raises.

    Bytes that stand in it undeclared are read as UTF-8 where they are that, else as Windows-1252.
    """
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text = raw
    if "=?" in raw:
        with suppress(Exception):  # the standard library raises many kinds for damaged headers; the raw one is kept
            text = "".join(
                part.decode(charset or "latin-1", "replace") if isinstance(part, bytes) else part
                for part, charset in decode_header(raw)
            )
    elif not raw.isascii():
        data = raw.encode("utf-8", "surrogateescape")
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return " ".join(text.split())


def author_of(message: Message) -> str | None:
    """Return who wrote a message: the name in its From header, else the address."""
    value = header(message, "From")
    if hidden := _OBFUSCATED.match(value):
        return name_of(hidden[3]) or name_of(value)
    name, address = next(iter(getaddresses([value])), ("", ""))
    return name_of(name.strip(" \"'")) or name_of(address) or name_of(value)


def time_of(message: Message) -> datetime | None:
    """Return the Date header's time; UTC where it says no zone, None where it says no time."""
    try:
        time = parsedate_to_datetime(header(message, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def message_id(message: Message) -> str | None:
    """Return the Message-ID without its brackets."""
    found = _MESSAGE_ID.search(header(message, "Message-ID"))
    return found[1] if found else None


def answered(message: Message) -> list[str]:
    """Return the ids of the messages that one answers, the root of the thread first."""
    ids = [*_MESSAGE_ID.findall(header(message, "References")), *_MESSAGE_ID.findall(header(message, "In-Reply-To"))]
    return list(dict.fromkeys(ids))


def subject_of(message: Message) -> str:
    """Return the subject without "Re:", the list's name and the like."""
    subject = header(message, "Subject")
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    return re.sub(r"\s*\(fwd\)$", "", subject)


# Threads


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a message's thread is told by."""

    number: int
    ids: tuple[str, ...]  # its own, then those it answers
    subject: str
    answers: bool
    time: datetime | None


class _Threads:
    """Messages, joined by the ids they share and by their subjects."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._group: dict[str, str] = {}
        self._kept_prefixes = 0  # of messages that answer others: with a prefix, less without

    @property
    def count(self) -> int:
        return len(self._entries)

    def add(self, number: int, message: Message) -> None:
        to = answered(message)
        re_ = subject_of(message) != re.sub(r"^\s*\[[^\]]*\]\s*", "", header(message, "Subject"))
        self._kept_prefixes += (1 if re_ else -1) if to else 0
        ids = (message_id(message) or f"message {number}", *to)
        self._entries.append(_Entry(number, ids, subject_of(message).casefold(), re_ or bool(to), time_of(message)))

    def _root(self, id_: str) -> str:
        while (above := self._group.setdefault(id_, id_)) != id_:
            self._group[id_] = self._group[above]
            id_ = above
        return id_

    def _join(self, one: str, other: str) -> None:
        self._group[self._root(other)] = self._root(one)

    def gathered(self) -> Iterator[list[int]]:
        """Yield the numbers of each thread's messages, as they came; threads in the order of their first message."""
        latest: dict[str, _Entry] = {}
        for entry in self._entries:
            for id_ in entry.ids[1:]:
                self._join(id_, entry.ids[0])
            before = latest.get(entry.subject)
            said = entry.answers or self._kept_prefixes <= 0  # archives that drop "Re:" do not say what answers
            if before and said and _near(before.time, entry.time):
                self._join(before.ids[0], entry.ids[0])
            if entry.subject not in _NO_SUBJECT:
                latest[entry.subject] = entry
        threads: dict[str, list[int]] = {}
        for entry in self._entries:
            threads.setdefault(self._root(entry.ids[0]), []).append(entry.number)
        yield from threads.values()


def _near(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= timedelta(days=SUBJECT_DAYS)


def _thread(found: list[Message]) -> Iterator[Found]:
    posts: dict[str, Post] = {}
    for number, message in enumerate(found):
        id_ = message_id(message) or f"message {number}"
        if id_ in posts:
            yield Skipped("repeated_post", header(message, "Subject"), f"message {id_}")
            continue
        where = f"message {id_}"
        text, attached = words_in(message)
        yield from (Skipped("attachment", name, where) for name in attached)
        body = body_of(text, 0, len(text), page=False)
        yield from (Skipped(reason, text[start:end], where) for start, end, reason in body.left_out)
        parent = next((to for to in reversed(answered(message)) if to in posts), None)
        posts[id_] = _post(message, id_, parent, text, body)
    root = next(iter(answered(found[0])), next(iter(posts)))
    link = None if root.startswith("message ") else f"mid:{root}"
    title = subject_of(found[0])
    yield thread_of(
        list(posts.values()),
        title=None if title.casefold() in _NO_SUBJECT else title,
        link=link,
        forum=subject_list(found[0]),
    )


def subject_list(message: Message) -> str | None:
    """Return the name of the mailing list: its List-Id (RFC 2919), else what stands in brackets before the subject."""
    named = re.match(r"\"?([^<\"]*?)\"?\s*<([^>]+)>", header(message, "List-Id"))
    if named:
        return named[1] or named[2]
    bracketed = re.match(r"\s*(?:re:\s*)?\[([^\]]{1,40})\]", header(message, "Subject"), re.IGNORECASE)
    return bracketed[1] if bracketed else None


def _post(message: Message, id_: str, parent: str | None, text: str, body: Body) -> Post:
    return Post(
        id=id_,
        thread_id="",
        position=0,
        text=body.text,
        author=author_of(message),
        time=time_of(message),
        link=None if id_.startswith("message ") else f"mid:{id_}",
        parent_id=parent,
        quotes=tuple(Quote(quote.start, quote.end, quote.author) for quote in body.quotes),
        raw=text if text != body.text else None,
    )


# Bodies

_ORIGINAL = re.compile(r"^[ \t]*-{2,} ?(?:original|forwarded) message ?-{2,}[ \t]*$", re.IGNORECASE | re.MULTILINE)
_WRAPPED = re.compile(
    r"^((?:On|Am|Le|El|Il|Op|Den) [^\n>]{10,200})\n([^\n>]{0,100}(?:wrote|writes|schrieb|écrit)\s?:)[ \t]*$",
    re.MULTILINE,
)


def words_in(message: Message) -> tuple[str, list[str]]:
    """Return the text of a message and the names of what is attached; the HTML of a letter only where no text is."""
    plain: list[str] = []
    pages: list[str] = []
    attached: list[str] = []
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        if part.get_content_disposition() == "attachment" or kind not in {"text/plain", "text/html"}:
            attached.append(part.get_filename() or kind)
            continue
        (plain if kind == "text/plain" else pages).append(_decoded(part))
    text = "\n".join(plain) if any(one.strip() for one in plain) else "\n".join(from_html(page).text for page in pages)
    return _quoting(text.replace("\r\n", "\n")), attached


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset(), "utf-8"):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(charset or "utf-8")
    return data.decode("cp1252", "replace")


def _quoting(text: str) -> str:
    """The text with what follows "Original Message" marked as a quote, and "On ... wrote:" on one line."""
    text = _WRAPPED.sub(r"\1 \2", text)
    if original := _ORIGINAL.search(text):
        quoted = text[original.end() :].strip("\n").split("\n")
        text = text[: original.start()] + "\n".join(f"> {line}" for line in quoted)
    return text
