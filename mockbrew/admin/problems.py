"""Problems: JSON Schema (2020-12) of what the control plane answers when it refuses, RFC 9457 problem documents, by status."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mockbrew.admin.resources import TIME, Schema
from mockbrew.admin.shapes import NEAR, NOW, STILL, array, flag, known, span, text, whole
from mockbrew.shapes import phrase

MISTAKE = known({"field": text("where; empty for the whole of it"), "message": text("what is wrong, and what would be right")})
NEAREST = array(NEAR, "what comes nearest, the nearest first")
OF_RIG = text("the rig that it is about")  # any text: a refusal may be of a name that no rig can have
SNAPSHOT = text("the name of the snapshot")

MEMBERS: Mapping[int, Mapping[str, Schema]] = MappingProxyType(
    {
        400: {"errors": array(MISTAKE, "all that is wrong with the request", minItems=1)},
        403: {"setting": text("the setting of the server that opens the control plane")},
        404: {"rig": OF_RIG, "snapshot": SNAPSHOT, "nearest": NEAREST},
        405: {"allowed": array({"type": "string"}, "the methods that there are"), "nearest": NEAREST},
        409: {
            "rig": OF_RIG,
            "seed": {"type": "integer", "description": "the seed that the rig has"},
            "events": whole("events that it has had"),
            "time": NOW,
            "most": whole("how many there may be"),
            "snapshot": SNAPSHOT,
            "waited": span("virtual time that was waited"),
            "nearest": text("how near the condition came to being so; empty where nothing can be said"),
            "stands_still": STILL,
            "passed": flag("whether all is as expected"),
            "errors": array(MISTAKE, "each expectation that is not met", minItems=1),
            "checked": array({"type": "object"}, "what came of each expectation", minItems=1),
        },
        410: {"earliest": {**TIME, "description": "virtual time from which on it is known [s]"}},
        413: {"most": whole("bytes that a body may have")},
        415: {"wanted": text("the content type that is read")},
        501: {"endpoints": whole("how many the spec has"), "most": whole("how many there may be")},
        503: {"cap": whole("rigs that there may be"), "time": NOW, "limit": span("what is left of the limit")},
    }
)
"""What a refusal of a status may say for programs, besides what all say. Which of it one says depends on its reason."""


def problem_schema(status: int) -> dict[str, Any]:
    """Of the body of a refusal with this status."""
    said: dict[str, Schema] = {
        "title": {"type": "string", "const": phrase(status), "description": "the phrase of the status"},
        "status": {"type": "integer", "const": status, "description": "the HTTP status"},
        "detail": text("what is wrong, and what would be right"),
    }
    members = MEMBERS.get(status, {})
    return known({**said, **members}, *members)
