"""Ask: a conversation in which each question is answered in stages, and can be edited, asked again and taken along."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from bot import render
from bot.answer import Answer
from bot.chat import Bot, Stage, Turn
from bot.errors import QuestionError
from page.kept import kept_of, kept_panel, turns_of
from page.parts import BARE, QUIET, explained, notice
from page.taking import actions_html, taking_along
from page.texts import TEXTS


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and the HTML shown for it; `turn` is None until, or unless, an answer came.

    `doing` is the HTML of what is still done to an answer that is shown already.
    """

    asked: str
    shown: str
    turn: Turn | None = None
    running: bool = False
    doing: str = ""


Talk = tuple[Exchange, ...]


def ask(bot: Bot, asked: str, talk: Talk) -> Iterator[Talk]:
    """Yield the conversation as the answer to `asked` comes: stage by stage, then the answer, or why there is none."""
    history = [exchange.turn for exchange in talk if exchange.turn]
    yield from _growing(asked, talk, lambda: bot.stages(asked, history))


def ask_again(bot: Bot, turn: Turn, talk: Talk) -> Iterator[Talk]:
    """Yield the conversation as a turn is answered as it was understood, whatever was asked before it."""
    yield from _growing(turn.asked, talk, lambda: bot.answering(turn))


def ask_link(bot: Bot, given: Mapping[str, str], talk: Talk) -> Iterator[Talk]:
    """Yield the conversation as what a link asks is answered: its question `q`, and what it narrows the answer to."""
    try:
        turn = Turn.of_params(given)
    except QuestionError as error:
        yield (*talk, Exchange(given.get("q", ""), explained(error)))
    else:
        yield from ask_again(bot, turn, talk)


def retry(bot: Bot, message: int, talk: Talk) -> Iterator[Talk]:
    """Yield the conversation up to a message of the chat (from 0) as its question is asked again."""
    number = exchange_at(talk, message)
    exchange = talk[number]
    before = talk[:number]
    yield from ask_again(bot, exchange.turn, before) if exchange.turn else ask(bot, exchange.asked, before)


def edit(bot: Bot, message: int, asked: str, talk: Talk) -> Iterator[Talk]:
    """Yield the conversation up to a message of the chat (from 0) as another question is asked in its place."""
    yield from ask(bot, asked, talk[: exchange_at(talk, message)])


def undo(message: int, talk: Talk) -> tuple[Talk, str]:
    """Return the conversation before a message of the chat (from 0), and what was asked there."""
    number = exchange_at(talk, message)
    return talk[:number], talk[number].asked


def reopen(bot: Bot, turns: Sequence[Turn]) -> Iterator[Talk]:
    """Yield a conversation as each of its turns is answered anew, from what the knowledge base holds now."""
    talk: Talk = ()
    for turn in turns:
        grown = talk
        for grown in ask_again(bot, turn, talk):
            yield grown
        talk = grown


def stop(talk: Talk) -> Talk:
    """Return the conversation with its running question marked as stopped; an answer that is shown already stays."""
    if talk and talk[-1].turn and talk[-1].running:
        return (*talk[:-1], replace(talk[-1], running=False, doing=notice("stage", TEXTS.stopped)))
    if talk and talk[-1].running:
        return (*talk[:-1], Exchange(talk[-1].asked, notice("stage", TEXTS.stopped)))
    return talk


def exchange_at(talk: Talk, message: int) -> int:
    """Return the number of the exchange (from 0) that a message of the chat (from 0) belongs to."""
    owners = [number for number, exchange in enumerate(talk) for _ in _of_exchange(number, exchange)]
    return owners[message]


def question_of_answer(talk: Talk, number: int) -> str:
    """Return the question, as it was understood, of the answer `number` (from 0) of a conversation; "" for none."""
    questions = [exchange.turn.question for exchange in talk if exchange.turn]
    return questions[number] if 0 <= number < len(questions) else ""


def turn_at(talk: Talk, number: int) -> Turn | None:
    """Return the turn of the exchange `number` (from 0); None where there is no such answer."""
    return talk[number].turn if 0 <= number < len(talk) else None


def _growing(asked: str, talk: Talk, stages: Callable[[], Iterable[Stage | Answer]]) -> Iterator[Talk]:
    answered: Exchange | None = None
    yield (*talk, Exchange(asked, notice("stage", TEXTS.looking), running=True))
    try:
        for step in stages():
            if not isinstance(step, Stage):
                answered = Exchange(asked, render.answer_html(step), Turn.of(step))
                yield (*talk, answered)
            elif answered:
                yield (*talk, replace(answered, running=True, doing=notice("stage", step.text)))
            else:
                yield (*talk, Exchange(asked, notice("stage", step.text), running=True))
    except Exception as error:  # noqa: BLE001 -- the page shows it in words, `explained` logs what is not ours
        yield (*talk, replace(answered, doing=explained(error)) if answered else Exchange(asked, explained(error)))


@dataclass(frozen=True)
class AskParts:
    """The components of the tab that its events read and change."""

    chat: gr.Chatbot
    talk: gr.State
    question: gr.Textbox
    taking: gr.HTML
    kept: gr.HTML

    @property
    def shown(self) -> list[gr.components.Component]:
        return [self.chat, self.talk, self.question, self.kept]


