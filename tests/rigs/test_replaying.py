"""Replaying: the past of a cell from the log is, to the bit, what the rig went through."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import plant as plants
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.errors import DamagedCell, HistoryGone, StillEvolving
from mockbrew.plant import Anchor
from mockbrew.replaying import Overtaken, Past, past
from mockbrew.rigs import DEFAULT, STRETCH
from mockbrew.stores.base import Event, RigRow
from mockbrew.timeline import KEPT, instant, seed_of
from tests.rigs.small import Bench, bench

COMMANDS = [("H", "turn_on", {}), ("H", "turn_off", {}), ("C", "start", {}), ("C", "stop", {}), ("C", "set_setpoint", {"setpoint": 33.3})]


def row_of(rig: Bench) -> RigRow:
    return rig.rigs.row(DEFAULT)


def now_of(rig: Bench) -> int:
    return instant(row_of(rig), rig.store.wall())


def past_of(rig: Bench, cell: str = "Kettle") -> Past:
    return past(rig.store, rig.rigs.plant, row_of(rig), cell, rig.rigs.patience())


def evolved(rig: Bench, anchor: Anchor, until: int, cell: str = "Kettle") -> Anchor:
    return plants.evolve(rig.rigs.plant.cell(cell), anchor, until, seed_of(row_of(rig)), limit=1_000_000)[0]


def live(rig: Bench, cell: str = "Kettle") -> Anchor:
    """What somebody who reads computes, who remembers nothing."""
    return rig.process().anchor(DEFAULT, cell, rig.rigs.patience())


doings = st.lists(
    st.tuples(st.one_of(st.floats(0, 4000), st.just(0.0), st.integers(0, 100)), st.sampled_from([*COMMANDS, None])), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(doings=doings, rest=st.floats(0, 20_000))
def test_the_last_stretch_evolved_to_now_is_what_is_read_bit_for_bit(doings: list[tuple[float, Any]], rest: float) -> None:
    rig = bench()
    rig.look()
    for wait, doing in doings:
        rig.wait(wait)
        if doing is None:
            rig.rigs.reset(DEFAULT, lambda: b"")
        else:
            device, verb, arguments = doing
            rig.command(device, verb, **arguments)
    rig.wait(rest)

    each, now = past_of(rig), now_of(rig)
    stretches = list(each.stretches(each.earliest, now))

    assert evolved(rig, stretches[-1].anchor, now) == live(rig)
    assert (stretches[0].begins, stretches[-1].ends) == (0, now)
    assert all(before.ends == after.begins for before, after in pairwise(stretches))


def test_each_command_opens_a_stretch_that_says_which_it_was(rig: Bench) -> None:
    rig.look()
    rig.wait(10)
    rig.command("H", "turn_on")
    rig.wait(5)
    rig.command("H", "turn_off")

    told = [(each.begins, each.ends, each.event and each.event.verb) for each in past_of(rig).stretches(0, 15 * SECOND)]

    assert told == [(0, 10 * SECOND, None), (10 * SECOND, 15 * SECOND, "turn_on"), (15 * SECOND, 15 * SECOND, "turn_off")]


def test_what_a_command_changes_at_the_instant_of_the_one_before_was_a_stretch_without_a_length(rig: Bench) -> None:
    rig.look()
    rig.wait(10)
    rig.command("H", "turn_on")
    rig.command("H", "turn_off")

    lengths = [each.ends - each.begins for each in past_of(rig).stretches(10 * SECOND, 10 * SECOND)]

    assert lengths == [0, 0]


def test_a_reset_begins_the_cell_anew_and_says_so(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(600)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(60)

    *_, before, after = past_of(rig).stretches(0, now_of(rig))

    assert (before.ends, after.begins) == (600 * SECOND, 600 * SECOND)
    assert after.event is not None
    assert (after.event.device, after.event.verb) == ("", "reset")
    assert after.anchor == plants.initial(rig.rigs.plant.cell("Kettle"), 600 * SECOND)


def test_who_begins_late_gets_what_who_begins_early_does(rig: Bench) -> None:
    rig.look()
    for number in range(STRETCH + 10):
        rig.wait(7.3)
        rig.command("C", "start" if number % 2 else "stop")
    rig.wait(100)
    each, now = past_of(rig), now_of(rig)
    begins = now - nanoseconds(123.4)
    early = list(each.stretches(0, now))

    first, *late = each.stretches(begins, now)

    assert len(late) == 4
    assert late == early[-4:]
    assert (first.begins, first.ends) == (begins, early[-5].ends)
    assert first.anchor == evolved(rig, early[-5].anchor, begins)


def test_a_part_of_the_past_ends_where_it_was_asked_to(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(100)
    rig.command("C", "stop")

    told = [(each.begins, each.ends) for each in past_of(rig).stretches(20 * SECOND, 50 * SECOND)]

    assert told == [(20 * SECOND, 50 * SECOND)]


def test_what_was_trimmed_from_the_log_is_gone_with_the_earliest_instant(rig: Bench) -> None:
    rig.look()
    for _ in range(KEPT + 2 * STRETCH):
        rig.wait(1)
        rig.command("A", "turn_on")
    each = past_of(rig, "A")
    assert each.earliest == rig.events("A")[0].at > SECOND

    with pytest.raises(HistoryGone) as caught:
        list(each.stretches(each.earliest - 1, now_of(rig)))

    assert caught.value.status == 410
    assert caught.value.members == {"earliest": each.earliest / SECOND}
    assert (
        str(caught.value)
        == f"rig 'default': what was at {each.earliest / SECOND - 1e-9:g} s is gone from the log; ask from {each.earliest / SECOND!r} s on"
    )
    assert next(iter(each.stretches(each.earliest, now_of(rig)))).begins == each.earliest


def test_what_resets_pushed_out_of_the_rigs_own_log_is_gone_for_all_cells(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(10)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(3)
    for _ in range(KEPT + 2):
        rig.rigs.reset(DEFAULT, lambda: b"")
    first = rig.events("")[0]
    assert first.number > 2

    each = past_of(rig, "A")

    assert each.earliest == first.at == 13 * SECOND
    with pytest.raises(HistoryGone):
        list(each.stretches(11 * SECOND, now_of(rig)))


def test_a_base_is_taken_where_no_command_leads(rig: Bench) -> None:
    rig.look()
    rig.wait(10)
    hot = plants.command(rig.rigs.plant.cell("Kettle"), evolved(rig, live(rig), 10 * SECOND), 10 * SECOND, "", "H", "turn_on", {})
    rig.rigs.change(DEFAULT, ("Kettle",), lambda draft: draft.put("Kettle", hot, "patch", {}))
    rig.wait(90)

    *_, last = past_of(rig).stretches(0, now_of(rig))

    assert last.event is not None
    assert (last.event.verb, last.begins, last.anchor) == ("patch", 10 * SECOND, hot)
    assert evolved(rig, last.anchor, now_of(rig)) == live(rig)


def test_a_migration_begins_the_past_anew(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(60)
    row, anchor = row_of(rig), evolved(rig, live(rig), 60 * SECOND)
    with rig.store.transaction() as transaction:
        row = replace(row, events=row.events + 1, last_at=60 * SECOND)
        body = plants.encode(anchor)
        transaction.append(row, Event(row.events, "", 60 * SECOND, 0, "", "migrate", "{}", "", row.spec))
        transaction.append(row, Event(row.events, "Kettle", 60 * SECOND, 0, "", "migrate", "{}", body, row.spec))
        transaction.put_rig(row)

    kettle, valve = past_of(rig), past_of(rig, "A")

    assert kettle.earliest == valve.earliest == 60 * SECOND
    assert [stretch.anchor.states for stretch in kettle.stretches(60 * SECOND, 60 * SECOND)] == [anchor.states]
    assert next(valve.stretches(60 * SECOND, 60 * SECOND)).anchor.at == 0  # nothing has touched it since it was made


def test_a_restored_cell_begins_at_the_restore_though_its_base_is_older(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(57)
    row, anchor = row_of(rig), evolved(rig, live(rig), 57 * SECOND)
    assert anchor.at < 57 * SECOND
    with rig.store.transaction() as transaction:
        row = replace(row, run=transaction.new_run(), events=1, last_at=57 * SECOND, reset_at=12 * SECOND, resets=3)
        said = f'{{"reset_at":{12 * SECOND}}}'
        transaction.append(row, Event(1, "", 57 * SECOND, 0, "", "restore", said, "", row.spec))
        transaction.append(row, Event(1, "Kettle", anchor.at, 0, "", "restore", "{}", plants.encode(anchor), row.spec))
        transaction.put_rig(row)

    kettle, valve = past_of(rig), past_of(rig, "A")

    assert kettle.earliest == valve.earliest == 57 * SECOND
    assert next(kettle.stretches(57 * SECOND, 57 * SECOND)).anchor == anchor
    assert next(valve.stretches(57 * SECOND, 57 * SECOND)).anchor.at == 12 * SECOND


def test_a_damaged_base_is_told(rig: Bench) -> None:
    rig.look()
    row = row_of(rig)
    with rig.store.transaction() as transaction:
        row = replace(row, events=row.events + 1)
        transaction.append(row, Event(row.events, "Kettle", 0, 0, "H", "turn_on", "{}", "[[1", row.spec))
        transaction.put_rig(row)

    with pytest.raises(DamagedCell, match=r"event 1 of cell 'Kettle' is damaged \(.*\); reset the rig"):
        list(past_of(rig).stretches(0, 0))


def test_who_runs_out_of_time_is_told(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(100_000)
    rig.stopwatch.step = 1.0

    with pytest.raises(StillEvolving):
        list(past_of(rig).stretches(90_000 * SECOND, now_of(rig)))


def test_a_rig_that_was_changed_to_another_run_has_another_past(rig: Bench) -> None:
    rig.look()
    row = row_of(rig)
    with rig.store.transaction() as transaction:
        transaction.put_rig(replace(row, run=transaction.new_run()))

    with pytest.raises(Overtaken) as refused:
        past(rig.store, rig.rigs.plant, row, "Kettle", rig.rigs.patience())

    assert str(refused.value) == "rig 'default' was changed by others again and again while its past was looked at; ask again"
    assert refused.value.status == 503


def test_replaying_changes_nothing(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(1000)
    before = rig.store.load(DEFAULT, "Kettle"), rig.events("Kettle")

    list(past_of(rig).stretches(0, now_of(rig)))

    assert (rig.store.load(DEFAULT, "Kettle"), rig.events("Kettle")) == before
