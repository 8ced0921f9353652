"""What the endpoints return, and to whom."""

from __future__ import annotations

from typing import Any, get_type_hints, is_typeddict

import gradio as gr
import pytest

from bot.chat import Bot
from indexer.knowledge import KnowledgeBase
from page.access import OPEN, Access
from page.api import endpoints_of
from tests.fakes import RUNNERS
from tests.journeys import KITCHEN


def endpoints(base: KnowledgeBase, access: Access = OPEN) -> dict[str, Any]:
    """The functions behind the endpoints, by name."""
    return endpoints_of(Bot(base), access)


def lacks(value: Any, form: Any, at: str) -> list[str]:
    """The keys that a value of `form` should have and this one does not, with the place of each."""
    if is_typeddict(form):
        return [
            lack
            for key, inner in get_type_hints(form).items()
            for lack in (lacks(value[key], inner, f"{at}.{key}") if key in value else [f"{at}.{key}"])
        ]
    if getattr(form, "__origin__", None) is list:
        return [lack for one in value for lack in lacks(one, form.__args__[0], f"{at}[]")]
    return []


def test_what_comes_has_the_keys_of_its_schema(samples: KnowledgeBase) -> None:
    """Programs read the schema and rely on it."""
    named = endpoints(samples)
    (thread, *_) = samples.threads("Weights for runners")
    post = samples.thread(thread.id).posts[1].id
    (claim, *_) = samples.claims_of_thread(thread.id)
    given = {
        "ask": ["should I lift for a sub-20 5k?"],
        "search_claims": ["injury"],
        "browse": [],
        "get_post": [post],
        "get_thread": [thread.id],
        "threads": [],
        "preview": [KITCHEN],
        "correct": [gr.Request(), claim.claim.id, "", claim.claim.kind.value],
        "corrections": [],
    }
    found = {name: named[name](*values) for name, values in given.items()}
    assert [] == [
        lack for name, value in found.items() for lack in lacks(value, get_type_hints(named[name])["return"], name)
    ]
    undone = named["undo_correction"](gr.Request(), found["correct"]["id"])
    assert found["correct"] == undone == found["corrections"]["corrections"][0]
    assert found["search_claims"]["claims"]
    assert found["get_post"]["claims"]


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("add", [KITCHEN]),
        ("remove", ["3f47b9ede7bbf05"]),
        ("correct", ["3f47b9ede7bbf05", "con"]),
        ("undo_correction", ["3f47b9ede7bbf05"]),
    ],
)
def test_what_changes_something_is_refused_to_readers(base: KnowledgeBase, endpoint: str, values: list[str]) -> None:
    """In words, and nothing is changed."""
    with pytest.raises(gr.Error, match="for reading"):
        endpoints(base, Access(read_only=True))[endpoint](gr.Request(), *values)
    assert [] == base.threads()


def test_a_thread_is_added_listed_and_removed(base: KnowledgeBase) -> None:
    """By its id, which the list says."""
    named = endpoints(base)
    named["add"](gr.Request(), KITCHEN, "Pans")
    listed = named["threads"]("pans")
    assert (1, "Pans") == (listed["total"], listed["threads"][0]["title"])
    assert named["remove"](gr.Request(), listed["threads"][0]["id"])["report"].startswith("Removed: 5 posts")


def test_a_claim_is_corrected_and_the_correction_taken_back(base: KnowledgeBase) -> None:
    """It counts in answers, is listed under its own id, and counts no more once it is undone."""
    base.add([RUNNERS])
    named = endpoints(base)
    asked = "should I lift weights for a faster 5k?"
    before = named["ask"](asked)["line"]
    claim = named["search_claims"]("squats helped my hips")["claims"][0]["id"]
    made = named["correct"](gr.Request(), claim, "con", question=asked)
    assert ("pro", "con", False, asked) == (made["said"], made["now"], made["right"], made["question"])
    assert before != named["ask"](asked)["line"]
    listed = named["corrections"]()
    assert ([made["id"]], 1) == ([one["id"] for one in listed["corrections"]], listed["right"]["stance"]["marked"])
    named["undo_correction"](gr.Request(), made["id"])
    assert (before, []) == (named["ask"](asked)["line"], named["corrections"]()["corrections"])


@pytest.mark.parametrize(
    ("endpoint", "values", "message"),
    [
        ("get_post", ["nonsense"], "is not an id"),
        ("get_post", ["000000000000001"], "000000000000001"),
        ("search_claims", ["", 10], "Nothing was asked"),
        ("search_claims", ["pans", 1000], "1 to 100"),
        ("threads", ["", 0, 0], "1 to 100"),
        ("correct", [gr.Request(), "nonsense", "con"], "is not the id of a claim"),
        ("correct", [gr.Request(), "000000000000001", "con"], "000000000000001"),
        ("correct", [gr.Request(), "000000000000001"], "Say one thing"),
        ("correct", [gr.Request(), "000000000000001", "maybe"], "pro, con, mixed, none"),
        ("undo_correction", [gr.Request(), "000000000000001"], "000000000000001"),
    ],
)
def test_what_cannot_be_is_said_in_words(base: KnowledgeBase, endpoint: str, values: list[Any], message: str) -> None:
    """With what was expected."""
    with pytest.raises(gr.Error, match=message):
        endpoints(base)[endpoint](*values)
