"""The named endpoints of the page, with plain typed values, for other programs; some are tools of the MCP server too.

`docs/api.md` shows how each is called. What an endpoint is called by MCP is the name of its function.
"""

# Gradio looks at the types of the endpoints while the program runs, so that they stand here as they are, not as text.

import logging
import threading
from collections.abc import Callable
from typing import Any

import gradio as gr

from bot.chat import Bot, checked
from bot.errors import BotError
from bot.retrieval import search
from bot.values import answer_json, columns_json, found_json, post_json, preview_json, summary_json, thread_json
from corpus.errors import CounterpointError
from corpus.thread import ID_LENGTH
from indexer.knowledge import KnowledgeBase
from page import schemas
from page.access import OPEN, Access, name_of
from page.browse import browse, choice_of
from page.corrections import correct_json, corrections_json, undo_json
from page.found import Heading, look, threads_of
from page.gate import Limits
from page.parts import AN_ID
from page.saving import save
from page.source import judged_in
from page.texts import TEXTS
from page.threads import remove

logger = logging.getLogger(__name__)

MOST_LISTED = 100
"""Claims or threads that one call returns at most."""

PATIENCE = 60.0
"""Seconds that a call waits for others to end, before it is told to come again."""


class Plainly:
    """Runs the work of an endpoint, so many at a time; an error reaches the caller in words, never as a traceback."""

    def __init__(self, at_once: int) -> None:
        self._room = threading.BoundedSemaphore(at_once)

    def __call__(self, work: Callable[[], dict[str, Any]]) -> Any:
        if not self._room.acquire(timeout=PATIENCE):
            raise gr.Error(TEXTS.busy, print_exception=False)
        try:
            return work()
        except CounterpointError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            logger.exception("a request failed")
            raise gr.Error(TEXTS.broke, print_exception=False) from error
        finally:
            self._room.release()


Endpoints = dict[str, Callable[..., Any]]
"""Functions by the names under which other programs call them."""


def endpoints_of(bot: Bot, access: Access = OPEN, at_once: int = Limits().at_once) -> Endpoints:
    """Return what other programs may call, by name."""
    plainly = Plainly(at_once)
    changing = _changing(bot.base, plainly, access) | _correcting(bot.base, plainly, access)
    return _asking(bot, plainly) | _reading(bot.base, plainly) | changing


def name_endpoints(bot: Bot, access: Access = OPEN, at_once: int = Limits().at_once) -> None:
    """Name the endpoints that other programs may call; `access` says for whom, `at_once` how many run at a time."""
    for name, function in endpoints_of(bot, access, at_once).items():
        # Gradio's MCP server calls what is not queued with the request that came, and so with who sent it.
        gr.events.api(function, api_name=name, queue=False)


def _asking(bot: Bot, plainly: Plainly) -> Endpoints:
    """What people say about something."""

    def ask(question: str) -> schemas.Answer:
        """Answer a question from forum threads with the range of views: who says what, for and against.

        Args:
            question: a question, such as "should I lift for a sub-20 5k?"

        Returns:
            the balance in people, the views of each side, and their claims word for word, each with its source
        """
        return plainly(lambda: answer_json(bot.ask(question)))

    def search_claims(text: str, limit: int = 10) -> schemas.Found:
        """Find what people said that is near to a text in meaning or shares words with it.

        Args:
            text: words or a question
            limit: how many claims at most, 1 to 100

        Returns:
            the claims word for word, best first, each with its source and its stance toward its thread's own question
        """
        return plainly(lambda: found_json(search(bot.base, checked(text), _limit(limit))))

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
    ) -> schemas.Columns:
        """List claims by side: stance pro, con, mixed or none; kind advice, experience, reason, hearsay or study.

        `since` and `until` are days, months or years (2024-05-31, 2024-05, 2024), `votes` the least score, `sort`
        surest, newest, oldest or votes.
        """
        given = {"question": question, "thread": thread, "stance": stance, "kind": kind, "text": text, "forum": forum}
        given |= {"author": author, "since": since, "until": until, "votes": votes, "sort": sort}
        return plainly(lambda: columns_json(browse(bot.base, choice_of(given), page).columns))

    return {"ask": ask, "search_claims": search_claims, "browse": browsing}


