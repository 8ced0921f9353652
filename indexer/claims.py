"""Post -> Claims: the smallest self-contained things a post asserts, advises or reports, as verbatim spans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPLITTER_VERSION = "1"


class Kind(StrEnum):
    """What sort of thing a claim is."""

    ADVICE = "advice"
    EXPERIENCE = "experience"
    REASON = "reason"
    HEARSAY = "hearsay"
    STUDY = "study"


@dataclass(frozen=True, slots=True)
class Claim:
    """A verbatim span of a post: `post.text[claim.start:claim.end] == claim.text`.

    `context` is what a judge should read beside it: the sentence before it in the same post, or, for a post's first
    claim, the post it answers.
    """

    id: str
    post_id: str
    thread_id: str
    start: int
    end: int
    text: str
    kind: Kind
    context: str = ""
