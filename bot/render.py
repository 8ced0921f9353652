"""Answer, claims, posts -> escaped HTML; the other forms of an answer are in plain.py and values.py.

The HTML carries only classes named `cp-...`; `CSS` styles them in light and dark with Gradio's variables. For the page
to open are its links `?claim=ID`, `?thread=ID` and `?correct=ID`, and the buttons beside claims; its other links are
the addresses of the original posts where http or https.
"""

from __future__ import annotations

import html
import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from urllib.parse import quote, urlencode

from bot.answer import Answer, Option, count
from bot.backing import Person, certainty_lines, people_behind
from bot.deciding import deciding, deciding_option
from bot.markup import escaped as _escaped
from bot.markup import folded
from bot.markup import joined as _joined
from bot.markup import own_link as _own_link
from bot.markup import small as _small
from bot.markup import tag as _tag
from bot.narrowing import Focus
from bot.plain import answer_markdown, answer_text
from bot.render_facts import balance_html, closed_html, deciding_html, option_bar, safety_html, sample_html
from bot.render_prose import prose_html
from bot.render_wrong import wrong_html
from bot.values import answer_json, claim_json, columns_json, preview_json
from bot.views import View
from bot.wording import (
    FIRST_CLAIM,
    INVENTED,
    KIND_WORDS,
    LOW_CONFIDENCE,
    MASKED,
    MORE_VIEWS,
    NEXT_CLAIM,
    NO_WORDS,
    NOT_SAID,
    OBJECTIONS,
    SIDE_TITLES,
    SUPPORT,
    VIEWS_AT_ONCE,
    author_of,
    labels,
    narrowing,
    notes,
    one_line,
    people,
    post_facts,
    shortened,
    shown,
    side_facts,
    suggesting,
    telling,
    understood,
    view_facts,
    web_link,
)
from corpus.thread import Post, Skipped, Thread
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, JudgedClaim, Preview

__all__ = [
    "CSS",
    "KIND_WORDS",
    "SIDE_TITLES",
    "answer_html",
    "answer_json",
    "answer_markdown",
    "answer_text",
    "claim_json",
    "claims_html",
    "columns_html",
    "columns_json",
    "excerpt_html",
    "post_html",
    "preview_html",
    "preview_json",
    "skipped_html",
    "thread_html",
]

CSS = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
"""The style of what this module renders."""

SHOWN_AT_ONCE = 3
"""Claims of a view that are shown before "show N more": a view stays one screen of a phone."""

BEGINNING = 120
"""Characters shown of what was skipped: enough to see what it was."""


def answer_html(answer: Answer, key: str | None = None, *, served: bool = True) -> str:
    """Return the answer as an HTML section: the balance, its bars, the views of each side or the options, the notes.

    `key` tells the controls of this answer from those of every other on a page; a fresh one unless given. Where it is
    not `served` there are no links that only the page opens. Where a note stands alone all else is closed behind it.
    """
    question, narrowed = understood(answer), narrowing(answer)
    parts = [
        _tag("p", f"Understood as: <q>{_escaped(question)}</q>", "cp-understood") if question else "",
        _tag("p", _tag("strong", _escaped(answer.line())), "cp-balance"),
        safety_html(answer),
        balance_html(answer, key or secrets.token_hex(4)),
        sample_html(answer),
        _tag("p", _escaped(narrowed), "cp-narrowed") if narrowed else "",
        _telling_html(answer, served=served),
        prose_html(answer, served=served),
        *_asked_for(answer, served=served),
        _suggestions_html(answer, served=served),
        _tag("div", "".join(_tag("p", _escaped(note)) for note in notes(answer)), "cp-notes"),
    ]
    return _tag("section", closed_html(answer, "".join(parts)), "cp-answer")


def _asked_for(answer: Answer, *, served: bool) -> list[str]:
    """The views of each side and the options, or what was asked for instead."""
    if answer.narrowing.focus is Focus.PEOPLE:
        return [_people_html(answer, served=served)]
    if answer.narrowing.focus is Focus.CERTAINTY:
        lines = "".join(_tag("li", _escaped(line)) for line in certainty_lines(answer))
        return [_tag("ul", lines, "cp-certainty")] if lines else []
    sides = "".join(_side_html(answer, side, served=served) for side in answer.sides)
    return [
        _tag("div", sides, "cp-sides") if sides else "",
        *(_option_html(answer, option, served=served) for option in answer.options),
        deciding_html(deciding(answer), served=served),
    ]


