#!/usr/bin/env python3
"""run_tests.py: runs everything that `make test` promises and adds up the counts.

Check's suites, pytest over tests/ and pyffi/, and each scenario once with
--twice under the sanitizers. The last line is "N passed, N failed", with
", N skipped" when something was; the status is 0 only when nothing failed.
"""
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECK = "build/asan/gnomon-test"
SIMULATOR = "build/asan/gnomon-sim"
WHAT = ("passed", "failed", "skipped")
COUNT = re.compile(r"(\d+) (passed|failed|skipped|error|errors)\b")


def tally(text, status):
    """What a runner's closing line counts. A runner that failed without a count failed once."""
    counts = dict.fromkeys(WHAT, 0)
    for line in reversed(text.splitlines()):
        found = COUNT.findall(line)
        if found:
            for number, what in found:
                what = "failed" if what.startswith("error") else what
                counts[what] += int(number)
            break
    if status != 0 and counts["failed"] == 0:
        counts["failed"] = 1
    return counts


def run(title, command, env=None):
    """Runs one test runner, shows what it says as it says it, and counts."""
    print(f"== {title}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace",
                               env={**os.environ, **(env or {})})
    lines = []
    for line in process.stdout:
        sys.stdout.write(line)
        lines.append(line)
    status = process.wait()
    print(f"   ({time.monotonic() - started:.1f} s)", flush=True)
    return tally("".join(lines), status)


def output_of(command):
    """What a command says, and its status; one that is stuck is given up."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=600)
        return done.stdout, done.returncode
    except (subprocess.TimeoutExpired, OSError) as error:
        return f"{error}\n", 1


def run_all(title, commands, count):
    """Runs commands side by side: one line each, and all that a failing one said."""
    print(f"== {title}", flush=True)
    started = time.monotonic()
    total = dict.fromkeys(WHAT, 0)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, (text, status) in zip(commands, pool.map(output_of, commands.values())):
            counts = count(text, status)
            for what in WHAT:
                total[what] += counts[what]
            if status != 0:
                print(text.rstrip())
            verdict = "ok" if status == 0 else "FAILED"
            print(f"{name:32} {verdict:6} {counts['passed']:6}", flush=True)
    print(f"   ({time.monotonic() - started:.1f} s)", flush=True)
    return total


def suites():
    """Check's suites, each in a process of its own."""
    names, status = output_of([CHECK, "--list"])
    if status != 0:
        print(names.rstrip())
        return tally(names, status)
    return run_all("check", {name: [CHECK, name] for name in names.split()}, tally)


def scenarios():
    """Every scenario keeps its own promises and gives the same hash twice."""
    commands = {path.stem: [SIMULATOR, "run", str(path), "--twice"]
                for path in sorted(Path("sim/scenarios").glob("*.yaml"))}
    return run_all("scenarios", commands,
                   lambda _, status: {"passed": int(status == 0), "failed": int(status != 0),
                                      "skipped": 0})


def main():
    folders = [name for name in ("tests", "pyffi/tests") if any(Path(name).rglob("test_*.py"))]
    parts = [suites()]
    if folders:
        parts.append(run("python", [sys.executable, "-m", "pytest", "-q", *folders],
                         {"PYTHONPATH": "pyffi", "PYTHONDONTWRITEBYTECODE": "1"}))
    if Path(SIMULATOR).exists():
        parts.append(scenarios())
    total = {what: sum(part[what] for part in parts) for what in WHAT}
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
