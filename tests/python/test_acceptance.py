"""test_acceptance.py: what whoever takes the library in asks of it first, through the open doors.

Packets of the RFCs, the opening of a connection, one way of working in C and in Python, every
effect, every refusal, and structs of other versions. Sessions are in test_acceptance_session.py.
"""
import ctypes
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gnomon_quic import (
    DatagramLost,
    Effect,
    Endpoint,
    EventPacket,
    LocalErrorCode,
    NewToken,
    Packet,
    PathChanged,
    ResumptionState,
    SendDatagram,
    _ffi,
    _library,
)
from gnomon_quic.effects import EffectKind
from gnomon_quic.errors import LocalError, status_error

from pair import CERTIFICATES, Pair, client_config, server_config
from protection import FILES, derive, initial_secret, one, open_packet

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = [pytest.param("rfc9001", id="1"), pytest.param("rfc9369", id="2")]


def packets(name: str) -> list[Any]:
    return FILES[f"{name}_a_packets"].cases


def shown(end: Endpoint) -> list[Packet]:
    return [effect for effect in end.effects() if isinstance(effect, Packet)]


# ------------------------------------------------------------ packets of the RFCs


@pytest.mark.parametrize("name", VERSIONS)
def test_server_opens_the_client_initial_of_the_rfc(name: str) -> None:
    case = packets(name)[0]
    with Endpoint(server_config(inspect_packets=True)) as server:
        server.receive(case["packet"], 0, route=3)
        packet = shown(server)[0]
        assert (packet.outbound, packet.packet) == (False, EventPacket.INITIAL)
        assert (packet.version, packet.number) == (case["version"], case["pn"])
        assert (packet.number_bytes, packet.data) == (case["pn_size"], case["packet"])
        assert packet.payload == case["payload"]


@pytest.mark.parametrize("name", VERSIONS)
def test_client_opens_the_server_initial_of_the_rfc(name: str) -> None:
    keys, case = one(f"{name}_a1_keys"), packets(name)[1]
    with Endpoint(client_config(inspect_packets=True, cid_len=0,
                                versions=(case["version"],))) as client:
        client.connect("server.example", 0, initial_dcid=keys["dcid"])
        client.effects()
        client.receive(case["packet"], 0)
        packet = shown(client)[0]
        assert (packet.outbound, packet.payload) == (False, case["payload"])
        assert (packet.number, packet.scid, packet.dcid) == (
            case["pn"], bytes.fromhex("f067a5502a4262b5"), b"")


@pytest.mark.parametrize("name", VERSIONS)
def test_both_seal_initials_with_the_keys_of_the_rfc(name: str) -> None:
    keys = one(f"{name}_a1_keys")
    version = keys["version"]
    with Pair(client_config(versions=(version,)), server_config(versions=(version,))) as pair:
        pair.client.connect("server.example", 0, initial_dcid=keys["dcid"])
        pair.run(1_000_000)
        for end, side in enumerate(("client", "server")):
            sent = next(effect.data for effect in pair.told[end]
                        if isinstance(effect, SendDatagram))
            number, payload = open_packet(sent, version, keys[side])
            assert number == 0 and 0x06 in payload  # CRYPTO


@pytest.mark.parametrize("name", VERSIONS)
def test_client_follows_the_retry_of_the_rfc_and_no_other(name: str) -> None:
    case = one(f"{name}_a4_retry")
    for at in (None, 0, 5, 14, 20, 25, 35):
        packet = bytearray(case["packet"])
        if at is not None:
            packet[at] ^= 1
        with Endpoint(client_config(cid_len=0, versions=(case["version"],),
                                    inspect_packets=True)) as client:
            client.connect("server.example", 0, initial_dcid=case["odcid"])
            client.effects()
            client.receive(bytes(packet), 1_000)
            again = shown(client)
            assert bool(again) == (at is None)
            if again:
                assert (again[0].token, again[0].dcid) == (case["token"], case["scid"])


@pytest.mark.parametrize("name", VERSIONS)
def test_server_sends_retries_with_the_tag_of_the_rfc(name: str) -> None:
    case, first = one(f"{name}_a4_retry"), packets(name)[0]
    with Endpoint(server_config(retry_above=0)) as server:
        server.receive(first["packet"], 0)
        retry = [e.data for e in server.effects() if isinstance(e, SendDatagram)][0]
        assert retry[0] >> 4 == case["packet"][0] >> 4 and retry[1:5] == case["packet"][1:5]
        pseudo = bytes([len(case["odcid"])]) + case["odcid"] + retry[:-16]
        assert AESGCM(case["key"]).encrypt(case["nonce"], b"", pseudo) == retry[-16:]


# ---------------------------------------------------------------------- opening


