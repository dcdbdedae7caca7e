"""Endpoints: what the {braces} of a pattern stand for, for each device."""

from __future__ import annotations

from typing import Any

from mockbrew.endpoints import Endpoint
from mockbrew.router import Router
from mockbrew.spec import Entry, Spec
from tests.router.rigs import Lamp, dimmer, pattern, rig


def lamp(name: str, **labels: Any) -> Entry:
    return Entry(Lamp(name=name), "only", labels)


def only(spec: Spec) -> Endpoint:
    (endpoint,) = Router(spec).endpoints
    return endpoint


def body(spec: Spec, **values: Any) -> str:
    return only(spec).body(values.__getitem__).decode()


def test_braces_in_a_reply_are_the_name_options_and_labels_of_a_device() -> None:
    reply = {"id": "{id}", "colour": "{colour}", "number": "{number}", "text": "{id} {number}"}
    spec = rig({"only": {"get": pattern("/get", reply=reply)}}, {"A": dimmer("A", labels={"number": 1.0}, colour="blue")})

    assert body(spec) == '{"id":"A","colour":"blue","number":1.0,"text":"A 1.0"}'


def test_a_reading_comes_before_an_option_of_its_name() -> None:
    spec = rig({"only": {"get": pattern("/get", reply="{level}")}}, {"A": dimmer("A", level=7)})

    assert body(spec, level=8) == "8"


def test_an_argument_of_the_verb_is_shown_where_the_kind_has_no_reading_of_its_name() -> None:
    spec = rig({"only": {"fade": pattern("/fade/{level}/{time}", "fade", "{time}")}}, {"A": dimmer("A")})

    assert only(spec).arguments == ("level", "time")
    assert body(spec, time=2.5) == "2.5"


def test_an_argument_in_a_url_comes_before_an_option_of_its_name() -> None:
    assert only(rig({"only": {"dim": pattern("/dim/{level}", "dim")}}, {"A": dimmer("A")})).url == "/dim/{level}"
    assert only(rig({"only": {"get": pattern("/get/{level}")}}, {"A": dimmer("A", level=7.5)})).url == "/get/7.5"


def test_a_word_in_a_url_is_written_as_json_writes_it() -> None:
    spec = rig({"only": {"get": pattern("/{a}/{b}/{c}")}}, {"A": dimmer("A", labels={"a": True, "b": 1e22, "c": "x"})})

    assert only(spec).url == "/true/1e+22/x"


def test_an_interface_may_serve_kinds_with_other_readings() -> None:
    spec = rig({"only": {"get": pattern("/get{id}", reply="{level}")}}, {"A": dimmer("A"), "L": lamp("L", level="fixed")})
    dimmed, plain = Router(spec).endpoints

    assert dimmed.body({"level": 3}.__getitem__) == b"3"
    assert plain.body({"level": 3}.__getitem__) == b'"fixed"'


def test_a_device_may_have_a_url_and_a_reply_of_its_own() -> None:
    shared = {"only": {"get": pattern("/get{id}"), "dim": pattern("/dim{id}_{level}", "dim")}}
    own = {("B", "dim"): pattern("/B/{level}", "dim", ["{level}"])}
    router = Router(rig(shared, {"A": dimmer("A"), "B": dimmer("B")}, overrides=own))

    assert [endpoint.url for endpoint in router.endpoints] == ["/getA", "/dimA_{level}", "/getB", "/B/{level}"]
    assert router.match("/B/5")[0].body({"level": 5}.__getitem__) == b"[5]"


def test_a_device_without_an_interface_has_no_endpoints() -> None:
    assert Router(rig({}, {"A": Entry(Lamp(name="A"), None, {})})).endpoints == ()


def test_one_device_shares_one_reply_among_endpoints_that_answer_alike() -> None:
    switch = {name: pattern(f"/{name}{{id}}", name=name) for name in ("get", "start", "stop")}
    first, second, third = Router(rig({"only": switch}, {"A": dimmer("A")})).endpoints

    assert first.reply is second.reply is third.reply
