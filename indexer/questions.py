"""Reading a question: its form, its negation, its alternatives; and the question that a thread opened with.

Pure rules over words, so that the answer to a question and to its negation mirror exactly: whoever judges reads
`positive` and mirrors the judgement where `negated` is set.

Which negations are taken out, and which are left to the judge:
- "Should I not lift?", "Is lifting never worth it?", "weights don't help": the negation follows the subject of the main
  clause. `positive` is "Should I lift?", `negated`.
- "Shouldn't I lift?", "Isn't it worth it?": a contraction before the subject expects a yes ("Shouldn't I lift?" "Yes" means
  lift), so it is dropped and the question is not negated.
- "Should I avoid lifting?" becomes "Should I be lifting?", "Is it a bad idea to lift?" becomes "Is it a good idea to lift?";
  both negated: what speaks for the one speaks against the other.
- "Is it OK to not lift?", "Should I lift if I do not run?", "Is not lifting a mistake?": the negation sits inside what is
  asked about. Left as asked, as are "stop", "quit", "too late", "wrong" and "bad to": their opposites are not exact
  ("Should I stop lifting?" asks somebody who lifts), so only a judge can weigh them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.thread import Thread
from indexer.clauses import IMPERATIVES, sentences, starts_clause, words

MAX_QUESTION = 300
"""Characters of a thread's question at most: what a heading can hold and a judge reads beside a claim."""


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


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I | re.X)


# ---------------------------------------------------------------- words
_AUX = r"(?:should|shall|can|could|will|would|must|may|might|is|are|am|was|were|do|does|did|has|have|had|ought)"
_DO_OR_HAVE = ("do", "does", "did", "has", "have", "had")
_PRONOUN = r"(?:i|you|u|we|they|he|she|it|there|this|that|one|anyone|anybody|someone|people|everyone|these|those)"
_BARE_NT = "shouldnt couldnt wouldnt isnt arent wasnt werent dont doesnt didnt hasnt havent hadnt cant wont".split()
_IRREGULAR_NT = {"can't": "can", "cant": "can", "won't": "will", "wont": "will", "cannot": "can", "ain't": "is"}
_CONTRACTIONS = {"'s": " is", "'re": " are", "'m": " am", "'ll": " will"}

_EDGES = " ?.!,;:\"'()"
"""What is taken off both ends of a question."""

