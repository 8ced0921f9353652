"""Reading a question: its form, its negation, its alternatives; and the question that a thread opened with.

Pure rules over words, so that the answer to a question and to its negation mirror exactly: whoever judges reads
`positive` and mirrors the judgement where `negated` is set.

Which negations are taken out, and which are left to the judge:
- "Should I not lift?", "Is lifting never worth it?", "weights don't help": the negation follows the subject of the main
  clause. `positive` is "Should I lift?", `negated`.
- "Shouldn't I lift?", "Isn't it worth it?": a contraction before the subject expects a yes ("Shouldn't I lift?" "Yes"
  means lift), so it is dropped and the question is not negated.
- "Should I avoid lifting?" becomes "Should I be lifting?", "Is it a bad idea to lift?" becomes "Is it a good idea to
  lift?"; both negated: what speaks for the one speaks against the other.
- "Is it OK to not lift?", "Should I lift if I do not run?", "Is not lifting a mistake?": the negation sits inside what
  is asked about. Left as asked, as are "stop", "quit", "too late", "wrong" and "bad to": their opposites are not exact
  ("Should I stop lifting?" asks somebody who lifts), so only a judge can weigh them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.thread import Thread
from indexer.clauses import sentences, starts_clause
from indexer.words import IMPERATIVES, SUBORDINATORS, one_of, phrases, rule, words

MAX_QUESTION = 300
"""Characters of a thread's question at most: what a heading can hold and a judge reads beside a claim."""
READ_AT_MOST = 20_000
"""Characters read for a question: nobody asks later than that."""
BARE_CHOICE = 10
"""Words of the longest title that is nothing but a choice ("dorm or rent a house")."""


class Form(StrEnum):
    """What an answer to the question looks like: two sides, or one group of views an option."""

    SIDES = "sides"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read: `text` as asked, and `positive`, the same in question form without its negation.

    `alternatives` are the options that the question itself names ("lift", "just run"); empty where it names none.
    """

    text: str
    form: Form
    positive: str
    negated: bool = False
    alternatives: tuple[str, ...] = ()


# ---------------------------------------------------------------- words
AUX = phrases("should|shall|can|could|will|would|must|may|might|is|are|am|was|were|do|does|did|has|have|had|ought")
DO_OR_HAVE = ("do", "does", "did", "has", "have", "had")
PRONOUN = phrases("""
    i|you|u|we|they|he|she|it|there|this|that|one|anyone|anybody|someone|people|everyone|these|those
""")
ASKED = phrases("whether|if|what|how|which|where|who|should|is|are|do|does|can|will|would")
BARE_NT = one_of("shouldnt couldnt wouldnt isnt arent wasnt werent dont doesnt didnt hasnt havent hadnt")
OTHER_NT = {"can't": "can", "cant": "can", "won't": "will", "wont": "will", "cannot": "can", "ain't": "is"}
CONTRACTIONS = {"s": " is", "re": " are", "m": " am", "ll": " will"}
HEAD = 8
"""Words at the start of a question in which contractions are written out: its subject and verb stand there."""
EDGES = " ?.!,;:\"'()"
"""What is taken off both ends of a question."""

GREETING = phrases("""
    (hi+|hello|hey+|hiya|yo|greetings|howdy|dear|good (morning|evening|afternoon|day))<all>*[\\s,.!–-]+
