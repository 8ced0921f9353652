"""What a visitor says of a claim in the source panel, as plain functions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fakes import RUNNERS, thread_of

from bot.chat import Bot
from bot.wording import SET_APART
from corpus.errors import CounterpointError, NotInStore
from indexer.corrections import Matter, Record
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase
from page.ask import Exchange, ask
from page.corrections import (
    NotCorrected,
    correct_json,
    corrections_json,
    mark,
    marking_html,
    record_lines,
    remade,
    undo,
    undo_json,
)
from page.parts import notice
from page.source import fixed_html, marked_notice, source_html
from page.texts import TEXTS

ASKED = "should I lift weights for a faster 5k?"
SQUATS = "Yes, squats helped my hips"


@pytest.fixture
def claim(base: KnowledgeBase) -> str:
    """The claim about squats, in a base of the runners."""
    base.add([RUNNERS])
    return next(one.claim.id for one in base.claims_of_thread(RUNNERS.id) if one.claim.text == SQUATS)


def given(claim: str, **said: str) -> dict[str, str]:
    return {"claim": claim, "toward": ASKED, "matter": "", "mark": "", "undo": ""} | said


def stance(base: KnowledgeBase, claim: str, question: str = ASKED) -> Stance:
    return base.judge_claims(question, base.cited([claim]))[0].stance


def marking(base: KnowledgeBase, claim: str, question: str = ASKED, **options: Any) -> str:
    return marking_html(base.judged(question, base.cited([claim]))[0], base.records(), **options)


# What a button does


def test_a_button_corrects_a_side(base: KnowledgeBase, claim: str) -> None:
    """It counts, under the name of who pressed it, and the panel says so."""
    said = marked_notice(base, given(claim, matter="stance", mark="con"), "Jo")
    assert notice("done", TEXTS.counted) == said
    assert Stance.CON is stance(base, claim)
    assert ["Jo"] == [made.who for made in base.corrections()]


def test_a_button_takes_it_back(base: KnowledgeBase, claim: str) -> None:
    made = mark(base, claim, "stance", "con", ASKED)
    assert notice("done", TEXTS.undone) == marked_notice(base, given(claim, undo=made.id))
    assert Stance.PRO is stance(base, claim)


def test_one_click_says_what_counts_and_how_to_take_it_back(base: KnowledgeBase, claim: str) -> None:
    """The same words come anew each time, and an undone one cannot be undone."""
    said = fixed_html(base, given(claim, matter="stance", mark="con"))
    (made,) = base.corrections()
    assert notice("done", "Counted: against.") in said
    assert f'data-undo="{made.id}" aria-label="Undo: against"' in said
    assert said != fixed_html(base, given(claim, matter="stance", mark="con"))
    undone = fixed_html(base, given(claim, undo=made.id))
    assert (True, False) == (notice("done", TEXTS.undone) in undone, "<button" in undone)


def test_who_may_not_correct_is_refused(base: KnowledgeBase, claim: str) -> None:
    """On the server, whatever the browser sends; nothing is changed and nothing is undone."""
    refused = notice("problem", TEXTS.may_not_correct)
    made = mark(base, claim, "kind", "study")
    for said in (given(claim, matter="stance", mark="con"), given(claim, undo=made.id)):
        assert refused == marked_notice(base, said, may_edit=False)
        assert refused in fixed_html(base, said, may_edit=False)
    assert [made] == base.corrections()


@pytest.mark.parametrize(
    ("matter", "value", "question", "message"),
    [
        ("mood", "con", "", "'mood' is nothing that a claim can be marked as: the words are stance, kind, view."),
        ("stance", "study", "", "'study' is nothing .*: the words are pro, con, mixed, none."),
        ("kind", "<b>", "", "'<b>' is nothing .*: the words are advice, experience, reason, hearsay, study."),
        ("stance", "con", "why " * 300, "The question has 1,200 characters, 1,000 are read."),
    ],
)
def test_what_no_button_says_is_refused(  # noqa: PLR0917 -- fixtures and the columns of the table
    base: KnowledgeBase, claim: str, matter: str, value: str, question: str, message: str
) -> None:
    """A browser may send anything."""
    with pytest.raises(NotCorrected, match=message):
        mark(base, claim, matter, value, question)
    assert [] == base.corrections()


@pytest.mark.parametrize("id_", ["000000000000001", "nonsense", "<script>", ""])
def test_what_is_not_here_is_refused(base: KnowledgeBase, id_: str) -> None:
    with pytest.raises(NotInStore):
        mark(base, id_, "stance", "con")
    with pytest.raises(NotInStore):
        undo(base, id_)
    assert "page-problem" in marked_notice(base, given(id_, matter="stance", mark="con"))


# What is shown


def test_the_claim_says_how_it_is_read(base: KnowledgeBase, claim: str) -> None:
    """The side, how sure, and the kind; the button of that side says that it is right."""
    shown = marking(base, claim)
    assert "Read as: for, 85% sure; reason." in shown
    assert ["For is right", "Against", "It depends", "Not about it"] == re.findall(
        r'data-matter="stance" data-mark="\w+">([^<]+)<', shown
    )


def test_a_corrected_claim_says_what_was_said(base: KnowledgeBase, claim: str) -> None:
    """What a reader says, what the program had said, and a button to undo it."""
    made = mark(base, claim, "stance", "con", ASKED)
    shown = marking(base, claim)
    assert "Counts as: against; reason." in shown
    assert "A reader says: against. The program had said: for, 85% sure." in shown
    assert f'data-undo="{made.id}" aria-label="Undo: against"' in shown
    assert "Against is right" in shown


def test_a_claim_found_right_says_so(base: KnowledgeBase, claim: str) -> None:
    mark(base, claim, "stance", "pro", ASKED)
    assert "A reader found this right: for." in marking(base, claim)


def test_only_a_claim_in_a_view_can_be_set_apart(base: KnowledgeBase, claim: str) -> None:
    """One that is apart already, or takes no side, has no such button."""
    assert SET_APART in marking(base, claim)
    mark(base, claim, "view", "apart", ASKED)
    assert SET_APART not in marking(base, claim)
    assert "A reader says: not the same as the rest of its view." in marking(base, claim)
    mark(base, claim, "stance", "none", "do squats help?")
    assert SET_APART not in marking(base, claim, "do squats help?")


def test_who_may_not_correct_sees_no_buttons(base: KnowledgeBase, claim: str) -> None:
    """But what others said."""
    mark(base, claim, "stance", "con", ASKED)
    shown = source_html(base, {"claim": claim}, ASKED, may_edit=False)
    assert "<button" not in shown
    assert "A reader says: against." in shown
    assert TEXTS.may_not_correct in shown


def test_a_question_is_escaped_and_a_threads_own_is_not_named(base: KnowledgeBase, claim: str) -> None:
    """The browser sends back what it was given; the thread's own question may hold what must not be shown."""
    assert 'data-toward="&quot;&gt;&lt;img src=x&gt;"' in marking(base, claim, '"><img src=x>')
    assert 'data-toward=""' in marking(base, claim, base.question_of(RUNNERS.id))


