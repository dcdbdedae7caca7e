"""Quick answers: where one says yes, the check that takes its time finds nothing either."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.checks.addresses import Address, collisions, of_the_rig, of_users
from mockbrew.checks.apart import all_apart
from mockbrew.checks.bugs import made
from mockbrew.checks.couplings import are_right, wrong_names
from mockbrew.checks.endpoints import shared_endpoints
from mockbrew.checks.entries import declared
from mockbrew.checks.findings import Finding
from mockbrew.checks.forms import form_of
from mockbrew.checks.plain import DEEPEST, is_plain, unfit
from mockbrew.checks.users import Users, users
from mockbrew.checks.words import faults
from mockbrew.collecting import not_collecting
from mockbrew.devices import BUILT_IN

NOBODY: frozenset[Any] = frozenset()
PID = {"kind": "pid", "probe": "T", "lowest": 0, "highest": 100, "setpoint": 50}


def rig(*urls: str, words: tuple[str, ...] = ()) -> list[Users]:
    """Controllers A, B and so on, each with a word of its own; the last URL takes a setpoint."""
    reading = {f"get{number}": {"url": url, "reply": 1} for number, url in enumerate(urls[:-1])}
    interface = {**reading, "set": {"url": urls[-1], "verb": "set_setpoint", "reply": 1}}
    devices = {name: {**PID, "interface": "i", "word": word} for name, word in zip("ABC", words, strict=False)}
    document = {"interfaces": {"i": interface}, "devices": devices}
    return users(document, declared(document, BUILT_IN), shared_endpoints(document, NOBODY), NOBODY)


def slowly(everyone: list[Users]) -> list[Finding]:
    found = list(of_users((user for alike in everyone for user in alike.each), NOBODY))
    addresses = [*of_the_rig(()), *(each for each in found if isinstance(each, Address))]
    return [*(each for each in found if isinstance(each, Finding)), *collisions(addresses)]


@pytest.mark.parametrize("urls", [("/get{id}", "/set{id}_{setpoint}"), ("/{word}/{id}", "/x", "/s/{word}/{setpoint}.py")])
def test_urls_that_are_apart_are_so_at_a_glance(urls: tuple[str, ...]) -> None:
    assert all_apart((), rig(*urls, words=("u", "v")[: 1 if "/x" in urls else 2]), NOBODY)


pieces = st.sampled_from(["/", "a", ".", "1", "{id}", "{word}", "rigs", "__admin"])
patterns = st.lists(pieces, max_size=5).map(lambda each: f"/{''.join(each)}")


words_of_devices = st.lists(st.sampled_from(["", "a", "1", "/", "."]), max_size=3)


@given(st.lists(patterns, min_size=1, max_size=2), patterns, st.sampled_from(["", "/x"]), words_of_devices)
def test_what_is_apart_at_a_glance_has_no_mistake(readings: list[str], command: str, end: str, words: list[str]) -> None:
    everyone = rig(*readings, f"{command}{{setpoint}}{end}", words=tuple(words))

    assert not all_apart((), everyone, NOBODY) or slowly(everyone) == []


texts, lists = st.sampled_from(["V", "null", ""]), st.lists(st.text(max_size=1), max_size=2)
values = st.one_of(st.integers(-1, 200), st.floats(-1, 200), st.booleans(), texts, lists)
RIGHT = {"probe": {"vessel": "V", "lag": 1, "open_circuit": "null"}, "pid": {"probe": "T", "setpoint": 1.5, "heaters": ["B"]}}


@pytest.mark.parametrize("kind", RIGHT)
@given(data=st.data())
def test_devices_that_are_made_at_once_are_those_that_are_made_one_by_one(kind: str, data: st.DataObject) -> None:
    drawn = st.fixed_dictionaries({option: st.just(value) | values for option, value in RIGHT[kind].items()})
    rows = {f"D{number}": row for number, row in enumerate(data.draw(st.lists(drawn, min_size=1, max_size=2)))}
    form = form_of(BUILT_IN[kind], RIGHT[kind], ())

    at_once = form.devices(rows)

    assert (at_once is None) == any([*faults(form.schema, row, ())] for row in rows.values())
    assert at_once is None or at_once == [made(form.kind, ("devices", name), frozen(row)) for name, row in rows.items()]


def test_a_boolean_is_no_number_though_it_equals_one_beside_it() -> None:
    rows = {"T": {"vessel": "V", "lag": 1}, "U": {"vessel": "V", "lag": True}}

    assert form_of(BUILT_IN["probe"], rows["T"], ()).devices(rows) is None


def frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {option: tuple(value) if isinstance(value, list) else value for option, value in row.items()}


def test_what_is_no_table_is_not_taken_for_an_empty_one_beside_it() -> None:
    entries = declared({"vessels": {"V": {}, "W": None, "X": 3}}, BUILT_IN)

    assert [entry.kind and entry.kind.kind for entry in entries.values()] == ["vessel", None, None]
    assert {finding.path[2] for finding in entries["V"].faults} == {"capacity", "volume"}
    assert [[finding.path for finding in entries[name].faults] for name in "WX"] == [[("vessels", "W")], [("vessels", "X")]]


names = st.sampled_from(["V", "B", "C", "T", "P", "X", "mains"])
rigs_of_names = st.fixed_dictionaries(
    {
        "vessels": st.just({"V": {"capacity": 50, "volume": 40}}),
        "pipes": st.fixed_dictionaries({"F": st.fixed_dictionaries({"source": names, "destination": names, "valves": st.lists(names)})}),
        "devices": st.fixed_dictionaries(
            {
                "B": st.fixed_dictionaries({"kind": st.just("heater"), "vessel": names, "power": st.just(1)}),
                "T": st.fixed_dictionaries({"kind": st.sampled_from(["probe", "prob"]), "vessel": names}),
                "C": st.just({"kind": "valve"}),
                "P": st.fixed_dictionaries({"probe": names, "heaters": st.lists(names, max_size=2)}).map(lambda of: {**PID, **of}),
                "Q": st.fixed_dictionaries({"probe": names, "heaters": st.lists(names, max_size=2)}).map(lambda of: {**PID, **of}),
            }
        ),
    }
)


@given(rigs_of_names)
def test_names_that_are_right_at_a_glance_are_right_one_by_one(document: dict[str, Any]) -> None:
    entries = declared(document, BUILT_IN)

    assert not are_right(entries) or list(wrong_names(entries, NOBODY, NOBODY)) == []


def test_names_of_a_right_rig_are_right_at_a_glance() -> None:
    devices = {"B": {"kind": "heater", "vessel": "V", "power": 1}, "T": {"kind": "probe", "vessel": "V"}, "P": {**PID, "heaters": ["B"]}}
    right = {"vessels": {"V": {"capacity": 50, "volume": 40}}, "devices": devices}

    assert are_right(declared(right, BUILT_IN))
    assert not are_right(declared({**right, "devices": {**devices, "Q": devices["P"]}}, BUILT_IN))


scalars = st.one_of(st.booleans(), st.text(max_size=2), st.integers(-(2**64), 2**64), st.floats(), st.dates())
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3))


@given(st.dictionaries(st.text(max_size=2), trees, max_size=3))
def test_what_is_plain_at_a_glance_has_nothing_unfit(document: dict[str, Any]) -> None:
    assert not is_plain(document) or list(unfit(document)) == []


def test_a_spec_as_deep_as_may_be_is_plain_and_one_that_is_deeper_is_not() -> None:
    deep: Any = 1
    for _ in range(DEEPEST - 1):
        deep = {"a": deep}

    assert is_plain({"a": deep})
    assert not is_plain({"a": {"a": {"a": deep}}})


def test_collecting_goes_on_after_a_mistake_too() -> None:
    assert gc.isenabled()

    with suppress(KeyError), not_collecting():
        was_on = gc.isenabled()
        raise KeyError

    assert (was_on, gc.isenabled()) == (False, True)
