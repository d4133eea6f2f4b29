"""conftest.py: where the interoperability tests find the package and each other."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "pyffi"), str(ROOT / "tests" / "interop")]
