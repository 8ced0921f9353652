"""Archives, 7z and zip: unpacked into a temporary folder, which is then read like any other.

Stack Exchange gives out its dumps as 7z (https://archive.org/details/stackexchange), one site an archive.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile

from corpus.errors import UnreadableInput
from corpus.readers import stackexchange
from corpus.readers.reading import ZIP, missing, most_unpacked, seekable, too_much

NAME = "a 7z or zip archive of such files (.7z, .zip)"
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"


def is_archive(data: bytes) -> bool:
    """Whether `data` begins like an archive."""
    return data.startswith((ZIP, SEVEN_ZIP))


@contextmanager
def extracted(file: BinaryIO, place: str) -> Iterator[Path]:
    """A folder, named for the archive, with its files, of a dump those that are read; it is gone afterwards.

    Raises UnreadableInput, naming `place`, for what is damaged, locked or too large.
    """
    with seekable(file) as (whole, size), tempfile.TemporaryDirectory(prefix="counterpoint-") as temporary:
        named = re.fullmatch(r"(\w[\w.-]{0,99}?)(?:-Posts)?", Path(place).stem)
        folder = Path(temporary) / (named[1] if named else "archive")
        folder.mkdir()
        seven = whole.read(len(SEVEN_ZIP)) == SEVEN_ZIP
        whole.seek(0)
        try:
            (_unpack_7z if seven else _unpack_zip)(whole, size, folder, place)
        except UnreadableInput:
            raise
        except Exception as error:  # damaged archives bring all sorts
            raise UnreadableInput(
                f"{place} cannot be unpacked ({type(error).__name__}: {error}); it is damaged, locked with a password "
                "or cut off: unpack it yourself and add the folder"
            ) from error
        yield folder


def _unpack_zip(file: BinaryIO, size: int, folder: Path, place: str) -> None:
    with ZipFile(file) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist() if not part.is_dir()}
        for name in _wanted(sizes, size, folder, place):
            archive.extract(name, folder)


def _unpack_7z(file: BinaryIO, size: int, folder: Path, place: str) -> None:
    try:
        from py7zr import SevenZipFile
    except ImportError as error:
        raise missing(f"{place} is a 7z archive", "py7zr") from error
    with SevenZipFile(file) as archive:
        sizes = {part.filename: part.uncompressed for part in archive.list() if part.is_file}
        archive.extract(folder, _wanted(sizes, size, folder, place))


def _wanted(sizes: dict[str, int], packed: int, folder: Path, place: str) -> list[str]:
    """The names to unpack; neither kind of archive gives more of a file than it declares."""
    of_dump = {stackexchange.POSTS, stackexchange.COMMENTS, stackexchange.USERS}
    named = {name: PurePosixPath(name).name for name in sizes}
    is_dump = stackexchange.POSTS in named.values()
    wanted = [name for name in sizes if not is_dump or named[name] in of_dump]
    total = sum(sizes[name] for name in wanted)
    if total > most_unpacked(packed):
        raise too_much(place, most_unpacked(packed))
    if total > (free := shutil.disk_usage(folder).free):
        raise UnreadableInput(
            f"{place} unpacks to {total:,} bytes, {folder.parent.parent} has {free:,} left; "
            "set TMPDIR to a folder with more"
        )
    return wanted
