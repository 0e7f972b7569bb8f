"""簿三 as a sheet: its printed columns, what offices call them, and what becomes of a line."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from common.importing import kinds, parsers
from common.importing.resources import SheetField, note_of
from common.importing.rows import SheetRow
from common.models import ImportBatch
from common.sheets.cells import Names, is_nothing, normalise_name
from deputies.models import Deputy
from visits import services
from visits.choices import ActivityKind, Presence
from visits.models import Activity
from visits.rules import Attended
from visits.sheets import cells
from visits.sheets.context import RegisterContext
from visits.sheets.entries import EntryResource, Update, days, plain, put_span
from visits.sheets.entry_words import ACTIVITY_KINDS
from visits.sheets.lines import KEY, Returned, find_deputies

DAY, TOPIC, KIND, MINUTES = "活动日期", "活动主题", "活动形式", "活动纪要"
DUE, CAME, OPINIONS = "应到人数", "实到人数", "形成意见建议(条)"
PRESENCES = {
    "参加代表": Presence.PRESENT,
    "请假代表": Presence.LEAVE,
    "缺席代表": Presence.ABSENT,
}
_LONGEST_TOPIC = 200


class Figures(NamedTuple):
    """应到, 实到, 请假, 缺席."""

    due: int
    present: int
    leave: int
    absent: int


@kinds.register
class ActivityResource(EntryResource):
    """簿三: a line is an activity, with who was to come and who came."""

    kind = "activities"
    title = "代表活动情况登记簿"
    url_name = "visits:activity_import"
    list_name = "visits:activity_list"
    preview_columns = (DAY, KIND, TOPIC, DUE, CAME, "参加代表", OPINIONS)
    model = Activity
    unit = "场"
    day_column = DAY

    number = SheetField("序号", synonyms=["编号", "序", "No"])
    held_on = SheetField(
        DAY,
        cells.day_of_line,
        depends_on_row=True,
        required=True,
        synonyms=["日期", "时间", "活动时间", "开展时间", "开展日期", "会议时间", "会议日期"],
    )
    place = SheetField(
        "活动地点", parsers.text(100), synonyms=["地点", "会议地点", "活动场所", "活动地址"]
    )
    what = SheetField(
        KIND,
        cells.word_of(ACTIVITY_KINDS, "活动形式", ActivityKind.labels),
        synonyms=["形式", "类型", "活动类型", "活动类别", "类别", "活动方式", "活动种类"],
    )
    topic = SheetField(
        TOPIC, synonyms=["主题", "活动名称", "议题", "活动议题", "会议名称", "活动题目", "活动项目"]
    )
    organiser = SheetField(
        "组织单位",
        parsers.text(100),
        synonyms=["组织者", "主办单位", "组织部门", "牵头单位", "承办单位", "活动组织单位"],
    )
    convener = SheetField(
        "召集人", parsers.text(50), synonyms=["主持人", "负责人", "组织人", "主持", "活动召集人"]
    )
    due = SheetField(
        DUE, cells.small_count, synonyms=["应到", "应参加人数", "应出席人数", "应参加", "应出席"]
    )
    present = SheetField(
        CAME,
        cells.small_count,
        synonyms=["实到", "实际参加人数", "参加人数", "出席人数", "到会人数", "实参加人数",
                  "参加代表人数", "人数"],
    )  # fmt: skip
    attended = SheetField(
        "参加代表",
        cells.people_of_line,
        depends_on_row=True,
        synonyms=["参加人员", "出席代表", "参加人", "与会代表", "到会代表", "参会代表", "代表",
                  "参加代表姓名", "实到代表", "代表姓名", "参加活动代表", "出席人员", "参会人员"],
    )  # fmt: skip
    on_leave = SheetField(
        "请假代表",
        cells.names_or_count,
        synonyms=["请假", "请假人员", "请假人", "请假人数", "请假代表姓名"],
    )
    absent = SheetField(
        "缺席代表",
        cells.names_or_count,
        synonyms=["缺席", "缺席人员", "未到代表", "未参加代表", "缺席人数", "缺席代表姓名"],
    )
    guests = SheetField(
        "列席人员",
        parsers.text(500),
        synonyms=["列席", "邀请人员", "特邀人员", "列席单位", "列席单位及人员", "列席人"],
    )
    minutes = SheetField(
        MINUTES,
        synonyms=["纪要", "活动内容", "活动情况", "会议纪要", "会议记录", "活动记录", "内容",
                  "主要内容", "活动主要内容", "会议内容"],
    )  # fmt: skip
    opinions = SheetField(
        OPINIONS,
        cells.small_count,
        synonyms=["意见建议", "形成意见", "意见建议数", "提出意见建议", "意见建议条数",
                  "收集意见建议", "收集意见", "意见条数", "形成建议"],
    )  # fmt: skip
    follow_up = SheetField(
        "落实情况",
        synonyms=["意见落实情况", "办理情况", "处理情况", "整改落实", "办理结果", "落实",
                  "意见建议落实情况"],
    )  # fmt: skip
    recorder = SheetField(
        "记录人", parsers.text(50), synonyms=["登记人", "记录", "记录员", "填表人"]
    )
    note = SheetField("备注", synonyms=["说明", "其他"])
    key = SheetField(KEY)

    def read_row(self, row: SheetRow, context: RegisterContext) -> None:
        cells.keep_words(row, {KIND: ACTIVITY_KINDS})
        for column in PRESENCES:
            cells.keep_others(row, column)
        if TOPIC in row.values:
            _name_topic(row)

    def on_file(self, station, days, *, leaving_out):
        return services.activities_on_file(station, days, leaving_out=leaving_out)

    def standing(self, context: RegisterContext):
        return super().standing(context).prefetch_related("attendance__deputy", "opinions")

    def complete(self, row: SheetRow, stored: Any, context: RegisterContext) -> None:
        values = row.values
        if stored and _names(values) == _names_on_file(stored):
            attendance = [(one.deputy, one.presence) for one in stored.attendance.all()]
        else:
            attendance = _attendance(row, context)
        values["attendance"] = attendance
        values["figures"] = _figures(values, attendance)
        if stored:
            _keep_opinions(row, stored)

    def remark(self, row: SheetRow) -> None:
        _compare_figures(row)

    def identity(self, row: SheetRow, context: RegisterContext):
        present = [
            deputy.pk
            for deputy, presence in row.values["attendance"]
            if presence == Presence.PRESENT
        ]
        return services.activity_identity(_entry_of(row, context), present)

    def refusal(self, row: SheetRow, stored: Any) -> tuple[str, str] | None:
        if stored.duty_day_id and row.values[DAY].start != stored.held_on:
            return DAY, f"{stored.code} 是接待日办结时登记的，日期随接待日，不能在表里改"
        return super().refusal(row, stored)

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        new = [
            services.Event(_entry_of(row, context), row.values["attendance"], figures_stand=True)
            for row in rows
            if row.is_new()
        ]
        services.log_imported_activities(new, station=context.station, batch=batch, actor=actor)
        self.keep_updates(rows, context)

    def change(self, update: Update, context: RegisterContext, actor) -> None:
        """Opinions that were written out stay as they are: with their entry under lock, as every
        act on them locks it, nobody moves them meanwhile."""
        list(Activity.objects.select_for_update(of=("self",)).filter(pk=update.pk))
        activity = Activity.objects.for_page().get(pk=update.pk)
        opinions = list(activity.opinions.all())
        for column in update.columns:
            column.put(update.values, activity, context)
        services.change_activity(
            activity,
            actor=actor,
            version=update.version,
            attendance=update.values["attendance"],
            opinions=opinions,
            figures_stand=True,
        )


def _name_topic(row: SheetRow) -> None:
    """活动形式 stands in for a topic that is not given, then the first sentence of the minutes."""
    values = row.values
    if is_nothing(values[TOPIC]):
        opening = re.split(r"[。；;\n]", values.get(MINUTES) or "")[0].strip()
        values[TOPIC] = row.text(KIND) or opening
    if not values[TOPIC]:
        row.reject(TOPIC, "活动主题不能为空，请补填")
    elif len(values[TOPIC]) > _LONGEST_TOPIC:
        long = len(values[TOPIC])
        row.reject(TOPIC, f"太长，最多 {_LONGEST_TOPIC} 个字，现在是 {long} 个字")


def _attendance(row: SheetRow, context: RegisterContext) -> list[Attended]:
    """Who is named in the three columns; nobody may stand in two of them."""
    found: dict[Deputy, str] = {}
    for column, presence in PRESENCES.items():
        for deputy in find_deputies(row, column, context):
            if deputy in found:
                other = Presence(found[deputy]).label
                row.reject(column, f"“{deputy.name}”同时写在{other}代表里，请核对")
            found.setdefault(deputy, presence)
    return list(found.items())


def _figures(values: dict[str, Any], attendance: list[Attended]) -> Figures:
    """The sheet's own figures; what it does not count follows from its names."""
    leave, absent = (
        _counted(values[column], attendance, presence)
        for column, presence in PRESENCES.items()
        if presence != Presence.PRESENT
    )
    due, came = values[DUE].number, values[CAME].number
    if came is None:
        came = _counted(values["参加代表"], attendance, Presence.PRESENT)
        if not came and due is not None and values["参加代表"].and_others:  # 全体代表
            came = max(int(due) - leave - absent, 0)
    due = came + leave + absent if due is None else due
    return Figures(int(due), int(came), leave, absent)


