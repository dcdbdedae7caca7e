"""Rigs: what is stored when, and where a rig's time ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew import roster
from mockbrew.clock import HORIZON, SECOND
from mockbrew.errors import StoreError
from mockbrew.kept_specs import record_of
from mockbrew.rigs import DEFAULT, STRETCH, Order
from mockbrew.spec import Spec
from mockbrew.stores import open_store
from mockbrew.testbench.state import set_state
from mockbrew.timeline import KEPT
from tests.rigs.small import KETTLE, Bench, bench

DAY = 86_400
HOT = '[hazards]\nhot = { when = "Kettle.temperature > 60" }\n'


def test_what_the_store_keeps_of_a_spec_is_written_once_and_not_under_the_lock(rig: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(spec: Spec) -> str:
        raise AssertionError("a record is written again")

    monkeypatch.setattr(roster, "record_of", never)
    for name in ("team-a", "team-b"):
        rig.rigs.command(name, Order("A", "turn_on", {}), lambda look: b"done")

    with rig.store.transaction() as transaction:
        assert transaction.spec(rig.rigs.spec.digest) == record_of(rig.rigs.spec)


def test_a_command_is_one_event_and_is_seen_by_another_process(rig: Bench) -> None:
    rig.command("A", "turn_on")

    rig.rigs = rig.process()
    assert rig.reading("A", "state") == 1
    assert [(event.device, event.verb, event.arguments) for event in rig.events("A")] == [("A", "turn_on", "{}")]


def test_a_reading_writes_nothing(rig: Bench) -> None:
    rig.command("H", "turn_on")
    before = rig.store.load(DEFAULT, "Kettle")

    for _ in range(5):
        rig.wait(100)
        rig.look()

    assert rig.store.load(DEFAULT, "Kettle") == before


def test_a_command_whose_reply_can_t_be_made_has_not_happened(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = rig.store.load(DEFAULT, "A")

    def broken(look: object) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rig.rigs.command(DEFAULT, Order("A", "turn_off", {}), broken)

    assert rig.store.load(DEFAULT, "A") == before
    assert rig.reading("A", "state") == 1
    assert len(rig.events("A")) == 1


def test_a_reset_voids_all_cells_with_one_row_and_one_event(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.command("H", "turn_on")
    rig.wait(600)

    rig.rigs.reset(DEFAULT, lambda: b"")

    assert (rig.reading("A", "state"), rig.reading("H", "state"), rig.reading("T", "temperature")) == (0, 0, 20.0)
    assert [event.verb for event in rig.events("")] == ["reset"]
    assert [event.verb for event in rig.events("A")] == ["turn_on"]


def test_time_goes_on_from_a_reset(rig: Bench) -> None:
    rig.wait(1000)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(10)

    assert rig.look().at == 10 * SECOND  # the rig was made by the reset, its first request


def test_a_rig_stands_still_a_horizon_after_its_last_event_and_says_so(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(HORIZON / SECOND - 1)
    assert not rig.rigs.read(DEFAULT, "T").still

    rig.wait(1000)

    seen = rig.rigs.read(DEFAULT, "T")
    assert seen.still
    assert seen.look.at == HORIZON


def test_a_command_to_a_rig_that_stands_still_sets_its_time_going_again(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(HORIZON / SECOND + 1000)
    rig.command("A", "turn_off")
    rig.wait(10)

    seen = rig.rigs.read(DEFAULT, "A")
    assert not seen.still
    assert seen.look.at == HORIZON + 10 * SECOND


def test_virtual_time_starts_with_the_rig_and_never_goes_back(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(5)
    assert rig.look("A").at == 5 * SECOND

    rig.machine.since_1970 -= DAY * SECOND

    assert rig.look("A").at == 5 * SECOND


def test_a_log_opens_a_stretch_with_a_base_and_is_trimmed_to_whole_stretches(rig: Bench) -> None:
    for _ in range(KEPT + 2 * STRETCH + 3):
        rig.command("A", "turn_on")

    events = rig.events("A")
    assert KEPT <= len(events) < KEPT + 2 * STRETCH
    assert events[0].base is not None
    assert [event.number for event in events] == list(range(events[0].number, events[0].number + len(events)))
    assert all((event.base is not None) == (event.number % STRETCH == 0) for event in events[1:])


def test_a_log_of_what_no_command_describes_is_trimmed_too() -> None:
    rig = bench(KETTLE + HOT)
    for number in range(KEPT + 2 * STRETCH + 3):
        set_state(rig.rigs, DEFAULT, {"vessels": {"Kettle": {"temperature": 65 + number % 2}}})
        rig.wait(1)

    assert KEPT <= len(rig.events("Kettle")) < KEPT + 2 * STRETCH
    verdict = rig.rigs.judged(DEFAULT, rig.rigs.patience())
    assert [each["begins"] for each in verdict.hazards] == [0.0]


@pytest.mark.parametrize("body", ["[[1]]", "[[1,", "{}", "[[0],[0],[0],[0],[0]]"])
def test_a_damaged_cell_is_told_and_a_reset_mends_it(rig: Bench, body: str) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.row is not None
    with rig.store.transaction() as transaction:
        transaction.put_cell(loaded.rig, "Kettle", replace(loaded.row, body=body))
    rig.rigs = rig.process()

    with pytest.raises(StoreError, match=r"the state of cell 'Kettle' is damaged .*; put a copy of the store back, or reset the rig"):
        rig.look()

    rig.rigs.reset(DEFAULT, lambda: b"")
    assert rig.reading("T", "temperature") == 20.0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_a_damage_too(rig: Bench, number: str) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.row is not None
    body = loaded.row.body.replace("40.0", number, 1)
    assert body != loaded.row.body
    with rig.store.transaction() as transaction:
        transaction.put_cell(loaded.rig, "Kettle", replace(loaded.row, body=body))
    rig.rigs = rig.process()

    with pytest.raises(StoreError, match=r"the state of cell 'Kettle' is damaged \(a number is not finite\); put a copy of the store back"):
        rig.look()

    with pytest.raises(StoreError):
        rig.command("H", "turn_on")
    assert [event.verb for event in rig.events("Kettle")] == ["start"]


def test_two_processes_that_start_together_make_one_rig(tmp_path: Path) -> None:
    first = bench(folder=tmp_path)
    second = Bench(open_store(first.store.url, machine=first.machine), first.machine)
    first.command("A", "turn_on")

    assert second.reading("A", "state") == 1
    second.command("P", "turn_on")
    assert first.reading("P", "state") == 1
    first.store.close()
    second.store.close()
