"""Where a rig's clock stands, by the definition, whichever case it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from mockbrew.clock import HORIZON, Clock
from mockbrew.timeline import LAST, instant, moment, stands_still
from tests.stores.rows import rig_row

instants = st.integers(0, LAST + 1_000) | st.sampled_from([0, 1, HORIZON - 1, HORIZON, HORIZON + 1, LAST - 1, LAST, LAST + 1])
rates = st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1), Fraction(60), Fraction(100_000)])


@given(base=instants, wall_base=instants, rate=rates, last=instants, wall=instants)
@example(base=0, wall_base=0, rate=Fraction(1), last=0, wall=HORIZON)
@example(base=0, wall_base=0, rate=Fraction(1), last=5, wall=3)
@example(base=0, wall_base=0, rate=Fraction(1), last=LAST - 5, wall=LAST)
@example(base=7, wall_base=9, rate=Fraction(60), last=0, wall=3)
def test_a_moment_is_the_clock_s_between_the_last_event_and_the_horizon(
    base: int, wall_base: int, rate: Fraction, last: int, wall: int
) -> None:
    row = replace(rig_row(), clock=Clock(base, wall_base, rate), last_at=last)
    clock = base + max(wall - wall_base, 0) * rate.numerator // rate.denominator
    end = min(last + HORIZON, LAST)

    assert moment(row, wall) == (min(max(clock, last), end), clock >= end)
    assert instant(row, wall) == moment(row, wall)[0]
    assert stands_still(row, wall) == moment(row, wall)[1]
