"""Prose as HTML, Markdown, text and plain values: sides, counts and links come from the claims."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import answered, judged_claim

from bot.exporting import ExportForm, exported
from bot.plain import answer_markdown, answer_text
from bot.prose import Line, Prose
from bot.render import answer_html
from bot.render_prose import prose_html, prose_json, prose_lines
from bot.values import answer_json
from indexer.judge import Stance

HIPS = judged_claim("squats helped my hips", author="ann")
HIPS_TOO = judged_claim("squats helped our hips", author="zoe")
MILES = judged_claim("just run more miles", Stance.CON, author="cem")
LINES = (
    Line("Squats helped their hips.", (HIPS, HIPS_TOO)),
    Line("just run more miles", (MILES,), verbatim=True),
)
PROSE = Prose("openai:tiny", "write-2", LINES, written=3, dropped={"number": 1})
ANSWER = replace(answered(HIPS, HIPS_TOO, MILES), prose=PROSE)
NOTE = "Written by openai:tiny, a chat model, from the claims below; every sentence was checked against those it cites."


def test_each_line_stands_beside_the_words_of_its_claims() -> None:
    """A restated line has the claims in quotation marks, a copied one is in them; people are counted by the program."""
    assert [
        "For (2 people lean so):",
        "- Squats helped their hips. (2 people; “squats helped my hips”, ann; “squats helped our hips”, zoe)",
        "Against (1 person leans so):",
        "- “just run more miles” (1 person; cem)",
        NOTE,
    ] == prose_lines(ANSWER)


@pytest.mark.parametrize("form", [ExportForm.MARKDOWN, ExportForm.HTML, ExportForm.JSON])
def test_in_every_export_a_line_stands_beside_its_quotes(form: ExportForm) -> None:
    """Wherever a restated line is, the words of all its claims come right after it, before the next line."""
    text = exported(ANSWER, form).text
    line = text.index("Squats helped their hips.")
    first, second = (text.index(one.cited.claim.text, line) for one in (HIPS, HIPS_TOO))
    assert line < first < second < text.index("just run more miles", line)


def test_the_citations_to_take_along_hold_nothing_that_a_model_wrote() -> None:
    """A list of claims is a list of claims."""
    assert "Squats helped their hips." not in exported(ANSWER, ExportForm.CITATIONS).text


def test_a_terminal_shows_the_quotes_on_the_line() -> None:
    """Where there are only lines, a line and its quotes are one."""
    (line,) = (line for line in answer_text(ANSWER).splitlines() if "Squats helped their hips." in line)
    assert "“squats helped my hips”" in line
    assert "“squats helped our hips”" in line


def test_each_citation_opens_its_source() -> None:
    """The links are those of every other claim, in the order of the lines."""
    page = prose_html(ANSWER)
    at = [page.index(f'<a href="?claim={one.cited.claim.id}">') for one in (HIPS, HIPS_TOO, MILES)]
    assert sorted(at) == at
    assert '<q dir="auto">squats helped my hips</q>' in page


def test_prose_stands_above_the_views_in_every_form() -> None:
    """On the page, in Markdown and in a terminal; the views are all there."""
    for text in (answer_html(ANSWER), answer_markdown(ANSWER), answer_text(ANSWER)):
        assert text.index("Squats helped their hips.") < text.rindex("just run more miles")
        assert "squats helped our hips" in text
    assert "### In prose\n" in answer_markdown(ANSWER)


def test_an_answer_without_a_model_says_nothing_of_one() -> None:
    """Without prose there is no section, and no value."""
    plain = replace(ANSWER, prose=None)
    assert ("", [], None) == (prose_html(plain), prose_lines(plain), prose_json(plain))
    assert "chat model" not in answer_html(plain) + answer_markdown(plain) + answer_text(plain)
    assert answer_json(plain)["prose"] is None


def test_where_nothing_held_the_page_says_so() -> None:
    """The answer stands by itself, and it is said why."""
    failed = replace(ANSWER, prose=Prose("openai:tiny", "write-2", problem="the chat model refused"))
    assert [
        "openai:tiny wrote nothing that can be shown: the chat model refused. The answer below stands by itself."
    ] == (prose_lines(failed))
    assert "the chat model refused" in answer_html(failed)


def test_plain_values_name_the_claims() -> None:
    """Lines with their claims' ids, and what was dropped."""
    value = answer_json(ANSWER)["prose"]
    assert [[HIPS.cited.claim.id, HIPS_TOO.cited.claim.id], [MILES.cited.claim.id]] == [
        line["claims"] for line in value["lines"]
    ]
    assert [["squats helped my hips", "squats helped our hips"], ["just run more miles"]] == [
        line["quotes"] for line in value["lines"]
    ]
    assert ("openai:tiny", 3, {"number": 1}) == (value["model"], value["written"], value["dropped"])
