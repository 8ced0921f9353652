"""Claims as they are shown: with personal data covered, and still spans of their posts, which are shown so too."""

from __future__ import annotations

from dataclasses import replace

from corpus.personal import Shown
from indexer.claim_store import CitedClaim


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
