"""Real journeys through the page in Debian's chromium: what a new user does, served by `app.py` as they start it.

Without chromium they are skipped, unless COUNTERPOINT_BROWSER_REQUIRED=1 is set. COUNTERPOINT_SCREENSHOTS=FOLDER
saves a picture of each station there; `docs/make_screenshots.py` sets it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.journeys import (
    HOSTILE,
    KITCHEN,
    ON_BOTH,
    ROOT,
    SAMPLE_QUESTION,
    Open,
    ask,
    choose,
    kitchen,
    open_tab,
    paste,
    picture,
)

# Ask


def test_an_answer_begins_with_the_balance(answered: Page) -> None:
    """The balance stands first, in people, and says that the sample is small."""
    assert re.search(r"of \d+ people (lean|say) .*; small sample", answered.locator(".cp-balance").inner_text())
    assert "cp-balance" == answered.locator(".cp-answer > *").first.get_attribute("class")
    picture(answered, "ask")


def test_a_view_for_stands_under_for(answered: Page) -> None:
    """Resistance to injury speaks for lifting."""
    assert "resistant to injury" in (answered.locator(".cp-side.cp-pro").text_content() or "")


def test_a_view_against_stands_under_against(answered: Page) -> None:
    """Running more, as an answer to whether to lift, speaks against it."""
    assert "run more" in (answered.locator(".cp-side.cp-con").text_content() or "")


@ON_BOTH
def test_a_claim_opens_its_post_with_the_words_marked(answered: Page) -> None:
    """A click on a claim's link shows its post beside the answer, the claim's own words marked, in focus."""
    claim = answered.locator(".cp-side.cp-con .cp-headline").first
    words = claim.locator("blockquote").inner_text().strip("“”")
    claim.locator('a[href^="?claim="]').click()
    post = answered.locator("#source .cp-post").filter(has=answered.locator("mark.cp-focus"))
    expect(post.locator("mark.cp-con.cp-focus")).to_have_text(words)
    expect(post.locator(".cp-author")).to_have_text(claim.locator(".cp-author").inner_text())
    assert "page-source" == answered.evaluate("document.activeElement.className")
    expect(answered.locator("#source")).to_contain_text(SAMPLE_QUESTION)
    picture(answered, "source")
    answered.keyboard.press("Escape")
    expect(answered.locator("#source mark.cp-focus")).to_have_count(0)


def test_the_keyboard_opens_and_closes_a_source(answered: Page) -> None:
    """Enter on a link opens the post; Escape closes it and gives the focus back to the link."""
    link = answered.locator('.cp-answer a[href^="?claim="]').first
    link.focus()
    answered.keyboard.press("Enter")
    expect(answered.locator("#source mark.cp-focus")).to_be_in_viewport()
    answered.keyboard.press("Escape")
    expect(answered.locator("#source mark.cp-focus")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_link_to_a_claim_opens_the_page_on_it(answered: Page, visit: Open) -> None:
    """What a click opens can be opened in a new tab, and so be sent to somebody."""
    link = answered.locator('.cp-answer a[href^="?claim="]').first.get_attribute("href")
    expect(visit(link).locator("#source mark.cp-focus")).to_be_in_viewport()


def test_a_link_to_a_claim_that_is_gone_says_so(visit: Open) -> None:
    """An unknown id is no error and no empty panel."""
    expect(visit("?claim=000000000000001").locator("#source")).to_contain_text("not here any more")


def test_a_link_with_a_question_asks_it(visit: Open) -> None:
    """`/?q=...` opens the page and asks."""
    page = visit("?q=should+I+lift%3F")
    expect(page.locator(".cp-balance")).to_be_visible()


def test_a_thread_of_the_corpus_offers_its_question(visit: Open) -> None:
    """A starter is asked with one click."""
    page = visit()
    starter = page.get_by_role("button", name="Select example 1")
    question = starter.inner_text()
    starter.click()
    expect(page.locator(".cp-answer")).to_be_visible()
    assert question in page.locator("#conversation").inner_text()


def test_a_matter_nobody_talked_about_is_said_plainly(visit: Open) -> None:
    """No evidence is an answer of its own."""
    page = visit()
    ask(page, "is the dark side of the moon made of cheese?")
    expect(page.locator(".cp-balance")).to_have_text("Nobody here talked about that.")


def test_an_empty_question_is_answered_in_words(visit: Open) -> None:
    """What was typed wrong is said in the conversation, as no answer."""
    page = visit()
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#conversation .page-problem")).to_be_visible()
    expect(page.locator(".cp-answer")).to_have_count(0)


@ON_BOTH
def test_two_visitors_do_not_see_each_other(answered: Page, visit: Open) -> None:
    """A conversation belongs to its visitor."""
    other = visit()
    ask(other, "is tubeless worth it for commuting?")
    assert "tubeless" not in answered.locator("#conversation").inner_text().lower()
    assert "sub-20" not in other.locator("#conversation").inner_text()


# Browse


def test_browse_shows_the_sides_beside_each_other(visit: Open) -> None:
    """Claims for stand left of claims against, with their counts."""
    page = visit()
    open_tab(page, "Browse")
    choose(page, "Thread", "Weights for runners")
    expect(page.locator("#browsed .cp-con")).to_contain_text("transfers very well")
    pro, con = page.locator("#browsed .cp-pro").bounding_box(), page.locator("#browsed .cp-con").bounding_box()
    assert pro
    assert con
    assert pro["x"] + pro["width"] <= con["x"]
    assert pro["y"] == con["y"]
    picture(page, "browse")


def test_browse_filters_by_words_and_stance(visit: Open) -> None:
    """Filters narrow what is shown, and what matches nothing says so."""
    page = visit()
    open_tab(page, "Browse")
    page.get_by_label("With the words").fill("injury")
    expect(page.locator("#browsed")).not_to_contain_text("tubeless")
    expect(page.locator("#browsed")).to_contain_text("resistant to injury")
    choose(page, "Stance", "Against")
    expect(page.locator("#browsed")).not_to_contain_text("resistant to injury")
    page.get_by_label("With the words").fill("no such words here")
    expect(page.locator("#browsed")).to_contain_text("No claim matches")


# Add


def test_a_pasted_thread_is_previewed_corrected_saved_and_asked(visit: Open) -> None:
    """From a paste to an answer: the layout in words, a correction, the report, and the answer with the new claims."""
    page = visit()
    paste(page, KITCHEN)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Read as:")
    expect(preview).to_contain_text("5 posts")
    picture(page, "add", whole=True)
    choose(page, "Post", "4.")
    page.get_by_label("Its author").fill("Cleopatra")
    page.get_by_label("Its author").press("Enter")
    expect(preview).to_contain_text("Cleopatra")
    page.get_by_role("button", name="Save").click()
    expect(preview).to_contain_text(re.compile(r"Saved: 5 posts, \d+ claims\."))
    open_tab(page, "Ask")
    ask(page, "should I buy a cast iron pan?")
    expect(page.locator(".cp-answer")).to_contain_text("rusted in a week")
    paste(page, KITCHEN.replace("cleo", "Cleopatra"))
    expect(preview).to_contain_text("here already")
    page.get_by_role("button", name="Save").click()
    expect(preview).to_contain_text("Nothing new")


def test_posts_can_be_joined_and_told_to_be_by_one_person(visit: Open) -> None:
    """The sample's "Cheers guys" is by the opener: said with one choice; a post is joined with one button."""
    page = visit()
    sample = (ROOT / "corpus/samples/weights-for-runners.txt").read_text(encoding="utf-8")
    paste(page, sample.replace("weight", "kettlebell").replace("squat", "swing"))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("probably the opener again")
    choose(page, "Post", "4.")
    choose(page, "Written by the same person as", "1.")
    expect(preview.get_by_text("opening poster")).to_have_count(2)
    page.get_by_role("button", name="Join with the post before").click()
    expect(preview).to_contain_text("5 posts")
    page.get_by_role("button", name="Discard").click()
    expect(preview).to_contain_text("Nothing was saved")


