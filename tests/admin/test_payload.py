"""What a request to the control plane may say: JSON as everybody understands it, in fields and parameters that it knows."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from mockbrew.admin.payload import MOST, received, understood
from mockbrew.admin.resources import Answer, Resource, fields
from mockbrew.errors import BadRequest, TooLarge, UnsupportedBody

SECONDS = {"type": "number", "minimum": 0, "maximum": 3600, "unit": "s", "description": "how far [s]"}
RESOURCE = Resource(
    "POST",
    "clock/advance",
    "move the time on",
    lambda desk, call: Answer({}),
    query=fields(
        {
            "points": {"type": "integer", "minimum": 1},
            "from": {"type": "number"},
            "reading": {"type": "array", "items": {"type": "string"}},
            "rig": {"type": "string"},
            "exact": {"type": "boolean"},
        }
    ),
    body=fields({"seconds": SECONDS, "note": {"type": "string"}}, "seconds"),
)
GOOD = b'{"seconds":600}'


def sent(body: bytes, **environ: Any) -> dict[str, Any]:
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), **environ}


def errors(body: bytes = GOOD, query: str = "") -> list[tuple[str, str]]:
    """What is said of them, field by field."""
    with pytest.raises(BadRequest) as refused:
        understood(RESOURCE, query, body)
    return list(refused.value.errors)


# -- bodies as bytes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON", "", None])
def test_a_body_of_json_or_of_no_said_type_is_read(content_type: str | None) -> None:
    said = {} if content_type is None else {"CONTENT_TYPE": content_type}

    assert received(sent(GOOD, **said)) == GOOD


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "application/json5", "multipart/form-data; boundary=x"]
)
def test_a_body_of_another_type_is_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedBody) as refused:
        received(sent(GOOD, CONTENT_TYPE=content_type))

    name = content_type.partition(";")[0]
    assert refused.value.status == 415
    right = "send it with Content-Type: application/json (curl has --json)"
    assert str(refused.value) == f"a body of {name!r} is not read; {right}; nothing was changed"


def test_without_a_body_the_type_means_nothing() -> None:
    assert received(sent(b"", CONTENT_TYPE="text/plain")) == b""
    assert received({"wsgi.input": BytesIO(b"")}) == b""


def test_a_body_is_read_up_to_its_length_and_no_further() -> None:
    assert received({"wsgi.input": BytesIO(GOOD + b"GET /"), "CONTENT_LENGTH": str(len(GOOD))}) == GOOD


def test_a_body_that_ends_before_its_length_is_refused() -> None:
    with pytest.raises(BadRequest) as refused:
        received(sent(GOOD, CONTENT_LENGTH="100"))

    assert refused.value.errors == (("", "the body ends after 15 of its 100 bytes"),)


def test_a_body_that_comes_in_chunks_has_no_length() -> None:
    assert received({"wsgi.input": BytesIO(GOOD), "wsgi.input_terminated": True}) == GOOD


def test_a_body_of_a_mebibyte_is_read_and_a_longer_one_is_not() -> None:
    assert len(received(sent(b" " * MOST))) == MOST
    for environ in (sent(b" " * (MOST + 1)), {"wsgi.input": BytesIO(b" " * (MOST + 1)), "wsgi.input_terminated": True}):
        with pytest.raises(TooLarge) as refused:
            received(environ)

        assert (refused.value.status, str(refused.value)) == (413, "a body may be 1048576 bytes long; nothing was changed")


def test_a_longer_one_is_not_even_read() -> None:
    unread = BytesIO(b" " * 10)

    with pytest.raises(TooLarge):
        received({"wsgi.input": unread, "CONTENT_LENGTH": "9" * 30})
    assert unread.tell() == 0


@pytest.mark.parametrize("length", ["-1", "ten", "1.0", "²"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    with pytest.raises(BadRequest) as refused:
        received({"wsgi.input": BytesIO(GOOD), "CONTENT_LENGTH": length})

    assert str(refused.value) == f"Content-Length {length!r} is no number of bytes"


# -- bodies as JSON ------------------------------------------------------------------------------------------------


def test_what_is_right_is_understood() -> None:
    assert understood(RESOURCE, "", b' {"seconds": 0.5, "note": "\\u00e9\\ud83c\\udf7a"} ')[1] == {"seconds": 0.5, "note": "é🍺"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[1]", 'the body must be a JSON object, such as {"seconds": 600}'),
        (b"null", 'the body must be a JSON object, such as {"seconds": 600}'),
        (b'{"seconds" 1}', "the body is not JSON from line 1, column 12 on"),
        (b"seconds=1", "the body is not JSON from line 1, column 1 on"),
        (b'{"seconds":\n NaN}', "NaN is no number of JSON; write a finite one"),
        (b'{"seconds": -Infinity}', "-Infinity is no number of JSON; write a finite one"),
        (b'{"seconds": 1e999}', "1e999 is more than a number of 64 bits can be; write a smaller one"),
        (b'{"seconds": 9223372036854775808}', "9223372036854775808 has more than 64 bits; write a smaller number"),
        (b'{"seconds": ' + b"9" * 5000 + b"}", f"{'9' * 20}... has more than 64 bits; write a smaller number"),
        (b'{"note": "\xff"}', "the body is not UTF-8 from byte 11 on"),
        (b'{"note": "\\ud800"}', "the body has half a character, an escape from \\ud800 to \\udfff without its partner"),
        (b'{"note": ' + b"[" * 100_000, "the body is nested too deep; make it flatter"),
    ],
)
def test_what_is_no_json_that_everybody_understands_is_refused(body: bytes, message: str) -> None:
    assert errors(body) == [("", message)]


def test_a_key_that_is_given_twice_is_refused_wherever_it_stands() -> None:
    assert errors(b'{"seconds": 1, "note": "", "seconds": 2, "note": ""}') == [
        ("seconds", "this is given twice; give it once"),
        ("note", "this is given twice; give it once"),
    ]
    assert errors(b'{"seconds": {"a": 1, "a": 1}}') == [("a", "this is given twice; give it once")]


def test_every_mistake_is_listed_and_an_unknown_field_is_told_what_it_may_have_been() -> None:
    assert errors(b'{"secnds": 1, "note": 5}', "point=3&from=x") == [
        ("from", "'x' is a text; it must be a number"),
        ("point", "unknown query parameter 'point'; known: exact, from, points, reading, rig (did you mean 'points'?)"),
        ("note", "5 is a number; it must be a text"),
        ("secnds", "unknown field 'secnds'; known: note, seconds (did you mean 'seconds'?)"),
    ]


def test_a_field_that_is_missing_is_told_with_its_meaning() -> None:
    assert errors(b"") == [("seconds", "missing; it must be a number from 0 to 3600 s, how far")]


def test_a_field_out_of_range_is_told_its_range() -> None:
    assert errors(b'{"seconds": -1}') == [("seconds", "-1 is out of range; it must be a number from 0 to 3600 s")]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"expect": []}, ("expect", "this is empty; give at least one")),
        ({"expect": [{}, {}, {}]}, ("expect", "these are 3; give at most 2")),
        ({"expect": {"a": {}}}, ("expect", "this is an object; it must be a list")),
        ({"expect": [3]}, ("expect[0]", "3 is a number; it must be an object")),
        ({"expect": [[]]}, ("expect[0]", "this is a list; it must be an object")),
        ({"name": ""}, ("name", "'' is too short; it must have at least 1 character")),
        ({"name": "mashed"}, ("name", "'mashed' is too long; it may have 4 characters")),
    ],
)
def test_bodies_are_spoken_of_in_the_words_of_json(document: Any, told: tuple[str, str]) -> None:
    expect = {"type": "array", "items": {"type": "object"}, "minItems": 1, "maxItems": 2}
    takes = fields({"expect": expect, "name": {"type": "string", "minLength": 1, "maxLength": 4}})

    with pytest.raises(BadRequest) as refused:
        understood(Resource("POST", "x", "", lambda desk, call: Answer({}), body=takes), "", json.dumps(document).encode())

    assert refused.value.errors == (told,)


def test_a_list_that_is_missing_in_a_query_is_told_with_an_example() -> None:
    reading = {"type": "array", "items": {"type": "string"}, "description": "such as reading=Temp1"}

    with pytest.raises(BadRequest) as refused:
        understood(Resource("GET", "x", "", lambda desk, call: Answer({}), query=fields({"reading": reading}, "reading")), "", b"")

    assert refused.value.errors == (("reading", "missing; name at least one, such as reading=Temp1"),)


def test_a_resource_that_takes_nothing_says_so() -> None:
    nothing = Resource("POST", "reset", "", lambda desk, call: Answer({}))

    with pytest.raises(BadRequest) as refused:
        understood(nothing, "hard=1", b'{"soft": true}')

    assert str(refused.value) == "hard: unknown query parameter 'hard'; none is known; soft: unknown field 'soft'; none is known"
    assert understood(nothing, "", b"") == understood(nothing, "", b"{}") == ({}, {})


# -- queries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "understood_as"),
    [
        ("", {}),
        ("points=3", {"points": 3}),
        ("points=3.0", {"points": 3}),
        ("from=1.5", {"from": 1.5}),
        ("from=-2", {"from": -2}),
        ("exact=true&rig=true", {"exact": True, "rig": "true"}),
        ("rig=", {"rig": ""}),
        ("rig=5", {"rig": "5"}),
        ("reading=Temp1&reading=Mashtun.volume", {"reading": ["Temp1", "Mashtun.volume"]}),
        ("rig=caf%C3%A9+au%20lait", {"rig": "café au lait"}),
    ],
)
def test_parameters_are_of_the_type_that_is_wanted(query: str, understood_as: dict[str, Any]) -> None:
    parameters, _ = understood(RESOURCE, query, GOOD)

    assert parameters == understood_as
    assert {name: type(value) for name, value in parameters.items()} == {name: type(value) for name, value in understood_as.items()}


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("points=2.5", "points", "2.5 is a number; it must be an integer of at least 1"),
        ("points=0", "points", "0 is out of range; it must be an integer of at least 1"),
        ("points=", "points", "'' is a text; it must be an integer of at least 1"),
        ("from=NaN", "from", "'NaN' is a text; it must be a number"),
        ("from=-Infinity", "from", "'-Infinity' is a text; it must be a number"),
        ("from=1_000", "from", "'1_000' is a text; it must be a number"),
        ("exact=1", "exact", "'1' is a text; it must be true or false"),
        ("rig=a&rig=b&rig=c", "rig", "this is given 3 times; give it once"),
        ("rig=%ff", "", "the query is not UTF-8"),
        ("&".join(["rig=a"] * 1001), "", "the query has more than 1000 parameters"),
    ],
)
def test_parameters_that_are_wrong_are_told(query: str, field: str, message: str) -> None:
    assert errors(query=query) == [(field, message)]


def test_the_problem_document_lists_them() -> None:
    with pytest.raises(BadRequest) as refused:
        understood(RESOURCE, "", b"{}")

    assert json.dumps(refused.value.members) == (
        '{"errors": [{"field": "seconds", "message": "missing; it must be a number from 0 to 3600 s, how far"}]}'
    )
