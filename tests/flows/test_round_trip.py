"""What went out comes back: unchanged, changed in an office program, or outdated."""

import datetime
import io

import pytest
from openpyxl import load_workbook

from accounts.actors import SYSTEM
from common.importing.services import check_sheet, import_sheet
from tests.factories import DeputyFactory, UnitFactory, category, make_reception
from visits.documents import export_register
from visits.models import Opinion, Reception
from visits.services import void_reception

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(station, liaison):
    """Three visits in every shape the register prints."""
    first, second = DeputyFactory.create_batch(2, station=station)
    common = {"actor": liaison, "deputies": [first, second]}
    make_reception(
        station,
        **common,
        received_on=datetime.date(2025, 3, 5),
        until=datetime.date(2025, 3, 7),
        headcount=12,
        headcount_text="3户12人",
        address="石桥村6组",
        gender="male",
        opinions=[
            {
                "statement": "自来水上不来\n早晚都断",
                "category": category("基础设施"),
                "disposal": "township",
                "unit": UnitFactory(name="镇水务站"),
                "result": "已换泵，基本解决",
                "resolution": "solved",
                "feedback_on": datetime.date(2025, 3, 20),
                "satisfaction": "satisfied",
            },
            {"statement": "校车班次少", "disposal": "suggestion"},
        ],
    )
    make_reception(
        station,
        **common,
        received_on=datetime.date(2025, 4, 1),
        visitor_name="",
        phone="",
        note="匿名来信",
        channel="letter",
        headcount=20,
        headcount_approximate=True,
        opinions=[{"resolution": "pending", "feedback_method": "口头反馈"}],
    )
    make_reception(
        station,
        **common,
        received_on=datetime.date(2025, 5, 1),
        opinions=[{"statement": "=1+1", "on_site_reply": "<script>"}],
    )
    return station


def exported(station, actor):
    stream = io.BytesIO()
    export_register(station, 2025, stream, actor=actor)
    return stream.getvalue()


def edited(content, *changes):
    """The workbook with cells changed, as {(text in the row, column): new}."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    column = {cell.value: cell.column for cell in header}
    for words, name, value in changes:
        row = next(r for r in sheet.iter_rows() if words in [cell.value for cell in r])
        sheet.cell(row[0].row, column[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("who", ["system", "masked"])
def test_what_went_out_comes_in_again_as_all_duplicates(register, liaison, who):
    content = exported(register, SYSTEM if who == "system" else liaison)
    outcome = import_sheet("receptions", content, "登记簿.xlsx", actor=liaison)
    assert (outcome.total, outcome.duplicates) == (4, 4)
    assert outcome.as_json()["warnings"] == []
    assert Reception.objects.count() == 3


def test_a_number_in_the_note_survives_masked_and_changed(register, liaison):
    row = Reception.objects.get(received_on="2025-05-01")
    Reception.objects.filter(pk=row.pk).update(note="家属电话 13900001111，听力不好")
    content = exported(register, liaison)
    outcome = import_sheet("receptions", content, "登记簿.xlsx", actor=liaison)
    assert (outcome.duplicates, outcome.updated) == (4, 0)
    changed = edited(content, ("=1+1", "备注", "家属电话 139****1111，已配助听器"))
    import_sheet("receptions", changed, "登记簿.xlsx", actor=liaison)
    row.refresh_from_db()
    assert row.note == "家属电话 13900001111，已配助听器"


def test_a_changed_cell_changes_exactly_its_row(register, liaison):
    content = exported(register, liaison)
    before = {o.pk: o.statement for o in Opinion.objects.exclude(statement="校车班次少")}
    changed = edited(content, ("校车班次少", "办理结果", "已增加一班，办结"))
    outcome = import_sheet("receptions", changed, "登记簿.xlsx", actor=liaison)
    assert (outcome.accepted, outcome.updated, outcome.duplicates) == (1, 1, 3)
    opinion = Opinion.objects.get(statement="校车班次少")
    assert (opinion.result, opinion.resolution) == ("已增加一班，办结", "solved")
    assert {o.pk: o.statement for o in Opinion.objects.exclude(pk=opinion.pk)} == before
    reception = opinion.reception
    assert (reception.visitor_name, reception.phone) == ("王建国", "13800135678")
    assert reception.version == 2


def test_a_line_that_changed_meanwhile_is_rejected(register, liaison):
    content = exported(register, liaison)
    first = edited(content, ("校车班次少", "办理结果", "甲"))
    import_sheet("receptions", first, "登记簿.xlsx", actor=liaison)
    outcome = check_sheet(
        "receptions",
        edited(content, ("校车班次少", "办理结果", "乙")),
        "登记簿.xlsx",
        actor=liaison,
    )
    assert outcome.rejected == 1
    [problem] = outcome.as_json()["errors"]
    assert problem["column"] == "办理结果"
    assert "重新导出" in problem["message"]


def test_a_number_written_over_a_masked_one_is_taken_and_a_mask_elsewhere_is_not(register, liaison):
    content = exported(register, liaison)
    changed = edited(content, ("=1+1", "联系电话", "13912345678"))
    import_sheet("receptions", changed, "登记簿.xlsx", actor=liaison)
    assert Reception.objects.get(received_on="2025-05-01").phone == "13912345678"
    stranger = edited(content, ("=1+1", "联系电话", "139****0000"))
    outcome = check_sheet("receptions", stranger, "登记簿.xlsx", actor=liaison)
    assert outcome.rejected == 1


def test_a_line_whose_row_was_voided_comes_in_as_new(register, liaison, station_head):
    content = exported(register, SYSTEM)
    void_reception(
        Reception.objects.get(received_on="2025-05-01"), actor=station_head, reason="重复"
    )
    outcome = check_sheet("receptions", content, "登记簿.xlsx", actor=liaison)
    assert (outcome.accepted, outcome.updated, outcome.duplicates) == (1, 0, 3)