def test_bad_pastes_say_what_was_expected(visit: Open) -> None:
    """Each gets a message of its own, and nothing to save."""
    page = visit()
    for text, message in (
        ("", "is empty"),
        ("just one line", "no replies"),
        ("•", "no words"),
        ("\x01\x02\x03\x04 binary \x05\x06\x07\x08", "not text"),
    ):
        paste(page, text)
        expect(page.locator("#preview .page-problem")).to_contain_text(message)
        expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_file_that_is_no_thread_is_refused_by_name(visit: Open, tmp_path: Path) -> None:
    """A picture is no thread; the message names the file."""
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = visit()
    open_tab(page, "Add")
    page.locator("input[type=file]").set_input_files(tmp_path / "cat.png")
    expect(page.locator("#preview .page-problem")).to_contain_text("cat.png is a picture")


def test_a_text_file_is_read_like_a_paste(visit: Open, tmp_path: Path) -> None:
    """An opened file shows its posts."""
    (tmp_path / "pan.txt").write_text(KITCHEN, encoding="utf-8")
    page = visit()
    open_tab(page, "Add")
    page.locator("input[type=file]").set_input_files(tmp_path / "pan.txt")
    expect(page.locator("#preview")).to_contain_text("bert")


@ON_BOTH
def test_a_thread_is_removed_after_asking(visit: Open) -> None:
    """Removing asks first; then the thread is gone from Browse."""
    page = visit()
    paste(page, kitchen("copper").replace("cleo", "dora"))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Saved")
    page.get_by_role("checkbox", name="Should I buy a copper pan").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#removed")).to_contain_text("Removed: 5 posts")
    open_tab(page, "Browse")
    page.get_by_label("With the words").fill("rusted")
    expect(page.locator("#browsed")).not_to_contain_text("dora")


