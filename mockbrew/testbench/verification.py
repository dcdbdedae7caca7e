"""Verification: whether the journal of a rig is as it was expected to be. What it has forgotten is never taken for what did not happen.

An expectation speaks of the run that the rig is in, from one instant of virtual time to another; by itself, of all of it since the journal
was emptied last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from mockbrew import journal
from mockbrew.budget import Budget
from mockbrew.clock import NEVER, nanoseconds, seconds
from mockbrew.conditions import Condition
from mockbrew.errors import HistoryGone, NotVerified, StillEvolving, TooLong
from mockbrew.journal import Emptied, matching
from mockbrew.journal.expectations import BOUNDS, Document, Expectation, expectations
from mockbrew.journal.matching import Told
from mockbrew.replaying import ANEW, RESTORE, Overtaken, again
from mockbrew.rigs import Rigs
from mockbrew.stores.base import RigRow
from mockbrew.testbench import recording
from mockbrew.testbench.spans import Span, spans

PIECE = 1_000  # entries between two looks at the stopwatch: some ms
SHOWN = 3  # entries, near misses or gaps that one answer shows


class Outcome(NamedTuple):
    """message: what was found and what was expected. more: figures. entries, near: which show it, and which nearly would."""

    passed: bool
    message: str
    more: Document
    entries: Sequence[Told] = ()
    near: Sequence[Told] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a rig as of one instant: the entries of its journal, oldest first, of all runs. now: virtual ns."""

    rigs: Rigs
    row: RigRow
    now: int
    emptied: Emptied
    entries: Sequence[Told]
    patience: Budget = field(repr=False)

    def of(self, expectation: Expectation) -> list[Told]:
        """The entries that an expectation speaks of: what clients asked of the rig. What the control plane did is nobody's request."""
        self._go_on()
        begins, ends = expectation.begins or 0, NEVER if expectation.ends is None else expectation.ends
        here = (each for each in self.entries if each.entry.run == self.row.run and begins <= each.entry.at <= ends)
        return [each for each in here if not each.of_control_plane]

    def matches(self, entries: Sequence[Told], where: Condition) -> list[Told]:
        """Those for which it holds. Raises TooLong."""
        found: list[Told] = []
        for place in range(0, len(entries), PIECE):
            self._go_on()
            found += matching.matches(entries[place : place + PIECE], where)
        return found

    def _go_on(self) -> None:
        if self.patience.spent:
            raise TooLong("to check all this takes too long; expect less at a time, of a shorter stretch, or empty the journal more often")

    def window(self, expectation: Expectation) -> Span:
        """From when to when an expectation speaks of it (virtual ns)."""
        begins = _begin(self) if expectation.begins is None else expectation.begins
        return begins, self.now if expectation.ends is None else expectation.ends

    def unrecorded(self, expectation: Expectation, where: Condition, held: Sequence[Span] | None = None) -> str | None:
        """Why it can't be told, if a condition of it is about requests that were not recorded. held: when, if not all the time."""
        if not recording.speaks_of_any(where):
            return None
        begins, ends = self.window(expectation)
        deaf = recording.unrecorded(self.row, self.entries, [(begins, ends + 1)] if held is None else held)
        return None if deaf is None else recording.told(deaf[0], min(deaf[1], ends))

    def forgotten(self, expectation: Expectation) -> str | None:
        """Why it can't be told, if something of what an expectation speaks of is not in the journal any more."""
        begins, emptied = expectation.begins, self.emptied
        if begins is not None and emptied.run == self.row.run and begins < emptied.at:
            return f"the journal was emptied at {seconds(emptied.at)} s, so what was from {seconds(begins)} s on is not known; begin later"
        ends = expectation.ends
        if ends is not None and emptied.run == self.row.run and ends < emptied.at:
            return f"the journal was emptied at {seconds(emptied.at)} s, so what was until {seconds(ends)} s is not known; end later"
        if not self.entries or self._begins_in_time or (begins is not None and begins > self.entries[0].entry.at):
            return None
        first = self.entries[0].entry
        return f"the journal has forgotten what was before {seconds(first.at)} s; begin later, or empty it before it is full"

    @property
    def _begins_in_time(self) -> bool:
        """Whether the oldest entry is the first one since the journal was emptied, or not younger than the run."""
        entry, said = self.entries[0]
        return entry.number <= self.emptied.number + 1 or entry.run < self.row.run or said.get("verb") == RESTORE


