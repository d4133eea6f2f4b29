"""test_acceptance_session.py: how a connection begins, resumes and changes keys, in Python.

Tokens and who they are for, versions and who meddles with them, 0-RTT and who plays it again,
keys and how long old ones are good.
"""
import pytest
from gnomon_quic import (
    CloseCause,
    Endpoint,
    EventPacket,
    Packet,
    ResumptionState,
    RetryHello,
    SendDatagram,
    StateChange,
    StateChanged,
    StreamData,
    ZeroRtt,
    ZeroRttStatus,
)

from pair import DELAY_US, Pair, client_config, server_config
from protection import initial_secret, open_packet

V1, V2 = 1, 0x6b3343cf
INVALID_TOKEN, PROTOCOL_VIOLATION, VERSION_NEGOTIATION_ERROR = 0x0b, 0x0a, 0x11
HOST = "192.0.2.1"


def sent_by(end: Endpoint) -> list[bytes]:
    return [effect.data for effect in end.effects() if isinstance(effect, SendDatagram)]


def accepts(end: Endpoint) -> bool:
    """Whether the next effects tell of a new connection."""
    return any(isinstance(effect, StateChanged) and effect.change is StateChange.ACCEPTED
               for effect in end.effects())


# ------------------------------------------------------------------------ Retry


def retried(server: Endpoint, client: Endpoint) -> tuple[bytes, bytes]:
    """A client is sent a Retry at 0 and follows it: the Retry, and the Initial that follows."""
    client.connect("server.example", 0, initial_dcid=b"original")
    (first,) = sent_by(client)
    server.receive(first, 0, host=HOST)
    (retry,) = sent_by(server)
    assert retry[0] >> 4 == 0xf
    client.receive(retry, DELAY_US)
    (second,) = sent_by(client)
    return retry, second


def parts(retry: bytes) -> tuple[bytes, bytes]:
    """A Retry's source ID and its token."""
    at = 6 + retry[5]
    size = retry[at]
    return retry[at + 1:at + 1 + size], retry[at + 1 + size:-16]


def refusal(server: Endpoint, second: bytes) -> int | None:
    """The error of the CONNECTION_CLOSE that the server answered an Initial with, if any."""
    answers = sent_by(server)
    if not answers:
        return None
    # It is sealed with the keys of the ID that the Initial was sent to (RFC 9001 5.2).
    dcid = second[6:6 + second[5]]
    _, payload = open_packet(answers[0], V1, initial_secret(dcid, V1, "server"))
    return payload[payload.index(b"\x1c") + 1]


@pytest.mark.parametrize(("host", "route", "at", "refused"), [
    (HOST, 0, 20_000, None),
    (HOST, 9, 20_000, INVALID_TOKEN),  # another port
    (HOST, 0, 1_020_000, INVALID_TOKEN),
])
def test_token_of_a_retry_is_good_for_its_port_and_its_time(
        host: str, route: int, at: int, refused: int | None) -> None:
    with Endpoint(server_config(retry_above=0, retry_token_life_us=1_000_000)) as server, \
            Endpoint(client_config()) as client:
        _, second = retried(server, client)
        server.receive(second, at, host=host, route=route)
        if refused is None:
            assert accepts(server)
        else:
            assert refusal(server, second) == refused


def test_token_of_a_retry_is_none_at_another_address() -> None:
    with Endpoint(server_config(retry_above=0)) as server, Endpoint(client_config()) as client:
        _, second = retried(server, client)
        server.receive(second, 20_000, host="192.0.2.99")
        (answer,) = sent_by(server)
        assert answer[0] >> 4 == 0xf and server.connections() == 0


def test_token_of_a_retry_is_good_once() -> None:
    with Endpoint(server_config(retry_above=0)) as server, \
            Endpoint(client_config(seed=b"1" * 32)) as client, \
            Endpoint(client_config(seed=b"2" * 32)) as thief:
        retry, second = retried(server, client)
        scid, token = parts(retry)
        server.receive(second, 20_000, host=HOST)
        assert accepts(server)
        thief.connect("server.example", 20_000, initial_dcid=scid, original_dcid=b"original",
                      token=token)
        (stolen,) = sent_by(thief)
        server.receive(stolen, 30_000, host=HOST)
        assert not accepts(server)


