"""Bounds of series."""

from __future__ import annotations

import pytest

from mockbrew.conditions.intervals import ends
from mockbrew.seeking.bounds import series_over


@pytest.mark.parametrize(("first", "last", "low", "high"), [(0, 1, 0, 1), (1, 3, 0, 1), (0, 2, 0, 1), (2, 3, -3, 0)])
def test_a_series_lies_within_its_bounds_which_are_not_much_wider(first: float, last: float, low: float, high: float) -> None:
    found = ends(series_over([0.0, 2.0, -1.0], first, last))  # 2t - t^2

    assert found[0] <= low + 1e-9
    assert found[1] >= high - 1e-9
    assert found[1] - found[0] <= 4 * (high - low) + 1e-9


def test_a_constant_is_no_interval() -> None:
    assert series_over([3.5, 0.0, 0.0], 0, 10) == 3.5
