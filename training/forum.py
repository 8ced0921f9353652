"""Free stance labels from forum replies: an opener that answers yes or no is the label, what follows is the claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from training.questions import is_yes_no

Label = Literal["pro", "con", "mixed", "none"]

_END = r"(?=\s*(?:[,.!;:\n–-]|$))"
"""An opener that stands alone: punctuation or the end follows."""
_LIGHT = r"(?:oh|well|um+|hm+|ha+|lol|honestly|personally|imo|tbh|short answer:?|uh)[,.!:]*\s+"
_YES = (
    r"(?:oh |hell |heck |fuck |god |yes,? )?(?:yes+|yep|yup|yeah+|yea)\b"
    r"(?:,? (?:definitely|absolutely|of course|for sure))?"
    rf"|(?:absolutely|definitely|totally|certainly|most definitely|for sure|without a doubt|100%|sure|indeed){_END}"
    rf"|of course\b(?! not)"
)
_NO = (
    r"(?:absolutely|definitely|certainly|of course|probably|most likely|hell|god|heck) not?\b"
    rf"|nope\b|nah\b|naw\b|not at all\b|not really\b|not necessarily\b|no way\b|not a chance\b|never{_END}|no{_END}"
    r"|no+ (?=(?:i|you|it|its|it's|that|thats|that's|they|we|he|she|not|this|don't|dont|i'm|im|i've|just|absolutely)\b)"
)
_MIXED = (
    r"(?:it |that |this |really |it really |it all |all |kinda |kind of )*depend(?:s|ing|ent)?\b"
    rf"|yes and no\b|yes/no\b|maybe{_END}|possibly{_END}|it can go either way|both{_END}|sometimes{_END}|it varies\b"
)
_OPENER = re.compile(rf"(?:{_LIGHT})*(?:(?P<mixed>{_MIXED})|(?P<con>{_NO})|(?P<pro>{_YES}))", re.IGNORECASE)
_NOT_AN_OPENER = re.compile(
    r"(?i)(?:yes+|yeah|yep),? (?:no|but no|sir)\b|no,? (?:yes|yeah|worries|problem|idea|clue|offense|matter|one)\b"
)
_SEPARATOR = re.compile(r"^[\s,.!;:*_…–-]+")

_DO = rf"(?:go for it|do it|you should(?! not|n)|i would{_END}|i'd do it)"
_DO_NOT = rf"(?:don'?t do it|don'?t{_END}|i wouldn'?t\b|i would not\b|you should(?:n'?t| not)\b|please don'?t)"
_FINE = (
    r"(?:you'?ll be (?:fine|ok|okay|good)|you'?re (?:fine|good|ok|okay)|you are fine|it'?s fine|don'?t worry"
    r"|not a (?:big deal|problem)|it'?s (?:never|not) too late)"
)
_NEVER = r"(?!)"
"""Matches nothing."""
_NEGATIVE_PLAN = re.compile(r"(?i)\b(?:not|avoid|never|bad|drop|quit)\b")
_WHETHER_TO = re.compile(r"(?i)^(?:so )?(?:should i|would you|is it (?:a good idea|worth|smart|wise))\b")
_WORRY = re.compile(
    r"(?i)\b(?:too late|too old|bad|weird|strange|screwed|worr\w+|mistake|ruin\w*|stupid|rude|wrong|doomed|hurt|dumb|"
    r"unprofessional|problem|hopeless|in trouble|impossible|behind|frowned|failure|get caught|big deal)\b"
)
_PERMITTED = re.compile(
    r"(?i)\b(?:ok|okay|fine|possible|acceptable|normal|alright|all right)\b|^(?:can|could|will) i\b"
)
_ECHO = {
    "should": (r"you should\b(?!n| not)", r"you (?:should ?n'?t|should not)\b"),
    "can": (r"you (?:can|could)\b(?!'?t| not)", r"you (?:can'?t|can ?not)\b"),
    "will": (r"(?:you|they|it) will\b(?! not)", r"(?:you|they|it) (?:won'?t|will not)\b"),
    "is": (rf"(?:it|that) is{_END}", r"(?:it|that)(?:'?s not| is ?n[o']t| isn'?t)\b"),
    "are": (r"(?:they|you) are\b(?! not|n)", r"(?:they|you) (?:aren'?t|are not)\b|you'?re not\b"),
    "does": (r"(?:it|that) does\b(?!n| not)", r"(?:it|that) (?:doesn'?t|does not)\b"),
    "do": (r"(?:i|they|we|you) do\b(?!n| not)", r"(?:i|they|we|you) (?:don'?t|do not)\b"),
}
"""The auxiliary of a question -> the replies that echo it in the affirmative and in the negative."""
_CONDITIONAL = re.compile(
    r"(?i)\b(?:unless|as long as|only if|depends|depending on|provided that|it varies|if you can|in moderation)\b|^if\b"
)
_THANKS = re.compile(
    r"(?i)^\W*(?:thanks?\b|thank you|thx|ty\b|cheers\b|good luck|best of luck|congrat\w*|lol\b|lmao|haha|"
    r"edit\b|hope (?:this|that|it) helps|feel free to|happy to help|welcome\b|you'?re welcome|much appreciated|"
    r"appreciate|same here|same\b.{0,8}$|this\W*$|hi\b|hello\b|source:|i'?m curious|pm me|dm me|good question|"
    r"great question|sorry\b|following\b|hugs|upvot)"
)
_TURN = re.compile(
    r"(?i)^\W*(?:but|however|although|though|that said|that being said|on the other hand|otherwise|unless|still)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_URL = re.compile(r"\[([^\]]*)\]\([^)]*\)|https?://\S+")
_MARKUP = re.compile(r"&amp;|&gt;|&lt;|[*_~`^]{1,3}|#+ ")

MIN_WORDS = 3
"""Shorter remnants of a reply say nothing of their own."""
MIN_QUESTION, MAX_QUESTION, MAX_TITLE = 4, 30, 40
"""Words of a question inside a text, and of one that is a title: shorter ones lean on what stood before."""
MAX_WORDS = 45
"""Longer sentences are lists or run-ons: cut at a clause, for claims are clauses."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A reply whose first words answer: the label, the opener as written, the rest without it."""

    label: Label
    opener: str
    rest: str


