"""One fault of a device at work: how far it has got, when it changes next, and what commands do to it.

What it finds when it begins to act, how many occasions it has had and at how many it acted stand in the anchor; all that it will do by
itself follows from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockbrew.clock import NEVER, nanoseconds
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.devices.failures import Failure
from mockbrew.faults.devices import Fault, draw

AHEAD = 256  # samples of a probe that are looked through at a time: half a millisecond


@dataclass(frozen=True, slots=True)
class Failing:
    """A fault and how far it has got.

    seed: what it draws from. matched, hits: occasions that it has had, and at how many of them it acted. acts: whether it does now.
    caught: what it found when it began to. due: virtual ns at which it ceases to, or of its next sample; None if neither is known.
    over: its end has come. gone: it was deleted, and only what it has left behind is there.
    """

    fault: Fault
    seed: str
    matched: int = 0
    hits: int = 0
    acts: bool = False
    caught: Value = None
    due: int | None = None
    over: bool = False
    gone: bool = False

    @property
    def spent(self) -> bool:
        """Whether it will never begin to act again."""
        return self.over or (self.fault.count is not None and self.hits >= self.fault.count)

    @property
    def steady(self) -> bool:
        """Whether it leaves nothing to chance or to a count."""
        return self.fault.probability == 1.0 and self.fault.count is None

    def stage(self, at: int) -> str:
        """`waiting`, `acting` or `over` at `at` (virtual ns), up to which it has got."""
        if at < self.fault.begins:
            return "waiting"
        return "over" if self.over or (self.spent and not self.acts) else "acting"

    def hit(self) -> bool:
        """Whether it acts at its next occasion, as far as chance goes."""
        return self.fault.probability == 1.0 or draw(self.seed, self.fault.name, self.matched) < self.fault.probability


Failings = tuple[Failing, ...]  # in the order of their making


def minds_commands(failing: Failing, device: Device) -> bool:
    """Whether a command to its device may change anything about it."""
    failure = device.failures[failing.fault.sort]
    return not failure.samples and not _constant(failing, failure) and (failing.acts or not failing.spent)


# -- what it does by itself ----------------------------------------------------------------------------------------


def edge(failing: Failing, device: Device) -> int:
    """Virtual ns of the next instant at which it changes by itself, or NEVER."""
    fault, failure = failing.fault, device.failures[failing.fault.sort]
    if failing.over:
        return NEVER
    ends = NEVER if fault.ends is None else fault.ends
    if _constant(failing, failure):
        return ends if failing.acts else fault.begins
    if failure.samples:
        return min(ends, _sampled(failing, device, failure)[0])
    return ends if failing.due is None else min(ends, failing.due)


def crossed(failing: Failing, device: Device, at: int, catch: Callable[[], Value]) -> Failing:
    """It after its edge at `at` (virtual ns); `catch` finds what it keeps of this instant."""
    fault, failure = failing.fault, device.failures[failing.fault.sort]
    if fault.ends is not None and fault.ends <= at:
        return replace(failing, over=True, due=None, acts=failing.acts and failure.lingers)
    if failure.samples and not _constant(failing, failure):
        after = _sampled(failing, device, failure)[1]
        return replace(after, caught=catch()) if after.acts and not failing.acts else after
    if failing.due is not None:
        return replace(failing, acts=False, due=None)
    return replace(failing, acts=True, caught=catch())


def seen(failing: Failing, device: Device, at: int) -> Failing:
    """It with all the samples that it has had up to `at` (virtual ns), up to which it has no edge."""
    failure = device.failures[failing.fault.sort]
    if not failure.samples or _constant(failing, failure) or failing.over:
        return failing
    return _sampled(failing, device, failure, until=at)[1]


def _constant(failing: Failing, failure: Failure) -> bool:
    """Whether it acts from its begin to its end."""
    return failing.steady and not failure.lasts and not failure.every


def _sampled(failing: Failing, device: Device, failure: Failure, until: int = NEVER) -> tuple[int, Failing]:
    """The next sample at which it begins or ceases to act, or one before, and it then; or it as of `until`."""
    period = nanoseconds(getattr(device, failure.samples))
    at = failing.fault.begins if failing.due is None else failing.due
    at += -at % period
    for _ in range(AHEAD):
        if at > until or (failing.spent and not failing.acts):
            return NEVER, failing
        acted, hit = failing.acts, not failing.spent and failing.hit()
        failing = replace(failing, matched=failing.matched + (not failing.spent), hits=failing.hits + hit, acts=hit, due=at + period)
        if hit != acted:
            return at, failing
        at += period
    return at - period, failing


# -- what commands do to it ----------------------------------------------------------------------------------------


def commanded(failing: Failing, device: Device, at: int, states: tuple[Any, Any], catch: Callable[[], Value]) -> Failing:
    """It after a command at `at` (virtual ns) that takes its device (as it is without faults) from one of these states to the other."""
    failure = device.failures[failing.fault.sort]
    if failure.samples or _constant(failing, failure) or not failure.occurs(device, *states):
        return failing
    if failing.spent or at < failing.fault.begins:
        return _ceased(failing)
    hit = _turn(failing, failure) and failing.hit()
    after = replace(failing, matched=failing.matched + 1)
    return _set_off(after, device, failure, at, states[1], catch()) if hit else _ceased(after)


def _turn(failing: Failing, failure: Failure) -> bool:
    """Whether the next occasion is one of the N that it is about."""
    return not failure.every or (failing.matched + 1) % int(dict(failing.fault.parameters)[failure.every]) == 0


def _ceased(failing: Failing) -> Failing:
    return replace(failing, acts=False, due=None)


def _set_off(failing: Failing, device: Device, failure: Failure, at: int, state: Any, caught: Value) -> Failing:
    hit = replace(failing, hits=failing.hits + 1, acts=True, caught=caught, due=None)
    if not failure.lasts:
        return hit
    if failure.catch(device, state, None) == caught:  # it is where it shall go: nothing is left to wait for
        return _ceased(hit)
    return replace(hit, due=at + nanoseconds(dict(failing.fault.parameters)[failure.lasts]))


def left(failing: Failing, device: Device) -> Failing | None:
    """What is left of it when it is deleted: where it lingers, it stays until a command gets through."""
    lingers = failing.acts and device.failures[failing.fault.sort].lingers
    return replace(failing, gone=True, over=True) if lingers else None


def kept(failing: Failing, device: Device) -> Failing:
    """It after a reset: what acts from its begin to its end goes on, what an occasion had set off does not."""
    failure = device.failures[failing.fault.sort]
    if _constant(failing, failure):
        return failing
    return replace(failing, acts=False, due=failing.due if failure.samples else None)


# -- as JSON -------------------------------------------------------------------------------------------------------


def row(failing: Failing) -> list[Any]:
    """It as a list of JSON values."""
    fault = failing.fault
    said = [fault.name, fault.sort, fault.device, dict(fault.parameters), fault.probability, fault.seed, fault.count]
    got = [failing.seed, failing.matched, failing.hits, failing.acts, failing.caught, failing.due, failing.over, failing.gone]
    return [*said, fault.begins, fault.ends, *got]


def from_row(values: Sequence[Any], devices: Mapping[str, Device]) -> Failing:
    """The inverse of `row`. Raises ValueError or TypeError if it is none, or if its device can't fail like that."""
    name, sort, device, parameters, probability, seed, count, begins, ends, *got = values
    if device not in devices or sort not in devices[device].failures:
        raise ValueError(f"no device {device!r} fails like {sort!r}")
    return Failing(Fault(name, sort, device, tuple(parameters.items()), probability, seed, count, begins, ends), *got)
