from datetime import UTC, datetime

import pytest

from core.doctor.finding import Level
from core.doctor.machine import check_clock, check_logout, check_python, check_sqlite, kills_at_logout


def test_this_python_is_good():
    assert check_python().level is Level.GOOD


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 36, 0), Level.BAD), ((3, 40, 1), Level.NOTE), ((3, 51, 2), Level.NOTE), ((3, 51, 3), Level.GOOD)],
)
def test_an_sqlite_is_judged_by_its_version(version, level):
    assert check_sqlite(version).level is level


def test_a_clock_of_the_last_century_is_wrong():
    assert check_clock(datetime(1970, 1, 1, tzinfo=UTC)).level is Level.BAD
    assert check_clock(datetime(2027, 1, 1, tzinfo=UTC)).level is Level.GOOD


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        ([], False),
        (["[Login]\n#KillUserProcesses=no\n"], False),
        (["[Login]\n#KillUserProcesses=yes\n"], True),
        (["[Login]\n#KillUserProcesses=yes\n", "[Login]\nKillUserProcesses=no\n"], False),
        (["[Login]\nKillUserProcesses = yes\n"], True),
        (["KillUserProcesses=yes", "KillUserProcesses=no"], False),
        (["KillUserProcesses=yes", "#KillUserProcesses=no"], True),
        (["#XKillUserProcesses=yes", "NoKillUserProcesses=yes"], False),
    ],
)
def test_the_last_file_that_sets_it_says_whether_logout_kills(files, kills):
    assert kills_at_logout(files) is kills


def test_where_logout_kills_the_line_that_helps_is_named():
    found = check_logout({}, systemd=True, files=["KillUserProcesses=yes"])

    assert found.level is Level.NOTE
    assert "systemd-run --user --scope" in found.advice


def test_a_machine_without_systemd_has_no_logind_to_ask():
    assert check_logout({}, systemd=False, files=["KillUserProcesses=yes"]).level is Level.GOOD


def test_inside_a_slurm_job_the_job_comes_first():
    found = check_logout({"SLURM_JOB_ID": "77"}, systemd=True, files=["KillUserProcesses=yes"])

    assert "77" in found.text
    assert "sbatch" in found.advice
