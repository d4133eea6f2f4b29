#!/usr/bin/env python3
"""determinism.py [--quick] [SCENARIO...]: one hash, whatever built the simulator.

Builds gnomon-sim with gcc and clang, -O0 and -O3, with and without the
address and undefined-behaviour sanitizers (--quick: two of the eight that
differ in all three), runs every scenario in each, and compares the trace
hashes. Prints a table; the status is 0 only when every row has one hash.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Warnings are for the ordinary builds: gcc sees dangers that are not there when it sanitizes.
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all -w"


def builds(quick):
    """(name, compiler, options) of each build."""
    every = []
    for compiler in ("gcc", "clang"):
        for level in ("-O0", "-O3"):
            every.append((f"{compiler}{level}", compiler, f"{level} -g"))
            every.append((f"{compiler}{level}-san", compiler, f"{level} -g {SANITIZE}"))
    return [one for one in every if not quick or one[0] in ("gcc-O3", "clang-O0-san")]


def compile_one(build):
    name, compiler, options = build
    target = f"build/{name}/gnomon-sim"
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "-s", "-j1", f"CFG={name}", f"CC={compiler}", f"OPT={options}", target]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{target}: does not build\n{done.stdout}{done.stderr}")
    return name, target


def hash_of(job):
    """The trace hash of one scenario in one build, or what went wrong."""
    target, scenario = job
    try:
        done = subprocess.run([target, "run", str(scenario), "--json"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=900)
        if done.returncode == 0:
            return str(json.loads(done.stdout)["hash"])
        return f"status {done.returncode}"
    except subprocess.TimeoutExpired:
        return "too slow"
    except (ValueError, KeyError, TypeError):
        return "no hash"


def main(arguments):
    quick = "--quick" in arguments
    named = [Path(argument) for argument in arguments if not argument.startswith("-")]
    scenarios = named or sorted(Path("sim/scenarios").glob("*.yaml"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(compile_one, builds(quick)))
        jobs = [(target, scenario) for scenario in scenarios for _, target in made]
        hashes = dict(zip(jobs, pool.map(hash_of, jobs)))

    wide = max((len(scenario.stem) for scenario in scenarios), default=0)
    different = 0
    for scenario in scenarios:
        row = {name: hashes[target, scenario] for name, target in made}
        first = row[made[0][0]]
        if set(row.values()) == {first} and not first.startswith(("status", "too", "no")):
            print(f"{scenario.stem:{wide}}  {first}  {len(made)} builds agree")
        else:
            different += 1
            print(f"{scenario.stem:{wide}}  DIFFERENT")
            for name, value in row.items():
                print(f"{'':{wide}}    {name:14} {value}")
    print(f"determinism: {len(scenarios) - different} of {len(scenarios)} scenarios have one hash"
          f" in {len(made)} builds")
    return 1 if different or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
