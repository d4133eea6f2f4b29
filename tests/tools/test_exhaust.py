"""test_exhaust.py: as many runs as there should be, all passed, and nothing less."""
import stat
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import exhaust  # noqa: E402


def test_cases_are_all_singles_and_all_pairs():
    assert exhaust.cases(60, pairs=True) == 60 + 60 * 59 // 2 == 1830
    assert exhaust.cases(60, pairs=False) == 60


@pytest.mark.parametrize("text, status, wrong", [
    ("14 runs, 0 failed\n", 0, None),
    ("14 runs, 2 failed\n", 1, "2 of 14 runs failed"),
    ("14 runs, 0 failed\n", 3, "0 of 14 runs failed"),
    ("13 runs, 0 failed\n", 0, "13 runs, 14 wanted"),
    ("", 139, "status 139, and no count"),
])
def test_anything_less_is_seen(text, status, wrong):
    assert exhaust.judge(text, status, 14) == wrong


def simulator(folder, answer):
    """A simulator that says what the shell makes of answer."""
    path = folder / "sim"
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


GOOD = 'case "$*" in *--pairs*) echo "105 runs, 0 failed";; *) echo "14 runs, 0 failed";; esac'


def test_every_kind_is_played_in_both_ways(tmp_path, capsys):
    assert exhaust.main(["--quick", "--simulator", simulator(tmp_path, GOOD)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == sum(len(exhaust.ways(kind)) for kind in exhaust.KINDS)
    assert {line.split()[0] for line in lines} == set(exhaust.KINDS)
    assert all(line.endswith("all passed") for line in lines)


def test_one_failure_fails_all(tmp_path, capsys):
    answer = GOOD.replace("14 runs, 0", "14 runs, 1")
    assert exhaust.main(["--quick", "--simulator", simulator(tmp_path, answer)]) == 1
    assert "1 of 14 runs failed" in capsys.readouterr().out


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(SystemExit):
        exhaust.main(["--simulator", simulator(tmp_path, GOOD), "half"])
