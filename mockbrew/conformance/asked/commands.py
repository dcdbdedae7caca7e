"""Commands: each one of a device given, and looked at from all sides: what it shows, at once, again, by POST, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mockbrew.conformance.asked.readings import ALWAYS_WRONG
from mockbrew.conformance.judged.refusals import not_allowed, refused
from mockbrew.conformance.judged.replies import excerpt, status, text
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.contract import Command, Point
from mockbrew.conformance.known.knowledge import Key
from mockbrew.conformance.known.plan import of_point
from mockbrew.conformance.known.prediction import outputs
from mockbrew.conformance.known.trials import mistakes
from mockbrew.conformance.results import Difference
from mockbrew.conformance.safe.session import Session
from mockbrew.conformance.server.asking import INTERLOCKED
from mockbrew.devices.base import Immersed
from mockbrew.devices.declare import Value

GRACE = 2.0  # s; what shows after that much longer than it may take is called late
JUMP = 5.0  # K; no temperature changes by as much while nothing heats, between two requests
LATE = "it shows at the second request after the command only"
SLOW = f"it shows {GRACE:g} s later only; if the device needs that long, declare a longer `settle` in [verify.devices]"


def exercise(session: Session, device: str, commands: Sequence[Command]) -> None:
    """All that is to be known of these commands of a device. Raises Unsafe, Stopped."""
    if session.muddled:
        session.look()
    session.heed()
    given = plan.from_here(list(commands), session.known[device], session.own(device))
    asked: set[str] = set()
    for command in given:
        if command.endpoint.url not in asked:
            wrong_methods(session, command)
        asked.add(command.endpoint.url)
        give(session, command)
    for command in plan.from_here(list(commands), session.known[device], session.own(device)):
        post(session, command)
    session.beware()


def give(session: Session, command: Command) -> None:
    """By GET, twice."""
    session.begin()
    before = dict(session.knowledge.shown)
    wanted = expected(session, command, before)
    exchange, shown = session.give(command)
    if session.interlocked(command.point, exchange):
        _skip(session, command, INTERLOCKED)
        return
    if exchange.status == 200:
        _own_reply(session, command, wanted, shown)
    session.settle(command.point.of)
    done = _effect(session, command, wanted)
    _others(session, command, before)
    if session.plane is None:  # a mock tells afterwards what there was
        session.beware()
    if done:
        _repeat(session, command, wanted)
    else:
        session.ledger.skip(of_point("repeat", command.point), "it had no effect that could be repeated")


def post(session: Session, command: Command) -> None:
    """By POST, which does the same."""
    due = of_point("post", command.point)
    if session.ledger.failed(of_point("effect", command.point)):
        session.ledger.skip(due, "what GET does is not what it should")
        return
    session.begin()
    wanted = expected(session, command, session.knowledge.shown)
    exchange = session.send(command, "POST")
    if session.interlocked(command.point, exchange):
        session.ledger.skip(due, INTERLOCKED)
        return
    if exchange.status == 200:
        session.expect(command)
    session.settle(command.point.of)
    found = [Difference("status of POST", "200", status(exchange))] if exchange.status != 200 else list(unlike(session, command, wanted))
    session.ledger.note(due, found, session.trail)


def wrong_methods(session: Session, command: Command) -> None:
    """HEAD, and what no command has: refused, and nothing happens."""
    for name, methods in (("head", ("HEAD",)), ("methods", ALWAYS_WRONG)):
        session.begin()
        before = session.own(command.point.of)
        found = [each for method in methods for each in refusal(session, command, method)]
        session.ledger.note(of_point(name, command.point), [*found, *_changed(session, command.point, before)], session.trail)


def refusal(session: Session, command: Command, method: str) -> Iterator[Difference]:
    """What is wrong with how a method is refused that no command has. HEAD has no body, and may come from a server that says no more."""
    exchange, errors = session.send(command, method), session.contract.spec.errors
    if method != "HEAD":
        yield from not_allowed(command.point, exchange, errors)
        return
    yield from refused(405, exchange, {})
    if exchange.body:
        yield Difference("body of HEAD", "none", excerpt(exchange.body))


def bad_arguments(session: Session, point: Point) -> None:
    """What it has to refuse. Raises Unsafe, Stopped."""
    due = of_point("bad-argument", point)
    tried = mistakes(session.contract, point)
    if not tried:
        session.ledger.skip(due, "no text is a bad argument here: each one means something else")
    for texts in tried:
        session.begin()
        before = session.own(point.of)
        exchange = session.attempt(point, texts)
        session.settle(point.of)
        wrong = refused(400, exchange, session.contract.spec.errors)
        session.ledger.note(due, [*wrong, *_changed(session, point, before)], session.trail)


def expected(session: Session, command: Command, before: Mapping[Key, Value]) -> dict[str, Value]:
    """What its device should show after a command, of what some endpoint shows."""
    device = command.point.of
    known = session.known[device]
    kept = {name: before[device, name] for name in known.keeps(command) if (device, name) in before}
    return {name: value for name, value in {**kept, **known.after(command)}.items() if name in known.visible}


def unlike(session: Session, command: Command, wanted: Mapping[str, Value]) -> Iterator[Difference]:
    """What a device shows that it should not, at the second request too."""
    yield from _lasting(session, command.point.of, wanted)


def differing(device: str, wanted: Mapping[str, Value], shown: Mapping[str, Value]) -> Iterator[Difference]:
    """What is not as it should be; what is not shown is another check's."""
    for name, value in wanted.items():
        if name in shown and shown[name] != value:
            yield Difference(f"{device}.{name}", text(value), text(shown[name]))


