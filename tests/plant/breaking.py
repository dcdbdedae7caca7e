"""Hypothesis strategies: plants in which devices fail; and the driving of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.failures import Parameter
from mockbrew.faults.devices import Fault
from mockbrew.plant import Anchor
from tests.plant.driving import Drive
from tests.plant.histories import Case
from tests.plant.oracle import Command

FAIL, MEND = "fail", "mend"  # steps of a history beside commands
LIVELY = {"seconds": 60.0, "every": 3, "rate": 100.0, "kelvin": 20.0, "deviation": 5.0, "lag": 120.0}  # the most that matters in an hour


class FailingDrive(Drive):
    """Faults come and go when their time has come."""

    def done(self, anchor: Anchor, at: int, name: str, verb: str, arguments: Mapping[str, Any]) -> Anchor:
        if verb == FAIL:
            return plant.fail(self.cell, anchor, at, self.seed, arguments["fault"])
        if verb == MEND:
            return plant.mend(self.cell, anchor, at, self.seed, name)
        return super().done(anchor, at, name, verb, arguments)


def values(parameter: Parameter, name: str) -> st.SearchStrategy[float]:
    low, most = parameter.takes.bounds(None)[0], LIVELY.get(name, parameter.takes.bounds(None)[1])
    return st.integers(int(low), int(most)) if parameter.whole else st.floats(max(low, -most), most).map(lambda value: round(value, 3))


@st.composite
def faults(draw: st.DrawFn, name: str, device: Device, until: int) -> Fault:
    """One of a device that can fail, at some time before `until` (s)."""
    sort = draw(st.sampled_from(sorted(device.failures)))
    takes = device.failures[sort].parameters
    begins = draw(st.integers(0, until)) * SECOND
    return Fault(
        name,
        sort,
        device.name,
        tuple((each, draw(values(parameter, each))) for each, parameter in takes.items()),
        probability=draw(st.sampled_from([1.0, 1.0, 0.5, 0.02])),
        seed=draw(st.none() | st.integers(0, 9)),
        count=draw(st.none() | st.none() | st.integers(1, 3)),
        begins=begins,
        ends=draw(st.none() | st.integers(1, until * SECOND).map(lambda lasts: begins + lasts)),
    )


@st.composite
def broken(draw: st.DrawFn, cases: st.SearchStrategy[Case]) -> Case:
    """One of these cases, with faults that are made and deleted meanwhile."""
    case = draw(cases)
    failing = [device for device in case.devices if device.failures]
    made: list[Command] = []
    for number in range(draw(st.integers(1, 4))):
        fault = draw(faults(f"f{number}", draw(st.sampled_from(failing)), case.until))
        at = draw(st.integers(0, case.until)) * SECOND
        made.append((at, fault.name, FAIL, {"fault": fault}))  # type: ignore[dict-item]  # a step of its own, not a command
        if draw(st.booleans()):
            made.append((draw(st.integers(at // SECOND, case.until)) * SECOND, fault.name, MEND, {}))
    return case._replace(history=tuple(sorted((*case.history, *made), key=lambda step: step[0])))
