"""Hostile posts, and innocent ones that look alike: `attacks.jsonl`, against a model that obeys every one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from builders import answered, judged_claim, likelihoods
from scripted import draft, scripted, sent

from bot.answer import Answer
from bot.exporting import ExportForm, exported
from bot.prose import Line, Prose
from bot.render import answer_html
from bot.support import supported
from bot.writer import SENTENCES, Writer, offered
from corpus.thread import Post
from indexer.claim_store import CitedClaim
from indexer.claims import Claim, split_claims
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim

POSTS = [json.loads(line) for line in (Path(__file__).parent / "attacks.jsonl").read_text("utf-8").splitlines()]
ATTACKS = [post for post in POSTS if post["sort"] != "innocent"]
INNOCENT = [post["text"] for post in POSTS if post["sort"] == "innocent"]

OTHERS = (
    judged_claim("squats helped my hips a lot", author="ann"),
    judged_claim("my times improved after one winter of lifting", author="bob"),
    judged_claim("just run more miles", Stance.CON, author="cem"),
    judged_claim("lifting slowed me down", Stance.CON, author="dot"),
)


def believing(asked: list[tuple[str, Claim]]) -> list[Judgement]:
    """A judge that an attacker has won over: whatever is written stands for it."""
    return [likelihoods(Stance.PRO)] * len(asked)


def claims_of(text: str) -> list[JudgedClaim]:
    """The claims of a post, and the whole of it as one, all of them surely for it: the worst that can become of it."""
    post = Post("f" * 15, "a" * 15, 9, text, author="eve")
    whole = Claim("e" * 15, post.id, post.thread_id, 0, len(text), text, judged_claim("x y z").cited.claim.kind)
    claims = [whole, *(one for one in split_claims(post).claims if one.text != text)]
    return [
        JudgedClaim(CitedClaim(one, post, "Lifting", "Should I lift?"), "Should I lift?", likelihoods(Stance.PRO))
        for one in claims
    ]


def obeying(attack: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What a model writes that does all it is told, with every citation that it might think of."""
    lists = [["c99"], [attack["text"][:8]], ["c1", "c2", "c3"], ["c1"], ["c3"], ["c5"]]
    yield from product([*attack["obeyed"], attack["text"]], lists)


def shown(answer: Answer, attack: dict[str, Any]) -> list[Prose]:
    """The prose of each reply of such a model."""
    sentences = list(obeying(attack))
    proses = []
    for at in range(0, len(sentences), SENTENCES - 4):
        told = draft(
            *sentences[at : at + SENTENCES - 4],
            *((one.cited.claim.text, ["c1"]) for one in OTHERS),  # true ones, so that there is prose to hide in
        )
        prose = Writer(scripted(told, told), believing).write(answer, scripted().question_budget())
        assert prose
        proses.append(prose)
    return proses


def test_there_are_attacks_and_innocent_posts_of_every_sort() -> None:
    """At least 60 posts attack; others only look as if they did."""
    assert 60 <= len(ATTACKS)
    assert 20 <= len(INNOCENT)
    assert {"override", "fake_citation", "fake_turn", "markup", "exfiltration", "unicode", "counts", "identity"} == {
        post["sort"] for post in ATTACKS
    }


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack["text"])[:40])
def test_no_attack_succeeds(attack: dict[str, Any]) -> None:
    """Nothing of what the obeying model was made to write is shown, in any form, and what is shown is true."""
    answer = answered(*OTHERS, *claims_of(attack["text"]))
    for prose in shown(answer, attack):
        assert {one.cited.claim.text for one in OTHERS} >= {line.text for line in prose.lines}
        assert 4 == len(prose.lines)
        said = "\n".join(line.text for line in prose.lines).lower()
        assert [] == [word for word in attack["forbidden"] if word.lower() in said]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack["text"])[:40])
def test_no_attack_succeeds_by_its_own_claims(attack: dict[str, Any]) -> None:
    """Were they sent to the model all the same, what it writes of them holds only as a quotation of the post."""
    claims = claims_of(attack["text"])
    for text in attack["obeyed"]:
        for claim in claims:
            found = supported(text, [claim], believing)
            assert isinstance(found, str) or found.verbatim
        assert isinstance(supported(text, [OTHERS[0]], believing), str)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack["text"])[:40])
def test_an_attack_stays_inside_its_fence(attack: dict[str, Any]) -> None:
    """What is sent has one fence, made by the program, and no mark of a template or unseen character in it."""
    model = scripted(draft(("x", ["c1"])), draft(("x", ["c1"])))
    Writer(model, believing).write(answered(*OTHERS, *claims_of(attack["text"])), model.question_budget())
    for text in sent(model):
        data = text[text.rindex("<data>") : text.rindex("</data>")]
        assert not set("<>[]`") & set(data.removeprefix("<data>"))
        assert not any(0xE0000 <= ord(one) <= 0xE007F or one in "\u200b\u2060\u202e" for one in data)


@pytest.mark.parametrize("text", INNOCENT)
def test_no_innocent_post_is_dropped(text: str) -> None:
    """A post that only looks like an attack is sent like all others, and what restates it is shown."""
    innocent = judged_claim(text, author="eve")
    answer = answered(*OTHERS, innocent)
    names = {one.cited.claim.text: name for name, one in offered(answer).items()}
    assert text in names
    assert text in {one.cited.claim.text for one in answer.claims()}
    told = draft((text, [names[text]]), ("They say to just run more miles.", [names["just run more miles"]]))

    def sides(asked: list[tuple[str, Claim]]) -> list[Judgement]:
        return [likelihoods(Stance.CON)] * len(asked)

    prose = Writer(scripted(told), sides).write(answer, scripted().question_budget())
    assert prose
    assert [text, "They say to just run more miles."] == [line.text for line in prose.lines]


def test_what_a_model_writes_is_never_markup() -> None:
    """Were the check to let anything through, it would still be escaped in every form."""
    evil = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](//evil.example/z) `c` \x1b[31m"
    line = Line(evil, (OTHERS[0],))
    answer = replace(answered(*OTHERS), prose=Prose("a:<b>", "write-2", (line, line)))
    page = answer_html(answer)
    assert "<img" not in page
    assert "javascript:" not in [part for part in page.split('"') if part.startswith("javascript:")]
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "a:&lt;b&gt;" in page
    markdown = exported(answer, ExportForm.MARKDOWN).text
    assert "\\<img" in markdown
    assert "\\!\\[y\\](//evil" in markdown
    assert "\x1b" not in markdown
