"""Seeking: the first instant at which a condition holds, without a grid. `search` begins it; the other files say what it may rule out."""
