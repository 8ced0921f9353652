# ruff: noqa: PLR2004 -- small counts of words and characters stand in the rules they bound
"""Question forms: topics turned into questions, paraphrases that keep the polarity, and negations that turn it round.

All rules are plain string rules over English questions; where no rule fits the answer is an empty tuple, never a guess.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as running text."""
    return frozenset(text.split())


AUXILIARIES = words("should must can could would will shall is are was were am do does did has have had may might")
SUBJECTS = words(
    "i you we they he she it this that these those there someone people students colleges employers professors "
    "schools universities grades"
)
"""Subjects of one word: "not" goes after them."""
VERBS = words(
    "help make matter affect look need have work hurt get go take give lead cause improve count mean cost pay "
    "prefer want care hire accept allow let require do be become come know think like see use help ruin kill harm "
    "benefit reduce increase slow speed train build keep stop prevent save waste belong deserve exist transfer "
    "suffer feel offer provide expect check read notice mind apply check start run lift eat drink sleep buy sell "
    "change"
)
"""Bare verbs that may follow a longer subject: "does lifting weights | help"."""
ANTONYMS = {
    "a good idea": "a bad idea",
    "a bad idea": "a good idea",
    "worth it": "a waste of time",
    "a waste of time": "worth it",
    "too late": "still early enough",
    "okay": "a problem",
    "ok": "a problem",
    "fine": "a problem",
    "acceptable": "unacceptable",
    "normal": "strange",
    "weird": "normal",
    "strange": "normal",
    "possible": "impossible",
    "impossible": "possible",
    "hard": "easy",
    "difficult": "easy",
    "easy": "hard",
    "safe": "dangerous",
    "dangerous": "safe",
    "bad": "good",
    "rude": "polite",
    "wrong": "right",
    "stupid": "smart",
    "realistic": "unrealistic",
    "unrealistic": "realistic",
    "a mistake": "a good move",
    "necessary": "unnecessary",
    "useful": "useless",
    "useless": "useful",
}
_ANTONYM = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, ANTONYMS), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_NEGATOR = re.compile(r"\b(not|never|no|n't|\w+n't|avoid|stop)\b", re.IGNORECASE)
_YES_NO = re.compile(
    r"^(?:so |and |but |or |also |hi |hey |guys |honestly |hello |question |serious question |quick question "
    r"|advice needed )?[,:.-]? ?(should|shall|must|can|could|would|will|is|are|was|were|am|do|does|did|has|have|had|"
    r"isn't|aren't|don't|doesn't|shouldn't|wouldn't|won't|anyone else|anybody else|is it|thinking of|worth)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b(?! not\b)", re.IGNORECASE)
_REQUEST = re.compile(
    r"^(?:can|could|would|will) (?:anyone|someone|somebody|anybody|you guys|you please|you help|you tell)\b"
    r"|\b(?:any (?:advice|tips|suggestions|ideas|recommendations|thoughts)|anyone know|someone explain)\b"
    r"|\b(?:what|how|which|why|where|who)\b[^?]*\?$",
    re.IGNORECASE,
)


def is_yes_no(question: str) -> bool:
    """Return whether `question` can be answered by yes or no: no choice ("A or B?"), no open question, no request."""
    return bool(
        question.endswith("?")
        and _YES_NO.search(question)
        and not _CHOICE.search(question)
        and not _REQUEST.search(question)
    )


def gerund(verb: str) -> str:
    """Return the -ing form of a bare verb ("run" gives "running", "take" gives "taking")."""
    low = verb.lower()
    if low in {"be", "see", "agree", "flee"}:
        return verb + "ing"
    if low.endswith("ie"):
        return verb[:-2] + "ying"
    if low.endswith("e"):
        return verb[:-1] + "ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", low):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def _match_case(model: str, text: str) -> str:
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


def insert_not(question: str) -> str | None:
    """Return "Should I not lift?" for "Should I lift?"; None where the end of the subject is not certain."""
    parts = question.split()
    if len(parts) <= 2 or parts[0].lower() not in AUXILIARIES or _NEGATOR.search(question):
        return None
    first, second = parts[0].lower(), parts[1].lower().strip(",")
    if second in {"anyone", "anybody"} or (second == "you" and first not in {"should", "will"}):
        return None  # "Do you not ...?" asks for agreement, and "Is anyone not ...?" is another question
    if second in SUBJECTS:
        return " ".join([*parts[:2], "not", *parts[2:]])
    if first in {"is", "are", "was", "were", "am", "has", "have", "had"}:
        return None
    for at in range(2, min(len(parts), 9)):
        if parts[at].lower().strip("?,.") in VERBS:
            return " ".join([*parts[:at], "not", *parts[at:]])
    return None


def negations(question: str) -> tuple[str, ...]:
    """Return the questions whose "yes" is the "no" of `question`; empty where no rule is safe."""
    body = question.strip().rstrip("?").strip()
    found: list[str] = []
    if match := re.match(r"(?i)(should (?:i|we|you)) (?:not|never) (.+)", body):
        return (f"{match[1]} {match[2]}?",)
    if _NEGATOR.search(body):
        return ()
    if (direct := insert_not(question.strip())) is not None:
        found.append(direct)
    if match := re.match(r"(?i)(?:should|shall|can|could|would) (?:i|we|you) (?:just )?(\w+)(.*)", body):
        verb, rest = match[1], match[2]
        if re.match(r"(?i)should (?:i|we|you) (?!be\b|have\b)", body):
            found += [
                f"Is it a bad idea to {verb}{rest}?",
                f"Would it be a mistake to {verb}{rest}?",
                f"Should I avoid {gerund(verb)}{rest}?"
                if " we " not in f" {body.lower()} "
                else f"Should we refuse to {verb}{rest}?",
            ]
    start = re.match(r"(?i)(?:is|was|would|are|am)\b[^?]{0,30}", body)
    if start and (hit := _ANTONYM.search(body)) and hit.start() < 40:
        other = ANTONYMS[hit[1].lower()]
        swapped = f"{body[: hit.start()]}{other}{body[hit.end() :]}?"
        found.append(re.sub(r"(?i)\btoo still early", "still early", swapped))
    if match := re.match(r"(?i)(is|was|would) (.{0,40}?)\bworth (?!it\b)(.+)", body):
        found += [f"{match[1]} {match[2]}not worth {match[3]}?", f"Is it a waste of time {match[3]}?"]
    return tuple(dict.fromkeys(found))


