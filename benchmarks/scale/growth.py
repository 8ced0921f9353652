"""What grows how with the number of claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.large import QUESTIONS, SIZES, large_base
from benchmarks.results import RESULTS
from benchmarks.scale.measuring import MILLION, added, available, bytes_of, copied, new_thread, report, seconds
from bot.chat import Bot


def growth(data: Path, number: int = MILLION) -> None:
    """What grows how with the number of claims; with a plot."""
    measured: dict[str, list[float]] = {}
    sizes = [size for size in SIZES if size <= number]
    held = []
    for size in sizes:
        with copied(large_base(data, size)) as base:
            held.append(base.number_of_claims())
            vectors = base.encoder.encode(QUESTIONS)
            live = base._live_index()  # noqa: SLF001
            taken = {
                "search, ms": median(seconds(partial(live.near, one, 64)) for one in vectors) * 1e3,
                "question to answer, ms": median(seconds(partial(Bot(base).ask, one)) for one in QUESTIONS) * 1e3,
                "add a thread, ms": median(seconds(partial(added, base, new_thread(at))) for at in range(1, 6)) * 1e3,
                "lists and words made anew, s": seconds(base.rebuild),
                "bytes on disk": float(bytes_of(base.folder)),
            }
        for name, value in taken.items():
            measured.setdefault(name, []).append(value)
    grown = {
        name: float(np.polyfit(np.log(held), np.log(values), 1)[0]) if len(held) > 1 else float("nan")
        for name, values in measured.items()
    }
    rows = [[name, *(f"{value:,.1f}" for value in values), f"{grown[name]:.2f}"] for name, values in measured.items()]
    plotted = _plot(held, measured, grown)
    notes = f"The last column is b where the figure grows as n^b, fitted to all sizes. {plotted}"
    report("growth", "Growth", ["", *(f"{one:,} claims" for one in held), "exponent"], rows, notes)


def _plot(held: Sequence[int], measured: Mapping[str, Sequence[float]], grown: Mapping[str, float]) -> str:
    if not available("matplotlib"):
        return ""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for name, values in measured.items():
        axes.loglog(held, np.array(values) / values[0], marker="o", label=f"{name}: n^{grown[name]:.2f}")
    axes.loglog(held, np.array(held) / held[0], linestyle=":", color="grey", label="n")
    axes.set(xlabel="claims", ylabel=f"times that of {held[0]:,} claims")
    axes.legend()
    figure.savefig(RESULTS.with_name("growth.svg"), bbox_inches="tight", metadata={"Date": None})
    return "![growth](growth.svg)"
