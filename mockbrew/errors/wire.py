"""What a client of a rig can get wrong, and what hardware refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from mockbrew.errors.root import MockbrewError, short


class Near(NamedTuple):
    """A URL that is answered, and why a request that came near it was not. url: an argument is shown as `{setpoint}`."""

    url: str
    why: str


class Unmatched(MockbrewError):
    """A request that no endpoint took. unmatched: what of it was wrong. nearest: what came nearest, the nearest first."""

    unmatched: ClassVar[str]
    nearest: tuple[Near, ...] = ()

    @property
    def members(self) -> Mapping[str, object]:
        return {"nearest": [near._asdict() for near in self.nearest]}


class NoSuchEndpoint(Unmatched):
    """Nothing answers at this path."""

    status = 404
    unmatched = "path"

    def __init__(self, path: str, nearest: Sequence[Near]) -> None:
        self.path, self.nearest = path, tuple(nearest)
        super().__init__(f"no endpoint {path!r}; {_nearest(self.nearest)}")


class MethodNotAllowed(Unmatched):
    """The endpoint exists, this method on it doesn't."""

    status = 405
    unmatched = "method"

    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        self.method, self.path, self.allowed = method, path, tuple(allowed)
        *others, last = self.allowed
        wanted = f"{', '.join(others)} or {last}" if others else last
        self.nearest = (Near(path, f"{method[:20]!r} where {wanted} is answered"),)
        super().__init__(f"{method[:20]!r} on {path!r} is not allowed; allowed: {', '.join(self.allowed)}")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Allow", ", ".join(self.allowed)),)

    @property
    def members(self) -> Mapping[str, object]:
        return {"allowed": list(self.allowed), **super().members}


class BadArgument(Unmatched):
    """An argument that the verb does not take: nothing was changed. url: of the endpoint, where it was asked by one."""

    status = 400
    unmatched = "argument"

    def __init__(self, device: str, argument: str, text: object, wanted: str, url: str | None = None) -> None:
        self.device, self.argument, self.text, self.wanted = device, argument, text, wanted
        if url is not None:
            self.nearest = (Near(url, f"{argument} {short(text)} where there stands {wanted}"),)
        super().__init__(f"{device}: {argument} {short(text)} is refused; it must be {wanted}; nothing was changed")

    def at(self, url: str) -> BadArgument:
        """The same of a request for this endpoint."""
        return BadArgument(self.device, self.argument, self.text, self.wanted, url)

    @property
    def members(self) -> Mapping[str, object]:
        return {"device": self.device, "argument": self.argument, "wanted": self.wanted, **super().members}


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


def _nearest(nearest: Sequence[Near]) -> str:
    return f"nearest: {', '.join(f'{near.url} ({near.why})' for near in nearest)}" if nearest else "nothing comes near"
