"""test_versions.py: QUIC versions through the Python wrapper (RFC 9368, RFC 9369)."""
import pytest
from gnomon_quic import (
    Closed,
    CloseCause,
    InvalidArgument,
    InvalidConfiguration,
    NewToken,
    ResumptionState,
)
from pair import Pair, client_config, server_config

V1, V2 = 1, 0x6b3343cf


def versions_of(pair: Pair, number: int) -> tuple[int, int]:
    info = pair.client.info(number)
    return info.original_version, info.version


@pytest.mark.parametrize("ours, theirs, original, now", [
    ((V1,), (V1, V2), V1, V1), ((V2,), (V1, V2), V2, V2), ((V1, V2), (V2, V1), V1, V2),
    ((V2, V1), (V1,), V1, V1)])
def test_the_version_is_what_the_lists_make_it(ours: tuple[int, ...], theirs: tuple[int, ...],
                                               original: int, now: int) -> None:
    with Pair(client_config(versions=ours, session_tickets=1),
              server_config(versions=theirs, session_tickets=1)) as pair:
        number, _ = pair.connect()
        pair.run(pair.now + 1_000_000)
        assert versions_of(pair, number) == (original, now)
        told = [e.version for e in pair.told[0] if isinstance(e, NewToken | ResumptionState)]
        assert told == [now, now]


def test_a_connection_begins_with_the_version_asked_for() -> None:
    with Pair(client_config(versions=(V1, V2)), server_config(versions=(V1, V2))) as pair:
        number = pair.client.connect("server.example", 0, version=V2)
        pair.run(1_000_000)
        assert versions_of(pair, number) == (V2, V1)
        with pytest.raises((InvalidArgument, InvalidConfiguration)):
            pair.client.connect("server.example", pair.now, version=7)


def test_a_token_of_another_version_is_not_sent() -> None:
    with Pair(client_config(versions=(V1, V2)), server_config(versions=(V1, V2))) as pair:
        pair.connect()
        pair.run(pair.now + 1_000_000)
        token = next(e.token for e in pair.told[0] if isinstance(e, NewToken))
        for version, sent in ((V2, False), (V1, True)):
            pair.bytes_on_wire.clear()
            pair.client.connect("server.example", pair.now, token=token, token_version=V1,
                                version=version)
            pair.pull()
            assert (token in b"".join(pair.bytes_on_wire)) is sent


@pytest.mark.parametrize("greases", [False, True])
def test_the_fixed_bit_varies_when_both_say_so(greases: bool) -> None:
    with Pair(client_config(grease_quic_bit=True), server_config(grease_quic_bit=greases)) as pair:
        number, _ = pair.connect()
        for _ in range(10):
            stream = pair.client.stream_open(number, pair.now)
            pair.client.stream_send(number, stream, b"x", pair.now, fin=True)
            pair.run(pair.now + 100_000)
        assert any(not data[0] & 0x40 for data in pair.bytes_on_wire) is greases


def test_a_probe_is_refused_and_the_next_attempt_is_not() -> None:
    with Pair(client_config(reserved_version_probe=True)) as pair:
        number, _ = pair.connect()
        pair.run(pair.now + 1_000_000)
        assert int.from_bytes(pair.bytes_on_wire[0][1:5], "big") & 0x0f0f0f0f == 0x0a0a0a0a
        assert versions_of(pair, number) == (V1, V1)


@pytest.mark.parametrize("lists", [True, False])
def test_a_reserved_version_is_among_those_listed(lists: bool) -> None:
    with Pair(client_config(versions=(V2,)),
              server_config(versions=(V1,), grease_versions=lists)) as pair:
        pair.client.connect("server.example", 0)
        pair.run(1_000_000)
        assert [e.cause for e in pair.told[0] if isinstance(e, Closed)][:1] == [CloseCause.VERSION]
        answer = pair.bytes_on_wire[1]
        at = 6 + answer[5]
        versions = answer[at + 1 + answer[at]:]
        assert len(versions) == (8 if lists else 4)
