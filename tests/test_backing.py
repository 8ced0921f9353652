"""Who says so and how sure it is, from the counts of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import answered, judged_claim

from bot.answer import Answer
from bot.backing import certainty, certainty_lines, people_behind
from bot.narrowing import Focus, Narrowing
from bot.render import answer_html, answer_json, answer_markdown, answer_text
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.shares import share_interval


def an_answer(focus: Focus | None = None, side: Stance | None = None) -> Answer:
    whole = answered(
        judged_claim("weights improved injury resistance", author="ann", kind=Kind.EXPERIENCE),
        judged_claim("stronger legs run faster", author="ann", position=2, kind=Kind.REASON),
        judged_claim("just run more miles", Stance.CON, 0.4, author="bob"),
        judged_claim("it depends on the plan", Stance.MIXED, author="<b>cem</b>"),
    )
    return replace(whole, narrowing=Narrowing(side=side, focus=focus))


def test_everybody_is_named_once_with_what_they_said() -> None:
    """Ann has two claims and is one person, on the side she leans to."""
    people = [(one.claims[0].cited.post.author, one.stance, len(one.claims)) for one in people_behind(an_answer())]
    assert [("ann", Stance.PRO, 2), ("bob", Stance.CON, 1), ("<b>cem</b>", Stance.MIXED, 1)] == people


def test_asked_for_a_side_its_people_are_named() -> None:
    """Who is against it: Bob, whose lean is doubtful."""
    (bob,) = people_behind(an_answer(side=Stance.CON))
    assert ("bob", True) == (bob.claims[0].cited.post.author, bob.doubtful)


def test_certainty_is_counted() -> None:
    """People, claims, those of low confidence, and what they rest on."""
    sure = certainty(an_answer())
    assert (3, 4, 1, 1) == (sure.people, sure.claims, sure.unsure, sure.doubtful)
    assert {Kind.ADVICE: 2, Kind.EXPERIENCE: 1, Kind.REASON: 1} == dict(sure.kinds)


@pytest.mark.parametrize(
    ("some", "total", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (81, 263, 0.255, 0.366)]
)
def test_the_interval_is_wilsons(some: int, total: int, low: float, high: float) -> None:
    """Against the values that Newcombe (1998, table I) and the formula give."""
    assert (low, high) == tuple(round(bound, 3) for bound in share_interval(some, total))


def test_every_form_says_how_sure_it_is() -> None:
    """Asked how sure, the lines stand in HTML, Markdown and text, and the views do not."""
    answer = an_answer(Focus.CERTAINTY)
    (line,) = [one for one in certainty_lines(answer) if "judged with low confidence" in one]
    for form in (answer_html(answer), answer_markdown(answer), answer_text(answer)):
        assert (True, False) == (line in form, "just run more miles" in form)
    assert 3 == answer_json(answer)["certainty"]["people"]


def test_every_form_says_who_says_so() -> None:
    """Asked who, every author stands there with their words; a name is no markup."""
    answer = an_answer(Focus.PEOPLE)
    for form in (answer_html(answer), answer_markdown(answer), answer_text(answer)):
        assert {"ann", "bob"} <= set(form.replace(">", " ").replace("<", " ").replace(":", " ").split())
        assert "just run more miles" in form
    assert "<b>cem" not in answer_html(answer)
    assert ["ann", "bob", "<b>cem</b>"] == [person["author"] for person in answer_json(answer)["people"]]
