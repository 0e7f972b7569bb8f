"""The lock of a job, held by another process, and what is left when that is killed."""

import os
import signal
import subprocess
import sys

import pytest

from common.jobs import locks
from tests.common.jobs.workers import ROOT, environment

pytestmark = pytest.mark.django_db
PK = 41
HOLDER = """
import django, sys
django.setup()
from common.jobs import locks
with locks.held(int(sys.argv[1])) as free:
    print(free, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder():
    """A process that holds the lock of job PK."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(PK)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


def becomes_free():
    return any(not locks.is_held(PK) for _ in range(200))


def test_lock_is_taken_once_and_given_back():
    assert not locks.is_held(PK)
    with locks.held(PK) as free:
        assert free
        assert locks.is_held(PK)
        assert not locks.is_held(PK + 1)
        with locks.held(PK) as twice:
            assert not twice
        assert locks.is_held(PK)
    assert not locks.is_held(PK)


def test_lock_of_another_process_is_seen_and_not_taken(holder):
    assert locks.is_held(PK)
    with locks.held(PK) as free:
        assert not free


def test_lock_dies_with_its_process(holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert becomes_free()
    with locks.held(PK) as free:
        assert free
