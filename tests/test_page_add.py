"""The handlers of Add as plain functions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.errors import UnreadableInput
from corpus.readers.neutral import to_neutral
from corpus.thread import Post, make_thread
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport
from page.add import corrected, offer
from page.found import Heading, look, look_into, preview_html
from page.parts import notice
from page.saving import save, saved_line
from page.texts import TEXTS
from page.threads import remove
from tests.fakes import thread_of

PASTE = """\
anna wrote:
Should I buy a cast iron pan?

bert wrote:
Yes, it is the best pan I own.

cleo wrote:
No, never again, it was too heavy.
"""


def test_a_paste_is_saved_with_its_heading(base: KnowledgeBase) -> None:
    """Title, forum and link are what the user says; empty ones are left to the paste."""
    save(base, look(PASTE), Heading("Pans", "Cooks", "https://cooks.example/1"))
    (thread,) = base.threads()
    assert ("Pans", "Cooks", "https://cooks.example/1", 3) == (thread.title, thread.forum, thread.link, thread.posts)


def test_a_preview_saves_nothing(base: KnowledgeBase) -> None:
    """Looking is not saving."""
    shown = preview_html(base, look(PASTE), Heading())
    assert "bert" in shown
    assert [] == base.threads()


def test_a_preview_says_how_the_paste_was_read(base: KnowledgeBase) -> None:
    """The layout comes first, in words."""
    found = look(PASTE)
    assert found.draft
    assert preview_html(base, found, Heading()).startswith(notice("stage", f"Read as: {found.draft.layout}."))


def test_saving_again_is_nothing_new(base: KnowledgeBase) -> None:
    """The same thread twice changes nothing and says so."""
    save(base, look(PASTE), Heading())
    assert TEXTS.nothing_new == save(base, look(PASTE), Heading())


def test_a_report_counts_what_was_kept_and_skipped() -> None:
    """The most frequent reason comes first."""
    report = IndexReport(1, 5, 12, added=1, skipped_by_reason={"greeting": 1, "link_only": 2})
    expected = "Saved: 5 posts, 12 claims. Skipped: link only × 2, greeting × 1. You can ask about it now."
    assert expected == saved_line(report)


@pytest.mark.parametrize(
    ("paste", "message"),
    [
        ("", "is empty"),
        ("one line", "no replies"),
        ("•", "no words"),
        ("\x00\x01\x02\x03", "not text"),
        ("a " * 3_000_000, "at most"),
    ],
    ids=["empty", "one line", "bullet", "binary", "too large"],
)
def test_a_bad_paste_is_refused_in_words(paste: str, message: str) -> None:
    """Each is refused before anything is saved, with what was expected."""
    with pytest.raises(UnreadableInput, match=message):
        look(paste)


def test_a_refused_paste_offers_nothing_to_save(base: KnowledgeBase) -> None:
    """The message takes the place of the preview, and the state is empty."""
    found, shown, offered, *_ = offer(base, lambda: look("one line"), Heading())
    assert found is None
    assert "page-problem" in shown
    assert offered["visible"] is False


def test_a_refused_correction_leaves_the_draft_as_it_was(base: KnowledgeBase) -> None:
    """The first post has none before it to be joined with; the reader is told, and loses nothing."""
    found = look(PASTE)
    held, shown, *_ = corrected(base, lambda draft, post, *_: draft.merged(post), found, 0, "", None, None, "", "", "")
    assert found == held
    assert "no post before it" in shown
    assert "bert" in shown


def test_a_file_of_threads_is_read_whole(base: KnowledgeBase, tmp_path: Path) -> None:
    """The neutral form may hold several threads; each is shown and saved."""
    threads = [
        make_thread([Post("0", "", 0, f"Is {thing} good?"), Post("1", "", 1, "Yes, it is great.")]) for thing in "ab"
    ]
    (tmp_path / "two.jsonl").write_text("\n".join(map(to_neutral, threads)), encoding="utf-8")
    found = look_into(tmp_path / "two.jsonl")
    save(base, found, Heading())
    assert {thread.id for thread in threads} == {thread.id for thread in base.threads()}


def test_an_export_is_read_by_its_own_reader(base: KnowledgeBase, tmp_path: Path) -> None:
    """A table, or any other format than copied text, gives threads and no draft to correct."""
    (tmp_path / "posts.csv").write_text("author,text\nJo,Should I lift?\nSal,Yes it helps a lot\n", encoding="utf-8")
    found = look_into(tmp_path / "posts.csv")
    assert found.draft is None
    assert [["Jo", "Sal"]] == [[post.author for post in thread.posts] for thread in found.threads]


def test_a_removed_thread_is_counted(base: KnowledgeBase) -> None:
    """Removing says what went, and it is gone."""
    save(base, look(PASTE), Heading())
    assert remove(base, base.threads()[0].id).startswith("Removed: 3 posts, ")
    assert [] == base.threads()


# Several files


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A copied thread, a table, another copied thread, a picture."""
    wok = PASTE.replace("cast iron pan", "wok").replace("pan", "wok").replace("it was", "the wok was")
    given = {
        "pan.txt": PASTE.encode(),
        "posts.csv": b"author,text\nJo,Should I lift?\nSal,Yes it helps a lot\n",
        "wok.txt": wok.encode(),
        "cat.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    }
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in given]