def _people_html(answer: Answer, *, served: bool) -> str:
    """Who says so: the people of each side, each with the claims they made."""
    of_side: dict[Stance | None, list[Person]] = {}
    for person in people_behind(answer):
        of_side.setdefault(person.stance, []).append(person)
    sections = []
    for side, persons in of_side.items():
        title = _tag("h3", f"{SIDE_TITLES[side] if side else 'Who says it'} {_small(people(len(persons)))}")
        said = "".join(_tag("li", _person_html(person, served=served), "cp-person") for person in persons)
        sections.append(_tag("section", title + _tag("ol", said, "cp-views"), f"cp-side cp-{side or Stance.NONE}"))
    return "".join(sections)


def _person_html(person: Person, *, served: bool) -> str:
    facts = [f'<bdi class="cp-author">{_escaped(author_of(shown(person.claims[0]).cited.post))}</bdi>']
    facts += [LOW_CONFIDENCE] if person.doubtful else []
    return _tag("p", _joined(facts)) + claims_html(person.claims, served=served)


def _telling_html(answer: Answer, *, served: bool) -> str:
    """The words with which people tell that they are who was asked about, each with the way to its post."""
    told = [
        f'<q dir="auto">{_escaped(words)}</q> '
        + _own_link(f"?claim={cited.claim.id}", f"<bdi>{_escaped(author_of(cited.post))}</bdi>", served=served)
        for cited, words in telling(answer)
    ]
    return _tag("p", f"As they tell: {_joined(told)}", "cp-narrowed") if told else ""


def _suggestions_html(answer: Answer, *, served: bool) -> str:
    """Questions near the asked one, each a link that asks it."""
    if not answer.suggestions:
        return ""
    links = (
        _own_link("?" + urlencode({"q": one}), _escaped(one), ' dir="auto"', served=served)
        for one in answer.suggestions
    )
    return _tag("p", suggesting(answer)) + _tag("ul", "".join(_tag("li", link) for link in links), "cp-suggestions")


def claims_html(judged: Sequence[JudgedClaim], *, served: bool = True) -> str:
    """Return claims as an HTML list, each with author, date, score, kind, thread and links; for a column of Browse."""
    return _tag("ul", "".join(_tag("li", _claim_html(one, served=served), "cp-claim") for one in judged), "cp-claims")


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
    """Return a thread as an HTML section to read whole: its posts in reading order, replies set in, claims marked.

    Behind each claim stand its stance and kind and the way to the next one.
    """
    of_post: dict[str, list[JudgedClaim]] = defaultdict(list)
    for judged in marked:
        of_post[judged.cited.claim.post_id].append(judged)
    spans = {post.id: _spans(post, of_post[post.id], focus) for post in thread.posts}
    ids = [judged.cited.claim.id for post in thread.posts for judged in spans[post.id]]
    after = dict(zip_longest(ids, ids[1:], fillvalue=""))
    written = {post.id: post for post in thread.posts}
    posts = []
    for post, depth in zip(thread.posts, _depths(thread), strict=True):
        answered = written.get(post.parent_id or "")
        article = _read_post(post, answered, spans[post.id], after, focus)
        posts.append(f'<li class="cp-level" style="--cp-level: {depth}">{article}</li>')
    first = f' · <a href="#claim-{ids[0]}">{FIRST_CLAIM}</a>' if ids else ""
    facts = _faint(_escaped(_said_in(thread, marked)) + first)
    legend = _faint(_legend(marked[0].question)) if marked else ""
    return _tag(
        "section", _heading_html(thread) + facts + legend + _tag("ol", "".join(posts), "cp-reading"), "cp-thread"
    )


def excerpt_html(
    thread: Thread, post_id: str, marked: Sequence[JudgedClaim] = (), focus: str | None = None, below: str = ""
) -> str:
    """Return a post between the one before it and the one after, under the title of their thread.

    `below` is HTML to stand under the post. Raises KeyError where the thread has no such post.
    """
    at = {post.id: post.position for post in thread.posts}[post_id]
    posts = [
        post_html(thread, post.id, marked, focus) + below
        if post.position == at
        else _tag("div", post_html(thread, post.id, marked, focus), "cp-neighbour")
        for post in thread.posts[max(at - 1, 0) : at + 2]
    ]
    whole = f'<a href="?thread={quote(thread.id)}">Read the whole thread ({count(len(thread.posts), "post")})</a>'
    legend = _legend(marked[0].question) if marked else ""
    return _tag("section", "".join([_heading_html(thread), *posts, _tag("p", whole), _faint(legend)]), "cp-thread")


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
        f"{count(len(thread.posts), 'post')}, {count(len(preview.claims), 'claim')}, {len(preview.skipped)} skipped"
    )
    toward = _legend(preview.question)
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


def _legend(question: str) -> str:
    """What the lines under claims mean."""
    lines = ", ".join(_tag("span", title.lower(), f"cp-mark cp-{side}") for side, title in SIDE_TITLES.items())
    return f"Lines under claims: {lines}; toward the question <q>{_escaped(question)}</q>"


