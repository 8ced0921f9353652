"""Where the data folder is."""

from pathlib import Path

import pytest
from platformdirs import user_data_dir

from corpus.paths import ENVIRONMENT_VARIABLE, data_folder


def test_the_given_folder_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The value of --data beats the environment."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "/elsewhere")
    assert tmp_path == data_folder(str(tmp_path))


def test_then_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without --data the environment variable decides."""
    monkeypatch.setenv("COUNTERPOINT_DATA", str(tmp_path))
    assert tmp_path == data_folder()


def test_then_the_folder_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either it is the platform's folder for user data."""
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    assert Path(user_data_dir("counterpoint", appauthor=False)) == data_folder(None)


def test_the_home_sign_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """~ stands for the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / "data" == data_folder("~/data")
