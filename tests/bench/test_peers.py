"""Peers, as they are told to answer; that the real ones do is seen where they are installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.constant import BODY
from bench.peers import PEERS, Peer, peer, version
from bench.web import asked
from tests.bench.machine import assert_nothing_is_left

PATHS = ["/getA.py", "/getB.py"]
PROGRAMS = {"WireMock": "wiremock", "WireMock in 128 MB": "wiremock", "Prism": "prism", "Mockoon": "mockoon-cli"}


@pytest.mark.usefixtures("wrk")
@pytest.mark.parametrize("one", [each for each in PEERS if each.name in PROGRAMS], ids=lambda one: one.name)
def test_a_peer_answers_the_body_of_the_yardstick_at_each_path(one: Peer, tmp_path: Path, require_program: Callable[[str], str]) -> None:
    require_program(PROGRAMS[one.name])

    with peer(one, tmp_path, PATHS, PATHS[-1]) as running:
        told = [json.loads(asked(running.port, path).body) for path in PATHS]

    assert told == [json.loads(BODY)] * 2
    assert_nothing_is_left(tmp_path)


def test_a_peer_from_elsewhere_has_no_version() -> None:
    assert version("@somebody/none-such") == "?"
