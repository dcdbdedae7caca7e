"""Where rigs live: `open_store` makes the store that a URL names. Nothing is touched before the store is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from mockbrew.errors import ConfigurationError, did_you_mean
from mockbrew.stores.base import Store
from mockbrew.stores.machine import LocalMachine, Machine
from mockbrew.stores.memory import MemoryStore
from mockbrew.stores.sqlite import SqliteStore

FORMS = "memory://, sqlite:///name.db (relative), sqlite:////var/lib/name.db (absolute)"


def open_store(url: str, *, machine: Machine | None = None) -> Store:
    """The store that `url` names; `machine` is asked for the time. Raises ConfigurationError."""
    scheme, separator, place = url.partition("://")
    if not separator:
        raise ConfigurationError(f"store {url!r}: has no scheme; known: {FORMS}{_as_file(url)}")
    maker = SCHEMES.get(scheme.lower())
    if maker is None:  # the rest of the URL may hold a password
        meant = did_you_mean(scheme.lower(), SCHEMES)
        raise ConfigurationError(f"store {scheme}://...: unknown scheme {scheme!r}; known: {FORMS}{meant}")
    return maker(url, place, machine or LocalMachine())


def _memory(url: str, place: str, machine: Machine) -> Store:
    if place:
        raise ConfigurationError(f"store {url!r}: memory has no name {place!r}; write memory://")
    return MemoryStore(machine)


def _sqlite(url: str, place: str, machine: Machine) -> Store:
    slash, path = place[:1], place[1:]
    if slash and path in ("", ":memory:"):
        raise ConfigurationError(f"store {url!r}: names no file; write sqlite:///name.db, or memory:// for a store without one")
    if slash != "/":
        raise ConfigurationError(f"store {url!r}: a file needs a third slash; write sqlite:///{place or 'name.db'}")
    if path.endswith("/"):
        raise ConfigurationError(f"store {url!r}: names a directory; write {url}name.db")
    if "?" in path or "\0" in path:
        raise ConfigurationError(f"store {url!r}: a path holds no '?' and no NUL, and there are no options; write sqlite:///name.db")
    return SqliteStore(url, Path(path).absolute(), machine)


def _as_file(text: str) -> str:
    return f" (did you mean 'sqlite:///{text}'?)" if text else ""


SCHEMES: Mapping[str, Callable[[str, str, Machine], Store]] = {"memory": _memory, "sqlite": _sqlite}
