"""Watching rules: what is found by shortcuts, of many rules at once, is so at every instant that one looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import plant as plants
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.conditions import Condition
from mockbrew.conditions import parse as parse_condition
from mockbrew.conditions.names import readings_of
from mockbrew.hazards.watch import Group, Watch, groups
from mockbrew.plant import Anchor, Look, Plant
from mockbrew.seeking.lookahead import Lookahead
from mockbrew.seeking.scene import Scene
from mockbrew.spec import parse

TEXT = """
spec = "1.0"
[vessels]
V = { capacity = 50, volume = 20 }
W = { capacity = 50, volume = 49, temperature = 60 }
[pipes]
Fill = { source = "mains", destination = "W", valves = ["A"] }
Round = { source = "V", destination = "W", valves = ["B"], pump = "P" }
[devices]
A = { kind = "valve" }
B = { kind = "valve" }
P = { kind = "pump" }
H = { kind = "heater", vessel = "V", power = 3000 }
T = { kind = "probe", vessel = "V", noise = 0.05 }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 45 }
[hazards]
warm = { when = "V.temperature > 40" }
on = { when = "H.on and V.temperature > 44.5" }
unasked = { when = "P.on and not C.on" }
shut = { when = "P.on and not B.on" }
wet = { when = "W.full and Fill.flow > 0" }
cooling = { when = "W.temperature < 59 and not A.on" }
power = { when = "H.power > 1000 or C.duty > 0.9" }
low = { when = "V.volume < 10 or W.temperature > 62" }
flickering = { when = "T > 20.02 and T < 45" }
"""
SPEC = parse(TEXT)
PLANT = Plant(SPEC)
CELL = PLANT.cell("V")
(ALL,) = groups(SPEC)
GROUP, FLICKERING = replace(ALL, rules=ALL.rules[:-1]), replace(ALL, rules=ALL.rules[-1:])  # what flickers takes long to follow
COMMANDS = [(name, verb) for name in "ABHP" for verb in ("turn_on", "turn_off")] + [("C", "start"), ("C", "start"), ("C", "stop")]

Doings = list[tuple[int, tuple[str, str]]]  # virtual ns, and what is commanded then


def history(doings: Doings) -> Iterator[tuple[int, Anchor]]:
    """From when on, and as what, the cell goes on by itself."""
    anchor = plants.initial(CELL, 0)
    yield 0, anchor
    for at, (device, verb) in doings:
        anchor, _ = plants.evolve(CELL, anchor, at, "s", limit=1_000_000)
        anchor = plants.command(CELL, anchor, at, "s", device, verb, {})
        yield at, anchor


def watched(doings: Doings, until: int, group: Group = GROUP) -> Watch:
    watch = Watch(PLANT, group, "s")
    for at, anchor in history(doings):
        while watch.at < at:
            watch.step(at)
        watch.enter(at, {"V": anchor}, None)
    while watch.at < until:
        watch.step(until)
    return watch


def broken(watch: Watch, at: int) -> set[str]:
    """The rules that are broken at an instant, by what was found."""
    found = [*watch.found, *watch.lasting.values()]
    return {each.rule for each in found if each.begins <= at and (each.ends is None or at < each.ends)}


def looked(doings: Doings, at: int, group: Group = GROUP) -> set[str]:
    """The same, by looking."""
    *_, anchor = (anchor for begins, anchor in history(doings) if begins <= at)
    evolved, _ = plants.evolve(CELL, anchor, at, "s", limit=1_000_000)
    look = Look(CELL, evolved, at, "s")
    return {rule.name for rule in group.rules if rule.when.holds(lambda each: look.reading(each.device, each.reading))}


waits = st.sampled_from([0.5, 7.0, 100.0, 900.0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(waits, st.sampled_from(COMMANDS)), max_size=6), rest=waits, shares=st.lists(st.floats(0, 1), max_size=8))
def test_what_is_found_is_what_a_look_shows_at_any_instant(
    steps: list[tuple[float, tuple[str, str]]], rest: float, shares: list[float]
) -> None:
    at, doings = 0, list[tuple[int, tuple[str, str]]]()
    for wait, command in steps:
        at += nanoseconds(wait)
        doings.append((at, command))
    until = at + nanoseconds(rest)
    watch = watched(doings, until)
    turns = sorted({turn for each in [*watch.found, *watch.lasting.values()] for turn in (each.begins, each.ends) if turn})
    some = turns[:: len(turns) // 8 + 1]  # a controller makes hundreds

    for moment in {*some, *(turn - 1 for turn in some), *(int(share * (until - 1)) for share in shares)}:
        assert broken(watch, moment) == looked(doings, moment), moment


def test_what_comes_and_goes_between_two_boundaries_is_found_each_time() -> None:
    until = 60 * SECOND
    watch = watched([], until, FLICKERING)  # nothing happens; a probe takes a noisy sample each 0.75 s

    samples = range(0, until, nanoseconds(0.75))
    assert len(watch.found) > 5
    assert [at for at in samples if broken(watch, at)] == [at for at in samples if looked([], at, FLICKERING)]


def test_what_was_foreseen_does_not_hide_what_a_command_does_at_its_end() -> None:
    at = 16 * SECOND
    doings = [(0, ("C", "start")), (at, ("H", "turn_on")), (at, ("A", "turn_on")), (at, ("A", "turn_off"))]
    rules = parse(TEXT[: TEXT.index("[hazards]")] + '[hazards]\nopen = { when = "A.on and V.volume < 30 and V.temperature < 90" }')
    (group,) = groups(rules)
    watch = Watch(PLANT, group, "s")
    for begins, anchor in history(doings):
        while watch.at < begins:
            watch.step(begins)
        if begins:
            watch.step(begins)
        watch.enter(begins, {"V": anchor}, None)
    watch.step(at)

    assert [(each.begins, each.ends) for each in watch.found] == [(at, at)]


def condition(text: str) -> Condition:
    return parse_condition(text, readings_of({device.name: device for device in CELL.devices}))


def test_a_calm_looks_ahead_across_boundaries_and_never_too_far() -> None:
    anchor = plants.command(CELL, plants.initial(CELL, 0), 0, "s", "C", "start", {})
    scene = Scene(PLANT, {"V": anchor}, 0, "s")
    lookahead, day = Lookahead(condition("V.temperature > 90")), 86_400 * SECOND

    for _ in range(20):
        lookahead.foresee(scene, day)
        scene.at = lookahead.until + 1
        scene.evolve(limit=1_000_000)

    assert 600 * SECOND < lookahead.until <= day


def test_a_calm_forgets_when_something_happens() -> None:
    scene = Scene(PLANT, {"V": plants.initial(CELL, 0)}, 0, "s")
    lookahead = Lookahead(condition("V.temperature > 90"))
    lookahead.foresee(scene, 3600 * SECOND)
    assert lookahead.until > 0

    lookahead.forget()

    assert lookahead.until < 0


def test_a_switch_that_stands_still_is_enough_for_a_calm_until_it_is_another() -> None:
    off, lookahead = plants.initial(CELL, 0), Lookahead(condition("A.on and V.volume < 30"))
    on = plants.command(CELL, off, 0, "s", "A", "turn_on", {})

    assert lookahead.lasts(Scene(PLANT, {"V": off}, 0, "s"), SECOND)
    assert not lookahead.lasts(Scene(PLANT, {"V": on}, 0, "s"), SECOND)
    assert lookahead.lasts(Scene(PLANT, {"V": off}, 0, "s"), SECOND)
