"""No traceback ever reaches the author of a spec: whatever is written, there is a Spec or a list of what is wrong."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import mockbrew
from mockbrew.errors import SpecError
from mockbrew.spec import from_document, parse

TEXT = Path(mockbrew.__file__).with_name("spec.toml").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(json.dumps(parse(TEXT).document))
PLACED = re.compile(r"spec\.toml:[1-9][0-9]*:[1-9][0-9]*: .+")

Steps = tuple[str | int, ...]


# -- text ----------------------------------------------------------------------------------------------------------

STRANGE = ["nan", "inf", "07:32", "'''", '"""', "\\u0000", "1e999", "0x" + "f" * 20]
words = st.one_of(st.sampled_from(sorted({*re.findall(r"[A-Za-z_]+|[0-9.]+|[^\sA-Za-z0-9]", TEXT), *STRANGE})), st.text(max_size=3))
spots = st.integers(0, len(TEXT))


def refusal_of(text: str) -> SpecError | None:
    try:
        parse(text)
    except SpecError as error:
        return error
    return None


def judge(text: str) -> None:
    """A text is accepted, or what is wrong with it is told: each on one line, in places that it has, in their order."""
    refusal = refusal_of(text)
    if refusal is None:
        return

    lines = str(refusal).splitlines()
    places = [(fault.line, fault.column) for fault in refusal.faults]
    widths = [len(line) for line in text.split("\n")]

    assert len(lines) == len(refusal.faults) > 0
    assert all(PLACED.fullmatch(line) for line in lines)
    assert places == sorted(places)
    assert all(line <= len(widths) and column <= widths[line - 1] + 1 for line, column in places)


@given(st.lists(st.tuples(spots, st.integers(0, 12), words), min_size=1, max_size=4))
@settings(max_examples=300)
def test_a_text_with_pieces_cut_out_and_put_in(edits: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for at, length, word in edits:
        text = text[:at] + word + text[at + length :]

    judge(text)


@given(st.permutations(TEXT.splitlines()).map("\n".join))
@settings(max_examples=30)
def test_a_text_whose_lines_are_shuffled(text: str) -> None:
    judge(text)


@given(st.text(max_size=60))
@example("a" + ".a" * 900 + " = 1")
@example("a = " + "[" * 350 + "]" * 350)
@example("spec = 0x" + "f" * 9999)
@example("[devices.'\n']\n")
@example("[devices.\"\\n\"]\n[overrides]\nx.y.url = '/'")
@example("spec = '1.0'\n[errors]\n'4\u0664\u0664'.reply = 1")
def test_any_text(text: str) -> None:
    judge(text)


# -- documents -----------------------------------------------------------------------------------------------------


def paths(value: Any, path: Steps = ()) -> list[Steps]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for step, item in steps for inner in paths(item, (*path, step)))]


PATHS = [path for path in paths(DOCUMENT) if path]
NAMES = sorted({str(path[-1]) for path in PATHS})
TEXTS = [
    "{id}",
    "{setpoint}",
    "{number}",
    "{state}",
    "{",
    "}}",
    "/",
    "/rigs/a",
    "//",
    "/{id}",
    "/{setpoint}",
    "turn_on",
    "set_setpoint",
    "1.1",
]
names = st.one_of(st.sampled_from(NAMES), st.text(max_size=4))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(TEXTS), names)
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)), max_leaves=6
)
changes = st.tuples(st.sampled_from(PATHS), st.sampled_from(["put", "rename", "delete", "add"]), values, names)


def change(document: Any, path: Steps, how: str, value: Any, name: str) -> None:
    """One mistake, if its place is still there."""
    for step in path[:-1]:
        document = document[step] if isinstance(document, dict) and step in document else {}
    last = path[-1]
    if isinstance(document, dict) and last in document:
        if how == "put":
            document[last] = value
        elif how == "add":
            document[name] = value
        else:
            taken = document.pop(last)
            if how == "rename":
                document[name] = taken


def judge_document(document: dict[str, Any]) -> None:
    """A document is accepted, and then it is the spec's; or what is wrong with it is told."""
    try:
        spec = from_document(document, "the store")
    except SpecError as error:
        lines, count = str(error).splitlines(), len(error.faults)
    else:
        assert from_document(json.loads(json.dumps(spec.document)), "the store") == spec
        return

    assert len(lines) == count > 0
    assert all(line.startswith("the store: ") for line in lines)


@given(st.lists(changes, min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_document_with_some_values_changed(mistakes: list[tuple[Steps, str, Any, str]]) -> None:
    document = copy.deepcopy(DOCUMENT)
    for mistake in mistakes:
        change(document, *mistake)

    judge_document(document)


@given(st.dictionaries(st.sampled_from([*DOCUMENT, "errors", "x"]), values))
def test_any_document(document: dict[str, Any]) -> None:
    judge_document(document)
    judge_document({**document, "spec": "1.0"})
