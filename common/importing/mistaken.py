"""A sheet of another kind than the one it was handed in as: seen by its title and headings."""

from __future__ import annotations

from collections.abc import Sequence

from common.errors import RuleViolation
from common.importing import kinds
from common.importing.resources import SheetResource
from common.sheets.layout import Table, find_tables
from common.sheets.workbook import SheetData, SheetFileError


class OtherKind(RuleViolation):
    """The sheet is plainly one of another kind."""

    def __init__(self, resource: SheetResource):
        super().__init__(f"这像是《{resource.title}》，请到那里导入。")
        self.resource = resource


def refuse_other_kind(
    resource: SheetResource, sheets: Sequence[SheetData], tables: Sequence[Table]
) -> None:
    """Raise OtherKind where another kind has all its columns here, and this one lacks some or is
    not what the title says; `tables` are what was found for this one."""
    lacks = not tables or any(table.missing for table in tables)
    if not lacks and not _titles(tables):
        return
    for name in kinds.names():
        other = kinds.kind(name)
        if other is resource:
            continue
        found = _complete_tables(other, sheets)
        if not found:
            continue
        if _is_titled(found, other) and not _is_titled(found, resource):
            raise OtherKind(other)
        if lacks and _known(found) > _known(tables):
            raise OtherKind(other)


def _complete_tables(resource: SheetResource, sheets: Sequence[SheetData]) -> list[Table]:
    try:
        tables = find_tables(sheets, resource.columns())
    except SheetFileError:
        return []
    return [] if any(table.missing for table in tables) else tables


def _is_titled(tables: Sequence[Table], resource: SheetResource) -> bool:
    return resource.title in _titles(tables)


def _titles(tables: Sequence[Table]) -> str:
    return "".join("".join(line.split()) for table in tables for line in table.title.lines)


def _known(tables: Sequence[Table]) -> int:
    return sum(len(table.columns) for table in tables)