def test_several_files_are_read_each_by_its_own_reader(base: KnowledgeBase, files: list[Path]) -> None:
    """What cannot be read is named, and does not hold up the others."""
    found = look_into(*files)
    shown = preview_html(base, found, Heading())
    assert {0: "pan.txt", 2: "wok.txt"} == found.drafts
    assert "cat.png is a picture" in shown
    assert "posts.csv: Read as: a table. 1 thread." in shown
    assert "3 threads: 3 new." in shown
    save(base, found, Heading())
    assert 3 == len(base.threads())


def test_files_of_which_none_can_be_read_are_refused(files: list[Path]) -> None:
    """With the reason of each."""
    with pytest.raises(UnreadableInput, match=r"cat\.png is a picture"):
        look_into(files[-1])


def test_any_of_several_drafts_can_be_corrected(base: KnowledgeBase, files: list[Path]) -> None:
    """The others stay as they are."""
    found = look_into(*files).correcting(2)
    held, shown, *_ = corrected(base, lambda draft, post, *_: draft.without(post), found, 2, "", None, None, "", "", "")
    assert [3, 2] == [len(held.opened[place].draft.posts) for place in (0, 2)]
    assert "wok" in shown


def test_a_title_is_one_threads_and_a_forum_is_all_of_theirs(base: KnowledgeBase, files: list[Path]) -> None:
    """Two pasted threads never get the same title or link."""
    save(base, look_into(files[0], files[2]), Heading("Pans", "Cooks", "https://cooks.example/1"))
    assert {("Cooks", None)} == {(thread.forum, thread.link) for thread in base.threads()}
    assert "Pans" not in {thread.title for thread in base.threads()}


def test_what_is_here_already_is_said_before_saving(base: KnowledgeBase, files: list[Path]) -> None:
    """Thread by thread: word for word, with other posts, new."""
    save(base, look_into(files[0]), Heading())
    files[0].write_bytes(PASTE.encode() + b"\ndora wrote:\nYes, mine helped me a lot.\n")
    save(base, look_into(files[1]), Heading())
    shown = preview_html(base, look_into(*files), Heading())
    assert "3 threads: 1 here already, with other posts, 1 here already, word for word, 1 new." in shown


def test_names_of_files_and_threads_are_shown_as_text(base: KnowledgeBase, tmp_path: Path) -> None:
    """Whoever names a file must not write into the page."""
    names = ["<b>a.txt", "<b>b.txt"]
    for name in names:
        (tmp_path / name).write_text(PASTE.replace("cast iron pan", f"<i>{name[3]} pan"), encoding="utf-8")
    threads = [thread_of(f"<u>{n}", "Is it good?", f"Yes, {n} helped.") for n in range(4)]
    (tmp_path / "c.jsonl").write_text("\n".join(map(to_neutral, threads)), encoding="utf-8")
    shown = preview_html(base, look_into(*[tmp_path / name for name in names], tmp_path / "c.jsonl"), Heading())
    assert "&lt;b&gt;a.txt" in shown
    assert not {"<b>", "<i>", "<u>"} & set(re.findall("<.>", shown))
