"""Drift: two servers taken through the same steps, and each thing in which they differ. Pure.

Requests are paired in their order. Those without a partner are counted, not compared: one server was found in another state, or asked
longer until an effect showed, or something was skipped there. What is measured is not compared by value, since no two kettles are alike,
but by how fast it moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockbrew.conformance.compared.steps import Run, paired, steps
from mockbrew.conformance.compared.unlike import Difference, differences
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.results import FAILED, SKIPPED, Check, Report

TOLERANCE = 0.25  # of the faster of two rates: a vessel that holds a tenth more, on a burner that is a tenth weaker, is within it
STILL = 0.1  # K/min: what moves less stands still, or is a probe's noise


@dataclass(frozen=True, slots=True)
class Drift:
    """All that two servers differ in.

    differences: each once, with how often it was seen. outcomes: checks that came out differently: check, device, url, one, other.
    rates: what moves differently: probe, check, K/min of the one, of the other. compared: pairs of requests. alone: requests without a
    partner, of each server. alike: rates that are the same within the tolerance.
    """

    one: Report
    other: Report
    differences: Mapping[Difference, int]
    outcomes: tuple[tuple[str, str, str, str, str], ...]
    rates: tuple[tuple[str, str, float, float], ...]
    compared: int
    alone: tuple[int, int]
    alike: int

    @property
    def none(self) -> bool:
        """Whether they were taken through all of it, and do not differ."""
        whole = self.compared > 0 and not any(report.stopped or report.unrestored for report in (self.one, self.other))
        return whole and not (self.differences or self.outcomes or self.rates)


def drift(one: Run, other: Run, contract: Contract) -> Drift:
    """What two servers of one contract differ in."""
    mine, theirs = (list(steps(run, contract)) for run in (one, other))
    pairs = list(paired(mine, theirs))
    found = Counter(difference for pair in pairs for difference in differences(*pair))
    moved, alike = _rates(one.report, other.report)
    alone = len(mine) - len(pairs), len(theirs) - len(pairs)
    return Drift(one.report, other.report, found, tuple(_outcomes(one.report, other.report)), tuple(moved), len(pairs), alone, alike)


def _outcomes(one: Report, other: Report) -> Iterator[tuple[str, str, str, str, str]]:
    """Checks of both that came out differently, and those that only one of them has."""
    mine, theirs = _by_identity(one), _by_identity(other)
    for key in dict.fromkeys([*mine, *theirs]):
        first, second = mine.get(key), theirs.get(key)
        if (first and first.outcome) != (second and second.outcome):
            name, device, _, url = key
            yield name, device or "", url, _outcome(first), _outcome(second)


def _by_identity(report: Report) -> dict[tuple[str, str | None, str | None, str], Check]:
    return {(check.name, check.device, check.endpoint, check.url): check for check in report.checks}


def _outcome(check: Check | None) -> str:
    if check is None:
        return "not come to"
    if check.outcome == SKIPPED:
        return f"skipped: {check.reason}"
    first = f": {check.differences[0].where} is {check.differences[0].got}" if check.outcome == FAILED and check.differences else ""
    return f"{check.outcome}{first}"


def _rates(one: Report, other: Report) -> tuple[list[tuple[str, str, float, float]], int]:
    """What moves differently, and how many rates are alike."""
    mine, theirs = _by_probe(one), _by_probe(other)
    both = [key for key in mine if key in theirs]
    moved = [(*key, mine[key], theirs[key]) for key in both if not _alike(mine[key], theirs[key])]
    return moved, len(both) - len(moved)


def _by_probe(report: Report) -> dict[tuple[str, str], float]:
    return {(probe, f"{check.name} {check.device or ''}".strip()): rate for check in report.checks for probe, rate in check.rates.items()}


def _alike(one: float, other: float) -> bool:
    """The same direction, and about as fast."""
    if max(abs(one), abs(other)) <= STILL:
        return True
    return abs(one - other) <= max(TOLERANCE * max(abs(one), abs(other)), STILL)
