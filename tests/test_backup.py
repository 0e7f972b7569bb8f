"""What `backup` writes comes back by `restore`, on the other database too.

Each portal of these tests is a process of its own with its own data.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import datetime
from django.core.files.base import ContentFile
from accounts.models import User
from accounts.actors import SYSTEM
from common import audit
from common.models import AuditEntry
from stations.models import Area, Station
from deputies.models import Deputy, Group
user = User.objects.create_superuser("root", password="secret-9-words")
area = Area.objects.create(code="990101102", name="石桥镇", level="township",
                           parent=Area.objects.get(level="district"))
station = Station.objects.create(name="石桥镇中心联络站", area=area, township=area, kind="centre")
group = Group.objects.create(name="第一小组", township=area)
deputy = Deputy.objects.create(name="石刚", station=station, group=group)
group.convener = deputy
group.save()
audit.record(audit.Action.CREATE, station, actor=SYSTEM, note="一行\\n两行")
"""
MORE = """
from stations.models import Unit
from deputies.models import Group
Unit.objects.create(name="区住建局")
Group.objects.create(name="第二小组")
"""


class Portal:
    """A portal with a database and files of its own."""

    def __init__(self, home: Path, database_url: str = ""):
        self.home = home
        self.env = {
            **os.environ,
            "DATA_DIR": str(home),
            "DJANGO_SETTINGS_MODULE": "liaison_portal.settings",
        }
        self.env.pop("DATABASE_URL", None)
        self.env.pop("REDIS_URL", None)
        if database_url:
            self.env["DATABASE_URL"] = database_url
        home.mkdir(parents=True, exist_ok=True)

    def run(self, *command: str, ok: bool = True) -> str:
        told = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, text=True,
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        assert (told.returncode == 0) == ok, told.stderr
        return told.stdout + told.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A portal on SQLite with a few rows that point to each other, and a stored file."""
    home = tmp_path_factory.mktemp("first")
    portal = Portal(home)
    portal.run("migrate", "-v0")
    portal.run("shell", "-v0", "-c", SCRIPT)
    paper = home / "media" / "attachment" / "0a1b.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF-1.4 kept as it came %%EOF")
    portal.run("backup", str(home / "all.zip"))
    return portal


@pytest.fixture
def other(tmp_path, first):
    """An empty portal: on PostgreSQL, if the suite runs on it."""
    default = settings.DATABASES["default"]
    if not default["ENGINE"].endswith("postgresql"):
        portal = Portal(tmp_path / "other")
        portal.run("migrate", "-v0")
        yield portal
        return
    name = f"backup_{uuid.uuid4().hex[:8]}"
    where = {"host": default["HOST"], "port": default["PORT"], "user": default["USER"],
             "password": default["PASSWORD"]}  # fmt: skip
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        account = f"{where['user']}:{where['password']}@{where['host']}:{where['port']}"
        portal = Portal(tmp_path / "other", f"postgres://{account}/{name}")
        portal.run("migrate", "-v0")
        yield portal
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def rows(path: Path, label: str) -> list[dict]:
    return [json.loads(line) for line in contents(path)[f"rows/{label}.jsonl"].splitlines()]


def test_what_was_backed_up_is_there_again_to_the_last_row_and_file(first, other):
    other.run("restore", str(first.home / "all.zip"))
    other.run("backup", str(other.home / "again.zip"))

    before, after = contents(first.home / "all.zip"), contents(other.home / "again.zip")
    assert sorted(before) == sorted(after)
    for label in ("deputies.deputy", "deputies.group", "accounts.user", "common.auditentry"):
        assert rows(first.home / "all.zip", label) == rows(other.home / "again.zip", label)
    assert after["files/attachment/0a1b.pdf"] == b"%PDF-1.4 kept as it came %%EOF"
    # The next row gets a key of its own.
    other.run("shell", "-v0", "-c", MORE)


def test_a_portal_with_data_is_not_written_over_unless_told_so(first, tmp_path):
    told = first.run("restore", str(first.home / "all.zip"), ok=False)
    assert "已经有数据" in told
    first.run("restore", str(first.home / "all.zip"), "--replace")


def test_what_is_no_whole_backup_changes_nothing(first, tmp_path):
    broken = tmp_path / "half.zip"
    broken.write_bytes((first.home / "all.zip").read_bytes()[:2000])
    assert "读不了备份文件" in first.run("restore", str(broken), "--replace", ok=False)

    lost = tmp_path / "lost.zip"
    with zipfile.ZipFile(first.home / "all.zip") as whole, zipfile.ZipFile(lost, "w") as copy:
        for name in whole.namelist():
            text = whole.read(name)
            copy.writestr(name, b"" if name == "rows/stations.station.jsonl" else text)
    assert "不完整" in first.run("restore", str(lost), "--replace", ok=False)

    first.run("backup", str(tmp_path / "still.zip"))
    assert [row["fields"]["name"] for row in rows(tmp_path / "still.zip", "stations.station")] == [
        "石桥镇中心联络站"
    ]


def test_a_backup_is_readable_by_its_owner_alone(first):
    assert (first.home / "all.zip").stat().st_mode & 0o077 == 0
