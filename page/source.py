"""The source panel: what a link to a claim, a post or a thread opens beside the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any
from uuid import uuid4

import gradio as gr

from bot import render
from bot.chat import LONGEST_QUESTION, Bot
from corpus.errors import NotInStore
from corpus.thread import Post
from indexer.corrections import Correction
from indexer.knowledge import JudgedClaim, KnowledgeBase
from page.access import name_of
from page.ask import Talk, messages, question_of_answer
from page.corrections import counted_html, done, mark, marking_html, remade, undo
from page.parts import AN_ID, BARE, QUIET, explained, notice
from page.texts import TEXTS

LINKS = ("claim", "correct", "post", "thread")
"""What a link on the page can open: `?claim=ID`, to correct it `?correct=ID`, `?post=ID`, `?thread=ID`.

The first two go on with `&toward=QUESTION` where the claim is shown toward another question than that of its place.
"""

GIVEN = ("claim", "toward", "matter", "mark", "undo")
"""What a button that corrects a claim says: `claim`, `toward`, `matter` and `mark`, or the correction to `undo`."""

CORRECTABLE = "<style>.cp-fix { display: inline !important; }</style>"
"""Shows the ways to correct a claim, which are hidden from who may not."""


def everybody(_request: Any) -> bool:
    """Let everybody correct: the page is on their own machine."""
    return True


def source_html(
    base: KnowledgeBase, link: Mapping[str, str], question: str = "", said: str = "", *, may_edit: bool = True
) -> str:
    """Return what a link opens: a claim's post or a post, with its neighbours, or a whole thread; "" for no link.

    Claims are marked with their stance toward `question`, or without one toward their thread's own; under the post of a
    claim stands how to correct it, with `said` above that.
    """
    wanted = [link[name] for name in LINKS if link.get(name)]
    if not all(map(AN_ID.fullmatch, wanted)):
        return notice("problem", TEXTS.gone)
    try:
        if claim_id := link.get("claim") or link.get("correct"):
            return _claim_source(base, claim_id, question, said, may_edit=may_edit)
        if post_id := link.get("post"):
            return _post_source(base, base.store.post(post_id), question)
        if thread_id := link.get("thread"):
            return render.thread_html(base.thread(thread_id), judged_in(base, thread_id, question))
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return notice("problem", TEXTS.gone) if isinstance(error, NotInStore) else explained(error)
    return ""


def _post_source(base: KnowledgeBase, post: Post, question: str) -> str:
    return render.excerpt_html(base.thread(post.thread_id), post.id, judged_in(base, post.thread_id, question))


def _claim_source(base: KnowledgeBase, claim_id: str, question: str, said: str, *, may_edit: bool) -> str:
    found = base.cited([claim_id])
    if not found:
        return notice("problem", TEXTS.gone)
    post = found[0].post
    judged = judged_in(base, post.thread_id, question)
    below = "".join(
        marking_html(one, base.records(), said, may_edit=may_edit) for one in judged if one.cited.claim.id == claim_id
    )
    return render.excerpt_html(base.thread(post.thread_id), post.id, judged, claim_id, below)


def judged_in(base: KnowledgeBase, thread_id: str, question: str = "") -> list[JudgedClaim]:
    """Return the claims of a thread, each with its stance toward `question`, or without one toward the thread's own."""
    question = question or base.question_of(thread_id)
    return base.judged(question, base.claims_of_thread(thread_id))


SOURCE_JS = files("page").joinpath("source.js").read_text("utf-8")


