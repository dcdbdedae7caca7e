"""Sensors that sample, and kinds from elsewhere that take no intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Reference, reference
from mockbrew.seeking.search import Sought, seek
from mockbrew.seeking.standstill import COARSE
from tests.plant.seekers import condition, rig, sought
from tests.seeking.kettle import HOUR, KETTLE, found, heated

NOISY = KETTLE.replace('T = { kind = "probe", vessel = "V" }', 'T = { kind = "probe", vessel = "V", noise = 0.2, resolution = 0.1 }')


@pytest.mark.parametrize("number", [60.5, 61.0, 66.3])
def test_a_noisy_probe_is_found_at_the_first_of_its_samples_that_fulfils_it(number: float) -> None:
    plant = rig(NOISY)
    wanted = condition(plant, f"T >= {number}")

    def shown(at: int) -> bool:
        scene = heated(plant=plant, seed="dice")
        scene.at = at
        scene.evolve(limit=10**6)
        return wanted.holds(scene.value)

    first = next(at for at in range(0, HOUR, nanoseconds(0.75)) if shown(at))

    assert sought(heated(plant=plant, seed="dice"), wanted, HOUR) == first


def test_a_noisy_probe_that_is_far_away_is_not_looked_at_sample_by_sample() -> None:
    plant = rig(NOISY)

    assert seek(heated(plant=plant), condition(plant, "T >= 120"), HOUR, limit=100) == Sought(None, done=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort(Device):
    """Computes with what an interval is not."""

    kind = "comfort"
    readings = {
        "comfort": Reading(
            lambda device, state, view: math.exp((view.state(device.vessel).temperature - 65) / 10), {"type": "number"}, "how warm it feels"
        ),
    }
    vessel: str = reference("the vessel", Reference("a vessel", kind="vessel"))


def test_a_kind_that_takes_no_intervals_is_looked_at_once_a_second_and_found_to_the_nanosecond() -> None:
    plant = rig(f'{KETTLE}\n[devices.F]\nkind = "comfort"\nvessel = "V"\n', {**BUILT_IN, "comfort": Comfort})

    felt, measured = (found(heated(plant=plant), text) for text in ("F >= 1", "V >= 65"))

    assert felt is not None
    assert measured is not None
    assert abs(felt - measured) <= 1
    assert COARSE == SECOND