def test_opening_is_a_full_initial_with_a_client_hello_on_the_route_asked_for() -> None:
    with Endpoint(client_config()) as client:
        number = client.connect("server.example", 0, route=7, initial_dcid=b"abcdefgh")
        sent = [effect for effect in client.effects() if isinstance(effect, SendDatagram)]
        assert [(effect.route, effect.connection) for effect in sent] == [(7, number)]
        assert len(sent[0].data) >= 1200
        _, payload = open_packet(sent[0].data, 1, initial_secret(b"abcdefgh", 1, "client"))
        assert payload[0] == 0x06 and payload[1] == 0  # CRYPTO from the beginning,
        hello = payload.index(b"\x01\x00", 2)  # ClientHello
        assert hello <= 4 and b"server.example" in payload


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], list[str]]:
    """Runs exchange.c, which knows gnomon.h alone, and gives what it prints."""
    program, library = tmp_path_factory.mktemp("exchange") / "exchange", _library.find()
    subprocess.run(["cc", "-std=c11", "-Wall", "-Werror", f"-I{ROOT / 'ref'}",
                    str(Path(__file__).with_name("exchange.c")), "-o", str(program),
                    str(library), f"-Wl,-rpath,{library.parent}"], check=True)

    def run(seed: int) -> list[str]:
        done = subprocess.run([str(program), str(CERTIFICATES), str(seed)], check=True,
                              capture_output=True, text=True)
        return done.stdout.splitlines()
    return run


def exchanged(seed: int) -> list[str]:
    """What exchange.c does, in Python."""
    lines: list[str] = []
    with Endpoint(client_config(seed=bytes(31) + bytes([seed]))) as client, \
            Endpoint(server_config(seed=bytes(31) + bytes([seed]))) as server:
        number = client.connect("server.example", 0, route=7)
        for turn in range(30):
            now = turn * 10_000
            for end in (client, server):
                end.timeout(now)
            if turn == 12:
                stream = client.stream_open(number, now)
                data = b"\1\2\3" + bytes(2997)
                taken = client.stream_send(number, stream, data, now, fin=True)
                lines.append(f"stream {stream} took {taken}")
            for letter, end, other in (("c", client, server), ("s", server, client)):
                for effect in end.effects():
                    if isinstance(effect, SendDatagram):
                        lines.append(f"{letter} {effect.route} {effect.data.hex()}")
                        other.receive(effect.data, now, route=effect.route, ecn=effect.ecn)
    return lines


def test_c_and_python_exchange_the_same_bytes_for_the_same_seed(
        exchange: Callable[[int], list[str]]) -> None:
    seen = []
    for seed in (1, 2):
        lines = exchange(seed)
        assert lines == exchanged(seed)
        assert len(lines) >= 10 and "stream 0 took 3000" in lines
        seen.append(lines)
    assert seen[0][0] != seen[1][0]


# ---------------------------------------------------------------------- effects


def everything() -> Iterator[list[Effect]]:
    """What both ends are told in two connections that do whatever there is to do."""
    more = {"session_tickets": 1, "inspect_packets": True, "max_datagram_frame_size": 65535,
            "initial_max_streams_bidi": 1, "send_buffer_bytes": 4096}
    with Pair(client_config(**more),
              server_config(allow_early_data=True, preferred_ipv4=("192.0.2.8", 443),
                            **more)) as pair:
        number, accepted = pair.connect()
        stream = pair.client.stream_open(number, pair.now)
        assert pair.client.stream_send(number, stream, bytes(9000), pair.now) == 4096
        pair.client.datagram_send(number, b"arrives", pair.now)
        pair.run(pair.now + 500_000)
        pair.client.datagram_send(number, b"too late", pair.now, expires_at=pair.now)
        pair.client.stream_stop(number, stream, 2, pair.now)
        pair.client.stream_reset(number, stream, 1, pair.now)
        pair.client.migrate(number, 7, pair.now)
        pair.run(pair.now + 2_000_000)
        pair.server.close(accepted, pair.now, code=9, reason="enough")
        pair.run(pair.now + 5_000_000)
        state = next(e.state for e in pair.told[0] if isinstance(e, ResumptionState))
        again = pair.client.connect("server.example", pair.now, host="192.0.2.1",
                                    resumption_state=state, attempt_early_data=True)
        stream = pair.client.stream_open(again, pair.now)
        pair.client.stream_send(again, stream, b"early", pair.now, fin=True)
        pair.run(pair.now + 1_000_000)
        yield from pair.told


def test_every_kind_of_effect_is_seen_and_named() -> None:
    told = [effect for end in everything() for effect in end]
    classes = get_args(Effect)
    assert {type(effect) for effect in told} == set(classes)
    assert {effect.kind for effect in told} == {cls.kind for cls in classes}
    # A kind in C is a class in Python: GN_EFFECT_SEND is SendDatagram, its kind "send_datagram".
    words = {"send": "send_datagram", "state": "state_changed", "path": "path_changed",
             "zero_rtt": "zero_rtt_status"}
    assert {cls.kind for cls in classes} == {words.get(kind.name.lower(), kind.name.lower())
                                             for kind in EffectKind}
    lost = next(effect for effect in told if isinstance(effect, DatagramLost))
    assert lost.why.name == "EXPIRED"
    assert any(isinstance(effect, NewToken) and effect.token for effect in told)
    assert any(isinstance(effect, PathChanged) and effect.route == 7 for effect in told)


