"""test_trace.py: tools/trace.py finds what decides and what pins, and each refusal bites."""
import subprocess
import sys
from pathlib import Path

import pytest

TRACE = Path(__file__).parents[2] / "tools" / "trace.py"

HEAD = "id\tlevel\tstate\tnote\trequirement\n"
DONE = "R-9000-4.5-2\tMUST NOT\tdone\t-\tNo byte is sent at or beyond the final size.\n"
LATER = "R-9000-8.1.1-1\tMUST\tlater\ttokens\tA token tells its server how it came.\n"
NEVER = "R-9001-9.5-1\tMUST\texception\ta property of time\tOpening a packet tells nobody more.\n"

ONE_C = """/*
 * one.c: see one.h.
 */
#include "base/one.h"

static const int table[] = {
    1, /* [R-9000-4.5-2] */
};

static int
one_half(void)
{
    return table[0];
}

/*
 * Twice. [R-9000-4.5-2]
 */
int
gn_one_get(void)
{
    const int half = one_half();

    /* RFC 9000 4.5: no more than this. [R-9000-4.5-2] */
    return 2 * half;
}
"""

TEST_C = """/*
 * test_one.c: tests of one.
 */
/* Why. */
/* [R-9000-4.5-2] */
START_TEST(one_is_one)
{
}
END_TEST

START_TEST(one_is_more_than_none) /* [R-9000-4.5-2] */
{
}
END_TEST

START_TEST(one_is_not_two)
{
}
END_TEST
"""

CLEAN = {"docs/requirements.tsv": HEAD + DONE + LATER + NEVER, "ref/base/one.c": ONE_C,
         "tests/base/test_one.c": TEST_C}


def trace(root, *options):
    done = subprocess.run([sys.executable, str(TRACE), "--root", str(root), *options],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    for name, text in CLEAN.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    status, output = trace(tmp_path)
    assert status == 0, output
    return tmp_path


def change(root, name, old, new):
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_clean_tree_passes_and_is_counted(tree):
    status, output = trace(tree, "--check")
    assert status == 0
    assert output == "trace: 3 requirements: 1 done, 1 later, 1 exception\n"


def test_the_page_says_where_and_by_which_tests(tree):
    page = (tree / "docs/REQUIREMENTS.md").read_text()
    assert "### 9000 section 4.5" in page
    assert ("| R-9000-4.5-2 | MUST NOT | No byte is sent at or beyond the final size. "
            "| `base/one.c:table`<br>`base/one.c:gn_one_get` "
            "| `one_is_one`<br>`one_is_more_than_none` |") in page
    assert "*later: tokens*" in page and "*exception: a property of time*" in page
    assert "| RFC 9000 | 2 | 0 | 1 | 1 | 0 |" in page
    assert "| tokens | 1 |" in page


def test_lines_that_move_do_not_make_it_stale(tree):
    change(tree, "ref/base/one.c", "static int\none_half", "\n\nstatic int\none_half")
    assert trace(tree, "--check")[0] == 0


def test_check_writes_nothing(tree):
    (tree / "docs/REQUIREMENTS.md").unlink()
    status, output = trace(tree, "--check")
    assert status == 1 and "stale" in output
    assert not (tree / "docs/REQUIREMENTS.md").exists()


BREACHES = {
    "no tag in the core": ("ref/base/one.c", "[R-9000-4.5-2]", "", "nothing in ref/ says where"),
    "no tag in a test": ("tests/base/test_one.c", "[R-9000-4.5-2]", "", "no test pins it"),
    "an unknown tag in the core": ("ref/base/one.c", "Twice.", "Twice. [R-9000-4.5-3]",
                                   "R-9000-4.5-3 is not in"),
    "an unknown tag in a test": ("tests/base/test_one.c", "Why.", "Why. [R-9000-99-1]",
                                 "R-9000-99-1 is not in"),
    "a tag above no test": ("tests/base/test_one.c", "/* Why. */",
                            "/* [R-9000-4.5-2] */\nstatic int why;", "stands above no test"),
    "a test of what is not done": ("tests/base/test_one.c", "Why.", "Why. [R-9000-8.1.1-1]",
                                   "is not done, but a test pins it"),
    "no head": ("docs/requirements.tsv", HEAD, HEAD[3:], "names the columns"),
    "a column too few": ("docs/requirements.tsv", "\tdone\t-\t", "\tdone\t", "4 columns"),
    "a malformed id": ("docs/requirements.tsv", "R-9000-8.1.1-1", "R-9000-8.1.1", "is no id"),
    "an id twice": ("docs/requirements.tsv", LATER, LATER + LATER, "is there twice"),
    "out of order": ("docs/requirements.tsv", DONE + LATER, LATER + DONE, "out of order"),
    "an unknown level": ("docs/requirements.tsv", "MUST\tlater", "OUGHT\tlater", "is no level"),
    "an unknown state": ("docs/requirements.tsv", "\tlater\t", "\tsoon\t", "is no state"),
    "a reason for what is done": ("docs/requirements.tsv", "\tdone\t-", "\tdone\twhy", "a note"),
    "no reason": ("docs/requirements.tsv", "a property of time", "-", "a note"),
    "no capability": ("docs/requirements.tsv", "\ttokens\t", "\t\t", "a note"),
    "no sentence": ("docs/requirements.tsv", "how it came.", "how it came", "not a sentence"),
    "another function": ("ref/base/one.c", "gn_one_get", "gn_one_twice", "stale"),
    "another test": ("tests/base/test_one.c", "one_is_one", "one_is_itself", "stale"),
    "other words": ("docs/requirements.tsv", "No byte", "Not a byte", "stale"),
    "a page edited by hand": ("docs/REQUIREMENTS.md", "No byte", "Not a byte", "stale"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_breach_is_told(tree, name):
    path, old, new, message = BREACHES[name]
    change(tree, path, old, new)
    status, output = trace(tree, "--check")
    assert status == 1
    assert message in output
