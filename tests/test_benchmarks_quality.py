"""The measures of the benchmark of the judge."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="scipy comes with the extra `train`")


def test_to_abstain_is_chosen_where_it_costs_least() -> None:
    """Right down to 0.6, wrong below: what is at least as sure as 0.6 is judged, the rest is not."""
    from benchmarks.quality import abstention

    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    scores = np.stack([confidence, 1 - confidence, np.zeros(6), np.zeros(6)], axis=1)
    scores[confidence < 0.5] = (0.4, 0.3, 0.2, 0.1)
    gold = np.array([0, 0, 1, 0, 1, 1])
    assert pytest.approx(0.6) == abstention(scores, gold)
