"""The steps from a thread to what can be asked: split -> embed -> judge -> write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: `done` of `total` threads, and the step it is at. `total` is None where it is unknown."""

    done: int
    total: int | None
    step: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run kept and what it skipped.

    `threads`, `posts` and `claims` count what was read; `added`, `updated` and `unchanged` are those threads again, by
    what the run did to each. `new_claims` and `gone_claims` count what changed in the knowledge base. `seconds` is
    wall time.
    """

    threads: int = 0
    posts: int = 0
    claims: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    new_claims: int = 0
    gone_claims: int = 0
    skipped_by_reason: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    seconds: float = 0.0
