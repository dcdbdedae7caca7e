"""Text that is no TOML, and TOML that is no spec whatever its tables say."""

from __future__ import annotations

import pytest

from mockbrew.errors import SpecError
from mockbrew.spec import from_document, parse
from tests.spec.refusals import told, told_of

KEYS_OF_A_RIG = "altitude, ambient, boiling_point, endpoints, title"


def test_a_refusal_says_file_line_column_path_what_is_wrong_and_what_would_be_right() -> None:
    with pytest.raises(SpecError) as caught:
        parse('spec = "1.0"\n[devices]\nB1 = { kind = "heatr" }\n')

    known = "flow, heater, level, pid, power, probe, pump, thermostat, valve"
    assert str(caught.value) == f"spec.toml:3:15: devices.B1.kind: unknown kind 'heatr'; known: {known} (did you mean 'heater'?)"


def test_bad_toml_is_told_with_the_parsers_own_place_and_nothing_else_is() -> None:
    assert told("[devices]", "A = { kind = ▸?valve }", "B = 3") == ["bad TOML: invalid value"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A = { kind = ▸valve }", 'invalid value; a text has quotes: "valve"'),
        ("A = { heaters = [▸B1] }", 'invalid value; a text has quotes: "B1"'),
        ("A = { kind = ▸“valve” }", 'invalid value; a text has straight quotes: "'),
        ("A = { kind = ▸«valve» }", 'invalid value; a text has straight quotes: "'),
        ("A = { wet = ▸True }", "invalid value; true and false are written small"),
        ("A = { power = 40,5 ▸}", "expected '=' after a key in a key/value pair; a number has a decimal point, not a comma"),
        ("power = 40▸,5", "expected newline or end of document after a statement; a number has a decimal point, not a comma"),
        ('A = { kind = "valve", kind = "pump"▸ }', "duplicate inline table key 'kind'"),
        (
            'A = { kind = "valve" }\nA = { kind = "pump" }▸',
            "'A' is given above already, or a part of it; delete one of the two, or give it another name",
        ),
        ("A.lag = 5\nA.lag.x = 5▸", "'A.lag.x' is given above already, or a part of it; delete one of the two, or give it another name"),
        ("[vessels]\n[devices▸]", "[devices] is there already; put these lines under it"),
        ("A = 3\nA = [\n]▸", "cannot overwrite a value"),
    ],
)
def test_slips_of_toml_are_told_with_what_would_be_right(line: str, message: str) -> None:
    assert told("[devices]", line) == [f"bad TOML: {message}"]


def test_an_integer_of_thousands_of_digits_is_bad_toml_and_no_traceback() -> None:
    assert told(f"a = ▸{'9' * 5000}") == ["bad TOML: an integer has thousands of digits; write one of 64 bits"]


def test_hundreds_of_lists_in_each_other_are_bad_toml_and_no_traceback() -> None:
    assert told_of(f"▸a = {'[' * 1000}") == ["bad TOML: hundreds of tables or lists stand in each other; make it flatter"]


def test_a_key_of_a_hundred_parts_is_too_deep() -> None:
    path = f"interfaces.i.get.reply{'.a' * 29}"
    message = told("[interfaces.i]", f'get = {{ url = "/{{id}}", reply{".a" * 28}.▸a{".a" * 70} = 1 }}')

    assert message == [f"{path}: this is nested more than 32 levels deep; make it flatter"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nan", "nan is not a finite number; write a finite one"),
        ("-inf", "-inf is not a finite number; write a finite one"),
        ("2026-11-22", "2026-11-22 is a date or a time, which has no place in a spec; write a number or a text"),
        ("07:32", "07:32:00 is a date or a time, which has no place in a spec; write a number or a text"),
        ("0xffff_ffff_ffff_ffff_f", "295147905179352825855 has more than 64 bits; write a smaller number, or a text"),
        ("0x1" + "0" * 2000, f"0x1{'0' * 54}... has more than 64 bits; write a smaller number, or a text"),
        ("9_223_372_036_854_775_808", "9223372036854775808 has more than 64 bits; write a smaller number, or a text"),
    ],
)
def test_what_json_does_not_have_is_refused_wherever_it_stands(value: str, message: str) -> None:
    lines = (
        "[interfaces.i]",
        f'get = {{ url = "/{{id}}", reply = [1, ▸{value}] }}',
        "[vessels]",
        f"V = {{ capacity = ▸{value}, volume = 1 }}",
    )

    assert told(*lines) == [f"interfaces.i.get.reply[1]: {message}", f"vessels.V.capacity: {message}"]


