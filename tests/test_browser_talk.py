"""Journeys through a conversation: follow-ups, changed questions, answers taken along, and conversations kept."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import app
from bot.chat import Bot
from indexer.judge import Judgement, Pair
from indexer.knowledge import KnowledgeBase
from page.serving import Served, serve
from tests import journeys
from tests.fakes import RUNNERS, HashingEncoder, RuleJudge
from tests.journeys import ON_BOTH, PATIENCE, SAMPLE_QUESTION, Open, picture, severe

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def ask(page: Page, question: str = SAMPLE_QUESTION) -> None:
    """Ask once the page is done with the question before."""
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    journeys.ask(page, question)


def last_answer(page: Page) -> str:
    return page.locator(".cp-answer").last.inner_text()


def kept_in(page: Page) -> list[list[str]]:
    """What the browser keeps: the questions of each conversation."""
    stored = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('counterpoint:conv')).map((e) => e[1])"
    )
    return [[turn["asked"] for turn in one["turns"]] for text in stored for one in json.loads(text)]


def copied(page: Page, button: str) -> str:
    """What is in the clipboard after a click on a button under the last answer."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(".page-actions").last.get_by_role("button", name=button).click()
    expect(page.locator(".page-taken")).to_have_text("Copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


# Follow-ups


@ON_BOTH
def test_follow_ups_are_answered_in_context(visit: Open) -> None:
    """The other side, reasons, people and how sure: each of the first question; then the same of a marathon."""
    page = visit()
    ask(page)
    ask(page, "what do the ones against say?")
    expect(page.locator(".cp-answer").last.locator(".cp-side")).to_have_count(1)
    expect(page.locator(".cp-answer").last).to_contain_text(f"Understood as: {SAMPLE_QUESTION}")
    ask(page, "why?")
    assert "Shown: against; experiences, reasons and studies." in last_answer(page)
    ask(page, "who says so?")
    expect(page.locator(".cp-answer").last.locator(".cp-person").first).to_be_visible()
    ask(page, "how sure?")
    assert "were judged with low confidence" in last_answer(page)
    picture(page, "follow-ups")
    ask(page, "and for a marathon?")
    assert "Understood as: Should I lift for a marathon?" in last_answer(page)


def test_only_people_of_an_age_are_shown_and_counted(visit: Open) -> None:
    """Who tells an age counts; of how many nobody says is told."""
    page = visit()
    ask(page, "is it worth learning to touch type at 40?")
    ask(page, "only people over 40")
    answer = last_answer(page)
    assert re.search(r"tells that: [1-9]\d* of \d+ claims; .* of \d+ nobody says", answer)
    assert "I tried at 43" in answer


# When nothing matches


def test_a_near_question_is_offered_and_asked(visit: Open) -> None:
    """Nobody talked about keyboards; the question about typing is one click away."""
    page = visit()
    ask(page, "does a mechanical keyboard help typing?")
    expect(page.locator(".cp-balance")).to_have_text("Nobody here talked about that.")
    picture(page, "did-you-mean")
    page.locator(".cp-suggestions a").first.click()
    expect(page.locator(".cp-answer")).to_have_count(2)
    expect(page.locator(".cp-answer").last.locator(".cp-in-people .cp-bar")).to_be_visible()
    assert "?q=" not in page.url


# Changing what was asked


def test_a_question_is_edited_in_its_place(visit: Open) -> None:
    """The edited question is asked, markup and all as text; what came after it is gone."""
    page = visit()
    ask(page, "does it rain?")
    ask(page, "should I <b>lift</b> & run?")
    page.get_by_role("button", name="Edit").last.click()
    box = page.locator("#conversation textarea")
    box.fill(box.input_value().replace("run", "row"))
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("[data-testid=user]").last).to_have_text("should I <b>lift</b> & row?")
    expect(page.locator(".cp-answer")).to_have_count(2)
    page.get_by_role("button", name="Edit").first.click()
    page.locator("#conversation textarea").first.fill(SAMPLE_QUESTION)
    page.get_by_role("button", name="Submit").first.click()
    expect(page.locator(".cp-answer")).to_have_count(1)
    expect(page.locator(".cp-in-people .cp-bar")).to_be_visible()


