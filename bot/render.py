"""Answer -> escaped HTML, Markdown, JSON and terminal text. Everything a forum wrote is escaped here, in every form.

The HTML carries only classes named `cp-...`; `CSS` styles them in light and dark with Gradio's variables. A claim's
link is `?claim=ID`: the page opens the post behind it, which `thread_html` renders with the claim's words marked.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.answer import LIKELY, Answer, Option, Status, Tally
from bot.views import SIDES, View
from corpus.thread import Post, Skipped, Thread
from indexer.claims import Kind
from indexer.judge import Judgement, Stance
from indexer.knowledge import BrowsePage, JudgedClaim, Preview
from indexer.questions import Form

CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
"""The style of what this module renders."""

SHOWN_AT_ONCE = 3
"""Claims of a view that are shown before "show N more": a view stays one screen of a phone."""

BEGINNING = 120
"""Characters shown of what was skipped: enough to see what it was."""

SIDE_TITLES: Mapping[Stance, str] = {
    Stance.PRO: "For",
    Stance.CON: "Against",
    Stance.MIXED: "It depends",
    Stance.NONE: "Not about it",
}
KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ADVICE: ("piece of advice", "pieces of advice"),
    Kind.EXPERIENCE: ("experience", "experiences"),
    Kind.REASON: ("reason", "reasons"),
    Kind.HEARSAY: ("hearsay", "hearsay"),
    Kind.STUDY: ("study", "studies"),
}
LOW_CONFIDENCE = "low confidence"
INVENTED = "invented sample"
TOO_FEW = "One person is too few to tell what people think; this is what was said."
TRY_OTHER_WORDS = "Ask it in other words, look at Browse for what people did talk about, or add a thread."

# ---------------------------------------------------------------- words
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of the text after them around; never shown."""

_WEB_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def clean(text: str) -> str:
    """Return `text` without control characters; lines and tabs stay."""
    return _CONTROL.sub("", text)


def author_of(post: Post) -> str:
    """Return who wrote `post`, in words; "unnamed (post 3)" where the export names nobody."""
    name = " ".join(clean(post.author or "").split())
    return name or f"unnamed (post {post.position + 1})"


def web_link(link: str | None) -> str | None:
    """Return `link` where it is an http or https address, else None: no other scheme is ever put into a page."""
    return link if link and _WEB_LINK.fullmatch(link) else None


def is_doubtful(judgement: Judgement) -> bool:
    """Whether the stance is less likely than not, and so shown as of low confidence."""
    return judgement.confidence < LIKELY


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _people(number: int) -> str:
    return _count(number, "person", "people")


def _facts(post: Post) -> list[str]:
    """What stands behind a post, in words: author, date, score."""
    facts = [author_of(post)]
    facts += [post.time.date().isoformat()] if post.time else []
    facts += [f"score {post.score}"] if post.score is not None else []
    return facts


def _labels(judged: JudgedClaim) -> list[str]:
    """What a reader must know of a claim: its kind, and whether it is doubtful or invented."""
    labels = [KIND_WORDS[judged.cited.claim.kind][0]]
    labels += [LOW_CONFIDENCE] if is_doubtful(judged.judgement) else []
    labels += [INVENTED] if judged.cited.invented else []
    return labels


def _view_facts(view: View, answer: Answer) -> list[str]:
    """A view in words: people, kinds, low confidence, and how many of its people lean another way over all."""
    facts = [_people(view.people)]
    facts += [_count(count, *KIND_WORDS[kind]) for kind, count in view.kinds.items()]
    facts += [LOW_CONFIDENCE] if is_doubtful(view.claims[0].judgement) else []
    others = sum(lean.stance is not view.stance for lean in answer.sources_for(view))
    facts += [f"{others} of them {'leans' if others == 1 else 'lean'} otherwise over all"] if others else []
    return facts


