"""What can go wrong when somebody asks, by name; every message says what was wrong and what to do about it.

CounterpointError
└── BotError
    └── QuestionError    what was typed is not a question that can be answered: empty, too short, too long, no words
"""

from __future__ import annotations

from corpus.errors import CounterpointError


class BotError(CounterpointError):
    """The root of what the bot raises on purpose; its message can be shown to the user as it is."""


class QuestionError(BotError):
    """What was typed cannot be answered. `reason` names why: "empty", "too_long", "no_words", "too_short"."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
