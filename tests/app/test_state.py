"""A machine that gives the app random commands and knows in ten lines what must be read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.app.asking import Bench, on_file, on_memory

SWITCHES = {**{letter: f"Vanne{letter}" for letter in "ABCDEFGHIJ"}, "P1": "Pompe1", "R1": "Resistance1", "B2": "Bruleur2"}
SETPOINTS = {1: ("HotTank", "78.0"), 2: ("Ebu", "50"), 3: ("Mashtun", "50")}


class Commands(RuleBasedStateMachine):
    """No PID runs here, so what was commanded last is what is read."""

    bench: Bench

    @initialize()
    def fresh(self) -> None:
        self.bench = on_memory()
        self.states = dict.fromkeys(SWITCHES, 0)
        self.setpoints = {number: text for number, (_, text) in SETPOINTS.items()}

    @rule(name=st.sampled_from(list(SWITCHES)), on=st.integers(0, 1), method=st.sampled_from(["GET", "POST"]))
    def switch(self, name: str, on: int, method: str) -> None:
        answer = self.bench.ask(f"/{'start' if on else 'stop'}{name}.py", method)
        self.states[name] = on

        assert answer.body.decode() == f'{{"Sensor":"{SWITCHES[name]}","State":{on}}}'

    @rule(number=st.sampled_from(list(SETPOINTS)), value=st.decimals(0, 110, places=2))
    def set_setpoint(self, number: int, value: Any) -> None:
        self.bench.get(f"/setCible{number}_{value}.py")
        self.setpoints[number] = repr(float(value))

    @rule(
        path=st.sampled_from(
            ["/startZ.py", "/setCible1_200.py", "/setCible2_.py", "/setCible4_50.py", "/", "/rigs/X/startA.py", "/__admin/reset"]
        )
    )
    def refused(self, path: str) -> None:
        assert self.bench.ask(path).status in (400, 403, 404, 405)

    @rule(name=st.sampled_from(list(SWITCHES)), method=st.sampled_from(["HEAD", "PUT", "DELETE", "OPTIONS"]))
    def not_a_command(self, name: str, method: str) -> None:
        assert self.bench.ask(f"/start{name}.py", method).status in (204, 405)

    @rule()
    def reset(self) -> None:
        self.bench.get("/Reset.py")
        self.states = dict.fromkeys(SWITCHES, 0)
        self.setpoints = {number: text for number, (_, text) in SETPOINTS.items()}

    @rule(seconds=st.floats(0, 1e5))
    def wait(self, seconds: float) -> None:
        self.bench.wait(seconds)

    @rule()
    def restart(self) -> None:
        self.bench.restart()

    @invariant()
    def readings_are_what_was_commanded(self) -> None:
        for name, on in self.states.items():
            assert self.bench.get(f"/get{name}.py") == f'{{"Sensor":"{SWITCHES[name]}","State":{on}}}'
        for number, text in self.setpoints.items():
            assert self.bench.get(f"/getCible{number}.py") == f'{{"Sensor":"{SETPOINTS[number][0]}","Cible":{text}}}'

    @invariant()
    def reading_twice_reads_the_same(self) -> None:
        assert self.bench.get("/getTemp1.py") == self.bench.get("/getTemp1.py")


class CommandsOnFile(Commands):
    """The same over SQLite, with a folder of its own for each run."""

    @initialize()
    def fresh(self) -> None:
        super().fresh()
        self.folder = Path(tempfile.mkdtemp())
        self.bench = on_file(self.folder)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.bench.store.close()
            shutil.rmtree(self.folder)


TestOnMemory = Commands.TestCase
TestOnMemory.settings = settings(max_examples=60, stateful_step_count=30)
TestOnFile = CommandsOnFile.TestCase
TestOnFile.settings = settings(max_examples=30, stateful_step_count=30)