@pytest.mark.parametrize("policy", RetryHello)
@pytest.mark.parametrize("same", [True, False])
def test_another_client_hello_after_a_retry_fares_as_the_policy_says(
        policy: RetryHello, same: bool) -> None:
    with Endpoint(server_config(retry_above=0, retry_hello=policy)) as server, \
            Endpoint(client_config(seed=b"1" * 32)) as client, \
            Endpoint(client_config(seed=b"2" * 32)) as other:
        retry, second = retried(server, client)
        if not same:
            scid, token = parts(retry)
            other.connect("server.example", 0, initial_dcid=scid, original_dcid=b"original",
                          token=token)
            (second,) = sent_by(other)
        server.receive(second, 20_000, host=HOST)
        if same or policy is RetryHello.ANY:
            assert accepts(server)
        elif policy is RetryHello.DROP:
            assert sent_by(server) == [] and server.connections() == 0
        else:
            assert refusal(server, second) == PROTOCOL_VIOLATION


# --------------------------------------------------------------------- versions


def version_negotiation(first: bytes, *versions: int) -> bytes:
    """RFC 9000 17.2.1: an answer to a client's first datagram that anybody can make."""
    dcid, at = first[6:6 + first[5]], 6 + first[5]
    scid = first[at + 1:at + 1 + first[at]]
    return (b"\xc0" + bytes(4) + bytes([len(scid)]) + scid + bytes([len(dcid)]) + dcid
            + b"".join(version.to_bytes(4, "big") for version in versions))


def test_unknown_version_is_answered_with_those_that_are_spoken() -> None:
    with Endpoint(server_config(grease_versions=False, versions=(V1, V2))) as server:
        server.receive(b"\xc0\x0a\x1a\x2a\x3a\x08destinat\x06source" + bytes(1200), 0)
        (answer,) = sent_by(server)
        assert answer[1:5] == bytes(4) and answer[5:12] == b"\x06source"
        assert answer[12:21] == b"\x08destinat"
        assert answer[21:] == V1.to_bytes(4, "big") + V2.to_bytes(4, "big")
        assert server.connections() == 0


def test_forged_version_negotiation_is_found_out() -> None:
    with Pair(client_config(versions=(V2, V1)), server_config(versions=(V1, V2))) as pair:
        pair.client.connect("server.example", 0)
        (first,) = sent_by(pair.client)
        pair.client.receive(version_negotiation(first, V1), 0)
        pair.run(1_000_000)
        assert StateChange.CONFIRMED not in pair.states(0)
        closed = pair.closed(0)[0]
        assert (closed.cause, closed.code) == (CloseCause.LOCAL_TRANSPORT,
                                               VERSION_NEGOTIATION_ERROR)
        assert closed.reason.startswith("RFC 9368 4")


def test_true_version_negotiation_is_followed() -> None:
    with Pair(client_config(versions=(V2, V1)), server_config(versions=(V1,))) as pair:
        number, _ = pair.connect()
        info = pair.client.info(number)
        assert (info.original_version, info.version) == (V1, V1)
        kinds = [data[1:5] for data in pair.bytes_on_wire[:3]]
        assert kinds[0] == V2.to_bytes(4, "big") and kinds[1] == bytes(4)


def test_compatible_upgrade_costs_no_round_trip() -> None:
    ready = []
    for versions in ((V1,), (V1, V2)):
        with Pair(client_config(versions=versions), server_config(versions=(V2, V1))) as pair:
            number = pair.client.connect("server.example", 0)
            pair.run(2 * DELAY_US)
            ready.append(StateChange.READY in pair.states(0))
            assert pair.client.info(number).version == versions[-1]
    assert ready == [True, True]


# ------------------------------------------------------------------------ 0-RTT


