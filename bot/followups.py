"""A short follow-up -> the whole question it stands for, by rule; what is a whole question already is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.judge import Stance

_LINK = re.compile(r"^(?:(?:and|but|so|or|ok(?:ay)?)\b[\s,]*)+", re.IGNORECASE)
_SIDE = re.compile(
    r"^(?:what|why|who|how)\b.*\b(?P<con>against|disagree\w*|opposed|con|nay-?sayers)\b.*$"
    r"|^(?:what|why|who)\b.*\b(?:(?P<pro>(?:are|is|ones|people|those|say)\s+(?:for|pro)(?:\s+it)?|in\s+favou?r(?:\s+of\s+it)?)"
    r"|(?P<mixed>it\s+depends|undecided|unsure))\b(?:\s+(?:say|think|mean))?$",
    re.IGNORECASE,
)
_WHY = re.compile(r"^why(?P<con>\s+not|\s+shouldn'?t\s+(?:i|we))?$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+(?P<topic>.+)$", re.IGNORECASE)
_PREPOSITIONS = "for in with without on at during before after when while if as since over under"
_TAIL = re.compile(rf"^(?P<word>{'|'.join(_PREPOSITIONS.split())})\s+\S.*$", re.IGNORECASE)

LONGEST_FOLLOW_UP = 10
"""Words of a follow-up at most: what is longer says by itself what it asks."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as understood: the whole question, and the one side it asks about, where it does."""

    question: str
    narrowed: Stance | None = None


def understand(text: str, last: str | None) -> FollowUp:
    """Return what `text` asks after the question `last`; `text` itself where there was none, or it is whole already.

    - "what do the ones against say?", "why not?": the last question again, narrowed to one side
    - "and for a marathon?": the last question, with what it said after the same preposition replaced
    - "what about bikes?": the same of bikes, in the last question's circumstances
    """
    plain = _LINK.sub("", text.strip()).rstrip(" ?.!")
    if last is None or not plain or len(plain.split()) > LONGEST_FOLLOW_UP:
        return FollowUp(text)
    side = _side(plain)
    if side:
        return FollowUp(last, side)
    if _TAIL.match(plain):
        return FollowUp(_with_tail(last, plain))
    about = _ABOUT.match(plain)
    if not about:
        return FollowUp(text)
    if _TAIL.match(about["topic"]):
        return FollowUp(_with_tail(last, about["topic"]))
    return FollowUp(_about(about["topic"], last))


def _side(plain: str) -> Stance | None:
    why = _WHY.match(plain)
    if why:
        return Stance.CON if why["con"] else Stance.PRO
    side = _SIDE.match(plain)
    if not side:
        return None
    return Stance.CON if side["con"] else Stance.PRO if side["pro"] else Stance.MIXED


def _with_tail(last: str, tail: str) -> str:
    """`last` with `tail` instead of what it said after the same preposition, or else with `tail` added."""
    preposition = tail.split(maxsplit=1)[0]
    said = re.compile(rf"\s+{re.escape(preposition)}\s.*", re.IGNORECASE)
    return f"{said.sub('', last.rstrip(' ?.!'))} {tail}?"


def _about(topic: str, last: str) -> str:
    """The question about `topic` in the circumstances of `last`: from its first preposition on, or all of it."""
    circumstances = re.search(rf"\s(?:{'|'.join(_PREPOSITIONS.split())})\s.*", last.rstrip(" ?.!"), re.IGNORECASE)
    return f"What about {topic}{circumstances[0]}?" if circumstances else f"What about {topic}: {last}"
