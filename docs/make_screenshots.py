"""Make the pictures in `docs/screenshots/`: perform the journeys of the sample that take one worth showing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
JOURNEYS = (
    "test_browser.py::test_an_answer_begins_with_the_balance",
    "test_browser.py::test_a_claim_opens_its_post_with_the_words_marked[sample]",
    "test_browser.py::test_browse_shows_the_sides_beside_each_other",
    "test_browser.py::test_a_pasted_thread_is_previewed_corrected_saved_and_asked",
    "test_browser.py::test_the_page_fits_a_phone[sample]",
    "test_browser.py::test_the_page_is_dark_where_the_reader_likes_it[sample]",
    "test_browser_answers.py::test_options_stand_with_their_counts",
    "test_browser_browse.py::test_a_thread_is_read_from_claim_to_claim",
    "test_browser_browse.py::test_an_overview_is_drawn_and_told_in_numbers",
    "test_browser_corrections.py::test_a_corrected_side_counts_is_kept_and_can_be_undone[sample]",
    "test_browser_talk.py::test_a_conversation_is_kept_reopened_and_deleted",
)


def main() -> int:
    """Return the exit code of the journeys."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    told = {**os.environ, "COUNTERPOINT_SCREENSHOTS": str(folder), "COUNTERPOINT_BROWSER_REQUIRED": "1"}
    command = [sys.executable, "-m", "pytest", "-q", *(f"tests/{one}" for one in JOURNEYS)]
    return subprocess.run(command, cwd=ROOT, env=told, check=False).returncode  # noqa: S603 -- a fixed command


if __name__ == "__main__":
    sys.exit(main())
