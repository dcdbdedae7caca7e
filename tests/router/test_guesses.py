"""Where there are very many endpoints, what was meant is found without a look at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.router import MANY, Router
from tests.router.reference import reference
from tests.router.rigs import dimmer, pattern, rig
from tests.router.test_neighbours import check, paths, slips
from tests.router.test_router import refused

SPEC = reference()
ALL, SOME = Router(SPEC), Router(SPEC, many=0)
COUNT = MANY // 4


class Watched(dict[str, Any]):
    """Devices of which somebody says when it is enough to have looked at all of them."""

    closed = False

    def __iter__(self) -> Iterator[str]:
        assert not self.closed
        return super().__iter__()

    def items(self) -> Any:
        assert not self.closed
        return super().items()

    def values(self) -> Any:
        assert not self.closed
        return super().values()


@pytest.fixture(scope="module")
def big() -> Router:
    """More endpoints than are compared; nobody may go through its devices any more."""
    urls = {
        "get": pattern("/get{id}.py"),
        "on": pattern("/start{id}.py", "turn_on"),
        "dim": pattern("/dim{id}_{level}.py", "dim"),
        "call": pattern("/lamps/{id}/state", name="call"),
        "where": pattern("/lamps/{id}/place", name="where"),
    }
    devices = Watched({f"Lamp_{number}": dimmer(f"Lamp_{number}") for number in range(COUNT)})
    router = Router(rig({"only": urls}, devices))
    devices.closed = True

    assert len(router.endpoints) > MANY
    return router


@given(data=st.data())
def test_a_slip_in_a_path_without_arguments_brings_it_up(data: st.DataObject) -> None:
    meant = data.draw(paths(SOME).filter(lambda path: not path.startswith("/setCible")))

    check(SOME, meant, data.draw(slips(meant)))


@pytest.mark.parametrize(
    ("path", "url", "why"),
    [
        ("/getLamp_1x7.py", "/getLamp_17.py", "extra 'x' after '/getLamp_1'"),
        ("/getLamp_99999.py", "/getLamp_999.py", "extra '99' after '/getLamp_999'"),
        ("/lamps/Lamp_17/stat", "/lamps/Lamp_17/state", "'e' is missing at the end"),
        ("/stateLamp_17.py", "/startLamp_17.py", "'r' is missing after '/sta' and extra 'e' after '/stat'"),
        ("/dmiLamp_17_50.py", "/dimLamp_17_{level}.py", "'mi' where 'im' stands"),
        ("/dimLamp_17_50", "/dimLamp_17_{level}.py", "'.py' is missing at the end"),
    ],
)
def test_what_was_meant_is_found_without_a_look_at_all_devices(big: Router, path: str, url: str, why: str) -> None:
    assert refused(big, path).nearest[0] == (url, why)


def test_a_path_without_the_name_of_any_device_shows_what_paths_are_like(big: Router) -> None:
    assert [near.url for near in refused(big, "/getLump.py").nearest] == ["/getLamp_2.py", "/getLamp_1.py", "/getLamp_0.py"]


@pytest.mark.parametrize("path", ["/" + "a" * 150, "/" + "a" * 300])
def test_what_is_no_path_at_all_has_no_neighbours(big: Router, path: str) -> None:
    assert refused(big, path).nearest == ()


@pytest.mark.parametrize("path", ["/getAA.py", "/startVanneA.py", "/getpid1.py", "/setCible4_65.py", "/Rest.py", "/"])
def test_for_a_spec_of_few_devices_it_makes_no_difference(path: str) -> None:
    assert refused(SOME, path).nearest[:1] == refused(ALL, path).nearest[:1]