def test_a_question_is_asked_again_and_taken_back(visit: Open) -> None:
    """Retry answers the last one anew; undo puts it back into the box."""
    page = visit()
    ask(page)
    ask(page, "why not?")
    page.evaluate("document.querySelectorAll('.cp-answer')[1].id = 'before'")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#before")).to_have_count(0)
    expect(page.locator(".cp-answer")).to_have_count(2)
    expect(page.locator(".cp-answer").last).to_contain_text("Shown: against")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cp-answer")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value("why not?")


# Taking an answer along


def test_an_answer_is_copied_with_its_citations(visit: Open) -> None:
    """The claims, each with who said it and where."""
    page = visit(**CLIPBOARD)
    ask(page)
    text = copied(page, "Copy with citations")
    assert "Against\n- “" in text
    assert "in “Weights for runners”" in text


def test_the_link_of_a_follow_up_asks_the_whole_question(visit: Open) -> None:
    """Opened by somebody else, it shows the same question narrowed to the same side."""
    page = visit(**CLIPBOARD)
    ask(page)
    ask(page, "what do the ones against say?")
    link = copied(page, "Copy link")
    assert link.startswith("http://127.0.0.1:")
    other = visit("?" + link.partition("?")[2])
    expect(other.locator(".cp-narrowed")).to_have_text("Shown: against.")
    expect(other.locator("[data-testid=user]")).to_have_text(SAMPLE_QUESTION)


def test_an_answer_is_saved_as_a_file(visit: Open, browser: Browser, tmp_path: Path) -> None:
    """As Markdown, as JSON, and as a page that stands alone and loads nothing."""
    page = visit(accept_downloads=True)
    ask(page)
    texts = {}
    for form in ("Markdown", "HTML", "JSON"):
        with page.expect_download() as download:
            page.locator(".page-actions").get_by_role("button", name=form).click()
        name = download.value.suggested_filename
        download.value.save_as(tmp_path / name)
        texts[name.rpartition(".")[2]] = (tmp_path / name).read_text("utf-8")
    assert texts["md"].startswith(f"## {SAMPLE_QUESTION}")
    assert "answered" == json.loads(texts["json"])["status"]
    alone = browser.new_page(color_scheme="dark")
    alone.goto((tmp_path / name).with_suffix(".html").as_uri())
    expect(alone.locator("h1")).to_have_text(SAMPLE_QUESTION)
    assert alone.locator(".cp-in-people .cp-bar").is_visible()
    assert 0 == alone.locator('script, img, a[href^="?"]').count()
    assert [] == severe(alone)
    picture(alone, "exported", whole=True)
    alone.emulate_media(color_scheme="light")
    assert [] == severe(alone)
    alone.close()


# Past conversations


def test_a_conversation_is_kept_reopened_and_deleted(visit: Open) -> None:
    """After a reload it is listed; reopened, it is answered anew and goes on; deleted, it is gone everywhere."""
    page = visit()
    ask(page)
    ask(page, "why not?")
    page.reload()
    past = page.locator(".page-kept")
    past.locator("summary").click()
    picture(page, "past")
    past.get_by_role("button", name=SAMPLE_QUESTION, exact=True).click()
    expect(page.locator(".cp-answer")).to_have_count(2)
    expect(page.locator(".cp-answer").last).to_contain_text("Shown: against")
    ask(page, "how sure?")
    expect(past.locator("li")).to_have_count(1)
    assert [[SAMPLE_QUESTION, "why not?", "how sure?"]] == kept_in(page)
    past.locator("summary").click()
    past.get_by_role("button", name=f"Delete: {SAMPLE_QUESTION}").click()
    expect(page.locator(".cp-answer")).to_have_count(0)
    expect(past.locator("summary")).to_have_text("Past conversations (0)")
    expect(past.locator("summary")).to_be_focused()
    assert [] == kept_in(page)


def test_each_conversation_is_kept_on_its_own(visit: Open) -> None:
    """Cleared, the next question begins another; all are deleted at once; a second tab adds to the same list."""
    page = visit()
    ask(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".cp-answer")).to_have_count(0)
    ask(page, "is tubeless worth it for commuting?")
    tab = page.context.new_page()
    tab.set_default_timeout(PATIENCE)
    tab.goto(page.url)
    ask(tab, "should I repot a new houseplant right away?")
    past = page.locator(".page-kept")
    expect(past.locator("li")).to_have_count(3)
    assert 3 == len(kept_in(tab))
    past.locator("summary").click()
    past.get_by_role("button", name="Delete all").click()
    expect(page.locator(".cp-answer")).to_have_count(0)
    assert [] == kept_in(page)


