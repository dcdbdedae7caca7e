"""Paths that nobody thought of: nothing but an endpoint or `NoSuchEndpoint` comes of any, and a plain search agrees."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.endpoints import Address
from mockbrew.errors import NoSuchEndpoint, SpecError
from mockbrew.router import Router
from mockbrew.routes import addresses
from mockbrew.spec import Spec
from tests.router.reference import reference
from tests.router.rigs import dimmer, pattern, rig

REFERENCE = Router(reference())

# Texts of PATH_INFO as servers make it, and some that they never should.
anything = st.text(st.characters(max_codepoint=255)) | st.text() | st.text(st.characters(categories=["Cs", "Cc"]))
nearly = st.builds("".join, st.lists(st.sampled_from(["/", "setCible", "getCible", "get", "1", "A", "_", ".py", "66.5", "\n", "\xff"])))

urls = st.builds("/{}".format, st.lists(st.sampled_from(["a", "b", "_", "/", "<", "{id}", "{colour}"]), max_size=4).map("".join))
opened = st.builds(
    "/{}{{level}}{}{{time}}{}".format, *(st.lists(st.sampled_from(["a", "b", "_", "/", "{id}"]), max_size=3).map("".join) for _ in range(3))
)
names = st.lists(st.text("ab_", min_size=1, max_size=3), unique=True, min_size=1, max_size=4)
paths = st.builds("/{}".format, st.text("ab_0/<redlu", max_size=12))


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Rigs of a few dimmers with a few URLs, with no argument, one or two."""
    interface = {f"g{at}": pattern(url) for at, url in enumerate(draw(st.lists(urls, max_size=2)))}
    for at, (before, after) in enumerate(draw(st.lists(st.tuples(urls, urls), max_size=3))):
        interface[f"d{at}"] = pattern(f"{before}{{level}}{after[1:]}", "dim")
    interface |= {f"f{at}": pattern(url, "fade") for at, url in enumerate(draw(st.lists(opened, max_size=1)))}
    return rig({"only": interface}, {name: dimmer(name, colour=draw(st.sampled_from(["red", "blue"]))) for name in draw(names)})


def fits(address: Address, path: str) -> bool:
    return re.fullmatch("[^/]*".join(map(re.escape, address.constants)), path) is not None


def constant(address: Address, path: str) -> tuple[bool, bool, int]:
    """How good a URL is for a path that it fits: all arguments here are numbers."""
    likely = re.fullmatch("[-.0-9]+".join(map(re.escape, address.constants)), path) is not None
    return not address.examples, likely, sum(map(len, address.constants))


@given(anything | nearly)
def test_any_path_is_an_endpoint_or_none(path: str) -> None:
    try:
        endpoint, texts = REFERENCE.match(path)
    except NoSuchEndpoint:
        return

    assert tuple(texts) == endpoint.arguments


def rivals(address: Address, every: list[Address]) -> bool:
    """Whether another URL of its sort is as special, on its own sample."""
    path = address.sample
    own = constant(address, path)
    return any(other is not address and fits(other, path) and other.examples and constant(other, path) >= own for other in every)


@given(specs(), st.lists(paths, max_size=20))
def test_the_endpoint_is_the_best_of_all_that_fit(spec: Spec, asked: list[str]) -> None:
    every = list(addresses(spec))
    try:
        router = Router(spec)
    except SpecError:
        assert len({address.endpoint.url for address in every}) < len(every) or any(rivals(address, every) for address in every)
        return

    for path in [*asked, *(address.sample for address in every)]:
        best = max((constant(address, path) for address in every if fits(address, path)), default=None)
        if best is None:
            with pytest.raises(NoSuchEndpoint):
                router.match(path)
        else:
            endpoint, _ = router.match(path)
            assert any(address.endpoint == endpoint and fits(address, path) and constant(address, path) == best for address in every)
