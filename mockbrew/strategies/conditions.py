"""Conditions: texts that the rig of a spec takes as conditions, such as `Temp3 >= 65 and not P3.on`; and such on entries of its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockbrew.conditions.grammar import KEYWORDS
from mockbrew.conditions.names import CONTINUOUS, NUMBER, TEXT, TRUTH, Names, Variable, readings_of
from mockbrew.conditions.tokens import LONGEST
from mockbrew.devices.base import Device
from mockbrew.journal import matching
from mockbrew.spec import Spec

PARTS = 3  # joined by one word, at most
ORDERED = (">=", "<=", ">", "<")
EQUAL = ("==", "!=")
WORD = st.sampled_from(["and", "or"])
WORDS = st.text("abcdefghijklmnopqrstuvwxyz-_ ", max_size=8)

Known = Mapping[str, Variable]
"""What each word of a condition stands for."""


def on_readings(spec: Spec) -> SearchStrategy[str]:
    """What run-until, hazards and waits of clients take."""
    devices = {name: entry.device for name, entry in spec.entries.items()}
    words = [
        word for name, device in devices.items() if device.readings for word in (name, *(f"{name}.{each}" for each in device.readings))
    ]
    known = _known(words, readings_of(devices))
    return _texts({word: _worded(variable, devices[variable.device]) for word, variable in known.items()})


def on_entries(spec: Spec) -> SearchStrategy[str]:
    """What the journal takes for `where`."""
    changes = [f"{matching.CHANGES}{name}.{each}" for name, entry in spec.entries.items() for each in entry.device.readings]
    arguments = {name for entry in spec.entries.values() for verb in entry.device.verbs.values() for name in verb.arguments}
    words = [*matching.HEAD, *matching.BODY, *(f"{matching.ARGUMENTS}{name}" for name in sorted(arguments)), *changes]
    return _texts(_known(words, matching.names(spec)))


def _known(words: Iterable[str], names: Names) -> Known:
    """A device may be called `and`: no condition can speak of its first reading by that."""
    return {word: names.resolve(word) for word in words if word not in KEYWORDS}


def _worded(variable: Variable, device: Device) -> Variable:
    """With the texts that the reading may be, if its kind says them."""
    words = [value for value in device.readings[variable.reading].schema.get("enum", ()) if isinstance(value, str)]
    return replace(variable, words=tuple(words))


# -- from atoms to conditions --------------------------------------------------------------------------------------


def _texts(known: Known) -> SearchStrategy[str]:
    atoms = list(_atoms(known))

    # A composite has a short name in what Hypothesis tells; by itself that would list every reading of the rig, several times.
    @st.composite
    def atom(draw: st.DrawFn) -> str:
        return draw(draw(st.sampled_from(atoms)))

    single = atom() | atom().map("not {}".format)
    bracketed = _joined(single).map("({})".format)
    joined = _joined(single | bracketed | bracketed.map("not {}".format))
    return single | joined.filter(lambda text: len(text) <= LONGEST)


def _joined(parts: SearchStrategy[str]) -> SearchStrategy[str]:
    """`and` holds closer than `or`."""
    several = st.lists(st.tuples(WORD, parts), min_size=1, max_size=PARTS)
    return several.map(lambda drawn: " ".join([drawn[0][1], *(f"{word} {part}" for word, part in drawn[1:])]))


def _atoms(known: Known) -> Iterator[SearchStrategy[str]]:
    """Something that is true or false, without and, or, not."""
    truths, numbers = _of(known, TRUTH), _of(known, NUMBER, CONTINUOUS)
    if numbers:
        yield from _comparisons(numbers, _of(known, NUMBER))
    if truths:
        yield st.sampled_from(truths)
        yield _compared(st.sampled_from(truths), EQUAL, st.sampled_from(["0", "1", "true", "false", *truths]))
    words = {word: variable for word, variable in known.items() if variable.type == TEXT}
    if words:
        yield st.sampled_from(list(words)).flatmap(lambda word: _compared(st.just(word), EQUAL, _quoted(words[word])))
    if known:
        yield _compared(st.sampled_from(list(known)), EQUAL, st.just("null"))
    else:
        yield st.sampled_from(["true", "false"])


def _comparisons(numbers: Sequence[str], steady: Sequence[str]) -> Iterator[SearchStrategy[str]]:
    """Of numbers; what moves is hardly ever exactly a number, so it is not asked whether it is."""
    yield _compared(st.sampled_from(numbers), ORDERED, _number())
    yield _compared(_sum(numbers), ORDERED, _sum(numbers))
    if steady:
        yield _compared(st.sampled_from(steady), (*EQUAL, *ORDERED), _number())


def _sum(numbers: Sequence[str]) -> SearchStrategy[str]:
    term = st.sampled_from(numbers)
    factor = st.builds("{} {} {}".format, term, st.sampled_from("*/"), _number())
    return st.builds("{} {} {}".format, term, st.sampled_from("+-"), term | factor) | factor | term.map("-{}".format)


def _number() -> SearchStrategy[str]:
    return st.integers(0, 100).map(str) | st.decimals(-200, 200, places=1).map(str)


def _quoted(variable: Variable) -> SearchStrategy[str]:
    """What is never the value of a text was misspelt, and refused."""
    words = [word for word in variable.words if "'" not in word]
    return (st.sampled_from(words) if words else WORDS).map("'{}'".format)


def _compared(left: SearchStrategy[str], relations: Sequence[str], right: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds("{} {} {}".format, left, st.sampled_from(relations), right)


def _of(known: Known, *types: str) -> list[str]:
    return [word for word, variable in known.items() if variable.type in types]
