#!/usr/bin/env python3
"""tidy.py [--root DIR]: the house rules that a machine can check.

Prints every breach as `file:line: what is wrong` and ends with status 1 when
there was one. Each rule is a function that yields (path, line, message); the
list RULES at the end is all there is. Rules about objects look at build/opt
(`make tidy` builds it first); tests/tools/test_tidy.py shows that each bites.
"""
import argparse
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FILE_LINES, FUNCTION_LINES, COLUMNS = 500, 70, 100
# Folders that are made, and those whose files are somebody else's bytes.
SKIP = {"build", ".deps", ".git", "__pycache__", ".pytest_cache", ".mypy_cache", "patches",
        "corpus", "findings", "cache"}
TEXT = {".c", ".h", ".py", ".md", ".mk", ".yaml", ".sh", ""}

# Not for the core: the caller's memory, time and randomness, and C's old traps.
BANNED = set("""malloc calloc realloc free alloca aligned_alloc strdup strcpy strcat strtok sprintf
    vsprintf gets scanf sscanf atoi atol rand srand random drand48 time clock clock_gettime
    gettimeofday getrandom getentropy getenv setenv fopen open read write close socket bind send
    sendto recv recvfrom sleep usleep nanosleep setjmp longjmp system fork exit printf puts
    """.split())
# Printing and stopping is what a failed assertion does.
TRAP_FILE = "ref/base/assert.c"
# The only files of the core with conditional compilation beyond include guards.
CONDITIONAL = {"ref/base/assert.h", "ref/base/ct.c", "ref/base/err.h"}
# What tests/main.c runs.
CASES = ("good", "hostile", "limits", "table", "vectors", "random")
PUBLIC = re.compile(r"(?:ref/)?gnomon(_\w+)?\.h$")
PUBLIC_MAY_INCLUDE = re.compile(r"base/(err|time)\.h$|gnomon_\w+\.h$")
# Floors that implement calls of the public header, and so may include it.
PUBLIC_IMPLEMENTED = {"conn", "endpoint"}


class Tree:
    """The files of the project, read once."""

    def __init__(self, root):
        self.root = root
        self.text = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIP)
            for name in sorted(set(names) - SKIP):
                path = Path(folder, name)
                if path.suffix in TEXT and not path.is_symlink():
                    try:
                        self.text[path.relative_to(root).as_posix()] = path.read_text()
                    except UnicodeDecodeError:
                        continue
        self.lines = {path: text.split("\n") for path, text in self.text.items()}
        self.c = [path for path in self.text if path.endswith((".c", ".h"))]
        self.core = [path for path in self.c if path.startswith("ref/")]
        self.code = {path: blank(self.text[path]) for path in self.c}
        files = self.text.get("files.mk", "")
        order = re.search(r"^FLOORS\s*:?=\s*(.+)$", files, re.M)
        self.floors = order.group(1).split() if order else []


