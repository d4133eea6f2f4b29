"""test_endpoint.py: what gnomon_quic.Endpoint promises."""
import gc
import threading
import warnings
from collections.abc import Callable
from typing import assert_never

import pytest
from gnomon_quic import (
    Closed,
    CloseCause,
    EcnPolicy,
    Effect,
    Endpoint,
    EndpointFreed,
    GnomonError,
    InvalidArgument,
    InvalidConfiguration,
    Limits,
    Mark,
    NotFound,
    PathChange,
    NewToken,
    Packet,
    PreferredAddress,
    PathChanged,
    SendDatagram,
    StateChange,
    StateChanged,
    StreamData,
    StreamReset,
    StreamStopped,
    StreamsAllowed,
    StreamWritable,
    TlsRefused,
    WrongMoment,
)

from pair import Pair, certificate, client_config, server_config


def test_two_endpoints_shake_hands(pair: Pair) -> None:
    number, accepted = pair.connect()
    assert number == 1 and accepted == 1
    assert pair.states(0) == [StateChange.READY, StateChange.CONFIRMED]
    assert StateChange.READY in pair.states(1)
    ready = [effect for effect in pair.told[0]
             if isinstance(effect, StateChanged) and effect.change is StateChange.READY]
    assert ready[0].alpn == b"test"
    info = pair.client.info(number)
    assert info.ready and info.confirmed and not info.ending
    assert 19_000 <= info.rtt_smoothed_us <= 60_000
    assert pair.client.connections() == 1


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_bytes_of_any_kind_arrive_as_they_were_sent(pair: Pair, wrap: type) -> None:
    number, _ = pair.connect()
    data = bytes(range(256)) * 40
    stream = pair.client.stream_open(number, pair.now)
    assert pair.client.stream_send(number, stream, wrap(data), pair.now, fin=True) == len(data)
    pair.run(pair.now + 1_000_000)
    assert pair.received(1, stream) == (data, True)


def test_more_than_the_send_buffer_holds_goes_in_parts(pair: Pair) -> None:
    number, _ = pair.connect()
    data = bytes(1_000_000)
    stream = pair.client.stream_open(number, pair.now, unidirectional=True)
    sent = pair.client.stream_send(number, stream, data, pair.now)
    assert 0 < sent < len(data)
    while sent < len(data):
        before = len(pair.told[0])
        pair.run(pair.now + 50_000)
        if any(isinstance(effect, StreamWritable) for effect in pair.told[0][before:]):
            sent += pair.client.stream_send(number, stream, data[sent:], pair.now, fin=True)
        assert pair.now < 60_000_000
    pair.run(pair.now + 2_000_000)
    assert pair.received(1, stream) == (data, True)


def test_the_same_inputs_give_the_same_bytes() -> None:
    runs = []
    for _ in range(2):
        with Pair() as pair:
            number, _accepted = pair.connect()
            stream = pair.client.stream_open(number, pair.now)
            pair.client.stream_send(number, stream, b"again", pair.now, fin=True)
            pair.run(pair.now + 1_000_000)
            runs.append(pair.bytes_on_wire)
    assert runs[0] == runs[1]


def test_another_seed_gives_other_bytes() -> None:
    firsts = []
    for seed in (bytes(32), b"\1" * 32):
        with Endpoint(client_config(seed=seed)) as client:
            client.connect("server.example", 0)
            firsts.append([effect for effect in client.effects()
                           if isinstance(effect, SendDatagram)][0].data)
    assert firsts[0] != firsts[1]


def test_losses_are_made_good(pair: Pair) -> None:
    pair.lose = lambda number: number % 7 == 0
    number, _ = pair.connect()
    data = bytes(200_000)
    stream = pair.client.stream_open(number, pair.now)
    assert pair.client.stream_send(number, stream, data, pair.now, fin=True) == len(data)
    pair.run(pair.now + 30_000_000)
    assert pair.received(1, stream) == (data, True)
    assert pair.client.info(number).packets_lost > 0


def test_a_client_moves_to_another_route(pair: Pair) -> None:
    number, _ = pair.connect()
    pair.client.migrate(number, 7, pair.now)
    pair.run(pair.now + 2_000_000)
    changes = [(effect.route, effect.change) for effect in pair.told[0]
               if isinstance(effect, PathChanged)]
    assert (7, PathChange.VALIDATED) in changes and (7, PathChange.ACTIVE) in changes
    assert pair.client.info(number).route == 7