""").replace("<all>", phrases("\\s(all|everyone|everybody|guys|there|folks|people|again|reddit|runners)"))
CHATTER = rule(
    r"""
    <greeting>
    <opener>(\s*[,:;.!–-]+\s*| (?=(so|just|wondering|a quick|curious)\b))
    (so|but|and|ok(ay)?|also|maybe|yeah)\s+
    \[[^\]]{1,30}\]\s*
    \([^)]{1,20}\)\s*
    (<i> )?((just|also|a bit|really) )*<wondering>( (as to|about))?(,| (?=<asked>\b))\s*
    <i_want> to (know|ask)( (you|everyone|people))?[\s,:]+(?=<asked>\b)
    (can|could|would) (anyone|anybody|someone|somebody|you( guys)?) (please )?tell me (?=<asked>\b)
    (do|does) (anyone|anybody|you( guys)?) (here )?know (?=<asked>\b)
    (i have |got )?(a|my) ((quick|simple|dumb|stupid|silly) )?question( is)?( (?=<asked>\b)|[\s,:]+)
    """,
    greeting=GREETING,
    opener=phrases("""
        so|also|maybe|yeah|ok(ay)?|well|um+|just|and|but|basically|anyway|honestly|seriously|sorry|please|re|cmv|help|poll|opinions|title
        ((quick|simple|noob|stupid|dumb) )?question|newbie here|new here|long time lurker|yes or no|tl;?dr
        advice (needed|wanted|please)|first (time )?post( here)?
    """),
    i="(?:i['’]?m|i am|i was|i['’]ve been|was|am|been)",
    i_want="(?:i (?:just )?(?:want(?:ed)?|would like|need)|i['’]d (?:like|love))",
    wondering="(?:wondering|wonder|curious|unsure|not sure|debating|asking)",
    asked=ASKED,
)
"""What people say before they ask."""
ASKING = re.compile(r"\b(?:wonder|curious|unsure|sure|debating|asking|know|ask|tell|question)", re.IGNORECASE)
EMBEDDED = rule(r"(if|whether( or not)?)\s+")
TAG = rule(
    r"""
    [\s,]{1,3}(thoughts|any thoughts|anyone|please|pls|yes or no|y/n)\s*[?.!]*\Z
    [\s,]{1,3}or (not|no|nah|what(ever)?|something|anything)\s*[?.!]*\Z
    [\s,]{1,3}(or )?am i (crazy|wrong|missing something)\s*[?.!]*\Z
    ,\s*(right|yes|yeah|no|correct|huh|eh|surely|<aux>(n't)? <pronoun>)\s*[?.!]*\Z
    \s<aux>n't <pronoun>\s*[?.!]*\Z
    """,
    aux=AUX,
    pronoun=PRONOUN,
)
"""What people say after they asked."""
LOOSE_TAG = rule(r"\s(right|yes|yeah|no|correct|huh|eh)\s*[?.!]*\Z")
"""The same without its comma: only after a statement, as "is this right?" asks for it."""
SURELY = rule(r"\b(surely|surly)\b,?\s+")
OPINION_VERB = rule(
    r"""
    (do(n't)? (you( guys| all)?|people|we|y'all)) <softly><think> (that )?(?!about\b|of\b)
    (would you( guys)?|does any(one|body)) <softly><think> (that )?(?!about\b|of\b)
    """,
    softly="(?:(?:really|honestly|also|still|not) )*",
    think="(?:think|say|believe|reckon|feel)",
)

# ---------------------------------------------------------------- forms
WHICH = rule(
    r"""
    (what|which|who|whom|whose|where|when|why|how)('s)?\b
    (in|for|at|to|on|by|from|with) (what|which|whom)\b
    (best|good|cheapest|easiest|fastest|favou?rite|recommended)\b(?!.*\b(is|are|or)\b)
    (looking|searching) for\b
    (need|want|seeking|any|some|your) (\w+ ){0,2}<hints>\b
    <hints> (for|on|about)\b
    (can|could|would) <pronoun>( guys)? (please )?(recommend|suggest|advise|explain|tell me|help)\b
    <aux> <pronoun>( guys)? (\w+ ){0,2}(know|have (any )?(thoughts?|opinions?|idea|recommendations|<hints>))\b.*
    <aux> <pronoun>( guys)? (\w+ ){0,2}recommend (a|any|me|for)\b
    """,
    aux=AUX,
    pronoun=PRONOUN,
    hints="(?:recommendations?|suggestions?|advice|tips|ideas?)",
)
"""Questions that have no yes and no."""
OPINION = rule(
    r"""
    (what|how) (do|does) (you( guys| all)?|everyone|anyone|anybody|people) (think|feel) (of|about|on) <topic>
    (what|how)('s|s| is| are)? (your|people's|the) (thoughts?|opinions?|views?|take|feelings?) (of|about|on) <topic>
    (any |your )?(thoughts?|opinions?|views?) (on|about) <topic>
    (what|how) about <topic>
    """,
    topic="(.+)",
)
"""Questions that ask what people hold of something: for or against it."""
EITHER = rule(r"\s*,?\s+or\s+" + "\n" + r"\s+(vs\.?|versus)\s+")
NO_OPTION = rule(
    r"or (not|no|so|more|less|two|three|whatever|something|anything|otherwise|any|even|worse|maybe|nah|what)\b"
)
CONDITION = rule(r"\b(if|when|while|unless|because|than)\b")
I_DO = rule(r"(should|shall|would|do)(n't)? (i|we|you|u|one) (rather |prefer (to )?|go for )?")
MORE = phrases("better|best|worse|easier|cheaper|faster|healthier|safer|smarter|wiser|preferable")
COMPARES = rule(r"\b(<more>|prefer|rather|more \w+|which|between|either|vs\.?|versus)\b", more=MORE)
COMPARISON_LEAD = rule(
    r"""
    (is|are|would) (it|they)( be)? (\w+ ){0,2}<more> (for \w+ )?((to|with|if \w+) )?
    (which|what|who)('?s| is| one| would| do| does| are)?[^,:;?]*[,:;–?-]+\s*
    (is|are) it\s
    (is|are) (?!it\b|there\b)
    better to\s
    """,
    more=MORE,
)
COMPARISON_TAIL = rule(r"\s+((the )?<more>|more \w+)\b.*\Z", more=MORE)
INVERTED = rule("<aux>(n't)? (<pronoun>|the|my|your)\\b", aux=AUX, pronoun=PRONOUN)
REPEATED = re.compile(rf"{AUX} {PRONOUN} ", re.IGNORECASE)
STATES = rule(r"\b(is|are|was|were|helps?|should|will|would|can|does|do)\b")


def read_question(text: str) -> Question:
    """Return the question in `text`: form, positive, negation, alternatives. Never raises; "" gives empty sides."""
    asked = text.strip()
    core = _core(asked[:READ_AT_MOST])
    opinion = OPINION.fullmatch(core)
    if opinion:
        topic = next(group for group in opinion.groups() if group)
        gerund = topic.split()[0].lower().endswith("ing")
        return Question(asked, Form.SIDES, f"Is {topic} a good idea?" if gerund else _as_question(core))
    named = _alternatives(core)
    if named or WHICH.match(core):
        return Question(asked, Form.OPTIONS, _as_question(core), alternatives=named)
    positive, negated = _without_negation(_until_or(core))
    return Question(asked, Form.SIDES, positive, negated)


def _core(text: str) -> str:
    """Return the question alone: one sentence, without chatter before and tags after, without its end mark."""
    core = " ".join(max(_question_sentences(text), key=_score, default=text).replace("’", "'").split())
    previous = ""
    while core != previous:
        previous = core
        core = TAG.sub("", core).rstrip(" ?.!,;:") or previous
        core = core if OPENS_AS_QUESTION.match(core) else LOOSE_TAG.sub("", core)
        if found := CHATTER.match(core):
            core = core[found.end() :]
            core = EMBEDDED.sub("whether ", core, count=1) if _embeds(found[0], core) else core
    return _direct(_asked_last(_what_is_sure(core).strip(EDGES)))


def _what_is_sure(core: str) -> str:
    """Return `core` without "surely", and without a condition before it: that tells of the asker, not what is asked.

    A judge that reads the condition first loses sight of the matter: of the sample it then finds nothing against.
    """
    surely = SURELY.search(core)
    conditioned = surely and core.split(maxsplit=1)[0].lower() in SUBORDINATORS
    return core[surely.end() :] if surely and conditioned else SURELY.sub("", core)


INNER = rule(
    r"""
    ([,;:]|[,;:]? (so|but|and|also),?) (?=<aux>(n't)? (<pronoun>|the|my|your)\b)
    [,;:] ((so|but|and|also),? )?(?=(what|which|who|where|when|why|how)( \w+)? <aux>\b)
    """,
    aux=AUX,
    pronoun=PRONOUN,
)


def _asked_last(core: str) -> str:
    """Return what is asked after a comma: without what was told before, and with a condition moved behind it."""
    inner = None if OPENS_AS_QUESTION.match(core) else INNER.search(core)
    if not inner:
        return core
    told, asked = core[: inner.start()], core[inner.end() :]
    return f"{asked} {told[:1].lower()}{told[1:]}" if told.split()[0].lower() in SUBORDINATORS else asked


def _embeds(chatter: str, rest: str) -> bool:
    """Whether "if" after the chatter means "whether"."""
    return bool(ASKING.search(chatter) and EMBEDDED.match(rest))


def _direct(core: str) -> str:
    """Turn an embedded question into a direct one: "whether to lift", "whether I should lift" -> "should I lift"."""
    if not core.startswith("whether "):
        return core
    core = core.removeprefix("whether ")
    if core.startswith("to "):
        return f"should I {core.removeprefix('to ')}"
    stated = STATED.fullmatch(core)
    if stated and not stated["nt"] and stated["aux"].lower() not in DO_OR_HAVE:
        return _stated(stated)[0]
    return core if stated else f"is it true that {core}"


def _as_question(core: str) -> str:
    core = core.replace("willn't", "won't").replace("cann't", "can't")
    return f"{core[:1].upper()}{core[1:]}?" if core else ""


# ---------------------------------------------------------------- alternatives
def _alternatives(core: str) -> tuple[str, ...]:
    """Return the alternatives of an "A or B" question, each trimmed; () where it is none."""
    either = EITHER.search(core)
    if not either or NO_OPTION.match(core[either.start() :].lstrip(" ,")) or CONDITION.search(core[: either.start()]):
        return ()
    opening = REPEATED.match(core)
    second = core[either.end() :]
    if opening and second.lower().startswith(opening[0].lower()):
        return _of_repeated(core[opening.end() : either.start()], second[opening.end() :])
    if INVERTED.match(second):
        return ()
    if (lead := I_DO.match(core)) and lead.end() <= either.start():
        return _options(core[lead.end() :])
    if COMPARES.search(core) or re.match(r"(?:is|are) (?:it|they|this|that) ", core, re.IGNORECASE):
        comparison = COMPARISON_LEAD.match(core)
        return _options(COMPARISON_TAIL.sub("", core[comparison.end() if comparison else 0 :]))
    bare = len(core.split()) <= BARE_CHOICE and not STATES.search(core)
    return _options(core) if bare else ()


def _of_repeated(first: str, second: str) -> tuple[str, ...]:
    """Return the alternatives of "should I lift or should I run"; () of "... or should I not"."""
    return () if re.match(r"not\b", second, re.IGNORECASE) else (first, second)


def _options(text: str) -> tuple[str, ...]:
    parts = [part.strip(EDGES) for piece in EITHER.split(text) for part in piece.split(",")]
    trimmed = [re.sub(r"^(?:to|either|just to)\s+", "", part, flags=re.IGNORECASE) for part in parts]
    options = tuple(part for part in trimmed if part)
    return options if len(options) > 1 else ()


BOTH = re.compile(rf"({AUX}) ({PRONOUN}) or \1(?:n't| not)? ?(?:\2)? ?(?:not )?(.+)", re.IGNORECASE)
OPPOSITE = rule(r",? or (<aux>(n't)? (<pronoun>|the|my|your)\b|just|(a )?waste|not\b).*", aux=AUX, pronoun=PRONOUN)


def _until_or(core: str) -> str:
    """Cut an opposite off: "should I lift or is it a waste of time", "should I or should I not lift"."""
    if both := BOTH.match(core):
        return f"{both[1]} {both[2]} {both[3]}"
    opposite = OPPOSITE.search(core)
    return core[: opposite.start()] if opposite and opposite.start() > 0 else core


# ---------------------------------------------------------------- negation
NOT = r"(?:not|never)\b(?! (?:only|just|even|always|necessarily)\b)"
SUBJECT = rf"""(?:{PRONOUN}(?: guys)?(?=\s)|(?:(?!<no_subject>\b)[\w'-]+ ){{0,4}}?(?!not\b|never\b)[\w'-]+)""".replace(
    "<no_subject>", f"(?:{PRONOUN}|to|if|when|that|or|and|not|never|for|worth)"
)
OPENS = rf"(?:if|when|whether|which|who|because|since|while|{AUX})"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


AVOID = _pattern(r"(?P<lead>(?:should|shall|must) (?:i|you|we|one|people|they|he|she|\w+s)) avoid (?P<deed>\w+ing\b.*)")
BAD_IDEA = _pattern(
    r"(?P<lead>(?:is|was|would)(?:n't)? (?:it|this|that)(?: be)?) (?:such |really )?an? (?:really |very )?"
    r"(?:bad|terrible|stupid|dumb|awful|horrible) idea(?P<rest>\b.*)"
)
NEGATED = _pattern(
    rf"(?P<aux>{AUX})(?P<nt>n't| not)? (?P<subject>{SUBJECT})(?P<adverb> (?:really|just|still|ever|simply|maybe))?"
    rf" {NOT} ?(?P<rest>.*)"
)
REQUEST = _pattern(r"(?:please )?(?:do(?:n't| not)|never) (?P<deed>(?!(?:i|you|we|they|people)\b)\w.*)")
RHETORICAL = _pattern(rf"(?P<aux>{AUX})(?:n't| not(?! \w+ing\b)) (?P<rest>.+)")
TRAILING = _pattern(rf"(?P<lead>{AUX} {PRONOUN} .*\w) not")
STATED = _pattern(
    rf"(?P<subject>(?!{OPENS}\b)[\w'/-]+ (?:(?!{OPENS}\b|(?:that|to|what|how|where)\b)[\w'/-]+ ){{0,5}})"
    rf"(?P<aux>{AUX})(?P<nt>n't| {NOT})? (?P<rest>.+)"
)
NEVER = _pattern(r"(?P<subject>(?:[\w'-]+ ){1,4}?)never (?P<rest>.+)")


def _negated(match: re.Match[str]) -> tuple[str, bool]:
    return f"{match['aux']} {match['subject']}{match['adverb'] or ''} {match['rest']}", not match["nt"]


def _bad_idea(match: re.Match[str]) -> tuple[str, bool]:
    lead = match["lead"].replace("n't", "")
    return f"{lead} a good idea{match['rest']}", True


def _stated(match: re.Match[str]) -> tuple[str, bool]:
    subject, aux, denial, rest = match["subject"].strip(), match["aux"], match["nt"], match["rest"]
    if aux.lower() in DO_OR_HAVE and not denial:
        return f"is it true that {_lowered(match[0])}", False
    return f"{aux.lower()} {_lowered(subject)} {rest}", bool(denial)


REWRITES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, bool]]], ...] = (
    (AVOID, lambda match: (f"{match['lead']} be {match['deed']}", True)),
    (BAD_IDEA, _bad_idea),
    (NEGATED, _negated),
    (REQUEST, lambda match: (f"should you {match['deed']}", True)),
    (RHETORICAL, lambda match: (f"{match['aux']} {match['rest']}", False)),
    (TRAILING, lambda match: (match["lead"], True)),
    (STATED, _stated),
    (NEVER, lambda match: (f"is it true that {_lowered(match['subject'])}{match['rest']}", True)),
)
"""The first that fits the whole question gives its positive, and whether a negation was taken out."""


def _without_negation(core: str) -> tuple[str, bool]:
    """Return the positive in question form, and whether a negation was taken out."""
    opinion = OPINION_VERB.match(core)
    core = core[opinion.end() :] if opinion else core
    expanded = _expanded(core)
    for pattern, rewrite in REWRITES:
        if match := pattern.fullmatch(expanded):
            positive, negated = rewrite(match)
            return _as_question(" ".join(positive.split())), negated
    return _as_question(f"is it true that {_lowered(core)}" if _is_statement(core) else core), False


def _is_statement(core: str) -> bool:
    tokens = words(core)
    asks = re.match(rf"(?:{AUX}|any\w*)\b", core, re.IGNORECASE)
    return bool(tokens) and not asks and tokens[0] not in IMPERATIVES and starts_clause(tokens)


def _expanded(core: str) -> str:
    """Write out "isnt", "can't" and "it's" so that one pattern reads them all."""
    parts = core.split(" ")
    return " ".join([_written_out(part, first=at < 2) for at, part in enumerate(parts[:HEAD])] + parts[HEAD:])  # noqa: PLR2004


def _written_out(word: str, *, first: bool) -> str:
    low = word.lower()
    if low in OTHER_NT:
        stem = OTHER_NT[low]
        return f"{stem.capitalize() if word[0].isupper() else stem}n't"
    if low in BARE_NT:
        return f"{word[:-2]}n't"
    stem, _, end = word.partition("'")
    pronoun = first and end in CONTRACTIONS and re.fullmatch(PRONOUN, stem, re.IGNORECASE)
    return stem + CONTRACTIONS[end] if pronoun else word


def _lowered(core: str) -> str:
    """Lower the first letter, unless the first word is "I" or looks like a name."""
    first, _, rest = core.partition(" ")
    name = first in ("I", "I'm", "I've", "I'd") or first[1:] != first[1:].lower() or rest[:1].isupper()
    return core if name else core[:1].lower() + core[1:]


# ---------------------------------------------------------------- the question of a thread
MARKS = rule(r"\?" + "\n" + r"\b(whether|wondering if|wonder if|curious|not sure if)\b")
PROPOSES = rule(r"""
    \b(should|worth|good idea|bad idea|better|best|would|will|helps?|need|possible|normal|ok(ay)? to)\b
    \btoo (late|old|early|much)\b
""")
OPENS_AS_QUESTION = rule(
    r"""
    <aux>(n't)? (<pronoun>|the|my|your|\w+s|\w+ing)\b
    (what|which|who|where|when|why|how)('s)?( [\w'-]+){0,4} <aux>\b
    (what|where|when|how|why|which( \w+)?) to\b
    (what|who|where|how)'s\b
    """,
    aux=AUX,
    pronoun=PRONOUN,
)
HOLLOW = rule(r"""
    (any|some|your|need|thoughts|opinions|help|please|can (any|some)one help|does anyone else|thanks)\b.{0,25}
    what do you( guys| all)? think\b.{0,25}
""")
GAP = re.compile(r"[ \t\xa0]{2,}")
ASKS = 2
"""The score of a question that holds no proposal."""
SHORTEST = 3
"""Words of the shortest question that says what it is about."""


def thread_question(thread: Thread) -> str:
    """Return the question that a thread opened with, at most MAX_QUESTION characters.

    The title where it reads as a question; else the sentence of the opening post that asks and holds most of a
    proposition; else the title; else the first sentence. "" only where there are no words at all.
    """
    title = _trimmed(re.sub(r"^(?:re|fwd?):\s*", "", thread.title.strip(), flags=re.IGNORECASE))
    if _score(title) >= ASKS:
        return title
    opening = thread.opening.text[:READ_AT_MOST]
    best = max(_question_sentences(opening), key=_score, default="")
    if _score(best) >= ASKS:
        return _trimmed(best)
    return title or next((_trimmed(opening[start:end]) for start, end in sentences(opening)), "")


def _question_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, parted also where two spaces stand for a missing full stop."""
    for start, end in sentences(text):
        yield from (part for part in GAP.split(text[start:end]) if part.strip())


def _score(sentence: str) -> int:
    """Return how much a sentence asks: 2 for a question, 1 or 2 more for proposals, 2 less for "Any advice?"."""
    hollow = len(sentence.split()) < SHORTEST or HOLLOW.fullmatch(sentence.strip(EDGES))
    asks = ASKS if MARKS.search(sentence) or OPENS_AS_QUESTION.match(sentence) else 0
    proposals = min(2, len(PROPOSES.findall(sentence))) if asks else 0
    return asks + proposals - (2 if hollow else 0)


_GREETING = re.compile(GREETING + r"(?=\w)", re.IGNORECASE)


def _trimmed(text: str) -> str:
    """Return `text` on one line without greetings, at most MAX_QUESTION characters, cut between words."""
    line = (
        _GREETING.sub("", " ".join(text.split()), count=1) if _GREETING.match(text.lstrip()) else " ".join(text.split())
    )
    return line if len(line) <= MAX_QUESTION else line[: MAX_QUESTION + 1].rpartition(" ")[0] or line[:MAX_QUESTION]
