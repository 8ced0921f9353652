"""For LangChain users: the claims as a retriever, and the whole way from question to answer as a runnable.

    retriever = ClaimRetriever(base=base, k=5)
    documents = retriever.invoke("should I lift for a sub-20 5k?")
    documents[0].page_content       # the claim, in its author's words
    documents[0].metadata["stance"] # "pro", "con", "mixed" or "none" toward the question

    chain = answer_chain(Bot(base)) | RunnableLambda(lambda answer: answer.line())
    chain.invoke("should I lift for a sub-20 5k?")
    await chain.ainvoke("should I lift for a sub-20 5k?")

Both run in a thread of their own when called asynchronously, and take batches.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answer import Answer
from bot.chat import Bot, checked
from bot.retrieval import candidates
from bot.values import claim_json
from indexer.knowledge import JudgedClaim, KnowledgeBase
from indexer.questions import read_question


class ClaimRetriever(BaseRetriever):
    """Claims that may bear on a question, best first, each judged toward it.

    `page_content` is the claim's words; `id` its id; `metadata` what `claim_json` says of it, with `similarity`, its
    cosine to the question. Raises `QuestionError` for what is not a question.
    """

    base: KnowledgeBase
    k: int = 16

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        question = read_question(checked(query))
        found = candidates(self.base, question.positive, self.k)
        judgements = self.base.judge_claims(question.text, [candidate.cited for candidate in found])
        return [
            _document(JudgedClaim(candidate.cited, question.text, judgement), candidate.similarity)
            for candidate, judgement in zip(found, judgements, strict=True)
        ]


def answer_chain(bot: Bot) -> Runnable[str, Answer]:
    """Return the way from a question to its answer as a runnable, to be composed with others by `|`."""
    return RunnableLambda(bot.ask, name="counterpoint")


def _document(judged: JudgedClaim, similarity: float) -> Document:
    metadata: dict[str, Any] = {**claim_json(judged), "similarity": similarity}
    return Document(page_content=metadata.pop("text"), id=metadata["id"], metadata=metadata)
