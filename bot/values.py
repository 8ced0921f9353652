"""Answer -> plain values for JSON, in a stable form: keys may be added, none is renamed or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.answer import Answer, Tally
from bot.views import SIDES, View
from bot.wording import MASKED, shown, web_link
from corpus.thread import Post, Thread
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, JudgedClaim, Preview, ThreadSummary


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, a stable form: keys may be added, none is renamed or removed.

    `asked` is what was typed, `question` how it was understood. `views` and `options` hold claims whole, each with its
    post's author, time, score and link, so that no claim is parted from them. `line` is the balance in words.
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
        },
        "views": [_view_json(view) for view in answer.views],
        "options": [
            {
                "id": option.id,
                "label": MASKED.text(option.label),
                "people": option.people,
                "headline": option.headline.cited.claim.id if option.headline else None,
                "support": [_view_json(view) for view in option.support],
                "objections": [_view_json(view) for view in option.objections],
            }
            for option in answer.options
        ],
        "searched": answer.searched,
        "considered": answer.considered,
        "threads": answer.threads,
    }


def _tally_json(tally: Tally) -> dict[str, int]:
    return {side.value: getattr(tally, side) for side in SIDES}


def _view_json(view: View) -> dict[str, Any]:
    return {
        "id": view.id,
        "stance": view.stance.value,
        "headline": view.headline.cited.claim.id,
        "people": view.people,
        "kinds": {kind.value: count for kind, count in view.kinds.items()},
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
