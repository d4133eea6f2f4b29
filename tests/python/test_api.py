"""test_api.py: docs/API.md and the public headers name the same things."""
import ctypes
import dataclasses
import re
from pathlib import Path

from gnomon_quic import EndpointConfig, Limits, _ffi
from gnomon_quic._library import library

ROOT = Path(__file__).resolve().parents[2]
API = (ROOT / "docs" / "API.md").read_text()
HEADERS = [re.sub(r"/\*.*?\*/", " ", path.read_text(), flags=re.S)
           for path in (*sorted((ROOT / "ref").glob("gnomon*.h")), ROOT / "ref/base/err.h",
                        ROOT / "ref/base/time.h")]
NAMED = set(re.findall(r"\bgn_\w+", API))


def public() -> set[str]:
    """Types and functions of the public headers."""
    names = set()
    for text in HEADERS[:-2]:
        names |= set(re.findall(r"\btypedef (?:enum|struct) (gn_\w+) \{", text))
        names |= set(re.findall(r"^typedef uint64_t (gn_\w+);", text, re.M))
        names |= set(re.findall(r"\b(gn_\w+)\(", text))
    return names


def test_every_public_name_is_in_the_page() -> None:
    assert len(public()) > 50
    assert public() - NAMED == set()


def test_every_name_of_the_page_exists() -> None:
    everything = "\n".join(HEADERS)
    for name in NAMED | set(re.findall(r"\bGN_[A-Z_0-9]+\b", API)):
        assert re.search(rf"\b{name}\b", everything), name


def test_every_field_of_the_configuration_is_in_the_page() -> None:
    # The six limits of RFC 9000 18.2 have the same names here and there.
    for struct in ("gn_config", "gn_connect"):
        for name, _ in _ffi.STRUCTS[struct]._fields_:
            bare = re.sub(r"(_len|_port)$", "", name)
            if bare == "size" or name.startswith(("reserved", "initial_max_")):
                continue
            known = {"role": "gn_role", "limits": "gn_limits", "observer": "gn_observer",
                     "cid": "cid_len"}.get(bare, bare)
            assert re.search(rf"`(?:[^`]*\W)?{known}(?:\W[^`]*)?`", API), f"{struct}.{name}"


def test_every_effect_is_in_the_page() -> None:
    for kind in _ffi.EffectKind:
        assert f"GN_EFFECT_{kind.name}" in API, kind
    for code in _ffi.LocalErrorCode:
        assert f"GN_LOCAL_{code.name}" in API, code


FIELD = re.compile(r"^    (\w+): [^#\n]+?(?:  # (.*))?$")


def explained() -> dict[str, str]:
    """What config.py says of each field, behind it or above it."""
    words, above = {}, ""
    for line in (ROOT / "pyffi/gnomon_quic/config.py").read_text().splitlines():
        field = FIELD.match(line)
        if field:
            words[field[1]] = field[2] or above
        above = f"{above} {line.strip()[2:]}".strip() if line.startswith("    # ") else ""
    return words


def test_every_field_of_the_python_configuration_is_explained() -> None:
    words = explained()
    for kind in (EndpointConfig, Limits):
        for field in dataclasses.fields(kind):
            assert len(words.get(field.name, "")) > 5, field.name


def test_the_numbers_that_are_told_are_the_defaults() -> None:
    raw = _ffi.gn_config()
    library().gn_config_fill(ctypes.byref(raw), ctypes.sizeof(raw), _ffi.Role.SERVER)
    units = {"KiB": 1 << 10, "MiB": 1 << 20, "ms": 1000, "s": 10**6, "h": 3600 * 10**6, None: 1}
    checked = 0
    for name, words in explained().items():
        told = re.search(r"default (\d+)(?: (KiB|MiB|ms|s|h))?[;)]", words)
        if told and name not in ("connections", "versions"):
            assert getattr(raw, name) == int(told[1]) * units[told[2]], name
            checked += 1
        flag = re.search(r"\(default (on|off)[;)]", words)
        if flag:
            assert getattr(raw, name) == (flag[1] == "on"), name
            checked += 1
    assert checked > 30
