"""A knowledge base leaves as a file and comes back the same."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge
from hypothesis import given
from hypothesis import settings as limits
from sqlalchemy import select
from test_neutral import threads as any_thread

from bot.chat import Bot
from bot.values import answer_json
from corpus.errors import UnreadableInput
from corpus.personal import EMAIL, Shown
from corpus.readers import read_file
from corpus.schema import metadata
from corpus.thread import Post, Quote, Thread, id_of, make_thread
from indexer.exports import ALTERED, Exported, export_threads, exported_in, import_threads, read_exported, shown_by
from indexer.knowledge import KnowledgeBase

AS_IS = Shown(masked=False)

COOKS = make_thread(
    [
        Post("0", "", 0, "Is cast iron worth it? Mail jo@example.com.", raw="<b>Is cast iron worth it?</b>"),
        Post("1", "", 1, "+1", author="Ann", time=datetime(2019, 3, 12, 10, 22, tzinfo=timezone(timedelta(hours=-7)))),
        Post("2", "", 2, "+1", author="Bob", time=datetime(2019, 3, 12, 10, 22), score=-3),  # noqa: DTZ001
        Post("3", "", 3, "Ann wrote:\n+1\n\nNo, it never got hot.", parent_id="1", quotes=(Quote(0, 13, "Ann", "1"),)),
        Post("4", "", 4, "It is worth it because it lasts.", author="Cem", parent_id="3"),
    ],
    forum="Cooks",
    invented=True,
)
"""A thread without links, whose equal posts have ids by their order, with every field that a post can have."""


def base_in(folder: Path) -> KnowledgeBase:
    return KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=RuleJudge())


def lived_in(folder: Path) -> KnowledgeBase:
    """A base in which posts were edited and removed, so that neither ids nor positions follow from what it holds."""
    base = base_in(folder)
    base.add([RUNNERS, COOKS, BAKERS])
    reworded = "Sorry, I read that wrong. Heavy lifting never helped anyone I know. No, just run more miles."
    base.add([replace(RUNNERS, posts=(*RUNNERS.posts[:2], replace(RUNNERS.posts[2], text=reworded), RUNNERS.posts[3]))])
    base.remove_post(COOKS.posts[1].id)
    base.remove_post(BAKERS.posts[0].id)
    with base.store.begin() as connection:
        connection.exec_driver_sql("UPDATE threads SET layout = 'name: text' WHERE forum = 'Cooks'")
    return base


def rows(base: KnowledgeBase) -> dict[str, list[dict[str, Any]]]:
    """All that the store holds, but when it came, counters and the secret of pseudonyms."""
    left_out = {"threads": {"added_at"}, "skipped": {"key"}}
    with base.store.reading() as connection:
        found = {
            name: [
                {column: value for column, value in row._mapping.items() if column not in left_out.get(name, ())}
                for row in connection.execute(select(table))
            ]
            for name, table in metadata.tables.items()
            if name != "settings"
        }
    return {name: sorted(those, key=repr) for name, those in found.items()}


def exported(base: KnowledgeBase, shown: Shown = AS_IS) -> str:
    return "".join(f"{one.line()}\n" for one in export_threads(base, base.store.thread_ids(), shown))


def read(text: str) -> Iterable[Exported]:
    return exported_in(io.BytesIO(text.encode()), "all.jsonl")


def test_what_cannot_be_derived_is_exported(tmp_path: Path) -> None:
    """Claims older than the words around them, and gaps between posts; neither where there are none."""
    with lived_in(tmp_path / "one") as base:
        runners, cooks, bakers = read(exported(base))
    assert "Heavy lifting never helped anyone I know" in [one.text for one in runners.claims]
    assert [0, 2, 3, 4] == [post.position for post in cooks.thread.posts]
    assert ((), ()) == (cooks.claims, bakers.claims)


def test_what_comes_back_is_the_same(tmp_path: Path) -> None:
    """Every row of every table: ids, positions, claims with kinds and contexts, questions, vectors, judgements."""
    with lived_in(tmp_path / "one") as base, base_in(tmp_path / "other") as other:
        import_threads(other, read(exported(base)))
        assert rows(base) == rows(other)
        assert [one.id for one in base.threads()] == [one.id for one in other.threads()]
        assert () == other.verify()


@pytest.mark.parametrize("question", ["should I lift for a faster 5k?", "is cast iron worth it", "what about pizza?"])
def test_the_same_question_has_the_same_answer(tmp_path: Path, question: str) -> None:
    """Views, order, numbers and words."""
    with lived_in(tmp_path / "one") as base, base_in(tmp_path / "other") as other:
        import_threads(other, read(exported(base)))
        assert answer_json(Bot(base).ask(question)) == answer_json(Bot(other).ask(question))


def test_an_import_says_what_it_did(tmp_path: Path) -> None:
    """Threads are added once; a second import finds them unchanged."""
    with lived_in(tmp_path / "one") as base, base_in(tmp_path / "other") as other:
        text = exported(base)
        first, second = import_threads(other, read(text)), import_threads(other, read(text))
    assert (3, 3, 0) == (first.threads, first.added, first.updated)
    assert (3, 0, 3, 0) == (second.threads, second.added, second.unchanged, second.new_claims)


def test_an_import_adds_to_what_is_here(tmp_path: Path) -> None:
    """Other threads stay, and one that is here already gets the posts that it lacks."""
    with base_in(tmp_path / "one") as base, base_in(tmp_path / "other") as other:
        base.add([RUNNERS])
        other.add([replace(RUNNERS, posts=RUNNERS.posts[:2]), BAKERS])
        assert (1, 1) == ((report := import_threads(other, read(exported(base)))).threads, report.updated)
        assert {RUNNERS.id, BAKERS.id} == set(other.store.thread_ids())
        assert RUNNERS == other.thread(RUNNERS.id)


def test_masks_never_replace_words(tmp_path: Path) -> None:
    """An export with masks is imported with them, except where the words themselves are here."""
    with base_in(tmp_path / "one") as base, base_in(tmp_path / "other") as other:
        base.add([COOKS, RUNNERS])
        text = exported(base, shown_by(base))
        assert [True, False] == [one.altered for one in read(text)]
        import_threads(other, read(text))
        assert f"Is cast iron worth it? Mail {EMAIL}." == other.thread(COOKS.id).opening.text
        assert {ALTERED: 1} == import_threads(base, read(text)).skipped_by_reason
        assert COOKS == base.thread(COOKS.id)


def test_pseudonyms_agree_between_exports(tmp_path: Path) -> None:
    """Two exports of one base name the same people alike, also in quotes, and name nobody as they call themselves."""
    with base_in(tmp_path / "one") as base:
        base.add([COOKS, RUNNERS, BAKERS])
        texts = [exported(base, shown_by(base, pseudonyms=True)) for _ in range(2)]
    assert texts[0] == texts[1]
    cooks, runners, bakers = (one.thread for one in read(texts[0]))
    quote = cooks.posts[3].quotes[0]
    assert cooks.posts[1].author == quote.author
    assert f"{quote.author} wrote:\n+1" == cooks.posts[3].text[quote.start : quote.end]
    assert runners.posts[0].author == bakers.posts[1].author
    assert not {"Ann", "Bob", "Cem", "Jo", "Sal"} & {post.author for post in (*cooks.posts, *runners.posts)}


def test_the_neutral_reader_reads_an_export(tmp_path: Path) -> None:
    """Whoever reads the neutral form reads the threads of an export, with ids of their own."""
    with base_in(tmp_path / "one") as base:
        base.add([RUNNERS, COOKS])
        (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress(exported(base).encode()))
    assert (RUNNERS, COOKS) == read_file(tmp_path / "all.jsonl.gz").threads
    assert [RUNNERS, COOKS] == [one.thread for one in read_exported(tmp_path / "all.jsonl.gz")]


@limits(deadline=None)
@given(any_thread())
def test_a_line_gives_the_thread_back(thread: Thread) -> None:
    """All fields, and positions with gaps."""
    gaps = replace(thread, posts=tuple(replace(post, position=2 * post.position) for post in thread.posts))
    for one in (Exported(thread), Exported(gaps, "name: text", altered=True)):
        (again,) = read(one.line())
        assert one == again


LINE = json.loads(Exported(RUNNERS).line())
NOT_ITS_OWN = '"positions", "claims" or "corrections" are not those of its posts'
CORRECTION = {
    "id": "000000000000001",
    "post_id": RUNNERS.posts[1].id,
    "start": 0,
    "end": 10,
    "matter": "stance",
    "said": "pro",
    "now": "con",
    "at": "2026-01-02T03:04:05+00:00",
}
"""A correction as an export writes it."""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"export": None}, "line 1 is of version None of the export, this program reads 1; update Counterpoint"),
        ({"counterpoint": 2}, "line 1 is version 2 of the neutral form"),
        ({"id": "pizza"}, "line 1: 'pizza' is not an id"),
        ({"posts": [LINE["posts"][0], LINE["posts"][0]]}, "line 1 has two posts with one id"),
        ({"positions": [0, 2, 1, 3]}, f"line 1: {NOT_ITS_OWN}"),
        ({"positions": [0, 1, 2, 1 << 99]}, f"line 1: {NOT_ITS_OWN}"),
        ({"positions": [0]}, f"line 1: {NOT_ITS_OWN}"),
        ({"claims": [{"id": RUNNERS.id}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [{"id": RUNNERS.id}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [CORRECTION | {"now": "maybe"}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [CORRECTION | {"post_id": BAKERS.posts[1].id}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [CORRECTION | {"end": 10_000}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [CORRECTION | {"at": "today"}]}, f"line 1: {NOT_ITS_OWN}"),
        ({"corrections": [CORRECTION | {"id": "f" * 16}]}, f"line 1: {NOT_ITS_OWN}"),
    ],
)
def test_a_line_that_is_refused(changed: dict[str, Any], said: str) -> None:
    """Whatever is wrong is said with its line."""
    with pytest.raises(UnreadableInput, match=f"all.jsonl, {said}"):
        list(read(json.dumps(LINE | changed) + "\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"posts": [{"text": "Should I?"}]}',
            "line 1 is not of an export of Counterpoint; read other files with `add`",
        ),
        ("[1, 2]", "line 1 is not of an export"),
        ("anna wrote:\nShould I?", "all.jsonl is not JSON"),
        (Exported(RUNNERS).line() + '\n{"export": 1, ', "line 2 is not JSON .*; it may be cut off: export it again"),
    ],
)
def test_what_is_no_export_is_refused(text: str, said: str) -> None:
    """Only exports are imported; the message says what reads the others."""
    with pytest.raises(UnreadableInput, match=said):
        list(read(text))


def test_what_stands_before_the_damage_is_kept(tmp_path: Path) -> None:
    """A file that was cut off gives the threads before, finished."""
    with base_in(tmp_path / "one") as base:
        with pytest.raises(UnreadableInput, match="line 2"):
            import_threads(base, read(Exported(RUNNERS).line() + '\n{"export": 1, '))
        assert [RUNNERS.id] == base.store.thread_ids()
        assert () == base.verify()


def test_ids_of_another_thread_are_refused(tmp_path: Path) -> None:
    """A changed file cannot put its posts into a thread that is here."""
    with base_in(tmp_path / "one") as base:
        base.add([RUNNERS])
        with pytest.raises(UnreadableInput, match="the file was changed since it was exported"):
            import_threads(base, read(json.dumps(LINE | {"id": id_of(7)}) + "\n"))
        assert [RUNNERS.id] == base.store.thread_ids()