def test_how_often_the_program_was_right_is_shown(base: KnowledgeBase, claim: str) -> None:
    """With the number, the interval, and that it is no fair sample; nothing before anybody marked anything."""
    assert "interval" not in marking(base, claim)
    lines = record_lines({Matter.STANCE: Record(9, 12), Matter.KIND: Record(0, 1)})
    assert [
        "Of 12 sides that readers marked here, the program had 9 right (75%; 95% interval 47% to 91%).",
        "Of 1 kind that readers marked here, the program had 0 right (0%; 95% interval 0% to 79%).",
        TEXTS.no_sample,
    ] == lines
    mark(base, claim, "stance", "con", ASKED)
    assert "Of 1 side that readers marked here, the program had 0 right" in marking(base, claim)


@pytest.mark.parametrize("link", ["claim", "correct"])
def test_a_claim_opens_with_its_controls(base: KnowledgeBase, claim: str, link: str) -> None:
    """Under the words of its post; a post and a thread open without."""
    shown = source_html(base, {link: claim}, ASKED)
    assert shown.index("cp-focus") < shown.index("cp-marking") < shown.index("cp-neighbour", shown.index("cp-focus"))
    assert "cp-marking" not in source_html(base, {"thread": RUNNERS.id}, ASKED)
    assert "cp-marking" not in source_html(base, {"post": RUNNERS.posts[1].id}, ASKED)


# The answers on the page


def test_answers_are_made_again(base: KnowledgeBase, claim: str) -> None:
    """Each with what counts now, follow-ups in their context; what has no answer stays as it is."""
    *_, talk = ask(Bot(base), ASKED, (Exchange("", "<p>empty</p>"),))
    *_, talk = ask(Bot(base), "what do the ones against say?", talk)
    assert SQUATS not in talk[-1].shown
    mark(base, claim, "stance", "con", ASKED)
    again = remade(Bot(base), talk)
    assert talk[0] == again[0]
    assert [one.turn for one in talk] == [one.turn for one in again]
    assert "side corrected by a reader" in again[1].shown
    assert SQUATS in again[2].shown


# For other programs


def test_corrections_as_values(base: KnowledgeBase, claim: str) -> None:
    """What is kept, listed and taken back, in words that JSON holds."""
    made = correct_json(base, claim, stance="con", question=ASKED, who="Jo")
    assert ("stance", "pro", "con", False, 0.85, ASKED, "Jo") == tuple(
        made[name] for name in ("matter", "said", "now", "right", "confidence", "question", "who")
    )
    listed = corrections_json(base)
    assert [made] == listed["corrections"]
    assert {"right": 0, "marked": 1, "low": 0.0, "high": 0.7935} == listed["right"]["stance"]
    assert made == undo_json(base, made["id"])
    assert [] == corrections_json(base)["corrections"]


@pytest.mark.parametrize("said", [{}, {"stance": "con", "kind": "study"}, {"stance": "con", "apart": True}])
def test_one_thing_is_said_at_a_time(base: KnowledgeBase, claim: str, said: dict[str, Any]) -> None:
    with pytest.raises(NotCorrected, match="Say one thing of a claim"):
        correct_json(base, claim, **said)


def test_personal_data_are_masked_in_values(base: KnowledgeBase) -> None:
    asks = "Should I mail a@example.com?"
    base.add([thread_of(asks, asks, "Yes, b@example.com is great.")])
    (one,) = base.browse(text="great").claims
    made = correct_json(base, one.cited.claim.id, stance="con")
    assert "example.com" not in str(made)


def test_errors_are_words_for_the_user() -> None:
    assert issubclass(NotCorrected, CounterpointError)
