"""test_rules.py: every required reaction of tests/conformance_rows.txt is played, or explained."""
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests/conformance_rows.txt"
GROUPS = {"TP": 33, "PKT": 30, "VN": 11, "RTY": 13, "AMP": 11, "LVL": 24, "FRM": 20, "CID": 17,
          "TLS": 25, "KU": 9, "CLS": 8, "SRT": 6}
ROLES = {"client": {"client"}, "server": {"server"}, "both": {"client", "server"}}
ROW = re.compile(r'\{"([A-Z]+-[A-Z]?\d+)(\+?)",\s*"(RFC \d+ [^"]+)",\s*(CLIENT|SERVER|BOTH)\b')


def read_list(text):
    """{id: (sections, roles, where)}; what is malformed raises."""
    rows = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, sections, role, where = line.split("\t")
        if name in rows:
            raise ValueError(f"{name} is there twice")
        if not re.fullmatch(r"RFC \d{4} [\d.]+(, [\d.]+)*", sections):
            raise ValueError(f"{name}: {sections} are no sections")
        rows[name] = (sections, ROLES[role], where)
    return rows


def read_tests(texts):
    """{id: (suites, roles)} of the rows that are played, and the neighbours' ids."""
    played, neighbours = {}, set()
    for suite, text in texts.items():
        for name, plus, _, role in ROW.findall(text):
            if plus:
                neighbours.add(name)
                continue
            suites, roles = played.setdefault(name, (set(), set()))
            suites.add(suite)
            roles |= ROLES[role.lower()]
    return played, neighbours


def breaches(rows, played, neighbours):
    """What the list and the tests say against each other."""
    for name in sorted(set(played) | neighbours):
        if name not in rows:
            yield f"{name} is played, but not in the list"
    for name, (_, roles, where) in rows.items():
        explained = re.match(r"(later|none): \S.{3,}", where)
        if name in played and explained:
            yield f"{name} is played and explained away"
        elif name in played:
            suites, under_test = played[name]
            if where not in suites:
                yield f"{name} is not in {where}"
            if under_test != roles:
                yield f"{name} is played against {sorted(under_test)}, not {sorted(roles)}"
        elif not explained:
            yield f"{name} is neither played nor explained"


def suites():
    return {f"{path.parent.name}/{path.stem[5:]}": path.read_text()
            for path in (ROOT / "tests").glob("*/test_rules_*.c")}


def test_every_rule_is_played_or_explained():
    rows = read_list(LIST.read_text())
    assert Counter(name.split("-")[0] for name in rows) == GROUPS
    assert list(breaches(rows, *read_tests(suites()))) == []


def test_every_row_of_a_table_is_read():
    """No row escapes by the way it is written."""
    for suite, text in suites().items():
        ids = re.findall(r'"([A-Z]+-[A-Z]?\d+\+?)"', text)
        assert len(ids) == len(ROW.findall(text)) > 0, suite


GOOD = 'FRM-001\tRFC 9000 12.4\tboth\tconn/rules_x\nFRM-002\tRFC 9000 1\tclient\tlater: keys\n'
PLAYED = '{"FRM-001", "RFC 9000 12.4", BOTH, CLOSE,\n{"FRM-001+", "RFC 9000 12.4", CLIENT, LIVE,'


def judge(text, played, suite="conn/rules_x"):
    return list(breaches(read_list(text), *read_tests({suite: played})))


def test_a_good_list_passes():
    assert judge(GOOD, PLAYED) == []


@pytest.mark.parametrize("text, played, suite, message", [
    (GOOD, "", "conn/rules_x", "FRM-001 is neither played nor explained"),
    (GOOD, PLAYED, "conn/rules_y", "FRM-001 is not in conn/rules_x"),
    (GOOD, PLAYED.replace("BOTH", "SERVER"), "conn/rules_x", "FRM-001 is played against"),
    (GOOD, PLAYED + '{"FRM-002", "RFC 9000 1", CLIENT,', "conn/rules_x", "explained away"),
    (GOOD, PLAYED + '{"FRM-003", "RFC 9000 1", CLIENT,', "conn/rules_x", "not in the list"),
    (GOOD, PLAYED + '{"FRM-004+", "RFC 9000 1", CLIENT,', "conn/rules_x", "not in the list"),
    (GOOD.replace("later: keys", "later:"), PLAYED, "conn/rules_x", "neither played nor"),
])
def test_a_wrong_list_is_seen(text, played, suite, message):
    assert message in "\n".join(judge(text, played, suite))


@pytest.mark.parametrize("text", ["FRM-001\tRFC 9000 12.4\tboth\n", GOOD + GOOD,
                                  GOOD.replace("RFC 9000 1\t", "9000\t"),
                                  GOOD.replace("both", "peer")])
def test_a_malformed_list_is_refused(text):
    with pytest.raises((ValueError, KeyError)):
        read_list(text)
