"""办理台账 as a sheet: its printed columns, and what becomes of a line.

An exported line carries `<row>:<version>` under KEY. Unchanged it is a duplicate, a changed cell
corrects its row, a row that changed here meanwhile is rejected. Without a key the number tells:
with the same title, content and lead it is the same suggestion, otherwise the number is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.roles import Capability, roles_with
from common.errors import RuleViolation
from common.importing import kinds, parsers
from common.importing.resources import Options, SheetField, SheetResource, note_of
from common.importing.rows import Change, SheetRow
from common.models import ImportBatch
from common.sheets.cells import normalise_name, parse_text
from common.sheets.layout import Table
from stations.models import Area
from suggestions.choices import Kind
from suggestions.models import Suggestion
from suggestions.rules import ledger as printed
from suggestions.services import imported
from suggestions.sheets import cells, lines
from suggestions.sheets.context import (
    KEY,
    LedgerContext,
    congress_of,
    congresses,
    key_of,
    year_of,
)


@kinds.register
class LedgerResource(SheetResource):
    """代表建议办理台账: a line is a suggestion with all that became of it."""

    kind = "suggestions"
    title = "代表建议、批评和意见办理台账"
    url_name = "suggestions:import"
    list_name = "suggestions:list"
    preview_columns = (
        printed.NUMBER, printed.TITLE, printed.LEAD, printed.RAISED, printed.UNITS,
        printed.REPLIED, printed.OUTCOME,
    )  # fmt: skip

    order = SheetField("序号", synonyms=["序"])
    congress = SheetField(printed.CONGRESS, synonyms=["本级人大", "所属人大"])
    number = SheetField(
        printed.NUMBER, cells.number, required=True,
        synonyms=["编号", "建议号", "案号", "建议案号", "建议序号", "议案建议编号"],
    )  # fmt: skip
    session = SheetField(
        printed.SESSION, cells.session, required=True, synonyms=["会次", "届别", "会议届次", "会议"]
    )
    what = SheetField(
        printed.KIND, parsers.choice(cells.KINDS, "类型"), synonyms=["种类", "类别", "建议类型"]
    )
    name = SheetField(
        printed.TITLE, parsers.text(100), required=True,
        synonyms=["建议标题", "题目", "案由", "建议题目", "名称", "建议名称"],
    )  # fmt: skip
    content = SheetField(
        printed.CONTENT, synonyms=["建议内容", "主要内容", "内容摘要", "建议主要内容"]
    )
    lead = SheetField(
        printed.LEAD, cells.names, required=True,
        synonyms=["领衔人", "提出代表", "建议人", "提出人", "代表姓名", "领衔代表姓名"],
    )  # fmt: skip
    signers = SheetField(
        printed.SIGNERS, cells.strictly(cells.names), synonyms=["附议人", "联名代表", "附议"]
    )
    raised_on = SheetField(
        printed.RAISED, cells.past_day, required=True,
        synonyms=["提出时间", "提交日期", "提交时间", "收到日期"],
    )  # fmt: skip
    assigned_on = SheetField(
        printed.ASSIGNED, cells.strictly(cells.past_day), synonyms=["交办时间", "转办日期"]
    )
    units = SheetField(
        printed.UNITS, cells.strictly(cells.units),
        synonyms=["承办单位", "主办", "主办部门", "独办单位", "分办单位", "主（独）办单位"],
    )  # fmt: skip
    helpers = SheetField(
        printed.HELPERS, cells.strictly(cells.units), synonyms=["协办", "会办单位", "协办部门"]
    )
    due = SheetField(
        printed.DUE, cells.of_each_unit(cells.any_day),
        synonyms=["答复期限", "办结期限", "办理时限", "应答复日期", "期限"],
    )  # fmt: skip
    replied = SheetField(
        printed.REPLIED, cells.of_each_unit(cells.past_day),
        synonyms=["答复时间", "实际答复日期", "办复日期", "办复时间"],
    )  # fmt: skip
    document = SheetField(
        printed.DOCUMENT, cells.of_each_unit(cells.document),
        synonyms=["文号", "答复函文号", "办理复文号", "复文号"],
    )  # fmt: skip
    result = SheetField(
        printed.RESULT, cells.of_each_unit(cells.result),
        synonyms=["办理结果类别", "结果分类", "办理结果", "答复类别", "办理类别"],
    )  # fmt: skip
    met = SheetField(
        printed.MET, cells.of_each_unit(cells.tick), synonyms=["面商", "是否面复", "是否见面"]
    )
    attitude = SheetField(
        printed.ATTITUDE, cells.of_each_unit(cells.rating),
        synonyms=["对办理工作评价", "办理态度", "对办理态度", "办理工作满意度"],
    )  # fmt: skip
    outcome = SheetField(
        printed.OUTCOME, cells.of_each_unit(cells.rating),
        synonyms=["对办理结果评价", "满意度", "代表评价", "办理结果满意度", "代表满意度"],
    )  # fmt: skip
    note = SheetField(printed.NOTE, synonyms=["说明"])
    key = SheetField(KEY)

    def may_import(self, actor) -> bool:
        return actor.is_system or actor.holds(roles_with(Capability.REVIEW_SUGGESTION))

    def begin(self, tables: list[Table], filename: str, options: Options, actor) -> LedgerContext:
        areas = congresses()
        if not areas:
            raise RuleViolation("还没有设置区县，请先导入联络站名册。")
        return LedgerContext(
            actor=actor,
            area=congress_of(tables, areas, actor),
            areas=areas,
            year=year_of(tables, filename, options),
            today=timezone.localdate(),
        )

    def lock(self, context: LedgerContext) -> None:
        list(Area.objects.select_for_update().filter(pk=context.area.pk).order_by("pk"))

    def read_row(self, row: SheetRow, context: LedgerContext) -> None:
        for column, value in list(row.values.items()):
            if isinstance(value, cells.Unreadable):
                row.reject(column, value.message)

    def resolve(self, rows: list[SheetRow], context: LedgerContext) -> None:
        context.read_register(rows)
        for row in rows:
            row.values["note"] = note_of(row)
            _place(row, context)
            if row.is_rejected:
                lines.look_over(row, context)
            else:
                self._mark(row, context)
                context.late += _is_new_and_late(row, context)
        context.tell_units()
        context.tell_late()

    def look_over(self, rows: list[SheetRow], context: LedgerContext) -> None:
        # A line that came from here is compared with its row once all of it can be read.
        own = [row for row in rows if key_of(row) is None]
        numbered = [row for row in own if _tells_which(row)]
        context.read_numbers(numbered)
        for row in own:
            _place(row, context)
            if row in numbered and row.values["area"] is not None:
                stored = context.by_place.get(_place_in(row))
                if stored is not None and not _same_matter(row, stored):
                    _refuse_taken(row, stored)
            lines.look_over(row, context)

    def changes(self, row: SheetRow, context: LedgerContext) -> Iterable[Change]:
        if row.is_update():
            for column, (old, _) in row.values["changed"].items():
                yield Change(column, old, row.text(column))

    def write(self, rows: list[SheetRow], batch: ImportBatch, context, actor) -> None:
        # Rows before number series, each in one order: acceptances and other ledgers do so, too.
        imported.lock_for_correction([row.values["stored"] for row in rows if row.is_update()])
        for row in sorted(rows, key=_place_in):
            try:
                _written(row, batch, actor)
            except RuleViolation as refusal:  # what only the writing brought to light
                raise RuleViolation(f"第 {row.number} 行：{refusal}") from None

    def undo(self, batch: ImportBatch, actor) -> str:
        gone, kept = imported.remove_imported(batch.created_rows, actor=actor)
        words = f"已删除这一批新建的 {gone} 件建议，编号不再使用；对原有建议的更正没有撤销。"
        if kept:
            words += f"{'、'.join(kept[:20])}{'等' if len(kept) > 20 else ''}"
            words += f" {len(kept)} 件导入后又有办理，没有删除。"
        return words

    def _mark(self, row: SheetRow, context: LedgerContext) -> None:
        key = key_of(row)
        stored = context.by_key.get(key[0]) if key else None
        if key and stored is not None and stored.pk not in context.claimed:
            context.claimed.add(stored.pk)
            self._compare(row, stored, key[1], context)
        else:
            self._find_number(row, context)

    def _compare(
        self, row: SheetRow, stored: Suggestion, version: int, context: LedgerContext
    ) -> None:
        """A line that came from here: as it stands, changed, outdated, or no longer a sheet's."""
        changed = self._changed(row, stored, context)
        if not changed:
            row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, stored.code
            return
        row.values |= {"stored": stored, "version": version, "changed": changed}
        if version != stored.version:
            row.reject(
                next(iter(changed)),
                f"{stored.code} 导出以后在系统里又改过，请重新导出，再改这一处",
            )
            return
        _refuse_portals(row, stored, changed, context)
        if not row.is_rejected:
            lines.complete(row, context, stored)
        row.import_type, row.same_as = row.IMPORT_TYPE_UPDATE, stored.code

    def _find_number(self, row: SheetRow, context: LedgerContext) -> None:
        """A line of the office's own: new, known, or under a number that another one has."""
        place = _place_in(row)
        if place[-1] == 0:
            row.reject(printed.NUMBER, "没有编号的建议不能从台账录入，请填建议编号")
            lines.look_over(row, context)
            return
        stored, above = context.by_place.get(place), context.in_file.setdefault(place, row)
        if stored is not None:
            if _same_matter(row, stored):
                row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, stored.code
                self._warn_of_changes(row, stored, context)
            else:
                _refuse_taken(row, stored)
                lines.look_over(row, context)
        elif above is not row:
            if all(row.text(name) == above.text(name) for name in self._told):
                row.import_type, row.same_as = row.IMPORT_TYPE_SKIP, f"第 {above.number} 行"
            else:
                row.reject(printed.NUMBER, f"与第 {above.number} 行的编号相同，请核对")
                lines.look_over(row, context)
        else:
            row.import_type = row.IMPORT_TYPE_NEW
            lines.complete(row, context)

    def _warn_of_changes(self, row: SheetRow, stored: Suggestion, context: LedgerContext) -> None:
        for column in self._changed(row, stored, context):
            row.warn(column, "与系统里的不同，没有采用；要更正请先导出台账，在导出的表里改")

    @property
    def _told(self) -> list[str]:
        left_out = ("序号", KEY, printed.CONGRESS)
        return [one.column_name for one in self.fields.values() if one.column_name not in left_out]

    def _changed(
        self, row: SheetRow, stored: Suggestion, context: LedgerContext
    ) -> dict[str, tuple[str, str]]:
        """The columns of the sheet that say something else than is stored, old and new."""
        line = printed.line_of(stored, context.namesakes)
        by_name = {one.column_name: one for one in self.fields.values()}
        found = {}
        for column in self._told:
            if column not in row.table.columns:
                continue
            known = by_name[column].parse(line[column], context)
            if not lines.is_same(column, row.values[column], known, stored, context):
                found[column] = (parse_text(line[column]), row.text(column))
        return found


