"""What a reader gives back, and what readers share: unpacking, turning bytes into text or JSON, and refusing.

A reader of exports is one generator, `threads_in(file, place)`: an open binary file -> `Found` (threads, and what was
left out), in constant memory where the format allows. `collected` makes a Reading of it, `streamed` runs it on a path.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from corpus.cleaning import plain
from corpus.errors import UnreadableInput
from corpus.thread import Skipped, Thread

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
ZIP = b"PK\x03\x04"

UNPACK_RATIO = 200
"""Forum text packs 3 to 20 times smaller, lines that repeat perhaps 100 times; gzip bombs reach 1,032."""

UNPACK_LEAST = 20_000_000
"""Bytes that any packed file may unpack to: they fit in memory, whatever the ratio."""

WHOLE_LIMIT = 1_000_000_000
"""Bytes of one file, or of one line of it, that are held in memory at once."""

ZSTANDARD_WINDOW = 2**31
"""What the monthly Reddit dumps are packed with (zstd --long=31)."""

ZSTANDARD_PIECE = 2**12
"""Packed bytes that are unpacked at once: at most 134 MB come of them (4 bytes may stand for 128 kB)."""

HEAD = 2**18
"""Bytes by which a format is recognised: more than the longest post of the forums read here."""

BINARY_SHARE = 0.05
"""Text with more control characters than this share is no text: real pastes hold a stray one at most."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The threads that a reader found, what it left out and why, and the layout it recognised, in words."""

    threads: tuple[Thread, ...]
    skipped: tuple[Skipped, ...] = ()
    layout: str = ""


def decode(data: bytes, place: str) -> str:
    """Return `data` as text: by its byte order mark, else UTF-8, else the likeliest encoding.

    Raises UnreadableInput, naming `place`, where the bytes are no text.
    """
    text = _decoded(data)
    if text is None or is_binary(text):
        raise UnreadableInput(
            f"{place} is not text (it looks binary); save the thread as a text file, or copy it and paste it"
        )
    return text


def is_binary(text: str) -> bool:
    """Whether too much of `text` is control characters for it to be text."""
    return len(CONTROLS.findall(text)) > BINARY_SHARE * len(text)


def _decoded(data: bytes) -> str | None:
    for mark, encoding in (*BYTE_ORDER_MARKS, (b"", "utf-8")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    if b"\x00" in data:
        return None
    likely = likeliest_encoding(data)
    return None if likely is None else data.decode(likely, "replace")


LEGACY = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp874"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949", "iso2022_jp"),
)
"""What forums were written in before UTF-8, the commonest first (https://encoding.spec.whatwg.org/#names-and-labels)."""

_RANK = {encoding: rank for rank, encoding in enumerate(LEGACY)}


