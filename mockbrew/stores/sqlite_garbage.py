"""Rows of runs and lives that no rig is in any more: a line for each, left by whoever left it, so that sweeping never has to search.

A line only says where to look: what it names may be in use again, or never have been, and then its rows stay.
"""

from __future__ import annotations

from mockbrew.stores.sqlite_writer import Writer

LEAVE = "INSERT OR IGNORE INTO garbage VALUES (?, ?, ?)"
LINES = """
SELECT garbage.rig, garbage.run, garbage.born, rig.run IS NOT garbage.run, rig.born IS NOT garbage.born
FROM garbage LEFT JOIN rig ON rig.name = garbage.rig LIMIT ?"""
DONE = "DELETE FROM garbage WHERE rig = ? AND run = ? AND born = ?"
OF_RUNS = (
    "DELETE FROM cell WHERE rowid IN (SELECT rowid FROM cell WHERE rig = ? AND run = ? LIMIT ?)",
    "DELETE FROM ahead WHERE rowid IN (SELECT rowid FROM ahead WHERE rig = ? AND run = ? LIMIT ?)",
    """DELETE FROM event WHERE rig = ?1 AND run = ?2
        AND (cell, number) IN (SELECT cell, number FROM event WHERE rig = ?1 AND run = ?2 LIMIT ?3)""",
)
OF_LIVES = (
    "DELETE FROM note WHERE rowid IN (SELECT rowid FROM note WHERE rig = ? AND born = ? LIMIT ?)",
    "DELETE FROM journal WHERE rowid IN (SELECT rowid FROM journal WHERE rig = ? AND born = ? LIMIT ?)",
)


def leave(writer: Writer, rig: str, run: int, born: int) -> None:
    """Say that rows of this run and this life may be left."""
    writer.do(LEAVE, (rig, run, born))


def sweep(writer: Writer, most: int) -> int:
    """Delete at most `most` rows, the lines themselves included."""
    left = most
    while left > 0:
        lines = writer.rows(LINES, (left,))
        if not lines:
            break
        for rig, run, born, run_over, life_over in lines:
            left -= _swept(writer, OF_RUNS if run_over else (), (rig, run), left)
            left -= _swept(writer, OF_LIVES if life_over else (), (rig, born), left)
            left -= writer.gone(DONE, (rig, run, born)) if left > 0 else 0
    return most - left


def _swept(writer: Writer, statements: tuple[str, ...], key: tuple[str, int], most: int) -> int:
    left = most
    for statement in statements:
        left -= writer.gone(statement, (*key, left)) if left > 0 else 0
    return most - left
