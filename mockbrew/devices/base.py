"""What a kind provides, and the roles in which the plant knows devices.

A kind is a frozen dataclass derived from `Device` or from one of its roles. Its fields are the options of the spec; class attributes
declare its readings, verbs and the layout of its state. A device never changes: its state is a separate value, and time is an
argument. A distribution of its own offers a kind through the entry point group `mockbrew.devices`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar, cast

from mockbrew.devices.declare import NONE, Preset, Reading, Reference, State, Value, Verb, reference
from mockbrew.devices.failures import Failure


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all vessels of a rig share. ambient: room temperature, degC. boiling_point: degC."""

    ambient: float
    boiling_point: float


class View(Protocol):
    """The cell of a device as it is at one instant. Looking changes nothing."""

    at: int  # virtual ns
    seed: str  # what the noise of this rig is drawn from
    surroundings: Surroundings

    def state(self, name: str) -> Any:
        """The state of a device or vessel that this one refers to."""
        ...

    def reading(self, name: str, reading: str) -> Value:
        """What a client would read of it."""
        ...

    def commanded(self, name: str) -> Value:
        """What an actuator was told last, whatever it shows."""
        ...

    def flow(self, pipe: str) -> float:
        """What flows through a pipe that this device refers to, or that it is, kg/s."""
        ...


class Empty(NamedTuple):
    """The state of a device that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One entry of the spec. Subclass it to make a kind; every hook has a default that does nothing."""

    kind: ClassVar[str]
    layout: ClassVar[type[Any]] = Empty
    readings: ClassVar[Mapping[str, Reading]] = NONE
    verbs: ClassVar[Mapping[str, Verb]] = NONE
    presets: ClassVar[Mapping[str, Preset]] = NONE
    failures: ClassVar[Mapping[str, Failure]] = NONE

    name: str

    def initial(self, view: View) -> State:
        """The state after a reset. `view` shows the vessels, and the devices that stand before this one in the spec."""
        made: State = self.layout()
        return made

    def carried(self, state: Any, before: Device, at: int) -> State:
        """The state that it goes on with at `at` (virtual ns) if its options were those of `before` until then."""
        kept: State = state
        return kept

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """(option, what is wrong with it; what would be right), for what a schema can't say."""
        yield from ()

    def refusal(self, reading: str, value: Value) -> str | None:
        """Why a client gets an error instead of this value of a reading, if it does."""
        return None

    def commanded(self, state: Any, view: View) -> Value:
        """Of an actuator: what it was told last, as its reading `state` shows it if it has no feedback."""
        return self.readings["state"].read(self, state, view)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatSource(Device):
    """Role: puts heat into one vessel."""

    vessel: str = reference("the vessel that it heats", Reference("a vessel", kind="vessel"))

    @property
    def time_constant(self) -> float:
        """With which the heat flow follows `heat`, s; 0 follows at once. With one, the state has a field `heat`: the flow, W."""
        return 0.0

    def heat(self, state: Any) -> float:
        """Heat flow into the vessel, W, for as long as `state` lasts; with a time constant, where it tends to."""
        raise NotImplementedError  # the role has no heat of its own: each kind says how much


@dataclass(frozen=True, kw_only=True)
class Gate(Device):
    """Role: lets liquid through its pipes, or not."""

    __slots__ = ()  # so that a kind can have this role besides another; Python 3.10 would repeat those of Device

    def passes(self, state: Any) -> bool:
        """Whether it is open, for as long as `state` lasts."""
        raise NotImplementedError  # as above


@dataclass(frozen=True, kw_only=True)
class Mover(Device):
    """Role: moves liquid through its pipes, which share equally what it moves."""

    __slots__ = ()  # as above

    def moves(self, state: Any) -> float:
        """What flows through all its open pipes together, L/min, for as long as `state` lasts."""
        raise NotImplementedError  # as above


class Thermometer(NamedTuple):
    """temperature: of the sensing element, degC. held: the same at the latest sample of a probe that samples, else None."""

    temperature: float
    held: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Immersed(Device):
    """Role: its sensing element follows the temperature of one vessel; the state's first two fields are a `Thermometer`'s.

    time_constant: s, 0 follows at once. sampling: s between the samples that readings hold, 0 for none.
    """

    layout: ClassVar[type[Any]] = Thermometer

    vessel: str = reference("the vessel that it is immersed in", Reference("a vessel", kind="vessel"))

    @property
    def time_constant(self) -> float:
        return 0.0

    @property
    def sampling(self) -> float:
        return 0.0

    def carried(self, state: Any, before: Device, at: int) -> State:
        """A sample is held only by what samples."""
        held = (state.temperature if state.held is None else state.held) if self.sampling else None
        kept: State = state._replace(held=held)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Device):
    """Role: looks at readings at instants of its own and commands its outputs."""

    def due(self, state: Any) -> int | None:
        """The next virtual instant (ns) at which it acts, or None. It follows from the state alone."""
        raise NotImplementedError  # as above

    def act(self, state: Any, view: View) -> tuple[Any, Mapping[str, str]]:
        """The new state, due later than `view.at`, and the verbs that it commands, by output."""
        raise NotImplementedError  # as above


Kinds = Mapping[str, type[Device]]
Known = TypeVar("Known")


def by_kind(find: Callable[[type[Device]], Known]) -> Callable[[type[Device]], Known]:
    """The same, which remembers what it found of each kind: it is asked for each entry of a spec, and there may be 100,000."""
    return cast(Callable[[type[Device]], Known], lru_cache(maxsize=256)(find))


@by_kind
def options(kind: type[Device]) -> Mapping[str, dataclasses.Field[Any]]:
    """The options of a kind by name, in the order of their declaration (inherited ones first)."""
    return MappingProxyType({field.name: field for field in dataclasses.fields(kind) if "schema" in field.metadata})


@by_kind
def naming(kind: type[Device]) -> tuple[tuple[str, Reference, bool], ...]:
    """The options of a kind that name other entries, what these must be, and whether it is one and no list of them."""
    fields = ((name, field.metadata["refers"], field.metadata["schema"]) for name, field in options(kind).items())
    return tuple((name, to, schema.get("type") == "string") for name, to, schema in fields if to is not None)


def summary(kind: type[Device]) -> str:
    """What a kind is: the first line of its docstring. One that the dataclass made of its fields says nothing: empty."""
    doc = kind.__doc__ or ""
    return "" if doc.startswith(f"{kind.__name__}(") else doc.strip().partition("\n")[0]


def refers(device: Device) -> Iterator[tuple[str, str, Reference]]:
    """(option, name, what it must be) for each other entry that a device names."""
    for name, to, _ in naming(type(device)):
        value = getattr(device, name)
        for other in (value,) if isinstance(value, str) else value or ():
            if other not in to.words:
                yield name, other, to
