from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.errors import PluginErrors
from mockbrew.plugins import GROUP, Found, Plugin, find, kinds
from tests.plugins.offered import Stirrer

Offer = Callable[..., Found]


@pytest.fixture
def install(tmp_path: Path) -> Offer:
    """`install("leaky", "0.3", leak="module:Class")` puts a distribution's metadata in a folder and finds what all in it offer."""

    def install(distribution: str, version: str, **objects: str) -> Found:
        metadata = tmp_path / f"{distribution}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        lines = [f"{name} = tests.plugins.{value}" for name, value in objects.items()]
        (metadata / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]))
        return find(offers(tmp_path))

    return install


def offers(folder: Path) -> list[EntryPoint]:
    return [offer for found in distributions(path=[str(folder)]) for offer in found.entry_points if offer.group == GROUP]


def said(found: Found) -> list[str]:
    return [str(error) for error in found.errors]


def test_without_plugins_the_kinds_are_the_built_in_ones() -> None:
    assert find([]).kinds() == BUILT_IN


def test_what_is_installed_here_can_be_used() -> None:
    assert kinds().items() >= BUILT_IN.items()


def test_a_kind_of_another_distribution_stands_beside_the_built_in_ones(install: Offer) -> None:
    found = install("mash", "2.1", stirrer="offered:Stirrer")

    assert found == Found((Plugin(Stirrer, "mash", "2.1"),), ())
    assert found.kinds() == {**BUILT_IN, "stirrer": Stirrer}


def test_a_missing_module_is_told_with_distribution_and_version_and_chains_its_cause(install: Offer) -> None:
    found = install("mash", "2.1", drip="missing:Drip")

    assert said(found) == [
        (
            "mash 2.1: entry point 'drip': 'tests.plugins.missing:Drip' can't be loaded: "
            "ModuleNotFoundError: No module named 'tests.plugins.missing'; mend the distribution, or uninstall it"
        )
    ]
    assert isinstance(found.errors[0].__cause__, ModuleNotFoundError)


def test_a_missing_class_is_told_with_distribution_and_version(install: Offer) -> None:
    found = install("mash", "2.1", drip="offered:Drip")

    assert said(found) == [
        (
            "mash 2.1: entry point 'drip': 'tests.plugins.offered:Drip' can't be loaded: "
            "AttributeError: module 'tests.plugins.offered' has no attribute 'Drip'; mend the distribution, or uninstall it"
        )
    ]


def test_a_module_that_ends_the_process_is_told_and_ends_nothing(install: Offer) -> None:
    assert said(install("mash", "2.1", drip="ending:Drip")) == [
        "mash 2.1: entry point 'drip': 'tests.plugins.ending:Drip' can't be loaded: SystemExit: 4; mend the distribution, or uninstall it"
    ]


@pytest.mark.parametrize("offered", ["NUMBER", "number"])
def test_what_is_no_kind_is_told(install: Offer, offered: str) -> None:
    found = install("mash", "2.1", drip=f"offered:{offered}")

    (message,) = said(found)
    assert message.startswith("mash 2.1: entry point 'drip': ")
    assert message.endswith(" is no kind; name a subclass of mockbrew.devices.base.Device")


def test_a_kind_that_is_called_otherwise_than_its_entry_point_is_told(install: Offer) -> None:
    found = install("mash", "2.1", mixer="offered:Stirrer")

    assert said(found) == [
        "mash 2.1: entry point 'mixer': its kind is 'stirrer'; give the class kind = 'mixer', or the entry point the kind's name"
    ]


def test_a_kind_without_a_name_of_its_own_is_told(install: Offer) -> None:
    found = install("mash", "2.1", mixer="offered:Nameless")

    assert said(found) == [
        "mash 2.1: entry point 'mixer': its kind is None; give the class kind = 'mixer', or the entry point the kind's name"
    ]


def test_every_mistake_of_a_kind_is_told_and_none_of_it_is_used(install: Offer) -> None:
    found = install("mash", "2.1", leak="offered:Leak")

    assert said(found) == [
        "mash 2.1: entry point 'leak': option 'drops': its own schema refuses its default: 90.0 is greater than the maximum of 60",
        (
            "mash 2.1: entry point 'leak': option 'colour': nothing declares it; "
            "make it with number(), flag(), choice(), reference() or references() of mockbrew.devices.declare"
        ),
    ]
    assert found.plugins == ()


def test_a_built_in_name_is_refused(install: Offer) -> None:
    found = install("mash", "2.1", valve="offered:Valve")

    assert said(found) == ["mash 2.1: entry point 'valve': the name is taken by mockbrew's own kind; call it otherwise, or uninstall mash"]


def test_two_distributions_with_one_name_are_both_named_and_neither_is_used(install: Offer) -> None:
    install("mash", "2.1", stirrer="offered:Stirrer")

    found = install("tun", "0.9", stirrer="offered:Stirrer")

    assert sorted(said(found)) == [
        "mash 2.1: entry point 'stirrer': the name is taken by tun 0.9 too; uninstall one of them",
        "tun 0.9: entry point 'stirrer': the name is taken by mash 2.1 too; uninstall one of them",
    ]
    assert found.plugins == ()


def test_one_broken_plugin_stops_the_start_and_leaves_the_others_listed(install: Offer) -> None:
    found = install("mash", "2.1", stirrer="offered:Stirrer", valve="offered:Valve")

    assert [plugin.kind for plugin in found.plugins] == [Stirrer]
    with pytest.raises(PluginErrors, match=r"^mash 2\.1: entry point 'valve'"):
        found.kinds()


def test_whoever_wants_the_kinds_is_told_of_every_broken_plugin(install: Offer) -> None:
    found = install("mash", "2.1", leak="offered:Leak", valve="offered:Valve", drip="missing:Drip")

    with pytest.raises(PluginErrors) as refused:
        found.kinds()

    assert refused.value.errors == found.errors
    assert str(refused.value).splitlines() == said(found)
    assert [error.entry_point for error in found.errors] == ["drip", "leak", "leak", "valve"]
