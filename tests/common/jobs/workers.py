"""Processes that do jobs as the worker does, to be killed."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
# As Celery does it: a parent that holds the portal loaded, and children that work and die. They
# tell often how far they are, so that a test can strike in the middle.
WORKERS = """
import django, os, signal, sys
django.setup()
from common.jobs import progress
from common.jobs.services import run_job
progress.EVERY_SECONDS = 0.01
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    child = os.fork()
    if not child:
        run_job(int(line))
        os._exit(0)
    print(child, flush=True)
"""


def environment() -> dict[str, str]:
    """The same database, broker and folders as the tests have."""
    own = {"DJANGO_SETTINGS_MODULE": "liaison_portal.settings", "DATA_DIR": str(settings.DATA_DIR)}
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        server = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        own["DATABASE_URL"] = f"postgres://{server}/{given['NAME']}"
    return {**os.environ, **own}


class Workers:
    """Starts a process a job; `start(pk)` returns its id."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.parent = subprocess.Popen(
            [sys.executable, "-c", WORKERS],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, pk: int) -> int:
        self.parent.stdin.write(f"{pk}\n")
        self.parent.stdin.flush()
        self.started.append(int(self.parent.stdout.readline()))
        return self.started[-1]
