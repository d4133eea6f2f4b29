"""test_commands.py: what the commands of gnomon-sim promise, from outside."""
import csv
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIMULATOR = next((path for path in (ROOT / "build/asan/gnomon-sim", ROOT / "build/gnomon-sim")
                  if path.exists()), ROOT / "build/gnomon-sim")
# One small exchange, and what it costs to begin.
SMALL = "exchange-1kb"


def simulate(*arguments: object, cwd: Path | None = None, status: int = 0) -> str:
    """What the command prints; standard error when it is to fail before anything runs."""
    done = subprocess.run([SIMULATOR, *map(str, arguments)], capture_output=True, text=True,
                          cwd=cwd, timeout=300,
                          env={"GNOMON_SCENARIOS": str(ROOT / "sim/scenarios")})
    assert done.returncode == status, done.stdout + done.stderr
    return done.stderr if status == 2 else done.stdout


def hash_of(text: str) -> str:
    return next(line.split()[1] for line in text.splitlines() if line.startswith("  hash"))


# ------------------------------------------------------------------ the table


def test_help_lists_every_command_and_each_has_its_own() -> None:
    listed = [line.split()[0] for line in simulate("help").splitlines()
              if line.startswith("  ") and not line.startswith("     ")]
    assert listed == ["run", "sweep", "explore", "shrink", "exhaust", "branch", "list", "show",
                      "keys"]
    for command in listed:
        assert f"usage: gnomon-sim {command}" in simulate("help", command)


@pytest.mark.parametrize(("arguments", "says"), [
    ((), "what is to be done?"),
    (("dance",), "there is no command dance"),
    (("run",), "usage: gnomon-sim run"),
    (("run", "no-such"), "there is no scenario no-such"),
    (("run", SMALL, "--seed", "x"), "--seed needs a whole number, not x"),
    (("run", SMALL, "--repeat", "0"), "--repeat needs a whole number from 1, not 0"),
    (("run", SMALL, "--sead", "1"), "see gnomon-sim help run"),
    (("run", SMALL, "--twice", "--repeat", "2"), "do not go together"),
    (("run", SMALL, "--override", "client.spin=perhaps"),
     "--override client.spin=perhaps: field 'client.spin': expected on or off, found 'perhaps'"),
    (("list", "--group", "animals"), "there is no group animals"),
    (("sweep", SMALL), "usage: gnomon-sim sweep"),
    (("sweep", SMALL, "seed=1..2"), "seed=1..2: a range is A..B/STEP"),
    (("sweep", SMALL, "client.colour=red"), "--override client.colour=red: field"),
    (("explore", "--seeds", "5..1"), "--seeds needs A..B"),
    (("explore", "--shard", "3/2"), "--shard needs I/N"),
    (("explore", "--time", "soon"), "--time needs a duration such as 90s, not soon"),
    (("exhaust",), "exhaust needs a scenario or --ecn"),
    (("exhaust", SMALL, "--ecn"), "--ecn takes no scenario, not exchange-1kb"),
    (("exhaust", SMALL, "--first", "65"), "--first is at most 64"),
    (("branch", SMALL, "--next", "7"), "--next is at most 6"),
    (("shrink", SMALL, "--fake"), "this does not fail: exchange-1kb"),
])
def test_a_mistake_is_said_and_nothing_is_played(arguments: tuple[str, ...], says: str) -> None:
    assert says in simulate(*arguments, status=2)


# ------------------------------------------------------------ list and groups


def test_list_goes_by_group_with_the_sentence_why() -> None:
    lines = simulate("list").splitlines()
    groups = [line for line in lines if not line.startswith(" ")]
    assert groups[0] == "basic" and len(set(groups)) == len(groups) > 3
    names = [line.split()[0] for line in lines if line.startswith(" ")]
    assert sorted(names) == sorted(path.stem for path in (ROOT / "sim/scenarios").glob("*.yaml"))
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in lines if line.startswith(" "))


def test_list_of_one_group_has_that_group_alone() -> None:
    lines = simulate("list", "--group", "nat").splitlines()
    assert lines[0] == "nat" and all(line.startswith("  ") for line in lines[1:])
    assert any("nat-rebind-port" in line for line in lines)
    assert not any("bernoulli" in line for line in lines)


# ------------------------------------------------------- overrides and sweeps


