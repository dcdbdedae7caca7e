"""For tests of the test bench: the assertions of their helpers tell what they compared, as those of tests do."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.testbench.together", "tests.testbench.rules")
