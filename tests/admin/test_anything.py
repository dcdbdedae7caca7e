"""Whatever is asked of whichever resource: an answer or a refusal in the words of the control plane, never a bug."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew.admin.resources import Resource
from mockbrew.admin.table import RESOURCES
from tests.app.asking import Bench, on_memory

NAMES = [
    "A",
    "Temp1",
    "HotTank",
    "PID1",
    "R1",
    "Temp1 >= 20",
    "state",
    "temperature",
    "dry-fire",
    "stuck",
    "offset",
    "delay",
    "default",
    "é",
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(NAMES),
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)


def of_schema(schema: Any) -> st.SearchStrategy[Any]:
    """What a schema takes, more or less, and at times anything."""
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | scalars
    if kind in ("number", "integer"):
        low, high = schema.get("minimum", -5), min(schema.get("maximum", 100), 1000)
        return st.integers(int(low), max(int(high), int(low))) | st.just(low) | scalars
    if kind == "boolean":
        return st.booleans() | scalars
    if kind == "array":
        return st.lists(of_schema(schema.get("items", {})), max_size=3) | scalars
    if kind == "object":
        return documents(schema) | scalars
    return st.sampled_from(NAMES) | values


def documents(schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of its fields, of which some may be missing, and at times of others."""
    known = {name: of_schema(each) for name, each in schema.get("properties", {}).items()}
    required = {name: known.pop(name) for name in schema.get("required", ())}
    fitting = st.fixed_dictionaries(required, optional=known)
    return fitting | st.dictionaries(st.sampled_from([*required, *known, *NAMES]), values, max_size=3)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str, Any]:
    resource: Resource = draw(st.sampled_from(RESOURCES))
    query = draw(documents(resource.query))
    pairs = [(name, each) for name, value in query.items() for each in (value if isinstance(value, list) else [value])]
    path = resource.path.replace("{name}", draw(st.sampled_from(["default", "f1", "team-a", "x"])))
    return resource.method, f"{path}?{urlencode(pairs)}", draw(documents(resource.body))


def asked(bench: Bench, method: str, path: str, body: Any) -> int:
    answer = bench.admin(method, path, json.dumps(body).encode() if body else None)

    assert answer.status != 500, (method, path, body, answer.body)
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status
        assert answer.json()["detail"]
    return answer.status


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(calls(), min_size=1, max_size=10))
def test_any_calls_in_any_order_are_answered_or_refused(these: list[tuple[str, str, Any]]) -> None:
    bench = on_memory()
    for command in ("/startPID1.py", "/startA.py"):
        bench.get(command)

    for call in these:
        asked(bench, *call)
        bench.wait(1)

    assert bench.ask("/getTemp1.py").status != 500
