"""Reply shapes: JSON out of trees with placeholders."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.shapes import compile_shape, problem
from mockbrew.spec import ErrorShape

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def rendered(tree: Any, live: dict[str, Any] | None = None, constants: dict[str, Any] | None = None) -> str:
    values = live or {}
    return compile_shape(tree, values).bind(constants or {}).render(values.__getitem__).decode()


def as_json(tree: Any) -> str:
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False)


def with_braces_doubled(tree: Any) -> Any:
    if isinstance(tree, str):
        return tree.replace("{", "{{").replace("}", "}}")
    if isinstance(tree, dict):
        return {key: with_braces_doubled(value) for key, value in tree.items()}
    return [with_braces_doubled(value) for value in tree] if isinstance(tree, list) else tree


@given(TREES)
def test_a_tree_without_placeholders_is_its_compact_json(tree: Any) -> None:
    assert rendered(with_braces_doubled(tree)) == as_json(tree)


@given(SCALARS, SCALARS)
def test_a_string_that_is_one_placeholder_keeps_the_type_of_the_value(live: Any, constant: Any) -> None:
    text = rendered({"a": "{now}", "b": ["{fixed}"]}, {"now": live}, {"fixed": constant})

    assert text == as_json({"a": live, "b": [constant]})


@given(st.text(), st.text(), st.text())
def test_a_value_inside_a_longer_string_is_escaped_with_it(before: str, live: str, after: str) -> None:
    tree = f"{with_braces_doubled(before)}.{{now}}{{fixed}}{with_braces_doubled(after)}"

    assert rendered(tree, {"now": live}, {"fixed": live}) == as_json(f"{before}.{live}{live}{after}")


@pytest.mark.parametrize(
    ("value", "whole", "inside"),
    [
        (50, "50", '"<50>"'),
        (78.0, "78.0", '"<78.0>"'),
        (23.714728171904255, "23.714728171904255", '"<23.714728171904255>"'),
        (1e22, "1e+22", '"<1e+22>"'),
        (-0.0, "-0.0", '"<-0.0>"'),
        (None, "null", '"<null>"'),
        (True, "true", '"<true>"'),
        (False, "false", '"<false>"'),
        ('é"\n', '"é\\"\\n"', '"<é\\"\\n>"'),
        (("a", 1), '["a",1]', '"<[\\"a\\",1]>"'),
    ],
)
def test_values_are_written_as_json_writes_them(value: Any, whole: str, inside: str) -> None:
    for known in ({"live": {"v": value}}, {"constants": {"v": value}}):
        assert rendered("{v}", **known) == whole
        assert rendered("<{v}>", **known) == inside


def test_doubled_braces_are_braces_and_percent_signs_nothing_special() -> None:
    text = rendered({"100%": "{{v}} {{{v}}} %s %(v)s %"}, {"v": 1})

    assert text == '{"100%":"{v} {1} %s %(v)s %"}'


def test_a_constant_that_looks_like_a_placeholder_is_not_one() -> None:
    assert rendered(["{fixed}", "{now}"], {"now": 1}, {"fixed": "{now} %s"}) == '["{now} %s",1]'


def test_keys_keep_their_order_and_are_taken_as_they_are() -> None:
    assert rendered({"z": 1, "{v}": 2, "a": {}, "m": []}, {"v": 3}) == '{"z":1,"{v}":2,"a":{},"m":[]}'


def test_one_value_may_be_shown_twice() -> None:
    shape = compile_shape({"a": "{v}", "b": "{w} {v}"}, {"v", "w"}).bind({})

    assert shape.names == ("v", "w")
    assert shape.render({"v": 1, "w": 2}.__getitem__) == b'{"a":1,"b":"2 1"}'


def test_a_lone_surrogate_is_still_json_and_still_utf_8() -> None:
    body = compile_shape("{v}", {"v"}).bind({}).render({"v": "\udc80é"}.__getitem__)

    assert body == b'"\\udc80\xc3\xa9"'
    assert json.loads(body) == "\udc80é"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), [float("nan")]])
def test_what_has_no_json_never_comes_out(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        rendered({"a": "{v}"}, {"v": value})
    with pytest.raises(ValueError, match="JSON"):
        rendered({"a": "{v}"}, constants={"v": value})
    with pytest.raises(ValueError, match="JSON"):
        rendered({"a": value})


# -- problems ------------------------------------------------------------------------------------------------------


def test_a_problem_is_an_rfc_9457_document() -> None:
    answer = problem(404, "no endpoint '/é'", {"nearest": ["/a"]}, {})

    body = '{"title":"Not Found","status":404,"detail":"no endpoint \'/é\'","nearest":["/a"]}'
    assert answer == ("application/problem+json", body.encode())


def test_members_never_replace_the_standard_ones() -> None:
    _, body = problem(400, "no", {"status": 200, "title": "OK", "detail": "", "more": 1}, {})

    assert body == b'{"title":"Bad Request","status":400,"detail":"no","more":1}'


def test_the_hardwares_own_shape_answers_for_its_status_and_one_for_all_others() -> None:
    errors = {0: ErrorShape({"Error": "{detail}"}, "text/json"), 404: ErrorShape({"Code": "{status}", "Text": "{title}: {detail}"})}

    assert problem(404, "gone", {"nearest": []}, errors) == ("application/json", b'{"Code":404,"Text":"Not Found: gone"}')
    assert problem(400, 'a "b"', {}, errors) == ("text/json", b'{"Error":"a \\"b\\""}')


def test_a_shape_for_one_status_leaves_the_others_as_they_were() -> None:
    content_type, _ = problem(404, "gone", {}, {400: ErrorShape({})})

    assert content_type == "application/problem+json"