def blank(text):
    """C without comments and the insides of strings; every line stays where it was."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''

    def replace(match):
        piece = match.group(0)
        if piece.startswith("/"):
            return re.sub(r"[^\n]", " ", piece)
        return piece[0] + " " * (len(piece) - 2) + piece[-1]
    return re.sub(pattern, replace, text, flags=re.S)


def noun_of(path):
    return re.sub(r"^(test|prop|fuzz)_", "", Path(path).stem)


def floor_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "ref" and len(parts) > 2 else None


def rule_layout(tree):
    """Length, width, tabs, blanks at the end, a newline at the end."""
    for path, lines in tree.lines.items():
        suffix = Path(path).suffix
        if suffix in (".c", ".h", ".py") and len(lines) - 1 > FILE_LINES:
            yield path, 1, f"{len(lines) - 1} lines, {FILE_LINES} allowed"
        if path != "LICENSE" and tree.text[path] and not tree.text[path].endswith("\n"):
            yield path, len(lines), "no newline at the end"
        for number, line in enumerate(lines, 1):
            if line != line.rstrip() and suffix != ".md":
                yield path, number, "blanks at the end of the line"
            if suffix not in (".c", ".h", ".py"):
                continue
            if len(line) > COLUMNS:
                yield path, number, f"{len(line)} columns, {COLUMNS} allowed"
            if "\t" in line:
                yield path, number, "a tab"


def rule_opening(tree):
    """Every file opens by saying what it is."""
    for path in tree.c:
        if not tree.text[path].startswith(f"/*\n * {Path(path).name}: "):
            yield path, 1, f"does not open with /*, newline, ' * {Path(path).name}: ...'"
    for path in tree.text:
        if path.endswith(".py") and tree.text[path].strip():
            body = re.sub(r"^#!.*\n", "", tree.text[path])
            if not body.startswith(('"""', 'r"""')):
                yield path, 1, "does not open with a docstring"


def rule_comments(tree):
    """No empty doc comments, no // comments but //@, no TODO without the number of its issue."""
    for path in tree.c:
        for match in re.finditer(r"/\*[*\s@]*\*/", tree.text[path]):
            yield path, tree.text[path].count("\n", 0, match.start()) + 1, "an empty comment"
        outside = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"',
                         lambda match: re.sub(r"[^\n]", " ", match.group(0)),
                         tree.text[path], flags=re.S)
        for number, line in enumerate(outside.split("\n"), 1):
            if re.search(r"//(?!@)", line):
                yield path, number, "comments are /* */ here"
    for path, lines in tree.lines.items():
        if path.endswith("tidy.py"):
            continue
        for number, line in enumerate(lines, 1):
            if re.search(r"\b(TODO|FIXME|XXX)\b(?!\s*#\d)", line):
                yield path, number, "a TODO needs the number of its issue"


def rule_speaks_of_itself(tree):
    """No path of somebody's machine anywhere; no addresses in the core."""
    private = re.compile(r"(?<![\w.])/(home|root|work|Users|tmp/plan)/")
    for path, lines in tree.lines.items():
        if path.endswith("tidy.py"):
            continue
        for number, line in enumerate(lines, 1):
            if private.search(line):
                yield path, number, "a path of one machine"
            if path.startswith("ref/") and re.search(r"https?://", line):
                yield path, number, "sources cite `RFC NNNN S`, not addresses"


def rule_includes(tree):
    """A file includes its own floor or lower ones, and its own header first."""
    level = {floor: at for at, floor in enumerate(tree.floors)}
    for path in tree.core:
        here = floor_of(path)
        own = f"{here}/{Path(path).stem}.h" if f"{path[:-2]}.h" in tree.text else None
        seen = 0
        for number, line in enumerate(tree.lines[path], 1):
            match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
            if not match:
                continue
            quote, name = match.groups()
            seen += 1
            if path.endswith(".c") and seen == 1 and own not in (None, name):
                yield path, number, "its own header comes first"
            if quote == "<":
                if re.match(r"wolfssl/|gn_wolf", name) and "wolf" not in Path(path).name:
                    yield path, number, "only files named after wolfSSL include it"
                continue
            floor = name.split("/")[0]
            if PUBLIC.match(path):
                if not PUBLIC_MAY_INCLUDE.match(name):
                    yield path, number, f"the public header may not include {name}"
            elif PUBLIC.match(name):
                if here not in PUBLIC_IMPLEMENTED:
                    yield path, number, f"{here} may not look up at {name}"
            elif floor not in level:
                yield path, number, f"{name} is on no floor"
            elif here in level and level[floor] > level[here]:
                yield path, number, f"{here} may not look up at {floor}"


