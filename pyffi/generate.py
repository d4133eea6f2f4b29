#!/usr/bin/env python3
"""generate.py [--check]: makes gnomon_quic/_ffi.py and layout.c from the C headers.

Reads the few forms of C that the public headers use: #define of a number,
typedef of an integer, enum, struct, and functions marked GN_API. Anything else
there stops it with the line. --check writes nothing; it ends with status 1
when a generated file is not what the headers say.
"""
import ctypes
import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PUBLIC = tuple(f"ref/gnomon{part}.h"
               for part in ("_types", "_error", "_effect", "_observer", "_config", "", "_tls"))
HEADERS = ("ref/base/err.h", "ref/base/time.h", *PUBLIC, "sim/run.h")
LAYOUT_OF = (*PUBLIC, "sim/run.h")

INTEGERS = {
    "bool": "c_bool", "int": "c_int", "size_t": "c_size_t",
    **{f"{sign}int{bits}_t": f"c_{sign}int{bits}"
       for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
# Bytes that we hand in: ctypes passes the bytes object's own memory. Other bytes are read out
# by address and length.
GIVEN = {("gn_datagram", "bytes"), ("gn_send_datagram", "bytes"), ("gn_path_mtu", "quoted"),
         ("gn_config", "certificate_pem"),
         ("gn_config", "private_key_pem"), ("gn_config", "ca_pem"),
         ("gn_config", "application_context"),
         *(("gn_connect", name) for name in ("token", "source_cid", "initial_dcid",
                                             "original_dcid", "resumption_state"))}
# The last member of an enum that only counts the others.
COUNTERS = re.compile(r"^GN_\w*(KINDS|CAUSES|CHANGES|ERRS|RTT_STATES)$")
# Not ours to call from Python.
INLINE = re.compile(r"^(GN_MUST_USE )?static inline.*?^}$", re.S | re.M)


@dataclass
class Field:
    name: str
    kind: str


@dataclass
class Struct:
    name: str
    header: str
    fields: list[Field]


@dataclass
class Enum:
    name: str
    members: list[tuple[str, int]]


@dataclass
class Function:
    name: str
    result: str
    parameters: list[str]


class Headers:
    """What the headers declare, in their order."""

    def __init__(self) -> None:
        self.constants: list[tuple[str, int]] = []
        self.enums: list[Enum] = []
        self.structs: list[Struct] = []
        self.functions: list[Function] = []
        self.integers = dict(INTEGERS)
        self.enum_names: set[str] = set()
        self.struct_names: set[str] = set()
        self.order: list[Enum | Struct] = []

    def read(self, header: str) -> None:
        text = re.sub(r"/\*.*?\*/", " ", (ROOT / header).read_text(), flags=re.S)
        text = INLINE.sub("", text.replace("\\\n", " "))
        for match in re.finditer(r"^#define\s+(GN_\w+)[ \t]+(.+)$", text, re.M):
            self.define(match[1], match[2].strip())
        text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
        while text := text.lstrip():
            text = text[self.declaration(header, text):]

    def define(self, name: str, value: str) -> None:
        if value == "UINT64_MAX":
            self.constants.append((name, 2**64 - 1))
        elif number := re.fullmatch(r"(?:UINT64_C\()?(\d+)u?\)?", value):
            self.constants.append((name, int(number[1])))

    def declaration(self, header: str, text: str) -> int:
        """Takes one declaration off the front and says how long it was."""
        if match := re.match(r"(?:typedef\s+)?struct\s+(\w+)(?:\s+\w+)?\s*;", text):
            self.struct_names.add(match[1])
        elif match := re.match(r"typedef\s+enum\s+(\w+)\s*\{(.*?)\}\s*\w+\s*;", text, re.S):
            self.enum(match[1], match[2])
        elif match := re.match(r"enum\s*\{(.*?)\}\s*;", text, re.S):
            self.constants += self.members(match[1])
        elif match := re.match(r"typedef\s+struct\s+(\w+)\s*\{(.*?)\}\s*\w+\s*;", text, re.S):
            self.struct(header, match[1], match[2])
        elif match := re.match(r"typedef\s+(\w+)\s+(\w+)\s*;", text):
            self.integers[match[2]] = self.integers[match[1]]
        elif match := re.match(r"GN_API\s+(?:GN_MUST_USE\s+)?([^;()]*?)(\w+)\s*\(([^;]*)\)\s*;",
                               text, re.S):
            self.function(match[2], match[1].strip(), match[3])
        elif match := re.match(r"const char \*\w+\([^;]*\);", text):
            pass  # not exported
        else:
            raise SystemExit(f"{header}: cannot read this: {text.splitlines()[0]}")
        return match.end()

    def members(self, body: str) -> list[tuple[str, int]]:
        result, following = [], 0
        for part in filter(None, (part.strip() for part in body.split(","))):
            name, _, value = (piece.strip() for piece in part.partition("="))
            following = int(value, 0) if value else following
            result.append((name, following))
            following += 1
        return result

    def enum(self, name: str, body: str) -> None:
        members = [(member, value) for member, value in self.members(body)
                   if not COUNTERS.match(member)]
        self.enum_names.add(name)
        self.enums.append(Enum(name, members))
        self.order.append(self.enums[-1])

    def struct(self, header: str, name: str, body: str) -> None:
        fields = []
        for line in filter(None, (line.strip() for line in body.split(";"))):
            line = " ".join(line.split())
            if callback := re.fullmatch(r"void \(\*(\w+)\)\((.*)\)", line):
                kinds = ["c_void_p"] * len(callback[2].split(","))
                fields.append(Field(callback[1], f"CFUNCTYPE(None, {', '.join(kinds)})"))
                continue
            match = re.fullmatch(r"(.*?)(\w+)(?:\[(\w+)\])?", line)
            if not match:
                raise SystemExit(f"{header}: cannot read this field of {name}: {line}")
            fields.append(self.field(name, match[2], match[1].strip(), match[3]))
        self.struct_names.add(name)
        self.structs.append(Struct(name, header, fields))
        self.order.append(self.structs[-1])

    def field(self, struct: str, name: str, kind: str, count: str | None) -> Field:
        bare = kind.replace("const", "").replace("struct", "").strip()
        if count:
            return Field(name, f"{self.integers[bare]} * {count}")
        if bare == "char *" or (struct, name) in GIVEN:
            return Field(name, "c_char_p")
        if bare.endswith("*"):
            return Field(name, "c_void_p")
        if bare in self.enum_names:
            return Field(name, "c_int")
        if bare in self.struct_names:
            return Field(name, bare)
        return Field(name, self.integers[bare])

    def parameter(self, kind: str) -> str:
        bare = kind.replace("const", "").replace("struct", "").strip()
        if bare in ("char *", "uint8_t *"):
            return "c_char_p"
        if bare in ("void *", "gn_endpoint *"):
            return "c_void_p"
        if bare == "char **":
            return "POINTER(c_char_p)"
        if bare == "gn_endpoint **":
            return "POINTER(c_void_p)"
        if bare.endswith("*"):
            target = bare[:-1].strip()
            known = target if target in self.struct_names else self.integers[target]
            return f"POINTER({known})"
        return "c_int" if bare in self.enum_names else self.integers[bare]

    def function(self, name: str, result: str, parameters: str) -> None:
        kinds = []
        for part in (" ".join(part.split()) for part in parameters.split(",")):
            if part == "void":
                continue
            match = re.fullmatch(r"(.*?)(\w+)", part)
            assert match, part
            kinds.append(self.parameter(match[1].strip()))
        self.functions.append(
            Function(name, "None" if result == "void" else self.parameter(result), kinds))


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.removeprefix("gn_").split("_"))


def short_names(members: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The members without what all of them begin with, up to an underscore."""
    names = [name for name, _ in members if name != "GN_OK"]
    prefix = names[0]
    while len(names) > 1 and not all(name.startswith(prefix) for name in names):
        prefix = prefix[:-1]
    prefix = prefix[:prefix.rfind("_") + 1]
    return [(name.removeprefix(prefix if name != "GN_OK" else "GN_"), value)
            for name, value in members]


FFI_HEAD = '''"""_ffi.py: the C interface as ctypes sees it. Made by generate.py; not edited."""
import enum
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_bool,
    c_char_p,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import TYPE_CHECKING, Any


class Struct(Structure):
    """What every struct of the interface is; its fields are those of _fields_."""

    if TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...


'''


def wrapped(head: str, parts: list[str], tail: str) -> list[str]:
    """head, the parts on as few lines as they need, tail."""
    whole = head + " ".join(f"{part}," for part in parts) + tail.strip()
    if len(whole) <= 98:
        return [whole]
    lines = textwrap.wrap(" ".join(f"{part}," for part in (part.replace(" ", "~")
                                                            for part in parts)), 92,
                          break_long_words=False, break_on_hyphens=False)
    inner = [("    " + " " * (len(head) - len(head.lstrip())) + line).replace("~", " ")
             for line in lines]
    return [head, *inner[:-1], inner[-1] + tail.strip()]


def python_text(headers: Headers) -> str:
    out = [f"{name} = {value}" for name, value in headers.constants]
    for item in headers.order:
        out += ["", ""]
        if isinstance(item, Enum):
            out.append(f"class {camel(item.name)}(enum.IntEnum):")
            out += [f"    {name} = {value}" for name, value in short_names(item.members)]
        else:
            out.append(f"class {item.name}(Struct):")
            out += wrapped("    _fields_ = [",
                           [f'("{field.name}", {field.kind})' for field in item.fields], "    ]")
    out += ["", ""]
    out += wrapped("STRUCTS: dict[str, type[Struct]] = {",
                   [f'"{struct.name}": {struct.name}' for struct in headers.structs], "}")
    out += ["", "# Name: result, then parameters.",
            "FUNCTIONS: dict[str, tuple[Any, ...]] = {"]
    for function in headers.functions:
        out += wrapped(f'    "{function.name}": (', [function.result, *function.parameters],
                       "    ),")
    out.append("}")
    return FFI_HEAD + "\n".join(out) + "\n"


LAYOUT_HEAD = '''/*
 * layout.c: where the fields of the public structs lie. Made by generate.py; not edited.
 *
 * A caller that rebuilt the structs in another language compares its own idea
 * with this one before it calls anything.
 */
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/run.h"

/* One field; field NULL: the struct itself. Bytes. */
typedef struct gn_layout_row {
    const char *structure;
    const char *field;
    size_t offset;
    size_t size;
} gn_layout_row;

/* Row i, or NULL behind the last one. */
GN_API const gn_layout_row *gn_layout(size_t i);

/* Where a field lies on every machine with 64-bit pointers. */
#define PLACE(type, name, offset, size)                                                           \\
    _Static_assert(offsetof(type, name) == (offset) && sizeof(((type *)0)->name) == (size),       \\
                   #type "." #name " lies elsewhere")

/* clang-format off */
'''
LAYOUT_ROWS = '''/* clang-format on */

#define WHOLE(type) {#type, NULL, 0, sizeof(type)}
#define FIELD(type, name) {#type, #name, offsetof(type, name), sizeof(((type *)0)->name)}

/* clang-format off */
static const gn_layout_row rows[] = {
'''
LAYOUT_TAIL = '''};
/* clang-format on */

const gn_layout_row *
gn_layout(size_t i)
{
    return i < sizeof rows / sizeof rows[0] ? &rows[i] : NULL;
}
'''


def places(headers: Headers) -> list[str]:
    """An assertion for each field; refuses a public struct that is not all fields, size first."""
    known: dict[str, object] = {**vars(ctypes), **dict(headers.constants)}
    lines = []
    for struct in headers.structs:
        fields = [(field.name, eval(field.kind, known)) for field in struct.fields]
        made = type(struct.name, (ctypes.Structure,), {"_fields_": fields})
        known[struct.name] = made
        if struct.header not in LAYOUT_OF:
            continue
        end = 0
        for name, _ in fields:
            place = getattr(made, name)
            lines.append(f"PLACE({struct.name}, {name}, {place.offset}, {place.size});")
            if struct.header in PUBLIC and place.offset != end:
                raise SystemExit(f"{struct.header}: a hole before {struct.name}.{name}")
            end = place.offset + place.size
        if struct.header in PUBLIC and (end != ctypes.sizeof(made) or fields[0][0] != "size"):
            raise SystemExit(f"{struct.header}: {struct.name} does not begin with its size, "
                             "or has a hole at its end")
    return lines


def layout_text(headers: Headers) -> str:
    lines = []
    for struct in headers.structs:
        if struct.header in LAYOUT_OF:
            lines.append(f"    WHOLE({struct.name}),")
            rows = " ".join(f"FIELD({struct.name},~{field.name})," for field in struct.fields)
            lines += [line.replace("~", " ")
                      for line in textwrap.wrap(rows, 96, initial_indent="    ",
                                                subsequent_indent="    ")]
    return (LAYOUT_HEAD + "\n".join(places(headers)) + "\n" + LAYOUT_ROWS + "\n".join(lines)
            + "\n" + LAYOUT_TAIL)


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    headers = Headers()
    for header in HEADERS:
        headers.read(header)
    stale = 0
    for path, text in ((HERE / "gnomon_quic" / "_ffi.py", python_text(headers)),
                       (HERE / "layout.c", layout_text(headers))):
        if path.exists() and path.read_text() == text:
            continue
        if arguments:
            print(f"{path.relative_to(ROOT)} is not what the headers say: "
                  "run pyffi/generate.py", file=sys.stderr)
            stale = 1
        else:
            path.write_text(text)
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
