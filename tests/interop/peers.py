"""peers.py: ngtcp2's example client and server (Debian: ngtcp2-client, ngtcp2-server)."""
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from udp import HOST, Address

CERTIFICATES = Path(__file__).resolve().parents[2] / "vectors" / "certs"
SERVER = shutil.which("gtlsserver", path=os.environ.get("PATH", "") + ":/usr/sbin")
CLIENT = shutil.which("gtlsclient")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def _is_bound(port: int) -> bool:
    wanted = f":{port:04X} "
    return any(wanted in line for line in Path("/proc/net/udp").read_text().splitlines())


class Log:
    """What the peer printed so far."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def text(self) -> str:
        return self._path.read_text(errors="replace")


@contextmanager
def server(folder: Path, *options: str) -> Iterator[tuple[Address, Log]]:
    """ngtcp2's server, which serves folder, while the block runs."""
    assert SERVER is not None
    port, log = _free_port(), folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [SERVER, "--no-quic-dump", "--no-http-dump", "-d", str(folder), *options, HOST,
             str(port), str(CERTIFICATES / "server.key"), str(CERTIFICATES / "server.pem")],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 10
        while not _is_bound(port):
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.01)
        yield (HOST, port), Log(log)
    finally:
        process.kill()
        process.wait()


def client(folder: Path, port: int, paths: list[str], run: Callable[[Callable[[], bool]], bool],
           *options: str) -> str:
    """ngtcp2's client fetches paths from us into folder; what it printed.

    run: drives our side until the function it is given is true.
    """
    assert CLIENT is not None
    log = folder / "client.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [CLIENT, "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close",
             "--sni=localhost", f"--download={folder}", *options, HOST, str(port),
             *(f"https://localhost:{port}{path}" for path in paths)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        ended = run(lambda: process.poll() is not None)
        assert ended, f"ngtcp2's client hangs:\n{log.read_text(errors='replace')[-4000:]}"
    finally:
        process.kill()
        process.wait()
    return log.read_text(errors="replace")
