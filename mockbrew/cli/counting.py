"""How many there are: of what a spec has, and in words."""

from __future__ import annotations

from collections.abc import Mapping

from mockbrew.devices.pipe import Pipe
from mockbrew.devices.vessel import Vessel
from mockbrew.routes import shared
from mockbrew.spec import Spec


def counts(spec: Spec) -> dict[str, int]:
    """By plural nouns."""
    vessels, pipes = (sum(isinstance(entry.device, kind) for entry in spec.entries.values()) for kind in (Vessel, Pipe))
    return {
        "devices": len(spec.entries) - vessels - pipes,
        "vessels": vessels,
        "pipes": pipes,
        "endpoints": sum(len(entries) for _, entries in shared(spec)),
        "cells": len(spec.cells),
    }


def in_words(numbers: Mapping[str, int]) -> str:
    """`4 devices, 1 vessel`."""
    return ", ".join(counted(number, noun) for noun, number in numbers.items())


def counted(number: int, noun: str) -> str:
    """So many; the noun is a plural."""
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}"
