"""_ffi.py: the C interface as ctypes sees it. Made by generate.py; not edited."""
import ctypes
import enum
from typing import TYPE_CHECKING, Any


class Struct(ctypes.Structure):
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
        ("size", ctypes.c_size_t), ("code", ctypes.c_uint32), ("status", ctypes.c_uint32),
        ("connection", ctypes.c_uint64), ("stream", ctypes.c_uint64), ("field", ctypes.c_char_p),
        ("why", ctypes.c_char_p),]


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
        ("size", ctypes.c_size_t), ("outbound", ctypes.c_uint8), ("kind", ctypes.c_uint8),
        ("spin", ctypes.c_uint8), ("key_phase", ctypes.c_uint8), ("pn_bytes", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 3), ("version", ctypes.c_uint32),
        ("reserved_2", ctypes.c_uint32), ("pn", ctypes.c_uint64), ("datagram_id", ctypes.c_uint64),
        ("datagram_len", ctypes.c_uint64), ("datagram_off", ctypes.c_uint64),
        ("dcid", ctypes.c_void_p), ("dcid_len", ctypes.c_size_t), ("scid", ctypes.c_void_p),
        ("scid_len", ctypes.c_size_t), ("token", ctypes.c_void_p), ("token_len", ctypes.c_size_t),
        ("payload", ctypes.c_void_p), ("payload_len", ctypes.c_size_t),]


class gn_preferred_address(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("ipv4", ctypes.c_uint8 * 4), ("ipv4_port", ctypes.c_uint16),
        ("ipv6_port", ctypes.c_uint16), ("ipv6", ctypes.c_uint8 * 16),
        ("reset_token", ctypes.c_uint8 * 16), ("cid", ctypes.c_void_p),
        ("cid_len", ctypes.c_size_t),]


class gn_effect(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("kind", ctypes.c_uint32), ("detail", ctypes.c_uint32),
        ("flags", ctypes.c_uint32), ("ecn", ctypes.c_uint32), ("connection", ctypes.c_uint64),
        ("route", ctypes.c_uint64), ("stream", ctypes.c_uint64), ("offset", ctypes.c_uint64),
        ("code", ctypes.c_uint64), ("frame_type", ctypes.c_uint64), ("bytes", ctypes.c_void_p),
        ("len", ctypes.c_size_t), ("packet", ctypes.c_void_p), ("preferred", ctypes.c_void_p),]


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
        ("size", ctypes.c_size_t), ("kind", ctypes.c_uint32), ("detail", ctypes.c_uint32),
        ("now", ctypes.c_uint64), ("connection", ctypes.c_uint64), ("route", ctypes.c_uint64),
        ("pn", ctypes.c_uint64), ("code", ctypes.c_uint64), ("frame_type", ctypes.c_uint64),
        ("packet", ctypes.c_uint8), ("space", ctypes.c_uint8), ("path", ctypes.c_uint8),
        ("ecn", ctypes.c_uint8), ("key_phase", ctypes.c_uint8), ("suite", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 2), ("dcid", ctypes.c_void_p), ("dcid_len", ctypes.c_size_t),
        ("scid", ctypes.c_void_p), ("scid_len", ctypes.c_size_t), ("payload", ctypes.c_void_p),
        ("payload_len", ctypes.c_size_t), ("extra", ctypes.c_void_p),
        ("extra_len", ctypes.c_size_t), ("len", ctypes.c_size_t), ("label", ctypes.c_char_p),
        ("info", ctypes.c_void_p), ("version", ctypes.c_uint32), ("reserved_2", ctypes.c_uint32),]


class gn_observer(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("on_event", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)),
        ("context", ctypes.c_void_p), ("reserved", ctypes.c_uint64),]


class Role(enum.IntEnum):
    CLIENT = 0
    SERVER = 1


class Congestion(enum.IntEnum):
    NEWRENO = 0


class RetryHello(enum.IntEnum):
    ANY = 0
    DROP = 1
    CLOSE = 2


class gn_limits(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("connections", ctypes.c_uint32), ("streams", ctypes.c_uint32),
        ("chunks", ctypes.c_uint32), ("sent", ctypes.c_uint32), ("keys", ctypes.c_uint32),
        ("held", ctypes.c_uint32), ("early", ctypes.c_uint32), ("reserved", ctypes.c_uint32 * 7),]


