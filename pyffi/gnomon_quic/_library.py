"""_library.py: finds the shared library, makes sure that it is the right one, and loads it once."""
import ctypes
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import _ffi
from .errors import AbiMismatch, LibraryNotFound

NAME = "libgnomon_sim.so"
VARIABLE = "GNOMON_LIBRARY"


class _LayoutRow(ctypes.Structure):
    _fields_ = [("structure", ctypes.c_char_p), ("field", ctypes.c_char_p),
                ("offset", ctypes.c_size_t), ("size", ctypes.c_size_t)]


def candidates() -> Iterator[Path]:
    """Where the library may be, best first: the variable alone when it is set."""
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named)
        return
    package = Path(__file__).resolve().parent
    yield package.parent.parent / "build" / NAME
    yield package / NAME


def find() -> Path:
    """The library's path."""
    tried = list(candidates())
    for path in tried:
        if path.is_file():
            return path
    raise LibraryNotFound("the gnomon library was not found; tried "
                          + ", ".join(str(path) for path in tried)
                          + f". Build it with `make sim`, or name it in {VARIABLE}.")


def _rows(library: ctypes.CDLL) -> Iterator[tuple[str, str | None, int, int]]:
    """What the library says of its own structs: struct, field or None, offset, size."""
    ask = library.gn_layout
    ask.restype = ctypes.POINTER(_LayoutRow)
    ask.argtypes = (ctypes.c_size_t,)
    index = 0
    while row := ask(index):
        field = row.contents.field
        yield (row.contents.structure.decode(), field.decode() if field else None,
               row.contents.offset, row.contents.size)
        index += 1


def check(library: ctypes.CDLL, path: Path) -> None:
    """Raises AbiMismatch unless number, structs and fields are the ones this package knows."""
    for name in ("gn_layout", *_ffi.FUNCTIONS):
        if not hasattr(library, name):
            raise AbiMismatch(f"{path} has no {name}: it is another library, or an older one")
    library.gn_abi.restype = ctypes.c_uint32
    number = library.gn_abi()
    if number != _ffi.GN_ABI:
        raise AbiMismatch(f"{path} speaks interface {number}, this package {_ffi.GN_ABI}")
    theirs = {(structure, field): (offset, size)
              for structure, field, offset, size in _rows(library)}
    for structure, cls in _ffi.STRUCTS.items():
        ours: dict[tuple[str, str | None], tuple[int, int]] = {
            (structure, None): (0, ctypes.sizeof(cls))}
        for name, *_ in cls._fields_:
            described = getattr(cls, name)
            ours[structure, name] = (described.offset, described.size)
        for key, place in ours.items():
            if theirs.pop(key, None) != place:
                what = f"{key[0]}.{key[1]}" if key[1] else key[0]
                raise AbiMismatch(f"{path} was built from other headers: {what} lies elsewhere. "
                                  "Build it again, or run pyffi/generate.py.")
    if theirs:
        structure, field = next(iter(theirs))
        raise AbiMismatch(f"{path} was built from other headers: this package does not know "
                          f"{structure}.{field}. Run pyffi/generate.py.")


def load(path: Path) -> ctypes.CDLL:
    """Loads the library at path and types its functions."""
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise LibraryNotFound(f"{path} cannot be loaded: {error}") from error
    check(library, path)
    for name, (result, *parameters) in _ffi.FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = tuple(parameters)
    return library


_lock = threading.Lock()
_loaded: list[ctypes.CDLL] = []


def library() -> Any:
    """The library, loaded at the first call and the same from then on."""
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(load(find()))
    return _loaded[0]
