"""Looking, storing and cutting change nothing later, bit for bit, in whatever process.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.settings import REFERENCE
from tests.plant.cells import ROOM
from tests.plant.driving import Drive
from tests.plant.histories import Case
from tests.plant.oracle import Command
from tests.plant.replay import answer, document, process, question, shown
from tests.plant.scenarios import cases

EXAMPLES = int(os.environ.get("HISTORIES", "60"))
SLOW = [HealthCheck.too_slow]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """part: of the whole time, when it happens. what: is done then. boundaries: how many at a time are crossed on the way there."""

    part: float
    what: str
    boundaries: int

    def happens(self, drive: Drive, case: Case) -> None:
        at = round(self.part * case.until * SECOND)
        while (event := drive.next_event()) is not None and event <= at:
            self.cut(drive, event)
        drive.to(at)
        if self.what == "look":
            list(shown(drive.look(at)))
        elif self.what == "store":
            drive.anchor = plant.decode(drive.cell, drive.anchor.at, plant.encode(drive.anchor))
        else:
            drive.cell = plant.build(case.devices, case.surroundings)
            drive.anchor = plant.decode(drive.cell, drive.anchor.at, plant.encode(drive.anchor))

    def cut(self, drive: Drive, at: int) -> None:
        drive.anchor, done = plant.evolve(drive.cell, drive.anchor, at, drive.seed, limit=self.boundaries)
        if done:
            drive.to(at)


disturbances = st.lists(
    st.builds(Disturbance, st.floats(0, 1), st.sampled_from(["look", "store", "another process"]), st.integers(1, 5)), max_size=12
).map(lambda many: sorted(many, key=lambda each: each.part))


def with_noise(case: Case) -> Case:
    """A noisy probe in the first vessel, and a stepped one."""
    vessel = next(device.name for device in case.devices if isinstance(device, Vessel))
    return case._replace(
        devices=(
            *case.devices,
            Probe(name="Noisy", vessel=vessel, noise=0.5),
            Probe(name="Stepped", vessel=vessel, resolution=0.0625, period=30),
        )
    )


noisy = cases.map(with_noise)


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=noisy, many=disturbances)
def test_looks_cuts_and_stores_change_nothing_later(case: Case, many: list[Disturbance]) -> None:
    end = case.until * SECOND
    disturbed, undisturbed = Drive(case), Drive(case)

    for each in many:
        each.happens(disturbed, case)
    disturbed.to(end)
    undisturbed.to(end)

    assert disturbed.anchor == undisturbed.anchor
    assert plant.encode(disturbed.anchor) == plant.encode(undisturbed.anchor)
    assert repr(plant.moved(disturbed.cell, disturbed.anchor, end)) == repr(plant.moved(undisturbed.cell, undisturbed.anchor, end))


# -- other processes -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[1, 20_000])
def other(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    with process(request.param) as running:
        yield running
        assert running.stdin is not None
        running.stdin.close()


def asked(running: subprocess.Popen[str], line: str) -> str:
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(f"{line}\n")
    running.stdin.flush()
    return running.stdout.readline().rstrip("\n")


@settings(max_examples=EXAMPLES // 2, suppress_health_check=SLOW)
@given(case=noisy, parts=st.lists(st.floats(0, 1), max_size=3).map(sorted), seed=st.text("ab/", max_size=3))
def test_another_process_has_the_same_states_and_the_same_noise(
    other: subprocess.Popen[str], case: Case, parts: list[float], seed: str
) -> None:
    looks = [round(part * case.until * SECOND) for part in (*parts, 1)]
    line = question(document(case), case.history, looks, seed)

    assert asked(other, line) == answer(line)


def test_another_process_brews_the_same_on_the_reference_rig(other: subprocess.Popen[str]) -> None:
    opened: list[Command] = [(0, name, "turn_on", {}) for name in "ABCHJEG"]
    started: list[Command] = [(1800 * SECOND, name, "start", {}) for name in ("PID1", "PID2", "PID3")]
    spec = REFERENCE.read_text("utf-8")

    line = question(spec, [*opened, *started], [at * SECOND for at in range(0, 7200, 600)])

    assert asked(other, line) == answer(line)


# -- noise ---------------------------------------------------------------------------------------------------------


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=noisy, part=st.floats(0, 1), seeds=st.lists(st.text("ab/", max_size=3), min_size=2, max_size=2, unique=True))
def test_readers_see_the_same_noise_whatever_they_have_looked_at_and_another_rig_sees_another(
    case: Case, part: float, seeds: list[str]
) -> None:
    at = round(part * case.until * SECOND)
    one, two, elsewhere = (Drive(case, seed) for seed in (seeds[0], seeds[0], seeds[1]))
    two.look(at // 2).reading("Noisy", "temperature")

    same = two.look(at).reading("Noisy", "temperature")

    assert one.look(at).reading("Noisy", "temperature") == same
    assert elsewhere.look(at).reading("Noisy", "temperature") != same


def test_noise_of_a_rig_differs_from_probe_to_probe() -> None:
    vessel, noisy = Vessel(name="V", capacity=50, volume=40), Probe(name="N", vessel="V", noise=0.5)
    look = Drive(Case((vessel, noisy, replace(noisy, name="M")), ROOM, (), 60)).look(0)

    assert look.reading("N", "temperature") != look.reading("M", "temperature")
