"""test_mutate.py: faults are planted where they belong, and shown to programs of a few objects."""
import importlib.machinery
import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "proofs"))

import objects  # noqa: E402
import wp  # noqa: E402

loader = importlib.machinery.SourceFileLoader("mutate", str(ROOT / "proofs" / "mutate"))
mutate = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
loader.exec_module(mutate)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for folder in ("ref", "sim", "tests", "fuzz", "tools"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / ".deps").symlink_to((ROOT / ".deps").resolve())
    return root


def stems(made: list[Path]) -> set[str]:
    return {path.name.rpartition("-")[0] for path in made}


def test_every_fault_can_be_planted() -> None:
    blocks = mutate.mutants()
    assert len(blocks) >= 60
    assert sum(block.kind == "memory" for block in blocks) >= 15


def test_a_program_has_what_it_needs_and_no_more(tree: Path) -> None:
    bench = objects.Objects(tree)
    made = bench.suites(["base/reader"])
    assert stems(made) == {"main", "test_reader", "prop_reader", "random", "assert"}
    assert stems(bench.suites(["wire/cid"])) >= {"test_cid", "cid"}
    program = tree / "reader"
    bench.link(made, program)
    assert not mutate.run([program], 60, CK_RUN_CASE="good")


def test_a_fault_costs_the_objects_that_see_it(tree: Path) -> None:
    bench = objects.Objects(tree)
    before = bench.suites(["base/reader"])
    target = tree / "ref" / "base" / "reader.h"
    whole = target.read_text()
    (block,) = [each for each in mutate.mutants() if each.id == "reader-u32-stays"]
    assert block.function == "gn_reader_u32"
    target.write_text(mutate.planted(block, tree))
    try:
        after = bench.suites(["base/reader"])
        assert stems(set(after) - set(before)) == {"test_reader", "prop_reader"}
        program = tree / "faulty"
        bench.link(after, program)
        assert any(mutate.run([program], 60, CK_RUN_CASE=case) for case in mutate.UNIT_CASES)
    finally:
        target.write_text(whole)
    assert bench.suites(["base/reader"]) == before


def test_what_does_not_compile_is_no_answer(tree: Path) -> None:
    bench = objects.Objects(tree)
    target = tree / "ref" / "base" / "reader.h"
    whole = target.read_text()
    target.write_text(whole + "\n#error fault\n")
    with pytest.raises(objects.Fails):
        bench.suites(["base/reader"])
    target.write_text(whole)


def test_the_first_open_goal_that_counts(tree: Path) -> None:
    tool = wp.Wp(tree, 1)
    said = tree / "said"
    said.write_text("""#!/bin/sh
echo '[wp] [Qed] Goal typed_f_ensures_one : Valid'
echo '[wp] [Timeout] Goal typed_f_ensures_slow_part2'
echo '[wp] [Failed] Goal typed_f_ensures_two'
echo '[wp] Proved goals:    1 / 3'
""")
    said.chmod(0o755)
    assert tool.first_open([[said]], lambda goal: goal != "f_ensures_slow") == "f_ensures_two"
    assert tool.first_open([[said]], lambda goal: False) == ""
    assert tool.first_open([["false"]], lambda goal: True) is None
