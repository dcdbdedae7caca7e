"""For tests of what is expected of a journal: an app on either sort of store, and one with commands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


@pytest.fixture
def brewed(bench: Bench) -> Bench:
    """Entry 1 at 0 s: A on. 2 and 3 at 60 s: a setpoint is refused, another is set. 4 at 90 s: B on."""
    bench.get("/startA.py")
    bench.wait(60)
    bench.ask("/setCible1_999.py")
    bench.get("/setCible1_65.py")
    bench.wait(30)
    bench.get("/startB.py")
    bench.wait(10)
    return bench
