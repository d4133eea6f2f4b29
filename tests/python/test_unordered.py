"""test_unordered.py: stream bytes delivered as they arrive (RFC 9000 2.2)."""
from gnomon_quic import EndpointConfig, StreamData, StreamReset
from pair import Pair, client_config, server_config

DATA = bytes(index % 251 for index in range(60_000))


def upload(server: EndpointConfig) -> list[StreamData]:
    """What the server is told of a stream whose packets are lost now and then."""
    with Pair(client_config(), server) as pair:
        number, _ = pair.connect()
        stream = pair.client.stream_open(number, pair.now)
        pair.lose = lambda count: count % 9 == 0
        assert pair.client.stream_send(number, stream, DATA, pair.now, fin=True) == len(DATA)
        pair.run(pair.now + 20_000_000)
        return [effect for effect in pair.told[1] if isinstance(effect, StreamData)]


def test_bytes_come_beyond_gaps_each_once_and_the_end_last() -> None:
    parts = upload(server_config(deliver_unordered=True))
    place: dict[int, int] = {}
    beyond = 0
    low = 0
    for part in parts:
        beyond += part.offset > low
        for off, byte in enumerate(part.data, part.offset):
            assert off not in place
            place[off] = byte
        while low in place:
            low += 1
    assert beyond > 0
    assert bytes(place[off] for off in range(len(DATA))) == DATA
    assert [part.fin for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].offset + len(parts[-1].data) == len(DATA)


def test_bytes_come_in_order_unless_asked_otherwise() -> None:
    low = 0
    for part in upload(server_config()):
        assert part.offset == low
        low += len(part.data)
    assert low == len(DATA)


def test_a_reset_ends_a_stream_with_gaps() -> None:
    with Pair(client_config(), server_config(deliver_unordered=True)) as pair:
        number, _ = pair.connect()
        stream = pair.client.stream_open(number, pair.now)
        first = pair.count + 1
        pair.lose = lambda count: count == first
        pair.client.stream_send(number, stream, DATA, pair.now)
        pair.run(pair.now + 15_000)
        assert [part.offset > 0 for part in pair.told[1] if isinstance(part, StreamData)][0]
        pair.client.stream_reset(number, stream, 9, pair.now)
        pair.run(pair.now + 1_000_000)
        resets = [effect for effect in pair.told[1] if isinstance(effect, StreamReset)]
        assert [effect.code for effect in resets] == [9]
