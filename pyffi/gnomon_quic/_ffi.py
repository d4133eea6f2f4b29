"""_ffi.py: the C interface as ctypes sees it. Made by generate.py; not edited."""
import enum
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_bool,
    c_char_p,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import TYPE_CHECKING, Any


class Struct(Structure):
    """What every struct of the interface is; its fields are those of _fields_."""

    if TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...


GN_NEVER = 18446744073709551615
GN_MS = 1000
GN_SECOND = 1000000
GN_STREAM_NONE = 18446744073709551615
GN_EFFECT_FIN = 1
GN_EFFECT_MTU_PROBE = 2
GN_EFFECT_FORGOTTEN = 4
GN_EFFECT_LATE = 8
GN_VERSIONS_MAX = 4
GN_ABI = 3


class Err(enum.IntEnum):
    OK = 0
    SHORT = 1
    FULL = 2
    RANGE = 3
    STATE = 4
    FORM = 5
    AUTH = 6
    NONE = 7
    UNSUPPORTED = 8
    TLS = 9
    CONFIG = 10


class Mark(enum.IntEnum):
    NOT_ECT = 0
    ECT1 = 1
    ECT0 = 2
    CE = 3


class LocalErrorCode(enum.IntEnum):
    UNSUPPORTED_OPERATION = 0
    INVALID_STREAM_ID = 1
    INVALID_STREAM_DIRECTION = 2
    SEND_SIDE_CLOSED = 3
    RECEIVE_SIDE_CLOSED = 4
    FINAL_SIZE_CONFLICT = 5
    DATAGRAM_NOT_SUPPORTED = 6
    DATAGRAM_TOO_LARGE = 7
    FLOW_CONTROL_VIOLATION = 8
    INVALID_ARGUMENT = 9
    NO_ROOM = 10
    TLS = 11
    NONE = 12


class gn_local_error(Struct):
    _fields_ = [
        ("size", c_size_t), ("code", c_uint32), ("status", c_uint32), ("connection", c_uint64),
        ("stream", c_uint64), ("field", c_char_p), ("why", c_char_p),]


class EffectKind(enum.IntEnum):
    SEND = 0
    STREAM_DATA = 1
    STREAM_RESET = 2
    STREAM_STOPPED = 3
    STREAM_WRITABLE = 4
    STREAMS_ALLOWED = 5
    STATE = 6
    PATH = 7
    CLOSED = 8
    NEW_TOKEN = 9
    DATAGRAM = 10
    DATAGRAM_ACKED = 11
    DATAGRAM_LOST = 12
    PACKET = 13
    PREFERRED_ADDRESS = 14
    RESUMPTION_STATE = 15
    ZERO_RTT = 16


class StateChange(enum.IntEnum):
    ACCEPTED = 0
    READY = 1
    CONFIRMED = 2
    KEYS_UPDATED = 3


class ZeroRtt(enum.IntEnum):
    UNAVAILABLE = 0
    NOT_ATTEMPTED = 1
    ATTEMPTED = 2
    ACCEPTED = 3
    REJECTED = 4


class PathChange(enum.IntEnum):
    PROBING = 0
    VALIDATED = 1
    FAILED = 2
    ACTIVE = 3


class DatagramLoss(enum.IntEnum):
    IN_FLIGHT = 0
    EXPIRED = 1
    TOO_LARGE = 2


class CloseCause(enum.IntEnum):
    LOCAL_APPLICATION = 0
    LOCAL_TRANSPORT = 1
    PEER_APPLICATION = 2
    PEER_TRANSPORT = 3
    IDLE = 4
    STATELESS_RESET = 5
    NO_PATH = 6
    VERSION = 7


class gn_packet(Struct):
    _fields_ = [
        ("size", c_size_t), ("outbound", c_uint8), ("kind", c_uint8), ("spin", c_uint8),
        ("key_phase", c_uint8), ("pn_bytes", c_uint8), ("reserved", c_uint8 * 3),
        ("version", c_uint32), ("reserved_2", c_uint32), ("pn", c_uint64),
        ("datagram_id", c_uint64), ("datagram_len", c_uint64), ("datagram_off", c_uint64),
        ("dcid", c_void_p), ("dcid_len", c_size_t), ("scid", c_void_p), ("scid_len", c_size_t),
        ("token", c_void_p), ("token_len", c_size_t), ("payload", c_void_p),
        ("payload_len", c_size_t),]


