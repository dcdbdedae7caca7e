"""Everything that can go wrong, in words: each class renders its own message and carries its facts as attributes.

`status` is a hint for the WSGI shell: the HTTP status that says whose fault it is. What is raised and not listed here is a bug: a 500.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath


class MockbrewError(Exception):
    """Root of what mockbrew itself refuses or reports."""

    status = 500

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """HTTP header fields that belong to this answer."""
        return ()

    @property
    def members(self) -> Mapping[str, object]:
        """Facts for a program: the extension members of the RFC 9457 problem document."""
        return {}


# -- the spec author's ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a spec: where it stands, and what would be right.

    `line` and `column` count from 1; 0 means that the text has no such place.
    """

    line: int
    column: int
    path: str
    message: str

    def render(self, source: str) -> str:
        """`file:line:col: path: message`."""
        place = f"{source}:{self.line}:{self.column}" if self.line else source
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class SpecError(MockbrewError):
    """A spec that can't be served, or a script that can't be run: all its faults, in the order of the file."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(fault.render(source) for fault in self.faults))


class PluginError(MockbrewError):
    """A distribution offers a device kind that can't be used."""

    def __init__(self, distribution: str, version: str, entry_point: str, why: str) -> None:
        self.distribution, self.version, self.entry_point, self.why = distribution, version, entry_point, why
        super().__init__(f"{distribution} {version}: entry point {entry_point!r}: {why}")


class PluginErrors(MockbrewError):
    """All that is wrong with the installed plugins, so that they are mended in one go."""

    def __init__(self, errors: Sequence[PluginError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, errors)))


# -- the client's --------------------------------------------------------------------------------------------------


class NoSuchEndpoint(MockbrewError):
    """Nothing answers at this path."""

    status = 404

    def __init__(self, path: str, nearest: Sequence[str]) -> None:
        self.path, self.nearest = path, tuple(nearest)
        super().__init__(f"no endpoint {path!r}; {_nearest(self.nearest)}")

    @property
    def members(self) -> Mapping[str, object]:
        return {"nearest": list(self.nearest)}


class MethodNotAllowed(MockbrewError):
    """The endpoint exists, this method on it doesn't."""

    status = 405

    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        self.method, self.path, self.allowed = method, path, tuple(allowed)
        super().__init__(f"{method[:20]!r} on {path!r} is not allowed; allowed: {', '.join(self.allowed)}")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Allow", ", ".join(self.allowed)),)

    @property
    def members(self) -> Mapping[str, object]:
        return {"allowed": list(self.allowed)}