def _place(row: SheetRow, context: LedgerContext) -> None:
    """Which congress a line belongs to; the column is there where a ledger has several."""
    name = normalise_name(row.values.get(printed.CONGRESS) or "")
    area = context.areas.get(name.removesuffix("人大")) if name else context.area
    if area is None:
        row.reject(printed.CONGRESS, f"没有“{name}”人大，请核对")
    elif not context.may_keep(area):
        row.reject(printed.CONGRESS, f"您没有权限录入{area.name}人大的建议")
    row.values["area"] = area


def _place_in(row: SheetRow):
    values = row.values
    number, term = values[printed.NUMBER], values[printed.SESSION]
    return values["area"].pk, term.term, term.number, str(number.occasion), number.value or 0


def _is_new_and_late(row: SheetRow, context: LedgerContext) -> bool:
    return row.is_accepted and row.is_new() and lines.is_late(row, context)


def _tells_which(row: SheetRow) -> bool:
    """Whether the cells that say which suggestion a line is could be read."""
    return not lines.unreadable(row) & {
        printed.NUMBER, printed.SESSION, printed.CONGRESS, printed.TITLE, printed.LEAD,
    }  # fmt: skip


def _refuse_taken(row: SheetRow, stored: Suggestion) -> None:
    row.reject(printed.NUMBER, f"这个编号已经是《{stored.title}》的，请核对编号")


