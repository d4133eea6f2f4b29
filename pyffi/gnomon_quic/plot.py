"""plot.py: a run as a picture: where the bytes were, what the path allowed, what went wrong.

    plot(run("wifi-to-lte-hard-cut")).savefig("run.png")

Needs matplotlib (`pip install gnomon-quic[plot]`, or Debian's python3-matplotlib).
"""
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ._ffi import PathChange, SimRecordKind
from .errors import PlotUnavailable
from .sim import Records, SimResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot", "save"]

# Okabe and Ito's colours, which colour-blind readers can tell apart. A path keeps its own.
PATHS = ("#0072b2", "#009e73", "#cc79a7", "#56b4e9")
LOST, DROPPED, MARKED, PTO, INK, QUIET = (
    "#d55e00", "#7f1d1d", "#e69f00", "#111111", "#222222", "#8a8f98")
WIDTH, HEIGHT, CLOSE_UP, DPI = 12.0, 10.5, 3.4, 120
SECOND, MEGABYTE, KILOBYTE, MILLISECOND = 1e6, 1e6, 1e3, 1e3


class _Of(Protocol):
    """Finds the records of one kind, at one host or at all."""

    def __call__(self, kind: int, host: int | None = None) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class _Span:
    """The time that a sender's active path was this one, seconds."""

    start: float
    end: float
    route: int
    fresh: bool  # the same route, but a new path: the peer's address changed


def _figure(height: float = HEIGHT) -> "Figure":
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotUnavailable("plots need matplotlib: install python3-matplotlib, or "
                              "pip install 'gnomon-quic[plot]'") from error
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _sender(records: Records, of: "_Of") -> int:
    """The host that sent most stream data: whose view the picture takes."""
    totals: dict[int, int] = {}
    for at in of(SimRecordKind.SENT):
        if records.d[at]:
            host = records.host[at]
            totals[host] = totals.get(host, 0) + records.b[at]
    return max(totals, key=lambda host: (totals[host], -host), default=0)


def _spans(records: Records, of: "_Of", host: int, end: float) -> list[_Span]:
    """Which path the host used when."""
    sent = of(SimRecordKind.SENT, host)
    first = records.route[sent[0]] if sent else 0
    changes = [(0.0, first, False)]
    for at in of(SimRecordKind.PATH, host):
        if records.b[at] != PathChange.ACTIVE:
            continue
        time, route = records.at_us[at] / SECOND, records.route[at]
        if time > 0:
            changes.append((time, route, route == changes[-1][1]))
    ends = [time for time, _, _ in changes[1:]] + [end]
    return [_Span(start, stop, route, fresh)
            for (start, route, fresh), stop in zip(changes, ends)
            if stop > start]


def _colour(route: int) -> str:
    return PATHS[route % len(PATHS)]


def _name(names: Sequence[str], number: int, what: str) -> str:
    return names[number] if number < len(names) else f"{what} {number}"


def _by_route(records: Records, positions: Sequence[int]) -> dict[int, list[int]]:
    """The positions, sorted by the route that each record was on."""
    result: dict[int, list[int]] = {}
    for at in positions:
        result.setdefault(records.route[at], []).append(at)
    return dict(sorted(result.items()))


def _times(records: Records, positions: Sequence[int]) -> list[float]:
    return [records.at_us[at] / SECOND for at in positions]


def _dots(axes: "Axes", x: Sequence[float], y: Sequence[float], **style: Any) -> None:
    """Many small marks; drawn as an image so that the file stays small in any format."""
    style.setdefault("linestyle", "none")
    style.setdefault("rasterized", True)
    if x:
        axes.plot(x, y, **style)


