"""h3.py: as much of HTTP/3 as one GET takes (RFC 9114 7.2, RFC 9204 3.1 and 4.5).

Only what a test says itself: fields are written as references to the static
table or as plain literals, and of what the peer says the DATA is kept. The
peers of the tests speak nothing else.
"""
from collections.abc import Iterator

DATA, HEADERS, SETTINGS = 0x00, 0x01, 0x04
CONTROL_STREAM = b"\x00"  # the type of the stream, before its first frame (RFC 9114 6.2.1)


def varint(value: int) -> bytes:
    """The shortest form (RFC 9000 16)."""
    for size, tag in ((1, 0x00), (2, 0x40), (4, 0x80), (8, 0xC0)):
        if value < 1 << (8 * size - 2):
            raw = bytearray(value.to_bytes(size, "big"))
            raw[0] |= tag
            return bytes(raw)
    raise ValueError(value)


def _read_varint(data: bytes, at: int) -> tuple[int, int] | None:
    """The value and where it ends; None while bytes are missing."""
    if at >= len(data) or at + (size := 1 << (data[at] >> 6)) > len(data):
        return None
    return int.from_bytes(data[at:at + size], "big") & ((1 << (8 * size - 2)) - 1), at + size


def frame(kind: int, payload: bytes) -> bytes:
    return varint(kind) + varint(len(payload)) + payload


def control() -> bytes:
    """How a control stream begins: our settings, all by default."""
    return CONTROL_STREAM + frame(SETTINGS, b"")


def _literal(static_name: int, value: str) -> bytes:
    """A field whose name stands in the static table below 15 (RFC 9204 4.5.4)."""
    raw = value.encode()
    if len(raw) >= 127:
        raise ValueError(value)
    return bytes((0x50 | static_name, len(raw))) + raw


def request(authority: str, path: str) -> bytes:
    """GET over https: static entries 17 (:method GET), 23 (:scheme https), 0 and 1."""
    fields = b"\x00\x00\xd1\xd7" + _literal(0, authority) + _literal(1, path)
    return frame(HEADERS, fields)


def response(body: bytes) -> bytes:
    """Static entry 25 (:status 200), and the body in one frame."""
    return frame(HEADERS, b"\x00\x00\xd9") + frame(DATA, body)


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The frames of a stream that has ended. ValueError: it ends inside one."""
    at = 0
    while at < len(data):
        kind = _read_varint(data, at)
        length = kind and _read_varint(data, kind[1])
        if not kind or not length or length[1] + length[0] > len(data):
            raise ValueError(f"the stream ends inside a frame that begins at byte {at}")
        at = length[1] + length[0]
        yield kind[0], data[length[1]:at]


def body(data: bytes) -> bytes:
    """What the DATA frames of a whole stream hold."""
    return b"".join(payload for kind, payload in frames(data) if kind == DATA)
