"""What fails a test at its end, and the story that is told of it."""

from __future__ import annotations

import pytest

from tests.app.asking import REFERENCE_TEXT
from tests.plugin.conftest import Run
from tests.plugin.stories import DRY, told

pytest_plugins = ("pytester",)


def test_a_hazard_is_told_with_the_command_it_came_after_and_when_it_began_and_ended(run: Run) -> None:
    result = run(f"    def test_it(mockbrew):{DRY}")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_it*"])
    assert (
        told(result)
        == """\
1 hazard and no unmatched request on the rig 'test_it.py-test_it'. Times are virtual seconds.
  [1] danger 'dry-fire-kettle': burner under an empty kettle (B2.on and Ebu.volume < 5)
      began at 5.0, after GET /startB2.py at 5.0; ended at 15.0
what was done:
        0.0  the test: patch vessels={'Ebu': {'volume': 3}}
        0.0  the test: advance seconds=5.0
        5.0  GET /startB2.py  200  {"Sensor":"Bruleur2","State":1}
>       5.0  [1] begins: dry-fire-kettle
        5.0  the test: advance seconds=10.0
       15.0  GET /stopB2.py  200  {"Sensor":"Bruleur2","State":0}
>      15.0  [1] ends: dry-fire-kettle
if this is meant: @pytest.mark.mockbrew(allow=["dry-fire-kettle"])"""
    )


def test_a_warning_is_judged_as_a_danger_is_and_one_that_lasts_says_so(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.get("/startA.py")
        mockbrew.clock.advance(90)
        for _ in range(5):
            mockbrew.get("/getTemp1.py")
            mockbrew.get("/getA.py")
    """)

    result.assert_outcomes(passed=1, errors=1)
    assert (
        told(result)
        == """\
1 hazard and no unmatched request on the rig 'test_it.py-test_it'. Times are virtual seconds.
  [1] warning 'overflow-hot-tank': hot tank overflows (HotTank.full and Fill.flow > 0)
      began at 60.0, after GET /startA.py at 0.0; and lasts
what was done:
        0.0  GET /startA.py  200  {"Sensor":"VanneA","State":1}
        0.0  the test: advance seconds=90.0
>      60.0  [1] begins: overflow-hot-tank
       90.0  10 readings: /getTemp1.py, /getA.py
if this is meant: @pytest.mark.mockbrew(allow=["overflow-hot-tank"])"""
    )


def test_a_rule_that_is_broken_again_and_again_is_told_once(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.set_state(vessels={"Ebu": {"volume": 3}})
        for _ in range(30):
            mockbrew.get("/startB2.py")
            mockbrew.clock.advance(5)
            mockbrew.get("/stopB2.py")
            mockbrew.clock.advance(5)
        mockbrew.set_state(vessels={"HotTank": {"volume": 50}})
        mockbrew.get("/startA.py")
        mockbrew.clock.advance(5)
    """)

    story = told(result)
    assert story.startswith(
        """\
31 hazards and no unmatched request on the rig 'test_it.py-test_it'. Times are virtual seconds.
  [1] danger 'dry-fire-kettle': burner under an empty kettle (B2.on and Ebu.volume < 5)
      began at 0.0, after GET /startB2.py at 0.0; ended at 5.0
      and 29 times more; the last began at 290.0; ended at 295.0
  [2] warning 'overflow-hot-tank': hot tank overflows (HotTank.full and Fill.flow > 0)
      began at 300.0, after GET /startA.py at 300.0; and lasts
what was done:
"""
    )
    marks = [line[13:] for line in story.splitlines() if line.startswith(">")]
    assert marks == [
        "[1] begins: dry-fire-kettle",
        "[1] ends: dry-fire-kettle",
        "[1] begins: dry-fire-kettle",
        "[1] ends: dry-fire-kettle",
        "[2] begins: overflow-hot-tank",
    ]
    assert len(story.splitlines()) < 60


