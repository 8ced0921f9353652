"""Browse: the claims of the knowledge base side by side, toward any question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from bot import render
from bot.answer import count
from bot.errors import BotError
from bot.wording import KIND_WORDS, SIDE_TITLES, clean
from corpus.thread import ID_LENGTH
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, KnowledgeBase
from page.parts import BARE, QUIET, explained, notice
from page.source import AN_ID
from page.texts import TEXTS

COLUMN_SIZE = 20
"""Claims in one column of Browse: about two screens of a desktop, four of a phone."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which claims to browse, and toward which question (empty: each toward the question of its own thread)."""

    thread_id: str = ""
    question: str = ""
    stance: Stance | None = None
    kind: Kind | None = None
    text: str = ""


def filters_of(thread_id: str = "", question: str = "", stance: str = "", kind: str = "", text: str = "") -> Filters:
    """Filters from what a page or a program gives, empty for "all". Raises BotError for an unknown one."""
    if thread_id and not AN_ID.fullmatch(thread_id):
        raise BotError(f"{thread_id!r} is not the id of a thread: {ID_LENGTH} digits and letters from a to f")
    for given, known in ((stance, Stance), (kind, Kind)):
        if given and given not in list(known):
            raise BotError(f"{given!r} is not one of {', '.join(known)}")
    return Filters(thread_id, question, Stance(stance) if stance else None, Kind(kind) if kind else None, text)


@dataclass(frozen=True, slots=True)
class Browsed:
    """A column of claims for each stance; `counts` are of all that match, whatever the columns show."""

    columns: Mapping[Stance, BrowsePage]
    counts: Mapping[Stance, int]
    pages: int

    def line(self) -> str:
        """What was found, in words."""
        sides = [f"{number} {SIDE_TITLES[stance].lower()}" for stance, number in self.counts.items() if number]
        total = sum(self.counts.values())
        return f"{count(total, 'claim')}: {', '.join(sides)}" if total else TEXTS.no_match


def browse(base: KnowledgeBase, filters: Filters, page: int = 0) -> Browsed:
    """Return page `page` (from 0) of the claims that match, a column for each stance."""
    columns = {
        stance: base.browse(
            question=filters.question.strip() or None,
            thread_id=filters.thread_id or None,
            stance=stance,
            kind=filters.kind,
            text=filters.text.strip(),
            offset=page * COLUMN_SIZE,
            limit=COLUMN_SIZE,
        )
        for stance in ((filters.stance,) if filters.stance else SIDE_TITLES)
    }
    counts = {stance: column.total for stance, column in columns.items()}
    return Browsed(columns, counts, -(-max(counts.values()) // COLUMN_SIZE))


def browse_tab(base: KnowledgeBase, tab: gr.Tab) -> tuple[gr.Dropdown, gr.Textbox]:
    """Lay out the tab; return its list of threads and the question that claims are shown toward."""
    page_number = gr.State(0)
    with gr.Row():
        thread = gr.Dropdown([(TEXTS.all_threads, "")], value="", label=TEXTS.thread, scale=2)
        question = gr.Textbox(label=TEXTS.toward, placeholder=TEXTS.own_question, max_lines=1, scale=3)
    with gr.Row():
        stance = gr.Dropdown(_choices(SIDE_TITLES), value="", label=TEXTS.stance, filterable=False)
        kind = gr.Dropdown(
            _choices({kind: words[1] for kind, words in KIND_WORDS.items()}),
            value="",
            label=TEXTS.kind,
            filterable=False,
        )
        text = gr.Textbox(label=TEXTS.with_words, max_lines=1)
    found = gr.HTML(elem_id="browsed", **BARE)
    with gr.Row() as pager:
        earlier = gr.Button(TEXTS.earlier, size="sm")
        place = gr.HTML(**BARE)
        later = gr.Button(TEXTS.later, size="sm")

    def browsing(*given: str, page: int = 0) -> tuple[Any, ...]:
        try:
            browsed = browse(base, filters_of(*given), page)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return explained(error), 0, gr.update(visible=False), *[gr.skip()] * 4
        own = clean(base.question_of(given[0])) if given[0] else TEXTS.own_question
        place = notice("stage", TEXTS.page_of.format(page + 1, browsed.pages))
        return (
            notice("done", browsed.line()) + render.columns_html(browsed.columns),
            page,
            gr.update(visible=browsed.pages > 1),
            place,
            gr.update(interactive=page > 0),
            gr.update(interactive=page + 1 < browsed.pages),
            gr.update(placeholder=own),
        )

    filters = [thread, question, stance, kind, text]
    shown = [found, page_number, pager, place, earlier, later, question]
    changes = [thread.change, question.submit, stance.change, kind.change, text.change, tab.select]
    gr.on(changes, browsing, filters, shown, trigger_mode="always_last", **QUIET)
    for button, step in ((earlier, -1), (later, 1)):
        turning = partial(_turned, browsing, step)
        button.click(turning, [page_number, *filters], shown, **QUIET)
    return thread, question


def _turned(browsing: Callable[..., tuple[Any, ...]], step: int, page: int, *given: str) -> tuple[Any, ...]:
    return browsing(*given, page=page + step)


def _choices(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(TEXTS.every, ""), *((label.capitalize(), value.value) for value, label in named.items())]
