"""`python -m mockbrew` is `mockbrew`."""

from __future__ import annotations

from mockbrew.cli import main

if __name__ == "__main__":
    main(prog_name="mockbrew")
