"""Specs to draw from: the reference brewery, and others that have what it has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.declare import Choice, Number, Preset, Reading, Verb, number
from mockbrew.settings import REFERENCE
from mockbrew.spec import Spec, parse

COLOURS = ("red", "green", "dark blue")


class Glow(NamedTuple):
    level: float = 0.0
    colour: str = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp(Device):
    """A kind of somebody else's: arguments of both sorts, readings of every type."""

    kind = "lamp"
    layout: ClassVar[type[Any]] = Glow
    readings = {
        "level": Reading(lambda lamp, glow, view: glow.level, {"type": "number", "minimum": 0, "maximum": 1}, "how bright it is"),
        "colour": Reading(lambda lamp, glow, view: glow.colour, {"type": "string", "enum": list(COLOURS)}, "its colour"),
        "lit": Reading(lambda lamp, glow, view: glow.level > 0, {"type": "boolean"}, "whether it is lit"),
        "hours": Reading(lambda lamp, glow, view: 7, {"type": "integer", "minimum": 0}, "how long it has been lit"),
        "note": Reading(lambda lamp, glow, view: None, {"type": ["string", "null"]}, "what somebody wrote on it"),
    }
    verbs = {
        "dim": Verb(lambda lamp, glow, at, level: glow._replace(level=level), "dim it", {"level": Number(0.25, "most")}),
        "paint": Verb(lambda lamp, glow, at, colour: glow._replace(colour=colour), "colour it", {"colour": Choice(COLOURS)}),
        "mix": Verb(
            lambda lamp, glow, at, level, colour: Glow(level, colour),
            "both at once",
            {"level": Number(0.25, 0.75), "colour": Choice(COLOURS)},
        ),
        "off": Verb(lambda lamp, glow, at: glow._replace(level=0.0), "put it out"),
    }
    presets = {
        "level": Preset(
            lambda lamp, room: {"type": "number", "minimum": 0, "maximum": 1}, lambda lamp, glow, at, value: glow._replace(level=value)
        )
    }

    most: float = number("how bright it gets", unit="1", default=0.9, minimum=0, maximum=1)


KINDS: Kinds = MappingProxyType({**BUILT_IN, "lamp": Lamp})

LAMPS = """
spec = "1.0"
[rig]
title = "Lamps and a kettle, in nested places"
[rig.endpoints]
reset = { url = "/api/v1/reset", verb = "reset", reply = { done = true } }
[interfaces.lamp]
get = { url = "/api/v1/lamps/{id}", reply = { id = "{id}", light = { level = "{level}", colour = "{colour}" }, hours = "{hours}" } }
more = { url = "/api/v1/lamps/{id}/more", reply = { lit = "{lit}", note = "{note}" } }
text = { url = "/api/v1/lamps/{id}/text", reply = "{id} is {colour} at {level}", content_type = "text/plain" }
dim = { url = "/api/v1/lamps/{id}/dim/{level}", verb = "dim", reply = { level = "{level}" } }
paint = { url = "/api/v1/lamps/{id}/paint/{colour}", verb = "paint", reply = ["{colour}", 1] }
mix = { url = "/api/v1/lamps/{id}/mix/{level}/{colour}", verb = "mix", reply = { level = "{level}", colour = "{colour}" } }
off = { url = "/api/v1/lamps/{id}/off", verb = "off", reply = { lit = "{lit}" } }
[interfaces.kettle]
get = { url = "/api/v1/bouilloire/{id}/(etat)", reply = { on = "{state}" } }
on = { url = "/api/v1/bouilloire/{id}/on", verb = "turn_on", reply = { on = "{state}" } }
off = { url = "/api/v1/bouilloire/{id}/off", verb = "turn_off", reply = { on = "{state}" } }
[interfaces.thermometer]
get = { url = "/api/v1/t/{id}", reply = { t = "{temperature}" } }
[vessels]
Pot = { capacity = 2, volume = 1, loss = 1 }
[devices]
L1 = { kind = "lamp", interface = "lamp" }
"L-2.x" = { kind = "lamp", interface = "lamp", most = 0.26 }
K = { kind = "heater", interface = "kettle", vessel = "Pot", power = 2000 }
T = { kind = "probe", interface = "thermometer", vessel = "Pot", resolution = 0.5 }
U = { kind = "probe", interface = "thermometer", vessel = "Pot", open_circuit = "error" }
and = { kind = "probe", vessel = "Pot" }
[errors.default]
reply = { fault = "{status}", why = "{detail}" }
content_type = "application/json"
"""

SILENT = """
spec = "1.0"
[devices]
V = { kind = "valve" }
"""

TEXTS: Mapping[str, str] = MappingProxyType({"reference": REFERENCE.read_text("utf-8"), "lamps": LAMPS})


def spec(name: str) -> Spec:
    return parse(TEXTS[name], f"{name}.toml", KINDS)
