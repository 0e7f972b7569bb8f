"""What became of each entry of a sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from import_export.results import RowResult

from common.sheets.cells import parse_text
from common.sheets.layout import Cell, Entry, SkippedRow, Table


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; `row` and `column` as the sheet names them."""

    sheet: str
    row: int
    column: str
    value: str
    message: str


class SheetRow(RowResult):
    """One entry: its cleaned values, what is wrong with it, and what will become of it."""

    def __init__(self, table: Table, entry: Entry):
        super().__init__()
        self.table, self.entry = table, entry
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.same_as = ""

    @property
    def number(self) -> int:
        return self.entry.row

    @property
    def is_rejected(self) -> bool:
        return bool(self.problems)

    @property
    def is_duplicate(self) -> bool:
        return not self.problems and self.is_skip()

    @property
    def is_accepted(self) -> bool:
        return not self.problems and not self.is_skip()

    def reject(self, column: str, message: str) -> None:
        """Say what is wrong with the cell of `column`; the entry will not be written."""
        self.problems.append(self._problem(column, message))

    def warn(self, column: str, message: str) -> None:
        """Say what could not be read of an optional cell; the entry is written without it."""
        self.warnings.append(self._problem(column, message))

    def text(self, column: str) -> str:
        cell = self._cell(column)
        return parse_text(cell.value) if cell else ""

    def _cell(self, column: str) -> Cell | None:
        return self.entry.cells.get(column) or self.entry.extra.get(column)

    def _problem(self, column: str, message: str) -> Problem:
        cell = self._cell(column)
        where = f"{cell.address}：" if cell else ""
        return Problem(
            self.table.sheet, self.number, column, self.text(column), f"{where}{message}"
        )


@dataclass
class Outcome:
    """A whole file as it was understood."""

    kind: str
    rows: list[SheetRow]
    context: Any
    tables: list[Table]
    preview_columns: tuple[str, ...] = ()
    written: int = 0
    batch: int | None = None
    notes: list[str] = field(default_factory=list)

    def counted(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.rows)

    @property
    def accepted(self) -> int:
        return self.counted("is_accepted")

    @property
    def duplicates(self) -> int:
        return self.counted("is_duplicate")

    @property
    def rejected(self) -> int:
        return self.counted("is_rejected")

    @property
    def updated(self) -> int:
        return sum(row.is_accepted and row.is_update() for row in self.rows)

    @property
    def skipped(self) -> list[tuple[str, SkippedRow]]:
        """The rows that are no entries but say something."""
        return [
            (table.sheet, row)
            for table in self.tables
            for row in table.skipped
            if row.reason != "blank"
        ]

    @property
    def unknown(self) -> list[str]:
        """Headings that name no column of the register; their cells go to 备注."""
        found = [text for table in self.tables for text in table.unknown.values() if text]
        return list(dict.fromkeys(found))

    @property
    def synonyms(self) -> dict[str, str]:
        return {name: text for table in self.tables for name, text in table.synonyms_used.items()}

    def as_json(self) -> dict[str, Any]:
        """The fixed shape that `import_sheet --json` prints."""
        return {
            "kind": self.kind,
            "rows": len(self.rows),
            "accepted": self.accepted,
            "updated": self.updated,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "written": self.written,
            "errors": [asdict(problem) for row in self.rows for problem in row.problems],
            "warnings": [asdict(problem) for row in self.rows for problem in row.warnings],
            "batch": self.batch,
        }
