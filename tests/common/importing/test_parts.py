"""A long file is taken part by part, and nobody can tell from what came of it."""

import datetime
import io

import pytest
from openpyxl import load_workbook

from common.importing.resources import Options
from common.importing.services import check_batch, import_sheet, store_upload, write_sheet
from common.models import AuditEntry, ImportBatch
from tests.factories import DeputyFactory, make_reception
from tests.sheets import reception_sheet
from visits.documents import export_register
from visits.models import NumberSeries, Opinion, Reception
from visits.sheets import ReceptionResource

pytestmark = pytest.mark.django_db

ABOVE = "联络站:石桥镇中心联络站    年度:2025年"


class Stopped(Exception):
    pass


@pytest.fixture(autouse=True)
def short_parts(monkeypatch, station):
    monkeypatch.setattr(ReceptionResource, "part", 2)
    DeputyFactory(station=station, name="石刚")


def entry(**cells):
    return {"接待日期": "2025-3-5", "接待代表": "石刚", "反映内容": "村口路灯不亮", **cells}


def brought_in(lines, liaison, **options):
    content = reception_sheet(lines, above=ABOVE, merged=options.pop("merged", ()))
    return import_sheet("receptions", content, "接待.xlsx", actor=liaison, **options)


def test_numbers_go_on_from_part_to_part(liaison):
    outcome = brought_in([entry(反映内容=f"第{n}件") for n in range(5)], liaison)
    assert outcome.written == 5
    stored = Reception.objects.order_by("number").values_list("number", "opinions__statement")
    assert list(stored) == [(n + 1, f"第{n}件") for n in range(5)]
    assert NumberSeries.objects.get().last == 5
    logged = AuditEntry.objects.filter(action="import", subject_type="visits.reception")
    assert logged.count() == 5


def test_a_visit_whose_merged_lines_reach_over_the_end_of_a_part_stays_one(liaison):
    lines = [entry(), entry(来访人姓名="王建国", 反映内容="甲"), {"反映内容": "乙"},
             {"反映内容": "丙"}, entry(反映内容="丁")]  # fmt: skip
    merged = [f"{letter}5:{letter}7" for letter in "BDE"]
    brought_in(lines, liaison, merged=merged)
    visit = Reception.objects.get(visitor_name="王建国")
    assert [o.statement for o in visit.opinions.all()] == ["甲", "乙", "丙"]
    assert Reception.objects.count() == 3


def test_a_line_left_of_a_merged_visit_does_not_join_the_visit_above(liaison):
    lines = [
        entry(来访人姓名="李四"),
        entry(来访人姓名="王建国", 来访人数="=1"),
        {"反映内容": "乙"},
    ]
    merged = [f"{letter}5:{letter}6" for letter in "BDE"]
    brought_in(lines, liaison, merged=merged, partial=True)
    visits = {v.visitor_name: v.opinions.count() for v in Reception.objects.all()}
    assert visits == {"李四": 1, "王建国": 1}


def test_equal_lines_match_as_many_stored_rows_whichever_part_they_are_in(liaison):
    brought_in([entry()] * 3, liaison)
    outcome = brought_in([entry()] * 7, liaison)
    assert (outcome.duplicates, outcome.written) == (3, 4)


def test_same_as_above_reaches_into_the_next_part(liaison):
    brought_in([entry(), entry(反映内容="乙"), entry(接待日期="同上", 反映内容="丙")], liaison)
    assert Reception.objects.filter(received_on="2025-03-05").count() == 3


def test_a_bad_row_in_a_late_part_keeps_the_first_parts_out(liaison):
    lines = [entry(反映内容=f"第{n}件") for n in range(5)] + [entry(接待日期="2月30日")]
    outcome = brought_in(lines, liaison)
    assert (outcome.accepted, outcome.rejected, outcome.written) == (5, 1, 0)
    assert not Reception.objects.exists()
    assert not NumberSeries.objects.filter(last__gt=0).exists()


def test_work_that_is_stopped_half_way_writes_nothing(liaison, monkeypatch):
    monkeypatch.setattr("common.importing.checking._STEP", 2)
    content = reception_sheet([entry(反映内容=f"第{n}件") for n in range(9)], above=ABOVE)
    batch = store_upload("receptions", content, "接待.xlsx", actor=liaison, options=Options())

    def stop(stage, done, total):
        if done >= 6:
            raise Stopped

    with pytest.raises(Stopped):
        write_sheet(batch, content, actor=liaison, progress=stop)
    assert not Reception.objects.exists()
    batch.refresh_from_db()
    assert write_sheet(batch, content, actor=liaison).written == 9


def test_progress_is_told_in_words_and_reaches_the_end(liaison, monkeypatch):
    monkeypatch.setattr("common.importing.checking._STEP", 2)
    content = reception_sheet([entry(反映内容=f"第{n}件") for n in range(5)], above=ABOVE)
    batch = store_upload("receptions", content, "接待.xlsx", actor=liaison, options=Options())
    told = []
    check_batch(batch, actor=liaison, progress=lambda *step: told.append(step))
    assert told == [("读取表格", 0, 0), ("核对", 2, 5), ("核对", 4, 5), ("核对", 5, 5)]


def test_lines_of_one_visit_that_stand_far_apart_update_it_once(liaison, station):
    reception = make_reception(
        station,
        actor=liaison,
        received_on=datetime.date(2025, 3, 5),
        opinions=[{"statement": f"第{n}件"} for n in range(4)],
    )
    stream = io.BytesIO()
    export_register(station, 2025, stream, actor=liaison)
    book = load_workbook(stream)
    sheet = book.active
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row > 3:
            sheet.unmerge_cells(str(merged))
    for row in range(4, 8):
        for column in range(1, 11):
            sheet.cell(row, column).value = sheet.cell(4, column).value
        sheet.cell(row, 16).value = f"办了{row}"
        sheet.cell(row, 19).value, sheet.cell(row, 20).value = reception.recorder, ""
    out = io.BytesIO()
    book.save(out)
    outcome = import_sheet("receptions", out.getvalue(), "x.xlsx", actor=liaison)
    assert (outcome.updated, outcome.rejected) == (4, 0)
    results = Opinion.objects.order_by("position").values_list("result", flat=True)
    assert list(results) == ["办了4", "办了5", "办了6", "办了7"]
    reception.refresh_from_db()
    assert reception.version == 2


def test_a_file_that_is_not_written_leaves_no_files_behind(liaison, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    brought_in([entry(接待日期="2月30日")], liaison)
    assert not ImportBatch.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
