"""Where a path stands, for any TOML that the parser takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import assume, given
from hypothesis import strategies as st

import mockbrew
from mockbrew.checks.findings import Path as Steps
from mockbrew.checks.positions import places

KEY, VALUE = "▸", "▹"  # marks in a text: here a key begins, here a value that is no table

REFERENCE = Path(mockbrew.__file__).with_name("spec.toml").read_text(encoding="utf-8")

WILD = r'''
▸a.▸b . ▸"c d" = ▹1 # a.b = 2
▸'e' = { ▸f = ▹"}#,]\"", ▸g = ▹[ ▹1, # ]
  ▹{ ▸h = ▹'x\' }, ▹[ ], ], }
▸multi = { # of TOML 1.1: two lines, escapes, a time without seconds
  ▸one = ▹"\e[0m \x41", # "
  ▸two.▸three = ▹07:32,
}
▸text = ▹"""
[no.table]
k = 1 \""" still """""
▸literal = ▹"""""""" # two quotes
▸other = ▹@@@
x = ']' @@@''
▸date = ▹1979-05-27 07:32:00
[▸t . ▸"u.v"]
▸w = ▹-inf
[[▸list]]
▸n = ▹[ ▹"a" , ▹'b', ▹"""c""" ]
[list.▸sub]
▸m = ▹1
[[list]]
[[list.▸inner]]
▸k = ▹-1e3
[[list.inner]]
▸"é\u00e9".▸x = ▹0
'''.replace("@@@", "'" * 3)


def paths(value: Any, path: Steps = ()) -> list[Steps]:
    """Every path of a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for step, item in steps for inner in paths(item, (*path, step)))]


def at(document: Any, path: Steps) -> Any:
    for step in path:
        document = document[step]
    return document


def parsed(text: str) -> Any:
    """None for what is no TOML."""
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return None


def marks(text: str, mark: str) -> set[int]:
    """The offsets of a mark in the text without marks."""
    pieces = text.replace(VALUE if mark == KEY else KEY, "").split(mark)
    return {sum(map(len, pieces[:end])) for end in range(1, len(pieces))}


def unmarked(text: str) -> str:
    return text.replace(KEY, "").replace(VALUE, "")


@pytest.mark.parametrize("text", [REFERENCE, WILD, WILD.replace("\n", "\r\n")])
def test_everything_in_a_document_has_a_place_and_nothing_else_has(text: str) -> None:
    assert set(places(unmarked(text))) == set(paths(tomli.loads(unmarked(text))))


@pytest.mark.parametrize("text", [WILD, WILD.replace("\n", "\r\n")])
def test_keys_and_values_are_found_where_they_are_marked(text: str) -> None:
    document, found = tomli.loads(unmarked(text)), places(unmarked(text))

    assert {place.key for path, place in found.items() if path and isinstance(path[-1], str)} == marks(text, KEY)
    assert {place.value for path, place in found.items() if not isinstance(at(document, path), dict | list)} <= marks(text, VALUE)
    assert marks(text, VALUE) <= {place.value for place in found.values()}


def test_a_table_is_found_at_its_name() -> None:
    assert places("[a.b]\nc = { d = 1 }")["a", "b", "c"] == (6, 6)


def test_an_item_of_a_list_is_found_where_it_begins() -> None:
    assert places("a = [ { b = 1 }, 2 ]")["a", 1] == (17, 17)


# -- any document --------------------------------------------------------------------------------------------------

scalars = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.sampled_from(
        ["true", "1.5e3", "nan", "1979-05-27 07:32:00", "07:32", '"""\n"" \\" x"""""', "'''a''''", '""', "''", '"#]}"', "'\\'"]
    ),
)
keys = st.sampled_from(["a", "b", "c-1", '"k k"', "'q.#'", '"\\\\"', '""', "'é'"])
space = st.sampled_from(["", " ", "\t"])
gap = st.sampled_from(["", " ", "\n", ' # ] } , = " \n', "\r\n\t"])


@st.composite
def pairs(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    name = f"{draw(space)}.{draw(space)}".join(KEY + part for part in draw(st.lists(keys, min_size=1, max_size=2)))
    return f"{name}{draw(space)}={draw(space)}{draw(values)}"


@st.composite
def lists(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    items = [f"{draw(gap)}{VALUE}{item.removeprefix(VALUE)}{draw(gap)}" for item in draw(st.lists(values, max_size=3))]
    return f"{VALUE}[{','.join(items)}{draw(gap)}]"


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    return "{" + ",".join(f"{draw(gap)}{pair}{draw(gap)}" for pair in draw(st.lists(pairs(values), max_size=3))) + "}"


values = st.recursive(scalars.map(VALUE.__add__), lambda inner: st.one_of(lists(inner), tables(inner)), max_leaves=8)
headings = st.tuples(
    st.sampled_from(["[%s]", "[[%s]]", "[ %s ] # x"]), st.lists(keys.map(KEY.__add__), min_size=1, max_size=2).map(" . ".join)
)
lines = st.one_of(pairs(values), headings.map(lambda heading: heading[0] % heading[1]), st.just("# = [x]"))


@given(st.lists(lines, max_size=6).map("\n".join))
def test_whatever_the_parser_takes_has_its_places(text: str) -> None:
    document = parsed(unmarked(text))
    assume(document is not None)

    found = places(unmarked(text))

    assert set(found) == set(paths(document))
    assert {place.key for path, place in found.items() if path and isinstance(path[-1], str)} <= marks(text, KEY)
    scalar = {place.value for path, place in found.items() if not isinstance(at(document, path), dict | list)}
    assert scalar <= marks(text, VALUE)
