"""A short follow-up -> the whole question it stands for, by rule; what is a whole question already is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.errors import QuestionError
from bot.narrowing import EVERYTHING, PEOPLE, REASONS, Focus, Narrowing, who_of
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.questions import AUX, read_question
from indexer.words import one_of, phrases, rule

LONGEST_FOLLOW_UP = 10
"""Words of a follow-up at most: what is longer says by itself what it asks."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as understood: the whole question, and what of its answer is asked for."""

    question: str
    narrowing: Narrowing = EVERYTHING


def understand(text: str, last: str | None, narrowing: Narrowing = EVERYTHING) -> FollowUp:
    """Return what `text` asks after the question `last`; `text` itself where there was none, or it is whole already.

    - "what do the ones against say?": the last question again, narrowed to one side
    - "why?", "any studies?": narrowed to the kinds of claims that say it; "why not?" also to the side
    - "only people over 40": narrowed to people of whom posts tell that
    - "who says so?", "how sure?": the people, or how sure it is, instead of the views
    - "and everybody?": narrowed no more
    - "and for a marathon?": the last question, with what it said after the same preposition replaced
    - "what about bikes?": the same of bikes, in the last question's circumstances
    - "is it safe?", "should I do it twice a week?": of what the last question asked whether to do

    What was narrowed before (`narrowing`) stays narrowed, except that another question keeps only its people.
    Raises `QuestionError` for "only ..." where people cannot be told apart by that.
    """
    plain = _LINK.sub("", text.strip()).rstrip(" ?.!…")
    if last is None or not plain or len(plain.split()) > LONGEST_FOLLOW_UP:
        return FollowUp(text)
    narrowed = _narrowed(plain, narrowing)
    if narrowed is not None:
        return FollowUp(last, narrowed)
    question = _question(plain, last)
    if question is None:
        return FollowUp(text)
    return FollowUp(question[:1].upper() + question[1:], Narrowing(who=narrowing.who))


_LINK = re.compile(r"^(?:(?:and|but|so|or|ok(?:ay)?|hm+|well)\b[\s,]*)+", re.IGNORECASE)


# ---------------------------------------------------------------- narrowing the last answer
_IT = "(?: (?:it|this|that|so|the idea))?"
_LEANING = {
    Stance.CON: """
        ((are|is|were|was|speak|speaks) )?(against|opposed to|opposed|not for)<it>
        disagree(s|d|ing)?( with<it>)?
        (say|says|said|saying|think|thinks|thought|voted|answer|answered) (no|not|don't)
    """,
    Stance.PRO: """
        ((are|is|were|was|speak|speaks) )?(pro|for|in favou?r( of)?)<it>
        agree(s|d|ing)?( with<it>)?
        (say|says|said|saying|think|thinks|thought|voted|answer|answered) (yes|so)
    """,
    Stance.MIXED: """
        (say|says|said|saying|think|thinks) (that )?(it|this|that) depends
        ((are|is) )?(undecided|unsure|in between|in the middle|on the fence)
    """,
}
_GROUP = {
    Stance.CON: "(the |those )?(critics|opponents|nay-?sayers|sceptics|skeptics|other side|no side|con side)",
    Stance.PRO: "(the |those )?(supporters|proponents|fans|yes side|pro side)",
    Stance.MIXED: "(the |those )?(undecided|doubters)",
}
_ARGUMENTS = {
    Stance.CON: """
        ((any|the|what are the|what's the|what is the) )?(arguments?|reasons?|case|evidence|points?) against<it>
        (what is |what's |what )(said|speaks|to be said) against<it>
        <the>(cons|downsides?|drawbacks?|disadvantages?|objections?)( of<it>)?
        ((only|just|and) )?(the )?against<it>
    """,
    Stance.PRO: """
        ((any|the|what are the|what's the|what is the) )?(arguments?|reasons?|case|evidence) (for|in favou?r of)<it>
        (what is |what's |what )(said|speaks|to be said) for it
        <the>(pros|upsides?|advantages?|benefits?)( of<it>)?
    """,
    Stance.MIXED: """
        (on )?what does (it|that|this) depend( on)?
        (it )?depends on what
    """,
}


