"""Examples: requests that show what a resource does. `tour` asks them, of any spec, so that what is shown of their replies is real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockbrew.spec import Spec

Step = tuple[str, str, Mapping[str, Any]]
"""A method, a path, and a body. The path stands behind `/__admin/`; one with a slash at its beginning is a URL of the rig."""


@dataclass(frozen=True, slots=True)
class Example:
    """One request to one resource, on a rig of its own that nothing has happened to yet, at 0 s.

    says: what it shows, in some words. name: in the place of `{name}`. before: what is asked first. status: of the reply; None for that
    of a success. rig: what the rig is called.
    """

    says: str = ""
    name: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Step, ...] = ()
    status: int | None = None
    rig: str = "default"


Examples = Callable[[Spec], Iterable[Example]]
"""Those of a resource, for a spec. One that a spec has no use for, such as a fault of a probe where there is none, is left out."""


def bare(spec: Spec) -> Iterable[Example]:
    """Of a resource that takes nothing."""
    return (Example(),)


def always(*examples: Example) -> Examples:
    """The same for any spec."""
    return lambda spec: examples
