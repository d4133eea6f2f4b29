"""test_wolfssl.py: what wolfSSL gets from its caller, and that it gets nothing from elsewhere."""
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = ROOT / "tools" / "wolfssl"
ARCHIVE = ROOT / ".deps" / "wolfssl" / "lib" / "libgnomon_wolf.a"

PROGRAM = r"""
#include <assert.h>
#include <pthread.h>
#include <string.h>
#include "gn_wolf.h"

static void *
elsewhere(void *unused)
{
    assert(gn_wolf_seed_left() == 0 && gn_wolf_time() == 0);
    return unused;
}

int
main(void)
{
    uint8_t seed[GN_WOLF_SEED_MAX + 1], out[GN_WOLF_SEED_MAX];
    pthread_t other;

    for (size_t i = 0; i < sizeof seed; i++) {
        seed[i] = (uint8_t)(i + 1);
    }
    assert(gn_wolf_draw_seed(out, 1) == -1);
    assert(gn_wolf_set_seed(seed, sizeof seed) == -1 && gn_wolf_seed_left() == 0);
    assert(gn_wolf_set_seed(seed, 10) == 0 && gn_wolf_seed_left() == 10);
    assert(gn_wolf_draw_seed(out, 4) == 0 && memcmp(out, seed, 4) == 0);
    assert(gn_wolf_draw_seed(out, 7) == -1 && gn_wolf_seed_left() == 6);
    assert(gn_wolf_draw_seed(out, 6) == 0 && memcmp(out, seed + 4, 6) == 0);
    assert(gn_wolf_draw_seed(out, 1) == -1);
    assert(gn_wolf_set_seed(seed, GN_WOLF_SEED_MAX) == 0);
    gn_wolf_set_time(-5);
    assert(gn_wolf_time() == -5);
    assert(pthread_create(&other, NULL, elsewhere, NULL) == 0 && pthread_join(other, NULL) == 0);
    gn_wolf_clear_seed();
    assert(gn_wolf_seed_left() == 0 && gn_wolf_draw_seed(out, 1) == -1);
    return 0;
}
"""

# Everything that wolfSSL could ask an operating system for on its own account.
OUTSIDE = {"time", "gettimeofday", "clock_gettime", "clock", "getrandom", "getentropy", "rand",
           "random", "open", "fopen", "fread", "read", "write", "socket", "recv", "send", "connect",
           "getenv", "secure_getenv", "getpid", "opendir", "stat"}


def test_seed_and_time_belong_to_the_caller_and_the_thread(tmp_path):
    (tmp_path / "main.c").write_text(PROGRAM)
    subprocess.run(["gcc", "-std=c11", "-g", "-fsanitize=address,undefined", f"-I{HERE}",
                    "-o", "main", "main.c", str(HERE / "gn_wolf.c"), "-lpthread"],
                   cwd=tmp_path, check=True)
    subprocess.run([str(tmp_path / "main")], check=True)


def test_wolfssl_asks_the_system_for_no_time_entropy_file_or_socket():
    named = subprocess.run(["nm", "--undefined-only", "--format=posix", str(ARCHIVE)],
                           check=True, capture_output=True, text=True).stdout
    wanted = {line.split()[0] for line in named.splitlines() if line and not line.endswith(":")}
    assert "malloc" in wanted
    assert not wanted & OUTSIDE
