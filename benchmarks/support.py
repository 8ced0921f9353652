"""What the check of written sentences lets through: `python -m benchmarks.support --data ../shared/data`.

`tests/restatements.jsonl` holds sentences and the claims they cite, written by hand: honest restatements from light to
free, and unsupported ones by what is wrong with them (polarity, number, name, cause, quantifier, condition ...). The
check was made with the development half in view; of the other half nothing was looked at before its figures were. The
premises of MNLI, SNLI and JOCI stand in as claims and their hypotheses as sentences: of those that do not follow none
may be let through. A quotation counts as shown in the words of its claim, so that it is never unsupported.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.results import table, write_section
from bot.prose import Line
from bot.support import Judging, supported
from corpus.thread import Post
from indexer.claim_store import CitedClaim
from indexer.claims import Claim, kind_of
from indexer.judge import CrossEncoderJudge, Judgement
from indexer.knowledge import JudgedClaim
from indexer.pipeline import judge_pairs

ROWS = Path(__file__).parents[1] / "tests" / "restatements.jsonl"
COMMAND = "python -m benchmarks.support --data ../shared/data"
PAIRS = ("mnli/dev.csv", "snli/dev.csv", "joci/train.csv", "joci/dev.csv")


def claim_of(text: str, question: str, judging: Judging) -> JudgedClaim:
    """Return a claim that is a whole post of its own, on the side that the judge finds it on."""
    post = Post(text, "thread", 1, text, author=text)
    claim = Claim(text, text, "thread", 0, len(text), text, kind_of(text))
    return JudgedClaim(CitedClaim(claim, post, question, question), question, judging([(question, claim)])[0])


def agreeing(asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    """A judge that finds everything for it, so that the words alone decide."""
    return [Judgement(pro=1.0, con=0.0, mixed=0.0, none=0.0)] * len(asked)


def outcomes(judging: Judging) -> Counter[tuple[str, bool, str]]:
    """Return how many sentences of each half, supported or not, are shown as what."""
    found: Counter[tuple[str, bool, str]] = Counter()
    for row in map(json.loads, ROWS.read_text("utf-8").splitlines()):
        claims = [claim_of(text, row["question"], judging) for text in row["claims"]]
        if len({one.judgement.stance for one in claims}) > 1:
            claims = [claim_of(text, row["question"], agreeing) for text in row["claims"]]
        found[row["part"], row["supported"], shown(row["text"], claims, judging)] += 1
    return found


def shown(text: str, claims: Sequence[JudgedClaim], judging: Judging) -> str:
    """Return what a sentence is shown as: "restated", "quoted" or "dropped"."""
    line = supported(text, claims, judging)
    return "dropped" if not isinstance(line, Line) else "quoted" if line.verbatim else "restated"


def pairs(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield premise, hypothesis and label of the inference sets."""
    for name in PAIRS:
        with (data / "nli" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["premise"], row["hypothesis"] or "", row["label"]


def main() -> None:
    """Measure, and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    judge = CrossEncoderJudge.open()

    def judging(asked: Sequence[tuple[str, Claim]]) -> Sequence[Judgement]:
        return judge_pairs(judge, asked)

    rows = [
        (
            (f"{part.replace('_', ' ')}, {name}"),
            _share(found, part, supported=True),
            _share(found, part, supported=False),
        )
        for name, found in (("words alone", outcomes(agreeing)), ("and the judge", outcomes(judging)))
        for part in ("development", "held_out")
    ]
    follows: Counter[tuple[str, bool, str]] = Counter(
        ("nli", label == "entailment", shown(hypothesis, [claim_of(premise, "Is it so?", agreeing)], agreeing))
        for premise, hypothesis, label in pairs(options.data)
    )
    rows.append(("MNLI, SNLI and JOCI, words alone", *(_share(follows, "nli", supported=one) for one in (True, False))))
    columns = ("set", "restatements shown, of these quoted", "**unsupported sentences shown**")
    body = f"`{COMMAND}`: sentences of `tests/restatements.jsonl`, and inference pairs.\n\n{table(columns, rows)}"
    print(body)
    write_section("Support of written sentences", body)


def _share(found: Counter[tuple[str, bool, str]], part: str, *, supported: bool) -> str:
    told = {name: found[part, supported, name] for name in ("restated", "quoted", "dropped")}
    total = sum(told.values())
    if not supported:
        return f"**{told['restated']}** of {total:,}"
    return f"{told['restated'] + told['quoted']} of {total:,}, {told['quoted']}"


if __name__ == "__main__":
    main()
