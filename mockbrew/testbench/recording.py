"""Recording: when not every request went to the journal of a rig, and which conditions speak of requests that then are not in it.

Commands are always in it, and so is every request that a fault of transport hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mockbrew.clock import NEVER, seconds
from mockbrew.conditions import Condition
from mockbrew.conditions.intervals import Undecided
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.journal.matching import ARGUMENTS, Told
from mockbrew.stores.base import RigRow
from mockbrew.testbench.spans import Span

REMEDY = 'PUT journal {"record": "requests"} before, or begin later; or say "verb != null and ..." for commands only'
OF_RECORDED = frozenset({"verb", "event", "fault"})  # fields that no entry has which is there for the recording of requests only


def unrecorded(row: RigRow, entries: Sequence[Told], held: Iterable[Span]) -> Span | None:
    """The first time in these spans in which not every request went to the journal. entries: all of the rig, oldest first."""
    off = _off(row, entries)
    both = ((max(begin, low), min(end, high)) for begin, end in held for low, high in off)
    return min((each for each in both if each[0] < each[1]), default=None)


def told(begins: int, ends: int) -> str:
    """Such a time (virtual ns), as a reason for which something can't be told."""
    when = f"at {seconds(begins)} s" if ends - begins <= 1 else f"from {seconds(begins)} s to {seconds(ends)} s"
    return f"requests were not recorded {when}; {REMEDY}"


def speaks_of_any(condition: Condition) -> bool:
    """Whether it may hold for a request that is no command: a reading, an unknown URL, a wrong method."""
    return condition.decide(_of_any) is not False


def _of_any(variable: Variable) -> Value:
    if variable.device or variable.name in OF_RECORDED or variable.name.startswith(ARGUMENTS):
        return None
    raise Undecided


def _off(row: RigRow, entries: Sequence[Told]) -> list[Span]:
    """When requests were not recorded in this run. Where that was ended, it was for an instant at least."""
    changes = [(each.entry, each.said["recorded"]) for each in entries if "recorded" in each.said]
    recording, since, least, off = (changes[0][1][0] if changes else row.recording), 0, 0, []
    for entry, (_, after) in changes:
        at = entry.at if entry.run == row.run else 0
        if not recording:
            off.append((since, max(at, since + least)))
        recording, since, least = after, at, int(entry.run == row.run)
    return off if recording else [*off, (since, NEVER)]
