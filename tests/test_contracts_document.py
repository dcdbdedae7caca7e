"""What docs/contracts.md shows is so: its tables, what `verify` says, its programs. tests/test_documents.py runs its sessions."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from mockbrew.cli.verify import command as verify_command
from mockbrew.conformance.intentions import intentions
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.known.prediction import predictions
from mockbrew.conformance.reports.announcement import sentences
from mockbrew.conformance.results import CHECKS, REAL
from mockbrew.devices import BUILT_IN
from mockbrew.files import load
from mockbrew.pytest_plugin.serving import served
from mockbrew.settings import REFERENCE
from mockbrew.spec import Spec, parse
from mockbrew.strategies import __all__ as names_of_strategies
from tests.documents import ROOT, sections, specs, whole, without_comment
from tests.test_documents import CONTRACTS, SERVED, first_words, is_as_shown, titled, told

EXAMPLES = ROOT / "docs/examples"
SHOWING_EXAMPLES = (*CONTRACTS, "README.md", "README.fr.md")
VERIFY = ("Hold a server against the spec", "Comparer un serveur à la spec")
HARDWARE = ("Real hardware", "Du vrai matériel")
CHECKED = ("What is checked", "Ce qui est vérifié")
PYTEST = ("Tests of a client, with pytest", "Les tests d'un client, avec pytest")
OTHERS = ("With another framework", "Avec un autre framework de test")
HYPOTHESIS = ("With Hypothesis", "Avec Hypothesis")
PACT = ("Pact",)
README = ("Contracts", "Contrats")
INSTALLED = ".venv/bin/"  # what the README says before a command, as long as it has not told where commands are

both = pytest.mark.parametrize("document", CONTRACTS)


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load(REFERENCE)


@pytest.fixture
def url(spec: Spec) -> Iterator[str]:
    with served(spec) as url:
        yield url


def program(document: str, titles: tuple[str, ...], url: str) -> str:
    """The only one of a section, for a server elsewhere than the document has it."""
    (text,) = titled(document, titles).of("python")
    return text.replace(SERVED, url)


def bare(text: str) -> str:
    """Python without its comments, which are translated."""
    return "\n".join(map(without_comment, text.splitlines()))


def lean() -> dict[str, str]:
    """The environment, without what would change what a pytest in it does or prints."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("MOCKBREW_", "PYTEST_", "COV_", "COLUMNS"))}


# -- verify --------------------------------------------------------------------------------------------------------


@both
def test_the_table_of_checks_names_all_that_there_are(document: str) -> None:
    words = first_words(titled(document, CHECKED))

    assert len(words) == len(set(words))
    assert set(words) == set(CHECKS)


@both
def test_the_table_of_options_names_all_of_verify(document: str) -> None:
    words = [word.partition(" ")[0] for word in first_words(titled(document, VERIFY))]
    options = [parameter.opts[0] for parameter in verify_command.params if parameter.param_type_name == "option"]

    assert sorted(words) == sorted(options)


@both
def test_as_many_checks_pass_as_the_reference_spec_asks_for(document: str, spec: Spec) -> None:
    contract = Contract(spec)
    due = Counter(each.name for each in plan.due(contract, predictions(contract)))
    said = f"{due.total()} checks passed: {', '.join(f'{count} {name}' for name, count in due.items())}"
    shown = [line for text in titled(document, VERIFY).of("text") for line in text.splitlines() if "checks passed" in line]

    assert [is_as_shown(said, line) for line in shown] == [True], said


@both
def test_what_is_said_before_real_hardware_is_commanded_is_what_the_document_shows(document: str, spec: Spec) -> None:
    (shown,) = titled(document, HARDWARE).of("text")
    said = "\n".join(sentences("http://controller.example", intentions(spec, REAL)))

    assert is_as_shown(said, shown.rstrip("\n")), said


def test_the_reference_spec_heats_nothing_at_a_server_that_shows_what_its_endpoints_show(spec: Spec) -> None:
    planned = intentions(spec, REAL)

    assert planned.heats
    assert all(any(name.endswith(".volume") for name in each.unseen) for each in planned.heats)


@both
def test_the_conditions_that_are_shown_let_a_burner_heat_at_a_server_that_shows_its_endpoints_only(document: str) -> None:
    (shown,) = specs(titled(document, HARDWARE))
    found = parse(whole(shown), "brewery.toml", BUILT_IN)

    assert (found.verify.settle, found.verify.watch, found.verify.care("B1").settle) == (0.5, 120, 2)
    assert {each.device for each in intentions(found, REAL).heats if not each.unseen} == {"B1", "PID1"}


# -- programs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", SHOWING_EXAMPLES)
def test_what_is_shown_of_the_example_is_what_stands_there(document: str) -> None:
    example = [bare(path.read_text("utf-8")) for path in EXAMPLES.glob("*.py")]
    shown = titled(document, PYTEST if document in CONTRACTS else README).of("python")

    assert shown
    assert [text for text in map(bare, shown) if not any(text in each for each in example)] == []


def test_the_example_runs_where_it_stands_as_the_readme_shows() -> None:
    (step,) = [step for step in titled("README.md", README).steps() if step.command.startswith(f"{INSTALLED}pytest")]
    asked = [sys.executable, "-m", *step.command.removeprefix(INSTALLED).split(), "-pno:cacheprovider"]
    run = subprocess.run(asked, cwd=ROOT, env=lean(), capture_output=True, text=True, check=False)

    assert is_as_shown(run.stdout.rstrip("\n"), step.output), run.stdout + run.stderr


@both
def test_every_program_compiles(document: str) -> None:
    programs = [text for section in sections(document) for text in section.of("python")]

    assert len(programs) == 6
    assert all(ast.parse(text).body for text in programs)


@both
def test_the_client_of_another_framework_tells_the_hazards(document: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(program(document, OTHERS, url), {})

    assert capsys.readouterr().out == "()\n"


@both
def test_the_test_with_hypothesis_passes(document: str) -> None:
    defined: dict[str, object] = {}

    exec(titled(document, HYPOTHESIS).of("python")[0], defined)

    (test,) = (each for name, each in defined.items() if name.startswith("test_"))
    assert callable(test)
    test()


def test_the_test_with_hypothesis_and_a_rig_passes(tmp_path: Path) -> None:
    (tmp_path / "test_shown.py").write_text(titled(CONTRACTS[0], HYPOTHESIS).of("python")[1], "utf-8")
    asked = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider"]
    run = subprocess.run(asked, cwd=tmp_path, env=lean(), capture_output=True, text=True, check=False)

    assert "1 passed in" in run.stdout, run.stdout + run.stderr


@both
def test_every_strategy_is_in_the_table(document: str) -> None:
    words = [word for word in first_words(titled(document, HYPOTHESIS)) if re.fullmatch(r"\w+\(\)", word)]

    assert {word.removesuffix("()") for word in words} == {name for name in names_of_strategies if name.islower()}


@both
@pytest.mark.skipif(find_spec("pact") is None, reason="there is no pact-python for this Python")
def test_the_verifier_of_pact_finds_nothing(document: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (exported,) = [step.command.split()[1:] for step in titled(document, PACT).steps() if step.command.startswith("mockbrew")]

    assert told(exported) == ""
    exec(program(document, PACT, url), {})
