"""What stands around a claim and is none: openers, hedges, greetings, thanks, questions, signatures.

`trimmed` takes them off a clause and, where nothing is left that asserts something, names the reason. The rules are the
tables LEADS, TAILS and SKIPS.
"""

from __future__ import annotations

import re

from indexer.clauses import Span, starts_clause
from indexer.words import PREPOSITIONS, is_direct_answer, is_verb, is_word, phrases, rule, words

ACKNOWLEDGEMENT = "acknowledgement"
ADDRESSING = "addressing"
COURTESY = "courtesy"
DELETED = "deleted"
EDIT_NOTE = "edit_note"
EMOJI_ONLY = "emoji_only"
GREETING = "greeting"
HEDGE_ONLY = "hedge_only"
JOKE = "joke"
LEAD_IN = "lead_in"
LINK_ONLY = "link_only"
NOT_PROSE = "not_prose"
QUESTION = "question"
QUOTED = "quoted"
SIGNATURE = "signature"
THANKS = "thanks"
TOO_SHORT = "too_short"

REASONS = frozenset(
    {ACKNOWLEDGEMENT, ADDRESSING, COURTESY, DELETED, EDIT_NOTE, EMOJI_ONLY, GREETING, HEDGE_ONLY, JOKE, LEAD_IN}
    | {LINK_ONLY, NOT_PROSE, QUESTION, QUOTED, SIGNATURE, THANKS, TOO_SHORT}
)
"""Every reason that a split can name."""

LONGEST_WORD = 60
"""Characters of the longest word that is taken for one: past it stand keys, hashes and encoded data."""
PLUS_ONE = "+1"
READ_AHEAD = 120
"""Characters after an opener, or before a closing hedge, that are read to see whether it can be left out."""

# ---------------------------------------------------------------- words around a claim
HEDGE = phrases("""
    i('d| would| do| personally| honestly| really| still| also| just)? (think|guess|suppose|reckon|believe|assume)
    i('d| would| do| personally| honestly| really| still| also| just)? (figure|imagine|say|feel like|feel that)
    i('m| am) (pretty |fairly |quite |almost )?(sure|certain|convinced|positive)
    i('m| am) just saying
    (it )?(seems|appears) (to me )?(that|like)
    (in )?my (humble |honest |personal )?opinion( is( that)?)?
    (to be|if i'm( being)?) (completely |totally |perfectly )?(honest|fair|frank)
    as far as i( know|'m aware| can tell)
    from what i( know| can tell|'ve seen)
    if i'm (right|not (wrong|mistaken))
    i mean
    you know
    imh?o|tbh|tbf|ngl|fwiw|afaik|iirc|personally|honestly|frankly
    to me
""")
"""Words that say how sure a person is and nothing about the matter."""
GUYS = phrases(r"\s(all|everyone|everybody|guys|there|folks|people|op|mate|again|y'all|friend|man|dude|bro|buddy)")
HELLO = phrases("hi+|hello|hey+|hiya|yo|greetings|howdy|dear\ngood (morning|evening|afternoon|day)\ng'day")
THANK = phrases("cheers|thanks|thank (you|u)|thx|tysm|ty")
NEWS = "repl(?:y|ies)|advice|help|responses?|input|info|information|tips?|answers?|comments?|suggestions?|words|post"

LEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (GREETING, re.compile(rf"{HELLO}{GUYS}{{0,2}}[\s,!.–-]+", re.IGNORECASE)),
    (
        THANKS,
        rule(
            r"<thank>(?! to\b)( <much>)*<guys>{0,2}( for (\w+ ){0,4}<news>)?[\s,!.–-]+",
            thank=THANK,
            much="(?:a lot|so much|very much|again|in advance)",
            guys=GUYS,
            news=f"(?:{NEWS})",
        ),
    ),
    (
        "opener",
        rule(
            r"""
            <word>(\s*[,:;!.–-]+\s*|\s+)
            <aside>\s*[,:;]\s*
            """,
            word=phrases("""
                but|and|so|also|plus|well|anyways?|however|therefore|though|oh|ah+|hm+|um+|uh+|er+m*|lol|haha+|ok(ay)?
                (of )?course|obviously|basically|then|additionally|furthermore|moreover|besides|ps|p\\.s\\.|bro|dude
                don't get me wrong|firstly|secondly|thirdly|finally|lastly|first of all
                (although|even though)(?=[^,]*\\Z)
            """),
            aside=phrases("""
                edit|update|tl;?dr|like|look|see|right|listen|now|man|first|second|third|for (example|instance)
                (more|most) importantly|in conclusion|conclusion|that said
                as (others|everyone|people|mentioned)( (have |has )?said)?
                my (advice|suggestion|tip|take|(2|two) cents)
            """),
        ),
    ),
    (
        "hedge",
        rule(
            r"<hedge>(\s*[,:;.–-]+\s*|\s+)(that (?=<subject>\b))?",
            hedge=HEDGE,
            subject="(?:i|you|he|she|it|we|they|the|an?|my|your|there|th[ei]se|this|most|many|some|people|if)",
        ),
    ),
)
"""What may stand before a claim. Greetings and thanks are counted as skipped; openers and hedges are not."""

