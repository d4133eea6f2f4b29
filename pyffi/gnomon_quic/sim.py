"""sim.py: runs scenarios in virtual time.

    result = run("wifi-to-lte-hard-cut", seed=7)
    assert result.passed, result.report
"""
import ctypes
import json
import os
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _ffi
from ._ffi import SimRecordKind, SimVerdict
from ._library import library
from .errors import AbiMismatch, InvalidArgument, ScenarioError

__all__ = ["Records", "SimRecordKind", "SimResult", "SimVerdict", "run", "scenarios"]

QLOG_PROFILES = ("compat", "quic-13")  # in the order of gn_sim_qlog_profile
_RECORD = ctypes.sizeof(_ffi.gn_sim_record)
_CODES = {2: "H", 4: "I", 8: "Q"}


@dataclass(frozen=True, slots=True)
class Records:
    """The samples of a run, in order, as columns of equal length; what a to d are, kind says."""

    at_us: "array[int]"
    kind: "array[int]"
    host: "array[int]"
    route: "array[int]"
    a: "array[int]"
    b: "array[int]"
    c: "array[int]"
    d: "array[int]"
    connection: "array[int]"

    def __len__(self) -> int:
        return len(self.at_us)

    def of(self, kind: SimRecordKind, host: int | None = None) -> list[int]:
        """The positions of the records of one kind, at one host or at all."""
        return [at for at, (each, there) in enumerate(zip(self.kind, self.host))
                if each == kind and (host is None or there == host)]


@dataclass(frozen=True, slots=True)
class SimResult:
    """How a run went. Times in microseconds of virtual time."""

    scenario: str
    verdict: SimVerdict
    seed: int
    hash: int  # of the whole trace: equal exactly when two runs are
    end_us: int
    datagrams: int
    events: int
    bytes_goal: int
    bytes_delivered: int
    handshake_us: int | None  # None: it was never complete
    finished_us: int | None  # when the workload was complete; None: never
    packets_sent: int
    packets_lost: int
    datagrams_dropped: int
    datagrams_marked: int
    ptos: int
    report: str
    message: str
    summary: Mapping[str, Any] = field(repr=False)
    records: Records | None = field(repr=False)

    @property
    def passed(self) -> bool:
        """Everything finished and every oracle held."""
        return self.verdict is SimVerdict.PASS

    @property
    def hash_text(self) -> str:
        """The hash as the report prints it."""
        return f"{self.hash:016x}"

    def names(self, what: str) -> list[str]:
        """The list of names in the summary: "routes", "hosts" or "happenings"; empty when none."""
        found = self.summary.get(what, [])
        return [str(name) for name in found] if isinstance(found, list) else []


def _folder() -> Path:
    """Where the scenarios lie: beside the package when installed, in the checkout otherwise."""
    package = Path(__file__).resolve().parent
    beside = package / "scenarios"
    return beside if beside.is_dir() else package.parent.parent / "sim" / "scenarios"


def scenarios() -> dict[str, Path]:
    """The scenarios that come with the project, by name."""
    return {path.stem: path for path in sorted(_folder().glob("*.yaml"))}


def _columns(raw: bytes) -> Records:
    """Takes the records apart, each field out of every so many words of its own length."""
    columns = {}
    for name, _ in _ffi.gn_sim_record._fields_:  # type: ignore[misc]
        place = getattr(_ffi.gn_sim_record, name)
        words = array(_CODES[place.size])
        words.frombytes(raw)
        columns[name] = words[place.offset // place.size::_RECORD // place.size]
    del columns["size"]
    return Records(**columns)


def _path(value: str | os.PathLike[str] | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def _moment(value: int) -> int | None:
    """A time that may never have come."""
    return None if value in (0, _ffi.GN_NEVER) else value


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def run(scenario: str | os.PathLike[str], seed: int | None = None, *, records: bool = True,
        fake_tls: bool = False, qlog_dir: str | os.PathLike[str] | None = None,
        qlog_profile: str = "compat",
        pcap_path: str | os.PathLike[str] | None = None,
        csv_path: str | os.PathLike[str] | None = None,
        trace_path: str | os.PathLike[str] | None = None) -> SimResult:
    """Runs a scenario: the name of one of ours, or a file.

    seed: instead of the scenario's own. records: keep the samples, for plots.
    fake_tls: quick stand-ins instead of TLS. The paths say what to write.
    qlog_profile: "compat", whose events viewers draw, or "quic-13", the draft's.
    ScenarioError: the file or an option is wrong.
    """
    path = scenarios().get(os.fspath(scenario), Path(scenario))
    if qlog_profile not in QLOG_PROFILES:
        raise InvalidArgument("qlog_profile")
    options = _ffi.gn_sim_options(
        size=ctypes.sizeof(_ffi.gn_sim_options), seed=seed or 0, has_seed=seed is not None,
        records=records, fake_tls=fake_tls, qlog_dir=_path(qlog_dir),
        qlog_profile=QLOG_PROFILES.index(qlog_profile), pcap_path=_path(pcap_path),
        csv_path=_path(csv_path), trace_path=_path(trace_path))
    if seed is not None and not 0 <= seed < 2**64:
        raise InvalidArgument("seed")
    raw = _ffi.gn_sim_result(size=ctypes.sizeof(_ffi.gn_sim_result))
    library().gn_sim_run(_path(path), ctypes.byref(options), ctypes.byref(raw))
    try:
        return _result(path, raw, records)
    finally:
        library().gn_sim_result_free(ctypes.byref(raw))


def _result(path: Path, raw: _ffi.gn_sim_result, records: bool) -> SimResult:
    """Copies everything out of the C result."""
    verdict = SimVerdict(raw.verdict)
    if verdict is SimVerdict.BAD_INPUT:
        raise ScenarioError(_text(raw.message))
    summary = json.loads(_text(raw.summary) or "{}")
    if raw.record_count:
        size = ctypes.c_size_t.from_address(raw.records).value
        if size != _RECORD:
            raise AbiMismatch(f"records of {size} bytes, this package's have {_RECORD}")
    samples = ctypes.string_at(raw.records, _RECORD * raw.record_count) if raw.records else b""
    return SimResult(
        scenario=str(summary.get("scenario", path.stem)), verdict=verdict, seed=raw.seed,
        hash=raw.hash, end_us=raw.end_us, datagrams=raw.datagrams, events=raw.events,
        bytes_goal=raw.bytes_goal, bytes_delivered=raw.bytes_delivered,
        handshake_us=_moment(raw.handshake_us), finished_us=_moment(raw.finished_us),
        packets_sent=raw.packets_sent, packets_lost=raw.packets_lost,
        datagrams_dropped=raw.datagrams_dropped, datagrams_marked=raw.datagrams_marked,
        ptos=raw.ptos, report=_text(raw.report), message=_text(raw.message), summary=summary,
        records=_columns(samples) if records else None)
