"""test_resumption.py: resumption and 0-RTT through the Python wrapper."""
import pytest
from gnomon_quic import (
    Malformed,
    InvalidArgument,
    InvalidConfiguration,
    ResumptionState,
    StreamData,
    ZeroRtt,
    ZeroRttStatus,
)
from pair import UNIX_MS, Pair, client_config, server_config

KEY = bytes(range(32))


def pair_of(**changes: object) -> Pair:
    return Pair(client_config(session_tickets=1),
                server_config(session_tickets=1, allow_early_data=True, ticket_key=KEY, **changes))


def state_of(pair: Pair) -> bytes:
    return [effect.state for effect in pair.told[0] if isinstance(effect, ResumptionState)][-1]


def statuses(pair: Pair, end: int) -> list[ZeroRtt]:
    return [effect.status for effect in pair.told[end] if isinstance(effect, ZeroRttStatus)]


def again(pair: Pair, state: bytes) -> tuple[int, int]:
    """A second connection that writes at once; its number and the stream's."""
    for told in pair.told:
        told.clear()
    number = pair.client.connect("server.example", pair.now, host="192.0.2.1",
                                 resumption_state=state, attempt_early_data=True)
    stream = pair.client.stream_open(number, pair.now)
    assert pair.client.stream_send(number, stream, b"early", pair.now, fin=True) == 5
    pair.run(pair.now + 15_000)
    return number, stream


def test_early_data_arrive_before_the_handshake_is_complete() -> None:
    with pair_of() as pair:
        first, _ = pair.connect()
        number, stream = again(pair, state_of(pair))
        assert pair.received(1, stream) == (b"early", True)
        pair.run(pair.now + 1_000_000)
        assert statuses(pair, 0) == [ZeroRtt.ATTEMPTED, ZeroRtt.ACCEPTED]
        assert statuses(pair, 1) == [ZeroRtt.ACCEPTED]
        info = pair.client.info(number)
        assert info.resumed and info.zero_rtt == ZeroRtt.ACCEPTED
        assert not pair.client.info(first).resumed


@pytest.mark.parametrize("changes", [
    {}, {"ticket_key": KEY[::-1]}, {"application_context": b"new"}, {"initial_max_data": 1000},
    {"allow_early_data": False}])
def test_early_data_arrive_now_or_later(changes: dict[str, object]) -> None:
    with pair_of() as before:
        before.connect()
        state = state_of(before)
    settings = {"session_tickets": 1, "allow_early_data": True, "ticket_key": KEY,
                "started_unix_ms": UNIX_MS, **changes}
    with Pair(client_config(session_tickets=1), server_config(**settings)) as pair:
        pair.now = 60_000_000
        number, stream = again(pair, state)
        assert any(isinstance(effect, StreamData) for effect in pair.told[1]) == (not changes)
        pair.run(pair.now + 1_000_000)
        assert statuses(pair, 0) == [ZeroRtt.ATTEMPTED,
                                     ZeroRtt.REJECTED if changes else ZeroRtt.ACCEPTED]
        assert pair.received(1, stream) == (b"early", True)
        assert pair.client.info(number).resumed == ("ticket_key" not in changes)


def test_a_state_is_good_for_early_data_once() -> None:
    with pair_of() as pair:
        pair.connect()
        state = state_of(pair)
        again(pair, state)
        pair.run(pair.now + 1_000_000)
        assert statuses(pair, 0) == [ZeroRtt.ATTEMPTED, ZeroRtt.ACCEPTED]
        again(pair, state)
        pair.run(pair.now + 1_000_000)
        assert statuses(pair, 0) == [ZeroRtt.ATTEMPTED, ZeroRtt.REJECTED]


def test_a_damaged_state_is_refused_and_a_foreign_one_is_not_used() -> None:
    with pair_of() as pair:
        pair.connect()
        state = state_of(pair)
        damaged = bytes([state[0] ^ 1]) + state[1:]
        with pytest.raises(Malformed):
            pair.client.connect("server.example", pair.now, resumption_state=damaged)
        pair.told[0].clear()
        pair.client.connect("another.example", pair.now, resumption_state=state,
                            attempt_early_data=True)
        pair.pull()
        assert statuses(pair, 0) == [ZeroRtt.UNAVAILABLE]


def test_a_wish_is_needed() -> None:
    with pair_of() as pair:
        pair.connect()
        state = state_of(pair)
        pair.told[0].clear()
        pair.client.connect("server.example", pair.now, host="192.0.2.1", resumption_state=state)
        pair.run(pair.now + 1_000_000)
        assert statuses(pair, 0) == [ZeroRtt.NOT_ATTEMPTED]


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidArgument):
        Pair(client_config(), server_config(ticket_key=b"short"))
    with pytest.raises(InvalidConfiguration):
        Pair(client_config(), server_config(allow_early_data=True))
