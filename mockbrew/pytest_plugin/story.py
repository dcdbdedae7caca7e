"""The story of a test: what was done to a rig, in virtual time, and what went wrong on the way, for whoever reads why a test failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mockbrew.client import Entry, Hazard, Rig
from mockbrew.pytest_plugin.course import course
from mockbrew.pytest_plugin.wording import asked, counted, instant, meant

LAST = 1_000  # entries of the journal that a story is told from
WRONG = 10  # things of one sort that are told
NEAREST = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One rig.

    hazards, unmatched: what should not have been. strays: requests that came to it and should have gone elsewhere. lost: it is not what the
    test was given, so nobody knows what happened on that. unjudged: restores before which not all had been judged for hazards.
    """

    rig: Rig
    hazards: tuple[Hazard, ...]
    unmatched: tuple[Entry, ...]
    strays: tuple[Entry, ...] = ()
    lost: bool = False
    unjudged: tuple[Entry, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether anything should not have been."""
        return bool(self.hazards or self.unmatched or self.strays or self.lost or self.unjudged)


def told(chapters: Sequence[Chapter]) -> str:
    """All of them, as text. Raises ClientError."""
    return "\n\n".join("\n".join(_told(chapter)) for chapter in chapters)


def _told(chapter: Chapter) -> Iterator[str]:
    if chapter.lost:
        return _lost(chapter)
    return _stray(chapter) if chapter.strays else _chapter(chapter)


def _chapter(chapter: Chapter) -> Iterator[str]:
    entries = [Entry.of(each) for each in chapter.rig.ask("GET", "journal", query={"limit": LAST})["entries"]]
    yield f"{_summary(chapter)} on the rig {chapter.rig.name!r}. Times are virtual seconds."
    rules = _alike((hazard.rule, hazard) for hazard in chapter.hazards)
    for number, several in enumerate(rules[:WRONG], 1):
        yield from _hazard(number, several, entries)
    yield from _more(len(rules))
    yield from _unmatched(chapter.unmatched)
    for entry in chapter.unjudged[:WRONG]:
        yield f"  [?] {asked(entry)}: not all before it had been judged for hazards, which takes long here; ask for `hazards` before it"
    lines = course(entries, rules[:WRONG])
    yield f"what was done{' last' if len(entries) == LAST else ''}:" if lines else "nothing was done"
    yield from lines
    yield from _if_meant(chapter)


def _summary(chapter: Chapter) -> str:
    hazards, unmatched = len(chapter.hazards), len(chapter.unmatched)
    broken = f"{counted(hazards, 'hazard')}" if hazards else "no hazard"
    return f"{broken} and {counted(unmatched, 'unmatched request') if unmatched else 'no unmatched request'}"


def _more(number: int) -> Iterator[str]:
    if number > WRONG:
        yield f"  ... and {number - WRONG} more"


# -- what went wrong -----------------------------------------------------------------------------------------------


def _hazard(number: int, several: Sequence[Hazard], entries: Sequence[Entry]) -> Iterator[str]:
    """All of one rule: when it was first broken, and how often."""
    first, last = several[0], several[-1]
    title = f": {first.title}" if first.title else ""
    yield f"  [{number}] {first.severity} {first.rule!r}{title} ({first.when})"
    yield f"      began at {instant(first.begins)}, {_cause(first, entries)}; {_end(first)}"
    if len(several) > 1:
        yield f"      and {counted(len(several) - 1, 'time')} more; the last began at {instant(last.begins)}; {_end(last)}"
    if first.blocked:
        blocked = first.blocked
        times = counted(blocked["times"], "time")
        yield f"      {blocked['controller']} wanted {blocked['output']}: {blocked['verb']}, which the rule does not let it, {times}"


def _end(hazard: Hazard) -> str:
    return "and lasts" if hazard.ends is None else f"ended at {instant(hazard.ends)}"


def _cause(hazard: Hazard, entries: Sequence[Entry]) -> str:
    cause = hazard.after
    if cause is None:
        return "before anything was done"
    for entry in entries:
        if (entry.run, entry.event) == (hazard.run, cause.event):
            return f"after {asked(entry)} at {instant(cause.time)}"
    return f"after {meant(cause.device, cause.verb, cause.arguments)} at {instant(cause.time)}"


def _unmatched(entries: Sequence[Entry]) -> Iterator[str]:
    same = _alike(((entry.method, entry.url), entry) for entry in entries)
    for several in same[:WRONG]:
        first = several[0]
        often = f", {len(several)} times" if len(several) > 1 else ""
        yield f"  [?] {asked(first)} at {instant(first.time)}{often}: {first.status}, {_why(first)}"
    yield from _more(len(same))


def _alike(keyed: Iterable[tuple[object, T]]) -> list[list[T]]:
    """What has the same key, together, in the order of the first of each."""
    same: dict[object, list[T]] = {}
    for key, each in keyed:
        same.setdefault(key, []).append(each)
    return list(same.values())


def _why(entry: Entry) -> str:
    """By what it went wrong, and what came nearest."""
    what = {"path": "no endpoint has this path", "method": "not with this method", "argument": "a value that it does not take"}
    near = "; ".join(f"{each['url']} ({each['why']})" for each in entry.near[:NEAREST])
    return f"{what.get(entry.unmatched or '', 'no endpoint took it')}{f'; nearest: {near}' if near else ''}"


def _stray(chapter: Chapter) -> Iterator[str]:
    yield (
        f"{counted(len(chapter.strays), 'request')} named no rig and came to {chapter.rig.name!r}, not to the one of this test. "
        "The program has lost the path of `rig.url`, as urljoin(url, '/getA.py') does; join them as f\"{url}/getA.py\", or let it send "
        "the header X-Mockbrew-Rig."
    )
    yield from (f"  [?] {asked(entry)}" for entry in chapter.strays[:WRONG])
    yield from _more(len(chapter.strays))
    yield from _if_meant(chapter)


def _lost(chapter: Chapter) -> Iterator[str]:
    yield (
        f"the rig {chapter.rig.name!r} is gone, and with it what happened on it: the test deleted it, it was idle for too long, or its "
        "server began anew. Leave deleting to the fixture, which judges first; what is to be deleted is mockbrew_server.rig('another')."
    )


def _if_meant(chapter: Chapter) -> Iterator[str]:
    rules = sorted({hazard.rule for hazard in chapter.hazards})
    known = f"allow={rules}".replace("'", '"') if rules else ""
    unmatched = "allow_unmatched=True" if chapter.unmatched or chapter.strays else ""
    if known or unmatched:
        yield f"if this is meant: @pytest.mark.mockbrew({', '.join(filter(None, (known, unmatched)))})"
