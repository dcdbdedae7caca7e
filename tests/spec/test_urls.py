"""URLs: what a path can be, which collide; the rig's own endpoints; the hardware's own errors."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Choice, Number, Verb
from mockbrew.spec import ErrorShape
from tests.spec.refusals import KETTLE, accepted, told

ALLOWED = "a path has letters, digits and -._~!$&'()*+,;=:@/"
ABSOLUTE = "does not begin with '/'; write the absolute path, such as '/get{id}'"
RESERVED = "is reserved: /rigs/ and /__admin are mockbrew's own; choose another"
DOTS = "has a segment '.' or '..', which clients resolve before they ask; name it otherwise"
SLASHES = "has '//', which servers merge into one; write one '/'"
EACH = "give every endpoint a URL of its own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixer(Device):
    """A kind with a number and with words for arguments."""

    kind = "mixer"
    verbs = {
        "turn": Verb(lambda device, state, at, **of: state, "turn", {"turns": Number(0, 9)}),
        "mode": Verb(lambda device, state, at, **of: state, "mode", {"mode": Choice(("slow", "fast"))}),
        "halt": Verb(lambda device, state, at: state, "halt"),
    }


MIXERS = {**BUILT_IN, "mixer": Mixer}
MIXER = "[devices]", 'M = { kind = "mixer", interface = "i" }'


def valves(url: str, **words: str) -> tuple[str, ...]:
    """An interface with this URL, and valves that have it, each with the rest of its line."""
    return "[interfaces.i]", f"get = {{ url = {url}, reply = 1 }}", "[devices]", *(valve(name, rest) for name, rest in words.items())


def valve(name: str, rest: str) -> str:
    """A mark in the rest that stands first is the device's."""
    mark = rest[:1] if rest.startswith("▸") else ""
    return f'{mark}{name} = {{ kind = "valve", interface = "i"{rest.removeprefix(mark)} }}'


# -- one URL -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", f"'' {ABSOLUTE}"),
        ("get{id}", f"'get{{id}}' {ABSOLUTE}"),
        ("{id}", f"'{{id}}' {ABSOLUTE}"),
        ("/get {id}", f"' ' is no part of a URL; {ALLOWED}"),
        ("/get?{id}", f"'?' begins a query; {ALLOWED}"),
        ("/get#{id}", f"'#' begins a fragment; {ALLOWED}"),
        ("/get%20{id}", f"'%' begins an escape; {ALLOWED}"),
        ("/gét{id}", f"'é' is not ASCII; {ALLOWED}"),
        ("/get{id}\\n", f"'\\n' is no part of a URL; {ALLOWED}"),
        ("/get<{id}>", f"'<' is no part of a URL; {ALLOWED}"),
        ("/get{{{id}}}", f"'{{' is no part of a URL; {ALLOWED}"),
        ("/get{id", "'{' at character 5 has no partner; a placeholder is written {name}"),
        ("/rigs/{id}", f"'/rigs/x' {RESERVED}"),
        ("/rigs", f"'/rigs' {RESERVED}"),
        ("/__admin{id}", f"'/__adminx' {RESERVED}"),
        ("//{id}", f"'//x' {SLASHES}"),
        ("/a//{id}", f"'/a//x' {SLASHES}"),
        ("/./{id}", f"'/./x' {DOTS}"),
        ("/{id}/..", f"'/x/..' {DOTS}"),
    ],
)
def test_a_url_that_no_path_can_be_is_told_once_however_many_devices_have_it(url: str, message: str) -> None:
    assert told(*valves(f'▸"{url}"', A="", B="")) == [f"interfaces.i.get.url: {message}"]


