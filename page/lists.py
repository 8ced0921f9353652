"""What shows the threads that are here, and so changes when one is added or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from bot.answer import count
from bot.wording import clean
from indexer.knowledge import KnowledgeBase, ThreadSummary
from page.texts import TEXTS

STARTERS = 4
"""Questions offered to begin with: with the box for one's own question they fill the first screen of a phone."""


@dataclass(frozen=True)
class Lists:
    """The components that show what threads there are, and so change when one is added or removed."""

    chat: gr.Chatbot
    browsed: gr.Dropdown

    @property
    def components(self) -> list[gr.components.Component]:
        return [self.chat, self.browsed]


def starters(base: KnowledgeBase) -> list[str]:
    """Return questions to begin with: what the newest threads asked, each once."""
    return list(dict.fromkeys(clean(thread.question) for thread in base.threads() if thread.question))[:STARTERS]


def listed(base: KnowledgeBase) -> tuple[Any, ...]:
    """Updates of everything that shows what threads there are."""
    threads = base.threads()
    named = [(thread_label(thread), thread.id) for thread in threads]
    return (
        gr.update(examples=[{"text": question} for question in starters(base)]),
        gr.update(choices=[(TEXTS.all_threads, ""), *named]),
    )


def thread_label(thread: ThreadSummary) -> str:
    """Return a thread as a list names it."""
    return f"{clean(thread.title)} ({count(thread.posts, 'post')}, {count(thread.claims, 'claim')})"
