"""簿二 as a sheet: its printed columns, what offices call them, and what becomes of a line."""

from __future__ import annotations

from typing import Any

from common.importing import kinds, parsers
from common.importing.resources import SheetField, note_of
from common.importing.rows import SheetRow
from common.masking import mask_name
from common.models import ImportBatch
from common.sheets.cells import CellError, chinese_date, normalise_name, parse_text, parse_tick
from visits import rules, services
from visits.choices import AssistanceKind, AssistanceState, MoneySource
from visits.models import Assistance
from visits.sheets import cells
from visits.sheets.cells import Figure, Helped
from visits.sheets.context import RegisterContext
from visits.sheets.entries import EntryResource, Update, days, free_text, plain, put_span
from visits.sheets.entry_words import ASSISTANCE_KINDS, SOURCES, STATES, TICKS
from visits.sheets.lines import KEY, Returned, find_deputies

DAY, PEOPLE, MONEY, GOODS = "日期", "代表姓名", "资金(元)", "物资折款(元)"
HOUSEHOLDS, HELPED, BENEFICIARY = "受益户数", "受益人数", "帮扶对象"
_FIGURES = {"money": MONEY, "goods": GOODS, "households": HOUSEHOLDS, "people": HELPED}
_WORDS = {"帮扶类型": ASSISTANCE_KINDS, "资金来源": SOURCES, "完成情况": STATES}

_state_word = cells.word_of(STATES, "完成情况", AssistanceState.labels)


def _state(value, context) -> str:
    """A state in words, or a tick at 是否完成."""
    try:
        ticked = parse_tick(value)
    except CellError:
        return _state_word(value, context)
    return "" if ticked is None else TICKS[ticked]


