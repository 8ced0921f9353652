"""Journeys: a visitor sees a claim on the wrong side, says so, and it counts."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys import ON_BOTH, SAMPLE_QUESTION, Open, ask, choose, open_tab, picture, severe


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


def beside(page: Page, words: str, within: str = "#conversation") -> Locator:
    """What corrects a claim of the answer, or of Browse, where it stands."""
    sources = page.locator(f"{within} :is(.cp-headline, .cp-claim):has(> blockquote) > .cp-source")
    return sources.filter(has=page.locator(f'xpath=preceding-sibling::blockquote[contains(., "{words}")]')).locator(
        ".cp-fix"
    )


def at(page: Page) -> str:
    """What has the focus: the words on it, and of which claim."""
    return str(
        page.evaluate(
            "[document.activeElement.textContent, document.activeElement.closest('.cp-source')"
            "?.previousElementSibling.textContent].join(': ')"
        )
    )


def test_one_click_corrects_a_claim_and_one_takes_it_back(visit: Open) -> None:
    """The answer is made again at once, nothing opens, and the notice undoes it."""
    page = visit()
    ask(page)
    before = balance(page)
    fix = beside(page, WORDS)
    expect(fix.get_by_role("button", name="For", exact=True)).to_have_count(0)
    fix.locator(".cp-wrong").hover()
    picture(page, "one-click")
    fix.get_by_role("button", name="For", exact=True).click()
    expect(page.locator("#counted")).to_contain_text("Counted: for.")
    expect(page.locator("#conversation .cp-side.cp-pro").filter(has_text=WORDS)).to_have_count(1)
    expect(page.locator(".page-source")).to_have_count(0)
    assert before != balance(page)
    picture(page, "one-click-counted")
    page.locator("#counted").get_by_role("button", name="Undo: for").click()
    expect(page.locator("#counted")).to_contain_text("Undone.")
    expect(page.locator("#conversation .cp-side.cp-con").filter(has_text=WORDS)).to_have_count(1)
    expect(page.locator("#conversation .cp-balance")).to_have_text(before)


def test_two_clicks_in_a_row_both_count(visit: Open) -> None:
    """The second is made while the answer is made again for the first."""
    page = visit()
    ask(page)
    for words in ("dont go overboard", WORDS):
        beside(page, words).locator(".cp-wrong").hover()
        beside(page, words).get_by_role("button", name="It depends").click()
    expect(page.locator("#conversation .cp-side.cp-mixed").get_by_text("side corrected by a reader")).to_have_count(2)
    for words in ("dont go overboard", WORDS):
        beside(page, words).locator(".cp-wrong").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(beside(page, words).get_by_role("button", name="Undo: it depends")).to_have_count(0)


def test_one_key_corrects_a_claim_and_the_focus_stays_with_it(visit: Open) -> None:
    """Arrows lead through the buttons, Escape closes them; when the answer is made again the claim keeps the focus."""
    page = visit()
    ask(page)
    before = balance(page)
    wrong = beside(page, WORDS).locator(".cp-wrong")
    wrong.focus()
    page.keyboard.press("ArrowRight")
    assert at(page) == f"For: {page.locator('#conversation blockquote').filter(has_text=WORDS).first.inner_text()}"
    page.keyboard.press("Escape")
    expect(wrong).to_be_focused()
    expect(beside(page, WORDS).locator(".cp-choices")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .cp-side.cp-pro").filter(has_text=WORDS)).to_have_count(1)
    expect(beside(page, WORDS).locator(".cp-wrong")).to_be_focused()
    assert [] == severe(page)
    page.keyboard.press("ArrowRight")
    expect(beside(page, WORDS).get_by_role("button", name="Undo: for")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .cp-balance")).to_have_text(before)
    expect(beside(page, WORDS).locator(".cp-wrong")).to_be_focused()


def test_a_claim_that_leaves_the_answer_leaves_the_focus_on_undo(visit: Open) -> None:
    """Found not to be about the question, it is gone; Enter brings it back."""
    page = visit()
    ask(page)
    beside(page, WORDS).locator(".cp-wrong").focus()
    page.keyboard.press("ArrowLeft")
    for _ in range(10):
        if at(page).startswith("Not about it"):
            break
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .cp-answer").get_by_text(WORDS)).to_have_count(0)
    expect(page.locator("#counted").get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(beside(page, WORDS).locator(".cp-wrong")).to_be_focused()


def test_one_click_corrects_a_claim_in_browse(visit: Open) -> None:
    """Its kind, which every question has; the list stays at its page."""
    page = visit()
    open_tab(page, "Browse")
    place = page.locator(".page-stage").filter(has_text="Page 2 of")
    for _ in range(5):  # a tab that opens may show its first page once more
        page.get_by_role("button", name="Next").click()
        page.wait_for_timeout(2_000)
        if place.is_visible():
            break
    claim = page.locator("#browsed .cp-side.cp-pro .cp-claim").first
    words = claim.locator("blockquote").inner_text().strip("“”")
    claim.locator(".cp-wrong").hover()
    claim.get_by_role("button", name="Hearsay").click()
    expect(beside(page, words, "#browsed").locator("xpath=..")).to_contain_text("kind corrected by a reader")
    expect(place).to_be_visible()
    page.locator("#counted").get_by_role("button", name="Undo: hearsay").click()
    expect(beside(page, words, "#browsed").locator("xpath=..")).not_to_contain_text("kind corrected")


def test_one_tap_corrects_a_claim_on_a_phone(visit: Open) -> None:
    """The sides stand under each claim in one line, within the width; the kinds are in the panel."""
    page = visit("?__theme=dark", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    ask(page)
    fix = beside(page, WORDS)
    boxes = [button.bounding_box() for button in fix.get_by_role("button").all()]
    assert all(box and box["x"] + box["width"] <= 360 and box["height"] >= 24 for box in boxes)
    assert 1 == len({box["y"] for box in boxes if box})
    assert 3 == len(boxes)
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert [] == severe(page)
    fix.scroll_into_view_if_needed()
    picture(page, "one-tap-phone-dark")
    fix.get_by_role("button", name="It depends").tap()
    expect(page.locator("#counted")).to_contain_text("Counted: it depends.")
    picture(page, "one-tap-counted")
    page.locator("#counted").get_by_role("button", name="Undo").tap()
    expect(page.locator("#counted")).to_contain_text("Undone.")


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
    expect(page.locator("#source")).to_contain_text("Open a claim")
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