def plain(text: str | None) -> str:
    """Return `text` without markup, links and quoted lines; a deleted post gives ""."""
    if not text or text.strip() in {"[deleted]", "[removed]"}:
        return ""
    lines = [line for line in text.splitlines() if not re.match(r"\s*(?:>|&gt;)", line)]
    body = _URL.sub(lambda m: m[1] or "", "\n".join(lines))
    body = _MARKUP.sub(lambda m: {"&amp;": "&", "&gt;": ">", "&lt;": "<"}.get(m[0], ""), body)
    return re.sub(r"[ \t]+", " ", body.replace("’", "'").replace("“", '"').replace("”", '"')).strip()


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`, without empty ones."""
    return [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]


def cut(sentence: str) -> str:
    """Return the first clause of a sentence longer than `MAX_WORDS`, else the sentence."""
    words = sentence.split()
    if len(words) <= MAX_WORDS:
        return sentence
    clause = re.split(r"[;,:] |\s+(?=because|so that|but)\b", sentence)
    kept = clause[0]
    for part in clause[1:]:
        if len(kept.split()) >= MIN_WORDS * 4:
            break
        kept += ", " + part
    return " ".join(kept.split()[:MAX_WORDS])


def read_opener(question: str, reply: str) -> Opened | None:
    """Return how `reply` opens as an answer to the yes/no `question`; None where it gives no sure label.

    "Yes" and "no" answer the question as asked, so that an inverted question ("Is it too late?" - "No.") needs no care.
    Other openers stay in `rest`, for they are claims of their own ("you can't", "go for it").
    """
    head = reply[:80]
    if _NOT_AN_OPENER.match(head):
        return None
    if match := _OPENER.match(head):
        label: Label = "mixed" if match["mixed"] else "con" if match["con"] else "pro"
        rest = reply if label == "mixed" and "depend" in match[0].lower() else reply[match.end() :]
        return Opened(label, match[0], _SEPARATOR.sub("", rest))
    for applies, affirms, denies in _indirect(question):
        if applies and re.match(denies, head, re.IGNORECASE):
            return Opened("con", "", reply)
        if applies and re.match(affirms, head, re.IGNORECASE):
            return Opened("pro", "", reply)
    return None


def _indirect(question: str) -> tuple[tuple[bool, str, str], ...]:
    """Return (whether it applies to `question`, openers that affirm, openers that deny), surest first.

    An echo repeats the question's auxiliary; "go for it" and "don't" answer whether to do something; "you'll be fine"
    denies what a question fears and affirms what it asks leave for.
    """
    auxiliary = re.sub(r"(?i)^(?:so|and|but|also) ", "", question).split(" ", 1)[0].lower()
    plans = bool(_WHETHER_TO.match(question) and not _NEGATIVE_PLAN.search(question))
    fears = bool(_WORRY.search(question))
    permitted = bool(_PERMITTED.search(question) and not re.search(r"(?i)\bnot\b", question))
    return (
        (auxiliary in _ECHO, *_ECHO.get(auxiliary, (_NEVER, _NEVER))),
        (plans, _DO, _DO_NOT),
        (fears, _NEVER, _FINE),
        (permitted and not fears, _FINE, _NEVER),
    )


def is_conditional(sentence: str) -> bool:
    """Return whether `sentence` makes its answer depend on something."""
    return bool(_CONDITIONAL.search(sentence))


def is_turn(sentence: str) -> bool:
    """Return whether `sentence` turns against what stood before it ("but", "however")."""
    return bool(_TURN.match(sentence))


def says_nothing(sentence: str) -> bool:
    """Return whether `sentence` is thanks, a greeting, a joke marker or a counter-question: stance `none`."""
    return sentence.rstrip("\"') ").endswith("?") or bool(_THANKS.match(sentence))


def last_question(text: str, max_words: int = 28) -> str | None:
    """Return the last sentence of `text` where it is a yes/no question of 4 to `max_words` words."""
    parts = sentences(text)
    if not parts:
        return None
    question = parts[-1]
    return question if is_yes_no(question) and MIN_QUESTION <= len(question.split()) <= max_words else None


def thread_question(title: str, text: str) -> str | None:
    """Return the yes/no question a thread asks: in its title, else the only one in its text."""
    title = re.sub(r"^\s*[\[(][^\])]{1,25}[\])]\s*", "", title).strip()
    asked = [part for part in sentences(title) if is_yes_no(part) and MIN_WORDS <= len(part.split()) <= MAX_TITLE]
    if asked:
        return asked[-1]
    if title.endswith("?"):
        return None
    asked = [part for part in sentences(text) if is_yes_no(part) and MIN_QUESTION <= len(part.split()) <= MAX_QUESTION]
    return asked[0] if len(asked) == 1 else None
