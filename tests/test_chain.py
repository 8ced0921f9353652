"""LangChain: the claims as a retriever and the answer as a runnable, in the ways that chains call them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from scripted import draft, scripted

from bot.chain import ClaimRetriever, answer_chain
from bot.chat import Bot
from bot.errors import QuestionError
from indexer.knowledge import KnowledgeBase

LIFT = "Should I lift weights for a faster 5k?"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), judge=RuleJudge()) as filled:
        filled.add([RUNNERS, BAKERS])
        yield filled


def found(base: KnowledgeBase, words: str) -> Document:
    return next(one for one in ClaimRetriever(base=base).invoke(LIFT) if words in one.page_content)


def test_a_document_is_a_claim_in_its_authors_words(base: KnowledgeBase) -> None:
    """The content is verbatim: it stands in its post where the metadata says."""
    document = found(base, "run more")
    place = document.metadata["post"]
    post = next(post for post in RUNNERS.posts if document.metadata["author"] == post.author)
    assert document.page_content == post.text[place["start"] : place["end"]]


@pytest.mark.parametrize(("words", "stance"), [("squats helped", "pro"), ("run more", "con"), ("depends", "mixed")])
def test_a_document_knows_its_stance(base: KnowledgeBase, words: str, stance: str) -> None:
    """Each claim is judged toward the query."""
    assert stance == found(base, words).metadata["stance"]


def test_a_document_carries_its_citation(base: KnowledgeBase) -> None:
    """Author, link and thread travel with the claim, and its id is the claim's."""
    document = found(base, "run more")
    cited = base.cited([document.id or ""])[0]
    assert ("Bert", cited.post.link, RUNNERS.title) == (
        document.metadata["author"],
        document.metadata["link"],
        document.metadata["thread"]["title"],
    )


def test_k_limits_the_documents(base: KnowledgeBase) -> None:
    """No more documents than `k`."""
    assert 2 == len(ClaimRetriever(base=base, k=2).invoke(LIFT))


def test_nothing_near_is_no_document(base: KnowledgeBase) -> None:
    """A question of another matter retrieves nothing."""
    assert [] == ClaimRetriever(base=base).invoke("Is the moon made of cheese?")


def test_a_query_that_is_no_question_is_refused(base: KnowledgeBase) -> None:
    """The retriever refuses what the bot refuses."""
    with pytest.raises(QuestionError):
        ClaimRetriever(base=base).invoke("🏃")


def test_the_retriever_awaits(base: KnowledgeBase) -> None:
    """Called asynchronously, it finds the same."""
    retriever = ClaimRetriever(base=base)
    assert retriever.invoke(LIFT) == asyncio.run(retriever.ainvoke(LIFT))


def test_the_retriever_takes_batches(base: KnowledgeBase) -> None:
    """Several queries at once are answered in order."""
    runners, bakers = ClaimRetriever(base=base).batch([LIFT, "Is an overnight proof worth it?"])
    assert ({RUNNERS.id}, {BAKERS.id}) == tuple(
        {one.metadata["thread"]["id"] for one in each} for each in (runners, bakers)
    )


def test_the_chain_answers(base: KnowledgeBase) -> None:
    """The runnable returns what the bot returns."""
    assert Bot(base).ask(LIFT) == answer_chain(Bot(base)).invoke(LIFT)


def test_the_chain_composes(base: KnowledgeBase) -> None:
    """Others pipe the answer on, as the module's example shows."""
    chain = answer_chain(Bot(base)) | RunnableLambda(lambda answer: answer.line())
    assert "1 of 2 people lean yes, 1 no; small sample" == chain.invoke(LIFT)


def test_a_restated_line_comes_with_what_it_restates(base: KnowledgeBase) -> None:
    """With a chat model the answer has prose, whose lines carry their claims, verbatim in their posts."""
    written = draft(("They say that squats helped their hips.", ["c1"]), ("No, just run more miles", ["c2"]))
    answer = answer_chain(Bot(base, scripted(written, written))).invoke(LIFT)
    assert answer.prose
    assert "They say that squats helped their hips." in [line.text for line in answer.prose.lines]
    for line in answer.prose.lines:
        for cited in (one.cited for one in line.claims):
            assert cited.claim.text == cited.post.text[cited.claim.start : cited.claim.end]


def test_the_chain_awaits(base: KnowledgeBase) -> None:
    """Called asynchronously, it answers the same."""
    assert Bot(base).ask(LIFT) == asyncio.run(answer_chain(Bot(base)).ainvoke(LIFT))


def test_an_error_comes_through_the_chain(base: KnowledgeBase) -> None:
    """What is no question is an error of the chain, not an empty answer."""
    with pytest.raises(QuestionError):
        answer_chain(Bot(base)).invoke(" ")
