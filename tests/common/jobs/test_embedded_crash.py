"""The embedded form: SQLite and a lock on a file; a process is killed in the middle of a job."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.common.jobs.workers import ROOT

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="runs on SQLite by itself")
STORY = """
import django, json, os, signal, sys, time
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from accounts.models import User
from common.jobs import kinds, locks, services
from common.jobs.kinds import Kind, Result
from common.jobs.progress import standing_of
from common.models import Job

def rename_slowly(work):
    User.objects.filter(pk=work.owner.pk).update(name="changed")
    work.target.write(b"half")
    work.target.flush()
    work.progress("changing", 1, 2)
    if slow:
        time.sleep(60)
    return Result("", "done.xlsx")

call_command("migrate", verbosity=0)
kinds.register(Kind("slow", "slow", rename_slowly, writes=True))
owner = User.objects.create(username="li", name="before")
job = services.start_job("slow", {}, actor=owner)
connection.close()
slow, found = True, {}
child = os.fork()
if not child:
    services.run_job(job.pk)
    os._exit(0)
job.state = "running"
end = time.monotonic() + 30
while standing_of(job).done != 1 and time.monotonic() < end:
    time.sleep(0.01)
found["held"] = locks.is_held(job.pk)
services.run_job(job.pk)  # the same message once more, while it runs
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
services.sweep_jobs()
job.refresh_from_db()
owner.refresh_from_db()
found |= {"state": job.state, "stopped at": [job.stage, job.done, job.total], "name": owner.name}
found["left"] = sorted(p.name for p in (settings.DATA_DIR / "jobs").iterdir())
found["files"] = (settings.MEDIA_ROOT / "job").exists()
slow = False
services.run_again(job, actor=owner)
services.run_job(job.pk)
job.refresh_from_db()
owner.refresh_from_db()
found |= {"again": job.state, "attempt": job.attempt, "renamed": owner.name}
found["content"] = job.result.open().read().decode()
print(json.dumps(found))
"""


def test_killed_process_is_noticed_and_its_job_runs_again(tmp_path):
    own = {"DJANGO_SETTINGS_MODULE": "liaison_portal.settings", "DATA_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", STORY],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert json.loads(told.stdout.splitlines()[-1]) == {
        "held": True,
        "state": "interrupted",
        "stopped at": ["changing", 1, 2],
        "name": "before",
        "left": ["1.lock"],
        "files": False,
        "again": "done",
        "attempt": 2,
        "renamed": "changed",
        "content": "half",
    }
