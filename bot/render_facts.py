"""The balance to switch between people, posts and votes, the safety notes, and what decides it: as escaped HTML."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from bot.amounts import amount_words
from bot.answer import Answer, Option, Tally, count
from bot.deciding import Condition, Deciding, Group, Told, people_of
from bot.markup import escaped, folded, joined, own_link, small, tag
from bot.safety import Note, alone, notes_beside
from bot.views import SIDES
from bot.wording import (
    AMOUNTS,
    COLUMNS,
    COUNT_IN,
    DECIDING,
    EACH_WAY,
    FOR_WHOM,
    NO_VOTES,
    OBJECTIONS,
    ONE_SIDED,
    OPEN_ANSWER,
    SIDE_TITLES,
    SUPPORT,
    UNITS_OF_COUNT,
    author_of,
    condition_words,
    group_words,
    people,
    safety_words,
    sample,
)
from indexer.judge import Stance

AT_ONCE = 3
"""Conditions, and rows of a table, that are shown before the rest is folded away."""

QUOTES_AT_ONCE = 3
"""People whose words stand in one cell before the rest is folded away."""

OPTION_TITLES: Mapping[Stance, str] = {Stance.PRO: SUPPORT, Stance.CON: OBJECTIONS}


def balance_html(answer: Answer, key: str) -> str:
    """Return the bars of the balance, one for each unit it can be counted in, and the choice between them.

    `key` keeps the choice of this answer apart from every other on the page. Nothing where there is no balance.
    """
    if not answer.balance.people.total:
        return ""
    choices: list[str] = []
    bars: list[str] = []
    for unit, nouns in UNITS_OF_COUNT.items():
        tally: Tally = getattr(answer.balance, unit)
        checked = "" if choices else " checked"
        name = f"cp-unit-{html.escape(key)}"
        choices.append(
            f'<input type="radio" class="cp-{unit}" id="{name}-{unit}" name="{name}" value="{unit}"{checked}>'
            f'<label for="{name}-{unit}">{nouns[1]}</label>'
        )
        number = tag("p", count(tally.total, *nouns), "cp-source")
        bar = _bar(tally, SIDE_TITLES, unit) + number if tally.total else tag("p", NO_VOTES, "cp-source")
        bars.append(tag("div", bar, f"cp-tally cp-in-{unit}"))
    return tag("fieldset", tag("legend", COUNT_IN) + "".join([*choices, *bars]), "cp-tallies")


def sample_html(answer: Answer) -> str:
    """Return the warning that few people are behind an answer; nothing where many are."""
    return tag("p", escaped(sample(answer)), "cp-warning") if sample(answer) else ""


def option_bar(option: Option) -> str:
    """Return how many people support an option and how many object, as a bar."""
    return _bar(Tally(pro=option.supporters, con=option.objectors), OPTION_TITLES, "people")


def _bar(tally: Tally, titles: Mapping[Stance, str], unit: str) -> str:
    """The sides as bars, each as wide as its share, with their numbers under them."""
    sides = [(side, getattr(tally, side)) for side in SIDES if getattr(tally, side)]
    parts = "".join(f'<span class="cp-{side}" style="flex-grow: {number}"></span>' for side, number in sides)
    items = "".join(tag("li", f"{titles[side]}: {number:,}", f"cp-{side}") for side, number in sides)
    label = EACH_WAY.format(UNITS_OF_COUNT[unit][1])
    legend = f'<ul class="cp-legend" aria-label="{label}">{items}</ul>'
    return f'<div class="cp-bar" aria-hidden="true">{parts}</div>{legend}'


def safety_html(answer: Answer) -> str:
    """Return the safety notes but the one that stands alone; nothing where the answer touches no health, no safety."""
    return _notes_html(notes_beside(answer))


def closed_html(answer: Answer, said: str) -> str:
    """Return `said`, the whole answer; where a note stands alone, that note, and `said` for the reader to open."""
    note = alone(answer)
    if note is None:
        return said
    return _notes_html([note]) + tag("details", tag("summary", OPEN_ANSWER) + said, "cp-more")


def _notes_html(notes: Sequence[Note]) -> str:
    if not notes:
        return ""
    lines = "".join(tag("p", escaped(safety_words(note))) for note in notes)
    return f'<div class="cp-safety" role="note">{lines}</div>'


def deciding_html(deciding: Deciding, level: int = 3, *, served: bool = True) -> str:
    """Return what decides it: conditions, whom it was true for, amounts; under a heading of `level`.

    Each links to its claim where the page is `served`.
    """
    if not deciding:
        return ""
    shared = [_condition_html(one, served=served) for one in deciding.shared]
    named = [_condition_html(one, served=served) for one in deciding.conditions if not one.shared]
    who = [row for group in deciding.who for row in _group_rows(group, served=served)]
    amounts = [
        _row(amount_words(one), one.stance, one.told, whole=not one.subject, served=served) for one in deciding.amounts
    ]
    title = f"h{level + 1}"
    parts = [
        tag(f"h{level}", DECIDING),
        folded(shared, _list, at_once=AT_ONCE) if shared else "",
        tag(title, ONE_SIDED) + folded(named, _list, at_once=AT_ONCE) if named else "",
        tag(title, FOR_WHOM) + folded(who, _table, at_once=AT_ONCE) if who else "",
        tag(title, AMOUNTS) + folded(amounts, _table, at_once=AT_ONCE) if amounts else "",
    ]
    return tag("section", "".join(parts), "cp-deciding")


def _condition_html(condition: Condition, *, served: bool) -> str:
    lines = [
        tag("li", f"{_side(one.stance)} {_quote(one, whole=True, served=served)} {_who_said(one)}")
        for one in condition.told
    ]
    said = folded(lines, _plain_list, at_once=QUOTES_AT_ONCE)
    if not condition.shared:
        return tag("li", said)
    over = f"{tag('strong', condition_words(condition))} {small(people(condition.people))}"
    return tag("li", tag("p", over) + said, "cp-shared")


def _group_rows(group: Group, *, served: bool) -> list[str]:
    sides = [(side, [one for one in group.told if one.stance is side]) for side in SIDES]
    return [_row(group_words(group), side, told, served=served) for side, told in sides if told]


def _row(what: str, stance: Stance, told: Sequence[Told], *, whole: bool = False, served: bool) -> str:
    """A row of a table: what, on which side, and who said it: their words, or the `whole` claim around them."""
    said = {(one.judged.cited.claim.id, "" if whole else one.particular.text): one for one in told}
    quotes = [_quote(one, whole=whole, served=served) for one in said.values()]
    number = people_of(told)
    words = f"{people(number)}: " if number > 1 else ""
    cells = words + folded(quotes, lambda some, _: joined(some), at_once=QUOTES_AT_ONCE)
    head = f'<th scope="row">{escaped(what)}</th>'
    return tag("tr", head + tag("td", _side(stance)) + tag("td", cells))


def _quote(told: Told, *, whole: bool = False, served: bool) -> str:
    claim = told.judged.cited.claim
    words = claim.text if whole else told.particular.text
    return own_link(f"?claim={claim.id}", f"<bdi>“{escaped(words)}”</bdi>", served=served)


def _who_said(told: Told) -> str:
    return tag("span", f"<bdi>{escaped(author_of(told.judged.cited.post))}</bdi>", "cp-source")


def _side(stance: Stance) -> str:
    return tag("span", SIDE_TITLES[stance], f"cp-lean cp-{stance}")


def _list(items: Sequence[str], _start: int) -> str:
    return tag("ul", "".join(items), "cp-conditions")


def _plain_list(items: Sequence[str], _start: int) -> str:
    return tag("ul", "".join(items), "cp-told")


def _table(rows: Sequence[str], _start: int) -> str:
    head = "".join(f'<th scope="col">{title}</th>' for title in COLUMNS)
    return tag("table", tag("thead", tag("tr", head)) + tag("tbody", "".join(rows)), "cp-table")
