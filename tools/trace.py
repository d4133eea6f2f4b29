#!/usr/bin/env python3
"""trace.py [--root DIR] [--check]: from requirements to code to tests.

docs/requirements.tsv has one row a requirement: id, level, state, note, and what
is required. The state is `done`; `later`, the note naming the capability it
belongs to; or `exception`, the note giving the reason. Where the core decides,
a comment carries the id in brackets, and so does a comment above each test that
pins it. This program writes docs/REQUIREMENTS.md from the three. With --check
it writes nothing and ends with status 1 when a row is malformed, a tag names no
row or stands above no test, a done row lacks a tag in the core or in the tests,
a row that is not done has a test, or the page is stale.
"""
import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

TABLE, PAGE = "docs/requirements.tsv", "docs/REQUIREMENTS.md"
HEAD = "id\tlevel\tstate\tnote\trequirement"
ID = re.compile(r"R-(\d{4})-(\d+(?:\.\d+)*)-(\d+)$")
TAG = re.compile(r"\[(R-\d{4}-[^\]\s]*)\]")
LEVELS = {"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"}
STATES = {"done", "later", "exception"}
TITLES = {"9000": "RFC 9000: the transport", "9001": "RFC 9001: with TLS",
          "9002": "RFC 9002: loss and congestion", "9221": "RFC 9221: datagrams",
          "9287": "RFC 9287: the QUIC bit", "9368": "RFC 9368: compatible version negotiation",
          "9369": "RFC 9369: version 2"}


def order(name):
    """Requirements in the order of their documents."""
    rfc, section, number = ID.match(name).groups()
    return int(rfc), [int(part) for part in section.split(".")], int(number)


def read_table(text):
    """The rows by id, and what is wrong with the table: [(line, message)]."""
    rows, wrong = {}, []
    lines = text.split("\n")
    if lines[0] != HEAD:
        wrong.append((1, "the first line names the columns"))
    for number, line in enumerate(lines[1:], 2):
        if not line and number == len(lines):
            break
        cells = line.split("\t")
        if len(cells) != 5:
            wrong.append((number, f"{len(cells)} columns, 5 wanted"))
            continue
        name, level, state, note, words = cells
        if not ID.match(name):
            wrong.append((number, f"{name} is no id such as R-9000-4.5-2"))
            continue
        if name in rows:
            wrong.append((number, f"{name} is there twice"))
        elif rows and order(name) < order(list(rows)[-1]):
            wrong.append((number, f"{name} is out of order"))
        if level not in LEVELS:
            wrong.append((number, f"{name}: {level} is no level"))
        if state not in STATES:
            wrong.append((number, f"{name}: {state} is no state"))
        elif (state == "done") != (note == "-") or not note:
            wrong.append((number, f"{name}: a note is for what is not done, and needed there"))
        if len(words) < 10 or not words.endswith("."):
            wrong.append((number, f"{name}: the requirement is not a sentence"))
        rows[name] = (level, state, note, words)
    return rows, wrong


def name_at(lines, at):
    """The function or table that a line is in, or else the next one; None: there is none."""
    definition = re.compile(r"([a-z_]\w*)\((?!.*;$)")
    opener = re.compile(r"(?:static|typedef|enum|struct)\b.*?(\w+)(?:\[.*\])* (?:= )?\{$")
    for line in lines[at::-1]:
        if line.startswith("}"):
            break
        match = definition.match(line) or opener.match(line)
        if match:
            return match.group(1)
    declared = (re.compile(r".*?\b(gn_\w+)\("), definition, opener,
                re.compile(r"(?:#define|enum \{|static const .*?(?=\w+\[)) ?(\w+)"))
    for line in lines[at:]:
        if not line.startswith((" ", "/", "}")):
            for pattern in declared:
                match = pattern.match(line)
                if match:
                    return match.group(1)
    return None


def read_core(root):
    """Where the core decides: {id: ["file:function", ...]}."""
    places = defaultdict(list)
    for path in sorted((root / "ref").rglob("*.[ch]")):
        lines = path.read_text().split("\n")
        for at, line in enumerate(lines):
            for name in TAG.findall(line):
                place = f"{path.relative_to(root / 'ref')}:{name_at(lines, at)}"
                if place not in places[name]:
                    places[name].append(place)
    return places


