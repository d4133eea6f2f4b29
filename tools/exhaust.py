#!/usr/bin/env python3
"""exhaust.py [--quick] [--simulator FILE] [KIND...]: handshakes end, whatever is lost.

For every kind of beginning: each of the first 60 datagrams, of both directions, is lost once,
alone and with each other one of them, with stand-ins for TLS and packet protection; and each
alone with the real ones. What the stand-ins cannot play is played with the real ones, pairs and
all. The workload must be complete and every oracle content each time.
--quick looks at the first 14 datagrams, which hold the handshake. The status is 0 only when
all runs passed and there were as many as there should be.
"""
import argparse
import re
import subprocess
import sys

FIRST, QUICK = 60, 14
SCENARIO = "exchange-1kb"
# Enough requests for sixty datagrams; without 0-RTT none of them before the handshake is over. Of
# a resumed connection the one that brings the ticket comes first, and its datagrams count.
WORK = ["workload.count=12", "workload.response=4kB"]
KINDS = {
    "full": [],
    "retry": ["server.retry_above=0"],
    "hello-retry": ["server_tls.groups=p256"],
    "resumed": ["resume.tickets=1"],
    "0-rtt": ["resume.tickets=1", "resume.early_data=on"],
    "0-rtt-refused": ["resume.tickets=1", "resume.early_data=on", "resume.restart=limits"],
}
REAL_ONLY = {"hello-retry"}


def cases(first, pairs):
    """How many runs there are to be."""
    return first + (first * (first - 1) // 2 if pairs else 0)


def ways(kind):
    """How a kind is played: (with stand-ins, in pairs)."""
    return [(False, True)] if kind in REAL_ONLY else [(True, True), (False, False)]


def command(simulator, overrides, first, fake, pairs):
    """The simulator's command line."""
    words = [simulator, "exhaust", SCENARIO, "--drop", "--first", str(first), "--jobs", "2"]
    for override in [*WORK, *overrides]:
        words += ["--override", override]
    return words + (["--fake"] if fake else []) + (["--pairs"] if pairs else [])


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
        for fake, pairs in ways(kind):
            done = subprocess.run(command(options.simulator, KINDS[kind], first, fake, pairs),
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)
            wrong = judge(done.stdout, done.returncode, cases(first, pairs))
            what = f"{'pairs' if pairs else 'singly'}, {'stand-ins' if fake else 'real TLS'}"
            print(f"{kind:13} {what:16}  {cases(first, pairs):5} runs  {wrong or 'all passed'}",
                  flush=True)
            if wrong:
                print(done.stdout + done.stderr)
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
