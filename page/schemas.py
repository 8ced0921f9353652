"""What the endpoints return, as types from which Gradio makes the schemas that other programs read.

`bot.values` makes the values; keys may be added there, none is renamed or removed.
"""

# Gradio looks at these types while the program runs, so that they stand here as they are, not as text.

from typing import TypedDict


class PostPlace(TypedDict):
    """Where in a post a claim stands: `start` and `end` are places in its text as it is shown."""

    id: str
    position: int
    start: int
    end: int


class ThreadName(TypedDict):
    """Which thread something stands in."""

    id: str
    title: str
    forum: str | None


class Claim(TypedDict):
    """A claim word for word, with everything a citation needs."""

    id: str
    text: str
    kind: str
    stance: str
    confidence: float
    author: str | None
    time: str | None
    score: int | None
    link: str | None
    post: PostPlace
    thread: ThreadName
    invented: bool


class Tally(TypedDict):
    """How many are for, against, or say that it depends."""

    pro: int
    con: int
    mixed: int


class Balance(TypedDict):
    """The balance of an answer, in people, posts and votes."""

    people: Tally
    posts: Tally
    votes: Tally
    doubtful: int
    small_sample: bool


class View(TypedDict):
    """Claims that say the same and lean the same way."""

    id: str
    stance: str
    headline: str
    people: int
    kinds: dict[str, int]
    minority: bool
    agreement: float
    claims: list[Claim]


class Option(TypedDict):
    """One of the things that were named to a question without a yes and a no."""

    id: str
    label: str
    people: int
    headline: str | None
    support: list[View]
    objections: list[View]


class Answer(TypedDict):
    """The range of views on a question; `line` is the balance in words."""

    asked: str
    question: str
    form: str
    status: str
    line: str
    narrowed: str | None
    balance: Balance
    views: list[View]
    options: list[Option]
    searched: int
    considered: int
    threads: int


class FoundClaim(Claim):
    """A claim, and the question that its stance is toward."""

    question: str


class Found(TypedDict):
    """What a search found, best first."""

    claims: list[FoundClaim]


class Post(TypedDict):
    """A post as it is shown, with its claims; `answers` is the id of the post it answers."""

    id: str
    position: int
    author: str | None
    time: str | None
    score: int | None
    link: str | None
    answers: str | None
    vanished: bool
    text: str
    claims: list[Claim]


class ThreadHeading(ThreadName):
    """Which thread something stands in, and where that was published."""

    link: str | None


class PostInThread(Post):
    """A post, and the thread it stands in."""

    thread: ThreadHeading
    invented: bool


class Thread(TypedDict):
    """A thread whole, its posts in reading order."""

    id: str
    title: str
    question: str
    forum: str | None
    link: str | None
    invented: bool
    posts: list[Post]


class Summary(TypedDict):
    """A line of the list of threads."""

    id: str
    title: str
    question: str
    posts: int
    claims: int
    forum: str | None
    link: str | None
    invented: bool


class Threads(TypedDict):
    """Some of the threads that are here, newest first; `total` counts all that match."""

    total: int
    threads: list[Summary]


class Column(TypedDict):
    """Some of the claims of one stance; `total` counts all of them."""

    total: int
    claims: list[Claim]


class Columns(TypedDict, total=False):
    """A column for each stance that was asked for."""

    pro: Column
    con: Column
    mixed: Column
    none: Column


class PreviewedPost(TypedDict):
    """A post of a thread that is not saved."""

    id: str
    author: str | None
    time: str | None
    text: str


class LeftOut(TypedDict):
    """What would be skipped, why, and where it stands."""

    reason: str
    text: str
    place: str


class Preview(TypedDict):
    """What adding a thread would do; `known` says that it is here already."""

    thread: str
    title: str
    question: str
    known: bool
    posts: list[PreviewedPost]
    claims: list[Claim]
    skipped: list[LeftOut]


class Correction(TypedDict):
    """What somebody said of a claim: `matter` is stance, kind or view, `said` the program's word, `now` what counts."""

    id: str
    claim: str | None
    text: str
    matter: str
    question: str
    said: str
    now: str
    right: bool
    confidence: float | None
    who: str | None
    at: str


class Record(TypedDict):
    """Of the claims that somebody marked, how many were right; `low` and `high` are the 95% interval of the share."""

    right: int
    marked: int
    low: float
    high: float


class Records(TypedDict):
    """How often the program had been right of the sides and the kinds that somebody marked."""

    stance: Record
    kind: Record


class Corrections(TypedDict):
    """What people said of claims, the latest first, and how often the program had been right."""

    corrections: list[Correction]
    right: Records


class Report(TypedDict):
    """What a change did, in words."""

    report: str
