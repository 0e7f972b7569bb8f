"""T2: the work of each station, a row a station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Count, F, Q, Sum

from deputies.choices import CAME, Answer, DayState
from reports.figures import entries
from reports.figures.suggested import Found, raised
from reports.links import Links
from reports.percentages import rate
from reports.scope import Scope
from reports.tables import Column, Figure, Kind, Row, RowKind, Table
from stations.choices import StationKind, StationState
from stations.models import Station
from visits.querysets import PROGRESS

VISITS, HEADS, OPINIONS = "批次", "人次", "意见条数"
FINISHED, FED_BACK, RATED, SATISFIED = "办结", "已反馈", "已评价", "满意"
SATISFACTION_RATE = "满意率（%）"
NO_STAR = "未评星"
PLANNED = "计划接待日"
_HANDLING, _RATING = "意见办理（条）", "满意度"
_DUTY, _ATTENDANCE = "接待日（个）", "代表出勤（人次）"

# Column, and the word of PROGRESS that it counts ("" counts all).
_OPINION_COLUMNS = {
    OPINIONS: "",
    "当场答复": "on_site",
    "交办": "handed_over",
    FINISHED: "finished",
    FED_BACK: "fed_back",
    RATED: "rated",
    SATISFIED: "satisfied",
    "基本满意": "mostly",
}
COLUMNS = (
    Column("联络站", Kind.TEXT),
    Column(VISITS, group="接待"),
    Column(HEADS, group="接待"),
    Column(OPINIONS, group=_HANDLING, short="意见"),
    Column("当场答复", group=_HANDLING),
    Column("交办", group=_HANDLING),
    Column(FINISHED, group=_HANDLING),
    Column(FED_BACK, group=_HANDLING),
    Column(RATED, group=_RATING),
    Column(SATISFIED, group=_RATING),
    Column("基本满意", group=_RATING),
    Column(SATISFACTION_RATE, Kind.RATE, group=_RATING, short="满意率%"),
    Column("含基本满意率（%）", Kind.RATE, group=_RATING, short="含基本满意%"),
    Column(PLANNED, group=_DUTY, short="计划"),
    Column("开展接待日", group=_DUTY, short="开展"),
    Column("应到人次", group=_ATTENDANCE, short="应到"),
    Column("请假人次", group=_ATTENDANCE, short="请假"),
    Column("出席人次", group=_ATTENDANCE, short="出席"),
    Column("出勤率（%）", Kind.RATE, group=_ATTENDANCE, short="出勤率%"),
    *entries.COLUMNS,
    *raised.STATION_COLUMNS,
    Column("星级", Kind.TEXT),
)
NOTES = (
    "批次是接待的次数，按接待日期算；人次是各次来访人数之和；意见一事一条，一次接待可以有几条。",
    "作废的登记不计；保密件计入合计，点开只显示站点、月份和件数。",
    "来访人数里有约数（约、余、多）的，人次前标“约”。",
    "当场答复：处理方式为当场答复或咨询解释。"
    "交办：转村（社区）、转镇（街道）、转区级部门、形成代表建议、报上级或委托上级代表。",
    "办结：当场答复、咨询解释、引导信访司法、不予受理的，以及解决程度已定的"
    "（已解决、部分解决、列入规划、未解决）。"
    "已反馈：填有反馈日期或反馈方式。",
    "满意率 = 满意 ÷ 已评价；含基本满意率 =（满意 + 基本满意）÷ 已评价。"
    "未评价不算满意，没有评价时写“—”。",
    "计划接待日：报告期内已公布、没有取消的接待日，按实际日期算；"
    "开展接待日：其中办结为“已接待”或“无来访”的，未办结和“未开展”的不算。",
    "应到、请假、出席只算开展了的接待日，一位代表到一天算一人次。"
    "应到：出席、请假、缺席的都算，换班的算换来的人，替班的算来替的人；"
    "出席：出席、迟到、早退；请假：站长已同意的，有人替班也算。",
    "出勤率 = 出席 ÷（应到 − 请假），没有应到的写“—”。",
    *entries.NOTES,
    *raised.STATION_NOTES,
    "各站按行政区划排列，中心联络站在前，不排名次；规划中、在建和撤销的站，没有工作的不列。",
)


def work_of_stations(scope: Scope, found: Found) -> Table:
    """T2, in the order of area codes, each township's centre first; the total comes last."""
    links = Links(scope)
    visits = {line["station"]: line for line in _visits(scope)}
    opinions = {line["station"]: line for line in _opinions(scope)}
    duty, registers = _duty(scope), entries.work_by_station(scope)
    rows = [
        _row(
            station.name,
            visits.get(station.pk, {}),
            opinions.get(station.pk, {}),
            duty.get(station.pk, {}),
            registers.get(station.pk, {}),
            raised.of_station(found, links, station.pk, {"station": station.pk}),
            links=links,
            place={"station": station.pk},
            star=station.get_star_display() or NO_STAR,
            kind=RowKind.CENTRE if station.kind == StationKind.CENTRE else RowKind.PLAIN,
        )
        for station in _stations(
            scope, {*visits, *duty, *registers, *raised.stations_with_any(found)}
        )
    ]
    total = _row(
        "合计",
        _sum(visits.values()),
        _sum(opinions.values()),
        _sum(duty.values()),
        _sum(registers.values()),
        raised.of_station(found, links, None, links.place()),
        links=links,
        place=links.place(),
        kind=RowKind.TOTAL,
    )
    return Table("T2", "各站工作", "", COLUMNS, [*rows, total], NOTES)


