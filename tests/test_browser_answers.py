"""Journeys through an answer in Debian's chromium: counting otherwise, asking for more, what decides it, on a phone.

Skipped and screenshot as in test_browser.py.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import Open, ask, picture


def test_the_keyboard_counts_otherwise(answered: Page) -> None:
    """An arrow key turns people into posts and votes, without a question to the server, and back."""
    asked: list[str] = []
    answered.on("request", lambda request: asked.append(request.url) if "queue" in request.url else None)
    bars = {unit: answered.locator(f".cp-in-{unit}") for unit in ("people", "posts", "votes")}
    shown = {unit: bar.is_visible() for unit, bar in bars.items()}
    assert {"people": True, "posts": False, "votes": False} == shown
    answered.get_by_role("radio", name="people").focus()
    answered.keyboard.press("ArrowRight")
    expect(bars["posts"]).to_be_visible()
    expect(bars["people"]).to_be_hidden()
    answered.keyboard.press("ArrowRight")
    expect(bars["votes"]).to_contain_text("no votes")
    answered.get_by_text("people", exact=True).click()
    expect(bars["people"]).to_contain_text("5 people")
    assert [] == asked


def test_numbers_stand_beside_the_colours(answered: Page) -> None:
    """Each side of the bar is said in words and numbers, and the sample is called small."""
    legend = answered.locator(".cp-in-people .cp-legend").inner_text()
    told = dict(re.findall(r"(For|Against|It depends): (\d+)", legend))
    assert 5 == sum(map(int, told.values()))
    assert f"{max(map(int, told.values()))} of 5 people" in answered.locator(".cp-balance").inner_text()
    expect(answered.locator(".cp-warning")).to_have_text(
        "Small sample: 5 people. That is too few to tell how people in general lean."
    )


def test_more_views_come_three_at_a_time(answered: Page) -> None:
    """Three views of a side are open; Enter on "show 3 more views" opens the next three, and offers the rest."""
    views = answered.locator(".cp-side.cp-con .cp-headline:visible")
    expect(views).to_have_count(3)
    more = answered.locator(".cp-side.cp-con summary:visible", has_text="more view")
    more.first.focus()
    answered.keyboard.press("Enter")
    expect(views).to_have_count(6)
    expect(more.last).to_contain_text("more view")
    more.first.press("Enter")
    expect(views).to_have_count(3)


def test_sides_stand_beside_each_other(answered: Page) -> None:
    """On a desk, what speaks against is seen without scrolling past what speaks for it."""
    pro, con = (answered.locator(f".cp-sides > .cp-{side}").bounding_box() for side in ("pro", "con"))
    assert pro
    assert con
    assert (pro["y"], True) == (con["y"], pro["x"] + pro["width"] <= con["x"])


def test_what_decides_it_opens_its_claims(answered: Page) -> None:
    """A cell of the table opens the claim that it was read from, its words marked."""
    table = answered.locator(".cp-deciding .cp-table").first
    link = table.locator("a").first
    expect(table).to_contain_text("Injury or illness")
    words = link.inner_text().strip("“”")
    link.click()
    expect(answered.locator("#source mark.cp-focus")).to_contain_text(words)
    answered.keyboard.press("Escape")


def test_a_note_on_health_stands_under_the_first_line(answered: Page) -> None:
    """The sample's answer tells of injuries: one plain note, before everything but the balance."""
    note = answered.get_by_role("note")
    expect(note).to_contain_text("no diagnosis")
    assert "cp-safety" == answered.locator(".cp-balance + *").get_attribute("class")


def test_options_stand_with_their_counts(visit: Open) -> None:
    """A question for one of two is answered by option, each with who supports it and who objects."""
    page = visit()
    ask(page, "is it better to repot now or to wait?")
    option = page.locator(".cp-option").first
    expect(option.locator(".cp-legend").first).to_contain_text("Support: ")
    expect(option).to_contain_text("What decides it")
    picture(page, "options")


def test_a_whole_answer_fits_a_phone(visit: Open) -> None:
    """With everything opened, nothing of an answer scrolls sideways at 360 pixels."""
    page = visit(viewport={"width": 360, "height": 740})
    ask(page)
    page.evaluate("document.querySelectorAll('.cp-answer details').forEach((one) => { one.open = true; })")
    picture(page, "phone-answer")
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    table = page.locator(".cp-table").first.bounding_box()
    assert table
    assert table["x"] + table["width"] <= 360


def test_a_question_about_self_harm_shows_the_note_alone(visit: Open) -> None:
    """What people said is closed until the reader opens it."""
    page = visit()
    ask(page, "should I kill myself or lift for a sub-20 5k?")
    answer = page.locator("#conversation .cp-answer")
    expect(answer.locator("> .cp-safety")).to_contain_text("talk to someone now")
    expect(answer.locator(".cp-balance")).to_be_hidden()
    expect(answer.locator(".cp-bar").first).to_be_hidden()
    picture(page, "self-harm")
    answer.get_by_text("Show what people said").click()
    expect(answer.locator(".cp-balance")).to_be_visible()
