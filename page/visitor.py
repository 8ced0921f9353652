"""Who is here, in a line under the header, and a way out; and parts of the page that only editors see."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import gradio as gr

from page.access import Access, name_of
from page.parts import BARE, QUIET, notice
from page.texts import TEXTS


def visitor_html(access: Access, request: Any, root: str = "") -> str:
    """Return who sent `request`, with a link to log out; "" where nobody logs in."""
    name = name_of(request)
    if access.accounts is None or name is None:
        return ""
    said = html.escape(TEXTS.logged_in.format(name, access.accounts.role(name) or ""))
    return f'<p class="page-visitor">{said} <a href="{html.escape(root)}/logout">{TEXTS.log_out}</a></p>'


def visitor_line(page: gr.Blocks, access: Access, root: str = "") -> None:
    """Lay out the line that says who is here; nothing where nobody logs in."""
    if access.accounts is None:
        return
    line = gr.HTML(**BARE)

    def arriving(request: gr.Request) -> str:
        return visitor_html(access, request, root)

    page.load(arriving, None, line, **QUIET)


def refusal_line(access: Access) -> gr.HTML | None:
    """Lay out the line that says why somebody may change nothing; none where everybody may."""
    if access.accounts is None and not access.read_only:
        return None
    return gr.HTML(notice("stage", TEXTS.read_only) if access.read_only else "", elem_id="refusal", **BARE)


def for_editors(page: gr.Blocks, access: Access, refusal: gr.HTML | None, parts: Sequence[gr.blocks.Block]) -> None:
    """Show `parts` to those who may change something, and to the others in `refusal` why they do not see them.

    What is shown is only a courtesy: each handler asks `access` itself.
    """
    if refusal is None:
        return

    def arriving(request: gr.Request) -> list[Any]:
        why = access.refusal(request)
        return [notice("stage", why) if why else "", *[gr.update(visible=not why) for _ in parts]]

    page.load(arriving, None, [refusal, *parts], **QUIET)
