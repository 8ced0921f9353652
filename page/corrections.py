"""Wrong side? What a visitor says of a claim: its side, its kind, or that it is not what the rest of its view is."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bot import render
from bot.answer import count
from bot.chat import LONGEST_QUESTION, Bot
from bot.errors import BotError
from bot.marks import correction_json, records_json
from bot.render_wrong import marks_html, undo_button
from bot.wording import SIDE_TITLES, mark_words
from corpus.errors import NotInStore
from corpus.thread import ID_LENGTH
from indexer.corrections import MARKS, Correction, Fit, Matter, Record
from indexer.knowledge import JudgedClaim, KnowledgeBase
from page.ask import Exchange, Talk
from page.parts import AN_ID, notice
from page.texts import TEXTS


class NotCorrected(BotError):  # noqa: N818 -- an error is named for what happened
    """What somebody said of a claim is nothing that can be kept; the message says why."""


# What a visitor does


def mark(  # noqa: PLR0917 -- the values of an event, in its order
    base: KnowledgeBase, claim_id: str, matter: str, value: str, question: str = "", who: str | None = None
) -> Correction:
    """Keep what somebody says of a claim, and let it count. Raises NotCorrected or NotInStore, in words."""
    if not AN_ID.fullmatch(claim_id):
        raise NotInStore(f"{claim_id!r} is not the id of a claim: {ID_LENGTH} digits and letters from a to f")
    if len(question) > LONGEST_QUESTION:
        raise NotCorrected(f"The question has {len(question):,} characters, {LONGEST_QUESTION:,} are read.")
    if matter not in list(Matter):
        raise NotCorrected(TEXTS.no_mark.format(matter, ", ".join(Matter)))
    marks = MARKS[Matter(matter)]
    if value not in list(marks):
        raise NotCorrected(TEXTS.no_mark.format(value, ", ".join(marks)))
    return base.correct(claim_id, marks(value), question=question, who=who)


def undo(base: KnowledgeBase, correction_id: str) -> Correction:
    """Take back what somebody said of a claim; return what it was. Raises NotInStore."""
    if not AN_ID.fullmatch(correction_id):
        raise NotInStore(f"{correction_id!r} is not the id of a correction: {ID_LENGTH} digits and letters from a to f")
    return base.undo_correction(correction_id)


def remade(bot: Bot, talk: Talk) -> Talk:
    """Return the conversation with its answers made again, from what counts now."""
    made: list[Exchange] = []
    for exchange in talk:
        if exchange.turn is None or exchange.running:
            made.append(exchange)
            continue
        made.append(replace(exchange, shown=render.answer_html(bot.again(exchange.turn))))
    return tuple(made)


# As plain values, for other programs


def correct_json(  # noqa: PLR0917 -- the names of an endpoint's values, all with defaults
    base: KnowledgeBase,
    claim: str,
    stance: str = "",
    kind: str = "",
    apart: bool = False,
    question: str = "",
    who: str | None = None,
) -> dict[str, Any]:
    """Keep that a claim stands so toward `question`, or is of that kind, or stands apart; return it as plain values.

    Without `question` the question of the claim's own thread is meant. Raises NotCorrected or NotInStore, in words.
    """
    said = {Matter.STANCE: stance, Matter.KIND: kind, Matter.VIEW: Fit.APART.value if apart else ""}
    given = [(matter, value) for matter, value in said.items() if value]
    if len(given) != 1:
        raise NotCorrected(TEXTS.one_mark)
    ((matter, value),) = given
    return correction_json(mark(base, claim, matter, value, question, who))


def undo_json(base: KnowledgeBase, correction: str) -> dict[str, Any]:
    """Take a correction back; return what it was as plain values. Raises NotInStore, in words."""
    return correction_json(undo(base, correction))


def corrections_json(base: KnowledgeBase) -> dict[str, Any]:
    """Return what people said of claims, the latest first, and how often the program had been right."""
    return {
        "corrections": [correction_json(made) for made in base.corrections()],
        "right": records_json(base.records()),
    }


# As it is shown


def marking_html(
    judged: JudgedClaim, records: Mapping[Matter, Record], said: str = "", *, may_edit: bool = True
) -> str:
    """Return how a claim is read, what people said of that, and the controls to say it; `said` is a notice above."""
    judgement, kind = judged.judgement, judged.cited.claim.kind
    side = SIDE_TITLES[judgement.stance].lower()
    read_as = TEXTS.reads_as.format(side, judgement.confidence, kind.value)
    if any(made.matter is Matter.STANCE for made in judged.corrections):
        read_as = TEXTS.counts_as.format(side, kind.value)
    parts = [
        f'<h4 id="marking-title">{TEXTS.marking}</h4>',
        f'<div class="cp-marked" tabindex="-1">{said}</div>' if said else "",
        f"<p>{html.escape(read_as)}</p>",
        _made_html(judged.corrections, may_edit=may_edit),
        marks_html(judged) if may_edit else f"<p>{TEXTS.may_not_correct}</p>",
        *(f'<p class="cp-source">{html.escape(line)}</p>' for line in record_lines(records)),
    ]
    own = judged.question == judged.cited.thread_question
    about = f'data-claim="{judged.cited.claim.id}" data-toward="{"" if own else html.escape(judged.question)}"'
    return f'<section class="cp-marking" aria-labelledby="marking-title" {about}>{"".join(parts)}</section>'


def record_lines(records: Mapping[Matter, Record]) -> list[str]:
    """How often the program had been right, in words; nothing where nobody marked anything."""
    names = {Matter.STANCE: TEXTS.marked_sides, Matter.KIND: TEXTS.marked_kinds}
    lines = [
        TEXTS.record.format(
            count(record.marked, *names[matter]), record.right, record.right / record.marked, *record.interval
        )
        for matter, record in records.items()
        if record.marked
    ]
    return [*lines, TEXTS.no_sample] if lines else []


def _made_html(corrections: Sequence[Correction], *, may_edit: bool) -> str:
    """What people said of the claim, each with the way to take it back."""
    lines = []
    for made in corrections:
        sure = "" if made.confidence is None else TEXTS.sure.format(made.confidence)
        line = TEXTS.marked_as.format(mark_words(made.now), mark_words(made.said), sure)
        line = TEXTS.marked_right.format(mark_words(made.now)) if made.right else line
        lines.append(f"<li>{html.escape(line)} {undo_button(made) if may_edit else ''}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def done(made: Correction | None) -> str:
    """Return the notice of what was kept, or (None) taken back."""
    return notice("done", TEXTS.counted if made else TEXTS.undone)


def counted_html(said: str, made: Correction | None) -> str:
    """Return the notice `said` of one click beside a claim; where it was kept, what, with the way to take it back."""
    said = notice("done", TEXTS.counted_as.format(mark_words(made.now))) + undo_button(made) if made else said
    return f'<div class="page-counted" data-once="{uuid4().hex}">{said}</div>'