def _notes(answer: Answer) -> list[str]:
    """What stands under an answer: how it was made, and what is missing from it."""
    if answer.status is Status.NOTHING_HERE:
        looked = f"Looked through {_count(answer.searched, 'claim')}."
        return [*([looked] if answer.searched else []), TRY_OTHER_WORDS]
    form = {
        Form.SIDES: "The question was read as one with a yes and a no.",
        Form.OPTIONS: "The question was read as one without a yes and a no: the views are grouped by option.",
    }[answer.question.form]
    counted = f"{_count(answer.considered, 'claim')} judged, from {_count(answer.threads, 'thread')}."
    notes = [TOO_FEW] if answer.status is Status.TOO_FEW else []
    return [*notes, form, f"{counted} Each person counts once; words in quotation marks are people's own."]


def _narrowing(answer: Answer) -> str:
    return f"Shown: {SIDE_TITLES[answer.narrowed].lower()}." if answer.narrowed else ""


def _understood(answer: Answer) -> str:
    return answer.question.text if answer.question.text != answer.asked else ""


# ---------------------------------------------------------------- HTML
def answer_html(answer: Answer) -> str:
    """Return the answer as an HTML section: the balance, its bar, the views of each side or the options, the notes."""
    understood, narrowing = _understood(answer), _narrowing(answer)
    parts = [
        _tag("p", f"Understood as: <q>{_escaped(understood)}</q>", "cp-understood") if understood else "",
        _tag("p", _tag("strong", _escaped(answer.line())), "cp-balance"),
        _bar(answer.balance.people),
        _tag("p", narrowing, "cp-narrowed") if narrowing else "",
        *(_side_html(answer, side) for side in answer.sides),
        *(_option_html(answer, option) for option in answer.options),
        _tag("div", "".join(_tag("p", _escaped(note)) for note in _notes(answer)), "cp-notes"),
    ]
    return _tag("section", "".join(parts), "cp-answer")


def claims_html(judged: Sequence[JudgedClaim]) -> str:
    """Return claims as an HTML list, each with author, date, score, kind, thread and links; for a column of Browse."""
    return _tag("ul", "".join(_tag("li", _claim_html(one), "cp-claim") for one in judged), "cp-claims")


def post_html(thread: Thread, post_id: str, marked: Sequence[JudgedClaim] = (), focus: str | None = None) -> str:
    """Return one post as an HTML article with the words of `marked` in <mark>; the claim `focus` stands out.

    Claims of other posts are ignored. Raises KeyError where the thread has no such post.
    """
    post = {post.id: post for post in thread.posts}[post_id]
    facts = _facts_html(post)
    facts += [_link_html(link, "original")] if (link := web_link(post.link)) else []
    facts += [INVENTED] if thread.invented else []
    head = _tag("header", _joined(facts), "cp-source")
    body = f'<div class="cp-text" dir="auto">{_marked_text(post, marked, focus)}</div>'
    return f'<article class="cp-post" id="post-{_escaped(post.id)}">{head}{body}</article>'


def thread_html(thread: Thread, marked: Sequence[JudgedClaim] = (), focus: str | None = None) -> str:
    """Return a thread as an HTML section: its posts in reading order, each as `post_html` has it."""
    title = _tag("h3", f"<bdi>{_escaped(thread.title)}</bdi>")
    posts = "".join(post_html(thread, post.id, marked, focus) for post in thread.posts)
    return _tag("section", title + posts, "cp-thread")


def excerpt_html(thread: Thread, post_id: str, marked: Sequence[JudgedClaim] = (), focus: str | None = None) -> str:
    """Return a post between the one before it and the one after, under the title of their thread.

    Raises KeyError where the thread has no such post.
    """
    at = {post.id: post.position for post in thread.posts}[post_id]
    posts = [
        _tag("div", post_html(thread, post.id, marked, focus), "" if post.position == at else "cp-neighbour")
        for post in thread.posts[max(at - 1, 0) : at + 2]
    ]
    whole = f'<a href="?thread={quote(thread.id)}">Read the whole thread ({_count(len(thread.posts), "post")})</a>'
    toward = f"Marked: its claims, and how they lean toward <q>{_escaped(marked[0].question)}</q>" if marked else ""
    return _tag("section", "".join([_heading_html(thread), *posts, _tag("p", whole), _faint(toward)]), "cp-thread")


def columns_html(columns: Mapping[Stance, BrowsePage]) -> str:
    """Return pages of claims side by side, a column for each stance; claims of no side are folded away."""
    return _tag(
        "div", "".join(_column_html(*column, alone=len(columns) == 1) for column in columns.items()), "cp-columns"
    )


