"""The reference rig."""

from __future__ import annotations

from pathlib import Path

import mockbrew
from mockbrew.spec import Spec, parse


def reference() -> Spec:
    """The spec that mockbrew serves by default."""
    return parse((Path(mockbrew.__file__).parent / "spec.toml").read_text(encoding="utf-8"))
