"""Difficult posts, split with the help of the configured chat model: `python -m bot.splitting --dry-run`.

Opt-in, and never done by itself: the knowledge base works without it. What it would take is shown first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field
from tqdm import tqdm

from bot.answer import count
from bot.errors import ModelError
from bot.model import Budget, ChatModel, Usage, destination
from bot.prompting import SPLIT, fenced, prompt, seen
from corpus.errors import CounterpointError
from corpus.paths import data_folder
from indexer.errors import NotProposed
from indexer.knowledge import KnowledgeBase
from indexer.proposals import ProposalReport, Proposed, split_with, waiting

FINAL = frozenset({"settings", "not_installed", "no_key", "unreachable", "over_budget"})
"""Reasons that hold for every other post, too."""


class Claimed(BaseModel):
    """A claim as the model proposes it."""

    quote: Annotated[str, Field(max_length=400)]
    restated: Annotated[str, Field(max_length=400)] = ""
    kind: Annotated[str, Field(max_length=20)] = ""
    stance: Annotated[str, Field(max_length=20)] = ""


class Claims(BaseModel):
    """What the model finds in a post."""

    claims: Annotated[list[Claimed], Field(max_length=12)]


class ModelProposer:
    """Asks the chat model for the claims of a post."""

    version = SPLIT

    def __init__(self, model: ChatModel, budget: Budget) -> None:
        self.model, self.budget = model, budget

    @property
    def name(self) -> str:
        return self.model.name

    def propose(self, question: str, text: str) -> list[Proposed]:
        """Return the claims of a post. Raises NotProposed with the reason of the model's error."""
        try:
            reply = self.model.ask(prompt(SPLIT), _data(question, text), Claims, self.budget)
        except ModelError as error:
            raise NotProposed(error.reason, str(error), final=error.reason in FINAL) from None
        return [Proposed(**one.model_dump()) for one in reply.claims]


def _data(question: str, text: str) -> str:
    return fenced([{"question": seen(question), "text": seen(text)}])


def estimate(base: KnowledgeBase, proposer: ModelProposer) -> tuple[int, Usage]:
    """Return how many posts would be asked about, and about what that takes at most."""
    needed = [
        proposer.model.needed(prompt(SPLIT), _data(question, post.text)) for question, post in waiting(base, proposer)
    ]
    return len(needed), sum(needed, Usage())


def main(arguments: Sequence[str] | None = None, *, model: ChatModel | None = None) -> int:
    """Split the difficult posts, after saying what that takes; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.splitting", description="Split difficult posts with the help of the configured chat model."
    )
    parser.add_argument("--data", metavar="FOLDER", help="the knowledge base (default: $COUNTERPOINT_DATA)")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would take")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    try:
        model = model or ChatModel.configured()
        if model is None:
            raise ModelError(
                "settings", "no chat model is configured: set COUNTERPOINT_CHAT_MODEL (docs/chat-models.md)"
            )
        with KnowledgeBase.open(data_folder(options.data), create=False) as base:
            return _run(base, ModelProposer(model, model.run_budget()), options)
    except (CounterpointError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _run(base: KnowledgeBase, proposer: ModelProposer, options: argparse.Namespace) -> int:
    settings = proposer.model.settings
    posts, needed = estimate(base, proposer)
    where = destination(settings)
    print(f"{count(posts, 'difficult post')} to ask {proposer.name} about: {_spent(proposer, needed)} at most.")
    allowed = f" and a cost of {settings.run_cost:.2f}" if settings.run_cost else ""
    print(f"The budget of this run is {settings.run_tokens:,} tokens{allowed}: what would be more is not asked.")
    print(f"Their text {'LEAVES this machine, to' if where.leaves else 'stays on this machine, at'} {where.host}.")
    if options.dry_run:
        return 0
    if posts and not options.yes and input("Go on? [y/N] ").strip().lower() not in {"y", "yes"}:
        return 1
    with tqdm(total=posts, unit="post", disable=None) as bar:
        report = split_with(base, proposer, bar.update)
    print("\n".join(said(report)))
    print(f"It took {_spent(proposer, proposer.budget.used)}.")
    return 0


def said(report: ProposalReport) -> list[str]:
    """Return what came of a run in words."""
    lines = [
        f"{count(report.posts, 'post')}, {report.asked} of them asked about now:"
        f" {count(report.proposed, 'proposed claim')}, {report.share_located:.0%} located, {report.kept} kept."
    ]
    lines += [f"Discarded, {name.replace('_', ' ')}: {number}." for name, number in sorted(report.discarded.items())]
    lines += [f"Failed, {name.replace('_', ' ')}: {number}." for name, number in sorted(report.failed.items())]
    return [*lines, *([f"Stopped: {report.stopped}."] if report.stopped else [])]


def _spent(proposer: ModelProposer, used: Usage) -> str:
    settings = proposer.model.settings
    cost = f", {settings.cost(used):.2f} by the prices given" if settings.price_in or settings.price_out else ""
    return f"{used.tokens:,} tokens in {count(used.requests, 'request')}{cost}"


if __name__ == "__main__":
    sys.exit(main())