class gn_preferred_address(Struct):
    _fields_ = [
        ("size", c_size_t), ("ipv4", c_uint8 * 4), ("ipv4_port", c_uint16), ("ipv6_port", c_uint16),
        ("ipv6", c_uint8 * 16), ("reset_token", c_uint8 * 16), ("cid", c_void_p),
        ("cid_len", c_size_t),]


class gn_effect(Struct):
    _fields_ = [
        ("size", c_size_t), ("kind", c_uint32), ("detail", c_uint32), ("flags", c_uint32),
        ("ecn", c_uint32), ("connection", c_uint64), ("route", c_uint64), ("stream", c_uint64),
        ("offset", c_uint64), ("code", c_uint64), ("frame_type", c_uint64), ("bytes", c_void_p),
        ("len", c_size_t), ("packet", c_void_p), ("preferred", c_void_p),]


class EventKind(enum.IntEnum):
    PACKET_SENT = 0
    PACKET_RECEIVED = 1
    PACKET_DROPPED = 2
    PACKET_LOST = 3
    SECRET = 4
    KEYS_DISCARDED = 5
    PARAMETERS = 6
    METRICS = 7
    PATH = 8
    PTO = 9
    CLOSED = 10
    PACKET_HELD = 11


class DropCause(enum.IntEnum):
    HEADER = 0
    VERSION = 1
    UNKNOWN = 2
    SMALL = 3
    KEYS = 4
    AUTH = 5
    DUPLICATE = 6
    ROOM = 7
    STATE = 8
    PATH = 9


class EventPacket(enum.IntEnum):
    INITIAL = 0
    ZERO_RTT = 1
    HANDSHAKE = 2
    RETRY = 3
    ONE_RTT = 4
    VNEG = 5
    STATELESS_RESET = 6


class gn_event(Struct):
    _fields_ = [
        ("size", c_size_t), ("kind", c_uint32), ("detail", c_uint32), ("now", c_uint64),
        ("connection", c_uint64), ("route", c_uint64), ("pn", c_uint64), ("code", c_uint64),
        ("frame_type", c_uint64), ("packet", c_uint8), ("space", c_uint8), ("path", c_uint8),
        ("ecn", c_uint8), ("key_phase", c_uint8), ("suite", c_uint8), ("reserved", c_uint8 * 2),
        ("dcid", c_void_p), ("dcid_len", c_size_t), ("scid", c_void_p), ("scid_len", c_size_t),
        ("payload", c_void_p), ("payload_len", c_size_t), ("extra", c_void_p),
        ("extra_len", c_size_t), ("len", c_size_t), ("label", c_char_p), ("info", c_void_p),
        ("version", c_uint32), ("reserved_2", c_uint32),]


class gn_observer(Struct):
    _fields_ = [
        ("size", c_size_t), ("on_event", CFUNCTYPE(None, c_void_p, c_void_p)),
        ("context", c_void_p), ("reserved", c_uint64),]


class Role(enum.IntEnum):
    CLIENT = 0
    SERVER = 1


class Congestion(enum.IntEnum):
    NEWRENO = 0


class EcnPolicy(enum.IntEnum):
    NONE = 0
    ECT0 = 1
    ECT1 = 2


class RetryHello(enum.IntEnum):
    ANY = 0
    DROP = 1
    CLOSE = 2


class gn_limits(Struct):
    _fields_ = [
        ("size", c_size_t), ("connections", c_uint32), ("streams", c_uint32), ("chunks", c_uint32),
        ("sent", c_uint32), ("keys", c_uint32), ("held", c_uint32), ("early", c_uint32),
        ("reserved", c_uint32 * 7),]