def test_an_unknown_key_at_the_top_names_the_known_ones_and_the_likely_one() -> None:
    known = "devices, errors, hazards, interfaces, overrides, pipes, rig, server, spec, verify, vessels"
    assert told("[▸devces]") == [f"devces: unknown key 'devces'; known: {known} (did you mean 'devices'?)"]


def test_an_unknown_key_in_a_table_names_the_known_ones_and_the_likely_one() -> None:
    assert told("[rig]", "▸ambiant = 20") == [f"rig.ambiant: unknown key 'ambiant'; known: {KEYS_OF_A_RIG} (did you mean 'ambient'?)"]


def test_a_key_that_toml_quotes_is_quoted_and_stays_on_one_line() -> None:
    assert told("[rig]", '▸"a key\\n" = 20') == [f"rig.'a key\\n': unknown key 'a key\\n'; known: {KEYS_OF_A_RIG}"]


def test_a_table_that_is_none_is_told_once() -> None:
    assert told("devices = ▸3") == ["devices: 3 is a number; it must be a table"]


def test_a_missing_version_is_told_and_all_the_rest_too() -> None:
    assert told_of("▸[rig]\nambient = ▸true\n") == [
        'spec: missing; begin the file with spec = "1.0", the version of its format',
        "rig.ambient: true is a boolean; it must be a number from -50 to 50 degC",
    ]


@pytest.mark.parametrize("version", ["1.1", "2.0", "1.10"])
def test_of_a_newer_spec_only_that_is_told(version: str) -> None:
    message = f"spec: '{version}' is newer than this mockbrew, which reads up to 1.0; update it, or write an older spec"
    assert told_of(f'spec = ▸"{version}"\npipes = 3') == [message]


def test_a_version_that_never_was_is_unknown() -> None:
    assert told_of('spec = ▸"0.9"') == ["spec: unknown version '0.9'; known: 1.0"]


@pytest.mark.parametrize(
    ("version", "shown"),
    [("1.0", "1.0 is a number"), ('"one"', "'one' is a text"), ('"1.0\\n"', "'1.0\\n' is a text"), ("[]", "this is a list")],
)
def test_a_version_that_is_none_is_told(version: str, shown: str) -> None:
    assert told_of(f"spec = ▸{version}") == [f"spec: {shown}; it must be the version of the format, such as '1.0'"]


@pytest.mark.parametrize("version", ["1.0", '"0.9"'])
def test_a_version_that_is_wrong_hides_nothing_else(version: str) -> None:
    assert len(told_of(f"spec = ▸{version}\n[rig]\n▸titel = 1\n")) == 2


def test_of_an_interface_that_is_no_plain_data_only_that_is_told() -> None:
    said = told_of('spec = "1.0"\n[devices]\nA = { kind = "valve", interface = ▸nan, sensor = "x" }\n')

    assert said == ["devices.A.interface: nan is not a finite number; write a finite one"]


def test_a_document_from_the_store_has_no_places_and_null_has_no_place_in_it() -> None:
    with pytest.raises(SpecError) as caught:
        from_document({"spec": "1.0", "rig": {"ambient": None, "titel": 1}}, "the spec before")

    assert str(caught.value).splitlines() == [
        "the spec before: rig.ambient: this is null, which has no place in a spec; write a number or a text",
        f"the spec before: rig.titel: unknown key 'titel'; known: {KEYS_OF_A_RIG} (did you mean 'title'?)",
    ]
