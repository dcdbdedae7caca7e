"""Pipes: the table, what they name, and what they can't be."""

from __future__ import annotations

import pytest

from mockbrew.devices.pipe import Pipe
from tests.spec.refusals import accepted, told

RIG = (
    "[vessels]",
    "HotTank = { capacity = 50, volume = 40 }",
    "Mashtun = { capacity = 40, volume = 15 }",
    "Ebu = { capacity = 50, volume = 15 }",
    "[devices]",
    'A = { kind = "valve" }',
    'B = { kind = "valve" }',
    'P1 = { kind = "pump" }',
    'H1 = { kind = "heater", vessel = "HotTank", power = 1 }',
)
A_VESSEL = "it must be the name of a vessel"
VESSELS = "known: Ebu, HotTank, Mashtun"


def told_of_a_pipe(options: str) -> list[str]:
    """What is said of a rig with this one pipe."""
    return told(*RIG, "[pipes]", f"X = {{ {options} }}")


# -- the table -----------------------------------------------------------------------------------------------------


def test_a_pipe_is_an_entry_of_a_table_of_its_own_between_the_vessels_and_the_devices() -> None:
    spec = accepted(*RIG, "[pipes]", 'X = { source = "mains", destination = "Ebu", valves = ["A", "B"], flow = 5, temperature = 12 }')

    assert list(spec.entries) == ["HotTank", "Mashtun", "Ebu", "X", "A", "B", "P1", "H1"]
    assert spec.entries["X"].device == Pipe(name="X", source="mains", destination="Ebu", valves=("A", "B"), flow=5, temperature=12)


def test_a_pipe_couples_what_it_joins_but_the_outside_couples_nothing() -> None:
    pipes = (
        'X = { source = "HotTank", destination = "Mashtun", valves = ["A"], coil = "Ebu" }',
        'Y = { source = "mains", destination = "out", coil = "Ebu", pump = "P1" }',
        'Z = { source = "mains", destination = "V" }',
        'W = { source = "V", destination = "out" }',
    )
    spec = accepted(*RIG[:4], "V = { capacity = 5, volume = 1 }", *RIG[4:], "[pipes]", *pipes)

    assert spec.cells == (("HotTank", "Mashtun", "Ebu", "X", "Y", "A", "P1", "H1"), ("V", "Z", "W"), ("B",))


def test_a_pipe_may_have_an_interface_and_words_of_its_own() -> None:
    interface = "[interfaces.meter]", 'get = { url = "/{id}", reply = { where = "{place}", flow = "{flow}", from = "{source}" } }'
    spec = accepted(*interface, *RIG, "[pipes]", 'X = { interface = "meter", place = "cellar", source = "Ebu", destination = "out" }')

    assert (spec.entries["X"].interface, dict(spec.entries["X"].labels)) == ("meter", {"place": "cellar"})
    assert [pattern.name for pattern in spec.patterns("X")] == ["get"]


def test_an_interface_of_switches_does_not_fit_a_pipe() -> None:
    interface = "[interfaces.switch]", 'get = { url = "/{id}", reply = "{state}" }'
    lines = (*interface, *RIG, 'C = { kind = "valve", interface = "switch" }', "[pipes]")

    assert told(*lines, 'X = { interface = ▸"switch", source = "Ebu", destination = "out" }') == [
        "pipes.X.interface: 'switch' does not fit a pipe, which has no {state}; readings: flow; verbs: none"
    ]


def test_a_pipe_among_the_devices_is_sent_to_its_table() -> None:
    message = "devices.X.kind: a pipe stands in a table of its own; move this line to [pipes], without its kind"
    assert told(*RIG, 'X = { kind = ▸"pipe", source = "Ebu", destination = "out" }') == [message]


