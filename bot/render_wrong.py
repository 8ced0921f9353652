"""Wrong side? Beside each claim the buttons that correct it with one click, as escaped HTML; `page.source` hears them.

They are hidden where nothing can be corrected. On a desk they come with the pointer or the focus on "wrong side?".
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import urlencode

from bot.markup import escaped, tag
from bot.views import SIDES
from bot.wording import (
    CORRECT,
    IS_RIGHT,
    MARKED_OF,
    NOT_THIS_VIEW,
    SET_APART,
    SIDE_TITLES,
    UNDO,
    WRONG,
    author_of,
    clean,
    mark_words,
    shown,
)
from indexer.claims import Kind
from indexer.corrections import Correction, Fit, Mark, Matter
from indexer.knowledge import JudgedClaim

BY_ARROWS = ' tabindex="-1"'
"""Of a button in a toolbar, which has one stop of the tab key."""


def wrong_html(judged: JudgedClaim, *, several: bool = False) -> str:
    """Return the way to correct a claim toward the question it was judged toward, and the buttons that do it at once.

    One of `several` claims of a view can be taken out of it. The tab key stops at the link; arrows lead to the buttons.
    """
    toward = judged.question
    if toward == judged.cited.thread_question or clean(toward) != toward:  # its own; or personal data, never in a link
        toward = ""
    about = {"correct": judged.cited.claim.id} | ({"toward": toward} if toward else {})
    link = f'<a class="cp-wrong" href="?{html.escape(urlencode(about))}">{WRONG}</a>'
    name = escaped(CORRECT.format(author_of(shown(judged).cited.post)))
    stance, kind = judged.judgement.stance, judged.cited.claim.kind
    rows = [
        "".join(undo_button(made, BY_ARROWS) for made in judged.corrections),
        _row(Matter.STANCE, [(one, title) for one, title in SIDE_TITLES.items() if one is not stance], BY_ARROWS),
        _row(Matter.VIEW, [(Fit.APART, NOT_THIS_VIEW)], BY_ARROWS) if several and _can_be_apart(judged) else "",
        _row(Matter.KIND, [(one, one.value.capitalize()) for one in Kind if one is not kind], BY_ARROWS),
    ]
    choices = tag("span", "".join(rows), "cp-choices")
    return f' <span class="cp-fix" role="toolbar" aria-label="{name}">{link}{choices}</span>'


def marks_html(judged: JudgedClaim) -> str:
    """Return all that can be said of a claim, row by row; of what it is read as, that it is right."""
    stance, kind = judged.judgement.stance, judged.cited.claim.kind
    rows = [
        _row(Matter.STANCE, list(SIDE_TITLES.items()), now=stance),
        _row(Matter.KIND, [(one, one.value.capitalize()) for one in Kind], now=kind),
    ]
    rows += [_row(Matter.VIEW, [(Fit.APART, SET_APART)])] if _can_be_apart(judged) else []
    return "".join(rows)


def undo_button(made: Correction, attributes: str = "") -> str:
    """Return the button that takes a correction back."""
    name = f"{UNDO}: {mark_words(made.now)}"
    return f'<button type="button"{attributes} data-undo="{made.id}" aria-label="{name}">{UNDO}</button>'


def _can_be_apart(judged: JudgedClaim) -> bool:
    return judged.judgement.stance in SIDES and not judged.apart


def _row(matter: Matter, marks: Sequence[tuple[Mark, str]], attributes: str = "", now: Mark | None = None) -> str:
    title = MARKED_OF[matter]
    buttons = "".join(
        f'<button type="button"{attributes} class="{"cp-now" if one is now else ""}"'
        f' data-matter="{matter}" data-mark="{one}">'
        f"{IS_RIGHT.format(name) if one is now else name}</button>"
        for one, name in marks
    )
    heading = f'<span aria-hidden="true">{title}</span>'
    return f'<span class="cp-marks cp-of-{matter}" role="group" aria-label="{title}">{heading}{buttons}</span>'