class gn_config(Struct):
    _fields_ = [
        ("size", c_size_t), ("role", c_int), ("reserved_1", c_uint32), ("seed", c_uint8 * 32),
        ("unix_ms", c_int64), ("limits", gn_limits), ("observer", gn_observer), ("alpn", c_char_p),
        ("certificate_pem", c_char_p), ("certificate_pem_len", c_size_t),
        ("private_key_pem", c_char_p), ("private_key_pem_len", c_size_t), ("ca_pem", c_char_p),
        ("ca_pem_len", c_size_t), ("verify_peer", c_uint8), ("suites", c_uint8), ("ecn", c_uint8),
        ("cid_len", c_uint8), ("cc", c_uint8), ("session_tickets", c_uint8),
        ("allow_early_data", c_uint8), ("strict_early_data", c_uint8), ("groups", c_uint8),
        ("key_shares", c_uint8), ("verify_client", c_uint8), ("keep_certificate", c_uint8),
        ("suite_order", c_uint8 * 4), ("group_order", c_uint8 * 4), ("reserved_tls", c_uint8 * 4),
        ("max_idle_timeout_us", c_uint64), ("max_ack_delay_us", c_uint64),
        ("ack_delay_exponent", c_uint64), ("initial_max_data", c_uint64),
        ("initial_max_stream_data_bidi_local", c_uint64),
        ("initial_max_stream_data_bidi_remote", c_uint64),
        ("initial_max_stream_data_uni", c_uint64), ("initial_max_streams_bidi", c_uint64),
        ("initial_max_streams_uni", c_uint64), ("active_connection_id_limit", c_uint64),
        ("max_udp_payload_size", c_uint64), ("max_datagram_out", c_uint64),
        ("send_buffer_bytes", c_uint64), ("ack_threshold", c_uint64),
        ("disable_active_migration", c_uint8), ("allow_peer_migration", c_uint8),
        ("reserved_2", c_uint8 * 6), ("retry_above", c_uint32),
        ("max_server_connections", c_uint32), ("retry_token_life_us", c_uint64),
        ("new_token_life_us", c_uint64), ("new_tokens", c_uint8), ("retry_hello", c_uint8),
        ("stateless_reset", c_uint8), ("reserved_3", c_uint8 * 5),
        ("max_datagram_frame_size", c_uint64), ("datagram_queue_bytes", c_uint64),
        ("datagram_queue_count", c_uint32), ("skip_packets", c_uint32),
        ("key_update_packets", c_uint64), ("confidentiality_limit", c_uint64),
        ("integrity_limit", c_uint64), ("keep_alive_us", c_uint64), ("suite_ops", c_void_p),
        ("tls_ops", c_void_p), ("stream_fairness", c_uint8), ("inspect_packets", c_uint8),
        ("preferred_ipv4_port", c_uint16), ("preferred_ipv6_port", c_uint16),
        ("reserved_5", c_uint8 * 2), ("preferred_ipv4", c_uint8 * 4),
        ("preferred_ipv6", c_uint8 * 16), ("spin_bit", c_uint8), ("reserved_6", c_uint8 * 3),
        ("rotate_ids_packets", c_uint64), ("rotate_ids_us", c_uint64), ("ticket_life_us", c_uint64),
        ("ticket_key", c_uint8 * 32), ("started_unix_ms", c_int64),
        ("application_context", c_char_p), ("application_context_len", c_size_t),
        ("early_held_us", c_uint64), ("early_held_bytes", c_uint64),
        ("versions", c_uint32 * GN_VERSIONS_MAX), ("grease_versions", c_uint8),
        ("reserved_version_probe", c_uint8), ("grease_quic_bit", c_uint8),
        ("deliver_unordered", c_uint8), ("reserved_7", c_uint8 * 4), ("coalesce_us", c_uint64),]


class gn_connect(Struct):
    _fields_ = [
        ("size", c_size_t), ("server_name", c_char_p), ("route", c_uint64), ("host", c_uint8 * 16),
        ("token", c_char_p), ("token_len", c_size_t), ("source_cid", c_char_p),
        ("source_cid_len", c_size_t), ("initial_dcid", c_char_p), ("initial_dcid_len", c_size_t),
        ("original_dcid", c_char_p), ("original_dcid_len", c_size_t),
        ("resumption_state", c_char_p), ("resumption_state_len", c_size_t),
        ("attempt_early_data", c_uint8), ("reserved", c_uint8 * 7), ("version", c_uint32),
        ("token_version", c_uint32),]


class gn_datagram(Struct):
    _fields_ = [
        ("size", c_size_t), ("bytes", c_char_p), ("len", c_size_t), ("route", c_uint64),
        ("host", c_uint8 * 16), ("ecn", c_uint8), ("reserved", c_uint8 * 7),]


class gn_send_datagram(Struct):
    _fields_ = [
        ("size", c_size_t), ("bytes", c_char_p), ("len", c_size_t), ("id", c_uint64),
        ("expires_at", c_uint64), ("priority", c_int32), ("reserved", c_uint8 * 4),]


class MoveReason(enum.IntEnum):
    ACTIVE = 0
    PREFERRED = 1


class gn_move(Struct):
    _fields_ = [
        ("size", c_size_t), ("route", c_uint64), ("host", c_uint8 * 16), ("reason", c_uint32),
        ("reserved", c_uint32),]


