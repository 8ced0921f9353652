"""Where the time of a build goes."""

from indexer.knowledge import KnowledgeBase
from indexer.profile import READING, profile
from tests.fakes import BAKERS, RUNNERS


def test_every_step_has_its_time(base: KnowledgeBase) -> None:
    """The steps in the order they begin; their seconds are nearly those of the whole, and the threads are added."""
    found = profile(base, [RUNNERS, BAKERS])
    assert [READING, "splitting", "embedding", "judging", "writing", "index"] == list(found.seconds)
    assert all(took >= 0 for took in found.seconds.values())
    assert 2 == found.report.threads == base.number_of_threads()
    assert 7 == len(found.lines())
    assert "100.0%" in found.lines()[-1]
