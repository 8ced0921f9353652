"""How sure a share is that was counted on few."""

from __future__ import annotations

from math import sqrt

SURELY = 1.96
"""Standard deviations to each side that hold 95% of a normal distribution."""


def share_interval(some: int, total: int) -> tuple[float, float]:
    """Return the 95% interval of the share `some` of `total` (Wilson, JASA 1927), 0 to 1; all of it for a total of 0.

    It holds for small totals, and for shares of nothing and of everything.
    """
    if not total:
        return 0.0, 1.0
    share, wide = some / total, SURELY**2 / total
    middle, scale = share + wide / 2, 1 + wide
    spread = SURELY * sqrt(share * (1 - share) / total + wide / (4 * total))
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return (low if some else 0.0), (high if some < total else 1.0)