_CHATTER = _rule(r"""(?:
    (?:hi+|hello|hey+|hiya|yo|greetings|howdy|good\ (?:morning|evening|afternoon))(?:\ (?:all|everyone|everybody|guys|there|folks|people|again|reddit|runners))*[\s,.!–-]+
  | (?:so|ok(?:ay)?|well|um+|just|and|but|basically|anyway|honestly|seriously|sorry|please|re|cmv|question|quick\ question|simple\ question|noob\ question|stupid\ question|dumb\ question|newbie\ here|
      new\ here|long\ time\ lurker|yes\ or\ no|opinions|poll|help|advice\ (?:needed|wanted|please)|first\ (?:time\ )?post(?:\ here)?|title|tl;?dr)(?:\s*[,:;.!–-]+\s*|\ (?=so\b|just\b|wondering\b|a\ quick\b|curious\b)) | (?:so|but|and|ok(?:ay)?)\ 
  | (?:\[[^\]]{1,30}\]|\([^)]{1,20}\))\s*
  | (?:(?:i['’]?m|i\ am|i\ was|i['’]ve\ been|was|am|been)\ )?(?:just\ |also\ |a\ bit\ |really\ )*(?:wondering|curious|unsure|not\ sure|debating|wonder|asking)(?:\ (?:as\ to|about))?(?:,|\ (?=whether|if|should|is|are|do|does|can|what|how|which|will|would))\s*
  | (?:i\ (?:just\ )?(?:want(?:ed)?|would\ like|need)|i['’]d\ (?:like|love))\ to\ (?:know|ask)(?:\ (?:you|everyone|people))?[\s,:]+(?=if\b|whether\b|what\b|how\b|which\b|should\b|is\b|do\b)
  | (?:can|could|would)\ (?:any(?:one|body)|some(?:one|body)|you(?:\ guys)?)\ (?:please\ )?tell\ me\ (?=if\b|whether\b|what\b|how\b|which\b)
  | (?:does|do)\ (?:any(?:one|body)|you(?:\ guys)?)\ (?:here\ )?know\ (?=if\b|whether\b|what\b|how\b|which\b|where\b|who\b)
  | (?:i\ )?wonder(?:ed)?\ (?=if\b|whether\b)
  | (?:(?:i\ have\ |got\ )?(?:a|my)\ (?:quick\ |simple\ |dumb\ |stupid\ |silly\ )?question(?:\ is)?(?:\ (?=if\b|whether\b|should\b)|[\s,:]+))
)""")  # fmt: skip
"""What people say before they ask."""
_OPINION_VERB = _rule(r"(?:do(?:n['’]?t)?\ (?:you(?:\ guys|\ all)?|people|we|y['’]?all)|would\ you(?:\ guys)?|does\ any(?:one|body))\ (?:really\ |honestly\ |also\ |still\ |not\ )?(?:think|say|believe|reckon|feel)\ (?:that\ )?(?!about\b|of\b)")  # fmt: skip
_ASKING = re.compile(r"\b(?:wonder|curious|unsure|sure|debating|asking|know|ask|tell|question)", re.I)
_EMBEDDED = _rule(r"(?:if|whether(?:\ or\ not)?)\ ")
_TAG = _rule(rf"[\s,]+(?:right|yes|yeah|no|correct|huh|eh|surely|{_AUX}(?:n['’]?t)?\ {_PRONOUN}|thoughts|any\ thoughts|anyone|please|pls|or\ not|or\ no|yes\ or\ no|y/n|or\ nah|(?:or\ )?am\ i\ (?:crazy|wrong|missing\ something)|or\ what(?:ever)?|or\ (?:something|anything))\s*[?.!]*\Z")  # fmt: skip
_SURELY = _rule(r"\b(?:surely|surly)\b,?\s+")

# ---------------------------------------------------------------- forms
_ASKS_WHICH = _rule(rf"""(?:what|which|who|whom|whose|where|when|why|how|whats|hows|what['’]s|how['’]s|who['’]s|where['’]s|when['’]s)\b
    | (?:in|for|at|to|on|by|from|with)\ (?:what|which|whom)\b
    | (?:best|good|cheapest|easiest|fastest|favou?rite|recommended)\b(?!.*\b(?:is|are|or)\b)
    | (?:looking|searching)\ for\b | (?:need|want|seeking|any|some|your)\ (?:\w+\ ){{0,2}}(?:recommendations?|suggestions?|advice|tips|ideas?)\b | (?:recommendations?|suggestions?|tips|advice|ideas)\ (?:for|on|about)\b
    | (?:can|could|would)\ (?:any(?:one|body)|some(?:one|body)|you(?:\ guys)?)\ (?:please\ )?(?:recommend|suggest|advise|explain|tell\ me|help)\b
    | {_AUX}\ {_PRONOUN}(?:\ guys)?\ (?:\w+\ ){{0,2}}(?:know|have\ (?:any\ )?(?:thoughts?|opinions?|idea|recommendations|tips|advice|suggestions)|recommend\ (?:a|any|me|for))\b(?:.{{0,20}}\b(?:what|which|how|where|who|when|why)\b|.*)""")  # fmt: skip