class gn_path_mtu(Struct):
    _fields_ = [
        ("size", c_size_t), ("route", c_uint64), ("max_datagram", c_uint64), ("quoted", c_char_p),
        ("quoted_len", c_size_t),]


class gn_info(Struct):
    _fields_ = [
        ("size", c_size_t), ("ready", c_uint8), ("confirmed", c_uint8), ("ending", c_uint8),
        ("paths", c_uint8), ("pto_count", c_uint32), ("route", c_uint64),
        ("rtt_latest_us", c_uint64), ("rtt_min_us", c_uint64), ("rtt_smoothed_us", c_uint64),
        ("rtt_var_us", c_uint64), ("window_bytes", c_uint64), ("in_flight_bytes", c_uint64),
        ("ssthresh_bytes", c_uint64), ("packets_sent", c_uint64), ("packets_received", c_uint64),
        ("packets_dropped", c_uint64), ("packets_lost", c_uint64), ("bytes_sent", c_uint64),
        ("bytes_received", c_uint64), ("ptos", c_uint64), ("ce_marks", c_uint64),
        ("ecn_state", c_uint8), ("cc_phase", c_uint8), ("suite", c_uint8), ("group", c_uint8),
        ("resumed", c_uint8), ("zero_rtt", c_uint8), ("reserved", c_uint8 * 2),
        ("streams", c_uint64), ("largest_datagram", c_uint64), ("datagrams_dropped", c_uint64),
        ("datagrams_waiting", c_uint32), ("datagrams", c_uint8), ("reserved_2", c_uint8 * 3),
        ("version", c_uint32), ("original_version", c_uint32),]


class Group(enum.IntEnum):
    X25519 = 0
    SECP256R1 = 1
    SECP384R1 = 2
    X25519MLKEM768 = 3


class VerifyClient(enum.IntEnum):
    NONE = 0
    ASK = 1
    REQUIRE = 2


class gn_certificate(Struct):
    _fields_ = [
        ("size", c_size_t), ("der", c_void_p), ("len", c_size_t), ("verified", c_uint8),
        ("reserved", c_uint8 * 7),]


class SimVerdict(enum.IntEnum):
    PASS = 0
    FAIL = 1
    BAD_INPUT = 2
    ZENO = 3
    STALL = 4


class gn_sim_options(Struct):
    _fields_ = [
        ("size", c_size_t), ("seed", c_uint64), ("has_seed", c_uint8), ("records", c_uint8),
        ("fake_tls", c_uint8), ("qlog_profile", c_uint8), ("reserved", c_uint8 * 4),
        ("qlog_dir", c_char_p), ("pcap_path", c_char_p), ("csv_path", c_char_p),
        ("trace_path", c_char_p),]


class SimRecordKind(enum.IntEnum):
    SENT = 0
    RECEIVED = 1
    LOST = 2
    DROPPED = 3
    MARKED = 4
    METRICS = 5
    PATH = 6
    PTO = 7
    STATE = 8
    PROGRESS = 9
    MARKER = 10


class gn_sim_record(Struct):
    _fields_ = [
        ("size", c_size_t), ("at_us", c_uint64), ("kind", c_uint32), ("host", c_uint16),
        ("route", c_uint16), ("a", c_uint64), ("b", c_uint64), ("c", c_uint64), ("d", c_uint64),
        ("connection", c_uint64),]


class gn_sim_result(Struct):
    _fields_ = [
        ("size", c_size_t), ("verdict", c_uint32), ("reserved", c_uint32), ("seed", c_uint64),
        ("hash", c_uint64), ("end_us", c_uint64), ("datagrams", c_uint64), ("events", c_uint64),
        ("bytes_goal", c_uint64), ("bytes_delivered", c_uint64), ("handshake_us", c_uint64),
        ("finished_us", c_uint64), ("packets_sent", c_uint64), ("packets_lost", c_uint64),
        ("datagrams_dropped", c_uint64), ("datagrams_marked", c_uint64), ("ptos", c_uint64),
        ("records", c_void_p), ("record_count", c_size_t), ("report", c_char_p),
        ("summary", c_char_p), ("message", c_char_p),]


