"""Answer -> prose by a chat model, every sentence checked against the claims it cites; what fails is not shown.

    writer = Writer(model, lambda asked: judge_pairs(base.judge, asked))
    prose = writer.write(answer, model.question_budget())
    prose.lines    # each with its claims; empty where the answer as it is says it better, and `prose.problem` why

The model sees a few claims of each side under short names and writes sentences with the names they restate. Sides,
counts and links are put in by code. A sentence that fails is sent back once with what is wrong, and then dropped.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Annotated

from pydantic import BaseModel, Field

from bot.answer import Answer, count
from bot.errors import ModelError
from bot.model import Budget, ChatModel
from bot.prompting import REPAIR, WRITE, fenced, prompt, seen, speaks_to_a_program
from bot.prose import Line, Prose
from bot.support import LONGEST_SENTENCE, WRONG, Judging, can_be_restated, supported
from bot.views import SIDES, View
from bot.wording import SIDE_TITLES, is_doubtful, shown
from corpus.thread import bare_words
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

SENTENCES = 6
"""Sentences at most: a paragraph that is read before the views."""

CLAIMS_A_SIDE = 4
"""Claims of a side, or of an option, that the model sees: the strongest views, as the page shows them at once."""

CLAIMS = 12
"""Claims that it sees in all: three sides of four; with the prompt about 1,000 tokens, half of a small window."""

FEWEST_LINES = 2
"""Lines of a prose at least: one sentence is no range of views."""

KEPT = 64
"""Answers whose prose is kept, so that what is exported is what was shown."""


class Sentence(BaseModel):
    """A sentence and the claims that it restates: these first, so that they are chosen before the words."""

    claims: Annotated[list[Annotated[str, Field(max_length=8)]], Field(min_length=1, max_length=3)]
    text: Annotated[str, Field(max_length=LONGEST_SENTENCE)]


class Draft(BaseModel):
    """What the model writes. A `max_tokens` may be ignored, so that the form itself is bounded."""

    sentences: Annotated[list[Sentence], Field(min_length=1, max_length=SENTENCES)]


class Writer:
    """Writes answers as prose, and keeps what it wrote until the knowledge base changes."""

    def __init__(self, model: ChatModel, judging: Judging) -> None:
        self.model = model
        self._judging = judging
        self._kept: OrderedDict[tuple[object, ...], Prose] = OrderedDict()
        self._state: str | None = None
        self._lock = Lock()

    def write(self, answer: Answer, budget: Budget, state: str | None = None) -> Prose | None:
        """Return the prose of an answer; None where it has too few claims to write of. Raises nothing of the model.

        `state` says which state of the knowledge base the answer is from: nothing is kept from another one.
        """
        claims = offered(answer)
        if len(claims) < FEWEST_LINES or answer.narrowing.focus:
            return None
        key = (answer.question.text, *(_known_by(judged) for judged in claims.values()))
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state = state
            if key in self._kept:
                return self._kept[key]
        prose = self._written(answer, claims, budget)
        with self._lock:
            if prose.written and state == self._state:  # where the model gave nothing, it may the next time
                self._kept[key] = prose
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return prose

    def _written(self, answer: Answer, claims: Mapping[str, JudgedClaim], budget: Budget) -> Prose:
        data, problem, broke = _records(claims), "", ""
        sentences: list[Sentence] = []
        lines: list[Line] = []
        dropped: Counter[str] = Counter()
        repaired = 0
        try:
            sentences = self.model.ask(prompt(WRITE), fenced(data), Draft, budget).sentences
            lines, failed = self._checked(sentences, claims, [])
            dropped = Counter(failed.values())
            again = [_to_mend(sentences[at], why) for at, why in failed.items() if why != "repeated"]
            if again:
                mended = self.model.ask(prompt(REPAIR), fenced([*data, *again]), Draft, budget).sentences[: len(again)]
                held = len(lines)
                lines, left = self._checked(mended, claims, lines)
                repaired = len(lines) - held
                dropped = Counter(repeated=dropped["repeated"], unmended=len(again) - len(mended))
                dropped.update(left.values())
        except ModelError as error:
            problem, broke = str(error), error.reason
        if _enough(lines, answer):
            lines, problem = _in_order(lines, claims), ""
        else:
            too_few = TOO_LITTLE.format(count(len(lines), "sentence"), len(sentences))
            problem = problem or (too_few if len(lines) < FEWEST_LINES else ONE_SIDED)
            lines = []
        return Prose(
            self.model.name, WRITE, tuple(lines), problem, broke, len(sentences), repaired, +dropped, budget.used
        )

    def _checked(
        self, sentences: Sequence[Sentence], claims: Mapping[str, JudgedClaim], before: Sequence[Line]
    ) -> tuple[list[Line], dict[int, str]]:
        """Return the lines that hold, after those `before`, and what is wrong with each other sentence.

        A sentence that is word for word a claim cites that claim, whatever it lists.
        """
        lines, failed = list(before), {}
        copied = {bare_words(judged.cited.claim.text): judged for judged in claims.values()}
        for at, sentence in enumerate(sentences):
            copy = copied.get(bare_words(sentence.text))
            listed = [claims.get(name.strip()) for name in sentence.claims]
            found = supported(sentence.text, [copy] if copy else listed, self._judging)
            if isinstance(found, Line) and _said(found) <= {one for line in lines for one in _said(line)}:
                found = "repeated"
            if isinstance(found, Line):
                lines.append(found)
            else:
                failed[at] = found
        return lines, failed


TOO_LITTLE = "only {} of {} held against the claims"
ONE_SIDED = "what held against the claims leaves out a side"


def offered(answer: Answer) -> dict[str, JudgedClaim]:
    """Return the claims of an answer that a model may restate, by the names it knows them by: "c1", "c2" ..."""
    groups = [answer.views_on(side) for side in answer.sides]
    groups += [views for option in answer.options for views in (option.support, option.objections)]
    found = {judged.cited.claim.id: judged for views in groups for judged in _of_views(views)[:CLAIMS_A_SIDE]}
    return {f"c{number}": judged for number, judged in enumerate(list(found.values())[:CLAIMS], start=1)}


def _of_views(views: Sequence[View]) -> list[JudgedClaim]:
    """The claims of some views that can be restated: headlines first, doubtful ones last."""
    others = [judged for view in views for judged in view.claims if judged is not view.headline]
    claims = [shown(judged) for judged in [*(view.headline for view in views), *others]]
    usable = [
        judged
        for judged in claims
        if can_be_restated(judged.cited.claim.text) and not speaks_to_a_program(judged.cited.post.text)
    ]
    return sorted(usable, key=lambda judged: is_doubtful(judged.judgement))


def _records(claims: Mapping[str, JudgedClaim]) -> list[dict[str, object]]:
    several = len({judged.question for judged in claims.values()}) > 1
    return [
        {
            "id": name,
            "side": SIDE_TITLES[judged.judgement.stance].lower(),
            **({"of": seen(judged.question)} if several else {}),
            "text": seen(judged.cited.claim.text),
        }
        for name, judged in claims.items()
    ]


def _to_mend(sentence: Sentence, why: str) -> dict[str, object]:
    return {"sentence": seen(sentence.text), "claims": sentence.claims, "wrong": WRONG[why]}


def _known_by(judged: JudgedClaim) -> tuple[str, str, Stance]:
    return (judged.cited.claim.id, judged.question, judged.judgement.stance)


def _said(line: Line) -> set[str]:
    return {judged.cited.claim.id for judged in line.claims}


def _enough(lines: Sequence[Line], answer: Answer) -> bool:
    """Whether the lines are a range of views: at least two, and for and against where the answer has both."""
    told = {line.stance for line in lines}
    sides = {side for side in answer.sides if side is not Stance.MIXED and answer.views_on(side)}
    return len(lines) >= FEWEST_LINES and sides <= told


def _in_order(lines: Sequence[Line], claims: Mapping[str, JudgedClaim]) -> list[Line]:
    """The lines, side by side as the answer shows them, options in their order."""
    asked = list(dict.fromkeys(judged.question for judged in claims.values()))
    return sorted(lines, key=lambda line: (asked.index(line.question), SIDES.index(line.stance)))
