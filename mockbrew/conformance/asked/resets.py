"""Resets: whatever was commanded, a reset brings back what the spec says. And what was commanded holds until then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mockbrew.conformance.asked import loops
from mockbrew.conformance.asked.commands import differing, refusal
from mockbrew.conformance.asked.readings import ALWAYS_WRONG
from mockbrew.conformance.judged.replies import status
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.contract import Command, Point
from mockbrew.conformance.known.plan import of_device, of_point
from mockbrew.conformance.results import Difference
from mockbrew.conformance.safe.session import Session


def hold(session: Session, devices: Iterable[str]) -> None:
    """Let time go by over what controllers were told, and see that all is as before. Raises Unsafe, Stopped.

    Nothing is opened or runs for that: liquid would flow for as long.
    """
    session.begin()
    names = list(devices)
    _settings(session, names)
    session.settle("")
    session.look()
    wanted = {name: session.knowledge.of(name) for name in names}
    session.wait(session.contract.spec.verify.watch)
    for name in names:
        session.begin()
        visible = session.known[name].visible
        told = {reading: value for reading, value in wanted[name].items() if reading in visible}
        session.ledger.note(of_device("holds", name), differing(name, told, session.own(name)), session.trail)


def reset(session: Session, point: Point, devices: Sequence[str]) -> None:
    """After each actuator has been moved alone, and after all settings. Raises Unsafe, Stopped."""
    actuators = [device.name for device in plan.plain(session.contract, session.known) if device.name in devices]
    _refused(session, point, devices)
    _give(session, point)
    for name in actuators:
        _set(session, [name])
        _give(session, point)
    if session.ledger.failed(of_point("reset", point)):
        session.ledger.skip(of_point("post", point), "what GET does is not what it should")
        return
    session.begin()
    _settings(session, devices)
    exchange = session.send(Command(point, (), {}), "POST")
    session.expect(Command(point, (), {}))
    session.settle("")
    session.look()
    found = [Difference("status of POST", "200", status(exchange))] if exchange.status != 200 else list(_left(session))
    session.ledger.note(of_point("post", point), found, session.trail)


def _give(session: Session, point: Point) -> None:
    session.begin()
    exchange, _ = session.give(Command(point, (), {}))
    session.settle("")
    session.look()
    found = list(_left(session)) if exchange.status == 200 else [Difference("status", "200", status(exchange))]
    session.ledger.note(of_point("reset", point), found, session.trail)
    session.beware()


def _refused(session: Session, point: Point, devices: Sequence[str]) -> None:
    """HEAD, and what no command has."""
    _settings(session, devices)
    session.settle("")
    for name, methods in (("head", ("HEAD",)), ("methods", ALWAYS_WRONG)):
        session.begin()
        before = {device: session.own(device) for device in devices}
        found = [each for method in methods for each in refusal(session, Command(point, (), {}), method)]
        changed = [each for device in devices for each in differing(device, before[device], session.own(device))]
        session.ledger.note(of_point(name, point), [*found, *changed], session.trail)


def _left(session: Session) -> Iterator[Difference]:
    """What is not as after a reset, at the second look either."""
    for name, known in session.known.items():
        wanted = {reading: known.resting[reading] for reading in known.visible}
        if any(differing(name, wanted, session.knowledge.of(name))):
            yield from differing(name, wanted, session.own(name))


def _settings(session: Session, devices: Sequence[str]) -> None:
    _set(session, [device.name for device in plan.controllers(session.contract, session.known) if device.name in devices])


def _set(session: Session, names: Iterable[str]) -> None:
    """Something else than after a reset, as far as nothing heats by it; the least of its sort."""
    for name in names:
        known = session.known[name]
        given = loops.settings(session, known.device) or plan.orders(session.contract, name)
        calm = [each for each in given if not session.guard.kindles(each)]
        other = [each for each in calm if any(known.resting.get(reading) != value for reading, value in known.after(each).items())]
        for command in other[-1:]:
            session.give(command)
