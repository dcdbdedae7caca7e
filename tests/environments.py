"""Virtual environments of a test's own, in which distributions are really built and installed."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from venv import EnvBuilder

import mockbrew
from tests.real.servers import FOREIGN


@dataclass(frozen=True)
class Environment:
    """A virtual environment that sees mockbrew and its dependencies as they are here, and whatever is installed into it."""

    python: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """A new one; pip is this environment's where that has one."""
        EnvBuilder(with_pip=find_spec("pip") is None, symlinks=True).create(folder)
        environment = cls(folder / "bin" / "python")
        # A file of paths, not `--system-site-packages`: what is seen is the environment of these tests, which may be virtual itself.
        seen = [Path(mockbrew.__file__).parents[1], sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        (environment.site_packages() / "tested.pth").write_text("".join(f"{path}\n" for path in dict.fromkeys(map(str, seen))))
        return environment

    def install(self, project: Path, wheels: Path) -> None:
        """Build a wheel of the project in `wheels` and install it. No index is asked."""
        self.run("-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels), cwd=project).check_returncode()
        (wheel,) = wheels.glob("*.whl")
        self.run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=wheels).check_returncode()

    def run(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Its Python with these arguments, to its end."""
        return subprocess.run([self.python, *arguments], cwd=cwd, env=self.variables(), capture_output=True, text=True, check=False)

    def variables(self) -> Mapping[str, str]:
        """Those of the tests, without what would show or set something else."""
        return {name: value for name, value in os.environ.items() if not name.startswith((*FOREIGN, "PYTHON", "PIP_"))}

    def site_packages(self) -> Path:
        asked = [str(self.python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
