"""objects.py: test programs of a tree with as little compiled as they need; used by mutate.

A program is linked from the sources it is asked to be of, and from those that define what these
use, and so on: a suite of one small module is a handful of objects. An object is kept under a hash
of all it is made of, so that a fault in a file costs the objects that see it and a link.
"""
import hashlib
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

COMPILER = ["clang", "-O1", "-std=c11", "-w", "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all", "-fsanitize=fuzzer-no-link"]
LINKER = ["clang", "-fsanitize=address,undefined", "-Wl,--gc-sections"]
WOLF = ".deps/wolfssl"
FOLDERS = (".", "ref", "tests", "gen")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
# A definition that other files can name: not static; a function has its type on a line of its own.
FUNCTION = re.compile(r"^(?!static\b|[ #}/])[^\n;(]*\n(\w+)\([^;{]*?\)\n\{", re.M)
TABLE = re.compile(r"^(?!static\b|[ #}/]|extern\b|typedef\b)\w[\w \*]*?\b(\w+)(?:\[[^\]\n]*\])* = ",
                   re.M)


def names(made):
    """What a program is made of, for a hash."""
    return sorted(path.name for path in made)


class Fails(Exception):
    """What the compiler or the linker said."""


def call(command, root):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise Fails("\n".join((done.stdout + done.stderr).splitlines()[-15:]))
    return done.stdout


class Objects:
    """The objects and programs of the tree at root, which may change between two calls."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.store = self.root / "objects"
        self.store.mkdir(exist_ok=True)
        (self.root / "gen").mkdir(exist_ok=True)
        self.tests = [str(path.relative_to(root)) for path in
                      sorted(self.root.glob("tests/*/*.c"))]
        for name in ("suites.h", "prop.h"):
            self.generate(name, f"gen/{name}", self.tests)
        self.pool = ThreadPoolExecutor(os.cpu_count())

    def generate(self, what, path, sources):
        (self.root / path).parent.mkdir(exist_ok=True)
        (self.root / path).write_text(call(["tools/generate", what, *sources], self.root))

    @cached_property
    def definers(self):
        """Which source defines a name, of those that are no suite and no main."""
        sources = [*self.root.glob("ref/*/*.c"), *self.root.glob("sim/*.c"),
                   *self.root.glob("tests/support/*.c"), *self.root.glob("tests/prop/*.c")]
        found = {}
        for path in sources:
            text = path.read_text()
            for name in (*FUNCTION.findall(text), *TABLE.findall(text)):
                if name != "main":
                    found[name] = str(path.relative_to(self.root))
        return found

    def seen_by(self, source, folders):
        """The files that a source is made of."""
        seen, todo = {}, [self.root / source]
        while todo:
            path = todo.pop()
            if path not in seen:
                seen[path] = path.read_text()
                for name in INCLUDE.findall(seen[path]):
                    near = (path.parent / name, *(self.root / folder / name for folder in folders))
                    todo += [p.resolve() for p in near if p.exists()][:1]
        return seen

    def object(self, source, folders=FOLDERS, *words):
        """Compiles a source, unless that was done before; returns the object."""
        options = [*COMPILER, *words, *(f"-I{folder}" for folder in folders)]
        if not source.startswith("ref/"):
            options.append("-D_POSIX_C_SOURCE=200809L")
        if "wolf" in Path(source).name:
            options += ["-isystem", f"{WOLF}/include", "-DWOLFSSL_USER_SETTINGS"]
        seen = self.seen_by(source, folders)
        digest = hashlib.sha256("\0".join(options).encode())
        for path in sorted(seen):
            digest.update(f"\0{path.relative_to(self.root)}\0{seen[path]}".encode())
        made = self.store / f"{Path(source).stem}-{digest.hexdigest()[:24]}.o"
        if not made.exists():
            part = made.with_suffix(".part")
            call([*options, "-c", source, "-o", str(part)], self.root)
            part.rename(made)
        return made

    def needs(self, made):
        """The sources that define what an object uses; asked once, and kept beside it."""
        kept = made.with_suffix(".needs")
        if not kept.exists():
            kept.write_text(call(["nm", "-u", "--format=just-symbols", str(made)], self.root))
        return {self.definers[name] for name in kept.read_text().split() if name in self.definers}

    def closed(self, first):
        """These objects and those of all sources they need."""
        made, todo, seen = list(first), set(), set()
        for one in first:
            todo |= self.needs(one)
        while todo - seen:
            now = sorted(todo - seen)
            seen |= todo
            for one in self.pool.map(self.object, now):
                made.append(one)
                todo |= self.needs(one)
        return made

    def link(self, made, target, *words):
        """Links objects, unless the program is made of them already; returns a hash of them."""
        digest = hashlib.sha256(" ".join(names(made)).encode()).hexdigest()
        of = target.with_suffix(".of")
        if not target.exists() or not of.exists() or of.read_text() != digest:
            of.unlink(missing_ok=True)
            checks = call(["pkg-config", "--libs", "check"], self.root).split()
            call([*LINKER, *words, *map(str, made), f"{WOLF}/lib/libgnomon_wolf.a", "-lyaml",
                  *checks, "-lpthread", "-lm", "-o", str(target)], self.root)
            of.write_text(digest)
        return digest

    def suites(self, chosen):
        """The test program of some suites: its objects."""
        sources = [f"tests/{'/test_'.join(name.split('/'))}.c" for name in chosen]
        folder = "gen/" + "-".join(chosen).replace("/", "_")
        self.generate("suites.inc", f"{folder}/suites.inc", sources)
        main = self.object("tests/main.c", (*FOLDERS, folder))
        return self.closed([main, *self.pool.map(self.object, sources)])

    def fuzzer(self, noun):
        """The fuzz target of a property: its objects."""
        driver = self.object("fuzz/driver.c", FOLDERS, f"-DGN_PROP=gn_prop_{noun}")
        return self.closed([driver])
