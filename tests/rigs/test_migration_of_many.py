"""A changed spec of many cells: what is quick is as right as what looks at all of them, and looks at few."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.breweries import breweries
from mockbrew import create_app, files, kept_specs, plant
from mockbrew.plant import Plant
from mockbrew.restless import is_restless
from mockbrew.rigs import DEFAULT
from mockbrew.spec import Spec, parse
from tests.app.asking import Bench, ask, on_memory
from tests.rigs.changing import NEW_VALVE, RIG, change

HEAD = RIG.partition("[vessels]")[0]
WARMTH = st.sampled_from([20, 20, 20, 35, 80])  # degC; 20 is ambient
RULE = st.sampled_from(["", "", "", "hot{n} = {{ when = 'T{n} > 60' }}", "hot{n} = {{ when = 'V{n}.temperature > 60', refuse = true }}"])


@st.composite
def cells(draw: st.DrawFn) -> list[tuple[int, str, bool]]:
    """Of each cell how warm its vessel is, what must not be of it, and whether its heater is turned on."""
    return draw(st.lists(st.tuples(WARMTH, RULE, st.booleans()), min_size=1, max_size=5))


def written(drawn: list[tuple[int, str, bool]]) -> str:
    numbered = [(number, *cell) for number, cell in enumerate(drawn)]
    vessels = [f"V{n} = {{ capacity = 50, volume = 40, temperature = {warmth} }}" for n, warmth, _, _ in numbered]
    devices = [
        f'H{n} = {{ kind = "heater", interface = "switch", vessel = "V{n}", power = 900 }}\n'
        f'T{n} = {{ kind = "probe", interface = "probe", vessel = "V{n}" }}'
        for n, *_ in numbered
    ]
    rules = [rule.format(n=n) for n, _, rule, _ in numbered if rule]
    return "\n".join([HEAD, "[vessels]", *vessels, "[devices]", *devices, "[hazards]", *rules, ""])


def shown(bench: Bench) -> Any:
    """All that the rig shows, but for the new valve."""
    state = json.loads(bench.admin("GET", "state").body)
    return {table: {name: each for name, each in state[table].items() if name != "K"} for table in ("vessels", "devices")}


def restless_of(spec: Spec) -> set[str]:
    return {cell[0] for cell in spec.cells if is_restless(Plant(spec), cell[0])}


@settings(max_examples=40)
@given(drawn=cells(), seconds=st.sampled_from([0.0, 1.5, 600.0, 36_000.0]), other=st.sampled_from(["", ", wall = 5"]))
def test_all_devices_go_on_and_what_has_moved_is_written(drawn: list[tuple[int, str, bool]], seconds: float, other: str) -> None:
    bench = on_memory(written(drawn))
    bench.get("/getT0")
    on = {f"V{n}" for n, (_, _, heated) in enumerate(drawn) if heated and bench.ask(f"/startH{n}").status == 200}
    bench.wait(seconds)
    before, old = shown(bench), bench.app.spec

    bench.text = bench.text.replace("volume = 40", f"volume = 40{other}")
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/getT0")

    assert shown(bench) == before
    with bench.store.transaction() as transaction:
        rig = transaction.rig(DEFAULT)
        assert rig is not None
        assert rig.spec == bench.app.spec.digest
        restless = restless_of(old) | restless_of(bench.app.spec)
        ruled = {f"V{n}" for n, (_, rule, _) in enumerate(drawn) if rule}
        assert {name for name, _ in transaction.cells(rig)} == on | (restless if other else restless & ruled)


@pytest.mark.parametrize("moved", [1, 7])
@pytest.mark.parametrize("changed", [0, 1])
def test_of_thousands_of_devices_those_are_looked_at_that_have_moved_and_are_others_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int, changed: int
) -> None:
    file, store = tmp_path / "spec.toml", f"sqlite:///{tmp_path / 'state.db'}"
    text = breweries(3000)
    file.write_text(text)
    old = create_app(file, store)
    for number in range(1, moved + 1):
        assert ask(old, f"/startA_{number}.py").status == 200
    text = text.replace("[devices]\n", '[devices]\nK = { kind = "valve", interface = "switch", sensor = "K" }\n')
    file.write_text(re.sub("(B1_1 = .*power = )", r"\g<1>1", text) if changed else text)
    new = create_app(file, store)
    parsed, read, built = (
        count(monkeypatch, files, "parse"),
        count(monkeypatch, kept_specs, "from_document"),
        count(monkeypatch, plant, "build"),
    )

    assert ask(new, "/getK.py").body == b'{"Sensor":"K","State":0}'

    size = len(parse(breweries(22)).entries)
    assert parsed == []
    assert sum(len(spec.entries) for spec in read) == changed * size
    assert len(new.spec.entries) > 100 * size
    assert len(built) <= 2 + 4 * changed
    assert ask(new, "/getA_1.py").body == b'{"Sensor":"VanneA","State":1}'


def count(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[Any]:
    """What a function of a module gives from now on."""
    given, called = list[Any](), getattr(module, name)

    def counting(*arguments: Any) -> Any:
        given.append(called(*arguments))
        return given[-1]

    monkeypatch.setattr(module, name, counting)
    return given
