"""test_prove.py: when a proof counts as done: nothing that went into it has changed."""
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "proofs"))

import wp  # noqa: E402

VERSION = "25.0 (Manganese)"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("ref", "proofs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("answers*"))
    return tmp_path


def digest(tree: Path, name: str, version: str = VERSION, **changes: object) -> str:
    tool = wp.Wp(tree, 1)
    (entry,) = [each for each in tool.entries() if each.name == name]
    return tool.digest(entry._replace(**changes), version)


def test_the_same_tree_elsewhere_has_the_same_digest(tree: Path) -> None:
    assert digest(tree, "wire/cid.c") == digest(ROOT, "wire/cid.c")


@pytest.mark.parametrize("path", ["ref/wire/cid.c", "ref/wire/cid.h", "ref/base/writer.h"])
def test_a_change_in_what_is_included_counts(tree: Path, path: str) -> None:
    before = digest(tree, "wire/cid.c")
    (tree / path).write_text((tree / path).read_text() + "\n")
    assert digest(tree, "wire/cid.c") != before


def test_options_version_and_tally_count(tree: Path) -> None:
    before = digest(tree, "wire/cid.c")
    assert digest(tree, "wire/cid.c", notes=["split"]) != before
    assert digest(tree, "wire/cid.c", version="26.0 (Iron)") != before
    assert digest(tree, "wire/cid.c", goals=1) != before


def test_a_change_elsewhere_does_not_count(tree: Path) -> None:
    before = digest(tree, "wire/cid.c")
    path = tree / "ref" / "wire" / "varint.c"
    path.write_text(path.read_text() + "\n")
    assert digest(tree, "wire/cid.c") == before
