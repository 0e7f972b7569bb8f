"""簿一 as a sheet: its printed columns, what offices call them, and what becomes of a line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.roles import Capability
from common.bulk import Mould
from common.importing import kinds, parsers
from common.importing.resources import Options, SheetField, SheetResource, note_of
from common.importing.rows import Change, SheetRow
from common.models import ImportBatch
from common.sheets.cells import (
    CellError,
    DateSpan,
    Feedback,
    Names,
    is_ditto,
    parse_count,
    parse_date,
    parse_feedback,
    parse_names,
    parse_phones,
    parse_rating,
    parse_text,
)
from common.sheets.layout import Table
from deputies.choices import Gender
from deputies.models import Deputy
from stations.models import Category, Station
from stations.rules import can_at, can_somewhere
from stations.services import unit_named
from visits import services
from visits.choices import Channel
from visits.models import Opinion, Reception
from visits.sheets.context import RegisterContext, place_of, station_of, year_of
from visits.sheets.lines import KEY, OnFile, find_deputies, keyed_rows
from visits.sheets.returned import Update, changes_of, claim_returned, updated, without_masks
from visits.sheets.words import CHANNELS, DISPOSALS, RATINGS, resolution_of

# Cells that make lines one visit when they are merged over them.
VISIT_CELLS = {"接待日期", "来访人姓名"}
_MOST_KEPT = 2000  # dates and lists of names as written whose reading is kept


def _received_on(value, context: RegisterContext) -> DateSpan:
    """The day of the visit; a cell that cannot be read is no day that 同上 could mean."""
    before, context.previous, context.received_on = context.previous, None, None
    span = context.spans.get(value)
    if span is None:
        span = parse_date(value, year=context.year, previous=before, not_after=context.today)
        if not is_ditto(value) and len(context.spans) < _MOST_KEPT:
            context.spans[value] = span
    if span.start:
        context.previous, context.received_on = span, span.start
    return span


def _feedback(value, context: RegisterContext) -> Feedback:
    key = (value, context.received_on)
    found = context.feedbacks.get(key)
    if found is None:
        found = parse_feedback(
            value, day=context.received_on, year=context.year, not_after=context.today
        )
        if len(context.feedbacks) < _MOST_KEPT:
            context.feedbacks[key] = found
    if found.on and context.received_on and found.on < context.received_on:
        raise CellError("反馈日期早于接待日期，请核对")
    return found


def _phone(value, context: RegisterContext) -> str:
    """Numbers; a masked one stays as it is until it is known whether it went out from here."""
    text = parse_text(value)
    return text if "*" in text else "、".join(parse_phones(value).numbers)


def _deputies(value, context: RegisterContext) -> Names:
    if is_ditto(value):
        if context.previous_people is None:
            raise CellError("上一行没有可以照抄的代表，请写姓名")
        return context.previous_people
    context.previous_people = None
    found = context.lists.get(value)
    if found is None:
        found = parse_names(value, known=context.names)
        if len(context.lists) < _MOST_KEPT:
            context.lists[value] = found
    context.previous_people = found
    return found


def _category(value, context: RegisterContext) -> Category | None:
    text = "".join(parse_text(value).split())
    if not text:
        return None
    if text in context.categories:
        return context.categories[text]
    raise CellError(f"没有这个问题类别：{text}")


@kinds.register
class ReceptionResource(SheetResource):
    """簿一: a line is an opinion; lines over which the visit's cells are merged are one visit."""

    kind = "receptions"
    title = "代表来访接待登记簿"
    url_name = "visits:reception_import"
    list_name = "visits:reception_list"
    preview_columns = (
        "接待日期", "接待代表", "来访人姓名", "住址", "联系电话", "来访人数", "反映内容",
        "处理方式",
    )  # fmt: skip
    part = 2000

    number = SheetField("序号", synonyms=["编号", "序", "No"])
    received_on = SheetField(
        "接待日期",
        _received_on,
        depends_on_row=True,
        synonyms=[
            "时间",
            "日期",
            "接待时间",
            "来访时间",
            "来访日期",
            "接访日期",
            "接访时间",
            "登记日期",
        ],
        required=True,
    )
    place = SheetField("接待地点", parsers.text(100), synonyms=["地点", "接访地点"])
    deputies = SheetField(
        "接待代表",
        _deputies,
        depends_on_row=True,
        synonyms=["接访代表", "值班代表", "代表姓名", "接待人大代表", "接待人", "接访人", "代表"],
        required=True,
    )
    visitor_name = SheetField(
        "来访人姓名",
        parsers.text(50),
        synonyms=[
            "来访人", "来访群众", "群众姓名", "来访群众姓名", "姓名", "来访者", "来访选民",
            "选民姓名", "反映人", "来访者姓名", "反映人姓名",
        ],
    )  # fmt: skip
    gender = SheetField(
        "性别",
        parsers.choice({"男": Gender.MALE, "女": Gender.FEMALE}, "性别"),
        synonyms=["来访人性别"],
    )
    address = SheetField(
        "住址",
        parsers.text(200),
        synonyms=["地址", "家庭住址", "联系地址", "来访人住址", "单位或住址", "单位住址", "住所"],
    )
    phone = SheetField(
        "联系电话",
        _phone,
        synonyms=["电话", "手机", "手机号", "联系方式", "来访人电话", "电话号码"],
    )
    headcount = SheetField(
        "来访人数",
        lambda value, context: parse_count(value),
        synonyms=["人数", "来访人次", "人次", "来访人数(人)"],
    )
    channel = SheetField(
        "来访形式",
        parsers.choice(CHANNELS, "来访形式"),
        synonyms=["形式", "来访方式", "接待形式", "接待方式", "反映渠道", "渠道"],
    )
    category = SheetField(
        "问题类别",
        _category,
        synonyms=["意见分类", "类别", "问题分类", "意见类别", "分类", "问题类型"],
    )
    statement = SheetField(
        "反映内容",
        synonyms=[
            "反映问题", "来访事由", "意见建议", "反映的问题", "反映事项", "意见和建议", "主要内容",
            "反映主要问题", "反映情况", "内容", "反映的主要问题", "事由", "诉求", "群众诉求",
            "意见建议内容", "反映问题及意见建议",
        ],
        required=True,
    )  # fmt: skip
    on_site_reply = SheetField(
        "当场答复",
        synonyms=["现场答复", "答复情况", "代表答复", "答复内容", "接待答复", "当场答复情况"],
    )
    disposal = SheetField(
        "处理方式",
        parsers.choice(DISPOSALS, "处理方式"),
        synonyms=["办理方式", "处置方式", "处理意见"],
    )
    unit = SheetField(
        "承办单位",
        parsers.text(60),
        synonyms=["办理单位", "责任单位", "转办单位", "交办单位", "承办部门"],
    )
    result = SheetField(
        "办理结果",
        synonyms=[
            "办理情况",
            "处理结果",
            "处理情况",
            "落实情况",
            "办结情况",
            "解决情况",
            "处理及结果",
        ],
    )
    feedback = SheetField(
        "反馈日期",
        _feedback,
        depends_on_row=True,
        synonyms=["反馈时间", "反馈情况", "回复日期", "反馈", "答复日期"],
    )
    satisfaction = SheetField(
        "满意度",
        lambda value, context: RATINGS[parse_rating(value).value],
        synonyms=["群众评价", "满意程度", "评价", "群众满意度", "满意情况", "是否满意"],
    )
    recorder = SheetField(
        "记录人", parsers.text(50), synonyms=["登记人", "记录", "记录员", "填表人"]
    )
    note = SheetField("备注", synonyms=["说明", "其他"])
    key = SheetField(KEY)

    def may_import(self, actor) -> bool:
        return can_somewhere(actor, Capability.LOG_RECEPTION)

    def stations(self, actor):
        return Station.objects.where_user_can(actor, Capability.LOG_RECEPTION)

    def whose(self, tables: list[Table], options: Options) -> str:
        return place_of(tables, options)

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> RegisterContext:
        station, notes = station_of(tables, options)
        if not can_at(actor, Capability.LOG_RECEPTION, station.pk):
            raise PermissionDenied(f"您没有权限向“{station}”导入登记。")
        categories = {}
        for category in Category.objects.offered_or_not():
            categories.setdefault(category.name, category)
        context = RegisterContext(
            actor=actor,
            station=station,
            year=options.year or year_of(tables, filename),
            today=timezone.localdate(),
            deputies=list(Deputy.objects.filter(station=station).prefetch_related("mandates")),
            categories=categories,
            notes=notes,
            keyed=keyed_rows(tables),
        )
        context.on_file = OnFile(
            lambda year: services.lines_on_file(
                station, year, reader=actor, leaving_out=context.keyed
            )
        )
        return context

    def lock(self, context: RegisterContext) -> None:
        Station.objects.select_for_update(no_key=True).get(pk=context.station.pk)

    def read_row(self, row: SheetRow, context: RegisterContext) -> None:
        context.visit += not row.entry.continues >= VISIT_CELLS
        row.values["visit"] = context.visit
        if row.problems and row.values.get("接待代表") and not row.values[KEY]:
            find_deputies(row, "接待代表", context)  # so that all is said at once

    def resolve(self, rows: list[SheetRow], context: RegisterContext) -> None:
        claim_returned(rows, context)
        for row in rows:
            values = row.values
            if "deputies" not in values:
                values["deputies"] = find_deputies(row, "接待代表", context)
            without_masks(row)
            if not row.problems and "stored" not in values:
                _mark_duplicate(row, context)

    def changes(self, row: SheetRow, context: RegisterContext) -> Iterable[Change]:
        return changes_of(row)

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        names = {row.values["承办单位"] for row in rows} - {"", *context.units}
        context.units |= {name: unit_named(name, actor=actor) for name in sorted(names)}
        new = [row for row in rows if row.is_new()]
        visits = [
            _visit_of(list(lines), context, batch)
            for _, lines in groupby(new, key=lambda row: row.values["visit"])
        ]
        services.log_imported(visits, station=context.station, batch=batch, actor=actor)
        context.dates.update(visit.reception.received_on for visit in visits)
        context.updates += [Update.of(row) for row in rows if row.is_update()]

    def finish(self, batch: ImportBatch, context: RegisterContext, actor) -> None:
        for change in updated(context.updates, context):
            services.change_reception(**change, actor=actor)
        services.follow_days(context.station, context.dates, actor=actor)

    def undo(self, batch: ImportBatch, actor) -> str:
        count = services.void_batch(batch, actor=actor)
        return f"已作废这一批的 {count} 批接待，编号保留。"


