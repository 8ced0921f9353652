"""Answer -> plain values for JSON, in a stable form: keys may be added, none is renamed or removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.amounts import amount_words
from bot.answer import Answer, Tally
from bot.deciding import Deciding, Told, deciding, deciding_option
from bot.safety import safety_notes
from bot.views import SIDES, View
from bot.wording import MASKED, safety_words, shown, web_link
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, JudgedClaim, Preview


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, a stable form: keys may be added, none is renamed or removed.

    `asked` is what was typed, `question` how it was understood. `views` and `options` hold claims whole, each with its
    post's author, time, score and link, so that no claim is parted from them. `line` is the balance in words.

    `balance.minority` lists the sides that surely few people lean to. A view has `evidence` (people by the kind of
    their claims) and `leaning` (which way its people lean over all they said). `safety` lists what the question or the
    claims touch, with the note that is shown. `deciding` is what decides it: `conditions` (`shared` where both sides
    name one, `agreed` where they draw the same line), `who` it was true for, and `amounts` (`low` and `high` in `unit`,
    null where open; an outcome is a signed change with a `direction`); each names the claims that `told` it, by id,
    with the words they told it in. In the form "options" each option has a `deciding` of its own.
    """
    balance = answer.balance
    return {
        "asked": answer.asked,
        "question": answer.question.text,
        "form": answer.question.form.value,
        "status": answer.status.value,
        "line": answer.line(),
        "narrowed": answer.narrowed.value if answer.narrowed else None,
        "balance": {
            "people": _tally_json(balance.people),
            "posts": _tally_json(balance.posts),
            "votes": _tally_json(balance.votes),
            "doubtful": balance.doubtful,
            "small_sample": balance.small_sample,
            "minority": [side.value for side in SIDES if balance.is_minority(side)],
        },
        "views": [_view_json(view, answer) for view in answer.views],
        "options": [
            {
                "id": option.id,
                "label": MASKED.text(option.label),
                "people": option.people,
                "headline": option.headline.cited.claim.id if option.headline else None,
                "support": [_view_json(view, answer) for view in option.support],
                "objections": [_view_json(view, answer) for view in option.objections],
                "supporters": option.supporters,
                "objectors": option.objectors,
                "deciding": _deciding_json(deciding_option(option)),
            }
            for option in answer.options
        ],
        "deciding": _deciding_json(deciding(answer)),
        "safety": [
            {
                "concern": note.concern.value,
                "note": safety_words(note),
                "asked": note.asked,
                "claims": [judged.cited.claim.id for judged in note.claims],
            }
            for note in safety_notes(answer)
        ],
        "searched": answer.searched,
        "considered": answer.considered,
        "threads": answer.threads,
    }


def _tally_json(tally: Tally) -> dict[str, int]:
    return {side.value: getattr(tally, side) for side in SIDES}


def _deciding_json(deciding: Deciding) -> dict[str, Any]:
    return {
        "conditions": [
            {
                "words": condition.words,
                "shared": condition.shared,
                "agreed": condition.agreed,
                "people": condition.people,
                "told": [_told_json(one) for one in condition.told],
            }
            for condition in deciding.conditions
        ],
        "who": [
            {
                "type": group.type.value,
                "label": group.label,
                "people": group.people,
                "sides": _tally_json(group.sides),
                "told": [_told_json(one) for one in group.told],
            }
            for group in deciding.who
        ],
        "amounts": [
            {
                "type": amount.type.value,
                "stance": amount.stance.value,
                "subject": amount.subject,
                "line": amount_words(amount),
                "quantities": [{"low": one.low, "high": one.high, "unit": one.unit} for one in amount.quantities],
                "direction": amount.direction.value if amount.direction else None,
                "people": amount.people,
                "told": [_told_json(one) for one in amount.told],
            }
            for amount in deciding.amounts
        ],
    }


def _told_json(told: Told) -> dict[str, str]:
    return {"claim": told.judged.cited.claim.id, "stance": told.stance.value, "words": told.particular.text}


def _view_json(view: View, answer: Answer) -> dict[str, Any]:
    leans = Counter(lean.stance for lean in answer.sources_for(view))
    return {
        "id": view.id,
        "stance": view.stance.value,
        "headline": view.headline.cited.claim.id,
        "people": view.people,
        "kinds": {kind.value: count for kind, count in view.kinds.items()},
        "evidence": {kind.value: count for kind, count in view.evidence.items()},
        "leaning": {side.value: leans[side] for side in SIDES},
        "agreement": round(view.agreement, 4),
        "claims": [claim_json(judged) for judged in view.claims],
    }


def claim_json(judged: JudgedClaim) -> dict[str, Any]:
    """Return a claim as plain values, with everything a citation needs; personal data are masked.

    `start` and `end` are places in the post's text as it is shown.
    """
    judged = shown(judged)
    claim, post, judgement = judged.cited.claim, judged.cited.post, judged.judgement
    return {
        "id": claim.id,
        "text": claim.text,
        "kind": claim.kind.value,
        "stance": judgement.stance.value,
        "confidence": round(judgement.confidence, 4),
        "author": post.author,
        "time": post.time.isoformat() if post.time else None,
        "score": post.score,
        "link": web_link(post.link),
        "post": {"id": post.id, "position": post.position, "start": claim.start, "end": claim.end},
        "thread": {"id": claim.thread_id, "title": judged.cited.thread_title, "forum": judged.cited.forum},
        "invented": judged.cited.invented,
    }


def columns_json(columns: Mapping[Stance, BrowsePage]) -> dict[str, Any]:
    """Return pages of claims as plain values: for each stance how many there are, and those of the page."""
    return {
        stance.value: {"total": page.total, "claims": [claim_json(judged) for judged in page.claims]}
        for stance, page in columns.items()
    }


def preview_json(preview: Preview) -> dict[str, Any]:
    """Return what adding a thread would do as plain values; personal data are masked."""
    thread = MASKED.thread(preview.thread)
    return {
        "thread": thread.id,
        "title": thread.title,
        "question": MASKED.text(preview.question),
        "known": preview.known,
        "posts": [
            {
                "id": post.id,
                "author": post.author,
                "time": post.time.isoformat() if post.time else None,
                "text": post.text,
            }
            for post in thread.posts
        ],
        "claims": [claim_json(judged) for judged in preview.claims],
        "skipped": [
            {"reason": one.reason, "text": MASKED.text(one.text), "place": one.place} for one in preview.skipped
        ],
    }
