"""The store: saving, reading, removing, and files that are no store."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from corpus import database
from corpus.errors import NewerStore, NotAStore, NotInStore, StoreLocked, StoreUnwritable
from corpus.readers.pasted import draft
from corpus.samples import sample_threads
from corpus.schema import HEAD, claims, claims_fts, judgements, posts, skipped, thread_vectors, threads, vectors
from corpus.store import REMOVED_OPENING, Counts, Removed, Store
from corpus.thread import Post, Thread, content_id, id_of, key_of, make_thread

SAMPLES = sample_threads()
RUNNERS, TUBELESS, BREAD = SAMPLES[:3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "corpus.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


def said(*texts: str, title: str | None = None) -> Thread:
    return make_thread([Post(str(n), "", n, text) for n, text in enumerate(texts)], title=title)


def claim(store: Store, post: Post, text: str, *, thread: Thread = RUNNERS) -> int:
    """Put a claim with all that hangs on it into the store; return its key."""
    key = key_of(content_id(post.id, text))
    start = post.text.index(text)
    place = {"post_key": key_of(post.id), "start": start, "end": start + len(text)}
    scores = {"pro": 1.0, "con": 0.0, "mixed": 0.0, "none": 0.0}
    with store.begin() as connection:
        connection.execute(insert(claims).values(key=key, text=text, kind="advice", splitter="1", **place))
        connection.execute(insert(vectors).values(claim_key=key, encoder_key=1, vector=b"\0\0"))
        connection.execute(insert(judgements).values(claim_key=key, question_key=1, judge_key=1, **scores))
        connection.execute(insert(skipped).values(post_key=key_of(post.id), reason="thanks", text="ta"))
        connection.execute(
            insert(thread_vectors)
            .prefix_with("OR REPLACE")
            .values(thread_key=key_of(thread.id), encoder_key=1, vector=b"\0\0")
        )
    return key


def rows(store: Store) -> dict[str, int]:
    """How many rows each derived table has."""
    tables = (claims, vectors, judgements, skipped, thread_vectors)
    with store.reading() as connection:
        return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def found(store: Store, words: str) -> list[int]:
    with store.reading() as connection:
        return list(connection.scalars(select(claims_fts.c.rowid).where(claims_fts.c.text.match(words))))


# Saving


@pytest.mark.parametrize("thread", SAMPLES, ids=lambda thread: thread.title)
def test_a_thread_comes_back_as_it_was(store: Store, thread: Thread) -> None:
    """Saving and loading gives an equal thread."""
    store.save_thread(thread)
    assert thread == store.thread(thread.id)


def test_it_is_still_there_after_closing(path: Path) -> None:
    """What was saved is in the file."""
    with Store.open(path) as first:
        first.save_thread(RUNNERS)
    with Store.open(path) as second:
        assert RUNNERS == second.thread(RUNNERS.id)


def test_saving_says_what_was_added(store: Store) -> None:
    """The first saving adds every post, in reading order."""
    saved = store.save_thread(RUNNERS)
    assert (True, [post.id for post in RUNNERS.posts], ()) == (saved.new, list(saved.added), saved.changed)
    assert not saved.already_present


def test_saving_twice_changes_nothing(store: Store) -> None:
    """The same thread twice is there once."""
    store.save_thread(RUNNERS)
    saved = store.save_thread(RUNNERS)
    assert (True, 6, Counts(1, 6)) == (saved.already_present, saved.unchanged, store.counts())


def test_only_new_posts_are_added(store: Store) -> None:
    """A thread with later replies adds those."""
    store.save_thread(said("Should I?", "No."))
    longer = said("Should I?", "No.", "Yes.")
    assert ((longer.posts[2].id,), 2) == ((saved := store.save_thread(longer)).added, saved.unchanged)
    assert longer == store.thread(longer.id)


def test_posts_that_a_later_paste_lacks_are_kept(store: Store) -> None:
    """A shorter paste takes nothing away, and a new post stands where the paste has it."""
    store.save_thread(said("Should I?", "No.", "Yes."))
    saved = store.save_thread(said("Should I?", "Maybe.", "Yes."))
    loaded = store.thread(saved.thread_id)
    assert ["Should I?", "No.", "Maybe.", "Yes."] == [post.text for post in loaded.posts]
    assert [0, 1, 2, 3] == [post.position for post in loaded.posts]


def test_a_corrected_author_is_a_changed_post(store: Store) -> None:
    """Naming an author later changes the post and does not double it."""
    split = draft("Should I lift?\n\nNo, just run.\n\nYes.")
    store.save_thread(split.thread())
    corrected = split.with_author(1, "Sal").thread()
    saved = store.save_thread(corrected)
    assert ((corrected.posts[1].id,), (), ()) == (saved.changed, saved.reworded, saved.added)
    assert corrected == store.thread(corrected.id)


def edited(text: str) -> Thread:
    link = "https://f.example/t"
    said_there = [Post("0", "", 0, "Should I?", link=f"{link}/1"), Post("1", "", 1, text, link=f"{link}/2")]
    return make_thread(said_there, link=link)


def test_claims_of_an_edited_post_move_with_their_words(store: Store) -> None:
    """A claim whose words still stand keeps its key and points at them; others are dropped."""
    before = edited("Run more. Lift less. Sleep.")
    store.save_thread(before)
    kept, gone = (claim(store, before.posts[1], text, thread=before) for text in ("Lift less", "Run more"))
    after = edited("Edit: I was wrong. Lift less. Sleep.")
    saved = store.save_thread(after)
    with store.reading() as connection:
        ((key, start, end),) = connection.execute(select(claims.c.key, claims.c.start, claims.c.end)).all()
    assert (kept, "Lift less") == (key, after.posts[1].text[start:end])
    assert ((gone,), (after.posts[1].id,)) == (saved.dropped_claims, saved.reworded)


def test_an_edited_post_waits_to_be_split_again(store: Store) -> None:
    """A post whose words changed has no splitter version, and no list of what was skipped."""
    before = edited("Run more.")
    store.save_thread(before)
    claim(store, before.posts[1], "Run more", thread=before)
    with store.begin() as connection:
        connection.execute(posts.update().values(splitter="1"))
    store.save_thread(edited("Run less."))
    with store.reading() as connection:
        assert ["1", None] == list(connection.scalars(select(posts.c.splitter).order_by(posts.c.position)))
    assert 0 == rows(store)["skipped"]


def test_a_typed_title_is_not_replaced_by_a_derived_one(store: Store) -> None:
    """Pasting a thread again without a title keeps the title it has; another typed one replaces it."""
    store.save_thread(said("Should I?", "No.", title="Lifting"))
    store.save_thread(said("Should I?", "No.", "Yes."))
    assert "Lifting" == store.thread(said("Should I?").id).title
    store.save_thread(said("Should I?", title="Weights"))
    assert "Weights" == store.thread(said("Should I?").id).title


def test_invented_stays_invented(store: Store) -> None:
    """A sample pasted again is still marked, and keeps its forum."""
    store.save_thread(TUBELESS)
    store.save_thread(replace(TUBELESS, invented=False, forum=None))
    assert TUBELESS == store.thread(TUBELESS.id)


def test_a_failed_transaction_saves_nothing(store: Store) -> None:
    """A thread and its claims are kept together, or neither is."""

    def fail() -> None:
        with store.begin() as connection:
            store.save_thread(RUNNERS, connection)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        fail()
    assert Counts(0, 0) == store.counts()


@settings(deadline=None, max_examples=25)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=6))
def test_any_words_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Whatever was written is stored as it was."""
    thread = said(*texts)
    with Store.open(tmp_path_factory.mktemp("any") / "s.sqlite3") as opened:
        opened.save_thread(thread)
        assert thread == opened.thread(thread.id)


