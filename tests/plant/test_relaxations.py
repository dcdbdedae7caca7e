"""A calm vessel by itself: how far its exponential has come, what follows it, and when it is somewhere. Against decimals of 60 digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockbrew.thermal import relaxed, time_to, trailed

rates = st.sampled_from([0.0, 1e-12, 1e-4, 0.01, 1.0, 2.0, 100.0]) | st.floats(1e-6, 10)  # 1/s
times = st.sampled_from([0.0, 1e-9, 1.0, 86_400.0, 2_592_000.0]) | st.floats(1e-3, 1e4)  # s


def exactly(decay: float, rate: float, elapsed: float) -> tuple[float, float, float]:
    """How far it has come, what is left of the first difference, and how far behind another is that follows; s, 1, s."""
    with localcontext() as context:
        context.prec = 60
        a, b, t = Decimal(decay), Decimal(rate), Decimal(elapsed)
        gone, left = (-a * t).exp(), (-b * t).exp()
        behind = t * left if a == b else (gone - left) / (b - a)
        return float(t if not a else (1 - gone) / a), float(left), float(behind)


@given(decay=rates, rate=rates, elapsed=times)
@example(decay=0.01, rate=0.01, elapsed=100.0)
@example(decay=0.01, rate=0.010000000000000002, elapsed=100.0)
@example(decay=0.0, rate=0.1, elapsed=1e4)
def test_an_exponential_and_what_follows_it_are_right_at_any_rates(decay: float, rate: float, elapsed: float) -> None:
    far, left, behind = exactly(decay, rate, elapsed)

    assert relaxed(decay, elapsed) == pytest.approx(far, rel=1e-14)
    # What is left of the exponent's last digit counts that many times.
    assert trailed(decay, rate, elapsed) == pytest.approx((left, behind), rel=1e-15 * (8 + max(decay, rate) * elapsed), abs=1e-300)


@given(start=st.floats(0, 99), slope=st.floats(1e-6, 10), decay=rates)
def test_it_is_where_it_is_said_to_be_when_it_is_said_to_be_there(start: float, slope: float, decay: float) -> None:
    time = time_to(100.0, start, slope, decay)

    if time is None:
        assert start + slope / decay <= 100.0 * (1 + 1e-12)
    elif decay * time < 20:  # later than that it stands nearly still
        assert start + slope * relaxed(decay, time) == pytest.approx(100.0, abs=1e-10)


@pytest.mark.parametrize(("slope", "decay"), [(0.0, 0.01), (-1.0, 0.01), (0.8, 0.01), (0.1, 0.01)])
def test_it_never_comes_where_its_balance_does_not_reach(slope: float, decay: float) -> None:
    assert time_to(100.0, 20.0, slope, decay) is None


def test_without_a_loss_it_is_a_ramp() -> None:
    assert time_to(100.0, 20.0, 0.5, 0.0) == 160.0
    assert relaxed(0.0, 160.0) == 160.0