_ASKS_OPINION = _rule(r"(?:(?:what|how)(?:['’]?s|\ is|\ are|\ do|\ does)?\ (?:you(?:\ guys|\ all)?|everyone|any(?:one|body)|your|people|the)?(?:['’]s)?\ ?(?:think|thinks|feel|feels|thoughts?|opinions?|views?|take)\ (?:of|about|on)|(?:any\ |your\ )?(?:thoughts?|opinions?|views?)\ (?:on|about)|(?:what|how)\ about)\ (?P<topic>.+)")  # fmt: skip
_NOT_AN_OPTION = _rule(
    r"or\ (?:not|no|so|more|less|two|three|whatever|something|anything|otherwise|any|even|worse|maybe|nah|what)\b"
)
_EITHER = _rule(r"\s*,?\s+or\s+|\s+(?:vs\.?|versus)\s+")
_SHOULD_I = _rule(rf"(?:should|shall|would|could|can|do|does|did|must)(?:n['’]?t)?\ (?:{_PRONOUN}|\w+)\ (?:rather\ |prefer\ (?:to\ )?|go\ for\ )?")  # fmt: skip
_COMPARES = _rule(r"\b(?:better|best|prefer|preferable|rather|worse|easier|cheaper|faster|healthier|safer|more\ \w+|which|between|either|vs\.?|versus)\b")  # fmt: skip
_COMPARISON_LEAD = _rule(r"""(?:is|are|would)\ (?:it|they)(?:\ be)?\ (?:\w+\ ){0,2}(?:better|best|worse|easier|cheaper|faster|healthier|safer|smarter|wiser)\ (?:for\ \w+\ )?(?:to\ |if\ \w+\ |with\ )?
    | (?:which|what|who)(?:['’]?s|\ is|\ are|\ one|\ would|\ do|\ does)?[^,:;?]*[,:;–?-]+\s* | (?:is|are)\ it\ | (?:is|are)\ (?!it\b|there\b) | better\ to\ """)  # fmt: skip
_COMPARISON_TAIL = _rule(
    r"\s+(?:(?:the\ )?(?:better|best|worse|easier|cheaper|faster|healthier|safer|preferable)|more\ \w+)\b.*\Z"
)
_CONDITION = _rule(r"\b(?:if|when|while|unless|because|than)\b")


def read_question(text: str) -> Question:
    """Return the question in `text`: its form, its positive and its alternatives. Never raises; "" gives empty sides."""
    asked = text.strip()
    core = _core(asked)
    if not core:
        return Question(asked, Form.SIDES, asked)
    opinion = _ASKS_OPINION.match(core)
    if opinion:
        topic = opinion["topic"]
        gerund = topic.split()[0].lower().endswith("ing")
        return Question(asked, Form.SIDES, f"Is {topic} a good idea?" if gerund else _as_question(core))
    named = _alternatives(core)
    if named or _ASKS_WHICH.match(core):
        return Question(asked, Form.OPTIONS, _as_question(core), alternatives=named)
    core = _until_or(core)
    positive, negated = _without_negation(core)
    return Question(asked, Form.SIDES, positive, negated)


def _core(text: str) -> str:
    """Return the question alone: one sentence, without chatter before and tags after, without its end mark."""
    asking = max(_question_sentences(text), key=_score, default=text) if len(text) > 1 else text
    core = " ".join(asking.replace("’", "'").split())
    previous = ""
    while core != previous:
        previous = core
        core = _TAG.sub("", core).rstrip(_EDGES) or previous
        if found := _CHATTER.match(core):
            core = core[found.end() :]
            core = (
                _EMBEDDED.sub("whether ", core, count=1) if _ASKING.search(found[0]) and _EMBEDDED.match(core) else core
            )
    return _direct(_SURELY.sub("", core).strip(_EDGES))


def _direct(core: str) -> str:
    """Turn an embedded question into a direct one: "whether to lift", "whether I should lift" -> "should I lift"."""
    if not core.startswith("whether "):
        return core
    core = core.removeprefix("whether ")
    if core.startswith("to "):
        return f"should I {core.removeprefix('to ')}"
    stated = _STATED.fullmatch(core)
    if stated and not stated["nt"] and stated["aux"].lower() not in _DO_OR_HAVE:
        return _stated(stated)[0]
    return core if stated else f"is it true that {core}"


def _as_question(core: str) -> str:
    return core[:1].upper() + core[1:] + "?"


