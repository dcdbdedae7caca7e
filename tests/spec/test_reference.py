"""The reference rig as a Spec; and what a Spec promises of itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import mockbrew
from mockbrew.devices import BUILT_IN
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.pump import Pump
from mockbrew.devices.valve import Valve
from mockbrew.errors import SpecError
from mockbrew.files import load
from mockbrew.spec import Pattern, Spec, from_document, parse

FILE = Path(mockbrew.__file__).with_name("spec.toml")
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load(FILE)


PIPES = ["Fill", "Sparge", "StirHotTank", "StirEbu", "Recirculate", "Lauter", "ToFermenter"]


def test_its_entries_are_the_vessels_the_pipes_and_then_the_devices_in_the_order_of_the_file(spec: Spec) -> None:
    valves, rest = list("ABCDEFGHIJ"), ["R1", "B1", "B2", "Temp1", "Temp2", "Temp3", "PID1", "PID2", "PID3"]
    assert list(spec.entries) == ["HotTank", "Mashtun", "Ebu", *PIPES, *valves, "P1", "P2", "P3", *rest]
    assert spec.title == "Brasserie trois cuves"
    assert (spec.surroundings.ambient, spec.surroundings.boiling_point) == (20.0, 100.0)


def test_a_setpoint_keeps_the_type_that_it_is_written_with(spec: Spec) -> None:
    setpoints = [device.setpoint for entry in spec.entries.values() if isinstance(device := entry.device, Pid)]

    assert [repr(setpoint) for setpoint in setpoints] == ["78.0", "50", "50"]


def test_lists_of_the_file_are_tuples_of_the_device(spec: Spec) -> None:
    pid = spec.entries["PID1"]

    assert isinstance(pid.device, Pid)
    assert (pid.device.heaters, pid.device.pumps) == (("B1",), ("P1",))
    assert dict(pid.labels) == {"number": 1, "sensor": "HotTank"}


def test_its_patterns_are_those_of_the_interfaces_with_overrides_applied(spec: Spec) -> None:
    url = "/setCible{number}_{setpoint}.py"
    shared = Pattern("set_target", url, "set_setpoint", {"Sensor": "{sensor}", "Cible": "{setpoint}"})

    assert spec.patterns("PID2")[-1] == shared == spec.interfaces["controller"]["set_target"]
    assert spec.patterns("PID3")[-1] == Pattern("set_target", url, "set_setpoint", {"Sensor": "Ebu", "Cible": "{setpoint}"})
    assert spec.patterns("HotTank") == []
    assert spec.rig_endpoints["reset"] == Pattern("reset", "/Reset.py", "reset", {"Sensor": "Reset", "State": 1})


def test_its_pipes_make_one_cell_of_it(spec: Spec) -> None:
    assert spec.cells == (tuple(spec.entries),)


# The plumbing of the reference rig
PLUMBING = [
    ("Fill", "mains", "HotTank", "A", None),
    ("Sparge", "HotTank", "Mashtun", "BC", "P1"),
    ("StirHotTank", "HotTank", "HotTank", "BD", "P1"),
    ("StirEbu", "Ebu", "Ebu", "EF", "P2"),
    ("ToFermenter", "Ebu", "out", "EG", "P2"),
    ("Recirculate", "Mashtun", "Mashtun", "HI", "P3"),
    ("Lauter", "Mashtun", "Ebu", "HJ", "P3"),
]


def test_its_pipes_are_the_plumbing_that_a_brewer_finds_ordinary(spec: Spec) -> None:
    pipes = [pipe for entry in spec.entries.values() if isinstance(pipe := entry.device, Pipe)]

    assert sorted((p.name, p.source, p.destination, "".join(p.valves), p.pump) for p in pipes) == sorted(PLUMBING)
    assert {(pipe.mains, pipe.own_flow, pipe.loss, pipe.coil) for pipe in pipes} == {(15.0, 10.0, 0.0, None)}
    assert {pump.flow for entry in spec.entries.values() if isinstance(pump := entry.device, Pump)} == {10.0}


HEADERS = re.findall(r"^\[(.+)\]$", TEXT, re.MULTILINE)


def freely(header: str, at: int) -> bool:
    """Whether this letter is of the name of a rule, of which nothing else speaks."""
    return header.startswith("hazards.") and at >= len("hazards.")


MISSPELT = [
    *((header, f"[{header[:at]}{header[at + 1 :]}]") for header in HEADERS for at in (0, 2, len(header) - 1) if not freely(header, at)),
    *((header, f"[[{header}]]") for header in HEADERS),
]


@pytest.mark.parametrize(("header", "instead"), MISSPELT)
def test_the_header_of_a_table_that_is_misspelt_is_one_mistake(header: str, instead: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(TEXT.replace(f"\n[{header}]\n", f"\n{instead}\n"))

    assert len(caught.value.faults) == 1, str(caught.value)


def test_an_interface_that_many_miss_is_told_once() -> None:
    with pytest.raises(SpecError) as caught:
        parse(TEXT.replace("[interfaces.switch]", "[interfaces.swich]"))

    message = "devices.A.interface: unknown interface 'switch', which 16 entries name; known: controller, swich, thermometer"
    assert str(caught.value).partition(": ")[2] == f"{message} (did you mean 'swich'?)"


def test_a_valve_more_is_a_line_more() -> None:
    spec = parse(f'{TEXT}\nK = {{ kind = "valve", interface = "switch", sensor = "VanneK" }}\n')

    assert spec.entries["K"].device == Valve(name="K")
    assert [pattern.name for pattern in spec.patterns("K")] == ["get", "start", "stop"]


def test_the_boiling_point_follows_from_the_altitude() -> None:
    assert parse('spec = "1.0"\nrig.altitude = 1000').surroundings.boiling_point == pytest.approx(96.685, abs=5e-4)


# -- documents and digests -----------------------------------------------------------------------------------------


def test_a_spec_comes_back_the_same_from_its_document_by_way_of_json(spec: Spec) -> None:
    assert from_document(json.loads(json.dumps(spec.document)), "the store") == spec


def test_comments_and_white_space_do_not_change_the_digest(spec: Spec) -> None:
    bare = "\n\n".join(line.partition(" #")[0].replace(" = ", "=") for line in TEXT.splitlines() if not line.startswith("#"))

    assert parse(bare).document == spec.document
    assert parse(bare).digest == spec.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Sensor = "{sensor}", State = "{state}"', 'State = "{state}", Sensor = "{sensor}"'),
        ("setpoint = 50", "setpoint = 50.0"),
        ("Brasserie trois", "Brasserie quatre"),
        ("lag = 10", "lag = 11"),
    ],
)
def test_whatever_else_changes_changes_the_digest(spec: Spec, old: str, new: str) -> None:
    assert parse(TEXT.replace(old, new)).digest != spec.digest


class Wide(NamedTuple):
    """Another layout of a valve's state."""

    on: int = 0
    turns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WideValve(Valve):
    """A valve of a later mockbrew."""

    layout = Wide


def test_a_kind_that_keeps_its_state_otherwise_changes_the_digest_where_it_is_used(spec: Spec) -> None:
    kinds: dict[str, Any] = {**BUILT_IN, "valve": WideValve}

    assert parse(TEXT, kinds=kinds).digest != spec.digest
    assert parse('spec = "1.0"', kinds=kinds).digest == parse('spec = "1.0"').digest


def test_a_spec_can_not_be_changed(spec: Spec) -> None:
    for mapping in (spec.entries, spec.interfaces, spec.interfaces["switch"], spec.overrides, spec.rig_endpoints, spec.errors):
        assert not hasattr(mapping, "__setitem__")


def test_a_right_spec_is_read_without_the_slow_library() -> None:
    """jsonschema takes 0.2 s to import, in every worker."""
    code = "import sys, mockbrew.app; from mockbrew.files import load; load(sys.argv[1]); print('jsonschema' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, str(FILE)], capture_output=True, text=True, check=True, cwd=FILE.parent.parent)

    assert ran.stdout == "False\n"
