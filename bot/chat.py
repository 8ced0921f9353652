"""One turn of conversation: a question, perhaps a follow-up of the last one, answered in stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer import Answer
from indexer.knowledge import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done now, in words for the reader, such as "Judging 37 claims"."""

    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation: what was typed, and how it was understood. A plain value: it travels in a page's state."""

    asked: str
    question: str

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """The turn that `answer` answered."""
        return cls(asked=answer.asked, question=answer.question.text)


class Bot:
    """Answers questions from a knowledge base. Keeps nothing between calls: the conversation is passed in."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer to `question`, a follow-up of the last turn of `history` where it reads as one.

        Raises `QuestionError` for what is not a question, and lets errors of the knowledge base through.
        """
        raise NotImplementedError

    def stages(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Stage | Answer]:
        """Yield what is being done, stage by stage, and the answer last. Raises as `ask` does, at the first step."""
        raise NotImplementedError
