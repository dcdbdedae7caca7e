"""For tests of judgement: a rig with rules, on either sort of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.judgement.ruled import TEXT
from tests.rigs.small import Bench, bench


@pytest.fixture(params=["memory", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = bench(TEXT, tmp_path if request.param == "file" else None)
    made.look()
    yield made
    made.store.close()
