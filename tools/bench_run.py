"""bench_run.py: what the benches share: building a tool, running it, counting its instructions."""
import re
import resource
import subprocess
import sys
from pathlib import Path

FOLDER = Path("build/bench")
WOLF = ["-isystem", ".deps/wolfssl/include", "-DWOLFSSL_USER_SETTINGS"]
FLAGS = ["-std=c11", "-O2", "-g", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror",
         "-D_POSIX_C_SOURCE=200809L", "-I.", "-Iref", "-Wl,--gc-sections"]


def run(command):
    """What a command prints; the program ends when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def cpu_seconds(command):
    """CPU time of one run, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(command, profile=FOLDER / "callgrind.out"):
    """Instructions of one run. The counts stay in profile."""
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
                           *command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    found = re.search(r"refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"valgrind {' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return int(found[1].replace(",", ""))


def compile_tool(name, *others):
    """Builds tools/NAME.c with the core's and the simulator's objects, and what else it needs."""
    objects = [*Path("build/opt/ref").rglob("*.o"), "build/opt/sim/certificates.o"]
    target = FOLDER / name
    run(["gcc", *FLAGS, *WOLF, f"tools/{name}.c", *map(str, [*others, *objects]),
         ".deps/wolfssl/lib/libgnomon_wolf.a", "-lpthread", "-lm", "-o", str(target)])
    return str(target)


def named_values(text):
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}
