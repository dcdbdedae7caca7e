"""The rules of a spec: what they mean, and what is said of those that are wrong."""

from __future__ import annotations

import json

import pytest

from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.kept_specs import _only
from mockbrew.schema import document_schema
from mockbrew.spec import from_document
from tests.spec.refusals import KETTLE, accepted, told

HEATED = (*KETTLE, "[devices]", 'H = { kind = "heater", vessel = "Kettle", power = 100 }', 'A = { kind = "valve" }')


# -- what they mean ------------------------------------------------------------------------------------------------


def test_a_rule_is_a_condition_a_severity_a_time_and_a_title() -> None:
    rule = '[hazards.dry-fire]\nwhen = "H.on and Kettle.volume < 5"\nseverity = "warning"\nhold_off = 2.5\ntitle = "dry"'

    (found,) = accepted(*HEATED, rule).hazards.values()

    assert (found.name, found.when.text, found.severity) == ("dry-fire", "H.on and Kettle.volume < 5", "warning")
    assert (found.hold_off, found.refuse, found.title) == (nanoseconds(2.5), False, "dry")


def test_a_rule_is_dangerous_at_once_and_lets_everything_happen_unless_it_says_something_else() -> None:
    (found,) = accepted(*HEATED, '[hazards]\ndry = { when = "H.on" }').hazards.values()

    assert (found.severity, found.hold_off, found.refuse, found.title) == ("danger", 0, False, "")


def test_rules_keep_the_order_of_the_file_and_may_stand_before_what_they_are_about() -> None:
    spec = accepted("[hazards]", 'b = { when = "H.on" }', 'a = { when = "A.on" }', *HEATED)

    assert list(spec.hazards) == ["b", "a"]


def test_a_rule_that_refuses_may_look_at_all_that_its_cell_has() -> None:
    spec = accepted(*HEATED, '[hazards]\ndry = { when = "H.on and Kettle.empty", refuse = true }')

    assert spec.hazards["dry"].refuse


def test_a_spec_without_rules_has_none() -> None:
    assert accepted(*HEATED).hazards == {}


def test_a_rule_changes_the_digest() -> None:
    rule = '[hazards]\ndry = { when = "H.on" }'

    assert len({accepted(*HEATED).digest, accepted(*HEATED, rule).digest, accepted(*HEATED, rule.replace("H.on", "H.on  ")).digest}) == 3


def test_a_spec_with_rules_comes_back_from_its_document() -> None:
    spec = accepted(*HEATED, '[hazards]\ndry = { when = "H.on", refuse = true }')

    assert from_document(json.loads(json.dumps(spec.document)), "the store") == spec


def test_editors_are_told_of_rules() -> None:
    hazard = document_schema(BUILT_IN)["properties"]["hazards"]["additionalProperties"]

    assert list(hazard["properties"]) == ["when", "severity", "hold_off", "refuse", "title"]
    assert hazard["required"] == ["when"]


def test_of_a_document_whose_devices_are_not_all_kept_only_the_rules_about_those_that_are_remain() -> None:
    rules = {
        "both": {"when": "H.on and A.on"},
        "one": {"when": "Kettle.volume < 5 and not (A.on)"},
        "dotted": {"when": "a.b > 3"},
        "gone": {"when": "true == G.on or x.y == null"},
    }
    document = {"devices": {"A": {}, "H": {}, "G": {}, "a.b": {}, "x": {}}, "vessels": {"Kettle": {}}, "hazards": rules}

    kept = _only(document, {"A", "Kettle", "a.b"})["hazards"]

    assert list(kept) == ["one", "dotted"]


