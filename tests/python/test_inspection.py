"""test_inspection.py: packets shown whole, a preferred address, and what routers say."""
import pytest
from gnomon_quic import (
    EventPacket,
    InvalidArgument,
    MoveReason,
    NotAuthentic,
    Packet,
    PathChange,
    PathChanged,
    PreferredAddress,
    SendDatagram,
    WrongMoment,
)

from pair import Pair, client_config, server_config


def test_packets_are_shown_as_they_are_sent() -> None:
    with Pair(client_config(inspect_packets=True), server_config(inspect_packets=True)) as pair:
        number, accepted = pair.connect()
        shown = [[effect for effect in told if isinstance(effect, Packet)] for told in pair.told]
        sent = [effect for effect in pair.told[0] if isinstance(effect, SendDatagram)]
        first = shown[0][0]
        assert first.outbound and first.packet is EventPacket.INITIAL and first.version == 1
        assert first.connection == number and first.number == 0 and first.datagram_off == 0
        assert sent[0].data.startswith(first.data) and first.datagram_len == len(sent[0].data)
        assert first.payload[0] == 6  # CRYPTO
        same = [packet for packet in shown[1] if packet.data == first.data]
        assert len(same) == 1 and not same[0].outbound and same[0].payload == first.payload
        assert (same[0].connection, same[0].dcid) == (accepted, first.dcid)
        kinds = {packet.packet for packet in shown[0] + shown[1]}
        assert kinds == {EventPacket.INITIAL, EventPacket.HANDSHAKE, EventPacket.ONE_RTT}
        assert all(packet.scid == b"" and packet.version == 0 for packet in shown[0]
                   if packet.packet is EventPacket.ONE_RTT)


def test_packets_are_not_shown_unasked() -> None:
    with Pair() as pair:
        pair.connect()
        assert not any(isinstance(effect, Packet) for effect in pair.told[0] + pair.told[1])


def test_preferred_address_is_told_and_moved_to() -> None:
    with Pair(server=server_config(preferred_ipv4=("192.0.2.8", 4433),
                                   disable_active_migration=True)) as pair:
        number, _ = pair.connect()
        offers = [effect for effect in pair.told[0] if isinstance(effect, PreferredAddress)]
        assert len(offers) == 1
        offer = offers[0]
        assert (offer.ipv4, offer.ipv4_port, offer.ipv6) == ("192.0.2.8", 4433, None)
        assert len(offer.cid) == 8 and len(offer.reset_token) == 16
        with pytest.raises(WrongMoment):
            pair.client.migrate(number, 7, pair.now)
        pair.client.migrate(number, 7, pair.now, reason=MoveReason.PREFERRED, host="192.0.2.8")
        pair.run(pair.now + 2_000_000)
        assert PathChanged(number, 7, PathChange.ACTIVE) in pair.told[0]
        assert pair.client.info(number).route == 7


def test_router_is_believed_when_it_quotes_us() -> None:
    with Pair(client_config(max_datagram_out=1400)) as pair:
        number, _ = pair.connect()
        ours = [effect for effect in pair.told[0] if isinstance(effect, SendDatagram)][-1]
        with pytest.raises(NotAuthentic):
            pair.client.path_mtu(0, 1300, b"\x40" + bytes(60), pair.now)
        with pytest.raises(InvalidArgument):
            pair.client.path_mtu(0, 1199, ours.data, pair.now)
        pair.client.path_mtu(0, 1300, ours.data[:28], pair.now)
        before = len(pair.told[0])
        stream = pair.client.stream_open(number, pair.now)
        pair.client.stream_send(number, stream, bytes(20_000), pair.now)
        pair.run(pair.now + 1_000_000)
        assert max(len(effect.data) for effect in pair.told[0][before:]
                   if isinstance(effect, SendDatagram)) == 1300
