"""The lines of a paste, and what a single line can be told to be: a name, a date, a button, a detail of an author."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.cleaning import BULLET, clean
from corpus.readers.dates import WHEN

NAME_LENGTH = 32
NAME_WORDS = 4
"""A longer line is a sentence; forums allow names of 20 to 30 characters."""

TAB = 4

RULE_LENGTH = 400

BLANK_LINES = 5
"""More blank lines on end than this say no more than this many."""

HEADER_LENGTH = 120
"""A longer line is prose, not the header of a post."""


@dataclass(frozen=True, slots=True)
class Line:
    """`source[start:end]` without its line break; `text` is the line without indentation and odd characters."""

    start: int
    end: int
    text: str
    indent: int
    bulleted: bool

    @property
    def blank(self) -> bool:
        return not self.text


_PLAIN = re.compile(r"[ -%'-~]*")
"""What cleaning leaves alone: printable ASCII without "&"."""


def lines_of(source: str) -> list[Line]:
    """Return the lines of `source`, in order; of long runs of blank ones only the first few."""
    lines = []
    start = blanks = 0
    for piece in re.split(r"(\r\n|[\n\r\x0b\x0c\u2028\u2029])", source)[::2]:
        text = piece.strip()
        if not _PLAIN.fullmatch(text):  # a mark in front keeps a bullet from being the first character, which goes
            text = clean("|" + text).text[1:].strip()
        end = start + len(piece)
        blanks = 0 if text else blanks + 1
        if blanks > BLANK_LINES:
            start = end + (2 if source.startswith("\r\n", end) else 1)
            continue
        indent = len(piece.expandtabs(TAB)) - len(piece.expandtabs(TAB).lstrip()) if text else 0
        lines.append(Line(start, end, text, indent, bool(text and BULLET.match(piece)) and not is_rule(text)))
        start = end + (2 if source.startswith("\r\n", end) else 1)
    return lines


def column_in(source: str, line: Line, column: int) -> int:
    """Return where in `source` the character `column` of `line.text` stands."""
    piece = source[line.start : line.end]
    cleaned = clean("|" + piece)
    within = cleaned.text.find(line.text, 1) + column
    return line.start + (cleaned.origin(min(within, len(cleaned.text))) - 1 if line.text else 0)


def is_rule(text: str) -> bool:
    """Whether a line is drawn with dashes, stars or the like."""
    return len(text) <= RULE_LENGTH and re.fullmatch(r"([-=_*~#•·—─+]\s?){3,}", text) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANSWERS = _words(
    """yes no nope yep yeah nah yup absolutely definitely agreed agree disagree true false same this exactly correct
    wrong maybe sure ok okay thanks thx cheers ta lol haha hi hello hey bump following depends never always edit update
    subbed indeed ditto wow nice great good help please question answer spoiler details summary title"""
)
_SMALL_WORDS = _words(
    """i i'm i've we it its it's you they he she this that these those my me mine your is are was were be been did do
    does have has had not don't so but and or if when then what who why how just also about really very too would could
    should can will some any there here because after before since get got posted quote started ago"""
)
_LOOSE_WORDS = _words("a an the of for from in on at to with by as up out")


_NOT_IN_NAMES = re.compile(r"[,;:!?…\"<>{}()\[\]=\\|/]|(?<!\b[A-Z])(?<!\b[DM]r)\.(?:\s|$)")
"""Punctuation of sentences; a full stop may follow an initial or a title ("Bettina K.", "Dr. No")."""

LOWER_CASE_WORDS = 2
"""More words than this, all in lower case, are rarely a name, whatever follows them."""


def bare_name(name: str) -> str:
    """Return a name without what sites put before it: u/name, @name."""
    return re.sub(r"^(?:/?u/|@)(?=\w)", "", name)


def is_name(text: str, *, alone: bool = True) -> bool:
    """Whether `text` can be somebody's name: a few words, none of them a word that sentences are made of.

    `alone` asks more of it: nothing beside it (a comma, "wrote:") says that it is a name.
    """
    text = bare_name(text)
    words = text.split()
    if not words or len(words) > NAME_WORDS or len(text) > NAME_LENGTH or is_detail(text) or is_button(text):
        return False
    if not re.search(r"[^\W\d_]", text) or _NOT_IN_NAMES.search(text):
        return False
    folded = {word.casefold().strip("@.'") for word in words}
    if folded & _SMALL_WORDS or (len(words) == 1 and folded & _ANSWERS):
        return False
    if not alone:
        return len(words) <= LOWER_CASE_WORDS or not text.islower()
    return not folded & _LOOSE_WORDS and (len(words) == 1 or all(not word[0].islower() for word in words))


_BUTTON_WORDS = (
    r"reply(?: with quote| quote| to (?:thread|topic|post|this))?|quote|multi-?quote|likes?|unlike|dislike|share|report"
    r"|save|follow|unfollow|edit(?:ed)?|delete|award|give award|permalink|link|embed|up ?vote|down ?vote|vote|top"
    r"|back to top|click to (?:expand|collapse)(?:\.{3}|…)?|flag|bookmark|hide|unhide|collapse|expand|more|view profile"
    r"|view forum posts|view parent|private message|send (?:pm|message)|e-?mail|print view|post reply|add reply|options"
    r"|show more|read more|see more|copy link|parent|next|prev(?:ious)?|root|context|locked|bookmark|tweet|quick reply"
    r"|thread tools|display modes|was this helpful\?|helpful|solution|accept(?:ed)? answer|\[[-–+]\]"
)
_BUTTON = re.compile(rf"(?:(?:{_BUTTON_WORDS})(?:\s*\(?\d+\)?)?(?:[\s|·•,/]+|$))+(?:\d+\s*[smhdwy]\b)?", re.IGNORECASE)
_BUTTON_RUN = re.compile(r"(?:reply|share|report|save|quote|like|edit|follow){2,}", re.IGNORECASE)
_REACTIONS = re.compile(
    r"(?:reactions?|liked by|thanked by)\s*:.*|[\d,]+ (?:people|person|users?|members?) (?:likes?|liked|found) this.*"
    r"|.{1,60} (?:likes|liked|and .{1,40} like) this\.?|\d+ (?:likes?|upvotes?|thanks|reactions?|helpful)",
    re.IGNORECASE,
)


def is_button(text: str) -> bool:
    """Whether a line is what a page offers to click on, or what was clicked: "Reply", "Like · Share", "3 likes"."""
    return bool(
        len(text) <= HEADER_LENGTH
        and (_BUTTON.fullmatch(text) or _BUTTON_RUN.fullmatch(text) or _REACTIONS.fullmatch(text))
    )


_RANKS = (
    r"(?:level|lvl)\s?\d+|op|author|topic author|thread starter|original poster|moderator|mod"
    r"|(?:site )?admin(?:istrator)?"
    r"|(?:(?:well-known|active|new|senior|junior|registered|full|super|power|valued|trusted|top|premium|gold|established"
    r"|regular|community|frequent|elite|veteran|distinguished|banned|staff|inactive|known|a) )?"
    r"(?:member|user|contributor|poster|guest|expert)|newbie|rookie|regular|staff|verified|offline|online|guest"
)
_LABELS = (
    r"posts?|messages?|joined|join date|registered|member since|location|likes received|likes|reaction score|threads?"
    r"|reputation|rep power|karma|user ?level|trophy points|gender|thanks|thanked.{0,30}|founded|status|country|points"
)
_COUNTS = r"-?[\d.,]+k? (?:points?|posts?|messages?|votes?|replies|karma|comments?|badges?)"
_DETAIL = re.compile(
    rf"(?:{_RANKS}|{_COUNTS}|(?:{_LABELS})\s*:.{{0,60}}|(?:{_LABELS})|#\s?\d+|post #?\d+|[•·|#>]+"
    rf"|(?:re|subject|thread|topic)\s*:.*)",
    re.IGNORECASE,
)


def is_detail(text: str) -> bool:
    """Whether a line says something of an author or a post that is no part of what was said: "Member", "Posts: 3"."""
    return len(text) <= HEADER_LENGTH and _DETAIL.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether a line is a detail whose value stands on the next line: "Joined:", "Messages"."""
    return re.fullmatch(rf"(?:{_LABELS}|user ?name)\s*:?", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line that says when something was posted, and perhaps by whom, with which number and score."""

    author: str | None
    when: str
    score: int | None


_STAMP_WORDS = re.compile(
    r"#\s?\d+(?:\.\d+)?|\bpost ?(?:by|#\d+)|\bby\b|\boriginally\b|\bpost(?:ed)?\b"
    r"|\bdate\b|\bsent\b|\bwritten\b|\bon\b|\bat\b|\bsays?\b|\bsaid\b|\bwrote\b|\bwrites\b|\bre(?:plied|sponded)\b|\banswered\b|\basked\b|\bcommented\b|\badded\b|\bjoined\b"
    r"|\bpermalink\b|\blink\b|\bparent\b|\bprev\b|\bnext\b|\[[-–+]\]|\bOP\b|\bAuthor\b|\bMember\b"
    r"|\bModerator\b|\bedited\b|\breply\b|\blevel \d+\b|[»›·•|,–—()\[\]:>]|\*$|(?<!\w)-(?!\w)",
    re.IGNORECASE,
)
_SCORE = re.compile(r"(-?\d[\d,]*)\s?(?:points?|upvotes?|votes?|likes?)\b", re.IGNORECASE)


def stamp_of(text: str) -> Stamp | None:
    """Return what a header line with a date says, or None where the line holds more than date, name and number."""
    if not text or len(text) > HEADER_LENGTH or (when := WHEN.search(text)) is None or is_detail(text):
        return None
    score = _SCORE.search(text)
    before, after = text[: when.start()], text[when.end() :]
    sides = [" ".join(_STAMP_WORDS.sub(" ", _SCORE.sub(" ", side)).split()) for side in (before, after)]
    names = [side for side in sides if side]
    marked = (
        re.search(r"(?:[,»›·•|(–—:-]|\bon|\bat)\s*$|\bby\b", before) is not None or "#" in before or score is not None
    )
    if before.rstrip().endswith(":"):  # a label ("erstellt: 12.05.2019"), or words ("race day: 12 May 2019")
        names = [] if len(names) == 1 and names[0].isalpha() and names[0].islower() else names * 2
    if len(names) > 1 or (names and not is_name(names[0], alone=not marked)):
        return None
    return Stamp(
        bare_name(names[0]) if names else None, when.group(), int(score[1].replace(",", "")) if score else None
    )


_NAME = rf"(?P<author>[^\s:>][^:>\n]{{0,{NAME_LENGTH - 1}}}?)"
_ON_DATE = r"(?:,? (?:on|at)? ?(?P<after>[^:]{4,40}(?::\d\d[^:]{0,12})?))?"
_SAID = r"(?:wrote|said|says|writes|posted|replied|answered|asked|commented|responded)"
WROTE = re.compile(
    rf"(?:on (?P<before>.{{6,60}}),? )?{_NAME}(?: <[^>\s]+>)?,? {_SAID}{_ON_DATE}"
    r"\s*:\s*(?P<rest>.*)",
    re.IGNORECASE,
)
"""Of "name wrote:", "On 12 Mar 2019, name wrote:" and "name said on 12 Mar 2019 at 10:22: text"."""

ORIGINALLY = re.compile(rf"(?:quote:?\s*)?originally posted by:? {_NAME}(?: (?:on|View Post|»|›).*)?:?", re.IGNORECASE)
"""How vBulletin and others introduce a quote."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who wrote the words that follow, when (if said), and the column in the line's text where they begin."""

    author: str
    when: str | None
    column: int


def attribution_of(text: str) -> Attribution | None:
    """Return what a line "name wrote: ..." says, or None where it is something else."""
    match = WROTE.fullmatch(text)
    if match is None or not is_name(bare_name(match["author"]), alone=False):
        return None
    when = match["before"] or match["after"]
    if when and not WHEN.search(when):
        return None
    return Attribution(bare_name(match["author"]), when, match.start("rest"))
