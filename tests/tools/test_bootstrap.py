"""test_bootstrap.py: on a machine that has everything, bootstrap does nothing, and quickly."""
import os
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_second_run_does_nothing_in_a_second(tmp_path):
    for name in ("apt-get", "sudo", "make"):
        stub = tmp_path / name
        stub.write_text(f"#!/bin/sh\necho {name} was called\nexit 1\n")
        stub.chmod(0o755)
    subprocess.run([str(ROOT / "tools/bootstrap")], check=True, capture_output=True)
    started = time.monotonic()
    done = subprocess.run([str(ROOT / "tools/bootstrap")], capture_output=True, text=True,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - started < 1


def test_an_unknown_group_is_refused():
    done = subprocess.run([str(ROOT / "tools/bootstrap"), "nothing"], capture_output=True,
                          text=True)
    assert done.returncode == 2
    assert "usage" in done.stderr
