"""Shapes: JSON Schemas (2020-12) of what the control plane takes and answers, as far as several resources share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockbrew.admin.resources import TIME, Schema
from mockbrew.clock import HORIZON, SECOND
from mockbrew.roster import NAME
from mockbrew.testbench.clock import FASTEST

BITS = 2**63  # integers in bodies are of 64 bits
LINE = (
    r"(?![^\n]*\n)"  # at the beginning of a pattern: to Python, `$` stands before a line break at the end too; to JSON Schema it does not
)


def known(properties: Mapping[str, Schema], *optional: str) -> dict[str, Any]:
    """JSON Schema of an object that always has these fields, but for the optional ones, and never has others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def text(doc: str, **more: Any) -> dict[str, Any]:
    """Of a text."""
    return {"type": "string", "description": doc, **more}


def whole(doc: str, **more: Any) -> dict[str, Any]:
    """Of an integer that is never negative, unless `more` says so."""
    return {"type": "integer", "minimum": 0, "description": doc, **more}


def flag(doc: str) -> dict[str, Any]:
    """Of true or false."""
    return {"type": "boolean", "description": doc}


def span(doc: str, **more: Any) -> dict[str, Any]:
    """Of so many seconds."""
    return {"type": "number", "minimum": 0, "unit": "s", "description": f"{doc} [s]", **more}


def array(items: Schema, doc: str, **more: Any) -> dict[str, Any]:
    """Of a list."""
    return {"type": "array", "items": items, "description": doc, **more}


def open_to(values: Schema, doc: str, **more: Any) -> dict[str, Any]:
    """Of an object whose fields are names that nobody knows here."""
    return {"type": "object", "additionalProperties": values, "description": doc, **more}


def either(schema: Schema) -> dict[str, Any]:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def exact(schema: Any) -> Any:
    """A schema of what is taken, said as whoever does not know this server needs it: patterns are of whole texts, integers of 64 bits."""
    if isinstance(schema, list | tuple):
        return [exact(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    said = {name: each if name in ("enum", "const", "default", "examples") else exact(each) for name, each in schema.items()}
    if said.get("type") == "integer" and "enum" not in said:
        return {"minimum": -BITS, "maximum": BITS - 1, **said}
    if isinstance(said.get("pattern"), str) and not said["pattern"].startswith("^"):
        return {**said, "pattern": f"^{LINE}(?:{said['pattern']})$"}
    return said


# -- what many answers have ----------------------------------------------------------------------------------------

RIG = text("the rig that answers", pattern=f"^{NAME.pattern}$")
RUN = whole("the run that the rig is in; a restored snapshot opens a new one", minimum=1)
NOW = {**TIME, "description": "virtual time [s]"}
RATE = {"type": "number", "minimum": 0, "maximum": FASTEST, "description": "virtual seconds per second; 0 while it is frozen"}
STILL = flag("whether time stands still, because nothing has happened to the rig for a horizon")
AT_HORIZON = {**TIME, "description": f"virtual time at which it stands still: {HORIZON // SECOND} s after the last event [s]"}
WALL = text("real time, UTC, ISO 8601 to the microsecond", format="date-time")
DIGEST = text("what identifies a spec", pattern="^[0-9a-f]{64}$")
NEAR = known({"url": text("what is answered"), "why": text("why this was not asked for")})
VALUE: Schema = {"type": ["number", "string", "boolean", "null"]}
ANYTHING: Schema = {"type": ["object", "array", "number", "string", "boolean", "null"], "items": {}}  # generators want a list's items said
