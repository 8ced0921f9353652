"""ClaimIndex: what was added is found, what was removed is not, and a damaged file is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embeddings import Vectors
from indexer.errors import IndexCorrupt, IndexTooLarge
from indexer.index import ALIKE, FLAT_MOST, ClaimIndex, Keys, Selection, sampled

DIMENSION = 16
MANY = FLAT_MOST + 1_000


def unit(count: int, seed: int = 0) -> Vectors:
    """Random unit vectors."""
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def keys_of(*keys: int) -> Keys:
    return np.array(keys, dtype=np.int64)


@pytest.fixture
def index() -> ClaimIndex:
    filled = ClaimIndex.empty(DIMENSION)
    filled.add(np.arange(20, dtype=np.int64) + 2**59, unit(20))
    return filled


def test_a_vector_finds_itself(index: ClaimIndex) -> None:
    """Each vector's nearest neighbour is itself, at similarity 1."""
    keys, similarities = index.search(unit(20), 1)
    assert [2**59 + row for row in range(20)] == [int(found[0]) for found in keys]
    assert np.allclose(1.0, np.concatenate(similarities), atol=1e-6)


def test_neighbours_come_nearest_first(index: ClaimIndex) -> None:
    """Similarities are cosines, in falling order, and are those of the keys beside them."""
    asked = unit(1, seed=5)
    (keys,), (similarities,) = index.search(asked, 7)
    expected = np.sort(unit(20) @ asked[0])[::-1][:7]
    assert np.allclose(expected, similarities, atol=1e-6)
    assert np.allclose((index.vectors(keys) @ asked[0]), similarities, atol=1e-6)


def test_fewer_vectors_than_asked_for(index: ClaimIndex) -> None:
    """Asking for more than there is returns all there is, without padding."""
    (keys,), (similarities,) = index.search(unit(1), 50)
    assert set(index.keys()) == set(keys.tolist())
    assert 20 == len(similarities)


def test_an_empty_index_finds_nothing() -> None:
    """No vectors, no neighbours, and no error."""
    (keys,), (similarities,) = ClaimIndex.empty(DIMENSION).search(unit(1), 3)
    assert (0, 0) == (len(keys), len(similarities))


def test_adding_twice_changes_nothing(index: ClaimIndex) -> None:
    """A key that is here keeps its vector, also when it stands twice in one call."""
    assert 0 == index.add(index_keys := keys_of(2**59, 2**59 + 1), unit(2, seed=9))
    assert np.array_equal(unit(20)[:2], index.vectors(index_keys))
    assert 1 == index.add(keys_of(3, 3), unit(2))
    assert 21 == len(index)


def test_removed_is_gone(index: ClaimIndex) -> None:
    """A removed vector is found no more; unknown keys are passed over; the rest keeps its keys."""
    assert 2 == index.remove(keys_of(2**59, 2**59 + 7, 12345))
    (keys,), _ = index.search(unit(20)[:1], 20)
    assert not {2**59, 2**59 + 7} & set(keys.tolist())
    assert 18 == len(index) == len(keys)
    assert np.array_equal(unit(20)[8:9], index.vectors(keys_of(2**59 + 8)))


def test_a_removed_key_can_come_back(index: ClaimIndex) -> None:
    """A key that was removed takes a new vector."""
    index.remove(keys_of(2**59))
    index.add(keys_of(2**59), unit(1, seed=3))
    assert np.array_equal(unit(1, seed=3), index.vectors(keys_of(2**59)))


def test_vectors_of_an_unknown_key(index: ClaimIndex) -> None:
    """An unknown key is an error, not a vector of something else."""
    with pytest.raises(KeyError, match="no vector under 4"):
        index.vectors(keys_of(2**59, 4))


def test_vectors_of_another_dimension_are_refused(index: ClaimIndex) -> None:
    """Keys, vectors and index must fit."""
    with pytest.raises(ValueError, match=r"shape \(1, 16\): \(1, 8\)"):
        index.add(keys_of(1), np.ones((1, 8), dtype=np.float32))


