"""Answer -> plain values for JSON, in a stable form: keys may be added, none is renamed or removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.amounts import amount_words
from bot.answer import Answer, Tally
from bot.backing import Certainty, Person, certainty, people_behind
from bot.deciding import Deciding, Told, deciding, deciding_option
from bot.marks import correction_json
from bot.render_prose import prose_json
from bot.safety import safety_notes
from bot.views import SIDES, View
from bot.wording import MASKED, safety_words, shown, telling, web_link
from corpus.thread import Post, Thread
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, JudgedClaim, Preview, ThreadSummary


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, a stable form: keys may be added, none is renamed or removed.

    `asked` is what was typed, `question` how it was understood. `views` and `options` hold claims whole, each with its
    post's author, time, score and link, so that no claim is parted from them. `line` is the balance in words.

    `balance.minority` lists the sides that surely few people lean to. A view has `evidence` (people by the kind of
    their claims), `leaning` (which way its people lean over all they said) and `minority` (whether surely few hold it;
    see `Answer.is_minority`). `safety` lists what the question or the claims touch, with the note that is shown.
    `deciding` is what decides it: `conditions` (`shared` where both sides name one, `agreed` where they draw the same
    line), `who` it was true for, and `amounts` (`low` and `high` in `unit`, null where open; an outcome is a signed
    change with a `direction`); each names the claims that `told` it, by id, with the words they told it in. In the form
    "options" each option has a `deciding` of its own.

    `narrowing` is what of the answer was asked for, `suggestions` are near questions where there are few views or none.
    `people` are those behind the answer, each with their claims' ids, `certainty` says how sure it is; `low` and `high`
    are the 95% interval of the share of `side`. `prose` is what a chat model wrote, null without one: its lines with
    their claims' ids; without lines, `problem` says why there are none.
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
        "narrowing": _narrowing_json(answer),
        "suggestions": [MASKED.text(one) for one in answer.suggestions],
        "people": [_person_json(person) for person in people_behind(answer)],
        "certainty": _certainty_json(certainty(answer)),
        "prose": prose_json(answer),
    }


def _narrowing_json(answer: Answer) -> dict[str, Any]:
    asked, told = answer.narrowing, answer.told
    return {
        "side": asked.side.value if asked.side else None,
        "kinds": [kind.value for kind in asked.kinds],
        "who": MASKED.text(asked.who.words) if asked.who else None,
        "show": asked.focus.value if asked.focus else "views",
        "claims": told.claims if told else None,
        "others": told.others if told else None,
        "silent": told.silent if told else None,
        "telling": [{"claim": cited.claim.id, "text": words} for cited, words in telling(answer)],
    }


def _person_json(person: Person) -> dict[str, Any]:
    thread_id, _ = person.source
    return {
        "thread": thread_id,
        "author": MASKED.post(person.claims[0].cited.post).author,
        "stance": person.stance.value if person.stance else None,
        "confidence": round(person.confidence, 4),
        "claims": [judged.cited.claim.id for judged in person.claims],
    }


def _certainty_json(sure: Certainty) -> dict[str, Any]:
    return {
        "people": sure.people,
        "side": sure.side.value if sure.side else None,
        "low": round(sure.low, 4),
        "high": round(sure.high, 4),
        "doubtful": sure.doubtful,
        "claims": sure.claims,
        "unsure": sure.unsure,
        "kinds": {kind.value: number for kind, number in sure.kinds.items()},
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
        "minority": answer.is_minority(view),
        "agreement": round(view.agreement, 4),
        "claims": [claim_json(judged) for judged in view.claims],
    }


def claim_json(judged: JudgedClaim) -> dict[str, Any]:
    """Return a claim as plain values, with everything a citation needs; personal data are masked.

    `start` and `end` are places in the post's text as it is shown. `corrections` are what people said of the claim
    toward its question; what they said counts already.
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
        "corrections": [correction_json(made) for made in judged.corrections],
    }


def found_json(found: Sequence[JudgedClaim]) -> dict[str, Any]:
    """Return claims as plain values, each beside the question that its stance is toward."""
    return {"claims": [{**claim_json(judged), "question": MASKED.text(judged.question)} for judged in found]}


def post_json(thread: Thread, post_id: str, judged: Sequence[JudgedClaim]) -> dict[str, Any]:
    """Return a post of a thread as plain values, its claims among `judged` with it; personal data are masked."""
    (post,) = (MASKED.post(post) for post in thread.posts if post.id == post_id)
    heading = {
        "id": thread.id,
        "title": MASKED.text(thread.title),
        "forum": thread.forum,
        "link": web_link(thread.link),
    }
    return {**_post_fields(post, judged), "thread": heading, "invented": thread.invented}


def thread_json(thread: Thread, question: str, judged: Sequence[JudgedClaim]) -> dict[str, Any]:
    """Return a thread as plain values, its posts in reading order, each with its claims; personal data are masked."""
    masked = MASKED.thread(thread)
    return {
        "id": thread.id,
        "title": masked.title,
        "question": MASKED.text(question),
        "forum": masked.forum,
        "link": web_link(masked.link),
        "invented": thread.invented,
        "posts": [_post_fields(post, judged) for post in masked.posts],
    }


def _post_fields(post: Post, judged: Sequence[JudgedClaim]) -> dict[str, Any]:
    """The values of a post as it is shown."""
    return {
        "id": post.id,
        "position": post.position,
        "author": post.author,
        "time": post.time.isoformat() if post.time else None,
        "score": post.score,
        "link": web_link(post.link),
        "answers": post.parent_id,
        "vanished": post.vanished,
        "text": post.text,
        "claims": [claim_json(one) for one in judged if one.cited.post.id == post.id],
    }


def summary_json(summary: ThreadSummary) -> dict[str, Any]:
    """Return a line of the list of threads as plain values; personal data are masked."""
    return {
        "id": summary.id,
        "title": MASKED.text(summary.title),
        "question": MASKED.text(summary.question),
        "posts": summary.posts,
        "claims": summary.claims,
        "forum": summary.forum,
        "link": web_link(summary.link),
        "invented": summary.invented,
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