def likeliest_encoding(data: bytes) -> str | None:
    """Return the encoding in which `data`, which is not UTF-8, reads most like a language; of equals the commonest."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(data, cp_isolation=[*LEGACY])) or list(from_bytes(data))
    if not found:
        return None
    rank = len(_RANK)
    likely = min(found, key=lambda match: (match.chaos, -match.coherence, _RANK.get(match.encoding, rank)))
    return min([likely.encoding, *likely.could_be_from_charset], key=lambda one: _RANK.get(one, rank))


# Unpacking


class _Reads(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Counted(io.RawIOBase):
    """An unpacking stream that gives up, with UnreadableInput, once it has given more than `limit` bytes."""

    def __init__(self, stream: _Reads, limit: int, place: str) -> None:
        self._stream = stream
        self._limit = limit
        self._place = place
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except Exception as error:
            if not _is_unpacking_error(error):
                raise
            raise UnreadableInput(
                f"{self._place} cannot be unpacked after {self._given:,} bytes ({error}); it is damaged or cut off: "
                "fetch it again"
            ) from error
        self._given += len(data)
        if self._given > self._limit:
            raise too_much(self._place, self._limit)
        buffer[: len(data)] = data
        return len(data)


def most_unpacked(size: int) -> int:
    """Return how many bytes a packed file of `size` bytes may unpack to."""
    return max(UNPACK_LEAST, UNPACK_RATIO * size)


def too_much(place: str, limit: int) -> UnreadableInput:
    """Return the refusal of what unpacks to more than `limit` bytes."""
    return UnreadableInput(
        f"{place} unpacks to more than {limit:,} bytes, over {UNPACK_RATIO} times its size, which "
        "no forum's text does; if it is sound, unpack it yourself and add the result"
    )


def missing(what: str, library: str) -> UnreadableInput:
    """Return the refusal of a format for which a library is not installed."""
    return UnreadableInput(f"{what}, for which a library is missing: pip install {library}")


def _is_unpacking_error(error: Exception) -> bool:
    return isinstance(error, (EOFError, OSError, zlib.error)) or type(error).__name__ == "ZstdError"


class _Zstandard:
    """Reads zstandard frames one after the other; a frame that was cut off is an EOFError."""

    def __init__(self, file: BinaryIO, place: str) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise missing(f"{place} is packed with zstandard", "zstandard") from error
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTANDARD_WINDOW)
        self._frame: Any = None
        self._file = file
        self._packed = b""
        self._ready = b""

    def read(self, size: int) -> bytes:
        while not self._ready:
            self._packed = self._packed or self._file.read(ZSTANDARD_PIECE)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("the last frame has no end")
                break
            self._frame = self._frame or self._decompressor.decompressobj()
            self._ready = self._frame.decompress(self._packed)
            self._packed = self._frame.unused_data if self._frame.eof else b""
            self._frame = None if self._frame.eof else self._frame
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


def unpacking(file: BinaryIO, size: int, place: str) -> BinaryIO:
    """Return `file` (of `size` bytes) for reading, unpacked where it is gzip or zstandard, else as it is.

    Reading raises UnreadableInput, naming `place`, for damaged data and for what unpacks beyond `UNPACK_RATIO`.
    """
    start = file.read(4)
    file.seek(0)
    limit = most_unpacked(size)
    if start.startswith(GZIP):
        stream: _Reads = gzip.GzipFile(fileobj=file)
    elif start == ZSTANDARD:
        stream = _Zstandard(file, place)
    else:
        return file
    return io.BufferedReader(_Counted(stream, limit, place), HEAD)


def unpacked(data: bytes, place: str) -> bytes:
    """Return `data`, unpacked where it is gzip or zstandard; raises UnreadableInput, naming `place`."""
    if not data.startswith((GZIP, ZSTANDARD)):
        return data
    whole = unpacking(io.BytesIO(data), len(data), place).read(WHOLE_LIMIT + 1)
    if len(whole) > WHOLE_LIMIT:
        raise UnreadableInput(f"{place} unpacks to more than {WHOLE_LIMIT:,} bytes; split it, or give its path")
    return whole


@contextmanager
def seekable(file: BinaryIO) -> Iterator[tuple[BinaryIO, int]]:
    """An open file that can be read from anywhere, and its size; where it is being unpacked, a copy on disk."""
    if file.seekable():
        yield file, _size(file)
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        yield copy, _size(copy)


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file at `path` for reading, unpacked as it is read; raises UnreadableInput where it cannot be opened."""
    try:
        with path.open("rb") as file:
            yield unpacking(file, path.stat().st_size, str(path))
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read ({error.strerror}); give the path of a file") from error


# Gathering

Found = Thread | Skipped
"""What a reader comes upon: a thread, or something it did not keep."""

ThreadsIn = Callable[[BinaryIO, str], Iterator[Found]]


def collected(found: Iterable[Found], layout: str, place: str) -> Reading:
    """Return all that was found as one Reading; raises UnreadableInput, naming `place`, where there is no thread."""
    threads: list[Thread] = []
    skipped: list[Skipped] = []
    for one in found:
        if isinstance(one, Thread):
            threads.append(one)
        else:
            skipped.append(one)
    if not threads:
        why = f"; first of what was left out, {skipped[0].place}: {skipped[0].reason}" if skipped else ""
        raise UnreadableInput(f"{place} holds no threads; it was read as {layout}{why}")
    return Reading(tuple(threads), tuple(skipped), layout)


def as_reading(threads_in: ThreadsIn, data: bytes, layout: str, place: str) -> Reading:
    """Return all that `threads_in` finds in `data` as one Reading; raises UnreadableInput as `collected` does."""
    return collected(threads_in(io.BytesIO(data), place), layout, place)


