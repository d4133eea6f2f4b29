"""test_purity.py: tools/purity.py lets memory functions pass and nothing else."""
import subprocess
import sys
from pathlib import Path

import pytest

PURITY = Path(__file__).parents[2] / "tools" / "purity.py"


def purity(tmp_path, name, code, library=False):
    source = tmp_path / f"{name}.c"
    source.write_text(code)
    compiled = tmp_path / "objects" / f"{name}.o"
    compiled.parent.mkdir()
    subprocess.run(["gcc", "-O1", "-w", "-fPIC", "-c", str(source), "-o", str(compiled)],
                   check=True)
    command = [sys.executable, str(PURITY), str(compiled.parent)]
    if library:
        shared = tmp_path / "lib.so"
        subprocess.run(["gcc", "-shared", str(compiled), "-o", str(shared)], check=True)
        command.append(str(shared))
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout


IMPURE = {
    "a clock": ("long time(long *); long gn_f(void) { return time(0); }", "time"),
    "a finer clock": ("int clock_gettime(int, void *); int gn_f(void *p) "
                      "{ return clock_gettime(0, p); }", "clock_gettime"),
    "entropy": ("long getrandom(void *, long, int); long gn_f(void *p) "
                "{ return getrandom(p, 8, 0); }", "getrandom"),
    "an allocator": ("void *malloc(long); void *gn_f(void) { return malloc(9); }", "malloc"),
    "a file": ("void *fopen(char *, char *); void *gn_f(char *p) { return fopen(p, p); }", "fopen"),
    "a socket": ("int socket(int, int, int); int gn_f(void) { return socket(1, 1, 1); }", "socket"),
    "the environment": ("char *getenv(char *); char *gn_f(char *p) { return getenv(p); }",
                        "getenv"),
    "a global of the system": ("extern char **environ; char *gn_f(void) { return *environ; }",
                               "environ"),
    "wolfSSL": ("int wc_f(void); int gn_f(void) { return wc_f(); }", "wc_f"),
}


@pytest.mark.parametrize("name", IMPURE)
def test_an_object_that_asks_for(tmp_path, name):
    code, symbol = IMPURE[name]
    status, said = purity(tmp_path, "one", code)
    assert status == 1
    assert said.rstrip().endswith(f"asks for {symbol}")


def test_memory_and_own_names_are_pure(tmp_path):
    status, said = purity(tmp_path, "one", "void *memcpy(void *, void *, unsigned long);"
                          "int gn_g(void); int gn_f(void *a, void *b, long n) "
                          "{ memcpy(a, b, n); return gn_g(); }")
    assert status == 0, said
    assert "1 objects" in said


def test_only_the_adapter_may_ask_for_wolfssl(tmp_path):
    status, _ = purity(tmp_path, "tls_wolfssl", "int wc_f(void); int gn_f(void) { return wc_f(); }")
    assert status == 0


def test_only_the_assertion_may_stop(tmp_path):
    status, _ = purity(tmp_path, "assert", "void abort(void); void gn_f(void) { abort(); }")
    assert status == 0


def test_a_library_that_reads_a_clock(tmp_path):
    status, said = purity(tmp_path, "tls_wolfssl", "long time(long *); long gn_f(void) "
                          "{ return time(0); }", library=True)
    assert status == 1
    assert "lib.so: asks for time" in said


def test_nothing_to_look_at_is_not_a_pass(tmp_path):
    done = subprocess.run([sys.executable, str(PURITY), str(tmp_path)], capture_output=True)
    assert done.returncode == 2