def exported(thread: Thread, *, whole: bool = True) -> Thread:
    """The thread as an export with links has it."""
    link = f"https://f.example/t/{key_of(thread.id)}"
    posts = [replace(post, link=f"{link}/{post.position + 1}") for post in thread.posts]
    return replace(make_thread(posts, title=thread.title, link=link), whole=whole)


def test_a_thread_is_known_in_another_format(store: Store) -> None:
    """A paste and an export of one thread, in either order, are one thread with each post once."""
    for first, second in ((BREAD, exported(BREAD)), (exported(TUBELESS), TUBELESS)):
        store.save_thread(first)
        saved = store.save_thread(second)
        assert (first.id, False, ()) == (saved.thread_id, saved.new, saved.added)
        assert [post.id for post in first.posts] == [post.id for post in store.thread(first.id).posts]
        assert store.save_thread(first).already_present
        assert store.save_thread(second).already_present
    assert Counts(2, len(BREAD.posts) + len(TUBELESS.posts)) == store.counts()


def test_a_thread_is_known_by_where_its_link_leads(store: Store) -> None:
    """The same address with a title in it; what is said differs altogether."""
    first = make_thread([Post("0", "", 0, "Should I?")], link="https://f.example/t/9")
    store.save_thread(first)
    again = make_thread([Post("0", "", 0, "Yes.")], link="http://www.f.example/t/should-i/9?page=2")
    assert first.id == store.save_thread(again).thread_id


