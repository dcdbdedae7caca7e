"""The least that the bench can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.options import Options


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(tmp_path, rounds=1, seconds=1, warm_up=1, java=1, devices=(30,), endpoints=60, rigs=(1, 3), vessels=4)


@pytest.fixture
def wrk(require_program: Callable[[str], str]) -> str:
    return require_program("wrk")
