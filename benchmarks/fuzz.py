"""Damaged files: `python -m benchmarks.fuzz --data ../shared/data --files 10000 --seed 1` counts what becomes of them.

Real files of every format, each time damaged otherwise: bytes flipped, cut, doubled or spliced in from another file;
values of JSON and XML exchanged for odd ones; parts of archives and workbooks damaged before they are packed, so that
no checksum stands in the way; packed with gzip before or after. Each is read within a time limit. It must give
whole threads or be refused by name (UnreadableInput); anything else is told with the number that makes the same file
again (`--only NUMBER`).
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import re
import signal
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from benchmarks.results import table, write_section
from corpus.errors import UnreadableInput
from corpus.readers import read_file
from corpus.readers.neutral import to_neutral
from corpus.readers.reading import LARGEST as LARGEST_NUMBER
from corpus.readers.reading import unpacked
from corpus.samples import sample_threads
from corpus.thread import Thread

TITLE = "Damaged files"
SECONDS = 20
"""What a file of `LARGEST` bytes is given: a hundred times what a sound one needs."""

LARGEST = 300_000
"""Bytes of a file that are used, up to the end of a line: the damage, not the length, is what is tried."""

FOLDERS = {
    "Reddit JSON": "reddit_json/*.json",
    "Reddit nested lines": "reddit_college/CollegeAdvice.jsonl.gz",
    "Discourse JSON": "discourse_json/*/*.json",
    "Stack Exchange": "stackexchange_xml/*/Posts.xml",
    "mail": "mbox/*.gz",
    "phpBB pages": "phpbb2_html/*.html",
    "Drupal pages": "drupal_html/*.html",
    "Discourse pages": "discourse_html/*/*.html",
}


class TooLong(BaseException):
    """The time limit; no reader's own handling of errors stops it."""


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Return real files by format, unpacked and shortened; tables and archives are made of the samples."""
    files: dict[str, list[bytes]] = {}
    for name, pattern in FOLDERS.items():
        paths = sorted((folder / "forums").glob(pattern))[:40]
        whole = (unpacked(path.read_bytes(), path.name) for path in paths)
        files[name] = [short for data in whole if (short := _shortened(data))]
    rows = [(post.author, post.text, post.score) for thread in sample_threads() for post in thread.posts]
    lines = "".join(f'"{author}","{text.replace(chr(34), chr(39))}",{score}\n' for author, text, score in rows)
    csv = f"author,text,score\n{lines}".encode()
    files["CSV"] = [csv]
    files["neutral JSON"] = ["\n".join(map(to_neutral, sample_threads())).encode()]
    files["pasted text"] = ["\n\n".join(f"{author}\n{text}" for author, text, _ in rows).encode()]
    files["zip"] = [_zipped({"posts.csv": csv, "page.html": files["Drupal pages"][0]})]
    files["XLSX"], files["Parquet"], files["7z"] = [_workbook(rows)], [_parquet(rows)], [_seven_zip({"posts.csv": csv})]
    return files


def _shortened(data: bytes) -> bytes:
    """The whole lines at the beginning of a long file, closed where it is a dump; nothing of a single long line."""
    if len(data) <= LARGEST:
        return data
    return data[: data.rfind(b"\n", 0, LARGEST) + 1] + (b"</posts>" if b"<posts>" in data[:200] else b"")


def _zipped(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return kept.getvalue()


def _seven_zip(files: dict[str, bytes]) -> bytes:
    from py7zr import SevenZipFile

    kept = io.BytesIO()
    with SevenZipFile(kept, "w") as packed:
        for name, data in files.items():
            packed.writestr(data, name)
    return kept.getvalue()


def _workbook(rows: list[tuple[str | None, str, int | None]]) -> bytes:
    from openpyxl import Workbook

    book, kept = Workbook(), io.BytesIO()
    for row in [("author", "text", "score"), *rows]:
        book.worksheets[0].append(row)
    book.save(kept)
    return kept.getvalue()


def _parquet(rows: list[tuple[str | None, str, int | None]]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    kept = io.BytesIO()
    columns = dict(zip(("author", "text", "score"), zip(*rows, strict=True), strict=True))
    parquet.write_table(pyarrow.table({name: list(values) for name, values in columns.items()}), kept)
    return kept.getvalue()


# Damage

Damage = Callable[[random.Random, bytes, bytes], bytes]


def _flip(chance: random.Random, data: bytes, _: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 8, 64))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def _cut_off(chance: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _cut_out(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _piece(chance, data)
    return data[:start] + data[end:]


def _double(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _piece(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 3, 50)) + data[end:]


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _piece(chance, other)
    at = chance.randrange(len(data))
    return data[:at] + other[start:end] + data[at:]


def _insert(chance: random.Random, data: bytes, _: bytes) -> bytes:
    odd = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"]]>", b"&#0;", b"\\ud800", b"<!--", b"{" * 2_000)
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(odd) + data[at:]


_VALUE = re.compile(rb"(?<=[:=]) ?(?:\"(?:[^\"\\\\]|\\\\.){0,2000}\"|-?\d[\d.]*|true|false|null)")
_ODD_VALUES = (
    *(b"null", b"true", b"-1", b"0", b"1e400", b"99999999999999999999", b"[]", b"{}", b"[[null]]", b'{"a": {}}', b'""'),
    *(
        b'"x"',
        b'"0"',
        b'"1"',
        b'"2100-01-01T00:00:00Z"',
        b'"0001-01-01T00:00:00+14:00"',
        b'"\\ud800"',
        b'"<p>"',
        b"NaN",
    ),
)


def _exchange(chance: random.Random, data: bytes, _: bytes) -> bytes:
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(data))
        data = data[:at] + _VALUE.sub(lambda _: chance.choice(_ODD_VALUES), data[at:], count=1)
    return data


def _within(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Damage to one part of a zip archive or workbook, which is then packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    name = chance.choice(sorted(files))
    files[name] = chance.choice(DAMAGES)(chance, files[name], other)
    return _zipped(files)


def _piece(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((4, 100, 5_000)))


DAMAGES: tuple[Damage, ...] = (_flip, _cut_off, _cut_out, _double, _splice, _insert, _exchange)


WITHIN = 2 / 3
"""The share of archives and workbooks that are damaged inside."""

PACKED = 1 / 20
"""The share of files that are packed before the damage, and after it."""


def damaged(files: dict[str, list[bytes]], seed: int, number: int) -> tuple[str, bytes]:
    """Return the damaged file with this number, and its format: the same for the same seed."""
    chance = random.Random(f"{seed} {number}")
    name = chance.choice(sorted(files))
    data, other = chance.choice(files[name]), chance.choice(files[chance.choice(sorted(files))])
    if name in {"zip", "XLSX"} and chance.random() < WITHIN:
        return name, _within(chance, data, other)
    if chance.random() < PACKED:
        data = gzip.compress(data, 1)
    for damage in chance.choices(DAMAGES, k=chance.choice((1, 1, 2, 4))):
        data = damage(chance, data, other) or b"\n"
    return name, gzip.compress(data, 1) if chance.random() < PACKED else data


# Reading


def check(thread: Thread) -> None:
    """Hold a thread against what the store and the page take for granted; raises AssertionError."""
    assert list(range(len(thread.posts))) == [post.position for post in thread.posts]
    assert len({post.id for post in thread.posts}) == len(thread.posts)
    earlier: set[str | None] = {None}
    for post in thread.posts:
        assert post.parent_id in earlier
        assert all(0 <= quote.start < quote.end <= len(post.text) for quote in post.quotes)
        assert post.score is None or abs(post.score) <= LARGEST_NUMBER
        earlier.add(post.id)
    to_neutral(thread).encode()  # no half of a surrogate pair, no time that cannot be told


def outcome(data: bytes) -> tuple[str, str]:
    """Return what became of a file ("threads", "refused", or what went wrong), and the words about it."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of the processor: a busy machine is no hang
    try:
        for thread in read_file(data, "damaged").threads:
            check(thread)
        return "threads", ""
    except UnreadableInput as error:
        return "refused", str(error)
    except TooLong:
        return "too long", ""
    except Exception as error:  # noqa: BLE001 -- this is what is looked for
        return "another exception", repr(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def main() -> None:
    """Damage, read, count and keep the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="read the one file of this number, with its traceback")
    args = parser.parse_args()
    print(f"seed {args.seed}")
    files = seeds(args.data)
    if args.only is not None:
        name, data = damaged(files, args.seed, args.only)
        print(f"{name}: {data[:200]!r} ... ({len(data):,} bytes)")
        reading = read_file(data, "damaged")
        for thread in reading.threads:
            check(thread)
        print(reading.layout)
        return
    signal.signal(signal.SIGPROF, _give_up)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    seconds: list[float] = []
    for number in range(args.files):
        name, data = damaged(files, args.seed, number)
        started = time.process_time()
        what, why = outcome(data)
        seconds.append(time.process_time() - started)
        counts[name][what] += 1
        if what not in ("threads", "refused"):
            wrong.append(f"file {number}, {name}: {what} {why}")
            print(wrong[-1], flush=True)
    command = f"python -m benchmarks.fuzz --data ../shared/data --files {args.files} --seed {args.seed}"
    body = "\n\n".join(_section(command, counts, wrong, seconds))
    print(body)
    write_section(TITLE, body)


def _section(command: str, counts: dict[str, Counter[str]], wrong: list[str], seconds: list[float]) -> Iterator[str]:
    yield f"`{command}`"
    yield __doc__.partition("\n\n")[2].strip()
    outcomes = ["threads", "refused", "too long", "another exception"]
    rows = [[name, *(f"{count[one]:,}" for one in outcomes)] for name, count in sorted(counts.items())]
    total = sum(counts.values(), Counter[str]())
    rows.append(["**all**", *(f"**{total[one]:,}**" for one in outcomes)])
    yield table(["format", *outcomes], rows)
    yield f"{total.total():,} files in {sum(seconds):,.0f} s of one core; the slowest took {max(seconds):.1f} s."
    if wrong:
        yield "\n".join(f"- {one}" for one in wrong)


if __name__ == "__main__":
    main()
