"""pair.py: a client and a server in one process, with virtual time between them."""
import heapq
from collections.abc import Callable
from pathlib import Path

from gnomon_quic import (
    Closed,
    Effect,
    Endpoint,
    EndpointConfig,
    Mark,
    Role,
    SendDatagram,
    StateChange,
    StateChanged,
    StreamData,
)

CERTIFICATES = Path(__file__).resolve().parents[2] / "vectors" / "certs"
UNIX_MS = 1_700_000_000_000  # inside the certificates' dates
DELAY_US = 10_000


def certificate(name: str) -> bytes:
    return (CERTIFICATES / name).read_bytes()


def client_config(**changes: object) -> EndpointConfig:
    fields = {"role": Role.CLIENT, "alpn": ("test",), "seed": bytes(31) + b"c",
              "unix_ms": UNIX_MS, "ca_pem": certificate("ca.pem"), **changes}
    return EndpointConfig(**fields)  # type: ignore[arg-type]


def server_config(**changes: object) -> EndpointConfig:
    fields = {"role": Role.SERVER, "alpn": ("test",), "seed": bytes(31) + b"s",
              "unix_ms": UNIX_MS, "certificate_pem": certificate("server.pem"),
              "private_key_pem": certificate("server.key"), **changes}
    return EndpointConfig(**fields)  # type: ignore[arg-type]


class Pair:
    """Moves datagrams between the two until nothing is left to do."""

    def __init__(self, client: EndpointConfig | None = None,
                 server: EndpointConfig | None = None) -> None:
        self.now = 0
        self.client = Endpoint(client or client_config())
        try:
            self.server = Endpoint(server or server_config())
        except BaseException:
            self.client.free()
            raise
        self.ends = (self.client, self.server)
        self.told: tuple[list[Effect], list[Effect]] = ([], [])
        self.wire: list[tuple[int, int, int, SendDatagram]] = []
        self.count = 0
        self.bytes_on_wire: list[bytes] = []
        self.lose: Callable[[int], bool] = lambda number: False

    def __enter__(self) -> "Pair":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.free()
        self.server.free()

    def pull(self) -> None:
        """Takes both ends' effects; datagrams go on the wire."""
        for at, end in enumerate(self.ends):
            for effect in end.effects():
                self.told[at].append(effect)
                if isinstance(effect, SendDatagram):
                    self.count += 1
                    self.bytes_on_wire.append(effect.data)
                    if not self.lose(self.count):
                        heapq.heappush(self.wire, (self.now + DELAY_US, self.count, 1 - at,
                                                   effect))

    def run(self, until_us: int) -> None:
        """Time passes, up to and including until_us."""
        self.pull()
        while True:
            times = [at for end in self.ends if (at := end.deadline()) is not None]
            if self.wire:
                times.append(self.wire[0][0])
            if not times or min(times) > until_us:
                break
            self.now = max(self.now, min(times))
            while self.wire and self.wire[0][0] <= self.now:
                _, _, to, sent = heapq.heappop(self.wire)
                self.ends[to].receive(sent.data, self.now, route=sent.route, ecn=sent.ecn,
                                      host=f"192.0.2.{1 + sent.route}")
            for end in self.ends:
                deadline = end.deadline()
                if deadline is not None and deadline <= self.now:
                    end.timeout(self.now)
            self.pull()
        self.now = max(self.now, until_us)

    def connect(self) -> tuple[int, int]:
        """Handshakes; the connection's number at the client and at the server."""
        number = self.client.connect("server.example", self.now, host="192.0.2.1")
        self.run(self.now + 2_000_000)
        assert StateChange.CONFIRMED in self.states(0), self.told[0][-5:]
        accepted = [effect.connection for effect in self.told[1]
                    if isinstance(effect, StateChanged)
                    and effect.change is StateChange.ACCEPTED]
        return number, accepted[-1]

    def states(self, end: int) -> list[StateChange]:
        return [effect.change for effect in self.told[end] if isinstance(effect, StateChanged)]

    def received(self, end: int, stream: int) -> tuple[bytes, bool]:
        """All bytes of a stream that an end was told of, and whether it ended."""
        parts = [effect for effect in self.told[end]
                 if isinstance(effect, StreamData) and effect.stream == stream]
        return b"".join(part.data for part in parts), any(part.fin for part in parts)

    def closed(self, end: int) -> list[Closed]:
        return [effect for effect in self.told[end] if isinstance(effect, Closed)]


__all__ = ["Mark", "Pair", "certificate", "client_config", "server_config"]
