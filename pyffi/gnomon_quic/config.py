"""config.py: what an endpoint is made of.

Every field of gn_config under its own name; None is the library's default.
"""
from collections.abc import Callable
from dataclasses import dataclass

from ._ffi import EcnPolicy, Group, RetryHello, Role, VerifyClient
from .tls import PathLike, Suite

__all__ = ["EndpointConfig", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an endpoint can hold; what is None follows from the number of connections."""

    connections: int = 4  # at once, closing and draining ones included (default 4)
    streams: int | None = None  # at once over all connections (default 48 a connection)
    # Pieces of 2,048 bytes of stream and CRYPTO data (1,024 a connection).
    chunks: int | None = None
    sent: int | None = None  # records of packets in flight (2,048 a connection)
    keys: int | None = None  # prepared packet keys (14 a connection)
    held: int | None = None  # packets that came before their keys (4 a connection)
    early: int | None = None  # datagrams with 0-RTT that a server holds for their Initial (0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointConfig:
    """What an endpoint is. None: the library's default, which is in parentheses.

    Names that end in _us are microseconds, sections are where a setting's meaning is.
    """

    role: Role  # Role.CLIENT or Role.SERVER
    alpn: tuple[str, ...]  # protocols by preference (RFC 7301)
    seed: bytes | None = None  # 32 bytes; all randomness comes from it (default: the system's)
    unix_ms: int | None = None  # the wall clock at time 0 in ms; dates certificates (default: now)
    certificate_pem: bytes = b""  # our chain, leaf first; a server needs one
    private_key_pem: bytes = b""  # of the leaf
    ca_pem: bytes = b""  # who may sign the peer; a verifying client needs one
    ca_file: PathLike | None = None  # authorities, as many as it holds, besides ca_pem
    # A file to add to, or what gets each line: an NSS key log (SSLKEYLOGFILE).
    keylog: Callable[[str], None] | PathLike | None = None
    limits: Limits = Limits()  # how much the endpoint can hold
    verify_peer: bool | None = None  # client: chain, dates and name (default on; RFC 9001 4.4)
    suites: int | None = None  # bit n allows Suite n (default all; RFC 9001 5.3)
    suite_order: tuple[Suite, ...] = ()  # by preference; what is allowed and not here follows
    groups: int | None = None  # bit n allows Group n (default X25519 and SECP256R1)
    group_order: tuple[Group, ...] = ()  # by preference, likewise
    # Client: for the first so many groups (default 1; RFC 8446 4.2.8).
    key_shares: int | None = None
    # Server: ask for a certificate, or insist (default NONE).
    verify_client: VerifyClient | None = None
    keep_certificate: bool | None = None  # the peer's, for certificate() (default off)
    # The mark packets carry (default ECT0; RFC 9000 13.4).
    ecn: EcnPolicy | None = None
    cid_len: int | None = None  # bytes of our connection IDs, 0 to 20 (default 8; RFC 9000 5.1)
    # Us of silence, whole ms; 0: for ever (default 30 s; RFC 9000 10.1).
    max_idle_timeout_us: int | None = None
    max_ack_delay_us: int | None = None  # us, whole ms below 2^14 (default 25 ms; RFC 9000 13.2.1)
    ack_delay_exponent: int | None = None  # 0 to 20 (default 3; RFC 9000 13.2.5)
    # Bytes; also the window kept open (default 1 MiB; RFC 9000 4.1).
    initial_max_data: int | None = None
    # Bytes, streams we open (256 KiB; RFC 9000 18.2).
    initial_max_stream_data_bidi_local: int | None = None
    # Bytes, streams the peer opens (256 KiB).
    initial_max_stream_data_bidi_remote: int | None = None
    initial_max_stream_data_uni: int | None = None  # bytes (default 256 KiB)
    # That the peer may have open (default 16; RFC 9000 4.6).
    initial_max_streams_bidi: int | None = None
    initial_max_streams_uni: int | None = None  # likewise (default 16)
    # Of the peer's that we keep, 2 to 8 (default 4; RFC 9000 5.1.1).
    active_connection_id_limit: int | None = None
    # Bytes we take, at least 1200 (default 1500; RFC 9000 18.2).
    max_udp_payload_size: int | None = None
    max_datagram_out: int | None = None  # bytes we send, 1200 to 1500 (default 1200; RFC 9000 14)
    send_buffer_bytes: int | None = None  # unacknowledged bytes a stream may hold (default 256 KiB)
    # Packets until an ACK at the latest (default 2; RFC 9000 13.2.2).
    ack_threshold: int | None = None
    # Streams of one priority take turns (default on; RFC 9000 2.3).
    stream_fairness: bool | None = None
    inspect_packets: bool | None = None  # a Packet effect for each packet, either way (default off)
    # Server: where clients shall move, and port (none; RFC 9000 9.6).
    preferred_ipv4: tuple[str, int] | None = None
    preferred_ipv6: tuple[str, int] | None = None  # likewise
    # The peer is to stay where it is (off; RFC 9000 9.1).
    disable_active_migration: bool | None = None
    # Server: follow a peer that moves (default on; RFC 9000 9.3).
    allow_peer_migration: bool | None = None
    # Handshakes under way from which on clients need a token; 0: always (never; RFC 9000
    # 8.1.2).
    retry_above: int | None = None
    # Further clients are refused; 0: no limit (default; RFC 9000 5.2.2).
    max_server_connections: int | None = None
    retry_token_life_us: int | None = None  # us that a Retry's token is good for (default 10 s)
    new_token_life_us: int | None = None  # us that a NEW_TOKEN's is (default 24 h; RFC 9000 8.1.3)
    new_tokens: int | None = None  # server: for each client, 0 to 8 (default 1)
    # Another ClientHello after a Retry (default ANY; RFC 9000 17.2.5.3).
    retry_hello: RetryHello | None = None
    # Answer packets of unknown connections, if IDs have 8 bytes (default on; RFC 9000 10.3).
    stateless_reset: bool | None = None
    # Server: issued, client: taken, 0 to 4 (default 0; RFC 8446 4.6.1).
    session_tickets: int | None = None
    allow_early_data: bool | None = None  # server: accept 0-RTT (default off; RFC 9001 4.6)
    # Server: under the ticket's very limits only (off; RFC 9000 7.4.1).
    strict_early_data: bool | None = None
    ticket_life_us: int | None = None  # us, 1 s to 7 days (default 24 h)
    # Server: when it began, in ms; older tickets bring no 0-RTT for 15 s (default: its first
    # connection).
    started_unix_ms: int | None = None
    ticket_key: bytes = b""  # 32 bytes that seal tickets; none: a key that follows from the seed
    application_context: bytes = b""  # what 0-RTT data mean; the same on both sides, then and now
    # Server: us that 0-RTT waits for its Initial (100 ms; RFC 9000 5.2.2).
    early_held_us: int | None = None
    early_held_bytes: int | None = None  # and bytes of it (default 64 KiB); see Limits.early
    # Bytes; 0: no DATAGRAM frames (default), 65535: all (RFC 9221 3).
    max_datagram_frame_size: int | None = None
    datagram_queue_bytes: int | None = None  # that may wait to be sent (default 64 KiB)
    datagram_queue_count: int | None = None  # datagrams that may, 1 to 4,096 (default 64)
    # Sealed with a key until the next; 0: three quarters of the AEAD's limit (default; RFC 9001
    # 6.6).
    key_update_packets: int | None = None
    # For tests: packets, lowers the AEAD's own; 0: that (default; RFC 9001 6.6).
    confidentiality_limit: int | None = None
    integrity_limit: int | None = None  # for tests: likewise, of packets that do not open
    # Us of silence until a PING; 0: never (default; RFC 9000 10.1.2).
    keep_alive_us: int | None = None
    # Sent until connection IDs change; 0: never (default; RFC 9000 5.1.2).
    rotate_ids_packets: int | None = None
    rotate_ids_us: int | None = None  # and us (default 0: never)
    # One packet number in so many is left out; 0: none (default 1000; RFC 9000 21.4).
    skip_packets: int | None = None
    spin_bit: bool | None = None  # show round trips to the network (default off; RFC 9000 17.4)
    # Of QUIC by preference: 1, 0x6b3343cf (default 1, a server takes 2 as well; RFC 9368).
    versions: tuple[int, ...] = ()
    # List a reserved version among ours (default on; RFC 9368 3).
    grease_versions: bool | None = None
    # Client: begin with one, for the server to refuse (default off).
    reserved_version_probe: bool | None = None
    # Take the fixed bit as it comes, and vary it (default off; RFC 9287).
    grease_quic_bit: bool | None = None
    # StreamData as bytes arrive, each once, also beyond gaps (default off; RFC 9000 2.2).
    deliver_unordered: bool | None = None
    # Us that stream data may wait for more to fill a packet, to 1 s (default 0).
    coalesce_us: int | None = None
