"""The pytest plugin: the fixture `mockbrew` is a rig of the test's own, at 0 s, with a clock that only the test moves.

    def test_it_waits_for_the_mash(mockbrew):
        brewery = Brewery(mockbrew.url)         # the program under test
        brewery.mash(65)
        mockbrew.run_until("Temp3 >= 65", limit=7200)
        assert brewery.is_ready()

At the end of the test, a rule of the spec that was broken or a request that no endpoint took makes it fail, with the story of what was
done; `@pytest.mark.mockbrew(allow=["dry-fire-kettle"], allow_unmatched=True)` lets them be.

This module is loaded by every pytest where mockbrew is installed. So it imports nothing of it, nor of the network, before a test asks for
a rig: the imports inside of functions here are for that.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockbrew.client import Rig, Server
    from mockbrew.pytest_plugin.target import Target
    from mockbrew.pytest_plugin.trial import Trial

SERVER = "mockbrew_server"  # the fixture that all others here need

TARGET: pytest.StashKey[Target] = pytest.StashKey()
TRIAL: pytest.StashKey[Trial] = pytest.StashKey()
CALLS: pytest.StashKey[list[bool]] = pytest.StashKey()  # whether the test ended well, and each of its subtests


def pytest_addoption(parser: pytest.Parser) -> None:
    """The command line and the settings of a project."""
    group = parser.getgroup("mockbrew")
    group.addoption("--mockbrew-spec", metavar="FILE", help="the spec that the fixture `mockbrew` serves; else that of the ini option "
                    "mockbrew_spec, else of MOCKBREW_SPEC, else the reference brewery")  # fmt: skip
    group.addoption("--mockbrew-url", metavar="URL", help="a server that runs, instead of one in this process; "
                    "the token of its control plane is taken from MOCKBREW_ADMIN_TOKEN")  # fmt: skip
    parser.addini("mockbrew_spec", "the spec that the fixture `mockbrew` serves, a path from here", default="")


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line(
        "markers",
        "mockbrew(allow=[], allow_unmatched=False): rules of the spec that this test may break, by name; "
        "whether it may ask for what no endpoint takes",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """Under xdist this process collects no tests; so what it was told itself is checked in any case."""
    config = session.config
    if config.pluginmanager.hasplugin("dsession") and (
        config.option.mockbrew_spec or config.option.mockbrew_url or config.getini("mockbrew_spec")
    ):
        _target(config).check()


def pytest_collection_finish(session: pytest.Session) -> None:
    """A spec with mistakes, or a server that is not there, is told once and not by each test."""
    config = session.config
    only_here = not config.option.collectonly and not hasattr(config, "workerinput")  # of xdist
    if only_here and any(SERVER in getattr(item, "fixturenames", ()) for item in session.items):
        _target(config).check()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that has failed says what was done to its rigs. One that somebody has interrupted never comes here."""
    report = yield
    if call.when == "call":
        item.stash.setdefault(CALLS, []).append(call.excinfo is None)
    if TRIAL in item.stash and call.when != "teardown" and report.failed:
        report.sections.append(("mockbrew", item.stash[TRIAL].story()))
    return report


@pytest.fixture(scope="session")
def mockbrew_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The server of this process, or the one of --mockbrew-url."""
    target = _target(request.config)
    try:
        target.check()
    except pytest.UsageError as error:  # of a worker of xdist, or of a fixture that was asked for by name while the test ran
        request.session.shouldfail = str(error)  # the other tests would fail for the same reason
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    with target.server() as server:
        yield server


@pytest.fixture
def mockbrew_rigs(request: pytest.FixtureRequest, mockbrew_server: Server) -> Iterator[Callable[[str], Rig]]:
    """`mockbrew_rigs("b")` is another rig of this test, as `mockbrew` is one: new, frozen, judged at the end."""
    from mockbrew.pytest_plugin.trial import trial  # noqa: PLC0415 - see above

    item = request.node
    calls = item.stash[CALLS] = list[bool]()
    with trial(mockbrew_server, item, _target(item.config)) as found:
        item.stash[TRIAL] = found
        try:
            yield found.rig
            if calls and all(calls):
                found.judge()
        finally:
            del item.stash[TRIAL]


@pytest.fixture
def mockbrew(mockbrew_rigs: Callable[[str], Rig]) -> Rig:
    """The rig of this test: new, frozen at 0 s, with every request in its journal."""
    return mockbrew_rigs("")


def _target(config: pytest.Config) -> Target:
    from mockbrew.pytest_plugin.choice import target  # noqa: PLC0415 - see above

    if TARGET not in config.stash:
        config.stash[TARGET] = target(config)
    return config.stash[TARGET]
