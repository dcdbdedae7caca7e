from __future__ import annotations

import json

from mockbrew import __version__
from mockbrew.devices import BUILT_IN
from tests.cli.conftest import Run

HEATER = """\
heater (built in): Turns power into heat in one vessel while it is on.
         NAME        TAKES OR GIVES                DEFAULT   WHAT IT IS
option   vessel      a vessel                      required  the vessel that it heats
option   power       a number from 0 to 1000000 W  required  fuel or current that it consumes
option   efficiency  a number from 0 to 1          1.0       share of the power that reaches the liquid
option   lag         a number from 0 to 3600 s     0.0       time constant of its element; 0 heats at once
reading  state       one of 0, 1                             1 on or open, 0 off or shut
reading  power       a number in W                           what it consumes
verb     turn_on                                             switch it on, or open it
verb     turn_off                                            switch it off, or shut it
"""


def test_every_kind_is_listed_with_its_options_readings_and_verbs(mockbrew: Run) -> None:
    blocks = mockbrew("kinds").stdout.split("\n\n")

    assert [block.split()[0] for block in blocks if block] == list(BUILT_IN)
    assert f"{blocks[list(BUILT_IN).index('heater')]}\n" == HEATER


def lines_of(mockbrew: Run, kind: str, *names: str) -> list[str]:
    """What is listed of these options, readings and verbs of a kind, without its columns."""
    block = mockbrew("kinds").stdout.split("\n\n")[list(BUILT_IN).index(kind)]
    return [" ".join(line.split()) for line in block.splitlines() if line.split()[1] in names]


def test_a_word_that_may_stand_for_a_name_is_listed(mockbrew: Run) -> None:
    assert lines_of(mockbrew, "pipe", "source", "valves", "pump", "coil") == [
        "option source a vessel, or 'mains' required where liquid comes from: a vessel, or 'mains'",
        "option valves [a valve, ...] what must be open, all of them",
        "option pump a pump what moves the liquid",
        "option coil a vessel the vessel through which it passes in a coil",
    ]


def test_references_ranges_and_arguments_are_said_in_words(mockbrew: Run) -> None:
    assert lines_of(mockbrew, "thermostat", "heaters", "lowest", "process_value", "set_setpoint") == [
        "option heaters [an actuator, ...] what it heats with",
        "option lowest a number of at least -50 degC 0 the least setpoint that it accepts",
        "reading process_value a number or null in degC the measured temperature",
        "verb set_setpoint setpoint: from lowest to highest degC change the setpoint, from the next sample on",
    ]


def test_every_kind_as_json(mockbrew: Run) -> None:
    said = json.loads(mockbrew("kinds", "--json").stdout)
    kinds = {kind["kind"]: kind for kind in said["kinds"]}

    assert list(kinds) == list(BUILT_IN)
    assert kinds["heater"] == {
        "kind": "heater",
        "doc": "Turns power into heat in one vessel while it is on.",
        "distribution": "mockbrew",
        "version": __version__,
        "options": {
            "vessel": {
                "type": "string",
                "description": "the vessel that it heats",
                "required": True,
                "unit": "",
                "refers": "a vessel",
            },
            "power": {
                "type": "number",
                "minimum": 0,
                "maximum": 1e6,
                "description": "fuel or current that it consumes [W]",
                "required": True,
                "unit": "W",
                "refers": None,
            },
            "efficiency": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "share of the power that reaches the liquid [1]",
                "default": 1.0,
                "required": False,
                "unit": "1",
                "refers": None,
            },
            "lag": {
                "type": "number",
                "minimum": 0,
                "maximum": 3600,
                "description": "time constant of its element; 0 heats at once [s]",
                "default": 0.0,
                "required": False,
                "unit": "s",
                "refers": None,
            },
        },
        "readings": {
            "state": {"type": "integer", "enum": [0, 1], "description": "1 on or open, 0 off or shut", "unit": ""},
            "power": {"type": "number", "description": "what it consumes", "unit": "W"},
        },
        "verbs": {
            "turn_on": {"description": "switch it on, or open it", "arguments": {}},
            "turn_off": {"description": "switch it off, or shut it", "arguments": {}},
        },
    }
    assert kinds["pid"]["verbs"]["set_setpoint"]["arguments"] == {
        "setpoint": {"type": "number", "minimum": "lowest", "maximum": "highest", "unit": "degC"}
    }
