"""For tests against real servers: `bench` starts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.real.bench import Bench


@pytest.fixture
def bench(tmp_path: Path, require_program: Callable[[str], str]) -> Iterator[Bench]:
    """Real gunicorns, nginxes and clients that end with the test."""
    bench = Bench(tmp_path, require_program)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory, require_program: Callable[[str], str]) -> Iterator[Bench]:
    """As `bench`, for servers that the tests of a module share."""
    bench = Bench(tmp_path_factory.mktemp("bench"), require_program)
    yield bench
    bench.close()
