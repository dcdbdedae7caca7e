from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mockbrew import __version__
from tests.cli.conftest import Run
from tests.cli.serving import program, variables


def printing_to(place: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What came of a command whose standard output a shell sends there."""
    shell = ["sh", "-c", f'exec "$@" >{place}', "sh", *program(*arguments)]
    return subprocess.run(shell, cwd=folder, env=variables(), capture_output=True, text=True, check=False)


def test_the_version_is_told(mockbrew: Run) -> None:
    assert mockbrew("--version").output == f"mockbrew {__version__}\n"


def test_help_lists_every_command_with_a_line(mockbrew: Run) -> None:
    listed = mockbrew("--help").output.partition("Commands:\n")[2]

    assert listed == (
        "  serve     Serve SPEC until Ctrl-C.\n"
        "  check     Say everything that is wrong with SPEC.\n"
        "  routes    List the endpoints of SPEC and what they answer.\n"
        "  kinds     List the kinds of devices: options, readings, verbs, failures.\n"
        "  openapi   Print what a server of SPEC answers, as an OpenAPI 3.1 document.\n"
        "  export    Write what SPEC answers as FORMAT: pact, wiremock or mockoon.\n"
        "  simulate  Run SCRIPT, such as a brew day, on the plant alone.\n"
        "  verify    Hold the server at URL against a spec, and say what differs.\n"
        "  doctor    Examine the installation, the settings, SPEC and the store.\n"
    )


def test_a_mistyped_command_is_wrong_usage_and_the_right_one_is_named(mockbrew: Run) -> None:
    result = mockbrew("chek")

    assert result.exit_code == 2
    assert result.stderr.endswith("Error: No such command 'chek'. (did you mean 'check'?)\n")


def test_an_unknown_option_is_wrong_usage(mockbrew: Run) -> None:
    assert mockbrew("check", "--jason").exit_code == 2


def test_python_m_mockbrew_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(program("--version"), cwd=tmp_path, env=variables(), capture_output=True, text=True, check=True)

    assert done.stdout == f"mockbrew {__version__}\n"


def test_the_version_needs_no_part_of_the_server(tmp_path: Path) -> None:
    code = """
import sys
from mockbrew.cli import main
main(["--version"], standalone_mode=False)
print(sorted({"rich", "werkzeug", "gunicorn", "jsonschema", "sqlite3", "tomli"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=variables(), capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[1:] == ["[]"]


def test_a_reader_that_goes_away_is_no_error_to_speak_of(tmp_path: Path) -> None:
    with subprocess.Popen(program("routes"), cwd=tmp_path, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()

        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
@pytest.mark.parametrize("arguments", [["openapi"], ["export", "pact"], ["kinds", "--json"], ["--help"], ["--version"], ["export", "-h"]])
def test_a_disk_that_is_full_is_one_line(tmp_path: Path, arguments: list[str]) -> None:
    done = printing_to("/dev/full", *arguments, folder=tmp_path)

    assert done.stderr == "standard output: it can't be written: No space left on device; make room, or send it elsewhere\n"
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [["routes"], ["kinds", "--json"], ["--version"]])
def test_where_standard_output_is_closed_nothing_is_printed_and_nothing_breaks(tmp_path: Path, arguments: list[str]) -> None:
    done = printing_to("&-", *arguments, folder=tmp_path)

    assert (done.stderr, done.returncode) == ("", 0)


def test_a_name_that_the_terminal_can_not_show_is_escaped(tmp_path: Path) -> None:
    spec = tmp_path / "bœuf.toml"
    spec.write_text('spec = "1.0"\n[rig]\ntitle = "Bœuf"\n[devices]\nA = { kind = "valve" }\n')
    latin = {**variables(), "PYTHONIOENCODING": "latin-1"}

    done = subprocess.run(program("check", spec.name), cwd=tmp_path, env=latin, capture_output=True, text=True, check=True)

    assert done.stdout == "b\\u0153uf.toml: good: 1 device, 0 vessels, 0 pipes, 0 endpoints, 1 cell\n"
