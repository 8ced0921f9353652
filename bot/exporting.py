"""Answer -> what a reader takes along: Markdown, a page of its own, JSON, or the claims with their citations."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.answer import Answer
from bot.render import CSS, answer_html, answer_json, answer_markdown
from bot.wording import SIDE_TITLES, clean, lines_alone, narrowing, one_line, post_facts, shown, web_link
from indexer.knowledge import JudgedClaim


class ExportForm(StrEnum):
    """The forms in which an answer leaves the page."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    CITATIONS = "citations"


@dataclass(frozen=True, slots=True)
class Export:
    """A file: its name, its media type and its text."""

    name: str
    media_type: str
    text: str


def exported(answer: Answer, form: ExportForm) -> Export:
    """Return the answer as a file in one of the forms; nothing in it that a forum wrote is markup or is fetched."""
    ending, media_type, render = _FORMS[form]
    return Export(f"{file_name(answer.question.text)}.{ending}", media_type, render(answer))


def answer_page(answer: Answer) -> str:
    """Return the answer as a whole HTML page that loads nothing from anywhere and runs no script.

    Links to original posts stay; what only the served page can open is plain text. It is light or dark as the reader's
    machine is.
    """
    title = html.escape(clean(answer.question.text))
    body = answer_html(answer, served=False)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{CSS}\n{_PAGE_CSS}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def cited_claims(answer: Answer) -> str:
    """Return the claims of the answer as plain text, side by side, each with its author, thread and link."""
    lines = [one_line(answer.question.text), *lines_alone(answer), one_line(answer.line())]
    lines += [*filter(None, [one_line(narrowing(answer))]), ""]
    for side in answer.sides:
        claims = [judged for view in answer.views_on(side) for judged in view.claims]
        lines += [SIDE_TITLES[side], *map(citation, claims), ""] if claims else []
    for option in answer.options:
        lines += [f"“{one_line(option.label)}”"]
        for title, views in (("Support", option.support), ("Objections", option.objections)):
            claims = [judged for view in views for judged in view.claims]
            lines += [title, *map(citation, claims)] if claims else []
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def citation(judged: JudgedClaim) -> str:
    """Return a claim with what it takes to find it again, on one line."""
    cited = shown(judged).cited
    facts = [*post_facts(cited.post), f"in “{cited.thread_title}”", cited.forum or "", web_link(cited.post.link) or ""]
    return f"- “{one_line(cited.claim.text)}” ({', '.join(one_line(fact) for fact in facts if fact)})"


def file_name(question: str) -> str:
    """Return a file name without its ending that says what was asked, safe on every file system."""
    plain = unicodedata.normalize("NFKD", clean(question)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(["counterpoint", *words])[:LONGEST_NAME].rstrip("-")


LONGEST_NAME = 80
"""Characters of a file's name: the question is recognised, and no file system refuses it."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page of an answer may do: show itself."""

_PAGE_CSS = """
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#ffffff, #14181d); color: light-dark(#1f2328, #e6e8eb); }
body { font-family: system-ui, sans-serif; }
main { max-width: 48rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; }
"""

_FORMS: Mapping[ExportForm, tuple[str, str, Callable[[Answer], str]]] = {
    ExportForm.MARKDOWN: ("md", "text/markdown", answer_markdown),
    ExportForm.HTML: ("html", "text/html", answer_page),
    ExportForm.JSON: (
        "json",
        "application/json",
        lambda answer: json.dumps(answer_json(answer), ensure_ascii=False, indent=2) + "\n",
    ),
    ExportForm.CITATIONS: ("txt", "text/plain", cited_claims),
}