# ---------------------------------------------------------------- alternatives
def _alternatives(core: str) -> tuple[str, ...]:
    """Return the alternatives of an "A or B" question, each trimmed; () where it is none."""
    either = _EITHER.search(core)
    if (
        not either
        or _NOT_AN_OPTION.match(core[either.start() :].lstrip(" ,"))
        or _CONDITION.search(core[: either.start()])
    ):
        return ()
    lead = _SHOULD_I.match(core)
    same_again = _repeated(core, either)
    if same_again:
        return same_again
    if re.match(rf"{_AUX}(?:n't)? {_PRONOUN}\b", core[either.end() :], re.I):
        return ()
    if (
        lead
        and lead.end() <= either.start()
        and re.match(r"(?:should|shall|would|do) (?:i|we|you|u|one)\b", core, re.I)
    ):
        return _split_options(core[lead.end() :])
    starts_inverted = re.match(rf"{_AUX}\b", core, re.I)
    if _COMPARES.search(core) or re.match(r"(?:is|are) (?:it|they|this|that) ", core, re.I):
        comparison = _COMPARISON_LEAD.match(core)
        return _split_options(_COMPARISON_TAIL.sub("", core[comparison.end() if comparison else 0 :]))
    return () if starts_inverted or not _is_bare_choice(core) else _split_options(core)


def _repeated(core: str, either: re.Match[str]) -> tuple[str, ...]:
    """Return the alternatives of "should I lift or should I run": the second repeats how the first began."""
    opening = re.match(rf"{_AUX} {_PRONOUN} ", core, re.I)
    rest = core[either.end() :]
    if not opening or not rest.lower().startswith(opening[0].lower()):
        return ()
    second = rest[opening.end() :]
    return () if re.match(r"not\b|n't", second, re.I) else (core[opening.end() : either.start()], second)


def _is_bare_choice(core: str) -> bool:
    """Whether "A or B" is all there is, as in titles: "dorm or rent a house"."""
    return len(core.split()) <= 10 and not re.search(
        r"\b(?:is|are|was|were|helps?|should|will|would|can|does|do)\b", core, re.I
    )


def _split_options(text: str) -> tuple[str, ...]:
    parts = [part for piece in _EITHER.split(text) for part in piece.split(",")]
    trimmed = [re.sub(r"^(?:to|either|just to)\s+", "", part.strip(_EDGES), flags=re.I) for part in parts]
    options = tuple(part for part in trimmed if part)
    return options if len(options) > 1 else ()


def _until_or(core: str) -> str:
    """Cut an opposite off: "should I lift or is it a waste of time", "should I or should I not lift"."""
    both = re.match(rf"({_AUX}) ({_PRONOUN}) or \1(?:n't| not)? ?(?:\2)? ?(?:not )?(.+)", core, re.I)
    if both:
        return f"{both[1]} {both[2]} {both[3]}"
    opposite = re.search(
        rf",? or (?:{_AUX}(?:n't)? (?:{_PRONOUN}|the|my|your)\b|just|(?:a )?waste|not\b).*", core, re.I
    )
    return core[: opposite.start()] if opposite and opposite.start() > 0 else core


# ---------------------------------------------------------------- negation
Rewrite = Callable[[re.Match[str]], tuple[str, bool]]
_NOT = r"(?:not|never)\b(?!\ (?:only|just|even|always|necessarily))"
_SUBJECT = rf"(?:{_PRONOUN}(?:\ guys)?(?=\s)|(?:(?!{_PRONOUN}\b|to\b|if\b|when\b|that\b|or\b|and\b|not\b|never\b|for\b|worth\b)[\w'-]+\ ){{0,4}}?(?!not\b|never\b)[\w'-]+)"  # fmt: skip

