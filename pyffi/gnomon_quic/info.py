"""info.py: what one connection counts and measures."""
from dataclasses import dataclass

__all__ = ["ConnectionInfo"]


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """What one connection counts and measures."""

    ready: bool
    confirmed: bool
    ending: bool
    paths: int
    pto_count: int
    route: int
    rtt_latest_us: int
    rtt_min_us: int
    rtt_smoothed_us: int
    rtt_var_us: int
    window_bytes: int
    in_flight_bytes: int
    ssthresh_bytes: int
    packets_sent: int
    packets_received: int
    packets_dropped: int
    packets_lost: int
    bytes_sent: int
    bytes_received: int
    ptos: int
    ce_marks: int
    ecn_state: int
    cc_phase: int
    suite: int  # Suite, once ready
    group: int  # Group, once ready
    resumed: bool
    zero_rtt: int
    streams: int
    largest_datagram: int
    datagrams_dropped: int
    datagrams_waiting: int
    datagrams: bool
    version: int  # of QUIC, in use
    original_version: int  # of the client's first flight
