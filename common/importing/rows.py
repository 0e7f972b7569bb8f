"""What became of each entry of a sheet, and of the whole file."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from import_export.results import RowResult

from common.sheets.cells import parse_text
from common.sheets.layout import Entry, Table

if TYPE_CHECKING:
    from common.importing.stored import StoredPreview, StoredRow


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; `row` and `column` as the sheet names them."""

    sheet: str
    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Change:
    """A cell of a stored row that an entry changes, as its reader may see both."""

    column: str
    old: str
    new: str


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

    @property
    def fate(self) -> str:
        """One of the `Outcome` counts: rejected, duplicates, updated or new."""
        if self.problems:
            return "rejected"
        if self.is_skip():
            return "duplicates"
        return "updated" if self.is_update() else "new"

    def reject(self, column: str, message: str) -> None:
        """Say what is wrong with the cell of `column`; the entry will not be written."""
        self.problems.append(self._problem(column, message))

    def warn(self, column: str, message: str) -> None:
        """Say what could not be read of an optional cell; the entry is written without it."""
        self.warnings.append(self._problem(column, message))

    def text(self, column: str) -> str:
        return parse_text(self.entry.value(column))

    def _problem(self, column: str, message: str) -> Problem:
        cell = self.entry.cell(column)
        where = f"{cell.address}：" if cell else ""
        return Problem(
            self.table.sheet, self.number, column, self.text(column), f"{where}{message}"
        )


@dataclass
class Outcome:
    """A whole file as it was understood: counts, and the rows as far as they are stored."""

    kind: str
    context: Any
    tables: list[Table]
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    written: int = 0
    batch: int | None = None
    stored: StoredPreview | None = None

    @property
    def total(self) -> int:
        return sum(self.counts[fate] for fate in ("new", "updated", "duplicates", "rejected"))

    @property
    def accepted(self) -> int:
        return self.counts["new"] + self.counts["updated"]

    @property
    def new(self) -> int:
        return self.counts["new"]

    @property
    def updated(self) -> int:
        return self.counts["updated"]

    @property
    def duplicates(self) -> int:
        return self.counts["duplicates"]

    @property
    def rejected(self) -> int:
        return self.counts["rejected"]

    @property
    def rows(self) -> list[StoredRow]:
        """Every row that was stored: all of a check, those with something wrong of a writing."""
        return list(self.stored.rows()) if self.stored else []

    def summary(self) -> dict[str, Any]:
        """The counts, as `import_sheet --json` names them."""
        return {
            "kind": self.kind,
            "rows": self.total,
            "accepted": self.accepted,
            "updated": self.updated,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "written": self.written,
        }

    def as_json(self) -> dict[str, Any]:
        """The fixed shape that `import_sheet --json` prints."""
        troubled = list(self.stored.rows("troubled")) if self.stored else []
        return {
            **self.summary(),
            "errors": [asdict(problem) for row in troubled for problem in row.problems],
            "warnings": [asdict(problem) for row in troubled for problem in row.warnings],
            "batch": self.batch,
        }
