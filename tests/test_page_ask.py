"""The handlers of Ask as plain functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scripted import scripted

from bot.chat import LONGEST_QUESTION, Bot, Turn
from bot.exporting import ExportForm
from bot.narrowing import EVERYTHING, Narrowing
from corpus.errors import CounterpointError
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase
from page.ask import Exchange, Talk, ask, ask_link, edit, exchange_at, reopen, retry, stop, turn_at, undo
from page.kept import MOST_TURNS, kept_of, turns_of
from page.lists import STARTERS, starters, thread_label
from page.parts import explained, notice
from page.taking import actions_html, taken
from tests.fakes import thread_of

QUESTION = "should I lift for a sub-20 5k?"


class BrokenBot(Bot):
    """A bot whose machine fails at the first step."""

    def stages(self, question: str, history: Any = ()) -> Iterator[Any]:
        raise RuntimeError("secret detail")
        yield


def test_an_answer_comes_in_stages(samples: KnowledgeBase) -> None:
    """Each stage replaces the one before it; the answer comes last and ends the run."""
    *stages, last = ask(Bot(samples), QUESTION, ())
    assert [1] * len(stages) == [len(talk) for talk in stages]
    assert all(talk[-1].running for talk in stages)
    assert "cp-answer" in last[-1].shown
    assert not last[-1].running


def test_an_answer_is_remembered_for_the_next_question(samples: KnowledgeBase) -> None:
    """The turn of the last question travels in the conversation, and nowhere else."""
    *_, first = ask(Bot(samples), QUESTION, ())
    *_, both = ask(Bot(samples), "is tubeless worth it?", first)
    assert [QUESTION, "is tubeless worth it?"] == [exchange.turn.asked for exchange in both if exchange.turn]


def test_what_is_no_question_is_said_in_words(samples: KnowledgeBase) -> None:
    """An empty question is a problem that the user can mend, and no turn of the conversation."""
    *_, talk = ask(Bot(samples), "  ", ())
    assert "page-problem" in talk[-1].shown
    assert talk[-1].turn is None


def test_a_failure_is_another_answer_than_no_evidence(samples: KnowledgeBase, caplog: pytest.LogCaptureFixture) -> None:
    """The reader is told that something broke, without the detail, which goes to the terminal."""
    *_, talk = ask(BrokenBot(samples), QUESTION, ())
    assert "page-broke" in talk[-1].shown
    assert "secret detail" not in talk[-1].shown
    assert "secret detail" in caplog.text


def test_a_stopped_question_says_so() -> None:
    """Stopping ends the running question and leaves the others."""
    done, running = Exchange("one?", "<p>1</p>"), Exchange("two?", "<p>…</p>", running=True)
    assert (done, Exchange("two?", notice("stage", "Stopped."))) == stop((done, running))
    assert (done,) == stop((done,))


def asked(bot: Bot, *questions: str) -> Talk:
    """The conversation after these questions."""
    talk: Talk = ()
    for question in questions:
        *_, talk = ask(bot, question, talk)
    return talk


def turns(talk: Talk) -> list[Turn]:
    return [exchange.turn for exchange in talk if exchange.turn]


def test_a_message_belongs_to_its_exchange() -> None:
    """Each question and its answer are two messages; an empty question has none."""
    talk = (Exchange("one?", "1"), Exchange(" ", "nothing asked"), Exchange("two?", "2"))
    assert [0, 0, 1, 2, 2] == [exchange_at(talk, message) for message in range(5)]


def test_a_question_is_asked_again_as_it_was_understood(samples: KnowledgeBase) -> None:
    """Retried, a follow-up is still one, and what came after it is gone."""
    bot = Bot(samples)
    talk = asked(bot, QUESTION, "why not?", "how sure?")
    *_, again = retry(bot, 2, talk)
    assert turns(talk)[:2] == turns(again)


def test_what_failed_is_asked_again(samples: KnowledgeBase) -> None:
    """A question that had no answer is asked anew where it stood."""
    *_, failed = ask(BrokenBot(samples), QUESTION, ())
    *_, again = retry(Bot(samples), 1, failed)
    assert [QUESTION] == [turn.question for turn in turns(again)]


def test_an_edited_question_takes_the_place_of_the_old_one(samples: KnowledgeBase) -> None:
    """Editing the second question asks another after the first; the third is gone."""
    bot = Bot(samples)
    *_, edited = edit(bot, 2, "why not?", asked(bot, QUESTION, "how sure?", "who says so?"))
    assert [QUESTION, "why not?"] == [turn.asked for turn in turns(edited)]
    assert Stance.CON is turns(edited)[1].narrowing.side


def test_a_question_is_taken_back(samples: KnowledgeBase) -> None:
    """Undone, it is in the box again, and the conversation ends before it."""
    talk = asked(Bot(samples), QUESTION, "why not?")
    assert (talk[:1], "why not?") == undo(3, talk)


def test_a_link_reopens_question_and_side(samples: KnowledgeBase) -> None:
    """What a follow-up asked is asked whole by its link, without the conversation."""
    bot = Bot(samples)
    *_, talk = ask_link(bot, {"q": QUESTION, "side": "con"}, ())
    assert [Turn(QUESTION, QUESTION, Narrowing(side=Stance.CON))] == turns(talk)


def test_a_link_that_asks_nothing_says_so(samples: KnowledgeBase) -> None:
    """A link may hold anything: what is no question is refused in words."""
    *_, talk = ask_link(Bot(samples), {"q": "?"}, ())
    assert "page-problem" in talk[-1].shown


def test_a_kept_conversation_is_answered_anew(samples: KnowledgeBase) -> None:
    """The browser keeps words alone; reopened, every question has its answer of today."""
    bot = Bot(samples)
    talk = asked(bot, QUESTION, "why not?")
    kept = kept_of(turns(talk))
    assert {"asked", "q", "side", "kinds"} == set(kept[1])
    *_, reopened = reopen(bot, turns_of(kept))
    assert talk == reopened


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "text",
        {"asked": QUESTION},
        [None, 3, [], {"asked": QUESTION}, {"q": "?", "asked": "?"}, {"q": QUESTION, "asked": 3}],
        [{"q": "x" * (LONGEST_QUESTION + 1), "asked": "x"}],
    ],
)
def test_a_browser_may_send_anything(kept: Any) -> None:
    """What is no turn is left out."""
    assert () == turns_of(kept)


def test_a_browser_cannot_ask_without_end() -> None:
    """The first questions of a conversation are asked, whatever it is made to hold."""
    assert MOST_TURNS == len(turns_of([{"q": QUESTION, "asked": QUESTION}] * 1000))


def test_the_buttons_under_an_answer_hold_its_link() -> None:
    """The link asks the whole question; its words are escaped."""
    buttons = actions_html(Turn("why not?", '"><script>x</script>', Narrowing(side=Stance.CON)), 2)
    assert 'data-link="?q=%22%3E%3Cscript%3Ex%3C%2Fscript%3E&amp;side=con"' in buttons
    assert "<script>" not in buttons
    assert 5 == buttons.count("<button")


def test_an_answer_is_taken_along(samples: KnowledgeBase) -> None:
    """A file has a name and what it holds; what is copied says so."""
    bot = Bot(samples)
    typing = "Is it worth learning to touch type at 40?"
    turn = Turn(typing, typing)
    file, copied = taken(bot, turn, ExportForm.HTML), taken(bot, turn, ExportForm.CITATIONS)
    assert ("counterpoint-is-it-worth-learning-to-touch-type-at-40.html", False) == (file["name"], file["copied"])
    assert copied["copied"]
    assert f"in “{typing}”" in copied["text"]


@pytest.mark.parametrize(("turn", "form"), [(None, "html"), (Turn(QUESTION, QUESTION, EVERYTHING), "exe")])
def test_what_cannot_be_taken_along_is_said(samples: KnowledgeBase, turn: Turn | None, form: str) -> None:
    """An answer that is gone, or an unknown form, is a problem in words."""
    assert {"problem"} == set(taken(Bot(samples), turn, form))


def test_an_answer_is_found_by_its_number() -> None:
    """A number from a browser may be any."""
    turn = Turn("one?", "one?")
    talk = (Exchange("one?", "1", turn), Exchange("?", "nothing asked"))
    assert [turn, None, None, None] == [turn_at(talk, number) for number in (0, 1, 2, -1)]


def test_starters_are_questions_of_the_threads(samples: KnowledgeBase) -> None:
    """There are a few, each once, and each was asked by a thread."""
    questions = [thread.question for thread in samples.threads()]
    assert starters(samples) == questions[:STARTERS]


def test_lists_of_threads_are_masked(base: KnowledgeBase) -> None:
    """A question to begin with, and the name of a thread in a list, show no telephone number."""
    base.add(
        [thread_of("Should I ring 303-860-5604?", "Should I ring 303-860-5604?", "No, they rang me from 303-860-5604.")]
    )
    shown = [*starters(base), *map(thread_label, base.threads())]
    assert "Should I ring [phone number]?" in shown
    assert [] == [one for one in shown if "303" in one]


def test_words_of_the_program_are_escaped() -> None:
    """A message may name what a forum or file said, and so is escaped too."""
    assert '<p class="page-notice page-problem" role="status">&lt;b&gt; is empty</p>' == explained(
        CounterpointError("<b> is empty")
    )


def test_an_answer_is_shown_while_its_prose_is_written(samples: KnowledgeBase) -> None:
    """The answer stands, with what is being done under it; stopped there, it stays."""
    steps = list(ask(Bot(samples, scripted(*["no"] * 9)), "Is tubeless worth it for commuting?", ()))
    writing = next(talk for talk in steps if talk[-1].doing)
    assert "cp-answer" in writing[-1].shown
    assert writing[-1].turn
    assert writing[-1].running
    stopped = stop(writing)[-1]
    assert (False, writing[-1].shown, writing[-1].turn) == (stopped.running, stopped.shown, stopped.turn)
    assert "cp-prose" in steps[-1][-1].shown
    assert not steps[-1][-1].running