def source_panel(  # noqa: PLR0917 -- the parts of the page it stands beside
    bot: Bot,
    page: gr.Blocks,
    chat: gr.Chatbot,
    talk: gr.State,
    toward: gr.Textbox,
    changed: gr.State,
    may_edit: Callable[[Any], bool] = everybody,
) -> None:
    """The post behind a claim, its stance toward the question of the answer, or of Browse, in which it was clicked.

    Who `may_edit` corrects claims here, or with one click beside each claim on the page; then the answers on the page
    are made again, and `changed` is new, also where two are corrected at the same time.
    """
    base = bot.base
    closed = notice("stage", TEXTS.no_source)
    with gr.Sidebar(label=TEXTS.source, position="right", open=False, width=440) as sidebar:
        panel = gr.HTML(closed, js_on_load=SOURCE_JS, elem_id="source", **BARE)
    correctable = gr.HTML(**BARE)
    counted = gr.HTML(elem_id="counted", **BARE)

    def opened(link: Mapping[str, str], question: str, request: gr.Request) -> tuple[Any, ...]:
        shown = source_html(base, link, question, may_edit=may_edit(request))
        return (_source(shown), gr.update(open=True)) if shown else (closed, gr.skip())

    def arriving(request: gr.Request) -> str:
        return CORRECTABLE if may_edit(request) else ""

    def question_at(talk: Talk, toward: str, event: gr.EventData) -> str:
        asked = toward.strip() if event.browsed else question_of_answer(talk, event.answer)
        return _given(event, "toward")[:LONGEST_QUESTION] or asked

    def clicked(talk: Talk, toward: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return opened({name: _given(event, name) for name in LINKS}, question_at(talk, toward, event), request)

    def linked(request: gr.Request) -> tuple[Any, ...]:
        query = dict(request.query_params)
        link = {} if "tab" in query else query
        return opened(link, link.get("toward", "")[:LONGEST_QUESTION], request)

    def marked(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        given = {name: _given(event, name) for name in GIVEN}
        allowed = may_edit(request)
        said = marked_notice(base, given, name_of(request), may_edit=allowed)
        shown = source_html(base, {"claim": given["claim"]}, given["toward"], said, may_edit=allowed)
        return _source(shown), uuid4().hex

    def fixed(talk: Talk, toward: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        given = {name: _given(event, name) for name in GIVEN} | {"toward": question_at(talk, toward, event)}
        allowed = may_edit(request)
        said = fixed_html(base, given, name_of(request), may_edit=allowed)
        link, asked = {"claim": _given(event, "open")}, _given(event, "open_toward")
        shown = _source(source_html(base, link, asked, may_edit=allowed)) if link["claim"] else gr.skip()
        return said, shown, uuid4().hex

    def again(talk: Talk) -> tuple[Any, ...]:
        if not any(exchange.turn for exchange in talk) or any(exchange.running for exchange in talk):
            return gr.skip(), gr.skip()
        made = remade(bot, talk)
        return messages(made), made

    shown = [panel, sidebar]
    panel.source(clicked, [talk, toward], shown, **QUIET)
    panel.mark(marked, None, [panel, changed], trigger_mode="multiple", **QUIET)
    panel.fix(fixed, [talk, toward], [counted, panel, changed], trigger_mode="multiple", **QUIET)
    changed.change(again, talk, [chat, talk], trigger_mode="always_last", **QUIET)
    panel.close(lambda: (closed, gr.update(open=False)), None, shown, **QUIET)
    page.load(linked, None, shown, **QUIET)
    page.load(arriving, None, correctable, **QUIET)


def marked_notice(
    base: KnowledgeBase, given: Mapping[str, str], who: str | None = None, *, may_edit: bool = True
) -> str:
    """Keep what was said of a claim, or take it back, and return the notice of it, or of why it is refused.

    `given` holds what a button says, by the names of `GIVEN`.
    """
    return _marked(base, given, who, may_edit=may_edit)[0]


def fixed_html(base: KnowledgeBase, given: Mapping[str, str], who: str | None = None, *, may_edit: bool = True) -> str:
    """Do what `marked_notice` does for a button beside a claim; the notice has the way to take it back."""
    return counted_html(*_marked(base, given, who, may_edit=may_edit))


def _marked(
    base: KnowledgeBase, given: Mapping[str, str], who: str | None, *, may_edit: bool
) -> tuple[str, Correction | None]:
    """Return the notice, and what was kept, if anything was."""
    if not may_edit:
        return notice("problem", TEXTS.may_not_correct), None
    try:
        if given["undo"]:
            undo(base, given["undo"])
            return done(None), None
        made = mark(base, given["claim"], given["matter"], given["mark"], given["toward"], who)
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return explained(error), None
    return done(made), made


def _given(event: gr.EventData, name: str) -> str:
    """What the browser says under `name`; "" where it says nothing."""
    return str(getattr(event, name, "") or "")


def _source(shown: str) -> str:
    """What the panel shows; it takes the focus, which a closed panel must not."""
    return f'<section class="page-source" tabindex="-1" aria-label="{TEXTS.source}">{shown}</section>'