def test_a_new_thread_is_nobody_else(store: Store) -> None:
    """What has neither id, link nor words in common with anything here is new."""
    store.save_thread(BREAD)
    assert store.recognised(RUNNERS) is None
    assert store.recognised(exported(TUBELESS)) is None


def test_vanished_posts_are_kept_and_marked(store: Store) -> None:
    """What a whole export lacks stays with its words and claims, says when it was missed, and is whole when back."""
    whole = exported(RUNNERS)
    store.save_thread(whole)
    kept = claim(store, whole.posts[2], "run more", thread=whole)
    shorter = replace(whole, posts=(*whole.posts[:2], *whole.posts[3:]))
    saved = store.save_thread(shorter)
    assert (whole.posts[2].id,) == saved.vanished
    assert ((), (), 5) == (saved.added, saved.changed, saved.unchanged)
    left = store.thread(saved.thread_id)
    assert [False, False, True, False, False, False] == [post.vanished for post in left.posts]
    assert [post.text for post in RUNNERS.posts] == [post.text for post in left.posts]
    assert [kept] == found(store, "run")
    assert store.save_thread(shorter).already_present
    store.save_thread(whole)
    assert whole == store.thread(saved.thread_id)


def test_a_shorter_export_that_may_not_be_whole_marks_nothing(store: Store) -> None:
    """Only an export that proves to be whole says that a post vanished."""
    store.save_thread(exported(RUNNERS))
    assert store.save_thread(replace(exported(RUNNERS, whole=False), posts=exported(RUNNERS).posts[:2])).already_present


# Reading


def test_summaries_count_posts_and_people(store: Store) -> None:
    """A list of threads says how many posts and people each has."""
    store.save_thread(BREAD)
    (summary,) = store.threads()
    assert (BREAD.id, BREAD.title, True, 10, 7) == (
        summary.id,
        summary.title,
        summary.invented,
        summary.posts,
        summary.people,
    )


def test_threads_come_latest_first_in_pages(store: Store) -> None:
    """Pages hold each thread once."""
    for thread in SAMPLES:
        store.save_thread(thread)
    assert [thread.title for thread in reversed(SAMPLES)] == [
        summary.title for offset in (0, 4) for summary in store.threads(offset, 4)
    ]


@pytest.mark.parametrize(("text", "titles"), [("SOURDOUGH", [BREAD.title]), ("%", []), ("runners", [RUNNERS.title])])
def test_filtering_threads(store: Store, text: str, titles: list[str]) -> None:
    """Text is looked for in titles as it is written, in any case."""
    for thread in SAMPLES:
        store.save_thread(thread)
    assert titles == [summary.title for summary in store.threads(text=text)]
    assert len(titles) == store.count_threads(text)


def test_the_forum_is_searched_too(store: Store) -> None:
    """The invented samples are found by their forum."""
    for thread in SAMPLES:
        store.save_thread(thread)
    assert 5 == store.count_threads("invented")