_SYMBOLS = r"\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F"
_BEFORE = re.compile(rf"[\s,.;:!*_~>”^&–—…)\]{_SYMBOLS}/|=#-]+")
_AFTER = re.compile(rf"(?:[\s,.;:!*_~–…{_SYMBOLS}]|\s-)+\Z")
TAILS = rule(
    r"[\s,.;:!–-]+(<hedge>|though|tho|lol|lmao|haha+|anyways?|mate|bro|buddy|[:;]-?[)(DPp/]|<3|(?<!\d\s)x+)\Z",
    hedge=HEDGE,
)
"""What may stand after a claim."""
LEANS_BACK = rule(r"\b(what|that|how|as|than|like|which|who|do|all)\Z")
"""After these a closing "I think" is no hedge: "that's what I think"."""
NO_HEDGE = rule(r"(so|not|about|of|to|in|on|it|through|back|too|hard|over|if|what|how|which|who)\b(?! is\b|'s)")
"""Before these "I think" is no hedge: "I think so", "I think about running"."""

# ---------------------------------------------------------------- what is no claim
SUBJECT = r"(?:i|you|u|we|they|he|she|it|there|th[ei]se|those|this|that|the|any\w*|some\w+|people|my|your|one)\b"
PERSON = r"(?:i|you|u|we|they|he|she|any(?:one|body)|someone|people)\b"
ASKS = rule(
    r"""
    (is|are|was|were|can|could|should|would|will|am|does)(n't)? <subject>
    (won't|can't) <subject>
    (do|did|have|has)(n't)? <person>
    (what|which|who|where|when|why|how)( \w+)? (do|does|did|can|could|should|would|will|are|is) <person>
    (what|how) about\b
    how come\b
    why not\b
    anyone (else )?(have|know|got|tried|here|been)\b
    any (advice|tips|thoughts|ideas|suggestions|recommendations)\b
    (i( am|'m| was|'ve been) )?(was |just )*(wondering|curious)\b
    i (just |also )?(wonder\b|want(ed)? to (know|ask)|would (like|love) to (know|ask|hear))
    i'd (like|love) to (know|ask|hear)
    """,
    subject=SUBJECT,
    person=PERSON,
)

SKIPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (DELETED, rule(r"\[?(deleted|removed)( by \w+)?\]?")),
    (LINK_ONLY, re.compile(r"(?:\S{0,40}\s*)?[(<\[]?(?:https?://|www\.)\S+", re.IGNORECASE)),
    (
        EDIT_NOTE,
        rule(r"""
            (edit(ed)?|eta|update)\b\s*\d*[:,-]?\s*
            (edit(ed)?|eta|update)\b\s*\d*[:,-]?\s*(for|to|fixed|added|removed|typos?|spelling|formatting|grammar)\b.*
            (edit(ed)?|eta|update)\b\s*\d*[:,-]?\s*(clarity|words?|wording|thanks?)\b.*
        """),
    ),
    (
        SIGNATURE,
        rule(r"""
            sent from (my )?.{1,40}
            get outlook for .*
            posted (via|from) .{1,40}
            (cheers|regards|(kind|best|warm) (regards|wishes)|best|love|thanks)[,\s–-]+(?-i:[A-Z])\w*\.?
            (regards|(kind|best|warm) (regards|wishes)|sincerely( yours)?|yours( truly| sincerely)?)
        """),
    ),
    (GREETING, re.compile(rf"(?:{HELLO}|welcome)(?:{GUYS}| to the (?:forum|board|sub|club)s?| @?\w+)?", re.IGNORECASE)),
    (
        THANKS,
        rule(
            r"""
            (<exclamation>,? )?<thank>\b(?! to\b).*
            (i |we )?(really |greatly |so |very )?(much )?appreciate[ds]?\b( (it|this|that|the|your|you|all|any)\b.*)?
            any .{0,40}\bappreciated
            (that|this) (would|will) be (much|greatly) appreciated
            """,
            thank=THANK,
            exclamation="(?:ok|okay|wow|great|awesome|oh|ah|and|many|big|well|cool|yes|yeah|ha)",
        ),
    ),
    (
        COURTESY,
        rule(
            r"(and |so |anyway,? )?(<wish>)\b.{0,60}",
            wish=phrases("""
                good luck|best of luck|all the best|congrat(s|z|ulations)|take care|well done|keep us (posted|updated)
                have (fun|a (good|great|nice) \\w+)
                (i )?hope (this|that|it|these|some)\\b.{0,30}\\bhelp\\w*
                (hope|hoping) (you|your|everything)
                (i )?wish(ing)? you|let (me|us) know|lmk
                feel free to (pm|dm|message|ask|reach|contact)
                (i('m| am) )?(so |very |really )?sorry (to hear|for your|about|that you)
                you('re|r| are)? (very |most )?welcome
                good for you|(wow )?i('m| am) (so |very )?(impressed|jealous|happy for you|proud of you)
                no (problem|worries)|(nice|great|good) (one|post|job|work|question)|happy to help
                glad (to|i|it)\\b.{0,20}\\bhelp\\w*
                pm (me|sent)|dm me|check your (pm|dm)s?|bump|following|subscribed
            """),
        ),
    ),
    (
        ACKNOWLEDGEMENT,
        rule(
            r"""
            (<word> )*(i('ll| will|'m gonna| am going to)|will|gonna) <surely>(<look>)( <what>)?( <when>)*
            (that's |this is |that was |it's )?(really |very |super |so )?(good to (know|hear)|noted|got it|gotcha)
            """,
            word="(?:ok|okay|oh|ah|and|yes|yeah|cool|great|alright|sure|so),?",
            surely="(?:(?:definitely|certainly|also|have to|be sure to|try to|try and|for sure) )*",
            look="(?:check|look|take a look|give|try|do|keep|consider|read|see|google)(?: (?:into|at|up|out))?",
            what=r"(?:it|that|this|them|those|(?:the )?(?:ones?|stuff) you(?: \w+){1,3}|your \w+)(?: <so>)?",
            so="(?:out|up|a (?:try|shot|go|look)|in mind)",
            when="(?:too|then|as well|now|later|soon|today|tonight|tomorrow|thanks|thank you|for sure|!)",
        ),
    ),
    (JOKE, rule(r"(lo+l|lmao|rofl|(ha){2,}h?|(he){2,}|jk|just kidding|kidding|xd)" + "\n" + r".*\s/s")),
    (
        HEDGE_ONLY,
        rule(
            r"""
            <hedge>
            <unsure>( (why|what|about \w+|if that helps|though|tbh|either|yet))?
            (but )?(that's |it's )?(just )?(my|me)( own| personal)?( <cents>| opinion| thoughts)?( though)?
            (just )?(saying|sayin|a thought|an idea|a guess|guessing)
            ymmv|your (own )?mileage may vary|ianal
            i('m| am) (not an?|no) (expert|doctor|lawyer|doc|professional)
            i(('m| am) not sure|( really)? don't know) <whether> (\w+ ){0,3}(you|u|ur|op)\b.{0,60}
            (i )?(could|may|might) be wrong|correct me if i'm wrong|don't quote me( on \w+)?
            take (it|this|that|what i say) with a (grain|pinch) of salt
            """,
            hedge=HEDGE,
            whether="(?:what|which|where|who|if|whether|how)",
            cents=r"(?:(?:2|two|\$0?\.02)(?: cents|c)?)",
            unsure=phrases("""
                i (honestly |really |just )?(don't|do not) know|idk|dunno|no idea|i have no idea|who knows|hard to say
                (i('m| am) )?not (really |too |entirely |100% )?sure
            """),
        ),
    ),
    (
        ADDRESSING,
        rule(r"""
            @?\w+ (wrote|writes)( .{0,40})?:?
            @?\w+ said( .{0,20})?:
            originally posted by .*
            (@\w+\s*)+
            (to )?op
        """),
    ),
)
"""Whole clauses that assert nothing about the matter, by reason; tried in order, on the clause without end marks."""

_EDGES = " \t\r\n.!?,;*_()[]\"'-"
Reasons = list[tuple[str, Span]]