def rule_core_words(tree):
    """No banned calls, no goto, no bit-fields, no conditional compilation in the core."""
    call = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(sorted(BANNED)))
    for path in tree.core:
        guard = 0
        for number, line in enumerate(tree.code[path].split("\n"), 1):
            for match in call.finditer(line):
                if path != TRAP_FILE:
                    yield path, number, f"{match.group(1)}() is not for the core"
            if re.search(r"\bgoto\b", line):
                yield path, number, "goto is not for the core"
            if re.search(r"^\s+(?:unsigned|signed|int|bool|u?int\d+_t)\b[\w\s]*:\s*\d+\s*;", line):
                yield path, number, "bit-fields are not for the core"
            if re.match(r"\s*#\s*(if|ifdef|ifndef|elif)\b", line):
                guard += 1
                first = guard == 1 and path.endswith(".h")
                if not (first and re.match(r"#ifndef GN_\w+_H$", line)) and path not in CONDITIONAL:
                    yield path, number, "conditional compilation is not for the core"


def ctags(tree, paths):
    """Every function definition: (path, name, first line, last line, is it local)."""
    if not paths:
        return
    command = ["ctags", "-f", "-", "--output-format=json", "--fields=+neF", "--kinds-C=f",
               "--language-force=C", *paths]
    output = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=True)
    for line in output.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag":
            yield tag["path"], tag["name"], tag["line"], tag["end"], bool(tag.get("file"))


def rule_functions(tree):
    """Functions are short, and an exported one is named after its file."""
    public = {name for path in tree.c if PUBLIC.match(path)
              for name in re.findall(r"\b(gn_\w+)\s*\(", tree.code[path])}
    for path, name, first, last, local in ctags(tree, tree.c):
        if last - first + 1 > FUNCTION_LINES:
            yield path, first, f"{name} is {last - first + 1} lines, {FUNCTION_LINES} allowed"
        if not floor_of(path) or local or path == TRAP_FILE or name in public:
            continue
        if path.endswith(".h") and "static" in " ".join(tree.lines[path][first - 2:first]):
            continue
        if not re.match(rf"gn_{noun_of(path)}s?(_|$)", name):
            yield path, first, f"{name} is not named after {noun_of(path)}"


def rule_mirror(tree):
    """Every source of the core has its tests, and files.mk knows every source."""
    listed = tree.text.get("files.mk", "")
    for path in tree.core:
        floor = floor_of(path)
        if not path.endswith(".c") or not floor:
            continue
        test = f"tests/{floor}/test_{Path(path).name}"
        if test not in tree.text:
            yield path, 1, f"has no {test}"
        if "$(wildcard ref/" not in listed and not re.search(rf"\b{path[4:-2]}\b", listed):
            yield path, 1, "is not in files.mk"


def rule_cases(tree):
    """The runner runs the cases it knows by name; one of another name would never run."""
    for path in tree.c:
        for number, line in enumerate(tree.lines[path], 1):
            case = re.search(r'tcase_create\("(\w*)"\)', line)
            if path.startswith("tests/") and case and case[1] not in CASES:
                yield path, number, f"a case called {case[1]} (the runner runs {', '.join(CASES)})"


