"""Add: threads pasted or opened, looked at, corrected, saved; and the list of those that are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from bot.wording import clean, shortened
from corpus.errors import CounterpointError
from corpus.readers.pasted import Draft
from indexer.knowledge import KnowledgeBase
from page.access import Access
from page.found import Found, Heading, look, look_into, preview_html, threads_of
from page.lists import begun_with
from page.parts import BARE, PRIVATE, QUIET, explained, notice
from page.saving import Saving, Stopped, progress_html, saved_line
from page.texts import TEXTS
from page.threads import Kept
from page.visitor import for_editors, refusal_line

LABEL_LENGTH = 80
"""Characters of a post or line in a list of choices: one line of a desktop, two of a phone."""


def add_tab(base: KnowledgeBase, page: gr.Blocks, access: Access, chat: gr.Chatbot) -> None:
    """Lay out the tab; `chat` offers questions of the threads that are here."""
    refusal = refusal_line(access)
    with gr.Column(visible=access.may_edit()) as adding:
        form = Form.laid_out()
    kept = Kept.laid_out(base, access)
    for_editors(page, access, refusal, [adding, *kept.changes.offered])
    kept.connect(page)
    kept.connect_changes(chat, form.heading, form.preview)
    form.connect(base, access, kept, chat)


@dataclass(frozen=True)
class Form:
    """What takes a paste or files, shows what is in them, and saves it."""

    found: gr.State
    saving: gr.State
    paste: gr.Textbox
    heading: list[gr.Textbox]
    look: gr.Button
    files: gr.File
    preview: gr.HTML
    offered: gr.Column
    correcting: gr.Accordion
    corrections: Corrections
    progress: gr.HTML
    save: gr.Button
    stop: gr.Button
    discard: gr.Button

    @classmethod
    def laid_out(cls) -> Form:
        """Put the form where the page is being built."""
        found, saving = gr.State(None), gr.State(None)
        paste = gr.Textbox(label=TEXTS.paste, placeholder=TEXTS.paste_hint, lines=8, max_lines=16, elem_id="paste")
        look = gr.Button(TEXTS.look, variant="primary")
        files = gr.File(label=TEXTS.files, file_count="multiple", height=140, elem_id="files")
        with gr.Accordion(TEXTS.details, open=False):
            heading = [gr.Textbox(label=label, max_lines=1) for label in (TEXTS.title, TEXTS.forum, TEXTS.link)]
        preview = gr.HTML(elem_id="preview", **BARE)
        with gr.Column(visible=False) as offered:
            with gr.Accordion(TEXTS.correct, open=True) as correcting:
                corrections = Corrections.laid_out()
            progress = gr.HTML(elem_id="saving", **BARE)
            with gr.Row():
                save = gr.Button(TEXTS.save, variant="primary")
                stop = gr.Button(TEXTS.stop_saving, variant="stop", visible=False)
                discard = gr.Button(TEXTS.discard)
        return cls(
            found, saving, paste, heading, look, files, preview, offered, correcting, corrections, progress, save, stop,
            discard,
        )  # fmt: skip

    @property
    def shown(self) -> list[Any]:
        """What `offer` updates."""
        return [self.found, self.preview, self.offered, self.correcting, *self.corrections.choices]

    def connect(self, base: KnowledgeBase, access: Access, kept: Kept, chat: gr.Chatbot) -> None:
        """Let a paste or files be looked at, corrected and saved."""

        def looking(request: gr.Request, given: str, *heading: str) -> tuple[Any, ...]:
            return offer(base, _allowed(access, request, lambda: look(given)), Heading(*heading))

        def opening(request: gr.Request, paths: list[str], *heading: str) -> tuple[Any, ...]:
            finding = _allowed(access, request, lambda: look_into(*map(Path, paths)))
            return offer(base, finding, Heading(*heading))

        def saving(request: gr.Request, found: Found, *heading: str) -> Iterator[tuple[Any, ...]]:
            try:
                access.require(request)
                job = Saving(base, threads_of(found, Heading(*heading)))
            except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
                yield (None, explained(error), *_buttons(saving=False))
                return
            try:
                for at in job.steps():
                    yield (job, progress_html(at), *_buttons(saving=True))
            finally:
                job.stop()  # whoever left does not wait for it, and can go on with it
            yield (job, "", *_buttons(saving=False))

        def saved(job: Saving | None, text: str) -> tuple[Any, ...]:
            return (*_ended(job, len(self.cleared)), *kept.refreshed(text), begun_with(base))

        heading = self.heading
        self.look.click(looking, [self.paste, *heading], self.shown, show_progress_on=self.preview, **PRIVATE)
        self.files.upload(opening, [self.files, *heading], self.shown, show_progress_on=self.preview, **PRIVATE)
        self.corrections.connect(base, self.found, heading, self.shown)
        watched = [self.saving, self.progress, self.save, self.stop, self.discard]
        ended = self.save.click(saving, [self.found, *heading], watched, **QUIET)
        ended.then(saved, [self.saving, kept.search], [*self.cleared, *kept.shown, chat], **QUIET)
        self.stop.click(_stop, self.saving, self.stop, **QUIET)
        self.discard.click(lambda: _cleared(notice("done", TEXTS.discarded)), None, self.cleared, **QUIET)

    @property
    def cleared(self) -> list[Any]:
        """What is empty again after a paste or files were saved or discarded."""
        return [self.saving, self.found, self.preview, self.offered, self.paste, self.files, *self.heading]


def _allowed(access: Access, request: gr.Request, finding: Callable[[], Found]) -> Callable[[], Found]:
    """Return `finding` for who may add something; for others what raises NotAllowed, in words."""

    def allowed() -> Found:
        access.require(request)
        return finding()

    return allowed


def _buttons(*, saving: bool) -> tuple[Any, ...]:
    """Updates of save, stop and discard."""
    return (
        gr.update(visible=not saving),
        gr.update(visible=saving, value=TEXTS.stop_saving, interactive=True),
        gr.update(visible=not saving),
    )


def _stop(job: Saving | None) -> Any:
    if job is not None:
        job.stop()
    return gr.update(value=TEXTS.stopping, interactive=False)


def _cleared(shown: str) -> tuple[Any, ...]:
    """Updates that empty the form and show `shown` in place of the preview."""
    return (None, None, shown, gr.update(visible=False), "", None, "", "", "")


def _ended(job: Saving | None, outputs: int) -> tuple[Any, ...]:
    """Updates that say how a saving ended; what was stopped or failed stays to be saved again."""
    kept = [gr.skip()] * (outputs - 3)
    if job is None:
        return (gr.skip(), gr.skip(), gr.skip(), *kept)
    try:
        ended = job.ended()
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return (None, gr.skip(), explained(error), *kept)
    if isinstance(ended, Stopped):
        return (None, gr.skip(), notice("stage", ended.line()), *kept)
    return _cleared(notice("done", saved_line(ended)))


def offer(base: KnowledgeBase, finding: Callable[[], Found], heading: Heading, number: int = 0) -> tuple[Any, ...]:
    """Updates that show what `finding` finds, post `number` chosen for correction; an error offers nothing to save."""
    try:
        found = finding()
        shown = preview_html(base, found, heading)
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return (None, explained(error), gr.update(visible=False), *[gr.skip()] * 6)
    if found.draft is None:
        return (found, shown, gr.update(visible=True), gr.update(visible=False), *[gr.skip()] * 5)
    return (found, shown, gr.update(visible=True), gr.update(visible=True), *_choose(found, number))


def _choose(found: Found, number: int) -> tuple[Any, ...]:
    """Updates of the controls for correction: the files, the posts, its author, the others, where it can be split."""
    drafted = found.draft
    assert drafted is not None
    files = [(_label(name), place) for place, name in found.drafts.items()]
    number = min(number, len(drafted.posts) - 1)
    posts = [(_label(f"{row.number}. {row.author}: {row.beginning}"), row.number - 1) for row in drafted.rows()]
    lines = [(_label(drafted.source[at:].lstrip().partition("\n")[0]), at) for at in drafted.split_points(number)]
    return (
        gr.update(choices=files, value=found.at, visible=len(files) > 1),
        gr.update(choices=posts, value=number),
        drafted.posts[number].author or "",
        gr.update(choices=[post for post in posts if post[1] != number], value=None),
        gr.update(choices=lines, value=None, visible=bool(lines)),
    )


def _label(text: str) -> str:
    return shortened(clean(text), LABEL_LENGTH)


@dataclass(frozen=True)
class Corrections:
    """The controls that correct a draft: the file and the post in question, and what to change about it."""

    which: gr.Dropdown
    post: gr.Dropdown
    author: gr.Textbox
    same: gr.Dropdown
    split: gr.Dropdown
    join: gr.Button
    leave_out: gr.Button

    @classmethod
    def laid_out(cls) -> Corrections:
        """Put the controls where the page is being built."""
        which = gr.Dropdown([], label=TEXTS.which, filterable=False, visible=False)
        post = gr.Dropdown([], label=TEXTS.post, filterable=False)
        with gr.Row():
            author = gr.Textbox(label=TEXTS.author, max_lines=1, submit_btn=TEXTS.set_author)
            same = gr.Dropdown([], label=TEXTS.same_as, filterable=False)
        split = gr.Dropdown([], label=TEXTS.split_at, filterable=False)
        with gr.Row():
            join = gr.Button(TEXTS.join, size="sm")
            leave_out = gr.Button(TEXTS.leave_out, size="sm")
        return cls(which, post, author, same, split, join, leave_out)

    @property
    def choices(self) -> list[gr.components.Component]:
        """What `_choose` updates, in its order."""
        return [self.which, self.post, self.author, self.same, self.split]

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

        def other_file(held: Found, place: int, *heading: str) -> tuple[Any, ...]:
            return offer(base, lambda: held.correcting(place), Heading(*heading))

        self.which.input(other_file, [found, self.which, *heading], shown, show_progress_on=self.which, **PRIVATE)
        self.post.input(_choose, [found, self.post], self.choices, **QUIET)


def corrected(
    base: KnowledgeBase, correction: Callable[..., Draft], found: Found, post: int, *given: Any
) -> tuple[Any, ...]:
    """Updates that show the draft in `found` corrected; where that is refused, the draft as it was and why."""
    heading = Heading(*given[3:])
    try:
        after = found.with_draft(correction(found.draft, post, *given[:3]))
        threads_of(after, heading)
    except CounterpointError as error:
        held, shown, *others = offer(base, lambda: found, heading, post)
        return (held, explained(error) + shown, *others)
    return offer(base, lambda: after, heading, post)
