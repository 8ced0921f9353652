"""What every tab uses: lines of the program's own words, and how events and HTML are laid out."""

from __future__ import annotations

import html
import logging
import re
from typing import Any

from corpus.errors import CounterpointError
from corpus.thread import ID_LENGTH
from page.texts import TEXTS

logger = logging.getLogger(__name__)

AN_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
"""Events of the page are no part of its API, which `name_endpoints` names."""

QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}

BARE: dict[str, Any] = {"apply_default_css": False, "padding": False}
"""HTML that brings its own style."""


def notice(sort: str, text: str) -> str:
    """Return a line of the program's own words: a "stage", "done", a "problem" that the user can mend, or "broke"."""
    return f'<p class="page-notice page-{sort}" role="status">{html.escape(text)}</p>'


def explained(error: Exception) -> str:
    """Return what to show for `error`: its own words where it was raised on purpose, else that something broke."""
    if isinstance(error, CounterpointError):
        return notice("problem", str(error))
    logger.error("a request failed", exc_info=error)
    return notice("broke", TEXTS.broke)