def ask_tab(bot: Bot, page: gr.Blocks) -> tuple[gr.Chatbot, gr.State]:
    """Lay out the tab; return the chat and the conversation in it."""
    talk = gr.State(())
    chat = gr.Chatbot(
        label=TEXTS.conversation,
        show_label=False,
        height=None,
        buttons=[],
        editable="user",
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
    parts = AskParts(chat, talk, question, taking_along(bot, talk, turn_at), kept_panel())
    running = [*_asking_events(bot, page, parts), *_changing_events(bot, parts)]

    def stopping(talk: Talk) -> tuple[Any, ...]:
        stopped = stop(talk)
        return messages(stopped), stopped, _idle(), gr.skip()

    def undoing(talk: Talk, event: gr.UndoData) -> tuple[Any, ...]:
        before, asked = undo(_index(event.index), talk)
        return messages(before), before, gr.update(value=asked, submit_btn=TEXTS.ask, stop_btn=False), _kept(before)

    ending: dict[str, Any] = {"cancels": running, **QUIET}
    question.stop(stopping, talk, parts.shown, **ending)
    chat.undo(undoing, talk, parts.shown, **ending)
    chat.clear(_cleared, None, parts.shown, **ending)
    parts.kept.forget(_cleared, None, parts.shown, **ending)
    return chat, talk


def _asking_events(bot: Bot, page: gr.Blocks, parts: AskParts) -> list[Any]:
    """What asks another question: the box, a starter, the link that the page was opened with, a link on the page."""

    def asking(asked: str, talk: Talk) -> Iterator[tuple[Any, ...]]:
        busy = talk and talk[-1].running  # one at a time; a stopped one may still be ending, and does not count
        yield from [(gr.skip(),) * len(parts.shown)] if busy else _showing(ask(bot, asked, talk))

    def starting(talk: Talk, chosen: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from _showing(ask(bot, chosen.value["text"], talk))

    def opened(talk: Talk, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        given = dict(request.query_params)
        yield from _showing(ask_link(bot, given, talk)) if given.get("q") else [(gr.skip(),) * len(parts.shown)]

    def linked(talk: Talk, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        given = {name: str(getattr(event, name, "")) for name in LINKED}
        yield from _showing(ask_link(bot, given, talk))

    return [
        parts.question.submit(asking, [parts.question, parts.talk], parts.shown, trigger_mode="multiple", **QUIET),
        parts.chat.example_select(starting, parts.talk, parts.shown, **QUIET),
        page.load(opened, parts.talk, parts.shown, **QUIET),
        parts.taking.ask(linked, parts.talk, parts.shown, **QUIET),
    ]


def _changing_events(bot: Bot, parts: AskParts) -> list[Any]:
    """What asks again: a question as it was, a question in another's place, a whole conversation that was kept."""

    def retrying(talk: Talk, event: gr.RetryData) -> Iterator[tuple[Any, ...]]:
        yield from _showing(retry(bot, _index(event.index), talk))

    def editing(talk: Talk, event: gr.EditData) -> Iterator[tuple[Any, ...]]:
        yield from _showing(edit(bot, _index(event.index), html.unescape(str(event.value)), talk))

    def reopening(event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        turns = turns_of(getattr(event, "turns", None))
        yield from _showing(reopen(bot, turns), until=len(turns)) if turns else [_cleared()]

    return [
        parts.chat.retry(retrying, parts.talk, parts.shown, **QUIET),
        parts.chat.edit(editing, parts.talk, parts.shown, **QUIET),
        parts.kept.reopen(reopening, None, parts.shown, **QUIET),
    ]


def _showing(growing: Iterator[Talk], until: int = 0) -> Iterator[tuple[Any, ...]]:
    """Show a conversation as it grows; with its last answer the box is free again and the browser keeps it.

    `until` is how many exchanges it will have, where several are answered in a row.
    """
    box = gr.update(value="", submit_btn=False, stop_btn=TEXTS.stop)
    for grown in growing:
        done = len(grown) >= until and not grown[-1].running
        yield messages(grown), grown, _idle() if done else box, _kept(grown) if done else gr.skip()
        box = gr.update(submit_btn=False, stop_btn=TEXTS.stop)  # said each time: of quick steps a browser sees the last


def _cleared() -> tuple[Any, ...]:
    return [], (), _idle(), _kept(())


def _idle() -> Any:
    """The box for a question while none is answered."""
    return gr.update(submit_btn=TEXTS.ask, stop_btn=False)


LINKED = ("q", "side", "kinds", "who", "show")
"""What a link can ask for; see `Turn.of_params`."""


def _kept(talk: Talk) -> Any:
    """What the browser keeps of a conversation: its turns, never what was answered."""
    return gr.update(turns=kept_of([exchange.turn for exchange in talk if exchange.turn]))


def _index(index: Any) -> int:
    return int(index[0] if isinstance(index, (tuple, list)) else index)


def messages(talk: Talk) -> list[dict[str, Any]]:
    """A conversation as the chat shows it."""
    return [message for number, exchange in enumerate(talk) for message in _of_exchange(number, exchange)]


def _of_exchange(number: int, exchange: Exchange) -> list[dict[str, Any]]:
    asked = html.escape(exchange.asked, quote=False)
    messages: list[dict[str, Any]] = [{"role": "user", "content": asked}] if asked.strip() else []
    shown = exchange.shown + exchange.doing + (actions_html(exchange.turn, number) if exchange.turn else "")
    return [*messages, {"role": "assistant", "content": gr.HTML(shown, **BARE)}]
