#!/usr/bin/env python3
"""certificates.py [--check]: makes sim/certificates_kinds.c from the files in vectors/certs.

Simulated hosts read no files, so the certificates they may show stand in their
program. --check writes nothing; it ends with status 1 when the file is not
what vectors/certs says. vectors/certs/make.sh makes the certificates.
"""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CERTS = ROOT / "vectors" / "certs"
OUT = ROOT / "sim" / "certificates_kinds.c"
# In the order of the words in sim/certificates.h.
KINDS = ("p256", "p384", "rsa", "ed25519", "chain", "expired", "future", "wild", "usage", "foreign",
         "client")
FILES = {"p256": "server"}
HEAD = """/*
 * certificates_kinds.c: see certificates.h. Made by tools/certificates.py; not edited.
 */
#include "sim/certificates.h"

#include <stddef.h>

/* clang-format off */
const char *const gn_sim_certificates_words[] = {
"""


def literal(name: str) -> str:
    lines = (CERTS / name).read_text().splitlines()
    return "\n".join(f'     "{line}\\n"' for line in lines)


def text() -> str:
    words = ["usual", "none", *KINDS]
    out = HEAD + "".join(f'    "{word}",\n' for word in words) + "    NULL,\n};\n\n"
    out += "const char gn_sim_certificates_others_ca[] =\n" + literal("ca.pem") + ";\n\n"
    out += ("/* What stands for 'usual' and 'none' is left empty. */\n"
            "const gn_sim_certificates_kind gn_sim_certificates_kinds[] = {\n"
            "    {NULL, NULL},\n    {NULL, NULL},\n")
    for kind in KINDS:
        name = FILES.get(kind, kind)
        out += f"    {{{literal(name + '.pem').lstrip()},\n{literal(name + '.key')}}},\n"
    return out + "};\n/* clang-format on */\n"


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: certificates.py [--check]", file=sys.stderr)
        return 2
    if OUT.exists() and OUT.read_text() == text():
        return 0
    if arguments:
        print(f"{OUT.relative_to(ROOT)} is not what vectors/certs says: run tools/certificates.py",
              file=sys.stderr)
        return 1
    OUT.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
