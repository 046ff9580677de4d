import pytest

from core.errors import UsageError
from core.interchange.fresh_file import fresh_binary_file, fresh_file


def write(path, text="new", **how):
    with fresh_file(path, **how) as file:
        file.write(text)


def test_the_file_is_there_when_the_body_has_ended(tmp_path):
    path = tmp_path / "a.csv"

    with fresh_file(path) as file:
        file.write("whole")
        assert not path.exists()

    assert path.read_text() == "whole"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_body_that_fails_leaves_no_trace(tmp_path):
    def half() -> None:
        with fresh_file(tmp_path / "a.csv") as file:
            file.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_it_is_forced(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")

    with pytest.raises(UsageError, match="--force"):
        write(path)
    assert path.read_text() == "old"

    write(path, force=True)
    assert path.read_text() == "new"


def test_a_file_that_somebody_else_makes_meanwhile_is_kept(tmp_path):
    path = tmp_path / "a.csv"

    def write_slowly() -> None:
        with fresh_file(path) as file:
            file.write("new")
            path.write_text("theirs")

    with pytest.raises(UsageError, match="--force"):
        write_slowly()

    assert path.read_text() == "theirs"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_forced_write_that_fails_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")

    with pytest.raises(RuntimeError), fresh_file(path, force=True):
        raise RuntimeError

    assert path.read_text() == "old"


@pytest.mark.parametrize("path", ["", "missing/a.csv", "folder"])
def test_a_place_where_no_file_can_be_is_refused_in_one_line(tmp_path, path):
    (tmp_path / "folder").mkdir()

    with pytest.raises(UsageError) as refused:
        write(tmp_path / path)

    assert "\n" not in str(refused.value)


def test_a_hostile_name_is_made_visible_in_the_message(tmp_path):
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "missing\x1b[31m" / "a.csv")

    assert "\x1b" not in str(refused.value)


def test_lone_surrogates_do_not_stop_the_writing(tmp_path):
    write(tmp_path / "a.csv", "a\udc80b")

    assert (tmp_path / "a.csv").read_text() == "a\\udc80b"


def test_bytes_are_written_as_they_are(tmp_path):
    with fresh_binary_file(tmp_path / "a.zip") as file:
        file.write(b"\r\n\xff")

    assert (tmp_path / "a.zip").read_bytes() == b"\r\n\xff"
