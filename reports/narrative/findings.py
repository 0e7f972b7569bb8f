"""Problems that the records show by themselves: what the report's text says of them, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse

from common.sheets.cells import chinese_date
from deputies.choices import Answer, Attendance
from deputies.models import Assignment
from reports.figures import Report
from reports.scope import Scope
from reports.tables import RowKind, Table
from stations.choices import StationState
from suggestions.choices import Limit
from suggestions.models import Deadline
from visits.models import Activity, Assistance, Reception, ReceptionDeputy

NAMED = 3  # places that a sentence names; the others are counted


@dataclass(frozen=True)
class Finding:
    """One problem: what it is about, the sentence, and what is done about it next."""

    about: str
    words: str
    remedy: str
    url: str = ""


def find_problems(scope: Scope, report: Report, today: date) -> list[Finding]:
    """Every problem the rules see in the period, as of its end or today, whichever is earlier."""
    at = min(scope.period.last, today)
    return [found for rule in RULES for found in rule(scope, report, at)]


def named(names: Iterable[str], unit: str = "个站") -> str:
    """石桥镇中心联络站、清溪村联络站等 5 个站."""
    found = list(names)
    shown = "、".join(found[:NAMED])
    return f"{shown}等 {len(found)} {unit}" if len(found) > NAMED else shown


def _late_feedback(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    rows = list(scope.opinions().awaiting_feedback().late_by_station(at))
    if rows:
        count = sum(row["n"] for row in rows)
        yield Finding(
            "反馈超期",
            f"{named(row['name'] for row in rows)}有 {count} 条意见超过期限还没有向来访人反馈，"
            f"最早的一条应在{chinese_date(rows[0]['oldest'])}前反馈。",
            "对超期未反馈的意见逐条清理，限期向来访人和代表反馈",
            f"{reverse('visits:opinion_list')}?step=overdue",
        )


def _late_replies(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    clocks = Deadline.objects.overdue(at).against(Limit.answers())
    rows = list(
        clocks.in_reach_of(scope.suggestions()).order_by()
        .values("handling__unit__name").annotate(n=Count("pk"), oldest=Min("due_on"))
        .order_by("oldest")
    )  # fmt: skip
    if rows:
        count = sum(row["n"] for row in rows)
        units = named((row["handling__unit__name"] for row in rows), "个单位")
        yield Finding(
            "建议逾期未答复",
            f"{units}承办的 {count} 项代表建议超过期限还没有答复。",
            "对逾期未答复的代表建议发出督办单，由区代表工委跟踪到答复为止",
            f"{reverse('suggestions:list')}?step=overdue",
        )


def _low_attendance(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    limit = settings.REPORT_LOW_ATTENDANCE
    low = _rows_with(report.tables["T2"], "出勤率（%）", lambda rate: rate < limit)
    if low:
        yield Finding(
            "出勤率低",
            f"{named(low)}的代表出勤率低于 {limit}%。",
            "落实接待日提前联系和请假制度，对出勤率低的站逐站提醒",
            reverse("duty:index"),
        )


def _rows_with(table: Table, column: str, fits: Callable[[Decimal], bool]) -> list[str]:
    place = [one.name for one in table.columns].index(column)
    values = [(row.name.shown, row.cells[place].value) for row in table.rows
              if row.kind != RowKind.TOTAL]  # fmt: skip
    return [name for name, value in values if isinstance(value, Decimal) and fits(value)]


def _days_not_held(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    missed = scope.duty_days().missed(at).values("station__name").annotate(n=Count("pk"))
    rows = list(missed.order_by("-n", "station__name"))
    if rows:
        count = sum(row["n"] for row in rows)
        yield Finding(
            "接待日没有落实",
            f"{named(row['station__name'] for row in rows)}有 {count} 个接待日没有开展，"
            "或者到期没有登记开展情况。",
            "按年度接待计划落实接待日，当日登记签到和接待情况",
            f"{reverse('duty:index')}?show=unclosed",
        )


def _stale_registers(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    since = at - timedelta(days=settings.REPORT_STALE_DAYS)
    stations = scope.stations().filter(state=StationState.OPEN).exclude(built_on__gt=since)
    for register in (Reception, Assistance, Activity):
        entries = register.objects.valid().between(since, at)
        stations = stations.exclude(Exists(entries.filter(station=OuterRef("pk"))))
    names = list(stations.order_by("township__code", "pk").values_list("name", flat=True))
    if names:
        yield Finding(
            "登记簿久未更新",
            f"{named(names)}有 {settings.REPORT_STALE_DAYS} 天以上没有登记任何接待、办实事和活动。",
            "督促登记簿久未更新的站补齐登记、正常开展活动",
            reverse("stations:list"),
        )


def _deputies_who_never_came(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    """Absent, as T6 counts it, from every day they were due on; who came to another station's
    day, or received somebody on no day at all, did come."""
    if not scope.period.is_year:
        return
    absent = scope.duty_visits().filter(attendance=Attendance.ABSENT).exclude(answer=Answer.LEAVE)
    came = Assignment.objects.came().filter(
        deputy=OuterRef("pk"), day__date__gte=scope.period.first, day__date__lte=at
    )
    visits = Reception.objects.valid().between(scope.period.first, at)
    received = ReceptionDeputy.objects.filter(deputy=OuterRef("pk"), reception__in=visits)
    people = scope.deputies().filter(pk__in=absent.values("deputy"))
    missing = people.exclude(Exists(came)).exclude(Exists(received)).count()
    if missing:
        since = "全年" if at == scope.period.last else "年初以来"
        yield Finding(
            "代表没有进站",
            f"{missing} 名接待日应到的代表{since}没有进站接待。",
            "由代表小组召集人与没有进站的代表逐一谈心谈话",
            reverse("deputies:list"),
        )


def _unsatisfied(scope: Scope, report: Report, at: date) -> Iterator[Finding]:
    count = scope.opinions().filter(satisfaction="unsatisfied").count()
    if count:
        yield Finding(
            "来访人不满意",
            f"{count} 条意见的办理结果来访人不满意。",
            "对来访人不满意的意见回头看，能解决的重新办理，不能解决的作好解释",
            f"{reverse('visits:opinion_list')}?satisfaction=unsatisfied",
        )


RULES = (
    _late_feedback, _late_replies, _days_not_held, _low_attendance, _deputies_who_never_came,
    _stale_registers, _unsatisfied,
)  # fmt: skip
