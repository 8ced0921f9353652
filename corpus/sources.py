"""Files, folders and patterns as a command line names them -> threads, one by one, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers import PASTE, Found, Reader, iter_file, iter_table, read_file, reader_of
from corpus.readers.folder import files_in as folder_files
from corpus.readers.reading import HEAD, opened
from corpus.thread import Thread

TEXT_ENDINGS = frozenset({".txt", ".text"})
"""Endings of the files that are read as copied text where they lie in a folder: scripts and styles are text, too."""


@dataclass(slots=True)
class Intake:
    """Reads `places` (paths and patterns) and keeps the books: what was refused, and what readers left out, by reason.

    "-" stands for `standard_input`, of which the whole is held in memory. With `columns` (role -> name) files are read
    as tables. `complain` hears each refusal as it happens; the files after it are read all the same.
    """

    places: tuple[str, ...]
    complain: Callable[[str], object] = lambda _: None
    standard_input: BinaryIO | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def threads(self) -> Iterator[Thread]:
        """Yield the threads of all files, folder by folder and in the order of names; constant memory."""
        for found in files_in(self.places):
            try:
                if isinstance(found, UnreadableInput):
                    raise found
                for one in self._found(found):
                    if isinstance(one, Thread):
                        yield one
                    else:
                        self.left_out[one.reason] += 1
            except UnreadableInput as error:
                self.refused.append(str(error))
                self.complain(str(error))

    def _found(self, path: Path) -> Iterator[Found]:
        if self.columns and path.is_file():
            yield from iter_table(path, self.columns)
            return
        if str(path) != "-" or self.standard_input is None:
            yield from iter_file(path)
            return
        reading = read_file(self.standard_input.read(), "standard input")
        yield from reading.threads
        yield from reading.skipped


def count_threads(places: Iterable[str]) -> int:
    """Return how many threads there are, about: exports are read for it, any other file counts as one thread."""
    return sum(_count(found) for found in files_in(places) if isinstance(found, Path))


def _count(path: Path) -> int:
    try:
        reader = None if path.is_dir() else _reader_of(path)
        if reader is not None and reader.stream is None:
            return 1
        return sum(isinstance(one, Thread) for one in iter_file(path))
    except UnreadableInput:
        return 0


def files_in(places: Iterable[str]) -> Iterator[Path | UnreadableInput]:
    """Yield the files that paths and patterns stand for, and an error for each that stands for none.

    A folder is walked (`corpus.readers.folder`). Text in it is taken for a copied thread only where its name says so:
    licences and scripts are text, too.
    """
    for named in places:
        path = Path(named)
        if path.exists() or not has_magic(named):
            yield from _walked(path) if path.is_dir() else [path]
        elif matching := sorted(glob(named, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute one
            for match in map(Path, matching):
                yield from _walked(match) if match.is_dir() else [match]
        else:
            yield UnreadableInput(f"{named} fits no file; patterns are those of a shell, ** for any folders")


def _walked(folder: Path) -> Iterator[Path | UnreadableInput]:
    try:
        for path in folder_files(folder):
            yield from [path] if path.is_dir() else _accepted(path)
    except UnreadableInput as error:
        yield error


def _accepted(path: Path) -> Iterator[Path | UnreadableInput]:
    try:
        reader = _reader_of(path)
    except UnreadableInput as error:
        yield error
        return
    if reader is PASTE and path.suffix.lower() not in TEXT_ENDINGS:
        yield UnreadableInput(f"{path} is text and no export; if it is a copied thread, name the file itself")
        return
    yield path


def _reader_of(path: Path) -> Reader | None:
    with opened(path) as file:
        head = file.read(HEAD)
    return reader_of(head)