def _column_html(stance: Stance, page: BrowsePage, *, alone: bool) -> str:
    title = f"{SIDE_TITLES[stance]} {_tag('span', count(page.total, 'claim'), 'cp-count')}"
    claims = claims_html(page.claims) if page.claims else _faint("None.")
    if stance is Stance.NONE and not alone:
        return _tag("details", _tag("summary", title) + claims, "cp-side cp-none")
    return _tag("section", _tag("h3", title) + claims, f"cp-side cp-{stance}")


def _preview_post(preview: Preview, post: Post, hint: str) -> str:
    claims = [judged for judged in preview.claims if judged.cited.claim.post_id == post.id]
    skipped = [one for one in preview.skipped if one.place == f"post {post.position + 1}"]
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
    facts = [_tag("span", SIDE_TITLES[side], f"cp-lean cp-{side}"), *labels(judged)]
    return f'<span dir="auto">“{_escaped(shown(judged).cited.claim.text)}”</span> {_joined(facts)}'


def _reason(skipped: Skipped) -> str:
    return f"skipped, {skipped.reason.replace('_', ' ')}"


def _beginning(text: str) -> str:
    return shortened(one_line(text), BEGINNING)


def _faint(inner: str) -> str:
    return _tag("p", inner, "cp-source") if inner else ""


def _link_html(link: str, words: str) -> str:
    return f'<a href="{html.escape(link)}" rel="noopener noreferrer nofollow ugc" target="_blank">{words}</a>'


def _facts_html(post: Post) -> list[str]:
    """Who, when and the score, as HTML."""
    author, *rest = post_facts(post)
    date = post.time.date().isoformat() if post.time else ""
    shown = [f'<time datetime="{date}">{date}</time>' if fact == date else fact for fact in rest]
    return [f'<bdi class="cp-author">{_escaped(author)}</bdi>', *shown]


def _side_html(answer: Answer, side: Stance, *, served: bool) -> str:
    views = answer.views_on(side)
    if not views:
        return ""
    head = f"{SIDE_TITLES[side]} {_small(side_facts(answer, side))}"
    return _tag("section", _tag("h3", head) + _views_html(answer, views, served=served), f"cp-side cp-{side}")


def _views_html(answer: Answer, views: Sequence[View], *, served: bool) -> str:
    """Views as a numbered list, the strongest ones open and the rest folded away."""
    items = [_tag("li", _view_html(answer, view, served=served), "cp-view") for view in views]
    return folded(items, _numbered, at_once=VIEWS_AT_ONCE, nouns=MORE_VIEWS)


def _numbered(items: Sequence[str], start: int) -> str:
    first = f' start="{start + 1}"' if start else ""
    return f'<ol class="cp-views"{first}>{"".join(items)}</ol>'


def _view_html(answer: Answer, view: View, *, served: bool) -> str:
    """The headline with its source, what the view rests on, and its other claims, most of them folded away."""
    headline, *others = (
        _claim_html(judged, several=len(view.claims) > 1, served=served)
        for judged in (view.headline, *(one for one in view.claims if one is not view.headline))
    )
    others = [_tag("li", other, "cp-claim") for other in others]
    facts = _tag("p", _joined(view_facts(view, answer)), "cp-facts")
    more = folded(others, _claims_list, at_once=SHOWN_AT_ONCE - 1) if others else ""
    return _tag("div", headline, "cp-headline") + facts + more


def _claims_list(items: Sequence[str], _start: int) -> str:
    return _tag("ul", "".join(items), "cp-claims")


def _claim_html(judged: JudgedClaim, *, several: bool = False, served: bool = True) -> str:
    """The claim's words as a quotation, and under it who said so, where, and the way to the post.

    `several` says that it is one of several claims of a view.
    """
    cited = shown(judged).cited
    link = web_link(cited.post.link)
    cite = f' cite="{html.escape(link)}"' if link else ""
    words = f'<blockquote dir="auto"{cite}>“{_escaped(cited.claim.text)}”</blockquote>'
    title = _own_link(f"?claim={cited.claim.id}", f"<bdi>{_escaped(cited.thread_title)}</bdi>", served=served)
    facts = [*_facts_html(cited.post), f"in {title}", *labels(judged)]
    facts += [_link_html(link, "original")] if link else []
    wrong = wrong_html(judged, several=several) if served else ""
    return words + _tag("p", _joined(facts) + wrong, "cp-source")


