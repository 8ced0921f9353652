"""The named endpoints of the page, with plain typed values, for other programs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from bot.chat import Bot
from bot.values import answer_json, columns_json, preview_json
from corpus.errors import CounterpointError
from page.add import Heading, look, save, threads_of
from page.browse import browse, choice_of
from page.texts import TEXTS

logger = logging.getLogger(__name__)


def name_endpoints(bot: Bot) -> None:
    """Name the endpoints that other programs may call, with plain typed values."""

    def answering(question: str) -> dict[str, Any]:
        """Answer a question with the range of views: the balance, the views, their claims and sources."""
        return _plainly(lambda: answer_json(bot.ask(question)))

    def browsing(  # noqa: PLR0917 -- the names of an endpoint's values, all with defaults
        question: str = "",
        thread: str = "",
        stance: str = "",
        kind: str = "",
        text: str = "",
        page: int = 0,
        forum: str = "",
        author: str = "",
        since: str = "",
        until: str = "",
        votes: str = "",
        sort: str = "",
    ) -> dict[str, Any]:
        """List claims by side: stance pro, con, mixed or none; kind advice, experience, reason, hearsay or study.

        `since` and `until` are days, months or years (2024-05-31, 2024-05, 2024), `votes` the least score, `sort`
        surest, newest, oldest or votes.
        """
        given = {"question": question, "thread": thread, "stance": stance, "kind": kind, "text": text, "forum": forum}
        given |= {"author": author, "since": since, "until": until, "votes": votes, "sort": sort}
        return _plainly(lambda: columns_json(browse(bot.base, choice_of(given), page).columns))

    def previewing(text: str, title: str = "", forum: str = "", link: str = "") -> dict[str, Any]:
        """Return how a pasted thread would be read: its posts, claims and what is skipped; nothing is saved."""

        def previewed() -> dict[str, Any]:
            (thread,) = threads_of(look(text), Heading(title, forum, link))
            return preview_json(bot.base.preview(thread))

        return _plainly(previewed)

    def adding(text: str, title: str = "", forum: str = "", link: str = "") -> dict[str, Any]:
        """Add a pasted thread and return what that did."""
        return _plainly(lambda: {"report": save(bot.base, look(text), Heading(title, forum, link))})

    for name, function in {"ask": answering, "browse": browsing, "preview": previewing, "add": adding}.items():
        gr.events.api(function, api_name=name)


def _plainly(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what `work` does; an error reaches the caller in words, never as a traceback."""
    try:
        return work()
    except CounterpointError as error:
        raise gr.Error(str(error)) from error
    except Exception as error:
        logger.exception("a request failed")
        raise gr.Error(TEXTS.broke) from error
