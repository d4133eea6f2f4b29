"""tls.py: what an endpoint's TLS is told, and what it shows."""
import enum
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

__all__ = ["Certificate", "PathLike", "Suite", "keylog_writer"]

PathLike: TypeAlias = str | os.PathLike[str]


class Suite(enum.IntEnum):
    """The cipher suites of TLS 1.3 that QUIC is used with."""

    AES_128_GCM_SHA256 = 0
    AES_256_GCM_SHA384 = 1
    CHACHA20_POLY1305_SHA256 = 2


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the peer showed; verified: its chain, its dates and, by a client, its name."""

    der: bytes
    verified: bool


def keylog_writer(
        wanted: Callable[[str], None] | PathLike | None) -> Callable[[str], None] | None:
    """Lines go to the end of a file, which is opened for each: tools read it meanwhile."""
    if wanted is None or callable(wanted):
        return wanted
    path = Path(wanted)

    def write(line: str) -> None:
        with path.open("a", encoding="ascii") as file:
            file.write(line + "\n")

    return write
