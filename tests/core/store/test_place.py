"""Where a store may live."""

from __future__ import annotations

import pytest

from core.errors import StoreError, UsageError
from core.store.place import Place, file_system_of, refuse_network_file_systems

TABLE = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 27 0:40 / /home rw,relatime shared:5 - nfs4 server:/home rw
31 30 0:41 / /home/local rw,relatime - xfs /dev/sdb rw
32 27 0:42 / /mnt/with\040space rw - cifs //server/share rw
33 27 0:43 / /mnt/données rw - lustre mds rw
34 27 0:44 / /over rw - ext4 /dev/sdc rw
35 34 0:45 / /over rw - fuse.sshfs host: rw
a line that is none
36 27 0:46 / /back\134slash rw - 9p share rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/var/tmp", "ext4"),
        ("/homes", "ext4"),
        ("/home", "nfs4"),
        ("/home/me", "nfs4"),
        ("/home/local/me", "xfs"),
        ("/mnt/with space/me", "cifs"),
        ("/mnt/données", "lustre"),
        ("/over/me", "fuse.sshfs"),
        ("/back\\slash", "9p"),
    ],
)
def test_the_longest_and_latest_mount_holds_a_folder(folder, kind):
    assert file_system_of(folder, TABLE) == kind


def test_a_store_on_a_network_file_system_is_refused_with_a_place_that_will_do(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text(f"1 1 0:1 / {tmp_path} rw - lustre mds rw\n")
    with pytest.raises(StoreError, match=r"network file system \(lustre\).*--store .*runs.db"):
        refuse_network_file_systems(Place.at(tmp_path / "runs.db"), table)


def test_a_host_without_such_a_table_is_taken_at_its_word(tmp_path):
    refuse_network_file_systems(Place.at(tmp_path / "runs.db"), tmp_path / "nowhere")


def test_two_names_of_one_store_are_one_place_with_one_set_of_locks(tmp_path):
    (tmp_path / "runs.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "runs.db")
    assert Place.at(tmp_path / "link.db") == Place.at(tmp_path / "runs.db")


@pytest.mark.parametrize("path", ["", "  ", "a\0b", "~nobody-of-that-name/runs.db"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(UsageError):
        Place.at(path)


def test_the_folder_beside_it_is_private(place):
    place.make_folder()
    assert place.folder.stat().st_mode & 0o777 == 0o700
    place.make_folder()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot make this folder"):
        Place.at(tmp_path / "file" / "runs.db").make_folder()
