"""Power series: their values, what lags behind them, and when they first turn negative."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mockbrew.series import first_crossing, lagged, value

NOTHING = Fraction(0)

# -- values and lags -----------------------------------------------------------------------------------------------


def test_a_series_has_the_value_of_its_polynomial() -> None:
    assert value([1.0, -2.0, 0.5], 3.0) == 1.0 - 6.0 + 4.5
    assert value([], 3.0) == 0.0
    assert value([7.0, 1e300], 0.0) == 7.0


@pytest.mark.parametrize("lag", [1e-9, 1e-3, 1.0, 10.0, 3600.0, 1e12])
@pytest.mark.parametrize("time", [0.0, 1e-9, 0.1, 10.0, 86_400.0])
def test_what_lags_behind_a_constant_is_an_exponential(lag: float, time: float) -> None:
    assert lagged([65.0], 20.0, lag, time) == pytest.approx(65.0 - 45.0 * math.exp(-time / lag), rel=1e-15)


@pytest.mark.parametrize("lag", [1e-9, 1e-3, 1.0, 10.0, 3600.0])
def test_what_lags_behind_a_ramp_comes_to_run_one_lag_behind_it(lag: float) -> None:
    time = 3600.0

    # s = 20 + r (t - lag) + r lag exp(-t/lag)
    assert lagged([20.0, 0.5], 20.0, lag, time) == pytest.approx(20.0 + 0.5 * (time + lag * math.expm1(-time / lag)), rel=1e-14)


def test_a_huge_lag_follows_the_mean_so_far() -> None:
    # lag s' = series - s, so that s = start + (integral of series - start)/lag to first order
    assert lagged([30.0, 2.0], 20.0, 1e9, 10.0) == pytest.approx(20.0 + (10.0 * 10.0 + 100.0) / 1e9, rel=1e-15)


def exact(series: list[float], start: float, lag: float, time: float) -> float:
    """The particular solution is sum of (-lag)^j of the j-th derivatives; in fractions, but for the exponential."""
    terms, coefficients, factor = [NOTHING] * len(series), [Fraction(a) for a in series], Fraction(1)
    while coefficients:
        terms = [total + factor * a for total, a in zip(terms, [*coefficients, *[NOTHING] * len(terms)], strict=False)]
        coefficients = [k * a for k, a in enumerate(coefficients)][1:]
        factor *= -Fraction(lag)
    particular = sum(a * Fraction(time) ** k for k, a in enumerate(terms))
    away = Fraction(start) - terms[0]
    # exp(-x) as a fraction good to 60 digits, since the parts that it multiplies may nearly cancel
    x = Fraction(time) / Fraction(lag)
    halvings = max(0, math.ceil(math.log2(float(x) + 1)))
    small = x / 2**halvings
    decay = 1 / reduce(lambda total, k: 1 + small / k * total, range(60, 0, -1), Fraction(1)) ** (2**halvings)
    return float(particular + away * decay)


coefficients = st.lists(st.floats(-5, 5).map(lambda a: round(a, 3)), min_size=1, max_size=12)


@given(
    series=coefficients, start=st.floats(-100, 100).map(lambda a: round(a, 2)), x=st.sampled_from([0.001, 0.5, 1, 3, 7.5, 11, 12, 13, 30])
)
def test_a_lag_of_any_ratio_is_exact(series: list[float], start: float, x: float) -> None:
    time = 1.25
    lag = time / x
    size = abs(start) + sum(abs(a) * time**k for k, a in enumerate(series))

    assert abs(lagged(series, start, lag, time) - exact(series, start, lag, time)) <= 4e-15 * size


def test_a_lag_begins_where_it_is() -> None:
    assert lagged([65.0, 3.0], 20.0, 10.0, 0.0) == 20.0


# -- crossings -----------------------------------------------------------------------------------------------------


def from_roots(*roots: float, sign: float = 1.0) -> list[float]:
    """The polynomial with these roots that is positive (or as `sign` is) before all of them."""
    product = [Fraction(sign)]
    for root in roots:  # times (root - t)
        product = [Fraction(root) * a - b for a, b in zip([*product, NOTHING], [NOTHING, *product], strict=True)]
    return [float(a) for a in product]


@pytest.mark.parametrize(
    ("series", "span", "first"),
    [
        ([1.0, -1.0], 2.0, 1.0),
        ([1.0, -1.0], 1.0, 1.0),  # at the end
        ([1.0, -1.0], 0.5, None),
        ([1.0, 1.0], 1e9, None),
        ([-1.0, 5.0], 1.0, 0.0),  # negative from the start
        ([0.0, -1.0], 1.0, 0.0),  # falls from zero
        ([0.0, 1.0], 1.0, None),  # rises from zero
        ([0.0, 0.0, -1.0], 1.0, 0.0),
        ([0.0, 1.0, -1.0], 2.0, 1.0),  # rises from zero, and falls back through it
        ([0.0], 1.0, None),
        ([0.0, 0.0, 0.0], 1.0, None),
        ([], 1.0, None),
        ([3.0], 1.0, None),
        ([-3.0], 1.0, 0.0),
        (from_roots(1.0, 2.0), 3.0, 1.0),  # dips below and returns
        (from_roots(1.0, 1.0 + 1e-6), 3.0, 1.0),  # a short dip
        (from_roots(2.0, 2.0, 5.0), 6.0, 5.0),  # touches before it crosses
        (from_roots(1.0, 1.0, 1.0), 3.0, 1.0),  # crosses flat
    ],
)
def test_the_first_crossing_is_found(series: list[float], span: float, first: float | None) -> None:
    found = first_crossing(series, span)

    assert found == first or (first is not None and found == pytest.approx(first, abs=1e-4))


@pytest.mark.parametrize("height", [1e-9, 1e-12])
def test_a_curve_that_nearly_touches_zero_and_turns_back_has_no_crossing(height: float) -> None:
    assert first_crossing([1.0 + height, -2.0, 1.0], 2.0) is None


@pytest.mark.parametrize("depth", [1e-9, 1e-12])
def test_a_curve_that_dips_below_zero_by_little_has_one(depth: float) -> None:
    assert first_crossing([1.0 - depth, -2.0, 1.0], 2.0) == pytest.approx(1.0 - math.sqrt(depth), abs=1e-7)


@given(
    roots=st.lists(st.integers(1, 400).map(lambda k: k / 100), min_size=1, max_size=6, unique=True), span=st.sampled_from([0.5, 1.0, 4.5])
)
def test_of_several_roots_the_first_is_found_and_none_is_missed(roots: list[float], span: float) -> None:
    series, first = from_roots(*roots), min(roots)
    found = first_crossing(series, span)

    if first > span + 1e-6:
        assert found is None
    elif first < span - 1e-6:
        assert found is not None
        assert found == pytest.approx(first, abs=1e-6)


@given(roots=st.lists(st.integers(1, 400).map(lambda k: k / 100), min_size=1, max_size=5, unique=True), scale=st.sampled_from([1e-9, 1e6]))
def test_a_crossing_does_not_depend_on_the_unit_of_time(roots: list[float], scale: float) -> None:
    series = [a / scale**k for k, a in enumerate(from_roots(*roots))]

    assert first_crossing(series, 5.0 * scale) == pytest.approx(min(roots) * scale, rel=1e-4)


@given(series=st.lists(st.floats(-10, 10), min_size=1, max_size=10), span=st.floats(0.01, 10))
def test_a_crossing_that_is_found_is_one_and_before_it_nothing_is_negative(series: list[float], span: float) -> None:
    assume(abs(series[0]) > 1e-6)
    size = sum(abs(a) * span**k for k, a in enumerate(series))
    found = first_crossing(series, span)
    before = span if found is None else found

    assert min(value(series, before * part / 256) for part in range(256)) >= -1e-12 * size or found == 0.0
    if found:
        assert abs(value(series, found)) <= 1e-12 * size
