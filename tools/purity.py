#!/usr/bin/env python3
"""purity.py [OBJECTS LIBRARY]: proves that the core asks the system for nothing.

Looks at what every object of the core leaves undefined. Allowed are the
core's own names, a handful of C functions that only touch the memory they are
given, what assert.c needs to stop, and, in the adapters named after wolfSSL,
wolfSSL's names. The shared library, wolfSSL included, may moreover use the
heap and mutexes. All else is refused: no clock, entropy, file, socket,
environment or allocator can slip in, under any name.
"""
import re
import subprocess
import sys
from pathlib import Path

MEMORY = {"memchr", "memcmp", "memcpy", "memmove", "memset",
          "strchr", "strcmp", "strcspn", "strlen", "strncmp", "strspn", "strstr"}
STOPPING = {"abort", "fprintf", "fwrite", "stderr", "__fprintf_chk"}
COMPILER = {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}
OWN = re.compile(r"gn_")
WOLF = re.compile(r"wolfSSL_|wolfTLS|TLSX_|wc_|gn_wolf_")
# What wolfSSL itself uses inside the library that a user links.
LIBRARY = MEMORY | STOPPING | COMPILER | {
    "malloc", "realloc", "free",
    "pthread_mutex_init", "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_mutex_destroy",
    "__ctype_b_loc", "__ctype_tolower_loc", "__ctype_toupper_loc", "__tls_get_addr",
    "gmtime_r", "snprintf", "__snprintf_chk", "strtol", "strcasecmp", "strncasecmp", "strcmp",
    "strncmp", "strchr", "strstr", "strncpy", "strncat",
    "__memcpy_chk", "__memset_chk", "__memmove_chk", "__strncpy_chk", "__strncat_chk",
    "__cxa_finalize", "__gmon_start__", "_ITM_deregisterTMCloneTable",
    "_ITM_registerTMCloneTable",
}


def undefined(path, *options):
    """The names an object or library needs from elsewhere, without their versions."""
    text = subprocess.run(["nm", "--undefined-only", "--format=posix", *options, str(path)],
                          check=True, capture_output=True, text=True).stdout
    return [line.split()[0].split("@")[0] for line in text.splitlines() if line]


def impure(path):
    """What an object of the core asks for and may not."""
    allowed = MEMORY | COMPILER
    if path.stem == "assert":
        allowed = allowed | STOPPING
    for name in undefined(path):
        if name in allowed or OWN.match(name):
            continue
        if "wolf" in path.stem and WOLF.match(name):
            continue
        yield name


def main(arguments):
    objects = Path(arguments[0] if arguments else "build/opt/ref")
    library = Path(arguments[1]) if len(arguments) > 1 else None
    paths = sorted(objects.rglob("*.o"))
    bad = [f"{path}: asks for {name}" for path in paths for name in impure(path)]
    if library:
        bad += [f"{library}: asks for {name}" for name in undefined(library, "--dynamic")
                if name not in LIBRARY]
    for line in bad:
        print(line)
    if not paths:
        print(f"purity: no objects in {objects}")
        return 2
    if not bad:
        print(f"purity: {len(paths)} objects ask the system for nothing")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
