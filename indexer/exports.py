"""A knowledge base leaves and comes back: its threads as JSON lines in the neutral form, with what makes them the same.

    {"export": 1, "id": "3f47b9...", "layout": "", "altered": false, "positions": [0, 2], "claims": [...],
     "corrections": [...], "counterpoint": 1, "title": ...}

One thread a line, the one first added first; whatever reads the neutral form reads it (`corpus.readers.neutral`). The
ids of threads and posts are those of the knowledge base. `layout` is how a reader recognised the thread. `altered` says
that personal data are masked in it or names replaced. `positions` are those of the posts, where removed ones left gaps.
`claims` are those of posts in which a claim has an id that its words would not give it anew: it was found before the
post was edited. `corrections` are what people said of claims (`indexer.corrections`). Everything else is derived from
this again. When a thread was added is not kept: that is when this knowledge base got to know it.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.exc import IntegrityError

from corpus.errors import NotInStore, UnreadableInput
from corpus.personal import Pseudonyms, Shown
from corpus.readers.neutral import exact_thread, neutral_fields
from corpus.readers.reading import json_values, opened
from corpus.thread import Skipped, Thread
from indexer.claim_store import ClaimStore
from indexer.claims import Claim, Kind, claim_id
from indexer.corrections import Correction, correction_from, fields_of
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport, Progress
from indexer.showing import shown_correction

VERSION = 1

ALTERED = "altered_thread"

PSEUDONYM_SECRET = "pseudonym_secret"  # noqa: S105 -- the name of a setting
"""The setting that keeps the secret of pseudonyms, made with the first export."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A thread on its way out of one knowledge base and into another; see the module for what the fields say."""

    thread: Thread
    layout: str = ""
    altered: bool = False
    claims: tuple[Claim, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def line(self) -> str:
        """The thread as one line of JSON; `Exported.of` reads it."""
        positions = [post.position for post in self.thread.posts]
        fields: dict[str, Any] = {"export": VERSION, "id": self.thread.id}
        fields |= {"layout": self.layout, "altered": self.altered}
        fields |= {"positions": positions} if positions != list(range(len(positions))) else {}
        fields |= {"claims": [_claim_fields(claim) for claim in self.claims]} if self.claims else {}
        made = [fields_of(one) for one in self.corrections]
        fields |= {"corrections": made} if made else {}
        return json.dumps(fields | neutral_fields(self.thread), ensure_ascii=False)

    @classmethod
    def of(cls, value: Any, where: str) -> Exported:
        """Read the value of such a line. Raises UnreadableInput, naming `where`."""
        if not isinstance(value, dict) or "export" not in value:
            raise UnreadableInput(f"{where} is not of an export of Counterpoint; read other files with `add`")
        if value["export"] != VERSION:
            raise UnreadableInput(
                f"{where} is of version {value['export']!r} of the export, this program reads {VERSION}; "
                "update Counterpoint"
            )
        thread = exact_thread(value, where)
        try:
            positions = list(value.get("positions", range(len(thread.posts))))
            if not all(0 <= one < later for one, later in zip(positions, [*positions[1:], 2**31], strict=True)):
                raise ValueError(f"positions {positions}")
            posts = [replace(post, position=at) for post, at in zip(thread.posts, positions, strict=True)]
            texts = {post.id: post.text for post in posts}
            claims = tuple(_claim(one, thread.id, texts) for one in value.get("claims", ()))
            made = tuple(correction_from(one, thread.id, texts) for one in value.get("corrections", ()))
        except (KeyError, TypeError, ValueError) as error:
            what = '"positions", "claims" or "corrections"'
            raise UnreadableInput(f"{where}: {what} are not those of its posts ({error!r})") from error
        layout, altered = str(value.get("layout", "")), value.get("altered") is True
        return cls(replace(thread, posts=tuple(posts)), layout, altered, claims, made)


def _claim_fields(claim: Claim) -> dict[str, Any]:
    place = {"id": claim.id, "post": claim.post_id, "start": claim.start, "end": claim.end}
    return {**place, "kind": claim.kind.value, "context": claim.context}


def _claim(fields: Mapping[str, Any], thread_id: str, texts: Mapping[str, str]) -> Claim:
    post_id, start, end = fields["post"], fields["start"], fields["end"]
    if not 0 <= start < end <= len(texts[post_id]) or int(fields["id"], 16) >> 60:
        raise ValueError(f"a claim from {start} to {end}")
    text = texts[post_id][start:end]
    return Claim(fields["id"], post_id, thread_id, start, end, text, Kind(fields["kind"]), str(fields["context"]))


# Out


def shown_by(base: KnowledgeBase, *, unmasked: bool = False, pseudonyms: bool = False) -> Shown:
    """Return how `base` is shown outside of it, with the pseudonyms that all its exports share."""
    secret = base.store.setting(PSEUDONYM_SECRET)
    if secret is None:
        with base.store.begin() as connection:  # of two that make one at a time, both take the first
            secret = base.store.setting(PSEUDONYM_SECRET) or secrets.token_hex(32)
            base.store.set_setting(PSEUDONYM_SECRET, secret, connection)
    return Shown(masked=not unmasked, pseudonyms=Pseudonyms(secret), every_name=pseudonyms)


def export_threads(base: KnowledgeBase, thread_ids: Iterable[str], shown: Shown) -> Iterator[Exported]:
    """Yield the threads as they are shown, one at a time; those that were removed meanwhile are left out."""
    for thread_id in thread_ids:
        with suppress(NotInStore):
            thread = base.thread(thread_id)
            outside = shown.thread(thread)
            altered = outside != thread
            claims = () if altered else _kept_claims(base, thread_id)
            made = base.corrections_of_thread(thread_id)
            if made:
                written = {post.id: shown.covered(post) for post in thread.posts}
                made = [shown_correction(one, written[one.post_id], shown) for one in made if one.post_id in written]
            yield Exported(outside, base.store.layout(thread_id), altered, claims, tuple(made))


def _kept_claims(base: KnowledgeBase, thread_id: str) -> tuple[Claim, ...]:
    """The claims of those posts in which one has an id that it would not get anew."""
    of_posts: dict[str, list[Claim]] = defaultdict(list)
    for cited in base.claims_of_thread(thread_id):
        of_posts[cited.post.id].append(cited.claim)
    return tuple(
        claim
        for claims in of_posts.values()
        if any(one.id != claim_id(one.post_id, one.start, one.end, one.text) for one in claims)
        for claim in claims
    )


# In


def read_exported(path: Path) -> Iterator[Exported]:
    """Yield the threads of an exported file, packed or not, line by line. Raises UnreadableInput."""
    with opened(path) as file:
        yield from exported_in(file, str(path))


def exported_in(file: BinaryIO, place: str) -> Iterator[Exported]:
    """Yield the threads of an open export. Raises UnreadableInput, naming `place`."""
    for where, value in json_values(file, place):
        if isinstance(value, Skipped):
            raise UnreadableInput(f"{place}, {where} is not JSON ({value.text}); it may be cut off: export it again")
        yield Exported.of(value, f"{place}, {where}")


def import_threads(
    base: KnowledgeBase, exported: Iterable[Exported], *, progress: Callable[[Progress], None] | None = None
) -> IndexReport:
    """Store exported threads with the ids, positions and claims they had, and derive the rest.

    A thread that is here already is brought up to date as by `KnowledgeBase.add`; where the exported one is altered it
    stays as it is (skipped as "altered_thread"), so that no mask replaces words. Corrections of posts that are here
    are kept with it; of two on the same the later one stays.
    """
    here = set(base.store.thread_ids())
    made: list[Correction] = []
    derived = ClaimStore(base.store)
    new = left = 0

    def known() -> Iterator[Thread]:
        nonlocal new, left
        for one in exported:
            made.extend(one.corrections)
            if one.thread.id not in here:
                _restore(base, derived, one)
                here.add(one.thread.id)
                new += 1
            elif one.altered:
                left += 1
            else:
                yield one.thread

    try:
        report = base.add(known(), progress=progress)
    except UnreadableInput:
        base.finish(progress=progress)
        base.restore_corrections(made)
        raise
    finished = base.finish(progress=progress)
    base.restore_corrections(made)
    report += replace(finished, added=new, updated=finished.updated - new)
    return report + IndexReport(threads=left, unchanged=left, skipped_by_reason={ALTERED: left} if left else {})


def _restore(base: KnowledgeBase, derived: ClaimStore, one: Exported) -> None:
    try:
        with base.store.begin() as connection:
            base.store.restore_thread(one.thread, connection, layout=one.layout)
            derived.restore_claims(connection, one.claims)
    except IntegrityError as error:
        raise UnreadableInput(
            f"thread {one.thread.id} has a post or claim of another thread of {base.folder}: the file was changed "
            "since it was exported; read it with `add`, which gives it ids of its own"
        ) from error