class gn_config(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("role", ctypes.c_int), ("reserved_1", ctypes.c_uint32),
        ("seed", ctypes.c_uint8 * 32), ("unix_ms", ctypes.c_int64), ("limits", gn_limits),
        ("observer", gn_observer), ("alpn", ctypes.c_char_p), ("certificate_pem", ctypes.c_char_p),
        ("certificate_pem_len", ctypes.c_size_t), ("private_key_pem", ctypes.c_char_p),
        ("private_key_pem_len", ctypes.c_size_t), ("ca_pem", ctypes.c_char_p),
        ("ca_pem_len", ctypes.c_size_t), ("verify_peer", ctypes.c_uint8),
        ("suites", ctypes.c_uint8), ("ecn", ctypes.c_uint8), ("cid_len", ctypes.c_uint8),
        ("cc", ctypes.c_uint8), ("session_tickets", ctypes.c_uint8),
        ("allow_early_data", ctypes.c_uint8), ("strict_early_data", ctypes.c_uint8),
        ("groups", ctypes.c_uint8), ("key_shares", ctypes.c_uint8),
        ("verify_client", ctypes.c_uint8), ("keep_certificate", ctypes.c_uint8),
        ("suite_order", ctypes.c_uint8 * 4), ("group_order", ctypes.c_uint8 * 4),
        ("reserved_tls", ctypes.c_uint8 * 4), ("max_idle_timeout_us", ctypes.c_uint64),
        ("max_ack_delay_us", ctypes.c_uint64), ("ack_delay_exponent", ctypes.c_uint64),
        ("initial_max_data", ctypes.c_uint64),
        ("initial_max_stream_data_bidi_local", ctypes.c_uint64),
        ("initial_max_stream_data_bidi_remote", ctypes.c_uint64),
        ("initial_max_stream_data_uni", ctypes.c_uint64),
        ("initial_max_streams_bidi", ctypes.c_uint64), ("initial_max_streams_uni", ctypes.c_uint64),
        ("active_connection_id_limit", ctypes.c_uint64), ("max_udp_payload_size", ctypes.c_uint64),
        ("max_datagram_out", ctypes.c_uint64), ("send_buffer_bytes", ctypes.c_uint64),
        ("ack_threshold", ctypes.c_uint64), ("disable_active_migration", ctypes.c_uint8),
        ("allow_peer_migration", ctypes.c_uint8), ("reserved_2", ctypes.c_uint8 * 6),
        ("retry_above", ctypes.c_uint32), ("max_server_connections", ctypes.c_uint32),
        ("retry_token_life_us", ctypes.c_uint64), ("new_token_life_us", ctypes.c_uint64),
        ("new_tokens", ctypes.c_uint8), ("retry_hello", ctypes.c_uint8),
        ("stateless_reset", ctypes.c_uint8), ("reserved_3", ctypes.c_uint8 * 5),
        ("max_datagram_frame_size", ctypes.c_uint64), ("datagram_queue_bytes", ctypes.c_uint64),
        ("datagram_queue_count", ctypes.c_uint32), ("skip_packets", ctypes.c_uint32),
        ("key_update_packets", ctypes.c_uint64), ("confidentiality_limit", ctypes.c_uint64),
        ("integrity_limit", ctypes.c_uint64), ("keep_alive_us", ctypes.c_uint64),
        ("suite_ops", ctypes.c_void_p), ("tls_ops", ctypes.c_void_p),
        ("stream_fairness", ctypes.c_uint8), ("inspect_packets", ctypes.c_uint8),
        ("preferred_ipv4_port", ctypes.c_uint16), ("preferred_ipv6_port", ctypes.c_uint16),
        ("reserved_5", ctypes.c_uint8 * 2), ("preferred_ipv4", ctypes.c_uint8 * 4),
        ("preferred_ipv6", ctypes.c_uint8 * 16), ("spin_bit", ctypes.c_uint8),
        ("reserved_6", ctypes.c_uint8 * 3), ("rotate_ids_packets", ctypes.c_uint64),
        ("rotate_ids_us", ctypes.c_uint64), ("ticket_life_us", ctypes.c_uint64),
        ("ticket_key", ctypes.c_uint8 * 32), ("started_unix_ms", ctypes.c_int64),
        ("application_context", ctypes.c_char_p), ("application_context_len", ctypes.c_size_t),
        ("early_held_us", ctypes.c_uint64), ("early_held_bytes", ctypes.c_uint64),
        ("versions", ctypes.c_uint32 * GN_VERSIONS_MAX), ("grease_versions", ctypes.c_uint8),
        ("reserved_version_probe", ctypes.c_uint8), ("grease_quic_bit", ctypes.c_uint8),
        ("reserved_7", ctypes.c_uint8 * 5),]


