"""test_vectors.py: the files of vectors/ keep to their format, their JSON to its schema, and no
refusal of the codecs is without a vector."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import vectors  # noqa: E402

FILES = vectors.load()
ALL = [(file, case) for file in FILES.values() for case in file.cases]
SCHEMA = json.loads((ROOT / "vectors/schema.json").read_text())

# Reasons that stand in a table and that no bytes can bring about.
NEVER = {
    # These frames are one byte, so they are never cut short.
    *(f"RFC 9000 {section}: the {name} frame is cut short"
      for section, name in (("19.1", "PADDING"), ("19.2", "PING"), ("19.20", "HANDSHAKE_DONE"))),
    # 1-RTT packets hold every frame.
    "RFC 9000 12.4: a frame that 1-RTT packets may not hold",
    # Whose most is the largest integer that there is.
    *(f"RFC 9000 18.2: {name} is too big" for name in (
        "max_idle_timeout", "initial_max_data", "initial_max_stream_data_bidi_local",
        "initial_max_stream_data_bidi_remote", "initial_max_stream_data_uni")),
    "RFC 9221 3: max_datagram_frame_size is too big",
}


def test_each_key_and_flag_is_explained_and_used() -> None:
    for file in FILES.values():
        used = {key for case in file.cases for key in case.values} - set(vectors.COMMON)
        assert used <= set(file.keys) and set(file.keys) - used <= {"cut"}, file.name
        assert {flag for case in file.cases for flag in case.get("flags", ())} == set(file.flags)
        assert file.about


def test_a_refusal_says_what_is_wrong_and_nothing_else_does() -> None:
    for file, case in ALL:
        refused = case["result"] == "invalid"
        assert ("error" in case) == ("why" in case) == refused, case["id"]
        if refused:
            assert re.match(r"RFC \d{4} [\d.]+: \S", case["why"]), case["id"]
            assert ("code" in case) == (file.name != "headers"), case["id"]


def test_the_readme_names_every_file() -> None:
    listed = set(re.findall(r"^\| `(\w+)\.txt` \|", (ROOT / "vectors/README.md").read_text(), re.M))
    assert listed == set(FILES)


def test_the_schema_is_a_schema_and_up_to_date() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA == json.loads(vectors.dump(vectors.schema(FILES)))


@pytest.mark.parametrize("name", FILES)
def test_the_json_of_a_file_keeps_to_the_schema(name: str, tmp_path: Path) -> None:
    assert vectors.main(["--out", str(tmp_path)]) == 0
    form = json.loads((tmp_path / f"{name}.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(form)
    assert form["numberOfTests"] == len(form["tests"]) == len(FILES[name].cases)
    for test, case in zip(form["tests"], FILES[name].cases):
        for key, kind in FILES[name].types.items():
            if kind == "hex" and key in case:
                assert bytes.fromhex(test[key]) == case[key]
            if kind == "number" and key in case:
                assert int(test[key]) == case[key]


def without_result(form):
    del form["tests"][0]["result"]


def with_odd_digits(form):
    form["tests"][0]["bytes"] += "0"


def with_a_number(form):
    form["tests"][0]["type"] = 2


def with_a_strange_key(form):
    form["tests"][0]["colour"] = "red"


def with_a_strange_flag(form):
    form["tests"][0]["flags"] = ["Strange"]


def with_a_strange_name(form):
    form["name"] = "strange"


@pytest.mark.parametrize("change", [without_result, with_odd_digits, with_a_number,
                                    with_a_strange_key, with_a_strange_flag, with_a_strange_name])
def test_the_schema_bites(change) -> None:
    form = vectors.as_json(FILES["frames_ack"])
    change(form)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(form)


GOOD = ("# What.\n#\n# key bytes (hex): b\n# key n (number): n\n# flag F: f\n\n"
        "id: a\nresult: valid\n")


@pytest.mark.parametrize("text, says", [
    (GOOD + "bytes: 0\n", "f.txt:7: bytes: non-hexadecimal"),
    (GOOD + "n: 18446744073709551616\n", "does not fit 64 bits"),
    (GOOD + "n: -1\n", "does not fit 64 bits"),
    (GOOD + "colour: red\n", "f.txt:7: colour"),
    (GOOD + "flags: G\n", "does not explain the flag G"),
    (GOOD + "bytes: 00\nbytes: 00\n", "f.txt:10: expected a new `key: value`"),
    (GOOD + "bytes\n", "f.txt:9: expected a new `key: value`"),
    (GOOD.replace("id: a", "id: A b"), "needs an id and a result"),
    (GOOD.replace("valid", "fine"), "needs an id and a result"),
    (GOOD + "\nid: a\nresult: valid\n", "f:10: a is in f"),
])
def test_what_does_not_keep_to_the_format_is_said(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text(text)
    with pytest.raises(vectors.Malformed) as raised:
        vectors.load(tmp_path)
    assert says in str(raised.value)


def test_values_go_on_behind_blanks(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text(GOOD + "n: 0x10\nbytes:\n    00 01\n# in between\n    ff\n")
    case = vectors.load(tmp_path)["f"].cases[0]
    assert (case["n"], case["bytes"]) == (16, b"\x00\x01\xff")


def reasons_of_the_codecs() -> set[str]:
    """Every text in ref/wire that a refusal may carry, with macros worked out."""
    sources = sorted(map(str, (ROOT / "ref/wire").glob("*.c")))
    text = subprocess.run(["gcc", "-E", "-P", "-Iref", *sources], cwd=ROOT, check=True,
                          capture_output=True, text=True).stdout
    joined = re.sub(r'"\s*"', "", text)
    return set(re.findall(r'"(RFC \d{4} [\d.]+: [^"]+)"', joined))


def test_every_reason_of_the_codecs_has_a_vector() -> None:
    told = {case["why"] for _, case in ALL if "why" in case}
    # Cutting a good frame short is a case without being written down (vectors/README.md).
    told |= {f"{case['section']}: the {case['frame']} frame is cut short" for file, case in ALL
             if file.name.startswith("frames_") and case["result"] == "valid"
             and case.get("cut", len(case["bytes"])) > 1}
    assert reasons_of_the_codecs() - told == NEVER


# What an endpoint does by itself wrongly, and nothing that arrives: no vector can show it.
REFUSAL = re.compile(r"gn_fault_set\(|tparams_fault\(|GN_ERR_FORM|GN_ERR_SHORT")


def test_every_line_of_the_codecs_that_refuses_runs_under_the_vectors(tmp_path: Path) -> None:
    """The C tests of the vectors alone, counted by gcov."""
    suites = sorted(str(path.relative_to(ROOT))
                    for path in (ROOT / "tests/wire").glob("test_vectors_*.c"))
    for made in ("suites.h", "suites.inc"):
        out = subprocess.run(["tools/generate", made, *suites], cwd=ROOT, check=True,
                             capture_output=True, text=True).stdout
        (tmp_path / made).write_text(out)
    sources = [*suites, "tests/main.c", "tests/support/vectors.c", "tests/support/vector_frames.c"]
    sources += [str(path.relative_to(ROOT)) for floor in ("base", "wire")
                for path in sorted((ROOT / "ref" / floor).glob("*.c"))]
    program = tmp_path / "vectors"
    libraries = subprocess.run(["pkg-config", "--libs", "check"], check=True,
                               capture_output=True, text=True).stdout.split()
    subprocess.run(["gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O0", "--coverage", "-I.",
                    "-Iref", "-Itests", f"-I{tmp_path}", *sources, *libraries, "-o", str(program)],
                   cwd=ROOT, check=True)
    # Whether they pass is asked elsewhere; here it counts what they reach.
    subprocess.run([program], cwd=ROOT, stdout=subprocess.DEVNULL,
                   env={**os.environ, "CK_FORK": "no"})
    times: dict[str, int] = {}  # a line of a header counts wherever it was inlined
    for data in sorted(tmp_path.glob("*.gcda")):
        report = json.loads(subprocess.run(["gcov", "--json-format", "--stdout", str(data)],
                                           cwd=ROOT, check=True, capture_output=True).stdout)
        for file in report["files"]:
            if not re.match(r"ref/wire/\w+\.[ch]$", file["file"]):
                continue
            lines = (ROOT / file["file"]).read_text().split("\n")
            for line in file["lines"]:
                if REFUSAL.search(lines[line["line_number"] - 1]):
                    place = f"{file['file']}:{line['line_number']}"
                    times[place] = times.get(place, 0) + line["count"]
    silent = [place for place, count in times.items() if count == 0]
    assert not silent and len(times) > 60
