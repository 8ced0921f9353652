"""Every tab as axe-core sees it, in light and dark, on a desk and on a phone: nothing serious, nothing critical."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import KITCHEN, Open, ask, open_tab, paste, severe

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
    "still": {"reduced_motion": "reduce"},
}


@pytest.fixture(params=LOOKS)
def opened(request: pytest.FixtureRequest, visit: Open) -> Page:
    """A page in each of the looks."""
    return visit(**LOOKS[request.param])


def test_ask_is_accessible_before_and_after_an_answer(opened: Page) -> None:
    """The empty conversation, the answer, and the source beside it."""
    assert [] == severe(opened)
    ask(opened)
    assert [] == severe(opened)
    opened.locator("#conversation .cp-headline a[href^='?claim=']").first.click()
    expect(opened.locator(".page-source")).to_be_visible()
    assert [] == severe(opened)


def test_browse_is_accessible(opened: Page) -> None:
    """The filters and the columns."""
    open_tab(opened, "Browse")
    expect(opened.locator("#browsed .cp-side").first).to_be_visible()
    assert [] == severe(opened)


def test_add_is_accessible(opened: Page) -> None:
    """The empty form, and the preview of a paste with its corrections."""
    open_tab(opened, "Add")
    assert [] == severe(opened)
    paste(opened, KITCHEN)
    expect(opened.locator("#preview .cp-post").first).to_be_visible()
    assert [] == severe(opened)


def test_settings_is_accessible(opened: Page) -> None:
    """What is active, here that nothing is."""
    open_tab(opened, "Settings")
    expect(opened.locator("#settings")).to_contain_text("No chat model is configured")
    assert [] == severe(opened)


def test_everything_can_be_reached_at_twice_the_size(visit: Open) -> None:
    """Zoomed to 200% nothing has to be scrolled sideways."""
    page = visit(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    ask(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_keyboard_reaches_the_tabs_the_question_and_the_sources(visit: Open) -> None:
    """Tab alone leads there, and what has the focus shows it."""
    page = visit()
    ask(page)
    page.locator("body").focus()
    reached: set[str] = set()
    unseen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            const seen = s.outlineStyle !== 'none' && s.outlineWidth !== '0px';
            return [e.getAttribute('role') === 'tab' ? 'tab' : e.closest('#question') ? 'question'
              : e.matches("a[href^='?claim=']") ? 'source' : e.tagName, seen, e.outerHTML.slice(0, 120)]; }"""
        )
        reached.add(at[0])
        if not at[1] and at[0] != "BODY":
            unseen.append(at[2])
    assert {"tab", "question", "source"} <= reached
    assert [] == unseen
