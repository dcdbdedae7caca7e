from __future__ import annotations

import json

from mockbrew import __version__
from mockbrew.devices import BUILT_IN
from tests.cli.conftest import Run

HEATER = """\
heater (built in): Turns power into heat in one vessel while it is on.
         NAME         TAKES OR GIVES                  DEFAULT   WHAT IT IS
option   vessel       a vessel                        required  the vessel that it heats
option   power        a number from 0 to 1000000 W    required  fuel or current that it consumes
option   efficiency   a number from 0 to 1            1.0       share of the power that reaches the liquid
option   lag          a number from 0 to 3600 s       0.0       time constant of its element; 0 heats at once
option   feedback     true or false                   false     whether `state` shows where it really is, not where it was told to be
reading  state        one of 0, 1                               1 on or open, 0 off or shut
reading  on           one of 0, 1                               the same as it really is
reading  power        a number in W                             what it consumes
verb     turn_on                                                switch it on, or open it
verb     turn_off                                               switch it off, or shut it
failure  stuck                                                  it stays where it is, whatever it is told
failure  stuck_on                                               it is on, or open, whatever it is told
failure  stuck_off                                              it is off, or shut, whatever it is told
failure  slow         seconds: from 0.001 to 86400 s            it moves later than it is told to
failure  ignores      every: from 1 to 1000000                  it ignores one command in N
failure  weak         share: from 0 to 1                        it consumes as ever and gives less heat
failure  no_ignition                                            it consumes as ever and gives no heat
"""


def test_every_kind_is_listed_with_its_options_readings_verbs_and_failures(mockbrew: Run) -> None:
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
            "feedback": {
                "type": "boolean",
                "description": "whether `state` shows where it really is, not where it was told to be",
                "default": False,
                "required": False,
                "unit": "",
                "refers": None,
            },
        },
        "readings": {
            "state": {"type": "integer", "enum": [0, 1], "description": "1 on or open, 0 off or shut", "unit": ""},
            "on": {"type": "integer", "enum": [0, 1], "description": "the same as it really is", "unit": ""},
            "power": {"type": "number", "description": "what it consumes", "unit": "W"},
        },
        "verbs": {
            "turn_on": {"description": "switch it on, or open it", "arguments": {}},
            "turn_off": {"description": "switch it off, or shut it", "arguments": {}},
        },
        "failures": {
            "stuck": {"description": "it stays where it is, whatever it is told", "parameters": {}},
            "stuck_on": {"description": "it is on, or open, whatever it is told", "parameters": {}},
            "stuck_off": {"description": "it is off, or shut, whatever it is told", "parameters": {}},
            "slow": {
                "description": "it moves later than it is told to",
                "parameters": {
                    "seconds": {
                        "type": "number",
                        "minimum": 0.001,
                        "maximum": 86400,
                        "unit": "s",
                        "description": "how much later than its command it moves",
                    }
                },
            },
            "ignores": {
                "description": "it ignores one command in N",
                "parameters": {
                    "every": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 1000000,
                        "unit": "",
                        "description": "N: it ignores the last of each N commands",
                    }
                },
            },
            "weak": {
                "description": "it consumes as ever and gives less heat",
                "parameters": {
                    "share": {"type": "number", "minimum": 0, "maximum": 1, "unit": "", "description": "what it still gives of its heat"}
                },
            },
            "no_ignition": {"description": "it consumes as ever and gives no heat", "parameters": {}},
        },
    }
    assert kinds["pid"]["verbs"]["set_setpoint"]["arguments"] == {
        "setpoint": {"type": "number", "minimum": "lowest", "maximum": "highest", "unit": "degC"}
    }
