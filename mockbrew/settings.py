"""Settings by environment: which spec is served, where the state is kept, and who may use the control plane.

This is the only place that knows their names, meanings and defaults; the environment is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

REFERENCE = Path(__file__).with_name("spec.toml")
PREFIX = "MOCKBREW_"
TOKEN = "MOCKBREW_ADMIN_TOKEN"  # noqa: S105 - its name

SECRET = frozenset({TOKEN})  # no value of these is ever shown

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "MOCKBREW_SPEC": "the spec that is served; by default the reference brewery",
        "MOCKBREW_STORE": "where the state is kept, sqlite:///PATH or memory://; by default a file beside the spec, named after it",
        TOKEN: "who sends it as a bearer token may use the control plane; without, only callers on the machine of `mockbrew serve` may",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """spec: the file. store: the URL. token: of the control plane, None for none."""

    spec: Path
    store: str
    token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """What is set, else the defaults. An empty value is as none: that is how a compose file or a CI job leaves one out."""
        spec = Path(environ.get("MOCKBREW_SPEC") or REFERENCE)
        return cls(spec, environ.get("MOCKBREW_STORE") or default_store(spec), environ.get(TOKEN) or None)


def default_store(spec: Path) -> str:
    """The URL of the file that keeps the state of this spec: beside it, so that two specs of one name don't share it.

    The reference brewery's is in the current directory: where it is installed nobody may be allowed to write.
    """
    if spec == REFERENCE:
        return "sqlite:///mockbrew-reference.db"
    return f"sqlite:///{spec.with_name(f'mockbrew-{spec.stem}.db')}"


def unknown(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: mistyped ones, or a newer version's."""
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in MEANINGS)
