"""Past conversations: what was asked, kept by the browser alone, and asked again when one is reopened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import gradio as gr

from bot.chat import Turn, checked
from bot.errors import QuestionError
from page.parts import BARE
from page.texts import TEXTS

KEPT_JS = files("page").joinpath("kept.js").read_text("utf-8")

PANEL = (
    '<details class="page-kept"><summary></summary><p></p><label><input type="checkbox"> <span></span></label>'
    "<ul></ul><button hidden></button></details>"
)
"""What the browser fills with what it keeps."""

MOST_TURNS = 50
"""Questions of a conversation that are asked again: far more than anybody reads, and an end for what was made up."""


def kept_of(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """Return what the browser keeps of a conversation: plain words for each question, and no answer."""
    return [{"asked": turn.asked, "q": turn.question, **turn.narrowing.params()} for turn in turns]


def turns_of(kept: Any) -> tuple[Turn, ...]:
    """Return the turns that a browser kept. It may send anything: what is no turn is left out."""
    given = kept[:MOST_TURNS] if isinstance(kept, list) else []
    return tuple(turn for one in given if (turn := _turn_of(one)))


def _turn_of(kept: Any) -> Turn | None:
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        return None
    try:
        return replace(Turn.of_params(kept), asked=checked(kept.get("asked", "")))
    except QuestionError:
        return None


def kept_panel() -> gr.HTML:
    """Lay out the list of past conversations.

    It keeps what its property `turns` is set to, unless the reader chose that none is kept. Its event `reopen` brings
    the turns of a conversation to ask again; `forget` comes when the one on the page was deleted.
    """
    return gr.HTML(
        html_template=PANEL,
        js_on_load=KEPT_JS,
        turns=[],
        texts={
            "title": TEXTS.past,
            "note": TEXTS.past_note,
            "delete": TEXTS.past_delete,
            "delete_all": TEXTS.past_delete_all,
            "more": TEXTS.past_more,
            "keep_none": TEXTS.past_none,
        },
        elem_id="past",
        **BARE,
    )