def test_keys_are_updated(pair: Pair) -> None:
    number, _ = pair.connect()
    pair.client.key_update(number, pair.now)
    stream = pair.client.stream_open(number, pair.now)
    pair.client.stream_send(number, stream, b"new keys", pair.now, fin=True)
    pair.run(pair.now + 1_000_000)
    assert pair.received(1, stream) == (b"new keys", True)
    assert StateChange.KEYS_UPDATED in pair.states(0)
    assert StateChange.KEYS_UPDATED in pair.states(1)


def test_a_close_is_told_with_code_and_reason(pair: Pair) -> None:
    number, accepted = pair.connect()
    pair.client.close(number, pair.now, code=77, reason="done")
    pair.run(pair.now + 5_000_000)
    local, remote = pair.closed(0), pair.closed(1)
    assert local[0].cause is CloseCause.LOCAL_APPLICATION and local[0].code == 77
    assert remote[0] == Closed(accepted, CloseCause.PEER_APPLICATION, 77, 0, "done", False)
    assert local[-1].forgotten and remote[-1].forgotten
    with pytest.raises(NotFound):
        pair.client.info(number)


def test_a_stream_can_be_reset_and_stopped(pair: Pair) -> None:
    number, accepted = pair.connect()
    stream = pair.client.stream_open(number, pair.now)
    pair.client.stream_send(number, stream, b"x" * 10, pair.now)
    pair.run(pair.now + 500_000)
    pair.client.stream_reset(number, stream, 5, pair.now)
    pair.client.stream_stop(number, stream, 6, pair.now)
    pair.run(pair.now + 500_000)
    resets = [effect for effect in pair.told[1] if isinstance(effect, StreamReset)]
    stops = [effect for effect in pair.told[1] if isinstance(effect, StreamStopped)]
    assert resets == [StreamReset(accepted, stream, 5, 10)]
    assert stops == [StreamStopped(accepted, stream, 6)]


def test_the_key_log_has_what_a_capture_needs() -> None:
    lines: list[str] = []
    with Pair(client_config(keylog=lines.append)) as pair:
        pair.connect()
    labels = {line.split()[0] for line in lines}
    assert labels >= {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                      "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"}
    assert all(len(line.split()[1]) == 64 for line in lines)


def test_what_a_key_log_raises_is_raised_by_the_call() -> None:
    def refuse(_line: str) -> None:
        raise OSError("disk full")

    with Pair(client_config(keylog=refuse)) as pair:
        with pytest.raises(OSError, match="disk full"):
            pair.connect()


def describe(effect: Effect) -> str:
    """A checker that knows all kinds finds this complete; so does the test below."""
    match effect:
        case SendDatagram(data=data):
            return f"send {len(data)}"
        case StreamData() | StreamReset() | StreamStopped() | StreamWritable():
            return f"stream {effect.stream}"
        case StreamsAllowed(allowed=allowed):
            return f"allowed {allowed}"
        case StateChanged(change=change):
            return change.name
        case PathChanged(change=change):
            return change.name
        case Closed(cause=cause):
            return cause.name
        case NewToken(token=token):
            return f"token {len(token)}"
        case Packet(number=number):
            return f"packet {number}"
        case PreferredAddress(ipv4=ipv4):
            return f"rather at {ipv4}"
        case _:
            assert_never(effect)


def test_every_effect_matches_one_case(pair: Pair) -> None:
    number, _ = pair.connect()
    stream = pair.client.stream_open(number, pair.now)
    pair.client.stream_send(number, stream, b"hello", pair.now, fin=True)
    pair.run(pair.now + 100_000)
    pair.client.close(number, pair.now)
    pair.run(pair.now + 5_000_000)
    assert all(describe(effect) for end in pair.told for effect in end)
    kinds = {effect.kind for end in pair.told for effect in end}
    assert kinds >= {"send_datagram", "state_changed", "stream_data", "closed", "new_token"}


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize("config", [
    client_config(alpn=()),
    client_config(cid_len=21),
    client_config(ack_delay_exponent=21),
    client_config(max_udp_payload_size=1199),
    client_config(active_connection_id_limit=1),
])
def test_a_field_out_of_range_is_refused(config: object) -> None:
    with pytest.raises((InvalidConfiguration, InvalidArgument)):
        Endpoint(config)  # type: ignore[arg-type]


@pytest.mark.parametrize("config", [
    server_config(certificate_pem=b"not a certificate"),
    server_config(private_key_pem=b"not a key"),
    server_config(private_key_pem=certificate("other-ca.key")),
    client_config(ca_pem=b"nobody"),
])
def test_what_tls_refuses_is_said(config: object) -> None:
    with pytest.raises(TlsRefused):
        Endpoint(config)  # type: ignore[arg-type]


