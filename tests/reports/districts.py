"""A district of mixed years from a seed: every sort of row that a report counts or leaves out.

Registers are rows made in bulk; suggestions go through their services on their days; and some of
everything comes in by sheets as offices fill them.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.roles import Role
from common.importing.services import import_sheet
from deputies.choices import Answer, Attendance, DayState, DeputyState, Level
from deputies.models import Assignment, Deputy, Mandate
from stations.models import Area, Category, Station
from suggestions.models import Session
from tests.factories import AreaFactory, DeputyFactory, StationFactory, make_day, make_user
from tests.registers import activity_sheet, assistance_sheet
from tests.reports.proposals import propose
from tests.reports.taking_part import take_part
from tests.sheets import reception_sheet
from tests.suggestions.ledgers import ASSIGNED, RATED, ledger
from tests.suggestions.making import make_session
from visits.choices import ActivityKind, Channel, Disposal, Resolution, Satisfaction
from visits.models import Activity, Assistance, Opinion, Reception, ReceptionDeputy

DAY = datetime.date
TODAY = DAY(2026, 11, 2)
KINDS = ActivityKind.values
MANY = ("inspection", "training", "training", "research", "law", "reporting")
FIRST, LAST = DAY(2025, 7, 1), DAY(2027, 1, 10)
VISITS, SUGGESTIONS = 110, 25


@dataclass
class District:
    seed: int
    dice: random.Random
    area: Area
    officer: User
    stations: list[Station]
    deputies: dict[int, list[Deputy]]
    categories: list[Category | None]
    session: Session

    def day(self) -> DAY:
        return FIRST + datetime.timedelta(days=self.dice.randrange((LAST - FIRST).days))

    def station(self) -> Station:
        return self.dice.choice(self.stations)

    def some(self, share: float) -> bool:
        return self.dice.random() < share


def make_district(seed: int, clock) -> District:
    """Everything up to `TODAY`, and some days after it; the clock stays there."""
    clock.move_to(noon(TODAY), tick=False)
    place = _places(seed)
    _sheets(place)  # before the rows that take no number of the series
    _visits(place)
    _duty(place)
    _deeds(place)
    _activities(place)
    propose(place, SUGGESTIONS, clock)
    clock.move_to(noon(TODAY), tick=False)
    take_part(place)
    return place


def noon(day: DAY) -> str:
    return f"{day.isoformat()}T12:00:00+08:00"


# Places and people ------------------------------------------------------------------------------


def _places(seed: int) -> District:
    dice = random.Random(seed)
    area = Area.objects.get(level="district")
    towns = [AreaFactory(code=f"99010110{n}", name=name, parent=area)
             for n, name in ((2, "石桥镇"), (4, "柳河镇"), (7, "青山乡"))]  # fmt: skip
    village = AreaFactory(code="990101102201", name="桥头村", level="village", parent=towns[0])
    kinds = [
        (towns[0], towns[0], "centre", "open", 5), (towns[0], village, "station", "open", 3),
        (towns[1], towns[1], "centre", "open", None),
        (towns[1], towns[1], "home", "building", None),
        (towns[1], towns[1], "point", "planned", None), (towns[2], towns[2], "online", "open", 4),
        (towns[2], towns[2], "station", "closed", 3),
    ]  # fmt: skip
    stations = [
        StationFactory(name=f"{town.name}{kind}{n}站", township=town, area=own, kind=kind,
                       state=state, star=star)
        for n, (town, own, kind, state, star) in enumerate(kinds)
    ]  # fmt: skip
    # No work at all at the one that is being built: T2 leaves it out.
    idle = stations.pop(3)
    officer = make_user(Role.DISTRICT_OFFICER, area, name="黎坚")
    deputies = {one.pk: _deputies(dice, one) for one in [*stations, idle]}
    for one in (stations[0], stations[3], idle):
        _without_work(dice, one)
    for one in stations:
        for role in dice.sample([Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON, Role.LIAISON,
                                 Role.OBSERVER], dice.randint(1, 4)):  # fmt: skip
            make_user(role, one)
    tops = list(Category.objects.filter(parent=None).order_by("pk"))
    sub = Category.objects.filter(parent__isnull=False).first()
    # A district that offers few categories, one of them never used, and uses one no more offered.
    used = dice.sample(tops[1:-1], 3)
    offered = [top.pk for top in (tops[0], *used)]
    Category.objects.filter(parent=None).exclude(pk__in=offered).update(active=False)
    chosen = [*used, tops[-1], sub, None]
    return District(seed, dice, area, officer, stations, deputies, chosen, make_session(area))


def _deputies(dice: random.Random, station: Station) -> list[Deputy]:
    found = []
    for number in range(3):
        deputy = DeputyFactory(station=station, name=f"{station.pk}站代表{number}")
        if dice.random() < 0.4:  # deputy of two congresses, or of one before
            ended = None if dice.random() < 0.5 else DAY(2025, 6, 30)
            Mandate.objects.create(deputy=deputy, level=dice.choice(Level.values), term="第四届",
                                   ended_on=ended)  # fmt: skip
        found.append(deputy)
    return found


def _without_work(dice: random.Random, station: Station) -> None:
    DeputyFactory(station=station, level=dice.choice(Level.values))
    DeputyFactory(station=station, level="city", state=dice.choice(DeputyState.values[1:]))
    nobody = DeputyFactory(station=station)
    nobody.mandates.all().delete()  # level not known yet


# The registers ----------------------------------------------------------------------------------


def _voided(place: District):
    return timezone.now() if place.some(0.1) else None


def _visits(place: District) -> None:
    rows = []
    for number in range(1001, 1001 + VISITS):
        on = place.day()
        rows.append(Reception(
            station=place.station(), year=on.year, number=number, received_on=on,
            until=on + datetime.timedelta(days=2) if place.some(0.1) else None,
            deputy_names="代表", channel=place.dice.choice(Channel.values),
            headcount=place.dice.choice([1, 1, 1, 2, 3, 15, 40]),
            headcount_approximate=place.some(0.2), confidential=place.some(0.15),
            visitor_name=place.dice.choice(["王建国", ""]), voided_at=_voided(place),
        ))  # fmt: skip
    Reception.objects.bulk_create(rows)
    receivers, opinions = [], []
    for row in rows:
        for position, deputy in enumerate(
            place.dice.sample(place.deputies[row.station_id], place.dice.randint(1, 2))
        ):
            receivers.append(ReceptionDeputy(reception=row, deputy=deputy, position=position,
                                             name=deputy.name))  # fmt: skip
        own = [_opinion(place, position, reception=row, station=row.station,
                        raised_on=row.received_on)
               for position in range(1, place.dice.randint(1, 3) + 1)]  # fmt: skip
        row.opinion_count = len(own)
        opinions += own
    ReceptionDeputy.objects.bulk_create(receivers)
    Opinion.objects.bulk_create(opinions)
    Reception.objects.bulk_update(rows, ["opinion_count"])


def _opinion(place: District, position: int, **source) -> Opinion:
    told = place.dice.choice([{}, {"feedback_on": place.day()}, {"feedback_method": "电话"}])
    return Opinion(
        position=position, statement="村口路灯不亮", category=place.dice.choice(place.categories),
        disposal=place.dice.choice([*Disposal.values, ""]),
        resolution=place.dice.choice([*Resolution.values, "", ""]),
        satisfaction=place.dice.choice([*Satisfaction.values, "unrated"]), **told, **source,
    )  # fmt: skip


def _deeds(place: District) -> None:
    rows = []
    for number in range(1001, 1041):
        on, rough = (
            place.day(),
            place.dice.choice(
                [
                    {},
                    {},
                    {"money": "3万余元"},
                    {"goods": "约千元"},
                    {"people": "百余人"},
                    {"households": "约5户"},
                ]
            ),
        )
        rows.append(Assistance(
            station=place.station(), year=on.year, number=number, helped_on=on, deed="送米送油",
            money=Decimal(place.dice.choice(["0", "500", "1200.50", "0.25", "30000"])),
            goods=Decimal(place.dice.choice(["0", "80", "99.50", "0.25"])),
            people=place.dice.choice([0, 1, 4, 120]), approximate=rough, voided_at=_voided(place),
        ))  # fmt: skip
    Assistance.objects.bulk_create(rows)


def _activities(place: District) -> None:
    rows = []
    for number in range(1001, 1056):
        on = place.day()
        due, present, leave, absent = _people(place.dice)
        rows.append(Activity(
            station=place.station(), year=on.year, number=number, held_on=on,
            topic=f"第{number}次活动", kind=place.dice.choice([*MANY, "", *KINDS]),
            organiser=place.dice.choice(["", "镇人大"]), place=place.dice.choice(["", "河堤"]),
            due_count=due, present_count=present, leave_count=leave, absent_count=absent,
            voided_at=_voided(place),
        ))  # fmt: skip
    Activity.objects.bulk_create(rows)
    # Formed at activities: they are no opinions of visitors.
    Opinion.objects.bulk_create(
        [_opinion(place, 1, activity=row, station=row.station, raised_on=row.held_on)
         for row in rows[:10]]
    )  # fmt: skip


def _people(dice: random.Random) -> tuple[int, int, int, int]:
    """应到, 实到, 请假, 缺席; now and then nobody, or everybody on leave."""
    counts = dice.choice([(0, 0, 0), (0, 3, 0), (2, 0, 1), (4, 1, 0), (7, 2, 3), (1, 1, 1)])
    return (sum(counts), *counts)


# What became of one deputy's turn: the answer before the day, the attendance on it.
TURNS = (
    (Answer.CONFIRMED, Attendance.PRESENT), (Answer.CONFIRMED, Attendance.LATE),
    (Answer.WAITING, Attendance.LEFT_EARLY), (Answer.WAITING, Attendance.ABSENT),
    (Answer.UNREACHABLE, Attendance.ABSENT), (Answer.LEAVE, Attendance.LEAVE),
    (Answer.CONFIRMED, Attendance.SUBSTITUTED), (Answer.SWAPPED, Attendance.OPEN),
    (Answer.DROPPED, Attendance.OPEN),
)  # fmt: skip


def _duty(place: District) -> None:
    turns = []
    months = [(2025, month) for month in range(9, 13)] + [(2026, month) for month in range(1, 13)]
    for station in place.stations:
        for year, month in months:
            on = DAY(year, month, 1 + place.dice.randrange(28))
            states = [DayState.HELD, DayState.HELD, DayState.NO_VISIT, DayState.NOT_HELD,
                      DayState.PUBLISHED, DayState.CANCELLED, DayState.DRAFT]  # fmt: skip
            day = make_day(station, on, state=place.dice.choice(states))
            for position, deputy in enumerate(place.deputies[station.pk]):
                answer, attendance = place.dice.choice(TURNS)
                if day.state in (DayState.DRAFT, DayState.CANCELLED, DayState.NOT_HELD):
                    attendance = Attendance.OPEN
                turns.append(Assignment(day=day, deputy=deputy, position=position, answer=answer,
                                        attendance=attendance))  # fmt: skip
                if attendance == Attendance.LEAVE and place.some(0.3):  # and came after all
                    turns.append(Assignment(day=day, deputy=deputy, position=9,
                                            answer=Answer.CONFIRMED,
                                            attendance=Attendance.PRESENT))  # fmt: skip
    Assignment.objects.bulk_create(turns)


# What comes in by sheets ------------------------------------------------------------------------


def _sheets(place: District) -> None:
    station = place.stations[0]
    deputy = place.deputies[station.pk][0].name
    above = f"联络站:{station.name}    年度:2026年"
    visits = [
        {"序号": n, "接待日期": on, "接待代表": deputy, "来访人姓名": who, "来访人数": heads,
         "问题类别": sort, "反映内容": said, "处理方式": way, "反馈日期": told, "满意度": rated}
        for n, on, who, heads, sort, said, way, told, rated in (
            (901, "2026.2.3", "王建国", "20余人", "环境卫生", "垃圾没人清", "转镇", "2026-2-9",
             "满意"),
            (902, "3月5日", "李秀英", 2, "交通出行", "路口没有信号灯", "当场答复", None, None),
            (903, "2026年4月", None, "约10人", None, "1.路灯不亮 2.路面破损", "咨询解释", None,
             "不满意"),
        )
    ]  # fmt: skip
    deeds = [
        {"日期": "2026-3-5", "代表姓名": deputy, "资金(元)": "3万余元", "受益人数": "约40人"},
        {"日期": "2026.7.1", "代表姓名": deputy, "物资折款(元)": 860.5, "受益人数": 3},
    ]
    held = [
        {"活动日期": "2026-5-6", "活动形式": "视察", "参加代表": deputy},
        {"活动日期": "2026-6-6", "活动形式": "学习培训", "应到人数": 9, "实到人数": 9},
    ]
    shares = {"领衔代表": deputy, "主办单位": "区水务局", "协办单位": "区财政局、区教育局"}
    rows = [
        {**ASSIGNED, **shares, "建议编号": "901", "提出日期": "2026-1-20",
         "交办日期": "2026-1-26", "办理期限": "2026-4-27", "标题": "关于疏浚河道的建议"},
        {**RATED, **shares, "建议编号": "902", "提出日期": "2026-1-21", "交办日期": "2026-1-26",
         "办理期限": "2026-4-27", "答复日期": "2026-5-9", "标题": "关于加装路灯的建议",
         "对办理结果": "不满意"},
    ]  # fmt: skip
    for kind, content in (
        ("receptions", reception_sheet(visits, above=above)),
        ("assistance", assistance_sheet(*deeds, above=above)),
        ("activities", activity_sheet(*held, above=above)),
        ("suggestions", ledger(*rows, above="临溪区人大常委会    年度:2026年")),
    ):
        outcome = import_sheet(kind, content, f"{kind}.xlsx", actor=SYSTEM).as_json()
        assert not outcome["rejected"], outcome["errors"]
