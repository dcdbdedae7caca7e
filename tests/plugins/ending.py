"""A module that a distribution of test_plugins.py offers, and that is a program."""

raise SystemExit(4)
