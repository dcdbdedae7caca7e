"""Large specs, whose lines are read at once: what comes out is what the parser of TOML gives, or its error."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import lines
from mockbrew.errors import SpecError
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse

PLAIN = [f'V{number} = {{ kind = "valve", interface = "switch", sensor = "Vanne{number}" }}' for number in range(5000)]
HEAD = 'spec = "1.0"\n[interfaces.switch]\nget = { url = "/get{id}", reply = { S = "{sensor}", V = "{state}" } }\n'


def spec(*own: str, head: str = HEAD, tail: str = "") -> str:
    """A long spec of plain lines and these."""
    text = "\n".join([f"{head}[devices]", *PLAIN, *own, tail])
    assert len(text) >= lines.LONG
    return text


def said(text: str) -> Any:
    """What TOML says of it, in data or as an error."""
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return str(error)


def read(text: str) -> Any:
    try:
        return lines.loads(text)
    except tomli.TOMLDecodeError as error:
        return str(error)


@pytest.mark.parametrize("own", ['A={kind="valve",a=1}', 'A = { a = -0, b = -0.50, c = true, d = [], e = ["x", "", "y"], f = "" }', ""])
def test_plain_lines_are_read_without_the_parser_of_toml(own: str) -> None:
    text = spec(own)

    quickly = lines._quickly(text)

    assert quickly == tomli.loads(text)
    assert json.dumps(quickly) == json.dumps(tomli.loads(text))  # also the order, and which numbers are integers


@pytest.mark.parametrize(
    "own",
    [
        "A = { a = 1 } # a comment",
        "# a comment",
        "A = { a = 1, a = 2 }",
        "V1 = { a = 1 }",
        "A = { a.b = 1 }",
        "A = {}",
        "A = { a = 1, }",
        "A  = { a = 1 }",
        "A = { a = 'x' }",
        'A = { a = """x""" }',
        'A = { a = "\\n" }',
        'A = { a = "x = 1, y" }',
        'A = { a = "{}" }',
        "A = { a = { b = 1 } }",
        "A = { a = [1, 2] }",
        "A = { a = +1 }",
        "A = { a = 01 }",
        "A = { a = 1_000 }",
        "A = { a = 1e3 }",
        "A = { a = inf }",
        "A = { a = 2026-11-23 }",
        "A = 1",
        "A.b = 1",
        "[devices.B]\na = 1",
        "[devices]\nB = { a = 1 }",
        '[interfaces.switch.get]\nurl = "/x"',
        "A = { a = 1 ",
        "x A = { a = 1 }",
        "[vessels]\n",
    ],
)
def test_whatever_is_not_plain_is_read_or_refused_as_ever(own: str) -> None:
    text = spec(own)

    assert read(text) == said(text)


def test_a_header_in_a_text_of_several_lines_is_none() -> None:
    text = spec(head=f'{HEAD}[rig]\ntitle = """\n[vessels]\nA = {{ a = 1 }}\n[pipes]\n"""\n')

    assert read(text) == tomli.loads(text)


# A short text with all that is plain; and what may come between two of its characters, or instead of one.
SHORT = 'a = 1\n[pipes]\nA={a=1}\n\n[devices]\nB = { a = -0.5, b = true, c = ["x", ""] }\nC = {a = "y",b = []}\n[e]\nf = 1\n'
ODD = (
    *"aé0-+.,:=#_{}[]()'\"\\/ \t\n\r\x00\x0b\x0c\x1c\x7f\x85\xa0\u2028\ufeff",
    " =",
    "= ",
    "\r\n",
    ",\n",
    "{ ",
    " }",
    "[devices]\n",
    "[pipes]\n[x]\n",
    "# x\n",
    "B = { a = 1 }\n",
)


def is_the_same_or_left_alone(text: str) -> bool:
    quickly = lines._quickly(text)
    return quickly is None or json.dumps(quickly) == json.dumps(said(text))


@pytest.mark.parametrize("odd", ["", *ODD])
def test_whatever_stands_at_any_place_of_a_text_it_is_read_as_the_parser_of_toml_reads_it_or_left_to_it(odd: str) -> None:
    changed = [f"{SHORT[:at]}{odd}{SHORT[at + gone :]}" for at in range(len(SHORT) + 1) for gone in (0, 1)]

    assert lines._quickly(SHORT) == tomli.loads(SHORT)
    assert [text for text in changed if not is_the_same_or_left_alone(text)] == []


@given(st.lists(st.tuples(st.integers(0, len(SHORT)), st.integers(0, 3), st.sampled_from(["", *ODD])), min_size=2, max_size=4))
def test_nor_does_it_matter_what_stands_at_several(changes: list[tuple[int, int, str]]) -> None:
    text = SHORT
    for at, gone, odd in changes:
        text = f"{text[:at]}{odd}{text[at + gone :]}"

    assert is_the_same_or_left_alone(text)


words = st.text('aB1_-.{}=, "\\#[]é', max_size=6)
values = st.one_of(
    words.map(json.dumps), st.sampled_from(["0", "-1", "1.50", "true", "[]", '["x","y"]', '[ "x" ]', "+1", "inf", "{ a = 1 }"])
)
pairs = st.tuples(st.sampled_from(["a", "b", "c-1", '"a"', "a.b"]), st.sampled_from(["=", " = ", " =", "= "]), values).map("".join)
entries = st.lists(pairs, max_size=4).map(", ".join)
own_lines = st.lists(
    st.tuples(st.sampled_from(["X", "Y", "V1", "[pipes]\nX", "#"]), entries).map(lambda of: f"{of[0]} = {{ {of[1]} }}"), max_size=3
)


@given(own_lines)
def test_any_lines_are_read_as_the_parser_of_toml_reads_them_or_left_to_it(own: list[str]) -> None:
    text = "\n".join([f"{HEAD}[devices]", *PLAIN[:3], *own, ""])

    assert is_the_same_or_left_alone(text)


def test_a_mistake_in_a_long_spec_has_its_place() -> None:
    with pytest.raises(SpecError) as refused:
        parse(spec('A = { kind = "vlave" }'), "spec.toml")

    assert str(refused.value).startswith("spec.toml:5005:14: devices.A.kind: unknown kind 'vlave'; ")


def test_a_short_spec_is_not_taken_apart() -> None:
    text = REFERENCE.read_text("utf-8")

    assert len(text) < lines.LONG
    assert lines.loads(text) == tomli.loads(text)
