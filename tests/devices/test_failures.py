"""How kinds declare that their devices fail: each mistake of a kind's author is told in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from typing import Any, ClassVar

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, options
from mockbrew.devices.declare import Number, condition, number
from mockbrew.devices.examine import faults
from mockbrew.devices.failures import TRANSPORT, WORDS, Acting, Failure, Parameter
from mockbrew.devices.heater import Heater
from mockbrew.devices.valve import Valve
from mockbrew.faults import devices as faults_of_devices
from mockbrew.faults import transport
from mockbrew.faults.sorts import SORTS


def unchanged(device: Any, acting: Acting) -> Any:
    return device


def _of_one(device: Any) -> Any:
    return device


of_one: Any = _of_one  # what the types would not let an author give
LITRES = Parameter(Number(0, "capacity", "L"), "how much")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge(Device):
    """Sound in every respect: the classes below each get one thing wrong."""

    kind = "gauge"
    failures: ClassVar[Any] = {
        "leaks": Failure(unchanged, "it leaks", {"litres": LITRES}, samples="period"),
        "sticks": Failure(unchanged, "it sticks", {"s": Parameter(Number(0, 9, "s"), "how long")}, lasts="s", every="s"),
    }

    capacity: float = number("what it holds", unit="L", default=10.0, minimum=0)
    period: float = number("between its samples", unit="s", default=1.0, minimum=0)
    label: int | None = condition()


def gauge(**failures: Any) -> type[Device]:
    """A gauge that fails otherwise."""
    return type("Other", (Gauge,), {"failures": failures, "__slots__": (), "__dataclass_params__": None})


@pytest.mark.parametrize("kind", [*BUILT_IN.values(), Gauge], ids=lambda kind: kind.kind)
def test_nothing_is_wrong_with_a_sound_kind(kind: type[Device]) -> None:
    assert list(faults(kind)) == []


def mistakes() -> Iterator[tuple[str, Any, str]]:
    sound = Gauge.failures["leaks"]
    yield "leaks", "dripping", "failure 'leaks': it is a str; give a Failure"
    yield "2x", sound, "failure '2x': nobody can ask for it; choose letters, digits and _"
    yield (
        "delay",
        sound,
        "failure 'delay': that is what a fault of a reply is called; choose a name other than " + ", ".join(TRANSPORT),
    )
    yield "leaks", Failure(of_one, ""), "failure 'leaks': its 'change' does not take (device, acting)"
    yield "leaks", Failure(unchanged, "", catch=of_one), "failure 'leaks': its 'catch' does not take (device, state, view)"
    yield "leaks", Failure(unchanged, "", occurs=of_one), "failure 'leaks': its 'occurs' does not take (device, before, after)"
    yield (
        "leaks",
        Failure(unchanged, "", samples="label"),
        "failure 'leaks': its occasions come as option 'label' says, which holds no number; name one made with number()",
    )
    yield "leaks", Failure(unchanged, "", lasts="s"), "failure 'leaks': its 'lasts' is 's', which is no parameter of it; name one"
    yield "leaks", Failure(unchanged, "", every="n"), "failure 'leaks': its 'every' is 'n', which is no parameter of it; name one"
    listed: Any = [LITRES]
    yield "leaks", Failure(unchanged, "", listed), "failure 'leaks': its parameters are a list; give a mapping of names to Parameter"
    bare: Any = {"litres": Number(0, 1)}
    yield "leaks", Failure(unchanged, "", bare), "failure 'leaks': parameter 'litres': it is a Number; give a Parameter"
    yield (
        "leaks",
        Failure(unchanged, "", {"count": LITRES}),
        "failure 'leaks': parameter 'count': every fault has a field of that name; choose one other than " + ", ".join(WORDS),
    )
    yield (
        "leaks",
        Failure(unchanged, "", {"litres": Parameter(Number(5, 1), "how much")}),
        "failure 'leaks': parameter 'litres': nothing is from 5 to 1; give the lower bound first",
    )


@pytest.mark.parametrize(("name", "failure", "told"), list(mistakes()))
def test_a_mistake_in_a_failure_is_told_in_words(name: str, failure: Any, told: str) -> None:
    assert list(faults(gauge(**{name: failure}))) == [told]


def test_failures_that_are_no_mapping_are_told() -> None:
    listed = type("Listed", (Gauge,), {"failures": ["leaks"], "__slots__": (), "__dataclass_params__": None})

    assert list(faults(listed)) == ["its failures are a list; give a mapping of names to Failure"]


def test_a_condition_without_a_default_is_told() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Undecided(Device):
        """Nobody knows how it is while nothing fails."""

        kind = "undecided"

        held: int = condition(MISSING)

    (told,) = faults(Undecided)

    assert told == (
        "condition 'held': nothing says what it is while nothing fails; make it with condition() of mockbrew.devices.declare, "
        "and give a default"
    )


def test_what_a_failure_makes_of_a_device_is_no_option() -> None:
    assert "held" not in options(Valve)
    assert "held" not in repr(Valve(name="A", held=1))
    assert Valve(name="A", held=1) != Valve(name="A")


def test_no_failure_is_called_like_a_fault_of_a_reply() -> None:
    assert not {sort for kind in BUILT_IN.values() for sort in kind.failures} & set(TRANSPORT)


def test_a_parameter_has_a_schema() -> None:
    schemas = [parameter.schema(None) for sort in ("slow", "ignores") for parameter in Heater.failures[sort].parameters.values()]

    assert schemas == [
        {"type": "number", "minimum": 0.001, "maximum": 86_400, "description": "how much later than its command it moves [s]"},
        {"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "N: it ignores the last of each N commands"},
    ]


def test_names_that_faults_of_transport_have_are_the_ones_that_no_failure_may_have() -> None:
    assert set(TRANSPORT) == set(SORTS)
    assert set(WORDS) == set(transport.SAID) == {*faults_of_devices.SAID, *transport.SAID}
