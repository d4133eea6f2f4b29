"""test_determinism.py: one hash passes, two hashes or none do not."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import determinism  # noqa: E402

ANSWERS = {
    "one hash": (["aa"] * 14, 0),
    "two hashes": (["aa"] * 13 + ["bb"], 1),
    "no hash anywhere": (["no hash"] * 14, 1),
    "it failed everywhere": (["status 1"] * 14, 1),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_hashes_are_compared(name, monkeypatch, capsys):
    answers, status = ANSWERS[name]
    made = dict(zip(determinism.builds(False), answers, strict=True))
    monkeypatch.setattr(determinism, "compile_one", lambda build: build)
    monkeypatch.setattr(determinism, "hash_of", lambda job: made[job[0]])
    assert determinism.main(["x.yaml"]) == status
    assert ("DIFFERENT" in capsys.readouterr().out) == (status == 1)


def test_the_quick_pair_differs_in_all_three():
    one, two = determinism.builds(True)
    assert one.compiler != two.compiler
    assert one.options.split()[0] != two.options.split()[0]
    assert ("-fsanitize" in one.options) != ("-fsanitize" in two.options)


def test_other_machines_are_played_and_one_is_big_endian():
    machines = {build.name: build for build in determinism.builds(False) if build.runner}
    assert set(machines) == {"arm64", "s390x"}
    assert "-DBIG_ENDIAN_ORDER" in machines["s390x"].options


def test_no_scenario_is_not_a_pass(monkeypatch, tmp_path):
    monkeypatch.setattr(determinism, "compile_one", lambda build: build)
    monkeypatch.chdir(tmp_path)
    assert determinism.main([]) == 1
