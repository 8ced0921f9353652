"""Files and folders that are there whole or not at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from indexer.errors import NotWritten
from indexer.files import new_file, new_folder


def test_a_file_is_there_once_it_is_written(tmp_path: Path) -> None:
    """Nobody sees half of it, and nothing else is left beside it."""
    with new_file(path := tmp_path / "a.txt") as file:
        file.write(b"whole")
        assert not path.exists()
    assert (b"whole", [path]) == (path.read_bytes(), list(tmp_path.iterdir()))


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """An error while writing: the old file stays, and nothing is left beside it."""
    (path := tmp_path / "a.txt").write_text("old")
    with pytest.raises(TypeError), new_file(path, force=True) as file:
        file.writelines([b"half", "not bytes"])  # type: ignore[list-item]
    assert ("old", [path]) == (path.read_text(), list(tmp_path.iterdir()))


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    """Without it the message says how; a folder is never replaced."""
    (path := tmp_path / "a.txt").write_text("old")
    with pytest.raises(NotWritten, match=r"a\.txt is there already; .*--force"), new_file(path):
        pass
    with new_file(path, force=True) as file:
        file.write(b"new")
    assert "new" == path.read_text()
    with pytest.raises(NotWritten, match="is there already"), new_file(tmp_path, force=True):
        pass


def test_packed_by_its_ending(tmp_path: Path) -> None:
    """The same words give the same bytes, whenever they are packed."""
    for name in ("a.gz", "b.gz"):
        with new_file(tmp_path / name) as file:
            file.write(b"words")
    assert b"words" == gzip.decompress((tmp_path / "a.gz").read_bytes())
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """The message names the file that was asked for."""
    with (
        pytest.raises(NotWritten, match=r"missing/a\.txt cannot be written \(No such file"),
        new_file(tmp_path / "missing" / "a.txt"),
    ):
        pass


def test_a_folder_is_there_once_it_is_filled(tmp_path: Path) -> None:
    """Also where an empty one was; a full one, or a file, is left alone."""
    (path := tmp_path / "a").mkdir()
    with new_folder(path) as folder:
        (folder / "b").write_text("b")
    assert [path / "b"] == list(path.iterdir())
    with pytest.raises(NotWritten, match="is there already; choose a folder"), new_folder(path):
        pass


def test_a_folder_that_fails_is_not_there(tmp_path: Path) -> None:
    """Nor is anything beside it."""
    with pytest.raises(TypeError), new_folder(tmp_path / "a") as folder:
        (folder / "b").write_text(b"not text")  # type: ignore[arg-type]
    assert [] == list(tmp_path.iterdir())