def _side_rules(stance: Stance) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What asks for a side: what its people say, and who they are."""
    parts = {
        "whose": f"(?:{PEOPLE}(?:,? (?:who|that))? <leaning>|{phrases(_GROUP[stance])})",
        "arguments": phrases(_ARGUMENTS[stance]),
        "leaning": phrases(_LEANING[stance]),
        "say": phrases("( (say|think|mean|argue|want|advise|recommend|suggest)( about it| instead| then)?)?"),
        "the": phrases("((any|the|what are the|what about the|just the|only the) )?"),
        "it": _IT,
    }
    said = rule(
        """
        (what|why|how) (do|does|did|would|are|is) <whose><say>
        what say <whose>
        ((only|just|what about|how about|show|show me|show only|show me only) )?<whose>
        why do (some|some people|others) <leaning>
        <arguments>
        """,
        **parts,
    )
    return said, rule("who( else|'s)? <leaning>\nwho (are|is) <whose>", **parts)


_SIDE_RULES = {stance: _side_rules(stance) for stance in (Stance.CON, Stance.MIXED, Stance.PRO)}
_WHY = {
    Stance.CON: rule("why (not|no|against)\nwhy shouldn't (i|we|one)"),
    Stance.PRO: rule("why (yes|for)\nwhy should (i|we|one)"),
}
_ANY = "(anyone|anybody|someone|somebody|people|they)"
_DONE = "(done|do|did|tried|try|had|have)"
_SHOWN = "((any|only|just|show|show me|show only|are there|are there any|is there|is there any) )?"
_KIND_RULES = {
    REASONS: rule("""
        (why|how come)( (is|'s) (that|this|it)| so| do (they|people) (say|think) (so|that))?
        why do (people|they) (agree|disagree|differ)
        (for what|what|what are the|what are their|the|their|any|only|just)? ?reasons?( why)?
        on what grounds
        what makes (them|people) (say|think) (so|that)
    """),
    (Kind.STUDY,): rule(f"""
        {_SHOWN}(the )?(studies|study|research|science|scientific evidence)( (on|about|for) (it|this|that))?
        what (do|does) (the )?(studies|study|research|science) (say|show|find)
        (is|are) there (any )?(studies|study|research|science|proof)( (on|about|for) (it|this|that))?
    """),
    (Kind.EXPERIENCE,): rule(f"""
        (has|have|did) {_ANY}( here)?( (actually|really|ever))? {_DONE} (it|this|that)
        {_SHOWN}((first-?hand|personal|own|real) )?experiences?( with (it|this|that))?
        (only|just) {PEOPLE} (who|that) (have |had |actually )*{_DONE} (it|this|that)
        what happened to {PEOPLE} (who|that) (have |had |actually )*{_DONE} (it|this|that)
    """),
    (Kind.ADVICE,): rule("(only|just|show|show me)( the)? advice"),
    (Kind.HEARSAY,): rule("(only|just|show|show me)( the)? hearsay"),
}
_WHO_SAYS = rule("""
    who
    who( else)? (says?|said|thinks?|claims?|wrote)( (so|that|this|it|all that|all this))?
    says who
    who (are|were) (they|these|those|these people|those people|the people)
    whose (opinions?|views?|words) (is|are) (that|this|these|those|they)
""")
_HOW_SURE = rule(
    """
    how (sure|certain|confident|reliable|solid|trustworthy)<are>( (about|of) (that|this|it))?
    are you( (really|quite|that))? (sure|certain|confident)( (about|of) (that|this|it))?
    how (much |far )?can (i|we|you) (trust|rely on) (that|this|it|them)
    can (i|we|you) (trust|rely on) (that|this|it|them)
    is (that|this|it) (reliable|certain|solid|trustworthy)
    (really|seriously)
    how (many people|big a sample) is (that|this|it)
    how (big|large|small) is the sample
    """,
    are=phrases("( (are you|is (that|this|it)|are (they|these|those)))?"),
)
_WIDER = rule("""
    ((what about|how about|of|from|show|show me) )?(everyone|everybody|everything|all|all of (them|it|you)|both sides)
    ((show|show me) )?all (sides|people|views)
    ((what about|how about) )?the rest
""")
_ONLY = re.compile(
    r"(?:(?:show(?: me)?|what about|how about) )?(?:only|just)(?: (?:from|by|of))? (?P<who>.+)"
    r"|(?:what|how) (?:do|does|did|would) (?P<asked>.+?) (?:say|think|feel|recommend|advise|suggest)(?: about it)?"
    rf"|(?:what|how) about (?P<about>{PEOPLE} .+)",
    re.IGNORECASE,
)
_GROUPS_UNTOLD = rule(
    """
    <people>( .*)?
    (the |all )?(women|men|girls|boys|guys|ladies|moms|mums|dads|mothers|fathers|parents|doctors|physios|experts)
    (the |all )?(coaches|professionals?|pros|amateurs|elites?|athletes|americans|europeans)
    (the |all )?(rich|poor|young|old|older|younger)( people)?
""",
    people=PEOPLE,
)


def _narrowed(plain: str, narrowing: Narrowing) -> Narrowing | None:
    """Return what `plain` narrows the last answer to; None where it asks another question."""
    if _WIDER.fullmatch(plain):
        return EVERYTHING
    views, whole = replace(narrowing, focus=None), replace(narrowing, kinds=())
    kinds = REASONS if plain.lower().startswith("why") else ()
    changes: list[tuple[re.Pattern[str], Narrowing]] = [
        (_WHO_SAYS, replace(whole, focus=Focus.PEOPLE)),
        (_HOW_SURE, replace(whole, side=None, focus=Focus.CERTAINTY)),
        *((pattern, replace(views, kinds=asked)) for asked, pattern in _KIND_RULES.items()),
        *((pattern, replace(views, side=stance, kinds=REASONS)) for stance, pattern in _WHY.items()),
        *((who, replace(whole, side=stance, focus=Focus.PEOPLE)) for stance, (_, who) in _SIDE_RULES.items()),
        *((said, replace(views, side=stance, kinds=kinds)) for stance, (said, _) in _SIDE_RULES.items()),
    ]
    changed = next((changed for pattern, changed in changes if pattern.fullmatch(plain)), None)
    return changed or _only(plain, views)


def _only(plain: str, narrowing: Narrowing) -> Narrowing | None:
    asked = _ONLY.fullmatch(plain)
    if not asked:
        return None
    words = next(group for group in asked.groups() if group)
    who = who_of(words)
    if who is None and asked["who"] and _GROUPS_UNTOLD.fullmatch(words):
        raise QuestionError(
            "not_told",
            f"Posts are not read for whether people are “{words}”. What can be told apart is age, level, amount, injury"
            " and season, as far as posts tell them, such as “only people over 40” or “only beginners”.",
        )
    return replace(narrowing, who=who) if who else None


# ---------------------------------------------------------------- another question, with what it leaves out
_PREPOSITIONS = "for in with without on at during over under as among via by".split()  # noqa: SIM905 -- read as words
_CONJUNCTIONS = "before after when while if since unless once until because".split()  # noqa: SIM905 -- read as words
_TAIL = re.compile(
    rf"(?:(?:only|just|even) )?(?P<word>{'|'.join(_PREPOSITIONS + _CONJUNCTIONS)})\s+(?P<rest>\S.*)", re.IGNORECASE
)
_TIMES = re.compile(
    r"(?:(?:only|just) )?(?:once|twice|(?:\d+|two|three|four|five) times?)(?: (?:a|per|every) \w+)?", re.IGNORECASE
)
_ASKS = re.compile(
    rf"(?:(?P<before>\S+)\s+)?(?:{AUX})(?:n['’]?t)?"
    r"\s+(?P<after>i|you|u|we|they|he|she|it|there|this|that|one|the|my|your|an?)\b",
    re.IGNORECASE,
)
_INSIDE = one_of("who that which to can could will would should not never i you we they he she it there")
"""Words after which a verb and its object or subject ask nothing: "for those who do it"."""
_ASKED_WITH = re.compile(
    r"\b(?:what|which|how|why|where|whom|whose)\b|,\s*(?:so\s|but\s)?" + AUX + r"\b", re.IGNORECASE
)
_TOLD = re.compile(r"[,.:;!…]\s*\w")
"""What goes on after a comma or a full stop is a sentence, or the title of a text."""
_HOW_MUCH = rule("""
    (for |by )?how (often|much|long|many|many times|hard|heavy|fast|soon|early|late|far)( (a|per|each|every) \\w+)?
    (when|where|which one|which ones|how|how exactly|(with|for|on|at|in|by) (what|which|whom)( \\w+)?)
""")
_ABOUT = re.compile(r"(?:what|how)\s+about\s+(?P<topic>.+)", re.IGNORECASE)
_FINE = phrases("""
    safe|worth it|worthwhile|worth the (effort|time|money|trouble|risk)|ok|okay|fine|good|bad|healthy|unhealthy
    dangerous|risky|necessary|needed|enough|useful|useless|helpful|harmful|possible|too (late|early|much|hard)
    better|legal|normal|realistic|(a )?(good|bad|great|terrible|stupid) idea|(a )?waste of (time|money)
""")
_MORE = rf"(?P<tail>(?: (?!.*\bto\b)(?:{'|'.join(_PREPOSITIONS + _CONJUNCTIONS)}) .+| at all| too| really)?)"
_IS_IT = re.compile(
    rf"(?P<verb>is|was|would) (?:it|that|this)(?: be)? (?P<fine>(?:really |still |actually |even )?{_FINE}){_MORE}",
    re.IGNORECASE,
)
_DOES_IT = re.compile(
    rf"(?P<verb>does|did|will|would|can|could) (?:it|that|this) (?:really |actually |even )?"
    rf"(?P<deed>help|hurt|work|matter|pay off){_MORE}",
    re.IGNORECASE,
)
_DO_IT = re.compile(
    r"(?P<lead>(?:should|can|could|must|may|shall) (?:i|we|you|one|people)) (?:also |still |really )?"
    r"(?:do|try|start) (?:it|that|this)(?P<rest>(?: .+)?)",
    re.IGNORECASE,
)
_DEED = re.compile(r"(?:should|shall|can|could|must|may|would) (?:i|we|you|one|people) (?P<deed>.+)", re.IGNORECASE)
_OF_THING = re.compile(
    rf"(?P<verb>is|are) (?P<thing>(?!it\b|this\b|that\b|there\b).+?) {_FINE}(?P<rest>(?: .+)?)", re.IGNORECASE
)

_OF_DOING = re.compile(r"(?:is|was|would) it (?:be )?worth (?P<thing>\w+ing\b.*)", re.IGNORECASE)


def _question(plain: str, last: str) -> str | None:
    """Return the whole question that `plain` stands for after `last`; None where it stands for itself."""
    if _HOW_MUCH.fullmatch(plain):
        return f"{plain}: {last}"
    if _is_tail(plain):
        return _with_tail(last, plain)
    about = _ABOUT.fullmatch(plain)
    if about:
        topic = about["topic"]
        return _with_tail(last, topic) if _is_tail(topic) else _about(topic, last)
    return _of_it(plain, last)


def _is_tail(plain: str) -> bool:
    """Whether `plain` only adds to a question: "for a marathon", but not "for a marathon should I lift?"."""
    if _TIMES.fullmatch(plain):
        return True
    tail = _TAIL.fullmatch(plain)
    if not tail or _ASKED_WITH.search(plain) or _TOLD.search(plain):
        return False
    second = tail["rest"].split(maxsplit=1)[0].lower()
    if second == "to" or re.fullmatch(rf"{AUX}(?:n['’]?t)?", second):  # "when does coffee go off"
        return False
    asks = list(_ASKS.finditer(plain))
    if tail["word"].lower() in _CONJUNCTIONS:  # a clause has its own verb: "if it is the off season"
        return not any(one["before"] and one["before"].lower() == tail["word"].lower() for one in asks)
    return all(one["before"] and one["before"].lower() in _INSIDE for one in asks)


def _with_tail(last: str, tail: str) -> str:
    """`last` with `tail` instead of what it said after the same preposition, or else with `tail` added."""
    found = _TAIL.fullmatch(tail)
    plain = last.rstrip(" ?.!")
    if found:
        plain = re.sub(rf"\s+{re.escape(found['word'])}\s.*", "", plain, flags=re.IGNORECASE) or plain
    return f"{plain} {tail}?"


def _about(topic: str, last: str) -> str:
    """The question about `topic` in the circumstances of `last`: from its first preposition on, or all of it."""
    words = "|".join([*_PREPOSITIONS, *_CONJUNCTIONS])
    circumstances = re.search(rf"\s(?:{words})\s.*", last.rstrip(" ?.!"), re.IGNORECASE)
    return f"What about {topic}{circumstances[0]}?" if circumstances else f"What about {topic}: {last}"


def _of_it(plain: str, last: str) -> str | None:
    """What "it" stands for in `plain` is what `last` asked about."""
    positive = read_question(last).positive.rstrip(" ?.!")
    deed = _DEED.fullmatch(positive)
    if asked := _DO_IT.fullmatch(plain):
        return f"{asked['lead']} {deed['deed']}{asked['rest']}?" if deed else None
    for pattern, of_deed in _OF_IT:
        if asked := pattern.fullmatch(plain):
            if deed:
                return of_deed(asked, deed["deed"])
            return _of_thing(asked.groupdict(), positive)
    return None


def _of_thing(asked: Mapping[str, str], positive: str) -> str | None:
    """The same of the thing that `positive` is about: "is it safe" of "Is tubeless worth it for commuting"."""
    about = _OF_THING.fullmatch(positive) or _OF_DOING.fullmatch(positive)
    if about is None:
        return None
    rest = asked["tail"] or about.groupdict().get("rest") or ""
    return f"{asked['verb']} {about['thing']} {asked.get('fine') or asked['deed']}{rest}?"


_OF_IT: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...] = (
    (_IS_IT, lambda asked, deed: f"{asked['verb']} it {asked['fine']} to {deed}{asked['tail']}?"),
    (_DOES_IT, lambda asked, deed: f"{asked['verb']} it {asked['deed']} to {deed}{asked['tail']}?"),
)
