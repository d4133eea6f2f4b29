"""cli.py: the command: python3 -m gnomon_quic run|plot|report|doctor."""
import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__, _ffi, _library
from .errors import GnomonError, PlotUnavailable, ScenarioError
from .sim import SimResult, run, scenarios

# As the simulator's own command: 0 to 4 are verdicts.
BAD_INPUT = 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gnomon-quic", description="QUIC endpoints and networks in virtual time.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True,
                                       metavar="run|plot|report|doctor")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("scenario", help="the name of a scenario, or its file")
    common.add_argument("--seed", type=int, help="instead of the scenario's own")
    runs = commands.add_parser("run", parents=[common], help="run a scenario and report")
    runs.add_argument("--json", action="store_true", help="the summary instead of the report")
    runs.add_argument("--qlog", metavar="DIR", help="write qlog files there")
    runs.add_argument("--pcap", metavar="FILE", help="write a capture that decrypts by itself")
    runs.add_argument("--csv", metavar="FILE", help="write the records as a table")
    runs.add_argument("--trace", metavar="FILE", help="write one line an event")
    plots = commands.add_parser("plot", parents=[common], help="run a scenario and draw it")
    plots.add_argument("-o", "--output", metavar="FILE", help="default: <scenario>.png")
    pages = commands.add_parser("report", parents=[common],
                                help="run a scenario and make a page of it that needs nothing else")
    pages.add_argument("--against", metavar="SCENARIO", help="a second run, side by side")
    pages.add_argument("--against-seed", type=int, metavar="SEED",
                       help="of the second run; alone: the same scenario with this seed")
    pages.add_argument("-o", "--output", metavar="FILE", help="default: <scenario>.html")
    commands.add_parser("doctor", help="say what is installed and whether it fits together")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    result = run(arguments.scenario, arguments.seed, records=False, qlog_dir=arguments.qlog,
                 pcap_path=arguments.pcap, csv_path=arguments.csv, trace_path=arguments.trace)
    if arguments.json:
        print(json.dumps(result.summary, indent=2))
    else:
        print(result.report.rstrip("\n"))
    return _status(result)


def _plot(arguments: argparse.Namespace) -> int:
    from .plot import save

    result = run(arguments.scenario, arguments.seed)
    output = Path(arguments.output or f"{Path(arguments.scenario).stem}.png")
    save(result, output)
    print(output)
    return _status(result)


def _report(arguments: argparse.Namespace) -> int:
    from .report import collect, write

    runs = [collect(arguments.scenario, arguments.seed)]
    if arguments.against is not None or arguments.against_seed is not None:
        runs.append(collect(arguments.against or arguments.scenario, arguments.against_seed))
    output = Path(arguments.output or f"{Path(arguments.scenario).stem}.html")
    write(output, runs)
    print(output)
    return max(int(each["status"]) for each in runs)


def _status(result: SimResult) -> int:
    if result.message:
        print(result.message, file=sys.stderr)
    return int(result.verdict)


def _doctor() -> int:
    print(f"gnomon-quic {__version__}, interface {_ffi.GN_ABI}")
    print(f"Python {platform.python_version()} ({sys.executable})")
    status = 0
    try:
        path = _library.find()
        _library.load(path)
        print(f"library {path}: fits")
    except GnomonError as error:
        print(f"library: {error}")
        status = 1
    found = scenarios()
    print(f"scenarios: {', '.join(found) if found else 'none found'}")
    try:
        from .plot import _figure

        _figure()
        print("plots: matplotlib is there")
    except PlotUnavailable as error:
        print(f"plots: {error}")
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        if parsed.command == "run":
            return _run(parsed)
        if parsed.command == "plot":
            return _plot(parsed)
        if parsed.command == "report":
            return _report(parsed)
        return _doctor()
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except GnomonError as error:
        print(f"gnomon-quic: {error}", file=sys.stderr)
        return 1
