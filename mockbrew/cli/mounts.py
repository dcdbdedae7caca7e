"""Which file system a path is on. SQLite's write-ahead log needs memory that processes share, which network file systems lack."""

from __future__ import annotations

import re
from pathlib import Path

# As proc(5) and the kernel's file systems are called. 9p is also how WSL shows the disks of Windows.
NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs"}
    | {f"fuse.{name}" for name in ("ceph", "davfs2", "glusterfs", "rclone", "s3fs", "sshfs")}
)
MOUNTS = Path("/proc/self/mountinfo")


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The name of the network file system that `path` is on; None for a local one, and where the system does not tell."""
    try:
        found = file_system(path.resolve(), mounts.read_text())
    except OSError:
        return None
    return found if found in NETWORK else None


def file_system(path: Path, mountinfo: str) -> str | None:
    """The type of the deepest mount that holds the absolute `path`; of two on one place, the later covers the earlier."""
    mounts = [_mount(line) for line in mountinfo.splitlines()]
    holding = [(len(place.parts), index, kind) for index, (place, kind) in enumerate(mounts) if place == path or place in path.parents]
    return max(holding)[2] if holding else None


def _mount(line: str) -> tuple[Path, str]:
    """(mount point, type) of a line of mountinfo (proc(5)): the type follows a lone hyphen; blanks in paths are octal."""
    before, _, after = line.partition(" - ")
    place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split(" ")[4])
    return Path(place), after.split(" ")[0]