# -- what is wrong with them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('when = "H.on and ▸Ketle.volume < 5"', "hazards.x.when: unknown device 'Ketle'; known: A, H, Kettle (did you mean 'Kettle'?)"),
        ("when = 'H.on and ▸Ketle.volume < 5'", "hazards.x.when: unknown device 'Ketle'; known: A, H, Kettle (did you mean 'Kettle'?)"),
        (
            'when = """\n  H.on\n  and ▸Ketle.volume < 5"""',
            "hazards.x.when: unknown device 'Ketle'; known: A, H, Kettle (did you mean 'Kettle'?)",
        ),
        (
            'when = """H.on \\\n  and ▸Ketle.volume < 5"""',
            "hazards.x.when: unknown device 'Ketle'; known: A, H, Kettle (did you mean 'Kettle'?)",
        ),
        (
            'when = "\\u0048.on and ▸Ketle.volume < 5"',
            "hazards.x.when: unknown device 'Ketle'; known: A, H, Kettle (did you mean 'Kettle'?)",
        ),
        (
            'when = "▸Kettle.volum < 5"',
            "hazards.x.when: unknown reading 'volum' of Kettle; known: boiling, empty, full, temperature, volume (did you mean 'volume'?)",
        ),
        ('when = "▸Kettle.volume"', "hazards.x.when: Kettle.volume is a number; compare it with another"),
        ('when = "Kettle.volume <▸"', "hazards.x.when: it ends here; write a reading, a number or '('"),
        ('when = "▸"', "hazards.x.when: no condition; write one, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"),
        ('when = ▸"1 > 2"', "hazards.x.when: it is about no reading, and so always or never; name one, such as 'Mashtun.volume'"),
        ("when = ▸5", "hazards.x.when: 5 is a number; it must be a text"),
        (
            'when = "H.on"\nseverity = ▸"dangr"',
            "hazards.x.severity: unknown word 'dangr'; it must be one of warning, danger (did you mean 'danger'?)",
        ),
        ('when = "H.on"\nhold_off = ▸-1', "hazards.x.hold_off: -1 is out of range; it must be a number from 0 to 86400 s"),
        ('when = "H.on"\nrefuse = ▸1', "hazards.x.refuse: 1 is a number; it must be true or false"),
        (
            'when = "H.on"\n▸holdoff = 1',
            "hazards.x.holdoff: unknown key 'holdoff'; known: hold_off, refuse, severity, title, when (did you mean 'hold_off'?)",
        ),
        (
            'when = "H.on"\nhold_off = 1\nrefuse = ▸true',
            "hazards.x.refuse: what is refused never begins, so it can't last; delete `hold_off`, or write refuse = false",
        ),
        (
            'when = "H.on and A.on"\nrefuse = ▸true',
            "hazards.x.refuse: nothing couples H to A, so a command to one sees nothing of the other; write refuse = false",
        ),
    ],
)
def test_a_rule_that_is_wrong_is_told_with_its_place(rule: str, message: str) -> None:
    assert told(*HEATED, "[hazards.x]", rule) == [message]


def test_a_rule_without_a_condition_is_told() -> None:
    message = "hazards.x.when: missing; it must be a text, the condition that must not be so, such as 'B1.on and HotTank.volume < 5'"

    assert told(*HEATED, "[hazards.▸x]", 'severity = "warning"') == [message]


def test_a_rule_has_a_name_like_a_device() -> None:
    message = "hazards.3: unknown key '3'; it must be a letter, then at most 63 letters, digits, '_', '.' and '-'"

    assert told(*HEATED, "[hazards]", '▸3 = { when = "H.on" }') == [message]


def test_all_that_is_wrong_with_rules_is_told_at_once() -> None:
    lines = ("[hazards]", 'a = { when = "▸X.on" }', 'b = { when = "H.on", hold_off = 1, refuse = ▸true }', 'c = { when = "▸A.off" }')

    assert [message.partition(":")[0] for message in told(*HEATED, *lines)] == ["hazards.a.when", "hazards.b.refuse", "hazards.c.when"]


def test_of_a_device_that_is_wrong_itself_no_rule_is_told() -> None:
    lines = ("[devices]", 'H = { kind = "heatr", vessel = "Kettle", power = 100 }', "[hazards]", 'a = { when = "H.on and H.nothing > 3" }')

    (message,) = told(*KETTLE, *(line.replace('"heatr"', '▸"heatr"') for line in lines))

    assert message.startswith("devices.H.kind: unknown kind 'heatr'")


def test_of_a_device_in_a_misspelt_table_no_rule_is_told() -> None:
    lines = ("[▸devcies]", 'A = { kind = "valve" }', "[hazards]", 'a = { when = "A.on" }')

    (message,) = told(*KETTLE, *lines)

    assert message.startswith("devcies: unknown key 'devcies'")


def test_rules_in_a_wrong_place_are_one_mistake() -> None:
    assert told(*HEATED, "[rig.▸hazards.a]", 'when = "X.on"') == ["rig.hazards: this is no part of [rig]; write [hazards]"]
