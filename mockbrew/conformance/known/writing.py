"""Writing: a value as the spec writes it, 78.0 where a float was set and 1 where there are integers only. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from mockbrew.conformance.known.knowledge import Key
from mockbrew.conformance.known.prediction import Prediction
from mockbrew.devices.declare import Value


def as_written(known: Prediction | None, expected: Mapping[Key, Value], name: str, value: Value) -> Value:
    """A value of a reading or an argument in a reply. known: of its device. expected: what was commanded, as the spec writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    model = _model(known, expected, name, value)
    if isinstance(model, float) and not isinstance(value, float):
        return float(value)
    if isinstance(model, int) and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _model(known: Prediction | None, expected: Mapping[Key, Value], name: str, value: Value) -> Value:
    """A value that is written as this one should be; None if that is not known, such as of a setpoint that somebody else has set."""
    if known is None:
        return None
    reading = known.device.readings.get(name)
    if reading is None:
        return 0.0  # numbers of URLs are floats
    if reading.schema.get("type") == "integer":
        return 0
    if name not in known.changing:
        return known.shows[name] if isinstance(known.shows[name], float) else None
    told = expected.get((known.device.name, name))
    return told if told == value else None
