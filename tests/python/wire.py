"""wire.py: frames, headers and transport parameters decoded a second time, from the RFCs alone.

Short and slow, and independent of the core: what both make of the vectors is
likely to be right. A refusal is raised as Refused with the transport error.
"""
from typing import Any, Optional

LARGEST = (1 << 62) - 1
FRAME_ENCODING, TRANSPORT_PARAMETER, PROTOCOL_VIOLATION = 0x07, 0x08, 0x0a


class Refused(Exception):
    """The peer broke a rule; args[0] is the transport error."""


class Short(Exception):
    """The bytes end too soon."""


class Reader:
    """Takes things from the front of bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise Short
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.at)

    def varint(self) -> int:
        """RFC 9000 16."""
        first = self.byte()
        size = 1 << (first >> 6)
        return int.from_bytes(bytes([first & 0x3f]) + self.take(size - 1), "big")

    def sized(self) -> bytes:
        return self.take(self.varint())


def fields_of(reader: Reader, *names: str) -> dict[str, Any]:
    return {name: reader.varint() for name in names}


def ack(reader: Reader, kind: int) -> dict[str, Any]:
    """RFC 9000 19.3."""
    largest, delay, count, first = (reader.varint() for _ in range(4))
    smallest = largest - first
    if smallest < 0:
        raise Refused(FRAME_ENCODING)
    ranges = [f"{largest}-{smallest}"]
    if count > len(reader.data):
        raise Short
    for _ in range(count):
        gap, length = reader.varint(), reader.varint()
        largest = smallest - gap - 2
        smallest = largest - length
        if smallest < 0:
            raise Refused(FRAME_ENCODING)
        ranges.append(f"{largest}-{smallest}")
    counts = fields_of(reader, "ect0", "ect1", "ce") if kind == 3 else {}
    return {"delay": delay, "ranges": ranges, **counts}


def stream(reader: Reader, kind: int) -> dict[str, Any]:
    """RFC 9000 19.8."""
    found = {"stream": reader.varint(), "offset": reader.varint() if kind & 4 else 0,
             "fin": bool(kind & 1), "data": reader.sized() if kind & 2 else reader.rest()}
    if found["offset"] + len(found["data"]) > LARGEST:
        raise Refused(FRAME_ENCODING)
    return found


def crypto(reader: Reader) -> dict[str, Any]:
    """RFC 9000 19.6."""
    found = {"offset": reader.varint(), "data": reader.sized()}
    if found["offset"] + len(found["data"]) > LARGEST:
        raise Refused(FRAME_ENCODING)
    return found


def new_connection_id(reader: Reader) -> dict[str, Any]:
    """RFC 9000 19.15."""
    found = fields_of(reader, "seq", "retire_prior_to")
    if found["retire_prior_to"] > found["seq"]:
        raise Refused(FRAME_ENCODING)
    length = reader.byte()
    if not 1 <= length <= 20:
        raise Refused(FRAME_ENCODING)
    return {**found, "cid": reader.take(length), "reset_token": reader.take(16)}


def new_token(reader: Reader) -> dict[str, Any]:
    """RFC 9000 19.7."""
    token = reader.sized()
    if not token:
        raise Refused(FRAME_ENCODING)
    return {"token": token}


def credit(reader: Reader, kind: int) -> dict[str, Any]:
    """RFC 9000 19.9 to 19.14."""
    found = fields_of(reader, *(["stream", "limit"] if kind in (0x11, 0x15) else ["limit"]))
    if kind in (0x12, 0x13, 0x16, 0x17) and found["limit"] > 1 << 60:
        raise Refused(FRAME_ENCODING)
    return found


def padding(reader: Reader) -> dict[str, Any]:
    """RFC 9000 19.1, a run at a time."""
    count = 1
    while reader.at < len(reader.data) and reader.data[reader.at] == 0:
        reader.at += 1
        count += 1
    return {"count": count}


def body(reader: Reader, kind: int) -> dict[str, Any]:
    if kind == 0x00:
        return padding(reader)
    if kind in (0x02, 0x03):
        return ack(reader, kind)
    if kind == 0x04:
        return fields_of(reader, "stream", "error_code", "final_size")
    if kind == 0x05:
        return fields_of(reader, "stream", "error_code")
    if kind == 0x06:
        return crypto(reader)
    if kind == 0x07:
        return new_token(reader)
    if 0x08 <= kind <= 0x0f:
        return stream(reader, kind)
    if 0x10 <= kind <= 0x17:
        return credit(reader, kind)
    if kind == 0x18:
        return new_connection_id(reader)
    if kind == 0x19:
        return fields_of(reader, "seq")
    if kind in (0x1a, 0x1b):
        return {"challenge": reader.take(8)}
    if kind in (0x1c, 0x1d):
        found = fields_of(reader, *(["error_code", "frame_type"] if kind == 0x1c
                                    else ["error_code"]))
        return {**found, "reason": reader.sized()}
    if kind in (0x30, 0x31):
        return {"data": reader.sized() if kind == 0x31 else reader.rest()}
    return {}


KNOWN = {*range(0x1f), 0x30, 0x31}


def frame(data: bytes) -> tuple[int, dict[str, Any], int]:
    """The frame that a packet's payload begins with: type, fields, length."""
    reader = Reader(data)
    try:
        kind = reader.varint()
        if kind not in KNOWN:
            raise Refused(FRAME_ENCODING)
        if reader.at > 1:
            raise Refused(PROTOCOL_VIOLATION)
        return kind, body(reader, kind), reader.at
    except Short as end:
        raise Refused(FRAME_ENCODING) from end


