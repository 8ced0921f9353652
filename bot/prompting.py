# ruff: noqa: E501 -- each line of the rules is one sign
"""What a chat model is sent: a versioned prompt, and under it what people wrote, as data that cannot end its fence.

Whatever a post says stays inside a JSON string between two marks that its characters cannot form, without characters
that nobody sees. That keeps honest models to their task; that no model is believed (`bot.support`) keeps the others.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from bot.wording import one_line
from indexer.words import rule

WRITE, REPAIR, UNDERSTAND, SPLIT = "write-2", "repair-2", "understand-1", "split-1"
"""The prompts by version: a change of the words is another version, and what was kept under the old one is not used."""

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Categories of characters that nobody sees, such as tags and zero-width ones."""

_MARKS = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>[]`"})
"""What could form our fence or the marks of a chat template is written as JSON escapes it."""


def prompt(name: str) -> str:
    """Return the text of a prompt by its version."""
    return files("bot").joinpath("prompts", f"{name}.txt").read_text("utf-8")


def fenced(records: Sequence[Mapping[str, Any]]) -> str:
    """Return records as data for a model: one JSON object a line, between <data> and </data>."""
    lines = (json.dumps(record, ensure_ascii=False).translate(_MARKS) for record in records)
    return "\n".join(["<data>", *lines, "</data>"])


def seen(text: str) -> str:
    """Return `text` as a reader sees it, on one line: masked, and without characters that nobody sees."""
    return one_line("".join(one if one.isspace() or unicodedata.category(one) not in _UNSEEN else "" for one in text))


_TO_A_PROGRAM = rule(
    r"""
    \b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instructions?|prompts?|rules|guidelines|the above(?=\s?[.!,;:]|\Z| and (say|write|print))|everything above|claims above|previous (text|messages?|claims)|prior (text|messages?|claims))
    \b(system|hidden|initial|secret) prompt\b
    \byour (system |previous |original |real |new )?(instructions|prompt|guidelines|programming|training data)\b
    \b(new|updated|further|additional|real) (instructions?|task|directives?)( for (you|the .{1,20}))?\s?[:=]
    <role>\s?:\s?\S
    \bend of (the )?(data|prompt|input|context|instructions|claims)\b
    \bfrom now on,? (you )?(only |just )?<do>
    \b(in|to|from|of) your (summary|output|response)\b
    \A\W*(say|write|state|report|conclude|print|output) (only|that)\b.{0,40}\b(people|everyone|everybody|nobody|most|all)\b
    \bclaim ids?\b
    \b(cit(e|ing)|claims?) c\d{1,3}\b
    \bmark c\d{1,3} as (supporting|supported|true|false|for|against)\b
    \A\W*(system|user|human)\s?:\s?.{0,60}\b(you|ignore|respond|reply|output|write|override|from now on)\b
    <\|?/?(im_start|im_end|system|user|assistant|endoftext|s|inst|data|tool|function)\b
    \[/?(inst|sys|system)\]
    <(?=tool_call\b|function\b)
    \#{2,}\s?(instructions?|system|response|assistant|end of)
    \b(you are|you're|act as|pretend (to be|you are|you're)|roleplay as|behave as)( now)? (a |an |the )?(\w+ )?(ai|a\.i\.|llm|dan|assistant|bot|chatbot|language model|summari[sz]er|unrestricted)\b
    \b(developer|dan|god|debug|admin|jailbreak) mode\b
    \b(note|message|instructions?|memo|notice|order) (to|for) (the |any |all |every )?(ai|llm|model|models|assistant|bot|chatbot|summari[sz]er|language model)s?\b
    \b(dear|hey|attention|hello|hi|ok|okay|listen)[ ,:]+(ai|llm|model|chatbot|assistant|language model|summari[sz]er|bot)\b
    \b(when|while|if|before|after) (you (are )?)?(summari[sz](e|ing)|cit(e|ing)|quot(e|ing) (this|these)|writ(e|ing) (the|your|this) (summary|answer|sentences?))
    \b<do>\b.{0,60}\b(your (answer|summary|output|response|reply|sentences?)|the (user|reader|summary|output|response|json|prompt|citations?|claim ids?)|in json|as json|verbatim|claim ids?|markdown|html|base64)\b
    \b(environment variables?|api[ _-]?keys?)\b
    """,
    role="\\b(assistant|developer|chatgpt|claude|gpt)",
    do="(say|write|print|output|respond|reply|answer|repeat|return|state|report|conclude|tell|include|insert|append|cite|begin|start|end|render|show|reveal|translate|encode|mark|label|set)",
)


def speaks_to_a_program(text: str) -> bool:
    """Return whether `text` seems to tell a program what to do, which people who answer people have no reason for.

    Claims of such a post stay in the answer like all others; they are only not sent to a model.
    """
    return bool(_TO_A_PROGRAM.search(" ".join(seen(unicodedata.normalize("NFKC", text)).split())))