def test_no_conversation_is_kept_where_the_reader_wants_none(visit: Open) -> None:
    """What was kept is erased, the one on the page stays; after a reload it holds, until it is switched back."""
    page = visit()
    ask(page)
    past = page.locator(".page-kept")
    past.locator("summary").click()
    expect(past.locator("li")).to_have_count(1)
    past.get_by_label("Keep none in this browser").check()
    expect(past.locator("li")).to_have_count(0)
    expect(page.locator(".cp-answer")).to_have_count(1)
    assert [] == kept_in(page)
    picture(page, "keep-none")
    page.reload()
    ask(page)
    past.locator("summary").click()
    expect(past.get_by_label("Keep none in this browser")).to_be_checked()
    assert [] == kept_in(page)
    past.get_by_label("Keep none in this browser").uncheck()
    expect(past.locator("li")).to_have_count(1)
    assert [[SAMPLE_QUESTION]] == kept_in(page)


def test_what_a_browser_kept_is_never_markup(visit: Open) -> None:
    """Whatever stands in the storage is shown as words, and what is no conversation is left out."""
    page = visit()
    words = '<img src=x onerror="window.hacked=1">'
    turns = [{"asked": words, "q": "should I lift?", "side": "<b>"}]
    stored = json.dumps([{"id": "one", "at": 1, "turns": turns}, {"id": 2}, None, {"id": "x", "at": 1, "turns": ["y"]}])
    page.evaluate("(stored) => localStorage.setItem('counterpoint:conversations:/', stored)", stored)
    page.reload()
    past = page.locator(".page-kept")
    past.locator("summary").click()
    past.get_by_role("button", name=words, exact=True).click()
    expect(page.locator("[data-testid=user]")).to_have_text(words)
    expect(page.locator(".cp-answer")).to_have_count(1)
    assert page.evaluate("window.hacked") is None
    assert 0 == page.locator("#conversation img, .page-kept img").count()


def test_two_visitors_at_once_see_only_their_own(visit: Open) -> None:
    """Both ask at the same time; neither page, nor browser, holds anything of the other."""
    first, second = visit(), visit()
    other = "is tubeless worth it for commuting?"
    for page, question in ((first, SAMPLE_QUESTION), (second, other)):
        page.get_by_label("Your question").fill(question)
    for page in (first, second):
        page.get_by_label("Your question").press("Enter")
    for page, question in ((first, SAMPLE_QUESTION), (second, other)):
        expect(page.locator(".cp-answer")).to_have_count(1)
        expect(page.locator("[data-testid=user]")).to_have_text([question])
        expect(page.locator(".page-kept summary")).to_have_text("Past conversations (1)")
        assert [[question]] == kept_in(page)


def test_a_conversation_fits_a_phone_in_the_dark(visit: Open) -> None:
    """Buttons, suggestions and past conversations stay within 360 pixels."""
    page = visit(viewport={"width": 360, "height": 740}, color_scheme="dark")
    ask(page, "does a mechanical keyboard help typing?")
    ask(page, "why not?")
    page.locator(".page-kept summary").click()
    picture(page, "talk-phone", whole=True)
    assert 360 == page.evaluate("document.documentElement.scrollWidth")


# Stages, and stopping


class WaitingJudge(RuleJudge):
    """Judges when it is let: so a test sees the page while an answer is being made."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.may.set()

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        assert self.may.wait(60)
        return super().judge(pairs)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[WaitingJudge, str]]:
    """A page whose judge waits, and its address."""
    judge = WaitingJudge()
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=judge) as base:
        base.add([RUNNERS])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        page = app.build_app(Bot(base))
        try:
            yield judge, serve(page, Served(port=port))
        finally:
            judge.may.set()
            page.close(verbose=False)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # the server is in this process, and Gradio uses it
def test_first_words_come_at_once_and_an_answer_can_be_stopped(
    browser: Browser, waiting: tuple[WaitingJudge, str]
) -> None:
    """While the judge is busy its stage is shown; stopped, the question says so and the next one is answered."""
    judge, address = waiting
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    judge.may.clear()
    question = page.get_by_label("Your question")
    question.fill("Is heavy lifting good for a faster 5k?")
    question.press("Enter")
    expect(page.locator("#conversation .page-stage")).to_have_text(re.compile(r"Judging \d+ claims"))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#conversation .page-stage")).to_have_text("Stopped.")
    judge.may.set()
    ask(page, "Should I lift weights for a faster 5k?")
    expect(page.locator(".cp-answer")).to_have_count(1)
    context.close()
