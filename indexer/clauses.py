"""Loose forum text -> sentence spans -> clause spans.

Own code, because the segmenters that are still kept up read forum text worse: on 6,000 sentence ends of CollegeAdvice
replies, sentencex 1.0 and these rules differ at 161, and sentencex joins "No. I wouldn't", "for me. Then", "etc. Good
luck" and "in May. I will", and parts "1." from its list item; nupunkt 0.8 learns "hard." and "human." as
abbreviations. None of them splits run-on clauses, which is most of the work here.

All patterns are bounded and every look to the left or right is capped (`WINDOW`), so time grows linearly with the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

MAX_CLAUSE = 400
"""Characters of the longest clause: three long sentences. Unpunctuated text is cut there, between words."""
WINDOW = 60
"""Words read on either side of a possible cut: no clause needs more to show its subject and verb."""
WRAP_COLUMNS = (45, 90)
"""Shortest and longest line width taken for hard-wrapped text (mail wraps at 72 to 78)."""
MAX_JOINED_WORDS = 40
"""An experience and its outcome stay one clause up to this many words: two short lines on a page."""

# ---------------------------------------------------------------- words
NOMINATIVES = frozenset("i he she we they im ive id i'm i've i'd i'll he's she's we're we've we'll they're they've they'll "
                        "they'd we'd he'd she'd he'll she'll ill theyre theyve weve".split())  # fmt: skip
FIRST_PERSON = frozenset("i im ive id i'm i've i'd i'll we we're we've we'd my our".split())
CONTRACTED = frozenset("it's its it'll it'd that's thats that'll that'd this'll there's theres there're you're youre you've youve "
                       "you'll you'd youll youd everyone's everybody's who's what's".split())  # fmt: skip
PRONOUNS = frozenset("it you ya u that this there these those some most many others both all everyone everybody someone "
                     "somebody anyone nobody none people ppl one".split())  # fmt: skip
ANAPHORS = frozenset("it it's its it'll they they're they've that that's thats this he he's she she's".split())
AUXILIARIES = frozenset(
    "is are was were am has have had do does did can could will would should may might must shall cannot cant can't dont "
    "doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt ain't gonna".split()
)
SURE_VERBS = AUXILIARIES | frozenset(
    "seems seemed makes made went goes got gets said says took takes came comes became becomes gave gives felt feels found "
    "knew thought kept told helps depends allows requires wants tends exists remains leads happens matters sucks began "
    "beats causes worked helped used started stopped improved ended turned prevents improves increases reduces".split()
)
VERBS = SURE_VERBS | frozenset(
    "be been seem make go get say take come become give feel find know think believe keep tell help depend allow require want "
    "need needs tend exist lead happen matter suck begin try tries run runs ran work works lift lifts use uses look looks start "
    "starts stop stops mean means meant like likes love loves hate hates agree disagree suggest recommend hope wish put puts let lets see "
    "sees saw read hear heard teach learn pay pays cost costs train trains eat eats sleep sleeps stay stays play plays hurt hurts "
    "improve prevent increase reduce cause provide provides offer offers include includes show shows add adds build builds live "
    "move change changes hire hires accept care cares exercise sound sounds bet doubt guess suppose assume reckon wonder appreciate".split()
)
ADVERBS = frozenset(
    "really just also still probably usually always never often then now only even actually definitely certainly generally "
    "mostly simply eventually sometimes maybe perhaps already rarely hardly likely ever almost both all soon first finally "
    "honestly personally basically literally again obviously apparently surely clearly instead ultimately typically".split()
)
IMPERATIVES = frozenset(
    "do don't dont go get make take keep try look see be stay start stop avoid use add remember consider check talk ask find "
    "give put let let's lets focus read learn eat sleep drink run lift train build buy work call email contact apply think "
    "enjoy follow listen practice spend tell wait watch write aim ensure expect forget invest join leave move pick plan pay "
    "save set speak switch treat trust choose bring change come cut drop hit ignore increase reduce limit mix never please apologize bathe "
    "reach relax search show sign stick study sell skip test visit google".split()
)
SUBORDINATORS = frozenset(
    "if when whenever once while as unless until after before because since although though even whether whoever whatever "
    "wherever given providing provided assuming except cuz cos coz".split()
)
PREPOSITIONS = frozenset(
    "in on at for with by from to of about into over under during without within between against through like despite "
    "than per via regarding according based instead".split()
)
STOPPERS = frozenset(
    "that which who whom whose where when if because to and or but so than while as what how why".split()
)
DETERMINERS = frozenset("a an the my your our his her their its no any each every another".split())
SPEECH = frozenset(
    "say says said saying think thinks thought know knows feel believe told tell like likes mean means".split()
)
NEGATION = re.compile(r"\b(?:not|never|no|nobody|nothing|none|hardly|\w+n['’]?t|cannot|cant|dont|wont)\b", re.I)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,;:()?!.…—–-]")
_WH = frozenset("what which who whom where when why how".split())


def words(text: str) -> list[str]:
    """Return the words and punctuation marks of `text`, lower case, with straight apostrophes."""
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]


def is_verb(word: str) -> bool:
    """Whether `word` can be a finite verb."""
    return word in VERBS or word.endswith("n't") or (len(word) > 4 and word.endswith("ed"))


# ---------------------------------------------------------------- does a side stand alone?
def starts_clause(tokens: list[str], *, strict: bool = False) -> bool:
    """Whether `tokens` open with a subject and its verb, or a request; `strict` asks for an unmistakable verb."""
    at = 0
    while at < len(tokens) and (tokens[at] in ADVERBS or tokens[at] in ("yes", "no", "yeah")):
        at += 1 + (tokens[at + 1 : at + 2] == [","])
    rest = tokens[at : at + 12]
    if rest[:1] == ["not"]:
        return False
    if len(rest) < 2:
        return bool(rest) and rest[0] in CONTRACTED
    head, after = rest[0], rest[1:]
    if head in NOMINATIVES or head in CONTRACTED:
        return after[0].isalnum() and after[0] not in PREPOSITIONS or is_verb(after[0])
    if head in SUBORDINATORS and not strict:
        return head != "as" and starts_clause(rest[1 + (head == "even") :])
    if head in PRONOUNS and _verb_follows(after):
        return True
    if head in IMPERATIVES and (not strict or head in ("don't", "dont", "never", "try")):
        return after[0] not in ("is", "was", "are", ",", ".", "and", "or", "of")
    return head.isalnum() and head not in STOPPERS and head not in PREPOSITIONS and _noun_phrase_verb(rest, strict)


def _verb_follows(after: list[str]) -> bool:
    """Whether the first word that is no adverb is a verb."""
    return next((is_verb(word) for word in after if word not in ADVERBS), False)


def _noun_phrase_verb(rest: list[str], strict: bool) -> bool:
    """Whether a noun phrase is followed by its verb before anything opens a clause of its own."""
    for before, word in pairwise(rest[:8]):
        if word in STOPPERS and (strict or word != "to") or word in NOMINATIVES or not word[0].isalnum():
            return False
        if before != "to" and (word in SURE_VERBS or word.endswith("n't") or (not strict and word in VERBS)):
            return True
    return False


def _without_comma(tokens: list[str]) -> list[str]:
    return tokens[:-1] if tokens[-1:] == [","] else tokens


def stands_alone(tokens: list[str]) -> bool:
    """Whether what stands left of a cut is whole: it has a verb of its own, and leaves no condition or word hanging."""
    tokens = _without_comma(tokens)
    tokens = tokens[2:] if tokens[1:2] == [":"] else tokens
    if not tokens or tokens[-1] in DETERMINERS or tokens[-1] in PREPOSITIONS - {"to", "in", "on", "over", "about"}:
        return False
    while tokens and tokens[0] in ("and", "but", "so", "well", "also", ",", "yeah", "then"):
        tokens = tokens[1:]
    if is_direct_answer(tokens):
        return True
    if tokens and (tokens[0] in SUBORDINATORS or tokens[0] in PREPOSITIONS or tokens[0].endswith("ing")):
        if tokens[0].endswith("ing") and _noun_phrase_verb(tokens, strict=True):
            return True
        return any(word in (",", "then") and starts_clause(tokens[at + 1 :]) for at, word in enumerate(tokens))
    if len(tokens) > 2 and tokens[0] in PRONOUNS:
        return True
    return len(tokens) > 1 and any(is_verb(word) or word in CONTRACTED or word in NOMINATIVES for word in tokens)


DIRECT = frozenset("yes yeah yep yup yea yes! no nope nah absolutely definitely agreed agree disagree exactly same this true "
                   "correct sure certainly seconded ditto both neither either never always probably maybe depends indeed totally certainly obviously nay".split())  # fmt: skip


def is_direct_answer(tokens: list[str]) -> bool:
    """Whether `tokens` are a bare answer such as "No", "Yes absolutely" or "Not really"."""
    bare = [word for word in tokens if word[0].isalnum()]
    return 0 < len(bare) <= 3 and (all(word in DIRECT for word in bare) or bare[0] == "not" and bare[-1] in
                                   ("really", "necessarily", "exactly", "true", "always", "sure"))  # fmt: skip


# ---------------------------------------------------------------- the cutting rules
def _both_whole(left: list[str], right: list[str]) -> bool:
    return starts_clause(right) and stands_alone(left)


def _addition(left: list[str], right: list[str]) -> bool:
    """A new subject after "and" or "so"; an experience keeps its outcome ("I added weights, and I got faster")."""
    shared = (
        left[-1:] != [","] and right[:1] != [] and right[0] not in NOMINATIVES | PRONOUNS | CONTRACTED | DETERMINERS
    )
    return (
        not shared
        and not _open_condition(left)
        and not _is_outcome(left, right)
        and starts_clause(right, strict=left[-1:] != [","] or right[0] not in SUBORDINATORS)
        and stands_alone(left)
    )


BEFORE_SO = (
    AUXILIARIES
    | NOMINATIVES
    | CONTRACTED
    | ADVERBS
    | frozenset("feel think hope say said been be if not and or".split())
)


def _result(left: list[str], right: list[str]) -> bool:
    """As an addition, but "so you can ..." is a purpose and stays with what it is for, and "is so" says how much."""
    purpose = left[-1:] != [","] and any(word in ("can", "can't", "cant", "could", "will", "won't", "don't", "dont",
                                                  "doesn't", "doesnt", "would") for word in right[1:3])  # fmt: skip
    return (
        not purpose
        and right[:1] != ["that"]
        and left[-1:] != []
        and left[-1] not in BEFORE_SO
        and _addition(left, right)
    )


def _reason(left: list[str], right: list[str]) -> bool:
    """A reason that names its own subject; what is denied ("not because ...") keeps its reason."""
    return (
        right[:1] != ["of"]
        and right[:1] != []
        and right[0] not in ANAPHORS
        and left[-1:]
        not in (["just"], ["only"], ["not"], ["partly"], ["mainly"], ["probably"], ["is"], ["was"], ["that's"])
        and not NEGATION.search(" ".join(left))
        and _both_whole(left, right)
    )


def _since(left: list[str], right: list[str]) -> bool:
    """After a comma "since" gives a reason, unless it tells a time ("since I started")."""
    return (
        left[-1:] == [","]
        and not any(word.endswith("ed") or word in ("was", "had") for word in right[1:3])
        and _reason(left, right)
    )


def _splice(left: list[str], right: list[str]) -> bool:
    """A comma between two sentences: the second has a pronoun subject, and nobody is being quoted."""
    pronoun = right[:1] and (right[0] in NOMINATIVES or right[0] in CONTRACTED or right[0] in PRONOUNS)
    return (
        bool(pronoun)
        and _without_comma(left)[-1:] != [] and _without_comma(left)[-1] not in SPEECH
        and not is_direct_answer(left)
        and not _leans_forward(left)
        and not _is_outcome(left, right)
        and starts_clause(right, strict=True)
        and stands_alone(left)
    )  # fmt: skip


def _hedge(left: list[str], right: list[str]) -> bool:
    """A hedge in the middle of a run-on: "they just run i suppose the more weights you do ..."."""
    return (
        left[-1:] != []
        and left[-1] not in STOPPERS | DETERMINERS | SUBORDINATORS | SPEECH | AUXILIARIES | PREPOSITIONS | ADVERBS
        and right[:1] not in ([","], ["."], ["so"])
        and (starts_clause(right) or right[:1] == ["the"])
        and stands_alone(left)
    )


def _capital(left: list[str], right: list[str]) -> bool:
    """A capital where a full stop is missing: "it helped a lot It also hurts"."""
    return starts_clause(right, strict=True) and stands_alone(left)


def _open_condition(left: list[str]) -> bool:
    """Whether the last comma-free stretch of `left` is still inside an "if", "when" or "because"."""
    last_comma = max((at for at, word in enumerate(left) if word == ","), default=-1)
    if last_comma == len(left) - 1:
        return False
    return any(
        word in ("if", "when", "unless", "because", "whether", "that", "where", "who")
        for word in left[last_comma + 1 :]
    )


def _leans_forward(left: list[str]) -> bool:
    """Whether the last stretch of `left` opens a condition that the words after the comma complete."""
    left = _without_comma(left)
    last_comma = max((at for at, word in enumerate(left) if word == ","), default=-1)
    stretch = [word for word in left[last_comma + 1 :][:3] if word not in ("and", "but", "so", "or")]
    return last_comma > 0 and bool(stretch) and (stretch[0] in SUBORDINATORS or stretch[0] in PREPOSITIONS)


def _is_outcome(left: list[str], right: list[str]) -> bool:
    """Whether `right` goes on telling what `left` began: a first person first, then the same person or "it"."""
    lead = next((word for word in left if word not in ADVERBS and word not in ("and", "but", "so", "well", ",")), "")
    hedged = right[1:2] in (["think"], ["guess"], ["believe"], ["feel"], ["suppose"], ["hope"], ["would"], ["don't"])
    return (
        lead in FIRST_PERSON
        and right[:1] != []
        and (right[0] in FIRST_PERSON or right[0] in ("it", "it's", "its"))
        and not hedged
        and len(left) + len(right) <= MAX_JOINED_WORDS
    )


Test = Callable[[list[str], list[str]], bool]


@dataclass(frozen=True, slots=True)
class Cut:
    """One splitting rule: the connector it cuts out, and what must hold of the words on both sides.

    `test` reads the words to the left (with the comma before the connector, where there is one) and to the right.
    """

    name: str
    connector: str
    test: Test


HEDGED = r"(?:i(?:['’]d)? (?:suppose|think|guess|reckon|believe|would say|say)|(?:some|most|others|many|a lot)(?: of)?(?: people)? (?:say|swear))\b"

CUTS: tuple[Cut, ...] = (
    Cut("semicolon", r"\s{0,3};\s{1,3}", _both_whole),
    Cut("dash", r"\s{1,3}[-–—]{1,3}\s{1,3}|\s?—\s?|\s?--\s?", _both_whole),
    Cut("dots", r"\s?(?:\.{2,9}|…)\s{0,3}", _both_whole),
    Cut("smile", r"\s{1,3}(?:[:;]-?[)(DP]|<3|lol|lmao|haha)\s{1,3}|\s{0,3}[\U0001F300-\U0001FAFF\u2600-\u27BF]{1,9}\s{0,3}",
        _both_whole),
    Cut("but", r",?\s{1,3}(?:but|yet|whereas|although|(?:even )?tho(?:ugh)?|however),?\s{1,3}", _both_whole),
    Cut("because", r",?\s{1,3}(?:because|cuz|coz|cause|bc)\s{1,3}", _reason),
    Cut("since", r",\s{1,3}(?:since|as)\s{1,3}", _since),
    Cut("so", r",?\s{1,3}(?:and so|so|therefore|hence|thus),?\s{1,3}", _result),
    Cut("and", r",?\s{1,3}(?:and then|and|plus|&),?\s{1,3}", _addition),
    Cut("hedge", rf",?\s{{1,3}}(?={HEDGED})", _hedge),
    Cut("capital", r"(?-i:(?<=[a-z])\s{1,3}(?=(?:It|This|That|They|There|You|We|He|She|If|My|Also|Then) [a-z]))", _capital),
    Cut("splice", r",\s{1,3}", _splice),
)  # fmt: skip

_ANY_CUT = re.compile("|".join(f"(?P<{cut.name}>{cut.connector})" for cut in CUTS), re.I)
_BY_NAME = {cut.name: cut for cut in CUTS}
_SHUT = re.compile(r"\([^()]*\)|\"[^\"]*\"|“[^“”]*”")


def clauses(text: str, span: Span) -> Iterator[Span]:
    """Yield the clauses of the sentence `text[slice(*span)]` in order: connectors are left out, nothing else is."""
    start, end = span
    tokens = [(m.start(), m[0].replace("’", "'").lower()) for m in _WORD.finditer(text, start, end)]
    begins, spoken = [at for at, _ in tokens], [word for _, word in tokens]
    shut = [m.span() for m in _SHUT.finditer(text, start, end)]
    done = 0
    for match in _ANY_CUT.finditer(text, start, end):
        while done < len(shut) and shut[done][1] <= match.start():
            done += 1
        if done < len(shut) and shut[done][0] < match.start():
            continue
        comma = match[0].startswith(",")
        here = bisect_left(begins, match.start() + comma)
        after = bisect_left(begins, match.end())
        left = spoken[max(bisect_left(begins, start), here - WINDOW) : here]
        if _BY_NAME[str(match.lastgroup)].test(left, spoken[after : after + WINDOW]):
            yield from _no_longer_than(text, (start, match.start()))
            start = match.end()
    yield from _no_longer_than(text, (start, end))


def _no_longer_than(text: str, span: Span) -> Iterator[Span]:
    """Yield `span` in pieces of at most MAX_CLAUSE characters, cut after a comma, else between words, never inside one."""
    start, end = span
    while end - start > MAX_CLAUSE:
        stop = max(text.rfind(", ", start + 1, start + MAX_CLAUSE), start)
        stop = stop if stop > start + MAX_CLAUSE // 2 else _last_space(text, start, end)
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


_SPACE = re.compile(r"\s")

# ---------------------------------------------------------------- sentences
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st vs e.g i.e eg ie fig approx dept est inc ltd jr sr u.s u.k b.s m.s b.a m.a ph.d a.k.a ca cf".split()
)
OPTIONAL_ABBREVIATIONS = frozenset("no etc min max hrs hr yrs yr a.m p.m lbs".split())
"""Abbreviations that also end sentences: they do before a capital."""
BULLET = re.compile(r"[ \t]*(?:[-*•·‣▪◦●–—+>]+[ \t]+|\(?\d{1,2}[.)][ \t]+|\(?[a-h]\)[ \t]+)")

_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’)\]*_]*(?=\s|$)|(?<=[^\W\dA-Z_]{2})[.!?]+(?=[A-Z][a-z’' ])|(?<=\w)[。！？]+")
_LAST_WORD = re.compile(r"[\w.'’]*$")
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the sentences of `text[start:end]` in order, without the white space and bullets around them."""
    for block_start, block_end in _blocks(text, start, len(text) if end is None else end):
        begin = block_start
        for match in _END.finditer(text, block_start, block_end):
            if _ends_sentence(text, block_start, block_end, match):
                yield from _stripped(text, begin, match.end())
                begin = match.end()
        yield from _stripped(text, begin, block_end)


def _ends_sentence(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    following = text[match.end() : min(end, match.end() + 4)].lstrip()[:1]
    mark = match[0]
    if following.islower() and (mark.startswith(("..", "…")) or ")" in mark):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    found = _LAST_WORD.search(text[max(start, match.start() - 12) : match.start()])
    word = found[0].lower() if found else ""
    if word in OPTIONAL_ABBREVIATIONS:
        return not (following.islower() or following.isdigit())
    return word not in ABBREVIATIONS and not (len(word) == 1 and word.isalpha() and word != "i")


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
        line = match.span()
        if (
            not match[0].strip()
            or BULLET.match(match[0])
            or (paragraph and text.count("\n", paragraph[-1][1], line[0]) > 1)
        ):
            yield from _lines_of(text, paragraph)
            paragraph = []
        if match[0].strip():
            bullet = BULLET.match(match[0])
            paragraph.append((line[0] + (bullet.end() if bullet else 0), line[1]))
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
    return full and width <= longest and (len(lines) > 2 or following[0].islower())
