"""簿一 as a sheet: its printed columns, what offices call them, and what becomes of a line."""

from __future__ import annotations

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.roles import Capability
from common.importing import kinds, parsers
from common.importing.resources import Options, SheetField, SheetResource, note_of
from common.importing.rows import SheetRow
from common.models import ImportBatch
from common.sheets.cells import (
    CellError,
    DateSpan,
    Feedback,
    Names,
    is_ditto,
    normalise_name,
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
from visits.sheets.context import RegisterContext, station_of, year_of
from visits.sheets.returned import KEY, claim_returned, updated, without_masks
from visits.sheets.words import CHANNELS, DISPOSALS, RATINGS, resolution_of

# Cells that make lines one visit when they are merged over them.
VISIT_CELLS = {"接待日期", "来访人姓名"}


def _received_on(value, context: RegisterContext) -> DateSpan:
    """The day of the visit; a cell that cannot be read is no day that 同上 could mean."""
    before, context.previous, context.received_on = context.previous, None, None
    span = parse_date(value, year=context.year, previous=before, not_after=context.today)
    if span.start:
        context.previous, context.received_on = span, span.start
    return span


def _feedback(value, context: RegisterContext) -> Feedback:
    found = parse_feedback(
        value, day=context.received_on, year=context.year, not_after=context.today
    )
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
    context.previous_people = parse_names(value, known=context.names)
    return context.previous_people


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
    preview_columns = (
        "接待日期", "接待代表", "来访人姓名", "住址", "联系电话", "来访人数", "反映内容",
        "处理方式",
    )  # fmt: skip

    number = SheetField("序号", synonyms=["编号", "序", "No"])
    received_on = SheetField(
        "接待日期",
        _received_on,
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
        "反馈日期", _feedback, synonyms=["反馈时间", "反馈情况", "回复日期", "反馈", "答复日期"]
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

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> RegisterContext:
        station, notes = station_of(tables, options)
        if not can_at(actor, Capability.LOG_RECEPTION, station.pk):
            raise PermissionDenied(f"您没有权限向“{station}”导入登记。")
        categories = {}
        for category in Category.objects.offered():
            categories.setdefault(category.name, category)
        return RegisterContext(
            actor=actor,
            station=station,
            year=options.year or year_of(tables, filename),
            today=timezone.localdate(),
            deputies=list(Deputy.objects.filter(station=station).prefetch_related("mandates")),
            categories=categories,
            notes=notes,
        )

    def lock(self, context: RegisterContext) -> None:
        Station.objects.select_for_update().get(pk=context.station.pk)

    def resolve(self, rows: list[SheetRow], context: RegisterContext) -> None:
        by_name: dict[str, list[Deputy]] = {}
        for deputy in context.deputies:
            by_name.setdefault(normalise_name(deputy.name), []).append(deputy)
        claim_returned(rows, context)
        for row in rows:
            if "deputies" not in row.values:
                _find_deputies(row, by_name, context)
            without_masks(row)
        _mark_duplicates([row for row in rows if not row.is_rejected], context)

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        names = {row.values["承办单位"] for row in rows} - {""}
        context.units = {name: unit_named(name, actor=actor) for name in sorted(names)}
        new = [row for row in rows if row.is_new()]
        visits = [_visit_of(lines, context, batch) for lines in _visits(new)]
        services.log_imported(visits, station=context.station, batch=batch, actor=actor)
        for change in updated([row for row in rows if row.is_update()], context):
            services.change_reception(**change, actor=actor)

    def undo(self, batch: ImportBatch, actor) -> str:
        count = services.void_batch(batch, actor=actor)
        return f"已作废这一批的 {count} 批接待，编号保留。"


def _find_deputies(row: SheetRow, by_name: dict[str, list[Deputy]], context) -> None:
    """Every name must be one deputy of the station: none, or two people, is an error."""
    found: list[Deputy] = []
    for person in row.values["接待代表"].people:
        candidates = by_name.get(normalise_name(person.name), [])
        if len(candidates) == 1:
            found.append(candidates[0])
        elif not candidates:
            row.reject("接待代表", f"{context.station}没有代表“{person.name}”，请核对姓名")
        else:
            row.reject("接待代表", f"“{person.name}”有 {len(candidates)} 位，请注明是哪一位")
    row.values["deputies"] = list(dict.fromkeys(found))


def _mark_duplicates(rows: list[SheetRow], context: RegisterContext) -> None:
    """k equal lines match at most k stored rows that are not void; 序号 is no identity."""
    days = [row.values["接待日期"].start for row in rows]
    claimed = {row.values["stored"].pk for row in rows if "stored" in row.values}
    stored = services.lines_on_file(
        context.station, days, reader=context.actor, leaving_out=claimed
    )
    codes: dict[tuple, list[str]] = {}
    for line, code in stored:
        codes.setdefault(line, []).append(code)
    left = Counter({line: len(found) for line, found in codes.items()})
    for row in rows:
        if "stored" in row.values:
            continue
        line = _line_of(row)
        if left[line]:
            left[line] -= 1
            row.import_type = row.IMPORT_TYPE_SKIP
            row.same_as = codes[line][left[line]]
        else:
            row.import_type = row.IMPORT_TYPE_NEW


def _line_of(row: SheetRow) -> tuple:
    values = row.values
    return services.identity(
        values["接待日期"].start,
        [deputy.pk for deputy in values["deputies"]],
        values["来访人姓名"],
        values["来访人数"].value or 1,
        values["反映内容"],
    )


def _visits(rows: list[SheetRow]):
    """Consecutive lines over which the visit's cells are merged are one visit."""
    lines: list[SheetRow] = []
    for row in rows:
        goes_on = lines and row.entry.continues >= VISIT_CELLS and row.table is lines[0].table
        if lines and not goes_on:
            yield lines
            lines = []
        lines.append(row)
    if lines:
        yield lines


def _visit_of(lines: list[SheetRow], context: RegisterContext, batch) -> services.Visit:
    first = lines[0].values
    span, heads = first["接待日期"], first["来访人数"]
    several = first["接待代表"].more
    notes = [note for row in lines if (note := note_of(row))]
    reception = Reception(
        station=context.station,
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
        batch=batch,
    )
    return services.Visit(
        reception, first["deputies"], [_opinion_of(row.values, context) for row in lines]
    )


def _opinion_of(values: dict, context: RegisterContext) -> Opinion:
    feedback = values["反馈日期"]
    return Opinion(
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
