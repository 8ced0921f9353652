"""Journeys through a knowledge base of a thousand threads: what a sample of six needs no search and no pages for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import (
    test_archive_reader,
    test_discourse_reader,
    test_hackernews_reader,
    test_mail_reader,
    test_parquet_reader,
    test_reddit_reader,
    test_stackexchange_reader,
    test_table_reader,
    test_workbook_reader,
)
from tests.journeys import KITCHEN, SAMPLE_QUESTION, THOUSAND, Open, ask, choose, open_tab, picture

pytestmark = pytest.mark.parametrize("address", [THOUSAND], indirect=True, scope="module")

FORMATS = {
    "archive.mbox": test_mail_reader.ARCHIVE,
    "book.xlsx": test_workbook_reader.workbook(Posts=test_workbook_reader.POSTS),
    "page.html": test_archive_reader.PAGE,
    "pan.txt": KITCHEN.encode(),
    "Posts.xml": test_stackexchange_reader.POSTS,
    "posts.csv": test_table_reader.CSV.encode(),
    "posts.parquet": test_parquet_reader.posts(),
    "reddit.json": json.dumps(test_reddit_reader.THREAD).encode(),
    "story.json": json.dumps(test_hackernews_reader.STORY).encode(),
    "topic.json": json.dumps(
        test_discourse_reader.topic(
            test_discourse_reader.post(1, "<p>Should I row?</p>"), test_discourse_reader.post(2, "<p>No, just run.</p>")
        )
    ).encode(),
}


def browsing(visit: Open, link: str = "?tab=browse") -> Page:
    page = visit(link)
    expect(page.locator("#browsed .cp-columns")).to_be_visible()
    return page


def counted(page: Page) -> int:
    """How many claims Browse says there are."""
    line = page.locator("#browsed .page-done").inner_text()
    return int(line.split()[0].replace(",", ""))


def test_a_thread_is_found_by_typing(visit: Open) -> None:
    """The oldest thread is not among those offered; its words find it, and its link opens it again."""
    page = browsing(visit)
    threads = page.get_by_role("combobox", name="Thread", exact=True)
    expect(threads).to_have_value(re.compile(r"All 1,0\d\d threads"))
    threads.click()
    expect(page.get_by_role("option")).to_have_count(100)
    threads.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_label("Search the threads").press_sequentially("weights for r")
    page.wait_for_timeout(2_000)  # the list that is offered is closed, and shows nothing that could be waited for
    choose(page, "Thread", "Weights for runners")
    expect(page.locator("#browsed")).to_contain_text("transfers very well")
    picture(page, "find-thread")
    page.wait_for_url(re.compile(r"tab=browse.*thread=[0-9a-f]{15}"))
    again = browsing(visit, f"?{page.url.partition('?')[2]}")
    expect(again.get_by_role("combobox", name="Thread", exact=True)).to_have_value("Weights for runners")
    expect(again.locator("#browsed")).to_contain_text("transfers very well")


def test_many_claims_are_filtered_and_turned(visit: Open) -> None:
    """Each filter leaves fewer; pages follow each other, and the way back leads to the first."""
    page = browsing(visit)
    every = counted(page)
    page.get_by_label("With the words").fill("neighbour")
    expect(page.locator("#browsed .cp-claim").first).to_contain_text("neighbour")
    assert counted(page) < every
    page = browsing(visit, "?tab=browse&author=ÜMIT")
    page.get_by_role("button", name="Forum, author, date and votes").click()
    expect(page.locator("#browsed .cp-author").first).to_have_text("Ümit")
    assert {"Ümit"} == set(page.locator("#browsed .cp-author").all_text_contents())
    by_one = counted(page)
    page.get_by_label("From", exact=True).fill("2018")
    expect(page.locator("#browsed .page-done")).not_to_contain_text(f"{by_one} claims")
    assert min(re.findall(r"\b20\d\d", page.locator("#browsed").inner_text())) >= "2018"
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#browsed .page-done")).to_contain_text(f"{every:,} claims")
    choose(page, "Stance", "Against")
    expect(page.locator("#browsed .cp-pro")).to_have_count(0)
    first = page.locator("#browsed blockquote").all_inner_texts()
    page.get_by_role("button", name="Next", exact=True).locator("visible=true").click()
    expect(page.get_by_text(re.compile(r"^Page 2 of \d+$"))).to_be_visible()
    assert first != page.locator("#browsed blockquote").all_inner_texts()
    page.get_by_role("button", name="Previous", exact=True).locator("visible=true").click()
    expect(page.get_by_text(re.compile(r"^Page 1 of \d+$"))).to_be_visible()
    assert first == page.locator("#browsed blockquote").all_inner_texts()


def test_a_typed_question_says_how_far_browse_looks(visit: Open) -> None:
    """Only the nearest claims are judged toward it; toward threads' own questions and within a thread, all are."""
    page = browsing(visit)
    expect(page.locator("#browsed")).not_to_contain_text("nearest")
    page.get_by_label("Toward the question").fill("is a tripod worth it?")
    page.get_by_label("Toward the question").press("Enter")
    expect(page.locator("#browsed")).to_contain_text("Of all claims here, only those nearest to this question")
    assert counted(page) <= 600


