"""One sampler per run, by a kernel lock that dies with its holder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from core.clock import utc_now
from core.errors import Refused
from core.sampler import ownership
from core.sampler.ownership import is_alive, owned
from core.store.place import Place

HOLD = """
import sys, time
from core.sampler.ownership import owned
from core.store.place import Place
with owned(Place.at(sys.argv[1]), 1, "r"):
    print("held", flush=True)
    time.sleep(30)
"""
HERE, LONG_AGO = socket.gethostname(), "2026-01-01T00:00:00.000Z"


@pytest.fixture
def place(tmp_path):
    return Place.at(tmp_path / "runs.db")


@pytest.fixture
def holder(place):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(place.path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@pytest.mark.usefixtures("holder")
def test_a_second_sampler_is_refused_and_told_what_to_do(place, monkeypatch):
    monkeypatch.setattr(ownership, "PATIENCE_S", 0.1)
    with pytest.raises(Refused, match="thinktop stop 1"), owned(place, 1, "r"):
        pass


@pytest.mark.usefixtures("holder")
def test_another_run_is_free(place):
    with owned(place, 2, "s"):
        pass


def test_a_sampler_that_was_killed_leaves_the_run_free(place, holder):
    holder.kill()
    holder.wait()
    with owned(place, 1, "r"):
        pass


def test_a_look_at_the_lock_does_not_refuse_an_honest_start(place):
    with owned(place, 1, "r"):
        assert is_alive(place, 1, os.getpid(), HERE, LONG_AGO)
    with owned(place, 1, "r"):
        pass


def test_signs_of_life(place, holder):
    assert is_alive(place, 1, holder.pid, HERE, utc_now())
    assert is_alive(place, 1, holder.pid, HERE, LONG_AGO), "a busy one may be late with its beat; it holds the lock"
    assert not is_alive(place, 2, holder.pid, HERE, LONG_AGO), "its number is somebody else's by now"
    holder.kill()
    holder.wait()
    assert not is_alive(place, 1, holder.pid, HERE, utc_now())


def test_of_another_host_only_the_beat_is_known(place):
    assert is_alive(place, 1, 1, "elsewhere", utc_now())
    assert not is_alive(place, 1, os.getpid(), "elsewhere", LONG_AGO)


def test_a_killed_process_that_nobody_has_collected_is_not_alive(place):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    child.kill()
    time.sleep(0.2)  # dead, and not waited for: a zombie
    assert not is_alive(place, 1, child.pid, socket.gethostname(), utc_now())
    child.wait()
