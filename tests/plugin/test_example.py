"""The example of the documents, run as its readers would run it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.documents import sections
from tests.plugin.conftest import LEAN

pytest_plugins = ("pytester",)

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_the_example_passes_under_xdist_with_four_processes(pytester: pytest.Pytester, bare: None) -> None:
    shutil.copytree(EXAMPLES, pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    result = pytester.runpytest_subprocess(*LEAN, "-n4")

    result.assert_outcomes(passed=3)


@pytest.mark.parametrize("document", ["docs/contracts.md", "docs/contracts.fr.md"])
def test_what_the_documents_show_of_hypothesis_passes(document: str, pytester: pytest.Pytester, bare: None) -> None:
    reads, takes = [text for section in sections(document) for text in section.of("python") if "from hypothesis" in text]
    pytester.makepyfile(test_reads=reads, test_takes=takes)

    result = pytester.runpytest_inprocess(*LEAN)

    result.assert_outcomes(passed=2)


FORGETFUL = """
from urllib.request import urlopen

def test_forgets_the_burner(mockbrew):
    urlopen(f"{mockbrew.url}/startB2.py").close()
    mockbrew.clock.advance(10800)
"""


@pytest.mark.parametrize("document", ["docs/contracts.md", "docs/contracts.fr.md"])
def test_the_story_in_the_documents_is_the_one_that_is_told(document: str, pytester: pytest.Pytester, bare: None) -> None:
    (shown,) = [text for section in sections(document) for text in section.of("text") if "what was done" in text]
    pytester.makepyfile(test_story=FORGETFUL)

    result = pytester.runpytest_inprocess(*LEAN)

    assert shown in "\n".join(result.outlines)
