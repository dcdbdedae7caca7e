"""Intentions: what a verification is going to do to a server, told before it does it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockbrew.conditions import Condition
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.known.knowledge import Knowledge
from mockbrew.conformance.known.plan import controllers, orders, plain, sources
from mockbrew.conformance.known.prediction import Prediction, predictions
from mockbrew.conformance.results import VIRTUAL
from mockbrew.conformance.safe.guard import Guard
from mockbrew.devices.base import Device, HeatSource
from mockbrew.spec import Spec

EACH = 5  # times at most that an order is given: by GET, again, by POST, so that another one changes something, to put back what was found


@dataclass(frozen=True, slots=True)
class Heating:
    """Something that may heat. safe: what must be certain then. unseen: readings of it that nobody shows. source: it heats by itself."""

    device: str
    safe: tuple[str, ...]
    unseen: tuple[str, ...]
    source: bool


@dataclass(frozen=True, slots=True)
class Intentions:
    """What is going to be done.

    commands: about how many, by device; empty for the rig. heats: what may be heated. never: of what heats and never may, (device, what has
    no condition under which it may).
    pace: as in `results`. seconds: about how long it takes at least, of the rig's time.
    """

    pace: str
    commands: Mapping[str, int]
    heats: tuple[Heating, ...]
    never: tuple[tuple[str, str], ...]
    seconds: float


def intentions(spec: Spec, pace: str) -> Intentions:
    """What a verification that commands is going to do, to a server whose time goes by in this way."""
    contract = Contract(spec)
    known = predictions(contract)
    guard = Guard(contract, known, Knowledge())
    hot: list[Device] = [*sources(contract), *controllers(contract, known)]
    lacking = {device.name: why for device in hot if (why := guard.conditions(device)[1])}
    heats = tuple(_heating(device, guard.conditions(device)[0], contract, pace) for device in hot if device.name not in lacking)
    commands = dict(_commands(contract, known))
    return Intentions(pace, commands, heats, tuple(lacking.items()), _seconds(spec, commands, heats))


def _heating(device: Device, conditions: list[Condition], contract: Contract, pace: str) -> Heating:
    safe = tuple(dict.fromkeys(condition.text for condition in conditions))
    variables = dict.fromkeys(variable for condition in conditions for variable in condition.variables)
    hidden = (each.name for each in variables if each.reading not in contract.visible(each.device))
    return Heating(device.name, safe, () if pace == VIRTUAL else tuple(hidden), isinstance(device, HeatSource))


def _commands(contract: Contract, known: Mapping[str, Prediction]) -> Iterator[tuple[str, int]]:
    for device in contract.devices:
        given = orders(contract, device.name)
        if given:
            yield device.name, EACH * len(given)
    if contract.reset_points:  # after each actuator has been moved alone, after all settings, and by POST
        yield "", len(contract.reset_points) * (len(plain(contract, known)) + 2)


def _seconds(spec: Spec, commands: Mapping[str, int], heats: tuple[Heating, ...]) -> float:
    """After each command its effect may take to show; what heats is watched while it does, and when it is off again."""
    settling = sum(count * spec.verify.care(name).settle for name, count in commands.items())
    return settling + 2 * spec.verify.watch * len(heats)
