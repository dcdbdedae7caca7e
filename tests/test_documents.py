"""The documents keep their word: links lead somewhere, specs can be served, sessions answer as they are printed."""

from __future__ import annotations

import dataclasses
import re
import shlex
import sqlite3
from argparse import ArgumentParser
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from importlib import import_module
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from click.testing import CliRunner

from mockbrew.admin.table import RESOURCES
from mockbrew.cli import COMMANDS, main
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds, options
from mockbrew.errors import MockbrewError, SpecError
from mockbrew.faults.sorts import SORTS
from mockbrew.settings import MEANINGS
from mockbrew.spec import parse
from mockbrew.stores import open_store
from tests.app.asking import REFERENCE_TEXT, Bench, on_memory
from tests.documents import (
    DOCUMENTS,
    ROOT,
    Block,
    Section,
    Step,
    anchors,
    is_of_a_project,
    links,
    named,
    read,
    sections,
    specs,
    table,
    variables,
    whole,
    without_comment,
)
from tests.test_layers import ROWS

MANUALS = ("README.md", "README.fr.md", "docs/guide.md", "docs/guide.fr.md")
GUIDES = MANUALS[2:]
BENCHES = ("docs/bench.md", "docs/bench.fr.md")
CONTRACTS = ("docs/contracts.md", "docs/contracts.fr.md")
RUN = (*MANUALS, *BENCHES, *CONTRACTS)
AWAY = ("serve", "verify")  # commands that wait for others, or for a server
FLOWMETER = ROOT / "tests/plugins/flowmeter"
SERVED = "http://127.0.0.1:8890"
WRONG = "wrong.toml"  # the spec that shows what is said of mistakes


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Kinds:
    """The built-in kinds and the one that the guide writes."""
    monkeypatch.syspath_prepend(FLOWMETER)
    return {**BUILT_IN, "flowmeter": import_module("mockbrew_flowmeter").Flowmeter}


# -- links and names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading_of_it(document: str) -> None:
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = ((ROOT / document).parent / path).resolve() if path else ROOT / document

        assert target.exists(), link
        assert not anchor or anchor in anchors(str(target.relative_to(ROOT))), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_is_there(document: str) -> None:
    named = re.findall(r"`((?:mockbrew|tests|docs|script|deploy)/[\w./-]*)`", read(document))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_and_every_command_that_is_named_exists(document: str) -> None:
    text = read(document)

    assert set(re.findall(r"MOCKBREW_[A-Z_]+", text)) <= MEANINGS.keys()
    assert set(re.findall(r"(?:`|\$ |/)mockbrew ([a-z]+)", text)) <= set(COMMANDS)


@pytest.mark.parametrize("document", MANUALS)
def test_the_manuals_name_every_setting_and_every_command(document: str) -> None:
    text = read(document)

    assert all(f"`{name}`" in text for name in MEANINGS)
    assert set(re.findall(r"`mockbrew ([a-z]+)", text)) == set(COMMANDS)


# -- specs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", RUN)
def test_every_spec_that_is_shown_can_be_served_but_for_the_wrong_one(document: str, kinds: Kinds) -> None:
    for text in (text for section in sections(document) for text in specs(section)):
        if named(text) != WRONG:
            parse(whole(text), named(text), kinds)
        else:
            with pytest.raises(SpecError):
                parse(text, WRONG, kinds)


# -- sessions ------------------------------------------------------------------------------------------------------


def curl() -> ArgumentParser:
    """As much of it as the documents use."""
    parser = ArgumentParser(prog="curl", allow_abbrev=False)
    parser.add_argument("url")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="fields", action="append", default=[])
    parser.add_argument("-d", "--json", dest="body", default="")
    parser.add_argument("-G", dest="get", action="store_true")
    parser.add_argument("--data-urlencode", dest="pairs", action="append", default=[])
    return parser


