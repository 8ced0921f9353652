"""One turn of conversation: a question, perhaps a follow-up of the last one, answered in stages."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from bot.answer import Answer, Status, answer_sides, count
from bot.errors import QuestionError
from bot.followups import understand
from bot.model import Budget, ChatModel
from bot.narrowing import EVERYTHING, Narrowing, narrow_to
from bot.options import answer_options
from bot.retrieval import candidates
from bot.safety import alone
from bot.understanding import meant_by
from bot.views import SIDES, View, strength
from bot.writer import Writer
from indexer.claim_store import GENERATION
from indexer.claims import Kind
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import judge_pairs
from indexer.questions import Form, read_question

LONGEST_QUESTION = 1_000
"""Characters of a question at most: three times the longest thread title; what is longer is a post."""

FEWEST_LETTERS = 2
"""Letters and digits of a question at least; the shortest words that ask anything have two."""

SUGGESTED = 0.3
"""The cosine from which the question of a thread is near enough to be offered where nothing answers the asked one.

Measured with all-MiniLM-L6-v2 on the sample threads (`python -m benchmarks.suggestions`): of 33 questions about their
matters that find no thread of their own, 23 / 19 / 15 are offered the right one at 0.25 / 0.30 / 0.35, and of 35
questions about other matters 9 / 2 / 0 are offered any. From 0.30 on nearly all that is offered is meant.
"""

SUGGESTIONS = 3
"""Questions offered at most: what a reader weighs at a glance."""

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
    narrowing: Narrowing = EVERYTHING

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The turn that `answer` answered."""
        return cls(asked=answer.asked, question=answer.question.text, narrowing=answer.narrowing)

    @classmethod
    def of_params(cls, given: Mapping[str, str]) -> Self:
        """The turn that a link asks for: `q`, the whole question, and what its answer is narrowed to.

        Raises `QuestionError` where `q` is no question; a link may come from anywhere.
        """
        question = checked(given.get("q", ""))
        return cls(asked=question, question=question, narrowing=Narrowing.of_params(given))

    def link(self) -> str:
        """Return the link that asks the whole question again, such as "?q=Should+I+lift%3F&side=con"."""
        return "?" + urlencode({"q": self.question, **self.narrowing.params()})


