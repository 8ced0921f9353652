"""Files, folders and patterns: which files they stand for, what is read of them, and what is refused by name."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS

from corpus.errors import UnreadableInput
from corpus.readers.neutral import to_neutral
from corpus.sources import Intake, count_threads, files_in

PASTE = "anna wrote:\nShould I buy a cast iron pan?\n\nbert wrote:\nYes, it is the best pan I own.\n"
POSTS = """<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" CreationDate="2020-01-01T00:00:00.000" Body="Should I lift?" Title="Lift?" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2020-01-02T00:00:00.000" Body="Yes." />
</posts>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two exports, a paste, and much that is no thread."""
    for name, content in {
        "b/runners.json": to_neutral(RUNNERS),
        "a/bakers.jsonl": to_neutral(BAKERS),
        "pan.txt": PASTE,
        "script.js": "function lift() {\n  return 1\n}\n\nlift()\n",
        "empty.txt": "",
        ".hidden.txt": PASTE,
        "a/page_files/style.txt": PASTE,
        "a/page.html": "<html><body><p>No thread.</p></body></html>",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "b/photo.png").write_bytes(b"\x89PNG\r\n" + bytes(100))
    return tmp_path


def names(*places: object) -> list[str]:
    """The files that places stand for; of an error, "!" and the name that it begins with."""
    found = files_in(map(str, places))
    return ["!" + Path(str(one).split()[0]).name if isinstance(one, UnreadableInput) else one.name for one in found]


def test_a_folder_is_walked_in_the_order_of_names(folder: Path) -> None:
    """Hidden files and what a browser saved beside a page are passed over; text that is no .txt is refused."""
    found = ["empty.txt", "pan.txt", "!script.js", "bakers.jsonl", "page.html", "photo.png", "runners.json"]
    assert found == names(folder)


def test_the_threads_of_a_folder(folder: Path) -> None:
    """All are read; each file that is none is named once with its reason, and stops nothing."""
    heard: list[str] = []
    intake = Intake((str(folder),), heard.append)
    assert [BAKERS.title, RUNNERS.title] == [thread.title for thread in intake.threads()][1:]
    assert heard == intake.refused
    assert ["empty.txt", "script.js", "page.html", "photo.png"] == [
        next(name for name in ("page.html", "photo.png", "empty.txt", "script.js") if name in said) for said in heard
    ]
    assert "if it is a copied thread, name the file itself" in heard[1]
    assert "is a picture" in heard[3]


def test_a_file_that_is_named_is_read_whatever_it_is_called(folder: Path) -> None:
    """Only in a folder does the name of a text count."""
    (folder / "pan.md").write_text(PASTE, encoding="utf-8")
    assert ["pan.md"] == names(folder / "pan.md")


def test_patterns(folder: Path) -> None:
    """Those of a shell, ** for any folders, in the order of names; one that fits nothing is named."""
    assert ["bakers.jsonl", "runners.json"] == names(folder / "**" / "*.json*")
    assert ["pan.txt", "!*.mbox"] == names(folder / "pa[mn].txt", folder / "*.mbox")


def test_a_name_with_brackets_is_a_name(folder: Path) -> None:
    """A file that is there is meant, not what its name would fit as a pattern."""
    (folder / "pan [1].txt").write_text(PASTE, encoding="utf-8")
    assert ["pan [1].txt"] == names(folder / "pan [1].txt")


def test_a_folder_of_a_dump_is_one_export(tmp_path: Path) -> None:
    """Posts.xml with what lies beside it is read as one; the other files of the dump are none of their own."""
    dump = tmp_path / "bicycles.stackexchange.com"
    dump.mkdir()
    (dump / "Posts.xml").write_text(POSTS, encoding="utf-8")
    (dump / "Comments.xml").write_text('<comments><row Id="1" PostId="2" Text="No." /></comments>', encoding="utf-8")
    (dump / "Votes.xml").write_text("<votes></votes>", encoding="utf-8")
    assert [dump] == list(files_in([str(tmp_path)]))
    (thread,) = Intake((str(tmp_path),)).threads()
    assert ["Should I lift?", "Yes.", "No."] == [post.text for post in thread.posts]
    assert thread.whole


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    """A circle of links has an end."""
    (folder / "b" / "circle").symlink_to(folder)
    assert 1 == names(folder).count("runners.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read(folder: Path) -> None:
    """It is named, and the rest is read."""
    (folder / "a").chmod(0)
    assert names(folder)[0] == "!a"
    (folder / "a").chmod(0o700)


def test_standard_input_is_a_file(tmp_path: Path) -> None:
    """A dash stands for it; what is wrong with it is said of "standard input"."""
    intake = Intake(("-",), standard_input=io.BytesIO(PASTE.encode()))
    assert 2 == sum(len(thread.posts) for thread in intake.threads())
    empty = Intake(("-",), standard_input=io.BytesIO())
    assert [] == list(empty.threads())
    assert ["standard input is empty"] == [said.split(";")[0] for said in empty.refused]


def test_what_readers_left_out_is_counted(tmp_path: Path) -> None:
    """Each by its reason, over all files."""
    item = '{"author": "jo", "children": [], "id": %d, "title": "Should I?", "type": "story"}'
    (tmp_path / "hn.jsonl").write_text(f"{item % 1}\nnonsense\n{item % 2}\n", encoding="utf-8")
    intake = Intake((str(tmp_path),))
    assert 2 == len(list(intake.threads()))
    assert {"not_json": 1} == intake.left_out


def test_threads_are_counted_beforehand(folder: Path) -> None:
    """Exports by reading them, every other file as one."""
    assert 5 + 1 == count_threads([str(folder), str(folder / "pan.txt"), "missing.txt"])


def test_columns_without_usual_names_are_named(tmp_path: Path) -> None:
    """What a table calls its columns is said by whoever adds it."""
    (tmp_path / "posts.csv").write_text("wer,was\nJo,Should I lift?\nSal,It helps a lot\n", encoding="utf-8")
    intake = Intake((str(tmp_path / "posts.csv"),), columns={"author": "wer", "text": "was"})
    assert [["Jo", "Sal"]] == [[post.author for post in thread.posts] for thread in intake.threads()]


def test_a_column_that_is_not_there_is_named_with_the_option(tmp_path: Path) -> None:
    """The refusal says which columns there are, and how to name the right one."""
    (tmp_path / "posts.csv").write_text("wer,was\nJo,Should I lift?\nSal,It helps a lot\n", encoding="utf-8")
    intake = Intake((str(tmp_path / "posts.csv"),), columns={"author": "author", "text": "was"})
    assert [] == list(intake.threads())
    assert (
        "column 'author' not found; columns are 'wer', 'was'; name the column of the author (--author-column)"
        in (intake.refused[0])
    )
