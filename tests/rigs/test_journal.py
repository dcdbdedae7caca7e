"""The journal: every command and what it changed, bounded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mockbrew import journal, roster
from mockbrew.clock import SECOND
from mockbrew.journal.recorder import Recorder
from mockbrew.messages import Asked, Order, Request
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import Entry
from mockbrew.testbench import snapshots
from mockbrew.testbench.faults import set_faults
from mockbrew.testbench.restoring import restore
from tests.rigs.small import Bench


def shown(rig: Bench) -> list[dict[str, Any]]:
    """The whole journal as the control plane shows it."""
    row = rig.rigs.row(DEFAULT)
    return [journal.shown(row, entry) for entry in journal.entries(rig.store, row)]


def changed(rig: Bench, device: str, verb: str, **arguments: object) -> object:
    """What the journal says that a command changed."""
    rig.command(device, verb, **arguments)
    return shown(rig)[-1]["changes"]


def test_a_command_is_in_the_journal_with_what_was_asked_answered_and_changed(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(12.5)
    rig.rigs.command(
        DEFAULT, Order("C", "set_setpoint", {"setpoint": 65.0}), lambda look: b'{"Cible":65.0}', Asked("GET", "/setCible_65.py")
    )

    first, second = shown(rig)
    wall = second.pop("wall")
    assert (first["number"], first["time"], first["changes"]) == (1, 0.0, {"A": {"state": [0, 1]}})
    assert second == {
        "number": 2,
        "run": 1,
        "rig": "default",
        "time": 12.5,
        "event": 2,
        "method": "GET",
        "url": "/setCible_65.py",
        "device": "C",
        "verb": "set_setpoint",
        "arguments": {"setpoint": 65.0},
        "status": 200,
        "reply": '{"Cible":65.0}',
        "changes": {"C": {"setpoint": [60, 65.0]}},
    }
    assert wall == journal.wall_text(rig.store.wall())


def test_wall_time_is_written_in_utc() -> None:
    assert journal.wall_text(1_700_000_000 * SECOND + 1_234_567) == "2023-11-14T22:13:20.001234Z"


def test_a_stop_shows_the_outputs_that_it_switches_off_and_nothing_that_moves_by_itself(rig: Bench) -> None:
    started = changed(rig, "C", "start")
    rig.wait(60)

    stopped = changed(rig, "C", "stop")
    assert started == {"H": {"state": [0, 1]}, "P": {"state": [0, 1]}, "C": {"state": [0, 1]}}
    assert stopped == {"H": {"state": [1, 0]}, "P": {"state": [1, 0]}, "C": {"state": [1, 0]}}


def test_a_command_that_changes_nothing_says_so(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(60)

    assert changed(rig, "H", "turn_on") == {}


def test_a_reset_is_in_the_journal_which_goes_on(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.rigs.reset(DEFAULT, lambda: b"done", Asked("GET", "/Reset.py"))
    rig.command("A", "turn_on")

    assert [(entry["number"], entry["verb"]) for entry in shown(rig)] == [(1, "turn_on"), (2, "reset"), (3, "turn_on")]


def test_a_command_that_failed_is_not_told_as_done(rig: Bench) -> None:
    rig.command("A", "turn_on")

    def broken(look: object) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rig.rigs.command(DEFAULT, Order("A", "turn_off", {}), broken)

    assert [entry["verb"] for entry in shown(rig)] == ["turn_on"]


def test_a_long_reply_is_cut_and_says_so(rig: Bench) -> None:
    rig.rigs.command(DEFAULT, Order("A", "turn_on", {}), lambda look: "é".encode() * journal.REPLY)
    rig.rigs.command(DEFAULT, Order("A", "turn_on", {}), lambda look: "é".encode() * (journal.REPLY + 1))

    kept, cut = shown(rig)
    assert (kept["reply"], "cut" in kept) == ("é" * journal.REPLY, False)
    assert (cut["reply"], cut["cut"]) == ("é" * journal.REPLY, True)


def test_an_entry_that_would_be_too_long_keeps_what_is_short_of_it(rig: Bench) -> None:
    rig.command("A", "turn_on")
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row is not None
        said = {"verb": "patch", "status": 200, "url": "x" * 40_000, "arguments": {str(number): number for number in range(9_000)}}
        transaction.put_rig(journal.write(transaction, row, 0, 0, said))

    entry = shown(rig)[-1]
    assert {name: entry[name] for name in ("verb", "status", "url", "cut")} == {
        "verb": "patch",
        "status": 200,
        "url": "x" * journal.SHORT,
        "cut": True,
    }
    assert "arguments" not in entry


def test_no_entry_is_longer_than_the_longest_whatever_it_says(rig: Bench) -> None:
    rig.look()
    long = dict.fromkeys(("method", "url", "device", "verb", "reply", "fault"), "\U0001f37a" * 5_000)
    row = rig.rigs.row(DEFAULT)
    with rig.store.transaction() as transaction:
        transaction.put_rig(journal.write(transaction, row, 0, 0, {**long, "status": 200, "arguments": long, "changes": long}))

    (entry,) = rig.store.journal(rig.rigs.row(DEFAULT), 0, 10)
    assert len(entry.body) <= journal.LONGEST
    assert json.loads(entry.body)["reply"] == "\U0001f37a" * journal.SHORT


def test_a_text_that_is_no_unicode_is_kept(rig: Bench) -> None:
    rig.rigs.command(DEFAULT, Order("A", "turn_on", {}), lambda look: b"\xff", Asked("GET", "/\udcff"))

    assert (shown(rig)[0]["url"], shown(rig)[0]["reply"]) == ("/\udcff", "�")


def test_the_oldest_entries_go_in_batches(rig: Bench) -> None:
    rig.command("A", "turn_on")
    row = rig.rigs.row(DEFAULT)
    filled = journal.KEPT + journal.BATCH - row.entries - 1 - (journal.KEPT + journal.BATCH) % journal.BATCH
    with rig.store.transaction() as transaction:
        for number in range(2, filled + 2):
            transaction.record(row, Entry(number, row.run, 0, 0, "{}"))
        transaction.put_rig(replace(row, entries=filled + 1))

    numbers = [[entry.number for entry in journal.entries(rig.store, rig.rigs.row(DEFAULT))]]
    for _ in range(2):
        rig.command("A", "turn_on")
        numbers.append([entry.number for entry in journal.entries(rig.store, rig.rigs.row(DEFAULT))])

    assert [(each[0], len(each)) for each in numbers] == [
        (1, filled + 1),
        (filled + 3 - journal.KEPT, journal.KEPT),
        (filled + 3 - journal.KEPT, journal.KEPT + 1),
    ]


def test_a_reading_does_not_touch_the_journal(rig: Bench) -> None:
    rig.command("A", "turn_on")
    for _ in range(3):
        rig.look()

    assert len(shown(rig)) == 1


def test_entries_are_json(rig: Bench) -> None:
    rig.command("A", "turn_on")

    (entry,) = journal.entries(rig.store, rig.rigs.row(DEFAULT))
    assert json.loads(entry.body)["device"] == "A"


def test_what_vessels_do_is_no_change(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(7200)
    assert rig.reading("Kettle", "boiling") == 1

    assert changed(rig, "H", "turn_off") == {"H": {"state": [1, 0]}}
    assert rig.reading("Kettle", "boiling") == 0


def test_an_actuator_that_does_not_do_what_it_is_told_is_told_with_what_it_does(rig: Bench) -> None:
    set_faults(rig.rigs, (), DEFAULT, {"": {"fault": "stuck_off", "device": "A"}})

    assert changed(rig, "A", "turn_on") == {"A": {"state": [0, 1], "on": [0, 0]}}


# -- requests that are no commands that were done --------------------------------------------------------------------

ASKED = Request("GET", "/getA.py", DEFAULT, {})


def test_what_was_seen_in_an_earlier_run_is_told_of_that_run(rig: Bench) -> None:
    rig.command("A", "turn_on")
    seen = rig.rigs.row(DEFAULT)
    snapshots.take(rig.rigs, DEFAULT, "here")
    restore(rig.rigs, DEFAULT, "here")

    Recorder(rig.store).saw(seen, 5, ASKED, 200, b"", {})

    assert [entry["run"] for entry in shown(rig)] == [1, 1, 2, 1]


def test_what_was_seen_of_a_rig_that_is_deleted_is_not_told_of_the_next_one(rig: Bench) -> None:
    rig.command("A", "turn_on")
    seen = rig.rigs.row(DEFAULT)
    roster.delete(rig.store, DEFAULT)
    Recorder(rig.store).saw(seen, 5, ASKED, 200, b"", {})
    rig.command("A", "turn_on")
    Recorder(rig.store).saw(seen, 5, ASKED, 200, b"", {})

    assert [entry["verb"] for entry in shown(rig)] == ["turn_on"]
