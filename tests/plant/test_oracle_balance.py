"""The oracle itself: what can't be lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from mockbrew.clock import SECOND
from tests.plant.histories import Case
from tests.plant.oracle import Oracle
from tests.plant.oracle_law import FULL, HOT, LATENT, WATER, Law
from tests.plant.scenarios import cases


def leaving(oracle: Oracle, law: Law) -> float:
    """W that leave the plant less those that enter: by heaters, walls, pipes, mains, drains, overflow and steam."""
    n, plumbing, x, tally = len(law.modes), oracle.plumbing, oracle.x, law.tally(oracle.x)
    temperature = x[n : 2 * n]
    heat = -sum(power if element is None else x[element] for _, element, power in law.heated)
    heat += sum(tank.loss * (t - plumbing.room) for tank, t in zip(plumbing.vessels, temperature, strict=True))
    for stream, flow in zip(law.streams, law.flows(x), strict=True):
        source, after = stream.mains if stream.source is None else temperature[stream.source], 0.0
        after = source if stream.coil is None else temperature[stream.coil] + (source - temperature[stream.coil]) * stream.past_coil
        end = plumbing.room + (after - plumbing.room) * stream.past_room
        heat += flow * WATER * ((after - end) - (source if stream.source is None else 0) + (end if stream.destination is None else 0))
    for i, mode in enumerate(law.modes):
        spilt = tally.inflow[i] - tally.outflow[i] - tally.steam[i] if mode.level == FULL else 0.0
        heat += spilt * WATER * temperature[i] + tally.steam[i] * (WATER * plumbing.boiling_point + LATENT)
    return float(heat)


@settings(max_examples=50)
@given(cases)
def test_no_heat_and_no_water_is_lost(case: Case) -> None:
    oracle = Oracle(case.devices, case.surroundings, case.history)
    for at in range(0, case.until, max(case.until // 5, 1)):
        oracle.sights([at * SECOND])
        law = Law(oracle.plumbing, oracle.on, oracle.modes)
        n, slopes, tally = len(law.modes), law.slopes(0.0, oracle.x), law.tally(oracle.x)
        capacities = oracle.x[:n] * WATER + np.array(oracle.plumbing.dry)
        gained = float(sum(capacities * slopes[n : 2 * n] + WATER * oracle.x[n : 2 * n] * slopes[:n]))

        # Steam leaves a hot dry vessel at the boiling point, docs/physics.md, law 5: its wall gives what heats and boils the water.
        assert gained + leaving(oracle, law) == pytest.approx(0, abs=1e-7)
        for i, (mode, tank) in enumerate(zip(law.modes, oracle.plumbing.vessels, strict=True)):
            spilt = tally.inflow[i] - tally.outflow[i] - tally.steam[i] - slopes[i]
            assert spilt >= -1e-12
            assert mode.level == FULL or abs(spilt) < 1e-12
            assert -1e-12 <= oracle.x[i] <= tank.capacity + 1e-12
            assert mode.boil == HOT or oracle.x[n + i] <= case.surroundings.boiling_point + 1e-11
