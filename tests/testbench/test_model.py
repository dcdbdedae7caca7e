"""The bench against a simple model: whatever clients do to rigs, clocks, faults, snapshots and states, through either of two processes.

After every step both processes show the same bytes of every rig, and what the model says of it: that is also what refusals change.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.testbench.rules.clients import Clients
from tests.testbench.rules.faults import Faults
from tests.testbench.rules.refused import Refused
from tests.testbench.rules.rigs import Rigs
from tests.testbench.rules.time import Time
from tests.testbench.together import Together


class Anything(Time, Clients, Faults, Rigs, Refused):
    """All that can be done."""


class Memory(Anything):
    url = "memory://"


class Sqlite(Anything):
    url = "sqlite:///{}"

    def nothing_is_left(self) -> None:
        tables = ("rig", "cell", "ahead", "event", "note", "journal", "garbage")
        with closing(sqlite3.connect(self.file)) as connection:
            left = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        assert left == dict.fromkeys(tables, 0)


@pytest.mark.parametrize("machine", [Memory, Sqlite])
def test_a_bench_does_what_a_simple_model_does(machine: type[Together]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=50))
