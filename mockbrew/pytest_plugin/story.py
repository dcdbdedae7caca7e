"""The story of a test: what was done to a rig, in virtual time, and what went wrong on the way, for whoever reads why a test failed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mockbrew.client import Entry, Hazard, Rig

LAST = 1_000  # entries of the journal that a story is told from
LINES = 60  # of what was done that are shown at most, about
AROUND = 6  # lines that are shown before what went wrong, and after it
WRONG = 10  # things of one sort that are told
FEW = 3  # readings one after the other that are told as one line
SHORT = 100  # characters of a reply, or of what was asked
NEAREST = 3
CONTROL = "/__admin/"
QUIET = frozenset({"record"})  # what the control plane did that says nothing about the rig
FROZEN = 1  # the number of the entry by which the rig was made


@dataclass(frozen=True, slots=True)
class Chapter:
    """One rig. hazards, unmatched: what should not have been. strays: requests that came to it and should have gone elsewhere."""

    rig: Rig
    hazards: tuple[Hazard, ...]
    unmatched: tuple[Entry, ...]
    strays: tuple[Entry, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether anything should not have been."""
        return bool(self.hazards or self.unmatched or self.strays)


@dataclass(frozen=True, slots=True)
class Line:
    """What was done, or happened, at one instant (virtual s of a run). key: it belongs to what went wrong."""

    run: int
    time: float
    text: str
    event: int | None = None
    key: bool = False


def told(chapters: Sequence[Chapter]) -> str:
    """All of them, as text. Raises ClientError."""
    return "\n\n".join("\n".join(_stray(chapter) if chapter.strays else _chapter(chapter)) for chapter in chapters)


def _chapter(chapter: Chapter) -> Iterator[str]:
    entries = [Entry.of(each) for each in chapter.rig.ask("GET", "journal", query={"limit": LAST})["entries"]]
    yield f"{_summary(chapter)} on the rig {chapter.rig.name!r}. Times are virtual seconds."
    for number, hazard in enumerate(chapter.hazards[:WRONG], 1):
        yield from _hazard(number, hazard, entries)
    yield from _more(len(chapter.hazards))
    yield from _unmatched(chapter.unmatched)
    lines = _with_hazards(list(_lines(entries)), chapter.hazards[:WRONG])
    yield "what was done:" if lines else "nothing was done"
    yield from _shown(lines)
    yield from _if_meant(chapter)


def _summary(chapter: Chapter) -> str:
    hazards, unmatched = len(chapter.hazards), len(chapter.unmatched)
    broken = f"{_counted(hazards, 'hazard')}" if hazards else "no hazard"
    return f"{broken} and {_counted(unmatched, 'unmatched request') if unmatched else 'no unmatched request'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _more(number: int) -> Iterator[str]:
    if number > WRONG:
        yield f"  ... and {number - WRONG} more"


# -- what went wrong -----------------------------------------------------------------------------------------------


def _hazard(number: int, hazard: Hazard, entries: Sequence[Entry]) -> Iterator[str]:
    title = f": {hazard.title}" if hazard.title else ""
    yield f"  [{number}] {hazard.severity} {hazard.rule!r}{title} ({hazard.when})"
    lasted = "and lasts" if hazard.ends is None else f"ended at {_at(hazard.ends)}"
    yield f"      began at {_at(hazard.begins)}, {_cause(hazard, entries)}; {lasted}"
    if hazard.blocked:
        blocked = hazard.blocked
        times = _counted(blocked["times"], "time")
        yield f"      {blocked['controller']} wanted {blocked['output']}: {blocked['verb']}, which the rule does not let it, {times}"


def _cause(hazard: Hazard, entries: Sequence[Entry]) -> str:
    cause = hazard.after
    if cause is None:
        return "before anything was done"
    for entry in entries:
        if (entry.run, entry.event) == (hazard.run, cause.event):
            return f"after {_asked(entry)} at {_at(cause.time)}"
    return f"after {_meant(cause.device, cause.verb, cause.arguments)} at {_at(cause.time)}"


def _unmatched(entries: Sequence[Entry]) -> Iterator[str]:
    same: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        same.setdefault((entry.method, entry.url), []).append(entry)
    for several in list(same.values())[:WRONG]:
        first = several[0]
        often = f", {len(several)} times" if len(several) > 1 else ""
        yield f"  [?] {_asked(first)} at {_at(first.time)}{often}: {first.status}, {_why(first)}"
    yield from _more(len(same))


def _why(entry: Entry) -> str:
    """By what it went wrong, and what came nearest."""
    what = {"path": "no endpoint has this path", "method": "not with this method", "argument": "a value that it does not take"}
    near = "; ".join(f"{each['url']} ({each['why']})" for each in entry.near[:NEAREST])
    return f"{what.get(entry.unmatched or '', 'no endpoint took it')}{f'; nearest: {near}' if near else ''}"