def trimmed(text: str, clause: Span, sentence: Span, *, alone: bool = False) -> tuple[Span | None, Reasons]:
    """Return the claim within a clause of a sentence, None where it holds none; and the reasons of what was left out.

    `alone` says that the clause is all of its post: then a single word is an answer ("Squats").
    """
    start, reasons = _without_leads(text, *clause)
    end = _without_tails(text, start, clause[1])
    start, end = _balanced(text, start, end)
    end = _without_tails(text, start, end)
    reason = _why_skipped(text, (start, end), clause, asked=clause[1] == sentence[1], alone=alone)
    if reason:
        rest = (start if reasons else clause[0], clause[1])
        return None, [*reasons, (reason, rest)] if text[slice(*rest)].strip() else reasons
    return (start, end), reasons


def _without_leads(text: str, start: int, end: int) -> tuple[int, Reasons]:
    """Return where the claim starts, and the greetings and thanks that were passed over."""
    reasons: Reasons = []
    while True:
        marks = _BEFORE.match(text, start, end)
        start = marks.end() if marks else start
        lead = _lead(text, start, end)
        if lead is None:
            return start, reasons
        name, stop = lead
        if name in (GREETING, THANKS):
            reasons.append((name, (start, stop)))
        start = stop


def _lead(text: str, start: int, end: int) -> tuple[str, int] | None:
    for name, pattern in LEADS:
        found = pattern.match(text, start, end)
        if found and _is_whole(text[found.end() : min(end, found.end() + READ_AHEAD)], name):
            return name, found.end()
    return None


def _is_whole(rest: str, after: str) -> bool:
    """Whether `rest` can do without the lead named `after`."""
    tokens = words(rest)
    if [token for token in tokens if is_word(token)] in ([], ["not"]):
        return False
    if after == "hedge":
        return not NO_HEDGE.match(rest) or starts_clause(tokens)
    return after != THANKS or (tokens[0] not in PREPOSITIONS and starts_clause(tokens))


def _without_tails(text: str, start: int, end: int) -> int:
    """Return where the claim ends: before end marks, emoji and closing hedges."""
    while True:
        window = max(start, end - READ_AHEAD)
        near = text[window:end]
        found = _AFTER.search(near) or TAILS.search(near)
        if not found or window + found.start() <= start:
            return end
        if found.re is TAILS and LEANS_BACK.search(near[: found.start()]):
            return end
        end = window + found.start()


_PAIRS = {"(": ")", "[": "]", '"': '"', "“": "”"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}


def _balanced(text: str, start: int, end: int) -> Span:
    """Take off brackets and quotation marks that stand around the whole claim, or that have lost their partner."""
    while end - start > 1 and text[start] in _PAIRS:
        partner = text.find(_PAIRS[text[start]], start + 1, end)
        if 0 <= partner < end - 1:
            break
        start, end = start + 1, end - (partner == end - 1)
    while end > start and text[end - 1] in _OPENERS and not _is_paired(text, start, end):
        end -= 1
    return start, end


def _is_paired(text: str, start: int, end: int) -> bool:
    closer = text[end - 1]
    opener = _OPENERS[closer]
    closers = text.count(closer, start, end)
    return closers % 2 == 0 if opener == closer else text.count(opener, start, end) >= closers


LONGEST_LEAD_IN = 8
"""Words of the longest heading or announcement ("Here's what I would do:")."""


def _announces(tokens: list[str]) -> bool:
    """Whether words before a colon only announce what follows: "here's what I did", "some tips"."""
    announced = tokens[0] in ("here", "here's", "heres") or not any(map(is_verb, tokens))
    return announced and len(tokens) <= LONGEST_LEAD_IN


def _why_skipped(text: str, span: Span, clause: Span, *, asked: bool, alone: bool) -> str:
    """Return the reason to skip the clause whose trimmed span is `span`, or "" for a claim."""
    bare = text[slice(*span)].strip(_EDGES)
    whole = text[slice(*clause)].strip(_EDGES)
    tokens = [token for token in words(bare[: 2 * LONGEST_WORD]) if is_word(token)]
    if not tokens:
        return EMOJI_ONLY
    if " " not in bare and len(bare) > LONGEST_WORD and not bare.startswith(("http", "www")):
        return NOT_PROSE
    for reason, pattern in SKIPS:
        if pattern.fullmatch(bare) or (reason != THANKS and pattern.fullmatch(whole)):
            return reason
    if text[span[1] : span[1] + 1] == ":" and asked and _announces(tokens):
        return LEAD_IN
    marked = asked and "?" in text[max(span[0], clause[1] - 6) : clause[1]]
    if marked or ASKS.match(bare):
        return QUESTION
    several = len(tokens) > 1 and (" " in bare or not bare.isascii())
    return "" if several or alone or is_direct_answer(tokens) or PLUS_ONE in whole else TOO_SHORT
