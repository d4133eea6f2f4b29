"""test_vectors_wire.py: a second decoder makes of the vectors what they say."""
from typing import Any

import pytest
import vectors
import wire

FILES = vectors.load()
FRAMES = [name for name in FILES if name.startswith("frames_")]
# What a case says of a frame or a packet besides the fields that are decoded.
ABOUT = {"id", "result", "flags", "notes", "frame", "type", "section", "bytes", "after", "cut",
         "formed", "local_cid_len", "sender", "pn", "pn_size", "spin", "key_phase"}


def said(case: Any) -> dict[str, Any]:
    return {key: value for key, value in case.values.items() if key not in ABOUT}


def cases(name: str, refused: bool) -> list[Any]:
    return [case for case in FILES[name].cases if (case["result"] == "invalid") == refused]


@pytest.mark.parametrize("name", FRAMES)
def test_good_frames_are_what_they_say(name: str) -> None:
    for case in cases(name, refused=False):
        kind, found, length = wire.frame(case["bytes"] + case.get("after", b""))
        assert (kind, length) == (case["type"], len(case["bytes"])), case["id"]
        assert found == said(case), case["id"]


@pytest.mark.parametrize("name", FRAMES)
def test_bad_frames_are_refused(name: str) -> None:
    for case in cases(name, refused=True):
        with pytest.raises(wire.Refused) as raised:
            wire.frame(case["bytes"] + case.get("after", b""))
        assert raised.value.args[0] == case["code"], case["id"]


@pytest.mark.parametrize("name", FRAMES)
def test_cut_frames_are_refused(name: str) -> None:
    for case in cases(name, refused=False):
        for size in range(case.get("cut", len(case["bytes"]))):
            with pytest.raises(wire.Refused) as raised:
                wire.frame(case["bytes"][:size])
            assert raised.value.args[0] == wire.FRAME_ENCODING, case["id"]
        for size in range(case.get("cut", len(case["bytes"])), len(case["bytes"])):
            assert wire.frame(case["bytes"][:size])[2] == size, case["id"]


def test_good_headers_are_what_they_say() -> None:
    for case in cases("headers", refused=False):
        found = wire.header(case["bytes"] + case.get("after", b""), case["local_cid_len"])
        assert found == said(case), case["id"]
        if "pn" in case:
            number = case["bytes"][case["pn_at"]:][:case["pn_size"]]
            assert int.from_bytes(number, "big") == case["pn"], case["id"]
            assert case["bytes"][0] & 3 == case["pn_size"] - 1, case["id"]
        if "spin" in case:
            bits = bool(case["bytes"][0] & 0x20), bool(case["bytes"][0] & 0x04)
            assert bits == (case["spin"], case["key_phase"]), case["id"]


def test_bad_headers_are_refused() -> None:
    for case in cases("headers", refused=True):
        with pytest.raises(wire.Short if case["error"] == "short" else wire.Malformed):
            wire.header(case["bytes"], case["local_cid_len"])


def test_cut_headers_are_refused() -> None:
    for case in cases("headers", refused=False):
        for size in range(case["formed"]):
            with pytest.raises(wire.Short if size < case["cut"] else wire.Malformed):
                wire.header(case["bytes"][:size], case["local_cid_len"])


def test_good_parameters_are_what_they_say() -> None:
    for case in cases("tparams", refused=False):
        assert wire.parameters(case["bytes"], case["sender"] == "server") == said(case), case["id"]


def test_bad_parameters_are_refused() -> None:
    for case in cases("tparams", refused=True):
        with pytest.raises(wire.Refused) as raised:
            wire.parameters(case["bytes"], case["sender"] == "server")
        assert raised.value.args[0] == case["code"], case["id"]


def test_cut_parameters_are_refused() -> None:
    for case in cases("tparams", refused=False):
        for size in range(1, case.get("cut", len(case["bytes"]))):
            with pytest.raises(wire.Refused):
                wire.parameters(case["bytes"][:size], case["sender"] == "server")


def test_varints_are_what_they_say() -> None:
    for case in FILES["rfc9000_a1_varint"].cases:
        reader = wire.Reader(case["bytes"])
        assert reader.varint() == case["value"] and not reader.rest()
        assert case["shortest"] == (case["result"] == "valid")


def test_packet_numbers_are_what_they_say() -> None:
    for case in FILES["rfc9000_a2_pktnum_encode"].cases:
        ahead = case["pn"] - case.get("acked", -1)
        assert case["size"] == min(n for n in range(1, 5) if 2 * ahead <= 1 << 8 * n), case["id"]
        assert case["truncated"] == case["pn"] % (1 << 8 * case["size"]), case["id"]
    for case in FILES["rfc9000_a3_pktnum_decode"].cases:
        window = 1 << 8 * case["size"]
        expected = min(case.get("largest", -1) + 1, wire.LARGEST)
        near = [base + case["truncated"] for base in range(
            max(0, expected // window - 2) * window, (expected // window + 3) * window, window)]
        good = [pn for pn in near if pn <= wire.LARGEST]
        # RFC 9000 A.3: above expected - window / 2, and not above expected + window / 2.
        inside = [pn for pn in good if expected - window // 2 < pn <= expected + window // 2]
        assert case["pn"] in (inside or good), case["id"]
