"""For tests of requests that faults of transport hit: a server on either sort of store, whose clock is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    made.admin("PUT", "clock", {"rate": 0})  # which takes effect 5 ms later
    yield made
    made.store.close()
