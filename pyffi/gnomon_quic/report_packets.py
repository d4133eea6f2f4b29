"""report_packets.py: the packets of a run, out of its qlog files, in the columns a page draws.

One side is one end of one connection. Its packets are columns of equal length, in the order they
were sent; `kind` is what a packet was sent for, the first of these that fits:

    handshake  any packet that is not 1-RTT
    again      it repeats data of a stream or of CRYPTO that was sent before
    data       it carries new data
    probe      it tests a path, or is a PING
    acks       it has nothing but acknowledgments and padding
    control    the rest: limits, connection IDs, closing
"""
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["KINDS", "sides"]

KINDS = ("handshake", "data", "again", "acks", "probe", "control")
QUIET = {"ack", "padding"}
PROBES = {"ping", "path_challenge", "path_response"}
MILLISECOND = 1e3

_Json = Mapping[str, Any]


def _events(path: Path) -> Iterator[_Json]:
    """The records of a JSON text sequence (RFC 7464), the header left out."""
    for text in path.read_text(encoding="utf-8").split("\x1e"):
        if text.strip():
            record = json.loads(text)
            if "name" in record:
                yield record


def _frame(frame: _Json) -> str:
    """One frame as a reader wants it."""
    kind = str(frame["frame_type"])
    if kind in ("stream", "crypto"):
        name = f"STREAM {frame['stream_id']}:" if kind == "stream" else "CRYPTO"
        return (f"{name} {frame.get('offset', 0)}+{frame.get('length', 0)}"
                + (" FIN" if frame.get("fin") else ""))
    if kind == "ack":
        ranges = ",".join("-".join(str(end) for end in dict.fromkeys(each))
                          for each in frame.get("acked_ranges", []))
        marks = [f"{name}={frame[name]}" for name in ("ect0", "ect1", "ce") if name in frame]
        return " ".join([f"ACK {ranges} after {frame.get('ack_delay', 0)} ms", *marks])
    rest = [f"{key}={value}" for key, value in frame.items() if key != "frame_type"]
    return " ".join([kind.upper(), *rest])


class _Side:
    """One file on the way to its columns."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[str] = []
        self.packets: dict[str, list[Any]] = {
            key: [] for key in ("t", "pn", "type", "kind", "route", "bytes", "ecn", "text")}
        self.lost: list[tuple[float, int, str, str]] = []
        self.metrics: dict[str, list[Any]] = {
            key: [] for key in ("t", "window", "flight", "smoothed", "latest")}
        self.states: list[tuple[float, str, str]] = []
        self.sent_to: dict[tuple[str, int], int] = {}
        self.take = {
            "transport:packet_sent": self.sent,
            "recovery:packet_lost": self.declared,
            "recovery:metrics_updated": self.measured,
            "recovery:ecn_state_updated": self.state("ECN"),
            "recovery:congestion_state_updated": self.state("congestion"),
            "connectivity:connection_state_updated": self.state("connection"),
            "connectivity:migration_state_updated": self.state("path"),
            "connectivity:path_assigned": self.assigned,
        }

    def kind(self, packet_type: str, frames: list[_Json]) -> str:
        """What a packet was sent for; notes what data has now been sent."""
        new = again = False
        for frame in frames:
            if frame["frame_type"] not in ("stream", "crypto"):
                continue
            is_crypto = frame["frame_type"] == "crypto"
            flow = (packet_type if is_crypto else "", frame.get("stream_id", 0))
            begin, end = frame.get("offset", 0), frame.get("offset", 0) + frame.get("length", 0)
            before = self.sent_to.get(flow, -1)
            again |= begin < before
            new |= end > before
            self.sent_to[flow] = max(before, end)
        if packet_type != "1RTT":
            return "handshake"
        names = {frame["frame_type"] for frame in frames}
        if again or new:
            return "again" if again else "data"
        if names & PROBES:
            return "probe"
        return "acks" if names <= QUIET else "control"

    def sent(self, at: float, data: _Json) -> None:
        header, frames = data["header"], data.get("frames", [])
        route = str(data.get("path", "?"))
        if route not in self.routes:
            self.routes.append(route)
        row = (at, header["packet_number"], header["packet_type"],
               KINDS.index(self.kind(header["packet_type"], frames)), self.routes.index(route),
               data["raw"]["length"], data.get("ecn", ""), "; ".join(map(_frame, frames)))
        for column, value in zip(self.packets.values(), row):
            column.append(value)

    def declared(self, at: float, data: _Json) -> None:
        header = data["header"]
        self.lost.append((at, header["packet_number"], header["packet_type"],
                          str(data.get("trigger", ""))))

    def measured(self, at: float, data: _Json) -> None:
        names = ("congestion_window", "bytes_in_flight", "smoothed_rtt", "latest_rtt")
        row = (at, *(data.get(name, self.metrics[key][-1] if self.metrics[key] else None)
                     for name, key in zip(names, list(self.metrics)[1:])))
        for column, value in zip(self.metrics.values(), row):
            column.append(value)

    def state(self, what: str) -> Any:
        def take(at: float, data: _Json) -> None:
            path = f" ({data['path_id']})" if "path_id" in data else ""
            self.states.append((at, what, f"{data['new']}{path}"))
        return take

    def assigned(self, at: float, data: _Json) -> None:
        self.states.append((at, "path", f"active ({data.get('path_id', '?')})"))

    def columns(self) -> dict[str, Any]:
        return {"name": self.name, "kinds": KINDS, "routes": self.routes, "packets": self.packets,
                "lost": self.lost, "metrics": self.metrics, "states": self.states}


def sides(folder: Path) -> list[dict[str, Any]]:
    """Every end of every connection that has a qlog file there; the busiest first."""
    found = []
    for path in sorted(folder.glob("*-*.sqlog")):
        if path.stem.endswith("-endpoint"):
            continue
        side = _Side(path.stem)
        for event in _events(path):
            take = side.take.get(event["name"])
            if take is not None:
                take(event["time"] / MILLISECOND, event["data"])
        found.append(side.columns())
    return sorted(found, key=lambda each: int(-sum(each["packets"]["bytes"])))
