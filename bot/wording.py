"""The words that every rendering shares, and what makes forum text fit to be shown anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.answer import LIKELY, SIDE_WORDS, Answer, Status, count
from bot.views import SIDES, View
from corpus.personal import Shown
from corpus.thread import Post
from indexer.claims import Kind
from indexer.corrections import Correction, Matter
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import Form
from indexer.showing import shown_claim

SIDE_TITLES: Mapping[Stance, str] = {
    Stance.PRO: "For",
    Stance.CON: "Against",
    Stance.MIXED: "It depends",
    Stance.NONE: "Not about it",
}
KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ADVICE: ("piece of advice", "pieces of advice"),
    Kind.EXPERIENCE: ("experience", "experiences"),
    Kind.REASON: ("reason", "reasons"),
    Kind.HEARSAY: ("hearsay", "hearsay"),
    Kind.STUDY: ("study", "studies"),
}
VIEWS_AT_ONCE = 5
"""Views of a side that are shown before the rest is folded away: a side stays two screens of a phone."""

LOW_CONFIDENCE = "low confidence"
CORRECTED: Mapping[Matter, str] = {
    Matter.STANCE: "side corrected by a reader",
    Matter.KIND: "kind corrected by a reader",
    Matter.VIEW: "set apart by a reader",
}
FOUND_RIGHT: Mapping[Matter, str] = {
    Matter.STANCE: "side confirmed by a reader",
    Matter.KIND: "kind confirmed by a reader",
    Matter.VIEW: "view confirmed by a reader",
}
INVENTED = "invented sample"
WRONG = "wrong side?"
VANISHED = "no longer in the thread"
FIRST_CLAIM = "to the first claim"
NEXT_CLAIM = "to the next claim"
NO_WORDS = "no words here"
UNNAMED_FORUM = "Without the name of a forum"
SPOTS_BY_RULE = (
    "Read by rules from the words of {} by {}. Whoever does not tell such a thing is not counted, and nobody here "
    "is not nobody anywhere."
)
TOO_FEW = "One person is too few to tell what people think; this is what was said."
TRY_OTHER_WORDS = "Ask it in other words, look at Browse for what people did talk about, or add a thread."

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of the text after them around; never shown."""

_WEB_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


MASKED = Shown()
"""How everything that people said is shown: with their e-mail addresses and telephone numbers covered."""


def clean(text: str) -> str:
    """Return `text` without control characters and personal data; lines and tabs stay."""
    return MASKED.text(_CONTROL.sub("", text))


def shown(judged: JudgedClaim) -> JudgedClaim:
    """Return a claim as it is shown, still a span of its post."""
    return replace(judged, cited=shown_claim(judged.cited, MASKED))


def author_of(post: Post) -> str:
    """Return who wrote `post`, in words; "unnamed (post 3)" where the export names nobody."""
    name = " ".join(clean(post.author or "").split())
    return name or f"unnamed (post {post.position + 1})"


def web_link(link: str | None) -> str | None:
    """Return `link` where it is an http or https address, else None: no other scheme is ever put into a page."""
    return link if link and _WEB_LINK.fullmatch(link) else None


def is_doubtful(judgement: Judgement) -> bool:
    """Whether the stance is less likely than not, and so shown as of low confidence."""
    return judgement.confidence < LIKELY


def people(number: int) -> str:
    """Return "1 person", "2 people"."""
    return count(number, "person", "people")


def post_facts(post: Post) -> list[str]:
    """What stands behind a post, in words: author, date, score, and whether its thread still has it."""
    facts = [author_of(post)]
    facts += [post.time.date().isoformat()] if post.time else []
    facts += [f"score {post.score}"] if post.score is not None else []
    facts += [VANISHED] if post.vanished else []
    return facts


def labels(judged: JudgedClaim) -> list[str]:
    """What a reader must know of a claim: its kind, what people said of it, and whether it is doubtful or invented."""
    known = [judged.cited.claim.kind.value]
    known += [LOW_CONFIDENCE] if is_doubtful(judged.judgement) else []
    known += [INVENTED] if judged.cited.invented else []
    return known + list(dict.fromkeys(map(marked_as, judged.corrections)))


def marked_as(made: Correction) -> str:
    """What a reader did with a claim, in words."""
    return FOUND_RIGHT[made.matter] if made.right else CORRECTED[made.matter]


def view_facts(view: View, answer: Answer) -> list[str]:
    """A view in words: people, kinds, low confidence, and how many of its people lean another way over all."""
    facts = [people(view.people)]
    if len(view.claims) > 1:
        facts += [count(number, *KIND_WORDS[kind]) for kind, number in view.kinds.items()]
    facts += [LOW_CONFIDENCE] if is_doubtful(view.claims[0].judgement) else []
    leans = Counter(lean.stance for lean in answer.sources_for(view))
    whose = {side: f"{leans[side]} of them " if view.people > 1 else "" for side in SIDES}
    facts += [f"{whose[side]}over all: {SIDE_WORDS[side]}" for side in SIDES if leans[side] and side is not view.stance]
    return facts


def notes(answer: Answer) -> list[str]:
    """What stands under an answer: how it was made, and what is missing from it."""
    if answer.status is Status.NOTHING_HERE:
        looked = f"Looked through {count(answer.searched, 'claim')}."
        return [*([looked] if answer.searched else []), TRY_OTHER_WORDS]
    form = {
        Form.SIDES: "The question was read as one with a yes and a no.",
        Form.OPTIONS: "The question was read as one without a yes and a no: the views are grouped by option.",
    }[answer.question.form]
    counted = f"{count(answer.considered, 'claim')} judged, from {count(answer.threads, 'thread')}."
    notes = [TOO_FEW] if answer.status is Status.TOO_FEW else []
    return [*notes, form, f"{counted} Each person counts once; words in quotation marks are people's own."]


def narrowing(answer: Answer) -> str:
    """Return which one side is shown, in words; "" where all are."""
    return f"Shown: {SIDE_TITLES[answer.narrowed].lower()}." if answer.narrowed else ""


def understood(answer: Answer) -> str:
    """Return the question as it was understood; "" where that is what was typed."""
    return answer.question.text if answer.question.text != answer.asked else ""
