"""What a vague question means, asked of a chat model where the rules make nothing of it; and checked against its words.

The model may leave words out and bring in words of the question before. It may not bring in others, nor drop a number
or turn a "not" around: then the question stays as it was typed.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from bot.errors import ModelError
from bot.model import Budget, ChatModel
from bot.opposites import NEGATORS, number_of
from bot.prompting import UNDERSTAND, fenced, prompt, seen
from bot.support import is_plain
from corpus.thread import bare_words
from indexer.questions import read_question
from indexer.words import AUXILIARIES, DETERMINERS, NOMINATIVES, PREPOSITIONS, PRONOUNS, one_of

LONGEST_MEANT = 200
"""Characters of a whole question: twice the longest thread title that is one sentence."""

FEWEST_TYPED = 0.5
"""How much of what is meant must have been typed, where there was no question before."""

_OPEN = AUXILIARIES | DETERMINERS | NOMINATIVES | PREPOSITIONS | PRONOUNS | one_of("be or and not me s t m re ve ll d")
"""Words of closed classes: they make a question whole, and say nothing by themselves. A "not" is counted apart."""


class Meant(BaseModel):
    """The whole question that was meant, and the things it is between."""

    question: Annotated[str, Field(max_length=LONGEST_MEANT)]
    options: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=4)] = []


def meant_by(model: ChatModel, typed: str, before: str, budget: Budget) -> str | None:
    """Return the whole question that `typed` stands for after the question `before`; None where nothing holds."""
    data = {"typed": seen(typed), **({"before": seen(before)} if before else {})}
    try:
        meant = model.ask(prompt(UNDERSTAND), fenced([data]), Meant, budget)
    except ModelError:  # the answer to what was typed stands, and says that nobody here talked about it
        return None
    return holds(meant, typed, before)


def holds(meant: Meant, typed: str, before: str) -> str | None:
    """Return the question as the program asks it, where it has the words of what was typed and of the one before."""
    options = [option.strip(" ?.!,") for option in meant.options]
    question = f"{' or '.join(options)}?" if len(options) > 1 else seen(meant.question).strip(" ?.!") + "?"
    if len(options) > 1 and len(read_question(question).alternatives) != len(options):
        return None
    said, asked, known = _words(question), _words(typed), _words(f"{typed} {before}")
    content = [word for word in said if word not in _OPEN]
    if not content or not set(content) <= set(known) or not is_plain(question):
        return None
    if not before and sum(word in asked for word in content) < FEWEST_TYPED * len(content):
        return None
    numbers = {word for word in asked if number_of(word) is not None or any(map(str.isdigit, word))}
    if not numbers <= set(said) or _negations(question) != _negations(typed):
        return None
    return None if bare_words(question) == bare_words(typed) else question[:1].upper() + question[1:]


def _words(text: str) -> list[str]:
    return bare_words(text).split()


def _negations(text: str) -> int:
    words = text.lower().replace("’", "'").split()
    return sum(word.strip(" ?.!,") in NEGATORS or word.strip(" ?.!,").endswith("n't") for word in words)
