"""test_keys.py: key updates, the limits of keys, and keeping a connection alive."""
from collections.abc import Callable

import pytest
from gnomon_quic import (
    Closed,
    CloseCause,
    InvalidConfiguration,
    SendDatagram,
    StateChange,
    StateChanged,
    WrongMoment,
)

from pair import Pair, client_config, server_config

AEAD_LIMIT_REACHED = 0x0f


def generations(pair: Pair, end: int) -> list[int]:
    return [effect.generation for effect in pair.told[end]
            if isinstance(effect, StateChanged) and effect.change is StateChange.KEYS_UPDATED]


def talk(pair: Pair, connection: int, size: int = 1000, end: int = 0) -> None:
    """Some data from one end, and a second for everything about them."""
    stream = pair.ends[end].stream_open(connection, pair.now, unidirectional=True)
    assert pair.ends[end].stream_send(connection, stream, bytes(size), pair.now, fin=True) == size
    pair.run(pair.now + 1_000_000)
    assert pair.received(1 - end, stream) == (bytes(size), True)


@pytest.mark.parametrize("end", [0, 1])
def test_either_end_updates_keys(pair: Pair, end: int) -> None:
    numbers = pair.connect()
    talk(pair, numbers[0])
    pair.ends[end].key_update(numbers[end], pair.now)
    with pytest.raises(WrongMoment):  # one is under way
        pair.ends[end].key_update(numbers[end], pair.now)
    talk(pair, numbers[end], end=end)
    talk(pair, numbers[1 - end], end=1 - end)
    assert generations(pair, 0) == generations(pair, 1) == [1]
    pair.ends[end].key_update(numbers[end], pair.now)
    talk(pair, numbers[end], end=end)
    talk(pair, numbers[1 - end], end=1 - end)
    assert generations(pair, 0) == generations(pair, 1) == [1, 2]


def test_keys_are_updated_where_it_is_told() -> None:
    with Pair(client_config(key_update_packets=10)) as pair:
        number, _ = pair.connect()
        for _ in range(6):
            talk(pair, number, 8000)
        assert len(generations(pair, 0)) >= 3
        assert generations(pair, 0) == generations(pair, 1)
        assert not pair.closed(0)


def test_a_limit_that_no_update_prevents_closes() -> None:
    with Pair(client_config(confidentiality_limit=16, max_idle_timeout_us=0),
              server_config(max_idle_timeout_us=0)) as pair:
        number, _ = pair.connect()
        # Nothing of the server's arrives any more, so no update is acknowledged.
        first = len(pair.bytes_on_wire)
        server_sent: Callable[[int], bool] = lambda count: count > first and count in from_server
        from_server: set[int] = set()
        pull = pair.pull

        def watch() -> None:
            for effect in pair.server.effects():
                pair.told[1].append(effect)
                if isinstance(effect, SendDatagram):
                    pair.count += 1
                    from_server.add(pair.count)
            pull()

        pair.pull = watch  # type: ignore[method-assign]
        pair.lose = server_sent
        stream = pair.client.stream_open(number, pair.now, unidirectional=True)
        pair.client.stream_send(number, stream, bytes(100_000), pair.now)
        pair.run(pair.now + 300_000_000)
        assert pair.closed(0)[0].cause is CloseCause.LOCAL_TRANSPORT
        assert pair.closed(0)[0].code == AEAD_LIMIT_REACHED
        assert pair.closed(0)[0].reason.startswith("RFC 9001 6.6")
        assert pair.closed(1)[0].cause is CloseCause.PEER_TRANSPORT


def test_packets_that_fail_count_to_a_limit() -> None:
    with Pair(client_config(integrity_limit=5)) as pair:
        pair.connect()
        packet = next(effect.data for effect in reversed(pair.told[1])
                      if isinstance(effect, SendDatagram))
        damaged = packet[:-1] + bytes([packet[-1] ^ 1])
        for _ in range(4):
            pair.client.receive(damaged, pair.now)
        pair.pull()
        assert not pair.closed(0)
        pair.client.receive(damaged, pair.now)
        pair.pull()
        closed: Closed = pair.closed(0)[0]
        assert (closed.cause, closed.code) == (CloseCause.LOCAL_TRANSPORT, AEAD_LIMIT_REACHED)


@pytest.mark.parametrize("keep_alive_us", [None, 3_000_000])
def test_keep_alive_keeps_or_not(keep_alive_us: int | None) -> None:
    with Pair(client_config(keep_alive_us=keep_alive_us, max_idle_timeout_us=8_000_000)) as pair:
        pair.connect()
        pair.run(pair.now + 60_000_000)
        causes = [closed.cause for closed in pair.closed(0)]
        assert causes == ([CloseCause.IDLE] * 2 if keep_alive_us is None else [])


def test_what_is_too_little_is_refused() -> None:
    for wrong in ({"confidentiality_limit": 15}, {"keep_alive_us": 99_999}):
        with pytest.raises(InvalidConfiguration):
            Pair(client_config(**wrong))
