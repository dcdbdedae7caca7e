"""What is said of one reply."""

from __future__ import annotations

import pytest

from mockbrew.conformance.judged.refusals import not_allowed, refused
from mockbrew.conformance.judged.replies import Judged, judge
from mockbrew.conformance.known.contract import Contract, Point
from mockbrew.conformance.results import Difference, Exchange
from mockbrew.devices.declare import Value
from mockbrew.spec import ErrorShape, parse
from tests.conformance.spoiled import SMALL

TYPED = {"content-type": "application/json"}
WORDS = """[interfaces.words]
get = { url = "/say{id}", reply = { T = "{temperature} degC", of = ["{id}", "{vessel}"] } }
[interfaces.controller]"""
TANK = SMALL.replace("[interfaces.controller]", WORDS).replace(
    "[devices]\n", '[devices]\nT9 = { kind = "probe", interface = "words", vessel = "HotTank" }\n'
)


def point(url: str, text: str = SMALL) -> Point:
    return next(each for each in Contract(parse(text)).points if each.endpoint.url == url)


def reply(body: bytes, status: int = 200, **headers: str) -> Exchange:
    return Exchange("GET", "/", status, {**TYPED, **headers}, body, 0.0)


def as_it_is(name: str, value: Value) -> Value:
    return value


def as_floats(name: str, value: Value) -> Value:
    return float(value) if isinstance(value, int) else value


def judged(url: str, body: bytes, status: int = 200, content_type: str = "application/json", text: str = SMALL) -> Judged:
    return judge(point(url, text), reply(body, status, **{"content-type": content_type}), as_it_is)


def wrong(found: Judged) -> dict[str, list[Difference]]:
    return {verdict.name: list(verdict.differences) for verdict in found.verdicts if verdict.differences}


def why(found: Judged, name: str) -> str:
    return next(verdict.why for verdict in found.verdicts if verdict.name == name)


def test_a_right_reply_is_right_in_all_five_ways_and_shows_its_readings() -> None:
    found = judged("/getA.py", b'{"Sensor":"VanneA","State":1}')

    assert wrong(found) == {}
    assert [verdict.name for verdict in found.verdicts] == ["status", "content-type", "json", "schema", "layout"]
    assert found.shown == {"state": 1}


def test_of_another_status_nothing_else_is_said() -> None:
    found = judged("/getA.py", b"", 503)

    assert wrong(found) == {"status": [Difference("status", "200", "503")]}
    assert [verdict.skipped for verdict in found.verdicts] == [False, True, True, True, True]


def test_no_reply_is_told_with_its_cause() -> None:
    found = judge(point("/getA.py"), Exchange("GET", "/", 0, {}, b"", 0.0, "no reply in time"), as_it_is)

    assert wrong(found) == {"status": [Difference("status", "200", "no reply: no reply in time")]}


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_content_types_that_mean_the_same_are_one(content_type: str) -> None:
    assert wrong(judged("/getA.py", b'{"Sensor":"VanneA","State":1}', content_type=content_type)) == {}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"ok", "ok (Expecting value: line 1 column 1 (char 0))"),
        (b'{"State":NaN}', '{"State":NaN} (NaN is no JSON)'),
        (b'{"State":1,"State":0}', '{"State":1,"State":0} (the name \'State\' is there twice)'),
        (b"", " (Expecting value: line 1 column 1 (char 0))"),
        (b"\xef\xbb\xbf{}", "\ufeff{} (Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0))"),
        (b"[" * 100_000, f"{'[' * 160}... (too many levels)"),
    ],
)
def test_what_is_no_json_is_told_with_its_cause(body: bytes, told: str) -> None:
    found = judged("/getA.py", body)

    assert wrong(found) == {"json": [Difference("body", "JSON", told)]}
    assert not found.good


@pytest.mark.parametrize(
    ("body", "where", "expected", "got"),
    [
        (b'{"Sensor":"VanneB","State":1}', "body.Sensor", '"VanneA"', '"VanneB"'),
        (b'{"Sensor":"VanneA"}', "body.State", "there", "missing"),
        (b'{"Sensor":"VanneA","State":1,"More":[]}', "body.More", "not there", "[]"),
        (b'{"Sensor":"VanneA","State":"1"}', "body.State", "integer", '"1"'),
        (b"[]", "body", "object", "[]"),
    ],
)
def test_what_the_schema_refuses_is_told_with_its_place(body: bytes, where: str, expected: str, got: str) -> None:
    found = judged("/getA.py", body)

    assert Difference(where, expected, got) in wrong(found)["schema"]
    assert why(found, "layout") == "the body is not what the spec says, so it cannot be written as such"


def test_a_value_of_another_type_is_not_taken_for_a_reading() -> None:
    assert judged("/getA.py", b'{"Sensor":"VanneA","State":"1"}').shown == {}


