"""bench_aioquic.py: the packets of bench_packets.h read by aioquic, for comparison.

Reads "name bytes" lines, prints "name nanoseconds". aioquic has no decoder of
frames apart from its connections: their handlers pull the fields from a Buffer
(written in C) and act at once. The same pulls are made here in the same order
and nothing is done with them, so a connection takes longer than this.
"""
import sys
import time

from aioquic.buffer import Buffer
from aioquic.quic.packet import pull_ack_frame, pull_quic_header

ROUNDS = 2000
CID_BYTES, PN_BYTES = 8, 2


def pull_frame(buf, kind):
    """Pulls what stands behind the type of a frame."""
    if kind == 0x00:
        while not buf.eof():
            if buf.pull_uint8() != 0:
                buf.seek(buf.tell() - 1)
                break
    elif kind == 0x02:
        pull_ack_frame(buf)
    elif kind == 0x04:
        buf.pull_uint_var(), buf.pull_uint_var(), buf.pull_uint_var()
    elif kind == 0x06:
        buf.pull_uint_var()
        buf.pull_bytes(buf.pull_uint_var())
    elif 0x08 <= kind <= 0x0f:
        buf.pull_uint_var()
        if kind & 4:
            buf.pull_uint_var()
        buf.pull_bytes(buf.pull_uint_var() if kind & 2 else buf.capacity - buf.tell())
    elif kind == 0x11:
        buf.pull_uint_var(), buf.pull_uint_var()
    elif kind in (0x10, 0x19):
        buf.pull_uint_var()
    elif kind == 0x1a:
        buf.pull_bytes(8)
    elif kind != 0x01:
        raise ValueError(kind)


def read(packet):
    """Header and frames, as a connection does with what protection left."""
    head = Buffer(data=packet)
    pull_quic_header(head, host_cid_length=CID_BYTES)
    buf = Buffer(data=packet[head.tell() + PN_BYTES:])
    while not buf.eof():
        pull_frame(buf, buf.pull_uint_var())


def main():
    for line in sys.stdin:
        name, digits = line.split()
        packet = bytes.fromhex(digits)
        best = None
        for _ in range(5):
            before = time.process_time_ns()
            for _ in range(ROUNDS):
                read(packet)
            spent = (time.process_time_ns() - before) / ROUNDS
            best = spent if best is None else min(best, spent)
        print(f"{name} {best:.0f}")


if __name__ == "__main__":
    main()
