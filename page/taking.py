"""Taking an answer along: copied with its citations, as a link, or as a file; and the links that ask in place."""

from __future__ import annotations

import html
from collections.abc import Callable
from importlib.resources import files
from typing import Any
from uuid import uuid4

import gradio as gr

from bot.chat import Bot, Turn
from bot.exporting import ExportForm, exported
from corpus.errors import CounterpointError
from page.parts import BARE, QUIET, explained
from page.texts import TEXTS

FORM_NAMES = {
    ExportForm.CITATIONS: TEXTS.copy_citations,
    ExportForm.MARKDOWN: TEXTS.save_markdown,
    ExportForm.HTML: TEXTS.save_html,
    ExportForm.JSON: TEXTS.save_json,
}
"""What the buttons under an answer say; the first copies, the others save a file."""

TAKING_JS = files("page").joinpath("taking.js").read_text("utf-8")


def actions_html(turn: Turn, number: int) -> str:
    """Return the buttons under the answer to `turn`, the exchange `number` (from 0) of its conversation."""
    buttons = [
        f'<button type="button" data-form="{form.value}">{html.escape(name)}</button>'
        for form, name in FORM_NAMES.items()
    ]
    link = f'<button type="button" data-link="{html.escape(turn.link())}">{html.escape(TEXTS.copy_link)}</button>'
    label = html.escape(TEXTS.take_along)
    inner = "".join([buttons[0], link, *buttons[1:]])
    return f'<div class="page-actions" role="group" aria-label="{label}" data-exchange="{number}">{inner}</div>'


def taken(bot: Bot, turn: Turn | None, form: str) -> dict[str, Any]:
    """Return what the browser copies or saves: the answer, made anew, in a form; or what went wrong, in words."""
    if turn is None or form not in list(ExportForm):
        return {"problem": TEXTS.no_answer}
    try:
        file = exported(bot.again(turn), ExportForm(form))
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        explained(error)
        return {"problem": str(error) if isinstance(error, CounterpointError) else TEXTS.broke}
    copied = form == ExportForm.CITATIONS
    return {"name": file.name, "media_type": file.media_type, "text": file.text, "copied": copied}


def taking_along(bot: Bot, talk: gr.State, turn_at: Callable[[Any, int], Turn | None]) -> gr.HTML:
    """Lay out what the buttons under answers need; its event `ask` comes when a link to a question is clicked."""
    taking = gr.HTML(
        html_template='<p class="page-taken" role="status"></p>',
        js_on_load=TAKING_JS,
        taken={},
        texts={"copied": TEXTS.copied, "saved": TEXTS.saved_as, "by_hand": TEXTS.copy_by_hand},
        elem_id="taking",
        **BARE,
    )

    def take(talk: Any, event: gr.EventData) -> Any:
        number = getattr(event, "exchange", -1)
        turn = turn_at(talk, number) if isinstance(number, int) else None
        return gr.update(taken={**taken(bot, turn, str(getattr(event, "form", ""))), "again": uuid4().hex})

    taking.take(take, talk, taking, **QUIET)
    return taking
