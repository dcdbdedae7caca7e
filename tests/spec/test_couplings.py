"""What devices name of each other, and the cells that follow from it."""

from __future__ import annotations

import pytest

from tests.spec.refusals import accepted, told

RIG = (
    "[vessels]",
    "HotTank = { capacity = 50, volume = 40 }",
    "Ebu = { capacity = 50, volume = 40 }",
    "[devices]",
    'B1 = { kind = "heater", vessel = "HotTank", power = 1 }',
    'P1 = { kind = "pump" }',
    'Temp1 = { kind = "probe", vessel = "HotTank" }',
)


def test_a_vessel_that_is_not_there_is_told_with_the_vessels_and_the_likely_one() -> None:
    message = "devices.T.vessel: nothing is called 'HotTnk'; it must be the name of a vessel; known: Ebu, HotTank (did you mean 'HotTank'?)"
    assert told(*RIG, 'T = { kind = "probe", vessel = ▸"HotTnk" }') == [message]


def test_a_probe_that_is_not_there_is_told_with_all_that_would_fit() -> None:
    message = "devices.C.probe: nothing is called 'Tmp1'; it must be the name of a device that reads a temperature"
    known = "known: Ebu, HotTank, Temp1 (did you mean 'Temp1'?)"
    assert told(*RIG, 'C = { kind = "pid", probe = ▸"Tmp1", setpoint = 5 }') == [f"{message}; {known}"]


def test_an_output_that_is_not_there_is_told_with_all_that_would_fit() -> None:
    message = "devices.C.heaters[1]: nothing is called 'P11'; it must be the name of an actuator; known: B1, P1 (did you mean 'P1'?)"
    assert told(*RIG, 'C = { kind = "pid", probe = "Temp1", setpoint = 5, heaters = ["B1", ▸"P11"] }') == [message]


def test_an_entry_that_can_not_do_it_is_told_with_its_kind() -> None:
    lines = 'C = { kind = "pid", probe = ▸"B1", setpoint = 5, heaters = [▸"Temp1", ▸"Ebu"] }', 'T = { kind = "probe", vessel = ▸"P1" }'

    assert told(*RIG, *lines) == [
        "devices.C.probe: 'B1' is a heater; it must be the name of a device that reads a temperature; known: Ebu, HotTank, T, Temp1",
        "devices.C.heaters[0]: 'Temp1' is a probe; it must be the name of an actuator; known: B1, P1",
        "devices.C.heaters[1]: 'Ebu' is a vessel; it must be the name of an actuator; known: B1, P1",
        "devices.T.vessel: 'P1' is a pump; it must be the name of a vessel; known: Ebu, HotTank",
    ]


def test_a_device_does_not_fit_itself() -> None:
    message = "devices.C.heaters[0]: 'C' is a pid; it must be the name of an actuator; known: B1, P1"
    assert told(*RIG, 'C = { kind = "pid", probe = "Temp1", setpoint = 5, heaters = [▸"C"] }') == [message]


def test_two_controllers_on_one_output_are_told_at_the_second() -> None:
    first = 'C1 = { kind = "pid", probe = "Temp1", setpoint = 5, heaters = ["B1"], pumps = ["P1"] }'
    second = 'C2 = { kind = "thermostat", probe = "Temp1", setpoint = 5, heaters = [▸"P1", ▸"B1"] }'

    assert told(*RIG, first, second) == [
        "devices.C2.heaters[0]: 'P1' is an output already, in devices.C1.pumps; an output has one controller",
        "devices.C2.heaters[1]: 'B1' is an output already, in devices.C1.heaters; an output has one controller",
    ]


def test_one_controller_commands_an_output_from_one_option_only() -> None:
    message = "devices.C.pumps[0]: 'B1' is an output already, in devices.C.heaters; an output has one controller"
    assert told(*RIG, 'C = { kind = "pid", probe = "Temp1", setpoint = 5, heaters = ["B1"], pumps = [▸"B1"] }') == [message]


def test_two_controllers_may_read_one_probe() -> None:
    accepted(*RIG, *(f'C{number} = {{ kind = "pid", probe = "Temp1", setpoint = 5 }}' for number in range(2)))


def test_of_many_names_only_some_are_told_and_the_likely_one_is_found_all_the_same() -> None:
    vessels = [f"Tank{number:04} = {{ capacity = 5, volume = 1 }}" for number in range(1000)]
    (message,) = told("[vessels]", *vessels, "[devices]", 'T = { kind = "probe", vessel = ▸"Tank0734x" }')

    assert message.endswith("Tank0018, Tank0019 and 980 more (did you mean 'Tank0734'?)")


# -- cells ---------------------------------------------------------------------------------------------------------


def test_what_names_each_other_directly_or_not_is_one_cell_in_the_order_of_the_spec() -> None:
    spec = accepted(
        *RIG,
        'Alone = { kind = "valve" }',
        'Temp2 = { kind = "probe", vessel = "Ebu" }',
        'C = { kind = "pid", probe = "Temp1", setpoint = 5, heaters = ["B1"], pumps = ["P1"] }',
    )

    assert spec.cells == (("HotTank", "B1", "P1", "Temp1", "C"), ("Ebu", "Temp2"), ("Alone",))


@pytest.mark.parametrize("order", [1, -1])
def test_a_device_may_name_one_that_stands_after_it(order: int) -> None:
    lines = ['T = { kind = "probe", vessel = "HotTank" }', 'C = { kind = "pid", probe = "T", setpoint = 5 }'][::order]
    spec = accepted(*RIG, *lines)

    assert {"T", "C", "HotTank"} <= set(spec.cells[0])


def test_an_empty_rig_is_a_rig() -> None:
    spec = accepted()

    assert (dict(spec.entries), spec.cells, spec.surroundings.ambient, spec.surroundings.boiling_point) == ({}, (), 20.0, 100.0)
