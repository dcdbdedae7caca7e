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
from tests.plant.breaking import FAIL, FailingDrive, broken
from tests.plant.histories import Case
from tests.plant.scenarios import cases
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