@pytest.mark.parametrize(
    ("body", "reason", "place"),
    [
        (b'{"Sensor": "VanneA","State":1}', "white space", "byte 10"),
        (b'{"State":1,"Sensor":"VanneA"}', "the order of the keys", "byte 3"),
        (b'{"Sensor":"Vanne\\u0041","State":1}', "how texts or numbers are written", "byte 16"),
        (b'{"Sensor":"VanneA","State":1}\n', "white space", "byte 29"),
        (b'{"Sensor":"VanneA","State":1.0}', "how a number is written: whole, or with a fraction", "byte 28"),
    ],
)
def test_what_differs_in_its_bytes_only_is_told_with_what_it_means(body: bytes, reason: str, place: str) -> None:
    found = judge(point("/getA.py"), reply(body), lambda name, value: int(value) if isinstance(value, float) else value)

    assert list(wrong(found)) == ["layout"]
    assert (why(found, "layout"), wrong(found)["layout"][0].where) == (reason, place)


def test_a_float_is_written_as_one() -> None:
    found = judge(point("/getCible1.py"), reply(b'{"Sensor":"HotTank","Cible":78}'), as_floats)

    assert wrong(found)["layout"] == [Difference("byte 30", '"HotTank","Cible":78.0}', '"HotTank","Cible":78}')]


def test_where_any_layout_will_do_bytes_do_not_count() -> None:
    found = judge(point("/getA.py"), reply(b'{ "State": 1, "Sensor": "VanneA" }'), None)

    assert wrong(found) == {}
    assert why(found, "layout") == "left out, as was asked for"


def test_a_reading_inside_a_longer_text_is_read_too() -> None:
    found = judged("/sayT9", b'{"T":"20.5 degC","of":["T9","HotTank"]}', text=TANK)

    assert (wrong(found), found.shown) == ({}, {"temperature": 20.5})


# -- refusals ------------------------------------------------------------------------------------------------------

OWN = {0: ErrorShape({"error": "{detail}", "code": "{status}"}, "text/json")}


def test_a_refusal_needs_its_status_only_unless_the_spec_has_a_form_for_it() -> None:
    assert list(refused(400, reply(b"", 400), {})) == []
    assert list(refused(400, reply(b"", 200), {})) == [Difference("status of GET /", "400", "200")]


def test_the_hardwares_own_form_of_an_error_is_held_to() -> None:
    right = reply(b'{"error":"no such valve","code":404}', 404, **{"content-type": "text/json"})

    assert list(refused(404, right, OWN)) == []
    assert list(refused(404, reply(b'{"error":"no such valve"}', 404), OWN)) == [
        Difference("header Content-Type of a 404", "text/json", "application/json"),
        Difference("body of a 404", '{"error":"{detail}","code":"{status}"}', '{"error":"no such valve"}'),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":"no such valve","code":400}',
        b'{"error":"no such valve","code":"404"}',
        b'{"error":"no such valve","code":404,"more":1}',
        b'{"error":7,"code":404}',
        b'["no such valve",404]',
        b"no such valve",
    ],
)
def test_an_error_of_another_form_than_the_hardwares_own_is_told(body: bytes) -> None:
    given = reply(body, 404, **{"content-type": "text/json"})

    assert list(refused(404, given, OWN)) == [Difference("body of a 404", '{"error":"{detail}","code":"{status}"}', body.decode())]


NESTED = {404: ErrorShape({"errors": ["Error {status}: {detail}"], "rig": "brewery"}, "text/json")}


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (b'{"errors":["Error 404: no such valve"],"rig":"brewery"}', True),
        (b'{"errors":["Error 404: no such valve","twice"],"rig":"brewery"}', False),
        (b'{"errors":["no such valve"],"rig":"brewery"}', False),
        (b'{"errors":["Error 404: no such valve"],"rig":"cellar"}', False),
    ],
)
def test_the_texts_around_the_words_of_an_error_are_held_to(*, body: bytes, right: bool) -> None:
    given = reply(body, 404, **{"content-type": "text/json"})

    assert (list(refused(404, given, NESTED)) == []) is right


@pytest.mark.parametrize("allow", ["GET, POST", "get,post, OPTIONS"])
def test_a_405_names_the_methods_that_there_are(allow: str) -> None:
    start = point("/startA.py")
    exchange = Exchange("PUT", "/startA.py", 405, {"allow": allow}, b"", 0.0)

    assert list(not_allowed(start, exchange, {})) == []


@pytest.mark.parametrize("headers", [{}, {"allow": "GET"}, {"allow": "GET, POST, PUT"}])
def test_a_405_that_names_others_is_told(headers: dict[str, str]) -> None:
    exchange = Exchange("PUT", "/startA.py", 405, headers, b"", 0.0)

    assert list(not_allowed(point("/startA.py"), exchange, {})) == [
        Difference("header Allow of PUT", "GET, POST", headers.get("allow", "none"))
    ]


def test_a_body_that_nobody_asked_to_be_compressed_is_told_by_the_header_that_says_so() -> None:
    exchange = Exchange("GET", "/getA.py", 200, {**TYPED, "content-encoding": "gzip"}, b"\x1f\x8b\x08", 0.0)

    found = judge(point("/getA.py"), exchange, as_it_is)

    assert wrong(found) == {"json": [Difference("header Content-Encoding", "none: identity is what was asked for", "gzip")]}
