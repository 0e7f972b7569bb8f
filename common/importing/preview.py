"""What the preview of an import shows: a page of rows, every bad cell marked."""

from __future__ import annotations

from dataclasses import dataclass

from common.forms.fields import whole
from common.importing.rows import Outcome, Problem, SheetRow

PAGE_SIZE = 50
VIEWS = {
    "all": ("全部", lambda row: True),
    "rejected": ("有误", lambda row: row.is_rejected),
    "warned": ("有提示", lambda row: bool(row.warnings)),
    "duplicates": ("重复", lambda row: row.is_duplicate),
    "accepted": ("可导入", lambda row: row.is_accepted),
}


@dataclass(frozen=True)
class PreviewCell:
    column: str
    text: str
    errors: list[str]
    warnings: list[str]


def of(outcome: Outcome, get) -> dict:
    """The template context: the chosen view, its page, and how many rows each view has."""
    chosen = get.get("show", "")
    chosen = chosen if chosen in VIEWS else ("rejected" if outcome.rejected else "all")
    rows = [row for row in outcome.rows if VIEWS[chosen][1](row)]
    page = _page_number(get.get("page", ""), len(rows))
    columns = _columns(outcome)
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "outcome": outcome,
        "show": chosen,
        "views": [
            (key, label, sum(map(test, outcome.rows))) for key, (label, test) in VIEWS.items()
        ],
        "columns": columns,
        "rows": [(row, [_cell(row, column) for column in columns]) for row in shown],
        "page_number": page,
        "previous_page": page - 1,
        "next_page": page + 1 if page * PAGE_SIZE < len(rows) else 0,
        "several_sheets": len(outcome.tables) > 1,
    }


def _columns(outcome: Outcome) -> list[str]:
    """The columns of the preview, and any other in which something is wrong."""
    from_problems = [
        problem.column for row in outcome.rows for problem in [*row.problems, *row.warnings]
    ]
    return list(dict.fromkeys([*outcome.preview_columns, *from_problems]))


def _page_number(text: str, count: int) -> int:
    last = max(1, -(-count // PAGE_SIZE))
    return min(max(whole(text) or 1, 1), last)


def _cell(row: SheetRow, column: str) -> PreviewCell:
    return PreviewCell(
        column,
        row.text(column),
        _messages(row.problems, column),
        _messages(row.warnings, column),
    )


def _messages(problems: list[Problem], column: str) -> list[str]:
    return [problem.message for problem in problems if problem.column == column]
