"""Judges: whoever they are, however often and however many at once, they find the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import hearings
from mockbrew.errors import NoSuchRig, StillEvolving
from mockbrew.hazards import docket as dockets
from mockbrew.messages import Order
from mockbrew.rigs import DEFAULT
from mockbrew.roster import delete
from mockbrew.stores.base import Event, Store, Transaction
from tests.rigs.judgement.ruled import TEXT, found, verdict
from tests.rigs.small import Bench, bench

doings = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.001, 3.0, 400.0]),
        st.sampled_from([("A", "turn_on"), ("A", "turn_off"), ("H", "turn_on"), ("H", "turn_off"), ("C", "start"), ("C", "stop"), None]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(doings=doings)
def test_who_judges_now_and_then_finds_what_who_judges_once_does(doings: list[tuple[float, tuple[str, str] | None, bool]]) -> None:
    often, once = bench(TEXT), bench(TEXT)
    for wait, doing, judged in doings:
        for each in (often, once):
            each.wait(wait)
            if doing is None:
                each.rigs.reset(DEFAULT, lambda: b"")
            else:
                each.command(*doing)
        if judged:
            verdict(often)
    for each in (often, once):
        each.look()
        each.wait(1)

    assert verdict(often).hazards == verdict(once).hazards


def test_judging_changes_nothing_that_is_read(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(1000)
    before = rig.store.load(DEFAULT, "Kettle"), rig.look().anchor

    verdict(rig)

    assert (rig.store.load(DEFAULT, "Kettle"), rig.look().anchor) == before


def test_what_takes_long_is_judged_in_slices_and_nothing_is_judged_twice(rig: Bench) -> None:
    quick = bench(TEXT)
    for each in (rig, quick):
        each.look()
        each.command("C", "start")
        each.wait(3000)
        each.command("A", "turn_on")
        each.wait(1000)
    rig.stopwatch.step = 0.1
    with pytest.raises(StillEvolving, match="progress is kept, ask again"):
        verdict(rig)
    tries = attempts(rig)

    assert next(tries) is None
    (told,) = [each for each in tries if each is not None]
    assert len(told) > 100  # the controller switches its heater
    assert told == verdict(quick).hazards


def attempts(rig: Bench) -> Iterator[list[dict[str, Any]] | None]:
    """Verdicts, up to one; None for each that takes too long."""
    told = None
    while told is None:
        with suppress(StillEvolving):
            told = verdict(rig).hazards
        yield told


def test_several_who_judge_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    rig = bench(TEXT, tmp_path)
    for _ in range(200):
        rig.wait(1)
        rig.command("A", "turn_on")
        rig.wait(1)
        rig.command("A", "turn_off")
    told: list[list[tuple[Any, ...]]] = []
    threads = [threading.Thread(target=lambda: told.append(found(rig))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = [("open", 2.0 * number, 2.0 * number + 1) for number in range(200)]
    assert [len(each) for each in told] == [200] * 4
    assert found(rig) == told[0]
    assert verdict(rig).count == 200
    assert [begins for _, begins, _ in told[0]] == [begins for _, begins, _ in expected]
    rig.store.close()


@dataclass(slots=True)
class Overtaken:
    """A store at whose lock somebody else comes first, once."""

    store: Store
    first: Callable[[], object] | None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        first, self.first = self.first, None
        if first:
            first()
        with self.store.transaction() as transaction:
            yield transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_who_is_overtaken_goes_on_from_where_the_other_one_is(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    store: Any = Overtaken(rig.store, lambda: verdict(rig))
    rig.rigs.store = store

    told = rig.rigs.judged(DEFAULT, rig.rigs.patience())

    assert [(each["rule"], each["begins"], each["ends"]) for each in told.hazards] == [("open", 1.0, 2.0)]
    assert (told.count, verdict(rig).count) == (1, 1)


def begin_a_run(rig: Bench) -> None:
    """As a restore does."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row
        row = replace(row, run=transaction.new_run(), events=1, last_at=0, clock=row.clock.rebased(0, rig.store.wall()))
        transaction.append(row, Event(1, "", 0, 0, "", "restore", '{"reset_at":0}', "", row.spec))
        transaction.put_rig(row)


def test_who_judges_while_another_run_begins_judges_that_one(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    store: Any = Overtaken(rig.store, lambda: begin_a_run(rig))
    rig.rigs.store = store

    told = rig.rigs.judged(DEFAULT, rig.rigs.patience())

    assert (told.at, told.hazards) == (0, [])


def test_who_judges_while_the_rig_is_deleted_is_told_that_there_is_none(rig: Bench) -> None:
    rig.rigs.command("ours", Order("A", "turn_on", {}), lambda look: b"")
    rigs = rig.process()
    store: Any = Overtaken(rig.store, lambda: delete(rig.store, "ours"))
    rigs.store = store

    with pytest.raises(NoSuchRig):
        rigs.judged("ours", rigs.patience())


def test_many_events_at_one_instant_are_judged_in_slices_too(rig: Bench) -> None:
    quick = bench(TEXT)
    for each in (rig, quick):
        for _ in range(20):
            each.command("A", "turn_on")
            each.command("A", "turn_off")
    rig.stopwatch.step = 0.3
    with pytest.raises(StillEvolving):
        verdict(rig)
    seen = dockets.read(next(iter(rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED).values())))

    (told,) = [each for each in attempts(rig) if each is not None]

    assert 0 < seen.events < 40
    assert told == verdict(quick).hazards
    assert len(told) == 20
