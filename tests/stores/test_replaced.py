"""A file that is deleted or replaced while it is in use: all who use it go on with what is there now, and agree."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockbrew.rigs import DEFAULT
from mockbrew.stores import open_store
from mockbrew.stores.base import Store
from mockbrew.stores.sqlite_reader import TRUSTED
from tests.rigs.small import Bench
from tests.stores.rows import Machine, command, make_rig


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gone.db"  # its connections stay open, and other tests count those of theirs


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def stores(path: Path, machine: Machine) -> Iterator[tuple[Store, Store]]:
    """Two that share the file, as two processes do."""
    pair = open_store(f"sqlite:///{path}", machine=machine), open_store(f"sqlite:///{path}", machine=machine)
    yield pair
    for store in pair:
        store.close()


def delete(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def test_all_start_afresh_when_the_file_is_deleted(path: Path, stores: tuple[Store, Store], caplog: pytest.LogCaptureFixture) -> None:
    first, second = stores
    make_rig(first)
    command(second)

    delete(path)

    assert first.load("default", "HotTank") is None
    make_rig(first)
    number = command(second)
    seen = first.load("default", "HotTank")
    assert seen is not None
    assert seen.row is not None
    assert seen.row.revision == number
    assert f"{path} was deleted or replaced while it was in use; going on with what is there now" in caplog.text


def test_closing_what_is_gone_leaves_the_log_of_its_successor_alone(path: Path, stores: tuple[Store, Store]) -> None:
    first, second = stores
    make_rig(first)
    command(first)
    delete(path)
    make_rig(second)
    number = command(second)

    first.close()  # it has not noticed

    seen = first.load("default", "HotTank")
    assert seen is not None
    assert seen.row is not None
    assert seen.row.revision == number


def test_a_copy_that_is_put_back_is_what_all_read_a_moment_later(path: Path, stores: tuple[Store, Store], machine: Machine) -> None:
    first, second = stores
    make_rig(first)
    command(first)
    first.close()
    second.close()
    shutil.copy(path, path.with_suffix(".copy"))
    for _ in range(3):
        command(second)
    kept = first.load("default", "HotTank")

    delete(path)
    path.with_suffix(".copy").rename(path)
    machine.since_boot += TRUSTED

    restored = first.load("default", "HotTank")
    assert kept is not None
    assert restored is not None
    assert restored.rig.events == kept.rig.events - 3
    assert second.load("default", "HotTank") == restored


def test_nothing_that_was_remembered_of_the_old_file_is_taken_for_the_new_one(path: Path) -> None:
    machine = Machine()
    bench = Bench(open_store(f"sqlite:///{path}", machine=machine), machine)
    bench.command("H", "turn_on")
    bench.wait(600)
    assert bench.reading("T", "temperature") != 20.0

    delete(path)
    bench.command("H", "turn_off")

    assert (bench.reading("H", "state"), bench.reading("T", "temperature")) == (0, 20.0)
    assert len(list(bench.store.events(bench.store.load(DEFAULT, "Kettle").rig, "Kettle"))) == 1  # type: ignore[union-attr]  # it was just made
    bench.store.close()
