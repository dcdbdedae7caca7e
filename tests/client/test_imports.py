"""What importing the client loads, for projects that have nothing else of mockbrew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
before = set(sys.modules)
import mockbrew.client
loaded = {name.partition(".")[0] for name in set(sys.modules) - before} - {"mockbrew"}
own = {name for name in sys.modules if name.startswith("mockbrew.") and not name.startswith("mockbrew.client")}
print(sorted(loaded - sys.stdlib_module_names), sorted(own))
"""


def test_the_client_loads_the_standard_library_and_nothing_else_of_mockbrew() -> None:
    loaded = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, check=True, capture_output=True, text=True)

    assert loaded.stdout == "[] []\n"
