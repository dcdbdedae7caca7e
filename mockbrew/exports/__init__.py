"""Exports: the static part of a contract in the formats of other tools. Pure builders, from a spec to data.

What none of them can carry is said in each file that they make (`exchange.LEFT`).
"""
