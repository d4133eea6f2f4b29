#!/usr/bin/env python3
"""determinism.py [--quick] [SCENARIO...]: one hash, whatever built the simulator.

Builds gnomon-sim with gcc and clang, -O0, -O3 and -Os, with and without the
address and undefined-behaviour sanitizers, and for two machines that qemu
plays, arm64 and s390x, which is big-endian (--quick: two that differ in
compiler, level and sanitizers), runs every scenario in each, and compares the
trace hashes. Prints a table; the status is 0 only when every row has one hash.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# Warnings are for the ordinary builds (-w): gcc sees dangers that are not there without its
# optimizer, and when it sanitizes.
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all"
# Machine: compiler, who runs it, and what wolfSSL is not told by the compiler.
MACHINES = {"arm64": ("aarch64-linux-gnu-gcc", "qemu-aarch64", ""),
            "s390x": ("s390x-linux-gnu-gcc", "qemu-s390x", "-DBIG_ENDIAN_ORDER")}


@dataclass(frozen=True)
class Build:
    """One way to build the simulator."""

    name: str
    compiler: str
    options: str
    runner: tuple[str, ...] = ()  # who plays another machine

    def target(self):
        return f"build/{self.name}/gnomon-sim"


def builds(quick):
    every = []
    for compiler in ("gcc", "clang"):
        for level in ("-O0", "-O3", "-Os"):
            every.append(Build(f"{compiler}{level}", compiler, f"{level} -g -w"))
            every.append(Build(f"{compiler}{level}-san", compiler, f"{level} -g -w {SANITIZE}"))
    if quick:
        return [one for one in every if one.name in ("gcc-O3", "clang-O0-san")]
    for machine, (compiler, runner, more) in MACHINES.items():
        place = f".deps/cross/{machine}"
        every.append(Build(machine, compiler,
                           f"-O2 -g -w -static {more} -I{place}/include -L{place}/lib",
                           (runner,)))
    return every


def compile_one(build):
    """Builds one; for another machine with what tools/cross provides."""
    wolfssl = ".deps/wolfssl"
    if build.runner:
        wolfssl = f".deps/cross/{build.name}/wolfssl"
        subprocess.run(["tools/cross", build.name], check=True)
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "-s", "-j1", f"CFG={build.name}", f"CC={build.compiler}",
               f"OPT={build.options}", f"WOLFSSL={wolfssl}", build.target()]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{build.target()}: does not build\n{done.stdout}{done.stderr}")
    return build


def hash_of(job):
    """The trace hash of one scenario in one build, or what went wrong."""
    build, scenario = job
    try:
        done = subprocess.run([*build.runner, build.target(), "run", str(scenario), "--json"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=1800)
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
        jobs = [(build, scenario) for scenario in scenarios for build in made]
        hashes = dict(zip(jobs, pool.map(hash_of, jobs)))

    wide = max((len(scenario.stem) for scenario in scenarios), default=0)
    different = 0
    for scenario in scenarios:
        row = {build.name: hashes[build, scenario] for build in made}
        first = row[made[0].name]
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
