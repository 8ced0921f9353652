"""Post -> Claims: the smallest self-contained things a post asserts, advises or reports, as verbatim spans.

A post is read as sentences and these as clauses (`indexer.clauses`); each clause loses what stands around it
(`indexer.trimming`), and is then skipped for a named reason or kept as a claim with its kind and context.
`split_claims` keeps the books; KINDS is the table of kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.thread import Post, Skipped, content_id
from indexer.clauses import Span, clauses, sentences
from indexer.trimming import QUOTED, SIGNATURE, trimmed
from indexer.words import IMPERATIVES, SUBORDINATORS, one_of, phrases, rule, words

SPLITTER_VERSION = "2"

CONTEXT_LENGTH = 200
"""Characters of context at most: about 40 words, what a judge reads beside a claim."""


class Kind(StrEnum):
    """What sort of thing a claim is."""

    ADVICE = "advice"
    EXPERIENCE = "experience"
    REASON = "reason"
    HEARSAY = "hearsay"
    STUDY = "study"


@dataclass(frozen=True, slots=True)
class Claim:
    """A verbatim span of a post: `post.text[claim.start:claim.end] == claim.text`.

    `context` is what a judge should read beside it: the sentence before it in the same post, or what stands before it
    in its own sentence; for a post's first claim, the post it answers, the words it quotes, or the thread's question.
    """

    id: str
    post_id: str
    thread_id: str
    start: int
    end: int
    text: str
    kind: Kind
    context: str = ""


def claim_id(post_id: str, start: int, end: int, text: str) -> str:
    """Return the id that a claim gets where it is first found; it keeps it when its post is edited around it."""
    return content_id(post_id, str(start), str(end), text)


@dataclass(frozen=True, slots=True)
class Split:
    """The claims of a post in order, and what was not kept, each with a named reason (`indexer.trimming.REASONS`)."""

    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]


# ---------------------------------------------------------------- kinds
_OFTEN = r"(?:(?:\w+ly|also|just|only|first|never|still|always|often|now|all|here|usually|maybe|definitely)\s)*"
_OPENER = "(?:and|but|so|also|yes|yeah|yea|yep|no|nope|well|plus|because|though|then|currently|same,)"
_STUDY = rule(
    r"""
    \b<work> ((i|we) (read|saw|found) )?((clearly|also|has|have|does|do|doesn't|don't|that) )*<finds>\b
    \baccording to (a|the|this|some|recent|one) (\w+ ){0,3}(stud(y|ies)|research|paper|survey|article)
    \b(meta-?analys[ei]s|peer[- ]reviewed|randomi[sz]ed|placebo|scientifically|no evidence)\b
    \b(clinical|scientific) (trials?|stud(y|ies)|evidence)\b
    \bevidence (that|for|is)\b
    \b(there (is|are|was|were|has been)|there's|a lot of|plenty of|recent|several|many|some|lots of) (\w+ )?<work>\b
    """,
    work="(?:stud(?:y|ies)|research(?:ers)?|trials?|evidence|literature|science|statistics|stats|data|surveys?|papers?)",
    finds="(?:shows?|showed|shown|says?|suggest(?:s|ed)?|finds?|found|proves?|proven|indicates?|supports?|points? to)",
)
_HEARSAY = rule(
    r"""
    \bi('ve| have)? <often>(heard|read (that|about|of|somewhere|online|on|in)\b)
    \b(people|guys|anyone|someone|students|runners) i know\b
    \bi('ve| have| was| am|'m) <often>(been )?told\b
    \b(apparently|supposedly|rumou?r|rumou?rs|according to|word is)\b
    \b<who>( of (people|them|us|runners|folks|you))?( (i|we) (know|met|asked|spoke to))? <often><says>\b
    \ba (bunch|couple|few|lot|number) of (\w+ ){1,2}<says>\b
    \A(<opener> )?(my|an?|one|some) (\w+ )?<kin>( of mine)? (?!(and|or|who|that)\b)\w+
    \A(<opener> )?(a )?<kin>s? of mine\b
    """,
    often=_OFTEN,
    opener=_OPENER,
    kin=phrases("""
        friend|buddy|roommate|mom|mum|dad|mother|father|sister|brother|wife|husband|cousin|uncle|aunt|son|daughter
        girlfriend|boyfriend|neighbou?r|co-?worker|colleague|teammate|labmate
    """),
    who=phrases("""
        everyone|everybody|people|many|most|some|a lot|lots|others|they|he|she|experts?|coach(es)?|trainers?|physios?
        doctors?|doc|friends?|guy|lady|teachers?|professors?|advisors?|boss|article|book
        mom|mum|dad|mother|father|sister|brother|wife|husband
    """),
    says="(?:say|says|said|told|tell|tells|swears?|claims?|claimed|recommends|recommended|reckons?)",
)
_NAMED = re.compile(
    r"(?<![.!?] )\b(?!(?:I|It|The|If|When|But|And|So|You|We|They|He|She|This|That|There|What|My|Your|Just|Not|No)\b)"
    r"[A-Z][a-z]+ [A-Z][a-z]+ (?:does|did|do|said|says|used|uses|trained|trains|runs|ran|lifts|lifted|swears)\b"
)
"""A person by name who does it: "Mo Farah does squats"."""
_PAST = phrases("""
    was|were|had|did|didn't|wasn't|went|got|ran|took|made|found|felt|started|stopped|gave|came|became|left|kept|began
    lost|saw|used|spent|paid|chose|quit|bought|taught|wrote|met|dropped|\\w{2,}ed
""")
_DONE = "(?:been|had|done|gone|taken|seen|found|gotten|got|lost|made|felt|known|used|\\w{3,}ed)"
_ADVICE = rule(
    r"""
    (?<!\bi\s)\b(should(n't)?|must|ought to)\b(?! (i|have|be able|be so)\b)
    (?<!\bif\s)\byou<softly> (need to|better|could)\b
    \byou('ll| will| might| may) (also |really |probably )?want to\b
    \byou (really |also |just |definitely |don't )?have to\b(?! \w+ed\b)
    \byou (can always|might like|may like)\b
    \bi('d| would)? say (just )?<request>\b
    \b(maybe|perhaps) (?!i\b)(\w+ ){1,2}(could|can)\b
    \bit's (perfectly |totally )?(ok|okay|fine|alright) to\b
    (?<!\bi\s)(?<!\bwe\s)(?<!you\s)(?<!they\s)\bdon't (give up|worry|be (afraid|scared)|hesitate|forget|overthink)\b
    \b(he|she|they|op|people|everyone|one) <often>needs? to\b
    \bi('d| would) (not )?<often>((?!(<muse>|<past>|<done>)\b)[a-z]+|proceed|need)\b
    \bi wouldn't (?!have|be\b|say|know|call|think|mind)
    \bi <often>(would |do |can only |can't )*<often>(recommend|suggest|advise|encourage|urge)\b
    \bmy (advice|suggestion|recommendation|tip)\b
    \bif i (were|was) (you|in your)
    \b(go for it|make sure|(your|the) best bet|better off|no need to|why not|it's (best|better) to|highly recommend)
    """,
    often=_OFTEN,
    request=f"(?:{'|'.join(sorted(IMPERATIVES))})",
    softly="(?: had| will| would| do| don't| might| may| really| also| just| definitely| only|['’](?:d|ll))*",
    muse=phrases("""
        like|love|say|think|guess|have|be|been|rather|hate|prefer|agree|imagine|expect|argue|assume|had|got|gone|done
        bet|appreciate|want|not|never|hope|believe|guarantee|know|mind|kill|die|just|also|only|first|still|always|all|here
        often|now|usually|maybe|definitely|\\w+ly
    """),
    past=_PAST,
    done=_DONE,
)
_EXPERIENCE = rule(
    r"""
    \b(since|after|when|until|once|while) (i|we)\b
    \b(for|helped|hurt|cost|saved|gave|got|made|taught|told|let) (me|us)\b(?! know)
    (?<!\bif\s)\b(i|we) <often><past>\b
    \bi('ve| have| had|'d) <often><done>\b
    \bi('ve| have| had) <often>(run|become|come|read)\b
    (?<!whether\s)(?<!\bif\s)\bi('m| am) (?!<stance>\b)\w+
    \bi couldn't (?!agree|care|have|say|imagine)
    \bhave had to\b
    \b(happen(s|ed)?|work(s|ed)?) (to|for) me\b
    \b(at|in) my (\w+ )?<place>\b
    \bwhere i('m| am| live| work| go| study)\b
    \b(has|have) (\w+ly |really |also )*(paid off|worked (well|great|wonders|out)|helped|improved)\b
    \b(in|from) my (own |personal |limited )?experience\b
    \bmy (\w+ ){1,3}(was|were|went|had|got|\w{3,}ed|disappeared|is (now|gone))\b
    \A(been there|same here|did (it|this|that|the same))\b
    \Ahad to\b
    \A<past> (?!by\b|to\b|in\b|on\b|up\b|the same\b)
    \Aas an? (\w+ ){1,4}i\b
    \A((<opener> ){0,2}|([^,]{1,40}, ){1,2})(i|we) <often>((try|do) )?(?!<muse>\b)[a-z]+\b
    \A(currently|still|also|just) \w+ing\b
    \A(hate|love|loved|hated|miss)d? (it|this|that|the|my|how|being|having)\b
    """,
    often=_OFTEN,
    past=_PAST,
    done=_DONE,
    muse=phrases("""
        think|guess|suppose|believe|know|wish|hope|agree|disagree|doubt|mean|say|would|will|can|can't|cannot|could
        couldn't|should|shouldn't|don't|do|want|wanna|need|like|love|hate|feel|see|understand|imagine|bet|might|may
        recommend|suggest|wonder|figure|reckon|assume|promise|second|concur|guarantee|appreciate|second|am|\\w+ly
    """),
    opener=_OPENER,
    place="(?:school|college|uni|university|dep(?:artmen)?t|lab|job|work|office|gym|club|company|country|state|town)",
    stance=phrases(
        """
        not (saying|sure|certain|going to|trying|talking)|sure|certain|saying|wondering|curious|sorry|afraid|positive
        convinced|<very>|guessing|assuming|thinking|going to|gonna|glad|happy (for|to)
        just (saying|wondering)|confident|talking|only saying|with
    """,
        very="(?:(?:really|so|very|pretty|fairly|quite)\\s(?:sure|certain|confident|convinced|glad|sorry))",
    ),
)
_YES_NO = rule(r"(yes|yeah|yep|yup|yea|no|nope|nah|absolutely|definitely|exactly|agreed|true|sure|correct)\b[\s,:;–-]*")
_AFTER_A_NOUN = one_of("is was are were will would can could has should must may might isn't wasn't won't can't of")
_BEFORE_REQUEST = one_of(
    ", additionally then please just and or but so maybe perhaps definitely absolutely always also"
)


def _from_request(tokens: list[str]) -> list[str]:
    """Return `tokens` without what may stand before an imperative."""
    return tokens[next((at for at, word in enumerate(tokens) if word not in _BEFORE_REQUEST), len(tokens)) :]


def _is_request(text: str) -> bool:
    """Whether the clause, or what follows its opening condition, is an imperative: "if you are injured, stop"."""
    tokens = _from_request(words(_YES_NO.sub("", text, count=1)[:CONTEXT_LENGTH]))
    if tokens and tokens[0] in SUBORDINATORS and "," in tokens:
        tokens = _from_request(tokens[tokens.index(",") :])
    if not tokens or tokens[0] not in IMPERATIVES:
        return False
    told = tokens[0] == "never" and re.match(_PAST, " ".join(tokens[1:2]))
    return not told and _AFTER_A_NOUN.isdisjoint(tokens[1:2])


KINDS = (
    (Kind.ADVICE, _is_request),
    (Kind.STUDY, _STUDY.search),
    (Kind.HEARSAY, _HEARSAY.search),
    (Kind.HEARSAY, _NAMED.search),
    (Kind.ADVICE, _ADVICE.search),
    (Kind.EXPERIENCE, _EXPERIENCE.search),
)
"""The first that holds of a claim, read with its openers, is its kind; `reason` where none does."""


def kind_of(text: str) -> Kind:
    """Return the kind of a claim from its words."""
    return next((kind for kind, holds in KINDS if holds(text)), Kind.REASON)


# ---------------------------------------------------------------- the books
def split_claims(post: Post, *, question: str = "", answers: Post | None = None) -> Split:
    """Return the claims of `post` in order, and what was skipped, by reason.

    `question` is the thread's question; `answers` the post that this one answers, where it answers one: the context of
    the first claim comes from them. Spans never overlap and never lie in `post.quotes`. Never raises.
    """
    text = post.text
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    alone = len(text) < CONTEXT_LENGTH and len(text.split()) == 1
    answered = question if answers is None or answers.position == 0 else answers.text
    before = ""
    for region, reason in _regions(post):
        if reason:
            skipped.append(_skip(post, reason, region))
            answered = before = text[slice(*region)] if reason == QUOTED else before
            continue
        for sentence in sentences(text, *region):
            for clause in clauses(text, sentence):
                span, reasons = trimmed(text, clause, sentence, alone=alone)
                skipped.extend(_skip(post, name, left_out) for name, left_out in reasons)
                if span:
                    nearby = text[sentence[0] : clause[0]] or before
                    context = _ending(nearby if claims else answered)
                    claims.append(_claim(post, span, kind_of(text[clause[0] : span[1]]), context))
            before = text[slice(*sentence)]
    return Split(tuple(claims), tuple(skipped))


def _claim(post: Post, span: Span, kind: Kind, context: str) -> Claim:
    start, end = span
    text = post.text[start:end]
    return Claim(claim_id(post.id, start, end, text), post.id, post.thread_id, start, end, text, kind, context)


def _skip(post: Post, reason: str, span: Span) -> Skipped:
    start, end = span
    return Skipped(reason, post.text[start:end], place=f"characters {start} to {end}")


def _ending(text: str) -> str:
    """Return the last CONTEXT_LENGTH characters of `text`, from the start of a word, on one line."""
    line = " ".join(text[-4 * CONTEXT_LENGTH :].split())
    if len(line) <= CONTEXT_LENGTH:
        return line
    ending = line[-CONTEXT_LENGTH:]
    return ending.partition(" ")[2] or ending


_QUOTE_LINES = re.compile(r"^[ \t]*>.*$(?:\n[ \t]*>.*$)*", re.MULTILINE)
_SIGNATURE_LINE = re.compile(r"^(?:--[ \t]?|_{5,})\r?$", re.MULTILINE)


def _regions(post: Post) -> Iterator[tuple[Span, str]]:
    """Yield the stretches of a post in order, with the reason to skip each; "" for prose."""
    text = post.text
    signature = _SIGNATURE_LINE.search(text)
    limit = signature.start() if signature else len(text)
    quotes = [(quote.start, quote.end) for quote in post.quotes]
    done = 0
    for first, last in sorted(quotes + [match.span() for match in _QUOTE_LINES.finditer(text)]):
        start, end = max(first, done), min(last, limit)
        if start < end:
            yield (done, start), ""
            yield (start, end), QUOTED
            done = end
    yield (done, limit), ""
    if text[limit:].strip():
        yield (limit, len(text)), SIGNATURE
