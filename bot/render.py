"""Answer -> escaped HTML, Markdown, JSON and terminal text. Everything a forum wrote is escaped here, in every form.

The HTML carries only classes named `cp-...`; `CSS` styles them in light and dark with Gradio's variables. A claim's link
is `?claim=ID`: the page opens the post behind it, which `thread_html` renders with the claim's words marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.answer import Answer
from corpus.thread import Thread
from indexer.knowledge import JudgedClaim

CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
"""The style of what this module renders."""


def answer_html(answer: Answer) -> str:
    """Return the answer as an HTML section: the balance and its bar, the views for, against, and it depends, the notes."""
    raise NotImplementedError


def claims_html(judged: Sequence[JudgedClaim]) -> str:
    """Return claims as an HTML list, each with its author, date, score, thread, stance and link; for a column of Browse."""
    raise NotImplementedError


def post_html(thread: Thread, post_id: str, marked: Sequence[JudgedClaim] = (), focus: str | None = None) -> str:
    """Return one post as an HTML article with the words of `marked` in <mark>; the claim `focus` stands out.

    Claims of other posts are ignored. Raises KeyError where the thread has no such post.
    """
    raise NotImplementedError


def thread_html(thread: Thread, marked: Sequence[JudgedClaim] = (), focus: str | None = None) -> str:
    """Return a thread as an HTML section: its posts in reading order, each as `post_html` has it."""
    raise NotImplementedError


def answer_markdown(answer: Answer) -> str:
    """Return the answer as Markdown in which nothing a forum wrote is markup."""
    raise NotImplementedError


def answer_text(answer: Answer, *, colour: bool = False) -> str:
    """Return the answer for a terminal; with `colour`, sides are coloured. Control characters of posts are left out."""
    raise NotImplementedError


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, a stable form: keys may be added, none is renamed or removed."""
    raise NotImplementedError