def preview_html(preview: Preview, hints: Sequence[str] = ()) -> str:
    """Return what adding a thread would do: its posts, their claims with kind and stance, and what is skipped and why.

    `hints` say, post by post, what looks worth correcting; empty where nothing does.
    """
    thread = preview.thread
    counted = (
        f"{_count(len(thread.posts), 'post')}, {_count(len(preview.claims), 'claim')}, {len(preview.skipped)} skipped"
    )
    toward = f"Stances toward its question: <q>{_escaped(preview.question)}</q>"
    known = "This thread is here already; saving brings it up to date." if preview.known else ""
    posts = [
        _preview_post(preview, post, hints[post.position] if post.position < len(hints) else "")
        for post in thread.posts
    ]
    head = [_heading_html(thread), _faint(counted), _faint(toward), _tag("p", known)]
    return _tag("section", "".join([*head, _tag("ol", "".join(posts), "cp-posts")]), "cp-preview")


def skipped_html(skipped: Sequence[Skipped]) -> str:
    """Return what was left out, each with its reason, as an HTML list; nothing where nothing was."""
    lines = [f"{_escaped(_reason(one))}: <q>{_escaped(_beginning(one.text))}</q>" for one in skipped]
    return _tag("ul", "".join(_tag("li", line) for line in lines), "cp-skipped") if lines else ""


def _heading_html(thread: Thread) -> str:
    facts = [f"<bdi>{_escaped(thread.forum)}</bdi>"] if thread.forum else []
    facts += [_link_html(link, "original")] if (link := web_link(thread.link)) else []
    facts += [INVENTED] if thread.invented else []
    return _tag("h3", f"<bdi>{_escaped(thread.title)}</bdi>") + _faint(_joined(facts))


def _column_html(stance: Stance, page: BrowsePage, *, alone: bool) -> str:
    title = f"{SIDE_TITLES[stance]} {_tag('span', _count(page.total, 'claim'), 'cp-count')}"
    claims = claims_html(page.claims) if page.claims else _faint("None.")
    if stance is Stance.NONE and not alone:
        return _tag("details", _tag("summary", title) + claims, "cp-side cp-none")
    return _tag("section", _tag("h3", title) + claims, f"cp-side cp-{stance}")


def _preview_post(preview: Preview, post: Post, hint: str) -> str:
    claims = [judged for judged in preview.claims if judged.cited.claim.post_id == post.id]
    skipped = [one for one in preview.skipped if one.place.startswith(f"post {post.position + 1},")]
    facts = ["opening post", *_facts_html(post)] if post.position == 0 else _facts_html(post)
    parts = [
        _tag("header", _joined(facts), "cp-source"),
        _tag("p", _escaped(hint), "cp-hint") if hint else "",
        f'<div class="cp-text" dir="auto">{_marked_text(post, claims, None)}</div>',
        _tag("ul", "".join(_tag("li", _preview_claim(judged)) for judged in claims), "cp-found") if claims else "",
        skipped_html(skipped),
    ]
    return _tag("li", "".join(parts), "cp-post")


def _preview_claim(judged: JudgedClaim) -> str:
    side = judged.judgement.stance
    facts = [_tag("span", SIDE_TITLES[side], f"cp-lean cp-{side}"), *_labels(judged)]
    return f'<span dir="auto">“{_escaped(judged.cited.claim.text)}”</span> {_joined(facts)}'


def _reason(skipped: Skipped) -> str:
    return f"skipped, {skipped.reason.replace('_', ' ')}"


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= BEGINNING else words[: BEGINNING - 1] + "…"


def _faint(inner: str) -> str:
    return _tag("p", inner, "cp-source") if inner else ""


def _tag(name: str, inner: str, classes: str = "") -> str:
    """An element around `inner`, which is HTML already."""
    return f'<{name} class="{classes}">{inner}</{name}>' if classes else f"<{name}>{inner}</{name}>"


def _escaped(text: str) -> str:
    return html.escape(clean(text))


def _joined(facts: Iterable[str]) -> str:
    return " · ".join(facts)