def paraphrases(question: str) -> tuple[str, ...]:
    """Return other ways to ask `question` with the same "yes"; empty where no rule is safe."""
    body = question.strip().rstrip("?").strip()
    if _NEGATOR.search(body):
        return ()
    found: list[str] = []
    if match := re.match(r"(?i)should (i|we|you) (?!be\b|have\b)(?:just )?(\w+)(.*)", body):
        verb, rest = match[2], match[3]
        found += [
            f"Is it a good idea to {verb}{rest}?",
            f"Is it right to {verb}{rest}?",
            f"Would you {verb}{rest}?",
            f"Is it worth {gerund(verb)}{rest}?",
            f"thinking of {gerund(verb)}{rest}, good idea?",
            f"{match[1]} should {verb}{rest}",
        ]
    if match := re.match(r"(?i)is it (?:a good idea|worth it|okay|ok|fine) to (\w+)(.*)", body):
        found += [f"Should I {match[1]}{match[2]}?", f"is {gerund(match[1])}{match[2]} ok?"]
    if match := re.match(r"(?i)is it worth (\w+ing)\b(.*)", body):
        found += [f"Is {match[1]}{match[2]} worth it?", f"{match[1]}{match[2]} is worth it"]
    if match := re.match(r"(?i)is it (.+)", body):
        found.append(f"it is {match[1]}")
    return tuple(dict.fromkeys(found))


_HOUSE = re.compile(r"(?i)^(?:that )?(?:this house|th)\s+")
_IMPERATIVES = words(
    "abolish allow ban build widen restrict promote make end legalize legalise abandon adopt introduce create "
    "give prohibit limit subsidize close stop cancel fight oppose use reform replace support raise lower increase "
    "reduce remove require force grant enforce implement criminalize disband fund pass unleash invest tax keep "
    "expand extend break repeal put teach protect return lift boycott disarm impose privatize nationalize punish "
    "reject"
)


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0]
    proper = (first.isupper() and len(first) > 1) or any(c.isupper() for c in first[1:])
    common = first.lower() in {"the", "we", "this", "it", "a", "an", "all", "any", "there", "that"}
    return text if proper and not common else text[:1].lower() + text[1:]


def topic_questions(topic: str) -> tuple[tuple[str, bool], ...]:
    """Return (question, polarity) forms of a debate topic; polarity False means that its "yes" is against the topic.

    "We should ban whaling" gives ("Should we ban whaling?", True), ("Should we not ban whaling?", False), and so on;
    the topic itself always comes first.
    """
    text = re.sub(r"\s+", " ", topic).strip().rstrip(".")
    text = re.sub(r"(?i)^(?:that|i (?:believe|think)(?: that| in)?) (?=\w+ \w+)", "", text)
    if _HOUSE.match(text):
        text = _HOUSE.sub("", text)
        if match := re.match(r"(?i)(?:believes|holds|thinks)(?: that)? (.+)", text):
            text = match[1]
        elif match := re.match(r"(?i)(?:would|should|will) (.+)", text):
            text = f"We should {match[1]}"
        elif match := re.match(r"(?i)(?:supports|favors) (.+)", text):
            text = f"We should support {match[1]}"
    parts = text.split()
    if parts and parts[0].lower() in _IMPERATIVES:
        text = "We should " + text[:1].lower() + text[1:]
        parts = text.split()
    found: list[tuple[str, bool]] = [(text, True)]
    inner = _lower_first(text)
    at = next((i for i, word in enumerate(parts[:12]) if i and word.lower() in AUXILIARIES - {"do", "does"}), None)
    negative = bool(_NEGATOR.search(text))
    if at is not None and not negative:
        auxiliary, subject, rest = parts[at].capitalize(), _lower_first(" ".join(parts[:at])), " ".join(parts[at + 1 :])
        if auxiliary not in {"Has", "Have", "Had"} or len(rest.split()) > 1:
            question = f"{auxiliary} {subject} {rest}?"
            found += [(question, True), (f"{auxiliary} {subject} not {rest}?", False)]
            found += [(other, True) for other in paraphrases(question)]
            found += [(other, False) for other in negations(question)]
            found.append((" ".join([*parts[: at + 1], "not", *parts[at + 1 :]]), False))
    found += [
        (f"Is it true that {inner}?", True),
        (f"Do you agree that {inner}?", True),
        (f"Is it wrong that {inner}?", False),
        (f"Do you disagree that {inner}?", False),
    ]
    return tuple(dict.fromkeys(found))


def favour_questions(thing: str) -> tuple[tuple[str, bool], ...]:
    """Return (question, polarity) forms for a topic that is a bare thing, such as "gun control"."""
    return (
        (f"Are you in favour of {thing}?", True),
        (f"Is {thing} a good thing?", True),
        (f"Should we support {thing}?", True),
        (f"Are you against {thing}?", False),
        (f"Should we oppose {thing}?", False),
        (f"Is {thing} a bad thing?", False),
    )
