"""Simulations of small plants, against closed forms and against the plant itself."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew import plant as plants
from mockbrew.clock import SECOND, nanoseconds, seconds
from mockbrew.conditions import parse as parse_condition
from mockbrew.conditions.names import readings_of
from mockbrew.devices import BUILT_IN
from mockbrew.plant import Look
from mockbrew.router import Router
from mockbrew.script import Order, parse
from mockbrew.simulation import SEED, Passed, Rig, run
from mockbrew.spec import parse as parse_spec

# The heat-up of docs/physics.md: 50 L, 4 kJ/K of wall, 5500 W, 8 W/K, from 20 degC.
SPEC = parse_spec(
    """
spec = "1.0"
[rig.endpoints]
reset = { url = "/reset", verb = "reset", reply = {} }
[interfaces.switch]
on  = { url = "/{id}/on", verb = "turn_on", reply = {} }
off = { url = "/{id}/off", verb = "turn_off", reply = {} }
[interfaces.control]
on  = { url = "/{id}/on", verb = "start", reply = {} }
off = { url = "/{id}/off", verb = "stop", reply = {} }
aim = { url = "/{id}/aim/{setpoint}", verb = "set_setpoint", reply = {} }
[vessels]
Tank = { capacity = 60, volume = 50, loss = 8, wall = 4 }
Tun  = { capacity = 40, volume = 20, loss = 8, wall = 4 }
[pipes]
Drain = { source = "Tun", destination = "out", valves = ["V"] }
[devices]
V = { kind = "valve", interface = "switch" }
H = { kind = "heater", interface = "switch", vessel = "Tank", power = 5500 }
T = { kind = "probe", vessel = "Tank", lag = 10 }
C = { kind = "pid", interface = "control", probe = "T", heaters = ["H"], setpoint = 50 }
""",
    "rig.toml",
    BUILT_IN,
)
HEAT_UP = 2265.35  # s to 76 degC


def step(*do: str, lasts: float | None = None, until: str | None = None, limit: float = 7200) -> dict[str, Any]:
    ends = {"for": lasts} if until is None else {"until": until, "limit": limit}
    return {"do": list(do), **ends}


def written(steps: list[dict[str, Any]]) -> str:
    lines = [f"{key} = {value!r}" for each in steps for key, value in (("[[steps]]", None), *each.items())]
    return "\n".join(['script = "1.0"', *(line.removesuffix(" = None") for line in lines)])


def simulated(*steps: dict[str, Any], every: float = 1000) -> tuple[list[Passed], Rig, list[int]]:
    """The steps, the rig at the end, and the instants that were observed."""
    rig, seen = Rig(SPEC), list[int]()
    script = parse(written(list(steps)), "day.toml", SPEC, Router(SPEC))
    passed = list(run(rig, script, nanoseconds(every), lambda rig: seen.append(rig.at)))
    return passed, rig, seen


def value(rig: Rig, device: str, reading: str) -> Any:
    return next(rig.readings([(device, reading)]))


# -- when a step ends ----------------------------------------------------------------------------------------------


def test_a_condition_ends_its_step_at_the_instant_at_which_it_comes_true() -> None:
    (heated,), rig, _ = simulated(step("/H/on", until="Tank >= 76"))

    assert heated.reached
    assert seconds(heated.ends) == pytest.approx(HEAT_UP, abs=6e-3)  # of its last digit, and a millisecond
    assert 0 <= value(rig, "Tank", "temperature") - 76 < 1e-4


def test_a_condition_that_holds_already_ends_its_step_at_once_after_its_orders() -> None:
    (lit,), rig, _ = simulated(step("/H/on", until="H == 1"))

    assert (lit.begins, lit.ends, lit.reached) == (0, 0, True)
    assert value(rig, "H", "state") == 1


def test_a_condition_may_come_true_by_what_happens_at_a_boundary() -> None:
    steps, rig, _ = simulated(step("/V/on", until="Drain < 1"), step("/C/aim/22", "/C/on", until="H.state == 0"))

    drained, released = steps
    assert seconds(drained.ends) == pytest.approx(120, abs=2e-3)  # 20 L at 10 L/min
    assert value(rig, "Tun", "volume") == 0
    assert (released.ends - released.begins) % (SECOND // 100) == 0  # a thousandth of its window of 10 s: the end of an on-time
    assert value(rig, "H", "state") == 0


def test_what_is_true_only_between_two_boundaries_is_seen() -> None:
    # Heated to 25 and left to cool, with no boundary in between: the fall through 24.9 is long after the order.
    steps, rig, _ = simulated(step("/H/on", until="T >= 25"), step("/H/off", until="T <= 24.9", limit=86400))

    assert [passed.reached for passed in steps] == [True, True]
    assert value(rig, "T", "temperature") == pytest.approx(24.9, abs=1e-6)


def test_a_condition_that_is_not_reached_ends_all_at_its_limit_with_what_came_nearest() -> None:
    (missed,), rig, _ = simulated(step("/H/on", until="Tank >= 76", limit=100.5), step("/V/on", lasts=10))

    assert (missed.reached, rig.at) == (False, nanoseconds(100.5))
    assert missed.nearest is not None
    assert missed.nearest.approaches[0].value == value(rig, "Tank", "temperature")
    assert value(rig, "V", "state") == 0


def test_a_condition_that_comes_true_at_the_very_limit_is_reached() -> None:
    (drained,), _, _ = simulated(step("/V/on", until="Tun.volume <= 0", limit=120))

    assert (drained.reached, drained.ends) == (True, 120 * SECOND)


# -- what a search and an observer may not do ----------------------------------------------------------------------


def test_a_search_changes_nothing() -> None:
    rig, undisturbed = Rig(SPEC), Rig(SPEC)
    for each in (rig, undisturbed):
        each.command(Order("C", "start", {}))

    rig.search(parse_condition("T >= 45", readings_of({name: entry.device for name, entry in SPEC.entries.items()})), 3600 * SECOND)
    rig.at = undisturbed.at = 1234 * SECOND

    assert value(rig, "T", "temperature") == value(undisturbed, "T", "temperature")
    assert value(rig, "C", "duty") == value(undisturbed, "C", "duty")


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_a_simulation_is_the_plant_bit_for_bit_however_often_it_is_observed(every: float) -> None:
    _, rig, _ = simulated(step("/C/on", lasts=900), step("/C/aim/60", "/V/on", lasts=777), every=every)

    cell = plants.Plant(SPEC).cell("Tank")
    anchor = plants.command(cell, plants.initial(cell, 0), 0, SEED, "C", "start", {})
    anchor, _ = plants.evolve(cell, anchor, 900 * SECOND, SEED, limit=10**6)
    anchor = plants.command(cell, anchor, 900 * SECOND, SEED, "C", "set_setpoint", {"setpoint": 60.0})
    anchor, _ = plants.evolve(cell, anchor, 1677 * SECOND, SEED, limit=10**6)
    assert value(rig, "T", "temperature") == Look(cell, anchor, 1677 * SECOND, SEED).reading("T", "temperature")


def test_what_is_observed_is_each_multiple_of_the_interval_once_and_the_end() -> None:
    _, _, seen = simulated(step(lasts=20), step(lasts=0.5), step(lasts=14.5), every=10)

    assert seen == [0, 10 * SECOND, 20 * SECOND, 30 * SECOND, 35 * SECOND]


def test_an_order_at_an_observed_instant_is_seen_at_it() -> None:
    rig, states = Rig(SPEC), list[Any]()
    script = parse(written([step(lasts=10), step("/H/on", lasts=10)]), "day.toml", SPEC, Router(SPEC))

    list(run(rig, script, 10 * SECOND, lambda rig: states.append(value(rig, "H", "state"))))

    assert states == [0, 1, 1]


def test_a_reset_puts_all_back_and_time_goes_on() -> None:
    _, rig, _ = simulated(step("/H/on", "/V/on", lasts=60), step("/reset", lasts=40))

    assert rig.at == 100 * SECOND
    assert [value(rig, *of) for of in (("H", "state"), ("V", "state"), ("Tank", "temperature"), ("Tun", "volume"))] == [0, 0, 20, 20]
