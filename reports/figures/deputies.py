"""T6: the work of each deputy, a row a deputy: by station, then as names sound; never ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, Sum

from deputies.choices import CAME, Answer, Level
from deputies.models import Deputy
from reports.links import Links
from reports.percentages import rate
from reports.rules import reported_on
from reports.scope import Scope
from reports.tables import DASH, Column, Figure, Kind, Row, RowKind, Table
from stations.choices import StationKind
from suggestions.choices import Consent
from suggestions.models import Signature
from suggestions.querysets.figures import FATE_STATES
from visits.choices import ActivityKind, Presence
from visits.models import ActivityDeputy, AssistanceDeputy, ReceptionDeputy

RECEIVED, HEARD, DEEDS = "接待批次", "听取意见", "办实事件数"
ATTENDED, TRAINED, INSPECTED, REPORTED = "参加活动", "参加培训", "参加视察调研", "述职"
LED, SIGNED = "领衔建议", "附议建议"
DUE, CAME_NAME, ON_LEAVE, ATTENDANCE = "应到天数", "出席天数", "请假天数", "代表出勤率（%）"
_DUTY, _RECEIVING, _TAKING_PART = "接待日（天）", "接待群众", "代表活动（次）"
_SUGGESTING = "代表建议（件）"
COLUMNS = (
    Column("代表", Kind.TEXT),
    Column("联络站", Kind.TEXT),
    Column("代表层级", Kind.TEXT, short="层级"),
    Column(DUE, group=_DUTY, short="应到"),
    Column(ON_LEAVE, group=_DUTY, short="请假"),
    Column(CAME_NAME, group=_DUTY, short="出席"),
    Column(ATTENDANCE, Kind.RATE, group=_DUTY, short="出勤率%"),
    Column(RECEIVED, group=_RECEIVING, short="批次"),
    Column(HEARD, group=_RECEIVING, short="意见"),
    Column(DEEDS, short="办实事"),
    Column(ATTENDED, group=_TAKING_PART, short="合计"),
    Column(TRAINED, group=_TAKING_PART, short="培训"),
    Column(INSPECTED, group=_TAKING_PART, short="视察调研"),
    Column(REPORTED),
    Column(LED, group=_SUGGESTING, short="领衔"),
    Column(SIGNED, group=_SUGGESTING, short="附议"),
)
NOTES = (
    "列报告范围内各站现在的在任代表，以及不在任、编在别站但报告期内在这里有记录的代表；"
    "按联络站、姓名拼音排列，不排名次。只数报告范围内各站登记的；联络站和层级是现在的。",
    "接待日：开展了的接待日里这位代表应到、请假、出席（含迟到、早退）的天数，"
    "换班的算换来的人，替班的算来替的人；出勤率 = 出席 ÷（应到 − 请假），没有应到的写“—”。",
    "接待批次：登记为接待代表的接待；听取意见是这些接待里的意见条数。几位代表一起接待的，"
    "每位都算一次，所以合计多于 T2 的批次和意见条数；办实事、代表活动、附议的合计也是这样。",
    "代表活动只算登记为参加的，包括进站接待；培训是学习培训，视察调研是视察、专题调研、执法检查。",
    "述职：报告期内已向选民述职的，按述职登记算，不按活动登记。",
    "领衔建议按提出日期算，撤回的不算；附议只算本人同意附议的。",
)
_TAKEN_PART: dict[str, dict[str, str]] = {
    "attended": {},
    "trained": {"kind": ActivityKind.TRAINING.value},
    "inspected": {"kind": "inspecting"},
}


@dataclass
class Work:
    """What the records tell of one deputy."""

    counts: dict[str, int] = field(default_factory=dict)

    def take(self, line: dict) -> None:
        self.counts |= {name: n for name, n in line.items() if name != "who"}

    def of(self, name: str) -> int:
        return self.counts.get(name) or 0


def work_of_deputies(scope: Scope) -> Table:
    """T6: one grouped query for each register, however many deputies there are."""
    links, found = Links(scope), _count(scope)
    people = _people(scope, found)
    opened = reported_on(scope.user, people)
    rows = [
        _row(deputy, found.get(deputy.pk, Work()), links, opens=deputy.pk in opened)
        for deputy in people
    ]
    total = _of_one(rows[0]) if scope.deputy else _total(found.values(), len(rows), links)
    return Table("T6", "代表履职", "", COLUMNS, [*rows, total], NOTES)


def _count(scope: Scope) -> dict[int, Work]:
    found: dict[int, Work] = {}
    for lines in (_duty(scope), _received(scope), _helped(scope), _attended(scope),
                  _reported(scope), _led(scope), _signed(scope)):  # fmt: skip
        for line in lines:
            found.setdefault(line["who"], Work()).take(line)
    return found


def _duty(scope: Scope):
    leave, came = Q(answer=Answer.LEAVE), Q(attendance__in=CAME)
    return scope.duty_visits().values(who=F("deputy")).annotate(
        due=Count("day", distinct=True),
        leave=Count("day", filter=leave, distinct=True),
        came=Count("day", filter=came, distinct=True),
    )  # fmt: skip


def _received(scope: Scope):
    rows = _own(scope, ReceptionDeputy.objects.filter(reception__in=scope.receptions()))
    return rows.values(who=F("deputy")).annotate(
        received=Count("pk"), heard=Sum("reception__opinion_count")
    )


def _helped(scope: Scope):
    rows = _own(scope, AssistanceDeputy.objects.filter(assistance__in=scope.assistance()))
    return rows.values(who=F("deputy")).annotate(deeds=Count("pk"))


def _attended(scope: Scope):
    rows = ActivityDeputy.objects.filter(activity__in=scope.activities(), presence=Presence.PRESENT)
    inspecting = Q(activity__kind__in=ActivityKind.inspecting())
    return _own(scope, rows).values(who=F("deputy")).annotate(
        attended=Count("pk"),
        trained=Count("pk", filter=Q(activity__kind=ActivityKind.TRAINING)),
        inspected=Count("pk", filter=inspecting),
    )  # fmt: skip


def _reported(scope: Scope):
    return scope.voter_reports().values(who=F("deputy")).annotate(reported=Count("pk"))


def _led(scope: Scope):
    rows = scope.suggestions_here().filter(state__in=FATE_STATES["raised"])
    return _own(scope, rows, "lead").values(who=F("lead")).annotate(led=Count("pk"))


def _signed(scope: Scope):
    rows = Signature.objects.filter(
        suggestion__in=scope.suggestions_here().filter(state__in=FATE_STATES["raised"]),
        consent=Consent.AGREED,
    )
    return _own(scope, rows).values(who=F("deputy")).annotate(signed=Count("pk"))


def _own(scope: Scope, rows, name: str = "deputy"):
    """Of a visit that several received, the one whom the report is about."""
    return rows.order_by().filter(**{name: scope.deputy}) if scope.deputy else rows.order_by()


def _people(scope: Scope, found: Iterable[int]) -> list[Deputy]:
    """In office here, or in the records of here; three queries."""
    rows = Deputy.objects.filter(
        Q(pk=scope.deputy.pk) if scope.deputy
        else Q(pk__in=scope.deputies().values("pk")) | Q(pk__in=list(found))
    ).select_related("station__area", "station__township").prefetch_related("mandates")  # fmt: skip
    return sorted(
        rows,
        key=lambda deputy: (
            deputy.station.township.code,
            deputy.station.kind != StationKind.CENTRE,
            deputy.station.area.code,
            deputy.station_id,
            deputy.pinyin,
            deputy.pk,
        ),
    )


def _row(deputy: Deputy, work: Work, links: Links, *, opens: bool) -> Row:
    """`opens`: the reader has the deputy's own report; a guest of another station has none here."""
    level = deputy.highest_level()
    own = {**links.place(), "deputy": deputy.pk}
    return Row(
        [
            Figure(deputy.name, links.report(deputy=deputy.pk) if opens else ""),
            Figure(deputy.station.name),
            Figure(Level(level).label if level else DASH),
            *_duty_figures(work, lambda turn: links.duty_days(place=own, show="held", turn=turn)),
            Figure(work.of("received"), links.receptions(**own)),
            Figure(work.of("heard"), links.opinions(place=own)),
            Figure(work.of("deeds"), links.assistance(place=own)),
            *(
                Figure(work.of(name), links.activities(place=own, presence="present", **asked))
                for name, asked in _TAKEN_PART.items()
            ),
            Figure(work.of("reported"), links.voter_reports(place=own)),
            Figure(work.of("led"), links.suggestions(place=own, fate="raised", part="led")),
            Figure(work.of("signed"), links.suggestions(place=own, fate="raised", part="signed")),
        ]
    )


