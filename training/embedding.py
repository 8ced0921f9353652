"""Writes all-MiniLM-L6-v2, as published, as the int8 encoder of claims that ships; nothing is trained.

`python -m training.embedding --data DATA --out indexer/models/claims`; DATA gives claims that ranges are read from.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from transformers import AutoModel

from indexer.embeddings import DEFAULT_MODEL, verify_weights
from indexer.shipped_encoder import CLAIMS
from training.data import forum_examples
from training.export import write_configuration, write_folder
from training.views import as_rows

VERSION = "minilm-1"
TOKENS = 256
"""What the published model reads."""
LONG = 12
"""Claims that make a long text, of which there is one to three claims: ranges of both are kept."""


def main() -> None:
    """Check the published weights, and write them in int8."""
    parser = argparse.ArgumentParser(prog="python -m training.embedding", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--out", type=Path, default=CLAIMS, help="where the encoder goes")
    arguments = parser.parse_args()
    body = AutoModel.from_pretrained(
        verify_weights().parent, add_pooling_layer=False, attn_implementation="eager"
    ).eval()
    claims = sorted({example.claim for example in forum_examples(arguments.data)["train"]})
    random.Random(1).shuffle(claims)
    long = [" ".join(claims[at : at + LONG]) for at in range(0, len(claims), LONG)]
    write_folder(body, as_rows(claims[: 3 * len(long)] + long, TOKENS), arguments.out, output="vectors")
    settings = {"name": DEFAULT_MODEL, "dimension": body.config.hidden_size, "tokens": TOKENS}
    write_configuration(arguments.out, VERSION, settings)


if __name__ == "__main__":
    main()
