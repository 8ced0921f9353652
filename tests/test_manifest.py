"""The manifest: written in one step, read with care, and strict about what made the vectors and claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.claims import SPLITTER_VERSION
from indexer.errors import ManifestMismatch
from indexer.manifest import Manifest

MADE = Manifest(encoder="hashing", dimension=256, judge="rules", program="0.1.0")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A round trip, with nothing left beside the file."""
    MADE.write(tmp_path)
    assert MADE == Manifest.read(tmp_path)
    assert [tmp_path / "manifest.json"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"encoder": 3}', "\udcff"])
def test_an_unreadable_manifest(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is as if there were none, and is told of."""
    (tmp_path / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert Manifest.read(tmp_path) is None
    assert "manifest.json cannot be read" in caplog.text


def test_no_manifest(tmp_path: Path) -> None:
    """No file is no manifest, without a word."""
    assert Manifest.read(tmp_path) is None


def test_what_fits_passes(tmp_path: Path) -> None:
    """The same encoder and dimension, or nothing known of them."""
    MADE.check(tmp_path, encoder="hashing", dimension=256)
    MADE.check(tmp_path)
    Manifest().check(tmp_path, encoder="any")


def test_every_difference_is_named(tmp_path: Path) -> None:
    """Both values of each, and the command that mends all of them."""
    with pytest.raises(ManifestMismatch) as caught:
        Manifest(encoder="hashing", dimension=256, splitter="0").check(tmp_path, encoder="other", dimension=64)
    assert [("encoder", "hashing", "other"), ("dimension", "256", "64"), ("splitter", "0", SPLITTER_VERSION)] == [
        (one.name, one.made_with, one.opened_with) for one in caught.value.differences
    ]
    assert f"make it again with: python -m indexer --data {tmp_path} rebuild --again claims" == caught.value.remedy
