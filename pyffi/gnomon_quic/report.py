"""report.py: a run, or two side by side, as one HTML page that needs nothing else.

    write(Path("run.html"), [collect("wifi-to-lte-hard-cut", seed=7)])

The page draws every packet with what was in it, losses, drops and marks, windows and round trips,
paths and ECN, and what the oracles said. Its numbers come from the records of the run, its
packets from the qlog files (`report_packets.py`). Needs dygraphs, the plotting library, which
becomes part of the page: Debian's libjs-dygraphs, or the folder GNOMON_DYGRAPHS names.
"""
import html
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._ffi import SimRecordKind
from .errors import PlotUnavailable
from .report_packets import sides
from .sim import Records, SimResult, run

__all__ = ["collect", "page", "write"]

DYGRAPHS = "/usr/share/javascript/dygraphs"
LIBRARY = ("dygraph.min.js", "src-es5/extras/synchronizer.js")
STYLE = "dygraph.min.css"
OURS = Path(__file__).resolve().parent
SECOND = 1e6


def collect(scenario: str | os.PathLike[str], seed: int | None = None, *,
            fake_tls: bool = False) -> dict[str, Any]:
    """Runs a scenario and gathers all that a page shows of it; JSON can hold it.

    ScenarioError: the file or an option is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = run(scenario, seed, fake_tls=fake_tls, qlog_dir=folder)
        found = sides(Path(folder))
    assert result.records is not None
    return {
        "title": f"{result.scenario}, seed {result.seed}",
        "replay": f"gnomon-sim run {os.fspath(scenario)} --seed {result.seed}"
                  + (" --fake" if fake_tls else ""),
        "verdict": str(result.summary.get("verdict", result.verdict.name.lower())),
        "status": int(result.verdict),
        "facts": _facts(result),
        "oracles": result.summary.get("oracles", []),
        "routes": result.names("routes"),
        "end": result.end_us / SECOND,
        "happenings": _happenings(result, result.records),
        "network": _network(result, result.records),
        "sides": found,
    }


def _facts(result: SimResult) -> list[tuple[str, str]]:
    """What a reader looks for first, as words."""
    finished = result.finished_us
    rows = [
        ("hash of the run", result.hash_text),
        ("delivered", f"{result.bytes_delivered:,} of {result.bytes_goal:,} bytes"),
        ("finished", "never" if finished is None else f"{finished / SECOND:.3f} s"),
        ("packets sent", f"{result.packets_sent:,}"),
        ("declared lost", f"{result.packets_lost:,}"),
        ("dropped by the network", f"{result.datagrams_dropped:,} of {result.datagrams:,}"),
        ("marked CE", f"{result.datagrams_marked:,}"),
        ("probe timeouts", f"{result.ptos:,}"),
        ("longest pause", f"{int(result.summary.get('longest_pause_us', 0)) / 1e3:,.1f} ms"),
    ]
    return rows + ([("message", result.message)] if result.message else [])


def _happenings(result: SimResult, records: Records) -> list[tuple[float, str]]:
    """When which event of the scenario took place."""
    names = result.names("happenings")
    return [(records.at_us[at] / SECOND,
             names[records.a[at]] if records.a[at] < len(names) else f"event {records.a[at]}")
            for at in records.of(SimRecordKind.MARKER)]


def _network(result: SimResult, records: Records) -> list[tuple[float, int, str, int, int]]:
    """Each datagram that a link dropped or marked: moment, route, what, its number and bytes."""
    network = result.summary.get("network", {})
    fates = list(network.get("fates", {}))
    rows = [(records.at_us[at] / SECOND, records.route[at], fates[records.c[at]],
             records.a[at], records.b[at]) for at in records.of(SimRecordKind.DROPPED)]
    rows += [(records.at_us[at] / SECOND, records.route[at], "marked",
              records.a[at], records.b[at]) for at in records.of(SimRecordKind.MARKED)]
    return sorted(rows)


def _dygraphs() -> tuple[str, str]:
    """The plotting library's script and style, without the maps to their sources."""
    folder = Path(os.environ.get("GNOMON_DYGRAPHS", DYGRAPHS))
    try:
        texts = [(folder / name).read_text(encoding="utf-8") for name in (*LIBRARY, STYLE)]
    except OSError as error:
        raise PlotUnavailable(f"report pages need dygraphs: install libjs-dygraphs, or name its "
                              f"folder in GNOMON_DYGRAPHS ({error.filename} is missing)") from error
    *scripts, style = ("\n".join(line for line in text.splitlines()
                                 if "# sourceMappingURL" not in line) for text in texts)
    return "\n".join(scripts), style


def _embedded(data: object) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def page(runs: Sequence[Mapping[str, Any]]) -> str:
    """The page of one run, or of two side by side. PlotUnavailable: dygraphs is missing."""
    if not 1 <= len(runs) <= 2:
        raise ValueError("a page shows one run or two")
    script, style = _dygraphs()
    title = " | ".join(str(each["title"]) for each in runs)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>{html.escape(title)}</title>
<style>{style}
{(OURS / "report.css").read_text(encoding="utf-8")}</style></head>
<body><main id="runs"></main><div id="tip" hidden></div>
<script id="data" type="application/json">{_embedded(list(runs))}</script>
<script>{script}</script>
<script>{(OURS / "report.js").read_text(encoding="utf-8")}</script>
</body></html>
"""


def write(path: Path, runs: Sequence[Mapping[str, Any]]) -> None:
    """Writes the page; what was there is replaced only when the page is whole."""
    text = page(runs)
    path.write_text(text, encoding="utf-8")
