"""Settings: which chat model is active, whether text leaves the machine for it, and a test of the connection."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import asdict

import gradio as gr

from bot.model import PREFIX, ChatModel, destination, scrubbed, tried
from page.access import Access, NotAllowed
from page.parts import BARE, QUIET, notice
from page.texts import TEXTS


def settings_html(model: ChatModel | None) -> str:
    """Return what is active, where text goes, and what was used so far. No key is in it, nor a name in an address."""
    if model is None:
        return _paragraphs(TEXTS.no_model, TEXTS.model_how)
    where = destination(model.settings)
    goes = (TEXTS.model_leaves if where.leaves else TEXTS.model_stays).format(where.host)
    warning = notice("problem" if where.leaves else "done", goes)
    rows = "".join(
        f"<tr><th scope='row'><code>{PREFIX}{name.upper()}</code></th><td>{html.escape(scrubbed(str(value)))}</td></tr>"
        for name, value in asdict(model.settings).items()
        if value
    )
    head = f"<thead><tr><th scope='col'>{TEXTS.setting}</th><th scope='col'>{TEXTS.setting_value}</th></tr></thead>"
    used, settings = model.used, model.settings
    priced = settings.price_in or settings.price_out
    cost = TEXTS.model_cost.format(settings.cost(used)) if priced else ""
    counted = TEXTS.model_used.format(used.tokens, used.requests, cost)
    return f"{warning}<table>{head}<tbody>{rows}</tbody></table>" + _paragraphs(
        counted, TEXTS.with_model, TEXTS.model_how
    )


def testing(model: ChatModel | None, access: Access, request: object) -> Iterator[str]:
    """Yield as HTML how a test of the connection goes, for those who may change something: it costs tokens."""
    if model is None:
        yield notice("stage", TEXTS.no_model)
        return
    try:
        access.require(request)
    except NotAllowed as error:
        yield notice("problem", str(error))
        return
    yield from (notice("stage", line) for line in tried(model))


def settings_tab(model: ChatModel | None, tab: gr.Tab, access: Access) -> None:
    """Lay out the tab; what was used is counted anew each time it is opened."""
    shown = gr.HTML(settings_html(model), elem_id="settings", **BARE)
    tab.select(lambda: settings_html(model), None, shown, **QUIET)
    if model is None:
        return
    button = gr.Button(TEXTS.model_test)
    said = gr.HTML(**BARE)

    def trying(request: gr.Request) -> Iterator[str]:
        yield from testing(model, access, request)

    button.click(trying, None, said, **QUIET)


def _paragraphs(*lines: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)
