"""The list of threads that are here: found, exported, brought up to date, removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import BotError
from corpus.readers import read_file
from indexer.exports import import_threads, read_exported
from indexer.knowledge import KnowledgeBase
from page.lists import OFFERED, thread_choices
from page.texts import TEXTS
from page.threads import LISTED, export, heading_of, page_of, removal_question, remove
from tests.fakes import BAKERS, RUNNERS, thread_of


@pytest.fixture
def two(base: KnowledgeBase) -> KnowledgeBase:
    base.add([RUNNERS, BAKERS])
    return base


def test_a_thread_is_found_by_words_of_its_heading(two: KnowledgeBase) -> None:
    """Only those that have them are listed, and counted."""
    found = page_of(two, "overnight")
    assert ([BAKERS.id], 1, "1 to 1 of 1 threads") == ([one.id for one in found.threads], found.total, found.line())


def test_what_is_not_here_is_said(base: KnowledgeBase) -> None:
    """A search without a result is another matter than an empty knowledge base."""
    assert TEXTS.no_thread_yet == page_of(base).line()
    assert TEXTS.no_thread == page_of(base, "moon").line("moon")


def test_pages_follow_each_other_to_the_last(base: KnowledgeBase) -> None:
    """Each thread stands on one page; a page after the last is the last."""
    base.add([thread_of(f"Is {n} good?", "Is it?", "Yes, it helped.") for n in range(LISTED + 1)])
    first, second = page_of(base), page_of(base, number=1)
    assert (LISTED, 1) == (len(first.threads), len(second.threads))
    assert (False, True) == (first.last, second.last)
    assert second == page_of(base, number=7)
    assert LISTED + 1 == len({one.id for one in (*first.threads, *second.threads)})


def test_a_list_offers_the_newest_threads_and_the_chosen_one(base: KnowledgeBase) -> None:
    """An older one is found by its words; the chosen one is always offered; a thread that is gone is named so."""
    base.add([thread_of(f"Is {n} good?", "Is it?", "Yes, it helped.") for n in range(OFFERED + 1)])
    every = base.threads()
    oldest = every[-1]
    offered = thread_choices(base)
    assert ("All 101 threads", "") == offered[0]
    assert [one.id for one in every[:-1]] == [thread_id for _, thread_id in offered[1:]]
    assert (oldest.title, oldest.id) in thread_choices(base, oldest.id)
    assert [(oldest.title, oldest.id)] == thread_choices(base, text=oldest.title.upper())[1:]
    assert (TEXTS.gone_thread, "0" * 15) == thread_choices(base, "0" * 15)[1]
    base.remove_thread(every[0].id)
    assert (TEXTS.all_threads, "") == thread_choices(base)[0]


def test_an_export_comes_back_the_same(two: KnowledgeBase, tmp_path: Path) -> None:
    """As neutral JSON lines, which any reader of that form takes, and which another knowledge base imports."""
    assert 1 == export(two, [RUNNERS.id], tmp_path / "threads.jsonl")
    assert ["Jo", "Sal", "Bert", "Sal"] == [
        post.author for post in read_file(tmp_path / "threads.jsonl").threads[0].posts
    ]
    two.remove_thread(RUNNERS.id)
    import_threads(two, read_exported(tmp_path / "threads.jsonl"))
    assert {RUNNERS.id, BAKERS.id} == {one.id for one in two.threads()}


def test_personal_data_leave_masked(base: KnowledgeBase, tmp_path: Path) -> None:
    """What the page shows covered, its export has covered."""
    base.add([thread_of("Is it good?", "Is it?", "Yes, write to jo@example.org, it helped.")])
    export(base, base.store.thread_ids(), tmp_path / "threads.jsonl")
    (line,) = (tmp_path / "threads.jsonl").read_text().splitlines()
    assert "jo@example.org" not in line
    assert json.loads(line)["altered"] is True


def test_a_removal_is_asked_about_with_what_it_takes(two: KnowledgeBase) -> None:
    """The names, and how much; nothing is removed yet."""
    asked = removal_question(two, [RUNNERS.id, BAKERS.id])
    assert asked.startswith("Remove 2 threads, 7 posts, ")
    assert RUNNERS.title in asked
    assert 2 == len(two.threads())


def test_several_threads_are_removed_together(two: KnowledgeBase) -> None:
    """And counted."""
    assert remove(two, RUNNERS.id, BAKERS.id).startswith("Removed: 2 threads, 7 posts, ")
    assert [] == two.threads()


@pytest.mark.parametrize("ask", [removal_question, heading_of])
def test_nothing_ticked_is_said(two: KnowledgeBase, ask: object) -> None:
    """Before anything is done."""
    with pytest.raises(BotError, match="Tick a thread first"):
        ask(two, [])  # type: ignore[operator]


def test_a_thread_to_bring_up_to_date_brings_its_heading(two: KnowledgeBase) -> None:
    """So that what is pasted is known again by its link; several at once cannot be pasted."""
    heading = heading_of(two, [RUNNERS.id])
    assert (RUNNERS.title, "", RUNNERS.link) == (heading.title, heading.forum, heading.link)
    with pytest.raises(BotError, match="Tick one thread alone"):
        heading_of(two, [RUNNERS.id, BAKERS.id])