def _link_html(link: str, words: str) -> str:
    return f'<a href="{html.escape(link)}" rel="noopener noreferrer nofollow ugc" target="_blank">{words}</a>'


def _facts_html(post: Post) -> list[str]:
    """Who, when and the score, as HTML."""
    author, *rest = _facts(post)
    date = post.time.date().isoformat() if post.time else ""
    shown = [f'<time datetime="{date}">{date}</time>' if fact == date else fact for fact in rest]
    return [f'<bdi class="cp-author">{_escaped(author)}</bdi>', *shown]


def _bar(people: Tally) -> str:
    """The sides as bars with their numbers beside them, each as wide as its share."""
    if not people.total:
        return ""
    sides = [(side, getattr(people, side)) for side in SIDES]
    parts = "".join(
        f'<li class="cp-{side}" style="flex-grow: {count}">{SIDE_TITLES[side]}: {count}</li>'
        for side, count in sides
        if count
    )
    return f'<ul class="cp-bar" aria-label="How many people lean each way">{parts}</ul>'


def _side_html(answer: Answer, side: Stance) -> str:
    views = answer.views_on(side)
    if not views:
        return ""
    leaning = getattr(answer.balance.people, side)
    count = _tag("span", f"{_people(leaning)} {'leans' if leaning == 1 else 'lean'} so", "cp-count")
    return _tag(
        "section", _tag("h3", f"{SIDE_TITLES[side]} {count}") + _views_html(answer, views), f"cp-side cp-{side}"
    )


def _views_html(answer: Answer, views: Sequence[View]) -> str:
    return _tag("ol", "".join(_tag("li", _view_html(answer, view), "cp-view") for view in views), "cp-views")


def _view_html(answer: Answer, view: View) -> str:
    """The headline with its source, what the view rests on, and its other claims, most of them folded away."""
    others = [judged for judged in view.claims if judged is not view.headline]
    shown, folded = others[: SHOWN_AT_ONCE - 1], others[SHOWN_AT_ONCE - 1 :]
    more = _tag("details", _tag("summary", f"show {len(folded)} more") + claims_html(folded)) if folded else ""
    facts = _tag("p", _joined(_view_facts(view, answer)), "cp-facts")
    return _tag("div", _claim_html(view.headline), "cp-headline") + facts + (claims_html(shown) if shown else "") + more


def _claim_html(judged: JudgedClaim) -> str:
    """The claim's words as a quotation, and under it who said so, where, and the way to the post."""
    cited = judged.cited
    link = web_link(cited.post.link)
    cite = f' cite="{html.escape(link)}"' if link else ""
    words = f'<blockquote dir="auto"{cite}>“{_escaped(cited.claim.text)}”</blockquote>'
    title = f'<a href="?claim={quote(cited.claim.id)}"><bdi>{_escaped(cited.thread_title)}</bdi></a>'
    facts = [*_facts_html(cited.post), f"in {title}", *_labels(judged)]
    facts += [_link_html(link, "original")] if link else []
    return words + _tag("p", _joined(facts), "cp-source")


def _option_html(answer: Answer, option: Option) -> str:
    sections = [
        _tag("section", _tag("h4", title) + _views_html(answer, views), f"cp-side cp-{side}")
        for title, side, views in (
            ("Support", Stance.PRO, option.support),
            ("Objections", Stance.CON, option.objections),
        )
        if views
    ]
    head = _tag("h3", f"“<bdi>{_escaped(option.label)}</bdi>” " + _tag("span", _people(option.people), "cp-count"))
    said = "".join(sections) or _tag("p", "Nobody here said anything for or against it.")
    return _tag("section", head + said, "cp-option")