def test_a_table_of_pipes_that_is_misspelt_is_one_mistake() -> None:
    sensor = 'F = { kind = "flow", pipe = "X" }'
    known = "devices, errors, hazards, interfaces, overrides, pipes, rig, server, spec, verify, vessels"
    message = f"pipe: unknown key 'pipe'; known: {known} (did you mean 'pipes'?)"

    assert told(*RIG, sensor, "[▸pipe]", 'X = { source = "Ebu", destination = "out" }') == [message]


def test_a_table_of_pipes_that_is_none_is_told() -> None:
    assert told("pipes = ▸3") == ["pipes: 3 is a number; it must be a table"]


# -- names ---------------------------------------------------------------------------------------------------------


def test_a_name_is_of_one_vessel_pipe_or_device() -> None:
    own = "give every vessel, pipe and device a name of its own"
    pipes = '▸Ebu = { source = "Ebu", destination = "out" }', 'X = { source = "Ebu", destination = "out" }'

    assert told(*RIG, '▸X = { kind = "valve" }', "[pipes]", *pipes) == [
        f"devices.X: 'X' is a pipe already; {own}",
        f"pipes.Ebu: 'Ebu' is a vessel already; {own}",
    ]


def test_nothing_may_be_called_what_a_pipe_calls_the_outside() -> None:
    lines = "[vessels]", "▸mains = { capacity = 5, volume = 1 }", "[devices]", '▸out = { kind = "valve" }', "[pipes]"

    assert told(*lines, '▸mains = { source = "mains", destination = "out" , valves = ["out"]}') == [
        "vessels.mains: 'mains' is a word for the source of a pipe; choose another name",
        "devices.out: 'out' is a word for the destination of a pipe; choose another name",
        "pipes.mains: 'mains' is a word for the source of a pipe; choose another name",
    ]


def test_what_names_a_badly_named_entry_is_right() -> None:
    own = "give every vessel, pipe and device a name of its own"
    lines = '▸mains = { kind = "pump" }', '▸X = { kind = "valve" }', '▸"1" = { kind = "valve" }', "[pipes]"

    assert told(*RIG, *lines, 'X = { source = "Ebu", destination = "out", pump = "mains", valves = ["X", "1"] }') == [
        "devices.mains: 'mains' is a word for the source of a pipe; choose another name",
        f"devices.X: 'X' is a pipe already; {own}",
        "devices.1: bad name '1'; a name begins with a letter and has at most 64 letters, digits, '_', '.' and '-'",
    ]


def test_a_kind_among_the_pipes_is_told_to_be_needless() -> None:
    message = "pipes.X.kind: all that stands in [pipes] is a pipe; delete it"

    assert told_of_a_pipe('▸kind = "pipe", source = "Ebu", destination = "out"') == [message]


def test_a_list_of_pipes_is_told_to_be_a_table() -> None:
    assert told("[[▸pipes]]", 'source = "Ebu"') == ["pipes: this is a list; it must be a table, written [pipes]"]


