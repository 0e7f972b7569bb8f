"""How cells of the workbook look, and which of its tables have a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from reports.tables import Figure, Row, RowKind

FONT, TITLE_FONT = "宋体", "黑体"
RULE, HEAD_FILL, TOTAL_FILL = "#8B8378", "#F0ECE5", "#F7F5F1"
HEAT_FILLS = ("#FFFFFF", "#FBF7EF", "#F5EBD8", "#ECDAB9", "#E0C595", "#D1AC6F")


@dataclass(frozen=True)
class Drawn:
    """A chart of one column of a table, or of the totals of several."""

    title: str
    column: str = ""
    columns: Sequence[str] = ()


CHARTS = {
    "T3": Drawn("各月接待批次", "批次"),
    "T4": Drawn("群众反映的问题（条）", "合计"),
    "T9": Drawn(
        "建议答复的结果类别（项）",
        columns=("A", "B", "C", "D", "未定"),
    ),
}


class Styles:
    """Cell formats by their properties, made once each."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self._made: dict[tuple, Any] = {}

    def __call__(self, **properties):
        full = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter"} | properties
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]

    def cell(
        self, figure: Figure, row: Row, *, first: bool, indented: bool, prose: bool = False,
        change: bool = False,
    ):  # fmt: skip
        properties: dict[str, Any] = {"border": 1, "border_color": RULE}
        if row.kind:
            properties["bold"] = True
        if row.kind == RowKind.TOTAL:
            properties |= {"bg_color": TOTAL_FILL, "top": 2}
        elif figure.heat:
            properties["bg_color"] = HEAT_FILLS[figure.heat]
        if first:
            properties["align"] = "left"
            properties["indent"] = 2 if indented and row.kind == RowKind.PLAIN else 1
        elif prose and figure.is_text:
            return self(**properties, align="left", valign="top", text_wrap=True)
        if not first:
            properties |= _number_style(figure)
        if change and "num_format" in properties:
            number = "0.00_)" if isinstance(figure.value, Decimal) else "#,##0"
            properties["num_format"] = f"+{number};-{number};{number}"
        return self(**properties)

    def head(self):
        return self(
            font_name=TITLE_FONT,
            font_size=10,
            align="center",
            text_wrap=True,
            border=1,
            border_color=RULE,
            bg_color=HEAD_FILL,
        )


def _number_style(figure: Figure) -> dict[str, Any]:
    """Numbers stand right, words and what is missing in the middle."""
    if isinstance(figure.value, Decimal):
        # The gap is in the format: LibreOffice leaves out the indent of decimals.
        return {"align": "right", "num_format": "0.00_)"}
    if isinstance(figure.value, int):
        number = '"约 "#,##0' if figure.approximate else "#,##0"
        return {"align": "right", "indent": 1, "num_format": number}
    return {"align": "center", "text_wrap": True}