@pytest.mark.parametrize("url", ["/", "/get{id}", "/{id}/", "/a.b/..{id}", "/-._~!$&'()*+,;=:@{id}", "/rigsty/{id}"])
def test_whatever_a_path_can_be_is_accepted(url: str) -> None:
    spec = accepted(*valves(f'"{url}"', A=""))

    assert spec.patterns("A")[0].url == url


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ('"a b"', f"'a b' can't stand in a URL: ' ' is no part of a URL; {ALLOWED}"),
        ("1.5", "1.5 is a number; in a URL it must be a text or an integer"),
        ("true", "true is a boolean; in a URL it must be a text or an integer"),
    ],
)
def test_a_word_that_can_not_stand_in_a_url_is_told_at_the_word(word: str, message: str) -> None:
    assert told(*valves('"/get{at}"', A=f", at = ▸{word}", B=", at = 1")) == [f"devices.A.at: {message}"]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("..", f"'/../get' {DOTS}"),
        ("", f"'//get' {SLASHES}"),
        ("rigs", f"'/rigs/get' {RESERVED}"),
        ("__admin", f"'/__admin/get' {RESERVED}"),
    ],
)
def test_a_word_that_makes_no_path_is_told_at_its_device(word: str, message: str) -> None:
    assert told(*valves('"/{at}/get"', A=f'▸, at = "{word}"', B=", at = 1")) == [f"devices.A: its URL {message}"]


def test_an_option_that_is_no_text_can_not_stand_in_a_url_even_by_default() -> None:
    lines = (
        "[interfaces.i]",
        'get = { url = "/{temperature}", reply = 1 }',
        "[vessels]",
        '▸V = { capacity = 5, volume = 5, interface = "i" }',
    )

    assert told(*lines) == ["vessels.V.temperature: this is null; in a URL it must be a text or an integer"]


# -- collisions ----------------------------------------------------------------------------------------------------


def test_two_devices_with_one_url_are_told_once_and_both_are_named() -> None:
    lines = (
        "[interfaces.i]",
        'on = { url = "/on{at}", verb = "turn_on", reply = 1 }',
        *valves('"/get{at}"', A=", at = 1", B="▸, at = 1")[1:],
    )

    assert told(*lines) == [f"devices.B: the URL '/on1' of devices.B is also that of devices.A; {EACH}"]


def test_an_interface_with_nothing_of_the_device_in_its_url_is_told_there() -> None:
    message = "interfaces.i.get.url: devices.A and devices.B both get '/get'; put something of the device into it, such as {id}"
    assert told(*valves('▸"/get"', A="", B="", C="")) == [message]


def test_an_interface_with_nothing_of_the_device_in_its_url_may_have_one_user() -> None:
    accepted(*valves('"/get"', A=""))


def test_two_endpoints_of_one_interface_with_one_url_are_told_there() -> None:
    lines = "[interfaces.i]", 'on = { url = "/{id}", verb = "turn_on", reply = 1 }', *valves('▸"/{id}"', A="", B="")[1:]

    assert told(*lines) == [f"interfaces.i.get.url: the URL '/A' of devices.A is also that of its 'on'; {EACH}"]


@pytest.mark.parametrize(("one", "other"), [("A", "B"), ("B", "A")])
def test_an_override_that_takes_the_url_of_another_device_is_told_there(one: str, other: str) -> None:
    message = f"overrides.{one}.get.url: the URL '/get{other}' of devices.{one} is also that of devices.{other}; {EACH}"
    assert told("[overrides]", f'{one}.get.url = ▸"/get{other}"', *valves('"/get{id}"', A="", B="")) == [message]


def test_an_override_that_can_be_the_path_of_another_device_is_told_there() -> None:
    shared = "[interfaces.i]", 'turn = { url = "/{id}_{turns}", verb = "turn", reply = 1 }'
    mixers = "[devices]", 'M = { kind = "mixer", interface = "i" }', 'N = { kind = "mixer", interface = "i" }'
    message = "overrides.M.turn.url: the URL '/N_1{turns}' of devices.M can be the same path as '/N_{turns}' of devices.N; put a text"

    assert told("[overrides]", 'M.turn.url = ▸"/N_1{turns}"', *shared, *mixers, kinds=MIXERS)[0].startswith(message)


def test_a_faulty_override_that_would_keep_two_urls_apart_is_all_that_is_told() -> None:
    message = "overrides.B.get.content_type: 'html' is a text; it must be a media type such as 'application/json', which is the default"
    override = "[overrides]", 'B.get = { url = "/other", content_type = ▸"html" }'

    assert told(*override, *valves('"/get{at}"', A=", at = 1", B=", at = 1")) == [message]


def test_a_device_with_the_url_of_the_rig_is_told() -> None:
    lines = "[rig.endpoints]", 'reset = { url = "/getA", verb = "reset", reply = 1 }'
    message = f"devices.A: the URL '/getA' of devices.A is also that of rig.endpoints.reset; {EACH}"

    assert told(*lines, *valves('"/get{id}"', A="▸")) == [message]


