"""The page: Ask, Browse and Add, and the named endpoints of its API. The only file that imports gradio.

Every handler is a plain function of the bot (or its knowledge base) and plain values. What belongs to one visitor
travels in `gr.State`; nothing is kept on a shared object. What a forum wrote is escaped by `bot.render` and may only
become the *value* of a `gr.HTML`: a value is put into the page as it is, while Gradio compiles templates, and would run
what stands in one.
"""

from __future__ import annotations

import argparse
import html
import logging
import re
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from tqdm import tqdm

from bot import render
from bot.answer import count
from bot.chat import Bot, Stage, Turn
from bot.errors import BotError
from bot.values import answer_json, columns_json, preview_json
from bot.wording import KIND_WORDS, SIDE_TITLES, clean
from corpus.errors import CounterpointError, NotInStore
from corpus.paths import ENVIRONMENT_VARIABLE, data_folder
from corpus.readers import PASTE, read_file, reader_of
from corpus.readers.pasted import Draft, draft
from corpus.readers.reading import unpacked
from corpus.samples import sample_threads
from corpus.thread import ID_LENGTH, Post, Thread
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import BrowsePage, JudgedClaim, KnowledgeBase, ThreadSummary
from indexer.pipeline import IndexReport, Progress

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORT = 7860

COLUMN_SIZE = 20
"""Claims in one column of Browse: about two screens of a desktop, four of a phone."""

STARTERS = 4
"""Questions offered to begin with: with the box for one's own question they fill the first screen of a phone."""

UPLOAD_LIMIT = "20mb"
"""What the server takes at once; the reader of pastes refuses text sooner, and says why."""

LABEL_LENGTH = 80
"""Characters of a post or line in a list of choices: one line of a desktop, two of a phone."""

PREVIEWED = 3
"""Threads of a file shown before saving: enough to see that it was read well."""

KEPT_SECONDS = 3600
"""How long an uploaded file stays on the machine: time enough to look at it, correct and save."""

VISITORS_AT_ONCE = 4
"""Handlers of one kind that run at a time: more than the cores of a small machine only wait for each other."""


@dataclass(frozen=True)
class Texts:
    """All that the page itself says, in one place."""

    name: str = "Counterpoint"
    sentence: str = (
        "What people in forum threads say for and against, each with the words they wrote. Never advice of its own."
    )
    ask: str = "Ask"
    browse: str = "Browse"
    add: str = "Add"

    question: str = "Your question"
    question_hint: str = "should I lift for a sub-20 5k?"
    stop: str = "Stop"
    conversation: str = "Conversation"
    begin: str = "Ask something that people here talked about, or start with one of their own questions."
    looking: str = "Looking…"
    stopped: str = "Stopped."
    broke: str = (
        "Something broke, and it is not your question: the terminal that runs Counterpoint says what. Try again."
    )

    source: str = "Source"
    no_source: str = "Open a claim to read the post behind it."
    gone: str = "This is not here any more: its thread was removed or has changed."

    thread: str = "Thread"
    all_threads: str = "All threads"
    toward: str = "Toward the question"
    own_question: str = "each thread's own question"
    stance: str = "Stance"
    kind: str = "Kind"
    every: str = "All"
    with_words: str = "With the words"
    no_match: str = "No claim matches. Take out a word or a filter to see more."
    page_of: str = "Page {} of {}"
    earlier: str = "Previous"
    later: str = "Next"

    paste: str = "Paste a thread"
    paste_hint: str = "The opening post, then the replies, as you copied them from the forum."
    file: str = "Open a file instead"
    details: str = "Title, forum and link (optional)"
    title: str = "Title"
    forum: str = "Forum"
    link: str = "Link to the thread"
    look: str = "Look at it"
    layout: str = "Read as: {}."
    more_threads: str = "… and {} more threads, not shown here."
    correct: str = "Correct the posts"
    post: str = "Post"
    author: str = "Its author"
    set_author: str = "Set"
    same_as: str = "Written by the same person as"
    join: str = "Join with the post before"
    split_at: str = "Split it before the line"
    leave_out: str = "Leave this post out"
    save: str = "Save"
    discard: str = "Discard"
    nothing_new: str = "Nothing new: this thread is here already, word for word."
    saved: str = "Saved"
    skipped: str = "Skipped"
    updated: str = "Brought up to date"
    ask_now: str = "You can ask about it now."
    discarded: str = "Discarded. Nothing was saved."
    here: str = "Threads here"
    remove: str = "Remove"
    remove_sure: str = "Yes, remove it"
    keep: str = "Keep it"
    building: str = "Building the sample knowledge base"
    removed: str = "Removed"


