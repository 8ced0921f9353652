"""One turn of conversation: a question, perhaps a follow-up of the last one, answered in stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, answer_sides, count
from bot.errors import QuestionError
from bot.followups import understand
from bot.options import answer_options
from bot.retrieval import candidates
from indexer.knowledge import JudgedClaim, KnowledgeBase
from indexer.questions import Form, read_question

LONGEST_QUESTION = 1_000
"""Characters of a question at most: three times the longest thread title; what is longer is a post."""

FEWEST_LETTERS = 2
"""Letters and digits of a question at least; the shortest words that ask anything have two."""

EXAMPLE = 'such as "should I lift for a sub-20 5k?"'


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done now, in words for the reader, such as "Judging 37 claims"."""

    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation: what was typed, and how it was understood. A plain value, for a page's state."""

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
        *_, answer = self.stages(question, history)
        assert isinstance(answer, Answer)
        return answer

    def stages(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Stage | Answer]:
        """Yield what is being done, stage by stage, and the answer last. Raises as `ask` does, at the first step."""
        asked = checked(question)
        understood = understand(asked, history[-1].question if history else None)
        read = read_question(understood.question)
        stats = self.base.stats()
        yield Stage(f"Looking through {count(stats.claims, 'claim')} of {count(stats.threads, 'thread')}")
        near = candidates(self.base, read.positive)
        found = [candidate.cited for candidate in near]
        alike = self.base.view_encoder.encode([cited.claim.text for cited in found])
        yield Stage(f"Judging {count(len(found), 'claim')}")
        if read.form is Form.OPTIONS:
            answer = answer_options(read, near, alike, self.base.judge_claims)
        else:
            judgements = self.base.judge_claims(read.text, found)
            yield Stage("Grouping what says the same")
            judged = [JudgedClaim(cited, read.text, given) for cited, given in zip(found, judgements, strict=True)]
            answer = answer_sides(read, judged, alike)
        yield replace(answer, asked=asked, searched=stats.claims, narrowed=understood.narrowed)


def checked(text: str) -> str:
    """Return `text` on one line. Raises `QuestionError` where it is no question: the message says what is expected."""
    line = " ".join(text.split())
    letters = sum(character.isalnum() for character in line)
    if not line:
        raise QuestionError("empty", f"Nothing was asked. Type a question, {EXAMPLE}.")
    if len(line) > LONGEST_QUESTION:
        message = f"The question has {len(line):,} characters, {LONGEST_QUESTION:,} are read. Ask it in a sentence"
        raise QuestionError("too_long", f"{message}, or add the text as a thread.")
    if not letters:
        raise QuestionError("no_words", f"There are no words in the question. Type one, {EXAMPLE}.")
    if letters < FEWEST_LETTERS:
        raise QuestionError("too_short", f'"{line}" is too short for a question. Type a whole one, {EXAMPLE}.')
    return line