LONG_KINDS = ("initial", "0-rtt", "handshake", "retry")


class Malformed(Exception):
    """A packet to drop."""


def numbered(reader: Reader, kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """RFC 9000 17.2.2 to 17.2.4."""
    if kind == "initial":
        found["token"] = reader.sized()
    length = reader.varint()
    if length > len(reader.data) - reader.at:
        raise Malformed
    return {**found, "pn_at": reader.at, "packet_len": reader.at + length}


def long_header(data: bytes) -> dict[str, Any]:
    """RFC 8999 5.1, 6; RFC 9000 17.2."""
    reader = Reader(data)
    first, version = reader.byte(), int.from_bytes(reader.take(4), "big")
    found: dict[str, Any] = {"version": version, "dcid": reader.take(reader.byte()),
                             "scid": reader.take(reader.byte()), "packet_len": len(data)}
    if version == 0:
        rest = reader.rest()
        if not rest or len(rest) % 4:
            raise Malformed
        return {**found, "packet": "version-negotiation", "versions": [
            f"0x{rest[at:at + 4].hex()}" for at in range(0, len(rest), 4)]}
    if version not in (1, 0x6b3343cf):
        return {**found, "packet": "unknown-version"}
    if not first & 0x40 or max(len(found["dcid"]), len(found["scid"])) > 20:
        raise Malformed
    turned = 1 if version == 0x6b3343cf else 0  # RFC 9369 3.2
    kind = LONG_KINDS[(first >> 4) - turned & 3]
    found["packet"] = kind
    if kind != "retry":
        return numbered(reader, kind, found)
    rest = reader.rest()
    if len(rest) < 16:
        raise Short
    if len(rest) == 16:
        raise Malformed
    return {**found, "retry_token": rest[:-16], "retry_tag": rest[-16:]}


def header(data: bytes, local_cid_len: int) -> dict[str, Any]:
    """The header of the packet that a datagram begins with."""
    reader = Reader(data)
    first = reader.byte()
    if first & 0x80:
        return long_header(data)
    if not first & 0x40:
        raise Malformed
    return {"packet": "1-rtt", "dcid": reader.take(local_cid_len), "pn_at": reader.at,
            "packet_len": len(data)}


IDS, TOKEN, FLAGS, ADDRESS = {0x00, 0x0f, 0x10}, 0x02, {0x0c, 0x2ab2}, 0x0d
VERSIONS = 0x11
SERVERS = {0x00, 0x02, 0x0d, 0x10}
BOUNDS = {0x03: (1200, LARGEST), 0x08: (0, 1 << 60), 0x09: (0, 1 << 60), 0x0a: (0, 20),
          0x0b: (0, (1 << 14) - 1), 0x0e: (2, LARGEST)}
NAMES = {0x00: "original_destination_connection_id", 0x01: "max_idle_timeout",
         0x02: "stateless_reset_token", 0x03: "max_udp_payload_size", 0x04: "initial_max_data",
         0x05: "initial_max_stream_data_bidi_local", 0x06: "initial_max_stream_data_bidi_remote",
         0x07: "initial_max_stream_data_uni", 0x08: "initial_max_streams_bidi",
         0x09: "initial_max_streams_uni", 0x0a: "ack_delay_exponent", 0x0b: "max_ack_delay",
         0x0c: "disable_active_migration", 0x0d: "preferred_address",
         0x0e: "active_connection_id_limit", 0x0f: "initial_source_connection_id",
         0x10: "retry_source_connection_id", 0x20: "max_datagram_frame_size",
         0x11: "version_information", 0x2ab2: "grease_quic_bit"}


def address(reader: Reader) -> dict[str, Any]:
    """RFC 9000 18.2, Figure 22."""
    found: dict[str, Any] = {}
    for family, size in (("ipv4", 4), ("ipv6", 16)):
        found[f"preferred_{family}"] = reader.take(size)
        found[f"preferred_{family}_port"] = int.from_bytes(reader.take(2), "big")
    length = reader.byte()
    if not 1 <= length <= 20:
        raise Refused(TRANSPORT_PARAMETER)
    return {**found, "preferred_cid": reader.take(length), "preferred_reset_token": reader.take(16)}


def versions(value: bytes) -> Optional[dict[str, Any]]:
    """RFC 9368 3, 4; reserved ones are left out."""
    each = [int.from_bytes(value[at:at + 4], "big") for at in range(0, len(value), 4)]
    if not value or len(value) % 4 or 0 in each:
        return None
    offered = [f"0x{one:08x}" for one in each[1:] if one & 0x0f0f0f0f != 0x0a0a0a0a]
    return {"chosen_version": each[0], **({"available_versions": offered} if offered else {})}


def parameter(kind: int, value: bytes) -> Optional[dict[str, Any]]:
    """The value of one known parameter; None when it is not what it must be."""
    reader = Reader(value)
    if kind == VERSIONS:
        return versions(value)
    if kind in FLAGS:
        return None if value else {NAMES[kind]: True}
    if kind in IDS:
        return None if len(value) > 20 else {NAMES[kind]: value}
    if kind == TOKEN:
        return None if len(value) != 16 else {NAMES[kind]: value}
    if kind == ADDRESS:
        found = address(reader)
        return None if reader.rest() else found
    number = reader.varint()
    least, most = BOUNDS.get(kind, (0, LARGEST))
    return None if reader.rest() or not least <= number <= most else {NAMES[kind]: number}


def parameters(data: bytes, from_server: bool) -> dict[str, Any]:
    """RFC 9000 18: what the parameters say; nothing about those that are not there."""
    reader = Reader(data)
    said: dict[str, Any] = {}
    seen = set()
    try:
        while reader.at < len(data):
            kind, value = reader.varint(), reader.sized()
            found = parameter(kind, value) if kind in NAMES else {}
            if kind in seen or found is None or (kind in SERVERS and not from_server):
                raise Refused(TRANSPORT_PARAMETER)
            seen.add(kind)
            said |= found
    except Short as end:
        raise Refused(TRANSPORT_PARAMETER) from end
    if not from_server and "chosen_version" in said and (
            f"0x{said['chosen_version']:08x}" not in said.get("available_versions", [])):
        raise Refused(TRANSPORT_PARAMETER)
    if "preferred_cid" in said and said.get("initial_source_connection_id") == b"":
        raise Refused(TRANSPORT_PARAMETER)
    return said