def moved(session: Session, command: Command, before: Mapping[Key, Value]) -> Iterator[Difference]:
    """What changed of devices that a command has nothing to do with."""
    mine = {command.point.of, *outputs(session.known[command.point.of].device)}
    driven = {output for name in session.guard.lit for output in outputs(session.known[name].device)}
    for (device, name), value in before.items():
        now = session.knowledge.shown.get((device, name), value)
        if device not in mine | driven and _differs(session, device, name, value, now):
            yield Difference(f"{device}.{name}", text(value), text(now))


# -- one command ---------------------------------------------------------------------------------------------------


def _skip(session: Session, command: Command, why: str) -> None:
    for name in ("effect", "prompt", "own-reply", "repeat", "others"):
        if name != "own-reply" or plan.shows_itself(command.point, session.known[command.point.of]):
            session.ledger.skip(of_point(name, command.point), why)


def _own_reply(session: Session, command: Command, wanted: Mapping[str, Value], shown: Mapping[str, Value]) -> None:
    if plan.shows_itself(command.point, session.known[command.point.of]):
        found = [Difference(f"body: {each.where}", each.expected, each.got) for each in differing(command.point.of, wanted, shown)]
        session.ledger.note(of_point("own-reply", command.point), found, session.trail)


def _effect(session: Session, command: Command, wanted: Mapping[str, Value]) -> bool:
    """Whether it shows what it did, sooner or later; and whether at once."""
    device, effect, prompt = command.point.of, of_point("effect", command.point), of_point("prompt", command.point)
    first = session.own(device)
    if not wanted.keys() & first.keys():
        for due in (effect, prompt):
            session.ledger.skip(due, "no endpoint shows what it does" if not wanted else f"what {device} shows cannot be read")
        return True
    at_once = list(differing(device, wanted, first))
    if not at_once:
        session.ledger.note(effect, (), session.trail)
        return session.ledger.note(prompt, (), session.trail)
    late = next((why for wait, why in ((0.0, LATE), (GRACE, SLOW)) if _shows_after(session, device, wait, wanted)), "")
    if late:
        session.ledger.note(effect, (), session.trail)
        session.ledger.note(prompt, at_once, session.trail, late)
        return True
    session.ledger.skip(prompt, "it had no effect that could be late")
    return session.ledger.note(effect, at_once, session.trail)


def _shows_after(session: Session, device: str, wait: float, wanted: Mapping[str, Value]) -> bool:
    session.wait(wait)
    return not list(differing(device, wanted, session.own(device)))


def _others(session: Session, command: Command, before: Mapping[Key, Value]) -> None:
    session.look()
    alone = session.ledger.note(of_point("others", command.point), moved(session, command, before), session.trail)
    session.muddled = session.muddled or not alone


def _repeat(session: Session, command: Command, wanted: Mapping[str, Value]) -> None:
    """The same again."""
    session.begin()
    exchange, _ = session.give(command)
    session.settle(command.point.of)
    found = [Difference("status", "200", status(exchange))] if exchange.status != 200 else []
    session.ledger.note(of_point("repeat", command.point), [*found, *unlike(session, command, wanted)], session.trail)


def _changed(session: Session, point: Point, before: Mapping[str, Value]) -> Iterator[Difference]:
    """What something changed that should have changed nothing."""
    yield from _lasting(session, point.of, before)


def _lasting(session: Session, device: str, wanted: Mapping[str, Value]) -> Iterator[Difference]:
    if any(differing(device, wanted, session.own(device))):
        yield from differing(device, wanted, session.own(device))


def _differs(session: Session, device: str, name: str, before: Value, now: Value) -> bool:
    """Whether a reading has moved that could not by itself. What commands change is exact; a temperature moves slowly."""
    known = session.known[device]
    if name in known.changing:
        return before != now
    if isinstance(known.device, Immersed) and isinstance(before, int | float) and isinstance(now, int | float):
        return not session.guard.lit and session.unhurried and abs(before - now) > JUMP
    return False
