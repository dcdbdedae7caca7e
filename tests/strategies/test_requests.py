"""What the strategies say that a rig takes it takes, and what they say that it refuses it refuses: asked of the app itself."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from jsonschema import Draft202012Validator

from mockbrew.devices import BUILT_IN
from mockbrew.endpoints import Endpoint
from mockbrew.errors import SpecError
from mockbrew.reply_schemas import reply_schema
from mockbrew.router import Router
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse
from mockbrew.strategies import Command, Illegal, Replied, commands, illegal_commands, readings, replies
from mockbrew.strategies.arguments import refused, taken
from mockbrew.strategies.contract import contract
from tests.app.asking import Bench, on_memory
from tests.app.replies import Answer
from tests.strategies.specs import KINDS, SILENT, TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}
BENCHES = {name: on_memory(text, KINDS) for name, text in TEXTS.items()}
ROUTERS = {name: Router(known) for name, known in SPECS.items()}
each_spec = pytest.mark.parametrize("name", SPECS)
PID1 = contract(None).spec.entries["PID1"].device
SETPOINT = PID1.verbs["set_setpoint"].arguments["setpoint"], PID1

generated = settings(max_examples=1000, phases=[Phase.generate], database=None)


def sent(bench: Bench, method: str, path: str) -> Answer:
    """As a server would hand it over that got this request line."""
    return bench.ask(unquote(path).encode().decode("latin-1"), method)


def endpoint(name: str, path: str) -> Endpoint:
    return ROUTERS[name].match(unquote(path).encode().decode("latin-1"))[0]


def state(bench: Bench) -> Any:
    """All that the rig shows, but for the time, and whether it is there yet."""
    bench.admin("PUT", "clock", {"rate": 0})
    return {key: value for key, value in bench.admin("GET", "state").json().items() if key in ("vessels", "devices", "pipes")}


# -- what is taken -------------------------------------------------------------------------------------------------


@each_spec
@given(data=st.data())
def test_every_command_is_taken_and_means_what_it_says(name: str, data: st.DataObject) -> None:
    command = data.draw(commands(SPECS[name]))

    answer, meant = sent(BENCHES[name], command.method, command.path), endpoint(name, command.path)

    assert answer.status == 200
    assert (meant.device, meant.verb) == (command.device, command.verb)
    assert set(command.arguments) == set(meant.arguments)


@each_spec
@given(data=st.data())
def test_the_arguments_of_a_command_are_those_that_the_rig_understood(name: str, data: st.DataObject) -> None:
    command = data.draw(commands(SPECS[name]).filter(lambda command: command.arguments))

    sent(BENCHES[name], command.method, command.path)
    entry = BENCHES[name].admin("GET", "journal?limit=1").json()["entries"][0]

    assert (entry["device"], entry["verb"], entry["arguments"]) == (command.device, command.verb, command.arguments)


@each_spec
@given(data=st.data())
def test_every_reading_is_answered_as_its_schema_says(name: str, data: st.DataObject) -> None:
    reading = data.draw(readings(SPECS[name]))

    answer = sent(BENCHES[name], reading.method, reading.path)

    assert answer.status == 200
    Draft202012Validator(reply_schema(SPECS[name], endpoint(name, reading.path))).validate(answer.json())


@each_spec
@given(data=st.data())
def test_every_reply_is_one_that_the_schema_of_its_endpoint_has(name: str, data: st.DataObject) -> None:
    reply = data.draw(replies(SPECS[name]))

    meant = endpoint(name, reply.request.path)

    assert reply.content_type == meant.content_type
    assert reply.data == json.loads(reply.body)
    Draft202012Validator(reply_schema(SPECS[name], meant)).validate(reply.data)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("reference", lambda command: command.path == "/Reset.py"),
        ("reference", lambda command: command.method == "POST" and command.device == "A"),
        ("reference", lambda command: "." in command.path[:-3] and command.arguments),
        ("reference", lambda command: "_00" in command.path),
        ("lamps", lambda command: command.path.endswith("/paint/dark%20blue")),
        ("lamps", lambda command: command.verb == "mix"),
        ("lamps", lambda command: command.path.startswith("/api/v1/lamps/L-2.x/dim/0.25")),
    ],
)
def test_there_are_commands_of_each_sort(name: str, wanted: Callable[[Command], bool]) -> None:
    find(commands(SPECS[name]), wanted, settings=generated)  # raises NoSuchExample


@pytest.mark.parametrize("bound", [0, 110])
def test_the_bounds_of_an_argument_are_among_what_it_takes(bound: float) -> None:
    find(taken(*SETPOINT), lambda text: float(text) == bound, settings=generated)  # raises NoSuchExample


@pytest.mark.parametrize(
    "wanted",
    [
        lambda reply: isinstance(reply.data, dict) and reply.data.get("t", 0) is None,
        lambda reply: isinstance(reply.data, dict) and isinstance(reply.data.get("t"), float),
        lambda reply: reply.content_type == "text/plain" and " is dark blue at " in reply.data,
        lambda reply: isinstance(reply.data, dict) and reply.data.get("lit") is True,
        lambda reply: isinstance(reply.request, Command) and reply.data == ["green", 1],
    ],
)
def test_there_are_replies_of_each_sort(wanted: Callable[[Replied], bool]) -> None:
    find(replies(SPECS["lamps"]), wanted, settings=generated)  # raises NoSuchExample


def test_what_a_client_would_be_told_as_an_error_is_no_reply() -> None:
    with pytest.raises(NoSuchExample):
        find(replies(SPECS["lamps"]), lambda reply: reply.request.path == "/api/v1/t/U" and reply.data["t"] is None, settings=generated)


# -- what is refused -----------------------------------------------------------------------------------------------


@each_spec
@given(data=st.data())
def test_everything_illegal_is_refused_with_its_status_and_changes_nothing(name: str, data: st.DataObject) -> None:
    request, bench = data.draw(illegal_commands(SPECS[name])), BENCHES[name]
    before = state(bench)

    answer = sent(bench, request.method, request.path)

    assert answer.status == request.status == {"path": 404, "method": 405, "argument": 400}[request.why]
    assert state(bench) == before
    assert request.near in [each.url for each in ROUTERS[name].endpoints]


def number(request: Illegal) -> float | None:
    """Of a setpoint of any loop, which all go up to 110 degC."""
    try:
        return float(re.sub(r"^/setCible[123]_(.*)\.py$", r"\1", unquote(request.path)))
    except ValueError:
        return None


@pytest.mark.parametrize(
    "wanted",
    [
        lambda request: request.why == "path" and request.path == request.path.replace("~", "") and len(request.path) < len(request.near),
        lambda request: request.why == "path" and request.path.lower() == request.near.lower(),
        lambda request: request.why == "path" and len(request.path) > len(request.near),
        lambda request: request.why == "method" and request.method == "HEAD",
        lambda request: request.why == "method" and request.method == "POST",
        lambda request: request.why == "method" and request.method == "DELETE",
        lambda request: request.why == "argument" and 110 < (number(request) or 0) < 110.1,
        lambda request: request.why == "argument" and (number(request) or 0) > 1000,
        lambda request: request.why == "argument" and -0.1 < (number(request) or 0) < 0,
        lambda request: request.why == "argument" and number(request) is None,
    ],
)
def test_there_is_something_illegal_of_each_sort(wanted: Callable[[Illegal], bool]) -> None:
    find(illegal_commands(), wanted, settings=generated)  # raises NoSuchExample


@pytest.mark.parametrize("text", ["", "1e1", "６６"])
def test_what_others_take_for_numbers_is_among_it(text: str) -> None:
    find(refused(*SETPOINT), text.__eq__, settings=generated)  # raises NoSuchExample


@pytest.mark.parametrize("why", ["path", "method", "argument"])
def test_of_several_arguments_any_may_be_the_wrong_one(why: str) -> None:
    find(
        illegal_commands(SPECS["lamps"]), lambda request: request.why == why and "/mix/" in request.path, settings=generated
    )  # raises NoSuchExample


# -- specs ---------------------------------------------------------------------------------------------------------


def test_a_spec_is_itself_or_its_file_and_the_reference_brewery_by_default(tmp_path: Path) -> None:
    file = tmp_path / "rig.toml"
    file.write_text(REFERENCE.read_text("utf-8").replace("/get{id}.py", "/read{id}.py"), "utf-8")

    def first(source: Any) -> str:
        return find(readings(source), lambda reading: True).path

    assert (first(None), first(REFERENCE), first(SPECS["reference"])) == ("/getA.py",) * 3
    assert (first(file), first(str(file))) == ("/readA.py",) * 2


def test_a_spec_with_mistakes_is_refused_as_everywhere(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none\.toml: there is no such file"):
        commands(tmp_path / "none.toml")


def test_a_rig_without_endpoints_has_none_of_these() -> None:
    silent = parse(SILENT, "silent.toml", BUILT_IN)

    assert [strategy(silent).is_empty for strategy in (commands, readings, replies, illegal_commands)] == [True] * 4


def test_without_hypothesis_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mockbrew.strategies")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis.strategies", None)

    with pytest.raises(ImportError) as refused:
        import mockbrew.strategies  # noqa: F401, PLC0415 - what is tested

    assert str(refused.value) == "mockbrew.strategies needs hypothesis, which is not installed; install mockbrew[testing]"
