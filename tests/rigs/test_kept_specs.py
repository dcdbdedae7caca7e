"""What the store keeps of a spec can be read later, as far as the kinds are still there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.devices.valve import Valve
from mockbrew.kept_specs import LONG, Former, former, record_of
from mockbrew.spec import Spec, parse
from mockbrew.stores import open_store
from tests.stores.rows import rig_row

RIG = """
spec = "1.0"
[vessels]
Kettle = { capacity = 50, volume = 40 }
Cask = { capacity = 50, volume = 40 }
[pipes]
Drain = { source = "Kettle", destination = "out", valves = ["A"] }
Tap = { source = "Cask", destination = "out", valves = ["B"] }
[devices]
A = { kind = "valve" }
B = { kind = "cock" }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cock(Valve):
    """A kind of some distribution."""

    kind = "cock"


COCKS: Kinds = {**BUILT_IN, "cock": Cock}


def kept(spec: Spec, kinds: Kinds) -> Former:
    """What comes back of a spec that was kept."""
    store = open_store("memory://")
    with store.transaction() as transaction:
        transaction.put_spec(spec.digest, record_of(spec))
        return former(transaction, replace(rig_row(), spec=spec.digest), kinds)


def test_a_spec_with_pipes_comes_back_whole() -> None:
    spec = parse(RIG, kinds=COCKS)

    assert kept(spec, COCKS).spec == spec


def test_pipes_go_with_the_kinds_that_are_no_longer_there() -> None:
    before = kept(parse(RIG, kinds=COCKS), BUILT_IN)

    assert before.spec is not None
    assert list(before.spec.entries) == ["Kettle", "Drain", "A"]
    assert before.kinds == {"Kettle": "vessel", "Cask": "vessel", "Drain": "pipe", "Tap": "pipe", "A": "valve", "B": "cock"}


@pytest.mark.parametrize("tables", ['[devices]\nA = { kind = "valve" }', "[vessels]\nKettle = { capacity = 50, volume = 40 }", ""])
def test_a_spec_without_pipes_comes_back_whole_and_without_pipes(tables: str) -> None:
    spec = parse(f'spec = "1.0"\n{tables}')
    before = kept(spec, BUILT_IN).spec

    assert before == spec
    assert "pipes" not in spec.document
    assert before.document == spec.document


def test_a_long_spec_comes_back_whole_of_a_record_that_is_short() -> None:
    valves = "\n".join(f'V{number} = {{ kind = "valve", interface = "i", word = "é{number}" }}' for number in range(2000))
    spec = parse(f'spec = "1.0"\n[interfaces.i]\nget = {{ url = "/{{id}}", reply = "{{word}}" }}\n[devices]\n{valves}')

    assert len(spec.text) > LONG
    assert len(record_of(spec)) < len(spec.text) / 2
    assert kept(spec, BUILT_IN).spec == spec