def rule_headers_alone(tree):
    """Each header compiles alone."""
    flags = ["-std=c11", "-fsyntax-only", "-w", "-D_POSIX_C_SOURCE=200809L", "-I.", "-Iref",
             "-Itests", "-Ibuild/gen", "-isystem", ".deps/wolfssl/include",
             "-DWOLFSSL_USER_SETTINGS", "-x", "c"]
    headers = [path for path in tree.c if path.endswith(".h")
               and path.split("/")[0] in ("ref", "sim", "tests")]

    def compile_some(some):
        done = subprocess.run(["gcc", *flags, *some], cwd=tree.root, capture_output=True, text=True)
        errors = re.findall(r"^([^\s:]+):(\d+):.*?error: (.+)$", done.stderr, re.M)
        return [] if done.returncode == 0 else errors or [(some[0], "1", done.stderr.strip())]
    workers = os.cpu_count() or 1
    parts = [headers[at::workers] for at in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        for errors in pool.map(compile_some, [part for part in parts if part]):
            for path, line, message in errors:
                yield path, int(line), f"does not compile alone: {message}"


def symbols(tree):
    """Every symbol that an object of the core defines: (source, section, is it global, name)."""
    objects = sorted((tree.root / "build/opt/ref").rglob("*.o"))
    if not objects:
        return
    output = subprocess.run(["objdump", "--syms", *map(str, objects)], check=True,
                            capture_output=True, text=True).stdout
    source = None
    for line in output.splitlines():
        match = re.match(r"(\S+\.o):\s+file format", line)
        if match:
            source = Path(match.group(1)).relative_to(tree.root / "build/opt")
            source = source.with_suffix(".c").as_posix()
            continue
        match = re.match(r"[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ (?:\.hidden )?(\S+)$", line)
        if match and source in tree.text and match.group(3) != match.group(2):
            yield source, match.group(2), match.group(1)[0] in "gu!", match.group(3)


def rule_symbols(tree):
    """No global that can change, and no exported symbol that no header declares."""
    headers = "\n".join(tree.code[path] for path in tree.core if path.endswith(".h"))
    declared = set(re.findall(r"\bgn_\w+", headers))
    for source, section, exported, name in symbols(tree):
        if section == "*UND*":
            continue
        writable = re.match(r"\.(t?data|t?bss)\b(?!\.rel\.ro)", section) or section == "*COM*"
        if writable:
            yield source, 1, f"{name} can change: the core has constant tables only"
        if exported and name not in declared:
            yield source, 1, f"{name} is exported, but no header declares it"


def slug(heading):
    """The anchor that a Markdown heading gets."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda match: match.group(1) or "", heading)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def rule_links(tree):
    """Markdown links lead somewhere."""
    def prose(text):
        return re.sub(r"^```.*?^```|`[^`\n]*`", lambda match: "\n" * match.group(0).count("\n"),
                      text, flags=re.S | re.M)
    anchors = {path: {slug(head) for head in re.findall(r"^#+\s+(.+)$", tree.text[path], re.M)}
               for path in tree.text if path.endswith(".md")}
    for path in anchors:
        for number, line in enumerate(prose(tree.text[path]).split("\n"), 1):
            for target in re.findall(r"\]\(\s*<?([^)\s>]+)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                there = path
                if name:
                    there = os.path.normpath(os.path.join(os.path.dirname(path), name))
                if not (tree.root / there).exists():
                    yield path, number, f"{target} leads nowhere"
                elif anchor and there in anchors and anchor not in anchors[there]:
                    yield path, number, f"{target}: there is no such heading"


def rule_requirements(tree):
    """Every requirement tagged in the core is pinned by a test and listed."""
    tag = re.compile(r"\[(R-[\w.]+(?:-[\w.]+)*)\]")
    tests = "\n".join(text for path, text in tree.text.items() if path.startswith("tests/"))
    pinned = set(tag.findall(tests))
    listed = tree.text.get("docs/REQUIREMENTS.md")
    for path in tree.core:
        for number, line in enumerate(tree.lines[path], 1):
            for name in tag.findall(line):
                if name not in pinned:
                    yield path, number, f"{name} has no test"
                if listed is not None and name not in listed:
                    yield path, number, f"{name} is not in docs/REQUIREMENTS.md"


RULES = [rule_layout, rule_opening, rule_comments, rule_speaks_of_itself, rule_includes,
         rule_core_words, rule_functions, rule_mirror, rule_cases, rule_headers_alone,
         rule_symbols, rule_links, rule_requirements]


def main(arguments):
    parser = argparse.ArgumentParser(description="the house rules that a machine can check")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    tree = Tree(parser.parse_args(arguments).root.resolve())
    breaches = defaultdict(set)
    for rule in RULES:
        for path, line, message in rule(tree):
            breaches[path].add((line, message))
    for path in sorted(breaches):
        for line, message in sorted(breaches[path]):
            print(f"{path}:{line}: {message}")
    count = sum(len(found) for found in breaches.values())
    if count:
        print(f"tidy: {count} breaches in {len(breaches)} files")
    else:
        print(f"tidy: {len(tree.c)} C files and {len(tree.text) - len(tree.c)} others are in order")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
