"""What stands on the papers of a duty day: 接待公告, 签到表 and 年度接待计划, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone

from common.sheets.cells import chinese_date
from common.templatetags.wording import weekday
from common.workdays import add_months
from deputies.choices import DayState, Level
from deputies.documents.year import YearBook
from deputies.models import Deputy, DutyDay
from deputies.services import duty as services
from stations.models import Station

ACCEPTS = (
    "对本行政区域内经济社会发展和民生方面的意见建议，对国家机关及其工作人员的批评意见；"
    "法律法规和政策咨询。涉及诉讼、仲裁、行政复议的事项，由代表引导到有关机关反映。"
)
LEAST_ROWS = 10  # of a sign-in sheet: there is room for who comes in somebody's place
SIGN_IN_COLUMNS = ("序号", "姓名", "层级", "签名", "签到时间", "备注")
YEAR_COLUMNS = ("序号", "日期", "星期", "时间", "地点", "接待代表", "备注")


@dataclass(frozen=True)
class Notice:
    """接待公告 of one day, or of several that follow each other."""

    station: Station
    days: list[NoticeDay]
    accepts: str
    phone: str
    signed_on: date

    @property
    def title(self) -> str:
        return "接待公告"

    @property
    def opening(self) -> str:
        when = self.days[0].when if len(self.days) == 1 else f"下列 {len(self.days)} 个接待日"
        return f"{self.station}定于{when}接待选民和群众，现将有关事项公告如下："

    @property
    def filename(self) -> str:
        return file_name(self.title, self.station, chinese_date(self.days[0].date))


@dataclass(frozen=True)
class NoticeDay:
    date: date
    hours: str
    place: str
    deputies: str
    reason: str

    @property
    def when(self) -> str:
        return f"{chinese_date(self.date)}（{weekday(self.date)}）"


@dataclass(frozen=True)
class SignInSheet:
    day: DutyDay
    rows: Sequence[tuple[str, ...]]

    title = "代表接待签到表"

    @property
    def facts(self) -> list[tuple[str, str]]:
        day = self.day
        return [
            ("联络站", str(day.station)),
            ("日期", f"{chinese_date(day.date)}（{weekday(day.date)}）"),
            ("时间", hours_of(day)),
            ("地点", place_of(day)),
        ]

    @property
    def filename(self) -> str:
        return file_name("签到表", self.day.station, chinese_date(self.day.date))


@dataclass(frozen=True)
class YearPaper:
    book: YearBook
    rows: Sequence[tuple[str, ...]]

    @property
    def title(self) -> str:
        return f"{self.book.station}{self.book.year}年接待计划"

    @property
    def is_draft(self) -> bool:
        return bool(self.book.drafts)

    @property
    def notes(self) -> list[str]:
        arranged = self.book.arrangement
        found = [
            f"接待日：{self.book.station.reception_days or '逐日安排'}，"
            f"遇节假日{arranged.get_policy_display()}。",
            f"共 {len(self.rows)} 个接待日。",
        ]
        if self.book.station.phone:
            found.append(f"联系电话：{self.book.station.phone}。")
        if self.is_draft:
            found.append("本表含未公布的草稿，以公布的为准。")
        return found

    @property
    def filename(self) -> str:
        return file_name("接待计划", self.book.station, f"{self.book.year}年")


def notice_of(day: DutyDay, days: Sequence[DutyDay]) -> Notice:
    """The notice of `days`, which begin with `day`."""
    arranged = services.arrangement_of(day.station)
    _with_levels(days)
    return Notice(
        station=day.station,
        days=[
            NoticeDay(one.date, hours_of(one), place_of(one), _who(one), one.reason) for one in days
        ],
        accepts=arranged.accepts.strip() or ACCEPTS,
        phone=day.station.phone,
        signed_on=day.notice_posted_on or timezone.localdate(),
    )


def days_from(day: DutyDay, months: int, user) -> list[DutyDay]:
    """The day, and those its station has announced for so many months from it."""
    if not months:
        return [day]
    days = DutyDay.objects.visible_to(user).filter(station=day.station, state=DayState.PUBLISHED)
    found = days.between(day.date, add_months(day.date, months)).with_people()
    return [day, *(one for one in found if one.pk != day.pk)]


def sheet_of(day: DutyDay) -> SignInSheet:
    """The sheet with everybody who is to come, and blank lines for who comes besides."""
    _with_levels([day])
    people = [(row.deputy.name, levels_of(row.deputy, day.station)) for row in day.expected]
    rows = [
        (str(number), *(people[number - 1] if number <= len(people) else ("", "")), "", "", "")
        for number in range(1, max(LEAST_ROWS, len(people) + 2) + 1)
    ]
    return SignInSheet(day, rows)


def year_paper(book: YearBook) -> YearPaper:
    rows = [
        (
            str(number),
            f"{shown.date.month}月{shown.date.day}日"
            if shown.date.year == book.year
            else chinese_date(shown.date),
            weekday(shown.date),
            hours_of(shown.day),
            place_of(shown.day),
            shown.names,
            "；".join(filter(None, [shown.reason, "草稿" if shown.kind == "draft" else ""])),
        )
        for number, shown in enumerate((day for day in book.own_days if day.day), start=1)
    ]
    return YearPaper(book, rows)


def hours_of(day) -> str:
    return f"{day.starts_at:%-H:%M}–{day.ends_at:%-H:%M}"


def place_of(day) -> str:
    return day.place or day.station.name


def levels_of(deputy: Deputy, station: Station) -> str:
    """What somebody is deputy of, the highest first: 市人大代表、区人大代表."""
    held = {mandate.level for mandate in deputy.mandates.all() if mandate.ended_on is None}
    words = {
        Level.NATION: "全国",
        Level.PROVINCE: "省",
        Level.CITY: "市",
        Level.DISTRICT: _last(settings.DISTRICT_NAME, "区县市旗", "区县"),
        Level.TOWNSHIP: _last(station.township.name, "镇乡", "乡镇"),
    }
    return "、".join(f"{word}人大代表" for level, word in words.items() if level in held)


def _last(name: str, known: str, otherwise: str) -> str:
    return name[-1] if name and name[-1] in known else otherwise


def _who(day: DutyDay) -> str:
    return "、".join(
        f"{row.deputy}（{levels}）" if levels else str(row.deputy)
        for row in day.expected
        for levels in [levels_of(row.deputy, day.station)]
    )


def _with_levels(days: Iterable[DutyDay]) -> None:
    rows = [row for day in days for row in day.assignments.all()]
    prefetch_related_objects(rows, "deputy__mandates")


def file_name(*parts: object) -> str:
    """A name that every system takes, without its extension."""
    return re.sub(r'[\\/:*?"<>|\s]', "", "-".join(map(str, parts)))
