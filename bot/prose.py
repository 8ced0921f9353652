"""The range of views as prose: lines that a chat model wrote and `bot.support` let through, each with its claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model import Usage
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and the claims that it restates, all of one stance toward one question.

    A `verbatim` line is the words of its claim, and is shown as a quotation.
    """

    text: str
    claims: tuple[JudgedClaim, ...]
    verbatim: bool = False

    @property
    def stance(self) -> Stance:
        return self.claims[0].judgement.stance

    @property
    def question(self) -> str:
        return self.claims[0].question

    @property
    def people(self) -> int:
        """How many distinct people stand behind the line."""
        return len({judged.cited.post.source for judged in self.claims})


@dataclass(frozen=True, slots=True)
class Prose:
    """What a model wrote, as far as it held.

    `lines` is empty where too little held, or where the model gave nothing; `problem` then says why. `failed` is the
    reason for which the model failed, also where lines held all the same, "" where it did not. `written` counts its
    sentences, `repaired` those that held at the second try, `dropped` the others by what was wrong with them;
    `used` is what the question took so far.
    """

    model: str
    prompt: str
    lines: tuple[Line, ...] = ()
    problem: str = ""
    failed: str = ""
    written: int = 0
    repaired: int = 0
    dropped: Mapping[str, int] = field(default_factory=Counter)
    used: Usage = field(default_factory=Usage)
