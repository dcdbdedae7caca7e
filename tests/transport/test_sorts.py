"""What becomes of a reply that a fault of transport hits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.devices import BUILT_IN
from mockbrew.faults.sorts import CLOSED, SORTS, Reply
from mockbrew.faults.transport import TransportFault, spoilt
from mockbrew.messages import NO_STORE, headers
from mockbrew.spec import parse

BODY = b'{"Sensor":"VanneA","State":0}'
REPLY: Reply = (200, [*headers("application/json", BODY), ("X-Mockbrew-Rig", "team-a")], BODY)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
bodies = scalars | st.lists(scalars) | st.dictionaries(st.text(), scalars)


def sent(sort: str, reply: Reply = REPLY, errors: Any = None, **parameters: Any) -> Reply:
    return spoilt(TransportFault("f1", sort, parameters), reply, errors or {})


def reply_of(body: bytes) -> Reply:
    return 200, headers("application/json", body), body


def test_an_empty_reply_is_a_good_one_without_a_body_and_says_so() -> None:
    assert sent("empty") == (
        200,
        [("Content-Type", "application/json"), ("Content-Length", "0"), NO_STORE, ("X-Mockbrew-Rig", "team-a")],
        b"",
    )


def test_a_truncated_reply_is_half_of_it_and_tells_the_length_of_that() -> None:
    status, fields, body = sent("truncated")

    assert (status, body) == (200, b'{"Sensor":"Van')
    assert dict(fields)["Content-Length"] == "14"


@pytest.mark.parametrize(("share", "rest"), [(0, b""), (0.1, b'{"'), (0.99, BODY[:-1])])
def test_how_much_of_a_truncated_reply_comes_is_a_share_of_it(share: float, rest: bytes) -> None:
    assert sent("truncated", share=share)[2] == rest


@given(bodies, st.floats(0, 0.99))
def test_a_truncated_reply_is_always_shorter(value: Any, share: float) -> None:
    body = json.dumps(value).encode()

    assert len(sent("truncated", reply_of(body), share=share)[2]) < len(body)


@given(bodies)
def test_invalid_json_is_none_whatever_it_was_and_no_parser_gets_a_value_out_of_its_beginning(value: Any) -> None:
    _, fields, body = sent("invalid_json", reply_of(json.dumps(value).encode()))

    assert dict(fields)["Content-Length"] == str(len(body))
    with pytest.raises(json.JSONDecodeError):
        json.JSONDecoder().raw_decode(body.decode())


@pytest.mark.parametrize(("parameters", "told"), [({}, "text/html"), ({"type": "text/plain; charset=utf-8"}, "text/plain; charset=utf-8")])
def test_another_content_type_leaves_the_body_as_it_is(parameters: dict[str, Any], told: str) -> None:
    status, fields, body = sent("content_type", **parameters)

    assert (status, body) == (200, BODY)
    assert fields == [("Content-Type", told), *REPLY[1][1:]]


def test_a_status_is_a_problem_document_and_may_say_when_to_come_again() -> None:
    status, fields, body = sent("status", code=503, retry_after=7)

    assert status == 503
    assert (dict(fields)["Content-Type"], dict(fields)["Retry-After"]) == ("application/problem+json", "7")
    assert json.loads(body) == {
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The server cannot process the request due to a high load",
    }


def test_a_status_has_the_hardware_s_own_shape_where_the_spec_declares_one() -> None:
    text = 'spec = "1.0"\n[errors]\ndefault = { reply = { Erreur = "{status}" } }\n'

    status, fields, body = sent("status", errors=parse(text, "spec.toml", BUILT_IN).errors, code=500)

    assert (status, body) == (500, b'{"Erreur":500}')
    assert dict(fields)["Content-Type"] == "application/json"
    assert "Retry-After" not in dict(fields)


def test_a_status_that_http_has_no_words_for_is_one_all_the_same() -> None:
    assert json.loads(sent("status", code=599)[2]) == {"title": "Unknown", "status": 599, "detail": "Unknown"}


def test_a_closed_connection_is_no_reply() -> None:
    assert sent("closed") == CLOSED


def test_a_delay_leaves_a_reply_as_it_is() -> None:
    assert sent("delay", seconds=1) == REPLY


def test_a_refusal_is_spoilt_as_any_reply_is() -> None:
    refusal: Reply = (409, headers("application/problem+json", b"{}"), b"{}")

    assert sent("truncated", refusal)[::2] == (409, b"{")
    assert sent("empty", refusal)[0] == 200


def test_every_sort_says_what_it_is_and_what_it_takes() -> None:
    assert list(SORTS) == ["delay", "status", "empty", "truncated", "invalid_json", "content_type", "closed"]
    for sort in SORTS.values():
        assert sort.doc
        assert all(says["description"] for says in sort.parameters.values())