_AVOID = _rule(
    r"(?P<lead>(?:should|shall|must)\ (?:i|you|we|one|people|they|he|she|\w+s))\ avoid\ (?P<deed>\w+ing\b.*)"
)
_BAD_IDEA = _rule(r"(?P<lead>(?:is|was|would|isn['’]?t)\ (?:it|this|that)(?:\ be)?)\ (?:such\ |really\ )?(?:a|an)\ (?:really\ |very\ )?(?:bad|terrible|stupid|dumb|awful|horrible)\ idea(?P<rest>\b.*)")  # fmt: skip
_INVERTED = _rule(rf"(?P<aux>{_AUX})(?P<nt>n['’]?t|\ not)?\ (?P<subject>{_SUBJECT})(?P<adverb>\ (?:really|just|still|ever|simply|maybe))?\ (?P<neg>{_NOT})\ ?(?P<rest>.*)")  # fmt: skip
_RHETORICAL = _rule(rf"(?P<aux>{_AUX})(?:n['’]?t|\ not(?!\ \w+ing\b))\ (?P<rest>.+)")
_TRAILING = _rule(rf"(?P<lead>{_AUX}\ {_PRONOUN}\ .*\w)\ not")
_OPENS = rf"(?:if|when|whether|which|who|because|since|while|{_AUX})"
_STATED = _rule(rf"(?P<subject>(?!{_OPENS}\b)[\w'/-]+\ (?:(?!{_OPENS}\b|that\b)[\w'/-]+\ ){{0,5}})(?P<aux>{_AUX})(?P<nt>n['’]?t|\ {_NOT})?\ (?P<rest>.+)")  # fmt: skip
_REQUEST = _rule(r"(?:please\ )?(?:do(?:n['’]?t|\ not)|never)\ (?P<deed>(?!i\b|you\b|we\b|they\b|people\b)\w.*)")
_NEVER = _rule(r"(?P<subject>(?:[\w'-]+\ ){1,4}?)never\ (?P<rest>.+)")


def _without_negation(core: str) -> tuple[str, bool]:
    """Return the positive in question form, and whether a negation was taken out."""
    opinion = _OPINION_VERB.match(core)
    core = core[opinion.end() :] if opinion else core
    for pattern, rewrite in REWRITES:
        match = pattern.fullmatch(_expanded(core))
        if match:
            positive, negated = rewrite(match)
            return _as_question(" ".join(positive.split())), negated
    tokens = words(core)
    if (
        re.match(rf"{_AUX}\b|any", core, re.I)
        or tokens[:1] == []
        or tokens[0] in IMPERATIVES
        or not starts_clause(tokens)
    ):
        return _as_question(core), False
    return f"Is it true that {_lowered(core)}?", False


def _expanded(core: str) -> str:
    """Write out "isnt", "can't" and "it's" so that one pattern reads them all."""
    parts = core.split(" ")
    for at, word in enumerate(parts[:8]):
        low = word.lower()
        if low in _IRREGULAR_NT:
            parts[at] = _matched_case(word, _IRREGULAR_NT[low]) + "n't"
        elif low in _BARE_NT:
            parts[at] = word[:-2] + "n't"
        elif at < 2 and re.fullmatch(rf"{_PRONOUN}'(?:s|re|m|ll)", low):
            stem, _, end = word.partition("'")
            parts[at] = stem + _CONTRACTIONS[f"'{end.lower()}"]
    return " ".join(parts)


def _matched_case(word: str, other: str) -> str:
    return other.capitalize() if word[:1].isupper() else other


def _lowered(core: str) -> str:
    """Lower the first letter, unless the first word is "I" or looks like a name."""
    first, _, rest = core.partition(" ")
    name = first in ("I", "I'm", "I've", "I'd") or first[1:] != first[1:].lower() or rest[:1].isupper()
    return core if name else core[:1].lower() + core[1:]


def _inverted(match: re.Match[str]) -> tuple[str, bool]:
    rhetorical = bool(match["nt"])
    return f"{match['aux']} {match['subject']}{match['adverb'] or ''} {match['rest']}", not rhetorical


def _stated(match: re.Match[str]) -> tuple[str, bool]:
    subject, aux, denial, rest = match["subject"].strip(), match["aux"], match["nt"], match["rest"]
    if aux.lower() in _DO_OR_HAVE and not denial:
        return f"Is it true that {_lowered(match[0])}", False
    return f"{aux.lower()} {_lowered(subject)} {rest}", bool(denial)


