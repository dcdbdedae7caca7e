"""What a spec author, or the author of a plugin, can get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockbrew.errors.root import MockbrewError


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
