"""Archives and folders: dumps, saved pages, and whatever else lies in them."""

import io
import shutil
import sys
import zipfile
from pathlib import Path

import py7zr
import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st
from test_page_reader import SAID, page, xenforo
from test_stackexchange_reader import COMMENTS, POSTS, USERS

from corpus.errors import UnreadableInput
from corpus.readers import archive, iter_file, read_file
from corpus.thread import Skipped, Thread

PAGE = page("".join(map(xenforo, range(4), SAID)))
DUMP = {"Posts.xml": POSTS, "Comments.xml": COMMENTS, "Users.xml": USERS, "Badges.xml": b"<badges/>"}


def seven_zip(path: Path, files: dict[str, bytes], password: str | None = None) -> Path:
    with py7zr.SevenZipFile(path, "w", password=password) as packed:
        for name, data in files.items():
            packed.writestr(data, name)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return kept.getvalue()


def threads_of(path: Path) -> list[Thread]:
    return [one for one in iter_file(path) if isinstance(one, Thread)]


def test_a_dump_in_7z_reads_like_its_folder(tmp_path: Path) -> None:
    """Comments, names of users and the site's links come with it."""
    folder = tmp_path / "coffee.stackexchange.com"
    folder.mkdir()
    for name, data in DUMP.items():
        (folder / name).write_bytes(data)
    packed = seven_zip(tmp_path / "coffee.stackexchange.com.7z", DUMP)
    assert list(iter_file(folder)) == list(iter_file(packed))
    assert "https://coffee.stackexchange.com/q/1" == threads_of(packed)[0].link


def test_a_dump_of_posts_alone_is_named_for_its_site(tmp_path: Path) -> None:
    """The largest site has an archive for each table."""
    packed = seven_zip(tmp_path / "stackoverflow.com-Posts.7z", {"Posts.xml": POSTS})
    assert "https://stackoverflow.com/q/1" == threads_of(packed)[0].link


def test_an_archive_is_known_by_its_bytes(tmp_path: Path) -> None:
    """An upload has no path."""
    data = seven_zip(tmp_path / "x", DUMP).read_bytes()
    assert ("an archive", 2) == (read_file(data, "dump").layout, len(read_file(data, "dump").threads))


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary folder is gone afterwards."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_file(zipped({"a.html": PAGE}), "pages.zip")
    assert [] == list(tmp_path.iterdir())


def test_a_zip_of_saved_pages() -> None:
    """Each page is a thread; the pictures are none."""
    reading = read_file(zipped({"one.html": PAGE, "one_files/a.png": b"\x89PNG", "b/two.html": PAGE}), "pages.zip")
    assert [4, 4] == [len(thread.posts) for thread in reading.threads]


def test_damage_in_an_archive_names_archive_and_file(tmp_path: Path) -> None:
    """The place is told as if the archive were a folder."""
    packed = seven_zip(tmp_path / "coffee.stackexchange.com.7z", {"Posts.xml": POSTS[:-40]})
    *_, found = iter_file(packed)
    assert isinstance(found, Skipped)
    assert f"{packed}/Posts.xml is damaged XML" in found.text


@pytest.mark.parametrize("name", ["x.7z", "x.zip"])
def test_bombs_are_refused(tmp_path: Path, name: str) -> None:
    """What unpacks to a thousand times its size is refused before it is unpacked."""
    bomb = {"a.txt": bytes(30_000_000)}
    data = zipped(bomb) if name == "x.zip" else seven_zip(tmp_path / name, bomb).read_bytes()
    with pytest.raises(UnreadableInput, match=rf"{name} unpacks to more than 20,000,000 bytes"):
        read_file(data, name)


def test_a_full_disk_is_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is not begun."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(UnreadableInput, match=r"unpacks to [\d,]+ bytes, .* has 1 left; set TMPDIR"):
        list(iter_file(seven_zip(tmp_path / "x.7z", DUMP)))


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    """A password is asked of nobody."""
    with pytest.raises(UnreadableInput, match=r"cannot be unpacked .*password"):
        read_file(seven_zip(tmp_path / "x.7z", DUMP, password="secret"))


def test_an_archive_in_an_archive_stays_closed() -> None:
    """Archives that hold themselves end at once."""
    reading = read_file(zipped({"a.html": PAGE, "inner.zip": zipped({"b.html": PAGE})}), "x.zip")
    assert (1, [("archive_in_archive", "x.zip/inner.zip")]) == (
        len(reading.threads),
        [(one.reason, one.place) for one in reading.skipped],
    )


def test_names_lead_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is called "../a.html" stays in the temporary folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_file(zipped({"../../../a.html": PAGE, "b.html": PAGE}), "x.zip")
    assert [] == list(tmp_path.rglob("*.html"))


@pytest.mark.parametrize("name", ["..", "a/..", "x" * 300, "", "a\0b"])
def test_any_name_will_do(name: str) -> None:
    """What an upload is called decides nothing about where it is unpacked."""
    assert 4 == len(read_file(zipped({"a.html": PAGE}), name).threads[0].posts)


def test_a_zip_of_pages_is_no_workbook() -> None:
    """A folder may be called like a part of a workbook."""
    assert "an archive" == read_file(zipped({"pages-xl/a.html": PAGE}), "x.zip").layout


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without py7zr the message says what to install."""
    packed = seven_zip(tmp_path / "x.7z", DUMP)
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(UnreadableInput, match=r"x\.7z is a 7z archive, .* pip install py7zr"):
        list(iter_file(packed))


@settings(deadline=None)
@given(st.sampled_from([b"PK\x03\x04", archive.SEVEN_ZIP]), st.binary())
def test_any_bytes_are_read_or_refused(start: bytes, data: bytes) -> None:
    """No bytes bring another exception."""
    assert_read_or_refused(read_file, start + data)