class gn_connect(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("server_name", ctypes.c_char_p), ("route", ctypes.c_uint64),
        ("host", ctypes.c_uint8 * 16), ("token", ctypes.c_char_p), ("token_len", ctypes.c_size_t),
        ("source_cid", ctypes.c_char_p), ("source_cid_len", ctypes.c_size_t),
        ("initial_dcid", ctypes.c_char_p), ("initial_dcid_len", ctypes.c_size_t),
        ("original_dcid", ctypes.c_char_p), ("original_dcid_len", ctypes.c_size_t),
        ("resumption_state", ctypes.c_char_p), ("resumption_state_len", ctypes.c_size_t),
        ("attempt_early_data", ctypes.c_uint8), ("reserved", ctypes.c_uint8 * 7),
        ("version", ctypes.c_uint32), ("token_version", ctypes.c_uint32),]


class gn_datagram(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("bytes", ctypes.c_char_p), ("len", ctypes.c_size_t),
        ("route", ctypes.c_uint64), ("host", ctypes.c_uint8 * 16), ("ecn", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 7),]


class gn_send_datagram(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("bytes", ctypes.c_char_p), ("len", ctypes.c_size_t),
        ("id", ctypes.c_uint64), ("expires_at", ctypes.c_uint64), ("priority", ctypes.c_int32),
        ("reserved", ctypes.c_uint8 * 4),]


class MoveReason(enum.IntEnum):
    ACTIVE = 0
    PREFERRED = 1


class gn_move(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("route", ctypes.c_uint64), ("host", ctypes.c_uint8 * 16),
        ("reason", ctypes.c_uint32), ("reserved", ctypes.c_uint32),]


class gn_path_mtu(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("route", ctypes.c_uint64), ("max_datagram", ctypes.c_uint64),
        ("quoted", ctypes.c_char_p), ("quoted_len", ctypes.c_size_t),]


class gn_info(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("ready", ctypes.c_uint8), ("confirmed", ctypes.c_uint8),
        ("ending", ctypes.c_uint8), ("paths", ctypes.c_uint8), ("pto_count", ctypes.c_uint32),
        ("route", ctypes.c_uint64), ("rtt_latest_us", ctypes.c_uint64),
        ("rtt_min_us", ctypes.c_uint64), ("rtt_smoothed_us", ctypes.c_uint64),
        ("rtt_var_us", ctypes.c_uint64), ("window_bytes", ctypes.c_uint64),
        ("in_flight_bytes", ctypes.c_uint64), ("ssthresh_bytes", ctypes.c_uint64),
        ("packets_sent", ctypes.c_uint64), ("packets_received", ctypes.c_uint64),
        ("packets_dropped", ctypes.c_uint64), ("packets_lost", ctypes.c_uint64),
        ("bytes_sent", ctypes.c_uint64), ("bytes_received", ctypes.c_uint64),
        ("ptos", ctypes.c_uint64), ("ce_marks", ctypes.c_uint64), ("ecn_state", ctypes.c_uint8),
        ("cc_phase", ctypes.c_uint8), ("suite", ctypes.c_uint8), ("group", ctypes.c_uint8),
        ("resumed", ctypes.c_uint8), ("zero_rtt", ctypes.c_uint8), ("reserved", ctypes.c_uint8 * 2),
        ("streams", ctypes.c_uint64), ("largest_datagram", ctypes.c_uint64),
        ("datagrams_dropped", ctypes.c_uint64), ("datagrams_waiting", ctypes.c_uint32),
        ("datagrams", ctypes.c_uint8), ("reserved_2", ctypes.c_uint8 * 3),
        ("version", ctypes.c_uint32), ("original_version", ctypes.c_uint32),]


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
        ("size", ctypes.c_size_t), ("der", ctypes.c_void_p), ("len", ctypes.c_size_t),
        ("verified", ctypes.c_uint8), ("reserved", ctypes.c_uint8 * 7),]


class SimVerdict(enum.IntEnum):
    PASS = 0
    FAIL = 1
    BAD_INPUT = 2
    ZENO = 3
    STALL = 4


class gn_sim_options(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("seed", ctypes.c_uint64), ("has_seed", ctypes.c_uint8),
        ("records", ctypes.c_uint8), ("fake_tls", ctypes.c_uint8), ("qlog_profile", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 4), ("qlog_dir", ctypes.c_char_p),
        ("pcap_path", ctypes.c_char_p), ("csv_path", ctypes.c_char_p),
        ("trace_path", ctypes.c_char_p),]


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
        ("at_us", ctypes.c_uint64), ("kind", ctypes.c_uint32), ("host", ctypes.c_uint16),
        ("route", ctypes.c_uint16), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64),
        ("c", ctypes.c_uint64), ("d", ctypes.c_uint64), ("connection", ctypes.c_uint64),]


