"""A rig with faults that is taken back to a snapshot: readings, history and hazards tell the same of it, and what they told the first time.

What is restored is as of the last event before the snapshot, so faults may begin, end or strike between the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.rigs import DEFAULT
from mockbrew.testbench import snapshots
from mockbrew.testbench.faults import set_faults
from mockbrew.testbench.history import history, wanted
from mockbrew.testbench.restoring import restore
from tests.rigs.judgement.ruled import verdict
from tests.rigs.small import Bench, bench

LIMITS = [40.5, 41.2, 41.9, 42.6, 43.5]  # degC
QUICK = """
spec = "1.0"
[vessels]
V = { capacity = 50, volume = 2, temperature = 40 }
[pipes]
Run = { source = "V", destination = "out", valves = ["A"], flow = 20 }
Round = { source = "V", destination = "V", valves = ["B"] }
[devices]
A = { kind = "valve" }
B = { kind = "valve" }
D = { kind = "valve" }
H = { kind = "heater", vessel = "V", power = 20_000 }
G = { kind = "heater", vessel = "V", power = 20_000 }
T = { kind = "probe", vessel = "V", lag = 0, noise = 0.05, period = 0.1 }
U = { kind = "probe", vessel = "V", lag = 0.5, period = 0.1 }
C = { kind = "thermostat", probe = "U", heaters = ["G"], setpoint = 43, band = 0.2, sample = 0.2 }
[hazards]
lost = { when = "T == null" }
hot = { when = "V.temperature > 43 and not D.on" }
runs = { when = "Run.flow > 0" }
low = { when = "V.volume < 1.9" }
burns = { when = "H.power > 0 or G.power > 0" }
""" + "".join(f'"read-{each}" = {{ when = "T > {each}" }}\n"warm-{each}" = {{ when = "V.temperature > {each}" }}\n' for each in LIMITS)
READINGS = ("T", "V.temperature", "D.on", "Run.flow", "V.volume", "H.power", "G.power")
ON, OFF = "turn_on", "turn_off"

Doing = tuple[float, str, str]  # a wait (s), and what is commanded then: a device and a verb; or "look", "judge" or "nothing" of none
Faults = Sequence[dict[str, Any]]

COMMANDS = (*[(device, verb) for device in "ABDHG" for verb in (ON, OFF)], ("C", "start"), ("C", "stop"), ("", "look"), ("", "judge"))


def doings(waits: Sequence[float], most: int) -> st.SearchStrategy[list[Doing]]:
    """So many at most, after such waits (s)."""
    one = st.tuples(st.sampled_from(waits), st.sampled_from(COMMANDS)).map(lambda each: (each[0], *each[1]))
    return st.lists(one, max_size=most)


SORTS: dict[str, list[dict[str, Any]]] = {
    "T": [{"fault": "open_circuit"}, {"fault": "frozen"}, {"fault": "drift", "rate": 9_000}, {"fault": "offset", "kelvin": 2}],
    "U": [{"fault": "open_circuit"}, {"fault": "frozen"}, {"fault": "offset", "kelvin": -5}],
    "A": [{"fault": "stuck"}, {"fault": "stuck_on"}, {"fault": "slow", "seconds": 0.3}, {"fault": "ignores", "every": 2}],
    "H": [{"fault": "no_ignition"}, {"fault": "stuck_off"}, {"fault": "slow", "seconds": 0.3}, {"fault": "weak", "share": 0.5}],
}
windows = st.tuples(st.sampled_from([0.1, 0.25, 0.4, 0.6, 0.8, 1.4]), st.sampled_from([None, 0.05, 0.2, 0.6]))
CHANCES: list[dict[str, Any]] = [{}, {"probability": 0.5}, {"count": 2}]


@st.composite
def faults(draw: st.DrawFn) -> dict[str, Any]:
    device = draw(st.sampled_from([*SORTS]))
    begins, lasts = draw(windows)
    until = {} if lasts is None else {"until": begins + lasts}
    return {"device": device, "from": begins, **until, **draw(st.sampled_from(SORTS[device])), **draw(st.sampled_from(CHANCES))}


def begun(faulty: Faults, before: Sequence[Doing], wait: float) -> tuple[Bench, float]:
    """A rig of which a snapshot was taken, so long after the last of these doings; and when, virtual s."""
    rig = bench(QUICK)
    rig.look()
    for each in ("H", "C"):
        rig.command(each, ON if each == "H" else "start")
    set_faults(rig.rigs, (), DEFAULT, {f"{number}": each for number, each in enumerate(faulty)})
    gone_on(rig, before)
    rig.wait(wait)
    snapshots.take(rig.rigs, DEFAULT, "kept")
    return rig, now(rig)


def now(rig: Bench) -> float:
    return rig.rigs.now(DEFAULT)[1] / SECOND


def shown(rig: Bench) -> list[Any]:
    return [rig.reading(*each.name.split(".")) for each in wanted(rig.rigs, READINGS)]


def gone_on(rig: Bench, doings: Sequence[Doing]) -> list[tuple[float, list[Any]]]:
    """When somebody looked (s), and what it showed."""
    seen = []
    for wait, device, what in doings:
        rig.wait(wait)
        if device:
            rig.command(device, what)
        elif what == "judge":
            verdict(rig)
        elif what == "look":
            seen.append((now(rig), shown(rig)))
            rig.wait(1e-9)  # what is commanded at this very instant would be what history tells of it
    return seen


def told(rig: Bench, at: float) -> list[Any]:
    """What history says of one instant."""
    return [values[-1] for values in history(rig.rigs, DEFAULT, wanted(rig.rigs, READINGS), at, at, 2).columns.values()]


def found(rig: Bench, since: float) -> list[tuple[str, float, float | None]]:
    """The hazards of this run that were not over at `since` (s)."""
    run = rig.rigs.row(DEFAULT).run
    each = [(each["rule"], each["begins"], each["ends"]) for each in verdict(rig).hazards if each["run"] == run]
    return sorted((rule, begins, ends) for rule, begins, ends in each if ends is None or ends > since)


def broken(seen: Sequence[Any]) -> set[str]:
    """The rules that are broken where this is shown."""
    t, warmth, d, flow, volume, *powers = seen
    rules = {"lost": t is None, "hot": warmth > 43 and not d, "runs": flow > 0, "low": volume < 1.9, "burns": any(powers)}
    rules |= {f"warm-{each}": warmth > each for each in LIMITS} | {f"read-{each}": t is not None and t > each for each in LIMITS}
    return {rule for rule, held in rules.items() if held}


def lasting(hazards: Sequence[tuple[str, float, float | None]], at: float) -> set[str]:
    return {rule for rule, begins, ends in hazards if begins <= at and (ends is None or ends > at)}


LOOK: Doing = (0.05, "", "look")
END: Sequence[Doing] = [LOOK, (0.0, "B", ON), LOOK, (0.0, "B", OFF), (0.7, "", "look"), LOOK]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    faulty=st.lists(faults(), min_size=1, max_size=3),
    before=doings([0.0, 0.03, 0.1], 2),
    wait=st.sampled_from([0.0, 0.45, 0.6, 0.75, 0.9, 5.0]),
    first=st.sampled_from([0.02, 0.1, 0.4]),
    after=doings([0.0, 1e-9, 0.03, 0.1, 0.35, 1.4], 6),
)
def test_readings_history_and_hazards_after_a_restore_are_those_of_the_first_time(
    faulty: Faults, before: Sequence[Doing], wait: float, first: float, after: Sequence[Doing]
) -> None:
    agreed(faulty, before, wait, [(first, "B", ON), *after, *END])


def agreed(faulty: Faults, before: Sequence[Doing], wait: float, after: Sequence[Doing]) -> list[tuple[str, float, float | None]]:
    """The hazards after a snapshot, that time and each time it was restored, whoever judged meanwhile."""
    (first, at), (again, _) = begun(faulty, before, wait), begun(faulty, before, wait)
    seen = gone_on(first, after)
    hazards = found(first, at)
    again.wait(60)
    unjudged = [(wait, device, "nothing" if what == "judge" else what) for wait, device, what in after]
    judged = [each for doing in after for each in (doing, (0.0, "", "judge"))]
    for doings in (after, unjudged, judged):
        restore(again.rigs, DEFAULT, "kept")
        again.rigs = again.process()
        shown_again = gone_on(again, doings)

        assert shown_again == seen
        assert [told(again, each) for each, _ in shown_again] == [each for _, each in shown_again]
        assert found(again, at) == hazards
        assert [lasting(hazards, each) for each, _ in shown_again] == [broken(each) for _, each in shown_again]
    return hazards


BETWEEN: dict[str, tuple[Faults, Sequence[Doing], float]] = {
    "a heater goes out": ([{"device": "H", "fault": "no_ignition", "from": 0.1}], [], 0.9),
    "a heater burns again": ([{"device": "H", "fault": "no_ignition", "from": 0.05, "until": 0.4}], [], 0.95),
    "a probe freezes": ([{"device": "T", "fault": "frozen", "from": 0.3}], [], 0.9),
    "a valve opens late": ([{"device": "A", "fault": "slow", "seconds": 0.2, "from": 0.05}], [(0.1, "A", ON)], 0.8),
    "a controller loses its probe": ([{"device": "U", "fault": "open_circuit", "from": 0.1}], [], 0.9),
    "a probe is lost now and then": ([{"device": "U", "fault": "open_circuit", "from": 0.1, "probability": 0.4, "seed": 2}], [], 0.9),
    "a valve is held, and let go": ([{"device": "A", "fault": "stuck_on", "from": 0.1, "until": 0.5}], [], 0.9),
}


@pytest.mark.parametrize("story", BETWEEN)
def test_what_faults_did_between_the_last_event_and_the_snapshot_is_judged_when_it_was(story: str) -> None:
    faulty, before, wait = BETWEEN[story]

    hazards = agreed(faulty, before, wait, [(0.02, "B", ON), LOOK, (0.05, "B", OFF), LOOK, *END])
    assert hazards