TEXTS = Texts()


# Ask


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and the HTML shown for it; `turn` is None until, or unless, an answer came."""

    asked: str
    shown: str
    turn: Turn | None = None
    running: bool = False


Talk = tuple[Exchange, ...]


def ask(bot: Bot, asked: str, talk: Talk) -> Iterator[Talk]:
    """Yield the conversation as the answer to `asked` comes: stage by stage, then the answer, or why there is none."""
    history = [exchange.turn for exchange in talk if exchange.turn]
    yield (*talk, Exchange(asked, notice("stage", TEXTS.looking), running=True))
    try:
        for step in bot.stages(asked, history):
            if isinstance(step, Stage):
                yield (*talk, Exchange(asked, notice("stage", step.text), running=True))
            else:
                yield (*talk, Exchange(asked, render.answer_html(step), Turn.of(step)))
    except Exception as error:  # noqa: BLE001 -- the page shows it in words, `explained` logs what is not ours
        yield (*talk, Exchange(asked, explained(error)))


def stop(talk: Talk) -> Talk:
    """Return the conversation with its running question marked as stopped."""
    if talk and talk[-1].running:
        return (*talk[:-1], Exchange(talk[-1].asked, notice("stage", TEXTS.stopped)))
    return talk


def question_of_answer(talk: Talk, number: int) -> str:
    """Return the question, as it was understood, of the answer `number` (from 0) of a conversation; "" for none."""
    questions = [exchange.turn.question for exchange in talk if exchange.turn]
    return questions[number] if 0 <= number < len(questions) else ""


def starters(base: KnowledgeBase) -> list[str]:
    """Return questions to begin with: what the newest threads asked, each once."""
    return list(dict.fromkeys(clean(thread.question) for thread in base.threads() if thread.question))[:STARTERS]


def notice(sort: str, text: str) -> str:
    """Return a line of the program's own words: a "stage", "done", a "problem" that the user can mend, or "broke"."""
    return f'<p class="page-notice page-{sort}" role="status">{html.escape(text)}</p>'


def explained(error: Exception) -> str:
    """Return what to show for `error`: its own words where it was raised on purpose, else that something broke."""
    if isinstance(error, CounterpointError):
        return notice("problem", str(error))
    logger.error("a request failed", exc_info=error)
    return notice("broke", TEXTS.broke)


# The source panel

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
            return render.thread_html(base.thread(thread_id), _judged(base, thread_id, question))
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return notice("problem", TEXTS.gone) if isinstance(error, NotInStore) else explained(error)
    return ""


def _post_source(base: KnowledgeBase, post: Post, question: str, claim_id: str | None = None) -> str:
    judged = _judged(base, post.thread_id, question)
    return render.excerpt_html(base.thread(post.thread_id), post.id, judged, claim_id)


def _judged(base: KnowledgeBase, thread_id: str, question: str) -> list[JudgedClaim]:
    """The claims of a thread, each with where it stands toward `question`, or without one toward the thread's own."""
    question = question or base.question_of(thread_id)
    cited = base.claims_of_thread(thread_id)
    judgements = base.judge_claims(question, cited)
    return [JudgedClaim(claim, question, judgement) for claim, judgement in zip(cited, judgements, strict=True)]


# Browse


@dataclass(frozen=True, slots=True)
class Filters:
    """Which claims to browse, and toward which question (empty: each toward the question of its own thread)."""

    thread_id: str = ""
    question: str = ""
    stance: Stance | None = None
    kind: Kind | None = None
    text: str = ""


