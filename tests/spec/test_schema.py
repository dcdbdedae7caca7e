"""The JSON Schema for editors, and the quick yes that spares right specs the slow one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

import mockbrew
from mockbrew.checks.acceptor import acceptor
from mockbrew.checks.words import faults
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.schema import MEDIA_TYPE, as_text, document_schema, kind_schema, outline
from mockbrew.spec import VERSION
from tests.spec.test_options import LAMPS

HOME = Path(mockbrew.__file__).parent
REFERENCE: dict[str, Any] = tomli.loads((HOME / "spec.toml").read_text(encoding="utf-8"))

SCHEMAS: list[Mapping[str, Any]] = [outline(), *map(kind_schema, LAMPS.values())]


# -- for editors ---------------------------------------------------------------------------------------------------


def test_the_file_is_what_the_kinds_make_of_it() -> None:
    assert (HOME / "spec.schema.json").read_text(encoding="utf-8") == as_text(document_schema(BUILT_IN)), "run script/schema"


def test_a_kind_that_says_nothing_of_itself_is_described_by_its_name() -> None:
    @dataclass(frozen=True, slots=True)
    class Siren(Device):
        kind: ClassVar = "siren"

    assert document_schema({"siren": Siren})["definitions"]["siren"]["description"] == "siren"


def test_it_is_a_json_schema_and_the_reference_rig_fits_it() -> None:
    schema = json.loads((HOME / "spec.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)

    assert list(jsonschema.Draft7Validator(schema).iter_errors(REFERENCE)) == []


def test_a_media_type_is_judged_in_linear_time() -> None:
    assert not re.fullmatch(MEDIA_TYPE, f"text/html{';a' * 1000}\n")
    assert re.fullmatch(MEDIA_TYPE, f"text/html{' ; a=b' * 1000}")


def test_it_has_the_version_that_is_read() -> None:
    assert document_schema(BUILT_IN)["properties"]["spec"]["const"] == ".".join(map(str, VERSION))


@pytest.mark.parametrize(
    ("device", "fault"),
    [
        ({"kind": "heater", "vessel": "Ebu"}, "'power' is a required property"),
        ({"kind": "heater", "vessel": "Ebu", "power": "1"}, "'1' is not of type 'number'"),
        ({"kind": "heatr"}, "'heatr' is not one of ['valve', 'pump', 'heater', 'probe', 'level', 'flow', 'power', 'pid', 'thermostat']"),
        ({"kind": "valve", "sensor": []}, "[] is not of type 'string', 'number', 'boolean'"),
        ({"kind": "valve", "interface": 3}, "3 is not of type 'string'"),
        ({}, "'kind' is a required property"),
    ],
)
def test_an_editor_is_told_of_the_very_option(device: dict[str, Any], fault: str) -> None:
    errors = jsonschema.Draft7Validator(document_schema(BUILT_IN)).iter_errors({"spec": "1.0", "devices": {"X": device}})

    assert {error.message for error in errors} == {fault}


def test_every_option_of_every_kind_is_described_with_its_unit_for_completion() -> None:
    options = document_schema(LAMPS)["properties"]["devices"]["additionalProperties"]["properties"]

    assert options["vessel"]["description"] == (
        "heater: the vessel that it heats; probe: the vessel that it is immersed in; level: the vessel in which it measures"
    )
    assert options["minimum_on"]["description"] == "pid: least on-time in a window [s]; thermostat: least time that it heats [s]"
    assert options["colour"]["description"] == "lamp: what it looks like"


# -- the quick yes -------------------------------------------------------------------------------------------------

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 200_000), st.floats(), st.sampled_from(["", "red", "text/plain", "404", "x\n", "/a"])
)
names = st.sampled_from(
    [
        "vessel",
        "power",
        "heaters",
        "volume",
        "capacity",
        "rig",
        "errors",
        "404",
        "default",
        "reply",
        "url",
        "x",
        "title",
        "colour",
        "ambient",
    ]
)
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=4)), max_leaves=8
)


@given(st.sampled_from(SCHEMAS), st.one_of(values, st.dictionaries(names, values, max_size=5)))
def test_a_quick_yes_is_jsonschemas_yes(schema: Mapping[str, Any], value: Any) -> None:
    if acceptor(schema)(value):
        assert list(faults(schema, value, ())) == []


@given(st.sampled_from([outline(), *map(kind_schema, BUILT_IN.values())]), st.dictionaries(names, values, max_size=5))
def test_jsonschemas_yes_is_a_quick_one_where_only_known_keywords_are_used(schema: Mapping[str, Any], value: Any) -> None:
    if not list(faults(schema, value, ())):
        assert acceptor(schema)(value)


def test_the_reference_rig_is_accepted_quickly() -> None:
    assert acceptor(outline())(REFERENCE)
    for pipe in REFERENCE["pipes"].values():
        assert acceptor(kind_schema(BUILT_IN["pipe"]))(pipe)
    for device in REFERENCE["devices"].values():
        assert acceptor(kind_schema(BUILT_IN[device["kind"]]))(device)


def test_a_list_that_repeats_itself_or_might_is_not_accepted_quickly() -> None:
    accept = acceptor({"type": "array", "uniqueItems": True})

    assert accept(["a", "b"])
    assert not accept(["a", "a"])
    assert not accept([1, 2])


def test_a_keyword_that_is_not_known_here_is_never_accepted_quickly() -> None:
    assert not acceptor({"type": "string", "maxLength": 3})("abc")
    assert not acceptor({"type": ["string", "null"]})("abc")
    assert not acceptor({"anyOf": [{"type": "string"}]})("abc")
