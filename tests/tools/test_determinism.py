"""test_determinism.py: one hash passes, two hashes or none do not."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import determinism  # noqa: E402

ANSWERS = {
    "one hash": (["aa"] * 8, 0),
    "two hashes": (["aa"] * 7 + ["bb"], 1),
    "no hash anywhere": (["no hash"] * 8, 1),
    "it failed everywhere": (["status 1"] * 8, 1),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_hashes_are_compared(name, monkeypatch, capsys):
    answers, status = ANSWERS[name]
    made = {f"build/{build[0]}/gnomon-sim": answer
            for build, answer in zip(determinism.builds(False), answers)}
    assert len(made) == 8
    monkeypatch.setattr(determinism, "compile_one",
                        lambda build: (build[0], f"build/{build[0]}/gnomon-sim"))
    monkeypatch.setattr(determinism, "hash_of", lambda job: made[job[0]])
    assert determinism.main(["x.yaml"]) == status
    assert ("DIFFERENT" in capsys.readouterr().out) == (status == 1)


def test_the_quick_pair_differs_in_all_three():
    one, two = determinism.builds(True)
    assert one[1] != two[1] and one[2].split()[0] != two[2].split()[0]
    assert ("-fsanitize" in one[2]) != ("-fsanitize" in two[2])


def test_no_scenario_is_not_a_pass(monkeypatch, tmp_path):
    monkeypatch.setattr(determinism, "compile_one", lambda build: (build[0], "none"))
    monkeypatch.chdir(tmp_path)
    assert determinism.main([]) == 1
