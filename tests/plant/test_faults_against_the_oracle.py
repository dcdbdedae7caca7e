"""Failing devices against the independent integrator, in which a fault is another device, or an order that was never given.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from mockbrew.faults.devices import Fault
from tests.plant.breaking import FAIL, FailingDrive
from tests.plant.cells import ROOM
from tests.plant.histories import Case
from tests.plant.oracle import Command, Oracle, Restless
from tests.plant.oracle_law import Plumbing
from tests.plant.oracle_modes import NearTie
from tests.plant.scenarios import chains, diluted, drying, herms
from tests.plant.test_against_the_oracle import differences

EXAMPLES = int(os.environ.get("HISTORIES", "60"))
SLOW = [HealthCheck.too_slow]

uncontrolled = st.one_of(diluted(), drying(), chains(), herms())
parts = st.lists(st.floats(0, 1), min_size=2, max_size=2, unique=True).map(sorted)


class Window(NamedTuple):
    """A fault from `begins` to `ends` (virtual ns)."""

    begins: int
    ends: int


class Failing(FailingDrive):
    """The engine, with a fault that is known from the start."""

    def __init__(self, case: Case, fault: Fault) -> None:
        step: Command = (0, fault.name, FAIL, {"fault": fault})  # type: ignore[dict-item]  # no command
        super().__init__(case._replace(history=(step, *case.history)))
        self.probes: Mapping[str, Probe] = {device.name: device for device in case.devices if isinstance(device, Probe)}


def window(case: Case, of: Sequence[float]) -> Window:
    begins, ends = (round(part * case.until * SECOND) for part in of)
    return Window(begins, max(ends, begins + 1))


def asked(case: Case, fault: Window) -> list[int]:
    """Around its begin and its end, in its middle, and at the very end."""
    end = case.until * SECOND
    near = (fault.begins, fault.begins + 1, (fault.begins + fault.ends) // 2, fault.ends, fault.ends + SECOND)
    return sorted({end, *(at for at in near if at <= end)})


def swapped(case: Case, oracle: Oracle, device: Device) -> None:
    """The oracle goes on with another device of that name."""
    oracle.plumbing = Plumbing([device if each.name == device.name else each for each in case.devices], case.surroundings)
    oracle._settle()


def compare_changed(case: Case, fault: Fault, changed: Device, when: Window) -> None:
    """The engine with a fault, and the oracle with a changed device meanwhile."""
    engine, oracle = Failing(case, fault), Oracle(case.devices, case.surroundings, case.history)
    sound = next(device for device in case.devices if device.name == fault.device)
    for at in asked(case, when):
        oracle._sight(at)
        if at in when:
            swapped(case, oracle, changed if at == when.begins else sound)
        assert list(differences(engine, oracle._sight(at))) == []


def of_kind(case: Case, *kinds: type[Device]) -> list[Any]:
    """Its devices of these kinds."""
    return [device for device in case.devices if isinstance(device, kinds)]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(case=uncontrolled, of=parts, share=st.sampled_from([0.0, 0.25, 0.9]))
def test_a_weak_heater_is_one_of_less_efficiency_that_consumes_as_much(case: Case, of: list[float], share: float) -> None:
    heater, when = of_kind(case, Heater)[0], window(case, of)
    fault = Fault("f", "weak", heater.name, (("share", share),), begins=when.begins, ends=when.ends)

    with answered():
        compare_changed(case, fault, replace(heater, efficiency=heater.efficiency * share), when)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(case=uncontrolled, of=parts, lag=st.sampled_from([1.0, 25.0, 300.0]))
def test_a_slow_probe_is_one_with_another_lag(case: Case, of: list[float], lag: float) -> None:
    case = case._replace(devices=tuple(replace(each, lag=each.lag or 5.0) if isinstance(each, Probe) else each for each in case.devices))
    probe, when = of_kind(case, Probe)[0], window(case, of)
    fault = Fault("f", "slow", probe.name, (("lag", lag),), begins=when.begins, ends=when.ends)

    with answered():
        compare_changed(case, fault, replace(probe, lag=lag), when)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(case=uncontrolled, of=parts, which=st.randoms(use_true_random=False))
def test_a_stuck_actuator_is_one_that_nobody_commands_until_it_is_free(case: Case, of: list[float], which: Random) -> None:
    device, when = which.choice(of_kind(case, Valve, Heater, Pump)), window(case, of)
    fault = Fault("f", "stuck", device.name, begins=when.begins, ends=when.ends)
    engine = Failing(case, fault)

    with answered():
        for sight in Oracle(case.devices, case.surroundings, freed(case.history, device.name, when)).sights(asked(case, when)):
            assert list(differences(engine, sight)) == []


@contextmanager
def answered() -> Iterator[None]:
    """Where the oracle's laws have no answer that lasts, or it hangs on a rounding, nothing is compared."""
    try:
        yield
    except (Restless, NearTie):
        reject()


def freed(history: Sequence[Command], name: str, when: Window) -> list[Command]:
    """The same without the commands to a device in a window; at its end comes the last of them."""
    ours = [step for step in history if step[1] == name and when.begins <= step[0] < when.ends]
    others = [step for step in history if step not in ours]
    last: list[Command] = [(when.ends, name, ours[-1][2], {})] if ours else []
    return sorted([*last, *others], key=lambda step: step[0])  # before the commands of that instant


def test_the_comparison_sees_a_fault() -> None:
    kettle = Vessel(name="V", capacity=50, volume=40, loss=10)
    case = Case((kettle, Heater(name="H", vessel="V", power=5500)), ROOM, ((0, "H", "turn_on", {}),), 3600)
    fault, when = Fault("f", "weak", "H", (("share", 0.99),), begins=60 * SECOND, ends=120 * SECOND), Window(60 * SECOND, 120 * SECOND)

    with pytest.raises(AssertionError, match="'degC'"):
        compare_changed(case, fault, case.devices[1], when)
