"""LiveIndex: in step with the store by its journal, in files that are good, beside answers where it is large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, select

from corpus.schema import claims, posts, threads, vector_changes
from corpus.store import Store
from corpus.thread import id_of
from indexer import index, live_index
from indexer.claim_store import ClaimStore, to_blob
from indexer.errors import IndexTooLarge
from indexer.live_index import NAMES, LiveIndex

DIMENSION = 16
ENCODER = "random"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        with store.begin() as connection:
            connection.execute(
                insert(threads).values(key=1, title="t", question="q", added_at="2026-01-01", invented=False)
            )
            connection.execute(insert(posts).values(key=1, thread_key=1, position=0, text="p", content_hash="h"))
        yield store


@pytest.fixture
def live(tmp_path: Path, store: Store) -> Iterator[Callable[[], LiveIndex]]:
    """Opens the index of the same folder, as another process would."""
    opened: list[LiveIndex] = []

    def again() -> LiveIndex:
        opened.append(LiveIndex(tmp_path, store, ENCODER, DIMENSION))
        return opened[-1]

    yield again
    for one in opened:
        one.close()


def vector(key: int) -> np.ndarray:
    """The vector that a claim has."""
    drawn = np.random.default_rng(key).normal(size=DIMENSION).astype(np.float32)
    return drawn / np.linalg.norm(drawn)


def add(store: Store, *keys: int) -> None:
    with store.begin() as connection:
        claim = {"post_key": 1, "start": 0, "end": 1, "text": "p", "kind": "advice", "splitter": "1"}
        connection.execute(insert(claims), [{"key": key, **claim} for key in keys])
        ClaimStore(store).save_vectors(connection, ENCODER, {id_of(key): to_blob(vector(key)) for key in keys})
        ClaimStore(store).bump(connection)


def remove(store: Store, key: int) -> None:
    with store.begin() as connection:
        connection.execute(claims.delete().where(claims.c.key == key))
        ClaimStore(store).bump(connection)


def nearest(one: LiveIndex, key: int) -> int:
    return one.near(vector(key), 1)[0][0]


def journal(store: Store) -> int:
    with store.reading() as connection:
        return len(connection.execute(select(vector_changes)).all())


def test_another_process_sees_what_was_added_and_removed(store: Store, live: Callable[[], LiveIndex]) -> None:
    """At its next answer, by what changed alone."""
    add(store, *range(1, 30))
    one, other = live(), live()
    assert (7, 7) == (nearest(one, 7), nearest(other, 7))
    add(store, 99)
    remove(store, 7)
    assert (99, 99) == (nearest(one, 99), nearest(other, 99))
    assert 7 not in {nearest(one, 7), nearest(other, 7)}


def test_the_journal_is_forgotten_once_the_files_are_past_it(store: Store, live: Callable[[], LiveIndex]) -> None:
    """And whoever was not that far then compares with the store anew."""
    add(store, *range(1, 30))
    late, saving = live(), live()
    assert 3 == nearest(late, 3)
    add(store, 50, 51)
    saving.save()
    assert 0 == journal(store)
    add(store, 52)
    assert 1 == journal(store)
    assert [50, 51, 52, 3] == [nearest(late, key) for key in (50, 51, 52, 3)]


def test_without_files_and_journal_both_are_built(store: Store, tmp_path: Path, live: Callable[[], LiveIndex]) -> None:
    """A copy of the database alone is enough: claims and questions are found."""
    add(store, *range(1, 30))
    with store.begin() as connection:
        ClaimStore(store).save_questions(connection, ENCODER, {id_of(1): ("q", to_blob(vector(500)))})
    live().save()
    assert 0 == journal(store)
    for name in NAMES:
        (tmp_path / name).unlink()
    one = live()
    assert (8, 1) == (nearest(one, 8), one.near_questions(vector(500), 1)[0][0])


def test_files_of_another_encoder_are_made_again(store: Store, tmp_path: Path, live: Callable[[], LiveIndex]) -> None:
    """Vectors of one say nothing to another, though the file is sound."""
    add(store, *range(1, 5))
    live().save()
    other = LiveIndex(tmp_path, store, "other", DIMENSION)
    assert [] == other.near(vector(1), 3)
    assert 1 == nearest(live(), 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_is_made_again(
    store: Store, tmp_path: Path, live: Callable[[], LiveIndex], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """From the stored vectors, with a warning that names it."""
    add(store, *range(1, 30))
    live().save()
    (tmp_path / name).write_bytes(b"IxM2 of an older program")
    assert 9 == nearest(live(), 9)
    assert f"{name}: not an index of claims" in caplog.text
    live().near(vector(1), 1)
    assert 1 == caplog.text.count("made again")


def test_a_large_index_is_built_beside_answers(
    store: Store, live: Callable[[], LiveIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came since is found before and after it is built in, and also what comes while it is."""
    monkeypatch.setattr(index, "FLAT_MOST", 400)
    monkeypatch.setattr(live_index, "FLAT_MOST", 400)
    add(store, *range(1, 1_001))
    one = live()
    one.save()
    one.close()
    add(store, *range(2_001, 2_301))
    assert 2_100 == nearest(one, 2_100)
    build = LiveIndex._built
    during: list[int] = []

    def built(self: LiveIndex, kept: live_index._Kept) -> index.ClaimIndex:
        made = build(self, kept)
        if not during:
            add(store, 5_000)
            remove(store, 17)
            during.append(nearest(one, 5_000))
        return made

    monkeypatch.setattr(LiveIndex, "_built", built)
    one.save()
    one.close()
    assert [5_000] == during
    assert [5_000, 2_100, 500] == [nearest(one, key) for key in (5_000, 2_100, 500)]
    assert 17 != nearest(one, 17)
    assert not one._claims.index.exact
    assert one._claims.index.changed <= 2
    assert [5_000, 2_100, 500] == [nearest(live(), key) for key in (5_000, 2_100, 500)]


def test_a_disk_that_is_full_keeps_the_last_good_file(
    store: Store, tmp_path: Path, live: Callable[[], LiveIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers go on from memory, a warning says what happened, and the next start reads the rest from the store."""
    add(store, *range(1, 30))
    one = live()
    one.save()
    before = (tmp_path / NAMES[0]).read_bytes()
    add(store, 40)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(index.ClaimIndex, "save", full)
        one.save()
    assert before == (tmp_path / NAMES[0]).read_bytes()
    assert 40 == nearest(one, 40) == nearest(live(), 40)


def test_an_index_that_could_not_be_built_is_no_empty_one(
    store: Store, live: Callable[[], LiveIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer says that it broke, until it can be built; none says that nothing is here."""
    add(store, *range(1, 30))
    one = live()
    with monkeypatch.context() as broken:

        def refused(*_: object) -> None:
            raise IndexTooLarge(29)

        broken.setattr(LiveIndex, "_built", refused)
        for _ in range(2):
            with pytest.raises(IndexTooLarge):
                one.near(vector(5), 1)
    assert 5 == nearest(one, 5)
