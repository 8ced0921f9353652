"""What people said of claims -> plain values for JSON: keys may be added, none is renamed or removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.wording import MASKED
from indexer.corrections import Correction, Matter, Record


def correction_json(made: Correction) -> dict[str, Any]:
    """Return what somebody said of a claim as plain values; personal data are masked.

    `matter` is stance, kind or view; `said` what the program had said, `now` what is right.
    """
    return {
        "id": made.id,
        "claim": made.claim_id,
        "text": MASKED.text(made.text),
        "matter": made.matter.value,
        "question": MASKED.text(made.question),
        "said": made.said.value,
        "now": made.now.value,
        "right": made.right,
        "confidence": None if made.confidence is None else round(made.confidence, 4),
        "who": made.who,
        "at": made.at.isoformat(),
    }


def records_json(records: Mapping[Matter, Record]) -> dict[str, Any]:
    """Return how often the program had been right, of the sides and of the kinds that somebody marked.

    `low` and `high` are Wilson's 95% interval of the share; people mark wrong ones more often than right ones.
    """
    return {
        matter.value: {
            "right": record.right,
            "marked": record.marked,
            "low": round(record.interval[0], 4),
            "high": round(record.interval[1], 4),
        }
        for matter, record in records.items()
    }