REWRITES: tuple[tuple[re.Pattern[str], Rewrite], ...] = (
    (_AVOID, lambda match: (f"{match['lead']} be {match['deed']}", True)),
    (_BAD_IDEA, lambda match: (f"{re.sub('n.?t ', ' ', match['lead'])} a good idea{match['rest']}", True)),
    (_INVERTED, _inverted),
    (_REQUEST, lambda match: (f"should you {match['deed']}", True)),
    (_RHETORICAL, lambda match: (f"{match['aux']} {match['rest']}", False)),
    (_TRAILING, lambda match: (match["lead"], True)),
    (_STATED, _stated),
    (_NEVER, lambda match: (f"Is it true that {_lowered(match['subject'])}{match['rest']}", True)),
)
"""The first that fits the whole question makes its positive."""

# ---------------------------------------------------------------- the question of a thread
_MARKS = _rule(r"\?|\b(?:whether|wondering\ if|wonder\ if|curious|not\ sure\ if)\b")
_PROPOSES = _rule(r"\b(?:should|worth|good\ idea|bad\ idea|better|best|would|will|help|helps|need|too\ (?:late|old|early|much)|possible|normal|ok(?:ay)?\ to)\b")  # fmt: skip
_OPENS_AS_QUESTION = _rule(
    rf"{_AUX}(?:n['’]?t)?\ (?:{_PRONOUN}|the|my|your|\w+s|\w+ing)\b|(?:what|which|who|where|when|why|how)\b"
)
_EMPTY_ASK = _rule(r"(?:any|some|your|need|thoughts|opinions|help|please|can\ (?:any|some)one\ help|what\ do\ you(?:\ guys|\ all)?\ think|does\ anyone\ else|thanks)\b.{0,25}")  # fmt: skip
_GAP = re.compile(r"[ \t\xa0]{2,}")
_BOUND = 20_000
"""Characters of an opening post read for its question: nobody asks later than that."""


def thread_question(thread: Thread) -> str:
    """Return the question that a thread opened with, at most MAX_QUESTION characters.

    The title where it reads as a question; else the sentence of the opening post that asks and holds most of a
    proposition; else the title; else the first sentence. "" only where there are no words at all.
    """
    title = _trimmed(re.sub(r"^(?:re|fwd?):\s*", "", thread.title.strip(), flags=re.I))
    if _score(title) >= 2:
        return title
    asked = [sentence for sentence in _question_sentences(thread.opening.text[:_BOUND]) if _score(sentence) >= 2]
    if asked:
        return _trimmed(max(asked, key=_score))
    opening = thread.opening.text[:_BOUND]
    return title or next((_trimmed(opening[start:end]) for start, end in sentences(opening)), "")


def _question_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, parted also where two spaces stand for a missing full stop."""
    for start, end in sentences(text):
        yield from (part for part in _GAP.split(text[start:end]) if part.strip())


def _score(sentence: str) -> int:
    """Return how much a sentence asks: 2 for a question, 1 more for each proposal, less for "Any advice?"."""
    length = len(sentence.split())
    if not length:
        return 0
    asks = 2 * bool(_MARKS.search(sentence) or _OPENS_AS_QUESTION.match(sentence))
    hollow = length < 3 or bool(_EMPTY_ASK.fullmatch(sentence.strip(" ?.!")))
    return asks + min(2, len(_PROPOSES.findall(sentence))) * bool(asks) - 2 * hollow


def _trimmed(text: str) -> str:
    """Return `text` on one line without greetings, at most MAX_QUESTION characters, cut between words."""
    line = " ".join(text.split())
    greeting = _GREETING.match(line)
    line = line[greeting.end() :] if greeting else line
    if len(line) <= MAX_QUESTION:
        return line
    return line[:MAX_QUESTION].rsplit(" ", 1)[0] if " " in line[:MAX_QUESTION] else line[:MAX_QUESTION]


_GREETING = _rule(r"(?:hi+|hello|hey+|hiya|yo|greetings|howdy|good\ (?:morning|evening|afternoon|day)|dear)(?:\ (?:all|everyone|everybody|guys|there|folks|people|again|reddit|runners))*[\s,.!–-]+(?=\w)")  # fmt: skip
