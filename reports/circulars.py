"""年终通报: a letter to each deputy with their own year and the attendance of their station."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from accounts.models import Notice
from common.sheets.cells import chinese_date
from deputies.models import Deputy
from reports.choices import RecordClass
from reports.performance import Performance, Section, read_performances


@dataclass(frozen=True)
class Attendance:
    """One deputy in the table of the station; the letter's own line stands out."""

    performance: Performance
    own: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """As the columns of COLUMNS."""
        came = self.performance.attended
        rate = "—" if came.rate is None else f"{came.rate}%"
        counts = (came.due, came.came, came.leave, came.absent)
        return (self.performance.deputy.name, *map(str, counts), rate)


LETTER_ORDER = ("station__township__code", "station_id", "pinyin", "pk")
COLUMNS = ("姓名", "应到", "出席", "请假", "缺席", "出勤率")
NO_ATTENDANCE = "这一年没有办结的接待日。"
TABLE_NOTE = "按姓名拼音排列，不分先后。出勤率＝出席÷（应到－请假）；由人替班的，由替班的代表计入。"


@dataclass(frozen=True)
class Circular:
    """The letter of one deputy and year."""

    performance: Performance
    colleagues: Sequence[Performance]  # of the station, by pinyin, the deputy among them

    @property
    def deputy(self) -> Deputy:
        return self.performance.deputy

    @property
    def title(self) -> str:
        return f"{self.performance.year}年度代表履职情况通报"

    @property
    def salutation(self) -> str:
        return f"{self.deputy.name}代表："

    @property
    def opening(self) -> str:
        year, until = self.performance.year, self.performance.until
        so_far = f"（截至{until.month}月{until.day}日）" if until < date(year, 12, 31) else ""
        return (
            f"现将您{year}年{so_far}的履职情况和{self.deputy.station}代表的出勤情况通报如下。"
            "数字取自各项登记，如有出入，请告诉联络站更正。"
        )

    @property
    def sections(self) -> list[Section]:
        return list(self.performance.sections.values())

    @property
    def four_missing(self) -> str:
        """Which of the 四个一 no record shows yet, in words."""
        return "、".join(part.kind.label for part in self.performance.four if not part.done)

    @property
    def table(self) -> list[Attendance]:
        return [Attendance(one, one.deputy.pk == self.deputy.pk) for one in self.colleagues]

    @property
    def has_attendance(self) -> bool:
        return any(one.attended.due for one in self.colleagues)

    @property
    def signed_by(self) -> str:
        return str(self.deputy.station)

    def note_of(self, section: Section) -> str:
        if section.kind == RecordClass.FOUR_ONES and self.four_missing:
            return f"还没有记录：{self.four_missing}"
        return section.note

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The own year as lines of a table: what, how many, and a word on it."""
        return [
            (section.title, f"{section.count} {section.unit}", self.note_of(section))
            for section in self.sections
            if section.lines or self.note_of(section)
        ]

    @property
    def without_record(self) -> str:
        """The chapters that the year has nothing in, in words."""
        empty = [one.title for one in self.sections if not one.lines and not self.note_of(one)]
        return f"这一年没有记录的：{'、'.join(empty)}。" if empty else ""


def in_letter_order(deputies):
    """By station, then by pinyin."""
    ordered = deputies.select_related("station__area", "station__township", "user")
    return ordered.order_by(*LETTER_ORDER)


def write_letters(deputies: Iterable[Deputy], year: int, today: date) -> Iterator[Circular]:
    """A letter for each of `deputies`, given in the order of their stations; each station is read
    once, with all of its deputies in office."""
    for _, group in groupby(deputies, key=lambda deputy: deputy.station_id):
        wanted = list(group)
        station = wanted[0].station
        others = Deputy.objects.in_office().filter(station=station).order_by("pinyin", "pk")
        people = {deputy.pk: deputy for deputy in [*others, *wanted]}
        for deputy in people.values():
            deputy.station = station
        read = read_performances(list(people.values()), year, today=today)
        colleagues = sorted(read.values(), key=lambda one: (one.deputy.pinyin, one.deputy.pk))
        for deputy in wanted:
            yield Circular(read[deputy.pk], colleagues)


def key_of(deputy_pk: int, year: int) -> str:
    """Of the message that brings the letter: once a deputy and year."""
    return f"circular:{deputy_pk}:{year}"


def sent_to(deputies: Iterable[int], year: int) -> dict[int, Notice]:
    """Who of them was sent the letter of the year, and when."""
    keys = {key_of(pk, year): pk for pk in deputies}
    return {keys[notice.key]: notice for notice in Notice.objects.filter(key__in=list(keys))}


def may_be_sent(year: int, today: date) -> bool:
    """At the end of the year, and ever after."""
    return today >= date(year, 12, 1)


def opens_on(year: int) -> str:
    return chinese_date(date(year, 12, 1))
