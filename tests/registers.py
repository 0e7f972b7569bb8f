"""Sheets of 簿二 and 簿三, and their entries as the services log them."""

import datetime
import io

from openpyxl import load_workbook

from tests.factories import DeputyFactory
from tests.sheets import reception_sheet
from visits.choices import Presence, Register
from visits.documents import export_register
from visits.models import Activity, Assistance
from visits.services import log_activity, log_assistance

ABOVE = "联络站:石桥镇中心联络站    年度:2025年"
ASSISTANCE = [
    "序号", "日期", "代表姓名", "帮扶对象", "住址", "帮扶类型", "帮扶事项", "资金(元)",
    "物资折款(元)", "资金来源", "受益户数", "受益人数", "完成情况", "完成日期", "证明人", "备注",
]  # fmt: skip
ACTIVITIES = [
    "序号", "活动日期", "活动地点", "活动形式", "活动主题", "组织单位", "召集人", "应到人数",
    "实到人数", "参加代表", "请假代表", "缺席代表", "列席人员", "活动纪要", "形成意见建议(条)",
    "落实情况", "记录人", "备注",
]  # fmt: skip


def assistance_sheet(*entries, headers=ASSISTANCE, above=ABOVE) -> bytes:
    rows = [{"日期": "2025-3-5", "代表姓名": "石刚", "帮扶事项": "送米送油", **e} for e in entries]
    return reception_sheet(rows, title="扶贫帮困办实事登记簿", above=above, headers=headers)


def activity_sheet(*entries, headers=ACTIVITIES, above=ABOVE) -> bytes:
    rows = [{"活动日期": "2025-3-5", "活动主题": "视察河堤", **entry} for entry in entries]
    return reception_sheet(rows, title="代表活动情况登记簿", above=above, headers=headers)


def make_assistance(station, *, actor, deputies=None, **fields) -> Assistance:
    fields = {
        "helped_on": datetime.date(2025, 3, 5),
        "beneficiary": "王建国",
        "deed": "送米送油",
        **fields,
    }
    return log_assistance(
        Assistance(station=station, **fields),
        actor=actor,
        deputies=deputies or [DeputyFactory(station=station)],
    )


def make_activity(
    station, *, actor, present=(), leave=(), absent=(), opinions=(), **fields
) -> Activity:
    fields = {"held_on": datetime.date(2025, 3, 5), "topic": "视察河堤", **fields}
    groups = ((present, Presence.PRESENT), (leave, Presence.LEAVE), (absent, Presence.ABSENT))
    attendance = [(deputy, presence) for deputies, presence in groups for deputy in deputies]
    return log_activity(
        Activity(station=station, **fields), actor=actor, attendance=attendance, opinions=opinions
    )


def exported(register: Register, station, *, actor, year=2025) -> bytes:
    stream = io.BytesIO()
    export_register(station, year, stream, actor=actor, register=register)
    return stream.getvalue()


def opened(content: bytes):
    return load_workbook(io.BytesIO(content)).active


def edited(content: bytes, *changes) -> bytes:
    """The workbook with cells changed, each given as (序号, column, new value)."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    column = {cell.value: cell.column for cell in header}
    for number, name, value in changes:
        row = next(r for r in sheet.iter_rows() if r[0].value == number)
        sheet.cell(row[0].row, column[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
