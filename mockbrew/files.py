"""Files of specs and scripts: the one place that reads them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from mockbrew.collecting import not_collecting
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.errors import Fault, SpecError, did_you_mean
from mockbrew.spec import Spec, parse

LARGEST = 16 * 2**20  # bytes; 100,000 devices and the vessels and pipes around them take 14 MiB


def load(path: Path | str, kinds: Kinds = BUILT_IN) -> Spec:
    """The spec in a file. Raises SpecError, also for a file that can't be read."""
    with not_collecting():
        return parse(read_text(path), str(path), kinds)


class SpecFile:
    """A file that is read again and again: what says what it said is the same spec, and is not parsed again."""

    __slots__ = ("_kinds", "_last", "_path")

    def __init__(self, path: Path, kinds: Kinds) -> None:
        self._path, self._kinds = path, kinds
        self._last: tuple[bytes, Spec] | None = None

    def read(self) -> Spec:
        """The spec that is in it now. Raises SpecError."""
        with not_collecting():
            text = read_text(self._path)
            said, last = sha256(text.encode()).digest(), self._last
            if last is not None and last[0] == said:
                return last[1]
            spec = parse(text, str(self._path), self._kinds)
        self._last = said, spec
        return spec


def read_text(path: Path | str) -> str:
    """The text of a spec or a script. Raises SpecError."""
    data = _read(Path(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(str(path), [_not_text(error)]) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unread(path, f"there is no such file; name one that is there{did_you_mean(path.name, _beside(path))}") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _unread(path, f"it can't be read: {getattr(error, 'strerror', None) or error}; name a TOML file") from None
    if len(data) > LARGEST:
        raise _unread(path, f"it is larger than {LARGEST // 2**20} MiB; a spec has at most that")
    return data


def _unread(path: Path, message: str) -> SpecError:
    return SpecError(str(path), [Fault(0, 0, "", message)])


def _beside(path: Path) -> list[str]:
    return [other.name for other in path.parent.glob("*.toml")]


def _not_text(error: UnicodeDecodeError) -> Fault:
    before = error.object[: error.start]  # without the byte order mark
    column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
    return Fault(before.count(b"\n") + 1, column, "", f"the byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8")
