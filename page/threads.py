"""The threads that are here: found, exported, brought up to date, removed."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_file_to_cache

from bot.answer import count
from bot.errors import BotError
from bot.wording import clean
from corpus.errors import NotInStore
from indexer.exports import export_threads, shown_by
from indexer.files import new_file
from indexer.knowledge import KnowledgeBase, ThreadSummary
from page.access import Access
from page.found import Heading
from page.lists import begun_with, thread_label
from page.parts import BARE, PRIVATE, QUIET, explained, notice
from page.texts import TEXTS

LISTED = 20
"""Threads at a time: a screen of a desktop, two of a phone."""

EXPORT_NAME = "threads.jsonl"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the threads that match, newest first, and how many do."""

    threads: tuple[ThreadSummary, ...]
    number: int
    total: int

    @property
    def last(self) -> bool:
        """Whether no more come after these."""
        return (self.number + 1) * LISTED >= self.total

    def line(self, text: str = "") -> str:
        """What is shown of what, in words."""
        if not self.threads:
            return TEXTS.no_thread if text.strip() else TEXTS.no_thread_yet
        first = self.number * LISTED
        return TEXTS.threads_from.format(first + 1, first + len(self.threads), self.total)


def page_of(base: KnowledgeBase, text: str = "", number: int = 0) -> Page:
    """Return page `number` (from 0) of the threads with `text` in their heading, or the last page before it."""
    total = base.number_of_threads(text)
    number = max(0, min(number, (total - 1) // LISTED))
    return Page(tuple(base.threads(text, offset=number * LISTED, limit=LISTED)), number, total)


def export(base: KnowledgeBase, thread_ids: Iterable[str], file: Path) -> int:
    """Write threads as neutral JSON lines, as `python -m indexer export` does, and return how many.

    Personal data are masked. Raises NotWritten.
    """
    written = 0
    with new_file(file) as lines:
        for one in export_threads(base, thread_ids, shown_by(base)):
            lines.write(f"{one.line()}\n".encode())
            written += 1
    return written


def remove(base: KnowledgeBase, *thread_ids: str) -> str:
    """Remove threads and return what that did, in words."""
    removed = base.remove(threads=thread_ids)
    threads = f"{count(removed.threads, 'thread')}, " if len(thread_ids) > 1 else ""
    return f"{TEXTS.removed}: {threads}{count(removed.posts, 'post')}, {count(removed.claims, 'claim')}."


def removal_question(base: KnowledgeBase, thread_ids: Sequence[str]) -> str:
    """Return what to ask before threads are removed: how much that is, and which they are."""
    if not thread_ids:
        raise BotError(TEXTS.tick_first)
    would = base.remove(threads=thread_ids, rehearse=True)
    counted = ", ".join((count(would.threads, "thread"), count(would.posts, "post"), count(would.claims, "claim")))
    return TEXTS.remove_which.format(counted, "; ".join(clean(base.thread(one).title) for one in thread_ids))


def heading_of(base: KnowledgeBase, thread_ids: Sequence[str]) -> Heading:
    """Return what is known of the one thread that is to be brought up to date. Raises BotError for none or several."""
    if len(thread_ids) != 1:
        raise BotError(TEXTS.tick_one if thread_ids else TEXTS.tick_first)
    thread = base.thread(thread_ids[0])
    return Heading(clean(thread.title), clean(thread.forum or ""), thread.link or "")


@dataclass(frozen=True)
class Changes:
    """The buttons below the list that change something, for editors."""

    update: gr.Button
    export_all: gr.Button
    remove: gr.Button
    sure: gr.Button
    keep: gr.Button

    @classmethod
    def laid_out(cls, *, visible: bool) -> Changes:
        """Put the buttons where the page is being built; those that confirm are still to be placed."""
        return cls(
            gr.Button(TEXTS.update, size="sm", visible=visible),
            gr.Button(TEXTS.export_all, size="sm", visible=visible),
            gr.Button(TEXTS.remove, size="sm", visible=visible),
            gr.Button(TEXTS.remove_sure, variant="stop", visible=False, render=False),
            gr.Button(TEXTS.keep, visible=False, render=False),
        )

    @property
    def offered(self) -> list[gr.Button]:
        """What only editors see."""
        return [self.update, self.export_all, self.remove]


@dataclass(frozen=True)
class Kept:
    """The list of threads on the page, and what can be done with those that are ticked."""

    base: KnowledgeBase
    access: Access
    search: gr.Textbox
    ticked: gr.CheckboxGroup
    number: gr.State
    earlier: gr.Button
    place: gr.HTML
    later: gr.Button
    export: gr.Button
    changes: Changes
    file: gr.File
    done: gr.HTML

    @classmethod
    def laid_out(cls, base: KnowledgeBase, access: Access) -> Kept:
        """Put the list where the page is being built."""
        gr.HTML(f'<h2 class="page-heading">{TEXTS.here}</h2>', **BARE)
        search = gr.Textbox(label=TEXTS.find_thread, placeholder=TEXTS.find_hint, max_lines=1, elem_id="find-thread")
        ticked = gr.CheckboxGroup([], label=TEXTS.here, elem_id="threads-here", elem_classes="page-threads")
        with gr.Row(elem_classes="page-pager"):
            earlier = gr.Button(TEXTS.earlier, size="sm")
            place = gr.HTML(elem_id="threads-place", **BARE)
            later = gr.Button(TEXTS.later, size="sm")
        with gr.Row():
            exporting = gr.Button(TEXTS.export, size="sm")
            changes = Changes.laid_out(visible=access.may_edit())
        with gr.Row():
            changes.sure.render()  # type: ignore[no-untyped-call] # Gradio leaves it without types
            changes.keep.render()  # type: ignore[no-untyped-call]
        done = gr.HTML(elem_id="removed", **BARE)
        file = gr.File(label=TEXTS.exported, interactive=False, visible=False, elem_id="exported")
        return cls(
            base, access, search, ticked, gr.State(0), earlier, place, later, exporting, changes, file, done
        )  # fmt: skip

    @property
    def shown(self) -> list[Any]:
        """What `refreshed` updates."""
        return [self.ticked, self.number, self.place, self.earlier, self.later]

    def refreshed(self, text: str = "", number: int = 0) -> tuple[Any, ...]:
        """Updates that show page `number` of the threads with `text` in their heading, none of them ticked."""
        page = page_of(self.base, text, number)
        return (
            gr.update(choices=[(thread_label(one), one.id) for one in page.threads], value=[]),
            page.number,
            notice("stage", page.line(text)),
            gr.update(visible=page.total > LISTED, interactive=page.number > 0),
            gr.update(visible=page.total > LISTED, interactive=not page.last),
        )

    def connect(self, page: gr.Blocks) -> None:
        """Let the list be searched and turned, and what is ticked be exported."""
        page.load(self.refreshed, None, self.shown, **QUIET)
        self.search.change(self.refreshed, self.search, self.shown, trigger_mode="always_last", **QUIET)
        given = [self.search, self.number]
        for button, step in ((self.earlier, -1), (self.later, 1)):
            button.click(_turning(self, step), given, self.shown, **QUIET)
        self.export.click(self.exporting, self.ticked, [self.done, self.file], show_progress_on=self.done, **PRIVATE)

    def exporting(self, thread_ids: Sequence[str]) -> tuple[Any, ...]:
        """Updates that offer the export of some threads."""
        if not thread_ids:
            return notice("problem", TEXTS.tick_first), gr.update(visible=False)
        return self._exported(thread_ids, EXPORT_NAME)

    def exporting_all(self, request: gr.Request) -> tuple[Any, ...]:
        """Updates that offer the export of all threads, packed; for editors, as it can be much work."""
        try:
            self.access.require(request)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return explained(error), gr.update(visible=False)
        return self._exported(self.base.store.thread_ids(), f"{EXPORT_NAME}.gz")

    def _exported(self, thread_ids: Sequence[str], name: str) -> tuple[Any, ...]:
        try:
            with tempfile.TemporaryDirectory() as folder:
                written = export(self.base, thread_ids, Path(folder) / name)
                kept = save_file_to_cache(Path(folder) / name, self.file.GRADIO_CACHE)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return explained(error), gr.update(visible=False)
        line = TEXTS.wrote.format(count(written, "thread"))
        return notice("done", line), gr.update(value=kept, visible=True)

    # For editors

    def connect_changes(self, chat: gr.Chatbot, heading: Sequence[gr.Textbox], preview: gr.HTML) -> None:
        """Let what is ticked be brought up to date with the form of `heading` and `preview`, and removed."""
        its = self.changes
        confirming = [self.done, its.remove, its.sure, its.keep]
        its.remove.click(self.asking_to_remove, self.ticked, confirming, **QUIET)
        gr.on([its.keep.click, self.ticked.input], lambda: ("", *_confirming(asking=False)), None, confirming, **QUIET)
        its.sure.click(
            self.removing,
            [self.ticked, self.search, self.number],
            [*confirming, *self.shown, chat],
            **PRIVATE,
        )
        its.export_all.click(self.exporting_all, None, [self.done, self.file], show_progress_on=self.done, **PRIVATE)
        its.update.click(self.updating, self.ticked, [self.done, preview, *heading], js=_TO_THE_PASTE, **QUIET)

    def asking_to_remove(self, thread_ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        """Updates that ask whether what is ticked is to be removed."""
        try:
            self.access.require(request)
            question = html.escape(removal_question(self.base, thread_ids))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return (explained(_gone(error)), *_confirming(asking=False))
        return (f'<p class="page-notice" role="alert">{question}</p>', *_confirming(asking=True))

    def removing(self, thread_ids: Sequence[str], text: str, number: int, request: gr.Request) -> tuple[Any, ...]:
        """Updates after what is ticked was removed."""
        try:
            self.access.require(request)
            line = notice("done", remove(self.base, *thread_ids))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            line = explained(_gone(error))
        return (line, *_confirming(asking=False), *self.refreshed(text, number), begun_with(self.base))

    def updating(self, thread_ids: Sequence[str], request: gr.Request) -> tuple[Any, ...]:
        """Updates that say how a thread is brought up to date, its heading filled in so that it is known again."""
        try:
            self.access.require(request)
            heading = heading_of(self.base, thread_ids)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return (explained(_gone(error)), *[gr.skip()] * 4)
        how = notice("stage", TEXTS.update_how.format(heading.title))
        return ("", how, heading.title, heading.forum, heading.link)


_TO_THE_PASTE = "(...given) => { document.querySelector('#paste textarea')?.focus(); return given; }"


def _turning(kept: Kept, step: int) -> Any:
    def turning(text: str, number: int) -> tuple[Any, ...]:
        return kept.refreshed(text, number + step)

    return turning


def _confirming(*, asking: bool) -> tuple[Any, ...]:
    """Updates of the buttons that remove, remove surely, and keep."""
    return gr.update(visible=not asking), gr.update(visible=asking), gr.update(visible=asking)


def _gone(error: Exception) -> Exception:
    """What to say of a thread that somebody else has removed meanwhile."""
    return BotError(TEXTS.gone) if isinstance(error, NotInStore) else error
