"""The sample threads."""

import json
from importlib.resources import files

import pytest

from corpus.samples import sample_threads
from corpus.thread import Thread

SAMPLES = {thread.title: thread for thread in sample_threads()}
INVENTED = [thread for thread in SAMPLES.values() if thread.invented]


def test_the_titles() -> None:
    """Six threads, the real one first."""
    assert [
        "Weights for runners",
        "Is tubeless worth it for commuting?",
        "Is an overnight cold proof worth it for sourdough?",
        "Should I pay off my car loan early?",
        "Should I repot a new houseplant right away?",
        "Is it worth learning to touch type at 40?",
    ] == list(SAMPLES)


def test_all_but_the_real_one_are_marked_as_invented() -> None:
    """What was written for Counterpoint says so, twice."""
    assert 5 == len(INVENTED)
    assert {"Counterpoint samples (invented)"} == {thread.forum for thread in INVENTED}
    assert (False, None) == (SAMPLES["Weights for runners"].invented, SAMPLES["Weights for runners"].forum)


@pytest.mark.parametrize(
    ("title", "posts", "people"),
    [
        ("Weights for runners", 6, 6),
        ("Is tubeless worth it for commuting?", 11, 8),
        ("Is an overnight cold proof worth it for sourdough?", 10, 7),
        ("Should I pay off my car loan early?", 11, 6),
        ("Should I repot a new houseplant right away?", 10, 10),
        ("Is it worth learning to touch type at 40?", 10, 7),
    ],
)
def test_posts_and_people(title: str, posts: int, people: int) -> None:
    """Each sample is read whole, with its people told apart."""
    thread = SAMPLES[title]
    assert (posts, people) == (len(thread.posts), len({post.source for post in thread.posts}))


def test_every_quote_in_the_samples_is_traced() -> None:
    """The samples quote one another by name."""
    quotes = [(post.author, quote.author) for thread in INVENTED for post in thread.posts for quote in post.quotes]
    assert [("crumbshot_jo", "Hattie"), ("Ines V", "Marek T"), ("penny_b", "tomasz_k"), ("Nadia", "Colm")] == quotes


def test_every_file_is_listed() -> None:
    """index.json and the folder agree."""
    folder = files("corpus.samples")
    listed = {entry["file"] for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))}
    assert listed == {entry.name for entry in folder.iterdir() if entry.name.endswith(".txt")}


@pytest.mark.parametrize("thread", INVENTED, ids=lambda thread: thread.title)
def test_no_page_furniture_is_left_in_the_posts(thread: Thread) -> None:
    """Buttons and header lines are no words of a post."""
    lines = {line for post in thread.posts for line in post.text.splitlines()}
    assert not lines & {"Reply", "Share", "level 1", "level 2", "--"}
