"""What whoever asks the control plane can get wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockbrew.errors.root import MockbrewError, did_you_mean, known, short


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


class BadRequest(MockbrewError):
    """What the control plane is asked for has mistakes, all of which are listed; nothing was changed. errors: (field, message)."""

    status = 400

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{field}: {message}" if field else message for field, message in self.errors))

    @property
    def members(self) -> Mapping[str, object]:
        return {"errors": [{"field": field, "message": message} for field, message in self.errors]}


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
        super().__init__(f"a body of {short(given)} is not read; {right}; nothing was changed")

    @property
    def members(self) -> Mapping[str, object]:
        return {"wanted": self.wanted}


class BadCondition(MockbrewError):
    """A text that is no condition on what it could be about. column: where, from 1."""

    status = 400

    def __init__(self, text: str, column: int, why: str) -> None:
        self.text, self.column, self.why = text, column, why
        super().__init__(f"column {column}: {why}")

    @property
    def members(self) -> Mapping[str, object]:
        return {"column": self.column, "condition": self.text}


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


class NoSuchFault(MockbrewError):
    """The rig has no fault of that name."""

    status = 404

    def __init__(self, name: str, names: Sequence[str]) -> None:
        self.name, self.names = name, tuple(names)
        super().__init__(f"no fault {short(name)}; {known(names)}{did_you_mean(name, names)}")


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


class NoSuchSnapshot(MockbrewError):
    """The rig has no snapshot of that name."""

    status = 404

    def __init__(self, rig: str, name: str, names: Sequence[str]) -> None:
        self.rig, self.name = rig, name
        super().__init__(f"rig {rig!r} has no snapshot {short(name)}; {known(names)}{did_you_mean(name, names)}; nothing was changed")

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


class SpecTooLarge(MockbrewError):
    """The spec has more than a server describes while its clients wait. number, most: how many. of: `endpoints` or `entries`."""

    status = 501

    def __init__(self, number: int, of: str, most: int) -> None:
        self.number, self.of, self.most = number, of, most
        super().__init__(f"the spec has {number} {of}, and up to {most} are described here; run: mockbrew openapi SPEC")

    @property
    def members(self) -> Mapping[str, object]:
        return {self.of: self.number, "most": self.most}
