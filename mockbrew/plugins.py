"""Kinds from other distributions: the entry point group `mockbrew.devices`, each name a kind, each object a subclass of `Device`.

Nothing is kept here: whoever asks passes the answer on. A broken plugin stops the start, even if the spec does not use it:
what is installed works, or is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.examine import faults
from mockbrew.errors import PluginError, PluginErrors

GROUP = "mockbrew.devices"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A sound kind and the distribution that offers it."""

    kind: type[Device]
    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is installed: the kinds that can be used, and what is wrong with the others."""

    plugins: tuple[Plugin, ...]
    errors: tuple[PluginError, ...]

    def kinds(self) -> Kinds:
        """The built-in kinds and these. Raises PluginErrors, with every error."""
        if self.errors:
            raise PluginErrors(self.errors)
        return MappingProxyType({**BUILT_IN, **{plugin.kind.kind: plugin.kind for plugin in self.plugins}})


def kinds() -> Kinds:
    """Every kind that a spec can use here. Raises PluginErrors."""
    return installed().kinds()


def installed() -> Found:
    """What the distributions of this environment offer."""
    return find(entry_points(group=GROUP))


def find(offers: Iterable[EntryPoint]) -> Found:
    """Load and examine what distributions offer."""
    by_name: dict[str, list[EntryPoint]] = defaultdict(list)
    for offer in offers:
        by_name[offer.name].append(offer)
    outcomes = [outcome for _, same in sorted(by_name.items()) for offer in same for outcome in _examined(offer, by_name)]
    return Found(
        tuple(outcome for outcome in outcomes if isinstance(outcome, Plugin)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, PluginError)),
    )


def _examined(offer: EntryPoint, by_name: Mapping[str, list[EntryPoint]]) -> list[Plugin] | list[PluginError]:
    """The plugin, or everything that is wrong with it."""
    try:
        kind = offer.load()
        why = [*_taken(offer, by_name), *_wrong(offer.name, kind)]
    except (SystemExit, Exception) as error:  # noqa: BLE001 - the code of others may raise anything while it is imported or looked at
        return [_caused(offer, error)]
    return [_error(offer, fault) for fault in why] or [Plugin(kind, *_origin(offer))]


def _taken(offer: EntryPoint, by_name: Mapping[str, list[EntryPoint]]) -> Iterator[str]:
    if offer.name in BUILT_IN:
        yield f"the name is taken by mockbrew's own kind; call it otherwise, or uninstall {_origin(offer)[0]}"
    for other in by_name[offer.name]:
        if _origin(other) != _origin(offer):
            yield f"the name is taken by {' '.join(_origin(other))} too; uninstall one of them"


def _wrong(name: str, kind: Any) -> Iterator[str]:
    if not (isinstance(kind, type) and issubclass(kind, Device)):
        yield f"{kind!r} is no kind; name a subclass of mockbrew.devices.base.Device"
        return
    own = getattr(kind, "kind", None)
    if own != name:
        yield f"its kind is {own!r}; give the class kind = {name!r}, or the entry point the kind's name"
    yield from faults(kind)


def _caused(offer: EntryPoint, cause: BaseException) -> PluginError:
    error = _error(offer, f"{offer.value!r} can't be loaded: {type(cause).__name__}: {cause}; mend the distribution, or uninstall it")
    error.__cause__ = cause
    return error


def _error(offer: EntryPoint, why: str) -> PluginError:
    return PluginError(*_origin(offer), offer.name, why)


def _origin(offer: EntryPoint) -> tuple[str, str]:
    """(distribution, version)."""
    return (offer.dist.name, offer.dist.version) if offer.dist else ("an unknown distribution", "?")