class Bot:
    """Answers questions from a knowledge base. Keeps nothing of a conversation, which is passed in.

    With a chat `model`, what the rules make nothing of is read once more, and the answer is written as prose, too.
    """

    def __init__(self, base: KnowledgeBase, model: ChatModel | None = None) -> None:
        self.base = base
        self.model = model
        self._writer = Writer(model, lambda asked: judge_pairs(base.judge, asked)) if model else None

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer to `question`, a follow-up of the last turn of `history` where it reads as one.

        Raises `QuestionError` for what is not a question, and lets errors of the knowledge base through.
        """
        return _last(self.stages(question, history))

    def again(self, turn: Turn) -> Answer:
        """Return the answer to a turn as it was understood, from what the knowledge base holds now."""
        return _last(self.answering(turn))

    def stages(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Stage | Answer]:
        """Yield what is being done, stage by stage, and the answer last. Raises as `ask` does, at the first step.

        Where a model writes prose, the answer comes twice: as soon as it stands, and last with the prose.
        """
        asked = checked(question)
        last = history[-1] if history else None
        understood = understand(asked, last.question if last else None, last.narrowing if last else EVERYTHING)
        turn = Turn(asked, understood.question, understood.narrowing)
        answer = yield from self._answering(turn)
        budget = self.model.question_budget() if self.model else None
        if self.model and budget and answer.status is Status.NOTHING_HERE and not turn.narrowing.params():
            yield Stage("Reading the question once more")
            meant = meant_by(self.model, asked, last.question if last else "", budget)
            other = (yield from self._answering(replace(turn, question=meant))) if meant else answer
            answer = answer if other.status is Status.NOTHING_HERE else other
        yield answer
        yield from self._in_prose(answer, budget)

    def answering(self, turn: Turn) -> Iterator[Stage | Answer]:
        """Yield the stages of answering `turn` as it was understood, and the answer last. Raises as `ask` does."""
        answer = yield from self._answering(turn)
        yield answer
        yield from self._in_prose(answer, self.model.question_budget() if self.model else None)

    def _in_prose(self, answer: Answer, budget: Budget | None) -> Iterator[Stage | Answer]:
        if self._writer is None or budget is None or answer.status is Status.NOTHING_HERE or alone(answer):
            return
        yield Stage(f"Writing it as prose with {self._writer.model.name}")
        yield replace(answer, prose=self._writer.write(answer, budget, self.base.store.setting(GENERATION)))

    def _answering(self, turn: Turn) -> Generator[Stage, None, Answer]:
        read, narrowing = read_question(checked(turn.question)), turn.narrowing
        searched = self.base.number_of_claims()
        yield Stage(f"Looking through {count(searched, 'claim')} of {count(self.base.number_of_threads(), 'thread')}")
        near = candidates(self.base, read.positive)
        found = [candidate.cited for candidate in near]
        told = None
        if narrowing.who:
            rows, told = narrow_to(narrowing.who, found)
            near = [near[row] for row in rows]
            found = [candidate.cited for candidate in near]
        yield Stage(f"Judging {count(len(found), 'claim')}")
        if read.form is Form.OPTIONS:
            alike = self.base.view_encoder.encode([cited.claim.text for cited in found])
            answer = answer_options(read, near, alike, self.base.judged)
        else:
            judged = self.base.judged(read.text, found)
            yield Stage("Grouping what says the same")
            sided = [one for one in judged if one.judgement.stance in SIDES]
            alike = self.base.view_encoder.encode([one.cited.claim.text for one in sided])
            answer = replace(answer_sides(read, sided, alike), considered=len(judged))
        answer = replace(answer, asked=turn.asked, searched=searched, narrowing=narrowing, told=told)
        if answer.status is not Status.ANSWERED:
            answer = replace(answer, suggestions=self._suggestions(answer, read.positive))
        return _of_kinds(answer, narrowing.kinds) if narrowing.kinds else answer

    def _suggestions(self, answer: Answer, text: str) -> tuple[str, ...]:
        """Return questions that threads here asked and that are near `text`, nearest first."""
        answered = {judged.cited.claim.thread_id for judged in answer.claims()}
        near = [
            self.base.question_of(hit.id)
            for hit in self.base.near_threads(text, SUGGESTIONS + len(answered))
            if hit.similarity >= SUGGESTED and hit.id not in answered
        ]
        wider = [answer.question.text] if answer.told and answer.told.total else []
        asked = {answer.question.text.casefold()} - {question.casefold() for question in wider}
        offered = dict.fromkeys(one for one in [*wider, *near] if one and one.casefold() not in asked)
        return tuple(offered)[:SUGGESTIONS]


def _last(steps: Iterator[Stage | Answer]) -> Answer:
    *_, answer = steps
    assert isinstance(answer, Answer)
    return answer


def _of_kinds(answer: Answer, kinds: Sequence[Kind]) -> Answer:
    """Return `answer` with the claims of `kinds` in its views; the balance still counts everybody."""
    return replace(
        answer,
        views=_views_of(answer.views, kinds),
        options=tuple(
            replace(option, support=_views_of(option.support, kinds), objections=_views_of(option.objections, kinds))
            for option in answer.options
        ),
    )


def _views_of(views: Sequence[View], kinds: Sequence[Kind]) -> tuple[View, ...]:
    """Return the views with their claims of `kinds` alone, strongest first; how far they agree is told of the whole."""
    kept = []
    for view in views:
        claims = tuple(judged for judged in view.claims if judged.cited.claim.kind in kinds)
        if claims:
            kept.append(replace(view, claims=claims, headline=view.headline if view.headline in claims else claims[0]))
    return tuple(sorted(kept, key=strength))


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
