"""What a client of a rig can get wrong, and what hardware refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockbrew.errors.root import MockbrewError, short


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
        super().__init__(f"{device}: {argument} {short(text)} is refused; it must be {wanted}; nothing was changed")

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


def _nearest(paths: Sequence[str]) -> str:
    return f"nearest: {', '.join(paths)}" if paths else "nothing comes near"
