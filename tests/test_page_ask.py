"""The handlers of Ask as plain functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat import Bot
from corpus.errors import CounterpointError
from indexer.knowledge import KnowledgeBase
from page.ask import Exchange, ask, stop
from page.lists import STARTERS, _thread_label, starters
from page.parts import explained, notice
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


def test_starters_are_questions_of_the_threads(samples: KnowledgeBase) -> None:
    """There are a few, each once, and each was asked by a thread."""
    questions = [thread.question for thread in samples.threads()]
    assert starters(samples) == questions[:STARTERS]


def test_lists_of_threads_are_masked(base: KnowledgeBase) -> None:
    """A question to begin with, and the name of a thread in a list, show no telephone number."""
    base.add(
        [thread_of("Should I ring 303-860-5604?", "Should I ring 303-860-5604?", "No, they rang me from 303-860-5604.")]
    )
    shown = [*starters(base), *map(_thread_label, base.threads())]
    assert "Should I ring [phone number]?" in shown
    assert [] == [one for one in shown if "303" in one]


def test_words_of_the_program_are_escaped() -> None:
    """A message may name what a forum or file said, and so is escaped too."""
    assert '<p class="page-notice page-problem" role="status">&lt;b&gt; is empty</p>' == explained(
        CounterpointError("<b> is empty")
    )
