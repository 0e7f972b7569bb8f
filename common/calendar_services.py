"""The verbs of the calendar: a year's announcement read in, one day set by hand.

Who may is asked above, where roles are known (`stations.services`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard

from django.db import transaction
from django.db.models import Q

from common import audit
from common.errors import RuleViolation
from common.models import CalendarDay, CalendarYear
from common.sheets.cells import chinese_date

FILE_BYTES = 200 * 1024
DAYS_PER_FILE = 400
PAPERS_PER_FILE = 20
YEARS = range(2000, 2101)
ERRORS_SHOWN = 5
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Announcement:
    """A year's holidays as a holiday-cn file tells them."""

    year: int
    papers: list[str]
    days: list[CalendarDay]


@transaction.atomic
def import_calendar(text: bytes | str, *, actor, source: str = "") -> int:
    """Put the year of a holiday-cn file in the place of what stood for it; return the year.

    The shape is {"year", "papers", "days": [{"name", "date", "isOffDay"}]}. What was set by hand
    for that year goes too. Refuses, naming the place, what is not that shape, and then writes
    nothing.
    """
    found = read_announcement(text)
    _lock()
    # The December before may have been named in that year's own announcement.
    replaced = CalendarDay.objects.filter(
        Q(year=found.year) | Q(date__in=[day.date for day in found.days])
    )
    old = {_label(day.date): _words(day) for day in replaced}
    replaced.delete()
    CalendarDay.objects.bulk_create(found.days)
    year, _ = CalendarYear.objects.update_or_create(
        year=found.year, defaults={"papers": found.papers, "source": source[:200]}
    )
    new = {_label(day.date): _words(day) for day in found.days}
    audit.record(
        audit.Action.IMPORT,
        year,
        actor=actor,
        changes=audit.changes_between(old, new),
        note=f"{len(found.days)} 天 {source}".strip()[:500],
    )
    return found.year


@transaction.atomic
def set_day(day: date, *, is_off: bool, name: str = "", actor) -> CalendarDay:
    """Say that one day is off or a workday; the log of its year keeps what it was.

    A year does not count as announced for one day of it. Refuses a day outside the years that
    the portal reckons with, and a name that is too long.
    """
    name = " ".join(name.split())
    if day.year not in YEARS:
        raise RuleViolation(f"日期应在 {YEARS[0]} 年至 {YEARS[-1]} 年之间。")
    if len(name) > 30:
        raise RuleViolation("名称最多 30 字。")
    _lock()
    row = CalendarDay.objects.filter(date=day).first() or CalendarDay(date=day, year=day.year)
    old = _words(row) if row.pk else ""
    row.is_off, row.name = is_off, name
    row.save()
    _record_day(day, old, _words(row), actor)
    return row


@transaction.atomic
def clear_day(day: date, *, actor) -> None:
    """Let a day go by Monday to Friday again; nothing happens to one that does."""
    _lock()
    row = CalendarDay.objects.filter(date=day).first()
    if row:
        old = _words(row)
        row.delete()
        _record_day(day, old, "", actor)


def _lock() -> None:
    """One writer after the other: an announcement reaches into the years around its own."""
    list(CalendarYear.objects.select_for_update().order_by("year"))


def _record_day(day: date, old: str, new: str, actor) -> None:
    if old != new:
        changes = {_label(day): (old, new)}
        year = CalendarYear(year=day.year)
        audit.record(audit.Action.CHANGE, year, actor=actor, changes=changes, note="手工调整")


def _label(day: date) -> str:
    return chinese_date(day)


def _words(day: CalendarDay) -> str:
    return f"{'休' if day.is_off else '班'} {day.name}".rstrip()


