"""What was pasted or opened, before it is saved: read, to be corrected, and compared with what is here."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot import render
from bot.answer import count
from bot.wording import clean
from corpus.errors import CounterpointError, UnreadableInput
from corpus.merging import merged
from corpus.readers import PASTE, read_file, reader_of
from corpus.readers.pasted import Draft, draft
from corpus.readers.reading import unpacked
from corpus.thread import Skipped, Thread
from indexer.knowledge import KnowledgeBase
from page.parts import notice
from page.texts import TEXTS

PREVIEWED = 3
"""Threads shown whole before saving: enough to see that they were read well."""

NAMED = 50
"""Threads named after these; more would not be read."""

LEFT_OUT = 10
"""Things left out of a file that are shown; of the others the number and the reasons."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One paste or file as it was read: a draft to correct, or threads as the file holds them, or why neither."""

    name: str = ""
    draft: Draft | None = None
    threads: tuple[Thread, ...] = ()
    layout: str = ""
    skipped: tuple[Skipped, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was pasted or opened at a time; `at` is the place of the one that is being corrected."""

    opened: tuple[Opened, ...]
    at: int = 0

    @property
    def draft(self) -> Draft | None:
        """The draft that is being corrected; None where there is none."""
        return self.opened[self.at].draft

    @property
    def drafts(self) -> dict[int, str]:
        """What can be corrected, by its place: the names of the files."""
        return {place: one.name for place, one in enumerate(self.opened) if one.draft is not None}

    @property
    def threads(self) -> tuple[Thread, ...]:
        """The threads of files that hold threads, which need no correction."""
        return tuple(thread for one in self.opened for thread in one.threads)

    def with_draft(self, corrected: Draft) -> Found:
        """Return the same with the draft in question corrected."""
        opened = [*self.opened]
        opened[self.at] = replace(opened[self.at], draft=corrected)
        return replace(self, opened=tuple(opened))

    def correcting(self, place: int) -> Found:
        """Return the same with the draft at `place` in question."""
        return replace(self, at=place)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the user says about a pasted thread; empty where they say nothing."""

    title: str = ""
    forum: str = ""
    link: str = ""


def look(text: str) -> Found:
    """Return what pasted text holds. Raises UnreadableInput."""
    return Found((Opened(draft=draft(text)),))


def look_into(*paths: Path) -> Found:
    """Return what files hold; one that cannot be read does not hold up the others. Raises UnreadableInput for none."""
    opened = [_opened(path) for path in paths]
    if not any(one.draft or one.threads for one in opened):
        raise UnreadableInput(" ".join(one.problem for one in opened) or TEXTS.no_file)
    first = next((place for place, one in enumerate(opened) if one.draft), 0)
    return Found(tuple(opened), first)


def _opened(path: Path) -> Opened:
    try:
        data = unpacked(path.read_bytes(), path.name)
        if data.strip() and reader_of(data) is PASTE:
            return Opened(path.name, draft(data, place=path.name))
        reading = read_file(data, path.name)
    except CounterpointError as error:
        return Opened(path.name, problem=str(error))
    except OSError as error:
        return Opened(path.name, problem=TEXTS.not_opened.format(path.name, error.strerror))
    return Opened(path.name, None, reading.threads, reading.layout, reading.skipped)


def threads_of(found: Found, heading: Heading) -> tuple[Thread, ...]:
    """Return the threads that saving would add. Raises UnreadableInput where a correction left no reply.

    A title and a link are one thread's: of several drafts, only the forum is said for all.
    """
    said = heading if len(found.drafts) == 1 else Heading(forum=heading.forum)
    return tuple(thread for one in found.opened for thread in _threads_in(one, said))


def _threads_in(one: Opened, said: Heading) -> tuple[Thread, ...]:
    if one.draft is None:
        return one.threads
    return (one.draft.thread(title=said.title, forum=said.forum, link=said.link),)


# Showing


def preview_html(base: KnowledgeBase, found: Found, heading: Heading) -> str:
    """Return what saving would do: how it was read, the posts, their claims, what is skipped and why, what is known."""
    threads = threads_of(found, heading)
    parts = [_files_html(found)]
    known = standings(base, threads)
    if len(threads) > 1 or TEXTS.is_here in known:
        parts.append(notice("stage", standing_line(known)))
    shown = _shown_first(found, heading, threads)
    parts += [render.preview_html(base.preview(thread), hints) for thread, hints in shown]
    others = [thread for thread in threads if all(thread is not one for one, _ in shown)]
    return "".join([*parts, _skipped_html(found), _others_html(base, others)])


def _shown_first(found: Found, heading: Heading, threads: Sequence[Thread]) -> list[tuple[Thread, list[str]]]:
    """The threads to show whole, each with its hints: the one that is being corrected before all others."""
    if found.draft is None:
        return [(thread, []) for thread in threads[:PREVIEWED]]
    before = sum(len(_threads_in(one, heading)) for one in found.opened[: found.at])
    corrected = (threads[before], [row.hint for row in found.draft.rows()])
    others: list[tuple[Thread, list[str]]] = [(one, []) for place, one in enumerate(threads) if place != before]
    return [corrected, *others[: PREVIEWED - 1]]


def _files_html(found: Found) -> str:
    """How each paste or file was read, or why it was not."""
    lines = []
    for one in found.opened:
        said = one.problem or TEXTS.read_as.format(one.draft.layout if one.draft else one.layout)
        if one.threads:
            said = f"{said} {count(len(one.threads), 'thread')}."
        named = f"{clean(one.name)}: {said}" if one.name and not one.problem and len(found.opened) > 1 else said
        lines.append(notice("problem" if one.problem else "stage", named))
    return "".join(lines)


def _skipped_html(found: Found) -> str:
    """What was left out, each with its reason, and of much of it the number."""
    skipped = [skip for one in found.opened for skip in (one.draft.skipped() if one.draft else one.skipped)]
    shown = render.skipped_html(skipped[:LEFT_OUT])
    if len(skipped) <= LEFT_OUT:
        return shown
    reasons = Counter(skip.reason.replace("_", " ") for skip in skipped[LEFT_OUT:]).most_common()
    more = ", ".join(f"{reason} × {number}" for reason, number in reasons)
    return shown + notice("stage", TEXTS.more_skipped.format(more))


def _others_html(base: KnowledgeBase, threads: Sequence[Thread]) -> str:
    """The threads that are not shown whole, by name, each with what saving would do to it."""
    lines = [
        f"<li><bdi>{html.escape(clean(thread.title))}</bdi>, {count(len(thread.posts), 'post')}: {standing}</li>"
        for thread, standing in zip(threads, standings(base, threads[:NAMED]), strict=False)
    ]
    if not lines:
        return ""
    more = notice("stage", TEXTS.more_threads.format(len(threads) - NAMED)) if len(threads) > NAMED else ""
    return f'<p class="page-notice">{TEXTS.and_these}</p><ul class="page-others">{"".join(lines)}</ul>{more}'


# What is here already


def standings(base: KnowledgeBase, threads: Iterable[Thread]) -> list[str]:
    """Return, thread by thread, whether it is new, here with less, or here word for word."""
    return [_standing(base, thread) for thread in threads]


def _standing(base: KnowledgeBase, thread: Thread) -> str:
    stored = base.store.recognised(thread)
    if stored is None:
        return TEXTS.is_new
    return TEXTS.is_here if merged(stored, thread) == stored else TEXTS.has_changed


def standing_line(standings: Sequence[str]) -> str:
    """Return what saving would do to several threads, such as "3 threads: 1 new, 2 here already, word for word."."""
    kinds = ", ".join(f"{number:,} {standing}" for standing, number in Counter(standings).items())
    return f"{count(len(standings), 'thread')}: {kinds}."
