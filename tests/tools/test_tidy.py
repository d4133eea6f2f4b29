"""test_tidy.py: every rule of tools/tidy.py bites, and a clean tree passes."""
import subprocess
import sys
from pathlib import Path

import pytest

TIDY = Path(__file__).parents[2] / "tools" / "tidy.py"

CLEAN = {
    "files.mk": "FLOORS := base wire conn\n\nREF := $(wildcard ref/base/*.c)\n",
    "README.md": "# Title\n\n## Two words\n\n[there](docs/A.md#a-heading) [here](#two-words)\n",
    "docs/A.md": "# A `heading`\n",
    "ref/gnomon.h": "/*\n * gnomon.h: the door.\n */\n#ifndef GN_GNOMON_H\n#define GN_GNOMON_H\n\n"
                    "/* Opens. */\nint gn_door_open(void);\n\n#endif\n",
    "ref/base/one.h": "/*\n * one.h: one.\n */\n#ifndef GN_BASE_ONE_H\n#define GN_BASE_ONE_H\n\n"
                      "/* One. */\nint gn_one_get(void);\n\n#endif\n",
    "ref/base/one.c": "/*\n * one.c: see one.h.\n */\n#include \"base/one.h\"\n\n"
                      "static const int table[] = {1};\n\n"
                      "int\ngn_one_get(void)\n{\n"
                      "    return table[0]; /* RFC 9000 1 [R-1-1] */\n}\n",
    "ref/wire/two.h": "/*\n * two.h: two.\n */\n#ifndef GN_WIRE_TWO_H\n#define GN_WIRE_TWO_H\n\n"
                      "#include \"base/one.h\"\n\n#endif\n",
    "tests/base/test_one.c": "/*\n * test_one.c: tests of one.\n */\n/* [R-1-1] */\n",
    "tools/a.py": '#!/usr/bin/env python3\n"""a.py: nothing."""\n',
}

ONE_C = CLEAN["ref/base/one.c"]
ONE_H = CLEAN["ref/base/one.h"]
DOOR_H = CLEAN["ref/gnomon.h"]


def tidy(root):
    done = subprocess.run([sys.executable, str(TIDY), "--root", str(root)],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def compile_object(root, name):
    out = root / "build/opt" / Path(name).with_suffix(".o")
    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-fPIC", "-fvisibility=hidden", "-ffunction-sections",
                    "-fdata-sections", "-Iref", "-c", name, "-o", str(out)], cwd=root, check=True)


def with_body(line):
    return ONE_C.replace("    return table[0];", f"    {line}\n    return table[0];")


def including(name):
    return ONE_C.replace('one.h"\n', f'one.h"\n#include {name}\n')


LONG_FUNCTION = with_body(";\n" * 70 + "    ;")
LONG_FILE = ONE_C + "/* more */\n" * 500

