"""test_run_tests.py: the counts of every runner are read right."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import run_tests  # noqa: E402

COUNTS = [
    ("100%: Checks: 3, Failures: 0, Errors: 0\n3 passed, 0 failed\n", 0, (3, 0, 0)),
    ("2 passed, 1 failed\n", 1, (2, 1, 0)),
    ("......\n57 passed in 5.25s\n", 0, (57, 0, 0)),
    ("=== 1 failed, 4 passed, 2 skipped in 0.10s ===\n", 1, (4, 1, 2)),
    ("3 passed, 1 error in 0.10s\n", 1, (3, 1, 0)),
    ("no count, and it died\n", -11, (0, 1, 0)),
    ("5 passed, 0 failed\nthen it died\n", 1, (5, 1, 0)),
    ("", 0, (0, 0, 0)),
]


@pytest.mark.parametrize("text, status, expected", COUNTS)
def test_a_tally(text, status, expected):
    counts = run_tests.tally(text, status)
    assert (counts["passed"], counts["failed"], counts["skipped"]) == expected
