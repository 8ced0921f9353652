"""What can go wrong when somebody asks, by name; every message says what was wrong and what to do about it.

CounterpointError
└── BotError
    ├── QuestionError    what was typed is not a question that can be answered: empty, too short, too long, no words
    └── ModelError       the chat model, where one is configured, cannot be asked or gave nothing that can be used
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


class ModelError(BotError):
    """The chat model gave nothing that can be used. `reason` names why, one of `bot.model.REASONS`.

    The message holds no key: whoever raises it takes them out, and drops the error it came from.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
