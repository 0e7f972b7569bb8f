"""办理台账 as offices fill it, made in memory."""

from __future__ import annotations

import io
from types import SimpleNamespace

from openpyxl import Workbook, load_workbook

from accounts.roles import Role
from stations.models import Area
from tests.factories import AreaFactory, DeputyFactory, StationFactory, UnitFactory, make_user

COLUMNS = [
    "序号", "建议编号", "届次", "类型", "标题", "内容", "领衔代表", "附议代表", "提出日期",
    "交办日期", "主办单位", "协办单位", "办理期限", "答复日期", "答复文号", "结果类别", "是否面商",
    "对办理工作", "对办理结果", "备注",
]  # fmt: skip
TITLE = "代表建议、批评和意见办理台账"
ABOVE = "临溪区人大常委会代表工作委员会    年度:2025年"
RAISED = {
    "建议编号": "001", "届次": "第五届第四次会议", "类型": "建议", "领衔代表": "石刚",
    "标题": "关于石桥中学路口设置信号灯的建议", "内容": "石桥中学路口没有信号灯,上下学时段拥堵。",
    "提出日期": "2025-1-20",
}  # fmt: skip
ASSIGNED = {**RAISED, "交办日期": "2025-1-26", "主办单位": "区公安分局", "办理期限": "2025-4-27"}
REPLIED = {
    **ASSIGNED, "答复日期": "2025-4-9", "答复文号": "临公安函〔2025〕1号", "结果类别": "A",
    "是否面商": "是",
}  # fmt: skip
RATED = {**REPLIED, "对办理工作": "满意", "对办理结果": "基本满意"}


def ledger(*entries, title=TITLE, above=ABOVE, columns=COLUMNS) -> bytes:
    """A ledger with these entries from row 4 on."""
    lines = [[title], [above], columns]
    lines += [[entry.get(column) for column in columns] for entry in entries]
    book = Workbook()
    for line in lines:
        book.active.append(line)
    for cell in (cell for row in book.active.iter_rows() for cell in row):
        if cell.data_type == "f":
            cell.data_type = "s"  # typed as text by whoever filled it
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ledger_scene() -> SimpleNamespace:
    """Two stations: 石刚 and 上官秀兰 at the first, another 上官秀兰 at the second."""
    area = Area.objects.get(level="district")
    area.name = "临溪区"
    area.save()
    town = AreaFactory(code="990101102", name="石桥镇", parent=area)
    first = StationFactory(name="百花村联络站", township=town)
    second = StationFactory(
        name="青山村联络站",
        township=AreaFactory(code="990101107", name="青山乡", parent=area),
    )
    return SimpleNamespace(
        area=area, town=town, first=first, second=second,
        lead=DeputyFactory(station=first, name="石刚"),
        here=DeputyFactory(station=first, name="上官秀兰"),
        there=DeputyFactory(station=second, name="上官秀兰"),
        office=make_user(Role.DISTRICT_OFFICER, area, name="黎坚"),
        township=make_user(Role.TOWNSHIP_OFFICER, town),
        police=UnitFactory(name="区公安分局", area=area),
    )  # fmt: skip


def edited(content: bytes, *changes) -> bytes:
    """The workbook with cells changed, as (text in the row, column, new)."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    column = {cell.value: cell.column for cell in header}
    for words, name, value in changes:
        row = next(r for r in sheet.iter_rows() if words in [cell.value for cell in r])
        sheet.cell(row[0].row, column[name]).value = value
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
        cell.data_type = "s"
    return _saved(book)
