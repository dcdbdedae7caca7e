"""What `gunicorn wsgi:app` serves, with one kind more: one with bugs, as a plugin may have."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mockbrew.app import App
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Verb
from mockbrew.devices.switch import Position, Switch
from mockbrew.files import load
from mockbrew.stores import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Buggy(Device):
    """Off, it works. Its reading fails when it is on; its stop always."""

    kind = "buggy"
    layout = Position
    readings = {"state": Reading(lambda device, state, view: 1 // (1 - state.on) - 1, Switch.readings["state"].schema, "0, or a bug")}
    verbs = {
        "turn_on": Verb(lambda device, state, at: state._replace(on=1), "done, and then its reply can't be made"),
        "turn_off": Verb(lambda device, state, at: state.no_such_thing(), "not done"),
    }


def app_from_environment() -> App:
    kinds = {**BUILT_IN, "buggy": Buggy}
    return App(lambda: load(Path(os.environ["MOCKBREW_SPEC"]), kinds), open_store(os.environ["MOCKBREW_STORE"]), kinds)
