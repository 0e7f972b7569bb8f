"""What the portal's records say on the items of a standard, so that nobody keys in what is known.

A record ticks an item only where it can tell (a telephone number, a mailbox, a liaison). Counts
are shown for whoever judges: how many receptions are enough, no record knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.roles import Role
from common.sheets.cells import chinese_date
from deputies.choices import DayState
from deputies.models import Deputy, DutyDay
from stations.choices import Source
from stations.models import Mailbox, MailboxOpening, Posting, Station
from stations.rules import Record
from visits.models import Activity, Reception


@dataclass(frozen=True)
class Asked:
    """Of which station and year the records are read, for whom, and on what day."""

    station: Station
    year: int
    user: Any
    today: date

    @property
    def days(self) -> tuple[date, date]:
        return date(self.year, 1, 1), date(self.year, 12, 31)

    @property
    def is_this_year(self) -> bool:
        return self.year == self.today.year


def records_for(asked: Asked, sources: Collection[str]) -> dict[str, Record]:
    """The records of these sources, each read once; items without a source have none."""
    return {source: READERS[Source(source)](asked) for source in dict.fromkeys(sources) if source}


def _mailbox(asked: Asked) -> Record:
    boxes = Mailbox.objects.filter(station=asked.station).hanging().count()
    if not boxes:
        return Record("没有登记在用的意见箱", met=False)
    openings = MailboxOpening.objects.valid().filter(mailbox__station=asked.station)
    if asked.is_this_year:
        last = openings.in_month_of(asked.today).order_by("-opened_on").first()
        if last:
            day = last.opened_on
            return Record(f"意见箱 {boxes} 个，本月已开箱：{day.month}月{day.day}日", met=True)
        return Record(f"意见箱 {boxes} 个，本月还没有开箱", met=True)
    opened = openings.filter(opened_on__year=asked.year).count()
    return Record(f"意见箱 {boxes} 个，{asked.year}年开箱 {opened} 次", met=True)


def _phone(asked: Asked) -> Record:
    phone = asked.station.phone
    return Record(f"联系电话 {phone}", met=True) if phone else Record("没有登记联系电话", met=False)


def _staff(asked: Asked) -> Record:
    roles = (Role.STATION_HEAD, Role.LIAISON)
    rows = Posting.objects.filter(station=asked.station, role__in=roles).staff()
    if not rows:
        return Record("没有登记站长和联络员", met=False)
    named = "，".join(f"{row.get_role_display()}{row.person_name}" for row in rows[:4])
    return Record(named, met={row.role for row in rows} == set(roles))


def _deputies(asked: Asked) -> Record:
    count = Deputy.objects.in_office().filter(station=asked.station).count()
    return Record(f"名册上有在任代表 {count} 位")


def _duty_days(asked: Asked) -> Record:
    held = (DayState.HELD, DayState.NO_VISIT)
    days = DutyDay.objects.filter(station=asked.station, state__in=held).between(*asked.days)
    last = days.order_by("-date").first()
    until = f"，最近一次 {chinese_date(last.date)}" if last else ""
    return Record(f"{asked.year}年办结接待日 {days.count()} 次{until}")


def _receptions(asked: Asked) -> Record:
    rows = Reception.objects.countable_by(asked.user).valid().between(*asked.days)
    return Record(f"{asked.year}年登记接待 {rows.filter(station=asked.station).count()} 批")


def _activities(asked: Asked) -> Record:
    rows = Activity.objects.countable_by(asked.user).valid().between(*asked.days)
    return Record(f"{asked.year}年登记活动 {rows.filter(station=asked.station).count()} 次")


READERS: dict[Source, Callable[[Asked], Record]] = {
    Source.MAILBOX: _mailbox,
    Source.PHONE: _phone,
    Source.STAFF: _staff,
    Source.DEPUTIES: _deputies,
    Source.DUTY_DAYS: _duty_days,
    Source.RECEPTIONS: _receptions,
    Source.ACTIVITIES: _activities,
}
