"""Rules that orders must keep: a command that would break one changes nothing, a controller's order is not given."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.base import View
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from mockbrew.errors import Interlocked
from mockbrew.faults.devices import Fault
from mockbrew.plant import Anchor, Blocked, Cell, Interlock
from tests.plant.cells import ENDLESS, ROOM, evolve, look, order, started


def dry_fire(view: View) -> bool:
    return view.reading("H", "on") == 1 and view.state("V").mass < 5


def guarded(*rules: Interlock, volume: float = 1.0) -> Cell:
    """A vessel V that a tap A fills and a drain D empties, with a heater H and a PID C."""
    devices = (
        Vessel(name="V", capacity=50, volume=volume),
        Valve(name="A"),
        Valve(name="D"),
        Pipe(name="W", source=MAINS, destination="V", valves=("A",), flow=6.0),
        Pipe(name="X", source="V", destination=OUT, valves=("D",), flow=6.0),
        Heater(name="H", vessel="V", power=5000),
        Probe(name="T", vessel="V"),
        Pid(name="C", probe="T", heaters=("H",), setpoint=90),
    )
    return plant.build(devices, ROOM, rules)


DRY_FIRE = Interlock("dry-fire", dry_fire)


def blocked_until(cell: Cell, anchor: Anchor, seconds: int) -> tuple[Anchor, list[Blocked]]:
    blocked: list[Blocked] = []
    anchor, done = plant.evolve(cell, anchor, seconds * SECOND, "", limit=ENDLESS, blocked=blocked)

    assert done
    return anchor, blocked


def test_a_command_that_would_break_a_rule_is_refused_and_changes_nothing() -> None:
    cell = guarded(DRY_FIRE)
    anchor = plant.initial(cell, 0)
    before = plant.encode(anchor)

    with pytest.raises(Interlocked) as refused:
        order(cell, anchor, 10, "H", "turn_on")

    assert str(refused.value) == "H: turn_on would break the rule 'dry-fire'; nothing was changed"
    assert (refused.value.status, refused.value.members) == (409, {"rule": "dry-fire", "device": "H"})
    assert plant.encode(anchor) == before
    assert look(cell, anchor, 10).reading("H", "state") == 0


def test_a_command_that_leaves_a_broken_rule_broken_is_given() -> None:
    cell = guarded(DRY_FIRE, volume=5.05)
    anchor = order(cell, started(cell, "H", "turn_on"), 1, "D", "turn_on")  # nobody orders what the drain does then
    anchor = evolve(cell, anchor, 10)

    anchor = order(cell, anchor, 10, "H", "turn_on")

    assert look(cell, anchor, 10).reading("H", "on") == 1
    assert look(cell, anchor, 10).state("V").mass < 5


def test_a_rule_is_asked_of_what_really_is() -> None:
    cell = guarded(DRY_FIRE)
    stuck = plant.fail(cell, plant.initial(cell, 0), 0, "0/a", Fault("f", "stuck_off", "H"))

    anchor = order(cell, stuck, 1, "H", "turn_on", "0/a")

    assert [look(cell, anchor, 1).reading("H", name) for name in ("state", "on")] == [1, 0]


def test_an_order_of_a_controller_that_would_break_a_rule_is_not_given_and_is_told() -> None:
    cell = guarded(DRY_FIRE)
    anchor, blocked = blocked_until(cell, started(cell, "C", "start"), 12)

    assert blocked == [Blocked(at * SECOND, "C", "H", "turn_on", "dry-fire") for at in (5, 10)]
    assert look(cell, anchor, 12).reading("H", "state") == 0
    assert look(cell, anchor, 12).reading("C", "duty") == 1.0


def test_what_is_blocked_at_the_instant_of_a_command_is_told_by_the_command() -> None:
    cell, blocked = guarded(DRY_FIRE), list[Blocked]()

    plant.command(cell, plant.initial(cell, 0), 0, "", "C", "start", {}, blocked=blocked)

    assert blocked == [Blocked(0, "C", "H", "turn_on", "dry-fire")]


def test_a_blocked_order_is_given_at_the_first_sample_at_which_it_breaks_nothing() -> None:
    cell = guarded(DRY_FIRE)
    anchor = order(cell, started(cell, "C", "start"), 1, "A", "turn_on")

    anchor, blocked = blocked_until(cell, anchor, 60)

    assert [each.at for each in blocked] == [at * SECOND for at in range(5, 41, 5)]
    assert look(cell, anchor, 60).reading("H", "on") == 1


def test_looking_in_between_changes_nothing_of_what_is_blocked() -> None:
    cell = guarded(DRY_FIRE)
    anchor = order(cell, started(cell, "C", "start"), 1, "A", "turn_on")
    straight, at_once = blocked_until(cell, anchor, 60)

    found: list[Blocked] = []
    for seconds in range(1, 61):
        anchor, blocked = blocked_until(cell, anchor, seconds)
        found += blocked

    assert (plant.encode(anchor), found) == (plant.encode(straight), at_once)


@pytest.mark.parametrize("interlocks", [(), (Interlock("never", lambda view: False),)])
def test_a_rule_that_nothing_breaks_changes_nothing(interlocks: Any) -> None:
    free, held = guarded(volume=20), guarded(*interlocks, volume=20)

    one, other = (evolve(cell, started(cell, "C", "start"), 36_000) for cell in (free, held))

    assert plant.encode(one) == plant.encode(other)
