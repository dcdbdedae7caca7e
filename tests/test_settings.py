from __future__ import annotations

from pathlib import Path

from mockbrew.settings import MEANINGS, REFERENCE, Settings, unknown


def test_without_any_setting_the_reference_brewery_is_served_from_a_file_in_the_current_directory() -> None:
    assert Settings.from_environment({}) == Settings(REFERENCE, "sqlite:///mockbrew-reference.db")
    assert REFERENCE.is_file()


def test_each_spec_has_a_store_of_its_own_beside_it_by_default() -> None:
    settings = Settings.from_environment({"MOCKBREW_SPEC": "rigs/cellar.v2.toml"})

    assert settings == Settings(Path("rigs/cellar.v2.toml"), "sqlite:///rigs/mockbrew-cellar.v2.db")


def test_a_store_that_is_set_is_taken_as_it_stands() -> None:
    settings = Settings.from_environment({"MOCKBREW_SPEC": "cellar.toml", "MOCKBREW_STORE": "memory://"})

    assert settings == Settings(Path("cellar.toml"), "memory://")


def test_the_token_of_the_control_plane_is_as_it_stands_and_does_not_show() -> None:
    settings = Settings.from_environment({"MOCKBREW_ADMIN_TOKEN": "hops"})

    assert settings.token == "hops"
    assert "hops" not in repr(settings)
    assert Settings.from_environment({}).token is None


def test_an_empty_setting_is_as_none() -> None:
    assert Settings.from_environment({"MOCKBREW_SPEC": "", "MOCKBREW_STORE": "", "MOCKBREW_ADMIN_TOKEN": ""}) == Settings.from_environment(
        {}
    )


def test_a_mistyped_setting_is_found_and_those_of_other_programs_are_not() -> None:
    environ = {**dict.fromkeys(MEANINGS, "x"), "MOCKBREW_STOER": "memory://", "MOCKBREWERY": "1", "PATH": "/bin"}

    assert unknown(environ) == ["MOCKBREW_STOER"]
