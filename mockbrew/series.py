"""Power series in time, as lists of coefficients: their values, what lags behind them, and when they first cease to be positive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

Series = Sequence[float]
"""a[0] + a[1] t + a[2] t^2 + ..., t in s."""

FINEST = 2.0**-60  # of the span in which a root is searched: nothing narrower can be told apart
SPARE = 24  # terms by which the downward recurrence of `_shares` begins higher: its error then is below 1e-17


def value(series: Series, time: float) -> float:
    """At `time` (s), by Horner's rule."""
    total = 0.0
    for coefficient in reversed(series):
        total = total * time + coefficient
    return total


def highest(series: Series, span: float) -> float:
    """No less than its greatest value within `span` (s)."""
    rise = 0.0
    for coefficient in series[:0:-1]:
        rise = (rise + coefficient) * span if coefficient > 0.0 else rise * span
    return series[0] + rise


def lagged(series: Series, start: float, lag: float, time: float) -> float:
    """What follows the series with time constant `lag` (s, above 0) from `start`, at `time` (s): the solution of lag s' = series - s.

    s(t) = start exp(-x) + sum of a_k t^k g_k(x), with x = t/lag. However stiff or lazy, this is exact.
    """
    decay, shares = _shares(time / lag, len(series))
    total, power = start * decay, 1.0
    for coefficient, share in zip(series, shares):  # noqa: B905 - as many, and this is where most of the time goes
        total += coefficient * power * share
        power *= time
    return total


@lru_cache(maxsize=4096)
def _shares(x: float, count: int) -> tuple[float, tuple[float, ...]]:
    """exp(-x), and g_0 ... of `lagged`: g_k x^k = integral of exp(u - x) u^k du from 0 to x, so that g_k = 1 - k/x g_(k-1).

    Upwards an error grows by k/x, downwards by x/k: so upwards to k = x, and downwards to it from far above.
    """
    if x == 0.0:
        return 1.0, (0.0,) * count
    turn = min(int(x), count - 1)
    shares = [-math.expm1(-x)]
    for k in range(1, turn + 1):
        shares.append(1.0 - k / x * shares[-1])
    above, share = [], 0.0
    for k in range(count + int(x) + SPARE if turn < count - 1 else 0, turn + 1, -1):
        share = (1.0 - share) * x / k
        above.append(share)
    return math.exp(-x), (*shares, *above[::-1][: count - turn - 1])


# -- crossings -----------------------------------------------------------------------------------------------------


def first_crossing(series: Series, span: float) -> float | None:
    """The first instant in [0, `span`] (s) from which it is negative, of one that is positive or zero before; None if there is none.

    One that begins at zero counts by where it goes from there. None is missed where the curve touches zero and turns back, as far as
    floats can tell.
    """
    order = next((k for k, coefficient in enumerate(series) if coefficient), None)
    if order is None:
        return None
    rest = series[order:]  # the same sign after 0 as the series
    if rest[0] < 0.0:
        return 0.0
    if highest([-coefficient for coefficient in rest], span) < 0.0:
        return None
    share = _first_root([coefficient * span**k for k, coefficient in enumerate(rest)], 1.0)
    return None if share is None else share * span


def _first_root(scaled: list[float], width: float) -> float | None:
    """Of a polynomial on [0, 1]; `width` is what this is of the whole span."""
    if scaled[0] <= 0.0:
        return 0.0
    if highest([-coefficient for coefficient in scaled], 1.0) < 0.0:
        return None
    if len(scaled) == 1:
        return None
    falls = scaled[1] + sum([max(k * coefficient, 0.0) for k, coefficient in enumerate(scaled[2:], 2)]) < 0.0
    if falls or width < FINEST:  # at most one root
        return _bracketed(scaled) if value(scaled, 1.0) <= 0.0 else None
    left = _first_root([coefficient * 0.5**k for k, coefficient in enumerate(scaled)], width / 2)
    if left is not None:
        return left / 2
    right = _first_root(_right_half(scaled), width / 2)
    return None if right is None else 0.5 + right / 2


def _right_half(scaled: list[float]) -> list[float]:
    """The same polynomial on [1/2, 1], as one on [0, 1]: a Taylor shift by Horner's rule."""
    shifted = [coefficient * 0.5**k for k, coefficient in enumerate(scaled)]
    for first in range(len(shifted) - 1):
        for k in range(len(shifted) - 2, first - 1, -1):
            shifted[k] += shifted[k + 1]
    return shifted


def _bracketed(scaled: list[float]) -> float:
    """The root in [0, 1] of what is positive at 0 and not at 1: Newton's method, halving where that would leave the bracket."""
    slope = [k * coefficient for k, coefficient in enumerate(scaled)][1:]
    low, high, at = 0.0, 1.0, 0.5
    for _ in range(200):
        here = value(scaled, at)
        low, high = (at, high) if here > 0.0 else (low, at)
        steep = value(slope, at)
        step = at - here / steep if steep else low
        following = step if low < step < high else (low + high) / 2
        if following in (at, low, high):
            break
        at = following
    return high