# -- what it names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            'source = ▸"HotTnk", destination = "out"',
            f"source: nothing is called 'HotTnk'; {A_VESSEL}, or 'mains'; {VESSELS} (did you mean 'HotTank'?)",
        ),
        (
            'source = ▸"main", destination = "Ebu"',
            f"source: nothing is called 'main'; {A_VESSEL}, or 'mains'; {VESSELS} (did you mean 'mains'?)",
        ),
        ('source = ▸"out", destination = "Ebu"', f"source: 'out' is a word for the destination; {A_VESSEL}, or 'mains'; {VESSELS}"),
        ('source = "Ebu", destination = ▸"mains"', f"destination: 'mains' is a word for the source; {A_VESSEL}, or 'out'; {VESSELS}"),
        (
            'source = ▸"hottank", destination = "Ebu"',
            f"source: nothing is called 'hottank'; {A_VESSEL}, or 'mains'; {VESSELS} (did you mean 'HotTank'?)",
        ),
        (
            'source = ▸"EBU", destination = "out"',
            f"source: nothing is called 'EBU'; {A_VESSEL}, or 'mains'; {VESSELS} (did you mean 'Ebu'?)",
        ),
        ('source = "Ebu", destination = ▸"nowhere"', f"destination: nothing is called 'nowhere'; {A_VESSEL}, or 'out'; {VESSELS}"),
        ('source = "Ebu", destination = ▸"P1"', f"destination: 'P1' is a pump; {A_VESSEL}, or 'out'; {VESSELS}"),
        ('source = "Ebu", destination = ▸"X"', f"destination: 'X' is a pipe; {A_VESSEL}, or 'out'; {VESSELS}"),
        ('source = "Ebu", destination = "out", coil = ▸"mains"', f"coil: 'mains' is a word for the source; {A_VESSEL}; {VESSELS}"),
        (
            'source = "Ebu", destination = "out", valves = ["A", ▸"P1"]',
            "valves[1]: 'P1' is a pump; it must be the name of a valve; known: A, B",
        ),
        (
            'source = "Ebu", destination = "out", valves = [▸"C"]',
            "valves[0]: nothing is called 'C'; it must be the name of a valve; known: A, B",
        ),
        ('source = "Ebu", destination = "out", pump = ▸"H1"', "pump: 'H1' is a heater; it must be the name of a pump; known: P1"),
        ('source = "Ebu", destination = "out", pump = ▸["P1"]', 'pump: this is a list; it must be a text, written "P1"'),
        ('source = "Ebu", destination = "out", valves = ["A", ▸"A"]', "valves[1]: 'A' is listed twice; list it once"),
    ],
)
def test_what_a_pipe_names_is_there_and_can_do_it(options: str, message: str) -> None:
    assert told_of_a_pipe(options) == [f"pipes.X.{message}"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            'source = ▸"Mains", destination = "Ebu", temperature = 12',
            f"source: nothing is called 'Mains'; {A_VESSEL}, or 'mains'; {VESSELS} (did you mean 'mains'?)",
        ),
        (
            'source = ▸"out", destination = "Ebu", temperature = 12',
            f"source: 'out' is a word for the destination; {A_VESSEL}, or 'mains'; {VESSELS}",
        ),
        ('source = "mains", destination = "out", coil = ▸"P1"', f"coil: 'P1' is a pump; {A_VESSEL}; {VESSELS}"),
    ],
)
def test_what_hangs_on_a_name_that_is_wrong_is_not_judged(options: str, message: str) -> None:
    assert told_of_a_pipe(options) == [f"pipes.X.{message}"]


def test_a_pipe_leads_from_somewhere_to_somewhere() -> None:
    assert told(*RIG, "[pipes]", "▸X = { }") == [
        "pipes.X.destination: missing; it must be the name of a vessel, or 'out'; known: Ebu, HotTank, Mashtun",
        "pipes.X.source: missing; it must be the name of a vessel, or 'mains'; known: Ebu, HotTank, Mashtun",
    ]


def test_valves_and_pumps_may_stand_in_many_pipes() -> None:
    accepted(*RIG, "[pipes]", *(f'{name} = {{ source = "Ebu", destination = "out", valves = ["A", "B"], pump = "P1" }}' for name in "XYZ"))


# -- what it can't be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            'source = "Ebu", destination = "out", pump = "P1", flow = ▸5',
            "flow: its pump 'P1' says how much flows; delete one of them",
        ),
        (
            'source = "Ebu", destination = "out", temperature = ▸12',
            "temperature: what comes from 'Ebu' has that vessel's temperature; delete it, or take from 'mains'",
        ),
        (
            'source = "mains", destination = "Ebu", temperature = ▸100.5',
            "temperature: 100.5 degC is above the boiling point; at most 100 degC",
        ),
        (
            'source = "mains", destination = ▸"out"',
            "destination: from 'mains' to 'out' it touches no vessel; name one, or give it a coil",
        ),
        (
            'source = "Ebu", destination = "Ebu", coil = ▸"Ebu"',
            "coil: a coil in 'Ebu', where the liquid comes from, exchanges nothing; name another vessel",
        ),
        (
            'source = "Ebu", destination = "Ebu", transfer = ▸500',
            "transfer: it has no coil that could transfer heat; delete it, or say in which vessel there is a `coil`",
        ),
    ],
)
def test_a_pipe_says_nothing_that_it_does_not_mean(options: str, message: str) -> None:
    assert told_of_a_pipe(options) == [f"pipes.X.{message}"]