class _Picture:
    """One figure under way: four panels over the same time, and a close-up of the first move."""

    def __init__(self, result: SimResult, records: Records) -> None:
        self.result = result
        self.records = records
        self.positions: dict[tuple[int, int], list[int]] = {}
        for at, key in enumerate(zip(records.kind, records.host)):
            self.positions.setdefault(key, []).append(at)
        self.host = _sender(records, self.of)
        self.peer = 1 - self.host if self.host < 2 else 0
        self.routes = result.names("routes")
        self.hosts = result.names("hosts")
        self.end = max(result.end_us, max(records.at_us, default=0), 1) / SECOND
        if result.finished_us:
            self.end = min(self.end, result.finished_us / SECOND * 1.03 + 0.02)
        self.spans = _spans(records, self.of, self.host, self.end)
        self.window_of_move = self.close_up_window()
        rows = 5 if self.window_of_move else 4
        ratios = (3.0, 2.4, 1.7, 1.7, 3.2)[:rows]
        self.height = HEIGHT + (CLOSE_UP if self.window_of_move else 0.0)
        self.figure = _figure(self.height)
        top, left, right = 1 - 1.2 / self.height, 0.07, 0.835
        grid = self.figure.add_gridspec(4, 1, height_ratios=ratios[:4], hspace=0.10, left=left,
                                        right=right, top=top,
                                        bottom=1 - (HEIGHT - 0.55) / self.height)
        self.panels = [self.figure.add_subplot(grid[0])]
        self.panels += [self.figure.add_subplot(grid[row], sharex=self.panels[0])
                        for row in (1, 2, 3)]
        if self.window_of_move:
            below = self.figure.add_gridspec(1, 1, left=left, right=right, bottom=0.5 / self.height,
                                             top=(CLOSE_UP - 0.35) / self.height)
            self.close = self.figure.add_subplot(below[0])

    def of(self, kind: int, host: int | None = None) -> list[int]:
        """As Records.of, without looking at all records again."""
        if host is not None:
            return self.positions.get((kind, host), [])
        return sorted(at for (each, _), found in self.positions.items() if each == kind
                      for at in found)

    def close_up_window(self) -> tuple[float, float] | None:
        """Seconds around the first change of path, from the scenario's event that caused it."""
        moves = [span.start for span in self.spans if span.start > 0]
        if not moves:
            return None
        records, move = self.records, moves[0]
        causes = [time for time in _times(records, self.of(SimRecordKind.MARKER))
                  if move - 3.0 <= time <= move]
        start = causes[0] if causes else move
        margin = max(0.25, 0.35 * (move - start))
        return max(0.0, start - margin), min(self.end, move + 2.5 * margin)

    def draw(self) -> "Figure":
        self.offsets(self.panels[0], 1.6)
        self.packets(self.panels[1])
        self.window(self.panels[2])
        self.round_trips(self.panels[3])
        if self.window_of_move:
            self.close_up(self.close, *self.window_of_move)
        for axes in self.axes():
            self.background(axes)
            self.legend(axes)
        self.frame()
        self.title()
        return self.figure

    def axes(self) -> list["Axes"]:
        return self.panels + ([self.close] if self.window_of_move else [])

    def legend(self, axes: "Axes") -> None:
        """Beside the panel, with marks large enough to see their colour."""
        legend = axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), frameon=False,
                             fontsize=8.5, handlelength=1.4, borderaxespad=0.0)
        for handle in legend.legendHandles:
            if hasattr(handle, "set_markersize") and handle.get_marker() in ("o", "."):
                handle.set_markersize(5.5)

    def sender_name(self) -> str:
        return _name(self.hosts, self.host, "host")

    def route_name(self, route: int) -> str:
        return _name(self.routes, route, "route")

    def lost_ends(self) -> tuple[list[float], list[float]]:
        """Lost packets with stream data: when each was sent, and the end of its data."""
        records = self.records
        sent = {(records.c[at], records.a[at]): at
                for at in self.of(SimRecordKind.SENT, self.host)}
        found = [sent[key] for at in self.of(SimRecordKind.LOST, self.host)
                 if (key := (records.c[at], records.a[at])) in sent and records.d[sent[key]]]
        return _times(records, found), [(records.d[at] - 1) / MEGABYTE for at in found]

    def offsets(self, axes: "Axes", size: float) -> None:
        """Stream bytes as they were sent, and as they arrived in order."""
        records = self.records
        data = [at for at in self.of(SimRecordKind.SENT, self.host) if records.d[at]]
        for route, positions in _by_route(records, data).items():
            _dots(axes, _times(records, positions),
                  [(records.d[at] - 1) / MEGABYTE for at in positions], marker="o",
                  markersize=size, markeredgewidth=0, color=_colour(route),
                  label=f"sent over {self.route_name(route)}")
        x, y = self.lost_ends()
        _dots(axes, x, y, marker="x", markersize=3 * size**0.5, markeredgewidth=1.0, color=LOST,
              label=f"sent, later lost ({len(x)})", zorder=4)
        totals: dict[int, int] = {}
        steps: list[tuple[float, float]] = [(0.0, 0.0)]
        for at in self.of(SimRecordKind.PROGRESS):
            if records.host[at] != self.host:
                totals[records.a[at]] = records.b[at]
                steps.append((records.at_us[at] / SECOND, max(totals.values()) / MEGABYTE))
        if len(steps) > 1:
            axes.plot(*zip(*steps), drawstyle="steps-post", color=INK, linewidth=0.9,
                      label="delivered in order", zorder=3)
        axes.set_ylabel("stream offset, MB")

    def close_up(self, axes: "Axes", start: float, end: float) -> None:
        """The move itself: the same dots, larger, and each step of both ends in words."""
        records = self.records
        self.offsets(axes, 4.5)
        seen = [(records.d[at] - 1) / MEGABYTE for at in self.of(SimRecordKind.SENT, self.host)
                if records.d[at] and start <= records.at_us[at] / SECOND <= end]
        low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
        room = max(high - low, 1e-3)
        axes.set_ylim(low - 0.05 * room, high + 0.75 * room)
        axes.set_xlim(start, end)
        self.panels[0].axvspan(start, end, facecolor="none", edgecolor=QUIET, linewidth=0.9)
        ends = [start] * 9  # of the words in each row so far
        for at in sorted(self.of(SimRecordKind.MARKER) + self.of(SimRecordKind.PATH)
                         + self.of(SimRecordKind.PTO)):
            time, words = records.at_us[at] / SECOND, self.step(at)
            if not start <= time <= end:
                continue
            late = time > start + 0.85 * (end - start)
            row = next((row for row, taken in enumerate(ends) if taken <= time),
                       ends.index(min(ends)))
            ends[row] = time + (0.012 if late else 0.0065 * len(words)) * (end - start)
            axes.plot([time, time], [0, 0.965 - 0.052 * row], color=QUIET, linewidth=0.6,
                      transform=axes.get_xaxis_transform(), zorder=1)
            axes.annotate(words, (time, 0.965 - 0.052 * row), xycoords=axes.get_xaxis_transform(),
                          xytext=(-3 if late else 3, 0), textcoords="offset points",
                          ha="right" if late else "left", va="center", fontsize=7.5, color=INK,
                          bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8,
                                "pad": 0.5}, zorder=6)
        axes.set_xlabel("virtual time, s: the move, close up")

    def step(self, at: int) -> str:
        """What a record of the move says in the close-up; empty for all others."""
        records = self.records
        who = _name(self.hosts, records.host[at], "host")
        if records.kind[at] == SimRecordKind.PATH:
            change = PathChange(records.b[at]).name.lower()
            return f"{who}: {self.route_name(records.route[at])} {change}"
        if records.kind[at] == SimRecordKind.PTO:
            return f"{who}: probe timeout {records.a[at]}"
        if records.kind[at] == SimRecordKind.MARKER:
            return _name(self.result.names("happenings"), records.a[at], "event")
        return ""

    def packets(self, axes: "Axes") -> None:
        """Packet numbers of application data, by path, with what became of them."""
        records = self.records
        for kind, host, marker, size, label in (
                (SimRecordKind.SENT, self.host, "o", 1.6, "sent over {}"),
                (SimRecordKind.SENT, self.peer, "o", 1.0, None)):
            chosen = [at for at in self.of(kind, host) if records.c[at] == 2]
            for route, positions in _by_route(records, chosen).items():
                mine = label is not None
                _dots(axes, _times(records, positions), [records.a[at] for at in positions],
                      marker=marker, markersize=size, markeredgewidth=0,
                      color=_colour(route) if mine else QUIET,
                      label=(label or "").format(self.route_name(route)) if mine else None)
        if self.of(SimRecordKind.SENT, self.peer):
            _dots(axes, [-1.0], [0.0], marker="o", markersize=2.5, markeredgewidth=0,
                  color=QUIET, label=f"sent by {_name(self.hosts, self.peer, 'host')}")
        lost = [at for at in self.of(SimRecordKind.LOST, self.host) if records.c[at] == 2]
        _dots(axes, _times(records, lost), [records.a[at] for at in lost], marker="x",
              markersize=4.5, markeredgewidth=1.0, color=LOST,
              label=f"declared lost ({len(lost)})", zorder=4)
        self.strip(axes, SimRecordKind.DROPPED, 0.025, "|", DROPPED, "network drop")
        self.strip(axes, SimRecordKind.MARKED, 0.075, "|", MARKED, "CE mark")
        self.strip(axes, SimRecordKind.PTO, 0.125, "^", PTO, "probe timeout")
        axes.set_ylabel("packet number")

    def strip(self, axes: "Axes", kind: SimRecordKind, height: float, marker: str, colour: str,
              label: str) -> None:
        """Marks at a fixed height, one for each time that something happened."""
        chosen = self.of(kind)
        if chosen:
            axes.plot(_times(self.records, chosen), [height] * len(chosen), linestyle="none",
                      marker=marker, markersize=6, markeredgewidth=1.1, color=colour,
                      transform=axes.get_xaxis_transform(), label=f"{label} ({len(chosen)})",
                      zorder=5)

    def metrics(self) -> list[int]:
        return self.of(SimRecordKind.METRICS, self.host)

    def window(self, axes: "Axes") -> None:
        """What congestion control allowed, and what was on its way."""
        records, chosen = self.records, self.metrics()
        times = _times(records, chosen)
        axes.fill_between(times, [records.b[at] / KILOBYTE for at in chosen], step="post",
                          color="#56b4e9", alpha=0.45, linewidth=0, label="bytes in flight")
        axes.plot(times, [records.a[at] / KILOBYTE for at in chosen], drawstyle="steps-post",
                  color=INK, linewidth=1.3, label="congestion window")
        axes.set_ylabel("window, kB")
        axes.set_ylim(bottom=0)

    def round_trips(self, axes: "Axes") -> None:
        """Round-trip times as the sender measured them."""
        records = self.records
        chosen = [at for at in self.metrics() if records.c[at]]
        times = _times(records, chosen)
        _dots(axes, times, [records.d[at] / MILLISECOND for at in chosen], marker=".",
              markersize=2.2, markeredgewidth=0, color=QUIET, label="latest RTT")
        axes.plot(times, [records.c[at] / MILLISECOND for at in chosen], drawstyle="steps-post",
                  color=INK, linewidth=1.3, label="smoothed RTT")
        axes.set_ylabel("RTT, ms")
        axes.set_ylim(bottom=0)

    def background(self, axes: "Axes") -> None:
        """The paths as bands behind everything, and the scenario's own events as lines."""
        width = 1.4 if len(self.spans) < 12 else 0.4
        for span in self.spans:
            axes.axvspan(span.start, span.end, color=_colour(span.route), alpha=0.075,
                         linewidth=0, zorder=0)
            if span.start > 0:
                axes.axvline(span.start, color=_colour(span.route), linewidth=width,
                             zorder=1)
        for at in self.of(SimRecordKind.MARKER):
            axes.axvline(self.records.at_us[at] / SECOND, color=QUIET, linewidth=0.9,
                         linestyle=(0, (4, 3)), zorder=1)

    def frame(self) -> None:
        """What all panels share."""
        for axes in self.axes():
            axes.grid(True, color="#d9dce1", linewidth=0.5)
            axes.set_axisbelow(True)
            axes.tick_params(labelsize=8.5, colors=INK, length=3)
            axes.margins(y=0.06)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        for axes in self.panels[:-1]:
            axes.tick_params(labelbottom=False)
        self.panels[0].set_xlim(0, self.end)
        self.panels[-1].set_xlabel("virtual time, s")
        self.figure.align_ylabels(self.axes())
        self.band_names(self.panels[0])

    def band_names(self, axes: "Axes") -> None:
        """Above the top panel: the name of each path over its band, the scenario's events."""
        for span in self.spans:
            name = self.route_name(span.route) + (" (new address)" if span.fresh else "")
            if (span.end - span.start) / self.end > 0.012 * len(name):
                axes.text((span.start + span.end) / 2, 1.015, name,
                          transform=axes.get_xaxis_transform(), ha="center", va="bottom",
                          fontsize=10, fontweight="bold", color=_colour(span.route))
        events = self.result.names("happenings")
        last = (-1.0, 0)
        for at in self.of(SimRecordKind.MARKER):
            time = self.records.at_us[at] / SECOND
            if time > self.end:
                continue
            row = (last[1] + 1) % 3 if (time - last[0]) / self.end < 0.16 else 0
            last = (time, row)
            axes.annotate(_name(events, self.records.a[at], "event"), (time, 0.985 - 0.05 * row),
                          xycoords=axes.get_xaxis_transform(), xytext=(3, 0),
                          textcoords="offset points", ha="left", va="top", fontsize=7.5,
                          color="#4b5058", zorder=6,
                          bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8,
                                "pad": 0.5})

    def title(self) -> None:
        result = self.result
        first, second = 1 - 0.36 / self.height, 1 - 0.68 / self.height
        self.figure.text(0.07, first, result.scenario, fontsize=15, fontweight="bold",
                         color=INK, va="center")
        self.figure.text(0.985, first, f"seed {result.seed}   hash {result.hash_text}",
                         fontsize=10, family="monospace", color=INK, va="center", ha="right")
        self.figure.text(0.07, second, self.facts(), fontsize=9.5, color="#4b5058", va="center")

    def facts(self) -> str:
        result = self.result
        parts = [result.verdict.name.replace("_", " ").lower(), f"{self.sender_name()} sends"]
        if result.bytes_delivered:
            parts.append(f"{result.bytes_delivered / MEGABYTE:.2f} MB delivered")
        if result.handshake_us and result.finished_us and result.finished_us > result.handshake_us:
            took = result.finished_us - result.handshake_us
            parts.append(f"{8 * result.bytes_delivered / took:.2f} Mbit/s")
        if result.handshake_us:
            parts.append(f"handshake {result.handshake_us / MILLISECOND:.1f} ms")
        parts.append(f"{result.packets_lost} packets declared lost")
        parts.append(f"{result.datagrams_dropped} datagrams dropped")
        parts.append(f"{result.ptos} probe timeout{'s' * (result.ptos != 1)}")
        return "  \u00b7  ".join(parts)


def plot(result: SimResult) -> "Figure":
    """Draws a run that kept its records. The figure is the caller's; nothing is shown."""
    if result.records is None:
        raise ValueError("the run kept no records: run(..., records=True)")
    return _Picture(result, result.records).draw()


def save(result: SimResult, path: str | os.PathLike[str]) -> None:
    """Draws a run into a file; its ending says the format (png, svg, pdf)."""
    plot(result).savefig(os.fspath(path), dpi=DPI)
