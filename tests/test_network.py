"""What runs the networks that ship: batches, and results in order whatever runs them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.network import BATCH_TOKENS, batches, cores
from indexer.shipped_encoder import CLAIMS, ShippedEncoder

TEXTS = [f"I ran {number} miles {'and more ' * (number % 9)}this week" for number in range(60)]


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, BATCH_TOKENS))
def test_batches_hold_each_row_once_within_the_limit(lengths: list[int], limit: int) -> None:
    """Shortest first; a row that is longer than the limit is a batch of its own."""
    made = list(batches(lengths, limit))
    assert list(range(len(lengths))) == sorted(at for batch in made for at in batch)
    assert all(len(batch) == 1 or len(batch) * max(lengths[at] for at in batch) <= limit for batch in made)
    ordered = [lengths[at] for batch in made for at in batch]
    assert sorted(lengths) == ordered


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_make_no_difference(threads: int) -> None:
    """Each row is that of its text, whichever core computed it, to the fourth digit."""
    vectors = ShippedEncoder(CLAIMS, threads).encode(TEXTS)
    alone = ShippedEncoder(CLAIMS, 1).encode(TEXTS[31:32])
    np.testing.assert_allclose(alone[0], vectors[31], atol=1e-4)
    assert len(TEXTS) == len({row.tobytes() for row in vectors})


def test_there_is_a_core() -> None:
    """At least the one that runs this."""
    assert cores() >= 1
