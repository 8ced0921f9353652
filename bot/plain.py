"""Answer -> Markdown and terminal text, in which nothing a forum wrote is markup or a control code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from bot.answer import Answer, count
from bot.backing import Person, certainty_lines, people_behind
from bot.deciding import Deciding, deciding, deciding_option
from bot.narrowing import Focus
from bot.render_prose import IN_PROSE, prose_lines
from bot.views import View
from bot.wording import (
    ANYWAY,
    DECIDING,
    LOW_CONFIDENCE,
    NOT_SAID,
    OBJECTIONS,
    SIDE_TITLES,
    SUPPORT,
    VIEWS_AT_ONCE,
    author_of,
    balance_lines,
    deciding_lines,
    labels,
    lines_alone,
    narrowing,
    notes,
    one_line,
    people,
    post_facts,
    safety_lines,
    shown,
    side_facts,
    suggesting,
    telling,
    understood,
    view_facts,
    web_link,
)
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$@#!]|:(?=\S)|(?<=\w)\.(?=\w)")
"""What could begin markup inside a line, also a bare address. Forum text never begins a line of ours."""


def answer_markdown(answer: Answer) -> str:
    """Return the answer as Markdown (CommonMark) in which nothing a forum wrote is markup."""
    lines = [f"## {_plain(answer.question.text)}", ""]
    lines += [*map(_plain, alone), ""] if (alone := lines_alone(answer)) else []
    lines += [f"**{_plain(answer.line())}**", ""]
    facts = [*safety_lines(answer), *balance_lines(answer)]
    lines += [*(f"{_plain(line)}  " for line in facts), ""] if facts else []
    narrowed = narrowing(answer)
    lines += [_plain(narrowed), ""] if narrowed else []
    lines += [f"As they tell: {', '.join(map(_plain, told))}", ""] if (told := _telling(answer)) else []
    if prose := prose_lines(answer):
        lines += [f"### {IN_PROSE}", "", *map(_prose_markdown, prose), ""]
    lines += _asked_for_markdown(answer)
    if answer.suggestions:
        lines += [suggesting(answer), "", *(f"- {_plain(one)}" for one in answer.suggestions), ""]
    lines += [f"{_plain(note)}  " for note in notes(answer)]
    return "\n".join(lines).rstrip() + "\n"


def _prose_markdown(line: str) -> str:
    """A line of the prose, escaped; a heading stands apart from the list that follows."""
    return f"- {_plain(line.removeprefix('- '))}" if line.startswith("- ") else f"\n{_plain(line)}\n"


def _asked_for_markdown(answer: Answer) -> list[str]:
    """The views of each side and the options, or what was asked for instead."""
    lines: list[str] = []
    if answer.narrowing.focus is Focus.CERTAINTY:
        return [*(f"- {_plain(line)}" for line in certainty_lines(answer)), ""]
    if answer.narrowing.focus is Focus.PEOPLE:
        for person in people_behind(answer):
            lines.append(f"- {_plain(_person(person))}")
            lines += [f"  - {_claim_markdown(judged)}" for judged in person.claims]
        return [*lines, ""]
    for side in answer.sides:
        views = answer.views_on(side)
        title = f"### {SIDE_TITLES[side]} ({side_facts(answer, side)})"
        lines += [title, "", *_views_markdown(answer, views)] if views else []
    for option in answer.options:
        lines += [f"### “{_plain(option.label)}” ({people(option.people)})", ""]
        for title, number, views in (
            (SUPPORT, option.supporters, option.support),
            (OBJECTIONS, option.objectors, option.objections),
        ):
            lines += [f"#### {title} ({people(number)})", "", *_views_markdown(answer, views)] if views else []
        lines += [] if option.support or option.objections else [NOT_SAID, ""]
        lines += _deciding_markdown(deciding_option(option), "####")
    return lines + _deciding_markdown(deciding(answer), "###")


def _telling(answer: Answer) -> list[str]:
    return [f"“{one_line(words)}” ({author_of(cited.post)})" for cited, words in telling(answer)]


def _person(person: Person) -> str:
    leans = [SIDE_TITLES[person.stance].lower()] if person.stance else []
    facts = [*leans, *([LOW_CONFIDENCE] if person.doubtful else [])]
    return ": ".join(filter(None, [author_of(person.claims[0].cited.post), ", ".join(facts)]))


def _deciding_markdown(deciding: Deciding, heading: str) -> list[str]:
    lines = [f"- {_plain(line)}" for line in deciding_lines(deciding)]
    return [f"{heading} {DECIDING}", "", *lines, ""] if lines else []


def _views_markdown(answer: Answer, views: Sequence[View]) -> list[str]:
    lines = []
    for view in views:
        others = [judged for judged in view.claims if judged is not view.headline]
        lines.append(f"- {_claim_markdown(view.headline, '**')}: {', '.join(view_facts(view, answer))}")
        lines += [f"  - {_claim_markdown(judged)}" for judged in others]
    return [*lines, ""]


def _claim_markdown(judged: JudgedClaim, strong: str = "") -> str:
    judged = shown(judged)
    link = web_link(judged.cited.post.link)
    title = f"“{_plain(judged.cited.thread_title)}”"
    place = f"[{title}](<{quote(link, safe=_URL_SAFE)}>)" if link else title
    facts = [*map(_plain, post_facts(judged.cited.post)), f"in {place}", *labels(judged)]
    return f"{strong}“{_plain(judged.cited.claim.text)}”{strong} ({', '.join(facts)})"


_URL_SAFE = ":/?#@!$&'*+,;=%~-._"


def _plain(text: str) -> str:
    """`text` on one line with everything escaped that Markdown could read as markup."""
    return _MARKDOWN.sub(r"\\\g<0>", one_line(text))


_COLOURS = {Stance.PRO: "\x1b[34m", Stance.CON: "\x1b[33m", Stance.MIXED: "\x1b[35m", Stance.NONE: ""}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def answer_text(answer: Answer, *, colour: bool = False, most: int | None = VIEWS_AT_ONCE, anyway: bool = False) -> str:
    """Return the answer for a terminal, with `most` views a side (None: all); with `colour`, sides are coloured.

    Where a note stands alone the rest comes only with `anyway`. Control characters of posts are left out.
    """
    question, narrowed = understood(answer), narrowing(answer)
    lines = [*alone, ""] if (alone := lines_alone(answer)) else []
    if alone and not anyway:
        return "\n".join([*lines, ANYWAY]) + "\n"
    lines += [f"Understood as: {one_line(question)}"] if question else []
    lines += [f"{_BOLD}{answer.line()}{_RESET}", *([narrowed] if narrowed else [])]
    lines += [*safety_lines(answer), *balance_lines(answer), ""]
    lines += [f"As they tell: {', '.join(told)}", ""] if (told := _telling(answer)) else []
    lines += [*prose, ""] if (prose := prose_lines(answer)) else []
    lines += _asked_for_text(answer, most)
    if answer.suggestions:
        lines += [suggesting(answer), *(f"  {one_line(one)}" for one in answer.suggestions), ""]
    lines += [f"{_DIM}{note}{_RESET}" for note in notes(answer)]
    text = "\n".join(lines) + "\n"
    return text if colour else re.sub(r"\x1b\[\d+m", "", text)


def _asked_for_text(answer: Answer, most: int | None) -> list[str]:
    """The views of each side and the options, or what was asked for instead."""
    lines: list[str] = []
    if answer.narrowing.focus is Focus.CERTAINTY:
        return [*(f"  {line}" for line in certainty_lines(answer)), ""]
    if answer.narrowing.focus is Focus.PEOPLE:
        for person in people_behind(answer):
            lines += [
                f"  {one_line(_person(person))}",
                *(line for one in person.claims for line in _claim_text(one)),
                "",
            ]
        return lines
    for side in answer.sides:
        views = answer.views_on(side)
        title = f"{_COLOURS[side]}{SIDE_TITLES[side]}{_RESET} ({side_facts(answer, side)})"
        lines += [title, *_views_text(answer, views, most), ""] if views else []
    for option in answer.options:
        lines.append(f"{_BOLD}“{one_line(option.label)}”{_RESET} ({people(option.people)})")
        for side, title, number, views in (
            (Stance.PRO, SUPPORT, option.supporters, option.support),
            (Stance.CON, OBJECTIONS, option.objectors, option.objections),
        ):
            head = f"{_COLOURS[side]}{title}{_RESET} ({people(number)})"
            lines += [head, *_views_text(answer, views, most)] if views else []
        lines += [] if option.support or option.objections else [f"  {NOT_SAID}"]
        lines += [*_deciding_text(deciding_option(option), most), ""]
    lines += [*of_answer, ""] if (of_answer := _deciding_text(deciding(answer), most)) else []
    return lines


def _deciding_text(deciding: Deciding, most: int | None) -> list[str]:
    found = deciding_lines(deciding)
    shown = found if most is None else found[: 2 * most]
    lines = [f"  - {one_line(line)}" for line in shown]
    lines += (
        [f"  and {count(len(found) - len(shown), 'more line')}: --all shows them"] if len(shown) < len(found) else []
    )
    return [f"{_BOLD}{DECIDING}{_RESET}", *lines] if lines else []


def _views_text(answer: Answer, views: Sequence[View], most: int | None) -> list[str]:
    lines = []
    for number, view in enumerate(views[:most], start=1):
        others = [judged for judged in view.claims if judged is not view.headline]
        lines.append(f"  {number}. {', '.join(view_facts(view, answer))}")
        lines += [line for judged in [view.headline, *others] for line in _claim_text(judged)]
    left = len(views) - len(views[:most])
    return [*lines, f"  and {count(left, 'more view')}: --all shows them"] if left else lines


def _claim_text(judged: JudgedClaim) -> list[str]:
    judged = shown(judged)
    facts = [
        *map(one_line, post_facts(judged.cited.post)),
        f"in “{one_line(judged.cited.thread_title)}”",
        *labels(judged),
    ]
    return [f"     “{one_line(judged.cited.claim.text)}”", f"       {_DIM}{', '.join(facts)}{_RESET}"]
