"""Reading spec files: whatever is wrong with one, its author sees an error and no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.errors import SpecError
from mockbrew.files import LARGEST, SpecFile, load
from mockbrew.spec import parse

EMPTY = 'spec = "1.0"\n'


def refusal(path: Path | str) -> str:
    with pytest.raises(SpecError) as caught:
        load(path)
    return str(caught.value)


def test_a_file_is_read_and_named_in_what_is_said_of_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"{EMPTY}rigg = 1\n", encoding="utf-8")

    assert refusal(path).startswith(f"{path}:2:1: rigg: unknown key 'rigg'; ")
    assert refusal(str(path)) == refusal(path)


def test_a_file_that_is_not_there_is_told_with_the_likely_one(tmp_path: Path) -> None:
    (tmp_path / "brewery.toml").write_text(EMPTY, encoding="utf-8")

    assert (
        refusal(tmp_path / "brewry.toml")
        == f"{tmp_path}/brewry.toml: there is no such file; name one that is there (did you mean 'brewery.toml'?)"
    )
    assert refusal(tmp_path / "no" / "x.toml") == f"{tmp_path}/no/x.toml: there is no such file; name one that is there"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: it can't be read: Is a directory; name a TOML file"


def test_a_path_that_no_file_can_have_is_told() -> None:
    assert refusal("a\0b") == "a\0b: it can't be read: embedded null byte; name a TOML file"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text(EMPTY, encoding="utf-8")

    assert refusal(tmp_path / "spec.toml" / "x") == f"{tmp_path}/spec.toml/x: it can't be read: Not a directory; name a TOML file"


def test_a_byte_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(f"{EMPTY}# é\n# déjà ".encode() + "vu à".encode("latin-1"))

    assert refusal(path) == f"{path}:3:11: the byte 0xe0 is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_is_let_be_and_columns_do_not_count_it(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(EMPTY.encode("utf-8-sig"))
    assert load(path) == parse(EMPTY)

    path.write_bytes(b"\xef\xbb\xbfa = \xff")
    assert refusal(path) == f"{path}:1:5: the byte 0xff is not UTF-8; save the file as UTF-8"


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'spec = "1.0"\r\n[rig]\r\nambient = true\r\n')

    assert refusal(path) == f"{path}:3:11: rig.ambient: true is a boolean; it must be a number from -50 to 50 degC"


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(EMPTY.encode() + b"#" * (LARGEST - len(EMPTY)))
    assert load(path).entries == {}

    path.write_bytes(b"#" * (LARGEST + 1))
    assert refusal(path) == f"{path}: it is larger than 16 MiB; a spec has at most that"


def test_a_file_that_says_what_it_said_is_the_same_spec(tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text('spec = "1.0"')
    file = SpecFile(path, BUILT_IN)
    first = file.read()

    path.write_text('spec = "1.0"')

    assert file.read() is first


def test_a_file_that_says_something_else_is_read_whatever_its_size_and_time_are(tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text('spec = "1.0"\nrig.title = "one"')
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    file = SpecFile(path, BUILT_IN)
    first = file.read()

    path.write_text('spec = "1.0"\nrig.title = "two"')
    os.utime(path, ns=times)

    assert (first.title, file.read().title) == ("one", "two")


def test_a_file_with_errors_is_refused_each_time_and_read_when_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text('spec = "1.0"')
    file = SpecFile(path, BUILT_IN)
    first = file.read()

    path.write_text("spec = 1.0")
    for _ in range(2):
        with pytest.raises(SpecError):
            file.read()
    path.write_text('spec = "1.0"')

    assert file.read() == first
