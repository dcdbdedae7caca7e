"""A rig of a server, as a test has it: its clock, faults, hazards, journal, snapshots and state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from mockbrew.client.answers import Document, Entry, Fault, Hazard, History, Instant, Reply, Snapshot
from mockbrew.client.clock import Clock
from mockbrew.client.transport import ADMIN, Transport

__tracebackhide__ = True  # pytest shows where a test asked, and none of the lines here

PAGE = 1_000  # entries of the journal that are asked for at a time


@dataclass(frozen=True, slots=True)
class Rig:
    """One rig. Every method and property raises Refused, Unreachable, and asks the server anew.

    Whatever changes something makes the rig if it is not there; what only asks is Refused with 404 then.
    """

    transport: Transport = field(repr=False)
    name: str

    @property
    def url(self) -> str:
        """The base of its endpoints: a program under test that is given this and asks for `URL/getA.py` speaks to this rig."""
        return f"{self.transport.url}/rigs/{quote(self.name, safe='')}"

    @property
    def clock(self) -> Clock:
        """Its virtual time."""
        return Clock(self.ask)

    @property
    def about(self) -> Document:
        """What it is: run, seed, clock, how many events and resets it has had."""
        return self._document("GET", "rig")

    # -- the wire ------------------------------------------------------------------------------------------------

    def get(self, path: str) -> Reply:
        """What its endpoint answers, whatever the status. path: such as `/getA.py`. It is sent once, and is a request as any other."""
        return self.request("GET", path)

    def request(self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """The same by any method."""
        return self.transport.send(method, f"{self._prefix}{path}", body=body, headers=headers)

    # -- time and state ------------------------------------------------------------------------------------------

    def run_until(self, condition: str, *, limit: float) -> Instant:
        """Jump to the first instant from now on at which a condition on readings holds, such as `Temp3 >= 65 and not P3.on`.

        limit: s, how far to look. Refused with 409 if it does not come true: `nearest` says how near it came, the clock is at the limit.
        """
        return Instant.of(self._document("POST", "clock/run-until", body={"condition": condition, "limit": limit}))

    def state(self, *only: str) -> Document:
        """Every reading of every device, vessel and pipe at one instant, or of some of them: `state("Mashtun")["vessels"]["Mashtun"]`."""
        return self._document("GET", "state", query={"only": only or None})

    def set_state(self, *, vessels: Document | None = None, pipes: Document | None = None, devices: Document | None = None) -> Document:
        """Set vessels and devices, all at one instant or, if anything is wrong, none: `vessels={"Mashtun": {"temperature": 65}}` (degC, L).

        The answer is what was set, as it is then.
        """
        tables = {"vessels": vessels, "pipes": pipes, "devices": devices}
        return self._document("PATCH", "state", body={name: table for name, table in tables.items() if table is not None})

    def history(
        self, *readings: str, from_: float | None = None, until: float | None = None, points: int | None = None, boundaries: bool = False
    ) -> History:
        """Readings such as `Temp1` or `Mashtun.volume` between two instants (s); by default from as far back as is known to now.

        points: how many, evenly; 100 by default. boundaries: instead, each instant at which something changed its course. Refused with 410
        if that is gone from the log.
        """
        return History.of(self._document("GET", "history", query=_stretch(readings, from_, until, points, boundaries=boundaries)))

    def history_csv(
        self, *readings: str, from_: float | None = None, until: float | None = None, points: int | None = None, boundaries: bool = False
    ) -> str:
        """The same as a table with a header, commas and one line for each instant."""
        stretch = _stretch(readings, from_, until, points, boundaries=boundaries)
        return self.transport.text(f"{self._prefix}{ADMIN}history", query={**stretch, "format": "csv"})

    def seed(self, seed: int) -> None:
        """Give it the seed of its noise and of the chance of its faults. Refused with 409 once something has happened to it."""
        self.ask("PUT", "rig", body={"seed": seed})

    def reset(self) -> None:
        """Plant and controllers back to the beginning. Clock, faults, journal and snapshots stay."""
        self.ask("POST", "reset")

    def delete(self) -> None:
        """Delete it with all that is kept of it. Refused with 404 if it is not there."""
        self.transport.call("DELETE", f"{ADMIN}rigs/{quote(self.name, safe='')}")

    # -- faults --------------------------------------------------------------------------------------------------

    def fault(self, sort: str, device: str | None = None, **fields: Any) -> Fault:
        """Let something go wrong: `fault("frozen", "Temp3")`, `fault("status", endpoint="/getA.py", code=503, count=1)`.

        fields: as the control plane takes them (`docs/bench.md`); `from_` is its `from`. Without, it begins now and lasts.
        """
        about = {"fault": sort, **({} if device is None else {"device": device})}
        return Fault.of(self._document("POST", "faults", body={**about, **{name.rstrip("_"): value for name, value in fields.items()}}))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All, also those that are over."""
        return tuple(map(Fault.of, self._document("GET", "faults")["faults"]))

    def mend(self, *faults: Fault | str) -> tuple[str, ...]:
        """End and forget some faults, or all; their names."""
        if not faults:
            return tuple(self._document("DELETE", "faults")["deleted"])
        names = [fault.name if isinstance(fault, Fault) else fault for fault in faults]
        return tuple(self._mended(name) for name in names)

    # -- what came of it -----------------------------------------------------------------------------------------

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """All of the present run, up to now."""
        return self.find_hazards()

    def find_hazards(
        self,
        *rules: str,
        severity: Literal["danger", "warning"] | None = None,
        from_: float | None = None,
        until: float | None = None,
        run: int | Literal["all"] | None = None,
    ) -> tuple[Hazard, ...]:
        """Those of some rules, of one severity, that were not over at `from_` and had begun by `until` (s); of another run, or of all."""
        of = {"runs": run} if run == "all" else {"run": run}
        query = {"rule": rules or None, "severity": severity, "from": from_, "until": until, **of}
        return tuple(map(Hazard.of, self._document("GET", "hazards", query=query)["hazards"]))

    def forget_hazards(self) -> None:
        """Forget those that are over, of all runs."""
        self.ask("DELETE", "hazards")

    @property
    def journal(self) -> tuple[Entry, ...]:
        """All that was asked of it, oldest first: every command; any other request while it records them. Of all runs."""
        return tuple(self.entries())

    def entries(
        self, where: str | None = None, *, device: str | None = None, run: int | None = None, after: int = 0, page: int = PAGE
    ) -> Iterator[Entry]:
        """Entries of the journal that fit, oldest first, with numbers above `after`: `entries("status >= 400")`. page: so many at once."""
        query, end = {"where": where, "device": device, "run": run, "limit": page}, False
        while not end:
            answer = self._document("GET", "journal", query={**query, "after": after})
            after, end = answer["next"], len(answer["entries"]) < page
            yield from map(Entry.of, answer["entries"])

    def record(self, what: Literal["commands", "requests"]) -> None:
        """Let the journal have every request from now on, or commands only."""
        self.ask("PUT", "journal", body={"record": what})

    def forget_journal(self) -> None:
        """Empty the journal; numbers go on."""
        self.ask("DELETE", "journal")

    def verify(self, *expectations: Document) -> Document:
        """Check what the journal has: `verify({"never": {"where": "verb != null and status >= 400"}})`.

        Refused with 409 if anything is not as expected: its words say what, `members["checked"]` all of it.
        """
        return self._document("POST", "journal/verify", body={"expect": list(expectations)})

    # -- snapshots -----------------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> Snapshot:
        """Keep it as it is. Refused with 409 if the name is taken."""
        return Snapshot.of(self._document("POST", "snapshots", body={"name": name}))

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """All that are kept, by name."""
        return tuple(map(Snapshot.of, self._document("GET", "snapshots")["snapshots"]))

    def restore(self, snapshot: Snapshot | str) -> Document:
        """Take it back to a snapshot, in a new run."""
        return self._document("POST", f"snapshots/{_name(snapshot)}/restore")

    def forget_snapshot(self, snapshot: Snapshot | str) -> None:
        """Forget a snapshot."""
        self.ask("DELETE", f"snapshots/{_name(snapshot)}")

    # -- asking --------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, *, query: Document | None = None, body: Document | None = None) -> Any:
        """Whatever else its control plane can do. path: behind `/__admin/`."""
        return self.transport.call(method, f"{self._prefix}{ADMIN}{path}", query=query, body=body)

    @property
    def _prefix(self) -> str:
        return f"/rigs/{quote(self.name, safe='')}"

    def _document(self, method: str, path: str, *, query: Document | None = None, body: Document | None = None) -> Document:
        told: Document = self.ask(method, path, query=query, body=body)
        return told

    def _mended(self, name: str) -> str:
        self.ask("DELETE", f"faults/{quote(name, safe='')}")
        return name


def _stretch(readings: tuple[str, ...], begin: float | None, end: float | None, points: int | None, *, boundaries: bool) -> Document:
    return {"reading": readings, "from": begin, "until": end, "points": points, "at": "boundaries" if boundaries else None}


def _name(snapshot: Snapshot | str) -> str:
    return quote(snapshot.name if isinstance(snapshot, Snapshot) else snapshot, safe="")
