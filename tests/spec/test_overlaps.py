"""Which URLs with arguments can be the same path."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from mockbrew.checks.overlaps import Token, overlaps

LETTERS = "ab"
tokens = st.one_of(st.text(LETTERS, min_size=1, max_size=2), st.sets(st.sampled_from(LETTERS), min_size=1).map(frozenset))
urls = st.lists(st.lists(tokens, max_size=4).map(tuple), min_size=2, max_size=3)
TEXTS = ["".join(letters) for length in range(10) for letters in itertools.product(LETTERS, repeat=length)]


def expression(url: tuple[Token, ...]) -> str:
    return "".join(token if isinstance(token, str) else f"[{''.join(sorted(token))}]+" for token in url)


@given(urls)
def test_urls_overlap_when_some_text_fits_both(given_urls: list[tuple[Token, ...]]) -> None:
    distinct = {expression(url): url for url in given_urls}
    fits = [{text for text in TEXTS if re.fullmatch(each, text)} for each in distinct]
    expected = {(one, other) for one, other in itertools.combinations(range(len(fits)), 2) if fits[one] & fits[other]}

    assert set(overlaps(distinct.values())) == expected


def test_many_urls_that_begin_alike_are_not_compared_two_by_two() -> None:
    number = frozenset("-.0123456789")

    assert list(overlaps(("/set_", number, f"_{index}.py") for index in range(20_000))) == []