BREACHES = {
    "long file": ("ref/base/one.c", LONG_FILE, "500 allowed"),
    "long test": ("tests/base/test_one.c", CLEAN["tests/base/test_one.c"] + "\n" * 500, "allowed"),
    "long python": ("tools/a.py", CLEAN["tools/a.py"] + "1\n" * 500, "500 allowed"),
    "long function": ("ref/base/one.c", LONG_FUNCTION, "70 allowed"),
    "wide line": ("ref/base/one.c", with_body("/* " + "x" * 100 + " */"), "100 allowed"),
    "wide python": ("tools/a.py", CLEAN["tools/a.py"] + "#" * 101 + "\n", "100 allowed"),
    "tab": ("ref/base/one.c", with_body("\t;"), "a tab"),
    "blank at the end": ("ref/base/one.c", with_body("; "), "blanks at the end"),
    "no newline at the end": ("ref/base/one.h", ONE_H.rstrip(), "no newline"),
    "no opening": ("ref/base/one.c", ONE_C[4:], "does not open"),
    "opening of another": ("ref/base/one.c", ONE_C.replace("one.c:", "two.c:"), "does not open"),
    "python without docstring": ("tools/a.py", "x = 1\n", "docstring"),
    "empty comment": ("ref/base/one.c", with_body("/**\n     *\n     */"), "an empty comment"),
    "line comment": ("ref/base/one.c", with_body("// why"), "comments are"),
    "TODO": ("ref/base/one.c", with_body("/* TODO: more */"), "the number of its issue"),
    "FIXME in python": ("tools/a.py", CLEAN["tools/a.py"] + "# FIXME\n", "the number of its issue"),
    "path of a machine": ("README.md", "see " + "/home" + "/somebody/x\n", "a path of one machine"),
    "address in the core": ("ref/base/one.c", with_body("/* https://example.org */"), "addresses"),
    "looks up": ("ref/base/one.c", including('"wire/two.h"'), "base may not look up at wire"),
    "looks up at the door": ("ref/base/one.c", including('"gnomon.h"'),
                             "may not look up at gnomon.h"),
    "no floor": ("ref/base/one.c", including('"sim/x.h"'), "on no floor"),
    "own header second": ("ref/base/one.c", ONE_C.replace("#inc", "#include <stddef.h>\n#inc"),
                          "its own header comes first"),
    "wolfSSL outside its adapter": ("ref/base/one.c", including("<wolfssl/ssl.h>"),
                                    "only files named after wolfSSL"),
    "wide door": ("ref/gnomon.h", DOOR_H.replace("/* Opens", '#include "base/one.h"\n/* Opens'),
                  "the public header may not include"),
    "malloc": ("ref/base/one.c", with_body("malloc(1);"), "malloc() is not for the core"),
    "clock": ("ref/base/one.c", with_body("time(0);"), "time() is not for the core"),
    "goto": ("ref/base/one.c", with_body("goto end; end:;"), "goto is not for the core"),
    "bit-field": ("ref/base/one.c", with_body("struct {\n    unsigned a : 3;\n    } s;"),
                  "bit-fields"),
    "conditional": ("ref/base/one.c", with_body("\n#ifdef X\n#endif\n"), "conditional compilation"),
    "foreign name": ("ref/base/one.c", ONE_C + "\nint\ngn_two_get(void)\n{\n    return 2;\n}\n",
                     "is not named after one"),
    "no test": ("ref/base/lone.c", "/*\n * lone.c: alone.\n */\n", "has no tests/base/test_lone.c"),
    "case that never runs": ("tests/base/test_one.c", CLEAN["tests/base/test_one.c"]
                             + 'static void *c = tcase_create("other");\n', "a case called other"),
    "not in files.mk": ("files.mk", "FLOORS := base wire conn\nREF := ref/base/other.c\n",
                        "is not in files.mk"),
    "header not alone": ("ref/base/one.h", ONE_H.replace("int gn_one", "uint8_t gn_one"),
                         "does not compile alone"),
    "dead link": ("README.md", "[x](docs/NONE.md)\n", "leads nowhere"),
    "dead anchor": ("README.md", "[x](docs/A.md#none)\n", "no such heading"),
    "requirement without a test": ("ref/base/one.c", ONE_C.replace("R-1-1", "R-1-2"),
                                   "R-1-2 has no test"),
    "requirement not listed": ("docs/REQUIREMENTS.md", "# Requirements\n", "R-1-1 is not in"),
}


def test_a_clean_tree_passes(tmp_path):
    write(tmp_path, CLEAN)
    compile_object(tmp_path, "ref/base/one.c")
    status, said = tidy(tmp_path)
    assert status == 0, said
    assert "in order" in said


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_named(tmp_path, name):
    path, text, expected = BREACHES[name]
    write(tmp_path, {**CLEAN, path: text})
    status, said = tidy(tmp_path)
    assert status == 1
    assert any(line.startswith(f"{path}:") or path == "files.mk" or path == "docs/REQUIREMENTS.md"
               for line in said.splitlines() if expected in line), said


OBJECT_BREACHES = {
    "mutable": ("static int count;\n\nint\ngn_one_get(void)\n{\n    return ++count;\n}\n",
                "count can change"),
    "mutable with a value": ("int gn_one_table = 3;\n", "gn_one_table can change"),
    "mutable of a thread": ("static _Thread_local int count;\n\nint\ngn_one_get(void)\n{\n"
                            "    return ++count;\n}\n", "count can change"),
    "undeclared": ("int\ngn_one_secret(void)\n{\n    return 1;\n}\n", "no header declares it"),
}


@pytest.mark.parametrize("name", OBJECT_BREACHES)
def test_a_breach_in_an_object_is_named(tmp_path, name):
    body, expected = OBJECT_BREACHES[name]
    write(tmp_path, CLEAN)
    head = ONE_C[:ONE_C.index("static const")]
    (tmp_path / "ref/base/one.c").write_text(head + body)
    compile_object(tmp_path, "ref/base/one.c")
    status, said = tidy(tmp_path)
    assert status == 1
    assert expected in said


def test_constant_tables_of_strings_are_allowed(tmp_path):
    write(tmp_path, CLEAN)
    words = 'static const char *const words[] = {"a", "b"};\n'
    text = ONE_C.replace("static const int", words + "static const int")
    text = text.replace("return table[0];", "return table[0] + words[table[0]][0];")
    (tmp_path / "ref/base/one.c").write_text(text)
    compile_object(tmp_path, "ref/base/one.c")
    status, said = tidy(tmp_path)
    assert status == 0, said