def _marked_text(post: Post, marked: Sequence[JudgedClaim], focus: str | None) -> str:
    """The words of `post`, escaped, those of its claims in <mark>. Where spans overlap, `focus` wins, then order."""
    of_post = [judged for judged in marked if judged.cited.claim.post_id == post.id]
    of_post.sort(key=lambda judged: (judged.cited.claim.id != focus, judged.cited.claim.start))
    free: list[JudgedClaim] = []
    for judged in of_post:
        claim = judged.cited.claim
        if all(claim.end <= other.cited.claim.start or other.cited.claim.end <= claim.start for other in free):
            free.append(judged)
    parts, at = [], 0
    for judged in sorted(free, key=lambda judged: judged.cited.claim.start):
        claim = judged.cited.claim
        classes = f"cp-mark cp-{judged.judgement.stance}" + (" cp-focus" if claim.id == focus else "")
        mark = f'<mark class="{classes}" id="claim-{claim.id}">{_escaped(post.text[claim.start : claim.end])}</mark>'
        parts += [_escaped(post.text[at : claim.start]), mark]
        at = claim.end
    return "".join([*parts, _escaped(post.text[at:])])


# ---------------------------------------------------------------- Markdown
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$@#!]|:(?=\S)|(?<=\w)\.(?=\w)")
"""What could begin markup inside a line, also a bare address. Forum text never begins a line of ours."""


def answer_markdown(answer: Answer) -> str:
    """Return the answer as Markdown (CommonMark) in which nothing a forum wrote is markup."""
    lines = [f"## {_plain(answer.question.text)}", "", f"**{_plain(answer.line())}**", ""]
    lines += [_narrowing(answer), ""] if answer.narrowed else []
    for side in answer.sides:
        views = answer.views_on(side)
        lines += [f"### {SIDE_TITLES[side]}", "", *_views_markdown(answer, views)] if views else []
    for option in answer.options:
        lines += [f"### “{_plain(option.label)}” ({_people(option.people)})", ""]
        for title, views in (("Support", option.support), ("Objections", option.objections)):
            lines += [f"#### {title}", "", *_views_markdown(answer, views)] if views else []
    lines += [f"{_plain(note)}  " for note in _notes(answer)]
    return "\n".join(lines).rstrip() + "\n"


def _views_markdown(answer: Answer, views: Sequence[View]) -> list[str]:
    lines = []
    for view in views:
        lines.append(f"- **“{_plain(view.headline.cited.claim.text)}”** ({', '.join(_view_facts(view, answer))})")
        lines += [f"  - {_claim_markdown(judged)}" for judged in view.claims]
    return [*lines, ""]


def _claim_markdown(judged: JudgedClaim) -> str:
    link = web_link(judged.cited.post.link)
    title = f"“{_plain(judged.cited.thread_title)}”"
    place = f"[{title}](<{quote(link, safe=_URL_SAFE)}>)" if link else title
    facts = [*map(_plain, _facts(judged.cited.post)), f"in {place}", *_labels(judged)]
    return f"“{_plain(judged.cited.claim.text)}” ({', '.join(facts)})"


_URL_SAFE = ":/?#@!$&'*+,;=%~-._"


