"""Seeking, over random plants and histories: against an independent integrator, against looks at other instants, and against itself.

SEARCHES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from mockbrew.clock import NEVER, SECOND
from mockbrew.conditions import Condition
from mockbrew.conditions.expressions import Comparison
from mockbrew.conditions.intervals import Interval, Undecided, ends
from mockbrew.conditions.names import Variable
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.seeking.bounds import Bounds
from mockbrew.seeking.outlook import Outlook, foreseeable
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.standstill import leaves
from tests.plant.histories import Case
from tests.plant.oracle import Oracle, Restless
from tests.plant.oracle_modes import NearTie
from tests.plant.scenarios import cases
from tests.plant.seekers import acts, anchored, condition, first, shown, variables, walked

EXAMPLES = int(os.environ.get("SEARCHES", "60"))
ROUNDING = 1e-9  # of a unit
APART = 2e-8  # K, kg: between the engine's reading and the oracle's; at slopes of 0.02 K/s that is a microsecond
searches = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
parts = st.floats(0, 1)
OFFSETS = (-1, 0, 1)  # ns


def smooth(case: Case) -> list[tuple[str, str]]:
    """What the oracle knows of a case too."""
    tanks = [(device.name, reading) for device in case.devices if isinstance(device, Vessel) for reading in ("temperature", "volume")]
    return tanks + [(device.name, "temperature") for device in case.devices if isinstance(device, Probe)]


def truth(case: Case, device: str, reading: str, instants: list[int]) -> list[float]:
    """What the oracle says at these instants (virtual ns). Raises Restless, NearTie."""
    read: list[float] = []
    for sight in Oracle(case.devices, case.surroundings, case.history, _Reader(case).read).sights(instants):
        known = sight.masses if reading == "volume" else {**sight.temperatures, **sight.probes}
        read.append(known[device])
    return read


class _Reader:
    """What the controllers of a case have read, so that the oracle decides alike."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.probe_of = {device.name: device.probe for device in case.devices if hasattr(device, "probe")}

    def read(self, controller: str, at: int) -> float:
        values: list[Any] = []
        walked(self.case, [at], lambda scene: values.append(shown(scene, at)[self.probe_of[controller], "temperature"]))
        return float(values[0])


@searches
@given(data=st.data(), case=cases, part=parts, looks=st.lists(parts, min_size=3, max_size=12), above=st.booleans())
def test_an_independent_integrator_finds_the_same_crossing_and_none_before(
    data: st.DataObject, case: Case, part: float, looks: list[float], *, above: bool
) -> None:
    device, reading = data.draw(st.sampled_from(smooth(case)))
    if any(hasattr(each, "probe") for each in case.devices):
        reject()  # the oracle would have to be told what each sample was; those are compared with looks
    end = case.until * SECOND
    sign = 1.0 if above else -1.0
    try:
        (threshold,) = truth(case, device, reading, [round(part * end)])
        found, _ = first(case, f"{device}.{reading} {'>=' if above else '<='} {threshold!r}".replace("-", "- "))
        last = end if found is None else found
        before = [round(look * last) for look in looks]
        values = truth(case, device, reading, sorted({*before, last}))
    except (Restless, NearTie):
        reject()
    *earlier, there = values

    assert all(sign * (value - threshold) <= APART for value in earlier)
    if found:
        after_a_command = any(at == found for at, *_ in case.history)
        assert after_a_command or abs(there - threshold) <= APART
    if found is None:
        assert sign * (there - threshold) <= APART


CONDITIONS = st.sampled_from(
    [
        "{a} >= {x}",
        "{a} < {x}",
        "{a} > {x} and {b} > {y}",
        "{a} > {x} or not ({b} > {y})",
        "{a} - {b} > {x} - {y}",
        "{a} >= {x} and {a} < {x} + 0.001",
        "V0.boiling or {a} < {x}",
        "V0.empty and {a} > 0 or V0.full",
    ]
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Case, str]:
    """A case, and a condition with numbers that its readings come to."""
    case = draw(cases)
    of = smooth(case)
    tanks = [device.name for device in case.devices if isinstance(device, Vessel)]
    (device, reading), (other, another) = draw(st.sampled_from(of)), draw(st.sampled_from(of))
    values: list[Any] = []
    instants = sorted(round(draw(parts) * case.until * SECOND) for _ in range(2))
    walked(case, instants, lambda scene: values.append(shown(scene, scene.at)))
    known = {"a": f"{device}.{reading}", "b": f"{other}.{another}", "x": values[0][device, reading], "y": values[1][other, another]}
    return case, draw(CONDITIONS).replace("V0", tanks[0]).format(**known)


