"""DOP853 from one boundary to the next, and the instant at which a law ends by itself.

scipy's solve_ivp looks for events at the ends of steps only, and on an interpolant of lower order than the steps: its solver is
driven directly, a curve is looked at within a step too, and a crossing is found once more on the solution itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.integrate import DOP853
from scipy.optimize import brentq

from tests.plant.oracle_law import Law, State
from tests.plant.oracle_modes import Watch, watches

TOLERANCE = 1e-12  # relative, and absolute too: scipy's default of the latter is itself off by 3e-5 K
LOOKS = 5  # in a step
SURE = 1e-11  # of a watch (kg, K, W, kg/s) that began its law at zero, on the wrong side by a rounding

Curve = Callable[[float], State]
Reached = tuple[float, State, Watch | None]


def advance(law: Law, begin: float, x: State, until: float) -> Reached:
    """From `begin` to `until` (s), or to where a watch crosses zero before that."""
    if until <= begin:
        return until, x, None
    solver = _solver(law, begin, x, until)
    while solver.status == "running":
        step = solver.t, solver.y.copy()
        _step(solver)
        found = _first(law, step, solver)
        if found is not None:
            return found
    return until, solver.y, None


def _first(law: Law, step: tuple[float, State], solver: DOP853) -> Reached | None:
    """The first crossing in the step that the solver has just made."""
    curve: Curve = solver.dense_output()
    last, before = step[0], list(watches(law, step[1]))
    for look in np.linspace(step[0], solver.t, LOOKS)[1:].tolist():
        after = list(watches(law, solver.y if look == solver.t else curve(look)))
        goals = [_goal(*pair) for pair in zip(before, after, strict=True)]
        if any(goal is not None for goal in goals):
            found = (_found(law, step, curve, (last, look), i, goal) for i, goal in enumerate(goals) if goal is not None)
            return min(found, key=lambda reached: reached[0])
        last, before = look, after
    return None


def _goal(before: Watch, after: Watch) -> float | None:
    """The value that the watch has crossed: zero, or what is surely beyond it."""
    for goal in (0.0, SURE):
        if before.direction * before.value < goal <= before.direction * after.value:
            return goal * before.direction
    return None


def _found(law: Law, step: tuple[float, State], curve: Curve, between: tuple[float, float], i: int, goal: float) -> Reached:
    """On the interpolant, then corrected by one step of Newton on the solution."""

    def over(x: State) -> float:
        return list(watches(law, x))[i].value - goal

    low, high = between
    t = high if over(curve(low)) * over(curve(high)) > 0 else float(brentq(lambda at: over(curve(at)), low, high, xtol=1e-13, rtol=1e-15))
    apart = max((high - low) * 1e-3, 1e-9)
    slope = (over(curve(t + apart)) - over(curve(t - apart))) / (2 * apart)
    x = _to(law, step, t)
    t = min(max(t - over(x) / slope, low), high) if slope else t
    x = _to(law, step, t)
    return t, x, list(watches(law, x))[i]


def _to(law: Law, step: tuple[float, State], t: float) -> State:
    begin, x = step
    if t <= begin:
        return x.copy()
    solver = _solver(law, begin, x, t)
    while solver.status == "running":
        _step(solver)
    reached: State = solver.y
    return reached


def _solver(law: Law, begin: float, x: State, until: float) -> DOP853:
    return DOP853(law.slopes, begin, x, until, rtol=TOLERANCE, atol=TOLERANCE)


def _step(solver: DOP853) -> None:
    message = solver.step()
    if solver.status == "failed":
        raise ArithmeticError(message)
