"""test_retry.py: tokens through the Python wrapper: Retry, NEW_TOKEN and what they are worth."""
from dataclasses import replace

import pytest
from gnomon_quic import InvalidConfiguration, NewToken, RetryHello, StateChange, StateChanged
from pair import Pair, client_config, server_config


def accepted(pair: Pair) -> int:
    return sum(isinstance(effect, StateChanged) and effect.change is StateChange.ACCEPTED
               for effect in pair.told[1])


def test_a_strict_server_sends_a_retry_and_a_token_spares_the_next_one() -> None:
    with Pair(client_config(), server_config(retry_above=0, retry_hello=RetryHello.CLOSE)) as pair:
        pair.connect()
        first = [data for data in pair.bytes_on_wire if data[0] & 0xf0 == 0xf0]
        assert len(first) == 1 and len(first[0]) < 1200
        (token,) = [effect.token for effect in pair.told[0] if isinstance(effect, NewToken)]
        before = len(pair.bytes_on_wire)
        pair.client.connect("server.example", pair.now, host="192.0.2.1", token=token)
        pair.pull()
        pair.run(pair.now + 1_000_000)
        assert accepted(pair) == 2
        assert not any(data[0] & 0xf0 == 0xf0 for data in pair.bytes_on_wire[before:])


def test_a_token_that_is_too_long_is_refused() -> None:
    with Pair() as pair, pytest.raises(InvalidConfiguration):
        pair.client.connect("server.example", 0, token=bytes(257))


def test_a_server_gives_no_tokens_when_it_is_told_not_to() -> None:
    with Pair(client_config(), replace(server_config(), new_tokens=0)) as pair:
        pair.connect()
        assert not any(isinstance(effect, NewToken) for effect in pair.told[0])
