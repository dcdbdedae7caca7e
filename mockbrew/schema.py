"""The spec as JSON Schema: one document for editors, and one schema for each part that is checked when a spec is read.

The options come from the kinds; only what holds the entries together is written here. `script/schema` writes the document to
`spec.schema.json`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from mockbrew.devices.base import Device, Kinds, options, summary

Schema = Mapping[str, Any]

AMBIENT = 20.0  # degC
BOILING_POINT = 100.0  # degC, at sea level
SEVERITIES = ("warning", "danger")
SEVERITY = "danger"  # of a rule that says none
SETTLE = 0.0  # s
WATCH = 60.0  # s, in which a burner that puts 3.5 kW into 40 L warms them by 1.3 K: more than any probe's noise

TABLES: Mapping[str, str] = {"vessels": "vessel", "pipes": "pipe"}  # the kinds that have a table of their own, by its name
ENTRIES = (*TABLES, "devices")  # all tables of entries: a cell has its members in this order, since a device may begin as its vessel does
NAME = r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"
MEDIA_TYPE = r"^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *; *[!-:<-~]+)*$"  # RFC 6838 names; nothing that would end a header field
ORIGIN = (  # as browsers write one: small letters, no path, and no port that its scheme has anyway
    r"^(\*|(?!http://[^/]*:80$)(?!https://[^/]*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?)$"
)
STATUS = r"^(default|[45][0-9][0-9])$"


def _table(properties: dict[str, Schema], doc: str, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    wanted = {"required": list(required)} if required else {}
    return {"type": "object", "description": doc, "properties": properties, **wanted, "additionalProperties": False}


def _tables(each: Schema, doc: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "description": doc, **more, "additionalProperties": each}


def _text(doc: str) -> Schema:
    return {"type": "string", "description": doc}


def _number(doc: str, unit: str, **bounds: float) -> Schema:
    return {"type": "number", **bounds, "description": f"{doc} [{unit}]", "unit": unit}


def table_of(kind: str) -> str:
    """The table in which entries of this kind stand."""
    return next((table for table, owned in TABLES.items() if owned == kind), "devices")


# -- the parts -----------------------------------------------------------------------------------------------------

REPLY: Schema = {
    "description": "the body as JSON; a text that is one {placeholder} keeps the type of its value",
    "additionalProperties": True,  # said for editors that take silence for a no
}
CONTENT_TYPE: Schema = {
    "type": "string",
    "pattern": MEDIA_TYPE,
    "description": "a media type such as 'application/json', which is the default",
}
URL = _text("absolute path with {placeholders}: id, options, words of the device, arguments of the verb")
URL_OF_THE_RIG = _text("absolute path")
VERB = _text("the command that it gives; none for a reading")

ENDPOINT = _table(
    {"url": URL, "verb": VERB, "reply": REPLY, "content_type": CONTENT_TYPE}, "one endpoint of a device", required=("url", "reply")
)
VERB_OF_THE_RIG = _text("the command that it gives: reset")
RIG_ENDPOINT = _table(
    {"url": URL_OF_THE_RIG, "verb": VERB_OF_THE_RIG, "reply": REPLY, "content_type": CONTENT_TYPE},
    "one endpoint that belongs to no device",
    required=("url", "verb", "reply"),
)
OVERRIDE = _table({"url": URL, "reply": REPLY, "content_type": CONTENT_TYPE}, "what is different at this endpoint of this device")
ERROR = _table({"reply": REPLY, "content_type": CONTENT_TYPE}, "placeholders: {status}, {title}, {detail}", required=("reply",))

RIG = _table(
    {
        "title": _text("what the rig is called"),
        "ambient": _number("temperature of the room", "degC", default=AMBIENT, minimum=-50, maximum=50),
        "boiling_point": _number("boiling point of water", "degC", default=BOILING_POINT, minimum=60, maximum=150),
        # The standard atmosphere of the formula ends at 11 km; at 9 km water boils at 70 degC.
        "altitude": _number("height above the sea, instead of the boiling point", "m", minimum=-500, maximum=9000),
        "endpoints": _tables(RIG_ENDPOINT, "endpoints that belong to no device"),
    },
    "what all devices share",
)

HAZARD = _table(
    {
        "when": _text("the condition that must not be so, such as 'B1.on and HotTank.volume < 5'"),
        "severity": {"type": "string", "enum": list(SEVERITIES), "default": SEVERITY, "description": "how bad it is"},
        "hold_off": _number("how long it must last before it counts", "s", default=0, minimum=0, maximum=86_400),
        "refuse": {"type": "boolean", "default": False, "description": "what would break it is not done, as a safety relay would see to"},
        "title": _text("what it is, for people"),
    },
    "one rule about the plant that a client must not break",
    required=("when",),
)

SERVER = _table(
    {
        "cors": {
            "type": "array",
            "items": {
                "type": "string",
                "pattern": ORIGIN,
                "description": "an origin as browsers write it, such as 'http://localhost:5173', without path and usual port; or '*', "
                "with which a page of any site that somebody opens may read the rig",
            },
            "uniqueItems": True,
            "description": "the origins whose pages may read the replies of this rig's endpoints; none by default",
        },
    },
    "how the endpoints are served",
)

_SETTLE = _number("time after a command until its effect must show", "s", minimum=0, maximum=600)

CARE = _table(
    {
        "settle": _SETTLE,
        "safe": _text("the condition that must certainly hold while this may heat, such as 'HotTank.volume >= 10 and Temp1 < 60'"),
    },
    "how one device is treated",
)

VERIFY = _table(
    {
        "settle": {**_SETTLE, "default": SETTLE},
        "watch": _number("time for which a temperature is watched while something heats", "s", default=WATCH, minimum=1, maximum=3600),
        "devices": _tables(CARE, "what is special of some devices, by name"),
    },
    "how `mockbrew verify` treats a server that claims this contract, which may be real hardware",
)

PARTS: Mapping[str, Schema] = {
    "rig": RIG,
    "server": SERVER,
    "interfaces": _tables(_tables(ENDPOINT, "one interface: its endpoints by name"), "named sets of endpoints, shared by devices"),
    "overrides": _tables(_tables(OVERRIDE, "its endpoints by name"), "what is different at one device: [overrides] DEVICE.ENDPOINT.reply"),
    "errors": _tables(
        ERROR,
        "the hardware's own form of errors, by HTTP status; RFC 9457 problem documents without",
        propertyNames={"type": "string", "pattern": STATUS, "description": "'default', or an HTTP status from 400 to 599"},
    ),
    "hazards": _tables(
        HAZARD,
        "rules about the plant, by name",
        propertyNames={"type": "string", "pattern": NAME, "description": "a letter, then at most 63 letters, digits, '_', '.' and '-'"},
    ),
    "verify": VERIFY,
}

INTERFACE = _text("the endpoints that it gets: a name in [interfaces]")
KIND = _text("what sort of device it is")
ENTRY: Schema = {"type": "object", "description": "one vessel, pipe or device"}


def outline() -> dict[str, Any]:
    """The whole document but for what stands in the tables of entries, which each kind checks for itself."""
    entries: dict[str, Schema] = {table: {"type": "object"} for table in ENTRIES}
    return _table({"spec": {}, **PARTS, **entries}, "a spec")


def kind_schema(kind: type[Device]) -> dict[str, Any]:
    """The options of one kind. Units stand apart from the descriptions, for messages."""
    fields = options(kind)
    required = [name for name, field in fields.items() if field.default is dataclasses.MISSING]
    properties = {name: {**field.metadata["schema"], "unit": field.metadata["unit"]} for name, field in fields.items()}
    return {"type": "object", "properties": properties, "required": required}


# -- the document for editors --------------------------------------------------------------------------------------

VERSION: Schema = {"const": "1.0", "description": "version of this format"}
LABEL: Schema = {"type": ["string", "number", "boolean"], "description": "a word of its own, for the placeholders of its interface"}


def document_schema(kinds: Kinds) -> dict[str, Any]:
    """JSON Schema of a whole spec file, with an if/then for each kind so that editors complete its options."""
    devices = {name: kind for name, kind in kinds.items() if name not in TABLES.values()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",  # what every TOML editor knows
        "title": "mockbrew spec",
        **without_units(_table({"spec": VERSION, **PARTS, **_entries(kinds, devices)}, "a rig and its wire contract", required=("spec",))),
        "definitions": {name: without_units(_entry(kind)) for name, kind in kinds.items()},
    }


def as_text(schema: Schema) -> str:
    """As it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _entries(kinds: Kinds, devices: Kinds) -> dict[str, Schema]:
    names = {"propertyNames": {"pattern": NAME}}
    own = {table: (f"#/definitions/{kind}", summary(kinds[kind]) or kind) for table, kind in TABLES.items() if kind in kinds}
    tables = {table: _tables({"$ref": place}, doc, **names) for table, (place, doc) in own.items()}
    return {**tables, "devices": _tables(_device(devices), "the devices by name", **names)}