def _plain(text: str) -> str:
    """`text` on one line with everything escaped that Markdown could read as markup."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(clean(text).split()))


# ---------------------------------------------------------------- terminal
_COLOURS = {Stance.PRO: "\x1b[34m", Stance.CON: "\x1b[33m", Stance.MIXED: "\x1b[35m", Stance.NONE: ""}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def answer_text(answer: Answer, *, colour: bool = False) -> str:
    """Return the answer for a terminal; with `colour`, sides are coloured. Control characters of posts are left out."""
    understood, narrowing = _understood(answer), _narrowing(answer)
    lines = [f"Understood as: {clean(understood)}"] if understood else []
    lines += [f"{_BOLD}{answer.line()}{_RESET}", *([narrowing] if narrowing else []), ""]
    for side in answer.sides:
        views = answer.views_on(side)
        lines += [f"{_COLOURS[side]}{SIDE_TITLES[side]}{_RESET}", *_views_text(answer, views), ""] if views else []
    for option in answer.options:
        lines.append(f"{_BOLD}“{_line(option.label)}”{_RESET} ({_people(option.people)})")
        for side, title, views in (
            (Stance.PRO, "support", option.support),
            (Stance.CON, "objections", option.objections),
        ):
            lines += [f"{_COLOURS[side]}{title}{_RESET}", *_views_text(answer, views)] if views else []
        lines.append("")
    lines += [f"{_DIM}{note}{_RESET}" for note in _notes(answer)]
    text = "\n".join(lines) + "\n"
    return text if colour else re.sub(r"\x1b\[\d+m", "", text)


def _views_text(answer: Answer, views: Sequence[View]) -> list[str]:
    lines = []
    for number, view in enumerate(views, start=1):
        others = [judged for judged in view.claims if judged is not view.headline]
        lines.append(f"  {number}. {', '.join(_view_facts(view, answer))}")
        for judged in [view.headline, *others]:
            lines.append(f"     “{_line(judged.cited.claim.text)}”")
            facts = [
                *map(_line, _facts(judged.cited.post)),
                f"in “{_line(judged.cited.thread_title)}”",
                *_labels(judged),
            ]
            lines.append(f"       {_DIM}{', '.join(facts)}{_RESET}")
    return lines


def _line(text: str) -> str:
    return " ".join(clean(text).split())


# ---------------------------------------------------------------- JSON
def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values, a stable form: keys may be added, none is renamed or removed.

    `asked` is what was typed, `question` how it was understood. `views` and `options` hold claims whole, each with its
    post's author, time, score and link, so that no claim is parted from them. `line` is the balance in words.
    """
    balance = answer.balance
    return {
        "asked": answer.asked,
        "question": answer.question.text,
        "form": answer.question.form.value,
        "status": answer.status.value,
        "line": answer.line(),
        "narrowed": answer.narrowed.value if answer.narrowed else None,
        "balance": {
            "people": _tally_json(balance.people),
            "posts": _tally_json(balance.posts),
            "votes": _tally_json(balance.votes),
            "doubtful": balance.doubtful,
            "small_sample": balance.small_sample,
        },
        "views": [_view_json(view) for view in answer.views],
        "options": [
            {
                "id": option.id,
                "label": option.label,
                "people": option.people,
                "headline": option.headline.cited.claim.id if option.headline else None,
                "support": [_view_json(view) for view in option.support],
                "objections": [_view_json(view) for view in option.objections],
            }
            for option in answer.options
        ],
        "searched": answer.searched,
        "considered": answer.considered,
        "threads": answer.threads,
    }


def _tally_json(tally: Tally) -> dict[str, int]:
    return {side.value: getattr(tally, side) for side in SIDES}


def _view_json(view: View) -> dict[str, Any]:
    return {
        "id": view.id,
        "stance": view.stance.value,
        "headline": view.headline.cited.claim.id,
        "people": view.people,
        "kinds": {kind.value: count for kind, count in view.kinds.items()},
        "agreement": round(view.agreement, 4),
        "claims": [claim_json(judged) for judged in view.claims],
    }


def claim_json(judged: JudgedClaim) -> dict[str, Any]:
    """Return a claim as plain values, with everything a citation needs."""
    claim, post, judgement = judged.cited.claim, judged.cited.post, judged.judgement
    return {
        "id": claim.id,
        "text": claim.text,
        "kind": claim.kind.value,
        "stance": judgement.stance.value,
        "confidence": round(judgement.confidence, 4),
        "author": post.author,
        "time": post.time.isoformat() if post.time else None,
        "score": post.score,
        "link": web_link(post.link),
        "post": {"id": post.id, "position": post.position, "start": claim.start, "end": claim.end},
        "thread": {"id": claim.thread_id, "title": judged.cited.thread_title, "forum": judged.cited.forum},
        "invented": judged.cited.invented,
    }


def columns_json(columns: Mapping[Stance, BrowsePage]) -> dict[str, Any]:
    """Return pages of claims as plain values: for each stance how many there are, and those of the page."""
    return {
        stance.value: {"total": page.total, "claims": [claim_json(judged) for judged in page.claims]}
        for stance, page in columns.items()
    }


def preview_json(preview: Preview) -> dict[str, Any]:
    """Return what adding a thread would do as plain values."""
    return {
        "thread": preview.thread.id,
        "title": preview.thread.title,
        "question": preview.question,
        "known": preview.known,
        "posts": [
            {
                "id": post.id,
                "author": post.author,
                "time": post.time.isoformat() if post.time else None,
                "text": post.text,
            }
            for post in preview.thread.posts
        ],
        "claims": [claim_json(judged) for judged in preview.claims],
        "skipped": [{"reason": one.reason, "text": one.text, "place": one.place} for one in preview.skipped],
    }
