"""Which cells another spec leaves as they were: those of which all is the same that their evolution depends on."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.declare import number
from mockbrew.kept_specs import Kept, record_of, unpacked
from mockbrew.spec import Spec, parse
from mockbrew.staying import staying

VALVES = ('A = { kind = "valve", interface = "switch" }\n', 'B = { kind = "valve", interface = "switch" }\n')
HEATERS = (
    'H = { kind = "heater", interface = "switch", vessel = "Kettle", power = 5500 }\n',
    'G = { kind = "heater", interface = "switch", vessel = "Kettle", power = 500 }\n',
)
RULES = (
    'dry = { when = "H.on and Kettle.volume < 5", refuse = true }\n',
    'hot = { when = "T > 95 and G.on", refuse = true }\n',
    'full = { when = "Kettle.volume > 49", refuse = true }\n',
)
RIG = f"""
spec = "1.0"
[rig]
title = "Brasserie"
[interfaces.switch]
get = {{ url = "/get{{id}}", reply = "{{state}}" }}
[vessels]
Kettle = {{ capacity = 50, volume = 40 }}
Cask = {{ capacity = 50, volume = 40 }}
[devices]
{"".join(VALVES)}{"".join(HEATERS)}C = {{ kind = "pid", probe = "T", heaters = ["H", "G"], setpoint = 60, highest = 90 }}
T = {{ kind = "probe", vessel = "Kettle" }}
U = {{ kind = "probe", vessel = "Cask" }}
[hazards]
{"".join(RULES)}warm = {{ when = "Cask.temperature > 30" }}
"""
ALL = {"Kettle", "Cask", "A", "B"}


def kept(spec: Spec, kinds: Kinds = BUILT_IN) -> Kept:
    return unpacked(record_of(spec), spec.digest, kinds)


def left(old: str, new: str) -> set[str]:
    """The cells that do not stay where the text has this instead of that; nor when that is taken back."""
    assert old in RIG
    before, after = parse(RIG), parse(RIG.replace(old, new, 1))
    forth, back = staying(kept(before), after), staying(kept(after), before)

    assert forth == back
    return ALL - forth


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[devices]\n", '[devices]\nK = { kind = "valve" }\n'),
        ("[vessels]\n", "[vessels]\nVat = { capacity = 5, volume = 1, temperature = 80 }\n"),
        ("".join(VALVES), "".join(reversed(VALVES))),
        ('"Brasserie"', '"Bouilloire"'),
        ("[rig]\n", "[rig]\nambient = 20\nendpoints.reset = { url = '/reset', verb = 'reset', reply = 1 }\n"),
        ('reply = "{state}"', 'reply = { State = "{state}" }'),
        ('"valve", interface = "switch"', '"valve"'),
        ("power = 5500", "power = 5500.0, efficiency = 1.0"),
        ('kind = "heater", interface = "switch", vessel = "Kettle"', 'vessel = "Kettle", interface = "switch", kind = "heater"'),
        ('warm = { when = "Cask.temperature > 30" }', ""),
        ("Cask.temperature > 30", "Cask.temperature > 30 or A.on"),
        ('volume < 5", refuse = true', 'volume < 5", title = "Dry", severity = "warning", refuse = true'),
        ("[hazards]\n", "[verify]\nsettle = 3\n[hazards]\n"),
    ],
)
def test_what_a_cell_does_not_depend_on_leaves_it_as_it_was(old: str, new: str) -> None:
    assert left(old, new) == set()


@pytest.mark.parametrize("said", ["ambient = 20.5", "altitude = 500", "boiling_point = 99"])
def test_what_surrounds_all_cells_changes_all(said: str) -> None:
    assert left("[rig]\n", f"[rig]\n{said}\n") == ALL


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("power = 5500", "power = 5501", "Kettle"),
        ("power = 5500", "power = 5500, lag = 20", "Kettle"),
        ("setpoint = 60", "setpoint = 61", "Kettle"),
        ('["H", "G"]', '["H"]', "Kettle"),
        ('["H", "G"]', '["G", "H"]', "Kettle"),
        ("".join(HEATERS), "".join(reversed(HEATERS)), "Kettle"),
        ('vessel = "Cask"', 'vessel = "Cask", noise = 0.1', "Cask"),
        ("Cask = { capacity = 50", "Cask = { capacity = 51", "Cask"),
        ('A = { kind = "valve"', 'A = { kind = "pump"', "A"),
        ('U = { kind = "probe"', 'V = { kind = "probe"', "Cask"),
        ("[devices]\n", '[devices]\nV = { kind = "probe", vessel = "Cask" }\n', "Cask"),
        ("H.on and Kettle.volume < 5", "H.on and Kettle.volume < 6", "Kettle"),
        ("dry = {", "arid = {", "Kettle"),
        ("[hazards]\n", '[hazards]\nopen = { when = "A.on", refuse = true }\n', "A"),
        ('"T > 95 and G.on", refuse = true', '"T > 95 and G.on"', "Kettle"),
        ("".join(RULES), "".join(reversed(RULES)), "Kettle"),
        ('"Cask.temperature > 30"', '"Cask.temperature > 30", refuse = true', "Cask"),
    ],
)
def test_what_a_cell_depends_on_changes_this_one(old: str, new: str, cell: str) -> None:
    assert left(old, new) == {cell}


def test_a_cell_loses_a_rule_to_one_that_has_the_name_of_its_reading() -> None:
    vessels = 'spec = "1.0"\n[vessels]\nKettle = { capacity = 50, volume = 40 }\n'
    rule = '[hazards]\nfull = { when = "Kettle.volume > 49", refuse = true }\n'
    before, after = parse(vessels + rule), parse(f'{vessels}"Kettle.volume" = {{ capacity = 50, volume = 40 }}\n{rule}')

    assert staying(kept(before), after) == set()


def test_a_cell_with_a_device_that_is_set_apart_does_not_stay() -> None:
    spec = parse(RIG)

    assert staying(kept(spec), spec, apart={"U", "A"}) == {"Kettle", "B"}


def test_states_that_were_written_otherwise_are_of_no_cell_that_stays() -> None:
    spec = parse(RIG)
    record = json.loads(record_of(spec))
    older, other = {**record, "states": record["states"] - 1}, {**record, "layouts": {**record["layouts"], "probe": ["celsius"]}}

    assert staying(unpacked(json.dumps(older), spec.digest, BUILT_IN), spec) == set()
    assert staying(unpacked(json.dumps(other), spec.digest, BUILT_IN), spec) == {"A", "B"}


def test_a_spec_before_that_is_wrong_by_now_leaves_nothing_as_it_was() -> None:
    spec = parse(RIG)
    record = json.loads(record_of(spec))
    record["document"]["rig"]["ambience"] = "cosy"

    assert staying(unpacked(json.dumps(record), spec.digest, BUILT_IN), spec) == set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picky(Device):
    """A kind of some distribution, which takes less than it did."""

    kind = "picky"

    size: float = number("how large it is", unit="m", default=1, minimum=0)

    def __post_init__(self) -> None:
        if self.size > 1:
            raise ValueError(self.size)


def test_a_device_that_can_t_be_made_any_more_is_not_the_same() -> None:
    text = 'spec = "1.0"\n[devices]\nA = { kind = "picky" }\nB = { kind = "picky" }\n'
    spec = parse(text, kinds={**BUILT_IN, "picky": Picky})
    record = json.loads(record_of(spec))
    record["document"]["devices"]["A"]["size"] = 2

    assert staying(unpacked(json.dumps(record), spec.digest, {**BUILT_IN, "picky": Picky}), spec) == {"B"}
