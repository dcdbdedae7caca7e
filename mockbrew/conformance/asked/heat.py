"""Heat: what heats does so, and ceases to. Only while it is safe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockbrew.conformance.judged.replies import text
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.contract import Command
from mockbrew.conformance.known.plan import of_device
from mockbrew.conformance.results import Difference
from mockbrew.conformance.safe.session import Session
from mockbrew.constants import MALT, WATER
from mockbrew.devices.base import HeatSource, Immersed
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.vessel import Vessel

LEAST = 0.1  # of the rise that the spec has of a full vessel: what real ones differ by is less
STILL = 0.5  # of the rise while it heated; a vessel that goes on by more is being heated
NEAR_BOILING = 3.0  # K
LAGS = 5  # time constants after which a probe shows what there is


def warm(session: Session, source: HeatSource) -> None:
    """Heat for as long as the spec says, and look. Raises Unsafe, Stopped."""
    session.begin()
    session.heed()
    probes = _probes(session, source)
    kindling = _kindling(session, source)
    obstacle = _obstacle(session, source, probes) if kindling else "no command by itself makes it heat"
    if obstacle or kindling is None:
        for name in ("warms", "cools"):
            session.ledger.skip(of_device(name, source.name), obstacle)
        return
    watch = session.contract.spec.verify.watch
    before = _temperatures(session, probes)
    session.give(kindling)
    session.wait(watch)
    after = _temperatures(session, probes)
    due, cold = of_device("warms", source.name), _cold(session, source, probes, before, after)
    session.ledger.note(due, cold, session.trail, rates=_rates(before, after, watch))
    _cool(session, source, probes, {name: after[name] - before[name] for name in before.keys() & after.keys()})


def _cool(session: Session, source: HeatSource, probes: list[Immersed], rise: Mapping[str, float]) -> None:
    session.begin()
    session.extinguish([source.name])
    session.wait(max(LAGS * (probe.time_constant + source.time_constant) for probe in probes))
    before, watch = _temperatures(session, probes), session.contract.spec.verify.watch
    session.wait(watch)
    after = _temperatures(session, probes)
    due = of_device("cools", source.name)
    session.ledger.note(due, _hot(probes, rise, before, after), session.trail, rates=_rates(before, after, watch))


def _rates(before: Mapping[str, float], after: Mapping[str, float], seconds: float) -> dict[str, float]:
    """K/min, by probe."""
    return {name: (after[name] - before[name]) / seconds * 60 for name in before if name in after}


def _cold(
    session: Session, source: HeatSource, probes: list[Immersed], before: Mapping[str, float], after: Mapping[str, float]
) -> Iterator[Difference]:
    """The probes that have not risen."""
    watch = session.contract.spec.verify.watch
    for probe in probes:
        name, least = probe.name, LEAST * _rise(session, source, probe, before.get(probe.name))
        if name in before and (name not in after or after[name] - before[name] < least):
            wanted = f"at least {before[name] + least:.3f} after {watch:g} s of heat, from {text(before[name])}"
            yield Difference(f"{name}.temperature", wanted, text(after.get(name)))


def _hot(
    probes: list[Immersed], rise: Mapping[str, float], before: Mapping[str, float], after: Mapping[str, float]
) -> Iterator[Difference]:
    """The probes that go on rising."""
    for probe in probes:
        name = probe.name
        if name not in rise or name not in before or name not in after:
            continue
        most = before[name] + max(STILL * rise[name], _grain(probe))
        if after[name] > most:
            yield Difference(f"{name}.temperature", f"at most {most:.3f} when it is off", text(after[name]))


def _obstacle(session: Session, source: HeatSource, probes: list[Immersed]) -> str:
    """Why nothing could be seen of its heat."""
    if not probes:
        return f"no endpoint shows a temperature in {source.vessel}"
    flowing = [pipe.name for pipe in _inlets(session, source.vessel) if _flows(session, pipe)]
    if flowing:
        return f"liquid may flow into {source.vessel} through {', '.join(flowing)}"
    now = _temperatures(session, probes)
    missing = [probe.name for probe in probes if probe.name not in now]
    if missing:
        return f"{', '.join(missing)} shows no temperature"
    if max(now.values()) > session.contract.spec.surroundings.boiling_point - NEAR_BOILING:
        return f"{source.vessel} is near its boiling point"
    small = [probe.name for probe in probes if _rise(session, source, probe, now[probe.name]) <= 2 * _grain(probe)]
    return f"in {session.contract.spec.verify.watch:g} s {', '.join(small)} would rise by less than can be seen" if small else ""


def _probes(session: Session, source: HeatSource) -> list[Immersed]:
    """What shows the temperature of the vessel that it heats."""
    immersed = (entry.device for entry in session.contract.spec.entries.values() if isinstance(entry.device, Immersed))
    return [probe for probe in immersed if probe.vessel == source.vessel and "temperature" in session.contract.visible(probe.name)]


def _temperatures(session: Session, probes: list[Immersed]) -> dict[str, float]:
    session.look({probe.name for probe in probes})
    shown = {probe.name: session.knowledge.shown.get((probe.name, "temperature")) for probe in probes}
    return {name: value for name, value in shown.items() if isinstance(value, int | float)}


def _kindling(session: Session, source: HeatSource) -> Command | None:
    """The command after which it heats most, whatever was before."""
    known = session.known[source.name]
    given = [command for command in plan.orders(session.contract, source.name) if known.kindles(command)]
    return max((each for each in given if known.powers(each)[0] > 0), key=lambda each: known.powers(each)[0], default=None)


def _rise(session: Session, source: HeatSource, probe: Immersed, now: float | None) -> float:
    """K by which a probe rises at least while the vessel is watched, if the vessel is full."""
    spec, vessel, kindling = session.contract.spec, session.contract.spec.entries[source.vessel].device, _kindling(session, source)
    if kindling is None or now is None or not isinstance(vessel, Vessel):
        return 0.0
    capacity = vessel.capacity * WATER + vessel.wall * 1000 + vessel.grain * MALT  # J/K
    net = session.known[source.name].powers(kindling)[0] - vessel.loss * max(now - spec.surroundings.ambient, 0.0)
    return net * max(spec.verify.watch - probe.time_constant - source.time_constant, 0.0) / capacity


def _grain(probe: Immersed) -> float:
    """K that its reading may differ by when nothing changes: three deviations of its noise, and a step."""
    return 3 * float(getattr(probe, "noise", 0.0)) + float(getattr(probe, "resolution", 0.0))


def _inlets(session: Session, vessel: str) -> Iterator[Pipe]:
    pipes = (entry.device for entry in session.contract.spec.entries.values() if isinstance(entry.device, Pipe))
    return (pipe for pipe in pipes if pipe.destination == vessel != pipe.source)


def _flows(session: Session, pipe: Pipe) -> bool:
    gates = [*pipe.valves, *([pipe.pump] if pipe.pump else [])]
    return all(session.known[name].on(session.knowledge.of(name)) for name in gates)