def _duty_figures(work: Work, link) -> list[Figure]:
    due, leave, came = work.of("due"), work.of("leave"), work.of("came")
    return [
        Figure(due, link("due")),
        Figure(leave, link("leave")),
        Figure(came, link("came")),
        Figure(rate(came, due - leave), link("due")),
    ]


def _of_one(row: Row) -> Row:
    """The total of one deputy's report: their own row, and the lists behind it."""
    return Row([Figure("合计"), Figure("1 人"), Figure(""), *row.cells[3:]], RowKind.TOTAL)


def _total(works: Iterable[Work], people: int, links: Links) -> Row:
    """The sum of the column. What several do together stands in it for each of them, and opens
    nothing: its rows are the table's own."""
    sums = Work()
    for work in works:
        sums.counts = {name: sums.of(name) + work.of(name) for name in {*sums.counts, *work.counts}}
    names = ("received", "heard", "deeds", "attended", "trained", "inspected")
    return Row(
        [
            Figure("合计"),
            Figure(f"{people} 人"),
            Figure(""),
            *_duty_figures(sums, lambda turn: links.duty_days(show="held")),
            *(Figure(sums.of(name)) for name in names),
            Figure(sums.of("reported"), links.voter_reports()),
            Figure(sums.of("led"), links.suggestions(fate="raised")),
            Figure(sums.of("signed")),
        ],
        RowKind.TOTAL,
    )