def test_two_visitors_ask_at_once(visit: Open) -> None:
    """Both are answered, each what they asked."""
    asked = ("is a hammock worth it for winter trips?", SAMPLE_QUESTION)
    pages = [visit(), visit()]
    for page, question in zip(pages, asked, strict=True):
        page.get_by_label("Your question").fill(question)
    for page in pages:
        page.get_by_label("Your question").press("Enter")
    for page in pages:
        expect(page.locator("#conversation .cp-view").first).to_be_visible()
    assert "hammock" in pages[0].locator("#conversation .cp-answer").inner_text()
    assert "hammock" not in pages[1].locator("#conversation").inner_text()


def test_an_answer_leads_to_its_source_and_stays_after_a_reload(visit: Open) -> None:
    """Of many threads that say the like, the one behind a claim opens; the conversation is found again."""
    page = visit()
    ask(page, "should I get a tripod for night skies?")
    claim = page.locator(".cp-answer .cp-headline").first
    words = claim.locator("blockquote").inner_text().strip("“”")
    claim.locator('a[href^="?claim="]').click()
    expect(page.locator("#source mark.cp-focus")).to_have_text(words)
    page.reload()
    page.get_by_text("Past conversations").click()
    page.get_by_text("should I get a tripod for night skies?").click()
    expect(page.locator("#conversation .cp-answer")).to_contain_text(words)


def test_threads_are_turned_found_and_exported(visit: Open) -> None:
    """Twenty at a time, newest first; what is ticked is taken along."""
    page = visit()
    open_tab(page, "Add")
    place = page.locator("#threads-place")
    expect(place).to_contain_text(re.compile(r"1 to 20 of 1,0\d\d threads"))
    page.get_by_role("button", name="Next", exact=True).locator("visible=true").click()
    expect(place).to_contain_text("21 to 40 of")
    page.get_by_label("Find a thread").fill("polarizer for night skies")
    expect(place).to_contain_text(re.compile(r"1 to (\d) of \1 threads"))
    page.locator("#threads-here").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Export what is ticked").click()
    expect(page.locator("#removed")).to_contain_text("Exported: 1 thread")


def test_a_file_of_each_format_is_added_and_removed(visit: Open, tmp_path: Path) -> None:
    """All at once, what two of them hold as one thread; they stand first in the list, and are removed after asking."""
    for name, data in FORMATS.items():
        (tmp_path / name).write_bytes(data)
    page = visit()
    open_tab(page, "Add")
    place = page.locator("#threads-place")
    expect(place).to_contain_text("of 1,0")
    before = place.inner_text()
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("13 threads: 13 new.")
    page.get_by_role("button", name="Save").click()
    expect(preview).to_contain_text("Saved: 13 threads (11 new, 2 brought up to date)")
    expect(place).not_to_have_text(before)
    for box in page.locator("#threads-here").get_by_role("checkbox").all()[:11]:
        box.check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#removed")).to_contain_text("Removed: 11 threads")
    expect(place).to_have_text(before)
