"""What leaves the page: every form holds the claims with their sources, and nothing a forum wrote comes alive."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from builders import answered, judged_claim
from markdown_it import MarkdownIt

from bot.answer import Answer
from bot.exporting import LONGEST_NAME, ExportForm, answer_page, cited_claims, exported, file_name
from indexer.judge import Stance

LINK = "https://forum.example/t/1#3"
HOSTILE = (
    '![x](http://evil.example/i.png) <img src=x onerror=alert(1)> [a](javascript:alert(1)) <a href="?claim=1">b</a>'
)


def an_answer(text: str = "weights improved injury resistance", author: str = "ann") -> Answer:
    return answered(
        judged_claim(text, author=author, link=LINK, score=4),
        judged_claim("just run more miles", Stance.CON, author="bob", thread="miles"),
        question="Should I lift for a sub-20 5k?",
    )


class Elements(HTMLParser):
    """The elements and addresses of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("form", list(ExportForm))
def test_every_form_holds_the_claim_with_its_source(form: ExportForm) -> None:
    """Words, author, thread and link are together in each."""
    file = exported(an_answer(), form)
    text = file.text.replace("\\", "")
    assert all(said in text for said in ("weights improved injury resistance", "ann", "About weights", LINK))
    assert re.fullmatch(r"counterpoint-should-i-lift-for-a-sub-20-5k\.(md|html|json|txt)", file.name)


def test_a_page_stands_alone() -> None:
    """It loads nothing, runs nothing, and its links lead to original posts alone."""
    page = Elements(answer_page(an_answer()))
    assert [LINK] == page.links
    assert {"html", "style", "main", "h1"} <= page.names
    assert not {"script", "img", "link", "iframe"} & page.names


def test_a_page_is_light_or_dark_as_its_reader_has_it() -> None:
    """Every colour of words and grounds has both."""
    page = answer_page(an_answer())
    assert ":root { color-scheme: light dark; }" in page
    assert "background: light-dark(#ffffff, #14181d); color: light-dark(#1f2328, #e6e8eb);" in page
    assert "wrong side?" not in page


def test_citations_about_self_harm_begin_with_the_note() -> None:
    """Before the balance."""
    question, note, *_ = cited_claims(answered(judged_claim("talk"), question="Should I kill myself?")).splitlines()
    assert ("Should I kill myself?", "If you think of hurting yourself") == (question, note[:32])


def test_a_page_shows_hostile_words_as_text() -> None:
    """Markup of a poster, and a link made up to look like one of ours, are words."""
    page = Elements(answer_page(an_answer(HOSTILE, "<script>x</script>")))
    assert [LINK] == page.links
    assert not {"script", "img"} & page.names
    assert HOSTILE in page.text
    assert "<script>x</script>" in page.text


def test_markdown_shows_hostile_words_as_text() -> None:
    """Read as CommonMark with links found in text, it holds no image, no HTML and no link but the original's."""
    text = exported(an_answer(HOSTILE, "[x](http://evil.example)"), ExportForm.MARKDOWN).text
    page = Elements(MarkdownIt("commonmark", {"html": True}).render(text))
    assert [LINK] == page.links
    assert not {"img", "script"} & page.names


def test_json_is_the_answer() -> None:
    """It is read back, line and all."""
    answer = an_answer()
    assert answer.line() == json.loads(exported(answer, ExportForm.JSON).text)["line"]


def test_citations_go_side_by_side() -> None:
    """Each claim is one line with everything it takes to find it again."""
    lines = cited_claims(an_answer()).splitlines()
    cited = f"- “weights improved injury resistance” (ann, score 4, in “About weights”, {LINK})"
    assert ["For", cited] == lines[3:5]
    assert lines.index("Against") > lines.index("For")


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    """No form hands on a script as a link."""
    answer = answered(judged_claim("lift", link="javascript:alert(1)", author="ann"))
    assert [] == [form for form in ExportForm if "javascript" in exported(answer, form).text]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Über den Wolken?", "counterpoint-uber-den-wolken"),
        ("../../etc/passwd", "counterpoint-etc-passwd"),
        ("？", "counterpoint"),
    ],
)
def test_a_file_name_is_safe_everywhere(question: str, name: str) -> None:
    """Letters and digits remain of a question; nothing leads out of a folder."""
    assert name == file_name(question)


def test_a_file_name_is_short() -> None:
    """A long question is cut."""
    assert LONGEST_NAME >= len(file_name("should I " * 100))


def test_the_citations_say_what_was_asked_for() -> None:
    """Narrowed to one side, the other is not handed on, and that is said."""
    answer = an_answer()
    text = cited_claims(replace(answer, narrowing=replace(answer.narrowing, side=Stance.CON)))
    assert ("Shown: against." in text, "just run more miles" in text, "injury" in text) == (True, True, False)