@ON_BOTH
def test_hostile_text_is_shown_as_text(visit: Open) -> None:
    """Markup, scripts, templates and formulas of a forum are read and never run, wherever they are shown."""
    page = visit()
    paste(page, HOSTILE)
    expect(page.locator("#preview")).to_contain_text("<script>window.hacked=3</script>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Saved")
    open_tab(page, "Browse")
    page.get_by_label("With the words").fill("hacked")
    expect(page.locator("#browsed")).to_contain_text("${window.hacked=4}")
    open_tab(page, "Ask")
    ask(page, "Should I trust <b>bold</b> advice ${window.hacked=1}?")
    expect(page.locator("#conversation")).to_contain_text("<b>bold</b>")
    page.locator('.cp-answer a[href^="?claim="]').first.click()
    expect(page.locator("#source mark.cp-focus")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert (
        0 == page.locator(".cp-answer img, .cp-answer script, #source img, #source script, .cp-answer .katex").count()
    )


# The API


def call(address: str, endpoint: str, *values: str | int) -> Any:
    """What the endpoint returns, as any program asks for it: a POST starts the call, a GET waits for it."""
    started = Request(
        f"{address}gradio_api/call/{endpoint}",
        json.dumps({"data": values}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(started, timeout=20) as answer:
        event = json.load(answer)["event_id"]
    with urlopen(f"{address}gradio_api/call/{endpoint}/{event}", timeout=20) as answer:
        event, data = answer.read().decode().strip().split("\n")[-2:]
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_the_api_names_its_endpoints(address: str) -> None:
    """The events of the page are no part of it."""
    with urlopen(f"{address}gradio_api/info", timeout=20) as answer:
        named = set(json.load(answer)["named_endpoints"])
        assert {"/ask", "/search_claims", "/browse", "/threads", "/get_thread", "/get_post"} < named
        assert {"/preview", "/add", "/remove"} < named


def test_a_program_can_ask(address: str) -> None:
    """The answer comes as plain values, with its claims."""
    event, (answer,) = call(address, "ask", SAMPLE_QUESTION)
    assert "complete" == event
    assert "answered" == answer["status"]
    assert "transfers very well" in json.dumps([view["claims"] for view in answer["views"] if view["stance"] == "con"])


def test_a_program_can_browse(address: str) -> None:
    """Claims come by side, with how many there are."""
    _, (columns,) = call(address, "browse", "", "", "", "", "injury", 0, *[""] * 6)
    assert {"pro", "con", "mixed", "none"} == set(columns)
    assert 1 <= sum(column["total"] for column in columns.values())


def test_a_program_can_preview_without_saving(address: str) -> None:
    """The posts come back, and the thread is not there afterwards."""
    event, (preview,) = call(address, "preview", kitchen("carbon steel"), "", "", "")
    assert ("complete", False) == (event, preview["known"])
    assert ["olaf", "anna", "bert", "cleo", "olaf"] == [post["author"] for post in preview["posts"]]


def test_a_program_is_told_what_is_wrong_in_words(address: str) -> None:
    """An error is a sentence, never a traceback."""
    event, error = call(address, "add", "one line", "", "", "")
    assert "error" == event
    assert "no replies" in error["error"]
    assert "Traceback" not in json.dumps(error)


# Everywhere


@ON_BOTH
def test_the_page_fits_a_phone(visit: Open) -> None:
    """At 360 pixels nothing scrolls sideways, and the columns of Browse stand below each other."""
    page = visit(viewport={"width": 360, "height": 740})
    ask(page)
    picture(page, "phone")
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    open_tab(page, "Browse")
    expect(page.locator("#browsed .cp-con")).to_be_visible()
    pro, con = page.locator("#browsed .cp-pro").bounding_box(), page.locator("#browsed .cp-con").bounding_box()
    assert pro
    assert con
    assert pro["x"] == con["x"]
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    paste(page, KITCHEN)
    expect(page.locator("#preview")).to_contain_text("Read as:")
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    assert [360, 360, 360] == widths


@ON_BOTH
def test_the_page_is_dark_where_the_reader_likes_it(visit: Open) -> None:
    """The reader's own setting decides: light words on a dark ground, in answers too."""
    page = visit(color_scheme="dark")
    ask(page)
    picture(page, "dark")
    assert luminance(page, "document.body", "backgroundColor") < 0.1
    assert luminance(page, "document.querySelector('.cp-balance')", "color") > 0.5
    open_tab(page, "Browse")
    expect(page.locator("#browsed .cp-claim").first).to_be_visible()
    assert luminance(page, "document.querySelector('#browsed .cp-source')", "color") > 0.5


def test_no_link_leads_to_the_makers_of_the_framework(visit: Open) -> None:
    """The foot of the page is empty."""
    assert 0 == visit().locator("footer a, footer button").count()


def luminance(page: Page, element: str, property_: str) -> float:
    """The mean of the three channels of a computed colour, 0 to 1."""
    colour = page.evaluate(f"getComputedStyle({element}).{property_}")
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
    return (red + green + blue) / 3 / 255
