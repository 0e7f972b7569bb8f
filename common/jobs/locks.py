"""A lock that dies with its process: whether a running job is alive is whether it is taken.

PostgreSQL: a session advisory lock on a connection of its own. The server notices at once that
such an idle connection is gone, while one that is busy with a long statement would finish it
first; and a session that asks for its own lock again would be given it. Through a pooler this
needs session mode. SQLite, which is one machine: flock on a file under DATA_DIR.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

_SPACE = 0x4A4F42  # "JOB": the first half of the key, against other users of advisory locks
_GONE_AFTER = 15  # seconds without a sign: a machine that vanished, not only a process
# One who only looks whether a file is locked holds it for an instant.
_TRIES, _PAUSE = 10, 0.05


@contextmanager
def held(pk: int) -> Iterator[bool]:
    """Hold the lock of a job while the block runs; yields False if another process has it."""
    with _advisory(pk) if _on_postgresql() else _flock(pk) as taken:
        yield taken


def is_held(pk: int) -> bool:
    """Whether some process works on the job now."""
    return _advisory_is_held(pk) if _on_postgresql() else _flock_is_held(pk)


def known() -> list[int]:
    """The jobs that have a lock file on this machine."""
    return [int(path.stem) for path in folder().glob("*.lock") if path.stem.isdecimal()]


def forget(pk: int) -> None:
    """The job exists no more, so nobody will take its lock again."""
    _file_of(pk).unlink(missing_ok=True)


def folder() -> Path:
    """Where what belongs to jobs of this machine lies."""
    place = settings.DATA_DIR / "jobs"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def _advisory(pk: int) -> Iterator[bool]:
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(f"SET tcp_keepalives_idle = {_GONE_AFTER}")
            cursor.execute("SET tcp_keepalives_interval = 5")
            cursor.execute("SET tcp_keepalives_count = 3")
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_SPACE, _half_key(pk)])
            [taken] = cursor.fetchone()
        yield taken
        with (
            suppress(DatabaseError),
            own.cursor() as cursor,
        ):  # at once: the server takes a moment to see that we hung up
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        own.close()


def _advisory_is_held(pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND granted AND objsubid = 2"
            " AND d.datname = current_database() AND classid::bigint = %s AND objid::bigint = %s)",
            [_SPACE, _half_key(pk)],
        )
        [found] = cursor.fetchone()
    return found


def _half_key(pk: int) -> int:
    return pk % 2**31


@contextmanager
def _flock(pk: int) -> Iterator[bool]:
    with _file_of(pk).open("ab") as file:
        yield _take(file)


def _take(file) -> bool:
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(_PAUSE)
    return False


def _flock_is_held(pk: int) -> bool:
    try:
        with _file_of(pk).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _file_of(pk: int) -> Path:
    return folder() / f"{pk}.lock"