STRUCTS: dict[str, type[Struct]] = {
    "gn_local_error": gn_local_error, "gn_packet": gn_packet,
    "gn_preferred_address": gn_preferred_address, "gn_effect": gn_effect, "gn_event": gn_event,
    "gn_observer": gn_observer, "gn_limits": gn_limits, "gn_config": gn_config,
    "gn_connect": gn_connect, "gn_datagram": gn_datagram, "gn_send_datagram": gn_send_datagram,
    "gn_move": gn_move, "gn_path_mtu": gn_path_mtu, "gn_info": gn_info,
    "gn_certificate": gn_certificate, "gn_sim_options": gn_sim_options,
    "gn_sim_record": gn_sim_record, "gn_sim_result": gn_sim_result,}

# Name: result, then parameters.
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "gn_limits_fill": (None, POINTER(gn_limits), c_size_t, c_uint32,),
    "gn_config_fill": (None, POINTER(gn_config), c_size_t, c_int,),
    "gn_config_check": (c_int, POINTER(gn_config), POINTER(c_char_p),),
    "gn_abi": (c_uint32,),
    "gn_endpoint_size": (c_size_t, POINTER(gn_limits),),
    "gn_endpoint_init": (c_int, c_void_p, c_size_t, POINTER(gn_config), POINTER(c_void_p),),
    "gn_endpoint_wipe": (None, c_void_p,),
    "gn_connect_fill": (None, POINTER(gn_connect), c_size_t,),
    "gn_endpoint_connect": (c_int, c_void_p, POINTER(gn_connect), c_uint64, POINTER(c_uint64),),
    "gn_endpoint_receive": (c_int, c_void_p, POINTER(gn_datagram), c_uint64,),
    "gn_endpoint_timeout": (c_int, c_void_p, c_uint64,),
    "gn_endpoint_deadline": (c_uint64, c_void_p,),
    "gn_endpoint_read_error": (c_bool, c_void_p, POINTER(gn_local_error), c_size_t,),
    "gn_connection_open_stream": (
        c_int, c_void_p, c_uint64, c_bool, c_uint64, POINTER(c_uint64),),
    "gn_connection_send_stream": (
        c_int, c_void_p, c_uint64, c_uint64, c_char_p, c_size_t, c_bool, c_uint64,
        POINTER(c_size_t),),
    "gn_connection_set_priority": (c_int, c_void_p, c_uint64, c_uint64, c_int32, c_uint64,),
    "gn_connection_reset_stream": (c_int, c_void_p, c_uint64, c_uint64, c_uint64, c_uint64,),
    "gn_connection_stop_stream": (c_int, c_void_p, c_uint64, c_uint64, c_uint64, c_uint64,),
    "gn_send_datagram_fill": (None, POINTER(gn_send_datagram), c_size_t,),
    "gn_connection_send_datagram": (
        c_int, c_void_p, c_uint64, POINTER(gn_send_datagram), c_uint64,),
    "gn_connection_close": (c_int, c_void_p, c_uint64, c_uint64, c_char_p, c_size_t, c_uint64,),
    "gn_connection_migrate": (c_int, c_void_p, c_uint64, c_uint64, c_uint64,),
    "gn_connection_rotate_ids": (c_int, c_void_p, c_uint64, c_uint64,),
    "gn_connection_move": (c_int, c_void_p, c_uint64, POINTER(gn_move), c_uint64,),
    "gn_endpoint_path_mtu": (c_int, c_void_p, POINTER(gn_path_mtu), c_uint64,),
    "gn_connection_key_update": (c_int, c_void_p, c_uint64, c_uint64,),
    "gn_endpoint_pull": (c_bool, c_void_p, POINTER(gn_effect), c_size_t,),
    "gn_endpoint_has_effects": (c_bool, c_void_p,),
    "gn_endpoint_has_stream_data": (c_bool, c_void_p,),
    "gn_connection_read_info": (c_int, c_void_p, c_uint64, POINTER(gn_info), c_size_t,),
    "gn_endpoint_connections": (c_uint32, c_void_p,),
    "gn_endpoint_check": (None, c_void_p,),
    "gn_connection_digest": (c_uint64, c_void_p, c_uint64,),
    "gn_connection_read_certificate": (
        c_int, c_void_p, c_uint64, POINTER(gn_certificate), c_size_t,),
    "gn_code_name": (c_char_p, c_uint64,),
    "gn_sim_run": (None, c_char_p, POINTER(gn_sim_options), POINTER(gn_sim_result),),
    "gn_sim_result_free": (None, POINTER(gn_sim_result),),
    "gn_sim_layout": (c_size_t, c_uint32,),
}
