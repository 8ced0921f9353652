"""Claims and corrections as they are shown: with personal data covered, and still spans of their posts as shown."""

from __future__ import annotations

from dataclasses import replace

from corpus.personal import Covered, Shown
from corpus.thread import id_of
from indexer.claim_store import CitedClaim, question_key
from indexer.corrections import Correction
from indexer.questions import read_question


def shown_claim(cited: CitedClaim, shown: Shown) -> CitedClaim:
    """Return `cited` as it is shown; its claim is still `post.text[start:end]`."""
    covered = shown.covered(cited.post)
    start, end = covered.span(cited.claim.start, cited.claim.end)
    context = shown.text(cited.claim.context)
    return replace(
        cited,
        claim=replace(cited.claim, start=start, end=end, text=covered.text[start:end], context=context),
        post=shown.post(cited.post),
        thread_title=shown.text(cited.thread_title),
        thread_question=shown.text(cited.thread_question),
    )


def shown_correction(made: Correction, covered: Covered, shown: Shown) -> Correction:
    """Return `made` as it is shown, of a post whose text is shown as `covered`; its claim is still a span of that.

    A question of which words are covered is another one: its id is that of what is left.
    """
    start, end = covered.span(made.start, made.end)
    question = shown.text(made.question)
    same = question == made.question
    return replace(
        made,
        start=start,
        end=end,
        text=covered.text[start:end],
        question=question,
        about=made.about if same else id_of(question_key(read_question(question).positive)),
        who=shown.name(made.who),
    )
