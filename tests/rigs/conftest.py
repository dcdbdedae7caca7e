"""For tests of rigs: one on either sort of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app import asking
from tests.rigs import changing, small


@pytest.fixture(params=["memory", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[small.Bench]:
    made = small.bench(folder=tmp_path if request.param == "file" else None)
    yield made
    made.store.close()


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[asking.Bench]:
    """An app whose spec can be changed."""
    made = asking.on_file(tmp_path, changing.RIG) if request.param == "file" else asking.on_memory(changing.RIG)
    yield made
    made.store.close()
