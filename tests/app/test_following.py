"""An app whose spec was edited while it ran: it goes on with the old one until the rig does, then it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.asking import REFERENCE_TEXT, Bench, on_file

VALVE_K = 'K = { kind = "valve", interface = "switch", sensor = "VanneK" }'
WITH_K = REFERENCE_TEXT.replace("[devices]\n", f"[devices]\n{VALVE_K}\n")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An app that runs, with a rig that a second app on the same store and an edited spec has taken over."""
    bench = on_file(tmp_path)
    bench.get("/startA.py")
    bench.text = WITH_K
    return bench


def taken_over(bench: Bench) -> None:
    """What another process does that has started since."""
    assert Bench(bench.store, WITH_K, machine=bench.machine).get("/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_an_edited_spec_changes_nothing_before_a_new_process_serves_it(bench: Bench) -> None:
    assert bench.ask("/startK.py").status == 404
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


@pytest.mark.parametrize("path", ["/startK.py", "/getK.py"])
def test_an_old_process_knows_a_new_device_at_once_when_the_rig_has_it(bench: Bench, path: str) -> None:
    taken_over(bench)

    assert bench.get(path) == f'{{"Sensor":"VanneK","State":{int(path == "/startK.py")}}}'
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_a_refusal_that_the_new_spec_would_give_too_stays_one(bench: Bench) -> None:
    taken_over(bench)

    assert bench.ask("/startL.py").status == 404
    assert bench.ask("/getA.py", "DELETE").status == 405
    assert bench.ask("/setCible1_999.py").status == 400


def test_an_unknown_path_is_told_so_where_the_store_can_t_be_used(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"no database")
    bench = on_file(tmp_path)

    assert bench.ask("/getA.py").status == 503
    assert bench.ask("/getZ.py").status == 404
    assert (tmp_path / "state.db").read_bytes() == b"no database"