def verify(rigs: Rigs, rig: str, document: Document) -> dict[str, Any]:
    """Check all expectations of a document, which has been found to be of the right shape.

    Raises BadRequest, NotVerified, TooLong, Overtaken, NoSuchRig, StoreError.
    """
    patience = rigs.patience()
    return again(rig, lambda: _verified(rigs, rig, document, patience), patience)


def _verified(rigs: Rigs, rig: str, document: Document, patience: Budget) -> dict[str, Any]:
    row, now = rigs.now(rig)
    expected = expectations(rigs.spec, document["expect"], now)
    evidence = Evidence(rigs, row, now, journal.emptied(rigs.store, row), list(matching.all_told(rigs.store, row)), patience)
    checked = [_told(row, each, _outcome(each, evidence)) for each in expected]
    if not all(each["passed"] for each in checked):
        raise NotVerified(rig, checked)
    return {"passed": True, "run": row.run, "time": seconds(now), "checked": checked}


def _outcome(expectation: Expectation, evidence: Evidence) -> Outcome:
    forgotten = evidence.forgotten(expectation)
    return CHECKS[expectation.sort](expectation, evidence) if forgotten is None else _unmet(forgotten, {})


def _told(row: RigRow, expectation: Expectation, outcome: Outcome) -> dict[str, Any]:
    told = {"field": expectation.place, "passed": outcome.passed, "message": outcome.message, **outcome.more}
    listed = {"entries": outcome.entries, "near": outcome.near}
    return {**told, **{name: [journal.shown(row, each.entry) for each in some[:SHOWN]] for name, some in listed.items() if some}}


# -- what can be expected ------------------------------------------------------------------------------------------


def _count(expectation: Expectation, evidence: Evidence) -> Outcome:
    (where,), entries, asked = expectation.where, evidence.of(expectation), expectation.asked
    found = evidence.matches(entries, where)
    bounds = [name for name in BOUNDS if name in asked]
    wanted = " and ".join(f"{name.replace('_', ' ')} {asked[name]}" for name in bounds)
    message, more = f"{_entries(found)} with {where.text}; {wanted} expected", {"found": len(found)}
    unmet = [name for name in bounds if not BOUNDS[name](len(found), asked[name])]
    too_few = len(found) < asked.get("at_least", asked.get("exactly", 0))
    there_may_be_more = evidence.unrecorded(expectation, where) if too_few or (not unmet and bounds != ["at_least"]) else None
    if not unmet and there_may_be_more is None:
        return _met(message, more)
    return _unmet(_doubted(message, there_may_be_more), more, found, matching.near(entries, where) if too_few else ())


def _never(expectation: Expectation, evidence: Evidence) -> Outcome:
    (where,) = expectation.where
    found = evidence.matches(evidence.of(expectation), where)
    message, more = f"{_entries(found)} with {where.text}; none expected", {"found": len(found)}
    there_may_be_some = None if found else evidence.unrecorded(expectation, where)
    return _unmet(_doubted(message, there_may_be_some), more, found) if found or there_may_be_some else _met(message, more)


def _order(expectation: Expectation, evidence: Evidence) -> Outcome:
    rest = evidence.of(expectation)
    met: list[Told] = []
    for number, where in enumerate(expectation.where):
        place = next((place for place, each in enumerate(rest) if where.holds(each.value)), None)
        if place is None:
            after = f" after entry {met[-1].entry.number}" if met else ""
            message = f"no entry with {where.text}{after}; {_ordinal(number, expectation)}"
            return _unmet(_doubted(message, evidence.unrecorded(expectation, where)), {}, met, matching.near(rest, where))
        met.append(rest[place])
        rest = rest[place + 1 :]
    return _met(f"in this order: entries {', '.join(str(each.entry.number) for each in met)}", {})


