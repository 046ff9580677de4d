from core.doctor.finding import Level
from core.doctor.storage import check_storage
from core.store.place import Place


def levels(place, **how):
    return {one.check: one for one in check_storage(place, **how)}


def test_a_store_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path):
    found = levels(Place.at(tmp_path / "runs.db"))

    assert found["store"].level is Level.GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_store_with_runs_is_counted(book):
    run = book()

    found = levels(run.place)

    assert found["store"].level is Level.GOOD
    assert "1 run," in found["store"].text


def test_a_file_that_is_no_store_is_in_the_way(tmp_path):
    path = tmp_path / "runs.db"
    path.write_text("not a database, but long enough to be looked at as one" * 40)

    found = levels(Place.at(path))["store"]

    assert found.level is Level.BAD
    assert found.advice


def test_a_folder_that_is_not_there_is_in_the_way(tmp_path):
    assert levels(Place.at(tmp_path / "no" / "runs.db"))["store"].level is Level.BAD


def test_a_network_file_system_is_in_the_way(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text("1 0 0:1 / / rw - nfs4 server:/home rw\n")

    found = levels(Place.at(tmp_path / "runs.db"), mountinfo=table)

    assert found["file system"].level is Level.BAD
    assert "--store" in found["file system"].advice
