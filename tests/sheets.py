"""Workbooks as offices fill them, made in memory."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

PRINTED = [
    "序号",
    "接待日期",
    "接待地点",
    "接待代表",
    "来访人姓名",
    "性别",
    "住址",
    "联系电话",
    "来访人数",
    "来访形式",
    "问题类别",
    "反映内容",
    "当场答复",
    "处理方式",
    "承办单位",
    "办理结果",
    "反馈日期",
    "满意度",
    "记录人",
    "备注",
]


def workbook(rows: Sequence[Sequence], merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def reception_sheet(
    entries: Sequence[Mapping], *, title="代表来访接待登记簿", above="", headers=PRINTED, merged=()
) -> bytes:
    """A register with a title row, a line above the header, and these entries from row 4 on."""
    lines = [[title], [above or None], headers]
    lines += [[entry.get(header) for header in headers] for entry in entries]
    return workbook(lines, merged)
