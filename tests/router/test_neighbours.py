"""Whatever single slip somebody makes in a path of a rig, the path is among the nearest, and the words tell the slip."""

from __future__ import annotations

from time import process_time

from hypothesis import assume, given
from hypothesis import strategies as st

from mockbrew.errors import NoSuchEndpoint
from mockbrew.misspelling import difference, why
from mockbrew.neighbours import NEAREST, SHORT, Neighbours, _slips
from mockbrew.router import Router
from tests.router.reference import reference
from tests.router.rigs import dimmers
from tests.router.test_router import refused

SPEC = reference()
ROUTER = Router(SPEC)
BIG = Router(dimmers("/get{id}.py", None, *(f"V{number}" for number in range(5, 40_000, 20))))
NUMBERS = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,12})?", fullmatch=True)
LETTERS = st.sampled_from("aAzZ09_-./ é%\n")


@st.composite
def paths(draw: st.DrawFn, router: Router) -> str:
    """A path that is answered."""
    endpoint = draw(st.sampled_from(router.endpoints))
    return endpoint.url.replace("{setpoint}", draw(NUMBERS))


@st.composite
def slips(draw: st.DrawFn, path: str) -> str:
    """The same with one mistake in it: a letter missing, extra or another, two changed over, or the capitals of some."""
    at, letter = draw(st.integers(0, len(path))), draw(LETTERS)
    before, after = path[:at], path[at:]
    made = [
        f"{before}{after[1:]}",
        f"{before}{letter}{after}",
        f"{before}{letter}{after[1:]}",
        f"{before}{after[1:2]}{after[:1]}{after[2:]}",
        f"{before}{after.swapcase()}",
    ]
    return draw(st.sampled_from(made))


def told(router: Router, path: str) -> NoSuchEndpoint | None:
    """What is said of a path; None if it is answered."""
    try:
        router.match(path.encode().decode("latin-1"))
    except NoSuchEndpoint as error:
        return error
    return None


def check(router: Router, meant: str, asked: str) -> None:
    """It is among the nearest, or as many others are that are as near as it; and what is told of each makes it right."""
    error = told(router, asked)
    assume(error is not None)
    assert error is not None
    near = {found.url: found.why for found in error.nearest}
    url = router.match(meant)[0].url

    assert url in near or all(_is_one_slip(words) for words in near.values())
    assert url in near or len(near) == NEAREST
    assert url not in near or near[url] == why(asked, meant) or _is_one_slip(near[url])


def _is_one_slip(words: str) -> bool:
    """Whether words tell of one letter, of two changed over, or of capitals.

    Beside an argument these two may have a third with them: in `66.yp` the point may be of the number, and another be missing.
    """
    said = words.split("'")[1::2][: 1 if words.startswith("extra") or " missing " in words else 2]
    return all(len(text.encode().decode("unicode_escape")) <= 3 for text in said) or words.endswith("capitals count")


@given(data=st.data())
def test_a_slip_in_a_path_of_the_reference_rig_brings_it_up(data: st.DataObject) -> None:
    meant = data.draw(paths(ROUTER))

    check(ROUTER, meant, data.draw(slips(meant)))


@given(data=st.data())
def test_a_slip_in_a_path_of_a_big_rig_brings_it_up(data: st.DataObject) -> None:
    meant = data.draw(paths(BIG))

    check(BIG, meant, data.draw(slips(meant)))


def test_a_slip_in_the_middle_of_a_path_among_thousands_is_found() -> None:
    near = refused(BIG, "/getV12x45.py").nearest

    assert near[0] == ("/getV1245.py", "extra 'x' after '/getV12'")
    assert near[1:] == tuple((f"/getV12{digit}45.py", f"'x' where '{digit}' stands") for digit in (9, 8))


def test_a_word_too_much_is_nearer_than_another_word() -> None:
    assert refused(ROUTER, "/startVanneA.py").nearest[0] == ("/startA.py", "extra 'Vanne' after '/start'")


def test_a_word_that_is_missing_is_nearer_than_another_word() -> None:
    urls = ["/getValveA.py", "/getValveE.py"]

    assert Neighbours(urls, {}, set(urls).__contains__).of("/getA.py")[0] == ("/getValveA.py", "'Valve' is missing after '/get'")


@given(path=st.text("ab/", max_size=6), data=st.data())
def test_the_slips_of_a_path_are_all_that_one_mistake_makes(path: str, data: st.DataObject) -> None:
    right = data.draw(slips(path))
    found = difference(path, right)

    assert right in set(_slips(path, [right])) or found.capitals or right == path


def test_of_a_longer_path_the_slips_are_not_looked_up() -> None:
    assert list(_slips("/" * (SHORT + 1), ())) == []


def test_however_many_paths_there_are_the_work_is_bounded() -> None:
    asked: list[str] = []

    def answers(path: str) -> bool:
        asked.append(path)
        return False

    neighbours = Neighbours([f"/get{number}" for number in range(10_000)], {}, answers)

    assert neighbours.of("/get5000x")[0] == ("/get5000", "extra 'x' at the end")
    assert len(asked) < 140 * len("/get5000x/")


def test_paths_of_few_letters_cost_no_more_than_others() -> None:
    urls = ["/" + "a" * before + "b" + "a" * (190 - before) for before in range(190)]
    neighbours = Neighbours(urls, {}, set(urls).__contains__)
    began = process_time()
    near = [neighbours.of(path) for path in ("/" + "ab" * 95, urls[3] + "x", urls[3][:60] + "x" + urls[3][60:-2])]

    assert process_time() - began < 1  # s, of some 0.03; compared as difflib does, 2.6
    assert [each and each[0].url for each in near] == [[], urls[3], urls[3]]


def test_what_is_no_path_at_all_has_no_neighbours() -> None:
    assert refused(ROUTER, "/" + "a" * 150).nearest == ()
