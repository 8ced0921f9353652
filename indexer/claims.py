"""Post -> Claims: the smallest self-contained things a post asserts, advises or reports, as verbatim spans.

A post is read as sentences, sentences as clauses (`indexer.clauses`); each clause loses its greeting, openers and
hedges, and is then skipped for a named reason or kept as a claim with its kind and context. The rules are the tables
LEADS, TAILS, SKIPS and KINDS; `split_claims` keeps the books.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.thread import Post, Skipped, content_id
from indexer import clauses as _clauses
from indexer.clauses import Span

SPLITTER_VERSION = "1"

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

    `context` is what a judge should read beside it: the words before it in the same post, or, for a post's first
    claim, the post it answers.
    """

    id: str
    post_id: str
    thread_id: str
    start: int
    end: int
    text: str
    kind: Kind
    context: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The claims of a post in order, and what was not kept, each with a named reason."""

    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]


# ---------------------------------------------------------------- reasons of skipping
ADDRESSING = "addressing"
COURTESY = "courtesy"
DELETED = "deleted"
EDIT_NOTE = "edit_note"
EMOJI_ONLY = "emoji_only"
GREETING = "greeting"
HEDGE_ONLY = "hedge_only"
JOKE = "joke"
LINK_ONLY = "link_only"
NOT_PROSE = "not_prose"
QUESTION = "question"
QUOTED = "quoted"
SIGNATURE = "signature"
THANKS = "thanks"
TOO_SHORT = "too_short"


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I | re.X)


# ---------------------------------------------------------------- what is taken off a clause
HEDGE = r"""(?:
    i(?:['’]?d|\ would|\ do|\ personally|\ honestly|\ really|\ still|\ also|\ just)?\ (?:think|guess|suppose|reckon|believe|assume|figure|imagine|
        would\ say|say|feel\ like|feel\ that|feel\ as\ if)
  | i(?:['’]?m|\ am)\ (?:pretty\ |fairly\ |quite\ |almost\ |not\ saying\ )?(?:sure|certain|convinced|positive)
  | (?:it\ )?(?:seems|appears)\ (?:to\ me\ )?(?:that|like)
  | (?:in\ )?my\ (?:humble\ |honest\ |personal\ )?opinion(?:\ is(?:\ that)?)?
  | (?:to\ be|if\ i['’]?m(?:\ being)?)\ (?:completely\ |totally\ |perfectly\ )?(?:honest|fair|frank)
  | as\ far\ as\ i(?:\ know|['’]?m\ aware|\ can\ tell) | if\ i['’]?m\ (?:right|not\ (?:wrong|mistaken)) | i\ mean | you\ know
  | imh?o | tbh | tbf | ngl | fwiw | afaik | iirc | personally | honestly | frankly | to\ me
)"""
"""Words that say how sure a person is and nothing about the matter."""

_GUYS = r"(?:\ (?:all|everyone|everybody|guys|there|folks|people|op|mate|again|y['’]?all|friend|man|dude|bro|buddy))"
_NOT_A_HEDGE = _rule(
    r"(?:so|not|about|of|to|in|on|it|through|back|too|hard|over|if|what|how|which|who)\b(?!\ is\b|['’]s)"
)

LEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (GREETING, _rule(rf"(?:hi+|hello|hey+|hiya|yo|greetings|howdy|good\ (?:morning|evening|afternoon|day)|g['’]day|dear){_GUYS}{{0,2}}[\s,!.–-]+")),
    (THANKS, _rule(rf"""(?:cheers|thanks|thank\ you|thank\ u|thx|ty)(?!\ to\b)(?:\ a\ lot|\ so\ much|\ very\ much|\ again|\ in\ advance)*{_GUYS}{{0,2}}
        (?:\ for\ (?:\w+\ ){{0,4}}(?:repl(?:y|ies)|advice|help|responses?|input|info|information|tips?|answers?|comments?|suggestions?|words|post))?[\s,!.–-]+""")),
    ("opener", _rule(r"""(?:but|and|so|also|plus|well|anyways?|however|therefore|though|oh|ah+|hm+|um+|uh+|er+m*|lol|haha+|ok(?:ay)?|(?:like|look|see|right|listen|now|for\ (?:example|instance)|bro|dude|man)(?=,)|bro|dude|
        (?:of\ )?course|obviously|basically|then|additionally|furthermore|moreover|besides|ps|p\.s\.|edit|update|tl;?dr|as\ (?:others|everyone|people|mentioned)(?:\ (?:have\ |has\ )?said)?|
        don['’]?t\ get\ me\ wrong|first(?:ly|\ of\ all)?|second(?:ly)?|third(?:ly)?|finally|lastly|my\ (?:advice|suggestion|tip|take|2\ cents|two\ cents)(?=\ ?:))
        (?:\s*[,:!;.–-]+\s*|\s+)""")),
    ("hedge", _rule(rf"{HEDGE}(?:\s*[,:;.–-]+\s*|\s+)(?:that\s+(?=(?:i|you|he|she|it|we|they|the|a|an|my|your|there|this|these|most|many|some|people|if)\b))?")),
)  # fmt: skip
"""What may stand before a claim. Greetings and thanks are counted as skipped; openers and hedges are not."""

TAILS = _rule(rf"""[\s,.;:!–-]+(?:{HEDGE}|though|tho|lol|lmao|haha+|anyways?|mate|bro|buddy|[:;]-?[)(DPp/]|<3|x+)\Z|(?:[\s,.;:!*_~–…\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]|\s-)+\Z""")  # fmt: skip
_LEANS_BACK = re.compile(r"\b(?:what|that|how|as|than|like|which|who|do|all)\Z", re.I)
"""Before these a closing "I think" is no hedge: "that's what I think"."""
_LEAD_MARKS = re.compile(r"[\s,.;:!*_~>”^&–—…)\]\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F/|=#-]+")
_YES_NO = _rule(
    r"(?:yes|yeah|yep|yup|yea|no|nope|nah|absolutely|definitely|exactly|agreed|true|sure|correct)\b[\s,:;–-]*"
)

# ---------------------------------------------------------------- what is no claim
_SUBJECT = r"(?:i|you|u|we|they|he|she|it|there|this|that|the|these|those|any|anyone|anybody|someone|somebody|people|my|your|one)\b"
_PERSON = r"(?:i|you|u|we|they|he|she|anyone|anybody|someone|people)\b"
QUESTION_OPENING = _rule(rf"""(?:
    (?:is|are|was|were|can|could|should|would|will|am|does|isn['’]?t|aren['’]?t|can['’]?t|couldn['’]?t|shouldn['’]?t|wouldn['’]?t|won['’]?t|doesn['’]?t)\ {_SUBJECT}
  | (?:do|did|have|has|had|don['’]?t|didn['’]?t|haven['’]?t)\ {_PERSON}
  | (?:what|which|who|where|when|why|how)(?:\ \w+)?\ (?:do|does|did|can|could|should|would|will|are|is)\ {_PERSON}
  | (?:what|how)\ about\b | how\ come\b | why\ not\b | anyone\ (?:else\ )?(?:have|know|got|tried|here|been)\b | any\ (?:advice|tips|thoughts|ideas|suggestions|recommendations)\b
  | (?:i(?:\ am|['’]?m|\ was|['’]ve\ been)\ )?(?:was\ |just\ )?(?:wondering|curious)\b | i\ (?:just\ |also\ )?(?:wonder\b|want(?:ed)?\ to\ (?:know|ask)|would\ (?:like|love)\ to\ (?:know|ask|hear))
  | i['’]?d\ (?:like|love)\ to\ (?:know|ask|hear)
)""")  # fmt: skip

SKIPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (DELETED, _rule(r"\[?(?:deleted|removed)(?:\ by\ \w+)?\]?")),
    (LINK_ONLY, _rule(r"(?:\S{0,40}\s*)?[(<\[]?(?:https?://|www\.)\S+")),
    (EDIT_NOTE, _rule(r"(?:edit(?:ed)?|eta|update)\b\s*\d*[:,-]?\s*(?:(?:for|to|fixed|added|removed|typos?|spelling|formatting|grammar|clarity|words?|wording|thanks?)\b.*)?")),
    (SIGNATURE, _rule(r"""sent\ from\ (?:my\ )?.{1,40}|get\ outlook\ for\ .*|posted\ (?:via|from)\ .{1,40}
        |(?:cheers|regards|(?:kind|best|warm)\ (?:regards|wishes)|best|sincerely|yours(?:\ truly)?|love|thanks)[,\s–-]+(?-i:[A-Z])\w*\.?""")),
    (GREETING, _rule(rf"(?:hi+|hello|hey+|hiya|yo|greetings|howdy|welcome|good\ (?:morning|evening|afternoon|day)|g['’]day|dear)(?:{_GUYS}|\ to\ the\ (?:forum|board|sub|club)s?|\ @?\w+)?")),
    (THANKS, _rule(r"""(?:(?:ok|okay|wow|great|awesome|oh|ah|and|many|big|well|cool|yes|yeah|ha),?\ )?(?:cheers|thanks|thank\ (?:you|u)|thx|tysm|ty)\b(?!\ to\b).*
        |(?:i\ |we\ )?(?:really\ |greatly\ |so\ |very\ )?(?:much\ )?appreciate[ds]?\b(?:\ (?:it|this|that|the|your|you|all|everyone|any)\b.*)?
        |any\ .{0,40}\bappreciated|(?:that|this)\ (?:would|will)\ be\ (?:much|greatly)\ appreciated""")),
    (COURTESY, _rule(r"""(?:and\ |so\ |anyway,?\ )?(?:good\ luck|best\ of\ luck|all\ the\ best|congrat(?:s|z|ulations)|well\ done|take\ care|have\ (?:fun|a\ (?:good|great|nice)\ \w+)|(?:i\ )?hope\ (?:this|that|it|these|some)\b.{0,30}\bhelp|
        (?:hope|hoping)\ (?:you|your|everything)|i\ wish\ you|wish(?:ing)?\ you|let\ (?:me|us)\ know|lmk|keep\ us\ (?:posted|updated)|feel\ free\ to\ (?:pm|dm|message|ask|reach|contact)|(?:i(?:['’]?m|\ am)\ )?(?:so\ |very\ |really\ )?sorry\ (?:to\ hear|for\ your|about|that\ you)|
        you(?:['’]re|r|\ are)?\ (?:very\ |most\ )?welcome|no\ (?:problem|worries)|nice\ (?:one|post|job|work)|great\ (?:question|post|job|work)|happy\ to\ help|glad\ (?:to|i|it)\b.{0,20}\bhelp\w*|pm\ (?:me|sent)|dm\ me|check\ your\ (?:pm|dm)s?|bump|following|subscribed)\b.{0,60}""")),
    (JOKE, _rule(r"(?:lo+l|lmao|rofl|(?:ha){2,}h?|(?:he){2,}|jk|just\ kidding|kidding|xd)|.*\s/s")),
    (HEDGE_ONLY, _rule(rf"""{HEDGE}|(?:i\ (?:honestly\ |really\ |just\ )?(?:don['’]?t|do\ not)\ know|idk|dunno|i(?:['’]?m|\ am)\ not\ (?:really\ |too\ |entirely\ |100%\ )?sure|not\ (?:really\ |too\ )?sure|no\ idea|i\ have\ no\ idea|who\ knows|hard\ to\ say)
            (?:\ (?:why|what|about\ \w+|if\ that\ helps|though|tbh|either|yet))?
        |(?:but\ )?(?:that['’]?s\ |it['’]?s\ )?(?:just\ )?(?:my|me)(?:\ (?:own|personal))?(?:\ (?:2|two|\$0?\.02)(?:\ cents|c)?|\ opinion|\ thoughts|\ take)?(?:\ though)?|(?:just\ )?(?:saying|sayin|a\ thought|a\ guess|guessing)
        |ymmv|your\ (?:own\ )?mileage\ may\ vary|ianal|i(?:['’]?m|\ am)\ (?:not\ an?|no)\ (?:expert|doctor|lawyer|doc|professional)|(?:i\ )?(?:could|may|might)\ be\ wrong|correct\ me\ if\ i['’]?m\ wrong|don['’]?t\ quote\ me(?:\ on\ \w+)?
        |take\ (?:it|this|that|what\ i\ say)\ with\ a\ (?:grain|pinch)\ of\ salt""")),
    (ADDRESSING, _rule(r"@?\w+\s+(?:wrote|said|writes)(?:\ .{0,40})?:?|originally\ posted\ by\ .*|(?:@\w+\s*)+|(?:to\ )?op")),
)  # fmt: skip
"""Whole clauses that assert nothing about the matter, by reason; tried in order, on the clause without end marks."""


# ---------------------------------------------------------------- kinds
_STUDY = _rule(r"""\b(?:stud(?:y|ies)|research(?:ers)?|meta-?analys[ei]s|trials?|evidence|literature|science|statistics|stats|data|surveys?|papers?)
        \ (?:(?:i|we)\ (?:read|saw|found)\ |clearly\ |also\ |has\ |have\ |does\ |do\ |doesn['’]?t\ |don['’]?t\ |that\ )*
        (?:shows?|showed|shown|says?|suggests?|suggested|finds?|found|proves?|proven|indicates?|supports?|points?\ to|backs?|compar(?:ed|ing))\b
    | \baccording\ to\ (?:a|the|this|some|recent|one)\ (?:\w+\ ){0,3}(?:stud(?:y|ies)|research|paper|survey|article)
    | \b(?:meta-?analys[ei]s|peer[- ]reviewed|randomi[sz]ed|placebo|clinical\ (?:trials?|stud(?:y|ies))|scientific\ (?:evidence|stud(?:y|ies))|scientifically|no\ evidence|evidence\ (?:that|for|is))\b
    | \b(?:there\ (?:is|are|was|were|has\ been)|there['’]s|a\ lot\ of|plenty\ of|recent|several|many|some|lots\ of)\ (?:\w+\ )?(?:studies|research|evidence)\b""")  # fmt: skip
_HEARSAY = _rule(r"""\bi(?:['’]?ve|\ have)?\ (?:also\ |only\ |always\ |often\ )?(?:heard|read)\b | \bi(?:['’]?ve|\ have|\ was|\ am|['’]?m)\ (?:always\ |also\ |been\ |often\ )*told\b | \bapparently\b | \bsupposedly\b | \brumou?r | \bword\ is\b
    | \b(?:everyone|everybody|people|many|most|some|a\ lot|lots|others|they|he|she|experts?|coaches|doctors?|friends?|guy|lady|teacher|coach|trainer|physio|professors?|advisors?|mom|dad|mother|father|sister|brother|wife|husband|boss|article|book)
        (?:\ of\ (?:people|them|us|runners|folks|you))?(?:\ (?:i|we)\ (?:know|met|asked|spoke\ to))?\ (?:always\ |often\ |usually\ |all\ |here\ |also\ |just\ )?(?:say|says|said|told|tell|tells|swears?|claims?|claimed|recommends|recommended|reckons?)\b
    | \baccording\ to\b""")  # fmt: skip
_NAMED = re.compile(r"\b(?<![.!?] )(?!(?:I|It|The|If|When|But|And|So|You|We|They|He|She|This|That|There|What|My|Your|Don|Just|Not|No|Yes)\b)[A-Z][a-z]+ [A-Z][a-z]+ (?:does|did|do|said|says|used|uses|trained|trains|has|runs|ran|lifts|lifted|swears)\b")  # fmt: skip
_ADVICE = _rule(r"""\b(?<!\bi\ )(?:should(?:n['’]?t)?|must|ought\ to)\b(?!\ (?:i|have|be\ able|be\ so)\b) | \byou(?:['’]?d|\ had|['’]ll|\ will|\ would|\ do|\ don['’]?t|\ might|\ may|\ really|\ also|\ just|\ definitely|\ only)*\ (?:need\ to|have\ to|better|want\ to|could|can\ always)\b
    | \b(?:he|she|they|op|people|everyone|one)\ (?:\w+ly\ |also\ |just\ )?(?:needs?|ha(?:s|ve))\ to\b | \bi\ wouldn['’]?t\ (?!have|be\b|say|know|call|think)
    | \bi(?:['’]?d|\ would)\ (?:\w+ly\ |also\ |just\ |maybe\ |personally\ |not\ |never\ |still\ )*(?!(?:like|love|say|think|guess|have|be|been|rather|hate|prefer|agree|imagine|expect|argue|assume|\w+ed|had|got|gone|done|bet|appreciate|also|just|not|never)\b)\w+
    | \bi\ (?:\w+ly\ |also\ |would\ |do\ |can\ only\ |can['’]?t\ )*(?:recommend|suggest|advise|encourage|urge)\b | \bmy\ (?:advice|suggestion|recommendation|tip)\b | \bif\ i\ (?:were|was)\ (?:you|in\ your)
    | \b(?:go\ for\ it|make\ sure|(?:your|the)\ best\ bet|better\ off|no\ need\ to|why\ not|it['’]?s\ (?:best|better)\ to|highly\ recommend(?:ed)?|feel\ free)\b""")  # fmt: skip
_EXPERIENCE = _rule(r"""\b(?:since|after|when|until|once|while)\ (?:i|we)\b | \b(?:for|helped|hurt|cost|saved|gave|got|made|taught|told|let)\ (?:me|us)\b(?!\ (?:it['’]?s|know))
    | \b(?:i|we)\ (?:(?!think|guess|suppose|believe|know|wish)\w+ly\ |also\ |just\ |only\ |first\ |never\ |still\ |always\ )?(?:was|were|had|did|didn['’]?t|wasn['’]?t|went|got|ran|took|made|found|felt|started|stopped|gave|came|became|left|kept|began|lost|saw|did|used|spent|paid|chose|quit|bought|taught|wrote|met|dropped|\w{2,}ed)\b
    | \bi(?:['’]?ve|\ have|\ had|['’]?d)\ (?:\w+ly\ |also\ |just\ |never\ |always\ )?(?:been|had|done|gone|run|taken|seen|found|gotten|got|lost|made|felt|known|become|used|\w{3,}ed)\b
    | \bi(?:['’]?m|\ am)\ (?:currently\ |now\ |also\ |still\ |just\ |about\ |in\ |at\ |on\ |a\ |an\ |\d|\w+ing\b|(?:doing|getting|\d+))
    | \b(?:has|have)\ (?:really\ |also\ |definitely\ |\w+ly\ )?(?:paid\ off|worked\ (?:well|great|wonders|out)|helped|improved)\b
    | \b(?:in|from)\ my\ (?:own\ |personal\ |limited\ )?experience\b | \bmy\ (?:\w+\ ){1,3}(?:was|were|went|had|got|\w{3,}ed|improved|disappeared|is\ (?:now|gone))\b
    | \A(?:been\ there|did\ (?:it|this|that|the\ same)|same\ here|(?:suffered|had|went|got|took|started|stopped|tried|used|ran|added|found|felt|lost|ended|\w{3,}ed)\ (?!by\b|to\b|in\b|on\b|up\b))
    | \A(?:i|we)\ (?:\w+ly\ |also\ |just\ |never\ |always\ |try\ to\ |still\ )?(?!\b(?:think|guess|suppose|believe|know|wish|hope|agree|disagree|doubt|mean|say|would|will|can|can['’]?t|cant|could|couldn['’]?t|should|don['’]?t|do|dont|want|need|like|love|hate|feel|see|understand|imagine|bet|might|may|recommend|suggest|wonder|figure|reckon|assume|promise|second|concur)\b)[a-z]+\b""")  # fmt: skip


_BEFORE_REQUEST = frozenset("then please just and or but so maybe perhaps definitely absolutely always also".split())


def _is_request(text: str) -> bool:
    """Whether the clause, or what follows its opening condition, is an imperative: "if you are injured, stop running"."""
    text = _YES_NO.sub("", text, count=1)
    tokens = _clauses.words(text)
    if tokens and tokens[0] in _clauses.SUBORDINATORS:
        tokens = _clauses.words(text.partition(",")[2])
    tokens = tokens[next((at for at, word in enumerate(tokens) if word not in _BEFORE_REQUEST), 0) :]
    return tokens[:1] != [] and tokens[0] in _clauses.IMPERATIVES and not _clauses.AUXILIARIES.intersection(tokens[1:2])


KINDS: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    (Kind.STUDY, _STUDY.search),
    (Kind.HEARSAY, lambda text: _HEARSAY.search(text) or _NAMED.search(text)),
    (Kind.ADVICE, lambda text: _ADVICE.search(text) or _is_request(text)),
    (Kind.EXPERIENCE, _EXPERIENCE.search),
)
"""The first that holds of a claim with its openers is its kind; `reason` where none does."""


def kind_of(text: str) -> Kind:
    """Return the kind of a claim from its words."""
    return next((kind for kind, holds in KINDS if holds(text)), Kind.REASON)


# ---------------------------------------------------------------- the books
def split_claims(post: Post, *, question: str = "", answers: Post | None = None) -> Split:
    """Return the claims of `post` in order, and what was skipped, by reason.

    `question` is the thread's question; `answers` the post that this one answers, where it answers one. Either becomes
    the context of the first claim. Spans never overlap and never lie in `post.quotes`. Raises nothing, whatever the text.
    """
    text = post.text
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    answered = question if answers is None or answers.position == 0 else answers.text
    only = _sole_word(text)
    before = ""
    for start, end, reason in _regions(post):
        if reason:
            skipped.append(_skip(reason, text, start, end))
            before = text[start:end] if reason == QUOTED else before
            answered = before or answered
            continue
        for sentence in _clauses.sentences(text, start, end):
            for clause in _clauses.clauses(text, sentence):
                (kept_start, kept_end), reasons = _read(text, clause, sentence, only)
                skipped.extend(_skip(name, text, *span) for name, span in reasons if text[slice(*span)].strip())
                if kept_start < kept_end:
                    words = text[kept_start:kept_end]
                    nearby = text[sentence[0] : clause[0]] if clause[0] > sentence[0] else before
                    claims.append(
                        Claim(
                            id=content_id(post.id, str(kept_start), str(kept_end), words),
                            post_id=post.id,
                            thread_id=post.thread_id,
                            start=kept_start,
                            end=kept_end,
                            text=words,
                            kind=kind_of(text[clause[0] : kept_end]),
                            context=_ending(nearby if claims else answered),
                        )
                    )
            before = text[slice(*sentence)]
    return Split(tuple(claims), tuple(skipped))


def _skip(reason: str, text: str, start: int, end: int) -> Skipped:
    return Skipped(reason, text[start:end], place=f"characters {start} to {end}")


def _ending(text: str) -> str:
    """Return the last CONTEXT_LENGTH characters of `text`, from the start of a word, on one line."""
    text = " ".join(text[-4 * CONTEXT_LENGTH :].split())
    return text if len(text) <= CONTEXT_LENGTH else text[-CONTEXT_LENGTH:].partition(" ")[2] or text[-CONTEXT_LENGTH:]


_QUOTE_LINE = re.compile(r"^[ \t]*>.*$(?:\n[ \t]*>.*$)*", re.M)
_SIGNATURE_LINE = re.compile(r"^(?:--[ \t]?|_{5,})\r?$", re.M)


def _regions(post: Post) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a post in order: prose (no reason), or `quoted`, or, from a signature line on, `signature`."""
    text = post.text
    signature = _SIGNATURE_LINE.search(text)
    limit = signature.start() if signature else len(text)
    quotes = sorted([(q.start, q.end) for q in post.quotes] + [m.span() for m in _QUOTE_LINE.finditer(text)])
    done = 0
    for start, end in quotes:
        start, end = max(start, done), min(end, limit)
        if start < end:
            yield done, start, ""
            yield start, end, QUOTED
            done = end
    yield done, limit, ""
    if text[limit:].strip():
        yield limit, len(text), SIGNATURE


def _sole_word(text: str) -> bool:
    """Whether a post is one word, which then is its whole answer ("Squats")."""
    return len(text) < CONTEXT_LENGTH and len(_clauses.words(text.strip(" .!?\n"))) == 1


Reasons = list[tuple[str, Span]]


def _read(text: str, clause: Span, sentence: Span, only: bool) -> tuple[Span, Reasons]:
    """Return the claim within a clause (empty where it holds none) and the reasons of what was left out."""
    start, end = clause
    start, reasons = _without_leads(text, start, end)
    start, end = _balanced(text, start, _without_tails(text, start, end))
    end = _without_tails(text, start, end)
    reason = _why_skipped(text, (start, end), clause, sentence, only)
    if reason:
        return (start, start), [*reasons, (reason, (start, clause[1]))]
    return (start, end), reasons


def _without_leads(text: str, start: int, end: int) -> tuple[int, Reasons]:
    reasons: Reasons = []
    while start < end:
        marks = _LEAD_MARKS.match(text, start, end)
        start = marks.end() if marks else start
        for name, pattern in LEADS:
            found = pattern.match(text, start, end)
            if found and _is_whole_after(text[found.end() : min(end, found.end() + 120)], name):
                if name in (GREETING, THANKS):
                    reasons.append((name, found.span()))
                start = found.end()
                break
        else:
            return start, reasons
    return start, reasons


def _is_whole_after(rest: str, name: str) -> bool:
    """Whether what follows a lead can do without it."""
    tokens = _clauses.words(rest)
    if not any(token[0].isalnum() for token in tokens):
        return False
    if name == "hedge":
        return not _NOT_A_HEDGE.match(rest) or _clauses.starts_clause(tokens)
    if name == THANKS:
        return _clauses.starts_clause(tokens)
    return True


def _without_tails(text: str, start: int, end: int) -> int:
    while True:
        window = max(start, end - 80)
        found = TAILS.search(text[window:end])
        if not found or window + found.start() <= start:
            return end
        if found[0].strip(" ,.;:!")[:1].isalpha() and _LEANS_BACK.search(text[window : window + found.start()]):
            return end
        end = window + found.start()


_PAIRS = {"(": ")", "[": "]", '"': '"', "“": "”", "‘": "’"}


def _balanced(text: str, start: int, end: int) -> Span:
    """Take off brackets and quotation marks that stand around the whole claim, or that have lost their partner."""
    while end - start > 1 and text[start] in _PAIRS:
        partner = text.find(_PAIRS[text[start]], start + 1, end)
        if 0 <= partner < end - 1:
            break
        start, end = start + 1, end - (partner == end - 1)
    openers = {closer: opener for opener, closer in _PAIRS.items() if closer != "’"}
    while end > start and text[end - 1] in openers:
        opener, closer = openers[text[end - 1]], text[end - 1]
        if text.count(opener, start, end) >= text.count(closer, start, end) and (
            opener != closer or text.count(closer, start, end) % 2 == 0
        ):
            break
        end -= 1
    return start, end


def _why_skipped(text: str, span: Span, clause: Span, sentence: Span, only: bool) -> str:
    """Return the reason to skip the clause whose trimmed span is `span`, or "" for a claim."""
    words = text[slice(*span)].replace("’", "'")
    bare = words.strip(" \t\r\n.!?,:;*_()[]\"'-")
    tokens = _clauses.words(bare[:CONTEXT_LENGTH])
    if not any(token[0].isalnum() for token in tokens):
        return EMOJI_ONLY
    if " " not in bare.strip() and len(bare) > 60 and not bare.startswith(("http", "www")):
        return NOT_PROSE
    whole = text[slice(*clause)].replace("’", "'").strip(" \t\r\n.!?,:;*_\"'-")
    for reason, pattern in SKIPS:
        if pattern.fullmatch(bare) or (reason != THANKS and pattern.fullmatch(whole)):
            return reason
    asks = clause[1] == sentence[1] and "?" in text[max(span[0], clause[1] - 6) : clause[1]]
    if asks or QUESTION_OPENING.match(words):
        return QUESTION
    if len([token for token in tokens if token[0].isalnum()]) < 2 and not (
        only or _clauses.is_direct_answer(tokens) or bare == "1"
    ):
        return TOO_SHORT
    return ""