def instants_before(case: Case, found: int | None, looks: list[float]) -> list[int]:
    """At random, around commands, and just before it was found."""
    last = case.until * SECOND if found is None else found - 1
    near = [order[0] + offset for order in case.history for offset in OFFSETS]
    return sorted({at for at in [*(round(look * last) for look in looks), *near, last] if 0 <= at <= last})


def ties(told: Condition, scene: Scene) -> bool:
    """Whether two sides of a comparison are equal but for rounding: a reading at rest may be on either side of its own value."""
    return any(isinstance(leaf, Comparison) and _is_tie(leaf, scene) for leaf in leaves(told.expression))


def _is_tie(leaf: Comparison, scene: Scene) -> bool:
    left, right = leaf.left.value(scene.value), leaf.right.value(scene.value)
    return isinstance(left, int | float) and isinstance(right, int | float) and abs(left - right) <= ROUNDING


@searches
@given(question=questions(), looks=st.lists(parts, max_size=40))
def test_it_holds_at_what_is_found_and_at_no_instant_before(question: tuple[Case, str], looks: list[float]) -> None:
    case, text = question
    found, _ = first(case, text)
    held: dict[int, bool] = {}

    def see(scene: Scene) -> None:
        told = condition(scene.plant, text)
        held[scene.at] = told.holds(scene.value) and (scene.at == found or not ties(told, scene))

    walked(case, instants_before(case, found, looks) + ([] if found is None else [found]), see)

    assert [at for at, holds in held.items() if holds] == ([] if found is None else [found])


@searches
@given(question=questions(), limit=st.sampled_from([1, 2, 3, 7, 20]))
def test_who_asks_in_slices_finds_the_same_and_anchors_are_as_if_nobody_had_asked(question: tuple[Case, str], limit: int) -> None:
    case, text = question

    found, scene = first(case, text)
    sliced, other = first(case, text, limit=limit)

    last = case.until * SECOND if found is None else found
    undisturbed = walked(case, [last], lambda scene: None)
    assert sliced == found
    if found is not None:
        assert anchored(scene) == anchored(other) == anchored(undisturbed)


def bounded(stretch: Bounds, variable: Variable) -> Any:
    """What a stretch says of a reading; what it does not know may be anything."""
    try:
        return stretch.reading(variable.device, variable.reading)
    except Undecided:
        return Interval(float("-inf"), float("inf"))


def within(bound: Any, value: Any) -> bool:
    low, high = ends(bound)
    return bool(low <= value <= high)


@searches
@given(case=cases, begin=parts, width=parts, looks=st.lists(parts, min_size=1, max_size=12))
def test_bounds_enclose_every_reading_at_any_instant(case: Case, begin: float, width: float, looks: list[float]) -> None:
    scene = walked(case, [round(begin * case.until * SECOND)], lambda scene: None)
    end = min(scene.next_boundary() - 1, next(at for at, _ in acts(case) if at > scene.at) - 1)
    high = scene.at + round(width**3 * (end - scene.at))
    outside = []

    for variable in variables(scene.plant):
        bound = bounded(Bounds(scene.flight(scene.home(variable)), scene.at, high, scene.seed), variable)
        for at in {scene.at, high, *(scene.at + round(look * (high - scene.at)) for look in looks)}:
            value = scene.value_at(variable, at)
            if not within(bound, value):
                outside.append((variable.name, at, value, bound))

    assert outside == []


@searches
@given(case=cases, begin=parts, seconds=st.floats(1, 600), looks=st.lists(parts, min_size=1, max_size=12))
def test_outlooks_enclose_what_happens_whatever_loops_do(case: Case, begin: float, seconds: float, looks: list[float]) -> None:
    scene = walked(case, [round(begin * case.until * SECOND)], lambda scene: None)
    end = min(scene.at + round(seconds * SECOND), next(at for at, _ in acts(case) if at > scene.at) - 1)
    far = [name for name in scene.anchors if foreseeable(scene.flight(name)) >= min(end, NEVER - 1)]
    seen = [each for each in variables(scene.plant) if scene.home(each) in far]
    bounds = {each: bounded(Outlook(scene.flight(scene.home(each)), scene.at, end, scene.seed), each) for each in seen}
    outside = []

    for at in sorted({end, *(scene.at + round(look * (end - scene.at)) for look in looks)}):
        scene.at = at
        scene.evolve(limit=10**9)
        outside += [(each.name, at, bounds[each]) for each in seen if not within(bounds[each], scene.value(each))]

    assert outside == []