def test_what_is_of_one_instant_stands_in_its_order_even_where_its_causes_are_too_old_to_be_told(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.set_state(vessels={"Ebu": {"volume": 3}, "HotTank": {"volume": 50}})
        mockbrew.get("/startB2.py")
        mockbrew.get("/startA.py")
        for _ in range(1000):
            mockbrew.get("/getA.py")
    """)

    lines = told(result).splitlines()
    assert lines[lines.index("what was done last:") + 1 : -1] == [
        ">       0.0  [1] begins: dry-fire-kettle",
        ">       0.0  [2] begins: overflow-hot-tank",
        "        0.0  1000 readings: /getA.py",
    ]


def test_requests_that_no_endpoint_took_are_told_with_what_came_nearest(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        mockbrew.get("/startA.py")
        for _ in range(2):
            mockbrew.get("/startZ.py")
        mockbrew.request("DELETE", "/getA.py")
        mockbrew.get("/setCible1_200.py")
    """)

    result.assert_outcomes(passed=1, errors=1)
    story = told(result)
    assert story.startswith("no hazard and 4 unmatched requests on the rig 'test_it.py-test_it'. Times are virtual seconds.\n")
    assert "  [?] GET /startZ.py at 0.0, 2 times: 404, no endpoint has this path; nearest: /start" in story
    assert "  [?] DELETE /getA.py at 0.0: 405, not with this method" in story
    assert "  [?] GET /setCible1_200.py at 0.0: 400, a value that it does not take; nearest: /setCible1_{setpoint}.py (" in story
    assert ">       0.0  GET /setCible1_200.py  400\n" in story
    assert story.endswith("if this is meant: @pytest.mark.mockbrew(allow_unmatched=True)")


def test_hazards_of_earlier_runs_count_too(run: Run) -> None:
    result = run(f"""
    def test_it(mockbrew):
        mockbrew.snapshot("begin"){DRY}
        mockbrew.restore("begin")
        mockbrew.forget_journal()
        mockbrew.reset()
    """)

    result.assert_outcomes(passed=1, errors=1)
    assert "  [1] danger 'dry-fire-kettle'" in told(result)


def test_of_a_forgotten_journal_the_cause_is_told_as_the_hazard_has_it(run: Run) -> None:
    result = run(f"    def test_it(mockbrew):{DRY}        mockbrew.forget_journal()\n")

    assert "      began at 5.0, after B2: turn_on at 5.0; ended at 15.0" in told(result)


def test_what_a_rule_did_not_let_a_controller_do_is_told(run: Run, pytester: pytest.Pytester) -> None:
    rule = '\n[hazards.kettle-guard]\nwhen = "B2.on and Ebu.volume < 5"\nrefuse = true\n'
    pytester.path.joinpath("guarded.toml").write_text(REFERENCE_TEXT + rule)

    result = run(
        """
    def test_it(mockbrew):
        mockbrew.set_state(vessels={"Ebu": {"volume": 3}})
        mockbrew.get("/startPID2.py")
    """,
        "--mockbrew-spec=guarded.toml",
    )

    assert "      PID2 wanted B2: turn_on, which the rule does not let it, 1 time" in told(result)
    assert "  [1] danger 'kettle-guard' (B2.on and Ebu.volume < 5)\n" in told(result)


def test_a_request_that_has_lost_the_path_of_its_rig_is_told(run: Run) -> None:
    result = run("""
    from urllib.parse import urljoin
    from urllib.request import urlopen

    def test_it(mockbrew):
        urlopen(urljoin(mockbrew.url, "/startA.py")).close()

    def test_next(mockbrew):
        pass
    """)

    result.assert_outcomes(passed=2, errors=1)
    assert (
        told(result)
        == """\
1 request named no rig and came to 'default', not to the one of this test. The program has lost the path of `rig.url`, as \
urljoin(url, '/getA.py') does; join them as f"{url}/getA.py", or let it send the header X-Mockbrew-Rig.
  [?] GET /startA.py
if this is meant: @pytest.mark.mockbrew(allow_unmatched=True)"""
    )


def test_a_long_story_is_that_of_its_end_and_of_what_went_wrong(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        for _ in range(100):
            mockbrew.get("/startB.py")
        mockbrew.get("/startZ.py")
        for _ in range(100):
            mockbrew.get("/startC.py")
    """)

    lines = told(result).splitlines()
    done = lines[lines.index("what was done:") + 1 : -1]
    assert len(done) == 44
    assert done[0] == "        ...  94 lines left out"
    assert done[7] == ">       0.0  GET /startZ.py  404"
    assert done[13] == "        ...  65 lines left out"


def test_many_things_that_went_wrong_are_told_in_part(run: Run) -> None:
    result = run("""
    def test_it(mockbrew):
        for number in range(13):
            mockbrew.get(f"/start{number}.py")
    """)

    story = told(result)
    assert story.count("[?]") == 10
    assert "  ... and 3 more\n" in story


def test_what_was_asked_is_told_on_one_line_without_commanding_a_terminal(run: Run) -> None:
    result = run(r"""
    def test_it(mockbrew):
        mockbrew.get("/start%0A%1B[31m" + "A" * 1000)
    """)

    assert rf"  [?] GET /start\n\x1b[31m{'A' * 81}... at 0.0: 404, " in told(result)