class BadArgument(MockbrewError):
    """An argument that the verb does not take: nothing was changed."""

    status = 400

    def __init__(self, device: str, argument: str, text: object, wanted: str) -> None:
        self.device, self.argument, self.text, self.wanted = device, argument, text, wanted
        super().__init__(f"{device}: {argument} {_short(text)} is refused; it must be {wanted}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"device": self.device, "argument": self.argument, "wanted": self.wanted}


class BadRig(MockbrewError):
    """A rig is named in a way that none can be named, or in two ways."""

    status = 400


class NoSuchRig(MockbrewError):
    """The rig does not exist, and what was asked for makes none."""

    status = 404

    def __init__(self, rig: str) -> None:
        self.rig = rig
        super().__init__(f"no rig {rig!r}; a first command, or whatever changes something under /rigs/{rig}/__admin/, makes it")

    @property
    def members(self) -> Mapping[str, object]:
        return {"rig": self.rig}


class NotNew(MockbrewError):
    """A rig that has gone on with its seed is to have another: nothing was changed. events, time: what it has had, and its virtual s."""

    status = 409

    def __init__(self, rig: str, seed: int, events: int, time: float) -> None:
        self.rig, self.seed, self.events, self.time = rig, seed, events, time
        right = "give it its seed before anything happens to it, at 0 s, or DELETE it and begin anew"
        super().__init__(f"rig {rig!r}: it is at {time!r} s with {events} events, all with the seed {seed}; {right}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"rig": self.rig, "seed": self.seed, "events": self.events, "time": self.time}


class TooManyRigs(MockbrewError):
    """There are as many rigs as there may be, and all are in use."""

    status = 503

    def __init__(self, cap: int) -> None:
        self.cap = cap
        super().__init__(f"{cap} rigs are in use, which is the most there may be; DELETE one under /__admin/rigs/; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"cap": self.cap}


class CrossSite(MockbrewError):
    """A web page of another site asks for what only a client of the rig may."""

    status = 403


class Interlocked(MockbrewError):
    """An order that would break a rule of the rig which is not broken yet: nothing was changed."""

    status = 409

    def __init__(self, rule: str, device: str, verb: str) -> None:
        self.rule, self.device, self.verb = rule, device, verb
        super().__init__(f"{device}: {verb} would break the rule {rule!r}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"rule": self.rule, "device": self.device}


class Unreadable(MockbrewError):
    """A device that has nothing to show, as the spec wants it told."""

    status = 503

    def __init__(self, device: str, reading: str, why: str) -> None:
        self.device, self.reading, self.why = device, reading, why
        super().__init__(f"{device}: {reading} can't be read: {why}")

    @property
    def members(self) -> Mapping[str, object]:
        return {"device": self.device, "reading": self.reading}


class BadCondition(MockbrewError):
    """A text that is no condition on what it could be about. column: where, from 1."""

    status = 400

    def __init__(self, text: str, column: int, why: str) -> None:
        self.text, self.column, self.why = text, column, why
        super().__init__(f"column {column}: {why}")

    @property
    def members(self) -> Mapping[str, object]:
        return {"column": self.column, "condition": self.text}


class BadRequest(MockbrewError):
    """What the control plane is asked for has mistakes, all of which are listed; nothing was changed. errors: (field, message)."""

    status = 400

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{field}: {message}" if field else message for field, message in self.errors))

    @property
    def members(self) -> Mapping[str, object]:
        return {"errors": [{"field": field, "message": message} for field, message in self.errors]}


class NoSuchSnapshot(MockbrewError):
    """The rig has no snapshot of that name."""

    status = 404

    def __init__(self, rig: str, name: str, names: Sequence[str]) -> None:
        self.rig, self.name = rig, name
        super().__init__(f"rig {rig!r} has no snapshot {_short(name)}; {known(names)}{did_you_mean(name, names)}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"rig": self.rig, "snapshot": self.name}


class BadSnapshot(MockbrewError):
    """A snapshot that can't be taken or restored as things are: nothing was changed."""

    status = 409

    def __init__(self, rig: str, name: str, why: str) -> None:
        self.rig, self.name, self.why = rig, name, why
        super().__init__(f"rig {rig!r}, snapshot {name!r}: {why}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"rig": self.rig, "snapshot": self.name}


class NotVerified(MockbrewError):
    """The journal of a rig is not as it was expected to be. checked: one document for each expectation, with what was found."""

    status = 409

    def __init__(self, rig: str, checked: Sequence[Mapping[str, object]]) -> None:
        self.rig, self.checked = rig, tuple(checked)
        failed = [each for each in self.checked if not each["passed"]]
        messages = "; ".join(f"{each['field']}: {each['message']}" for each in failed)
        super().__init__(f"{len(failed)} of {len(self.checked)} expectations not met: {messages}")

    @property
    def members(self) -> Mapping[str, object]:
        errors = [{"field": each["field"], "message": each["message"]} for each in self.checked if not each["passed"]]
        return {"rig": self.rig, "passed": False, "errors": errors, "checked": list(self.checked)}


class TooLarge(MockbrewError):
    """A body is longer than any that means something."""

    status = 413

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"a body may be {most} bytes long; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"most": self.most}


class UnsupportedBody(MockbrewError):
    """A body of another sort than the control plane reads."""

    status = 415

    def __init__(self, given: str, wanted: str) -> None:
        self.given, self.wanted = given, wanted
        right = f"send it with Content-Type: {wanted} (curl has --json)"
        super().__init__(f"a body of {_short(given)} is not read; {right}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"wanted": self.wanted}


class TokenNeeded(MockbrewError):
    """The control plane is for bearers of its token. setting: where the server has it from. given: whether the caller showed something."""

    status = 401

    def __init__(self, setting: str, *, given: bool) -> None:
        self.setting, self.given = setting, given
        what = "what Authorization says is not the token" if given else "a token is needed"
        super().__init__(f"{what}; send Authorization: Bearer TOKEN, with the value that the server has in {setting}; nothing was changed")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        invalid = ', error="invalid_token"' if self.given else ""  # RFC 6750, section 3.1
        return (("WWW-Authenticate", f'Bearer realm="mockbrew"{invalid}'),)


class ControlPlaneClosed(MockbrewError):
    """Without a token the control plane is open to nobody, or not to this caller. setting: what opens it."""

    status = 403

    def __init__(self, why: str, setting: str) -> None:
        self.why, self.setting = why, setting
        super().__init__(
            f"the control plane is closed: {why}; set {setting} at the server and send Authorization: Bearer TOKEN; nothing was changed"
        )

    @property
    def members(self) -> Mapping[str, object]:
        return {"setting": self.setting}


class NoSuchFault(MockbrewError):
    """The rig has no fault of that name."""

    status = 404

    def __init__(self, name: str, names: Sequence[str]) -> None:
        self.name, self.names = name, tuple(names)
        super().__init__(f"no fault {_short(name)}; {known(names)}{did_you_mean(name, names)}")


class FaultExists(MockbrewError):
    """The rig has a fault of that name already: none was made."""

    status = 409

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"fault {name!r} is there already; give another name, or DELETE it first; nothing was changed")


class TooManyFaults(MockbrewError):
    """The rig would have more faults than it may: none was made."""

    status = 409

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"a rig has {most} faults at most; DELETE those that are over; nothing was changed")


class TooLong(MockbrewError):
    """What is asked for takes more computing than one request may have, and can't be done in pieces."""

    status = 400


class TimeGoesBack(MockbrewError):
    """A clock is set to what it has passed already: nothing was changed. asked, now: virtual s."""

    status = 409

    def __init__(self, rig: str, asked: float, now: float) -> None:
        self.rig, self.asked, self.now = rig, asked, now
        super().__init__(f"rig {rig!r}: it is {now!r} s there already, and time never goes back to {asked!r} s; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"time": self.now}


class NotReached(MockbrewError):
    """What was waited for has not come true: the clock is at the limit. began, ended: virtual s. nearest: how near it came."""

    status = 409

    def __init__(self, condition: str, began: float, ended: float, nearest: str, *, still: bool) -> None:
        self.condition, self.began, self.ended, self.nearest, self.still = condition, began, ended, nearest, still
        near = f"; {nearest}" if nearest else ""
        end = "the clock is there now, and stands still until something happens to the rig" if still else "the clock is there now"
        super().__init__(f"{condition!r} did not come true from {began!r} s to {ended!r} s{near}; {end}")

    @property
    def members(self) -> Mapping[str, object]:
        return {"time": self.ended, "waited": self.ended - self.began, "nearest": self.nearest, "stands_still": self.still}


class HistoryGone(MockbrewError):
    """The log does not reach back that far. asked, earliest: virtual s."""

    status = 410

    def __init__(self, rig: str, asked: float, earliest: float) -> None:
        self.rig, self.asked, self.earliest = rig, asked, earliest
        super().__init__(f"rig {rig!r}: what was at {asked:g} s is gone from the log; ask from {earliest!r} s on")

    @property
    def members(self) -> Mapping[str, object]:
        return {"earliest": self.earliest}


# -- the operator's ------------------------------------------------------------------------------------------------


class StoreError(MockbrewError):
    """The state can't be read or kept: nothing was changed."""

    status = 503


class StoreFileError(StoreError):
    """The file that the state is kept in can't be used; it was left as it is."""

    def __init__(self, path: PurePath, what: str, advice: str) -> None:
        self.path, self.what, self.advice = path, what, advice
        super().__init__(f"{path}: {what}; {advice}; nothing was changed")


class DamagedCell(StoreError):
    """The state of one cell can't be read; the rest of the store can."""


class StillEvolving(MockbrewError):
    """The rig has more virtual time to catch up with than one request may take; progress is kept."""

    status = 503

    def __init__(self, behind: float, retry_after: int = 1) -> None:
        self.behind, self.retry_after = behind, retry_after
        rest = f": {behind:.0f} s of virtual time to go" if behind >= 1 else ""
        super().__init__(f"still computing{rest}; progress is kept, ask again")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Retry-After", str(self.retry_after)),)


class StillSeeking(StillEvolving):
    """What is waited for may still come true, which takes longer to find out than one request may. reached, left: virtual s."""

    def __init__(self, condition: str, reached: float, left: float) -> None:
        super().__init__(0.0)
        self.condition, self.reached, self.left = condition, reached, left
        here = f"{condition!r} has not come true up to {reached!r} s, where the clock is now"
        self.args = (f"still looking: {here}; ask again, with a limit of {left!r} s",)

    @property
    def members(self) -> Mapping[str, object]:
        return {"time": self.reached, "limit": self.left}


class ConfigurationError(MockbrewError):
    """The server is set up in a way that can't work."""

    status = 503


# -- words that messages share -------------------------------------------------------------------------------------


def known(names: Iterable[str]) -> str:
    """`known: heater, valve`, in alphabetical order."""
    listed = sorted(names)
    return f"known: {', '.join(listed)}" if listed else "none is known"


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` (did you mean 'heater'?)`, or nothing where no name is close."""
    close = difflib.get_close_matches(word, list(names), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _nearest(paths: Sequence[str]) -> str:
    return f"nearest: {', '.join(paths)}" if paths else "nothing comes near"


def _short(value: object, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
