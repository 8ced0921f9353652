"""The prose of an answer as HTML, Markdown, text and plain values: each line beside the claims that it restates.

How many people stand behind a line, its side and its links are put in here, from the claims; of the model there is
nothing but words that its claims have too, escaped like theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import quote

from bot.answer import Answer
from bot.markup import escaped, joined, own_link, tag
from bot.prose import Line, Prose
from bot.wording import LOW_CONFIDENCE, SIDE_TITLES, author_of, is_doubtful, one_line, people, shown, side_facts
from indexer.questions import Form

WRITTEN_BY = "Written by {}, a chat model, from the claims below; every sentence was checked against those it cites."
NOT_WRITTEN = "{} wrote nothing that can be shown: {}. The answer below stands by itself."
IN_PROSE = "In prose"


def prose_note(prose: Prose) -> str:
    """Return what stands under a prose, or in its place, in words."""
    name = one_line(prose.model)
    return WRITTEN_BY.format(name) if prose.lines else NOT_WRITTEN.format(name, one_line(prose.problem))


def prose_html(answer: Answer, *, served: bool = True) -> str:
    """Return the prose as an HTML section; "" where there is none. `served` is that of `answer_html`."""
    if answer.prose is None:
        return ""
    parts = [
        tag("h4", escaped(title)) + tag("ul", "".join(tag("li", _line_html(line, served=served)) for line in lines))
        for title, lines in _sections(answer, answer.prose)
    ]
    heading = tag("h3", IN_PROSE) if parts else ""
    return tag(
        "section", heading + "".join(parts) + tag("p", escaped(prose_note(answer.prose)), "cp-source"), "cp-prose"
    )


def _line_html(line: Line, *, served: bool) -> str:
    words = f"“{escaped(line.text)}”" if line.verbatim else escaped(line.text)
    cited = []
    for judged in map(shown, line.claims):
        told = "" if line.verbatim else f'<q dir="auto">{escaped(judged.cited.claim.text)}</q> '
        author = tag("bdi", escaped(author_of(judged.cited.post)))
        cited.append(told + own_link(f"?claim={quote(judged.cited.claim.id)}", author, served=served))
    return tag("span", words) + tag("p", joined([*_facts(line), *cited]), "cp-source")


def prose_lines(answer: Answer) -> list[str]:
    """Return the prose as lines: headings end in ":", sentences begin with "- " and have their claims behind them."""
    if answer.prose is None:
        return []
    lines = []
    for title, told in _sections(answer, answer.prose):
        lines += [f"{title}:", *(f"- {_line_text(line)}" for line in told)]
    return [*lines, prose_note(answer.prose)]


def _line_text(line: Line) -> str:
    words = f"“{line.text}”" if line.verbatim else line.text
    cited = []
    for judged in map(shown, line.claims):
        told = [] if line.verbatim else [f"“{judged.cited.claim.text}”"]
        cited.append(", ".join([*told, author_of(judged.cited.post)]))
    return one_line(f"{words} ({'; '.join([*_facts(line), *cited])})")


def prose_json(answer: Answer) -> dict[str, Any] | None:
    """Return the prose as plain values, each line beside its claims, by their ids and in their words; None for none."""
    prose = answer.prose
    if prose is None:
        return None
    return {
        "model": prose.model,
        "prompt": prose.prompt,
        "lines": [
            {
                "text": line.text,
                "verbatim": line.verbatim,
                "stance": line.stance.value,
                "people": line.people,
                "claims": [judged.cited.claim.id for judged in line.claims],
                "quotes": [shown(judged).cited.claim.text for judged in line.claims],
            }
            for line in prose.lines
        ],
        "problem": prose.problem,
        "failed": prose.failed,
        "written": prose.written,
        "repaired": prose.repaired,
        "dropped": dict(prose.dropped),
        "tokens": prose.used.tokens,
    }


def _sections(answer: Answer, prose: Prose) -> Iterator[tuple[str, list[Line]]]:
    """Each side, or each side of an option, with its lines."""
    for (question, side), lines in groupby(prose.lines, key=lambda line: (line.question, line.stance)):
        if answer.question.form is Form.SIDES:
            yield f"{SIDE_TITLES[side]} ({side_facts(answer, side)})", list(lines)
        else:
            yield f"{one_line(question)} {SIDE_TITLES[side]}", list(lines)


def _facts(line: Line) -> list[str]:
    doubtful = all(is_doubtful(judged.judgement) for judged in line.claims)
    return [people(line.people), *([LOW_CONFIDENCE] if doubtful else [])]