def streamed(threads_in: ThreadsIn, path: Path) -> Iterator[Found]:
    """Yield what `threads_in` finds in the file at `path` while reading it, unpacked where it is packed."""
    with opened(path) as file:
        yield from threads_in(file, str(path))


# JSON


def json_values(file: BinaryIO, place: str) -> Iterator[tuple[str, Any]]:
    """Yield each value of a file with where it stands: JSON lines one by one, else the whole file as one value.

    A line that is no JSON comes as a Skipped. Raises UnreadableInput, naming `place`, where a file is neither.
    """
    first = _line(file, place)
    while first and not first.strip():
        first = _line(file, place)
    value = _parsed(first.removeprefix(codecs.BOM_UTF8))
    if isinstance(value, _Wrong):
        whole = first + file.read(WHOLE_LIMIT)
        value = _parsed(whole if whole.startswith(_WIDE) else whole.removeprefix(codecs.BOM_UTF8))
        if isinstance(value, _Wrong):
            raise UnreadableInput(f"{place} is not JSON ({value.why}); {value.remedy}")
        yield "the file", value
        return
    yield "line 1", value
    number = 1
    while line := _line(file, place):
        number += 1
        if line.strip():
            value = _parsed(line)
            wrong = isinstance(value, _Wrong)
            yield f"line {number}", Skipped("not_json", value.why, f"line {number}") if wrong else value


_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class _Wrong:
    why: str
    remedy: str = "it may be cut off: fetch it again"


def _line(file: BinaryIO, place: str) -> bytes:
    line = file.readline(WHOLE_LIMIT)
    if len(line) == WHOLE_LIMIT:
        raise UnreadableInput(f"{place} has a line of more than {WHOLE_LIMIT:,} bytes, which is no forum's export")
    return line


def _parsed(data: bytes) -> Any:
    """The value of some JSON, or what is wrong with it."""
    try:
        return json.loads(data)
    except RecursionError:
        return _Wrong(
            "it is nested too deep to be read", "export the thread as a dump, whose comments stand side by side"
        )
    except ValueError as error:
        return _Wrong(str(error))


_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', re.DOTALL)


def json_keys(data: bytes) -> frozenset[str]:
    """Return the keys of the first object in `data`, as far as its first `HEAD` bytes show them; none if not JSON."""
    head = data[:HEAD].removeprefix(codecs.BOM_UTF8)
    if not re.match(rb"\s*(?:\[\s*)?\{\s*[\"}]", head):
        return frozenset()
    keys = set()
    depth = 0
    opening = head.index(b"{")
    for token in _TOKEN.finditer(head, opening):
        if token[0] in b"{[":
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
            if not depth:
                break
        elif token[2] and depth == 1:
            keys.add(token[1].decode("utf-8", "replace"))
    return frozenset(keys)


Fields = Mapping[str, Any]
"""A JSON object."""


def fields_of(value: Any) -> dict[str, Any]:
    """Return `value` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """Return `value` where it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def words_of(value: Any) -> str:
    """Return `value` where it is text, without halves of surrogate pairs (no characters); else ""."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else _SURROGATES.sub("", value)


def name_of(value: Any) -> str | None:
    """Return `value` as a name on one line, without control and direction marks; None where nothing is left."""
    name = words_of(value)
    if not (name.isascii() and name.isprintable()):
        name = " ".join(plain(name, entities=False).split())
    return name.strip() or None


_SURROGATES = re.compile("[\ud800-\udfff]")

LARGEST = 2**63 - 1
"""The largest whole number that a database keeps."""


def number_of(value: Any) -> int | None:
    """Return `value` as a whole number where it is one (3, 3.0, "3"), else None."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,18}(?:\.0*)?\s*", value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST else None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: Any, zone: tzinfo | None = UTC) -> datetime | None:
    """Return the time that seconds since 1970 (a number or its digits) or ISO 8601 text name, in `zone` if not said.

    None where `value` names no time. Never raises.
    """
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(?:\.\d+)?", value.strip()):
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return time if time.tzinfo else time.replace(tzinfo=zone)
    try:
        return EPOCH + timedelta(seconds=float(value))
    except (TypeError, ValueError, OverflowError):
        return None
