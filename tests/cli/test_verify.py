"""`mockbrew verify`, as its user sees it: what is said before, what is asked, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from mockbrew.admin.access import Access
from mockbrew.spec import parse
from tests.cli.conftest import Run
from tests.conformance import defects
from tests.conformance.spoiled import SMALL, Defect, Reply, Rig, serving, sound

TINY = """
spec = "1.0"

[rig]
title = "Two valves"

[interfaces.switch]
get   = { url = "/get{id}.py", reply = { Sensor = "{id}", State = "{state}" } }
start = { url = "/start{id}.py", verb = "turn_on", reply = { Sensor = "{id}", State = "{state}" } }
stop  = { url = "/stop{id}.py", verb = "turn_off", reply = { Sensor = "{id}", State = "{state}" } }

[verify]
settle = 0.5

[devices]
A = { kind = "valve", interface = "switch" }
B = { kind = "valve", interface = "switch" }
"""
ORDERED = defects.data("/getB.py", lambda value: dict(reversed(value.items())))


class Noted:
    """A defect, or none, that notes what is asked."""

    def __init__(self, defect: Defect = sound) -> None:
        self._defect, self.asked = defect, list[str]()

    def __call__(self, rig: Rig, method: str, path: str) -> Reply:
        self.asked.append(f"{method} {path}")
        return self._defect(rig, method, path)

    @property
    def commands(self) -> list[str]:
        return [asked for asked in self.asked if not asked.startswith("GET /get")]


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return str(path)


@pytest.fixture
def url() -> Iterator[str]:
    with serving(sound, parse(TINY)) as url:
        yield url


@pytest.fixture
def spoiled() -> Iterator[str]:
    with serving(ORDERED, parse(TINY)) as url:
        yield url


# -- what comes of it ----------------------------------------------------------------------------------------------


def test_a_server_that_keeps_the_contract_is_good(mockbrew: Run, url: str, spec: str) -> None:
    result = mockbrew("verify", url, "--spec", spec, "--yes")
    lines = result.stdout.splitlines()

    assert result.exit_code == 0, result.output
    assert lines[0].startswith(f"{url} against 'Two valves' (")
    assert lines[0].endswith(" s, virtual time, commands were sent")
    assert lines[-1] == f"{url} keeps the contract"


def test_a_difference_is_told_with_its_place_and_both_bodies(mockbrew: Run, spoiled: str, spec: str) -> None:
    result = mockbrew("verify", spoiled, "--spec", spec, "--yes")
    table = [line for line in result.stdout.splitlines() if line.startswith(("CHECK", "layout "))]

    assert result.exit_code == 1
    assert table[0].split() == ["CHECK", "DEVICE", "URL", "WHERE", "EXPECTED", "GOT"]
    assert table[1].split() == ["layout", "B", "/getB.py", "byte", "3", '{"Sensor":"B","State":0}', '{"State":0,"Sensor":"B"}']
    assert "layout: the body is the one that the spec writes for these values, byte for byte" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(f"{spoiled}: 1 of ")


def test_another_layout_is_right_where_any_will_do(mockbrew: Run, spoiled: str, spec: str) -> None:
    assert mockbrew("verify", spoiled, "--spec", spec, "--yes", "--any-layout").exit_code == 0


def test_it_is_told_as_json_with_nothing_else_on_standard_output(mockbrew: Run, spoiled: str, spec: str) -> None:
    result = mockbrew("verify", spoiled, "--spec", spec, "--yes", "--json")
    said = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (said["server"], said["passed"], said["counts"]["failed"]) == (spoiled, False, 1)


def test_a_report_for_build_servers_is_written(mockbrew: Run, spoiled: str, spec: str, tmp_path: Path) -> None:
    mockbrew("verify", spoiled, "--spec", spec, "--yes", "--junit", str(tmp_path / "report.xml"))

    (suite,) = Xml.parse(tmp_path / "report.xml").getroot()

    assert (suite.get("name"), suite.get("failures"), suite.get("errors")) == (f"mockbrew verify {spoiled}", "1", "0")


# -- consent -------------------------------------------------------------------------------------------------------


def test_it_says_what_it_is_going_to_do_before_it_does(mockbrew: Run, tmp_path: Path) -> None:
    unguarded = SMALL.replace('B1   = { safe = "HotTank.volume >= 10 and Temp1 < 70" }\n', "")
    (tmp_path / "small.toml").write_text(unguarded)
    with serving(sound, parse(unguarded)) as url:
        said = mockbrew("verify", url, "--spec", "small.toml").stderr.splitlines()

    assert said[:9] == [
        f"{url}:",
        "  gives up to about 115 commands, by the spec's endpoints: A 10, B 10, P1 10, B1 10, R1 10, PID1 30, PID3 30, the rig (reset) 5",
        "  and, where it may, asks what must be refused too: arguments out of range, methods that commands do not have",
        "  switches on R1 only while it is certain that Mashtun.volume >= 10 and Temp3 < 70",
        "  lets heat PID1 only while it is certain that HotTank.volume >= 10 and Temp1 < 70",
        "  lets heat PID3 only while it is certain that Mashtun.volume >= 10 and Temp3 < 70",
        "  never heats with B1: B1 has no `safe` in [verify.devices]",
        "  puts everything back as it was found, as far as readings tell it; a reset sets what no command can",
        "  this is a mockbrew whose clock may be advanced: time is virtual; takes seconds; its clock goes on by about 7 min",
    ]


def test_at_hardware_it_says_what_nobody_shows_there(mockbrew: Run, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL)
    with serving(sound, access=Access("secret")) as url:
        said = mockbrew("verify", url, "--spec", "small.toml").stderr

    assert "HotTank.volume >= 10 and Temp1 < 70; nobody shows HotTank.volume here, so it is left cold where that decides\n" in said
    assert "  time is real: it is a mockbrew that asks for a token, and was given none: set MOCKBREW_ADMIN_TOKEN " in said
    assert "; takes at least 9 min, " in said


def test_that_the_mock_has_another_spec_stands_at_the_head(mockbrew: Run, spec: str) -> None:
    with serving(sound) as url:
        result = mockbrew("verify", url, "--spec", spec, "--read-only")

    note = "  the server is a mockbrew with another spec than this one"
    assert result.stderr.splitlines()[:2] == [f"{url}:", note]
    assert result.stdout.splitlines()[1:3] == [note, ""]
    assert result.stdout.count(note) == 1


def test_without_a_terminal_and_without_yes_no_command_is_sent(mockbrew: Run, spec: str) -> None:
    noted = Noted()
    with serving(noted, parse(TINY)) as url:
        result = mockbrew("verify", url, "--spec", spec)

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: a server is given commands only if somebody agrees; run this at a terminal, or give --yes, or --read-only. "
        "No command was sent."
    )
    assert noted.commands == []


def test_readings_need_nobodys_consent(mockbrew: Run, spec: str) -> None:
    noted = Noted()
    with serving(noted, parse(TINY)) as url:
        result = mockbrew("verify", url, "--spec", spec, "--read-only")

    assert result.exit_code == 0
    assert (noted.commands, "GET /getA.py" in noted.asked) == ([], True)
    assert "  asks for every reading, and whether it is a mockbrew, by GET, and nothing else\n" in result.stderr
    assert "only readings are asked for" in result.stdout


# -- usage ---------------------------------------------------------------------------------------------------------


def test_where_nobody_answers_one_line_says_so(mockbrew: Run, spec: str) -> None:
    with serving(sound, parse(TINY)) as url:
        pass
    result = mockbrew("verify", url, "--spec", spec, "--yes")

    assert result.exit_code == 1
    assert (result.stdout, len(result.stderr.splitlines())) == ("", 1)
    assert result.stderr.startswith(f"{url}: no connection to {url}: ")
    assert result.stderr.endswith("; start it, or name another one; nothing was sent\n")


@pytest.mark.parametrize("arguments", [("ftp://rig",), ("http://anna:geheim@rig",), ("http://rig", "--against", "http://anna:geheim@rig")])
def test_an_address_that_is_none_is_wrong_usage_and_shows_no_secret(mockbrew: Run, arguments: tuple[str, ...], spec: str) -> None:
    result = mockbrew("verify", *arguments, "--spec", spec, "--yes")

    assert result.exit_code == 2
    assert "geheim" not in result.output


def test_a_report_that_could_not_be_written_is_told_before_anything_is_asked(mockbrew: Run, spec: str) -> None:
    noted = Noted()
    with serving(noted, parse(TINY)) as url:
        result = mockbrew("verify", url, "--spec", spec, "--yes", "--junit", "nowhere/report.xml")

    assert (result.exit_code, noted.asked) == (2, [])
    assert "'nowhere/report.xml' can't be written: its folder is not there, or it is one itself" in result.stderr


def test_a_spec_that_is_wrong_is_told_as_everywhere(mockbrew: Run, url: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('spec = "1.0"\n[devices]\nA = { kind = "valv" }\n')

    result = mockbrew("verify", url, "--spec", "bad.toml", "--yes")

    assert result.exit_code == 1
    assert result.stderr.startswith("bad.toml:3:")


# -- two servers ---------------------------------------------------------------------------------------------------


def test_two_servers_that_are_alike_have_no_drift(mockbrew: Run, url: str, spec: str) -> None:
    result = mockbrew("verify", url, "--spec", spec, "--yes", "--against", f"{url}/rigs/other")
    lines = result.stdout.splitlines()

    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in lines[:2]] == [["one", url], ["other", f"{url}/rigs/other"]]
    assert "rates within 25% of the faster one, or within 0.1 K/min, count as the same" in lines
    assert lines[-1].startswith("no drift: ")


def test_the_drift_between_two_servers_is_one_report(mockbrew: Run, url: str, spec: str, tmp_path: Path) -> None:
    drifting = defects.told_only("/stopB.py", "/getB.py")
    with serving(drifting, parse(TINY)) as other:
        result = mockbrew("verify", url, "--spec", spec, "--yes", "--against", other, "--junit", "drift.xml")
    rows = [line.split() for line in result.stdout.splitlines()]
    outcomes = [" ".join(row) for row in rows]
    (suite,) = Xml.parse(tmp_path / "drift.xml").getroot()

    assert result.exit_code == 1
    assert ["GET", "/getB.py", "B", "B.state", "0", "1"] in [row[:6] for row in rows]
    assert "effect B /stopB.py passed failed: B.state is 1" in outcomes, result.stdout
    assert int(suite.get("failures", "0")) > 0


def test_the_drift_is_told_as_json_too(mockbrew: Run, url: str, spec: str, spoiled: str) -> None:
    said = json.loads(mockbrew("verify", url, "--spec", spec, "--yes", "--against", spoiled, "--json").stdout)

    assert (said["drift"], {each["where"] for each in said["differences"]}) == (True, {"layout"})
    assert (said["one"]["passed"], said["other"]["passed"]) == (True, False)


def test_the_token_goes_to_the_first_server_only(mockbrew: Run, spec: str) -> None:
    closed = Access("first")
    with serving(sound, parse(TINY), access=closed) as one, serving(sound, parse(TINY), access=closed) as other:
        result = mockbrew("verify", one, "--spec", spec, "--against", other, "--read-only", MOCKBREW_ADMIN_TOKEN="first")

    heads = [line for line in result.stdout.splitlines() if line.startswith(("one", "other"))]
    assert ["virtual time" in heads[0], "real time" in heads[1]] == [True, True]
    assert "first" not in result.output


def test_where_the_other_server_is_not_there_neither_is_commanded(mockbrew: Run, spec: str) -> None:
    noted = Noted()
    with serving(sound, parse(TINY)) as gone:
        pass
    with serving(noted, parse(TINY)) as url:
        result = mockbrew("verify", url, "--spec", spec, "--yes", "--against", gone)

    assert (result.exit_code, noted.commands) == (1, [])
    assert result.stderr.splitlines()[-1].startswith(f"{gone}: no connection")


def test_where_the_first_server_ends_early_the_second_one_is_not_begun(mockbrew: Run, spec: str) -> None:
    def stranger(rig: Rig, method: str, path: str) -> Reply:
        return Reply(404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>")

    noted = Noted()
    with serving(stranger, parse(TINY)) as url, serving(noted, parse(TINY)) as other:
        result = mockbrew("verify", url, "--spec", spec, "--yes", "--against", other)

    assert result.exit_code == 1
    assert "it was not begun, since the other one ended early" in " ".join(result.stdout.split())
    assert not [asked for asked in noted.asked if "/start" in asked or "/stop" in asked]


def test_a_weaker_burner_is_a_drift_of_its_probe_and_of_nothing_else(mockbrew: Run, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL)
    with serving(sound) as strong, serving(sound, parse(SMALL.replace("power = 8800", "power = 5000"))) as weak:
        result = mockbrew("verify", strong, "--spec", "small.toml", "--yes", "--against", weak, "--json")
    said = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (said["differences"], said["outcomes"]) == ([], [])
    assert [(rate["probe"], rate["while"]) for rate in said["rates"]] == [("Temp1", "warms B1")]
    assert said["rates"][0]["one"] > 1.3 * said["rates"][0]["other"] > 0
