"""effects.py: what an endpoint wants done, one frozen class for each kind.

    match effect:
        case SendDatagram(data=data, route=route): ...
        case StreamData(stream=stream, data=data, fin=fin): ...

or by `effect.kind`. `connection` is 0 where an effect belongs to none.
"""
import ctypes
import ipaddress
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from . import _ffi
from ._ffi import (
    CloseCause,
    DatagramLoss,
    EffectKind,
    EventPacket,
    Mark,
    PathChange,
    StateChange,
    ZeroRtt,
)
from ._library import library

__all__ = [
    "Closed", "Datagram", "DatagramAcked", "DatagramLost", "Effect", "NewToken", "Packet",
    "PathChanged", "PreferredAddress", "ResumptionState", "SendDatagram", "StateChanged",
    "StreamData", "StreamReset", "StreamStopped", "StreamWritable", "StreamsAllowed",
    "ZeroRttStatus", "from_c",
]

_MARKS = tuple(Mark)  # many times as fast to look up as Mark(number)


@dataclass(frozen=True, slots=True)
class SendDatagram:
    """Send data on the route with this ECN mark; a probe of the MTU unfragmented."""

    kind: ClassVar[Literal["send_datagram"]] = "send_datagram"
    connection: int
    route: int
    data: bytes
    ecn: Mark
    is_mtu_probe: bool


@dataclass(frozen=True, slots=True)
class StreamData:
    """Bytes of a stream, in order unless deliver_unordered says otherwise.

    fin: the stream ends behind them, and all before them was told.
    """

    kind: ClassVar[Literal["stream_data"]] = "stream_data"
    connection: int
    stream: int
    offset: int
    data: bytes
    fin: bool


@dataclass(frozen=True, slots=True)
class StreamReset:
    """The peer abandoned its side of the stream."""

    kind: ClassVar[Literal["stream_reset"]] = "stream_reset"
    connection: int
    stream: int
    code: int
    final_size: int


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """The peer will not read on."""

    kind: ClassVar[Literal["stream_stopped"]] = "stream_stopped"
    connection: int
    stream: int
    code: int


@dataclass(frozen=True, slots=True)
class StreamWritable:
    """The stream takes bytes again."""

    kind: ClassVar[Literal["stream_writable"]] = "stream_writable"
    connection: int
    stream: int


@dataclass(frozen=True, slots=True)
class StreamsAllowed:
    """So many streams of this direction may be opened in all."""

    kind: ClassVar[Literal["streams_allowed"]] = "streams_allowed"
    connection: int
    unidirectional: bool
    allowed: int


@dataclass(frozen=True, slots=True)
class StateChanged:
    """alpn with READY, generation with KEYS_UPDATED."""

    kind: ClassVar[Literal["state_changed"]] = "state_changed"
    connection: int
    change: StateChange
    alpn: bytes
    generation: int


@dataclass(frozen=True, slots=True)
class PathChanged:
    """How the path over a route fares."""

    kind: ClassVar[Literal["path_changed"]] = "path_changed"
    connection: int
    route: int
    change: PathChange


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection ends; once more, forgotten, when its number is no longer valid."""

    kind: ClassVar[Literal["closed"]] = "closed"
    connection: int
    cause: CloseCause
    code: int
    frame_type: int
    reason: str
    forgotten: bool

    @property
    def code_name(self) -> str:
        """As in "certificate_expired" or "PROTOCOL_VIOLATION"; empty for an application's code."""
        if self.cause in (CloseCause.LOCAL_APPLICATION, CloseCause.PEER_APPLICATION):
            return ""
        name: bytes = library().gn_code_name(self.code)
        return name.decode()


@dataclass(frozen=True, slots=True)
class NewToken:
    """The server gives a token for a later connection to it."""

    kind: ClassVar[Literal["new_token"]] = "new_token"
    connection: int
    token: bytes
    version: int  # of QUIC: the token is for connections that begin with it (RFC 9369 5)


@dataclass(frozen=True, slots=True)
class ResumptionState:
    """What resumes a later connection to this server. It is secret, and good for 0-RTT once."""

    kind: ClassVar[Literal["resumption_state"]] = "resumption_state"
    connection: int
    state: bytes
    version: int  # of QUIC: what resumes with it begins with it


@dataclass(frozen=True, slots=True)
class ZeroRttStatus:
    """How 0-RTT fares. After REJECTED everything is sent again; streams stay as they are."""

    kind: ClassVar[Literal["zero_rtt_status"]] = "zero_rtt_status"
    connection: int
    status: ZeroRtt


@dataclass(frozen=True, slots=True)
class Datagram:
    """The contents of a DATAGRAM frame of the peer's."""

    kind: ClassVar[Literal["datagram"]] = "datagram"
    connection: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DatagramAcked:
    """The peer has the datagram that was sent with this id; late: it was told to be lost."""

    kind: ClassVar[Literal["datagram_acked"]] = "datagram_acked"
    connection: int
    id: int
    late: bool


