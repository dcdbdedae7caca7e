"""A changed spec where the one before can't be read any more, since a kind takes less than it did: what stays keeps its state."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import number
from tests.app.asking import Bench
from tests.rigs.changing import change

BOX = 'X = { kind = "box", size = 2 }\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide(Device):
    """A kind of some distribution."""

    kind = "box"

    size: float = number("how large it is", unit="m", default=1, minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow(Device):
    """The same kind, later."""

    kind = "box"

    size: float = number("how large it is", unit="m", default=1, minimum=0, maximum=1)


@pytest.fixture
def boxed(bench: Bench) -> Bench:
    """Valve A is open and the kettle is warm; the kind of X takes no size of 2 m any more."""
    bench.kinds = {**BUILT_IN, "box": Wide}
    change(bench, "[devices]\n", f"[devices]\n{BOX}")
    bench.get("/startA")
    bench.get("/startH")
    bench.wait(600)
    bench.kinds = {**BUILT_IN, "box": Narrow}
    return bench


def test_cells_that_are_the_same_in_both_go_on(boxed: Bench, caplog: pytest.LogCaptureFixture) -> None:
    change(boxed, "size = 2", "size = 1")

    assert (boxed.get("/getA"), boxed.get("/getB"), boxed.get("/getH")) == ("1", "0", "1")
    assert float(boxed.get("/getT")) > 30
    assert "6 devices keep their state; fresh: X; gone: none" in caplog.text
    why = "the spec before: devices.X.size: 2 is out of range; it must be a number from 0 to 1 m"
    assert f"rig 'default': nothing else keeps its state, since the spec before can't be read any more: {why}" in caplog.text


def test_cells_that_have_changed_start_fresh_since_nobody_can_evolve_them(boxed: Bench, caplog: pytest.LogCaptureFixture) -> None:
    change(boxed, "size = 2", "size = 1")
    change(boxed, "power = 5500", "power = 5501")

    assert (boxed.get("/getA"), boxed.get("/getH"), boxed.get("/getT")) == ("1", "0", "20.0")
    assert "2 devices keep their state; fresh: Kettle, X, H, T, C; gone: none" in caplog.text
