"""What shows the threads that are here, and so changes when one is added or removed."""

from __future__ import annotations

from typing import Any

import gradio as gr

from bot.answer import count
from bot.wording import clean
from indexer.knowledge import KnowledgeBase, ThreadSummary
from page.parts import AN_ID
from page.texts import TEXTS

STARTERS = 4
"""Questions offered to begin with: with the box for one's own question they fill the first screen of a phone."""

OFFERED = 100
"""Threads that are read to be offered: what a list shows at a time, and enough for a few questions to begin with."""


def starters(base: KnowledgeBase) -> list[str]:
    """Return questions to begin with: what the newest threads asked, each once."""
    newest = base.threads(limit=OFFERED)
    return list(dict.fromkeys(clean(thread.question) for thread in newest if thread.question))[:STARTERS]


def begun_with(base: KnowledgeBase) -> Any:
    """The update of a chat that offers questions to begin with."""
    return gr.update(examples=[{"text": question} for question in starters(base)])


def thread_choices(base: KnowledgeBase, chosen: str = "", text: str = "") -> list[tuple[str, str]]:
    """Return what a list of threads offers: all, the one that is `chosen`, and the newest with `text`."""
    number = base.number_of_threads()
    named = {"": TEXTS.all_threads if number <= OFFERED else TEXTS.all_of_threads.format(number)}
    if chosen:
        titles = base.titles([chosen]) if AN_ID.fullmatch(chosen) else {}
        named[chosen] = clean(titles.get(chosen, TEXTS.gone_thread))
    named |= {one.id: clean(one.title) for one in base.threads(text, limit=OFFERED)}
    return [(name, thread_id) for thread_id, name in named.items()]


def thread_label(thread: ThreadSummary) -> str:
    """Return a thread as a list names it."""
    return f"{clean(thread.title)} ({count(thread.posts, 'post')}, {count(thread.claims, 'claim')})"
