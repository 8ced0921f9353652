"""Journeys through Browse: filters, sorting, links that reopen them, the overview, topics, and a thread read whole."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import Open, choose, open_tab, picture


def browsing(visit: Open, link: str = "?tab=browse", **options: object) -> Page:
    page = visit(link, **options)
    expect(page.locator("#browsed .cp-columns")).to_be_visible()
    return page


def test_the_address_says_what_is_shown_and_reopens_it(visit: Open) -> None:
    """Filters go into the address; opened again, it shows the same; another tab has an address of its own."""
    page = browsing(visit)
    choose(page, "Stance", "Against")
    expect(page.locator("#browsed .cp-pro")).to_have_count(0)
    counted = page.locator("#browsed .page-done")
    every = counted.inner_text()
    page.get_by_label("With the words").fill("weights")
    expect(counted).not_to_have_text(every)
    expect(page.locator("#browsed")).to_contain_text("transfers very well")
    page.wait_for_url(re.compile(r"tab=browse.*text=weights.*stance=con"))
    line = counted.inner_text()
    query = page.url.partition("?")[2]
    open_tab(page, "Ask")
    page.wait_for_url(re.compile(r"[^?]*$"))
    again = browsing(visit, f"?{query}")
    expect(again.locator("#browsed .page-done")).to_have_text(line)
    expect(again.get_by_label("With the words")).to_have_value("weights")
    again.get_by_role("button", name="Clear", exact=True).click()
    expect(again.locator("#browsed .cp-pro")).to_be_visible()
    expect(again.get_by_label("With the words")).to_have_value("")


def test_forum_author_date_and_votes(visit: Open) -> None:
    """What few need is folded away; a wrong day is said in words, and mended without loss."""
    page = browsing(visit)
    page.get_by_role("button", name="Forum, author, date and votes").click()
    page.get_by_label("Votes at least").fill("30")
    expect(page.locator("#browsed")).not_to_contain_text("Colm")
    expect(page.locator("#browsed")).to_contain_text("score 46")
    choose(page, "Sort", "Most votes first")
    expect(page.locator("#browsed .cp-pro .cp-claim").first).to_contain_text("score 46")
    page.get_by_label("Votes at least").fill("")
    page.get_by_label("From", exact=True).fill("someday")
    expect(page.locator("#browsed .page-problem")).to_contain_text("write it as 2024, 2024-05 or 2024-05-31")
    page.get_by_label("From", exact=True).fill("2022")
    expect(page.locator("#browsed")).to_contain_text("2022-09")
    expect(page.locator("#browsed")).not_to_contain_text("2021-02")
    choose(page, "By the author", "penny_b")
    expect(page.locator("#browsed .cp-author").first).to_have_text("penny_b")
    assert {"penny_b"} == set(page.locator("#browsed .cp-author").all_inner_texts())


def test_a_link_is_copied(visit: Open) -> None:
    """The button copies the address of what is shown, and says so."""
    page = browsing(visit, "?tab=browse&kind=study")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("?tab=browse&kind=study")


def test_topics_lead_to_claims_and_to_the_thread(visit: Open) -> None:
    """A topic opens its claims without loading the page; "read it" opens the thread beside."""
    page = browsing(visit)
    page.evaluate("window.stays = true")
    page.get_by_role("tab", name="Topics").click()
    expect(page.locator("#topics .cp-topic")).to_have_count(6)
    picture(page, "topics")
    weights = page.locator("#topics .cp-topic").filter(has_text="Weights for runners")
    weights.get_by_role("link", name="read it").click()
    expect(page.locator("#source .cp-reading .cp-post")).to_have_count(6)
    page.keyboard.press("Escape")
    weights.get_by_role("link", name="Weights for runners").click()
    expect(page.locator("#browsed")).to_contain_text("transfers very well")
    expect(page.locator("#browsed")).not_to_contain_text("tubeless")
    expect(page.get_by_role("combobox", name="Thread", exact=True)).to_have_value("Weights for runners")
    assert page.evaluate("window.stays")


def test_a_thread_is_read_from_claim_to_claim(visit: Open) -> None:
    """The link behind a claim brings the next one into view, by keyboard alone."""
    page = browsing(visit, "?tab=browse&view=claims")
    page.get_by_role("tab", name="Topics").click()
    page.get_by_role("link", name="read it").last.click()
    reader = page.locator("#source .cp-thread")
    expect(reader).to_contain_text(re.compile(r"6 posts by 6 people; \d+ claims: \d+ for"))
    marks = reader.locator("mark")
    reader.get_by_role("link", name="to the first claim").click()
    expect(marks.first).to_be_in_viewport()
    expect(marks.first).to_be_focused()
    onward = reader.get_by_role("link", name="to the next claim")
    assert onward.count() == marks.count() - 1
    for at in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(marks.nth(at + 1)).to_be_focused()
    onward.last.press("Enter")
    expect(marks.last).to_be_in_viewport()
    picture(page, "thread")


def test_an_overview_is_drawn_and_told_in_numbers(visit: Open) -> None:
    """The chart comes from this machine; its table holds the same numbers; a thread's blind spots say their counts."""
    page = visit("?tab=browse&view=overview")
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    expect(page.locator("#overview")).to_contain_text("without a date")
    expect(page.locator("#overview")).to_contain_text("Choose a thread or type a question")
    page.get_by_label("by thread").check()
    expect(page.locator("#overview table")).to_contain_text("Weights for runners")
    expect(page.locator("#chart .ytick")).to_have_count(6)
    picture(page, "overview")
    choose(page, "Thread", "Weights for runners")
    expect(page.locator("#overview tbody tr")).to_have_count(1)
    expect(page.locator("#overview")).to_contain_text(
        re.compile(r"Read by rules from the words of \d+ claims by 5 people")
    )


def test_browse_fits_a_phone_in_the_dark(visit: Open) -> None:
    """No view scrolls sideways at 360 pixels, and the words of the chart are light on dark."""
    page = visit("?tab=browse&view=overview", viewport={"width": 360, "height": 740}, color_scheme="dark")
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    colour = page.evaluate("getComputedStyle(document.querySelector('#chart text')).fill")
    assert all(int(part) > 150 for part in re.findall(r"\d+", colour)[:3])
    for view in ("Topics", "Claims"):
        page.get_by_role("tab", name=view).click()
        expect(page.locator("#topics .cp-topic, #browsed .cp-claim").locator("visible=true").first).to_be_visible()
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    assert [360, 360, 360] == widths
