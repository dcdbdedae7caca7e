"""Tests that end otherwise than by passing, or are judged late: what is told of them."""

from __future__ import annotations

import re

import pytest

from tests.plugin.conftest import Run
from tests.plugin.stories import DRY

pytest_plugins = ("pytester",)


def test_a_test_that_fails_has_its_story_beside_its_own_reason(run: Run) -> None:
    result = run(f"    def test_it(mockbrew):{DRY}        assert mockbrew.hazards == ()\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*assert *", "* mockbrew *", "1 hazard and no unmatched request on the rig*", "*after GET /startB2.py*"])


def test_a_test_that_fails_without_anything_wrong_tells_what_was_done(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.get("/startB.py")
        assert False

    def test_nothing(mockbrew):
        assert False
    """)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["no hazard*", "what was done:", "*GET /startB.py  200*", "no hazard*", "nothing was done"])


def test_of_a_refusal_its_words_are_told_and_the_fault_that_it_came_from(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.fault("status", "A", code=503, name="busy")
        mockbrew.get("/startA.py")
        assert False
    """)

    result.assert_outcomes(failed=1)
    words = "The server cannot process the request due to a high load"
    result.stdout.fnmatch_lines(["no hazard and no unmatched*", "*the test: fault *", f"*GET /startA.py  503 (fault busy)  {words}"])


def test_a_test_of_which_a_part_has_failed_is_not_failed_again(run: Run) -> None:
    result = run(f"""
    def test_it(mockbrew, subtests):
        with subtests.test("first"):
            assert 1 == 2
{DRY}
    """)

    result.assert_outcomes(failed=2)
    result.stdout.no_fnmatch_line("*at teardown*")


@pytest.mark.parametrize(("end", "said"), [("raise KeyboardInterrupt", "*KeyboardInterrupt*"), ("pytest.exit('enough')", "*Exit: enough*")])
def test_a_run_that_somebody_interrupts_ends_as_any_other(end: str, said: str, run_apart: Run) -> None:
    result = run_apart(f"    import pytest\n\n    def test_it(mockbrew):{DRY}        {end}\n")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([f"!!!!!{said}!!!!!"])
    assert "hazard" not in result.stdout.str() + result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_what_the_client_raises_is_told_where_the_test_asked(run: Run) -> None:
    source = """
    def test_it(mockbrew):
        mockbrew.fault("frozen", "Tmp3")
    """

    shown = run(source).outlines

    at = next(at for at, line in enumerate(shown) if line.startswith(">"))
    assert shown[at].strip() == '>       mockbrew.fault("frozen", "Tmp3")'
    assert re.match(r"E +mockbrew\.client\.errors\.Refused: .*unknown device 'Tmp3'", shown[at + 1])
    assert not [line for line in shown if "transport.py" in line]
    assert [line for line in run(source, "--full-trace").outlines if "transport.py" in line]


@pytest.mark.parametrize("how", ["skip('not here')", "xfail('known')"])
def test_a_test_that_ends_itself_is_not_judged(how: str, run: Run) -> None:
    result = run(f"    import pytest\n\n    def test_it(mockbrew):{DRY}        pytest.{how}\n")

    result.assert_outcomes(skipped=how.startswith("skip"), xfailed=how.startswith("xfail"))


def test_a_rig_that_is_judged_late_by_another_fixture_s_end_is_judged_with_it(run: Run) -> None:
    result = run(f"""
    import pytest

    @pytest.fixture
    def program(mockbrew):
        yield mockbrew
{DRY}
    def test_it(program):
        pass
    """)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["1 hazard and no unmatched request on*"])
