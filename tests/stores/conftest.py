"""Each store in turn, on a machine whose time the test sets, with one rig in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockbrew.stores import open_store
from mockbrew.stores.base import RigRow, Store
from tests.stores.rows import Machine, make_rig


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test may have its file."""
    return tmp_path / "brew.db"


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, machine: Machine) -> Iterator[Store]:
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path}/brew.db"
    opened = open_store(url, machine=machine)
    yield opened
    opened.close()


@pytest.fixture
def rig(store: Store) -> RigRow:
    return make_rig(store)
