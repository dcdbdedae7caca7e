"""What is wrong with a path, in words: by examples, and that the words are right whatever the slip."""

from __future__ import annotations

from itertools import compress, product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mockbrew.misspelling import CELLS, Common, difference, filled, why

NUMBER = frozenset("-.0123456789")


@pytest.mark.parametrize(
    ("asked", "right", "words"),
    [
        ("/startAA.py", "/startA.py", "extra 'A' after '/startA'"),
        ("/startAA.py", "/startJ.py", "'AA' where 'J' stands"),
        ("/getA.py/", "/getA.py", "extra '/' at the end"),
        ("/getA.py\n", "/getA.py", r"extra '\n' at the end"),
        ("/getA", "/getA.py", "'.py' is missing at the end"),
        ("/gtA.py", "/getA.py", "'e' is missing after '/g'"),
        ("/startPID1s.py", "/startPID1.py", "extra 's' after '/startPID1'"),
        ("/a/much/longer/pth", "/a/much/longer/path", "'a' is missing after 'uch/longer/p'"),
        ("getA.py", "/getA.py", "'/' is missing at the beginning"),
        ("/api/getA.py", "/getA.py", "extra '/api' at the beginning"),
        ("/getA.py/", "/getJ.py", "'A' where 'J' stands and extra '/' at the end"),
        ("/setcible9_6.py", "/setCible1_6.py", "'c' where 'C' stands and '9' where '1' stands"),
        ("/reset.py", "/getJ.py", "'reset' where 'getJ' stands"),
        ("/" + "ab" * 90 + "x", "/y" + "ab" * 90, "'y' is missing after '/' and extra 'x' at the end"),
        ("/gteA.py", "/getA.py", "'te' where 'et' stands"),
        ("/getpid1.py", "/getPID1.py", "'pid' where 'PID' stands; capitals count"),
        ("/get%41.py", "/getA.py", "'%41' where 'A' stands; it is encoded twice"),
        ("/get%42.py", "/getA.py", "'%42' where 'A' stands"),
        ("/", "/" + "x" * 100, f"'{'x' * 36}... is missing at the end"),
    ],
)
def test_what_differs_is_told(asked: str, right: str, words: str) -> None:
    assert why(asked, right) == words


@given(asked=st.text(max_size=12), right=st.text(max_size=12))
@example(asked="aXa", right="aa")
@example(asked="", right="")
def test_putting_right_what_is_told_makes_the_right_path(asked: str, right: str) -> None:
    at, said, wanted = difference(asked, right)

    assert asked[at : at + len(said)] == said
    assert f"{asked[:at]}{wanted}{asked[at + len(said) :]}" == right


def common(one: str, other: str) -> int:
    """By the definition."""
    return max((len(kept) for kept in _kept(one) if _is_within(kept, other)), default=0)


def _kept(text: str) -> set[str]:
    return {"".join(compress(text, which)) for which in product((0, 1), repeat=len(text))}


def _is_within(kept: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in kept)


@given(one=st.text("abc", max_size=7), other=st.text("abc", max_size=9))
def test_what_two_texts_have_in_common_is_what_is_left_when_letters_of_both_go(one: str, other: str) -> None:
    assert Common(one)(other) == common(one, other)


def test_of_two_slashes_the_first_is_too_much() -> None:
    assert why("//getA.py", "/getA.py") == "extra '/' at the beginning"


@given(before=st.text(max_size=8), after=st.text(max_size=8), said=st.text(max_size=1), right=st.text(max_size=1))
def test_one_letter_is_told_as_one_letter(before: str, after: str, said: str, right: str) -> None:
    assume(said != right)
    found = difference(f"{before}{said}{after}", f"{before}{right}{after}")

    assert (found.said, found.right) == (said, right)
    assert found.slip


@given(before=st.text(max_size=8), after=st.text(max_size=8), one=st.characters(), other=st.characters())
def test_two_letters_changed_over_are_one_slip(before: str, after: str, one: str, other: str) -> None:
    assume(one != other)

    assert difference(f"{before}{one}{other}{after}", f"{before}{other}{one}{after}").slip
    assert not difference(f"{before}{one}{other}{after}", f"{before}{one}{other}{one}{other}{after}").slip


# -- paths with arguments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/setCible9_66.py", "/setCible1_66.py"),
        ("/setCible9_-123456.123456789012.py", "/setCible1_-123456.123456789012.py"),
        ("/setCible1_66xpy", "/setCible1_66.py"),
        ("/setCible1_66.pyx", "/setCible1_66.py"),
        ("/setcible1_66", "/setCible1_66.py"),
        ("/setCible1_6/6.py", "/setCible1_66.py"),
        ("/setCible9_warm.py", "/setCible1_warm.py"),
        ("/setCible1.py", "/setCible1_.py"),
        ("", "/setCible1_.py"),
    ],
)
def test_the_argument_that_was_given_is_found_in_a_misspelt_path(asked: str, right: str) -> None:
    assert filled(asked, ("/setCible1_", ".py"), (NUMBER,), ("0",)) == right


def test_several_arguments_are_found() -> None:
    assert filled("/50/C/10s", ("/", "/B/", "s"), (NUMBER, NUMBER), ("0", "0")) == "/50/B/10s"


def test_a_path_that_is_too_long_to_tell_has_the_arguments_of_the_example() -> None:
    asked = f"/setCible9_{'6' * CELLS}.py"

    assert filled(asked, ("/setCible1_", ".py"), (NUMBER,), ("0",)) == "/setCible1_0.py"


@given(
    text=st.text(NUMBER, min_size=1, max_size=20),
    constants=st.tuples(st.text("/abX_", min_size=1, max_size=9), st.text("/abX_", max_size=9)),
)
def test_in_a_path_that_is_right_the_arguments_are_what_they_are(text: str, constants: tuple[str, str]) -> None:
    right = f"{constants[0]}{text}{constants[1]}"

    assert filled(right, constants, (NUMBER,), ("0",)) == right
