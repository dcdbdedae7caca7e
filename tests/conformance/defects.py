"""Defects that a server of the contract may have, by what a client sees of them. Each is a function of `spoiled.Defect`, or makes one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.conformance.spoiled import Defect, Reply, Rig

Change = Callable[[bytes], bytes]

SET = re.compile(r"/setCible([0-9])_(.*)\.py")


def said(reply: Reply) -> Any:
    """The body as data."""
    return json.loads(reply.body)


def compact(value: Any) -> bytes:
    """As the contract has it."""
    return json.dumps(value, separators=(",", ":")).encode()


def body(path: str, change: Change) -> Defect:
    """The body of the good replies at one path, changed."""

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        reply = rig(asked, method)
        return reply._replace(body=change(reply.body)) if asked == path and reply.status == 200 and reply.body else reply

    return defect


def data(path: str, change: Callable[[Any], Any]) -> Defect:
    """The same of the JSON value in it."""
    return body(path, lambda text: compact(change(json.loads(text))))


def header(path: str, value: str) -> Defect:
    """Another content type at one path."""

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        reply = rig(asked, method)
        return reply._replace(headers={**reply.headers, "Content-Type": value}) if asked == path else reply

    return defect


def instead(path: str, status: int, text: bytes) -> Defect:
    """Always this reply at one path."""
    return lambda rig, method, asked: rig(asked, method)._replace(status=status, body=text) if asked == path else rig(asked, method)


def told_only(path: str, reading: str) -> Defect:
    """The command at `path` is answered as if it had been done, and nothing is done."""

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        if asked != path or method not in ("GET", "POST"):
            return rig(asked, method)
        shown = rig(reading)
        return shown._replace(body=compact({**said(shown), "State": 1 if "/start" in path else 0}))

    return defect


def late(path: str) -> Defect:
    """A reading that answers what it was at the request before."""
    last: list[Reply] = []

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        reply = rig(asked, method)
        if asked != path or method != "GET":
            return reply
        last.append(reply)
        return last.pop(0) if len(last) > 1 else reply

    return defect


def temperature(path: str, shown: Callable[[float], Any]) -> Defect:
    """A probe that shows something else."""
    return data(path, lambda value: {**value, "Temp": shown(value["Temp"])})


def unknown_paths_are_good(rig: Rig, method: str, path: str) -> Reply:
    """A 200 for all that means nothing."""
    reply = rig(path, method)
    return Reply(200, {"Content-Type": "application/json"}, b"{}") if reply.status == 404 else reply


def every_setpoint(number: str) -> Defect:
    """A controller that takes what is out of its limits, and shows it."""
    beyond: dict[str, Reply] = {}

    def defect(rig: Rig, method: str, path: str) -> Reply:
        asked = SET.fullmatch(path)
        if path == f"/getCible{number}.py" and beyond:
            return beyond["now"]
        reply = rig(path, method)
        if path == "/Reset.py" or (asked and asked[1] == number and reply.status == 200):
            beyond.clear()
        if reply.status == 400 and asked and asked[1] == number and _number(asked[2]) is not None:
            told = rig(f"/getCible{number}.py")
            beyond["now"] = told._replace(body=compact({**said(told), "Cible": _number(asked[2])}))
            return beyond["now"]
        return reply

    return defect


def clamped(number: str, highest: float) -> Defect:
    """A controller that takes its highest setpoint, or 0, for what is out of its limits, and does not say so."""

    def defect(rig: Rig, method: str, path: str) -> Reply:
        asked = SET.fullmatch(path)
        wanted = _number(asked[2]) if asked and asked[1] == number else None
        return rig(path, method) if wanted is None else rig(f"/setCible{number}_{min(max(wanted, 0.0), highest)}.py", method)

    return defect


def refused_and_set(number: str, setpoint: float) -> Defect:
    """A controller that refuses what is no setpoint of its, and takes another one for it all the same."""

    def defect(rig: Rig, method: str, path: str) -> Reply:
        asked, reply = SET.fullmatch(path), rig(path, method)
        if asked and asked[1] == number and reply.status == 400:
            rig(f"/setCible{number}_{setpoint}.py")
        return reply

    return defect


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def of_another(number: str, other: str) -> Defect:
    """The setpoint of one controller is set on another one; the reply looks right."""

    def defect(rig: Rig, method: str, path: str) -> Reply:
        asked = SET.fullmatch(path)
        if not asked or asked[1] != number:
            return rig(path, method)
        reply = rig(f"/setCible{other}_{asked[2]}.py", method)
        sensor = said(rig(f"/getCible{number}.py"))["Sensor"]
        return reply._replace(body=compact({**said(reply), "Sensor": sensor})) if reply.status == 200 else reply

    return defect


def also(path: str, other: str) -> Defect:
    """A command that gives another one too."""

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        reply = rig(asked, method)
        if asked == path and reply.status == 200:
            rig(other)
        return reply

    return defect


def left_at_reset(before: str, again: Callable[[Any], str | None], methods: tuple[str, ...] = ("GET", "POST")) -> Defect:
    """A reset by these methods that leaves what the reading at `before` shows; `again`: the command that brings it back."""

    def defect(rig: Rig, method: str, path: str) -> Reply:
        shown = said(rig(before))
        reply = rig(path, method)
        command = again(shown) if path == "/Reset.py" and method in methods and reply.status == 200 else None
        if command:
            rig(command)
        return reply

    return defect


def head_has_a_body(path: str) -> Defect:
    """HEAD at one path is answered with a body."""
    return lambda rig, method, asked: rig(asked) if asked == path and method == "HEAD" else rig(asked, method)


def as_get(path: str, method: str) -> Defect:
    """A method that one path should not have does what GET does."""
    return lambda rig, asked_method, asked: rig(asked) if (asked, asked_method) == (path, method) else rig(asked, asked_method)


def refused(path: str, method: str) -> Defect:
    """A method that one path should have is refused."""

    def defect(rig: Rig, asked_method: str, asked: str) -> Reply:
        wrong = (asked, asked_method) == (path, method)
        return rig("/getTemp1.py", "PUT") if wrong else rig(asked, asked_method)  # the 405 of a reading

    return defect


def lost(number: str, after: float) -> Defect:
    """A setpoint that is the spec's again so long (virtual s) after it was set."""
    at: list[float] = []

    def defect(rig: Rig, method: str, path: str) -> Reply:
        now = said(rig("/__admin/clock"))["time"]
        if at and now > at[0] + after:
            at.clear()
            rig(f"/setCible{number}_78.0.py")
        asked = SET.fullmatch(path)
        reply = rig(path, method)
        if asked and asked[1] == number and reply.status == 200:
            at[:] = [now]
        return reply

    return defect


