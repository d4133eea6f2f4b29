"""test_qlog.py: the qlog files of a run, read as a viewer reads them."""
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gnomon_quic import InvalidArgument, sim
from gnomon_quic.sim import SimResult

Record = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "vectors/qlog/quic-13.schema.json").read_text())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimResult, dict[str, list[Record]]]:
    folder = tmp_path_factory.mktemp("qlog")
    result = sim.run("wifi-to-lte-hard-cut", seed=1, qlog_dir=folder, records=False)
    return result, {path.stem: read(path) for path in sorted(folder.glob("*.sqlog"))}


def read(path: Path) -> list[Record]:
    """A JSON text sequence: RS, an object, LF, and again."""
    texts = path.read_text().split("\x1e")
    assert texts[0] == "" and all(text.endswith("\n") for text in texts[1:])
    return [json.loads(text) for text in texts[1:]]


def named(records: list[Record], name: str) -> list[Record]:
    return [record["data"] for record in records if record.get("name") == name]


def test_each_end_has_a_file(run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    assert {"client-1", "server-1"} <= set(run[1])


def test_the_header_is_what_viewers_look_for(
        run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    for name, records in run[1].items():
        header = records[0]
        assert header["qlog_version"] == "0.3" and header["qlog_format"] == "JSON-SEQ"
        assert header["trace"]["vantage_point"]["type"] == name.split("-")[0]
        assert header["trace"]["common_fields"]["time_format"] == "relative"
        # Viewers recognise the format by what stands in the first bytes.
        assert "JSON-SEQ" in json.dumps(header)[:1000]


def test_times_never_go_back(run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    for records in run[1].values():
        times = [record["time"] for record in records[1:]]
        assert times == sorted(times) and times[-1] > 1000


def test_names_are_of_known_categories(run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    known = {"transport", "recovery", "security", "connectivity", "simulation"}
    for records in run[1].values():
        assert {record["name"].split(":")[0] for record in records[1:]} == known


def test_packets_and_losses_are_all_there(
        run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    result, files = run
    count = {name: sum(len(named(records, name)) for records in files.values())
             for name in ("transport:packet_sent", "recovery:packet_lost")}
    assert count["transport:packet_sent"] == result.packets_sent
    assert count["recovery:packet_lost"] == result.packets_lost > 0


def test_every_frame_is_known(run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    kinds = {frame["frame_type"] for records in run[1].values()
             for name in ("transport:packet_sent", "transport:packet_received")
             for data in named(records, name) for frame in data["frames"]}
    assert "unknown" not in kinds
    assert kinds >= {"ack", "crypto", "stream", "padding", "ping", "handshake_done",
                     "new_connection_id", "path_challenge", "path_response",
                     "connection_close"}


def test_the_story_of_the_connection_is_told(
        run: tuple[SimResult, dict[str, list[Record]]]) -> None:
    client = run[1]["client-1"]
    states = [data["new"] for data in named(client, "connectivity:connection_state_updated")]
    assert states[0] == "attempted"
    assert states.index("handshake_completed") < states.index("handshake_confirmed")
    moved = [(data["path_id"], data["new"])
             for data in named(client, "connectivity:migration_state_updated")]
    assert moved[:3] == [("lte", "probing_started"), ("lte", "probing_successful"),
                         ("lte", "migration_complete")]
    owners = [data["owner"] for data in named(client, "transport:parameters_set")]
    assert owners == ["local", "remote"]
    assert named(client, "simulation:scenario")[0]["seed"] == 1
    assert len(named(client, "simulation:marker")) == 3


@pytest.fixture(scope="module", params=["wifi-to-lte-hard-cut", "delayed-dup-after-close"])
def records_13(request: pytest.FixtureRequest,
               tmp_path_factory: pytest.TempPathFactory) -> list[list[Record]]:
    folder = tmp_path_factory.mktemp("qlog-13")
    sim.run(request.param, qlog_dir=folder, qlog_profile="quic-13", records=False)
    return [read(path) for path in sorted(folder.glob("*.sqlog"))]


def form(record: Record) -> str:
    """A record without its numbers: those that differ in nothing else need one look."""
    return re.sub(r"\b[0-9a-f]{8,}\b|[0-9.]+", "0", json.dumps(record))


def test_quic_13_is_what_its_schema_demands(records_13: list[list[Record]]) -> None:
    header = jsonschema.Draft7Validator(SCHEMA["$defs"]["header"])
    record = jsonschema.Draft7Validator(SCHEMA)
    forms: dict[str, Record] = {}
    for records in records_13:
        header.validate(records[0])
        forms.update({form(each): each for each in records[1:]})
    assert len(forms) > 30
    for each in forms.values():
        record.validate(each)


@pytest.mark.parametrize("change", [
    {"name": "transport:packet_sent"},
    {"path": "wifi"},
    {"data": {}},
    {"data": {"header": {"packet_type": "short"}}},
    {"data": {"header": {"packet_type": "1RTT"}, "frames": [{"frame_type": "crypto"}]}},
    {"data": {"header": {"packet_type": "1RTT"},
              "frames": [{"frame_type": "stream", "stream_id": 0, "length": 3}]}},
    {"data": {"header": {"packet_type": "1RTT"}, "frames": [{"frame_type": "unheard_of"}]}},
])
def test_the_schema_refuses_what_is_no_quic_13(change: Record) -> None:
    good = {"time": 1.0, "name": "quic:packet_sent", "data": {"header": {"packet_type": "1RTT"}}}
    validator = jsonschema.Draft7Validator(SCHEMA)
    validator.validate(good)
    assert not validator.is_valid({**good, **change})


def test_a_profile_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument):
        sim.run("exchange-1kb", qlog_dir=tmp_path, qlog_profile="quic-99")
