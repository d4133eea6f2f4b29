"""test_sim.py: what gnomon_quic.sim, plot and the command promise."""
import builtins
import json
import struct
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from gnomon_quic import GnomonError, InvalidArgument, PlotUnavailable, ScenarioError, cli, sim
from gnomon_quic.sim import SimRecordKind, SimResult


@pytest.fixture(scope="module")
def result() -> SimResult:
    return sim.run("wifi-to-lte-hard-cut", seed=3)


def test_there_are_scenarios_and_each_is_a_file(scenario: str) -> None:
    found = sim.scenarios()
    assert scenario in found and all(path.is_file() for path in found.values())


def test_a_run_passes_and_says_so(result: SimResult) -> None:
    assert result.passed, result.report
    assert result.bytes_delivered == result.bytes_goal > 0
    assert result.seed == 3
    assert f"{result.hash:016x}" == result.hash_text == result.summary["hash"]
    assert result.hash_text in result.report


def test_the_same_seed_gives_the_same_hash(result: SimResult, scenario: str) -> None:
    again = sim.run(scenario, seed=3)
    assert again == replace(result, report=again.report)


def test_records_and_files_change_nothing(
        result: SimResult, scenario: str, tmp_path: Path) -> None:
    again = sim.run(scenario, seed=3, records=False, qlog_dir=tmp_path / "qlog",
                    pcap_path=tmp_path / "run.pcapng", csv_path=tmp_path / "run.csv",
                    trace_path=tmp_path / "run.trace")
    assert again.hash == result.hash and again.records is None
    assert sorted(path.name for path in (tmp_path / "qlog").iterdir())[0] == "client-1.sqlog"
    assert result.hash_text in (tmp_path / "run.trace").read_text().splitlines()[-1]
    assert (tmp_path / "run.csv").read_text().count("\n") == 1 + len(result.records or ())


def test_another_seed_gives_another_hash(result: SimResult, scenario: str) -> None:
    assert sim.run(scenario, seed=4, records=False).hash != result.hash


def test_records_are_columns_in_order(result: SimResult) -> None:
    records = result.records
    assert records is not None
    columns = [getattr(records, each.name) for each in fields(records)]
    assert len({len(column) for column in columns}) == 1 and len(records) > 1000
    assert all(a <= b for a, b in zip(records.at_us, records.at_us[1:]))
    assert set(records.kind) <= set(SimRecordKind)
    assert len(records.of(SimRecordKind.LOST)) == result.packets_lost
    assert len(records.of(SimRecordKind.PTO)) == result.ptos
    assert len(records.of(SimRecordKind.DROPPED)) == result.datagrams_dropped


def test_the_summary_names_what_records_number(result: SimResult) -> None:
    assert result.names("routes") == ["wifi", "lte"]
    assert result.names("hosts") == ["client", "server"]


def test_a_wrong_scenario_says_file_line_and_field(tmp_path: Path, scenario: str) -> None:
    good = sim.scenarios()[scenario].read_text().splitlines(keepends=True)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("".join(good) + "no_such_field: 1\n")
    with pytest.raises(ScenarioError) as raised:
        sim.run(wrong)
    assert f"wrong.yaml:{len(good) + 1}" in str(raised.value)
    assert "no_such_field" in str(raised.value)


def test_a_scenario_that_is_nowhere_is_said() -> None:
    with pytest.raises(ScenarioError, match="nowhere.yaml"):
        sim.run("nowhere.yaml")


def test_a_file_that_cannot_be_written_is_said(scenario: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        sim.run(scenario, pcap_path=tmp_path / "no" / "such" / "folder.pcapng")


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_does_not_fit_is_refused(scenario: str, seed: int) -> None:
    with pytest.raises(InvalidArgument):
        sim.run(scenario, seed=seed)


# ------------------------------------------------------------------- pictures


def test_a_picture_is_drawn_at_its_size(result: SimResult, tmp_path: Path) -> None:
    from gnomon_quic import plot

    path = tmp_path / "run.png"
    plot.save(result, path)
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 60_000
    width, height = struct.unpack(">II", data[16:24])
    assert width == plot.WIDTH * plot.DPI
    assert height == (plot.HEIGHT + plot.CLOSE_UP) * plot.DPI


def test_a_picture_says_what_it_shows(result: SimResult) -> None:
    from gnomon_quic import plot

    assert result.records is not None
    lost = [at for at in result.records.of(SimRecordKind.LOST, 1) if result.records.c[at] == 2]
    figure = plot.plot(result)
    words = " ".join(text.get_text() for text in figure.findobj(
        match=lambda artist: hasattr(artist, "get_text")))
    for wanted in ("wifi-to-lte-hard-cut", "seed 3", result.hash_text, "wifi", "lte",
                   "delivered in order", "congestion window", "smoothed RTT",
                   f"declared lost ({len(lost)})"):
        assert wanted in words, wanted


def test_a_picture_can_be_a_vector_drawing(result: SimResult, tmp_path: Path) -> None:
    from gnomon_quic import plot

    plot.save(result, tmp_path / "run.svg")
    assert "<svg" in (tmp_path / "run.svg").read_text()[:1000]


def test_a_run_without_a_move_has_no_close_up() -> None:
    from gnomon_quic import plot

    figure = plot.plot(sim.run("ideal"))
    assert len(figure.axes) == 4


def test_without_records_there_is_nothing_to_draw(result: SimResult) -> None:
    from gnomon_quic import plot

    with pytest.raises(ValueError, match="records"):
        plot.plot(replace(result, records=None))


def test_without_matplotlib_the_error_says_what_to_install(
        result: SimResult, monkeypatch: pytest.MonkeyPatch) -> None:
    from gnomon_quic import plot

    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PlotUnavailable, match="python3-matplotlib"):
        plot.plot(result)


# ---------------------------------------------------------------- the command


def test_run_prints_the_report(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", scenario, "--seed", "3"]) == 0
    assert scenario in capsys.readouterr().out


def test_run_prints_json(
        result: SimResult, scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", scenario, "--seed", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hash"] == result.hash_text


def test_plot_leaves_a_picture(
        scenario: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "out.png"
    assert cli.main(["plot", scenario, "-o", str(picture)]) == 0
    assert picture.stat().st_size > 60_000
    assert capsys.readouterr().out == f"{picture}\n"


def test_a_wrong_scenario_ends_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_doctor_finds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "fits" in said and sys.executable in said and "wifi-to-lte-hard-cut" in said


def test_doctor_says_what_is_missing(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GNOMON_LIBRARY", "gone.so")
    assert cli.main(["doctor"]) == 1
    assert "gone.so" in capsys.readouterr().out


def test_an_error_is_a_line_not_a_traceback(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise GnomonError("no luck")

    monkeypatch.setattr(cli, "run", fail)
    assert cli.main(["run", "any"]) == 1
    assert capsys.readouterr().err == "gnomon-quic: no luck\n"
