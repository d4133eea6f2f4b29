"""bench_codec.py: time and instructions to read packets of 1200 bytes, beside other codecs.

ngtcp2 needs its static library (Debian: libngtcp2-dev), aioquic a Python that
has it; who is not installed is left out. Times are taken in pairs, one program
right after the other, so that what else the machine does hits both alike; what
counts is the median of the ratios.
"""
import json
import statistics
import subprocess
import sys
from pathlib import Path

from bench_run import compile_tool, instructions, named_values, run

PAIRS = 15
ROUNDS = 50000
COUNTED_ROUNDS = 2000
GOAL_NS = 250


def ngtcp2():
    """The program that reads the same packets with ngtcp2, or None without its library."""
    archive = run(["gcc", "-print-file-name=libngtcp2.a"]).strip()
    if not Path(archive).is_absolute() or not Path("/usr/include/ngtcp2/ngtcp2.h").exists():
        return None
    return compile_tool("bench_ngtcp2", "tools/bench_packets.c", archive)


def aioquic(packets):
    """Nanoseconds a packet with aioquic, or None where this Python does not have it."""
    done = subprocess.run([sys.executable, "tools/bench_aioquic.py"], input=packets,
                          capture_output=True, text=True)
    return named_values(done.stdout) if done.returncode == 0 else None


def count(tool, name):
    """Instructions to read a packet once."""
    none = instructions([tool, "0", name])
    return (instructions([tool, str(COUNTED_ROUNDS), name]) - none) / COUNTED_ROUNDS


def times_of(tools, name):
    """CPU time a packet of each tool, in turns."""
    found = {who: [] for who in tools}
    for _ in range(PAIRS):
        for who, tool in tools.items():
            found[who].append(named_values(run([tool, str(ROUNDS), name]))[name])
    return found


def measure():
    """By packet: each codec's nanoseconds and instructions, and how much slower we are."""
    tools = {"gnomon": compile_tool("bench_codec", "tools/bench_packets.c")}
    if other := ngtcp2():
        tools["ngtcp2"] = other
    packets = run([tools["gnomon"], "--packets"])
    third = aioquic(packets)
    codec = {}
    for name in (line.split()[0] for line in packets.splitlines()):
        times = times_of(tools, name)
        codec[name] = {who: {"ns": statistics.median(taken), "ns_min": min(taken),
                             "instructions": count(tools[who], name)}
                       for who, taken in times.items()}
        if "ngtcp2" in tools:
            codec[name]["ratio"] = statistics.median(
                ours / theirs for ours, theirs in zip(times["gnomon"], times["ngtcp2"]))
        if third:
            codec[name]["aioquic"] = {"ns": third[name]}
    return codec


def cell(one):
    """Median and least time, instructions."""
    if one is None:
        return "not installed"
    if "instructions" not in one:
        return f"{one['ns']:.0f} ns"
    return f"{one['ns']:.0f} ns (least {one['ns_min']:.0f}), {one['instructions']:.0f} instr"


def table(codec):
    """Lines to print."""
    yield f"read a packet of 1200 bytes (goal: {GOAL_NS} ns, no slower than ngtcp2)"
    yield f"  {'':9}{'gnomon':36}{'ngtcp2':36}{'ratio':8}aioquic"
    for name, found in codec.items():
        ratio = f"{found['ratio']:.2f}" if "ratio" in found else ""
        yield (f"  {name:9}{cell(found['gnomon']):36}{cell(found.get('ngtcp2')):36}{ratio:8}"
               f"{cell(found.get('aioquic'))}")


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