def asked(bench: Bench, arguments: list[str]) -> str:
    """What a server answers to curl."""
    given = curl().parse_args(arguments)
    url, body = urlsplit(given.url), given.body.encode()
    query = "&".join([url.query, *(f"{name}={quote(text)}" for name, _, text in (pair.partition("=") for pair in given.pairs))])
    fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (field.split(": ", 1) for field in given.fields)}
    sent = {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json", "wsgi.input": BytesIO(body)}
    method = given.method or ("POST" if body else "GET")

    assert given.url.startswith(f"{SERVED}/")
    assert given.get or not given.pairs
    return (
        bench.ask(unquote(url.path), method, QUERY_STRING=query.strip("&"), **sent, **fields)
        .body.decode()
        .replace("\r\n", "\n")
        .rstrip("\n")
    )


def told(arguments: list[str]) -> str:
    """`mockbrew ...`, for the commands that end by themselves."""
    if ">" in arguments:
        *arguments, _, file = arguments
        Path(file).write_text(told(arguments), "utf-8")
        return ""
    return CliRunner().invoke(main, arguments, prog_name="mockbrew", env=dict.fromkeys(MEANINGS)).output.rstrip("\n")


def printed(bench: Bench, command: str, set_before: Mapping[str, str]) -> str | None:
    """What a command prints; None for one that is not run here."""
    words = shlex.split(command)
    program, *arguments = [Template(word).safe_substitute(set_before) if word.startswith("$") else word for word in words]
    if program == "curl":
        return asked(bench, arguments)
    if program == "sleep":
        bench.wait(float(arguments[0]))
        return ""
    return told(arguments) if program == "mockbrew" and arguments[0] not in AWAY else None


def is_as_shown(output: str, shown: str) -> bool:
    """Whether an output is what the document shows, where an ellipsis stands for anything."""
    return re.fullmatch(re.escape(shown).replace("…", ".*?"), output, re.DOTALL) is not None


def sessions() -> Iterator[object]:
    for document in RUN:
        yield from (
            pytest.param(section, variables(document), id=f"{document}: {section.title}")
            for section in sections(document)
            if any(section.steps())
        )


@pytest.mark.parametrize("pace", [0.0, 5.0])  # s from one command to the next: by a script, and by hand
@pytest.mark.parametrize(("section", "set_before"), list(sessions()))
def test_a_session_answers_as_it_is_printed(
    section: Section, set_before: Mapping[str, str], pace: float, kinds: Kinds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = specs(section)[-1] if specs(section) else ""
    text = whole(shown)
    Path(named(shown)).write_text(text, "utf-8")
    bench = on_memory(REFERENCE_TEXT if named(shown) == WRONG else text, kinds)

    for step in section.steps():
        output = printed(bench, step.command, set_before)
        bench.wait(pace)
        assert output is None or is_as_shown(output, step.output), (step.command, output)


@pytest.mark.parametrize(("output", "shown"), [("21.02", "21.0"), ("21.02", "22.…"), ("a\nb\nc", "a\n…\nd"), ("x", "")])
def test_a_session_that_is_not_as_it_is_printed_is_seen(output: str, shown: str) -> None:
    assert not is_as_shown(output, shown)


def test_the_sessions_of_the_manuals_are_found() -> None:
    steps = [step for document in RUN for section in sections(document) for step in section.steps()]

    assert Step("curl http://127.0.0.1:8890/getB.py", '{"Sensor":"VanneB","State":0}') in steps
    assert sum(step.command.startswith("curl") for step in steps) > 200


# -- the guide -----------------------------------------------------------------------------------------------------


def default(field: dataclasses.Field[Any], required: str) -> str:
    """How the guide writes the default of an option."""
    if field.default is dataclasses.MISSING:
        return required
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return "" if field.default in (None, ()) else str(field.default)


@pytest.mark.parametrize("kind", BUILT_IN)
@pytest.mark.parametrize(("guide", "required"), [(GUIDES[0], "required"), (GUIDES[1], "obligatoire")])
def test_the_guide_lists_the_options_of_a_kind_with_their_defaults_and_names_the_rest(kind: str, guide: str, required: str) -> None:
    (section,) = [section for section in sections(guide) if section.title == kind]
    listed = {row[0].strip("`"): row[2] for row in table(section.prose)[1:]}

    assert listed == {name: default(field, required) for name, field in options(BUILT_IN[kind]).items()}
    assert all(f"`{name}`" in section.prose for name in (*BUILT_IN[kind].readings, *BUILT_IN[kind].verbs))


@pytest.mark.parametrize("guide", GUIDES)
def test_what_the_guide_shows_of_a_kind_of_ones_own_is_that_of_the_example(guide: str, kinds: Kinds) -> None:
    module, project = (FLOWMETER / "mockbrew_flowmeter.py").read_text(), (FLOWMETER / "pyproject.toml").read_text()
    shown = [section for section in sections(guide) if section.of("python")]
    own = [text for section in shown for text in section.of("python") if text not in module]

    assert [text for section in shown for text in section.of("toml") if is_of_a_project(text) and text not in project] == []
    assert len(own) == 1
    exec(own[0], {})


def refused(url: str, folder: Path) -> str:
    """What is said of a store, without the path of the folder that it is in."""
    with pytest.raises(MockbrewError) as caught, open_store(url).transaction():
        pass
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("guide", GUIDES)
def test_stores_that_can_t_be_used_are_refused_as_the_guide_says(guide: str, tmp_path: Path) -> None:
    (shown,) = [text for section in sections(guide) for text in section.of("text") if text.startswith("store ")]
    urls = {name: f"sqlite:///{tmp_path / name}" for name in ("notes.txt", "photos.db", "state.db")}
    (tmp_path / "notes.txt").write_text("no database, but long enough to be taken for one: " * 3)
    with closing(sqlite3.connect(tmp_path / "photos.db")) as connection:
        connection.execute("CREATE TABLE photo (name TEXT)")
    with closing(open_store(urls["state.db"])) as store, store.transaction():
        pass
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        connection.execute("PRAGMA user_version = 4")

    assert [refused(url, tmp_path) for url in ("state.db", "sqlite:////nowhere/state.db", *urls.values())] == shown.splitlines()


# -- the test bench ------------------------------------------------------------------------------------------------


def first_words(section: Section) -> list[str]:
    """What stands between backticks in the first column of a section's tables."""
    return [word for row in table(section.prose) for word in re.findall("`([^`]+)`", row[0])]


def titled(document: str, titles: Collection[str]) -> Section:
    (section,) = [section for section in sections(document) if section.title in titles]
    return section


@pytest.mark.parametrize("document", BENCHES)
def test_the_test_bench_lists_every_fault_that_a_device_can_have(document: str) -> None:
    listed = [(row[0], row[1], row[2]) for row in table(titled(document, ("Faults of devices", "Pannes d'appareils")).prose)[1:]]
    words = [(word, parameters) for sorts, _, parameters in listed for word in re.findall("`([^`]+)`", sorts)]
    declared = [(sort, failure.parameters) for kind in BUILT_IN.values() for sort, failure in kind.failures.items()]
    failures = {(sort, name) for sort, parameters in declared for name in parameters or ("",)}

    assert {word for word, _ in words} == {sort for sort, _ in failures}
    assert {(word, name) for word, text in words for name in re.findall("`([^`]+)`", text) or ("",)} == failures


@pytest.mark.parametrize("document", BENCHES)
def test_the_test_bench_lists_every_fault_of_transport(document: str) -> None:
    listed = table(titled(document, ("Faults of transport", "Pannes de transport")).prose)[1:]

    assert [row[0].strip("`") for row in listed] == list(SORTS)
    assert all(f"`{name}`" in row[1] for row, sort in zip(listed, SORTS.values(), strict=True) for name in sort.parameters)


@pytest.mark.parametrize("document", BENCHES)
def test_the_test_bench_lists_every_rule_of_the_reference_rig(document: str) -> None:
    listed = [word for word in first_words(titled(document, ("Hazards", "Dangers"))) if "-" in word]

    assert sorted(listed) == sorted(parse(REFERENCE_TEXT, "spec.toml", BUILT_IN).hazards)


@pytest.mark.parametrize("document", BENCHES)
def test_the_test_bench_names_every_resource_of_the_control_plane(document: str) -> None:
    place, text = "NOM" if ".fr." in document else "NAME", read(document)
    asked = [re.escape(resource.path.replace("{name}", place)) for resource in RESOURCES]
    missing = [
        path for path, resource in zip(asked, RESOURCES, strict=True) if not re.search(f"`{resource.method} (/__admin/)?{path}[` ]", text)
    ]

    assert missing == []


# -- two languages -------------------------------------------------------------------------------------------------


def comparable(block: Block) -> Block:
    """Comments are translated, code is not."""
    return Block(block.language, "\n".join(map(without_comment, block.text.splitlines())))


def shape(document: str) -> list[tuple[int, list[Block], int]]:
    """Of each section its level, its blocks and the number of rows in its tables."""
    return [(section.level, list(map(comparable, section.blocks)), len(table(section.prose))) for section in sections(document)]


@pytest.mark.parametrize("english", ["README.md", "docs/guide.md", "docs/brewday.md", "docs/bench.md", "docs/contracts.md"])
def test_the_french_text_has_the_sections_the_tables_and_the_code_of_the_english_one(english: str) -> None:
    assert shape(english.replace(".md", ".fr.md")) == shape(english)


# -- the architecture ----------------------------------------------------------------------------------------------


def test_the_table_of_layers_is_the_one_that_the_tests_hold() -> None:
    (section,) = [section for section in sections("ARCHITECTURE.md") if section.title == "Layers"]
    rows = [re.findall(r"`([a-z_]+)/?`", row[1]) for row in table(section.prose)[1:]]

    assert rows == [[name for name in names if not name.startswith("__")] for names in ROWS]
