"""What a link on the page opens."""

from __future__ import annotations

import re

import pytest

from bot.chat import Bot
from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase
from page.ask import Exchange, ask, question_of_answer
from page.parts import notice
from page.source import LINKS, source_html
from page.texts import TEXTS

QUESTION = "should I lift for a sub-20 5k?"


def test_a_claim_opens_its_post(samples: KnowledgeBase) -> None:
    """The claim's own words stand out in its post."""
    claim = samples.browse(text="resistant to injury").claims[0].cited.claim
    shown = source_html(samples, {"claim": claim.id})
    assert re.search(rf'<mark class="[^"]*cp-focus"[^>]*>{re.escape(claim.text)}</mark>', shown)


def test_a_source_leans_toward_the_question_it_was_opened_from(samples: KnowledgeBase) -> None:
    """What speaks for lifting speaks against not lifting, in the source as in the answer."""
    (cited,) = (one.cited for one in samples.browse(text="lot say they just run", question="should I lift?").claims)
    link = {"claim": cited.claim.id}
    assert 'class="cp-mark cp-con cp-focus"' in source_html(samples, link, "should I lift?")
    assert 'class="cp-mark cp-pro cp-focus"' in source_html(samples, link, "should I not lift?")


def test_an_answer_is_known_by_its_place(samples: KnowledgeBase) -> None:
    """Exchanges without an answer are not counted; no answer has no question."""
    *_, talk = ask(Bot(samples), QUESTION, (Exchange("", "<p>empty</p>"),))
    assert [QUESTION, "", ""] == [question_of_answer(talk, number) for number in (0, 1, -1)]


def test_a_post_opens_with_its_neighbours(samples: KnowledgeBase) -> None:
    """The post before and the one after stand around it, and no other."""
    thread = next(thread for thread in sample_threads() if thread.title == "Weights for runners")
    shown = source_html(samples, {"post": thread.posts[2].id})
    assert [post.id for post in thread.posts[1:4]] == re.findall(r'id="post-(\w+)"', shown)


def test_a_thread_opens_whole(samples: KnowledgeBase) -> None:
    """Every post of the thread is there, in order."""
    thread = sample_threads()[0]
    shown = source_html(samples, {"thread": thread.id})
    assert [post.id for post in thread.posts] == re.findall(r'id="post-(\w+)"', shown)


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("id_", ["000000000000001", "nonsense", "<script>"])
def test_a_link_to_what_is_gone_says_so(samples: KnowledgeBase, kind: str, id_: str) -> None:
    """An id that is unknown, or is none, is not a failure."""
    assert notice("problem", TEXTS.gone) == source_html(samples, {kind: id_})


def test_no_link_opens_nothing(samples: KnowledgeBase) -> None:
    """The page without parameters leaves the panel as it is."""
    assert "" == source_html(samples, {"theme": "dark"})
