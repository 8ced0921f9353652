"""Ask: a conversation in which each question is answered in stages."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from bot import render
from bot.chat import Bot, Stage, Turn
from page.parts import BARE, QUIET, explained, notice
from page.texts import TEXTS


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


def ask_tab(bot: Bot, page: gr.Blocks) -> tuple[gr.Chatbot, gr.State]:
    """Lay out the tab; return the chat and the conversation in it."""
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
            yield messages(grown), grown, box
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.update(submit_btn=TEXTS.ask, stop_btn=False)

    def starting(talk: Talk, chosen: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from asking(chosen.value["text"], talk)

    def linked(talk: Talk, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        asked = request.query_params.get("q", "")
        yield from asking(asked, talk) if asked else [(gr.skip(), gr.skip(), gr.skip())]

    def stopping(talk: Talk) -> tuple[Any, ...]:
        stopped = stop(talk)
        return messages(stopped), stopped, gr.update(submit_btn=TEXTS.ask, stop_btn=False)

    shown = [chat, talk, question]
    running: list[Any] = [
        question.submit(asking, [question, talk], shown, **QUIET),
        chat.example_select(starting, talk, shown, **QUIET),
        page.load(linked, talk, shown, **QUIET),
    ]
    question.stop(stopping, talk, shown, cancels=running, **QUIET)
    chat.clear(lambda: (), None, talk, **QUIET)
    return chat, talk


def messages(talk: Talk) -> list[dict[str, Any]]:
    """Return a conversation as the chat shows it."""
    shown: list[dict[str, Any]] = []
    for exchange in talk:
        asked = html.escape(exchange.asked, quote=False)
        shown += [{"role": "user", "content": asked}] if asked.strip() else []
        shown.append({"role": "assistant", "content": gr.HTML(exchange.shown, **BARE)})
    return shown
