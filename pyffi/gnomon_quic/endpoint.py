"""endpoint.py: one QUIC endpoint: timed inputs in, effects out.

    with Endpoint(EndpointConfig(role=Role.CLIENT, alpn=("hq",), ca_pem=ca)) as client:
        connection = client.connect("server.example", now=0)
        for effect in client.effects(): ...

Times are microseconds from an origin of the caller's choice; they never go
back. An endpoint takes one call at a time: a lock keeps threads apart, and
different endpoints run in different threads at once.
"""
import ctypes
import ipaddress
import secrets
import threading
import time
import warnings
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from . import _ffi
from ._ffi import GN_NEVER, GN_STREAM_NONE, EventKind, LocalErrorCode, Mark, MoveReason
from ._library import library
from .config import EndpointConfig, Limits
from .effects import Effect, from_c
from .errors import EndpointFreed, InvalidArgument, LocalError, StatusError, status_error
from .info import ConnectionInfo
from .tls import Certificate, keylog_writer

__all__ = ["ConnectionInfo", "Endpoint", "EndpointConfig", "Limits"]

Buffer: TypeAlias = bytes | bytearray | memoryview
Host: TypeAlias = str | bytes


# Fields of EndpointConfig that the C struct has under the same name, as a number.
_NUMBERS = tuple(field.name for field in fields(EndpointConfig)
                 if field.name not in ("role", "alpn", "seed", "unix_ms", "certificate_pem",
                                       "private_key_pem", "ca_pem", "ca_file", "keylog",
                                       "suite_order", "group_order", "versions", "limits",
                                       "ticket_key", "application_context", "preferred_ipv4",
                                       "preferred_ipv6"))
_INFO = tuple((field.name, field.type is bool) for field in fields(ConnectionInfo))


def _number(call: str, value: int, bits: int = 64) -> int:
    """ctypes would cut a number that is too large; here it is refused."""
    if not 0 <= value < 1 << bits:
        raise InvalidArgument(call)
    return value


def _host(host: Host) -> bytes:
    """An IP address in 16 bytes, zeros in front."""
    if isinstance(host, str):
        host = ipaddress.ip_address(host).packed
    if len(host) > 16:
        raise InvalidArgument("host")
    return host.rjust(16, b"\0")