# -------------------------------------------------------------- refusals, structs


def test_every_local_error_becomes_an_exception_with_its_fields() -> None:
    for code in LocalErrorCode:
        error = status_error("call", _ffi.Err.STATE, LocalError(code, 5, 4, "field", "why"))
        assert (error.code, error.connection, error.stream, error.field) == (code, 5, 4, "field")
        assert code.name in str(error)
    assert [code.name for code in LocalErrorCode][:9] == [
        "UNSUPPORTED_OPERATION", "INVALID_STREAM_ID", "INVALID_STREAM_DIRECTION",
        "SEND_SIDE_CLOSED", "RECEIVE_SIDE_CLOSED", "FINAL_SIZE_CONFLICT",
        "DATAGRAM_NOT_SUPPORTED", "DATAGRAM_TOO_LARGE", "FLOW_CONTROL_VIOLATION"]


def test_null_and_wrong_sizes_are_refused_and_outputs_are_zero(pair: Pair) -> None:
    number, _ = pair.connect()
    library, handle, now = _library.library(), pair.client._handle, pair.now
    out, taken = ctypes.c_uint64(9), ctypes.c_size_t(9)
    connect = _ffi.gn_connect()
    library.gn_connect_fill(ctypes.byref(connect), ctypes.sizeof(connect))
    connect.server_name = b"server.example"
    connect.size = 8
    for given in (None, ctypes.byref(connect)):
        out.value = 9
        assert library.gn_endpoint_connect(handle, given, now, ctypes.byref(out)) \
            == _ffi.Err.CONFIG
        assert out.value == 0
    out.value = 9
    assert library.gn_connection_open_stream(handle, 77, False, now, ctypes.byref(out))
    assert library.gn_connection_send_stream(handle, number, 0, None, 5, False, now,
                                             ctypes.byref(taken)) == _ffi.Err.CONFIG
    assert (out.value, taken.value) == (0, 0)
    block = ctypes.c_void_p(9)
    assert library.gn_endpoint_init(None, 0, None, ctypes.byref(block)) == _ffi.Err.CONFIG
    assert block.value is None
    for call, struct in (("gn_endpoint_receive", _ffi.gn_datagram()),
                         ("gn_endpoint_path_mtu", _ffi.gn_path_mtu())):
        for given in (None, ctypes.byref(struct)):  # NULL, and a size of 0
            assert getattr(library, call)(handle, given, now) == _ffi.Err.CONFIG
    for call, other in (("gn_connection_move", _ffi.gn_move()),
                        ("gn_connection_send_datagram", _ffi.gn_send_datagram())):
        for given in (None, ctypes.byref(other)):
            assert getattr(library, call)(handle, number, given, now) == _ffi.Err.CONFIG
    info = _ffi.gn_info(packets_sent=9)
    assert library.gn_connection_read_info(handle, 77, ctypes.byref(info), ctypes.sizeof(info))
    assert info.packets_sent == 0
    error = _ffi.gn_local_error()
    assert not library.gn_endpoint_read_error(None, ctypes.byref(error), ctypes.sizeof(error))
    assert not library.gn_endpoint_pull(handle, None, 8)
    assert pair.client.info(number).ready


def test_structs_of_older_callers_are_taken_with_defaults() -> None:
    library = _library.library()
    with Endpoint(client_config()) as client:
        connect = _ffi.gn_connect()
        library.gn_connect_fill(ctypes.byref(connect), ctypes.sizeof(connect))
        connect.server_name = b"server.example"
        connect.source_cid, connect.source_cid_len = b"seven b", 7  # would be refused
        connect.size = _ffi.gn_connect.source_cid.offset
        out = ctypes.c_uint64()
        assert library.gn_endpoint_connect(client._handle, ctypes.byref(connect), 0,
                                           ctypes.byref(out)) == _ffi.Err.OK
        effect = _ffi.gn_effect()
        effect.packet, effect.size = 7, 0
        assert library.gn_endpoint_pull(client._handle, ctypes.byref(effect),
                                        _ffi.gn_effect.packet.offset)
        assert (effect.kind, effect.size) == (EffectKind.SEND, _ffi.gn_effect.packet.offset)
        assert effect.packet == 7  # behind what an older caller knows, nothing is written
        config = client._configure(client_config())
        for size in range(0, ctypes.sizeof(config) + 16):
            config.size = size
            known = size in (ctypes.sizeof(config), _ffi.gn_config.stream_fairness.offset)
            field = ctypes.c_char_p()
            status = library.gn_config_check(ctypes.byref(config), ctypes.byref(field))
            assert (status == _ffi.Err.OK) == known, size
            assert known or field.value == b"gn_config.size"