def test_posts_come_in_the_order_asked(store: Store) -> None:
    """Posts are found by id, from any thread."""
    store.save_thread(RUNNERS)
    store.save_thread(BREAD)
    wanted = [BREAD.posts[3], RUNNERS.posts[1], BREAD.posts[0]]
    assert wanted == store.posts([post.id for post in wanted])
    assert RUNNERS.posts[2] == store.post(RUNNERS.posts[2].id)


def test_more_keys_than_sqlite_has_parameters(store: Store) -> None:
    """They are one parameter: 40,000 ids are looked up at once, where a statement has 32,766 parameters at most."""
    store.save_thread(BREAD)
    many = 8_000 * [post.id for post in BREAD.posts]
    assert len(many) > 32_766
    assert 8_000 * list(BREAD.posts) == store.posts(many)


def test_what_is_not_there_is_named(store: Store) -> None:
    """An unknown id is an error that says it."""
    for missing in (store.thread, store.post, store.remove_thread, store.remove_post):
        with pytest.raises(NotInStore, match="00000000000002a"):
            missing(id_of(42))


def test_ids_of_all_threads(store: Store) -> None:
    """Every thread can be gone through."""
    for thread in SAMPLES:
        store.save_thread(thread)
    assert {thread.id for thread in SAMPLES} == set(store.thread_ids())


def test_settings_are_kept(store: Store) -> None:
    """A setting is kept and replaced by name."""
    assert store.setting("manifest") is None
    store.set_setting("manifest", "1")
    store.set_setting("manifest", "2")
    assert "2" == store.setting("manifest")


# Removing


def test_a_removed_thread_is_gone_with_all_derived_from_it(store: Store) -> None:
    """Claims, vectors, judgements, skipped and full-text rows go with their thread."""
    store.save_thread(RUNNERS)
    key = claim(store, RUNNERS.posts[2], "the best way to get faster is usually to run more")
    assert [key] == found(store, "faster")
    removed = store.remove_thread(RUNNERS.id)
    assert Removed((RUNNERS.id,), tuple(post.id for post in RUNNERS.posts), (key,)) == replace(
        removed, posts=tuple(sorted(removed.posts, key=[post.id for post in RUNNERS.posts].index))
    )
    assert {0} == set(rows(store).values())
    assert [] == found(store, "faster")
    assert Counts(0, 0) == store.counts()


def test_a_removed_post_leaves_the_others(store: Store) -> None:
    """Only the post and its claims go."""
    store.save_thread(RUNNERS)
    gone, kept = (
        claim(store, RUNNERS.posts[n], text) for n, text in ((2, "run more"), (4, "I added weights this year"))
    )
    assert (gone,) == store.remove_post(RUNNERS.posts[2].id).claims
    assert [kept] == found(store, "weights OR run")
    assert 5 == len(store.thread(RUNNERS.id).posts)


def test_a_removed_opening_post_leaves_an_empty_one(store: Store) -> None:
    """The replies keep their places; no word of the opening post is left, not even in a title taken from it."""
    thread = said("Should I eat my hat?", "No.")
    store.save_thread(thread)
    store.remove_post(thread.opening.id)
    left = store.thread(thread.id)
    assert (REMOVED_OPENING, ["", "No."]) == (left.title, [post.text for post in left.posts])
    assert Counts(1, 1) == store.counts()


def test_the_last_post_takes_its_thread_along(store: Store) -> None:
    """A thread without a word is no thread."""
    thread = said("Should I?", "No.")
    store.save_thread(thread)
    store.remove_post(thread.opening.id)
    assert (thread.id,) == store.remove_post(thread.posts[1].id).threads
    assert Counts(0, 0) == store.counts()


def test_what_was_removed_can_be_added_again(store: Store) -> None:
    """A removal is not remembered against its thread."""
    store.save_thread(BREAD)
    store.remove_post(BREAD.opening.id)
    store.remove_post(BREAD.posts[4].id)
    store.save_thread(BREAD)
    assert BREAD == store.thread(BREAD.id)


