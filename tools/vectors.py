#!/usr/bin/env python3
"""vectors.py [--out DIR] [--schema | --check]: the files of vectors/ as JSON, and their schema.

Reads the text files, whose format vectors/README.md describes, and writes one
JSON file each to build/vectors, with vectors/schema.json beside them.
--schema writes that schema anew from the text files; --check only says whether
it is the one that they give. Other tools import load().
"""
import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "vectors"
RESULTS = ("valid", "invalid", "acceptable")
# Keys that every file has, whether it says so or not.
COMMON = {"id": "text", "result": "text", "flags": "words", "notes": "text"}
SHAPES = {
    "hex": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
    "number": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
    "yes-no": {"type": "boolean"},
    "words": {"type": "array", "items": {"type": "string"}},
    "text": {"type": "string"},
}


class Malformed(Exception):
    """A file does not keep to the format; the text says where and how."""


@dataclass
class Case:
    """One case: its values by key, as numbers, bytes, booleans, lists or text."""
    line: int
    values: dict = field(default_factory=dict)

    def __getitem__(self, key):
        return self.values[key]

    def __contains__(self, key):
        return key in self.values

    def get(self, key, otherwise=None):
        return self.values.get(key, otherwise)


@dataclass
class Vectors:
    """One file: what it is about, its keys and flags with their meanings, its cases."""
    name: str
    about: str
    types: dict
    keys: dict
    flags: dict
    cases: list


def value_of(kind, text):
    """A value as its type has it."""
    if kind == "hex":
        return bytes.fromhex(text)
    if kind == "number":
        number = int(text, 16 if text.startswith("0x") else 10)
        if not 0 <= number < 1 << 64:
            raise ValueError("does not fit 64 bits")
        return number
    if kind == "yes-no":
        return {"yes": True, "no": False}[text]
    return text.split() if kind == "words" else text


def blocks(text):
    """Runs of lines between blank ones, without comments: [(line, text), ...]."""
    block = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line.rstrip()))
        elif block:
            yield block
            block = []


def read_case(name, types, block):
    """One case from its lines."""
    raw = {}
    key = None
    for number, line in block:
        if line.startswith(" "):
            raw[key] += line.strip()
            continue
        key, colon, value = line.partition(":")
        if not colon or key in raw:
            raise Malformed(f"{name}:{number}: expected a new `key: value`")
        raw[key] = value.strip()
    case = Case(block[0][0])
    for key, text in raw.items():
        try:
            case.values[key] = value_of(types[key], text)
        except (KeyError, ValueError) as error:
            raise Malformed(f"{name}:{case.line}: {key}: {error}") from error
    return case


def head_of(text):
    """What the comment at the top says: about the file, keys with types, keys, flags."""
    head = text.split("\n\n")[0].split("\n")
    plain = [line[1:].strip() for line in head]
    keys = dict(COMMON)
    meanings, flags, about = {}, {}, []
    for line in plain:
        if key := re.match(r"key (\w+) \(([\w-]+)\): (.+)$", line):
            keys[key[1]], meanings[key[1]] = key[2], key[3]
        elif flag := re.match(r"flag (\w+): (.+)$", line):
            flags[flag[1]] = flag[2]
        else:
            about.append(line)
    joined = "\n".join(about).strip()
    return re.sub(r"(?<!\n)\n(?!\n)", " ", joined), keys, meanings, flags


def load_file(path):
    """One file, judged as far as the format goes."""
    text = path.read_text()
    about, types, keys, flags = head_of(text)
    cases = [read_case(path.name, types, block) for block in blocks(text)]
    for case in cases:
        where = f"{path.name}:{case.line}"
        if case.get("result") not in RESULTS or not re.match(r"[a-z0-9-]+$", case.get("id", "")):
            raise Malformed(f"{where}: needs an id and a result")
        if unknown := set(case.get("flags", ())) - set(flags):
            raise Malformed(f"{where}: the file does not explain the flag {unknown.pop()}")
    return Vectors(path.stem, about, types, keys, flags, cases)


def load(folder=FOLDER):
    """All files by name; no id comes twice."""
    files = {path.stem: load_file(path) for path in sorted(folder.glob("*.txt"))}
    seen = {}
    for vectors in files.values():
        for case in vectors.cases:
            if case["id"] in seen:
                there = seen[case["id"]]
                raise Malformed(f"{vectors.name}:{case.line}: {case['id']} is in {there}")
            seen[case["id"]] = vectors.name
    return files


