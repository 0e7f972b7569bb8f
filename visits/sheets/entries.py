"""What 簿二 and 簿三 have alike as sheets: whose they are, lines that come back, duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.roles import Capability
from common.importing.resources import NOTE, Options, SheetResource
from common.importing.rows import Change, SheetRow
from common.masking import mask_name_in, mask_numbers, restore_masked
from common.models import ImportBatch
from common.sheets.cells import chinese_date, parse_text
from common.sheets.layout import Table
from deputies.models import Deputy
from stations.models import Station
from stations.rules import can_at, can_somewhere
from visits import services
from visits.models import RegisterEntry
from visits.sheets.context import RegisterContext, place_of, station_of, year_of
from visits.sheets.lines import OnFile, Returned, changed_cells, keyed_rows, rows_with_keys


@dataclass(frozen=True)
class Update:
    """What a line changes in the row it came from; kept until the whole file is read."""

    pk: int
    version: int
    columns: tuple[Returned, ...]
    values: dict[str, Any]


class EntryResource(SheetResource):
    """A register of which every line is an entry of its own."""

    part = 2000
    model: ClassVar[type[RegisterEntry]]
    unit: ClassVar[str]
    day_column: ClassVar[str]
    returned: ClassVar[Sequence[Returned]]

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
        context = RegisterContext(
            actor=actor,
            station=station,
            year=options.year or year_of(tables, filename),
            today=timezone.localdate(),
            deputies=list(Deputy.objects.filter(station=station).prefetch_related("mandates")),
            categories={},
            notes=notes,
            keyed=keyed_rows(tables),
        )
        context.on_file = OnFile(
            lambda year: self.on_file(
                station, [date(year, 1, 1), date(year, 12, 31)], leaving_out=context.keyed
            )
        )
        return context

    def lock(self, context: RegisterContext) -> None:
        Station.objects.select_for_update(no_key=True).get(pk=context.station.pk)

    def resolve(self, rows: list[SheetRow], context: RegisterContext) -> None:
        stored = self._stored(rows, context)
        for row in rows:
            self.complete(row, stored.get(id(row)), context)
            if row.problems:
                continue
            if id(row) in stored:
                self._claim(row, stored[id(row)], context)
            else:
                self._mark_duplicate(row, context)
            if row.is_accepted:
                self.remark(row)

    def changes(self, row: SheetRow, context: RegisterContext) -> Iterable[Change]:
        if not row.is_update():
            return ()
        return changed_cells(row, row.values["stored"], row.values["changed"])

    def finish(self, batch: ImportBatch, context: RegisterContext, actor) -> None:
        for update in context.updates:
            self.change(update, context, actor)

    def undo(self, batch: ImportBatch, actor) -> str:
        count = services.void_batch(batch, actor=actor)
        return f"已作废这一批的 {count} {self.unit}，编号保留。"

    def on_file(self, station, days, *, leaving_out) -> Iterable[tuple[Any, str]]:
        """The identities of the stored rows of those days, and what each may be called."""
        raise NotImplementedError

    def standing(self, context: RegisterContext):
        """The stored rows that lines may have come from, with all that is compared."""
        rows = self.model.objects.visible_to(context.actor).valid()
        return rows.filter(station=context.station).select_related("station")

    def opened(self, stored: list[Any], context: RegisterContext) -> None:
        """Show what the actor may see of personal facts."""

    def complete(self, row: SheetRow, stored: Any, context: RegisterContext) -> None:
        """Put into `row.values` what follows from several of its cells."""
        raise NotImplementedError

    def remark(self, row: SheetRow) -> None:
        """Warn of what is odd in a line that will be written."""

    def identity(self, row: SheetRow, context: RegisterContext) -> Any:
        """What makes two lines the same entry, as `on_file` has it."""
        raise NotImplementedError

    def change(self, update: Update, context: RegisterContext, actor) -> None:
        """Write an update through the service of the register."""
        raise NotImplementedError

    def refusal(self, row: SheetRow, stored: Any) -> tuple[str, str] | None:
        """The column and the reason why a changed line cannot be written."""
        year = row.values[self.day_column].start.year
        if year != stored.year:
            return self.day_column, (
                f"{stored.code} 的编号属于 {stored.year} 年，日期不能改到别的年份"
            )
        return None

    def _stored(self, rows: Sequence[SheetRow], context: RegisterContext) -> dict[int, Any]:
        """The stored row of every line that carries a key of one."""
        keyed = rows_with_keys(rows, context)
        if not keyed:
            return {}
        found = {}
        standing = list(self.standing(context).filter(pk__in=list(keyed)))
        self.opened(standing, context)
        for stored in standing:
            context.claimed.add(stored.pk)
            row, version = keyed[stored.pk]
            row.values["key_version"] = version
            found[id(row)] = stored
        return found

    def _claim(self, row: SheetRow, stored: Any, context: RegisterContext) -> None:
        """Say what became of a line that came back."""
        unread = {warning.column for warning in row.warnings}
        changed = [
            column
            for column in self.returned
            if column.column not in unread and not column.same(row.values, stored)
        ]
        changed = _with_what_was_set_aside(row, stored, changed)
        row.values |= {"stored": stored, "changed": changed}
        row.same_as = stored.code
        if not changed:
            row.import_type = row.IMPORT_TYPE_SKIP
        elif row.values["key_version"] != stored.version:
            row.reject(
                changed[0].column,
                f"{stored.code} 导出以后在系统里又改过，请重新导出，再改这一处",
            )
        elif refused := self.refusal(row, stored):
            row.reject(*refused)
        else:
            row.import_type = row.IMPORT_TYPE_UPDATE

    def _mark_duplicate(self, row: SheetRow, context: RegisterContext) -> None:
        """k equal lines match at most k stored rows that are not void; 序号 is no identity."""
        year = row.values[self.day_column].start.year
        same_as = context.on_file.take(self.identity(row, context), year)
        row.import_type = row.IMPORT_TYPE_NEW if same_as is None else row.IMPORT_TYPE_SKIP
        row.same_as = same_as or ""

    def keep_updates(self, rows: Iterable[SheetRow], context: RegisterContext) -> None:
        """What is to be changed waits for the last part of the file."""
        for row in rows:
            if row.is_update():
                stored, changed = row.values["stored"], tuple(row.values["changed"])
                context.updates.append(Update(stored.pk, stored.version, changed, row.values))


def plain(column: str, name: str) -> Returned:
    """A cell that is stored as it is read."""

    def shown(row: Any) -> str:
        display = getattr(row, f"get_{name}_display", None)
        return display() if display else parse_text(getattr(row, name))

    return Returned(
        column,
        lambda values, row: values[column] == parse_text(getattr(row, name)),
        lambda values, row, context: setattr(row, name, values[column]),
        shown,
    )


def days(column: str, name: str) -> Returned:
    """The day of an entry, or its days."""

    def same(values, row) -> bool:
        span = values[column]
        first = getattr(row, name)
        return (span.start, span.end) == (first, row.until or first)

    def put(values, row, context) -> None:
        put_span(row, name, values[column])

    def shown(row) -> str:
        both = dict.fromkeys([getattr(row, name), row.until or getattr(row, name)])
        return "至".join(map(chinese_date, both))

    return Returned(column, same, put, shown)


def put_span(row: Any, name: str, span) -> None:
    setattr(row, name, span.start)
    row.until = span.end if span.end != span.start else None
    row.date_approximate = span.approximate


def free_text(column: str, name: str, *, told_of: str = "", masks_numbers: bool = True) -> Returned:
    """A text that may have gone out with its numbers, and the name in the field `told_of`, masked;
    what is still masked when it comes back stays as it stands."""

    def person(row: Any) -> str:
        return getattr(row, told_of) if told_of else ""

    def masked(row: Any) -> str:
        text = getattr(row, name)
        return mask_name_in(mask_numbers(text) if masks_numbers else text, person(row))

    def put(values, row, context) -> None:
        setattr(row, name, restore_masked(values[column], getattr(row, name), person(row)))

    return Returned(
        column,
        lambda values, row: values[column] in map(parse_text, (getattr(row, name), masked(row))),
        put,
        lambda row: masked(row) if row.masked else getattr(row, name),
    )


def _with_what_was_set_aside(row: SheetRow, stored: Any, changed: list[Returned]) -> list[Returned]:
    """What had no place of its own is added to 备注, once."""
    is_told = any(one.column == NOTE for one in changed)
    told = restore_masked(row.values[NOTE], stored.note) if is_told else stored.note
    more = [text for text in row.values.get("aside", []) if text not in told]
    if not more:
        return changed
    note = "\n".join(filter(None, [told, *more]))
    added = Returned(
        NOTE,
        lambda values, entry: False,
        lambda values, entry, context: setattr(entry, "note", note),
        lambda entry: entry.shown_note,
    )
    return [*(column for column in changed if column.column != NOTE), added]
