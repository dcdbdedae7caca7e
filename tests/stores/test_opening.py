"""Which URLs name a store, and what the others are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockbrew.errors import ConfigurationError
from mockbrew.stores import open_store

KNOWN = "known: memory://, sqlite:///name.db (relative), sqlite:////var/lib/name.db (absolute)"


def test_memory_is_for_one_process() -> None:
    store = open_store("memory://")

    assert (store.shared, store.url) == (False, "memory://")


def test_a_file_is_shared_and_not_touched_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///brew.db")

    assert (store.shared, store.url) == (True, "sqlite:///brew.db")
    assert list(tmp_path.iterdir()) == []


def test_three_slashes_are_relative_to_where_the_process_was_when_it_opened_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///brew.db")
    monkeypatch.chdir("/")
    store.wall()
    store.close()

    assert (tmp_path / "brew.db").is_file()


@pytest.mark.parametrize("name", ["brew.db", "with blank.db", "100%25.db", "#1.db", "file:x.db", "brûlé.db"])
def test_four_slashes_are_absolute_and_every_other_character_stands_for_itself(tmp_path: Path, name: str) -> None:
    store = open_store(f"sqlite:///{tmp_path}/{name}")
    store.wall()
    store.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"{name}-lock"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", f"store '': has no scheme; {KNOWN}"),
        ("brew.db", f"store 'brew.db': has no scheme; {KNOWN} (did you mean 'sqlite:///brew.db'?)"),
        ("redis://:secret@host/0", f"store redis://...: unknown scheme 'redis'; {KNOWN}"),
        ("sqllite:///brew.db", f"store sqllite://...: unknown scheme 'sqllite'; {KNOWN} (did you mean 'sqlite'?)"),
        ("memory://brew", "store 'memory://brew': memory has no name 'brew'; write memory://"),
        ("sqlite://", "store 'sqlite://': a file needs a third slash; write sqlite:///name.db"),
        ("sqlite://brew.db", "store 'sqlite://brew.db': a file needs a third slash; write sqlite:///brew.db"),
        ("sqlite:///", "store 'sqlite:///': names no file; write sqlite:///name.db, or memory:// for a store without one"),
        ("sqlite:///:memory:", "store 'sqlite:///:memory:': names no file; write sqlite:///name.db, or memory:// for a store without one"),
        ("sqlite:///var/", "store 'sqlite:///var/': names a directory; write sqlite:///var/name.db"),
        (
            "sqlite:///brew.db?mode=ro",
            "store 'sqlite:///brew.db?mode=ro': a path holds no '?' and no NUL, and there are no options; write sqlite:///name.db",
        ),
        ("sqlite:///a\0b", "store 'sqlite:///a\\x00b': a path holds no '?' and no NUL, and there are no options; write sqlite:///name.db"),
    ],
)
def test_a_url_that_names_no_store_is_told_what_would(url: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigurationError, match=f"^{re.escape(message)}$"):
        open_store(url)
    assert list(tmp_path.iterdir()) == []


def test_the_scheme_may_be_in_capitals() -> None:
    assert open_store("MEMORY://").url == "memory://"
