"""protection.py: packet protection made a second time, with another library's ciphers.

Keys, header protection and AEAD as RFC 9001 5 and RFC 9369 3.3 say; what this opens and what
the vectors hold are the judges of what an endpoint sends.
"""
from typing import Any

import vectors
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

import wire

FILES = vectors.load()
CHACHA = 0x1303
LABELS = {0x00000001: "quic", 0x6b3343cf: "quicv2"}


def one(name: str) -> Any:
    """The only case of a file."""
    assert len(FILES[name].cases) == 1
    return FILES[name].cases[0]


def expand(secret: bytes, label: str, length: int) -> bytes:
    """HKDF-Expand-Label of RFC 8446 7.1 with an empty context."""
    name = b"tls13 " + label.encode()
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + b"\0"
    return HKDFExpand(hashes.SHA256(), length, info).derive(secret)


def derive(version: int, secret: bytes, what: str, length: int) -> bytes:
    return expand(secret, f"{LABELS[version]} {what}", length)


def initial_secret(dcid: bytes, version: int, side: str) -> bytes:
    """RFC 9001 5.2: of one side; the salt is the version's."""
    salts = {one(name)["version"]: one(name)["salt"]
             for name in ("rfc9001_a1_keys", "rfc9369_a1_keys")}
    extract = HMAC(salts[version], hashes.SHA256())
    extract.update(dcid)
    return expand(extract.finalize(), f"{side} in", 32)


def aead(suite: int, key: bytes) -> Any:
    return ChaCha20Poly1305(key) if suite == CHACHA else AESGCM(key)


def mask_of(suite: int, key: bytes, sample: bytes) -> bytes:
    """RFC 9001 5.4.3, 5.4.4."""
    if suite == CHACHA:
        cipher = Cipher(algorithms.ChaCha20(key, sample), None)
        return cipher.encryptor().update(bytes(5))
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(sample)[:5]


def open_packet(datagram: bytes, version: int, secret: bytes) -> tuple[int, bytes]:
    """The first packet of a datagram, AES-128-GCM, a long header: its number and frames."""
    found = wire.header(datagram, 0)
    at, end = found["pn_at"], found["packet_len"]
    key, hp = (derive(version, secret, what, 16) for what in ("key", "hp"))
    mask = mask_of(0x1301, hp, datagram[at + 4:at + 20])
    first = datagram[0] ^ mask[0] & 0x0f
    size = 1 + (first & 3)
    number = bytes(a ^ b for a, b in zip(datagram[at:at + size], mask[1:]))
    header = bytes([first]) + datagram[1:at] + number
    nonce = int.from_bytes(derive(version, secret, "iv", 12), "big") ^ int.from_bytes(number, "big")
    return int.from_bytes(number, "big"), AESGCM(key).decrypt(
        nonce.to_bytes(12, "big"), datagram[at + size:end], header)