def json_value(value):
    """Numbers are decimal strings, as JSON's lose digits above 2^53; bytes are hexadecimal."""
    if isinstance(value, bool) or isinstance(value, list):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def json_case(vectors, case):
    """A case as JSON has it: no key left to be guessed."""
    values = {"id": case["id"], "result": case["result"], "flags": case.get("flags", []),
              "notes": case.get("notes", "")}
    values |= {key: json_value(value) for key, value in case.values.items() if key not in COMMON}
    if "cut" in vectors.keys and case["result"] != "invalid":
        values.setdefault("cut", str(len(case["bytes"])))
    return values


def as_json(vectors):
    keys = {key: {"type": vectors.types[key], "about": about}
            for key, about in vectors.keys.items()}
    return {"name": vectors.name, "about": vectors.about, "keys": keys, "flags": vectors.flags,
            "numberOfTests": len(vectors.cases),
            "tests": [json_case(vectors, case) for case in vectors.cases]}


def schema_of(vectors):
    """The schema of one file: which keys there are, and which every case has."""
    form = as_json(vectors)
    always = set.intersection(*(set(test) for test in form["tests"]))
    shapes = {"id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
              "result": {"enum": sorted({test["result"] for test in form["tests"]})},
              "flags": {"type": "array", "uniqueItems": True,
                        "items": {"enum": sorted(vectors.flags)}},
              "notes": {"type": "string"}}
    shapes |= {key: SHAPES[what["type"]] | {"description": what["about"]}
               for key, what in form["keys"].items()}
    if not vectors.flags:
        shapes["flags"] = {"type": "array", "maxItems": 0}
    return {
        "type": "object", "additionalProperties": False,
        "required": ["name", "about", "keys", "flags", "numberOfTests", "tests"],
        "properties": {
            "name": {"const": vectors.name},
            "about": {"type": "string"},
            "keys": {"$ref": "#/$defs/keys"},
            "flags": {"type": "object", "additionalProperties": {"type": "string"}},
            "numberOfTests": {"type": "integer", "minimum": 1},
            "tests": {"type": "array", "minItems": 1, "items": {
                "type": "object", "additionalProperties": False,
                "required": sorted(always), "properties": shapes}},
        },
    }


def schema(files):
    """The schema of every JSON file: which one applies is told by its name."""
    rules = {"keys": {"type": "object", "additionalProperties": {
        "type": "object", "additionalProperties": False, "required": ["type", "about"],
        "properties": {"type": {"enum": sorted(SHAPES)}, "about": {"type": "string"}}}}}
    rules |= {name: schema_of(vectors) for name, vectors in files.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Test vectors for QUIC",
        "description": "Made by tools/vectors.py from vectors/*.txt; see vectors/README.md.",
        "type": "object", "required": ["name"],
        "properties": {"name": {"enum": list(files)}},
        "allOf": [{"if": {"properties": {"name": {"const": name}}},
                   "then": {"$ref": f"#/$defs/{name}"}} for name in files],
        "$defs": rules,
    }


def dump(value):
    return json.dumps(value, indent=1) + "\n"


def main(arguments):
    parser = argparse.ArgumentParser(description="the files of vectors/ as JSON")
    parser.add_argument("--out", type=Path, default=ROOT / "build/vectors")
    parser.add_argument("--schema", action="store_true", help="write vectors/schema.json anew")
    parser.add_argument("--check", action="store_true", help="say whether it is up to date")
    options = parser.parse_args(arguments)
    files = load()
    made = dump(schema(files))
    if options.schema:
        (FOLDER / "schema.json").write_text(made)
        return 0
    if not (FOLDER / "schema.json").exists() or (FOLDER / "schema.json").read_text() != made:
        print("vectors/schema.json is not what the files give: run tools/vectors.py --schema")
        return 1
    if options.check:
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "schema.json").write_text(made)
    for name, vectors in files.items():
        (options.out / f"{name}.json").write_text(dump(as_json(vectors)))
    count = sum(len(vectors.cases) for vectors in files.values())
    print(f"vectors: {count} cases in {len(files)} files, as JSON in {options.out}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Malformed as error:
        sys.exit(str(error))
