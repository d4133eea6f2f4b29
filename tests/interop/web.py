"""web.py: a client that fetches and a server that answers, over one UdpEndpoint each."""
from collections import defaultdict
from typing import Any

import h3
from gnomon_quic import Closed, Effect, EndpointConfig, StateChange, StateChanged, StreamData
from gnomon_quic import Role, StreamWritable
from udp import Address, UdpEndpoint

UNIDIRECTIONAL = 2  # the bit of a stream's number (RFC 9000 2.1)


class Web:
    """What both sides have: streams that take their bytes as room comes, and a record."""

    def __init__(self, config: EndpointConfig) -> None:
        self.udp = UdpEndpoint(config, self.on_effect)
        self.told: list[Effect] = []
        self.closed: Closed | None = None
        self.generations: list[int] = []
        self._waiting: dict[tuple[int, int], bytes] = {}
        self._begun: set[int] = set()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        self.udp.__exit__(*error)

    def send(self, connection: int, stream: int, data: bytes, fin: bool = True) -> None:
        taken = self.udp.call("stream_send", connection, stream, data, fin=fin)
        if taken < len(data):
            self._waiting[connection, stream] = data[taken:]

    def begin(self, connection: int) -> None:
        """Our control stream, once."""
        if connection in self._begun:
            return
        self._begun.add(connection)
        stream = self.udp.call("stream_open", connection, unidirectional=True)
        self.send(connection, stream, h3.control(), fin=False)

    def on_effect(self, effect: Effect, now: int) -> None:
        match effect:
            case StreamWritable(connection=connection, stream=stream):
                data = self._waiting.pop((connection, stream), None)
                if data is not None:
                    self.send(connection, stream, data)
            case StateChanged(connection=connection, change=StateChange.READY):
                self.begin(connection)
            case StateChanged(change=StateChange.KEYS_UPDATED, generation=generation):
                self.generations.append(generation)
            case Closed(forgotten=False):
                self.closed = effect
            case StreamData(stream=stream) if not stream & UNIDIRECTIONAL:
                self.on_bytes(effect)
        if not isinstance(effect, StreamData):
            self.told.append(effect)

    def on_bytes(self, effect: StreamData) -> None:
        raise NotImplementedError


class Client(Web):
    """Fetches over one connection after the other."""

    def __init__(self, config: EndpointConfig) -> None:
        super().__init__(config)
        assert config.role == Role.CLIENT
        self.connection = 0
        self._received: dict[int, bytearray] = defaultdict(bytearray)
        self._ended: set[int] = set()

    def on_bytes(self, effect: StreamData) -> None:
        self._received[effect.stream] += effect.data
        if effect.fin:
            self._ended.add(effect.stream)

    def connect(self, peer: Address, **arguments: Any) -> None:
        """Begins a connection; what the last one received is forgotten."""
        self._received.clear()
        self._ended.clear()
        self.closed = None
        self.connection = self.udp.connect(peer, **arguments)

    def ready(self, seconds: float = 10.0) -> bool:
        return self.udp.run(lambda: self.is_ready() or self.closed is not None, seconds) \
            and self.is_ready()

    def is_ready(self) -> bool:
        return any(isinstance(effect, StateChanged) and effect.connection == self.connection
                   and effect.change == StateChange.READY for effect in self.told)

    def get(self, path: str) -> int:
        """Sends the request; its stream."""
        stream = int(self.udp.call("stream_open", self.connection))
        self.send(self.connection, stream, h3.request("localhost", path))
        return stream

    def body(self, stream: int, seconds: float = 20.0) -> bytes | None:
        """The answer to a request, once it is whole; None: it did not come in time."""
        whole = self.udp.run(lambda: stream in self._ended or self.closed is not None, seconds)
        if not whole or stream not in self._ended:
            return None
        return h3.body(bytes(self._received[stream]))

    def close(self) -> None:
        if self.closed is None:
            self.udp.call("close", self.connection)


class Server(Web):
    """Answers every request with the same body."""

    def __init__(self, config: EndpointConfig, body: bytes) -> None:
        super().__init__(config)
        assert config.role == Role.SERVER
        self._answer = h3.response(body)
        self.accepted = 0

    def on_bytes(self, effect: StreamData) -> None:
        if effect.fin:
            self.send(effect.connection, effect.stream, self._answer)

    def on_effect(self, effect: Effect, now: int) -> None:
        super().on_effect(effect, now)
        if isinstance(effect, StateChanged) and effect.change == StateChange.ACCEPTED:
            self.accepted += 1
