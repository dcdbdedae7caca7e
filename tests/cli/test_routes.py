from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.asking import on_memory
from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD


@pytest.fixture(autouse=True)
def specs(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(BAD)


LISTING = """\
METHODS           PATH            DEVICE  DOES                          REPLY
GET,POST,OPTIONS  /reset          (rig)   reset                         {"reset":true}
GET,HEAD,OPTIONS  /V1             V1      read state                    {"on":{state}}
GET,POST,OPTIONS  /V1/start       V1      turn_on                       {"on":{state}}
GET,HEAD,OPTIONS  /T1             T1      read setpoint, process_value  {"wanted":{setpoint},"measured":"{process_value} K","room":"cold"}
GET,POST,OPTIONS  /T1/{setpoint}  T1      set_setpoint                  {"wanted":{setpoint}}
"""


def test_every_endpoint_is_a_line_with_its_methods_device_verb_and_reply(mockbrew: Run) -> None:
    result = mockbrew("routes", "good.toml")

    assert result.exit_code == 0
    assert result.stdout == LISTING


def test_every_endpoint_as_json(mockbrew: Run) -> None:
    said = json.loads(mockbrew("routes", "good.toml", "--json").stdout)

    assert said["spec"] == "good.toml"
    assert [route["url"] for route in said["routes"]] == ["/reset", "/V1", "/V1/start", "/T1", "/T1/{setpoint}"]
    assert said["routes"][0] == {
        "url": "/reset",
        "methods": ["GET", "POST", "OPTIONS"],
        "device": None,
        "endpoint": "reset",
        "verb": "reset",
        "arguments": {},
        "content_type": "application/json",
        "reply": '{"reset":true}',
    }
    assert said["routes"][1]["verb"] is None
    assert said["routes"][4] == {
        "url": "/T1/{setpoint}",
        "methods": ["GET", "POST", "OPTIONS"],
        "device": "T1",
        "endpoint": "set",
        "verb": "set_setpoint",
        "arguments": {"setpoint": {"type": "number", "minimum": 5, "maximum": 25}},
        "content_type": "application/json",
        "reply": '{"wanted":{setpoint}}',
    }


def test_the_control_plane_lists_the_same(mockbrew: Run) -> None:
    said = json.loads(mockbrew("routes", "--json").stdout)

    assert on_memory().ask("/__admin/routes").json() == {"routes": said["routes"]}


def test_the_reference_brewery_is_listed_without_a_spec(mockbrew: Run) -> None:
    lines = mockbrew("routes").stdout.splitlines()

    assert len(lines) == 1 + 67
    assert lines[2].split() == ["GET,HEAD,OPTIONS", "/getA.py", "A", "read", "state", '{"Sensor":"VanneA","State":{state}}']


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_bad_spec_is_told_plainly_and_nothing_is_listed(mockbrew: Run, form: list[str]) -> None:
    result = mockbrew("routes", "bad.toml", *form)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("bad.toml:4:14: ")