def _counted(names: Names, attendance: list[Attended], presence: Presence) -> int:
    return sum(one == presence for _, one in attendance) + names.more


def _compare_figures(row: SheetRow) -> None:
    """Say where the figures of a line disagree; its own stand, as the paper has them."""
    figures, present = row.values["figures"], row.values["参加代表"]
    named = _counted(present, row.values["attendance"], Presence.PRESENT)
    both_told = row.values[CAME].number is not None and present.people
    if both_told and _disagree(figures, present, named):
        row.warn(
            CAME,
            f"写的是 {figures.present} 人，参加代表有 {named} 位，"
            f"按表内的 {figures.present} 人登记，请核对",
        )
    found = figures.present + figures.leave + figures.absent
    if found != figures.due:
        row.warn(
            DUE,
            f"实到 {figures.present}＋请假 {figures.leave}＋缺席 {figures.absent}＝{found} 人，"
            f"与应到 {figures.due} 人不符，按表内的数登记，请核对",
        )


def _disagree(figures: Figures, present: Names, named: int) -> bool:
    if present.and_others and not present.more:  # 张三等: more than are named
        return figures.present < named
    return figures.present != named


def _names(values: dict[str, Any]) -> list[list[str]]:
    return [[normalise_name(one.name) for one in values[column].people] for column in PRESENCES]


