"""Code that is imported anew in a process that has it already, as the master of a server has on SIGHUP."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Mapping
from types import ModuleType
from typing import TypeVar

Loaded = TypeVar("Loaded")


def imported_anew(load: Callable[[], Loaded], before: Container[str]) -> Loaded:
    """What `load` gives with new code. before: the modules that others had imported. Where it raises, everything is as it was."""
    old = _ours(before)
    _forget(old)
    try:
        return load()
    except BaseException:
        _forget(_ours(before))
        _recall(old)
        raise


def _ours(before: Container[str]) -> dict[str, ModuleType]:
    """mockbrew, and what came with the application; but not Python's own, nor what is compiled, which a process has once."""
    return {
        name: module
        for name, module in sys.modules.items()
        if (name.partition(".")[0] == "mockbrew" or name not in before)
        and name.partition(".")[0] not in sys.stdlib_module_names
        and (getattr(module, "__file__", None) or "").endswith(".py")
    }


def _forget(modules: Mapping[str, ModuleType]) -> None:
    """Also in the packages that they are in, where `from package import module` looks first."""
    for name in modules:
        package, _, last = name.rpartition(".")
        sys.modules.pop(name)
        if package in sys.modules:
            vars(sys.modules[package]).pop(last, None)


def _recall(modules: Mapping[str, ModuleType]) -> None:
    sys.modules.update(modules)
    for name, module in modules.items():
        package, _, last = name.rpartition(".")
        if package:
            setattr(sys.modules[package], last, module)
