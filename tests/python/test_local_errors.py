"""test_local_errors.py: why an endpoint refuses a call, as an exception with fields."""
from collections.abc import Iterator

import pytest
from gnomon_quic import (
    Endpoint,
    GnomonError,
    InvalidArgument,
    InvalidConfiguration,
    LocalErrorCode,
    NoRoom,
    NotFound,
    StatusError,
    TlsRefused,
    WrongMoment,
)

from pair import Pair, certificate, client_config, server_config


@pytest.fixture
def open_pair() -> Iterator[tuple[Pair, int]]:
    with Pair(server=server_config(initial_max_streams_bidi=3)) as pair:
        yield pair, pair.connect()[0]


def refused(error: pytest.ExceptionInfo[StatusError], code: LocalErrorCode,
            connection: int | None, stream: int | None = None) -> StatusError:
    value = error.value
    assert value.local is not None and isinstance(value, GnomonError)
    assert (value.code, value.connection, value.stream) == (code, connection, stream)
    assert code.name in str(value)
    return value


def test_unknown_connection_is_unsupported_with_its_number(open_pair: tuple[Pair, int]) -> None:
    pair, _ = open_pair
    with pytest.raises(NotFound) as error:
        pair.client.stream_send(77, 4, b"x", pair.now)
    refused(error, LocalErrorCode.UNSUPPORTED_OPERATION, 77, 4)
    with pytest.raises(NotFound) as error:
        pair.client.close(78, pair.now)
    refused(error, LocalErrorCode.UNSUPPORTED_OPERATION, 78)
    with pytest.raises(WrongMoment) as error:
        pair.server.connect("server.example", pair.now)
    refused(error, LocalErrorCode.UNSUPPORTED_OPERATION, None)


def test_stream_that_never_was(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    with pytest.raises(NotFound) as error:
        pair.client.stream_send(number, 0, b"x", pair.now)
    refused(error, LocalErrorCode.INVALID_STREAM_ID, number, 0)


def test_half_that_is_not_there(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    stream = pair.client.stream_open(number, pair.now, unidirectional=True)
    with pytest.raises(WrongMoment) as error:
        pair.client.stream_stop(number, stream, 1, pair.now)
    refused(error, LocalErrorCode.INVALID_STREAM_DIRECTION, number, stream)


def test_sides_that_are_closed(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    stream = pair.client.stream_open(number, pair.now)
    pair.client.stream_reset(number, stream, 1, pair.now)
    with pytest.raises(WrongMoment) as error:
        pair.client.stream_reset(number, stream, 1, pair.now)
    refused(error, LocalErrorCode.SEND_SIDE_CLOSED, number, stream)
    pair.client.stream_stop(number, stream, 1, pair.now)
    with pytest.raises(WrongMoment) as error:
        pair.client.stream_stop(number, stream, 1, pair.now)
    refused(error, LocalErrorCode.RECEIVE_SIDE_CLOSED, number, stream)


def test_bytes_behind_the_end(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    stream = pair.client.stream_open(number, pair.now)
    pair.client.stream_send(number, stream, b"all", pair.now, fin=True)
    with pytest.raises(WrongMoment) as error:
        pair.client.stream_send(number, stream, b"more", pair.now)
    refused(error, LocalErrorCode.FINAL_SIZE_CONFLICT, number, stream)


def test_one_stream_too_many(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    for _ in range(3):
        pair.client.stream_open(number, pair.now)
    with pytest.raises(NoRoom) as error:
        pair.client.stream_open(number, pair.now)
    refused(error, LocalErrorCode.FLOW_CONTROL_VIOLATION, number)


@pytest.mark.parametrize(("largest", "size", "code"), [
    (0, 1, LocalErrorCode.DATAGRAM_NOT_SUPPORTED), (100, 200, LocalErrorCode.DATAGRAM_TOO_LARGE)])
def test_datagrams_that_cannot_be(largest: int, size: int, code: LocalErrorCode) -> None:
    with Pair(server=server_config(max_datagram_frame_size=largest)) as pair:
        number, _ = pair.connect()
        with pytest.raises(StatusError) as error:
            pair.client.datagram_send(number, bytes(size), pair.now)
        refused(error, code, number)


def test_wrong_arguments_are_named(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    pair.client.timeout(pair.now)
    with pytest.raises(InvalidArgument) as error:
        pair.client.timeout(pair.now - 1)
    assert refused(error, LocalErrorCode.INVALID_ARGUMENT, None).field == "now"
    with pytest.raises(InvalidArgument) as error:
        pair.client.close(number, pair.now, code=1 << 62)
    assert refused(error, LocalErrorCode.INVALID_ARGUMENT, number).field == "code"
    with pytest.raises(InvalidConfiguration) as other:
        pair.client.connect("server.example", pair.now, source_cid=b"1")
    assert refused(other, LocalErrorCode.INVALID_ARGUMENT, None).field == "gn_connect.source_cid"
    with pytest.raises(InvalidArgument):
        pair.client.stream_priority(number, 0, 1 << 31, pair.now)


def test_wrong_fields_of_a_configuration_are_named() -> None:
    with pytest.raises(InvalidConfiguration) as error:
        Endpoint(client_config(cid_len=21))
    assert refused(error, LocalErrorCode.INVALID_ARGUMENT, None).field == "gn_config.cid_len"
    with pytest.raises(InvalidConfiguration) as error:
        Endpoint(client_config(alpn=()))
    assert error.value.field == "gn_config.alpn"
    with pytest.raises(TlsRefused) as refusal:
        Endpoint(server_config(certificate_pem=b"no certificate"))
    assert refusal.value.code is LocalErrorCode.TLS and refusal.value.field is None
    assert certificate("ca.pem")


def test_an_endpoint_describes_itself(open_pair: tuple[Pair, int]) -> None:
    pair, _ = open_pair
    assert repr(pair.client).startswith("<Endpoint client, 1 connection(s), due at ")
    with Endpoint(client_config()) as idle:
        assert repr(idle) == "<Endpoint client, 0 connection(s), nothing due>"
    assert repr(idle) == "<Endpoint client, freed>"


def test_openings_are_the_same_for_the_same_ids() -> None:
    firsts = []
    for seed in (b"c" * 32, b"d" * 32):
        with Endpoint(client_config(seed=seed)) as client:
            number = client.connect("server.example", 0, route=7, source_cid=b"12345678",
                                    initial_dcid=b"abcdefgh")
            assert client.has_effects() and not client.has_stream_data()
            sent = client.effects()[0]
            assert sent.kind == "send_datagram" and sent.route == 7 and sent.connection == number
            assert len(sent.data) >= 1200
            assert sent.data[5:14] == b"\x08abcdefgh" and sent.data[14:23] == b"\x0812345678"
            firsts.append(sent.data)
    assert firsts[0] != firsts[1]  # the ClientHello is drawn from the seed


def test_priorities_are_obeyed(open_pair: tuple[Pair, int]) -> None:
    pair, number = open_pair
    streams = [pair.client.stream_open(number, pair.now) for _ in range(2)]
    pair.client.stream_priority(number, streams[1], 5, pair.now)
    for stream in streams:
        pair.client.stream_send(number, stream, bytes(900), pair.now, fin=True)
    assert pair.client.has_stream_data()
    before = len(pair.told[1])
    pair.run(pair.now + 500_000)
    order = [effect.stream for effect in pair.told[1][before:] if effect.kind == "stream_data"]
    assert order[0] == streams[1] and set(order) == set(streams)