def _device(kinds: Kinds) -> Schema:
    """One if/then for each kind, whose errors are exact; and all options with their meanings, which editors complete from nowhere else."""
    by_kind = [
        {"if": {"properties": {"kind": {"const": name}}, "required": ["kind"]}, "then": {"$ref": f"#/definitions/{name}"}} for name in kinds
    ]
    kind = {"enum": list(kinds), "description": KIND["description"]}
    return {
        "type": "object",
        "properties": {"kind": kind, "interface": INTERFACE, **{name: {"description": doc} for name, doc in _meanings(kinds).items()}},
        "required": ["kind"],
        "additionalProperties": True,
        "allOf": by_kind,
    }


def _meanings(kinds: Kinds) -> dict[str, str]:
    """What each option of any kind is, by kind."""
    found: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        for option, field in options(kind).items():
            found.setdefault(option, []).append(f"{name}: {field.metadata['schema'].get('description', '')}")
    return {option: "; ".join(each) for option, each in found.items()}


def _entry(kind: type[Device]) -> Schema:
    own = kind_schema(kind)
    kept = {} if kind.kind in TABLES.values() else {"kind": {"const": kind.kind}}
    properties = {**kept, "interface": INTERFACE, **own["properties"]}
    return {**own, "description": summary(kind) or kind.kind, "properties": properties, "additionalProperties": LABEL}


def without_units(schema: Any) -> Any:
    """The same without the units that stand apart in it for messages: descriptions name them."""
    if isinstance(schema, Mapping):
        return {key: without_units(value) for key, value in schema.items() if key != "unit" or not isinstance(value, str)}
    return [without_units(item) for item in schema] if isinstance(schema, list | tuple) else schema