@settings(deadline=None)
@given(st.sets(st.integers(0, 2**60 - 1), max_size=30), st.data())
def test_saved_and_opened_it_answers_alike(
    tmp_path_factory: pytest.TempPathFactory, keys: set[int], data: st.DataObject
) -> None:
    """Whatever was added and removed, the opened index gives the answers of the saved one."""
    path = tmp_path_factory.mktemp("index") / "claims.faiss"
    index = ClaimIndex.empty(DIMENSION)
    index.add(np.array(sorted(keys), dtype=np.int64), unit(len(keys)))
    index.remove(np.array(sorted(data.draw(st.sets(st.sampled_from(sorted(keys)))) if keys else []), dtype=np.int64))
    index.save(path)
    opened = ClaimIndex.open(path, DIMENSION)
    assert index.keys() == opened.keys()
    for before, after in zip(index.search(unit(3, 8), 5), opened.search(unit(3, 8), 5), strict=True):
        assert all(map(np.array_equal, before, after))


def test_saving_leaves_nothing_beside_the_file(index: ClaimIndex, tmp_path: Path) -> None:
    """Saving over an older file replaces it and leaves no temporary one."""
    for _ in range(2):
        index.save(tmp_path / "claims.faiss")
    assert [tmp_path / "claims.faiss"] == list(tmp_path.iterdir())


