"""test_tshark.py: Wireshark's command line reads a run's capture with nothing else at hand."""
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from gnomon_quic import sim
from gnomon_quic.sim import SimResult

FIELDS = {
    "protocols": "frame.protocols", "severity": "_ws.expert.severity",
    "expert": "_ws.expert.message", "malformed": "_ws.malformed",
    "undecrypted": "quic.decryption_failed", "packets": "quic.header_form",
    "numbers": "quic.packet_number", "frames": "quic.frame_type", "source": "ip.src",
    "port": "udp.srcport", "to_port": "udp.dstport", "ip_checksum": "ip.checksum.status",
    "udp_checksum": "udp.checksum.status", "ecn": "ip.dsfield.ecn",
    "connection": "quic.connection.number",
}
WARNING = 0x600000  # Wireshark's severities: comment, chat, note, warning, error
PATH_CHALLENGE = 26


@dataclass(frozen=True)
class Capture:
    """A run, and what tshark says of each of its datagrams."""

    path: Path
    result: SimResult
    rows: list[dict[str, list[str]]]

    def server_sent(self) -> list[dict[str, list[str]]]:
        return [row for row in self.rows if row["port"] == ["443"]]

    def client_sent(self) -> list[dict[str, list[str]]]:
        return [row for row in self.rows if row["to_port"] == ["443"]]


def read(path: Path) -> list[dict[str, list[str]]]:
    """One pass of tshark. A machine without tshark fails here, and should."""
    asked = [word for name in FIELDS.values() for word in ("-e", name)]
    done = subprocess.run(
        ["tshark", "-n", "-r", str(path), "-o", "ip.check_checksum:TRUE",
         "-o", "udp.check_checksum:TRUE", "-T", "fields", "-E", "aggregator=,", *asked],
        capture_output=True, text=True, check=True, timeout=300)
    return [{name: value.split(",") if value else []
             for name, value in zip(FIELDS, line.split("\t"))}
            for line in done.stdout.splitlines()]


def undecrypted(rows: list[dict[str, list[str]]]) -> list[int]:
    """Datagrams with a packet that tshark could not open, counted from 1."""
    return [at for at, row in enumerate(rows, 1)
            if row["undecrypted"] or len(row["packets"]) != len(row["numbers"])
            or not row["frames"]]


@pytest.fixture(scope="module", params=["wifi-to-lte-hard-cut", "nat-rebind-addr",
                                        "exchange-1kb"])
def capture(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Capture:
    return make(request.param, tmp_path_factory.mktemp(request.param))


def make(scenario: str, folder: Path) -> Capture:
    path = folder / "run.pcapng"
    result = sim.run(scenario, seed=1, pcap_path=path, qlog_dir=folder, records=False)
    return Capture(path, result, read(path))


def test_every_datagram_is_there_and_is_quic(capture: Capture) -> None:
    assert len(capture.rows) == capture.result.datagrams >= 5
    assert {row["protocols"][0].split(":")[:4][-1] for row in capture.rows} == {"quic"}


def test_every_packet_is_decrypted(capture: Capture) -> None:
    assert undecrypted(capture.rows) == []


def test_nothing_is_malformed(capture: Capture) -> None:
    assert [row for row in capture.rows if row["malformed"]] == []


def test_there_is_no_expert_warning_nor_error(capture: Capture) -> None:
    assert [row["expert"] for row in capture.rows
            if any(int(severity) >= WARNING for severity in row["severity"])] == []


def test_checksums_are_right(capture: Capture) -> None:
    assert {(*row["ip_checksum"], *row["udp_checksum"]) for row in capture.rows} == {("1", "1")}


def test_all_of_it_is_one_connection(capture: Capture) -> None:
    assert {number for row in capture.rows for number in row["connection"]} == {"0"}


def test_the_move_shows(capture: Capture) -> None:
    places = {(*row["source"], *row["port"]) for row in capture.client_sent()}
    challenged = any(str(PATH_CHALLENGE) in row["frames"] for row in capture.rows)
    moves = capture.result.scenario != "exchange-1kb"
    assert len(places) == (2 if moves else 1)
    assert challenged == moves


def test_marks_show(capture: Capture) -> None:
    marks = {mark for row in capture.rows for mark in row["ecn"]}
    assert "2" in marks  # ECT(0)


def test_qlog_and_capture_tell_the_same_packets(capture: Capture) -> None:
    told = []
    for text in (capture.path.parent / "server-1.sqlog").read_text().split("\x1e")[1:]:
        record = json.loads(text)
        if record.get("name") == "transport:packet_sent":
            told.append(record["data"]["header"]["packet_number"])
    shown = [int(number) for row in capture.server_sent() for number in row["numbers"]]
    assert shown == told


def test_without_the_secrets_inside_it_stays_closed(tmp_path: Path) -> None:
    """So it is the blocks in the file that open it, and the tests above can fail."""
    capture = make("exchange-1kb", tmp_path)
    stripped = tmp_path / "stripped.pcapng"
    subprocess.run(["editcap", "--discard-all-secrets", str(capture.path), str(stripped)],
                   check=True, capture_output=True)
    assert len(undecrypted(read(stripped))) > len(capture.rows) // 2
