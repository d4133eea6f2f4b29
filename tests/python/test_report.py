"""test_report.py: what the report page promises; a browser without a screen draws it."""
import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from gnomon_quic import PlotUnavailable, cli, report, sim
from gnomon_quic.report_packets import KINDS, sides

BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
           "--window-size=1400,1800", "--virtual-time-budget=10000")
# Points at each chart in turn and writes what the tip says into the page.
HOVER = """<script>
const said = [];
for (const chart of document.querySelectorAll(".chart")) {
  const canvas = [...chart.querySelectorAll("canvas")].pop(), box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new MouseEvent("mousemove", {bubbles: true,
    clientX: box.left + box.width / 3, clientY: box.top + box.height / 2}));
  said.push(document.getElementById("tip").textContent);
}
document.documentElement.dataset.said = JSON.stringify(said);
</script></body>"""


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    return report.collect("ecn-codel-ce", seed=2)


def browse(page: Path, *options: str) -> str:
    done = subprocess.run([*BROWSER, *options, page.as_uri()], check=True, timeout=120,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout


def points(run: dict[str, Any]) -> int:
    """What a page of this run has to draw."""
    count = len(run["network"])
    for side in run["sides"]:
        metrics = side["metrics"]
        count += len(side["packets"]["t"]) + len(side["lost"])
        count += sum(value is not None for key in list(metrics)[1:] for value in metrics[key])
    return count


def test_a_page_has_every_packet_of_the_run(run: dict[str, Any]) -> None:
    result = sim.run("ecn-codel-ce", seed=2)
    assert sum(len(side["packets"]["t"]) for side in run["sides"]) == result.packets_sent
    assert sum(len(side["lost"]) for side in run["sides"]) == result.packets_lost
    assert sum(row[2] == "marked" for row in run["network"]) == result.datagrams_marked > 0
    assert ("hash of the run", result.hash_text) in run["facts"]


def test_packets_are_sorted_by_what_they_were_sent_for(tmp_path: Path) -> None:
    frames = [
        ("initial", [{"frame_type": "crypto", "offset": 0, "length": 9}]),
        ("1RTT", [{"frame_type": "stream", "stream_id": 0, "offset": 0, "length": 9}]),
        ("1RTT", [{"frame_type": "stream", "stream_id": 0, "offset": 4, "length": 9}]),
        ("1RTT", [{"frame_type": "ack", "acked_ranges": [[0, 0], [2, 4]], "ack_delay": 1}]),
        ("1RTT", [{"frame_type": "path_challenge", "data": "00"}, {"frame_type": "padding"}]),
        ("1RTT", [{"frame_type": "max_data", "maximum": 7}]),
    ]
    with (tmp_path / "client-1.sqlog").open("w") as out:
        out.write('\x1e{"qlog_version":"0.3"}\n')
        for number, (kind, each) in enumerate(frames):
            out.write("\x1e" + json.dumps({
                "time": 1000.0 * number, "name": "transport:packet_sent", "data": {
                    "header": {"packet_type": kind, "packet_number": number}, "frames": each,
                    "raw": {"length": 50}, "path": "wifi"}}) + "\n")
    (side,) = sides(tmp_path)
    assert [KINDS[kind] for kind in side["packets"]["kind"]] == [
        "handshake", "data", "again", "acks", "probe", "control"]
    assert side["packets"]["t"] == [0, 1, 2, 3, 4, 5]
    assert side["packets"]["text"][1:4] == [
        "STREAM 0: 0+9", "STREAM 0: 4+9", "ACK 0,2-4 after 1 ms"]


def test_a_browser_draws_all_points_and_shows_what_is_under_the_pointer(
        run: dict[str, Any], tmp_path: Path) -> None:
    other = report.collect("wifi-to-lte-hard-cut", seed=2)
    page = tmp_path / "two.html"
    report.write(page, [run, other])
    page.write_text(page.read_text().replace("</body>", HOVER))
    root = browse(page, "--dump-dom").split(">", 2)[1]
    assert "data-error" not in root
    assert int(re.search(r'data-points="(\d+)"', root)[1]) == points(run) + points(other)
    found = re.search(r'data-said="([^"]*)"', root)
    said = json.loads(html.unescape(found[1]))
    assert len(said) == int(re.search(r'data-charts="(\d+)"', root)[1]) >= 10
    assert all(re.match(r"\d+\.\d+ s\n\w", each) for each in said)
    packet = re.compile(r"1RTT \d+ on (wifi|lte): \w+, \d+ bytes, .*\n(STREAM|ACK) ")
    assert any(packet.search(each) for each in said)


def test_a_browser_paints_the_page(run: dict[str, Any], tmp_path: Path) -> None:
    page, picture = tmp_path / "one.html", tmp_path / "one.png"
    report.write(page, [run])
    browse(page, f"--screenshot={picture}")
    from matplotlib import image

    colours = {tuple(pixel) for row in image.imread(str(picture))[::4, ::4, :3] for pixel in row}
    assert len(colours) > 50


def test_a_page_needs_no_other_file(run: dict[str, Any]) -> None:
    text = report.page([run])
    assert not re.search(r"""(src|href)\s*=\s*["']""", text.split("<main", 1)[0])
    assert "sourceMappingURL" not in text


def test_text_of_a_run_cannot_leave_its_place(run: dict[str, Any]) -> None:
    text = report.page([{**run, "title": "</script><b>"}])
    assert "</script><b>" not in text


def test_without_the_library_the_message_says_what_to_install(
        run: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNOMON_DYGRAPHS", str(tmp_path))
    with pytest.raises(PlotUnavailable, match="libjs-dygraphs"):
        report.page([run])


def test_the_command_writes_a_page_of_two_runs(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "runs.html"
    assert cli.main(["report", "exchange-1kb", "--against-seed", "9", "-o", str(output)]) == 0
    assert capsys.readouterr().out == f"{output}\n"
    text = output.read_text()
    assert "exchange-1kb, seed 1 | exchange-1kb, seed 9" in text