@pytest.mark.parametrize("config", [
    client_config(seed=b"short"),
    client_config(cid_len=1000),
    client_config(initial_max_data=-1),
    *(client_config(limits=Limits(**{name: 2**32})) for name in
      ("connections", "streams", "chunks", "sent", "keys", "held", "early")),
    client_config(versions=(1, 2**32)),
    client_config(versions=(1, 1, 1, 1, 1)),
])
def test_what_would_not_fit_its_field_is_refused_not_cut(config: object) -> None:
    with pytest.raises(InvalidArgument):
        Endpoint(config)  # type: ignore[arg-type]


def test_a_server_that_cannot_prove_its_name_is_not_trusted() -> None:
    with Pair(client_config(ca_pem=certificate("other-ca.pem"))) as pair:
        pair.client.connect("server.example", 0)
        pair.run(3_000_000)
        assert pair.closed(0)[0].cause is CloseCause.LOCAL_TRANSPORT
        assert StateChange.READY not in pair.states(0)


def test_time_that_runs_backwards_is_refused(pair: Pair) -> None:
    pair.client.connect("server.example", 1_000)
    with pytest.raises(GnomonError):
        pair.client.timeout(999)


@pytest.mark.parametrize("call", [
    lambda end: end.timeout(-1),
    lambda end: end.timeout(2**64),
    lambda end: end.receive(b"x", 0, host=bytes(17)),
    lambda end: end.connect("server.example", 0, route=-1),
])
def test_numbers_that_do_not_fit_are_refused(pair: Pair, call: Callable[[Endpoint], None]) -> None:
    with pytest.raises(InvalidArgument):
        call(pair.client)


def test_a_moment_too_early_is_said(pair: Pair) -> None:
    number = pair.client.connect("server.example", 0)
    calls: tuple[Callable[[], object], ...] = (
        lambda: pair.client.stream_open(number, 0), lambda: pair.client.key_update(number, 0),
        lambda: pair.client.migrate(number, 2, 0))
    for call in calls:
        with pytest.raises(WrongMoment) as raised:
            call()
        assert raised.value.status.name == "STATE"
    with pytest.raises(WrongMoment):
        pair.server.connect("server.example", 0)


def test_unknown_connections_and_streams_are_said(pair: Pair) -> None:
    number, _ = pair.connect()
    with pytest.raises(NotFound, match="no such connection"):
        pair.client.info(99)
    with pytest.raises(NotFound):
        pair.client.stream_send(number, 400, b"x", pair.now)


def test_hostile_datagrams_raise_nothing(pair: Pair) -> None:
    number, _ = pair.connect()
    before = pair.client.info(number)
    for data in (b"", b"\0", b"\xff" * 1200, bytes(65_527), b"\xc0\0\0\0\1" + bytes(1195)):
        pair.client.receive(data, pair.now, ecn=Mark.CE)
    assert pair.client.info(number).packets_received == before.packets_received


def test_a_freed_endpoint_answers_nothing() -> None:
    client = Endpoint(client_config())
    client.free()
    client.free()
    calls: tuple[Callable[[], object], ...] = (
        lambda: client.connect("server.example", 0), lambda: client.receive(b"", 0),
        client.effects, client.deadline, client.connections, lambda: client.info(1))
    for call in calls:
        with pytest.raises(EndpointFreed):
            call()


def test_an_endpoint_never_freed_warns_and_frees() -> None:
    client = Endpoint(client_config())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del client
        gc.collect()
    assert [warning.category for warning in caught] == [ResourceWarning]


def test_threads_take_turns_on_one_endpoint(pair: Pair) -> None:
    number, _ = pair.connect()
    stream = pair.client.stream_open(number, pair.now)
    taken: list[int] = []

    def write() -> None:
        for _ in range(200):
            taken.append(pair.client.stream_send(number, stream, b"12345", pair.now))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pair.run(pair.now + 3_000_000)
    assert sum(taken) == 4 * 200 * 5
    assert len(pair.received(1, stream)[0]) == sum(taken)


@pytest.mark.parametrize("policy, mark", [(EcnPolicy.NONE, Mark.NOT_ECT),
                                          (EcnPolicy.ECT0, Mark.ECT0),
                                          (EcnPolicy.ECT1, Mark.ECT1)])
def test_packets_carry_the_mark_that_was_asked_for(policy: EcnPolicy, mark: Mark) -> None:
    with Pair(client_config(ecn=policy), server_config(ecn=policy)) as pair:
        pair.connect()
        for end in (0, 1):
            sent = [effect.ecn for effect in pair.told[end] if isinstance(effect, SendDatagram)]
            assert sent == [mark] * len(sent)