def _same_matter(row: SheetRow, stored: Suggestion) -> bool:
    values = row.values
    lead = [normalise_name(one.name) for one in values[printed.LEAD].people]
    said = parse_text(values[printed.CONTENT]) or values[printed.TITLE]
    same = values[printed.TITLE] == parse_text(stored.title)
    return same and said == parse_text(stored.content) and lead == [stored.lead_name]


def _refuse_portals(
    row: SheetRow, stored: Suggestion, changed: Iterable[str], context: LedgerContext
) -> None:
    """What has its course here is not moved by a sheet, and a number is never changed."""
    if not context.may_keep(stored.session.area):
        row.reject(next(iter(changed)), f"您没有权限更正{stored.session.area.name}人大的建议")
    for column in (printed.NUMBER, printed.SESSION):
        if column in changed:
            row.reject(column, "编号和届次给出以后不能更改")
    others = [column for column in changed if column not in imported.ALWAYS_OPEN]
    if others and not printed.lives_by_sheet(stored, list(stored.steps.all())):
        for column in others:
            row.reject(column, imported.AT_THE_PAGE)


def _written(row: SheetRow, batch: ImportBatch, actor) -> None:
    values: dict[str, Any] = row.values
    line = _line_of(row)
    if row.is_update():
        imported.correct_by_sheet(
            values["stored"], line, actor=actor, version=values["version"],
            changes=values["changed"],
        )  # fmt: skip
    else:
        batch.created_rows.append(imported.import_suggestion(line, batch=batch, actor=actor).pk)


def _line_of(row: SheetRow) -> imported.LedgerLine:
    values = row.values
    number, term = values[printed.NUMBER], values[printed.SESSION]
    return imported.LedgerLine(
        area=values["area"], term=term.term, meeting=term.number, occasion=number.occasion,
        number=number.value, kind=values[printed.KIND] or Kind.SUGGESTION,
        title=values[printed.TITLE], content=values[printed.CONTENT] or values[printed.TITLE],
        lead=values["lead"], signers=values["signers"], submitted_on=values[printed.RAISED],
        assigned_on=values[printed.ASSIGNED], answers=values["answers"],
        helpers=values[printed.HELPERS], note=values["note"],
    )  # fmt: skip
