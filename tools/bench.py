#!/usr/bin/env python3
"""bench.py [--json] [--profile] [--codec] [--handshake]: how fast it is, how large a connection.

Prints one table: what we measure, the bar and the goal. CPU time is user and
system time of the process, the median (and the least) of five runs;
instructions are valgrind's, of which another program on the machine changes
none. What it costs to begin is measured with exchange-1kb and taken off.
--profile adds where the instructions of the 10 MB run go, floor by floor; --codec
measures nothing but how fast packets are read, --handshake nothing but handshakes.
"""
import json
import os
import re
import statistics
import sys
from collections import Counter
from pathlib import Path

import bench_codec
from bench_run import FOLDER, compile_tool, cpu_seconds, instructions, named_values, run

RUNS = 5
HANDSHAKES = 40
SIMULATOR = "build/gnomon-sim"
START = "exchange-1kb"

# What each row is measured against; None where there is nothing to compare with.
BAR = {"handshake": "1",
       "datagrams_per_s": "290-360 k", "instructions": "25 k", "start_ms": "6",
       "pair": "45 KB"}
GOAL = {"handshake": "1.15",
        "datagrams_per_s": "1 M", "instructions": "10 k", "start_ms": "1",
        "pair": "16 KB"}


def floor_of(path):
    """The directory that a source of the profile belongs to."""
    own = re.search(r"(?:^|/)(?:ref/(\w+)|(sim))/", path)
    if "wolfcrypt" in path or "wolfssl" in path:
        return "wolfcrypt"
    return (own[1] or own[2]) if own else "C library"


def profile_of(path):
    """Instructions by floor. What was inlined counts where it is written."""
    sums = Counter()
    for line in run(["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no",
                     str(path)]).splitlines():
        found = re.match(r"\s*([\d,]+)\s+(\S+?):\S", line)
        if found:
            sums[floor_of(found[2])] += int(found[1].replace(",", ""))
    return sums


def scenario(name):
    return [SIMULATOR, "run", f"sim/scenarios/{name}.yaml"]


def measure_run(name):
    """Datagrams and CPU time of a scenario."""
    datagrams = json.loads(run([*scenario(name), "--json"]))["network"]["datagrams"]
    times = [cpu_seconds(scenario(name)) for _ in range(RUNS)]
    median = statistics.median(times)
    return {"datagrams": datagrams, "cpu_s": median, "cpu_s_min": min(times),
            "datagrams_per_s": datagrams / median, "datagrams_per_s_max": datagrams / min(times)}


def measure_handshakes():
    """Instructions of one full handshake, with what it takes to begin and end taken off."""
    tool = compile_tool("bench_handshake", "tools/bench_pair.c")
    found = {}
    for who in ("gnomon", "bare"):
        few, many = (instructions([tool, who, str(count)]) for count in (10, 10 + HANDSHAKES))
        found[who] = (many - few) / HANDSHAKES
    return found


def measure():
    short, long, start = (measure_run(name) for name in ("bench-10mb", "bench-100mb", START))
    start_out, short_out = FOLDER / "start.out", FOLDER / "short.out"
    begun = instructions(scenario(START), start_out)
    whole = instructions(scenario("bench-10mb"), short_out)
    net = short["datagrams"] - start["datagrams"]
    floors = profile_of(short_out)
    floors.subtract(profile_of(start_out))
    return {
        "bench-10mb": short, "bench-100mb": long, START: start,
        "instructions_per_datagram": (whole - begun) / net,
        "start_instructions": begun,
        "pair_bytes": named_values(run([compile_tool("bench_heap", "tools/bench_pair.c")])),
        "handshake_instructions": measure_handshakes(),
        "codec": bench_codec.measure(),
        "floors": {floor: count / net for floor, count in floors.most_common()},
    }


def rows_of(found):
    """(what, ours, key of bar and goal)"""
    for name in ("bench-10mb", "bench-100mb"):
        one = found[name]
        yield f"{name}: datagrams", f"{one['datagrams']:,}", None
        yield f"{name}: CPU time", f"{one['cpu_s']:.3f} s (least {one['cpu_s_min']:.3f})", None
        yield (f"{name}: datagrams a CPU second", f"{one['datagrams_per_s'] / 1000:.0f} k "
               f"(most {one['datagrams_per_s_max'] / 1000:.0f} k)", "datagrams_per_s")
    yield ("instructions a datagram", f"{found['instructions_per_datagram'] / 1000:.1f} k",
           "instructions")
    start = found[START]
    yield ("start and handshake", f"{start['cpu_s'] * 1000:.1f} ms "
           f"(least {start['cpu_s_min'] * 1000:.1f})", "start_ms")
    yield "start and handshake: instructions", f"{found['start_instructions'] / 1e6:.1f} M", None
    shake = found["handshake_instructions"]
    yield ("a full handshake: instructions", f"{shake['gnomon'] / 1e6:.2f} M, of it bare TLS "
           f"{shake['bare'] / 1e6:.2f} M", None)
    yield ("a full handshake: of bare TLS's", f"{shake['gnomon'] / shake['bare']:.3f}",
           "handshake")
    pair = found["pair_bytes"]
    yield ("heap of an established pair", f"{(pair['gnomon'] + pair['tls']) / 1000:.1f} KB", "pair")
    yield "  of it gnomon's block", f"{pair['gnomon'] / 1000:.1f} KB", None
    yield "  of it wolfSSL's heap", f"{pair['tls'] / 1000:.1f} KB", None
    yield ("  wolfSSL's heap in the handshake, at most",
           f"{pair['tls_handshake_peak'] / 1000:.1f} KB", None)


def main(arguments):
    if set(arguments) - {"--json", "--profile", "--codec", "--handshake"}:
        sys.exit(__doc__)
    os.chdir(Path(__file__).resolve().parent.parent)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if "--codec" in arguments:
        codec = bench_codec.measure()
        print(json.dumps(codec, indent=2) if "--json" in arguments
              else "\n".join(bench_codec.table(codec)))
        return 0
    if "--handshake" in arguments:
        print(json.dumps(measure_handshakes(), indent=2))
        return 0
    found = measure()
    if "--json" in arguments:
        print(json.dumps(found, indent=2))
        return 0
    rows = list(rows_of(found))
    wide = max(len(what) for what, _, _ in rows)
    print(f"{'':{wide}}  {'ours':24}{'bar':12}goal")
    for what, ours, key in rows:
        print(f"{what:{wide}}  {ours:24}{BAR.get(key, ''):12}{GOAL.get(key, '')}".rstrip())
    print("\n".join(["", *bench_codec.table(found["codec"])]))
    if "--profile" in arguments:
        print("\ninstructions a datagram, by where they are written")
        for floor, count in found["floors"].items():
            print(f"  {floor:12}{count:8.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
