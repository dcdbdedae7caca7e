"""Small specs, written as a mapping for each device: what a router needs of a spec, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.declare import Choice, Number, Reading, Verb, choice, number
from mockbrew.devices.switch import ON_OFF
from mockbrew.spec import Entry, Pattern, Spec, Verify


def _same(device: Any, state: Any, at: int, **arguments: Any) -> Any:
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimmer(Device):
    """A kind with every sort of argument; `level` is a reading, an option and an argument at once."""

    kind = "dimmer"
    readings = {
        "state": Reading(lambda device, state, view: 0, ON_OFF, "whether it is on"),
        "level": Reading(lambda device, state, view: 0, {"type": "number"}, "how bright it is"),
    }
    verbs = {
        "turn_on": Verb(_same, "on"),
        "dim": Verb(_same, "dim it", {"level": Number(0, "most", "%")}),
        "fade": Verb(_same, "dim it slowly", {"level": Number(0, 100), "time": Number(0, 60, "s")}),
        "mix": Verb(_same, "give it a colour", {colour: Number(0, 255) for colour in ("red", "green", "blue")}),
        "play": Verb(_same, "follow a programme", {"programme": Choice(("slow_wave", "flash"))}),
        "call": Verb(_same, "a word that no URL can have", {"word": Choice(("on/off",))}),
    }

    level: float = number("where it starts", unit="%", default=7)
    most: float = number("how far it goes", unit="%", default=100)
    colour: str = choice("of its light", "red", "blue", default="red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp(Device):
    """A kind that has other readings than a dimmer, so that one interface may serve both."""

    kind = "lamp"
    readings: ClassVar[Mapping[str, Reading]] = {"state": Dimmer.readings["state"]}
    verbs: ClassVar[Mapping[str, Verb]] = Dimmer.verbs


def pattern(url: str, verb: str | None = None, reply: Any = None, name: str = "") -> Pattern:
    """An endpoint, called after its verb."""
    return Pattern(name or verb or "get", url, verb, reply if reply is not None else {"id": "{id}"})


def rig(interfaces: Mapping[str, Mapping[str, Pattern]], devices: Mapping[str, Entry], **more: Any) -> Spec:
    """A spec of these; more: other fields of it."""
    fields: dict[str, Any] = {
        "overrides": {},
        "rig_endpoints": {},
        "errors": {},
        "hazards": {},
        "cors": (),
        "cells": (),
        "verify": Verify(0.0, 60.0, {}),
        "text": "{}",
        "digest": "",
    }
    return Spec(title="", surroundings=Surroundings(20, 100), entries=devices, interfaces=interfaces, **{**fields, **more})


def dimmers(url: str, verb: str | None, *names: str) -> Spec:
    """Dimmers whose only endpoint this is."""
    return rig({"only": {"it": pattern(url, verb, name="it")}}, {name: dimmer(name) for name in names})


def dimmer(name: str, interface: str = "only", labels: Mapping[str, Any] | None = None, **options: Any) -> Entry:
    """One dimmer."""
    return Entry(Dimmer(name=name, **options), interface, labels or {})