@dataclass(frozen=True, slots=True)
class DatagramLost:
    """The datagram with this id is lost, or was never sent."""

    kind: ClassVar[Literal["datagram_lost"]] = "datagram_lost"
    connection: int
    id: int
    why: DatagramLoss


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet sent or received, with EndpointConfig.inspect_packets (RFC 9000 17).

    data: as on the wire; payload: its frames in clear. datagram_id counts the endpoint's
    datagrams from 1, both ways together; the packet begins at datagram_off of its datagram.
    version 0: a short header, which alone has spin and key_phase.
    """

    kind: ClassVar[Literal["packet"]] = "packet"
    connection: int
    route: int
    ecn: Mark
    outbound: bool
    packet: EventPacket
    version: int
    number: int
    number_bytes: int
    spin: bool
    key_phase: bool
    datagram_id: int
    datagram_len: int
    datagram_off: int
    dcid: bytes
    scid: bytes
    token: bytes
    data: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class PreferredAddress:
    """Where the server would rather be reached; Endpoint.migrate goes there (RFC 9000 9.6).

    Addresses as text, None where the server offers none of that family; ports 1 to 65535.
    """

    kind: ClassVar[Literal["preferred_address"]] = "preferred_address"
    connection: int
    ipv4: str | None
    ipv4_port: int
    ipv6: str | None
    ipv6_port: int
    cid: bytes
    reset_token: bytes


Effect: TypeAlias = (
    SendDatagram | StreamData | StreamReset | StreamStopped | StreamWritable | StreamsAllowed
    | StateChanged | PathChanged | Closed | NewToken | Datagram | DatagramAcked | DatagramLost
    | Packet | PreferredAddress | ResumptionState | ZeroRttStatus
)


def _bytes(address: int | None, length: int) -> bytes:
    return ctypes.string_at(address, length) if address and length else b""


def _packet(raw: _ffi.gn_effect) -> Packet:
    packet = _ffi.gn_packet.from_address(raw.packet)
    return Packet(raw.connection, raw.route, _MARKS[raw.ecn], bool(packet.outbound),
                  EventPacket(packet.kind), packet.version, packet.pn, packet.pn_bytes,
                  bool(packet.spin), bool(packet.key_phase), packet.datagram_id,
                  packet.datagram_len, packet.datagram_off, _bytes(packet.dcid, packet.dcid_len),
                  _bytes(packet.scid, packet.scid_len), _bytes(packet.token, packet.token_len),
                  _bytes(raw.bytes, raw.len), _bytes(packet.payload, packet.payload_len))


def _preferred(raw: _ffi.gn_effect) -> PreferredAddress:
    offer = _ffi.gn_preferred_address.from_address(raw.preferred)
    ipv4 = str(ipaddress.IPv4Address(bytes(offer.ipv4))) if offer.ipv4_port else None
    ipv6 = str(ipaddress.IPv6Address(bytes(offer.ipv6))) if offer.ipv6_port else None
    return PreferredAddress(raw.connection, ipv4, offer.ipv4_port, ipv6, offer.ipv6_port,
                            _bytes(offer.cid, offer.cid_len), bytes(offer.reset_token))


def from_c(raw: _ffi.gn_effect) -> Effect:
    """The effect that the C struct holds; its bytes are copied out."""
    kind = raw.kind
    connection = raw.connection
    if kind == EffectKind.SEND:
        return SendDatagram(connection, raw.route, ctypes.string_at(raw.bytes, raw.len),
                            _MARKS[raw.ecn], bool(raw.flags & _ffi.GN_EFFECT_MTU_PROBE))
    if kind == EffectKind.STREAM_DATA:
        data = ctypes.string_at(raw.bytes, raw.len) if raw.len else b""
        return StreamData(connection, raw.stream, raw.offset, data,
                          bool(raw.flags & _ffi.GN_EFFECT_FIN))
    if kind == EffectKind.STREAM_RESET:
        return StreamReset(connection, raw.stream, raw.code, raw.offset)
    if kind == EffectKind.STREAM_STOPPED:
        return StreamStopped(connection, raw.stream, raw.code)
    if kind == EffectKind.STREAM_WRITABLE:
        return StreamWritable(connection, raw.stream)
    if kind == EffectKind.STREAMS_ALLOWED:
        return StreamsAllowed(connection, raw.detail != 0, raw.code)
    text = ctypes.string_at(raw.bytes, raw.len) if raw.len else b""
    if kind == EffectKind.STATE:
        return StateChanged(connection, StateChange(raw.detail), text, raw.code)
    if kind == EffectKind.PATH:
        return PathChanged(connection, raw.route, PathChange(raw.detail))
    if kind == EffectKind.NEW_TOKEN:
        return NewToken(connection, text, raw.code)
    if kind == EffectKind.RESUMPTION_STATE:
        return ResumptionState(connection, text, raw.code)
    if kind == EffectKind.ZERO_RTT:
        return ZeroRttStatus(connection, ZeroRtt(raw.detail))
    if kind == EffectKind.DATAGRAM:
        return Datagram(connection, text)
    if kind == EffectKind.DATAGRAM_ACKED:
        return DatagramAcked(connection, raw.code, bool(raw.flags & _ffi.GN_EFFECT_LATE))
    if kind == EffectKind.DATAGRAM_LOST:
        return DatagramLost(connection, raw.code, DatagramLoss(raw.detail))
    if kind == EffectKind.CLOSED:
        return Closed(connection, CloseCause(raw.detail), raw.code, raw.frame_type,
                      text.decode("utf-8", "replace"),
                      bool(raw.flags & _ffi.GN_EFFECT_FORGOTTEN))
    if kind == EffectKind.PACKET:
        return _packet(raw)
    if kind == EffectKind.PREFERRED_ADDRESS:
        return _preferred(raw)
    raise AssertionError(f"effect kind {kind}, which no header names")