def truncated(path: str) -> Defect:
    """A body that ends before it should."""

    def defect(rig: Rig, method: str, asked: str) -> Reply:
        reply = rig(asked, method)
        return reply._replace(body=reply.body[:-5], length=len(reply.body)) if asked == path and method == "GET" else reply

    return defect


def idle(number: str) -> Defect:
    """A controller that says that it is on and never does anything."""
    on: list[int] = [0]
    shown, switched = f"/getPID{number}.py", (f"/startPID{number}.py", f"/stopPID{number}.py")

    def defect(rig: Rig, method: str, path: str) -> Reply:
        told = path in switched and method in ("GET", "POST")
        if told or path == "/Reset.py":
            on[0] = int("start" in path)
        reply = rig(shown) if told else rig(path, method)
        if reply.status == 200 and reply.body and (told or path == shown):
            return reply._replace(body=compact({**said(reply), "PID": on[0]}))
        return reply

    return defect


def keeps_its_heater_on(number: str, heater: str) -> Defect:
    """A controller that leaves its heater on when it is stopped."""

    def defect(rig: Rig, method: str, path: str) -> Reply:
        heating = said(rig(f"/get{heater}.py"))["State"]
        reply = rig(path, method)
        if path == f"/stopPID{number}.py" and reply.status == 200 and heating:
            rig(f"/start{heater}.py")
        return reply

    return defect