def test_urls_that_differ_only_in_the_name_of_an_argument_are_one_url() -> None:
    turn, mode = 'turn = { url = "/{id}_{turns}", verb = "turn", reply = 1 }', 'mode = { url = ▸"/{id}_{mode}", verb = "mode", reply = 1 }'
    message = f"interfaces.i.mode.url: the URL '/M_{{mode}}' of devices.M is also that of its 'turn'; {EACH}"

    assert told("[interfaces.i]", turn, mode, *MIXER, kinds=MIXERS) == [message]


def test_urls_whose_arguments_can_make_them_the_same_path_are_told() -> None:
    lines = "[interfaces.i]", 'turn = { url = "/turn{at}{turns}", verb = "turn", reply = 1 }', "[devices]"
    mixers = (f'{mark}M{at} = {{ kind = "mixer", interface = "i", at = {at} }}' for mark, at in (("", 1), ("", 2), ("▸", 11)))
    both = "the URL '/turn11{turns}' of devices.M11 can be the same path as '/turn1{turns}' of devices.M1"

    assert told(*lines, *mixers, kinds=MIXERS) == [
        f"devices.M11: {both}; put a text beside the argument that it can't contain, such as '_'"
    ]


def test_a_url_without_arguments_may_be_what_one_with_arguments_matches() -> None:
    turn, halt = 'turn = { url = "/{id}_{turns}", verb = "turn", reply = 1 }', 'halt = { url = "/{id}_0", verb = "halt", reply = 1 }'

    accepted("[interfaces.i]", turn, halt, *MIXER, kinds=MIXERS)


# -- the rig's own -------------------------------------------------------------------------------------------------


def test_the_rig_has_its_own_verbs_and_no_placeholders() -> None:
    assert told("[rig.endpoints]", 'reset = { url = ▸"/{id}", verb = ▸"rest", reply = { a = ▸"{state}" } }') == [
        "rig.endpoints.reset.url: unknown placeholder {id}; none is known",
        "rig.endpoints.reset.verb: unknown verb of the rig 'rest'; known: reset (did you mean 'reset'?)",
        "rig.endpoints.reset.reply.a: unknown placeholder {state}; none is known",
    ]


def test_an_endpoint_of_the_rig_gives_a_verb() -> None:
    message = "rig.endpoints.version.verb: missing; it must be a text, the command that it gives: reset"
    assert told("[rig.endpoints]", '▸version = { url = "/version", reply = "1.7" }') == [message]


# -- the hardware's own errors -------------------------------------------------------------------------------------


def test_shapes_of_errors_are_by_status_and_default() -> None:
    spec = accepted(
        "[errors]", 'default = { reply = { Error = "{title}" } }', '404 = { reply = "{status}: {detail}", content_type = "text/plain" }'
    )

    assert dict(spec.errors) == {0: ErrorShape({"Error": "{title}"}), 404: ErrorShape("{status}: {detail}", "text/plain")}


def test_what_is_wrong_with_a_shape_of_an_error_is_told() -> None:
    shapes = '404.reply.Error = ▸"{titel}"', "▸40 = { reply = 1 }", '▸"500\\n".reply = 1', "▸500 = { }", "503 = { ▸repl = 1 }"

    assert told("[errors]", *shapes) == [
        "errors.404.reply.Error: unknown placeholder {titel}; known: detail, status, title (did you mean 'title'?)",
        "errors.40: unknown key '40'; it must be 'default', or an HTTP status from 400 to 599",
        "errors.'500\\n': unknown key '500\\n'; it must be 'default', or an HTTP status from 400 to 599",
        "errors.500.reply: missing; it is the body as JSON; a text that is one {placeholder} keeps the type of its value",
        "errors.503.repl: unknown key 'repl'; known: content_type, reply (did you mean 'reply'?)",
    ]


def test_several_mistakes_are_all_told_in_the_order_of_the_file() -> None:
    devices = "[devices]", 'H = { kind = "heater", vessel = ▸"Kettl", power = ▸-1 }', '▸2nd = { kind = "valve" }'
    messages = told(*KETTLE, *devices, "[rig]", "ambient = ▸'warm'")

    assert [message.split(":")[0] for message in messages] == ["devices.H.vessel", "devices.H.power", "devices.2nd", "rig.ambient"]
