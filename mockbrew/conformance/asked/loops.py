"""Loops: what controllers do with their outputs. A setpoint below what the probe shows heats nothing; above it only what is safe may."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from mockbrew.conformance.asked import commands
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.contract import Command
from mockbrew.conformance.known.plan import of_device
from mockbrew.conformance.known.prediction import outputs
from mockbrew.conformance.known.trials import command, written
from mockbrew.conformance.results import Difference
from mockbrew.conformance.safe.guard import Unsafe
from mockbrew.conformance.safe.session import Session
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.devices.loop import Loop

FAR = 30.0  # K above what the probe shows: full power of any controller that is of use
ENOUGH = 10.0  # K


def settings(session: Session, device: Device) -> list[Command]:
    """The commands that leave it on or off as it is."""
    known = session.known[device.name]
    return [each for each in plan.orders(session.contract, device.name) if known.keeps(each) >= set(known.switches)]


def control(session: Session, device: Device) -> None:
    """Its settings while it is off, then on and off, then what it does. Raises Unsafe, Stopped."""
    calm = settings(session, device)
    switching = [each for each in plan.orders(session.contract, device.name) if each not in calm]
    if calm:
        commands.exercise(session, device.name, calm)
    for point in session.contract.commanding(device.name):
        if point.endpoint.arguments:
            commands.bad_arguments(session, point)
    if isinstance(device, Loop):
        set_to(session, device, device.lowest)
    switch(session, device, switching)
    if isinstance(device, Loop):
        _rest(session, device)
        _heat(session, device)


def switch(session: Session, device: Device, given: Sequence[Command]) -> None:
    """All of these commands, or, where something may not be switched on, those that switch it off. Raises Unsafe, Stopped."""
    try:
        for each in given:
            session.allow(each)
    except Unsafe:
        commands.exercise(session, device.name, [each for each in given if not session.guard.kindles(each)])
        raise
    commands.exercise(session, device.name, given)
    if session.guard.guarded(device):
        session.extinguish([device.name])


def set_to(session: Session, loop: Loop, setpoint: float) -> bool:
    """Whether its setpoint is this now. Raises Unsafe, Stopped."""
    points = [point for point in session.contract.commanding(loop.name) if point.endpoint.arguments == ("setpoint",)]
    for order in (command(point, [written(setpoint)]) for point in points[:1]):
        if order is not None:
            session.give(order)
            session.settle(loop.name)
            return session.own(loop.name).get("setpoint") == setpoint
    return False


def _rest(session: Session, loop: Loop) -> None:
    """On, with its least setpoint: nothing heats."""
    due = of_device("rests", loop.name)
    session.begin()
    set_to(session, loop, loop.lowest)
    session.look({loop.probe, *outputs(loop)})
    start = _start(session, loop)
    if start is None or not session.guard.cold(loop):
        session.ledger.skip(due, "its setpoint cannot be brought below what its probe shows, or its heaters are not shown")
        return
    try:
        session.give(start)
        session.wait(_cycle(session, loop))
    except Unsafe as unsafe:
        if not unsafe.burning:
            raise
        session.ledger.note(due, [_shown(session, name, 0) for name in unsafe.burning], session.trail)
        return
    session.ledger.note(due, (), session.trail)
    session.extinguish([loop.name])


def _heat(session: Session, loop: Loop) -> None:
    """On, far below its setpoint: its outputs come on, and go off with it."""
    session.begin()
    session.inspect({loop.name, loop.probe, *outputs(loop)})
    why = _obstacle(session, loop)
    start = _start(session, loop)
    if why or start is None:
        for name in ("heats", "releases"):
            session.ledger.skip(of_device(name, loop.name), why or "no command starts it")
        return
    set_to(session, loop, _far(session, loop))
    session.give(start)
    _release(session, loop, _started(session, loop))


def _started(session: Session, loop: Loop) -> list[str]:
    """Its outputs come on; those that did."""
    due = of_device("heats", loop.name)
    driven = [name for name in outputs(loop) if session.known[name].visible]
    seen = _come_on(session, loop, driven)
    off = [name for name in driven if name not in seen]
    if off and all(map(session.ruled, off)):
        session.ledger.skip(due, f"{', '.join(off)} did not come on, which a rule of the spec may refuse")
    else:
        session.ledger.note(due, [_shown(session, name, 1) for name in off], session.trail)
    return [name for name in driven if name in seen]


def _release(session: Session, loop: Loop, driven: Sequence[str]) -> None:
    """Stop it while its outputs are on."""
    due = of_device("releases", loop.name)
    session.begin()
    stop = next((each for each in plan.orders(session.contract, loop.name) if session.known[loop.name].quenches(each)), None)
    if stop is None or not driven:
        session.ledger.skip(due, "none of its outputs came on" if stop else "no command stops it")
    else:
        session.give(stop)
        session.settle(loop.name)
        left = [name for name in driven if session.shows_on(name) and session.shows_on(name)]
        session.ledger.note(due, [_shown(session, name, 0) for name in left], session.trail)
    session.extinguish([loop.name, *session.guard.burning()])


def _come_on(session: Session, loop: Loop, driven: Sequence[str]) -> set[str]:
    """Which outputs have been on within a sample and a window."""
    seen: set[str] = set()
    left, step = _cycle(session, loop), min(session.pace.step, loop.sample)
    while True:
        session.look(set(driven))
        seen |= {name for name in driven if session.known[name].on(session.knowledge.of(name))}
        if left <= 0 or seen >= set(driven):
            return seen
        session.wait(min(step, left))
        left -= step


def _cycle(session: Session, loop: Loop) -> float:
    """s in which it has certainly done something."""
    care = session.contract.spec.verify.care
    settle = max(care(name).settle for name in (loop.name, *outputs(loop)))
    return 2 * loop.sample + float(getattr(loop, "window", 0.0)) + settle


def _obstacle(session: Session, loop: Loop) -> str:
    """Why it may not heat, or nothing could be seen of it."""
    driven = [name for name in outputs(loop) if session.known[name].visible]
    if not driven:
        return "no endpoint shows any of its outputs"
    value = _value(session, loop)
    if value is None:
        return f"{loop.probe} shows no temperature"
    if _far(session, loop) < value + ENOUGH:
        return f"its highest setpoint, {loop.highest:g} degC, is not far above what {loop.probe} shows"
    return session.guard.uncertain(loop)


def _far(session: Session, loop: Loop) -> float:
    value = _value(session, loop)
    return min(float(loop.highest), float(floor((value or 0.0) + FAR)))


def _value(session: Session, loop: Loop) -> float | None:
    value = session.knowledge.shown.get((loop.probe, "temperature"))
    return value if isinstance(value, int | float) else None


def _start(session: Session, loop: Loop) -> Command | None:
    known = session.known[loop.name]
    given = (each for each in plan.orders(session.contract, loop.name) if not known.quenches(each) and known.kindles(each))
    return next(given, None)


def _shown(session: Session, device: str, wanted: Value) -> Difference:
    """That something is on, or is not."""
    known = session.known[device]
    name = next((name for name in known.switches if name in known.visible), "state")
    return Difference(f"{device}.{name}", str(wanted), str(1 - int(bool(wanted))))
