"""Add: a thread pasted or a file opened, looked at, corrected, saved; and threads removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from bot import render
from bot.answer import count
from bot.wording import clean
from corpus.errors import CounterpointError
from corpus.readers import PASTE, read_file, reader_of
from corpus.readers.pasted import Draft, draft
from corpus.readers.reading import unpacked
from corpus.thread import Thread
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport, Progress
from page.access import Access
from page.lists import listed
from page.parts import BARE, PRIVATE, QUIET, explained, notice
from page.texts import TEXTS
from page.visitor import for_editors

LABEL_LENGTH = 80
"""Characters of a post or line in a list of choices: one line of a desktop, two of a phone."""

PREVIEWED = 3
"""Threads of a file shown before saving: enough to see that it was read well."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was pasted or opened, before it is saved: a draft to correct, or threads as a file holds them."""

    draft: Draft | None = None
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the user says about a pasted thread; empty where they say nothing."""

    title: str = ""
    forum: str = ""
    link: str = ""


def look(text: str) -> Found:
    """Return what pasted text holds. Raises UnreadableInput."""
    return Found(draft(text))


def look_into(path: Path) -> Found:
    """Return what a file holds. Raises UnreadableInput, naming the file."""
    data = unpacked(path.read_bytes(), path.name)
    if data.strip() and reader_of(data) is PASTE:
        return Found(draft(data, place=path.name))
    return Found(threads=read_file(data, path.name).threads)


def threads_of(found: Found, heading: Heading) -> tuple[Thread, ...]:
    """Return the threads that saving would add. Raises UnreadableInput where a correction left no reply."""
    if found.draft is None:
        return found.threads
    return (found.draft.thread(title=heading.title, forum=heading.forum, link=heading.link),)


def preview_html(base: KnowledgeBase, found: Found, heading: Heading) -> str:
    """Return what saving would do: the layout, the posts, their claims, and what was skipped and why."""
    threads = threads_of(found, heading)
    hints = [row.hint for row in found.draft.rows()] if found.draft else []
    parts = [render.preview_html(base.preview(thread), hints) for thread in threads[:PREVIEWED]]
    if found.draft:
        parts.insert(0, notice("stage", TEXTS.layout.format(found.draft.layout)))
        parts.append(render.skipped_html(found.draft.skipped()))
    if len(threads) > PREVIEWED:
        parts.append(notice("stage", TEXTS.more_threads.format(len(threads) - PREVIEWED)))
    return "".join(parts)


def save(
    base: KnowledgeBase, found: Found, heading: Heading, progress: Callable[[Progress], None] | None = None
) -> str:
    """Save what was found and return what that did, in words."""
    return saved_line(base.add(threads_of(found, heading), progress=progress))


def saved_line(report: IndexReport) -> str:
    """Return a report in words, such as "Saved: 6 posts, 14 claims. Skipped: question × 2, greeting × 1."."""
    if not report.added and not report.updated:
        return TEXTS.nothing_new
    skipped = Counter(report.skipped_by_reason).most_common()
    return " ".join(
        [
            f"{TEXTS.saved if report.added else TEXTS.updated}: {count(report.posts, 'post')}, "
            f"{count(report.claims, 'claim')}.",
            *(
                [f"{TEXTS.skipped}: {', '.join(f'{_words(why)} × {number}' for why, number in skipped)}."]
                * bool(skipped)
            ),
            TEXTS.ask_now,
        ]
    )


def remove(base: KnowledgeBase, thread_id: str) -> str:
    """Remove a thread and return what that did, in words."""
    removed = base.remove_thread(thread_id)
    return f"{TEXTS.removed}: {count(removed.posts, 'post')}, {count(removed.claims, 'claim')}."


def _words(name: str) -> str:
    return name.replace("_", " ")


def add_tab(
    base: KnowledgeBase, page: gr.Blocks, access: Access, chat: gr.Chatbot, browsed: gr.Dropdown
) -> gr.Dropdown:
    """Lay out the tab; return the list of threads that can be removed, for what else changes it."""
    with gr.Column(visible=access.may_edit()) as adding:
        removable = _adding(base, access, chat, browsed)
    for_editors(page, access, [adding])
    return removable


def _adding(base: KnowledgeBase, access: Access, chat: gr.Chatbot, browsed: gr.Dropdown) -> gr.Dropdown:
    found = gr.State(None)
    paste = gr.Textbox(label=TEXTS.paste, placeholder=TEXTS.paste_hint, lines=8, max_lines=16, elem_id="paste")
    with gr.Accordion(TEXTS.details, open=False):
        heading = [gr.Textbox(label=label, max_lines=1) for label in (TEXTS.title, TEXTS.forum, TEXTS.link)]
    with gr.Row():
        look_button = gr.Button(TEXTS.look, variant="primary", scale=3)
        upload = gr.UploadButton(TEXTS.file)
    preview = gr.HTML(elem_id="preview", **BARE)
    with gr.Column(visible=False) as offered:
        with gr.Accordion(TEXTS.correct, open=True) as correcting:
            corrections = Corrections.laid_out()
        with gr.Row():
            save_button = gr.Button(TEXTS.save, variant="primary")
            discard_button = gr.Button(TEXTS.discard)
    removable = _removal(base, access, chat, browsed)
    shown: list[Any] = [found, preview, offered, correcting, *corrections.choices]

    def looking(given: str, *heading: str) -> tuple[Any, ...]:
        return offer(base, lambda: look(given), Heading(*heading))

    def opening(path: str, *heading: str) -> tuple[Any, ...]:
        return offer(base, lambda: look_into(Path(path)), Heading(*heading))

    def saving(
        request: gr.Request,
        found: Found,
        *heading: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[Any, ...]:
        try:
            access.require(request)
            line = save(base, found, Heading(*heading), lambda at: progress((at.done, at.total), desc=at.step))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return (gr.skip(), explained(error), *[gr.skip()] * (len(cleared) - 2), *[gr.skip()] * 3)
        return (None, notice("done", line), gr.update(visible=False), "", None, "", "", "", *listed(base))

    cleared = [found, preview, offered, paste, upload, *heading]
    lists = [chat, browsed, removable]
    look_button.click(looking, [paste, *heading], shown, show_progress_on=preview, **PRIVATE)
    upload.upload(opening, [upload, *heading], shown, show_progress_on=preview, **PRIVATE)
    corrections.connect(base, found, heading, shown)
    save_button.click(saving, [found, *heading], [*cleared, *lists], show_progress_on=preview, **PRIVATE)
    discard_button.click(
        lambda: (None, notice("done", TEXTS.discarded), gr.update(visible=False), "", None, "", "", ""),
        None,
        cleared,
        **QUIET,
    )
    return removable


def offer(base: KnowledgeBase, finding: Callable[[], Found], heading: Heading, number: int = 0) -> tuple[Any, ...]:
    """Updates that show what `finding` finds, post `number` chosen for correction; an error offers nothing to save."""
    try:
        found = finding()
        shown = preview_html(base, found, heading)
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return (None, explained(error), gr.update(visible=False), *[gr.skip()] * 5)
    if found.draft is None:
        return (found, shown, gr.update(visible=True), gr.update(visible=False), *[gr.skip()] * 4)
    return (found, shown, gr.update(visible=True), gr.update(visible=True), *_choose(found.draft, number))


def _choose(drafted: Draft, number: int) -> tuple[Any, ...]:
    """Updates of the controls for correction: the posts, its author, the other posts, where `number` can be split."""
    number = min(number, len(drafted.posts) - 1)
    posts = [(_label(f"{row.number}. {row.author}: {row.beginning}"), row.number - 1) for row in drafted.rows()]
    lines = [(_label(drafted.source[at:].lstrip().partition("\n")[0]), at) for at in drafted.split_points(number)]
    return (
        gr.update(choices=posts, value=number),
        drafted.posts[number].author or "",
        gr.update(choices=[post for post in posts if post[1] != number], value=None),
        gr.update(choices=lines, value=None, visible=bool(lines)),
    )


def _label(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1] + "…"


@dataclass(frozen=True)
class Corrections:
    """The controls that correct a draft: the post in question, and what to change about it."""

    post: gr.Dropdown
    author: gr.Textbox
    same: gr.Dropdown
    split: gr.Dropdown
    join: gr.Button
    leave_out: gr.Button

    @classmethod
    def laid_out(cls) -> Corrections:
        """Put the controls where the page is being built."""
        post = gr.Dropdown([], label=TEXTS.post, filterable=False)
        with gr.Row():
            author = gr.Textbox(label=TEXTS.author, max_lines=1, submit_btn=TEXTS.set_author)
            same = gr.Dropdown([], label=TEXTS.same_as, filterable=False)
        split = gr.Dropdown([], label=TEXTS.split_at, filterable=False)
        with gr.Row():
            join = gr.Button(TEXTS.join, size="sm")
            leave_out = gr.Button(TEXTS.leave_out, size="sm")
        return cls(post, author, same, split, join, leave_out)

    @property
    def choices(self) -> list[gr.components.Component]:
        """What `_choose` updates, in its order."""
        return [self.post, self.author, self.same, self.split]

    def connect(
        self, base: KnowledgeBase, found: gr.State, heading: Sequence[gr.Textbox], shown: Sequence[Any]
    ) -> None:
        """Let each control correct the draft in `found` and show it again."""
        given: list[Any] = [found, self.post, self.author, self.same, self.split, *heading]
        for event, correction in (
            (self.author.submit, lambda drafted, post, author, _same, _at: drafted.with_author(post, author)),
            (self.same.input, lambda drafted, post, _author, same, _at: drafted.same_author(post, same)),
            (self.split.input, lambda drafted, post, _author, _same, at: drafted.split(post, at)),
            (self.join.click, lambda drafted, post, *_: drafted.merged(post)),
            (self.leave_out.click, lambda drafted, post, *_: drafted.without(post)),
        ):
            event(partial(corrected, base, correction), given, shown, show_progress_on=self.post, **PRIVATE)
        self.post.input(lambda held, post: _choose(held.draft, post), [found, self.post], self.choices, **QUIET)


def corrected(
    base: KnowledgeBase, correction: Callable[..., Draft], found: Found, post: int, *given: Any
) -> tuple[Any, ...]:
    """Updates that show the draft in `found` corrected; where that is refused, the draft as it was and why."""
    heading = Heading(*given[3:])
    try:
        after = Found(correction(found.draft, post, *given[:3]))
        threads_of(after, heading)
    except CounterpointError as error:
        held, shown, *others = offer(base, lambda: found, heading, post)
        return (held, explained(error) + shown, *others)
    return offer(base, lambda: after, heading, post)


def _removal(base: KnowledgeBase, access: Access, chat: gr.Chatbot, browsed: gr.Dropdown) -> gr.Dropdown:
    with gr.Row(equal_height=True, elem_classes="page-removal"):
        thread = gr.Dropdown([], label=TEXTS.here, scale=4)
        asked = gr.Button(TEXTS.remove)
        sure = gr.Button(TEXTS.remove_sure, variant="stop", visible=False)
        keep = gr.Button(TEXTS.keep, visible=False)
    done = gr.HTML(elem_id="removed", **BARE)

    def confirming(asking: bool) -> tuple[Any, ...]:
        return gr.update(visible=not asking), gr.update(visible=asking), gr.update(visible=asking)

    def removing(thread_id: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            access.require(request)
            line = notice("done", remove(base, thread_id))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            line = explained(error)
        return (line, *confirming(False), *listed(base))

    buttons = [asked, sure, keep]
    asked.click(lambda thread_id: confirming(bool(thread_id)), thread, buttons, **QUIET)
    gr.on([keep.click, thread.change], lambda: confirming(False), None, buttons, **QUIET)
    sure.click(removing, thread, [done, *buttons, chat, browsed, thread], **PRIVATE)
    return thread