def test_an_override_changes_the_run_as_the_file_would(tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    text = (ROOT / f"sim/scenarios/{SMALL}.yaml").read_text()
    changed.write_text(text.replace("delay: 20ms", "delay: 25ms"))
    over = simulate("run", SMALL, "--fake", "--override", "routes.link.both.delay=25ms")
    assert hash_of(over) == hash_of(simulate("run", changed, "--fake"))
    assert hash_of(over) != hash_of(simulate("run", SMALL, "--fake"))


def test_a_sweep_has_a_line_for_every_combination_and_seed() -> None:
    table = list(csv.DictReader(simulate(
        "sweep", SMALL, "--fake", "--csv", "--repeat", 2, "--seed", 5,
        "routes.link.both.delay=0ms..20ms/10ms", "client.ecn=on,off").splitlines()))
    assert len(table) == 3 * 2 * 2
    assert [row["routes.link.both.delay"] for row in table[::4]] == ["0ms", "10ms", "20ms"]
    assert [row["seed"] for row in table[:4]] == ["5", "6", "5", "6"]
    assert {row["verdict"] for row in table} == {"pass"}
    shake = [int(row["handshake_us"]) for row in table[::4]]
    assert [b - a for a, b in zip(shake, shake[1:])] == [20000, 20000]


def test_a_sweep_as_json_has_the_values_in_each_object() -> None:
    lines = simulate("sweep", SMALL, "--fake", "--json", "seed=3..5/1").splitlines()
    found = [json.loads(line) for line in lines]
    assert [one["sweep"] for one in found] == [{"seed": str(n)} for n in (3, 4, 5)]
    assert [one["seed"] for one in found] == [3, 4, 5]


def test_a_sweep_fails_as_its_runs_do() -> None:
    table = simulate("sweep", SMALL, "--fake", "routes.link.up.loss=0%,100%", status=1)
    assert [line.split()[3] for line in table.splitlines()] == ["pass", "FAIL"]


# ---------------------------------------------------- explore, shrink, replay

PLANT = ("--override", "expect.max_lost=0")


def test_explore_counts_covers_and_hashes_the_same_with_any_jobs() -> None:
    arguments = ("explore", "--seeds", "1..12", "--fake", "--json")
    one = json.loads(simulate(*arguments))
    two = json.loads(simulate(*arguments, "--jobs", 2))
    for result in (one, two):
        del result["elapsed_ms"]
    assert one == two
    assert one["seeds"] == 12 and one["runs"] > 12 and one["failures"] == 0
    assert one["pairs"] > 300 and one["complete"] is True


def test_explored_with_real_tls_as_well() -> None:
    result = json.loads(simulate("explore", "--seeds", "1..3", "--json", "--mutants", 0))
    assert result["runs"] == 3 and result["failures"] == 0


def test_a_failing_seed_is_replayed_by_name_by_file_and_shrunk(tmp_path: Path) -> None:
    found = json.loads(simulate("explore", "--seeds", "1..12", "--fake", "--json", "--mutants", 0,
                                *PLANT, cwd=tmp_path, status=1))
    assert 0 < found["failures"] < 12
    one = found["failing"][0]
    again = json.loads(simulate("explore", "--seeds", one["run"], "--fake", "--json", *PLANT,
                                cwd=tmp_path, status=1))
    assert again["failing"][0]["hash"] == one["hash"] and again["runs"] == 1
    assert hash_of(simulate("run", one["file"], "--fake", cwd=tmp_path, status=1)) == one["hash"]
    told = simulate("shrink", one["run"], "--fake", *PLANT, "--runs", 300, "--out", "small.yaml",
                    cwd=tmp_path)
    assert told.startswith("FAIL: max_lost")
    small = (tmp_path / "small.yaml").read_text()
    assert len(small) < len((tmp_path / one["file"]).read_text()) and "max_lost: 0" in small
    report = simulate("run", "small.yaml", "--fake", cwd=tmp_path, status=1)
    assert "BROKEN    max_lost" in report and hash_of(report) in told


def test_plain_lines_where_there_is_no_terminal() -> None:
    done = subprocess.run([SIMULATOR, "explore", "--seeds", "1..2", "--fake", "--mutants", "0"],
                          capture_output=True, text=True, timeout=300)
    assert "\r" not in done.stderr and "\x1b" not in done.stderr
    assert done.stdout.startswith("2 runs (2 seeds, 0 mutants), 0 failed")


# ----------------------------------------------------------- exhaust and branch


def test_exhaust_shows_each_datagram_and_the_pairs() -> None:
    lines = simulate("exhaust", SMALL, "--fake", "--first", 3, "--pairs", "--drop").splitlines()
    assert lines[0].split() == ["datagram", "drop"]
    assert [line.split()[0] for line in lines[1:4]] == ["#0", "#1", "#2"]
    assert lines[4].startswith("drop       drop            3 pairs, 0 failed, at most ")
    assert lines[-1] == "6 runs, 0 failed"


def test_exhaust_names_the_run_that_fails() -> None:
    text = simulate("exhaust", SMALL, "--fake", "--first", 1, "--drop", "--override",
                    "time_limit=500ms", status=1)
    assert "--override script.drop=0" in text
    assert text.splitlines()[-1] == "1 runs, 1 failed"


def test_branch_that_delivers_everything_is_the_plain_run() -> None:
    lines = simulate("branch", SMALL, "--at", "21ms", "--next", 2).splitlines()
    assert len(lines) == 16 + 2
    assert lines[0].split()[1:3] == ["deliver", "deliver"]
    assert lines[0].split()[-1] == hash_of(simulate("run", SMALL))
    first = int(lines[0].split()[0][1:])
    dropped = next(line for line in lines if line.split()[1:3] == ["drop", "drop"])
    run = simulate("run", SMALL, "--override", f"script.drop=[{first}, {first + 1}]", status=1)
    assert dropped.split()[-1] == hash_of(run)
