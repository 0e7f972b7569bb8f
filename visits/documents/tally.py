"""What is counted while a register is printed: 批次, 人次 and 条, in all and a station."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field

from stations.models import Station
from visits.documents.register import Visit


@dataclass
class StationTally:
    """What went out of one station's register."""

    visits: int = 0
    lines: int = 0
    years: set[int] = field(default_factory=set)


@dataclass
class Tally:
    unmasked: Container[int]
    visits: int = 0
    heads: int = 0
    opinions: int = 0
    by_station: dict[int, StationTally] = field(default_factory=dict)

    @classmethod
    def of(cls, visits: Iterable[Visit], unmasked: Container[int]) -> Tally:
        tally = cls(unmasked)
        for visit in visits:
            tally.add(visit)
        return tally

    def add(self, visit: Visit) -> None:
        reception, opinions = visit.reception, len(visit.opinions)
        self.visits += 1
        self.heads += reception.headcount
        self.opinions += opinions
        station = self.by_station.setdefault(reception.station_id, StationTally())
        station.visits += 1
        station.lines += opinions
        station.years.add(reception.year)

    @property
    def sums(self) -> str:
        return f"{self.visits:,} 批，{self.heads:,} 人次，意见 {self.opinions:,} 条"

    @property
    def masking(self) -> str:
        """What is to be said of the visitors' names and phones."""
        opened = sum(pk in self.unmasked for pk in self.by_station)
        if opened == 0:
            return "姓名、电话已脱敏"
        if opened < len(self.by_station):
            return "部分联络站的姓名、电话已脱敏"
        return "姓名、电话未脱敏"

    def told_by_station(self) -> Iterable[tuple[Station, str]]:
        """Each station whose register leaves the portal, and what the log says of it."""
        stations = Station.objects.in_bulk(list(self.by_station))
        for pk, told in self.by_station.items():
            masked = "未脱敏" if pk in self.unmasked else "已脱敏"
            yield stations[pk], f"{years_in_words(told.years)} {told.lines} 行，{masked}"


def years_in_words(years: Collection[int]) -> str:
    first, last = min(years), max(years)
    return f"{first}年" if first == last else f"{first}年至{last}年"