def read_tests(root):
    """The tests that pin: {id: [test, ...]}, and tags above no test: [(file, line, id)]."""
    tests, lost = defaultdict(list), []
    for path in sorted((root / "tests").rglob("test_*.c")):
        waiting, comment = [], False
        for number, line in enumerate(path.read_text().split("\n"), 1):
            comment = comment or line.startswith("/*")
            waiting += [(number, name) for name in TAG.findall(line)]
            test = re.match(r"START_TEST\((\w+)\)", line)
            if test:
                for _, name in waiting:
                    tests[name].append(test.group(1))
            if not comment:
                lost += [] if test else [(path.relative_to(root), *tag) for tag in waiting]
                waiting = []
            if "*/" in line:
                comment = False
    return tests, lost


def breaches(rows, core, tests, lost):
    """What the tags and the rows say against each other: (where, message)."""
    for name in sorted(set(core) | set(tests)):
        if name not in rows:
            yield (core.get(name) or tests[name])[0], f"{name} is not in {TABLE}"
    for path, number, name in lost:
        yield f"{path}:{number}", f"{name} stands above no test"
    for name, (_, state, _, _) in rows.items():
        if state == "done" and name not in core:
            yield TABLE, f"{name} is done, but nothing in ref/ says where"
        if state == "done" and name not in tests:
            yield TABLE, f"{name} is done, but no test pins it"
        if state != "done" and name in tests:
            yield TABLE, f"{name} is not done, but a test pins it"


def counts(rows):
    """A table of how many there are of each state."""
    lines = ["| | MUST, MUST NOT | SHOULD and less | done | later | exception |",
             "|---|--:|--:|--:|--:|--:|"]
    total = Counter()
    for rfc in sorted({ID.match(name).group(1) for name in rows}):
        here = Counter()
        for name, (level, state, _, _) in rows.items():
            if ID.match(name).group(1) == rfc:
                here[state] += 1
                here["must" if level.startswith("MUST") else "less"] += 1
        total += here
        lines.append(count_line(f"RFC {rfc}", here))
    return lines + [count_line("all", total)]


def count_line(title, here):
    keys = ("must", "less", "done", "later", "exception")
    return f"| {title} | " + " | ".join(str(here[key]) for key in keys) + " |"


def page(rows, core, tests):
    """docs/REQUIREMENTS.md, whole."""
    out = ["# Requirements", "",
           "Made by `tools/trace.py` from [requirements.tsv](requirements.tsv) and the tags in "
           "sources and tests; `make tidy` checks it.",
           "Each row says in our words what an RFC asks for, where the core decides, and which "
           "tests pin it.", "", *counts(rows)]
    rfc = section = None
    for name, (level, state, note, words) in rows.items():
        match = ID.match(name)
        if match.group(1) != rfc:
            rfc = match.group(1)
            out += ["", f"## {TITLES.get(rfc, 'RFC ' + rfc)}"]
            section = None
        if match.group(2) != section:
            section = match.group(2)
            out += ["", f"### {rfc} section {section}", "",
                    "| id | | requirement | where | tests |", "|---|---|---|---|---|"]
        where = f"*{state}: {note}*" if state != "done" else code(core[name])
        out.append(f"| {name} | {level} | {words} | {where} | {code(tests.get(name, []))} |")
    later = Counter(note for _, state, note, _ in rows.values() if state == "later")
    out += ["", "## What is to come", "", "| capability | requirements |", "|---|--:|"]
    out += [f"| {note} | {later[note]} |" for note in sorted(later)]
    return "\n".join(out) + "\n"


def code(names):
    return "<br>".join(f"`{name}`" for name in names)


def main(arguments):
    parser = argparse.ArgumentParser(description="from requirements to code to tests")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is wrong")
    options = parser.parse_args(arguments)
    rows, wrong = read_table((options.root / TABLE).read_text())
    core = read_core(options.root)
    tests, lost = read_tests(options.root)
    found = [(f"{TABLE}:{line}", message) for line, message in wrong]
    found += breaches(rows, core, tests, lost)
    text, target = page(rows, core, tests), options.root / PAGE
    if options.check and not found and (not target.exists() or target.read_text() != text):
        found.append((PAGE, "is stale: run tools/trace.py"))
    for where, message in found:
        print(f"{where}: {message}")
    if found:
        print(f"trace: {len(found)} breaches")
        return 1
    if not options.check:
        target.write_text(text)
    states = Counter(state for _, state, _, _ in rows.values())
    print(f"trace: {len(rows)} requirements: " +
          ", ".join(f"{states[state]} {state}" for state in ("done", "later", "exception")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
