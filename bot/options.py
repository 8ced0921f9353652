"""Questions without yes and no ("How do I get under 20?", "A or B?") -> options, each with support and objections."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.answer import Answer, Balance, Option, status_of
from bot.retrieval import NEAR, Candidate
from bot.views import clusters, group, headline_of, opposed_pairs
from corpus.thread import content_id
from indexer.claim_store import CitedClaim
from indexer.claims import Kind
from indexer.embeddings import Vectors
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import Question

MOST_OPTIONS = 6
"""How many options an open question gets: more are not weighed against each other by a reader, and each is judged."""

PROPOSALS = (Kind.ADVICE, Kind.EXPERIENCE)
"""The kinds of claim that name a way to do something. Where nobody made one, any claim will do."""

JudgeClaims = Callable[[str, Sequence[CitedClaim]], list[Judgement]]


def answer_options(question: Question, near: Sequence[Candidate], alike: Vectors, judge: JudgeClaims) -> Answer:
    """Return the answer of the form "options" from claims near `question`.

    The rows of `alike` are their unit vectors of the encoder of views, in which what says the same lies close.

    The options are the alternatives that the question names, or else what the claims propose, grouped, the ones with
    most people first. `judge` tells where each claim stands toward an option read as a question.
    """
    found = [candidate.cited for candidate in near]
    named = [
        _option(alternative, proposition(question, alternative), found, alike, judge)
        for alternative in question.alternatives
    ]
    options = named or _proposed_options(near, alike, judge)
    options.sort(key=lambda option: (-option.people, option.id))
    shown = [judged.cited for option in options for judged in option.claims]
    return Answer(
        asked=question.text,
        question=question,
        status=status_of(len({cited.post.source for cited in shown})),
        balance=Balance(),
        options=tuple(options),
        considered=len(found),
        threads=len({cited.claim.thread_id for cited in shown}),
    )


def proposition(question: Question, alternative: str) -> str:
    """Return the question whether to take `alternative`: "Should I just run?" of "Should I lift or just run?"."""
    text, named = question.positive, question.alternatives
    start, end = text.find(named[0]), text.rfind(named[-1])
    if text.lower().startswith(("wh", "how")) or start < 1 or end < start:
        return f"Is {alternative} better?"
    return text[:start] + alternative + text[end + len(named[-1]) :]


def _proposed_options(near: Sequence[Candidate], alike: Vectors, judge: JudgeClaims) -> list[Option]:
    """The ways that the claims propose, each put as a question to the claims about the same matter."""
    found = [candidate.cited for candidate in near]
    every = range(len(found))
    rows = [row for row in every if found[row].claim.kind in PROPOSALS] or list(every)
    same = clusters(alike[rows], opposed_pairs([found[row].claim.text for row in rows]))
    same.sort(key=lambda members: -len({found[rows[member]].post.source for member in members}))
    options = []
    for members in ([rows[member] for member in members] for members in same[:MOST_OPTIONS]):
        texts = [found[row].claim.text for row in members]
        best = members[headline_of(texts, alike[members], [1.0] * len(members))]
        about = [row for row in every if near[row].vector @ near[best].vector >= NEAR]
        text = found[best].claim.text
        options.append(_option(text, text, [found[row] for row in about], alike[about], judge))
    return options


def _option(label: str, asked: str, found: Sequence[CitedClaim], alike: Vectors, judge: JudgeClaims) -> Option:
    judged = [JudgedClaim(cited, asked, judgement) for cited, judgement in zip(found, judge(asked, found), strict=True)]
    views = group(judged, alike)
    return Option(
        id=content_id("option", asked),
        label=label,
        headline=next((claim for claim in judged if claim.cited.claim.text == asked), None),
        support=tuple(view for view in views if view.stance is Stance.PRO),
        objections=tuple(view for view in views if view.stance is not Stance.PRO),
    )
