"""The chart of Browse: counts of claims by stance, as a figure that Gradio's own copy of Plotly draws.

Gradio brings plotly.js and takes a figure as JSON, so that the Python package (40 MB) is not needed to make one.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gradio.components.plot import PlotData

from bot.wording import SIDE_TITLES, one_line, shortened
from indexer.judge import Stance
from indexer.listing import Grouping

MONTHS_SHOWN = 36
"""Bars of a phone: what goes on for longer is shown by the year."""

NAMES_SHOWN = 12
"""Forums or threads in a chart; the table under it says how many more there are."""

NAME_LENGTH = 34

COLOURS = {Stance.PRO: "#0072b2", Stance.MIXED: "#8a7fa8", Stance.CON: "#d55e00", Stance.NONE: "#8c8c8c"}
"""Three to one and more against the page in light and dark, and apart for colour-blind readers (Okabe and Ito)."""

PATTERNS = {Stance.PRO: "", Stance.MIXED: ".", Stance.CON: "/", Stance.NONE: "x"}

Counts = Mapping[Stance, int]


def rows_of(counted: Mapping[str | None, Counts], by: Grouping) -> list[tuple[str, Counts]]:
    """Return what a chart shows, in order: months or years by time, without gaps; else those with most claims first."""
    named = {name: counts for name, counts in counted.items() if name is not None}
    if by is not Grouping.MONTH:
        return sorted(named.items(), key=lambda row: (-sum(row[1].values()), row[0]))
    if not named:
        return []
    months = _months(min(named), max(named))
    if len(months) > MONTHS_SHOWN:
        years = [str(year) for year in range(int(months[0][:4]), int(months[-1][:4]) + 1)]
        return [(year, _sum(counts for name, counts in named.items() if name[:4] == year)) for year in years]
    return [(month, named.get(month, _sum([]))) for month in months]


def _months(first: str, last: str) -> list[str]:
    """All months from the first to the last, as "2024-05"."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1)]


def _sum(counts: Any) -> dict[Stance, int]:
    total = dict.fromkeys(Stance, 0)
    for one in counts:
        for stance, number in one.items():
            total[stance] += number
    return total


def figure(rows: Sequence[tuple[str, Counts]], sides: Sequence[Stance], by: Grouping, title: str) -> PlotData:
    """Return stacked bars, a colour and pattern a side: upright by time, lying for names."""
    lying = by is not Grouping.MONTH
    rows = list(rows[:NAMES_SHOWN])[::-1] if lying else list(rows)
    names = [_label(name) for name, _ in rows]
    places = list(range(len(rows)))
    bars = []
    for side in sides:
        numbers = [counts[side] for _, counts in rows]
        along, across = ("x", "y") if lying else ("y", "x")
        bars.append(
            {
                "type": "bar",
                "name": SIDE_TITLES[side],
                "orientation": "h" if lying else "v",
                along: numbers,
                across: places,
                "customdata": names,
                "hovertemplate": f"%{{customdata}}<br>{SIDE_TITLES[side]}: %{{{along}}}<extra></extra>",
                "marker": {
                    "color": COLOURS[side],
                    "pattern": {"shape": PATTERNS[side], "fillmode": "overlay", "fgcolor": "#ffffff", "size": 7},
                },
            }
        )
    step = max(1, len(rows) // 12) if not lying else 1
    named = {"tickvals": places[::step], "ticktext": names[::step], "automargin": True, "showgrid": False}
    counting = {
        "title": {"text": title},
        "rangemode": "tozero",
        "tickformat": ",d",
        "gridcolor": "rgba(128,128,128,.3)",
    }
    layout = {
        "barmode": "stack",
        "height": 120 + 30 * len(rows) if lying else 340,
        "margin": {"l": 50, "r": 10, "t": 30, "b": 50},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "xaxis": counting if lying else named,
        "yaxis": named if lying else counting,
        "dragmode": False,
    }
    return PlotData(
        type="plotly",
        plot=json.dumps({"data": bars, "layout": layout, "config": {"displayModeBar": False, "displaylogo": False}}),
    )


def _pattern(side: Stance) -> dict[str, Any]:
    return {"shape": PATTERNS[side], "fillmode": "overlay", "fgcolor": "#ffffff", "size": 7}


def _label(name: str) -> str:
    """A name that Plotly shows as it is: it would read tags."""
    return html.escape(shortened(one_line(name), NAME_LENGTH), quote=False)
