"""config.py: what an endpoint is made of.

Every field of gn_config under its own name; None is the library's default.
"""
from collections.abc import Callable
from dataclasses import dataclass

from ._ffi import Group, RetryHello, Role, VerifyClient
from .tls import PathLike, Suite

__all__ = ["EndpointConfig", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an endpoint can hold; what is None follows from the number of connections."""

    connections: int = 4
    streams: int | None = None
    chunks: int | None = None
    sent: int | None = None
    keys: int | None = None
    held: int | None = None
    early: int | None = None  # datagrams with 0-RTT that a server holds for their Initial


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointConfig:
    """What an endpoint is. None: the library's default, or, for seed and unix_ms, now's."""

    role: Role
    alpn: tuple[str, ...]
    seed: bytes | None = None  # 32 bytes; all randomness comes from it
    unix_ms: int | None = None  # the wall clock at time 0; dates certificates
    certificate_pem: bytes = b""
    private_key_pem: bytes = b""
    ca_pem: bytes = b""
    ca_file: PathLike | None = None  # authorities, as many as it holds, besides ca_pem
    # A file to add to, or what gets each line: an NSS key log (SSLKEYLOGFILE).
    keylog: Callable[[str], None] | PathLike | None = None
    limits: Limits = Limits()
    verify_peer: bool | None = None
    suites: int | None = None  # bit n allows Suite n
    suite_order: tuple[Suite, ...] = ()  # by preference; what is allowed and not here follows
    groups: int | None = None  # bit n allows Group n
    group_order: tuple[Group, ...] = ()
    key_shares: int | None = None  # client: for the first so many groups
    verify_client: VerifyClient | None = None
    keep_certificate: bool | None = None  # the peer's, for certificate()
    ecn: bool | None = None
    cid_len: int | None = None
    max_idle_timeout_us: int | None = None
    max_ack_delay_us: int | None = None
    ack_delay_exponent: int | None = None
    initial_max_data: int | None = None
    initial_max_stream_data_bidi_local: int | None = None
    initial_max_stream_data_bidi_remote: int | None = None
    initial_max_stream_data_uni: int | None = None
    initial_max_streams_bidi: int | None = None
    initial_max_streams_uni: int | None = None
    active_connection_id_limit: int | None = None
    max_udp_payload_size: int | None = None
    max_datagram_out: int | None = None
    send_buffer_bytes: int | None = None
    ack_threshold: int | None = None
    stream_fairness: bool | None = None  # streams of one priority take turns
    inspect_packets: bool | None = None  # a Packet effect for each packet, either way
    preferred_ipv4: tuple[str, int] | None = None  # server: where clients shall move, and port
    preferred_ipv6: tuple[str, int] | None = None
    disable_active_migration: bool | None = None
    allow_peer_migration: bool | None = None
    retry_above: int | None = None  # 0: every client has to come again with a token
    max_server_connections: int | None = None
    retry_token_life_us: int | None = None
    new_token_life_us: int | None = None
    new_tokens: int | None = None
    retry_hello: RetryHello | None = None
    stateless_reset: bool | None = None
    session_tickets: int | None = None  # server: issued, client: taken; 0: none, the default
    allow_early_data: bool | None = None
    strict_early_data: bool | None = None
    ticket_life_us: int | None = None
    started_unix_ms: int | None = None
    ticket_key: bytes = b""  # 32 bytes; none: one that follows from the seed
    application_context: bytes = b""  # what 0-RTT data mean; the same on both sides, then and now
    early_held_us: int | None = None
    early_held_bytes: int | None = None
    max_datagram_frame_size: int | None = None  # 0: no DATAGRAM frames, the default; 65535: all
    datagram_queue_bytes: int | None = None
    datagram_queue_count: int | None = None
    key_update_packets: int | None = None
    confidentiality_limit: int | None = None  # for tests: lowers the AEAD's own
    integrity_limit: int | None = None  # likewise
    keep_alive_us: int | None = None
    rotate_ids_packets: int | None = None  # connection IDs change after so many packets sent
    rotate_ids_us: int | None = None
    skip_packets: int | None = None  # one packet number in so many is left out; 0: none
    spin_bit: bool | None = None
    versions: tuple[int, ...] = ()  # of QUIC, 1 and 0x6b3343cf (2), by preference (RFC 9368)
    grease_versions: bool | None = None  # list a reserved version among ours
    reserved_version_probe: bool | None = None  # client: begin with one, for the server to refuse
    grease_quic_bit: bool | None = None  # RFC 9287: take the fixed bit as it comes, and vary it