class Endpoint:
    """A client, or a server of many connections. Free it with `with`, or `free()`."""

    def __init__(self, config: EndpointConfig) -> None:
        self._handle: int | None = None
        self._lock = threading.Lock()
        self._library = library()
        self._effect = _ffi.gn_effect()
        self._datagram = _ffi.gn_datagram(size=ctypes.sizeof(_ffi.gn_datagram))
        self._keylog = keylog_writer(config.keylog)
        self._role = config.role
        self._failure: BaseException | None = None
        raw = self._configure(config)
        size = self._library.gn_endpoint_size(ctypes.byref(raw.limits))
        self._block = ctypes.create_string_buffer(size + 16)
        address = ctypes.addressof(self._block)
        handle = ctypes.c_void_p()
        status = self._library.gn_endpoint_init(address + -address % 16, size, ctypes.byref(raw),
                                                ctypes.byref(handle))
        if status:
            field = ctypes.c_char_p()
            self._library.gn_config_check(ctypes.byref(raw), ctypes.byref(field))
            wrong = field.value.decode() if field.value else None
            code = LocalErrorCode.INVALID_ARGUMENT if wrong else LocalErrorCode.TLS
            raise status_error("Endpoint", status, LocalError(code, field=wrong))
        self._handle = handle.value

    def _configure(self, config: EndpointConfig) -> _ffi.gn_config:
        raw = _ffi.gn_config()
        self._library.gn_config_fill(ctypes.byref(raw), ctypes.sizeof(raw), config.role)
        seed = secrets.token_bytes(32) if config.seed is None else config.seed
        if len(seed) != 32:
            raise InvalidArgument("seed")
        ctypes.memmove(raw.seed, seed, 32)
        raw.unix_ms = time.time_ns() // 1_000_000 if config.unix_ms is None else config.unix_ms
        self._library.gn_limits_fill(ctypes.byref(raw.limits), ctypes.sizeof(raw.limits),
                                     _number("connections", config.limits.connections, 32))
        for name in ("streams", "chunks", "sent", "keys", "held", "early"):
            value = getattr(config.limits, name)
            if value is not None:
                setattr(raw.limits, name, _number(name, value, 32))
        raw.alpn = ",".join(config.alpn).encode()
        for name in ("certificate_pem", "private_key_pem", "ca_pem"):
            pem = bytes(getattr(config, name))
            if name == "ca_pem" and config.ca_file is not None:
                pem += b"\n" + Path(config.ca_file).read_bytes()
            setattr(raw, name, pem or None)
            setattr(raw, f"{name}_len", len(pem))
        for name in ("suite_order", "group_order"):
            order = getattr(raw, name)
            if len(getattr(config, name)) > len(order):
                raise InvalidArgument(name)
            for at, place in enumerate(getattr(config, name)):
                order[at] = 1 + _number(name, int(place), 7)
        if config.versions:
            if len(config.versions) > len(raw.versions):
                raise InvalidArgument("versions")
            for at in range(len(raw.versions)):
                version = config.versions[at] if at < len(config.versions) else 0
                raw.versions[at] = _number("versions", version, 32)
        raw.application_context = config.application_context or None
        raw.application_context_len = len(config.application_context)
        if config.ticket_key:
            if len(config.ticket_key) != 32:
                raise InvalidArgument("ticket_key")
            ctypes.memmove(raw.ticket_key, config.ticket_key, 32)
        for name in _NUMBERS:
            value = getattr(config, name)
            if value is not None:
                bits = 8 * getattr(_ffi.gn_config, name).size
                setattr(raw, name, _number(name, int(value), bits))
        for family, offer in (("ipv4", config.preferred_ipv4), ("ipv6", config.preferred_ipv6)):
            if offer is not None:
                packed = ipaddress.ip_address(offer[0]).packed
                if len(packed) != (4 if family == "ipv4" else 16):
                    raise InvalidArgument(f"preferred_{family}")
                ctypes.memmove(getattr(raw, f"preferred_{family}"), packed, len(packed))
                setattr(raw, f"preferred_{family}_port",
                        _number(f"preferred_{family}", offer[1], 16))
        if self._keylog is not None:
            # The field's own type makes the callback; the library keeps its address, we keep it.
            self._on_event = type(raw.observer.on_event)(self._observe)
            raw.observer.on_event = self._on_event
        return raw

    def _observe(self, _context: int | None, address: int) -> None:
        """Told by the library what happens inside; only secrets matter here."""
        event = _ffi.gn_event.from_address(address)
        if event.kind != EventKind.SECRET or self._keylog is None:
            return
        label = event.label.decode()
        client_random = ctypes.string_at(event.extra, event.extra_len).hex()
        secret = ctypes.string_at(event.payload, event.payload_len).hex()
        try:
            self._keylog(f"{label} {client_random} {secret}")
        except BaseException as failure:  # it cannot pass through C: raised by the call itself
            self._failure = failure

    def _call(self, call: str, *arguments: Any) -> None:
        """One input, under the lock; a status other than OK is raised."""
        with self._lock:
            if self._handle is None:
                raise EndpointFreed(f"{call}: the endpoint was freed")
            status = getattr(self._library, call)(self._handle, *arguments)
            failure, self._failure = self._failure, None
            refusal = self._refusal(call, status) if status else None
        if failure is not None:
            raise failure
        if refusal is not None:
            raise refusal

    def _refusal(self, call: str, status: int) -> StatusError:
        """Why the latest call was refused. Under the lock."""
        raw = _ffi.gn_local_error()
        self._library.gn_endpoint_read_error(self._handle, ctypes.byref(raw), ctypes.sizeof(raw))
        if raw.status != status:  # a query, which the endpoint does not remember
            return status_error(call.removeprefix("gn_"), status)
        return status_error(call.removeprefix("gn_"), status, LocalError(
            LocalErrorCode(raw.code), raw.connection or None,
            None if raw.stream == GN_STREAM_NONE else raw.stream,
            raw.field.decode() if raw.field else None, raw.why.decode() if raw.why else ""))

    # ------------------------------------------------------------------ inputs

    def connect(self, server_name: str, now: int, *, route: int = 0, host: Host = b"",
                token: bytes = b"", source_cid: bytes = b"", initial_dcid: bytes = b"",
                original_dcid: bytes = b"", resumption_state: bytes = b"",
                attempt_early_data: bool = False, version: int = 0,
                token_version: int = 0) -> int:
        """Begins a connection and returns its number; its first datagram is an effect.

        token: of a NewToken effect of this server, at most 256 bytes. source_cid (as long as
        the configuration's cid_len) and initial_dcid (8 to 20 bytes) are drawn from the seed
        unless given. original_dcid: we go on after a Retry received elsewhere, its token in
        token and its source ID in initial_dcid (RFC 9000 7.3).

        resumption_state: of a ResumptionState effect of this server; damaged bytes are an
        error, what is of no use is not used. attempt_early_data: streams may be used at once;
        the server may see them twice.

        version: of QUIC, one of the configuration's; 0: the resumption state's, else the first
        of the configuration's. token_version: of the connection that gave the token, 0 for the
        same; a token of another version is not sent (RFC 9369 5).
        """
        connect = _ffi.gn_connect()
        self._library.gn_connect_fill(ctypes.byref(connect), ctypes.sizeof(connect))
        connect.server_name = server_name.encode("idna")
        connect.route = _number("route", route)
        for name, text in (("token", token), ("source_cid", source_cid),
                           ("initial_dcid", initial_dcid), ("original_dcid", original_dcid),
                           ("resumption_state", resumption_state)):
            setattr(connect, name, bytes(text) or None)
            setattr(connect, f"{name}_len", len(text))
        connect.attempt_early_data = attempt_early_data
        connect.version = _number("version", version, 32)
        connect.token_version = _number("token_version", token_version, 32)
        ctypes.memmove(connect.host, _host(host), 16)
        number = ctypes.c_uint64()
        self._call("gn_endpoint_connect", ctypes.byref(connect), _number("now", now),
                   ctypes.byref(number))
        return number.value

    def receive(self, data: Buffer, now: int, *, route: int = 0, host: Host = b"",
                ecn: Mark = Mark.NOT_ECT) -> None:
        """A UDP datagram that arrived. Whatever its bytes are, they raise nothing."""
        data = bytes(data)
        place = _host(host)
        now, route = _number("now", now), _number("route", route)
        with self._lock:
            if self._handle is None:
                raise EndpointFreed("receive: the endpoint was freed")
            datagram = self._datagram
            datagram.bytes, datagram.len = data, len(data)
            datagram.route, datagram.ecn = route, ecn
            ctypes.memmove(datagram.host, place, 16)
            status = self._library.gn_endpoint_receive(self._handle, ctypes.byref(datagram), now)
            failure, self._failure = self._failure, None
            refusal = self._refusal("gn_endpoint_receive", status) if status else None
        if failure is not None:
            raise failure
        if refusal is not None:
            raise refusal

    def timeout(self, now: int) -> None:
        """Time has passed; early or often does no harm."""
        self._call("gn_endpoint_timeout", _number("now", now))

    def stream_open(self, connection: int, now: int, *, unidirectional: bool = False) -> int:
        """Opens our next stream and returns its number."""
        number = ctypes.c_uint64()
        self._call("gn_connection_open_stream", connection, unidirectional, _number("now", now),
                   ctypes.byref(number))
        return number.value

    def stream_send(self, connection: int, stream: int, data: Buffer, now: int, *,
                    fin: bool = False) -> int:
        """Gives bytes to a stream; returns how many it took. Fewer: wait for StreamWritable."""
        data = bytes(data)
        taken = ctypes.c_size_t()
        self._call("gn_connection_send_stream", connection, stream, data, len(data), fin,
                   _number("now", now), ctypes.byref(taken))
        return taken.value

    def stream_priority(self, connection: int, stream: int, priority: int, now: int) -> None:
        """Streams of a higher priority (a 32-bit signed number, 0 at first) send first."""
        if not -1 << 31 <= priority < 1 << 31:
            raise InvalidArgument("priority")
        self._call("gn_connection_set_priority", connection, stream, priority,
                   _number("now", now))

    def stream_reset(self, connection: int, stream: int, code: int, now: int) -> None:
        """Abandons sending."""
        self._call("gn_connection_reset_stream", connection, stream, _number("code", code),
                   _number("now", now))

    def stream_stop(self, connection: int, stream: int, code: int, now: int) -> None:
        """Asks the peer to stop sending."""
        self._call("gn_connection_stop_stream", connection, stream, _number("code", code),
                   _number("now", now))

    def datagram_send(self, connection: int, data: Buffer, now: int, *, id: int = 0,
                      priority: int = 0, expires_at: int | None = None) -> None:
        """Sends a datagram once, when the window lets it; a later effect tells its fate by id.

        NotSupported: the peer takes none. InvalidArgument: larger than info().largest_datagram.
        """
        data = bytes(data)
        if not -1 << 31 <= priority < 1 << 31:
            raise InvalidArgument("priority")
        raw = _ffi.gn_send_datagram()
        self._library.gn_send_datagram_fill(ctypes.byref(raw), ctypes.sizeof(raw))
        raw.bytes, raw.len = data, len(data)
        raw.id, raw.priority = _number("id", id), priority
        if expires_at is not None:
            raw.expires_at = _number("expires_at", expires_at)
        self._call("gn_connection_send_datagram", connection, ctypes.byref(raw),
                   _number("now", now))

    def close(self, connection: int, now: int, *, code: int = 0, reason: str = "") -> None:
        """Closes a connection with an application error code."""
        text = reason.encode()
        self._call("gn_connection_close", connection, _number("code", code), text, len(text),
                   _number("now", now))

    def migrate(self, connection: int, route: int, now: int, *,
                reason: MoveReason = MoveReason.ACTIVE, host: Host = b"") -> None:
        """Client: moves a connection to another route, once its path is validated (RFC 9000 9).

        reason PREFERRED: to the address of a PreferredAddress effect, which host then names.
        """
        move = _ffi.gn_move(size=ctypes.sizeof(_ffi.gn_move), route=_number("route", route),
                            reason=reason)
        ctypes.memmove(move.host, _host(host), 16)
        self._call("gn_connection_move", connection, ctypes.byref(move), _number("now", now))

    def path_mtu(self, route: int, max_datagram: int, quoted: Buffer, now: int) -> None:
        """A router said that packets on this route are too big (RFC 9000 14.2.1).

        max_datagram: the largest UDP payload that fits; below 1200 InvalidArgument. quoted: what
        it quotes of ours, from the UDP payload's first byte; NotAuthentic when it is not ours.
        """
        quoted = bytes(quoted)
        mtu = _ffi.gn_path_mtu(size=ctypes.sizeof(_ffi.gn_path_mtu),
                               route=_number("route", route), quoted=quoted,
                               max_datagram=_number("max_datagram", max_datagram),
                               quoted_len=len(quoted))
        self._call("gn_endpoint_path_mtu", ctypes.byref(mtu), _number("now", now))

    def rotate_ids(self, connection: int, now: int) -> None:
        """Changes the connection IDs both ways."""
        self._call("gn_connection_rotate_ids", connection, _number("now", now))

    def key_update(self, connection: int, now: int) -> None:
        """Starts a key update."""
        self._call("gn_connection_key_update", connection, _number("now", now))

    # ---------------------------------------------------------- effects, queries

    def effects(self) -> list[Effect]:
        """Everything to be done since the last input, oldest first."""
        result: list[Effect] = []
        with self._lock:
            if self._handle is None:
                raise EndpointFreed("effects: the endpoint was freed")
            raw, pull, handle = self._effect, self._library.gn_endpoint_pull, self._handle
            size = ctypes.sizeof(raw)
            while pull(handle, raw, size):
                result.append(from_c(raw))
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return result

    def has_effects(self) -> bool:
        """Whether effects() has, or may have, something to say."""
        return self._ask("has_effects", "gn_endpoint_has_effects")

    def has_stream_data(self) -> bool:
        """Whether stream data wait that were never sent, though flow control would allow them."""
        return self._ask("has_stream_data", "gn_endpoint_has_stream_data")

    def _ask(self, what: str, call: str) -> bool:
        with self._lock:
            if self._handle is None:
                raise EndpointFreed(f"{what}: the endpoint was freed")
            return bool(getattr(self._library, call)(self._handle))

    def deadline(self) -> int | None:
        """When timeout() is next due; None when nothing is waiting."""
        with self._lock:
            if self._handle is None:
                raise EndpointFreed("deadline: the endpoint was freed")
            at = int(self._library.gn_endpoint_deadline(self._handle))
        return None if at == GN_NEVER else at

    def info(self, connection: int) -> ConnectionInfo:
        """What a connection counts and measures."""
        raw = _ffi.gn_info(size=ctypes.sizeof(_ffi.gn_info))
        self._call("gn_connection_read_info", connection, ctypes.byref(raw), ctypes.sizeof(raw))
        return ConnectionInfo(*(bool(getattr(raw, name)) if flag else getattr(raw, name)
                                for name, flag in _INFO))

    def certificate(self, connection: int) -> Certificate | None:
        """What the peer showed; None: nothing, or keep_certificate is off."""
        raw = _ffi.gn_certificate(size=ctypes.sizeof(_ffi.gn_certificate))
        with self._lock:
            if self._handle is None:
                raise EndpointFreed("certificate: the endpoint was freed")
            status = self._library.gn_connection_read_certificate(
                self._handle, connection, ctypes.byref(raw), ctypes.sizeof(raw))
            if status:
                return None
            return Certificate(ctypes.string_at(raw.der, raw.len), bool(raw.verified))

    def connections(self) -> int:
        """Live connections, ending ones included."""
        with self._lock:
            if self._handle is None:
                raise EndpointFreed("connections: the endpoint was freed")
            return int(self._library.gn_endpoint_connections(self._handle))

    # -------------------------------------------------------------------- life

    def free(self) -> None:
        """Wipes every secret and gives the memory back; sends nothing. Once is enough."""
        with self._lock:
            handle, self._handle = self._handle, None
            if handle is not None:
                self._library.gn_endpoint_wipe(handle)

    def __repr__(self) -> str:
        with self._lock:
            if self._handle is None:
                return f"<Endpoint {self._role.name.lower()}, freed>"
            count = int(self._library.gn_endpoint_connections(self._handle))
            at = int(self._library.gn_endpoint_deadline(self._handle))
        due = "nothing due" if at == GN_NEVER else f"due at {at} us"
        return f"<Endpoint {self._role.name.lower()}, {count} connection(s), {due}>"

    def __enter__(self) -> "Endpoint":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.free()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            warnings.warn("an Endpoint was never freed", ResourceWarning, source=self)
            self.free()
