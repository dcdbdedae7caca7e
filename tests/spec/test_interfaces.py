"""Interfaces: verbs, placeholders and words of devices; overrides."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Choice, Number, Reading, Verb
from tests.spec.refusals import KETTLE, accepted, told

URL = "absolute path with {placeholders}: id, options, words of the device, arguments of the verb"

SWITCH = (
    "[interfaces.switch]",
    'get = { url = "/get{id}", reply = { Sensor = "{sensor}", State = "{state}" } }',
    'start = { url = "/start{id}", verb = "turn_on", reply = { Sensor = "{sensor}", State = "{state}" } }',
)
VALVES = (
    "[devices]",
    'A = { kind = "valve", interface = "switch", sensor = "VanneA" }',
    'B = { kind = "valve", interface = "switch", sensor = "VanneB" }',
)
PROBE = 'T = { kind = "probe", vessel = "Kettle" }'
LOOP = 'C = { kind = "pid", interface = "loop", probe = "T", setpoint = 5, number = 1 }'


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixer(Device):
    """A kind with arguments that are no readings."""

    kind = "mixer"
    readings = {"speed": Reading(lambda device, state, view: 1, {"type": "number"}, "how fast it turns")}
    verbs = {
        "run": Verb(lambda device, state, at, **of: state, "run", {"turns": Number(0, 9), "mode": Choice(("slow", "fast"))}),
        "halt": Verb(lambda device, state, at: state, "halt"),
    }


MIXERS = {**BUILT_IN, "mixer": Mixer}
MIXER = "[devices]", 'M = { kind = "mixer", interface = "mixer" }'


# -- names ---------------------------------------------------------------------------------------------------------


def test_an_unknown_interface_names_the_known_ones_and_the_likely_one_and_its_words_are_let_be() -> None:
    message = "devices.K.interface: unknown interface 'swich'; known: switch (did you mean 'switch'?)"
    assert told(*SWITCH, "[devices]", 'K = { kind = "valve", interface = ▸"swich", sensor = "VanneK" }') == [message]


def test_an_interface_is_a_text() -> None:
    message = "devices.K.interface: 3 is a number; it must be a text"
    assert told(*SWITCH, "[devices]", 'K = { kind = "valve", interface = ▸3, sensor = "VanneK" }') == [message]


def test_an_interface_that_nobody_has_may_say_anything() -> None:
    accepted("[interfaces.later]", 'get = { url = "/{some}/{thing}", verb = "vanish", reply = "{else}" }')


def test_no_interface_is_not_the_interface_without_a_name() -> None:
    devices = "[devices]", 'A = { kind = "valve", interface = "" }', 'B = { kind = "valve" }'
    spec = accepted('[interfaces.""]', 'get = { url = "/{id}", reply = 1 }', *devices)

    assert [len(spec.patterns(name)) for name in "AB"] == [1, 0]


def test_an_endpoint_is_told_what_it_lacks_and_what_it_has_too_much() -> None:
    lines = "[interfaces.i]", '▸get = { ▸methd = "GET", content_type = ▸"plain" }', "put = ▸3"

    assert told(*lines) == [
        "interfaces.i.get.reply: missing; it is the body as JSON; a text that is one {placeholder} keeps the type of its value",
        f"interfaces.i.get.url: missing; it must be a text, {URL}",
        "interfaces.i.get.methd: unknown key 'methd'; known: content_type, reply, url, verb",
        "interfaces.i.get.content_type: 'plain' is a text; it must be a media type such as 'application/json', which is the default",
        "interfaces.i.put: 3 is a number; it must be a table",
    ]


@pytest.mark.parametrize("content_type", ["text/plain\\r\\nSet-Cookie: a=b", "text/plain\\n", "text/plain; é", "text", "/"])
def test_a_content_type_that_would_break_a_header_is_refused(content_type: str) -> None:
    (message,) = told("[interfaces.i]", f'get = {{ url = "/{{id}}", reply = 1, content_type = ▸"{content_type}" }}')

    assert message.endswith("is a text; it must be a media type such as 'application/json', which is the default")


def test_a_content_type_may_have_parameters() -> None:
    spec = accepted("[interfaces.i]", 'get = { url = "/{id}", reply = 1, content_type = "text/html; charset=utf-8" }')

    assert spec.interfaces["i"]["get"].content_type == "text/html; charset=utf-8"


def test_of_an_interface_that_is_none_its_users_are_not_told() -> None:
    assert told("[interfaces]", "switch = ▸3", *VALVES) == ["interfaces.switch: 3 is a number; it must be a table"]


# -- placeholders --------------------------------------------------------------------------------------------------


def test_an_unknown_placeholder_is_told_once_and_not_for_every_device() -> None:
    interface = "[interfaces.switch]", 'get = { url = "/get{id}", reply = { Sensor = "{sensor}", State = ▸"{stat}" } }'

    assert told(*interface, *VALVES) == [
        "interfaces.switch.get.reply.State: unknown placeholder {stat}; known: feedback, id, on, sensor, state (did you mean 'state'?)"
    ]


def test_a_misspelt_word_in_an_interface_is_told_there_and_not_as_an_unknown_option_of_every_device() -> None:
    interface = "[interfaces.switch]", 'get = { url = "/get{id}", reply = { Sensor = ▸"{sensr}" } }'

    assert told(*interface, *VALVES) == [
        "interfaces.switch.get.reply.Sensor: unknown placeholder {sensr}; known: feedback, id, on, sensor, state (did you mean 'sensor'?)"
    ]


def test_an_unknown_placeholder_in_a_url_is_told_with_what_a_url_can_have() -> None:
    interface = "[interfaces.switch]", 'get = { url = ▸"/get{idd}", reply = "{sensor}" }'

    assert told(*interface, *VALVES) == [
        "interfaces.switch.get.url: unknown placeholder {idd}; known: feedback, id, sensor (did you mean 'id'?)"
    ]


def test_every_place_of_an_unknown_placeholder_is_told() -> None:
    interface = "[interfaces.i]", 'a = { url = "/a{id}", reply = [▸"{stat}", ▸"{stat}"] }', 'b = { url = "/b{id}", reply = ▸"now {stat}" }'

    assert [message.split(":")[0] for message in told(*interface, "[devices]", 'A = { kind = "valve", interface = "i" }')] == [
        "interfaces.i.a.reply[0]",
        "interfaces.i.a.reply[1]",
        "interfaces.i.b.reply",
    ]


def test_a_device_without_a_word_that_others_have_is_told_what_to_add() -> None:
    message = 'devices.K.sensor: missing; interfaces.switch.get.reply.Sensor asks for it; add sensor = "..."'
    assert told(*SWITCH, *VALVES, '▸K = { kind = "valve", interface = "switch" }') == [message]


def test_a_misspelt_word_of_a_device_is_told_once() -> None:
    message = "devices.K.sensr: unknown option 'sensr'; known: feedback, interface, kind, sensor (did you mean 'sensor'?)"
    assert told(*SWITCH, *VALVES, 'K = { kind = "valve", interface = "switch", ▸sensr = "VanneK" }') == [message]


def test_a_word_that_nobody_asks_for_is_an_unknown_option() -> None:
    message = "devices.K.colour: unknown option 'colour'; known: feedback, interface, kind, sensor"
    assert told(*SWITCH, *VALVES, 'K = { kind = "valve", interface = "switch", sensor = "VanneK", ▸colour = "red" }') == [message]


def test_without_an_interface_nobody_asks_for_words() -> None:
    assert told("[devices]", 'K = { kind = "valve", ▸sensor = "VanneK" }') == [
        "devices.K.sensor: unknown option 'sensor'; known: feedback, interface, kind"
    ]


@pytest.mark.parametrize("value", ["text", 3, 2.5, True])
def test_a_word_is_a_text_a_number_or_a_truth(value: object) -> None:
    written = f'"{value}"' if isinstance(value, str) else str(value).lower()
    spec = accepted(*SWITCH, *VALVES, f'K = {{ kind = "valve", interface = "switch", sensor = {written} }}')

    assert spec.entries["K"].labels == {"sensor": value}


def test_a_word_that_is_no_scalar_is_told() -> None:
    message = "devices.K.sensor: this is a list; it must be a text or a number or true or false"
    assert told(*SWITCH, *VALVES, 'K = { kind = "valve", interface = "switch", sensor = ▸["VanneK"] }') == [message]


def test_a_word_may_not_be_called_as_a_reading_an_argument_or_the_id() -> None:
    lines = "[interfaces.mixer]", 'get = { url = "/{id}", reply = ["{speed}", "{id}"] }', *MIXER[:1]
    device = 'M = { kind = "mixer", interface = "mixer", ▸speed = 1, ▸mode = "fast", ▸id = "X" }'

    assert told(*lines, device, kinds=MIXERS) == [
        "devices.M.speed: 'speed' is a reading of a mixer already; give this another name",
        "devices.M.mode: 'mode' is an argument of 'run' of a mixer already; give this another name",
        "devices.M.id: 'id' is the name of a mixer already; give this another name",
    ]


def test_an_interface_that_does_not_fit_a_kind_is_told_at_the_device_with_all_that_is_lacking() -> None:
    message = "'switch' does not fit a probe, which has no {state}, no verb 'turn_on'; readings: temperature; verbs: none"
    probe = 'T = { kind = "probe", interface = ▸"switch", vessel = "Kettle", place = "what another interface asks for" }'

    assert told(*KETTLE, *SWITCH, *VALVES, probe) == [f"devices.T.interface: {message}"]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ("{state", "'{' at character 1 has no partner; write '{{' for the character itself"),
        ("on}", "'}' at character 3 has no partner; write '}}' for the character itself"),
        ("a {b c}", "'{' at character 3 has no partner; write '{{' for the character itself"),
    ],
)
def test_a_brace_without_a_partner_is_told(reply: str, message: str) -> None:
    lines = "[interfaces.switch]", f'get = {{ url = "/get{{id}}", reply = {{ a = [▸"{reply}"], b = "{{sensor}}" }} }}'

    assert told(*lines, *VALVES) == [f"interfaces.switch.get.reply.a[0]: {message}"]


def test_doubled_braces_are_braces() -> None:
    accepted("[interfaces.i]", 'get = { url = "/{id}", reply = "{{{id}}}" }', "[devices]", 'A = { kind = "valve", interface = "i" }')


def test_a_placeholder_in_a_key_is_told() -> None:
    message = "interfaces.i.get.reply.a[0].'{id}': '{id}' is a key, and keys stay as they are; put placeholders into values"
    assert told("[interfaces.i]", 'get = { url = "/{id}", reply = { a = [{ ▸"{id}" = 1 }] } }') == [message]


# -- verbs and arguments -------------------------------------------------------------------------------------------


def test_an_unknown_verb_names_those_of_the_kind_and_the_likely_one() -> None:
    interface = *SWITCH[:2], 'start = { url = "/start{id}", verb = ▸"turn_onn", reply = "{sensor}" }'

    assert told(*interface, *VALVES) == [
        "interfaces.switch.start.verb: unknown verb 'turn_onn'; known: turn_off, turn_on (did you mean 'turn_on'?)"
    ]


def test_no_text_is_no_verb_either() -> None:
    interface = *SWITCH[:2], 'start = { url = "/start{id}", verb = ▸"", reply = "{sensor}" }'

    assert told(*interface, *VALVES) == ["interfaces.switch.start.verb: unknown verb ''; known: turn_off, turn_on"]


def test_an_argument_that_the_url_lacks_is_told() -> None:
    interface = "[interfaces.loop]", 'set = { url = ▸"/set{number}", verb = "set_setpoint", reply = 1 }'
    message = "interfaces.loop.set.url: it lacks {setpoint}, an argument of 'set_setpoint'; put it where the client writes the value"

    assert told(*KETTLE, *interface, "[devices]", PROBE, LOOP) == [message]


def test_a_misspelt_argument_is_told_once() -> None:
    interface = "[interfaces.loop]", 'set = { url = ▸"/set{number}_{setpont}", verb = "set_setpoint", reply = 1 }'
    (message,) = told(*KETTLE, *interface, "[devices]", PROBE, LOOP)

    assert message.startswith("interfaces.loop.set.url: unknown placeholder {setpont}; known: ")
    assert message.endswith(" (did you mean 'setpoint'?)")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/{id}{turns}{mode}", "nothing tells where {turns} ends and {mode} begins; put a text between them, such as '_'"),
        ("/{id}_{turns}.{mode}", "nothing tells where {turns} ends and {mode} begins; put a text between them, such as '_'"),
        ("/{id}_{turns}_{mode}_{turns}", "it has {turns} 2 times; a client writes an argument once"),
        ("/{id}_{turns}_{mode}_{speed}", "{speed} is a reading of a mixer, and a URL never changes; put it into the reply"),
    ],
)
def test_a_url_that_misuses_arguments_and_readings_is_told(url: str, message: str) -> None:
    interface = "[interfaces.mixer]", f'run = {{ url = ▸"{url}", verb = "run", reply = 1 }}'

    assert told(*interface, *MIXER, kinds=MIXERS) == [f"interfaces.mixer.run.url: {message}"]


def test_an_argument_in_the_url_of_a_reading_is_told() -> None:
    interface = "[interfaces.loop]", 'get = { url = ▸"/get{number}_{setpoint}", reply = 1 }'
    message = (
        "{setpoint} is an argument of 'set_setpoint', and a reading takes no arguments; write verb = 'set_setpoint', or another placeholder"
    )

    assert told(*KETTLE, *interface, "[devices]", PROBE, LOOP) == [f"interfaces.loop.get.url: {message}"]


def test_an_argument_of_another_verb_is_told_in_url_and_reply() -> None:
    interface = "[interfaces.mixer]", 'halt = { url = ▸"/{id}_{mode}", verb = "halt", reply = ▸"{turns}" }'
    rest = "and the verb here is 'halt'; write verb = 'run', or another placeholder"

    assert told(*interface, *MIXER, kinds=MIXERS) == [
        f"interfaces.mixer.halt.url: {{mode}} is an argument of 'run', {rest}",
        f"interfaces.mixer.halt.reply: {{turns}} is an argument of 'run', {rest}",
    ]


def test_a_reply_may_show_id_options_words_readings_and_arguments() -> None:
    reply = '["{id}", "{kp}", "{number}", "{state}", "{setpoint}"]'
    interface = "[interfaces.loop]", f'set = {{ url = "/{{id}}/{{setpoint}}", verb = "set_setpoint", reply = {reply} }}'

    accepted(*KETTLE, *interface, "[devices]", PROBE, LOOP)


def test_a_vessel_may_have_an_interface_and_words_too() -> None:
    spec = accepted(
        "[interfaces.level]", 'get = { url = "/level/{id}", reply = { V = "{volume}", of = "{label}" } }',
        "[vessels]", 'Kettle = { capacity = 50, volume = 40, interface = "level", label = "K" }',
    )  # fmt: skip

    assert [spec.patterns("Kettle")[0].url, dict(spec.entries["Kettle"].labels)] == ["/level/{id}", {"label": "K"}]


# -- overrides -----------------------------------------------------------------------------------------------------


def test_an_override_of_an_unknown_device_is_told() -> None:
    assert told(*SWITCH, *VALVES, "[overrides]", "▸C.get.reply = 1") == ["overrides.C: unknown device 'C'; known: A, B"]


def test_an_override_of_an_unknown_endpoint_is_told() -> None:
    message = "overrides.A.strt: unknown endpoint 'strt'; known: get, start (did you mean 'start'?)"
    assert told(*SWITCH, *VALVES, "[overrides]", "A.▸strt.reply = 1") == [message]


def test_an_override_of_a_device_without_an_interface_is_told() -> None:
    message = "overrides.A: devices.A has no interface, so it has no endpoints to override; give it one"
    assert told("[overrides]", "▸A.get.reply = 1", "[devices]", 'A = { kind = "valve" }') == [message]


def test_only_url_reply_and_content_type_are_overridden() -> None:
    message = "overrides.A.start.verb: unknown key 'verb'; known: content_type, reply, url"
    assert told(*SWITCH, *VALVES, "[overrides]", 'A.start.▸verb = "turn_off"') == [message]


def test_an_unknown_placeholder_in_an_override_is_told_there() -> None:
    message = "overrides.A.get.reply: unknown placeholder {stat}; known: feedback, id, on, sensor, state (did you mean 'state'?)"
    assert told(*SWITCH, *VALVES, "[overrides]", 'A.get.reply = ▸"{stat}"') == [message]


def test_a_word_that_a_faulty_override_asks_for_is_let_be() -> None:
    message = "overrides.K.get.reply: '{' at character 9 has no partner; write '{{' for the character itself"
    valve = 'K = { kind = "valve", interface = "switch", sensor = "VanneK", place = "left" }'

    assert told(*SWITCH, *VALVES, valve, "[overrides]", 'K.get.reply = ▸"{place} {"') == [message]


def test_an_override_may_ask_for_a_word_that_only_its_device_has_and_change_any_part() -> None:
    spec = accepted(
        *SWITCH, *VALVES, 'K = { kind = "valve", interface = "switch", sensor = "VanneK", place = "left" }',
        "[overrides]", 'K.get = { url = "/{place}", reply = "{place}", content_type = "text/plain" }', "[overrides.A.start]",
    )  # fmt: skip
    get, start = spec.patterns("K")

    assert (get.url, get.reply, get.content_type, get.verb) == ("/{place}", "{place}", "text/plain", None)
    assert start == spec.interfaces["switch"]["start"] == spec.patterns("A")[1]
    assert set(spec.overrides) == {("K", "get"), ("A", "start")}


def test_overrides_that_say_the_same_are_one_pattern() -> None:
    third = 'C = { kind = "valve", interface = "switch", sensor = "VanneC" }'
    spec = accepted(*SWITCH, *VALVES, third, "[overrides]", "A.get.reply = 1", "B.get.reply = 1", "C.get.reply = 1.0")

    assert spec.overrides["A", "get"] is spec.overrides["B", "get"]
    assert spec.overrides["A", "get"] is not spec.overrides["C", "get"]


def test_a_word_that_an_override_leaves_unused_is_still_asked_for_by_the_rest() -> None:
    accepted(*SWITCH, *VALVES, "[overrides]", "A.get.reply = 1")
