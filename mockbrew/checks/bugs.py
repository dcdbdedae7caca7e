"""Bugs of a kind, which others may have written: whatever its own code raises while a spec is read becomes a finding at the device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import PurePath
from traceback import extract_tb
from typing import Any

from mockbrew.checks.findings import Finding, Path
from mockbrew.devices.base import Device, Surroundings


def made(kind: type[Device], path: tuple[str, str], options: Mapping[str, Any]) -> Device | Finding:
    """A device of a kind with options that its schema accepts."""
    try:
        return kind(name=path[1], **options)
    except Exception as error:  # noqa: BLE001 - the code of others may raise anything
        return _bug(kind, path, f"a {kind.kind} can't be made of these options", error)


def all_made(kind: type[Device], options: Mapping[str, Sequence[Any]]) -> Sequence[Device] | None:
    """Devices of a kind; options: the values of each, in their order, `name` among them. None if one can't be made: `made` says which."""
    try:
        return [kind(**given) for given in map(dict, map(zip, repeat([*options]), zip(*options.values(), strict=True)))]
    except Exception:  # noqa: BLE001 - the code of others may raise anything
        return None


def checked(device: Device, path: Path, surroundings: Surroundings) -> Iterator[Finding]:
    """What a kind itself has to say of one of its devices."""
    try:
        said: list[Any] = list(device.check(surroundings))
    except Exception as error:  # noqa: BLE001 - as above
        said = []
        yield _bug(type(device), path, f"a {device.kind} can't be checked", error)
    for each in said:
        if isinstance(each, tuple) and len(each) == 2 and all(isinstance(text, str) for text in each):
            yield Finding((*path, each[0]), each[1])
        else:
            yield Finding(path, f"the check of a {device.kind} says {each!r}, not (option, message); {_mend(type(device))}")


def _bug(kind: type[Device], path: Path, what: str, error: Exception) -> Finding:
    return Finding(path, f"{what}: {type(error).__name__}: {error}{_place(error)}; {_mend(kind)}")


def _place(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)[1:]  # the first is ours, and alone if what was called is not what it should be
    return f" (line {frames[-1].lineno} of {PurePath(frames[-1].filename).name})" if frames else ""


def _mend(kind: type[Device]) -> str:
    return f"mend its class {kind.__module__}.{kind.__qualname__}"