def test_replayed_early_flight_is_not_read() -> None:
    settings = {"session_tickets": 1}
    with Pair(client_config(**settings),
              server_config(allow_early_data=True, **settings)) as pair:
        pair.connect()
        state = next(e.state for e in pair.told[0] if isinstance(e, ResumptionState))
        for told in pair.told:
            told.clear()
        number = pair.client.connect("server.example", pair.now, host=HOST,
                                     resumption_state=state, attempt_early_data=True)
        stream = pair.client.stream_open(number, pair.now)
        pair.client.stream_send(number, stream, b"once only", pair.now, fin=True)
        flight = sent_by(pair.client)
        for _ in range(2):  # the flight, and from the same place its copy as another's first
            for data in flight:
                pair.server.receive(data, pair.now, host=HOST)
            told = pair.server.effects()
            pair.told[1].extend(told)
        copies = [bytes(data) for data in flight]
        pair.run(pair.now + 2_000_000)
        pair.client.close(number, pair.now)
        pair.run(pair.now + 10_000_000)
        assert pair.received(1, stream) == (b"once only", True)
        read = sum(isinstance(effect, StreamData) for effect in pair.told[1])
        for data in copies:  # when nobody remembers the connection
            pair.server.receive(data, pair.now, host=HOST)
        pair.run(pair.now + 1_000_000)
        assert sum(isinstance(effect, StreamData) for effect in pair.told[1]) == read
        assert ZeroRtt.REJECTED in [e.status for e in pair.told[1] if isinstance(e, ZeroRttStatus)]


# ------------------------------------------------------------------------- keys


def talk(pair: Pair, end: int, number: int) -> None:
    stream = pair.ends[end].stream_open(number, pair.now, unidirectional=True)
    pair.ends[end].stream_send(number, stream, b"x" * 100, pair.now, fin=True)
    pair.run(pair.now + 500_000)
    assert pair.received(1 - end, stream) == (b"x" * 100, True)


def phases(pair: Pair, end: int, outbound: bool) -> list[bool]:
    """The key phase of the 1-RTT packets that an end was shown, changes only."""
    seen: list[bool] = []
    for effect in pair.told[end]:
        if (isinstance(effect, Packet) and effect.packet is EventPacket.ONE_RTT
                and effect.outbound == outbound and seen[-1:] != [effect.key_phase]):
            seen.append(effect.key_phase)
    return seen


@pytest.mark.parametrize("end", [0, 1])
def test_key_phase_turns_with_each_update_of_either_end(end: int) -> None:
    with Pair(client_config(inspect_packets=True), server_config(inspect_packets=True)) as pair:
        numbers = pair.connect()
        for generation in range(3):
            talk(pair, 0, numbers[0])
            talk(pair, 1, numbers[1])
            wanted = [bool(at & 1) for at in range(generation + 1)]
            for side in (0, 1):
                assert phases(pair, side, True) == phases(pair, side, False) == wanted
            pair.ends[end].key_update(numbers[end], pair.now)


@pytest.mark.parametrize(("late_us", "read"), [(20_000, True), (2_000_000, False)])
def test_old_keys_open_for_three_probe_timeouts_and_no_longer(late_us: int, read: bool) -> None:
    with Pair() as pair:
        number, _ = pair.connect()
        talk(pair, 0, number)
        stream = pair.client.stream_open(number, pair.now, unidirectional=True)
        pair.client.stream_send(number, stream, b"late", pair.now, fin=True)
        (late,) = sent_by(pair.client)  # held back by the network
        pair.client.key_update(number, pair.now)
        other = pair.client.stream_open(number, pair.now, unidirectional=True)
        pair.client.stream_send(number, other, b"new keys", pair.now, fin=True)
        pair.run(pair.now + DELAY_US)
        pair.lose = lambda count: True  # what is sent again comes under new keys: not here
        assert pair.received(1, other) == (b"new keys", True)
        info = pair.client.info(number)
        assert 20_000 <= info.rtt_smoothed_us < 200_000
        pair.run(pair.now + late_us)
        assert pair.received(1, stream) == (b"", False)
        pair.server.receive(late, pair.now, host=HOST)
        pair.pull()
        assert (pair.received(1, stream) == (b"late", True)) is read
        assert not pair.closed(1)
