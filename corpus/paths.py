"""The one folder in which Counterpoint keeps its data."""

import os
from pathlib import Path

from platformdirs import user_data_dir

ENVIRONMENT_VARIABLE = "COUNTERPOINT_DATA"


def data_folder(given: str | None = None) -> Path:
    """Return the data folder: `given` (the value of --data), else $COUNTERPOINT_DATA, else the user's data folder.

    The folder need not exist yet; whoever writes into it makes it.
    """
    chosen = given or os.environ.get(ENVIRONMENT_VARIABLE) or user_data_dir("counterpoint", appauthor=False)
    return Path(chosen).expanduser().absolute()
