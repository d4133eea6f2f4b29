"""test_coalesce.py: small stream data waits for more, and no longer than it was told to."""
import pytest
from gnomon_quic import InvalidConfiguration
from pair import Pair, client_config


def datagrams(coalesce_us: int | None) -> tuple[int, int]:
    """How many datagrams the client sends for ten writes 1 ms apart, and when the first one."""
    with Pair(client_config(coalesce_us=coalesce_us)) as pair:
        number, _ = pair.connect()
        stream = pair.client.stream_open(number, pair.now, unidirectional=True)
        begun, first, sent = pair.now, 0, pair.client.info(number).packets_sent
        for at in range(10):
            pair.client.stream_send(number, stream, bytes(50), pair.now, fin=at == 9)
            pair.run(pair.now + 1_000)
            if not first and pair.client.info(number).packets_sent > sent:
                first = pair.now - begun
        pair.run(begun + 300_000)
        assert pair.received(1, stream) == (bytes(500), True)
        return pair.client.info(number).packets_sent - sent, first


def test_small_writes_share_packets_and_wait_no_longer() -> None:
    assert datagrams(None) == (10, 1_000)
    assert datagrams(4_000) == (3, 4_000)
    assert datagrams(20_000)[0] == 1


def test_the_deadline_is_shown() -> None:
    with Pair(client_config(coalesce_us=3_000)) as pair:
        number, _ = pair.connect()
        stream = pair.client.stream_open(number, pair.now)
        pair.client.stream_send(number, stream, b"x", pair.now)
        pair.pull()
        assert pair.client.deadline() == pair.now + 3_000


def test_more_than_a_second_is_refused() -> None:
    with pytest.raises(InvalidConfiguration):
        Pair(client_config(coalesce_us=1_000_001))
