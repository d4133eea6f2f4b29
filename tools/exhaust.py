#!/usr/bin/env python3
"""exhaust.py [--quick] [--simulator FILE] [KIND...]: handshakes end, whatever is lost.

For every kind of beginning: each of the first 60 datagrams, of both directions, is lost once,
alone and with each other one of them, with stand-ins for TLS and packet protection; and each
alone with the real ones. The workload must be complete and every oracle content each time.
--quick looks at the first 14 datagrams, which hold the handshake. The status is 0 only when
all runs passed and there were as many as there should be.
"""
import argparse
import re
import subprocess
import sys

FIRST, QUICK = 60, 14
SCENARIO = "exchange-1kb"
# Enough requests for sixty datagrams; none of them before the handshake is over.
WORK = ["workload.count=12", "workload.response=4kB"]
KINDS = {"full": [], "retry": ["server.retry_above=0"]}


def cases(first, pairs):
    """How many runs there are to be."""
    return first + (first * (first - 1) // 2 if pairs else 0)


def command(simulator, overrides, first, fake):
    """With stand-ins all pairs, else each datagram alone."""
    words = [simulator, "exhaust", SCENARIO, "--drop", "--first", str(first), "--jobs", "2"]
    for override in [*WORK, *overrides]:
        words += ["--override", override]
    return words + (["--fake", "--pairs"] if fake else [])


def judge(text, status, wanted):
    """What is wrong with what the simulator said; None: nothing."""
    found = re.search(r"^(\d+) runs, (\d+) failed$", text, re.M)
    if not found:
        return f"status {status}, and no count"
    runs, failed = map(int, found.groups())
    if failed or status:
        return f"{failed} of {runs} runs failed"
    return None if runs == wanted else f"{runs} runs, {wanted} wanted"


def main(arguments):
    parser = argparse.ArgumentParser(description="handshakes end, whatever is lost")
    parser.add_argument("--quick", action="store_true", help=f"the first {QUICK} datagrams")
    parser.add_argument("--simulator", default="build/gnomon-sim")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    options = parser.parse_args(arguments)
    first, bad = QUICK if options.quick else FIRST, 0
    for kind in options.kinds or KINDS:
        if kind not in KINDS:
            parser.error(f"{kind} is none of {', '.join(KINDS)}")
        for fake in (True, False):
            done = subprocess.run(command(options.simulator, KINDS[kind], first, fake),
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)
            wrong = judge(done.stdout, done.returncode, cases(first, pairs=fake))
            what = "pairs, stand-ins" if fake else "singly, real TLS"
            print(f"{kind:12} {what}  {cases(first, fake):5} runs  {wrong or 'all passed'}",
                  flush=True)
            if wrong:
                print(done.stdout + done.stderr)
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
