"""wp.py: how Frama-C's WP is asked about a file of a tree; used by prove and mutate."""
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

PROVERS = "cvc4,cvc5,z3"
LINE = re.compile(r"(\S+)\s+(P\d)\s+(\d+)/(\d+)((?:\s+(?:wraps|split|but=\w+))*)")
DEFINED = re.compile(r"^(\w+)\([^;]*?\)\n\{", re.M)
INCLUDE = re.compile(r'^#include "(\w+/\w+\.h)"', re.M)
LEMMA = re.compile(r"^\s*lemma\s", re.M)
TALLY = re.compile(r"Proved goals:\s*(\d+)\s*/\s*(\d+)")
UNPROVED = re.compile(r"^\[wp\] \[(?:Failed|Timeout|Unknown|Unsuccess|Stepout)\].*", re.M)
OPEN = re.compile(UNPROVED.pattern.replace(".*", r" Goal (?:typed_)?(\w+)"))
VALID = re.compile(r"^\[wp\] \[[^]]*\] Goal (?:typed_)?(\w+) : Valid(.*)", re.M)
TOOK = re.compile(r"\(([\d.]+)(m?)s\)")
PROGRAM = re.compile(r'^((?:path|command|command_steps) = ")([\w/]+)', re.M)
NUMBERS = re.compile(r"(_part\d+|_\d+)+$")

# A line of files.txt.
Entry = namedtuple("Entry", "name level proved goals notes")
# What came of a run: goals proved of goals, the lines about the others, the seconds that it took
# by the clock, and those of the processor in the provers that had the answers, now or when kept.
Outcome = namedtuple("Outcome", "proved goals unproved seconds prover_seconds")