def test_a_failed_save_keeps_the_last_good_file(
    index: ClaimIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new file cannot be put in place, the old one stays and no temporary one is left."""
    path = tmp_path / "claims.faiss"
    index.save(path)
    before = path.read_bytes()
    index.add(keys_of(1), unit(1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        index.save(path)
    assert before == path.read_bytes()
    assert [tmp_path / "claims.faiss"] == list(tmp_path.iterdir())


def test_a_file_of_another_dimension(index: ClaimIndex, tmp_path: Path) -> None:
    """Both numbers, the file and the mending command are named."""
    index.save(tmp_path / "claims.faiss")
    with pytest.raises(IndexCorrupt, match=r"claims\.faiss: .* 16 dimensions, expected 384; mend .*indexer.* rebuild"):
        ClaimIndex.open(tmp_path / "claims.faiss", 384)


@pytest.mark.parametrize("content", [b"", b"IxM2", b"hello " * 50, b"SQLite format 3\x00" + bytes(200)])
def test_a_foreign_file(content: bytes, tmp_path: Path) -> None:
    """What is no index is named so."""
    (tmp_path / "claims.faiss").write_bytes(content)
    with pytest.raises(IndexCorrupt, match=r"cut off|not an index"):
        ClaimIndex.open(tmp_path / "claims.faiss")


def test_an_absent_file(tmp_path: Path) -> None:
    """No file is not a corrupt file."""
    with pytest.raises(FileNotFoundError):
        ClaimIndex.open(tmp_path / "claims.faiss")


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_truncated_file(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    """Cut off anywhere, the file is corrupt, never half an index."""
    path = tmp_path_factory.mktemp("index") / "claims.faiss"
    index = ClaimIndex.empty(DIMENSION)
    index.add(np.arange(9, dtype=np.int64), unit(9))
    index.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: length % len(content)])
    with pytest.raises(IndexCorrupt):
        ClaimIndex.open(path)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_bytes(tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]) -> None:
    """Whatever bytes change, opening gives an index of the same size or the named error; memory is never exhausted."""
    path = tmp_path_factory.mktemp("index") / "claims.faiss"
    index = ClaimIndex.empty(DIMENSION)
    index.add(np.arange(9, dtype=np.int64), unit(9))
    index.save(path)
    content = bytearray(path.read_bytes())
    for place, byte in damage:
        content[place % min(len(content), 90)] = byte
    path.write_bytes(content)
    with suppress(IndexCorrupt):
        assert 9 == len(ClaimIndex.open(path))


# Lists


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of more vectors than are all compared, their keys from 0 on."""
    path = tmp_path_factory.mktemp("lists") / "claims.faiss"
    _listed(MANY).save(path)
    return path


def _listed(count: int, like: ClaimIndex | None = None) -> ClaimIndex:
    vectors = unit(count)
    parts = ((np.arange(at, min(at + 5_000, count)), vectors[at : at + 5_000]) for at in range(0, count, 5_000))
    return ClaimIndex.build(DIMENSION, parts, vectors[: sampled(count)], count, like)


def _recall(index: ClaimIndex, keys: Keys, vectors: Vectors, **among: Selection) -> float:
    """The share of the true 10 nearest among the 30 that the index finds."""
    shares = []
    for asked in unit(30, seed=3):
        (found,), _ = index.search(asked[np.newaxis], 30, **among)
        best = keys[np.argsort(-(vectors @ asked))[:10]]
        shares.append(len(set(found.tolist()) & set(best.tolist())) / 10)
    return float(np.mean(shares))


def test_lists_find_nearly_what_comparing_with_all_finds(lists: Path) -> None:
    """Nine in ten of the nearest among random vectors, the hardest there are; the codes are near the vectors."""
    index = ClaimIndex.open(lists, DIMENSION)
    assert not index.exact
    assert _recall(index, np.arange(MANY), unit(MANY)) > 0.9
    coded = index.vectors(np.arange(MANY))
    assert ((coded * unit(MANY)).sum(axis=1) / np.linalg.norm(coded, axis=1)).min() > ALIKE


def test_a_filter_holds_inside_the_search(lists: Path) -> None:
    """As many as were asked for come back, all of them selected, and the nearest of those."""
    index = ClaimIndex.open(lists, DIMENSION)
    few = np.arange(0, MANY, 500)
    (found,), _ = index.search(unit(1, seed=3), 10, index.selection(few))
    assert 10 == len(found)
    assert set(found.tolist()) <= set(few.tolist())
    assert _recall(index, few, unit(MANY)[few], among=index.selection(few)) > 0.95
    (nothing,), _ = index.search(unit(1), 10, index.selection(keys_of()))
    assert 0 == len(nothing)


def test_lists_grow_and_shrink_beside_the_file(lists: Path) -> None:
    """What is added is found, what is removed is not, a removed key takes another vector, and the file stays."""
    before = lists.read_bytes()
    index = ClaimIndex.open(lists, DIMENSION)
    asked = unit(1, seed=3)
    (nearest, *_), _ = index.search(asked, 5)
    assert 1 == index.remove(nearest[:1])
    assert nearest[0] not in index
    (after,), _ = index.search(asked, 5)
    assert nearest[0] not in after.tolist()
    assert 2 == index.add(np.array([nearest[0], MANY + 7]), np.vstack([-asked, asked]))
    (found,), (similarities,) = index.search(asked, 5)
    assert MANY + 7 == found[0]
    assert 1.0 == pytest.approx(similarities[0], abs=0.1)
    assert (MANY + 1, 3) == (len(index), index.changed)
    among = index.selection(np.array([nearest[0], nearest[1], MANY + 7]))
    assert [MANY + 7, nearest[1], nearest[0]] == index.search(asked, 5, among)[0][0].tolist()
    assert before == lists.read_bytes()


def test_lists_are_taken_over_until_they_are_outgrown(lists: Path) -> None:
    """Vectors up to four times as many go into the same lists; more get lists of their own."""
    old = ClaimIndex.open(lists, DIMENSION)
    kept, made = _listed(MANY + 5_000, like=old), _listed(5 * MANY, like=old)
    assert old.built.trained == kept.built.trained
    assert 5 * MANY == made.built.trained
    assert made.built.index.nlist > kept.built.index.nlist == old.built.index.nlist
    assert _recall(kept, np.arange(MANY + 5_000), unit(MANY + 5_000)) > 0.9


@pytest.mark.parametrize("place", ["head", "keys", "end", "cut"])
def test_a_damaged_file_of_lists_is_named(lists: Path, tmp_path: Path, place: str) -> None:
    """Wherever it is damaged outside the codes, opening says so instead of taking memory for what it claims to hold."""
    said = bytearray(lists.read_bytes())
    at = {"head": 40, "keys": len(said) - 4 * MANY, "end": len(said) - 20, "cut": 0}[place]
    if place == "cut":
        del said[len(said) // 2 :]
    else:
        said[at] ^= 0xFF
    (tmp_path / "claims.faiss").write_bytes(said)
    with pytest.raises(IndexCorrupt, match=r"claims\.faiss: .*mend .* rebuild"):
        ClaimIndex.open(tmp_path / "claims.faiss", DIMENSION)


def test_memory_that_is_refused_is_named() -> None:
    """How many vectors there were, that nothing is lost, and what to do."""

    def refused() -> Iterator[tuple[Keys, Vectors]]:
        yield keys_of(1), unit(1)
        raise MemoryError

    with pytest.raises(IndexTooLarge, match="index of 2 vectors; nothing is lost: close other programs"):
        ClaimIndex.build(DIMENSION, refused(), unit(0), 2)
