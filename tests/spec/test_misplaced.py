"""Tables in a wrong place: one mistake each, however much stands in them or hangs on them."""

from __future__ import annotations

import pytest

from mockbrew.settings import REFERENCE
from tests.spec.refusals import accepted, told, told_of

REFERENCE_TEXT = REFERENCE.read_text("utf-8")


@pytest.mark.parametrize(
    ("header", "written", "message"),
    [
        ("[devices]", "[pipes.▸devices]", "pipes.devices: this is no part of [pipes]; write [devices]"),
        ("[vessels]", "[rig.▸vessels]", "rig.vessels: this is no part of [rig]; write [vessels]"),
        ("[pipes]", "[vessels.▸pipes]", "vessels.pipes: this is no part of [vessels]; write [pipes]"),
        ("[overrides]", "[devices.▸overrides]", "devices.overrides: this is no part of [devices]; write [overrides]"),
        ("[interfaces.switch]", "[▸switch]", "switch: this is an interface; write [interfaces.switch]"),
    ],
)
def test_a_table_in_a_wrong_place_is_one_mistake_of_the_reference_rig(header: str, written: str, message: str) -> None:
    assert told_of(REFERENCE_TEXT.replace(f"{header}\n", f"{written}\n")) == [message]


def test_what_is_wrong_elsewhere_is_told_too() -> None:
    lines = "[vessels]", "V = { capacity = 5, volume = ▸6 }", "[pipes]", 'X = { source = "V", destination = "out", valves = ["A", ▸"C"] }'

    assert told(*lines, "[pipes.▸devices]", 'A = { kind = "valve" }', 'B = { kind = "vlave" }') == [
        "vessels.V.volume: 6 L is more than it holds; at most its capacity, 5 L",
        "pipes.X.valves[1]: nothing is called 'C'; it must be the name of a valve; known: A",
        "pipes.devices: this is no part of [pipes]; write [devices]",
    ]


def test_entries_and_interfaces_may_be_called_as_tables_are() -> None:
    interface = "[interfaces.devices]", 'get = { url = "/{id}", reply = 1 }', "[overrides.pipes]", "get.reply = 2"

    spec = accepted(*interface, "[vessels]", 'pipes = { capacity = 5, volume = 1, interface = "devices" }')

    assert list(spec.entries) == ["pipes"]


def test_where_the_right_place_is_taken_nothing_is_moved() -> None:
    lines = "[rig.▸pipes]", 'Y = { source = "V", destination = "out" }', "[vessels]", "V = { capacity = 5, volume = 1 }", "[pipes]"

    assert told(*lines, 'X = { source = "V", destination = "out" }') == [
        "rig.pipes: unknown key 'pipes'; known: altitude, ambient, boiling_point, endpoints, title"
    ]
