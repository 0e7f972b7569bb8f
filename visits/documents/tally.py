"""What is counted while a register is printed, in all and a station."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Self

from stations.models import Station


@dataclass
class StationTally:
    """What went out of one station's register."""

    lines: int = 0
    years: set[int] = field(default_factory=set)


@dataclass
class Tally:
    """Counts entries as they pass; `personal` names what of them is masked without the right."""

    unmasked: Container[int]
    lines: int = 0
    by_station: dict[int, StationTally] = field(default_factory=dict)

    personal: ClassVar[str] = ""

    @classmethod
    def of(cls, entries: Iterable[Any], unmasked: Container[int]) -> Self:
        tally = cls(unmasked)
        for entry in entries:
            tally.add(entry)
        return tally

    def add(self, entry) -> None:
        """Count one entry of the register."""
        raise NotImplementedError

    @property
    def sums(self) -> str:
        raise NotImplementedError

    @property
    def masking(self) -> str:
        """What is to be said of personal facts; "" where the register prints none."""
        if not self.personal:
            return ""
        opened = sum(pk in self.unmasked for pk in self.by_station)
        if opened == 0:
            return f"{self.personal}已脱敏"
        if opened < len(self.by_station):
            return f"部分联络站的{self.personal}已脱敏"
        return f"{self.personal}未脱敏"

    def told_by_station(self) -> Iterable[tuple[Station, str]]:
        """Each station whose register leaves the portal, and what the log says of it."""
        stations = Station.objects.in_bulk(list(self.by_station))
        for pk, told in self.by_station.items():
            words = f"{years_in_words(told.years)} {told.lines} 行"
            if self.personal:
                words += "，未脱敏" if pk in self.unmasked else "，已脱敏"
            yield stations[pk], words

    def _count(self, row, lines: int) -> None:
        self.lines += lines
        station = self.by_station.setdefault(row.station_id, StationTally())
        station.lines += lines
        station.years.add(row.year)


@dataclass
class VisitTally(Tally):
    """簿一: 批次, 人次 and 条."""

    visits: int = 0
    heads: int = 0
    opinions: int = 0

    personal: ClassVar[str] = "姓名、电话"

    def add(self, entry) -> None:
        reception, opinions = entry.reception, len(entry.opinions)
        self._count(reception, opinions)
        self.visits += 1
        self.heads += reception.headcount
        self.opinions += opinions

    @property
    def sums(self) -> str:
        return f"{self.visits:,} 批，{self.heads:,} 人次，意见 {self.opinions:,} 条"


@dataclass
class AssistanceTally(Tally):
    """簿二: 件, 元, 户 and 人; says when a figure among them was an estimate."""

    money: Decimal = Decimal(0)
    goods: Decimal = Decimal(0)
    households: int = 0
    people: int = 0
    approximate: bool = False

    personal: ClassVar[str] = "帮扶对象"

    def add(self, entry) -> None:
        self._count(entry, 1)
        self.money += entry.money
        self.goods += entry.goods
        self.households += entry.households
        self.people += entry.people
        self.approximate = self.approximate or bool(entry.approximate)

    @property
    def sums(self) -> str:
        said = (
            f"{self.lines:,} 件，资金 {in_yuan(self.money)} 元，物资折款 {in_yuan(self.goods)} 元，"
            f"受益 {self.households:,} 户 {self.people:,} 人"
        )
        return f"{said}（含约数）" if self.approximate else said


@dataclass
class ActivityTally(Tally):
    """簿三: 场, how many deputies were to come and came, and 条."""

    due: int = 0
    present: int = 0
    leave: int = 0
    absent: int = 0
    opinions: int = 0

    def add(self, entry) -> None:
        activity = entry.activity
        self._count(activity, 1)
        self.due += activity.due_count
        self.present += activity.present_count
        self.leave += activity.leave_count
        self.absent += activity.absent_count
        self.opinions += activity.opinion_count

    @property
    def sums(self) -> str:
        return (
            f"{self.lines:,} 场，应到 {self.due:,} 人次，实到 {self.present:,} 人次，"
            f"请假 {self.leave:,} 人次，缺席 {self.absent:,} 人次，"
            f"形成意见建议 {self.opinions:,} 条"
        )


def in_yuan(amount: Decimal) -> str:
    """1234.50 → 1,234.5; whole amounts without a fraction."""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")


def years_in_words(years: Collection[int]) -> str:
    first, last = min(years), max(years)
    return f"{first}年" if first == last else f"{first}年至{last}年"