def _every(expectation: Expectation, evidence: Evidence) -> Outcome:
    try:
        held = _held(expectation, evidence)
    except HistoryGone as error:
        return _unmet(str(error), {})
    except Overtaken:
        raise
    except StillEvolving:
        return _unmet("this stretch of the past takes too long to compute; expect it of a shorter one", {})
    deaf = evidence.unrecorded(expectation, expectation.where[0], held)
    if deaf is not None:
        return _unmet(deaf, {})
    found = evidence.matches(evidence.of(expectation), expectation.where[0])
    most = nanoseconds(expectation.asked["seconds"])
    gaps = [gap for span in held for gap in _gaps(span, [each.entry.at for each in found]) if gap[1] - gap[0] > most]
    return _spaced(expectation, held, found, gaps)


def _spaced(expectation: Expectation, held: Sequence[Span], found: Sequence[Told], gaps: Sequence[Span]) -> Outcome:
    where, wanted = expectation.where[0].text, f"one every {expectation.asked['seconds']} s expected"
    if expectation.held is not None:
        wanted = f"{wanted} while {expectation.held.text}"
    listed = [{"from": seconds(begin), "until": seconds(end), "seconds": seconds(end - begin)} for begin, end in gaps[:SHOWN]]
    more = {"found": len(found), "stretches": len(held), "gaps": listed}
    if not gaps:
        return _met(f"{_entries(found)} with {where}; {wanted}{', which was never so' if not held else ''}", more)
    (begin, end), others = gaps[0], len(gaps) - 1
    tail = f", nor in {others} other {'stretch' if others == 1 else 'stretches'}" if others else ""
    return _unmet(f"no entry with {where} from {seconds(begin)} s to {seconds(end)} s{tail}; {wanted}", more)


def _met(message: str, more: Document) -> Outcome:
    return Outcome(passed=True, message=message, more=more)


def _unmet(message: str, more: Document, entries: Sequence[Told] = (), near: Sequence[Told] = ()) -> Outcome:
    return Outcome(passed=False, message=message, more=more, entries=entries, near=near)


def _doubted(message: str, why: str | None) -> str:
    return message if why is None else f"{message}; but {why}"


def _entries(found: Sequence[Told]) -> str:
    return "1 entry" if len(found) == 1 else f"{len(found) or 'no'} entries"


def _ordinal(number: int, expectation: Expectation) -> str:
    return f"it is expected as number {number + 1} of {len(expectation.where)}"


CHECKS: Mapping[str, Callable[[Expectation, Evidence], Outcome]] = MappingProxyType(
    {"count": _count, "never": _never, "order": _order, "every": _every}
)


# -- every so often ------------------------------------------------------------------------------------------------


def _held(expectation: Expectation, evidence: Evidence) -> list[Span]:
    """When it is to be so often."""
    begins, ends = evidence.window(expectation)
    if expectation.held is None:
        return [(begins, ends)]
    return spans(evidence.rigs, evidence.row, expectation.held, begins, ends, evidence.patience)


def _begin(evidence: Evidence) -> int:
    """Virtual ns from which on something is expected where nobody says: of the run, or of the journal if it was emptied later."""
    row, emptied = evidence.row, evidence.emptied
    anew = [event.at for event in evidence.rigs.store.events(row, "") if event.verb in ANEW]
    return max([0, *anew[-1:], *([emptied.at] if emptied.run == row.run else [])])


def _gaps(span: Span, times: Sequence[int]) -> Iterator[Span]:
    return pairwise([span[0], *sorted(at for at in times if span[0] <= at <= span[1]), span[1]])