def _mark_duplicate(row: SheetRow, context: RegisterContext) -> None:
    """k equal lines match at most k stored rows that are not void; 序号 is no identity."""
    values = row.values
    day = values["接待日期"].start
    identity = services.identity(
        day,
        [deputy.pk for deputy in values["deputies"]],
        values["来访人姓名"],
        values["来访人数"].value or 1,
        values["反映内容"],
    )
    same_as = context.on_file.take(identity, day.year)
    row.import_type = row.IMPORT_TYPE_NEW if same_as is None else row.IMPORT_TYPE_SKIP
    row.same_as = same_as or ""


def _visit_of(lines: list[SheetRow], context: RegisterContext, batch) -> services.Visit:
    first = lines[0].values
    span, heads = first["接待日期"], first["来访人数"]
    several = first["接待代表"].more
    notes = [note for row in lines if (note := note_of(row))]
    if context.mould is None:
        context.mould = Mould(Reception(station=context.station, batch=batch))
        context.opinion_mould = Mould(Opinion())
    reception = context.mould.cast(
        received_on=span.start,
        until=span.end if span.end != span.start else None,
        date_approximate=span.approximate,
        place=first["接待地点"],
        recorder=first["记录人"],
        channel=first["来访形式"] or Channel.VISIT,
        visitor_name=first["来访人姓名"],
        gender=first["性别"],
        address=first["住址"],
        phone=first["联系电话"],
        headcount=heads.value or 1,
        headcount_approximate=heads.approximate,
        headcount_text=heads.text if heads.value and heads.text != str(heads.value) else "",
        note="\n".join(
            [*dict.fromkeys(notes), *([f"接待代表：{first['接待代表'].text}"] if several else [])]
        ),
    )
    return services.Visit(
        reception, first["deputies"], [_opinion_of(row.values, context) for row in lines]
    )


def _opinion_of(values: dict, context: RegisterContext) -> Opinion:
    feedback = values["反馈日期"]
    return context.opinion_mould.cast(
        category=values["问题类别"],
        statement=values["反映内容"],
        on_site_reply=values["当场答复"],
        disposal=values["处理方式"],
        result=values["办理结果"],
        resolution=resolution_of(values["办理结果"]),
        feedback_on=feedback.on,
        feedback_method=feedback.method[:30],
        satisfaction=values["满意度"],
        unit=context.units.get(values["承办单位"]),
    )
