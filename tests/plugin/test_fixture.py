"""The fixture `mockbrew`: a rig of the test's own, new, frozen, deleted at the end."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mockbrew.pytest_plugin.names import rig_name
from mockbrew.roster import NAME
from tests.plugin.conftest import Run

pytest_plugins = ("pytester",)

NAMES = re.compile(r"rig: (\S+)")


def test_the_rig_is_new_frozen_at_the_beginning_and_records_requests(run: Run) -> None:
    result = run("""
        def test_it(mockbrew, mockbrew_server):
            assert (mockbrew.clock.time, mockbrew.clock.rate, mockbrew.about["events"]) == (0, 0, 0)
            assert mockbrew.get("/getTemp1.py").json() == {"Sensor": "HotTank", "Temp": 20.0}
            assert [entry.url for entry in mockbrew.entries("verb == null")] == ["/getTemp1.py"]
            assert mockbrew_server.spec["title"] == "Brasserie trois cuves"
    """)

    result.assert_outcomes(passed=1)


def test_each_test_has_another_rig_and_none_is_left(run: Run) -> None:
    result = run("""
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test_it(mockbrew, mockbrew_server, number):
            assert mockbrew.get("/getB.py").json()["State"] == 0
            mockbrew.get("/startB.py")
            assert set(mockbrew_server.rigs) == {"default", mockbrew.name}
    """)

    result.assert_outcomes(passed=3)


def test_the_rig_goes_also_when_the_test_fails_or_is_judged(run: Run) -> None:
    result = run("""
        def test_failing(mockbrew):
            assert mockbrew is None

        def test_dangerous(mockbrew):
            mockbrew.set_state(vessels={"Ebu": {"volume": 0}})
            mockbrew.get("/startB2.py")

        def test_none_is_left(mockbrew_server):
            assert set(mockbrew_server.rigs) == {"default"}
    """)

    result.assert_outcomes(passed=2, failed=1, errors=1)


def test_names_are_the_same_in_every_run_so_chance_is_too(run: Run) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test_it(mockbrew, number):
            mockbrew.fault("noise", "Temp1", deviation=1)
            mockbrew.clock.advance(60)
            print("rig:", mockbrew.name, mockbrew.get("/getTemp1.py").text)
    """

    first, second = ([line for line in run(source, "-s").outlines if "rig: " in line] for _ in range(2))

    assert first == second
    assert len(set(first)) == 3


def test_the_name_is_that_of_the_node_id(run: Run) -> None:
    result = run("""
        import pytest

        from mockbrew.pytest_plugin.names import rig_name

        class TestIt:
            @pytest.mark.parametrize("number", [7])
            def test_it(self, mockbrew, number, request):
                assert request.node.nodeid == "test_it.py::TestIt::test_it[7]"
                assert mockbrew.name == rig_name(request.node.nodeid)
    """)

    result.assert_outcomes(passed=1)


def test_a_test_may_have_further_rigs_which_are_judged_and_deleted_too(run: Run) -> None:
    result = run("""
        def test_two(mockbrew, mockbrew_rigs, mockbrew_server):
            other = mockbrew_rigs("b")
            assert (other.clock.time, other.clock.rate) == (0, 0)
            assert set(mockbrew_server.rigs) == {"default", mockbrew.name, other.name}
            other.set_state(vessels={"Ebu": {"volume": 0}})
            other.get("/startB2.py")

        def test_none_is_left(mockbrew_server):
            assert set(mockbrew_server.rigs) == {"default"}
    """)

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["1 hazard and no unmatched request on the rig 'test_it.py-test_two-b-????????'.*"])


def test_two_rigs_of_one_name_are_refused(run: Run) -> None:
    result = run("""
        import pytest

        def test_it(mockbrew_rigs):
            first = mockbrew_rigs("b")
            with pytest.raises(ValueError) as refused:
                mockbrew_rigs("b")
            assert str(refused.value) == "'b': this test has a rig of that name already; take another name"
            assert first.about["events"] == 0
    """)

    result.assert_outcomes(passed=1)


def test_a_class_of_unittest_can_use_it(run: Run) -> None:
    result = run("""
        import unittest

        import pytest

        class BreweryTest(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _rig(self, mockbrew):
                self.rig = mockbrew

            def test_it(self):
                self.assertEqual(self.rig.clock.time, 0)
    """)

    result.assert_outcomes(passed=1)


@given(st.text(), st.text())
def test_every_name_is_one_that_a_rig_can_have(test: str, run: str) -> None:
    assert NAME.fullmatch(rig_name(test, run))


@given(st.lists(st.text(), unique=True, min_size=2))
def test_no_two_tests_share_a_name_and_no_two_runs_do(tests: list[str]) -> None:
    assert len({rig_name(test) for test in tests}) == len(tests)
    assert rig_name(tests[0], "one") != rig_name(tests[0], "two")


def test_a_name_lets_a_person_find_the_test() -> None:
    assert re.fullmatch(r"tests-test_mash.py-test_it_waits-65-[0-9a-f]{8}", rig_name("tests/test_mash.py::test_it_waits[65]"))
