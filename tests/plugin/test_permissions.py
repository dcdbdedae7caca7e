"""What lets a test be although something went wrong, and what does not."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Run
from tests.plugin.stories import DRY, told

pytest_plugins = ("pytester",)

GONE = (
    "is gone, and with it what happened on it: the test deleted it, it was idle for too long, or its server began anew. "
    "Leave deleting to the fixture, which judges first; what is to be deleted is mockbrew_server.rig('another')."
)


def test_markers_allow_by_name_and_those_of_class_and_module_count_too(run: Run) -> None:
    result = run(f"""
    import pytest

    pytestmark = pytest.mark.mockbrew(allow=["boil-over"])

    @pytest.mark.mockbrew(allow=["overflow-hot-tank"])
    class TestIt:
        @pytest.mark.mockbrew(allow=["dry-fire-kettle"], allow_unmatched=True)
        def test_allowed(self, mockbrew):
            self.brew(mockbrew)
            mockbrew.get("/typo")

        @pytest.mark.mockbrew(allow=["dry-fire-kettle"])
        def test_unmatched(self, mockbrew):
            self.brew(mockbrew)
            mockbrew.get("/typo")

        def test_dry(self, mockbrew):
            self.brew(mockbrew)

        def brew(self, mockbrew):{DRY.replace("        ", "            ")}
            mockbrew.get("/startA.py")
            mockbrew.clock.advance(90)
    """)

    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["no hazard and 1 unmatched request on*test_unmatched*", "1 hazard and no unmatched request on*test_dry*"])


def test_a_rule_that_there_is_not_is_refused_before_the_test_runs(run: Run) -> None:
    result = run("""
    import pytest

    @pytest.mark.mockbrew(allow=["dry-fire-ketle"])
    def test_it(mockbrew):
        print("ran")
    """)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["pytest.mark.mockbrew: allow: unknown rule 'dry-fire-ketle'; known: boil-over, *(did you mean 'dry-fire-kettle'?)"]
    )
    result.stdout.no_fnmatch_line("*ran*")
    result.stdout.no_fnmatch_line("*During handling*")


@pytest.mark.parametrize("given", ["'boil-over'", "allow='boil-over'", "allow_unmatched=1", "allows=[]", "allow=[7]"])
def test_a_marker_that_says_something_else_is_refused(given: str, run: Run) -> None:
    result = run(f"""
    import pytest

    @pytest.mark.mockbrew({given})
    def test_it(mockbrew):
        print("ran")
    """)

    result.assert_outcomes(errors=1)
    right = 'write it like mockbrew(allow=[[]"dry-fire-kettle"], allow_unmatched=True)'
    result.stdout.fnmatch_lines([f"pytest.mark.mockbrew(*): it takes names of rules and whether requests may be unmatched; {right}"])
    assert f"pytest.mark.mockbrew({given}): it takes" in result.stdout.str()
    result.stdout.no_fnmatch_line("*ran*")


def test_the_marker_is_listed(run: Run) -> None:
    result = run("", "--markers", "--strict-markers")

    result.stdout.fnmatch_lines(["@pytest.mark.mockbrew(allow=[[][]], allow_unmatched=False): rules of the spec that this test may break*"])


def test_what_the_test_forgets_itself_is_forgotten(run: Run) -> None:
    result = run(f"""
    def test_it(mockbrew):{DRY}
        mockbrew.get("/typo")
        assert [hazard.rule for hazard in mockbrew.hazards] == ["dry-fire-kettle"]
        mockbrew.forget_hazards()
        mockbrew.forget_journal()
    """)

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("after", ["", 'mockbrew.get("/startA.py")', "mockbrew.clock.freeze()"], ids=["gone", "commanded", "frozen"])
def test_a_rig_of_which_nothing_is_known_any_more_has_not_passed(after: str, run: Run) -> None:
    result = run(f"    def test_it(mockbrew):{DRY}        mockbrew.delete()\n        {after}\n")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"the rig 'test_it.py-test_it-*' {GONE}"])


def test_a_test_that_deletes_its_rig_and_fails_has_both_told(run: Run) -> None:
    result = run("    def test_it(mockbrew):\n        mockbrew.delete()\n        assert 1 == 2")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*assert 1 == 2", f"the rig 'test_it.py-test_it-*' {GONE}"])


def test_a_restore_before_all_was_judged_is_told_since_hazards_may_be_missing(run: Run) -> None:
    result = run("""
    def test_it(mockbrew, monkeypatch):
        mockbrew.snapshot("begin")
        mockbrew.get("/startB.py")
        monkeypatch.setattr("mockbrew.testbench.restoring.judge", lambda rigs, rig, patience: None)  # as if it took too long
        mockbrew.restore("begin")
    """)

    result.assert_outcomes(passed=1, errors=1)
    left = "not all before it had been judged for hazards, which takes long here; ask for `hazards` before it"
    assert f"  [?] the test: restore name='begin': {left}\n" in told(result)


def test_a_journal_of_commands_only_is_the_test_s_choice(run: Run) -> None:
    result = run(f"""
    def test_calm(mockbrew):
        mockbrew.record("commands")
        mockbrew.get("/typo")

    def test_dry(mockbrew):
        mockbrew.record("commands"){DRY}
    """)

    result.assert_outcomes(passed=2, errors=1)
