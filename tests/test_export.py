"""The weights that ship are read back as they run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from indexer.judge import DEFAULT_FOLDER, StanceNet
from indexer.network import WEIGHTS, Network
from training.data import Example
from training.stance import MINILM, pairs_of

pytest.importorskip("onnx", reason="onnx comes with the extra `train`")


def test_the_shipped_weights_read_back_give_the_same_logits() -> None:
    """What is taught further is the judge that ships, but for the rounding of what goes into each product."""
    from training.int8 import weights_of

    model = MINILM.model()
    model.load_state_dict(weights_of(DEFAULT_FOLDER / WEIGHTS), strict=False)
    examples = [
        Example("Should I lift?", claim, (0.25,) * 4, "", "") for claim in ("it helped", "never, just run more")
    ]
    pairs = pairs_of(examples)
    with torch.inference_mode():
        read_back = model.eval()(**MINILM.collate(MINILM.encoded(MINILM.tokenizer(), pairs))).numpy()
    running = StanceNet(Network(DEFAULT_FOLDER, threads=1)).logits(pairs)
    np.testing.assert_allclose(read_back, running, atol=0.25)