def read_announcement(text: bytes | str) -> Announcement:
    """Read a holiday-cn file; every complaint says where."""
    data = _json_of(text)
    if not isinstance(data, dict):
        raise RuleViolation("文件内容不是放假安排：最外层应为 {…}。")
    year = data.get("year")
    if type(year) is not int or year not in YEARS:
        raise RuleViolation(f"year 应为 {YEARS[0]} 至 {YEARS[-1]} 的年份。")
    papers = _papers_of(data.get("papers", []))
    entries = data.get("days")
    if not isinstance(entries, list) or not entries:
        raise RuleViolation("days 里没有日期，没有导入。")
    if len(entries) > DAYS_PER_FILE:
        raise RuleViolation(f"days 有 {len(entries)} 天，一年最多 {DAYS_PER_FILE} 天。")
    return Announcement(year, papers, _days_of(entries, year))


def _json_of(text: bytes | str) -> Any:
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > FILE_BYTES:
        raise RuleViolation(f"文件太大，放假安排最大 {FILE_BYTES // 1024} KB。")
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RuleViolation("文件不是 UTF-8 编码，请另存为 UTF-8 的 JSON 文件。") from None
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字符"
        raise RuleViolation(f"文件不是 JSON 格式：{place}读不下去。") from None
    except (ValueError, RecursionError):
        raise RuleViolation("文件不是 JSON 格式的放假安排。") from None


def _papers_of(papers: Any) -> list[str]:
    if not isinstance(papers, list) or len(papers) > PAPERS_PER_FILE:
        raise RuleViolation(f"papers 应为通知网址的列表，最多 {PAPERS_PER_FILE} 个。")
    for number, paper in enumerate(papers, start=1):
        if not _is_text(paper, 500) or not paper.startswith(("http://", "https://")):
            raise RuleViolation(f"papers 第 {number} 个不是网址，或超过 500 字。")
    return papers


def _is_text(value: Any, limit: int) -> TypeGuard[str]:
    """Text of one line that any database takes."""
    return isinstance(value, str) and 0 < len(value.strip()) <= limit and value.isprintable()


def _days_of(entries: list[Any], year: int) -> list[CalendarDay]:
    days: list[CalendarDay] = []
    errors: list[str] = []
    seen: dict[date, int] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            day = _day_of(entry, year)
            if day.date in seen:
                raise RuleViolation(f"日期 {day.date} 与第 {seen[day.date]} 天重复")
        except RuleViolation as error:
            errors.append(f"第 {number} 天：{error}")
        else:
            seen[day.date] = number
            days.append(day)
    if not errors and all(day.date.year != year for day in days):
        raise RuleViolation(f"days 里没有 {year} 年的日期。")
    _refuse(errors)
    return days


def _refuse(errors: Iterable[str]) -> None:
    found = list(errors)
    if found:
        more = f"；另有 {len(found) - ERRORS_SHOWN} 处" if len(found) > ERRORS_SHOWN else ""
        raise RuleViolation("；".join(found[:ERRORS_SHOWN]) + more + "。")


def _day_of(entry: Any, year: int) -> CalendarDay:
    if not isinstance(entry, dict):
        raise RuleViolation("应为 {name, date, isOffDay}")
    name, is_off = entry.get("name"), entry.get("isOffDay")
    if not _is_text(name, 30):
        raise RuleViolation("name 应为 1 至 30 字的节日名称")
    if not isinstance(is_off, bool):
        raise RuleViolation("isOffDay 应为 true 或 false")
    return CalendarDay(
        date=_date_of(entry.get("date"), year), name=name.strip(), is_off=is_off, year=year
    )


def _date_of(text: Any, year: int) -> date:
    if not isinstance(text, str) or not _ISO_DAY.fullmatch(text):
        raise RuleViolation(f"日期“{str(text)[:20]}”应写成 {year}-01-01 的样子")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RuleViolation(f"日期 {text} 不存在") from None
    # A holiday may begin in the last days of December, or end in the first of January.
    if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
        raise RuleViolation(f"日期 {text} 不属于 {year} 年")
    return day
