"""conftest.py: what the Python tests share: certificates, a pair of endpoints, short scenarios."""
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "pyffi"), str(ROOT / "tools")]

from pair import Pair  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """An endpoint that nobody freed is a mistake in a test."""
    config.addinivalue_line("filterwarnings", "error::ResourceWarning")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A client and a server with 10 ms between them, connected by nothing yet."""
    with Pair() as made:
        yield made


@pytest.fixture
def scenario() -> str:
    """The scenario that the demo shows."""
    return "wifi-to-lte-hard-cut"
