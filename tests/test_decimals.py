"""Patterns of numbers in URLs: exactly what a command takes, for any bounds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockbrew.decimals import pattern
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Number
from mockbrew.errors import BadArgument

DEVICE: Device = BUILT_IN["valve"](name="A")

written = st.from_regex(Number.grammar, fullmatch=True)
around = st.text("-.0123456789", max_size=21) | st.text("-+.0123456789eE_ \n\u0663\u00b2", max_size=8) | st.text(max_size=4)
bounds = st.one_of(
    st.integers(-1_000_001, 1_000_001),
    st.integers(-150, 150),
    st.floats(-1_000_001, 1_000_001),
    st.floats(allow_nan=False),
    written.map(float),
    st.sampled_from([0, -0.0, 0.1, -0.1, 0.30000000000000004, 1e-12, 5e-13, 5e-324, 999_999, 999_999.9999999999, 10**40, -(10**40)]),
)


def takes(number: Number, text: str) -> bool:
    try:
        number.parse(DEVICE, "x", text)
    except BadArgument:
        return False
    return True


@st.composite
def near(draw: st.DrawFn, bound: float) -> str:
    """A text of a number that is this bound or lies beside it, with zeros where they mean nothing."""
    places = draw(st.integers(0, 12))
    clamped = min(max(Decimal(str(bound)), Decimal(-999_999)), Decimal(999_999))
    beside = clamped + draw(st.integers(-2, 2)) * Decimal(1).scaleb(-places)
    whole, _, fraction = f"{abs(beside):.{places}f}".partition(".")
    zeros, more = "0" * draw(st.integers(0, 5)), "0" * draw(st.integers(0, 3))
    return f"{'-' * (beside < 0 or (not beside and draw(st.booleans())))}{zeros}{whole}" + (f".{fraction}{more}" if fraction else "")


@given(st.data(), bounds, bounds)
@settings(max_examples=500)
def test_a_pattern_takes_what_a_command_takes(data: st.DataObject, one: float, other: float) -> None:
    low, high = sorted((one, other))
    text = data.draw(written | around | near(low) | near(high))

    assert bool(re.fullmatch(pattern(low, high), text)) == takes(Number(low, high), text)


@given(st.data(), bounds)
def test_equal_bounds_take_one_number(data: st.DataObject, bound: float) -> None:
    text = data.draw(near(bound))

    assert bool(re.fullmatch(pattern(bound, bound), text)) == takes(Number(bound, bound), text)


@given(st.data(), bounds, bounds)
def test_what_is_made_of_a_pattern_is_taken(data: st.DataObject, one: float, other: float) -> None:
    low, high = sorted((one, other))
    text = data.draw(st.from_regex(pattern(low, high), fullmatch=True) if takes_any(low, high) else st.none())

    assert text is None or takes(Number(low, high), text)


def takes_any(low: float, high: float) -> bool:
    return takes(Number(low, high), Number(low, high).example(DEVICE))


@pytest.mark.parametrize(
    ("low", "high", "good", "bad"),
    [
        (
            0,
            110,
            ["0", "-0", "-0.000", "66.5", "000066", "110", "110.000"],
            ["110.000000000001", "-0.1", "1e2", "+1", ".5", "5.", ""],
        ),
        (0.1, 0.3, ["0.1", "0.3", "0.299999999999"], ["0.099999999999", "0.300000000001", "0"]),
        (-999_999, 999_999, ["-999999", "999999"], ["999999.000000000001", "0999999", "1000000"]),
        (1e-06, 2, ["0.000001", "2"], ["0", "0.0000009"]),
        (5, 1, [], ["1", "3", "5", "0", ""]),
    ],
)
def test_bounds_are_what_their_texts_say(low: float, high: float, good: list[str], bad: list[str]) -> None:
    found = pattern(low, high)

    assert [[text for text in texts if re.fullmatch(found, text)] for texts in (good, bad)] == [good, []]
    assert [[text for text in texts if takes(Number(low, high), text)] for texts in (good, bad)] == [good, []]


@given(bounds, bounds)
@example(1e-06, 5)
@example(-1e9, 5)
def test_the_example_of_a_number_is_taken_where_anything_is(one: float, other: float) -> None:
    low, high = sorted((one, other))
    made = Number(low, high).example(DEVICE)

    assert takes(Number(low, high), made) or pattern(low, high) == r"^[^\s\S]$"


def test_the_reference_range_reads_like_this() -> None:
    found = pattern(0, 110)

    assert found == (
        r"^(-0{0,5}0(\.00{0,11})?"
        r"|((0{0,5}[0-9]|0{0,4}[1-9][0-9]|0{0,3}10[0-9])(\.[0-9][0-9]{0,11})?|0{0,3}110(\.00{0,11})?))$"
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_ecma_262_reads_it_as_python_does() -> None:
    ranges = [(0, 110), (-50, 999), (0.1, 0.3), (-3.25, -1), (5, 1), (1e-06, 86_400), (66.5, 78.3)]
    texts = ["0", "-0", "-3.25", "-1", "-1.0", "66.5", "78.3", "78.300000000001", "0066", "110", "86400.0", "1e1", "", "0.2", "5\n", "-50"]
    patterns = [pattern(low, high) for low, high in ranges]
    program = "const [p, t] = JSON.parse(process.argv[1]); console.log(JSON.stringify(p.map(r => t.map(x => new RegExp(r, 'u').test(x)))))"

    ran = subprocess.run(["node", "-e", program, json.dumps([patterns, texts])], capture_output=True, check=True, timeout=60)

    assert json.loads(ran.stdout) == [[bool(re.fullmatch(each, text)) for text in texts] for each in patterns]