def _stray(chapter: Chapter) -> Iterator[str]:
    yield (
        f"{_counted(len(chapter.strays), 'request')} named no rig and came to {chapter.rig.name!r}, not to the one of this test. "
        "The program has lost the path of `rig.url`, as urljoin(url, '/getA.py') does; join them as f\"{url}/getA.py\", or let it send "
        "the header X-Mockbrew-Rig."
    )
    yield from (f"  [?] {_asked(entry)}" for entry in chapter.strays[:WRONG])
    yield from _more(len(chapter.strays))
    yield from _if_meant(chapter)


def _if_meant(chapter: Chapter) -> Iterator[str]:
    rules = sorted({hazard.rule for hazard in chapter.hazards})
    asked = chapter.unmatched or chapter.strays
    allows = [*([f"allow={rules}".replace("'", '"')] if rules else []), *(["allow_unmatched=True"] if asked else [])]
    if allows:
        yield f"if this is meant: @pytest.mark.mockbrew({', '.join(allows)})"


# -- what was done -------------------------------------------------------------------------------------------------


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
    until = f", up to {_at(last.time)}" if last.time != first.time else ""
    return Line(first.run, first.time, f"{len(entries)} readings{until}: {', '.join(urls[:FEW])}{others}")


def _line(entry: Entry) -> Line:
    text = _asked(entry) if entry.url.startswith(CONTROL) else f"{_asked(entry)}  {entry.status}{_replied(entry)}"
    return Line(entry.run, entry.time, text, entry.event, entry.unmatched is not None)


def _replied(entry: Entry) -> str:
    """What came of a request; of one that is told above with what came nearest, nothing more."""
    fault = f" (fault {entry.fault})" if entry.fault else ""
    reply = "" if entry.unmatched else _detail(entry.reply or "")
    return f"{fault}  {_cut(reply)}".rstrip()


def _detail(reply: str) -> str:
    """Of a problem document what it says, of anything else all of it."""
    try:
        said = json.loads(reply)
    except ValueError:
        return reply
    return str(said["detail"]) if isinstance(said, dict) and "detail" in said else reply


def _asked(entry: Entry) -> str:
    """What a request was; of the control plane, what it meant."""
    if entry.url.startswith(CONTROL):
        return f"the test: {_meant(entry.device, entry.verb or '', entry.arguments)}"
    return f"{entry.method} {_cut(entry.url)}"


def _meant(device: str | None, verb: str, arguments: Mapping[str, Any]) -> str:
    said = _cut(" ".join(f"{name}={value!r}" for name, value in arguments.items()))
    return f"{device}: {verb} {said}".rstrip() if device else f"{verb} {said}".rstrip()


def _with_hazards(lines: list[Line], hazards: Sequence[Hazard]) -> list[Line]:
    """The same, with the instants at which hazards began and ended among them."""
    for number, hazard in enumerate(hazards, 1):
        cause = hazard.after.event if hazard.after else None
        _put(lines, Line(hazard.run, hazard.begins, f"[{number}] begins: {hazard.rule}", key=True), cause)
        if hazard.ends is not None:
            _put(lines, Line(hazard.run, hazard.ends, f"[{number}] ends: {hazard.rule}", key=True), None)
    return lines


def _put(lines: list[Line], line: Line, cause: int | None) -> None:
    """Behind all that was before it, and behind its cause, which may be of the same instant."""
    before = (at for at, each in enumerate(lines) if each.run < line.run or (each.run == line.run and _is_before(each, line, cause)))
    lines.insert(max(before, default=-1) + 1, line)


def _is_before(each: Line, line: Line, cause: int | None) -> bool:
    return each.time < line.time or (cause is None and each.time == line.time) or (each.event is not None and each.event == cause)


def _shown(lines: Sequence[Line]) -> Iterator[str]:
    """The last ones, and those around what went wrong."""
    keys = [at for at, line in enumerate(lines) if line.key][: 2 * WRONG]
    near = {at for key in keys for at in range(key - AROUND, key + AROUND)}
    left_out = 0
    for at, line in enumerate(lines):
        if len(lines) <= LINES or at >= len(lines) - LINES // 2 or at in near:
            yield from _gap(left_out)
            yield f"{'>' if line.key else ' '}{_at(line.time):>10}  {line.text}"
            left_out = 0
        else:
            left_out += 1


def _gap(left_out: int) -> Iterator[str]:
    if left_out:
        yield f"{'...':>11}  {left_out} lines left out"


def _at(time: float) -> str:
    """Virtual s, to the millisecond."""
    return f"{round(time, 3)}"


def _cut(text: str) -> str:
    """Short, on one line, and without what would command a terminal."""
    plain = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[: SHORT + 1])
    return plain if len(plain) <= SHORT else f"{plain[: SHORT - 3]}..."