def so_far(work: Table, scope: Scope, today: date) -> Table:
    """T2 of a period that still runs, without the duty days to come in its total: all the rest
    has been by its nature."""
    period = scope.period.so_far(today)
    if period == scope.period:
        return work
    until = replace(scope, period=period)
    planned = Figure(until.duty_days().count(), Links(until).duty_days())
    place = [column.name for column in work.columns].index(PLANNED)
    cells = [*work.total.cells[:place], planned, *work.total.cells[place + 1 :]]
    return replace(work, rows=[*work.body, Row(cells, RowKind.TOTAL)])


def _visits(scope: Scope):
    return (
        scope.receptions()
        .values("station")
        .annotate(
            visits=Count("pk"),
            heads=Sum("headcount"),
            approximate=Count("pk", filter=Q(headcount_approximate=True)),
        )
    )


def _opinions(scope: Scope):
    return (
        scope.opinions()
        .values("station")
        .annotate(
            all=Count("pk"),
            **{name: Count("pk", filter=condition) for name, condition in PROGRESS.items()},
        )
    )


def _duty(scope: Scope) -> dict[int, dict]:
    """Days and deputy visits of each station, {station: figures}."""
    held = Q(state__in=(DayState.HELD, DayState.NO_VISIT))
    days = scope.duty_days().values("station").annotate(
        planned=Count("pk"), held=Count("pk", filter=held)
    )  # fmt: skip
    visits = scope.duty_visits().values(station=F("day__station")).annotate(
        due=Count("pk"),
        leave=Count("pk", filter=Q(answer=Answer.LEAVE)),
        came=Count("pk", filter=Q(attendance__in=CAME)),
    )  # fmt: skip
    found = {line["station"]: dict(line) for line in days}
    for line in visits:
        found[line["station"]] |= line
    return found


def _stations(scope: Scope, with_work) -> Iterable[Station]:
    """Those that work, and those that no longer do but did in the period."""
    rows = scope.stations().select_related("area", "township")
    working = rows.filter(Q(state=StationState.OPEN) | Q(pk__in=list(with_work)))
    return sorted(
        working,
        key=lambda station: (
            station.township.code,
            station.kind != StationKind.CENTRE,
            station.area.code,
            station.pk,
        ),
    )


def _row(
    name, visits, opinions, duty, registers, suggestions, *, links, place, star="", kind
) -> Row:
    receptions = links.receptions(**place)
    heads = Figure(visits.get("heads", 0), receptions, approximate=visits.get("approximate", 0))
    counted = [
        Figure(opinions.get(word or "all", 0), links.opinions(place=place, **_progress(word)))
        for word in _OPINION_COLUMNS.values()
    ]
    rated, satisfied = opinions.get("rated", 0), opinions.get("satisfied", 0)
    pleased = satisfied + opinions.get("mostly", 0)
    of_rated = links.opinions(place=place, progress="rated")
    return Row(
        [
            Figure(name),
            Figure(visits.get("visits", 0), receptions),
            heads,
            *counted,
            Figure(rate(satisfied, rated), of_rated),
            Figure(rate(pleased, rated), of_rated),
            *_duty_figures(duty, links, place),
            *entries.figures(registers, links, place),
            *suggestions,
            Figure(star),
        ],
        kind,
    )


def _duty_figures(duty: dict, links: Links, place: dict) -> list[Figure]:
    due, leave, came = (duty.get(name, 0) for name in ("due", "leave", "came"))
    held = links.duty_days(place=place, show="held")
    return [
        Figure(duty.get("planned", 0), links.duty_days(place=place)),
        Figure(duty.get("held", 0), held),
        Figure(due, held),
        Figure(leave, held),
        Figure(came, held),
        Figure(rate(came, due - leave), held),
    ]


def _progress(word: str) -> dict:
    return {"progress": word} if word else {}


def _sum(lines: Iterable[dict]) -> dict:
    total: dict = {}
    for line in lines:
        for name, value in line.items():
            if name != "station":
                total[name] = total.get(name, 0) + value
    return total
