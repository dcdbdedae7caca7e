"""What is wrong with how a kind says that its devices fail, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockbrew.devices.base import Device, options
from mockbrew.devices.examine_arguments import bounds_faults, is_option_of_a_number, takes
from mockbrew.devices.failures import TRANSPORT, WORDS, Failure, Parameter

CALLS = (
    ("change", ("device", "acting")),
    ("catch", ("device", "state", "view")),
    ("occurs", ("device", "before", "after")),
)  # what a failure may call, and what each then takes


def failure_faults(kind: type[Device], name: object, failure: Failure) -> Iterator[str]:
    """What is wrong with one failure of a kind; what would be right."""
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
        yield "nobody can ask for it; choose letters, digits and _"
    elif name in TRANSPORT:
        yield f"that is what a fault of a reply is called; choose a name other than {', '.join(TRANSPORT)}"
    for call, given in CALLS:
        if not takes(getattr(failure, call), *given):
            yield f"its {call!r} does not take ({', '.join(given)})"
    yield from _parameters(kind, failure)
    if failure.samples and not _is_a_time(kind, failure.samples):
        yield f"its occasions come as option {failure.samples!r} says, which holds no number; name one made with number()"


def _parameters(kind: type[Device], failure: Failure) -> Iterator[str]:
    parameters: object = failure.parameters
    if not isinstance(parameters, Mapping):
        yield f"its parameters are a {type(parameters).__name__}; give a mapping of names to Parameter"
        return
    for name, parameter in parameters.items():
        yield from (f"parameter {name!r}: {fault}" for fault in _parameter(kind, name, parameter))
    for said, name in (("lasts", failure.lasts), ("every", failure.every)):
        if name and name not in parameters:
            yield f"its {said!r} is {name!r}, which is no parameter of it; name one"


def _parameter(kind: type[Device], name: object, parameter: object) -> Iterator[str]:
    if name in WORDS:
        yield "every fault has a field of that name; choose one other than " + ", ".join(WORDS)
    if isinstance(parameter, Parameter):
        yield from bounds_faults(kind, parameter.takes)
    else:
        yield f"it is a {type(parameter).__name__}; give a Parameter"


def _is_a_time(kind: type[Device], option: str) -> bool:
    return option in options(kind) and is_option_of_a_number(options(kind)[option])