def test_water_from_the_mains_is_no_hotter_than_it_boils_where_the_rig_stands() -> None:
    fill = 'Fill = { source = "mains", destination = "V", temperature = ▸96 }'
    lines = "[rig]", "altitude = 2000", "[vessels]", "V = { capacity = 5, volume = 1, temperature = 93 }", "[pipes]", fill

    assert told(*lines) == ["pipes.Fill.temperature: 96 degC is above the boiling point; at most 93.3626 degC"]


@pytest.mark.parametrize(("value", "written"), [("▸0", "0"), ("▸-1", "-1"), ("▸0.0009", "0.0009"), ("▸1000.1", "1000.1")])
def test_a_flow_is_positive_and_no_flood(value: str, written: str) -> None:
    message = f"{written} is out of range; it must be a number from 0.001 to 1000 L/min"

    assert told_of_a_pipe(f'source = "Ebu", destination = "out", flow = {value}') == [f"pipes.X.flow: {message}"]
    assert told("[devices]", f'P = {{ kind = "pump", flow = {value} }}') == [f"devices.P.flow: {message}"]


NOT_FINITE = "is not a finite number; write a finite one"


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("option", ["flow", "temperature", "loss", "transfer"])
def test_no_number_of_a_pipe_is_anything_but_finite(option: str, value: str) -> None:
    assert told_of_a_pipe(f'source = "mains", destination = "Ebu", {option} = ▸{value}') == [f"pipes.X.{option}: {value} {NOT_FINITE}"]


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("vessels.V.volume", ("[vessels]", "V = { capacity = 5, volume = ▸nan }")),
        ("vessels.V.capacity", ("[vessels]", "V = { capacity = ▸nan, volume = 1 }")),
        ("vessels.V.wall", ("[vessels]", "V = { capacity = 5, volume = 1, wall = ▸nan }")),
        ("devices.V.flow", (*RIG, 'V = { kind = "pump", flow = ▸nan }')),
        ("devices.V.lag", (*RIG, 'V = { kind = "heater", vessel = "Ebu", power = 1, lag = ▸nan }')),
        ("devices.V.offset", (*RIG, 'V = { kind = "level", vessel = "Ebu", offset = ▸nan }')),
        ("rig.ambient", ("[rig]", "ambient = ▸nan")),
    ],
)
@pytest.mark.parametrize("value", ["nan", "inf"])
def test_no_number_of_the_plant_is_anything_but_finite(path: str, lines: tuple[str, ...], value: str) -> None:
    assert told(*lines[:-1], lines[-1].replace("nan", value)) == [f"{path}: {value} {NOT_FINITE}"]


def test_a_lag_of_a_heater_is_none_or_one_that_somebody_could_notice() -> None:
    heater = 'H = { kind = "heater", vessel = "Ebu", power = 1, lag = ▸0.5 }'

    assert told(*RIG, heater) == ["devices.H.lag: 0.5 s is too quick to tell from none; 0 for none, or at least 1 s"]
    accepted(*RIG, heater.replace("▸0.5", "1"))


def test_a_vessel_has_some_heat_capacity_when_it_is_empty() -> None:
    message = "a vessel needs a heat capacity when it is empty; give a wall of at least 0.1 kJ/K, or 0.1 kg of grain"

    assert told("[vessels]", "V = { capacity = 5, volume = 1, wall = ▸0.09, grain = 0.09 }") == [f"vessels.V.wall: {message}"]
    accepted("[vessels]", "V = { capacity = 5, volume = 1, wall = 0.1 }", "W = { capacity = 5, volume = 1, wall = 0, grain = 0.1 }")
