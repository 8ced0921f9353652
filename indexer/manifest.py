"""The manifest of a knowledge base: a small JSON file that says what made it."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from corpus.schema import HEAD
from indexer.claims import SPLITTER_VERSION
from indexer.errors import Difference, ManifestMismatch

logger = logging.getLogger(__name__)

FILE_NAME = "manifest.json"


def program_version() -> str:
    """Return the version of the installed package, or "source" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("counterpoint")
    except PackageNotFoundError:
        return "source"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a knowledge base. Encoder and judge are None until something was added."""

    encoder: str | None = None
    dimension: int | None = None
    judge: str | None = None
    splitter: str = SPLITTER_VERSION
    schema: str = HEAD
    program: str = ""

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Return the manifest in `folder`; None where there is none, or one that cannot be read."""
        path = folder / FILE_NAME
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{field.name: said[field.name] for field in fields(cls)})
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            logger.warning("%s cannot be read (%r); what it said is taken from the database", path, error)
            return None

    def write(self, folder: Path) -> None:
        """Put the manifest into `folder` in one step."""
        temporary = folder / f".{FILE_NAME}.{os.getpid()}"
        temporary.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        temporary.replace(folder / FILE_NAME)

    def check(self, folder: Path, *, encoder: str | None = None, dimension: int | None = None) -> None:
        """Raise ManifestMismatch unless a program with this encoder (None: not known) can use the knowledge base."""
        now = {"encoder": encoder, "dimension": dimension, "splitter": SPLITTER_VERSION}
        differences = tuple(
            Difference(name, str(made), str(opened))
            for name, opened in now.items()
            if None not in (made := getattr(self, name), opened) and made != opened
        )
        if not differences:
            return
        again = "claims" if any(one.name == "splitter" for one in differences) else "vectors"
        keep = "" if again == "claims" else f", or keep it and set COUNTERPOINT_ENCODER={self.encoder}"
        raise ManifestMismatch(
            folder, differences, f"make it again with: python -m indexer --data {folder} rebuild --again {again}{keep}"
        )