class Wp:
    """The proofs of the tree at root; logs and the provers' answers go to its build/folder."""

    def __init__(self, root, provers_at_a_time, processor_seconds=None, folder="prove"):
        self.root = Path(root)
        self.list = self.root / "proofs" / "files.txt"
        self.answers = self.root / "proofs" / "answers.txt"
        self.proved = self.root / "proofs" / "proved.txt"
        self.build = self.root / "build" / folder
        self.cache = self.build / "cache"
        self.par = str(provers_at_a_time)
        self.conf = self.build / "why3.conf"
        self.processor_seconds = processor_seconds

    def set_up(self):
        """Before the first run: Why3's configuration and the answers that are kept."""
        self.cache.mkdir(parents=True, exist_ok=True)
        subprocess.run([self.root / "proofs" / "why3-setup", self.conf], check=True)
        if self.processor_seconds is not None:
            self.conf.write_text(PROGRAM.sub(self.limited, self.conf.read_text()))

    def limited(self, match):
        """Puts a prover behind a limit of processor time, which a busy machine does not shorten."""
        begin, prover = match.groups()
        wrapper = self.build / Path(prover).name
        wrapper.write_text(f"#!/bin/sh\nexec prlimit --cpu={self.processor_seconds} "
                           f'{prover} "$@"\n')
        wrapper.chmod(0o755)
        return begin + str(wrapper)

    def entries(self):
        """The lines of files.txt."""
        for number, line in enumerate(self.list.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = LINE.fullmatch(line)
            if not match:
                sys.exit(f"{self.list}:{number}: expected "
                         "`file level n/m [wraps] [split] [but=FUNCTION]`")
            name, level, proved, goals, notes = match.groups()
            yield Entry(name, level, int(proved), int(goals), notes.split())

    def sources(self, name):
        """The files that a line of files.txt speaks of: the source and its header."""
        folder = "proofs" if name.startswith("harness/") else "ref"
        source = self.root / folder / name
        both = dict.fromkeys((source, source.with_suffix(".h")))
        return [path for path in both if path.exists()]

    def included(self, paths):
        """These files and all of ours that they include."""
        seen, todo = set(), list(paths)
        while todo:
            path = todo.pop()
            if path not in seen:
                seen.add(path)
                todo += [self.root / "ref" / name for name in INCLUDE.findall(path.read_text())]
        return seen

    def common(self, name, notes, seconds):
        return [
            "frama-c", "-c11", "-machdep", "gcc_x86_64",
            # Frama-C 25 does not read _Alignas; no proof speaks of alignment.
            f"-cpp-extra-args=-I{self.root / 'ref'} '-D_Alignas(n)='",
            "-wp", "-wp-model", "Typed", "-wp-prover", PROVERS, "-wp-timeout", str(seconds),
            "-wp-par", self.par, "-wp-session", str(self.build / "session"),
            "-wp-cache", "update", "-wp-cache-dir", str(self.cache), str(self.sources(name)[0]),
            *(["-wp-split"] if "split" in notes else []),
            "-wp-rte", *([] if "wraps" in notes else ["-warn-unsigned-overflow"]),
            "-warn-unsigned-downcast", "-warn-signed-downcast",
        ]

    def file_commands(self, name, notes, seconds):
        """What to run for a file: WP over its functions, and over its lemmas if it has any."""
        own = set(self.sources(name))
        common = self.common(name, notes, seconds)
        # What other headers define inline is proved with them; here its contract stands for it.
        others = defined(self.included(own) - own) - defined(own)
        others |= {note.removeprefix("but=") for note in notes if note.startswith("but=")}
        yield common + [
            # The arm of an assertion that fails is dead code on purpose.
            "-wp-smoke-tests", "-wp-smoke-timeout", "2", "-wp-no-smoke-dead-code",
            *(["-wp-skip-fct", ",".join(sorted(others))] if others else ["-wp-prop=-@lemma"]),
        ]
        # A choice of functions leaves the lemmas out.
        if any(LEMMA.search(path.read_text()) for path in own):
            yield common + ["-wp-prop=@lemma"]

    def file(self, name, notes, seconds):
        """The whole of a file, smoke tests included."""
        return self.run(self.file_commands(name, notes, seconds), name.replace("/", "_"))

    def digest(self, entry, version):
        """A hash of a tally and all it depends on: texts, options, the version of Frama-C."""
        name, notes = entry.name, entry.notes
        digest = hashlib.sha256(f"{version} {entry.proved}/{entry.goals}".encode())
        for command in self.file_commands(name, notes, 0):
            # Which machine, how long and how many at a time does not matter.
            words = [word.replace(str(self.root), "") for word in command]
            del words[words.index("-wp-par"):words.index("-wp-par") + 2]
            digest.update("\0".join(words).encode())
        for path in sorted(self.included(self.sources(name))):
            digest.update(f"\0{path.relative_to(self.root)}\0".encode() + path.read_bytes())
        return digest.hexdigest()[:32]

    def unchanged(self):
        """The digests of proved.txt, by file."""
        if not self.proved.exists():
            return {}
        return dict(line.split() for line in self.proved.read_text().splitlines())

    def keep_digests(self, digests):
        """Writes which texts were proved whole; what is not named there is asked again."""
        self.proved.write_text("".join(f"{name} {digest}\n" for name, digest in digests.items()))

    def commands(self, name, notes, function, seconds):
        """What to run for one function of a file, or for the whole file if function is None."""
        if function is None:
            yield from self.file_commands(name, notes, seconds)
        else:
            yield self.common(name, notes, seconds) + ["-wp-fct", function]

    def function(self, name, notes, function, seconds):
        """One function of a file, without smoke tests; the whole file if function is None."""
        return self.run(self.commands(name, notes, function, seconds),
                        f"{name.replace('/', '_')}.{function}")

    def seconds_taken(self, name, function):
        """How long the last run of function() took for goals, by their names without numbers."""
        log = self.build / f"{name.replace('/', '_')}.{function}.log"
        taken = {}
        for goal, rest in VALID.findall(log.read_text()):
            goal = NUMBERS.sub("", goal)
            taken[goal] = max(taken.get(goal, 0), seconds_said(rest))
        return taken

    def first_open(self, commands, counts):
        """Runs the commands up to the first open goal that counts; its name, "" if there is none.

        None when Frama-C itself failed.
        """
        for command in commands:
            lines = []
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, cwd=self.root, start_new_session=True,
                                  env={**os.environ, "WHY3CONFIG": str(self.conf)}) as running:
                for line in running.stdout:
                    lines.append(line)
                    goal = OPEN.match(line)
                    if goal and counts(NUMBERS.sub("", goal[1])):
                        os.killpg(running.pid, signal.SIGKILL)
                        return goal[1]
            if running.returncode != 0 or not TALLY.search("".join(lines)):
                print("frama-c failed\n" + "".join(lines[-8:]))
                return None
        return ""

    def run(self, commands, log_name):
        """Runs the commands and adds their tallies up; None when Frama-C itself failed."""
        began = time.monotonic()
        proved = goals = prover_seconds = 0
        unproved = []
        log = self.build / f"{log_name}.log"
        log.write_text("")
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, cwd=self.root,
                                  env={**os.environ, "WHY3CONFIG": str(self.conf)})
            text = done.stdout + done.stderr
            with log.open("a") as out:
                out.write(" ".join(command) + "\n" + text)
            tally = TALLY.search(text)
            if done.returncode != 0 or not tally:
                print(f"frama-c failed, see {log}\n" + "\n".join(text.splitlines()[-8:]))
                return None
            proved += int(tally[1])
            goals += int(tally[2])
            unproved += UNPROVED.findall(text)
            prover_seconds += sum(seconds_said(rest) for _, rest in VALID.findall(text))
        return Outcome(proved, goals, list(dict.fromkeys(unproved)), time.monotonic() - began,
                       prover_seconds)

    def take_answers(self):
        """Puts the answers of answers.txt into the cache, where they are not there."""
        if not self.answers.exists():
            return
        for line in self.answers.read_text().splitlines():
            key, prover, verdict, *seconds = line.split()
            path = self.cache / f"{key}.json"
            if not path.exists():
                answer = {"prover": prover, "verdict": verdict}
                if seconds:
                    answer["time"] = float(seconds[0])
                path.write_text(json.dumps(answer))

    def keep_answers(self):
        """Writes what is in the cache to answers.txt."""
        lines = []
        for path in sorted(self.cache.glob("*.json")):
            # Frama-C writes 2 seconds as `2.`, which is no JSON.
            answer = json.loads(re.sub(r"(\d\.)(?=[ ,}])", r"\g<1>0", path.read_text()))
            seconds = f" {answer['time']:.2f}" if "time" in answer else ""
            lines.append(f"{path.stem} {answer['prover']} {answer['verdict']}{seconds}")
        self.answers.write_text("\n".join(lines) + "\n")


def seconds_said(text):
    """How long a prover took, as Frama-C says it behind a goal."""
    return sum(float(number) / (1000 if milli else 1) for number, milli in TOOK.findall(text))


def defined(paths):
    """What these files define: the return type has its own line, the name begins the next."""
    return {name for path in paths for name in DEFINED.findall(path.read_text())}


def frama_c_version():
    """As Frama-C says it, `25.0 (Manganese)`."""
    return subprocess.run(["frama-c", "-version"], capture_output=True, text=True).stdout.strip()
