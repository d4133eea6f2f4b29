"""test_library.py: finding the shared library, refusing the wrong one, and generate.py."""
import ctypes
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gnomon_quic import AbiMismatch, LibraryNotFound, _ffi, _library

ROOT = Path(__file__).resolve().parents[2]
HEADERS = ("ref/base/err.h", "ref/base/time.h", "sim/run.h",
           *(str(path.relative_to(ROOT)) for path in (ROOT / "ref").glob("gnomon*.h")))


def test_the_library_fits_and_is_loaded_once() -> None:
    assert _library.library() is _library.library()
    assert _library.library().gn_abi() == _ffi.GN_ABI


def test_a_library_that_is_nowhere_is_said_with_all_places(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(_library.VARIABLE, raising=False)
    monkeypatch.setattr(_library, "NAME", "libnowhere.so")
    with pytest.raises(LibraryNotFound) as raised:
        _library.find()
    assert "build/libnowhere.so" in str(raised.value)
    assert "gnomon_quic/libnowhere.so" in str(raised.value)
    monkeypatch.setenv(_library.VARIABLE, str(tmp_path / "mine.so"))
    with pytest.raises(LibraryNotFound, match="mine.so"):
        _library.find()


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "mine.so"
    mine.touch()
    monkeypatch.setenv(_library.VARIABLE, str(mine))
    assert _library.find() == mine


def test_a_file_that_is_no_library_is_said(tmp_path: Path) -> None:
    mine = tmp_path / "mine.so"
    mine.write_bytes(b"not a library")
    with pytest.raises(LibraryNotFound, match="cannot be loaded"):
        _library.load(mine)


def test_another_library_is_refused() -> None:
    with pytest.raises(AbiMismatch, match="has no gn_layout"):
        _library.load(Path("libm.so.6"))


def test_another_interface_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ffi, "GN_ABI", _ffi.GN_ABI + 1)
    with pytest.raises(AbiMismatch, match="speaks interface"):
        _library.load(_library.find())


class OtherLimits(ctypes.Structure):
    """gn_limits with its first field missing."""

    _fields_ = _ffi.gn_limits._fields_[1:]


class LongerLimits(ctypes.Structure):
    """gn_limits with a field that the library does not know."""

    _fields_ = [*_ffi.gn_limits._fields_, ("more", ctypes.c_uint64)]


@pytest.mark.parametrize("cls", [OtherLimits, LongerLimits])
def test_a_struct_that_lies_otherwise_is_refused(
        monkeypatch: pytest.MonkeyPatch, cls: Any) -> None:
    monkeypatch.setitem(_ffi.STRUCTS, "gn_limits", cls)
    with pytest.raises(AbiMismatch, match="gn_limits"):
        _library.load(_library.find())


def test_a_struct_that_we_do_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(_ffi.STRUCTS, "gn_info")
    with pytest.raises(AbiMismatch, match="does not know gn_info"):
        _library.load(_library.find())


def test_every_field_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = list(_library._rows(_library.library()))
    for victim, (structure, field, offset, size) in enumerate(rows):
        moved = list(rows)
        moved[victim] = (structure, field, offset + 1, size)
        monkeypatch.setattr(_library, "_rows", lambda _library, moved=moved: iter(moved))
        with pytest.raises(AbiMismatch):
            _library.check(_library.library(), Path("doctored.so"))


def test_a_missing_function_is_said() -> None:
    partial: Any = SimpleNamespace(gn_layout=None)
    with pytest.raises(AbiMismatch, match=f"has no {next(iter(_ffi.FUNCTIONS))}"):
        _library.check(partial, Path("old.so"))


def test_what_is_generated_is_not_stale() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "pyffi" / "generate.py"), "--check"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


CHANGED = ("ref/gnomon.h", "ref/gnomon_config.h")


def generator(tmp_path: Path, change: tuple[str, str]) -> "subprocess.CompletedProcess[str]":
    """Runs a copy of the generator over headers with one change."""
    for name in (*HEADERS, "pyffi/generate.py", "pyffi/layout.c", "pyffi/gnomon_quic/_ffi.py"):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text((ROOT / name).read_text().replace(*change)
                        if name in CHANGED else (ROOT / name).read_text())
    return subprocess.run([sys.executable, str(tmp_path / "pyffi" / "generate.py"), "--check"],
                          capture_output=True, text=True)


def test_a_changed_header_makes_it_stale(tmp_path: Path) -> None:
    done = generator(tmp_path, ("uint64_t packets_lost;", "int64_t packets_lost;"))
    assert done.returncode == 1
    assert "_ffi.py is not what the headers say" in done.stderr
    assert generator(tmp_path, ("", "")).returncode == 0


def test_a_form_that_the_generator_does_not_know_stops_it(tmp_path: Path) -> None:
    done = generator(tmp_path, ("typedef struct gn_endpoint gn_endpoint;",
                                "typedef union gn_endpoint gn_endpoint;"))
    assert done.returncode == 1
    assert "ref/gnomon.h: cannot read this: typedef union" in done.stderr


def test_a_struct_that_does_not_begin_with_its_size_stops_it(tmp_path: Path) -> None:
    done = generator(tmp_path, ("typedef struct gn_limits {\n    size_t size;",
                                "typedef struct gn_limits {\n    size_t other;"))
    assert done.returncode == 1 and "gn_limits does not begin with its size" in done.stderr


def test_a_hole_in_a_struct_stops_it(tmp_path: Path) -> None:
    done = generator(tmp_path, ("    uint32_t reserved_1;\n", ""))
    assert done.returncode == 1 and "a hole before gn_config.unix_ms" in done.stderr


def test_every_public_struct_begins_with_its_size_and_has_its_place_asserted() -> None:
    layout = (ROOT / "pyffi" / "layout.c").read_text()
    names = {name for path in [*(ROOT / "ref").glob("gnomon*.h"), ROOT / "sim" / "run.h"]
             for name in re.findall(r"^typedef struct (gn_\w+) \{", path.read_text(), re.M)}
    assert {"gn_config", "gn_effect", "gn_event", "gn_local_error", "gn_observer",
            "gn_sim_options", "gn_sim_record", "gn_sim_result"} <= names
    for name in names:
        assert _ffi.STRUCTS[name]._fields_[0] == ("size", ctypes.c_size_t), name
        places = re.findall(rf"^PLACE\({name}, (\w+), (\d+), (\d+)\);$", layout, re.M)
        assert [field for field, _, _ in places] == [row[0] for row in _ffi.STRUCTS[name]._fields_]