@kinds.register
class AssistanceResource(EntryResource):
    """簿二: a line is what deputies did for somebody."""

    kind = "assistance"
    title = "扶贫帮困办实事登记簿"
    url_name = "visits:assistance_import"
    list_name = "visits:assistance_list"
    preview_columns = (DAY, PEOPLE, BENEFICIARY, "帮扶事项", MONEY, HELPED, "完成情况")
    model = Assistance
    unit = "件"
    day_column = DAY

    number = SheetField("序号", synonyms=["编号", "序", "No"])
    helped_on = SheetField(
        DAY,
        cells.day_of_line,
        depends_on_row=True,
        required=True,
        synonyms=["时间", "帮扶日期", "帮扶时间", "办理日期", "登记日期", "实施日期", "实施时间",
                  "办实事日期", "办实事时间", "活动日期"],
    )  # fmt: skip
    deputies = SheetField(
        PEOPLE,
        cells.people_of_line,
        depends_on_row=True,
        required=True,
        synonyms=["代表", "帮扶代表", "帮扶人", "人大代表", "参与代表", "责任代表", "办事代表",
                  "帮扶代表姓名", "参加代表", "帮扶责任人"],
    )  # fmt: skip
    beneficiary = SheetField(
        BENEFICIARY,
        parsers.text(100),
        synonyms=["受助对象", "救助对象", "帮扶对象姓名", "受帮扶人", "困难群众", "困难户姓名",
                  "帮扶户", "受益人", "受益对象", "受助人", "服务对象", "慰问对象", "对象",
                  "结对对象", "帮困对象", "被帮扶人"],
    )  # fmt: skip
    address = SheetField(
        "住址",
        parsers.text(200),
        synonyms=["地址", "家庭住址", "对象住址", "联系地址", "所在村组", "村组", "帮扶地点",
                  "地点", "住所"],
    )  # fmt: skip
    what = SheetField(
        "帮扶类型",
        cells.word_of(ASSISTANCE_KINDS, "帮扶类型", AssistanceKind.labels),
        synonyms=["类型", "类别", "帮扶类别", "帮扶形式", "帮扶方式", "项目类型", "实事类别",
                  "事项类别", "实事类型"],
    )  # fmt: skip
    deed = SheetField(
        "帮扶事项",
        required=True,
        synonyms=["事项", "帮扶内容", "实事内容", "办实事内容", "主要内容", "内容", "帮扶情况",
                  "实事项目", "事由", "帮扶措施", "办理事项", "事项内容", "所办实事", "帮扶项目",
                  "帮扶事项内容", "办实事情况", "实事名称"],
    )  # fmt: skip
    money = SheetField(
        MONEY,
        cells.money,
        synonyms=["帮扶资金", "金额", "捐款", "捐款金额", "资金金额", "投入资金", "款项", "现金",
                  "筹集资金", "帮扶金额", "出资", "投入金额"],
    )  # fmt: skip
    goods = SheetField(
        GOODS,
        cells.goods,
        synonyms=["物资折价", "物资", "折款", "物资价值", "捐物折款", "物资折合", "实物折款",
                  "物资折合金额", "物资金额", "捐物"],
    )  # fmt: skip
    source = SheetField(
        "资金来源",
        cells.word_of(SOURCES, "资金来源", MoneySource.labels),
        synonyms=["来源", "款物来源", "资金渠道", "经费来源"],
    )
    households = SheetField(
        HOUSEHOLDS,
        cells.households,
        synonyms=["户数", "受益户", "帮扶户数", "惠及户数", "受助户数", "受益户数及人数",
                  "受益户数人数"],
    )  # fmt: skip
    people = SheetField(
        HELPED,
        cells.people,
        synonyms=["人数", "受益人次", "受益群众", "帮扶人数", "惠及人数", "受助人数", "受益人口",
                  "受益情况"],
    )  # fmt: skip
    state = SheetField(
        "完成情况",
        _state,
        synonyms=["办理情况", "落实情况", "进展", "进度", "状态", "完成状态", "办理结果",
                  "进展情况", "是否完成", "完成与否"],
    )  # fmt: skip
    finished_on = SheetField(
        "完成日期",
        cells.finished,
        depends_on_row=True,
        synonyms=["完成时间", "办结日期", "办结时间", "落实日期", "落实时间"],
    )
    witness = SheetField(
        "证明人", parsers.text(50), synonyms=["见证人", "证明", "知情人", "证明人签字"]
    )
    note = SheetField("备注", synonyms=["说明", "其他"])
    key = SheetField(KEY)

    def read_row(self, row: SheetRow, context: RegisterContext) -> None:
        cells.in_unit_of_heading(row, {MONEY: cells.money_in, GOODS: cells.goods_in})
        cells.keep_words(row, _WORDS)
        cells.keep_others(row, PEOPLE)
        _share_out(row)

    def on_file(self, station, days, *, leaving_out):
        return services.assistance_on_file(station, days, leaving_out=leaving_out)

    def standing(self, context: RegisterContext):
        return super().standing(context).prefetch_related("helpers__deputy")

    def opened(self, stored: list[Assistance], context: RegisterContext) -> None:
        rules.open_beneficiaries(stored, context.actor)

    def complete(self, row: SheetRow, stored: Any, context: RegisterContext) -> None:
        _without_mask(row, stored)
        helpers = list(stored.helpers.all()) if stored else []
        if stored and _names(row.values) == [normalise_name(one.name) for one in helpers]:
            row.values["deputies"] = [one.deputy for one in helpers]
        else:
            row.values["deputies"] = find_deputies(row, PEOPLE, context)

    def identity(self, row: SheetRow, context: RegisterContext):
        deputies = [deputy.pk for deputy in row.values["deputies"]]
        return services.assistance_identity(_entry_of(row, context), deputies)

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        new = [
            services.Help(_entry_of(row, context), row.values["deputies"])
            for row in rows
            if row.is_new()
        ]
        services.log_imported_assistance(new, station=context.station, batch=batch, actor=actor)
        self.keep_updates(rows, context)

    def change(self, update: Update, context: RegisterContext, actor) -> None:
        assistance = Assistance.objects.for_page().get(pk=update.pk)
        for column in update.columns:
            column.put(update.values, assistance, context)
        services.change_assistance(
            assistance,
            actor=actor,
            version=update.version,
            deputies=update.values["deputies"],
        )