def _option_html(answer: Answer, option: Option, *, served: bool) -> str:
    sections = [
        _tag(
            "section",
            _tag("h4", f"{title} {_small(people(number))}") + _views_html(answer, views, served=served),
            f"cp-side cp-{side}",
        )
        for title, side, number, views in (
            (SUPPORT, Stance.PRO, option.supporters, option.support),
            (OBJECTIONS, Stance.CON, option.objectors, option.objections),
        )
        if views
    ]
    head = _tag("h3", f"“<bdi>{_escaped(option.label)}</bdi>” " + _small(people(option.people)))
    said = _tag("div", "".join(sections), "cp-sides") if sections else _tag("p", NOT_SAID)
    bar = option_bar(option) if sections else ""
    decided = deciding_html(deciding_option(option), level=4, served=served)
    return _tag("section", head + bar + said + decided, "cp-option")


def _said_in(thread: Thread, marked: Sequence[JudgedClaim]) -> str:
    """How much a thread holds, in words."""
    sides = Counter(judged.judgement.stance for judged in marked)
    counted = ", ".join(f"{sides[side]} {title.lower()}" for side, title in SIDE_TITLES.items() if sides[side])
    authors = people(len({post.source for post in thread.posts}))
    claims = count(len(marked), "claim") + (f": {counted}" if counted else "")
    return f"{count(len(thread.posts), 'post')} by {authors}; {claims}"


def _depths(thread: Thread) -> list[int]:
    """How far to set in each post: one step for each post it answers on the way to an answer to the opening post.

    Where posts do not stand under what they answer, as in a forum that sorts them by time, nothing is set in.
    """
    depths: list[int] = []
    path: list[str] = []
    for post in thread.posts:
        if post.parent_id is None:
            path = path[:1]
        elif post.parent_id in path:
            path = path[: path.index(post.parent_id) + 1]
        else:
            return [0] * len(thread.posts)
        depths.append(max(len(path) - 1, 0))
        path.append(post.id)
    return depths


def _read_post(
    post: Post, answered: Post | None, spans: Sequence[JudgedClaim], after: Mapping[str, str], focus: str | None
) -> str:
    """A post of a thread that is read whole: whom it answers, and its claims with what follows them."""
    facts = [f"{post.position + 1}.", *_facts_html(post)]
    if answered is not None and answered.position:
        facts.append(f'answers <a href="#post-{_escaped(answered.id)}"><bdi>{_escaped(author_of(answered))}</bdi></a>')
    facts += [_link_html(link, "original")] if (link := web_link(post.link)) else []
    labelled = {judged.cited.claim.id: _behind(judged, after[judged.cited.claim.id]) for judged in spans}
    text = _marked_text(post, spans, focus, labelled) if post.text.strip() else _tag("i", NO_WORDS)
    body = f'<div class="cp-text" dir="auto">{text}</div>'
    head = _tag("header", _joined(facts), "cp-source")
    return f'<article class="cp-post" id="post-{_escaped(post.id)}">{head}{body}</article>'


def _behind(judged: JudgedClaim, following: str) -> str:
    """What stands behind a claim's words: its stance, its kind, and the way to the next claim."""
    side = judged.judgement.stance
    words = ", ".join([SIDE_TITLES[side].lower(), *(label for label in labels(judged) if label != INVENTED)])
    onward = f' <a href="#claim-{following}" title="{NEXT_CLAIM}" aria-label="{NEXT_CLAIM}">↓</a>' if following else ""
    return f' <span class="cp-behind cp-{side}">{_escaped(words)}{onward}</span>'


def _spans(post: Post, marked: Sequence[JudgedClaim], focus: str | None) -> list[JudgedClaim]:
    """The claims of `post` that can be marked, in order, as shown. Where they overlap, `focus` wins, then order."""
    of_post = [shown(judged) for judged in marked if judged.cited.claim.post_id == post.id]
    of_post.sort(key=lambda judged: (judged.cited.claim.id != focus, judged.cited.claim.start))
    free: list[JudgedClaim] = []
    for judged in of_post:
        claim = judged.cited.claim
        if all(claim.end <= other.cited.claim.start or other.cited.claim.end <= claim.start for other in free):
            free.append(judged)
    return sorted(free, key=lambda judged: judged.cited.claim.start)


def _marked_text(
    post: Post, marked: Sequence[JudgedClaim], focus: str | None, behind: Mapping[str, str] | None = None
) -> str:
    """The words of `post`, masked and escaped, its claims in <mark>, and `behind` each the HTML given by its id."""
    text = MASKED.post(post).text
    parts, at = [], 0
    for judged in marked if behind is not None else _spans(post, marked, focus):
        claim = judged.cited.claim
        classes = f"cp-mark cp-{judged.judgement.stance}" + (" cp-focus" if claim.id == focus else "")
        mark = f'<mark class="{classes}" id="claim-{claim.id}">{_escaped(text[claim.start : claim.end])}</mark>'
        parts += [_escaped(text[at : claim.start]), mark, (behind or {}).get(claim.id, "")]
        at = claim.end
    return "".join([*parts, _escaped(text[at:])])
