"""test_vectors_crypto.py: another library derives, seals and masks to what the RFCs print."""
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protection import CHACHA, FILES, aead, derive, initial_secret, mask_of, one


@pytest.mark.parametrize("name", ["rfc9001_a1_keys", "rfc9369_a1_keys"])
def test_initial_keys(name: str) -> None:
    case = one(name)
    for side in ("client", "server"):
        secret = initial_secret(case["dcid"], case["version"], side)
        assert secret == case[side]
        assert derive(case["version"], secret, "key", 16) == case[f"{side}_key"]
        assert derive(case["version"], secret, "iv", 12) == case[f"{side}_iv"]
        assert derive(case["version"], secret, "hp", 16) == case[f"{side}_hp"]


@pytest.mark.parametrize("name", ["rfc9001_a5_keys", "rfc9369_a5_keys"])
def test_keys_of_a_secret(name: str) -> None:
    case = one(name)
    for what, length in (("key", 32), ("iv", 12), ("hp", 32), ("ku", 32)):
        assert derive(case["version"], case["secret"], what, length) == case[what]


@pytest.mark.parametrize("name", ["rfc9001_a_packets", "rfc9369_a_packets"])
def test_packets(name: str) -> None:
    assert len(FILES[name].cases) == 3
    for case in FILES[name].cases:
        suite, size = case["suite"], 32 if case["suite"] == CHACHA else 16
        header, pn_at = case["header"], len(case["header"]) - case["pn_size"]
        key, hp = (derive(case["version"], case["secret"], what, size) for what in ("key", "hp"))
        iv = int.from_bytes(derive(case["version"], case["secret"], "iv", 12), "big")
        nonce = (iv ^ case["pn"]).to_bytes(12, "big")
        sealed = header + aead(suite, key).encrypt(nonce, case["payload"], header)
        sample = sealed[pn_at + 4:pn_at + 20]
        mask = mask_of(suite, hp, sample)
        assert case.get("sample", sample) == sample and case.get("mask", mask) == mask
        first = sealed[0] ^ mask[0] & (0x0f if header[0] & 0x80 else 0x1f)
        number = bytes(a ^ b for a, b in zip(header[pn_at:], mask[1:]))
        assert bytes([first]) + sealed[1:pn_at] + number + sealed[len(header):] == case["packet"]


@pytest.mark.parametrize("name", ["rfc9001_a4_retry", "rfc9369_a4_retry"])
def test_retry_tags(name: str) -> None:
    """RFC 9001 5.8: the tag of the packet behind the connection ID that it answers."""
    case = one(name)
    front = case["packet"][:-16]
    pseudo = bytes([len(case["odcid"])]) + case["odcid"] + front
    assert AESGCM(case["key"]).encrypt(case["nonce"], b"", pseudo) == case["tag"]
    cid = bytes([len(case["scid"])]) + case["scid"]
    assert front == front[:1] + case["version"].to_bytes(4, "big") + b"\0" + cid + case["token"]
    assert case["packet"] == front + case["tag"]
    # The type of a Retry packet is 3 in version 1 and 0 in version 2 (RFC 9369 3.2).
    assert front[0] >> 4 == {0x00000001: 0xf, 0x6b3343cf: 0xc}[case["version"]]
