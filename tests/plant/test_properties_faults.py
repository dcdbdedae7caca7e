"""What holds of every plant holds of a failing one: looking changes nothing, heat and mass are neither made nor lost.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from tests.plant.breaking import FailingDrive, broken
from tests.plant.driving import Drive, Stretch
from tests.plant.histories import Case
from tests.plant.scenarios import cases
from tests.plant.test_properties_balance import PART, accounts_of
from tests.plant.test_properties_looks import Disturbance, disturbances, with_noise

EXAMPLES = int(os.environ.get("HISTORIES", "60"))
SLOW = [HealthCheck.too_slow]


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=broken(cases.map(with_noise)), many=disturbances)
def test_looks_cuts_and_stores_change_nothing_later(case: Case, many: list[Disturbance]) -> None:
    end = case.until * SECOND
    disturbed, undisturbed = FailingDrive(case, "0/a"), FailingDrive(case, "0/a")

    for each in many:
        each.happens(disturbed, case)
    disturbed.to(end)
    undisturbed.to(end)

    assert disturbed.anchor == undisturbed.anchor
    assert plant.encode(disturbed.anchor) == plant.encode(undisturbed.anchor)
    assert repr(plant.moved(disturbed.cell, disturbed.anchor, end)) == repr(plant.moved(undisturbed.cell, undisturbed.anchor, end))
    assert plant.faults_of(disturbed.cell, disturbed.anchor, end) == plant.faults_of(undisturbed.cell, undisturbed.anchor, end)


# -- balances ------------------------------------------------------------------------------------------------------


def weakened(case: Case, stretch: Stretch) -> Case:
    """The case with its heaters as faults have them during a stretch."""
    acting = [each.fault for each in plant.faults_of(stretch.cell, stretch.anchor, stretch.begin) if each.acts]
    shares: dict[str, float] = {}
    for fault in acting:
        share = {"weak": dict(fault.parameters).get("share", 1.0), "no_ignition": 0.0}.get(fault.sort, 1.0)
        shares[fault.device] = shares.get(fault.device, 1.0) * share
    devices = tuple(
        replace(device, efficiency=device.efficiency * shares.get(device.name, 1.0)) if isinstance(device, Heater) else device
        for device in case.devices
    )
    return case._replace(devices=devices)


@settings(max_examples=EXAMPLES // 3, suppress_health_check=SLOW)
@given(case=broken(cases))
def test_what_a_vessel_holds_has_come_into_it_and_not_left_it_whatever_fails(case: Case) -> None:
    for name, (due, there) in accounts_of(case, FailingDrive(case, "0/a"), lambda stretch: weakened(case, stretch)).items():
        assert abs(there.mass - due.mass) <= PART * due.mass_moved, name
        assert abs(there.energy - due.energy) <= PART * due.heat_moved, name


# -- draws and ends ------------------------------------------------------------------------------------------------


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=broken(cases), seed=st.sampled_from(["0/a", "1/a", "0/b"]))
def test_the_same_seed_of_the_same_rig_fails_the_same_way_again(case: Case, seed: str) -> None:
    one, again = FailingDrive(case, seed), FailingDrive(case, seed)
    one.to(case.until * SECOND)

    again.to(case.until * SECOND)

    assert again.anchor == one.anchor


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=broken(cases))
def test_a_plant_whose_faults_are_all_gone_goes_on_as_one_without(case: Case) -> None:
    """From the same states: what has happened meanwhile has happened."""
    drive = FailingDrive(case, "0/a")
    middle, end = case.until * SECOND, 2 * case.until * SECOND
    drive.to(middle)
    for each in plant.faults_of(drive.cell, drive.anchor, middle):
        drive.anchor = plant.mend(drive.cell, drive.anchor, middle, "0/a", each.fault.name)
    while drive.anchor.faults:  # what lingers goes with the next command
        device = drive.anchor.faults[0].fault.device
        verb = "turn_on" if drive.look(middle).state(device).on else "turn_off"
        drive.anchor = plant.command(drive.cell, drive.anchor, middle, "0/a", device, verb, {})
    sound = Drive(case._replace(history=()), "0/a")
    sound.anchor = replace(drive.anchor, flights=[])

    drive.to(end)
    sound.to(end)

    assert plant.encode(sound.anchor) == plant.encode(drive.anchor)