class gn_sim_result(Struct):
    _fields_ = [
        ("size", ctypes.c_size_t), ("verdict", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
        ("seed", ctypes.c_uint64), ("hash", ctypes.c_uint64), ("end_us", ctypes.c_uint64),
        ("datagrams", ctypes.c_uint64), ("events", ctypes.c_uint64),
        ("bytes_goal", ctypes.c_uint64), ("bytes_delivered", ctypes.c_uint64),
        ("handshake_us", ctypes.c_uint64), ("finished_us", ctypes.c_uint64),
        ("packets_sent", ctypes.c_uint64), ("packets_lost", ctypes.c_uint64),
        ("datagrams_dropped", ctypes.c_uint64), ("datagrams_marked", ctypes.c_uint64),
        ("ptos", ctypes.c_uint64), ("records", ctypes.c_void_p), ("record_count", ctypes.c_size_t),
        ("report", ctypes.c_char_p), ("summary", ctypes.c_char_p), ("message", ctypes.c_char_p),]


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
    "gn_limits_fill": (None, ctypes.POINTER(gn_limits), ctypes.c_size_t, ctypes.c_uint32,),
    "gn_config_fill": (None, ctypes.POINTER(gn_config), ctypes.c_size_t, ctypes.c_int,),
    "gn_config_check": (
        ctypes.c_int, ctypes.POINTER(gn_config), ctypes.POINTER(ctypes.c_char_p),),
    "gn_abi": (ctypes.c_uint32,),
    "gn_endpoint_size": (ctypes.c_size_t, ctypes.POINTER(gn_limits),),
    "gn_endpoint_init": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(gn_config),
        ctypes.POINTER(ctypes.c_void_p),),
    "gn_endpoint_wipe": (None, ctypes.c_void_p,),
    "gn_connect_fill": (None, ctypes.POINTER(gn_connect), ctypes.c_size_t,),
    "gn_endpoint_connect": (
        ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(gn_connect), ctypes.c_uint64,
        ctypes.POINTER(ctypes.c_uint64),),
    "gn_endpoint_receive": (
        ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(gn_datagram), ctypes.c_uint64,),
    "gn_endpoint_timeout": (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64,),
    "gn_endpoint_deadline": (ctypes.c_uint64, ctypes.c_void_p,),
    "gn_endpoint_read_error": (
        ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(gn_local_error), ctypes.c_size_t,),
    "gn_connection_open_stream": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_bool, ctypes.c_uint64,
        ctypes.POINTER(ctypes.c_uint64),),
    "gn_connection_send_stream": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_char_p,
        ctypes.c_size_t, ctypes.c_bool, ctypes.c_uint64, ctypes.POINTER(ctypes.c_size_t),),
    "gn_connection_set_priority": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_int32,
        ctypes.c_uint64,),
    "gn_connection_reset_stream": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64,
        ctypes.c_uint64,),
    "gn_connection_stop_stream": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64,
        ctypes.c_uint64,),
    "gn_send_datagram_fill": (None, ctypes.POINTER(gn_send_datagram), ctypes.c_size_t,),
    "gn_connection_send_datagram": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.POINTER(gn_send_datagram),
        ctypes.c_uint64,),
    "gn_connection_close": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_char_p,
        ctypes.c_size_t, ctypes.c_uint64,),
    "gn_connection_migrate": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64,),
    "gn_connection_rotate_ids": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64,),
    "gn_connection_move": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.POINTER(gn_move), ctypes.c_uint64,),
    "gn_endpoint_path_mtu": (
        ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(gn_path_mtu), ctypes.c_uint64,),
    "gn_connection_key_update": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64,),
    "gn_endpoint_pull": (
        ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(gn_effect), ctypes.c_size_t,),
    "gn_endpoint_has_effects": (ctypes.c_bool, ctypes.c_void_p,),
    "gn_endpoint_has_stream_data": (ctypes.c_bool, ctypes.c_void_p,),
    "gn_connection_read_info": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.POINTER(gn_info), ctypes.c_size_t,),
    "gn_endpoint_connections": (ctypes.c_uint32, ctypes.c_void_p,),
    "gn_endpoint_check": (None, ctypes.c_void_p,),
    "gn_connection_digest": (ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64,),
    "gn_connection_read_certificate": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.POINTER(gn_certificate),
        ctypes.c_size_t,),
    "gn_code_name": (ctypes.c_char_p, ctypes.c_uint64,),
    "gn_sim_run": (
        None, ctypes.c_char_p, ctypes.POINTER(gn_sim_options), ctypes.POINTER(gn_sim_result),),
    "gn_sim_result_free": (None, ctypes.POINTER(gn_sim_result),),
    "gn_sim_layout": (ctypes.c_size_t, ctypes.c_uint32,),
}