def filters_of(thread_id: str = "", question: str = "", stance: str = "", kind: str = "", text: str = "") -> Filters:
    """Filters from what a page or a program gives, empty for "all". Raises BotError for an unknown one."""
    if thread_id and not AN_ID.fullmatch(thread_id):
        raise BotError(f"{thread_id!r} is not the id of a thread: {ID_LENGTH} digits and letters from a to f")
    for given, known in ((stance, Stance), (kind, Kind)):
        if given and given not in list(known):
            raise BotError(f"{given!r} is not one of {', '.join(known)}")
    return Filters(thread_id, question, Stance(stance) if stance else None, Kind(kind) if kind else None, text)


@dataclass(frozen=True, slots=True)
class Browsed:
    """A column of claims for each stance; `counts` are of all that match, whatever the columns show."""

    columns: Mapping[Stance, BrowsePage]
    counts: Mapping[Stance, int]
    pages: int

    def line(self) -> str:
        """What was found, in words."""
        sides = [f"{number} {SIDE_TITLES[stance].lower()}" for stance, number in self.counts.items() if number]
        total = sum(self.counts.values())
        return f"{count(total, 'claim')}: {', '.join(sides)}" if total else TEXTS.no_match


def browse(base: KnowledgeBase, filters: Filters, page: int = 0) -> Browsed:
    """Return page `page` (from 0) of the claims that match, a column for each stance."""
    columns = {
        stance: base.browse(
            question=filters.question.strip() or None,
            thread_id=filters.thread_id or None,
            stance=stance,
            kind=filters.kind,
            text=filters.text.strip(),
            offset=page * COLUMN_SIZE,
            limit=COLUMN_SIZE,
        )
        for stance in ((filters.stance,) if filters.stance else SIDE_TITLES)
    }
    counts = {stance: column.total for stance, column in columns.items()}
    return Browsed(columns, counts, -(-max(counts.values()) // COLUMN_SIZE))


# Add


@dataclass(frozen=True, slots=True)
class Found:
    """What was pasted or opened, before it is saved: a draft to correct, or threads as a file holds them."""

    draft: Draft | None = None
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the user says about a pasted thread; empty where they say nothing."""

    title: str = ""
    forum: str = ""
    link: str = ""


def look(text: str) -> Found:
    """Return what pasted text holds. Raises UnreadableInput."""
    return Found(draft(text))


def look_into(path: Path) -> Found:
    """Return what a file holds. Raises UnreadableInput, naming the file."""
    data = unpacked(path.read_bytes(), path.name)
    if data.strip() and reader_of(data) is PASTE:
        return Found(draft(data, place=path.name))
    return Found(threads=read_file(data, path.name).threads)


def threads_of(found: Found, heading: Heading) -> tuple[Thread, ...]:
    """Return the threads that saving would add. Raises UnreadableInput where a correction left no reply."""
    if found.draft is None:
        return found.threads
    return (found.draft.thread(title=heading.title, forum=heading.forum, link=heading.link),)


def preview_html(base: KnowledgeBase, found: Found, heading: Heading) -> str:
    """Return what saving would do: the layout, the posts, their claims, and what was skipped and why."""
    threads = threads_of(found, heading)
    hints = [row.hint for row in found.draft.rows()] if found.draft else []
    parts = [render.preview_html(base.preview(thread), hints) for thread in threads[:PREVIEWED]]
    if found.draft:
        parts.insert(0, notice("stage", TEXTS.layout.format(found.draft.layout)))
        parts.append(render.skipped_html(found.draft.skipped()))
    if len(threads) > PREVIEWED:
        parts.append(notice("stage", TEXTS.more_threads.format(len(threads) - PREVIEWED)))
    return "".join(parts)


def save(
    base: KnowledgeBase, found: Found, heading: Heading, progress: Callable[[Progress], None] | None = None
) -> str:
    """Save what was found and return what that did, in words."""
    return saved_line(base.add(threads_of(found, heading), progress=progress))


def saved_line(report: IndexReport) -> str:
    """Return a report in words, such as "Saved: 6 posts, 14 claims. Skipped: question × 2, greeting × 1."."""
    if not report.added and not report.updated:
        return TEXTS.nothing_new
    skipped = Counter(report.skipped_by_reason).most_common()
    return " ".join(
        [
            f"{TEXTS.saved if report.added else TEXTS.updated}: {count(report.posts, 'post')}, "
            f"{count(report.claims, 'claim')}.",
            *(
                [f"{TEXTS.skipped}: {', '.join(f'{_words(why)} × {number}' for why, number in skipped)}."]
                * bool(skipped)
            ),
            TEXTS.ask_now,
        ]
    )


def remove(base: KnowledgeBase, thread_id: str) -> str:
    """Remove a thread and return what that did, in words."""
    removed = base.remove_thread(thread_id)
    return f"{TEXTS.removed}: {count(removed.posts, 'post')}, {count(removed.claims, 'claim')}."


def _words(name: str) -> str:
    return name.replace("_", " ")


# The page

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
"""Events of the page are no part of its API, which `_api` names."""

QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}

BARE: dict[str, Any] = {"apply_default_css": False, "padding": False}
"""HTML that brings its own style."""

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

THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.indigo,
    neutral_hue=gr.themes.colors.slate,
    font=("system-ui", "sans-serif"),
    font_mono=("ui-monospace", "monospace"),
).set(
    body_text_color_subdued="*neutral_600",  # the default is too faint to read: 2.6 to 1 on white
    body_text_color_subdued_dark="*neutral_300",
    block_label_text_color="*neutral_600",
    block_title_text_color="*neutral_600",
    input_placeholder_color="*neutral_500",
    input_placeholder_color_dark="*neutral_400",
)

CSS = (
    render.CSS
    + """
.page-header h1 { font-size: 1.6rem; font-weight: 700; margin: .25rem 0 0; }
.page-header p { margin: .1rem 0 .25rem; color: var(--body-text-color-subdued); }
.page-notice { margin: .25rem 0; }
.page-stage { color: var(--body-text-color-subdued); }
.page-problem, .page-broke { border-left: 4px solid #b45309; padding: .35rem .75rem; }
.page-broke { border-color: #b91c1c; }
.page-source { outline: none; }
.page-removal { align-items: end; margin-top: 1.5rem; }
.page-removal button { max-width: 12rem; }
#conversation .message-row { padding-top: .5rem; padding-bottom: .5rem; }
#conversation .placeholder { padding: .75rem 1rem 0; }
#conversation .examples { gap: .5rem; }
#conversation .example { padding: .5rem .75rem; min-height: 0; }
@media (max-width: 640px) {
  #conversation .message-row { padding-left: .25rem; padding-right: .25rem; }
}
"""
)


HEAD = "<style>@media (max-width: 640px) { .main.fillable { padding: .5rem .75rem !important; } }</style>"
"""Narrow margins on a phone; Gradio keeps `CSS` to what stands within them."""


@dataclass(frozen=True)
class Lists:
    """The components that show what threads there are, and so change when one is added or removed."""

    chat: gr.Chatbot
    browsed: gr.Dropdown
    removable: gr.Dropdown

    @property
    def components(self) -> list[gr.components.Component]:
        return [self.chat, self.browsed, self.removable]


def build_app(bot: Bot) -> gr.Blocks:
    """Return the page that asks `bot`, browses its knowledge base and adds to it; `serve` starts it."""
    page = gr.Blocks(title=TEXTS.name, analytics_enabled=False, delete_cache=(KEPT_SECONDS, KEPT_SECONDS))
    with page:
        gr.HTML(f'<header class="page-header"><h1>{TEXTS.name}</h1><p>{TEXTS.sentence}</p></header>', **BARE)
        with gr.Tabs():
            with gr.Tab(TEXTS.ask):
                chat, talk = _ask_tab(bot, page)
            with gr.Tab(TEXTS.browse) as browse_tab:
                browsed, toward = _browse_tab(bot.base, browse_tab)
            with gr.Tab(TEXTS.add):
                removable = _add_tab(bot.base, chat, browsed)
        _source_panel(bot.base, page, talk, toward)
        lists = Lists(chat, browsed, removable)
        page.load(partial(_listed, bot.base), None, lists.components, **QUIET)
        _api(bot)
    page.queue(default_concurrency_limit=VISITORS_AT_ONCE)
    return page


def _listed(base: KnowledgeBase) -> tuple[Any, ...]:
    """Updates of everything that shows what threads there are."""
    threads = base.threads()
    named = [(_thread_label(thread), thread.id) for thread in threads]
    return (
        gr.update(examples=[{"text": question} for question in starters(base)]),
        gr.update(choices=[(TEXTS.all_threads, ""), *named]),
        gr.update(choices=named, value=None),
    )


def _thread_label(thread: ThreadSummary) -> str:
    return f"{clean(thread.title)} ({count(thread.posts, 'post')}, {count(thread.claims, 'claim')})"


def _ask_tab(bot: Bot, page: gr.Blocks) -> tuple[gr.Chatbot, gr.State]:
    talk = gr.State(())
    chat = gr.Chatbot(
        label=TEXTS.conversation,
        show_label=False,
        height=None,
        buttons=[],
        layout="panel",
        latex_delimiters=[],
        render_markdown=False,
        placeholder=TEXTS.begin,
        elem_id="conversation",
    )
    question = gr.Textbox(
        label=TEXTS.question,
        placeholder=TEXTS.question_hint,
        submit_btn=TEXTS.ask,
        max_lines=4,
        elem_id="question",
    )

    def asking(asked: str, talk: Talk) -> Iterator[tuple[Any, ...]]:
        box = gr.update(value="", submit_btn=False, stop_btn=TEXTS.stop)
        for grown in ask(bot, asked, talk):
            yield _messages(grown), grown, box
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.update(submit_btn=TEXTS.ask, stop_btn=False)

    def starting(talk: Talk, chosen: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from asking(chosen.value["text"], talk)

    def linked(talk: Talk, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        asked = request.query_params.get("q", "")
        yield from asking(asked, talk) if asked else [(gr.skip(), gr.skip(), gr.skip())]

    def stopping(talk: Talk) -> tuple[Any, ...]:
        stopped = stop(talk)
        return _messages(stopped), stopped, gr.update(submit_btn=TEXTS.ask, stop_btn=False)

    shown = [chat, talk, question]
    running: list[Any] = [
        question.submit(asking, [question, talk], shown, **QUIET),
        chat.example_select(starting, talk, shown, **QUIET),
        page.load(linked, talk, shown, **QUIET),
    ]
    question.stop(stopping, talk, shown, cancels=running, **QUIET)
    chat.clear(lambda: (), None, talk, **QUIET)
    return chat, talk


def _messages(talk: Talk) -> list[dict[str, Any]]:
    """A conversation as the chat shows it."""
    messages: list[dict[str, Any]] = []
    for exchange in talk:
        asked = html.escape(exchange.asked, quote=False)
        messages += [{"role": "user", "content": asked}] if asked.strip() else []
        messages.append({"role": "assistant", "content": gr.HTML(exchange.shown, **BARE)})
    return messages


def _source_panel(base: KnowledgeBase, page: gr.Blocks, talk: gr.State, toward: gr.Textbox) -> None:
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


def _browse_tab(base: KnowledgeBase, tab: gr.Tab) -> tuple[gr.Dropdown, gr.Textbox]:
    page_number = gr.State(0)
    with gr.Row():
        thread = gr.Dropdown([(TEXTS.all_threads, "")], value="", label=TEXTS.thread, scale=2)
        question = gr.Textbox(label=TEXTS.toward, placeholder=TEXTS.own_question, max_lines=1, scale=3)
    with gr.Row():
        stance = gr.Dropdown(_choices(SIDE_TITLES), value="", label=TEXTS.stance, filterable=False)
        kind = gr.Dropdown(
            _choices({kind: words[1] for kind, words in KIND_WORDS.items()}),
            value="",
            label=TEXTS.kind,
            filterable=False,
        )
        text = gr.Textbox(label=TEXTS.with_words, max_lines=1)
    found = gr.HTML(elem_id="browsed", **BARE)
    with gr.Row() as pager:
        earlier = gr.Button(TEXTS.earlier, size="sm")
        place = gr.HTML(**BARE)
        later = gr.Button(TEXTS.later, size="sm")

    def browsing(*given: str, page: int = 0) -> tuple[Any, ...]:
        try:
            browsed = browse(base, filters_of(*given), page)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return explained(error), 0, gr.update(visible=False), *[gr.skip()] * 4
        own = clean(base.question_of(given[0])) if given[0] else TEXTS.own_question
        place = notice("stage", TEXTS.page_of.format(page + 1, browsed.pages))
        return (
            notice("done", browsed.line()) + render.columns_html(browsed.columns),
            page,
            gr.update(visible=browsed.pages > 1),
            place,
            gr.update(interactive=page > 0),
            gr.update(interactive=page + 1 < browsed.pages),
            gr.update(placeholder=own),
        )

    filters = [thread, question, stance, kind, text]
    shown = [found, page_number, pager, place, earlier, later, question]
    changes = [thread.change, question.submit, stance.change, kind.change, text.change, tab.select]
    gr.on(changes, browsing, filters, shown, trigger_mode="always_last", **QUIET)
    for button, step in ((earlier, -1), (later, 1)):
        turning = partial(_turned, browsing, step)
        button.click(turning, [page_number, *filters], shown, **QUIET)
    return thread, question


def _turned(browsing: Callable[..., tuple[Any, ...]], step: int, page: int, *given: str) -> tuple[Any, ...]:
    return browsing(*given, page=page + step)


def _choices(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(TEXTS.every, ""), *((label.capitalize(), value.value) for value, label in named.items())]


def _add_tab(base: KnowledgeBase, chat: gr.Chatbot, browsed: gr.Dropdown) -> gr.Dropdown:
    found = gr.State(None)
    paste = gr.Textbox(label=TEXTS.paste, placeholder=TEXTS.paste_hint, lines=8, max_lines=16, elem_id="paste")
    with gr.Accordion(TEXTS.details, open=False):
        heading = [gr.Textbox(label=label, max_lines=1) for label in (TEXTS.title, TEXTS.forum, TEXTS.link)]
    with gr.Row():
        look_button = gr.Button(TEXTS.look, variant="primary", scale=3)
        upload = gr.UploadButton(TEXTS.file)
    preview = gr.HTML(elem_id="preview", **BARE)
    with gr.Column(visible=False) as offered:
        with gr.Accordion(TEXTS.correct, open=True) as correcting:
            corrections = Corrections.laid_out()
        with gr.Row():
            save_button = gr.Button(TEXTS.save, variant="primary")
            discard_button = gr.Button(TEXTS.discard)
    removable = _removal(base, chat, browsed)
    shown: list[Any] = [found, preview, offered, correcting, *corrections.choices]

    def looking(given: str, *heading: str) -> tuple[Any, ...]:
        return offer(base, lambda: look(given), Heading(*heading))

    def opening(path: str, *heading: str) -> tuple[Any, ...]:
        return offer(base, lambda: look_into(Path(path)), Heading(*heading))

    def saving(found: Found, *heading: str, progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        try:
            line = save(base, found, Heading(*heading), lambda at: progress((at.done, at.total), desc=at.step))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            return (gr.skip(), explained(error), *[gr.skip()] * (len(cleared) - 2), *[gr.skip()] * 3)
        return (None, notice("done", line), gr.update(visible=False), "", None, "", "", "", *_listed(base))

    cleared = [found, preview, offered, paste, upload, *heading]
    lists = [chat, browsed, removable]
    look_button.click(looking, [paste, *heading], shown, show_progress_on=preview, **PRIVATE)
    upload.upload(opening, [upload, *heading], shown, show_progress_on=preview, **PRIVATE)
    corrections.connect(base, found, heading, shown)
    save_button.click(saving, [found, *heading], [*cleared, *lists], show_progress_on=preview, **PRIVATE)
    discard_button.click(
        lambda: (None, notice("done", TEXTS.discarded), gr.update(visible=False), "", None, "", "", ""),
        None,
        cleared,
        **QUIET,
    )
    return removable


def offer(base: KnowledgeBase, finding: Callable[[], Found], heading: Heading, number: int = 0) -> tuple[Any, ...]:
    """Updates that show what `finding` finds, post `number` chosen for correction; an error offers nothing to save."""
    try:
        found = finding()
        shown = preview_html(base, found, heading)
    except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
        return (None, explained(error), gr.update(visible=False), *[gr.skip()] * 5)
    if found.draft is None:
        return (found, shown, gr.update(visible=True), gr.update(visible=False), *[gr.skip()] * 4)
    return (found, shown, gr.update(visible=True), gr.update(visible=True), *_choose(found.draft, number))


def _choose(drafted: Draft, number: int) -> tuple[Any, ...]:
    """Updates of the controls for correction: the posts, its author, the other posts, where `number` can be split."""
    number = min(number, len(drafted.posts) - 1)
    posts = [(_label(f"{row.number}. {row.author}: {row.beginning}"), row.number - 1) for row in drafted.rows()]
    lines = [(_label(drafted.source[at:].lstrip().partition("\n")[0]), at) for at in drafted.split_points(number)]
    return (
        gr.update(choices=posts, value=number),
        drafted.posts[number].author or "",
        gr.update(choices=[post for post in posts if post[1] != number], value=None),
        gr.update(choices=lines, value=None, visible=bool(lines)),
    )


def _label(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1] + "…"


@dataclass(frozen=True)
class Corrections:
    """The controls that correct a draft: the post in question, and what to change about it."""

    post: gr.Dropdown
    author: gr.Textbox
    same: gr.Dropdown
    split: gr.Dropdown
    join: gr.Button
    leave_out: gr.Button

    @classmethod
    def laid_out(cls) -> Corrections:
        """Put the controls where the page is being built."""
        post = gr.Dropdown([], label=TEXTS.post, filterable=False)
        with gr.Row():
            author = gr.Textbox(label=TEXTS.author, max_lines=1, submit_btn=TEXTS.set_author)
            same = gr.Dropdown([], label=TEXTS.same_as, filterable=False)
        split = gr.Dropdown([], label=TEXTS.split_at, filterable=False)
        with gr.Row():
            join = gr.Button(TEXTS.join, size="sm")
            leave_out = gr.Button(TEXTS.leave_out, size="sm")
        return cls(post, author, same, split, join, leave_out)

    @property
    def choices(self) -> list[gr.components.Component]:
        """What `_choose` updates, in its order."""
        return [self.post, self.author, self.same, self.split]

    def connect(
        self, base: KnowledgeBase, found: gr.State, heading: Sequence[gr.Textbox], shown: Sequence[Any]
    ) -> None:
        """Let each control correct the draft in `found` and show it again."""
        given: list[Any] = [found, self.post, self.author, self.same, self.split, *heading]
        for event, correction in (
            (self.author.submit, lambda drafted, post, author, _same, _at: drafted.with_author(post, author)),
            (self.same.input, lambda drafted, post, _author, same, _at: drafted.same_author(post, same)),
            (self.split.input, lambda drafted, post, _author, _same, at: drafted.split(post, at)),
            (self.join.click, lambda drafted, post, *_: drafted.merged(post)),
            (self.leave_out.click, lambda drafted, post, *_: drafted.without(post)),
        ):
            event(partial(corrected, base, correction), given, shown, show_progress_on=self.post, **PRIVATE)
        self.post.input(lambda held, post: _choose(held.draft, post), [found, self.post], self.choices, **QUIET)


def corrected(
    base: KnowledgeBase, correction: Callable[..., Draft], found: Found, post: int, *given: Any
) -> tuple[Any, ...]:
    """Updates that show the draft in `found` corrected; where that is refused, the draft as it was and why."""
    heading = Heading(*given[3:])
    try:
        after = Found(correction(found.draft, post, *given[:3]))
        threads_of(after, heading)
    except CounterpointError as error:
        held, shown, *others = offer(base, lambda: found, heading, post)
        return (held, explained(error) + shown, *others)
    return offer(base, lambda: after, heading, post)


def _removal(base: KnowledgeBase, chat: gr.Chatbot, browsed: gr.Dropdown) -> gr.Dropdown:
    with gr.Row(equal_height=True, elem_classes="page-removal"):
        thread = gr.Dropdown([], label=TEXTS.here, scale=4)
        asked = gr.Button(TEXTS.remove)
        sure = gr.Button(TEXTS.remove_sure, variant="stop", visible=False)
        keep = gr.Button(TEXTS.keep, visible=False)
    done = gr.HTML(elem_id="removed", **BARE)

    def confirming(asking: bool) -> tuple[Any, ...]:
        return gr.update(visible=not asking), gr.update(visible=asking), gr.update(visible=asking)

    def removing(thread_id: str) -> tuple[Any, ...]:
        try:
            line = notice("done", remove(base, thread_id))
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            line = explained(error)
        return (line, *confirming(False), *_listed(base))

    buttons = [asked, sure, keep]
    asked.click(lambda thread_id: confirming(bool(thread_id)), thread, buttons, **QUIET)
    gr.on([keep.click, thread.change], lambda: confirming(False), None, buttons, **QUIET)
    sure.click(removing, thread, [done, *buttons, chat, browsed, thread], **PRIVATE)
    return thread


# The API


def _api(bot: Bot) -> None:
    """Name the endpoints that other programs may call, with plain typed values."""

    def answering(question: str) -> dict[str, Any]:
        """Answer a question with the range of views: the balance, the views, their claims and sources."""
        return _plainly(lambda: answer_json(bot.ask(question)))

    def browsing(  # noqa: PLR0917 -- the names of an endpoint's values, all with defaults
        question: str = "", thread: str = "", stance: str = "", kind: str = "", text: str = "", page: int = 0
    ) -> dict[str, Any]:
        """List claims by side: stance pro, con, mixed or none; kind advice, experience, reason, hearsay or study."""
        return _plainly(
            lambda: columns_json(browse(bot.base, filters_of(thread, question, stance, kind, text), page).columns)
        )

    def previewing(text: str, title: str = "", forum: str = "", link: str = "") -> dict[str, Any]:
        """Return how a pasted thread would be read: its posts, claims and what is skipped; nothing is saved."""

        def previewed() -> dict[str, Any]:
            (thread,) = threads_of(look(text), Heading(title, forum, link))
            return preview_json(bot.base.preview(thread))

        return _plainly(previewed)

    def adding(text: str, title: str = "", forum: str = "", link: str = "") -> dict[str, Any]:
        """Add a pasted thread and return what that did."""
        return _plainly(lambda: {"report": save(bot.base, look(text), Heading(title, forum, link))})

    for name, function in {"ask": answering, "browse": browsing, "preview": previewing, "add": adding}.items():
        gr.events.api(function, api_name=name)


def _plainly(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what `work` does; an error reaches the caller in words, never as a traceback."""
    try:
        return work()
    except CounterpointError as error:
        raise gr.Error(str(error)) from error
    except Exception as error:
        logger.exception("a request failed")
        raise gr.Error(TEXTS.broke) from error


# Starting


def serve(page: gr.Blocks, host: str = HOST, port: int = PORT) -> str:
    """Start the page in the background and return its address. Nothing it shows comes from another machine."""
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        footer_links=[],
        max_file_size=UPLOAD_LIMIT,
        theme=THEME,
        css=CSS,
        head=HEAD,
    )
    return address


def add_samples(base: KnowledgeBase) -> None:
    """Add the sample threads, with a progress bar on a terminal."""
    with tqdm(desc=TEXTS.building, unit="thread", disable=None) as bar:

        def step(at: Progress) -> None:
            bar.total = at.total
            bar.update(at.done - bar.n)

        base.add(sample_threads(), progress=step)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page until it is interrupted; return the exit code."""
    parser = argparse.ArgumentParser(prog="counterpoint", description=TEXTS.sentence)
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help=f"the knowledge base (default: ${ENVIRONMENT_VARIABLE}, or the user's data folder)",
    )
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on (default: %(default)s)")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if not port_is_free(options.host, options.port):
        print(f"{options.host}:{options.port} cannot be listened on; choose another with --port", file=sys.stderr)
        return 1
    try:
        with KnowledgeBase.open(data_folder(options.data)) as base:
            if not base.threads():
                add_samples(base)
            page = build_app(Bot(base))
            print(f"{TEXTS.name} is at {serve(page, options.host, options.port)} (stop it with Ctrl+C)", flush=True)
            threading.Thread(target=_warm, args=(base,), daemon=True).start()
            page.block_thread()
    except CounterpointError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _warm(base: KnowledgeBase) -> None:
    """Load the encoder and the judge before the first question needs them."""
    base.near(TEXTS.name, 1)
    base.judge.judge([])


if __name__ == "__main__":
    sys.exit(main())
