"""Whether everything that the portal stands on runs: one list for the page and the command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from common import pulse
from common.calendar import workdays
from common.models import Heartbeat
from common.templatetags.wording import moment

# Less free space than this and registers may soon not be saved.
LOW_DISK_BYTES = 1024**3
# The next year's holidays are announced in November.
ANNOUNCED_FROM_MONTH = 12


@dataclass(frozen=True)
class Check:
    key: str
    label: str
    ok: bool
    words: str


def checks() -> list[Check]:
    """Every part, in the order in which to look for a fault."""
    if not database_answers():
        return [Check("database", "数据库", False, "连接不上，其余未查。")]
    if Heartbeat._meta.db_table not in connection.introspection.table_names():
        return [
            Check("database", "数据库", False, "数据表还没有建好，请先运行 migrate，其余未查。")
        ]
    return [
        Check("database", "数据库", True, connection.display_name),
        _said("cache", "缓存", cache_answers(), "正常", "读写不了"),
        _said("broker", "任务队列", broker_answers(), "正常", "连接不上"),
        *_processes(),
        _disk(),
        *_calendar_years(),
        _failures(),
    ]


def warnings() -> list[Check]:
    """What the first page of those who answer for the portal shows: only what is not well."""
    found = [*_processes(), *_calendar_years(), _failures()]
    return [check for check in found if not check.ok]


def database_answers() -> bool:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    try:
        cache.set("healthz", 1, 5)
        return cache.get("healthz") == 1
    except (DatabaseError, OSError, RedisError):
        return False


def broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except (OperationalError, OSError, RedisError):
        return False
    return True


def _processes() -> Iterator[Check]:
    for name, label in ((pulse.WORKER, "后台程序 worker"), (pulse.BEAT, "定时程序 beat")):
        at = pulse.last_beat(name)
        words = f"最近一次 {moment(at)}" if at else "还没有启动过"
        yield Check(name, label, pulse.is_alive(name), words)


def _disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Check("disk", "磁盘", free >= LOW_DISK_BYTES, f"剩余 {free / 1024**3:.1f} GB")


def _calendar_years() -> Iterator[Check]:
    today, calendar = timezone.localdate(), workdays()
    years = [today.year] + ([today.year + 1] if today.month >= ANNOUNCED_FROM_MONTH else [])
    for year in years:
        yield _said(
            f"calendar-{year}", f"{year}年放假安排", calendar.knows(year),
            "已录入", "没有录入，暂按周一至周五上班推算",
        )  # fmt: skip


def _failures() -> Check:
    count = pulse.failures().count()
    return _said("failures", "任务失败", not count, "没有", f"{count} 次未看")


def _said(key: str, label: str, ok: bool, well: str, ill: str) -> Check:
    return Check(key, label, ok, well if ok else ill)
