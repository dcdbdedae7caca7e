from __future__ import annotations

from pathlib import Path

import pytest

from mockbrew.cli.mounts import file_system, network_file_system

# The form of proc(5), with and without optional fields; a blank in a path is octal.
MOUNTINFO = r"""
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
40 22 0:44 / /srv rw,relatime shared:20 - nfs4 nas:/export rw,vers=4.2
41 40 254:2 / /srv/fast rw - xfs /dev/vdb rw
42 22 0:45 /share /mnt/cold\040room rw master:3 shared:4 - cifs //nas/share rw
43 22 0:46 / /media rw - ext4 /dev/vdc rw
44 43 0:47 / /media rw - fuse.sshfs pi:/ rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/brewer/rig.db", "ext4"),
        ("/srv/rig.db", "nfs4"),
        ("/srv", "nfs4"),
        ("/srvx/rig.db", "ext4"),
        ("/srv/fast/rig.db", "xfs"),
        ("/mnt/cold room/rig.db", "cifs"),
        ("/media/rig.db", "fuse.sshfs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_its_deepest_and_latest_mount(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTINFO) == kind


def test_a_network_file_system_is_named(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO)

    assert network_file_system(Path("/srv/rig.db"), mounts) == "nfs4"
    assert network_file_system(Path("/srv/fast/rig.db"), mounts) is None


def test_where_the_system_does_not_tell_nothing_is_claimed(tmp_path: Path) -> None:
    assert network_file_system(tmp_path, tmp_path / "missing") is None
