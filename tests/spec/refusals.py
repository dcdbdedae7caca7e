"""Specs that are refused, and what is said of them."""

from __future__ import annotations

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.errors import SpecError
from mockbrew.spec import Spec, parse

MARK = "▸"  # in the text of a test: a fault is told to stand here

KETTLE = ("[vessels]", "Kettle = { capacity = 50, volume = 40 }")


def told(*lines: str, kinds: Kinds = BUILT_IN) -> list[str]:
    """What is said of a spec of these lines, without the places, which are those of the marks."""
    return told_of("\n".join(('spec = "1.0"', *lines)), kinds)


def told_of(text: str, kinds: Kinds = BUILT_IN) -> list[str]:
    """What is said of a whole text, as above."""
    with pytest.raises(SpecError) as caught:
        parse(text.replace(MARK, ""), "spec.toml", kinds)
    rendered = str(caught.value).splitlines()
    places = [line.split(": ")[0] for line in rendered]

    assert [len(rendered), set(places)] == [len(caught.value.faults), set(_marked(text))]
    return [line.partition(": ")[2] for line in rendered]


def accepted(*lines: str, kinds: Kinds = BUILT_IN) -> Spec:
    """A spec of these lines, of which nothing is said."""
    return parse("\n".join(('spec = "1.0"', *lines)), "spec.toml", kinds)


def _marked(text: str) -> list[str]:
    """`spec.toml:line:column` of each mark, as if the marks were not there."""
    pieces = text.split(MARK)
    read = ["".join(pieces[:end]) for end in range(1, len(pieces))]
    return [f"spec.toml:{text.count(chr(10)) + 1}:{len(text) - text.rfind(chr(10))}" for text in read]
