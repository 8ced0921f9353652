"""Loose forum text -> sentence spans -> clause spans.

Own code, because the segmenters that are still kept up read forum text worse: of 6,000 sentence ends in CollegeAdvice
replies, sentencex 1.0 and these rules differ at 161, and sentencex joins "No. I wouldn't", "for me. Then", "etc. Good
luck" and "in May. I will", and parts "1." from its list item; nupunkt 0.8 takes "hard." and "human." for abbreviations.
None of them splits run-on clauses, which is most of the work here.

A rule is a line of CUTS: the connector that it cuts out, and a test of the words on both sides. Every pattern is
bounded and every look to the left or right capped, so time grows linearly with the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.words import (
    ADVERBS,
    ANAPHORS,
    AUXILIARIES,
    CONTRACTED,
    DETERMINERS,
    FIRST_PERSON,
    IMPERATIVES,
    JOINERS,
    NEGATION,
    NOMINATIVES,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH,
    STOPPERS,
    SUBORDINATORS,
    SURE_VERBS,
    VERBS,
    is_direct_answer,
    is_verb,
    is_word,
    one_of,
    phrases,
    tokens_of,
)

Span = tuple[int, int]
Tokens = list[str]

MAX_CLAUSE = 400
"""Characters of the longest clause: three long sentences. Unpunctuated text is cut there, between words."""
WINDOW = 60
"""Words read on either side of a possible cut: no clause needs more to show its subject and verb."""
PHRASE_LENGTH = 5
"""Words of the longest phrase that is passed over before a subject ("in an industrial society,")."""
SUBJECT_LENGTH = 9
"""Words in which a noun phrase must reach its verb ("the best way to get faster is ...")."""
WRAP_COLUMNS = (45, 90)
"""Shortest and longest line width taken for hard-wrapped text (mail wraps at 72 to 78)."""
MAX_JOINED_WORDS = 40
"""An experience and its outcome stay one clause up to this many words: two short lines on a page."""


# ---------------------------------------------------------------- does the right side start a clause?
def starts_clause(tokens: Tokens, *, strict: bool = False) -> bool:
    """Whether `tokens` open with a subject and its verb, or a request; `strict` asks for an unmistakable verb."""
    rest = _without_adverbials(tokens)[: SUBJECT_LENGTH + 3]
    if len(rest) < 2:  # noqa: PLR2004 - a subject and a verb
        return bool(rest) and rest[0] in CONTRACTED
    if rest[0] in ("not", "whether", "as") or not is_word(rest[0]):
        return False
    return any(opens(rest[0], rest[1:], strict) for opens in OPENINGS)


def _without_adverbials(tokens: Tokens) -> Tokens:
    """Take off what may stand before a subject: "and", "really", "in fact,"."""
    at = int(tokens[:1] in (["and"], ["but"], ["so"]))
    while at < len(tokens) and tokens[at] in ADVERBS | {"yes", "no", "yeah"}:
        at += 1 + (tokens[at + 1 : at + 2] == [","])
    return tokens[at + _opening_phrase(tokens[at:]) :]


def _opening_phrase(tokens: Tokens) -> int:
    """Return how many tokens are a phrase before the subject: "in the end,", "at some point" before "it does"."""
    if tokens[1:2] == [","]:
        return 2
    if tokens[:1] == ["to"] or not PREPOSITIONS.intersection(tokens[:1]):
        return 0
    ahead = tokens[: PHRASE_LENGTH + 1]
    if "," in ahead:
        return ahead.index(",") + 1
    subject = next((at for at, word in enumerate(ahead) if word in NOMINATIVES or word in ("it", "there")), 0)
    phrase = ahead[:subject]
    whole = len(phrase) > 2 and STOPPERS.isdisjoint(phrase) and not any(map(is_verb, phrase))  # noqa: PLR2004
    return subject if whole else 0


def _person_and_verb(head: str, after: Tokens, _strict: bool) -> bool:
    subject = head in NOMINATIVES or (head in CONTRACTED and (head != "its" or after[0] in AFTER_ITS))
    return subject and is_word(after[0]) and (after[0] not in PREPOSITIONS or is_verb(after[0]) or head in CONTRACTED)


AFTER_ITS = (
    ADVERBS
    | DETERMINERS
    | one_of("not been worth hard easy good bad better like about more so very too ok likely true")
)
"""What follows "its" where "it's" is meant."""


def _pronoun_and_verb(head: str, after: Tokens, _strict: bool) -> bool:
    return head in PRONOUNS and next((is_verb(word) for word in after if word not in ADVERBS), False)


def _condition_and_clause(head: str, after: Tokens, strict: bool) -> bool:
    return not strict and head in SUBORDINATORS and starts_clause(after[after[0] in ("if", "though") :])


def _request(head: str, after: Tokens, strict: bool) -> bool:
    known = head in ("don't", "dont", "never", "try") if strict else head in IMPERATIVES
    return known and is_word(after[0]) and after[0] not in ("is", "was", "are", "and", "or", "of")


def _inversion(head: str, after: Tokens, strict: bool) -> bool:
    return not strict and head in AUXILIARIES and len(after) > 1 and after[0] in NOMINATIVES | PRONOUNS


def _wh_question(head: str, after: Tokens, strict: bool) -> bool:
    asks = any(one in AUXILIARIES and other in NOMINATIVES | PRONOUNS for one, other in pairwise(after[:4]))
    return not strict and head in ("what", "which", "who", "where", "when", "why", "how") and asks


def _noun_phrase_and_verb(head: str, after: Tokens, strict: bool) -> bool:
    """Whether a noun phrase reaches its verb before anything opens a clause of its own."""
    if head in STOPPERS or head in PREPOSITIONS or head in AUXILIARIES or head in NOMINATIVES:
        return False
    stoppers = STOPPERS if strict else STOPPERS - {"to", "and", "or"}
    for before, word in pairwise([head, *after[: SUBJECT_LENGTH - 1]]):
        if word in NOMINATIVES or not is_word(word) or word in stoppers:
            return False
        if word in AUXILIARIES or word.endswith("n't"):
            return True
        if before not in ("to", "and", "or") and (word in SURE_VERBS or (not strict and word in VERBS)):
            return True
    return False


OPENINGS = (
    _person_and_verb,
    _pronoun_and_verb,
    _condition_and_clause,
    _request,
    _inversion,
    _wh_question,
    _noun_phrase_and_verb,
)


# ---------------------------------------------------------------- does the left side stand alone?
HANGING = DETERMINERS | (PREPOSITIONS - {"to", "in", "on", "over", "about"})
"""Words that cannot end a clause."""
NOT_ONLY = frozenset({("not", "only"), ("not", "just"), ("not", "merely")})


def stands_alone(tokens: Tokens) -> bool:
    """Whether what stands left of a cut is whole: it has a verb of its own, and leaves no condition or word hanging."""
    tokens = _without_comma(tokens)
    tokens = tokens[2:] if tokens[1:2] == [":"] else tokens
    while tokens and (tokens[0] in JOINERS or tokens[:2] == ["ever", "since"]):
        tokens = tokens[1:]
    if is_direct_answer(tokens):
        return True
    if len(tokens) < 2 or tokens[-1] in HANGING or any(pair in NOT_ONLY for pair in pairwise(tokens)):  # noqa: PLR2004
        return False
    if tokens[0] in SUBORDINATORS or tokens[0] in PREPOSITIONS or tokens[0].endswith("ing"):
        return _reaches_main_clause(tokens)
    return tokens[0] in PRONOUNS or any(is_verb(word) or word in CONTRACTED or word in NOMINATIVES for word in tokens)


def _without_comma(tokens: Tokens) -> Tokens:
    return tokens[:-1] if tokens[-1:] == [","] else tokens


def _reaches_main_clause(tokens: Tokens) -> bool:
    """Whether "if you lift, ..." goes on to its main clause, or "running more is better" is one."""
    if tokens[0].endswith("ing") and _noun_phrase_and_verb(tokens[0], tokens[1:], strict=True):
        return True
    return any(word in (",", "then") and starts_clause(tokens[at + 1 :]) for at, word in enumerate(tokens))


# ---------------------------------------------------------------- the tests of the cutting rules
def _both_whole(left: Tokens, right: Tokens) -> bool:
    return starts_clause(right) and stands_alone(left)


def _addition(left: Tokens, right: Tokens) -> bool:
    """A new subject after "and" or "so"; an experience keeps its outcome ("I added weights, and I got faster")."""
    return (
        not _shares_verb(left, right)
        and not _open_condition(left)
        and not _is_outcome(left, right)
        and (starts_clause(right, strict=left[-1:] != [","]) or _asks(right))
        and stands_alone(left)
    )


def _asks(right: Tokens) -> bool:
    """Whether a question follows: what stands before it is asserted all the same."""
    return len(right) > 2 and any(asks(right[0], right[1:], False) for asks in (_wh_question, _inversion))  # noqa: PLR2004


def _shares_verb(left: Tokens, right: Tokens) -> bool:
    """Whether a noun on the right may only be the end of a list: "stats and data science are good options"."""
    named = bool(right) and right[0] not in NOMINATIVES | PRONOUNS | CONTRACTED | DETERMINERS
    return named and (left[-1:] != [","] or _ends_in_list(left[:-1]))


def _ends_in_list(left: Tokens) -> bool:
    """Whether the stretch after the last comma has no verb: "deaths, homicides"."""
    stretch = _last_stretch(left)
    return len(stretch) < len(left) and not any(is_verb(word) for word in stretch)


def _last_stretch(tokens: Tokens) -> Tokens:
    """Return the tokens after the last comma."""
    return tokens[len(tokens) - tokens[::-1].index(",") :] if "," in tokens else tokens


PURPOSE = one_of("can can't cant could will won't don't dont doesn't doesnt would")
BEFORE_SO = AUXILIARIES | NOMINATIVES | CONTRACTED | ADVERBS | one_of("feel think hope say said been be if not and or")


def _result(left: Tokens, right: Tokens) -> bool:
    """As an addition, but "so you can ..." is a purpose and stays with what it is for, and "is so" says how much."""
    purpose = left[-1:] != [","] and not PURPOSE.isdisjoint(right[1:3])
    degree = left[-1:] == [] or left[-1] in BEFORE_SO
    return not purpose and not degree and right[:1] != ["that"] and _addition(left, right)


BEFORE_BECAUSE = one_of("just only not partly mainly probably mostly is was that's it's")


def _reason(left: Tokens, right: Tokens) -> bool:
    """A reason that names its own subject; what is denied ("not because ...") keeps its reason."""
    return (
        bool(left and right)
        and right[0] != "of"
        and right[0] not in ANAPHORS
        and left[-1] not in BEFORE_BECAUSE
        and not NEGATION.search(" ".join(left))
        and _both_whole(left, right)
    )


def _since(left: Tokens, right: Tokens) -> bool:
    """After a comma "since" gives a reason, unless it tells a time ("since I started")."""
    timed = any(word.endswith("ed") or word in ("was", "had") for word in right[1:3])
    return left[-1:] == [","] and not timed and _reason(left, right)


def _splice(left: Tokens, right: Tokens) -> bool:
    """A comma between two sentences: the second has a pronoun subject, and nobody is being quoted."""
    before = _without_comma(left)
    if _concedes(before) and starts_clause(right):
        return True
    return (
        bool(before and right)
        and right[0] in (NOMINATIVES | CONTRACTED | PRONOUNS) - RELATIVES
        and not _is_inverted(before)
        and before[-1] not in SPEECH
        and not is_direct_answer(before)
        and not _leans_forward(before)
        and not _is_outcome(left, right)
        and starts_clause(right, strict=True)
        and stands_alone(left)
    )


RELATIVES = one_of("who's what's")
CONCESSIONS = (["although"], ["though"], ["even", "though"])


def _concedes(left: Tokens) -> bool:
    """Whether `left` grants something before the main clause: "although it hurts". Both sides are asserted."""
    left = left[left[:1] in (["and"], ["but"], ["so"]) :]
    return any(
        left[: len(opener)] == opener and "," not in left and starts_clause(left[len(opener) :])
        for opener in CONCESSIONS
    )


def _is_inverted(left: Tokens) -> bool:
    """Whether `left` is a condition by word order: "had I known"."""
    return left[:1] in (["had"], ["were"]) and left[1:2] != ["to"]


BEFORE_HEDGE = STOPPERS | DETERMINERS | SUBORDINATORS | SPEECH | AUXILIARIES | PREPOSITIONS | ADVERBS


def _hedge(left: Tokens, right: Tokens) -> bool:
    """A hedge in the middle of a run-on: "they just run i suppose the more weights you do ..."."""
    return bool(left) and left[-1] not in BEFORE_HEDGE and _both_whole(left, right)


def _capital(left: Tokens, right: Tokens) -> bool:
    """A capital where a full stop is missing: "it helped a lot It also hurts"."""
    return starts_clause(right, strict=True) and stands_alone(left)


ANNOUNCING = ANAPHORS | SUBORDINATORS | one_of("this these here here's heres")
BEFORE_COLON = SPEECH | AUXILIARIES | PREPOSITIONS | one_of("this these following follows as")


def _explained(left: Tokens, right: Tokens) -> bool:
    """Both sides of a colon are asserted, unless the left one only announces: "here's what I did: ..."."""
    return (
        bool(left)
        and left[0] not in ANNOUNCING
        and left[-1] not in BEFORE_COLON
        and starts_clause(right, strict=True)
        and starts_clause(left)
        and stands_alone(left)
    )


CONDITIONALS = one_of("if when unless because whether that where who")
BEFORE_CONDITION = one_of(", and but so or that then - – — ; : because ever") | SPEECH


def _open_condition(left: Tokens) -> bool:
    """Whether the last comma-free stretch of `left` is still inside an "if", "when" or "because"."""
    return left[-1:] != [","] and not CONDITIONALS.isdisjoint(_last_stretch(left))


def _leans_forward(left: Tokens) -> bool:
    """Whether `left` ends in a condition that the words after the comma complete: "..., and when I stopped,"."""
    stretch = [word for word in _last_stretch(left) if word not in JOINERS]
    if len(stretch) < len(left) and (len(stretch) < 3 or stretch[0] in PREPOSITIONS):  # noqa: PLR2004 - "but overall,"
        return True
    for at in range(len(left) - 1, -1, -1):
        opens = left[at] in SUBORDINATORS or left[at : at + 2] == ["no", "matter"] or left[at : at + 3] == BY_THE_TIME
        if opens and (at == 0 or left[at - 1] in BEFORE_CONDITION):
            return "," not in left[at:] or not any(map(starts_clause, _after_commas(left[at:])))
    return False


BY_THE_TIME = ["by", "the", "time"]


def _after_commas(tokens: Tokens) -> Iterator[Tokens]:
    return (tokens[at + 1 :] for at, word in enumerate(tokens) if word == ",")


HEDGED = one_of("think guess believe feel suppose hope would don't")


def _is_outcome(left: Tokens, right: Tokens) -> bool:
    """Whether `right` goes on telling what `left` began: a first person first, then the same person or "it"."""
    lead = next((word for word in left if word not in ADVERBS and word not in JOINERS), "")
    same = bool(right) and (right[0] in FIRST_PERSON or right[0] in ("it", "it's", "its"))
    return lead in FIRST_PERSON and same and HEDGED.isdisjoint(right[1:2]) and len(left + right) <= MAX_JOINED_WORDS


# ---------------------------------------------------------------- the cutting rules
@dataclass(frozen=True, slots=True)
class Cut:
    """One splitting rule: the connector it cuts out, and what must hold of the words on both sides.

    `test` reads the words to the left (with the comma before the connector, where there is one) and to the right.
    """

    name: str
    connector: str
    test: Callable[[Tokens, Tokens], bool]


HEDGE_AHEAD = phrases("""
    i('d)? (suppose|think|guess|reckon|believe|would say|say)\\b
    (some|most|others|many|a lot)( of)?( people)? (say|swear)\\b
""")
SMILE = r"\s{1,3}(?:[:;]-?[)(DP]|<3|lol|lmao|haha)\s{1,3}|\s{0,3}[\U0001F300-\U0001FAFF\u2600-\u27BF]{1,9}\s{0,3}"

CUTS: tuple[Cut, ...] = (
    Cut("semicolon", r"\s{0,3};\s{1,3}", _both_whole),
    Cut("colon", r"\s{0,3}:\s{1,3}(?![\"“'‘])", _explained),
    Cut("dash", r"\s{1,3}[-–—]{1,3}\s{1,3}|\s?—\s?|\s?--\s?", _both_whole),
    Cut("dots", r"\s?(?:\.{2,9}|…)\s{0,3}", _both_whole),
    Cut("smile", SMILE, _both_whole),
    Cut("but", r",?\s{1,3}(?:but|yet|whereas|although|(?:even )?tho(?:ugh)?|however),?\s{1,3}", _both_whole),
    Cut("because", r",?\s{1,3}(?:because|cuz|coz|cause|bc)\s{1,3}", _reason),
    Cut("since", r",\s{1,3}(?:since|as)\s{1,3}", _since),
    Cut("so", r",?\s{1,3}(?:and so|so|therefore|hence|thus),?\s{1,3}", _result),
    Cut("and", r",?\s{1,3}(?:and then|and|plus|&),?\s{1,3}", _addition),
    Cut("hedge", rf",?\s{{1,3}}(?={HEDGE_AHEAD})", _hedge),
    Cut("capital", r"(?-i:(?<=[a-z])\s{1,3}(?=(?:It|This|That|They|There|You|We|He|She|If|My) [a-z]))", _capital),
    Cut("splice", r",\s{1,3}", _splice),
)
"""Tried at each connector from left to right; the first whose connector fits decides."""

_ANY_CUT = re.compile("|".join(f"(?P<{cut.name}>{cut.connector})" for cut in CUTS), re.IGNORECASE)
_BY_NAME = {cut.name: cut for cut in CUTS}
_SHUT = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”")
"""Brackets and quotations: never cut inside."""
_SPACE = re.compile(r"\s")


def clauses(text: str, span: Span) -> Iterator[Span]:
    """Yield the clauses of the sentence `text[slice(*span)]` in order: connectors are left out, nothing else is."""
    start, end = span
    tokens = tokens_of(text, start, end)
    begins, spoken = [at for at, _ in tokens], [word for _, word in tokens]
    first = 0
    for match in _open_cuts(text, start, end):
        here = bisect_left(begins, match.start() + match[0].startswith(","))
        after = bisect_left(begins, match.end())
        left, right = spoken[max(first, here - WINDOW) : here], spoken[after : after + WINDOW]
        if _BY_NAME[str(match.lastgroup)].test(left, right):
            yield from _no_longer_than_allowed(text, (start, match.start()))
            start, first = match.end(), after
    yield from _no_longer_than_allowed(text, (start, end))


def _open_cuts(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the connectors that stand outside brackets and quotations."""
    shut = [match.span() for match in _SHUT.finditer(text, start, end)]
    done = 0
    for match in _ANY_CUT.finditer(text, start, end):
        while done < len(shut) and shut[done][1] <= match.start():
            done += 1
        if done == len(shut) or match.start() <= shut[done][0]:
            yield match


def _no_longer_than_allowed(text: str, span: Span) -> Iterator[Span]:
    """Yield `span` in pieces of about MAX_CLAUSE characters, cut after a comma, else between words."""
    start, end = span
    while end - start > MAX_CLAUSE:
        stop = text.rfind(", ", start + MAX_CLAUSE // 2, start + MAX_CLAUSE)
        stop = stop if stop > 0 else _last_space(text, start, end)
        yield start, stop
        start = stop
    yield start, end


def _last_space(text: str, start: int, end: int) -> int:
    """Return where the last word that fits ends; of a single longer word, its own end."""
    for at in range(start + MAX_CLAUSE, start, -1):
        if text[at].isspace() and not text[start:at].isspace():
            return at
    found = _SPACE.search(text, start + MAX_CLAUSE, end)
    return found.start() if found else end


# ---------------------------------------------------------------- sentences
ABBREVIATIONS = one_of(
    "mr mrs ms dr prof st vs e.g i.e eg ie fig approx dept est inc ltd jr sr u.s u.k b.s m.s b.a m.a ph.d a.k.a ca cf"
)
OPTIONAL_ABBREVIATIONS = one_of("no etc min max hrs hr yrs yr a.m p.m lbs")
"""Abbreviations that also end sentences: they do before a capital."""
LONGEST_ABBREVIATION = 12
BULLET = re.compile(r"[ \t]*(?:[-*•·‣▪◦●–—+>]+[ \t]+|\(?\d{1,2}[.)][ \t]+|\(?[a-h]\)[ \t]+)")

_END = re.compile(
    r"[.!?…。！？؟۔।]{1,9}[\"'”’)\]*_]{0,9}(?=\s|$)"  # end marks before white space
    r"|(?<=[^\W\dA-Z_]{2})[.!?]{1,9}(?=[A-Z][a-z’' ])"  # "fine.I wasn't"
    r"|(?<=\w)[。！？]{1,9}"
)
_LAST_WORD = re.compile(r"[\w.'’]*$")
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the sentences of `text[start:end]` in order, without the white space and bullets around them."""
    for block_start, block_end in _blocks(text, start, len(text) if end is None else end):
        begin = block_start
        for match in _END.finditer(text, block_start, block_end):
            if _ends_sentence(text, (block_start, block_end), match):
                yield from _stripped(text, begin, match.end())
                begin = match.end()
        yield from _stripped(text, begin, block_end)


def _ends_sentence(text: str, block: Span, match: re.Match[str]) -> bool:
    """Whether end marks end a sentence: not after "e.g.", nor in "so yeah... it helped"."""
    start, end = block
    following = text[match.end() : min(end, match.end() + 4)].lstrip()[:1]
    mark = match[0]
    if following.islower() and (mark.startswith(("..", "…")) or ")" in mark):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    found = _LAST_WORD.search(text[max(start, match.start() - LONGEST_ABBREVIATION) : match.start()])
    word = found[0] if found else ""
    initial = len(word) == 1 and word.isupper() and word != "I"
    if word.lower() in OPTIONAL_ABBREVIATIONS:
        return not (following.islower() or following.isdigit())
    return word.lower() not in ABBREVIATIONS and not initial


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines of `text[start:end]` without their bullets; hard-wrapped paragraphs as one block."""
    paragraph: list[Span] = []
    for match in _LINE.finditer(text, start, end):
        blank = not match[0].strip()
        bullet = BULLET.match(match[0])
        apart = bool(paragraph) and text.count("\n", paragraph[-1][1], match.start()) > 1
        if blank or bullet or apart:
            yield from _lines_of(text, paragraph)
            paragraph = []
        if not blank:
            paragraph.append((match.start() + (bullet.end() if bullet else 0), match.end()))
    yield from _lines_of(text, paragraph)


def _lines_of(text: str, lines: list[Span]) -> Iterator[Span]:
    if len(lines) > 1 and _is_wrapped(text, lines):
        yield lines[0][0], lines[-1][1]
    else:
        yield from lines


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether no line but the last had room for the first word of the next: the mark of a program that wraps."""
    shortest, longest = WRAP_COLUMNS
    width = max(end - start for start, end in lines)
    following = [text[start:end].split(None, 1)[0] for start, end in lines[1:]]
    full = all(
        shortest <= end - start and end - start + 1 + len(word) > width
        for (start, end), word in zip(lines, following, strict=False)
    )
    return full and width <= longest and (len(lines) > 2 or following[0].islower())  # noqa: PLR2004 - two lines tell little
