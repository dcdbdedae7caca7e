"""The engine against an independent integrator, over random plants, plumbing and histories.

HISTORIES=2000 in the environment tries that many. In 300 the two differed by at most 1e-11 kg and 1.2e-9 K. The engine rounds its
boundaries to whole nanoseconds: at flows beyond 1 kg/s, which the histories do not have, that alone is more than 1e-9 kg.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Protocol

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Anchor, Look
from tests.plant.cells import ENDLESS, ROOM
from tests.plant.histories import Case
from tests.plant.oracle import Oracle, Restless, Sight
from tests.plant.oracle_modes import NearTie
from tests.plant.scenarios import cases

KELVIN, KILOGRAM = 1e-6, 1e-9
AROUND = (-1000, -1, 0, 1, 1000)  # ns, of a boundary
EXAMPLES = int(os.environ.get("HISTORIES", "120"))
MOST_WITHOUT_ANSWER = 0.3  # of the histories: where the oracle's laws have none, or it hangs on a rounding


class Driven(Protocol):
    """What is compared. probes: by name."""

    probes: Mapping[str, Probe]

    def look(self, at: int) -> Look: ...


class Engine:
    """The plant under test, driven through the same history by whoever asks for later and later instants."""

    def __init__(self, case: Case) -> None:
        self.cell = plant.build(case.devices, case.surroundings)
        self.probes: Mapping[str, Probe] = {device.name: device for device in case.devices if isinstance(device, Probe)}
        self.probe_of = {device.name: device.probe for device in case.devices if hasattr(device, "probe")}
        self.left = list(case.history)
        self.anchor = plant.initial(self.cell, 0)

    def look(self, at: int) -> Look:
        """At `at` (virtual ns), after all that happens then."""
        while self.left and self.left[0][0] <= at:
            when, name, verb, arguments = self.left.pop(0)
            self.anchor = plant.command(self.cell, self._evolved(when), when, "", name, verb, arguments)
        self.anchor = self._evolved(at)
        return Look(self.cell, self.anchor, at, "")

    def _evolved(self, at: int) -> Anchor:
        anchor, done = plant.evolve(self.cell, self.anchor, at, "", limit=ENDLESS)
        assert done
        return anchor

    def read(self, controller: str, at: int) -> float:
        """What a controller has read at one of its samples."""
        value = self.look(at).reading(self.probe_of[controller], "temperature")
        assert isinstance(value, float)
        return value


def differences(engine: Driven, sight: Sight) -> Iterator[tuple[int, str, str, float, float]]:
    """(virtual ns, device, what, the engine's, the truth) wherever they are too far apart."""
    look = engine.look(sight.at)
    for name, mass in sight.masses.items():
        liquid = look.state(name)
        if not abs(liquid.mass - mass) <= KILOGRAM:
            yield sight.at, name, "kg", liquid.mass, mass
        if not abs(liquid.temperature - sight.temperatures[name]) <= KELVIN:
            yield sight.at, name, "degC", liquid.temperature, sight.temperatures[name]
    for name, element in sight.probes.items():
        read = look.reading(name, "temperature")
        assert isinstance(read, float)
        if not abs(read - engine.probes[name].offset - element) <= KELVIN:
            yield sight.at, name, "degC", read, element
    for name, on in sight.on.items():
        really = look.reading(name, "on")
        assert isinstance(really, int)
        if really != on:
            yield sight.at, name, "on", really, on


def truth(case: Case, asked: set[int]) -> tuple[list[Sight], list[int]]:
    """What the oracle sees, and where a law ended by itself. Raises Restless, NearTie."""
    oracle = Oracle(case.devices, case.surroundings, case.history, Engine(case).read)
    return oracle.sights(asked), oracle.boundaries


def found(case: Case, parts: list[float]) -> list[tuple[int, str, str, float, float]]:
    """The differences at these parts of a history, and around whatever happens in it. Raises Restless, NearTie."""
    end = case.until * SECOND
    asked = {end, *(round(part * end) for part in parts)}
    _, boundaries = truth(case, {end})
    near = {at + offset for at in (*boundaries[:20], *(command[0] for command in case.history)) for offset in AROUND}
    sights, _ = truth(case, asked | {at for at in near if 0 <= at <= end})
    engine = Engine(case)
    return [difference for sight in sights for difference in differences(engine, sight)]


def test_the_engine_agrees_with_an_independent_integrator_at_any_instant() -> None:
    without_answer: list[Case] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(case=cases, parts=st.lists(st.floats(0, 1), min_size=2, max_size=8))
    def agrees(case: Case, parts: list[float]) -> None:
        try:
            assert found(case, parts) == []
        except (Restless, NearTie):
            without_answer.append(case)
            reject()

    agrees()

    # Mostly none; but Hypothesis varies what it has found, and one near-tie may come in a crowd (151 in one run of 700). Most of them
    # without an answer would mean that it is the oracle's laws that are wrong.
    assert len(without_answer) <= MOST_WITHOUT_ANSWER * EXAMPLES


def boil(power: float) -> Case:
    kettle = Vessel(name="V", capacity=50, volume=40, loss=10, temperature=95)
    return Case((kettle, Heater(name="H", vessel="V", power=power)), ROOM, ((0, "H", "turn_on", {}),), 3600)


def test_the_comparison_sees_what_is_wrong() -> None:
    sights, _ = truth(boil(5500.00001), {100 * SECOND, 3600 * SECOND})

    assert [(at, what) for sight in sights for at, _, what, _, _ in differences(Engine(boil(5500.0)), sight)] == [(3600 * SECOND, "kg")]