def _names_on_file(stored: Activity) -> list[list[str]]:
    rows = list(stored.attendance.all())
    return [
        [normalise_name(row.name) for row in rows if row.presence == presence]
        for presence in PRESENCES.values()
    ]


def _keep_opinions(row: SheetRow, stored: Activity) -> None:
    """Opinions written out one by one are counted from there."""
    written, said = len(stored.opinions.all()), row.values[OPINIONS]
    if written and int(said.amount) != stored.opinion_count:
        row.warn(OPINIONS, f"{stored.code} 已逐条写出 {written} 条，条数以写出的为准，这里没有改")


def _entry_of(row: SheetRow, context: RegisterContext) -> Activity:
    values = row.values
    entry = Activity(
        station=context.station,
        place=values["活动地点"],
        kind=values[KIND],
        topic=values[TOPIC],
        organiser=values["组织单位"],
        convener=values["召集人"],
        guests=values["列席人员"],
        minutes=values[MINUTES],
        opinion_count=int(values[OPINIONS].amount),
        follow_up=values["落实情况"],
        recorder=values["记录人"],
        note=note_of(row),
    )
    put_span(entry, "held_on", values[DAY])
    for name, count in values["figures"]._asdict().items():
        setattr(entry, f"{name}_count", count)
    return entry


def _figure(column: str, name: str) -> Returned:
    field = f"{name}_count"
    return Returned(
        column,
        lambda values, entry: getattr(values["figures"], name) == getattr(entry, field),
        lambda values, entry, context: setattr(entry, field, getattr(values["figures"], name)),
        lambda entry: str(getattr(entry, field)),
    )


def _people(column: str, name: str) -> Returned:
    """Who stands in one of the three columns, and how many they are."""
    presence, place = PRESENCES[column], list(PRESENCES).index(column)
    field = f"{name}_count"

    def same(values, entry: Activity) -> bool:
        same_names = _names(values)[place] == _names_on_file(entry)[place]
        counted = name == "present" or getattr(values["figures"], name) == getattr(entry, field)
        return same_names and counted

    def put(values, entry: Activity, context) -> None:
        setattr(entry, field, getattr(values["figures"], name))
        if name == "present":
            present = [one for one, came in values["attendance"] if came == presence]
            entry.deputy_names = "、".join(deputy.name for deputy in present)

    def shown(entry: Activity) -> str:
        return "、".join(one.name for one in entry.attendance.all() if one.presence == presence)

    return Returned(column, same, put, shown)


ActivityResource.returned = (
    days(DAY, "held_on"),
    plain("活动地点", "place"),
    plain(KIND, "kind"),
    plain(TOPIC, "topic"),
    plain("组织单位", "organiser"),
    plain("召集人", "convener"),
    _figure(DUE, "due"),
    _figure(CAME, "present"),
    _people("参加代表", "present"),
    _people("请假代表", "leave"),
    _people("缺席代表", "absent"),
    plain("列席人员", "guests"),
    plain(MINUTES, "minutes"),
    Returned(
        OPINIONS,
        lambda values, entry: int(values[OPINIONS].amount) == entry.opinion_count,
        lambda values, entry, context: setattr(
            entry, "opinion_count", int(values[OPINIONS].amount)
        ),
        lambda entry: str(entry.opinion_count),
    ),
    plain("落实情况", "follow_up"),
    plain("记录人", "recorder"),
    plain("备注", "note"),
)
