"""Journeys: a visitor sees a claim on the wrong side, says so, and it counts."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys import ON_BOTH, SAMPLE_QUESTION, Open, ask, choose, open_tab, picture


def balance(page: Page) -> str:
    return page.locator("#conversation .cp-balance").last.inner_text()


def correct(page: Page, words: str) -> Locator:
    """Open what can be said of a claim of the answer; return the part of the panel that says it."""
    claims = page.locator("#conversation .cp-view, #conversation .cp-claim").filter(has_text=words)
    claims.last.locator("a.cp-wrong").first.click()
    marking = page.locator("#source .cp-marking")
    expect(marking).to_be_visible()
    return marking


WORDS = "the more weights you do would eventually slow your times down"


@ON_BOTH
def test_a_corrected_side_counts_is_kept_and_can_be_undone(visit: Open) -> None:
    """The answer on the page is made again; after a reload it still counts; undoing takes it back."""
    page = visit()
    ask(page)
    before = balance(page)
    marking = correct(page, WORDS)
    expect(marking).to_contain_text("Read as: against")
    expect(page.locator("#source .cp-focus")).to_contain_text(WORDS)
    picture(page, "correct")
    marking.get_by_role("button", name="For", exact=True).click()
    expect(marking).to_contain_text("Counted.")
    expect(marking).to_contain_text("A reader says: for. The program had said: against")
    expect(marking).to_contain_text("Of 1 side that readers marked here, the program had 0 right")
    side = page.locator("#conversation .cp-side.cp-pro").filter(has_text=WORDS)
    expect(side).to_contain_text("side corrected by a reader")
    expect(page.locator("#conversation .cp-answer")).to_have_count(1)
    picture(page, "corrected")
    counted = balance(page)
    assert before != counted

    again = visit(f"?q={SAMPLE_QUESTION}")
    expect(again.locator("#conversation .cp-side.cp-pro").filter(has_text=WORDS)).to_have_count(1)
    assert counted == balance(again)

    marking = correct(again, WORDS)
    marking.get_by_role("button", name="Undo: for").click()
    expect(marking).to_contain_text("Undone.")
    expect(again.locator("#conversation .cp-side.cp-con").filter(has_text=WORDS)).to_have_count(1)
    expect(again.locator("#conversation .cp-balance")).to_have_text(before)


def test_a_corrected_side_counts_in_browse(visit: Open) -> None:
    """The claim moves to the other column at once, and back."""
    page = visit()
    open_tab(page, "Browse")
    choose(page, "Thread", "Is tubeless worth it")
    page.get_by_label("Toward the question").fill("is tubeless worth it?")
    page.get_by_label("Toward the question").press("Enter")
    pro = page.locator("#browsed .cp-side.cp-pro")
    claim = pro.locator(".cp-claim").first
    words = claim.locator("blockquote").inner_text().strip("“”")
    claim.locator("a.cp-wrong").click()
    marking = page.locator("#source .cp-marking")
    marking.get_by_role("button", name="Against", exact=True).click()
    expect(marking).to_contain_text("Counted.")
    expect(page.locator("#browsed .cp-side.cp-con")).to_contain_text(words)
    expect(pro).not_to_contain_text(words)
    marking.get_by_role("button", name="Undo: against").click()
    expect(pro).to_contain_text(words)


def test_a_claim_is_corrected_by_keyboard(visit: Open) -> None:
    """The way to it takes the focus to the buttons; what was said takes it next; Escape leads back to the claim."""
    page = visit()
    ask(page)
    wrong = page.locator("#conversation a.cp-wrong").first
    wrong.focus()
    page.keyboard.press("Enter")
    kind = page.locator("#source .cp-marking").get_by_role("button", name="Hearsay")
    expect(page.locator("#source .cp-marking button").first).to_be_focused()
    kind.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source .cp-marked")).to_be_focused()
    expect(page.locator("#source .cp-marking")).to_contain_text("A reader says: hearsay.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo: hearsay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source .cp-marked")).to_contain_text("Undone.")
    page.keyboard.press("Escape")
    expect(page.locator("#conversation a.cp-wrong").first).to_be_visible()


def test_a_claim_is_set_apart(visit: Open) -> None:
    """A view loses one of its claims, which has a view of its own on the same side."""
    page = visit()
    ask(page, "Is an overnight cold proof worth it for sourdough?")
    view = page.locator("#conversation .cp-view").filter(has_text="2 people").first
    words = view.locator(".cp-claim blockquote").first.inner_text().strip("“”")
    people = balance(page)
    marking = correct(page, words)
    marking.get_by_role("button", name="Not the same as the rest of its view").click()
    expect(marking).to_contain_text("A reader says: not the same as the rest of its view.")
    expect(page.locator("#conversation .cp-headline").filter(has_text=words)).to_have_count(1)
    assert people == balance(page)
    marking.get_by_role("button", name="Undo", exact=False).click()
    expect(page.locator("#conversation .cp-headline").filter(has_text=words)).to_have_count(0)


def test_correcting_fits_a_phone_in_the_dark(visit: Open) -> None:
    """Every button is within the width, and large enough for a finger."""
    page = visit("?__theme=dark", viewport={"width": 360, "height": 740})
    ask(page)
    page.locator("#conversation a.cp-wrong").first.click()
    buttons = page.locator("#source .cp-marking button")
    expect(buttons.first).to_be_visible()
    page.wait_for_timeout(600)  # the panel slides in
    for box in (button.bounding_box() for button in buttons.all()):
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 24
    picture(page, "correct-phone-dark")


def test_a_link_opens_a_claim_to_correct(answered: Page, visit: Open) -> None:
    """In a new tab, toward the question of the answer that it was in."""
    link = answered.locator("#conversation a.cp-wrong").first.get_attribute("href")
    assert link
    assert re.fullmatch(r"\?correct=[0-9a-f]{15}&toward=should\+I\+lift.*", link)
    page = visit(link)
    expect(page.locator("#source .cp-marking")).to_be_visible()
    expect(page.locator("#source")).to_contain_text(f"toward the question {SAMPLE_QUESTION}")