def _reading(base: KnowledgeBase, plainly: Plainly) -> Endpoints:
    """What is here, post by post."""

    def get_post(post: str) -> schemas.PostInThread:
        """Return one post whole, with its claims.

        Args:
            post: the id of a post, as claims name it

        Returns:
            its text, author, time, score and link, and its claims
        """

        def found() -> dict[str, Any]:
            known = base.store.post(_id(post))
            return post_json(base.thread(known.thread_id), known.id, judged_in(base, known.thread_id))

        return plainly(found)

    def get_thread(thread: str) -> schemas.Thread:
        """Return a thread whole: its posts in order, each with its claims.

        Args:
            thread: the id of a thread, as claims and the list of threads name it

        Returns:
            its title, question, forum and link, and its posts
        """
        return plainly(
            lambda: thread_json(base.thread(_id(thread)), base.question_of(_id(thread)), judged_in(base, _id(thread)))
        )

    def threads(text: str = "", offset: int = 0, limit: int = 50) -> schemas.Threads:
        """List the threads that are here, newest first.

        Args:
            text: words of a title, question or forum; empty for all threads
            offset: how many to pass over
            limit: how many to list, 1 to 100

        Returns:
            how many there are, and for each of those listed its id, title, question, forum, link and counts
        """

        def listed() -> dict[str, Any]:
            found = base.threads(text, offset=max(0, offset), limit=_limit(limit))
            return {"total": base.number_of_threads(text), "threads": [*map(summary_json, found)]}

        return plainly(listed)

    return {"get_post": get_post, "get_thread": get_thread, "threads": threads}


def _changing(base: KnowledgeBase, plainly: Plainly, access: Access) -> Endpoints:
    """What adds and removes, for those who may."""

    def previewing(text: str, title: str = "", forum: str = "", link: str = "") -> schemas.Preview:
        """Return how a pasted thread would be read: its posts, claims and what is skipped; nothing is saved."""

        def previewed() -> dict[str, Any]:
            (thread,) = threads_of(look(text), Heading(title, forum, link))
            return preview_json(base.preview(thread))

        return plainly(previewed)

    def add_thread(request: gr.Request, text: str, title: str = "", forum: str = "", link: str = "") -> schemas.Report:
        """Add a thread, given as text copied from a forum; one that is here already is brought up to date.

        Args:
            text: the opening post, then the replies
            title: the title of the thread, where the text does not say it
            forum: the name of the forum
            link: the address of the thread

        Returns:
            what was added and what was skipped, in words
        """

        def added() -> dict[str, Any]:
            access.require(request)
            return {"report": save(base, look(text), Heading(title, forum, link))}

        return plainly(added)

    def removing(request: gr.Request, thread: str) -> schemas.Report:
        """Remove a thread with all that was made of it, by its id."""

        def removed() -> dict[str, Any]:
            access.require(request)
            return {"report": remove(base, _id(thread))}

        return plainly(removed)

    return {"preview": previewing, "add": add_thread, "remove": removing}


def _correcting(base: KnowledgeBase, plainly: Plainly, access: Access) -> Endpoints:
    """What says that a claim was read wrong, or right, for those who may; and what was said so."""

    def correct(  # noqa: PLR0917 -- the names of an endpoint's values, all but the first with defaults
        request: gr.Request, claim: str, stance: str = "", kind: str = "", apart: bool = False, question: str = ""
    ) -> schemas.Correction:
        """Say one thing of a claim: how it stands toward a question, its kind, or that it is apart from its view.

        Args:
            claim: the id of a claim
            stance: pro, con, mixed or none
            kind: advice, experience, reason, hearsay or study
            apart: true where it does not say the same as the rest of its view
            question: the question that a stance is toward; empty for that of the claim's own thread

        Returns:
            what was kept, with its id, and what the program had said; to give that is to find it right
        """

        def corrected() -> dict[str, Any]:
            access.require(request)
            return correct_json(base, claim, stance, kind, apart, question, name_of(request))

        return plainly(corrected)

    def undo_correction(request: gr.Request, correction: str) -> schemas.Correction:
        """Take a correction back, by its id, so that what the program says counts again; returns what it was."""

        def undone() -> dict[str, Any]:
            access.require(request)
            return undo_json(base, correction)

        return plainly(undone)

    def corrections() -> schemas.Corrections:
        """List what people said of claims, the latest first, and how often the program had been right."""
        return plainly(lambda: corrections_json(base))

    return {"correct": correct, "undo_correction": undo_correction, "corrections": corrections}


def _id(given: str) -> str:
    if not AN_ID.fullmatch(given):
        raise BotError(f"{given!r} is not an id: {ID_LENGTH} digits and letters from a to f")
    return given


def _limit(given: int) -> int:
    if not 1 <= given <= MOST_LISTED:
        raise BotError(f"limit is {given}; give a number from 1 to {MOST_LISTED}")
    return given