def _share_out(row: SheetRow) -> None:
    """户 and 人, whichever of the two cells they stand in; each column's own word comes first."""
    values = row.values
    left, right = values.get(HOUSEHOLDS) or Helped(), values.get(HELPED) or Helped()
    values["households"] = _first(left.households, right.households)
    values["people"] = _first(right.people, left.people)
    for name, column, unit in (("households", HELPED, "户"), ("people", HOUSEHOLDS, "人")):
        said = {getattr(cell, name).number for cell in (left, right)} - {None}
        if len(said) > 1:
            other = HOUSEHOLDS if column == HELPED else HELPED
            kept = values[name].number
            row.warn(column, f"与{other}一栏的 {kept} {unit}不一致，按 {kept} {unit}登记，请核对")
    values["money"], values["goods"] = values.get(MONEY), values.get(GOODS)


def _first(*figures: Figure) -> Figure:
    return next((figure for figure in figures if figure.number is not None), Figure())


def _names(values: dict[str, Any]) -> list[str]:
    return [normalise_name(person.name) for person in values[PEOPLE].people]


def _without_mask(row: SheetRow, stored: Any) -> None:
    """A masked name that did not go out from this line tells nothing."""
    name = row.values[BENEFICIARY]
    if "*" not in name or (stored and name == mask_name(stored.beneficiary)):
        return
    if stored:
        row.warn(BENEFICIARY, "姓名有被遮盖的字，没有采用，仍按系统里的登记")
        return
    row.warn(BENEFICIARY, "姓名有被遮盖的字，没有采用（原文已记入备注）")
    row.values.setdefault("aside", []).append(f"{BENEFICIARY}：{name}")
    row.values[BENEFICIARY] = ""


def _entry_of(row: SheetRow, context: RegisterContext) -> Assistance:
    values = row.values
    entry = Assistance(
        station=context.station,
        beneficiary=values[BENEFICIARY],
        address=values["住址"],
        kind=values["帮扶类型"],
        deed=values["帮扶事项"],
        source=values["资金来源"],
        state=values["完成情况"],
        finished_on=values["完成日期"],
        witness=values["证明人"],
        note=note_of(row),
    )
    put_span(entry, "helped_on", values[DAY])
    for name in _FIGURES:
        _put_figure(entry, name, values[name])
    return entry


def _put_figure(entry: Assistance, name: str, figure: Figure) -> None:
    amount = figure.amount
    setattr(entry, name, amount if name in ("money", "goods") else int(amount))
    words = {key: text for key, text in entry.approximate.items() if key != name}
    entry.approximate = {**words, name: figure.words} if figure.words else words


def _figure(column: str, name: str) -> Returned:
    """An amount, and the words it was written in where those leave it open."""

    def same(values, entry: Assistance) -> bool:
        figure, words = values[name], entry.approximate.get(name, "")
        if words and figure.text == words:
            return True
        return (figure.amount, figure.words) == (getattr(entry, name), words)

    def put(values, entry: Assistance, context) -> None:
        _put_figure(entry, name, values[name])

    def shown(entry: Assistance) -> str:
        return entry.approximate.get(name) or f"{getattr(entry, name):f}".removesuffix(".00")

    return Returned(column, same, put, shown)


def _people_changed() -> Returned:
    def same(values, entry: Assistance) -> bool:
        return _names(values) == [normalise_name(one.name) for one in entry.helpers.all()]

    return Returned(PEOPLE, same, lambda *_: None, lambda entry: entry.deputy_names)


AssistanceResource.returned = (
    days(DAY, "helped_on"),
    _people_changed(),
    Returned(
        BENEFICIARY,
        lambda values, entry: (
            values[BENEFICIARY] in {parse_text(entry.beneficiary), mask_name(entry.beneficiary)}
        ),
        lambda values, entry, context: setattr(entry, "beneficiary", values[BENEFICIARY]),
        lambda entry: entry.shown_beneficiary,
    ),
    plain("住址", "address"),
    plain("帮扶类型", "kind"),
    free_text("帮扶事项", "deed", told_of="beneficiary", masks_numbers=False),
    *(_figure(column, name) for name, column in _FIGURES.items()),
    plain("资金来源", "source"),
    plain("完成情况", "state"),
    Returned(
        "完成日期",
        lambda values, entry: values["完成日期"] == entry.finished_on,
        lambda values, entry, context: setattr(entry, "finished_on", values["完成日期"]),
        lambda entry: chinese_date(entry.finished_on) if entry.finished_on else "",
    ),
    plain("证明人", "witness"),
    free_text("备注", "note", told_of="beneficiary"),
)
