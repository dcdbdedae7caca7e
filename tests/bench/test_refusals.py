"""What `python -m bench` refuses before it measures anything, in one line and with status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench import breweries
from bench.__main__ import main
from bench.results import document


def refused(*arguments: str | Path) -> str:
    """The line that says what is wrong; nothing has been measured, for that would be shown."""
    return complaint(CliRunner().invoke(main, [*map(str, arguments), "--rounds", "1", "--most", "30"]))


def complaint(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr.splitlines()[-1]


def results(file: Path) -> Path:
    """Those of no part."""
    file.write_text(json.dumps(document(rounds=3, seconds=1)))
    return file


def test_results_that_cannot_be_written_are_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "x.json"

    assert refused("rigs", "--json", file) == f"Error: Invalid value for '--json': {file}: cannot be written: No such file or directory"
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_results_stays_as_it_was_until_there_are_some(tmp_path: Path) -> None:
    there, new, paper = tmp_path / "there.json", tmp_path / "new.json", tmp_path / "paper.md"
    there.write_text("of yesterday")
    paper.write_text("# Speed\n")

    for file in (there, new):
        refused("rigs", "--json", file, "--into", paper)

    assert there.read_text() == "of yesterday"
    assert not new.exists()


@pytest.mark.parametrize("text", ["# Speed\n", "<!-- bench: rigs -->\n", "<!-- bench: none -->\n<!-- end of none -->\n"])
def test_a_document_without_markers_is_refused_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(text)

    said = refused("rigs", "--into", paper)

    assert said == (
        f"Error: Invalid value for '--into': {paper}: has no markers of the bench; a table goes between the lines "
        "'<!-- bench: NAME -->' and '<!-- end of NAME -->', where NAME is one of machine, goals, rigs"
    )
    assert paper.read_text() == text


def test_results_that_are_read_have_a_place_in_the_document_too(tmp_path: Path) -> None:
    paper, file = tmp_path / "paper.md", results(tmp_path / "results.json")
    paper.write_text("<!-- bench: rigs -->\nas it was\n<!-- end of rigs -->\n")

    assert refused("--from", file, "--into", paper).endswith("where NAME is one of machine, goals")
    assert paper.read_text() == "<!-- bench: rigs -->\nas it was\n<!-- end of rigs -->\n"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (b"{", "is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"\xff", "is no JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"[1]", "is none that the bench wrote: $ is not as bench/results.schema.json has it"),
        (b"{}", "is none that the bench wrote: $ is not as bench/results.schema.json has it"),
    ],
)
def test_a_file_that_the_bench_did_not_write_is_not_shown(tmp_path: Path, given: bytes, what: str) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(given)

    assert refused("--from", file) == f"Error: Invalid value for '--from': {file}: {what}"


def test_of_results_that_are_wrong_inside_the_place_is_told(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps({**document(rounds=3, seconds=1), "parts": [{"name": "rigs"}]}))

    assert "$.parts[0] is not as" in refused("--from", file)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "Error: Missing argument 'DEVICES'."),
        (["many"], "Error: Invalid value for 'DEVICES': 'many' is not a valid integer range."),
        (["0"], "Error: Invalid value for 'DEVICES': 0 is not in the range x>=1."),
    ],
)
def test_breweries_are_asked_for_by_their_number_of_devices(arguments: list[str], what: str) -> None:
    result = CliRunner().invoke(breweries.main, arguments, prog_name="python -m bench.breweries")

    assert complaint(result) == what
    assert result.stderr.startswith("Usage: python -m bench.breweries [OPTIONS] DEVICES")


@pytest.mark.parametrize("more", [["rigs"], ["--json", "new.json"]])
def test_what_only_measuring_gives_is_refused_where_nothing_is_measured(
    tmp_path: Path, more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    said = refused("--from", results(tmp_path / "results.json"), *more)

    assert said == "Error: '--from' measures nothing: neither parts nor '--json' go with it"
    assert [file.name for file in tmp_path.iterdir()] == ["results.json"]


def test_a_link_to_a_file_that_is_not_there_yet_stays(tmp_path: Path) -> None:
    link, paper = tmp_path / "link.json", tmp_path / "paper.md"
    link.symlink_to("later.json")
    paper.write_text("# Speed\n")

    refused("rigs", "--json", link, "--into", paper)

    assert link.is_symlink()
    assert not link.exists()
