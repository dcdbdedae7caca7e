"""The course of a test: what was done to a rig, and what went wrong on the way, line by line in virtual time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mockbrew.client import Entry, Hazard
from mockbrew.pytest_plugin.wording import CONTROL, asked, cut, instant

LINES = 60  # that are shown at most, about
AROUND = 6  # lines that are shown before what went wrong, and after it
KEYS = 12  # things that went wrong around which lines are shown
FEW = 3  # readings one after the other that are told as one line
QUIET = frozenset({"record"})  # what the control plane did that says nothing about the rig
FROZEN = 1  # the number of the entry by which the rig was made


@dataclass(frozen=True, slots=True)
class Line:
    """What was done, or happened, at one instant (virtual s of a run).

    event: its number, or that of what it came after. key: it belongs to what went wrong.
    """

    run: int
    time: float
    text: str
    event: int | None = None
    key: bool = False


def course(entries: Iterable[Entry], hazards: Sequence[Sequence[Hazard]]) -> list[str]:
    """As text. hazards: each rule's, in the order of their numbers."""
    return list(_shown(_with_hazards(list(_lines(entries)), hazards)))


def _lines(entries: Iterable[Entry]) -> Iterator[Line]:
    """One for each entry; one for several readings without anything in between."""
    for plain, several in groupby(entries, lambda entry: (entry.run, entry.verb is None and entry.status == 200)):
        group = list(several)
        if plain[1] and len(group) >= FEW:
            yield _readings(group)
        else:
            yield from (_line(entry) for entry in group if entry.verb not in QUIET and entry.number != FROZEN)


def _readings(entries: Sequence[Entry]) -> Line:
    urls = list(dict.fromkeys(entry.url for entry in entries))
    others = f" and {len(urls) - FEW} more" if len(urls) > FEW else ""
    first, last = entries[0], entries[-1]
    until = f", up to {instant(last.time)}" if last.time != first.time else ""
    return Line(first.run, first.time, f"{len(entries)} readings{until}: {', '.join(urls[:FEW])}{others}")


def _line(entry: Entry) -> Line:
    text = asked(entry) if entry.url.startswith(CONTROL) else f"{asked(entry)}  {entry.status}{_replied(entry)}"
    return Line(entry.run, entry.time, text, entry.event, entry.unmatched is not None)


def _replied(entry: Entry) -> str:
    """What came of a request; of one that is told above with what came nearest, nothing more."""
    fault = f" (fault {entry.fault})" if entry.fault else ""
    reply = "" if entry.unmatched else _detail(entry.reply or "")
    return f"{fault}  {cut(reply)}".rstrip()


def _detail(reply: str) -> str:
    """Of a problem document what it says, of anything else all of it."""
    try:
        said = json.loads(reply)
    except ValueError:
        return reply
    return str(said["detail"]) if isinstance(said, dict) and "detail" in said else reply


def _with_hazards(lines: list[Line], hazards: Sequence[Sequence[Hazard]]) -> list[Line]:
    """The same, with the instants at which the first and the last of each rule began and ended among them."""
    for number, several in enumerate(hazards, 1):
        for hazard in (several[0], several[-1])[: len(several)]:
            cause = hazard.after.event if hazard.after else None
            _put(lines, Line(hazard.run, hazard.begins, f"[{number}] begins: {hazard.rule}", cause, key=True))
            if hazard.ends is not None:
                _put(lines, Line(hazard.run, hazard.ends, f"[{number}] ends: {hazard.rule}", key=True))
    return lines


def _put(lines: list[Line], line: Line) -> None:
    """Behind all that was before it, and behind its event, which may be of the same instant."""
    before = (at for at, each in enumerate(lines) if each.run < line.run or (each.run == line.run and _is_before(each, line)))
    lines.insert(max(before, default=-1) + 1, line)


def _is_before(each: Line, line: Line) -> bool:
    if each.time != line.time or line.event is None:
        return each.time <= line.time
    return each.event is not None and each.event <= line.event


def _shown(lines: Sequence[Line]) -> Iterator[str]:
    """The last ones, and those around what went wrong."""
    keys = [at for at, line in enumerate(lines) if line.key][:KEYS]
    near = {at for key in keys for at in range(key - AROUND, key + AROUND)}
    left_out = 0
    for at, line in enumerate(lines):
        if len(lines) <= LINES or at >= len(lines) - LINES // 2 or at in near:
            yield from _gap(left_out)
            yield f"{'>' if line.key else ' '}{instant(line.time):>10}  {line.text}"
            left_out = 0
        else:
            left_out += 1


def _gap(left_out: int) -> Iterator[str]:
    if left_out:
        yield f"{'...':>11}  {left_out} lines left out"
