"""Rate, pause and advance: what a rig is like depends on its virtual time alone, however that has gone by.

There is no control plane for the clock yet: the tests set it in the rig's row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.plant import Look
from mockbrew.rigs import DEFAULT
from tests.rigs.small import Bench, bench

RIG = """
spec = "1.0"
[rig]
title = "Two vessels"
[vessels]
Kettle = { capacity = 50, volume = 40, temperature = 95 }
Mash = { capacity = 30, volume = 0 }
[pipes]
Sparge = { source = "Kettle", destination = "Mash", valves = ["A"] }
Drain = { source = "Mash", destination = "out", flow = 3 }
[devices]
A = { kind = "valve" }
P = { kind = "pump" }
H = { kind = "heater", vessel = "Kettle", power = 5500, lag = 10 }
T = { kind = "probe", vessel = "Kettle", noise = 0.2 }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 98 }
"""
ORDERS = (("A", "turn_on"), ("A", "turn_off"), ("H", "turn_on"), ("H", "turn_off"), ("C", "start"), ("C", "stop"))


class Step(NamedTuple):
    """At this rate the rig goes on while the wall shows so many seconds more; then it jumps ahead (virtual s), and is commanded."""

    rate: Fraction
    wall: float
    jump: float
    order: tuple[str, str] | None


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3), Fraction(60), Fraction(10, 7)]),
        st.integers(0, 30).map(lambda tenths: tenths / 10),
        st.sampled_from([0.0, 0.0, 0.1, 17.5, 300.0]),
        st.none() | st.sampled_from(ORDERS),
    ),
    min_size=1,
    max_size=8,
)


def set_clock(rig: Bench, rate: Fraction, ahead: int = 0) -> None:
    """From now on virtual time goes at `rate`, and from `ahead` ns later."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row is not None
        wall = rig.store.wall()
        transaction.put_rig(replace(row, clock=replace(row.clock.rebased(row.clock.at(wall) + ahead, wall), rate=rate)))


def hurried(rig: Bench, told: Sequence[Step]) -> tuple[list[tuple[int, tuple[str, str]]], Look]:
    """What was commanded when (virtual ns), and how it ends."""
    commanded = []
    for step in told:
        set_clock(rig, step.rate)
        rig.wait(step.wall)
        set_clock(rig, step.rate, nanoseconds(step.jump))
        if step.order:
            rig.command(*step.order)
            commanded.append((rig.look().at, step.order))
    return commanded, rig.look()


def plain(rig: Bench, commanded: Sequence[tuple[int, tuple[str, str]]], end: int) -> Look:
    """The same by real time."""
    for at, order in commanded:
        rig.wait((at - rig.look().at) / SECOND)
        rig.command(*order)
    rig.wait((end - rig.look().at) / SECOND)
    return rig.look()


@settings(max_examples=60)
@given(told=steps)
def test_rate_pause_and_advance_give_the_same_state_at_the_same_virtual_time(told: list[Step]) -> None:
    fast, slow = bench(RIG), bench(RIG)
    fast.look()
    slow.look()

    commanded, one = hurried(fast, told)
    other = plain(slow, commanded, one.at)

    assert other.at == one.at
    assert plant.encode(other.anchor) == plant.encode(one.anchor)
    assert repr(plant.moved(other.cell, other.anchor, other.at)) == repr(plant.moved(one.cell, one.anchor, one.at))
    assert other.reading("T", "temperature") == one.reading("T", "temperature")


def test_a_rig_that_is_paused_stays_as_it_is() -> None:
    rig = bench(RIG)
    rig.command("H", "turn_on")
    rig.wait(100)
    before = rig.look()

    set_clock(rig, Fraction(0))
    rig.wait(10_000)

    after = rig.look()
    assert (after.at, after.anchor) == (before.at, before.anchor)


def test_two_processes_read_the_same_noise_at_any_rate() -> None:
    rig = bench(RIG)
    rig.look()
    set_clock(rig, Fraction(60))
    rig.wait(12.3)
    first = rig.reading("T", "temperature")

    rig.rigs = rig.process()

    assert rig.reading("T", "temperature") == first
    rig.wait(1)
    assert rig.reading("T", "temperature") != first
