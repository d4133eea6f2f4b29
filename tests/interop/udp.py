"""udp.py: an endpoint behind real sockets on loopback, driven by the real clock.

A route is one pair of a socket of ours and an address of the peer's. Loops
are bounded by a time that the caller gives.
"""
import select
import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from gnomon_quic import Effect, Endpoint, EndpointConfig, Mark, SendDatagram

HOST = "127.0.0.1"
Address = tuple[str, int]


class UdpEndpoint:
    """Gives `on_effect` whatever is to be done besides sending."""

    def __init__(self, config: EndpointConfig, on_effect: Callable[[Effect, int], None]) -> None:
        self.endpoint = Endpoint(config)
        self._on_effect = on_effect
        self._began = time.monotonic_ns()
        self._sockets: list[socket.socket] = []
        self._routes: list[tuple[socket.socket, Address]] = []
        self.sent_marks: set[Mark] = set()
        self.received_marks: set[Mark] = set()
        self.open_socket()

    def __enter__(self) -> "UdpEndpoint":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.endpoint.free()
        for sock in self._sockets:
            sock.close()

    def open_socket(self) -> int:
        """One more local port; returns it."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
        sock.setblocking(False)
        sock.bind((HOST, 0))
        self._sockets.append(sock)
        return int(sock.getsockname()[1])

    def port(self) -> int:
        return int(self._sockets[0].getsockname()[1])

    def now(self) -> int:
        return (time.monotonic_ns() - self._began) // 1000

    def route(self, peer: Address, sock: socket.socket | None = None) -> int:
        """The number of a way to the peer: by the newest socket, unless one is named."""
        way = (sock or self._sockets[-1], peer)
        if way not in self._routes:
            self._routes.append(way)
        return self._routes.index(way)

    def connect(self, peer: Address, **arguments: Any) -> int:
        connection = self.endpoint.connect("localhost", self.now(), route=self.route(peer),
                                           host=peer[0], **arguments)
        self._act()
        return connection

    def call(self, name: str, *arguments: Any, **named: Any) -> Any:
        """One input of the endpoint with the time in its place, and what follows from it."""
        result = getattr(self.endpoint, name)(*arguments, self.now(), **named)
        self._act()
        return result

    def run(self, until: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Until that is so: True; or until so much time has passed: False."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._turn(min(left, 0.05))
        return True

    def _turn(self, seconds: float) -> None:
        deadline = self.endpoint.deadline()
        if deadline is not None:
            seconds = min(seconds, max(0.0, (deadline - self.now()) / 1e6))
        for sock in select.select(self._sockets, [], [], seconds)[0]:
            self._receive(sock)
        if deadline is not None and self.now() >= deadline:
            self.endpoint.timeout(self.now())
        self._act()

    def _receive(self, sock: socket.socket) -> None:
        for _ in range(64):
            try:
                data, ancillary, _, peer = sock.recvmsg(65535, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            tos = next((raw[0] for level, kind, raw in ancillary
                        if (level, kind) == (socket.IPPROTO_IP, socket.IP_TOS)), 0)
            mark = Mark(tos & 3)
            self.received_marks.add(mark)
            self.endpoint.receive(data, self.now(), route=self.route(peer, sock), host=peer[0],
                                  ecn=mark)
            self._act()

    def _act(self) -> None:
        for effect in self.endpoint.effects():
            if not isinstance(effect, SendDatagram):
                self._on_effect(effect, self.now())
                continue
            sock, peer = self._routes[effect.route]
            self.sent_marks.add(effect.ecn)
            tos = [(socket.IPPROTO_IP, socket.IP_TOS, struct.pack("i", int(effect.ecn)))]
            try:
                sock.sendmsg([effect.data], tos, 0, peer)
            except (BlockingIOError, ConnectionRefusedError):
                pass  # as good as lost
