"""What the preview of an import shows: a page of the stored rows, every bad cell marked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from common.forms.fields import whole
from common.importing.services import stored_preview
from common.importing.stored import PAGE_SIZE, StoredPreview, StoredRow
from common.models import ImportBatch

LABELS = {
    "all": "全部",
    "rejected": "有误",
    "warned": "有提示",
    "duplicates": "重复",
    "updated": "更新",
    "accepted": "可导入",
    "mended": "已改",
}
_ADDRESS = re.compile(r"^[A-Z]{1,3}[0-9]{1,7}：")
_FIELD = re.compile(r"cell-(\d{1,3})-(\d{1,7})-(\d{1,5})")


@dataclass(frozen=True)
class PreviewCell:
    """One cell as it is shown; `name` is that of its field, for one that can be mended here."""

    column: str
    text: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    old: str | None = None  # of the stored row, where an update changes it
    original: str | None = None  # of the file, where it was mended
    name: str = ""

    @property
    def longer(self) -> bool:
        return len(self.text) > 30


def of(batch: ImportBatch, get) -> dict:
    """The template context: the chosen view, its page, and how many rows each view has."""
    with stored_preview(batch) as stored:
        counts = {view: stored.count(view) for view in LABELS}
        chosen = get.get("show", "")
        chosen = chosen if chosen in LABELS else _first_asked_for(counts)
        page = _page_number(get.get("page", ""), counts[chosen])
        shown = stored.page(chosen, page)
        columns = _columns(stored, shown)
        rows = [(row, [_cell(row, column) for column in columns]) for row in shown]
        return {
            "meta": stored.meta,
            "show": chosen,
            "views": [(view, LABELS[view], counts[view]) for view in _offered(counts)],
            "columns": columns,
            "rows": rows,
            "can_mend": any(cell.name for _, cells in rows for cell in cells),
            "page_number": page,
            "previous_page": page - 1,
            "next_page": page + 1 if page * PAGE_SIZE < counts[chosen] else 0,
            "several_sheets": len(stored.meta["tables"]) > 1,
            **_sums(batch, stored),
        }


def typed_cells(post) -> dict[tuple[int, int, int], str]:
    """What was typed into the cells of a page: {(table, row, column): text}."""
    found = {}
    for name, text in post.items():
        if match := _FIELD.fullmatch(name):
            table, row, column = map(int, match.groups())
            found[table, row, column] = text
    return found


def plain_message(message: str) -> str:
    """What is wrong, without the address of the cell it stands beside."""
    return _ADDRESS.sub("", message)


def words_of(new: int, updated: int) -> str:
    """What confirming does: 导入 12 条, or 新增 12 条，更新 3 条."""
    if not updated:
        return f"导入 {new} 条"
    return f"新增 {new} 条，更新 {updated} 条" if new else f"更新 {updated} 条"


def _columns(stored: StoredPreview, rows: list[StoredRow]) -> list[str]:
    """The usual columns, and any other in which something of this page is wrong or changed."""
    more = [
        name
        for row in rows
        for name in (
            *(problem.column for problem in (*row.problems, *row.warnings)),
            *row.mended,
            *row.changes,
        )
    ]
    return list(dict.fromkeys([*stored.meta["preview_columns"], *more]))


def _sums(batch: ImportBatch, stored: StoredPreview) -> dict:
    outcome = batch.outcome
    new = outcome["accepted"] - outcome["updated"]
    return {
        "outcome": outcome,
        "new": new,
        "does": words_of(new, outcome["updated"]),
        "mended": stored.count("mended"),
    }


def _offered(counts: dict[str, int]) -> list[str]:
    """Views that are always there, and those that have rows."""
    always = {"all", "rejected", "duplicates", "accepted"}
    return [view for view in LABELS if view in always or counts[view]]


def _first_asked_for(counts: dict[str, int]) -> str:
    """What is to be looked at first: faults, else what would be changed."""
    return next((view for view in ("rejected", "updated") if counts[view]), "all")


def _page_number(text: str, count: int) -> int:
    last = max(1, -(-count // PAGE_SIZE))
    return min(max(whole(text) or 1, 1), last)


def _cell(row: StoredRow, column: str) -> PreviewCell:
    errors = _messages(row.problems, column)
    warnings = _messages(row.warnings, column)
    original = row.mended.get(column)
    change = row.changes.get(column)
    name = ""
    if (errors or warnings or original is not None) and column not in row.continues:
        place = row.place(column)
        name = f"cell-{row.sheet_index}-{row.number - 1}-{place}" if place is not None else ""
    old = change.old if change else None
    return PreviewCell(column, row.text(column), errors, warnings, old, original, name)


def _messages(problems, column: str) -> list[str]:
    return [plain_message(problem.message) for problem in problems if problem.column == column]
