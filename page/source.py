"""The source panel: what a link to a claim, a post or a thread opens beside the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from bot import render
from bot.chat import LONGEST_QUESTION, Bot
from corpus.errors import NotInStore
from corpus.thread import Post
from indexer.knowledge import JudgedClaim, KnowledgeBase
from page.ask import Talk, messages, question_of_answer
from page.corrections import done, mark, marking_html, remade, undo
from page.parts import AN_ID, BARE, QUIET, explained, notice
from page.texts import TEXTS

LINKS = ("claim", "correct", "post", "thread")
"""What a link on the page can open: `?claim=ID`, to correct it `?correct=ID`, `?post=ID`, `?thread=ID`.

The first two go on with `&toward=QUESTION` where the claim is shown toward another question than that of its place.
"""

CORRECTABLE = "<style>.cp-wrong { display: inline !important; }</style>"
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


SOURCE_JS = """
let opener = null;
let marking = false;
const asking = (link) => new URLSearchParams(link?.getAttribute('href') ?? '');
element.addEventListener('click', (event) => {
  const within = event.target.closest('a[href^="#claim-"], a[href^="#post-"]');
  const place = within && document.getElementById(within.getAttribute('href').slice(1));
  if (!place) return;
  event.preventDefault();
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'center' });
});
document.addEventListener('click', (event) => {
  const link = event.target.closest(
    'a:is([href^="?claim="], [href^="?correct="], [href^="?post="], [href^="?thread="])');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!element.contains(link)) opener = link;
  marking = link.matches('.cp-wrong');
  trigger('source', {
    toward: asking(link.parentElement.querySelector('.cp-wrong')).get('toward') ?? '',
    ...Object.fromEntries(asking(link)),
    answer: [...document.querySelectorAll('.cp-answer')].indexOf(link.closest('.cp-answer')),
    browsed: link.closest('#browsed') !== null,
  });
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('.cp-marking button');
  if (!button) return;
  marking = true;
  trigger('mark', {mark: '', matter: '', undo: '', ...button.closest('.cp-marking').dataset, ...button.dataset});
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !element.contains(document.activeElement)) return;
  trigger('close');
  opener?.focus();
});
watch('value', () => {
  const source = element.querySelector('.page-source[tabindex]');
  if (!source) return;
  const marks = marking && (source.querySelector('.cp-marked') ?? source.querySelector('.cp-marking button'));
  (marks || source).focus({ preventScroll: true });
  const wanted = marking ? source.querySelector('.cp-marking') : source.querySelector('.cp-focus');
  (wanted ?? source).scrollIntoView({ block: marking ? 'center' : 'nearest' });
  marking = false;
});
"""
"""A click on a link to a claim, post or thread opens it beside the page; in a new tab the link opens the page on it."""


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

    Who `may_edit` corrects claims here; then the answers on the page are made again, and `changed` goes up by one.
    """
    base = bot.base
    closed = notice("stage", TEXTS.no_source)
    with gr.Sidebar(label=TEXTS.source, position="right", open=False, width=440) as sidebar:
        panel = gr.HTML(closed, js_on_load=SOURCE_JS, elem_id="source", **BARE)

    def opened(link: Mapping[str, str], question: str, request: gr.Request) -> tuple[Any, ...]:
        allowed = may_edit(request)
        shown = source_html(base, link, question, may_edit=allowed)
        if not shown:
            return CORRECTABLE + closed if allowed else closed, gr.skip()
        return _source(shown, may_edit=allowed), gr.update(open=True)

    def clicked(talk: Talk, toward: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        link = {name: _given(event, name) for name in LINKS}
        asked = toward.strip() if event.browsed else question_of_answer(talk, event.answer)
        return opened(link, _given(event, "toward")[:LONGEST_QUESTION] or asked, request)

    def linked(request: gr.Request) -> tuple[Any, ...]:
        query = dict(request.query_params)
        link = {} if "tab" in query else query
        return opened(link, link.get("toward", "")[:LONGEST_QUESTION], request)

    def marked(changed: int, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        given = {name: _given(event, name) for name in ("claim", "toward", "matter", "mark", "undo")}
        allowed = may_edit(request)
        said = marked_notice(base, given, getattr(request, "username", None), may_edit=allowed)
        shown = source_html(base, {"claim": given["claim"]}, given["toward"], said, may_edit=allowed)
        return _source(shown, may_edit=allowed), changed + 1

    def again(talk: Talk) -> tuple[Any, ...]:
        if not any(exchange.turn for exchange in talk) or any(exchange.running for exchange in talk):
            return gr.skip(), gr.skip()
        made = remade(bot, talk)
        return messages(made), made

    shown = [panel, sidebar]
    panel.source(clicked, [talk, toward], shown, **QUIET)
    panel.mark(marked, changed, [panel, changed], trigger_mode="multiple", **QUIET)
    changed.change(again, talk, [chat, talk], trigger_mode="always_last", **QUIET)
    panel.close(lambda: (closed, gr.update(open=False)), None, shown, **QUIET)
    page.load(linked, None, shown, **QUIET)


def marked_notice(
    base: KnowledgeBase, given: Mapping[str, str], who: str | None = None, *, may_edit: bool = True
) -> str:
    """Keep what was said of a claim, or take it back, and return the notice of it, or of why it is refused.

    `given` holds what a button of the panel says: `claim`, `toward`, `matter` and `mark`, or the correction to `undo`.
    """
    if not may_edit:
        return notice("problem", TEXTS.may_not_correct)
    try:
        if given["undo"]:
            undo(base, given["undo"])
            return done(None)
        return done(mark(base, given["claim"], given["matter"], given["mark"], given["toward"], who))
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return explained(error)


def _given(event: gr.EventData, name: str) -> str:
    """What the browser says under `name`; "" where it says nothing."""
    return str(getattr(event, name, "") or "")


def _source(shown: str, *, may_edit: bool = False) -> str:
    """What the panel shows; it takes the focus, which a closed panel must not."""
    section = f'<section class="page-source" tabindex="-1" aria-label="{TEXTS.source}">{shown}</section>'
    return CORRECTABLE + section if may_edit else section
