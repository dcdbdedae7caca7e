"""The ledger of a run: what was found of each check so far. What failed once stays so, whatever is found later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mockbrew.conformance.known.plan import Due
from mockbrew.conformance.results import FAILED, PASSED, SKIPPED, Check, Difference, Exchange
from mockbrew.devices.declare import NONE

DIFFERENCES = 8  # of one check
EXCHANGES = 8


class Ledger:
    """By what was due: its check."""

    def __init__(self) -> None:
        self._checks: dict[tuple[str, str | None, str | None], Check] = {}

    def note(
        self,
        due: Due,
        differences: Iterable[Difference] = (),
        exchanges: Sequence[Exchange] = (),
        reason: str = "",
        rates: Mapping[str, float] = NONE,
    ) -> bool:
        """Passed if nothing differs, which is answered."""
        found = tuple(differences)
        outcome = FAILED if found else PASSED
        why, latest = reason if found else "", tuple(exchanges)[-EXCHANGES:]
        self._put(Check(due.name, due.device, due.endpoint, due.url, outcome, found, why, latest, rates))
        return not found

    def skip(self, due: Due, reason: str) -> None:
        """Not looked at, unless it was."""
        self._checks.setdefault(due.key, Check(due.name, due.device, due.endpoint, due.url, SKIPPED, reason=reason))

    def failed(self, due: Due) -> bool:
        """Whether it has."""
        known = self._checks.get(due.key)
        return known is not None and known.outcome == FAILED

    def checks(self, due: Iterable[Due]) -> Iterator[Check]:
        """In the order of what was due, then what nobody expected."""
        order = dict.fromkeys(each.key for each in due)
        yield from (self._checks[key] for key in order if key in self._checks)
        yield from (check for key, check in self._checks.items() if key not in order)

    def _put(self, check: Check) -> None:
        key = check.name, check.device, check.endpoint
        before = self._checks.get(key)
        if before is None or before.outcome != FAILED:
            self._checks[key] = check
        elif check.outcome == FAILED:
            more = tuple(each for each in check.differences if each not in before.differences)
            self._checks[key] = replace(before, differences=(*before.differences, *more)[:DIFFERENCES])