def test_a_removed_author_is_gone_everywhere(store: Store) -> None:
    """Posts go, and so does the name beside quotes."""
    store.save_thread(BREAD)
    removed = store.remove_author("Marek T")
    left = store.thread(BREAD.id)
    assert 2 == len(removed.posts)
    assert "Marek T" not in {post.author for post in left.posts}
    assert "Marek T" not in {quote.author for post in left.posts for quote in post.quotes}


def test_quotes_of_a_removed_author_are_as_they_are_kept(store: Store) -> None:
    """The hash of a post whose quote lost its author is that of the post as it now is."""
    store.save_thread(BREAD)
    store.remove_author("Marek T")
    with store.reading() as connection:
        kept = dict(connection.execute(select(posts.c.key, posts.c.content_hash)).all())
    left = store.thread(BREAD.id)
    assert any(quote.author is None for post in left.posts for quote in post.quotes)
    assert {key_of(post.id): post.content_hash for post in left.posts} == kept


def test_an_unknown_author_removes_nothing(store: Store) -> None:
    """Removing somebody who wrote nothing here is no error."""
    store.save_thread(BREAD)
    assert Removed() == store.remove_author("nobody")


def test_search_follows_an_edited_claim(store: Store) -> None:
    """Full-text search finds the new words of a claim and not the old ones."""
    store.save_thread(RUNNERS)
    key = claim(store, RUNNERS.posts[2], "run more")
    with store.begin() as connection:
        connection.execute(claims.update().values(text="swimming"))
    assert ([], [key]) == (found(store, "run"), found(store, "swims"))


# Files


def test_a_file_of_something_else(path: Path) -> None:
    """A text file is refused and left as it is."""
    path.parent.mkdir()
    path.write_text("Should I lift?", encoding="utf-8")
    with pytest.raises(NotAStore, match="is not a Counterpoint database"):
        Store.open(path)
    assert "Should I lift?" == path.read_text(encoding="utf-8")


def test_a_database_of_another_program(path: Path) -> None:
    """A foreign SQLite file is refused and left as it is."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    with pytest.raises(NotAStore, match="another program"):
        Store.open(path)


def test_a_damaged_database(path: Path) -> None:
    """A file that only begins like SQLite is refused by name."""
    path.parent.mkdir()
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(NotAStore, match="damaged or not a database"):
        Store.open(path)


def test_a_database_of_a_newer_program(path: Path) -> None:
    """Both versions are named, with the remedy."""
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerStore, match=rf"version 9999, this program knows up to {HEAD}\); update Counterpoint"):
        Store.open(path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    """A folder is no database, and the message says which file would be."""
    with pytest.raises(NotAStore, match=r"is a folder.*corpus\.sqlite3"):
        Store.open(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Below a file there is no folder."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreUnwritable, match="COUNTERPOINT_DATA"):
        Store.open(tmp_path / "file" / "corpus.sqlite3")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder(tmp_path: Path) -> None:
    """A folder without permission is refused by name."""
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnwritable, match="cannot be written"):
        Store.open(tmp_path / "corpus.sqlite3")


def test_a_locked_database(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that does not finish is named after the waiting time; readers are not kept waiting."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with Store.open(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store.save_thread(BREAD)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="another process"):
            store.save_thread(RUNNERS)
        assert BREAD == store.thread(BREAD.id)


def test_pragmas(store: Store) -> None:
    """Write-ahead log, foreign keys, and synchronous NORMAL."""
    with store.reading() as connection:
        asked = ("journal_mode", "foreign_keys", "synchronous")
        assert ["wal", 1, 1] == [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]


def test_two_threads_of_the_program_write_in_turn(store: Store) -> None:
    """Two writers at once wait for one another."""
    writers = [threading.Thread(target=store.save_thread, args=(thread,)) for thread in SAMPLES]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert 6 == store.counts().threads


def test_the_layout_is_kept(store: Store) -> None:
    """How a thread was recognised is kept with it."""
    store.save_thread(RUNNERS, layout=draft("Should I?\n\nNo.").layout)
    with store.reading() as connection:
        assert "posts parted by blank lines, without names" == connection.scalar(select(threads.c.layout))
