"""The wire contract: every URL of the document, byte for byte, and the sequences that it implies."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.app.asking import Bench, on_memory

DOCUMENT = json.loads((Path(__file__).parent.parent / "contract" / "examples.json").read_text("utf-8"))
EXAMPLES: list[tuple[str, str | None]] = [(entry["path"], entry["example"]) for entry in DOCUMENT["endpoints"]]


@pytest.fixture
def bench() -> Bench:
    return on_memory()


def prepare(bench: Bench, path: str, example: str) -> None:
    """Bring the rig into the state that the example of a reading shows."""
    shown = re.fullmatch(r'\{"Sensor":"[^"]*","(State|PID)":1\}', example)
    if shown and path.startswith("/get"):
        bench.get(path.replace("/get", "/start"))


def form(path: str, body: str) -> str:
    """The body; of a temperature, a snapshot of some plant, that it is a float."""
    return re.sub(r"-?[0-9]+\.[0-9]+", "a float", body) if path.startswith("/getTemp") else body


def test_the_document_has_73_urls() -> None:
    assert len({path for path, _ in EXAMPLES}) == len(EXAMPLES) == 73


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_every_url_of_the_document_answers_as_it_shows(bench: Bench, path: str, example: str | None) -> None:
    example = example or '{"Sensor":"Reset","State":1}'
    prepare(bench, path, example)

    answer = bench.ask(path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert form(path, answer.body.decode()) == form(path, example)


@pytest.mark.parametrize("device", [*"ABCDEFGHIJ", "R1", "B1", "B2", "P1", "P2", "P3", "PID1", "PID2", "PID3"])
def test_start_and_stop_are_read_back(bench: Bench, device: str) -> None:
    before, started = bench.get(f"/get{device}.py"), bench.get(f"/start{device}.py")

    assert started.endswith(":1}")
    assert bench.get(f"/get{device}.py") == started
    assert bench.get(f"/stop{device}.py") == before
    assert bench.get(f"/get{device}.py") == before


@pytest.mark.parametrize(("text", "number"), [("66.5", "66.5"), ("65", "65.0"), ("0", "0.0"), ("110", "110.0"), ("007.50", "7.5")])
def test_any_setpoint_within_the_limits_is_set_and_read_back_as_a_float(bench: Bench, text: str, number: str) -> None:
    assert bench.get(f"/setCible1_{text}.py") == f'{{"Sensor":"HotTank","Cible":{number}}}'
    assert bench.get("/getCible1.py") == f'{{"Sensor":"HotTank","Cible":{number}}}'


def test_setting_the_third_setpoint_says_ebu_as_the_document_does_and_moves_the_mashtun_s(bench: Bench) -> None:
    assert bench.get("/setCible3_52.py") == '{"Sensor":"Ebu","Cible":52.0}'

    assert bench.get("/getCible3.py") == '{"Sensor":"Mashtun","Cible":52.0}'
    assert bench.get("/getCible2.py") == '{"Sensor":"Ebu","Cible":50}'


def test_deleting_one_line_of_the_spec_puts_that_reply_right() -> None:
    lines = [line for line in on_memory().text.splitlines() if not line.startswith("PID3.set_target.reply")]
    bench = on_memory("\n".join(lines))

    assert bench.get("/setCible3_52.py") == '{"Sensor":"Mashtun","Cible":52.0}'


@pytest.mark.parametrize(
    "text", ["", "-1", "110.1", "1e3", "+66", "66.", ".5", " 66", "6_6", "nan", "1234567", "66.1234567890123", "Ù¦Ù¦", "x"]
)
def test_any_other_setpoint_is_refused_with_the_range_and_changes_nothing(bench: Bench, text: str) -> None:
    answer = bench.ask(f"/setCible1_{text}.py")

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["wanted"] == "a number from 0 to 110 degC, written like 66 or 66.5"
    assert bench.get("/getCible1.py") == '{"Sensor":"HotTank","Cible":78.0}'


def test_reset_restores_every_reading_exactly(bench: Bench) -> None:
    readings = [path for path, _ in EXAMPLES if path.startswith("/get")]
    before = [bench.get(path) for path in readings]
    for path, _ in EXAMPLES:
        if path.startswith(("/start", "/set")):
            bench.get(path)
    bench.wait(3600)
    disturbed = [bench.get(path) for path in readings]

    assert bench.get("/Reset.py") == '{"Sensor":"Reset","State":1}'

    assert [bench.get(path) for path in readings] == before != disturbed


def test_a_started_pid_switches_its_burner_and_its_pump_and_heats(bench: Bench) -> None:
    bench.get("/startPID1.py")

    assert (bench.get("/getB1.py"), bench.get("/getP1.py")) == ('{"Sensor":"Bruleur1","State":1}', '{"Sensor":"Pompe1","State":1}')
    bench.wait(3600)
    assert json.loads(bench.get("/getTemp1.py"))["Temp"] == pytest.approx(78, abs=0.2)
    bench.get("/stopPID1.py")
    assert bench.get("/getB1.py") == '{"Sensor":"Bruleur1","State":0}'


def test_adding_valve_k_is_adding_one_line() -> None:
    bench = on_memory(
        on_memory().text.replace("[devices]", '[devices]\nK = { kind = "valve", interface = "switch", sensor = "VanneK" }', 1)
    )

    assert [bench.get(f"/{verb}K.py") for verb in ("get", "start", "get", "stop", "get")] == [
        f'{{"Sensor":"VanneK","State":{state}}}' for state in (0, 1, 1, 0, 0)
    ]
