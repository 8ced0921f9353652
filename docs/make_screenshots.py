"""Make the pictures in `docs/screenshots/`: perform the journeys of `tests/test_browser.py` that take one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
JOURNEYS = "balance or opens_its_post or beside_each_other or previewed or phone or dark"


def main() -> int:
    """Return the exit code of the journeys."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    told = {**os.environ, "COUNTERPOINT_SCREENSHOTS": str(folder), "COUNTERPOINT_BROWSER_REQUIRED": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_browser.py", "-k", JOURNEYS]
    return subprocess.run(command, cwd=ROOT, env=told, check=False).returncode  # noqa: S603 -- a fixed command


if __name__ == "__main__":
    sys.exit(main())
