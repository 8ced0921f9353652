"""Writing files and folders whole: under another name first, so that nobody ever finds half of one."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from indexer.errors import NotWritten


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file to write, packed where it is named .gz, that is at `path` once all of it is written.

    Raises NotWritten where there is one already, unless `force` replaces it, and where it cannot be written.
    """
    if path.is_dir() or (path.exists() and not force):
        raise NotWritten(f"{path} is there already; choose another file, or replace a file with --force")
    temporary = _beside(path)
    try:
        with temporary.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise NotWritten(f"{path} cannot be written ({error.strerror}); choose another place") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, that is at `path` afterwards. Raises NotWritten where something is there already."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise NotWritten(f"{path} is there already; choose a folder that is not there yet")
    temporary = _beside(path)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise NotWritten(f"{path} cannot be written ({error.strerror}); choose another place") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")
