"""test_tls.py: what TLS can do, through gnomon_quic: suites, groups, names, both certificates."""
import re
import ssl
from itertools import product
from pathlib import Path

import pytest
from gnomon_quic import (
    Closed,
    CloseCause,
    Group,
    InvalidArgument,
    InvalidConfiguration,
    StateChange,
    Suite,
    TlsRefused,
    VerifyClient,
)
from pair import CERTIFICATES, Pair, certificate, client_config, server_config


def shown(name: str) -> dict[str, bytes]:
    return {"certificate_pem": certificate(f"{name}.pem"),
            "private_key_pem": certificate(f"{name}.key")}


def ends(pair: Pair) -> tuple[Closed, Closed]:
    """How both ends were told of the end, after a handshake that fails."""
    pair.client.connect("server.example", pair.now, host="192.0.2.1")
    pair.run(pair.now + 5_000_000)
    return tuple(next(effect for effect in told if isinstance(effect, Closed))
                 for told in pair.told)  # type: ignore[return-value]


@pytest.mark.parametrize(("suite", "group"), product(Suite, Group))
def test_a_handshake_with_every_suite_and_every_group(suite: Suite, group: Group) -> None:
    only = {"suites": 1 << suite, "groups": 1 << group}
    with Pair(client_config(**only), server_config(**only)) as pair:
        number, accepted = pair.connect()
        assert pair.states(0) == [StateChange.READY, StateChange.CONFIRMED]
        assert [change for change in pair.states(1) if change is not StateChange.ACCEPTED] == [
            StateChange.READY, StateChange.CONFIRMED]
        for end, connection in ((pair.client, number), (pair.server, accepted)):
            assert (end.info(connection).suite, end.info(connection).group) == (suite, group)
        stream = pair.client.stream_open(number, pair.now)
        pair.client.stream_send(number, stream, b"x" * 5000, pair.now, fin=True)
        pair.run(pair.now + 1_000_000)
        assert pair.received(1, stream) == (b"x" * 5000, True)


@pytest.mark.parametrize(("name", "ca", "code", "word"), [
    ("server", "other-ca", 0x130, "unknown_ca"),
    ("foreign", "ca", 0x130, "unknown_ca"),
    ("expired", "ca", 0x12d, "certificate_expired"),
    ("future", "ca", 0x12d, "certificate_expired"),
    ("wild", "ca", 0x12a, "bad_certificate"),
    ("usage", "ca", 0x12a, "bad_certificate"),
    ("unsigning", "ca", 0x12a, "bad_certificate"),
])
def test_a_server_that_is_not_believed(name: str, ca: str, code: int, word: str) -> None:
    with Pair(client_config(ca_pem=certificate(f"{ca}.pem")),
              server_config(**shown(name))) as pair:
        client, server = ends(pair)
        assert (client.cause, client.code) == (CloseCause.LOCAL_TRANSPORT, code)
        assert (server.cause, server.code) == (CloseCause.PEER_TRANSPORT, code)
        assert client.code_name == server.code_name == word
        assert client.reason.startswith("RFC 8446 ")
        assert pair.states(0) == [] and StateChange.READY not in pair.states(1)


def test_an_order_of_preference() -> None:
    everything = 2 ** len(Group) - 1
    with Pair(client_config(groups=everything, group_order=(Group.X25519MLKEM768,), key_shares=4),
              server_config(groups=everything, group_order=(Group.SECP384R1, Group.X25519),
                            suite_order=(Suite.CHACHA20_POLY1305_SHA256,))) as pair:
        number, _ = pair.connect()
        assert pair.client.info(number).group == Group.SECP384R1
        assert pair.client.info(number).suite == Suite.CHACHA20_POLY1305_SHA256


@pytest.mark.parametrize("changes", [
    {"group_order": (Group.SECP384R1,)}, {"groups": 0}, {"groups": 16}, {"key_shares": 3},
    {"suite_order": (Suite.AES_128_GCM_SHA256,) * 2}])
def test_orders_that_make_no_sense_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidConfiguration):
        Pair(client_config(**changes))
    with pytest.raises(InvalidArgument):
        Pair(client_config(group_order=(Group.X25519,) * 5))


def test_a_client_shows_its_certificate() -> None:
    ask = {"ca_pem": certificate("ca.pem"), "keep_certificate": True,
           "verify_client": VerifyClient.REQUIRE}
    with Pair(client_config(**shown("client"), keep_certificate=True),
              server_config(**ask)) as pair:
        number, accepted = pair.connect()
        mine, peers = pair.client.certificate(number), pair.server.certificate(accepted)
        assert mine is not None and mine.verified and peers is not None and peers.verified
        assert peers.der == ssl.PEM_cert_to_DER_cert(certificate("client.pem").decode())
        assert mine.der == ssl.PEM_cert_to_DER_cert(certificate("server.pem").decode())
        assert pair.client.certificate(99) is None
    with Pair(client_config(), server_config(**ask)) as pair:
        client, server = ends(pair)
        assert client.code_name == server.code_name == "certificate_required"
    with Pair(client_config(), server_config(**{**ask, "verify_client": VerifyClient.ASK})) as pair:
        number, accepted = pair.connect()
        assert pair.client.certificate(number) is None and pair.server.certificate(accepted) is None


def test_authorities_come_from_a_file_of_many(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"words before\n" + certificate("other-ca.pem") + b"words between\n"
                       + certificate("ca.pem"))
    with Pair(client_config(ca_pem=b"", ca_file=bundle)) as pair:
        pair.connect()
    with Pair(client_config(ca_pem=certificate("other-ca.pem"),
                            ca_file=CERTIFICATES / "ca.pem")) as pair:
        pair.connect()
    bundle.write_bytes(certificate("other-ca.pem"))
    with Pair(client_config(ca_pem=b"", ca_file=bundle)) as pair:
        assert ends(pair)[0].code_name == "unknown_ca"
    bundle.write_bytes(b"no certificate at all\n")
    with pytest.raises(TlsRefused):
        Pair(client_config(ca_pem=b"", ca_file=bundle))
    with pytest.raises(FileNotFoundError):
        Pair(client_config(ca_file=tmp_path / "none.pem"))


def test_the_systems_authorities_load_and_do_not_vouch_for_ours() -> None:
    system = ssl.get_default_verify_paths().cafile
    if system is None:
        pytest.skip("the system has no file of authorities")
    with Pair(client_config(ca_pem=b"", ca_file=system)) as pair:
        assert ends(pair)[0].code_name == "unknown_ca"


def test_protocols_by_preference() -> None:
    with Pair(client_config(alpn=("a", "b", "c")), server_config(alpn=("c", "b"))) as pair:
        number, _ = pair.connect()
        assert pair.client.info(number).ready
    with Pair(client_config(alpn=("a",)), server_config(alpn=("b",))) as pair:
        client, _ = ends(pair)
        assert (client.code, client.code_name) == (0x178, "no_application_protocol")


def test_the_key_log_is_a_file_that_other_tools_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.log"
    with Pair(client_config(keylog=path), server_config(keylog=path)) as pair:
        pair.connect()
        pair.connect()
    lines = path.read_text().splitlines()
    assert all(re.fullmatch(r"[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64}", line) for line in lines)
    # Both ends say the same four of both connections.
    assert len(lines) == 16 and len(set(lines)) == 8
    assert {line.split()[0] for line in lines} == {
        f"{side}_{what}" for side in ("CLIENT", "SERVER")
        for what in ("HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0")}
