"""Folders: saved pages with what was saved along with them, and whatever else lies there."""

import gzip
import json
from pathlib import Path

import pytest
from test_page_reader import SAID, page, xenforo

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.folder import files_in
from corpus.sources import files_in as sources_in
from corpus.thread import Skipped, Thread

PAGE = page("".join(map(xenforo, range(4), SAID)))


def fill(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("DOT", ".").replace("DASH", "-")
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(data)
    return folder


@pytest.mark.parametrize("companion", ["one_files", "oneDOTfiles", "oneDASHDateien", "one_fichiers"])
def test_what_was_saved_along_with_a_page_is_no_thread(tmp_path: Path, companion: str) -> None:
    """Frames and scripts beside a page are part of it, in any browser's language."""
    fill(tmp_path, oneDOThtml=PAGE, **{f"{companion}__frameDOThtml": PAGE, f"{companion}__aDOTjs": b"var a"})
    assert [tmp_path / "one.html"] == list(sources_in([str(tmp_path)]))


def test_a_packed_page_has_a_companion_too(tmp_path: Path) -> None:
    """The folder called "one_files" also belongs to "one.html.gz"."""
    fill(tmp_path, oneDOThtmlDOTgz=gzip.compress(PAGE), one_files__aDOThtml=PAGE)
    assert [4] == [len(thread.posts) for thread in read_file(tmp_path).threads]


def test_a_folder_without_its_page_is_a_folder(tmp_path: Path) -> None:
    """The name "my_files" is like any other where no page is called so."""
    fill(tmp_path, my_files__oneDOThtml=PAGE)
    assert [tmp_path / "my_files/one.html"] == list(files_in(tmp_path))


def test_the_page_alone_is_read(tmp_path: Path) -> None:
    """Adding the page reads it and nothing beside it."""
    fill(tmp_path, oneDOThtml=PAGE, one_files__frameDOThtml=PAGE)
    assert 1 == len(read_file(tmp_path / "one.html").threads)


def test_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    """Text counts only where it is called so: scripts and licences are text, too."""
    fill(tmp_path, page=PAGE, LICENSE=b"Do as you like.\n\nReally.", aDOTtxt=b"Should I?\n\nNo.", aDOTcss=b"p {}\n\n")
    found = sources_in([str(tmp_path)])
    assert [tmp_path / "a.txt", tmp_path / "page"] == [one for one in found if isinstance(one, Path)]


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    """What the system keeps in folders is nobody's words."""
    fill(tmp_path, oneDOThtml=PAGE, DOTgit__twoDOThtml=PAGE, __MACOSX__threeDOThtml=PAGE)
    assert [tmp_path / "one.html"] == list(sources_in([str(tmp_path)]))


def test_a_file_that_cannot_be_read_loses_nothing(tmp_path: Path) -> None:
    """It is left out with the reason, in its place."""
    fill(tmp_path, aDOThtml=page("<p>Welcome</p>"), bDOThtml=PAGE)
    refused, thread = iter_file(tmp_path)
    assert isinstance(refused, Skipped)
    assert ("unreadable_file", str(tmp_path / "a.html")) == (refused.reason, refused.place)
    assert isinstance(thread, Thread)


def test_pages_of_a_discourse_topic_are_put_together(tmp_path: Path) -> None:
    """Two files of one topic are one thread."""

    def topic(*numbers: int) -> bytes:
        posts = [{"id": n, "post_number": n, "topic_id": 7, "cooked": f"<p>Words {n}</p>"} for n in numbers]
        return json.dumps({"id": 7, "title": "Lifting", "post_stream": {"posts": posts, "stream": [1, 2, 3]}}).encode()

    fill(tmp_path, aDOTjson=topic(1, 2), bDOTjson=topic(3))
    (thread,) = read_file(tmp_path).threads
    assert 3 == len(thread.posts)


def test_a_damaged_page_of_a_topic_loses_no_other(tmp_path: Path) -> None:
    """What cannot be opened or read is left out by name, the rest is read."""
    whole = json.dumps({"id": 7, "post_stream": {"posts": [{"id": 1, "post_number": 1, "cooked": "Words"}]}}).encode()
    fill(tmp_path, aDOTjson=whole, bDOTjson=whole[:-9], cDOThtmlDOTgz=b"\x1f\x8b\x08nonsense", dDOTpdf=b"%PDF")
    found = list(iter_file(tmp_path))
    assert [("unreadable_file", "b.json"), ("unreadable_file", "c.html.gz"), ("unknown_format", "d.pdf")] == [
        (one.reason, Path(one.place).name) for one in found if isinstance(one, Skipped)
    ]
    assert 1 == sum(isinstance(one, Thread) for one in found)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """The message names the folder and the formats that are known."""
    with pytest.raises(UnreadableInput, match=r"is a folder without files; known formats"):
        list(iter_file(tmp_path))
