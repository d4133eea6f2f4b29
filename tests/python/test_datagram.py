"""test_datagram.py: DATAGRAM frames (RFC 9221) through the Python wrapper."""
import pytest
from gnomon_quic import (
    Datagram,
    DatagramAcked,
    DatagramLoss,
    DatagramLost,
    InvalidArgument,
    NoRoom,
    NotSupported,
    WrongMoment,
)
from pair import Pair, client_config, server_config

EVERYTHING = 65535


def pair_of(server: int = EVERYTHING, client: int = EVERYTHING, **more: object) -> Pair:
    return Pair(client_config(max_datagram_frame_size=client, **more),
                server_config(max_datagram_frame_size=server))


def arrived(pair: Pair, end: int) -> list[bytes]:
    return [effect.data for effect in pair.told[end] if isinstance(effect, Datagram)]


def fates(pair: Pair, end: int) -> list[DatagramAcked | DatagramLost]:
    return [effect for effect in pair.told[end]
            if isinstance(effect, DatagramAcked | DatagramLost)]


def test_datagrams_arrive_both_ways_and_are_acknowledged() -> None:
    with pair_of() as pair:
        numbers = pair.connect()
        for at, end in enumerate(pair.ends):
            info = end.info(numbers[at])
            assert info.datagrams and info.largest_datagram == 1168
            for size in (0, 1, 100, info.largest_datagram):
                end.datagram_send(numbers[at], bytes([at]) * size, pair.now, id=size)
        pair.run(pair.now + 1_000_000)
        for at in (0, 1):
            assert arrived(pair, 1 - at) == [bytes([at]) * size for size in (0, 1, 100, 1168)]
            assert fates(pair, at) == [DatagramAcked(numbers[at], size, False)
                                       for size in (0, 1, 100, 1168)]


def test_a_datagram_that_is_too_large_is_refused() -> None:
    with pair_of(server=100) as pair:
        number, back = pair.connect()
        with pytest.raises(InvalidArgument):
            pair.client.datagram_send(number, bytes(98), pair.now)
        pair.client.datagram_send(number, bytes(97), pair.now)
        with pytest.raises(InvalidArgument):
            pair.server.datagram_send(back, bytes(1169), pair.now)
        with pytest.raises(InvalidArgument):
            pair.client.datagram_send(number, b"", pair.now, priority=1 << 31)


def test_a_peer_that_takes_none_gets_none() -> None:
    with pair_of(server=0) as pair:
        number, _ = pair.connect()
        assert not pair.client.info(number).datagrams
        with pytest.raises(NotSupported):
            pair.client.datagram_send(number, b"x", pair.now)


def test_before_the_handshake_it_is_too_early() -> None:
    with pair_of() as pair, pytest.raises(WrongMoment):
        pair.client.datagram_send(pair.client.connect("server.example", 0), b"x", 0)


def test_a_lost_one_is_told_and_not_repeated() -> None:
    with pair_of() as pair:
        number, _ = pair.connect()
        first = pair.count + 1
        pair.lose = lambda count: count == first
        for id in range(6):
            pair.client.datagram_send(number, bytes([id]) * 1000, pair.now, id=id)
            pair.pull()
        pair.run(pair.now + 3_000_000)
        assert [data[0] for data in arrived(pair, 1)] == [1, 2, 3, 4, 5]
        told = fates(pair, 0)
        assert DatagramLost(number, 0, DatagramLoss.IN_FLIGHT) in told
        assert sorted(fate.id for fate in told) == [0, 1, 2, 3, 4, 5]


def test_the_queue_is_bounded_goes_by_priority_and_expires() -> None:
    with pair_of(datagram_queue_count=3) as pair:
        number, _ = pair.connect()
        pair.lose = lambda _: True
        id = 0
        while pair.client.info(number).datagrams_waiting < 2:
            pair.client.datagram_send(number, bytes(1100), pair.now, id=id)
            pair.pull()
            id += 1
        pair.client.datagram_send(number, b"urgent" * 180, pair.now, id=1000, priority=1)
        with pytest.raises(NoRoom):
            pair.client.datagram_send(number, b"", pair.now)
        pair.lose = lambda _: False
        pair.run(pair.now + 5_000_000)
        assert arrived(pair, 1)[0] == b"urgent" * 180
        pair.client.datagram_send(number, b"late", pair.now, id=2000, expires_at=pair.now)
        pair.run(pair.now + 1_000_000)
        assert fates(pair, 0)[-1] == DatagramLost(number, 2000, DatagramLoss.EXPIRED)
