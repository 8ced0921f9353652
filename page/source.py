"""The source panel: what a link to a claim, a post or a thread opens beside the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import gradio as gr

from bot import render
from corpus.errors import NotInStore
from corpus.thread import ID_LENGTH, Post
from indexer.knowledge import JudgedClaim, KnowledgeBase
from page.ask import Talk, question_of_answer
from page.parts import BARE, QUIET, explained, notice
from page.texts import TEXTS

LINKS = ("claim", "post", "thread")
"""What a link on the page can open: `?claim=ID`, `?post=ID`, `?thread=ID`."""

AN_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")


def source_html(base: KnowledgeBase, link: Mapping[str, str], question: str = "") -> str:
    """Return what a link opens: a claim's post or a post, with its neighbours, or a whole thread; "" for no link.

    Claims are marked with their stance toward `question`, or without one toward their thread's own.
    """
    wanted = [link[name] for name in LINKS if link.get(name)]
    if not all(map(AN_ID.fullmatch, wanted)):
        return notice("problem", TEXTS.gone)
    try:
        if claim_id := link.get("claim"):
            cited = base.cited([claim_id])
            return _post_source(base, cited[0].post, question, claim_id) if cited else notice("problem", TEXTS.gone)
        if post_id := link.get("post"):
            return _post_source(base, base.store.post(post_id), question)
        if thread_id := link.get("thread"):
            return render.thread_html(base.thread(thread_id), judged_in(base, thread_id, question))
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return notice("problem", TEXTS.gone) if isinstance(error, NotInStore) else explained(error)
    return ""


def _post_source(base: KnowledgeBase, post: Post, question: str, claim_id: str | None = None) -> str:
    judged = judged_in(base, post.thread_id, question)
    return render.excerpt_html(base.thread(post.thread_id), post.id, judged, claim_id)


def judged_in(base: KnowledgeBase, thread_id: str, question: str = "") -> list[JudgedClaim]:
    """Return the claims of a thread, each with its stance toward `question`, or without one toward the thread's own."""
    question = question or base.question_of(thread_id)
    cited = base.claims_of_thread(thread_id)
    judgements = base.judge_claims(question, cited)
    return [JudgedClaim(claim, question, judgement) for claim, judgement in zip(cited, judgements, strict=True)]


SOURCE_JS = """
let opener = null;
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="?claim="], a[href^="?post="], a[href^="?thread="]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!element.contains(link)) opener = link;
  trigger('source', {
    ...Object.fromEntries(new URLSearchParams(link.getAttribute('href'))),
    answer: [...document.querySelectorAll('.cp-answer')].indexOf(link.closest('.cp-answer')),
    browsed: link.closest('#browsed') !== null,
  });
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !element.contains(document.activeElement)) return;
  trigger('close');
  opener?.focus();
});
watch('value', () => {
  const source = element.querySelector('.page-source[tabindex]');
  source?.focus({ preventScroll: true });
  (source?.querySelector('.cp-focus') ?? source)?.scrollIntoView({ block: 'nearest' });
});
"""
"""A click on a link to a claim, post or thread opens it beside the page; in a new tab the link opens the page on it."""


def source_panel(base: KnowledgeBase, page: gr.Blocks, talk: gr.State, toward: gr.Textbox) -> None:
    """The post behind a claim, its stance toward the question of the answer, or of Browse, in which it was clicked."""
    closed = notice("stage", TEXTS.no_source)
    with gr.Sidebar(label=TEXTS.source, position="right", open=False, width=440) as sidebar:
        panel = gr.HTML(closed, js_on_load=SOURCE_JS, elem_id="source", **BARE)

    def opened(link: Mapping[str, str], question: str = "") -> tuple[Any, ...]:
        shown = source_html(base, link, question)
        return (_source(shown), gr.update(open=True)) if shown else (gr.skip(), gr.skip())

    def clicked(talk: Talk, toward: str, event: gr.EventData) -> tuple[Any, ...]:
        link = {name: str(getattr(event, name, "")) for name in LINKS}
        return opened(link, toward.strip() if event.browsed else question_of_answer(talk, event.answer))

    def linked(request: gr.Request) -> tuple[Any, ...]:
        return opened(dict(request.query_params))

    shown = [panel, sidebar]
    panel.source(clicked, [talk, toward], shown, **QUIET)
    panel.close(lambda: (closed, gr.update(open=False)), None, shown, **QUIET)
    page.load(linked, None, shown, **QUIET)


def _source(shown: str) -> str:
    """What the panel shows; it takes the focus, which a closed panel must not."""
    return f'<section class="page-source" tabindex="-1" aria-label="{TEXTS.source}">{shown}</section>'
