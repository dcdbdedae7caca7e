"""The document of the reference rig: each URL in it means what it says, and its example comes out byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mockbrew.router import Router
from tests.router.reference import reference

CONTRACT = Path(__file__).parents[1] / "contract"
EXAMPLES = [(one["path"], one["example"]) for one in json.loads((CONTRACT / "examples.json").read_text(encoding="utf-8"))["endpoints"]]

MEANT = [
    (r"/Reset\.py", None, "reset"),
    (r"/getCible(\d)\.py", "PID{}", "get_target"),
    (r"/setCible(\d)_\d+\.py", "PID{}", "set_target"),
    (r"/get(\w+)\.py", "{}", "get"),
    (r"/start(\w+)\.py", "{}", "start"),
    (r"/stop(\w+)\.py", "{}", "stop"),
]
LIVE = ("State", "PID", "Temp", "Cible")  # the keys of the examples whose values come from the rig


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(reference())


def meant(path: str) -> tuple[str | None, str]:
    """Device and endpoint, as a reader of the document would say."""
    for pattern, device, endpoint in MEANT:
        match = re.fullmatch(pattern, path)
        if match:
            return device and device.format(*match.groups()), endpoint
    raise AssertionError(path)


def test_the_contract_has_73_urls_and_the_rig_no_others_but_setpoints_at_will(router: Router) -> None:
    urls = {endpoint.url for endpoint in router.endpoints}

    assert len(EXAMPLES) == 73
    assert {url for url in urls if "{" not in url} == {path for path, _ in EXAMPLES if not path.startswith("/set")}
    assert {url for url in urls if "{" in url} == {f"/setCible{number}_{{setpoint}}.py" for number in (1, 2, 3)}


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_a_url_of_the_document_means_what_it_says(router: Router, path: str, example: str | None) -> None:
    endpoint, texts = router.match(path)

    assert (endpoint.device, endpoint.name) == meant(path)
    assert endpoint.commands == (not path.startswith("/get"))
    assert endpoint.content_type == "application/json"
    assert list(texts.values()) == re.findall(r"_(\d+)\.py", path)


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_its_example_comes_out_byte_for_byte(router: Router, path: str, example: str | None) -> None:
    endpoint, _ = router.match(path)
    wanted = '{"Sensor":"Reset","State":1}' if example is None else example  # the document shows none for Reset.py
    live: list[Any] = [value for key, value in json.loads(wanted).items() if key in LIVE]
    # The document's example of the valves is VanneA's, for all ten.
    own = wanted.replace("VanneA", f"Vanne{endpoint.device}")

    assert endpoint.body(lambda name: live[0]) == own.encode()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_setpoint_at_will_reaches_the_verb_as_it_was_written(router: Router, number: int) -> None:
    endpoint, texts = router.match(f"/setCible{number}_66.5.py")

    assert (endpoint.device, endpoint.verb, texts) == (f"PID{number}", "set_setpoint", {"setpoint": "66.5"})
