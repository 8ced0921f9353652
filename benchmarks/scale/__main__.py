"""Speed and size beside peers, at a million claims and beyond: `python -m benchmarks.scale WHAT --data ../shared/data`.

WHAT is one of the measurements below; each writes its section of RESULTS.md. Those that take turns give the median of
the ratios of their rounds: on a shared machine nothing else can be compared. Bases of claims come from
`benchmarks.large`, made the first time; what is built of them is kept, too. Peers come with the extra `peers`; one that
is not installed is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.large import SIZES
from benchmarks.scale.adding import adding, indexing
from benchmarks.scale.asking import asking, start
from benchmarks.scale.codes import codes
from benchmarks.scale.embedding import embed
from benchmarks.scale.growth import growth
from benchmarks.scale.peers import peers
from benchmarks.scale.retrieval import retrieval
from benchmarks.scale.search import search
from benchmarks.scale.ten import ten

MEASUREMENTS: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (embed, retrieval, indexing, codes, search, peers, asking, adding, growth, ten, start)
}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure one of them, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--claims", type=int, help=f"in place of the most: one of {SIZES}, any for `ten`")
    arguments = parser.parse_args(argv)
    for name in MEASUREMENTS if arguments.what == "all" else [arguments.what]:
        sized = name in {"codes", "search", "peers", "asking", "adding", "growth", "ten"} and arguments.claims
        MEASUREMENTS[name](arguments.data, **({"number": arguments.claims} if sized else {}))


if __name__ == "__main__":
    main()
