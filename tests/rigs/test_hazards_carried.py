"""A changed spec and hazards: what happened before is held against the old rules, what happens after against the new ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.valve import Valve
from mockbrew.errors import StillEvolving
from mockbrew.migration import migrate
from mockbrew.rigs import DEFAULT
from tests.app.asking import Bench
from tests.rigs.changing import change
from tests.rigs.small import Stopwatch

RULES = """[hazards]
open = { when = "A.on" }
heated = { when = "H.on and Kettle.volume > 30" }
[devices]
"""


def hazards(bench: Bench) -> list[tuple[Any, ...]]:
    return [(each["rule"], each["begins"], each["ends"]) for each in bench.admin("GET", "hazards").json()["hazards"]]


def test_what_lasts_at_a_change_ends_there_under_the_old_rules_and_begins_there_under_the_new_ones(bench: Bench) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/startA")
    bench.wait(10)
    bench.get("/stopA")
    bench.get("/startH")
    bench.wait(10)

    change(bench, "Kettle.volume > 30", "Kettle.volume > 20")
    bench.get("/getA")
    bench.wait(10)

    assert hazards(bench) == [("open", 0.0, 10.0), ("heated", 10.0, 20.0), ("heated", 20.0, None)]


def test_what_was_found_stays_when_its_rule_goes(bench: Bench) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/startA")
    bench.wait(10)

    change(bench, RULES, "[devices]\n")
    bench.get("/getA")
    bench.wait(10)

    assert hazards(bench) == [("open", 0.0, 10.0)]


def test_a_device_that_goes_takes_its_rule_with_it(bench: Bench) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/startA")
    bench.wait(10)
    bench.text = bench.text.replace('open = { when = "A.on" }\n', "")
    change(bench, 'A = { kind = "valve", interface = "switch" }\n', "")
    bench.get("/getB")
    bench.wait(10)

    assert hazards(bench) == [("open", 0.0, 10.0)]


class Gate(Valve):
    """A kind of some distribution."""

    kind = "gate"


def test_a_kind_that_is_no_longer_installed_takes_its_rules_with_it_and_the_others_are_judged(bench: Bench) -> None:
    bench.kinds = {**BUILT_IN, "gate": Gate}
    rules = RULES.replace("[devices]\n", 'gate = { when = "G.on" }\n[devices]\nG = { kind = "gate", interface = "switch" }\n')
    change(bench, "[devices]\n", rules)
    bench.get("/startG")
    bench.get("/startA")
    bench.wait(10)

    bench.kinds = BUILT_IN
    change(bench, rules, RULES)
    bench.get("/getB")
    bench.wait(10)

    assert ("open", 0.0, 10.0) in hazards(bench)
    assert "gate" not in {rule for rule, _, _ in hazards(bench)}


def test_a_log_that_can_t_be_read_does_not_hold_the_change_back(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/startA")
    bench.wait(10)
    (row,) = bench.store.rigs()
    (event,) = bench.store.events(row, "A")
    with bench.store.transaction() as transaction:
        row = replace(row, events=row.events + 1)
        transaction.append(row, replace(event, number=row.events, base="[[1"))
        transaction.put_rig(row)

    change(bench, "Kettle.volume > 30", "Kettle.volume > 20")

    assert bench.get("/getA") == "1"
    assert "is not judged for hazards up to the change of its spec" in caplog.text


@pytest.mark.parametrize("behind", [0, 100_000])  # s of a rig that nobody looked at
def test_what_takes_longer_to_judge_than_one_request_may_does_not_hold_the_change_back(
    bench: Bench, behind: float, caplog: pytest.LogCaptureFixture
) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/startA")
    bench.get("/startC")
    for _ in range(40):
        bench.wait(2500)
        bench.get("/getT")
    bench.wait(behind)
    bench.text = bench.text.replace("Kettle.volume > 30", "Kettle.volume > 20")
    tries = 0
    while bench.store.rigs()[0].spec != bench.read_spec().digest and tries < 50:
        tries += 1
        with suppress(StillEvolving):
            migrate(bench.store, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(0.01))
    bench.restart()

    last = bench.admin("GET", "journal").json()["entries"][-1]
    assert tries < 50
    assert ("open", 0.0) in {(rule, begins) for rule, begins, _ in hazards(bench)}
    assert (last["verb"], last["unjudged"], last["time"]) == ("migrate", True, 100_000 + behind)
    assert "not all that it went through is judged for hazards before its spec is changed: still computing" in caplog.text
    assert bench.get("/getA") == "1"


def test_what_began_at_the_very_instant_of_a_change_is_told_once(bench: Bench) -> None:
    change(bench, "[devices]\n", RULES)
    bench.get("/getA")
    bench.wait(10)
    bench.get("/startA")
    assert hazards(bench) == [("open", 10.0, None)]

    change(bench, 'open = { when = "A.on" }\n', 'open = { when = "A.on and B.on" }\n')
    bench.get("/getA")

    assert hazards(bench) == [("open", 10.0, 10.0)]
    bench.wait(10)
    assert hazards(bench) == [("open", 10.0, 10.0)]
