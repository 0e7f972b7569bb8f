"""簿二 and 簿三 on their way out: the file, the command, the buttons, the paper."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from common.models import AuditEntry, Job
from tests.factories import DeputyFactory, StationFactory
from tests.registers import (
    ACTIVITIES,
    ASSISTANCE,
    exported,
    make_activity,
    make_assistance,
    opened,
)
from visits.choices import Register
from visits.documents import printed_register
from visits.documents.books import BOOKS
from visits.models import Activity, Assistance
from visits.services import void_assistance

KEY = "内部标识（勿改）"


@pytest.fixture
def people(station):
    return [DeputyFactory(station=station, name=name) for name in ("石刚", "廖波英", "朱志")]


@pytest.fixture
def deed(station, people):
    return make_assistance(
        station,
        actor=SYSTEM,
        deputies=people[:2],
        deed="给王建国送米送油",
        address="石桥村6组",
        kind="schooling",
        money=Decimal("30000"),
        goods=Decimal("1200.5"),
        source="raised",
        households=3,
        people=12,
        approximate={"money": "3万余元"},
        state="ongoing",
        finished_on=datetime.date(2025, 4, 1),
        witness="余固",
        note="联系13800135678",
    )


@pytest.fixture
def event(station, people):
    return make_activity(
        station,
        actor=SYSTEM,
        present=people[:1],
        leave=people[1:2],
        absent=people[2:],
        place="清溪河堤",
        kind="inspection",
        organiser="镇人大",
        convener="石刚",
        guests="水务站",
        minutes="实地查看。",
        opinion_count=2,
        follow_up="已转镇政府",
        recorder="余固",
        note="无照片",
    )


def row_of(content, number=4):
    values = [cell.value for cell in opened(content)[number]]
    return [value.date() if hasattr(value, "date") else value for value in values]


def notes_of(sheet):
    return [cell.value for cell in sheet["A"] if str(cell.value).startswith("说明：")]


def log_of_exports():
    rows = AuditEntry.objects.filter(action="export").order_by("pk")
    return [(row.subject_label, row.note) for row in rows]


# The file ----------------------------------------------------------------------------------------
def test_assistance_goes_out_in_the_printed_columns(station, deed):
    content = exported(Register.ASSISTANCE, station, actor=SYSTEM)
    sheet = opened(content)
    assert sheet["A1"].value == "扶贫帮困办实事登记簿"
    assert sheet["A2"].value == "联络站：石桥镇中心联络站    年度：2025年"
    assert [cell.value for cell in sheet[3]] == [*ASSISTANCE, KEY]
    assert sheet.column_dimensions["Q"].hidden
    assert row_of(content) == [
        1, datetime.date(2025, 3, 5), "石刚、廖波英", "王建国", "石桥村6组", "助学",
        "给王建国送米送油", "3万余元", 1200.5, "募捐", 3, 12, "进行中", datetime.date(2025, 4, 1),
        "余固", "联系13800135678", f"{deed.pk}:1",
    ]  # fmt: skip
    assert notes_of(sheet)[0].startswith(
        "说明：共 1 件，资金 30,000 元，物资折款 1,200.5 元，受益 3 户 12 人（含约数）。"
        "帮扶对象未脱敏。导出人 系统 20"
    )
    assert log_of_exports() == [("石桥镇中心联络站", "簿二 2025年 1 行，未脱敏")]


def test_activities_go_out_in_the_printed_columns(station, event):
    content = exported(Register.ACTIVITY, station, actor=SYSTEM)
    sheet = opened(content)
    assert [cell.value for cell in sheet[3]] == [*ACTIVITIES, KEY]
    assert row_of(content) == [
        1, datetime.date(2025, 3, 5), "清溪河堤", "视察", "视察河堤", "镇人大", "石刚", 3, 1,
        "石刚", "廖波英", "朱志", "水务站", "实地查看。", 2, "已转镇政府", "余固", "无照片",
        f"{event.pk}:1",
    ]  # fmt: skip
    assert notes_of(sheet)[0].startswith(
        "说明：共 1 场，应到 3 人次，实到 1 人次，请假 1 人次，缺席 1 人次，形成意见建议 2 条。"
        "导出人 系统 20"
    )
    assert log_of_exports() == [("石桥镇中心联络站", "簿三 2025年 1 行")]


@pytest.mark.parametrize(
    ("persona", "name", "note", "told"),
    [
        ("liaison", "王**", "联系138****5678", "已脱敏"),
        ("district_officer", "王**", "联系138****5678", "已脱敏"),
        ("station_head", "王建国", "联系13800135678", "未脱敏"),
    ],
)
def test_who_was_helped_is_masked_without_the_right(
    station, deed, request, persona, name, note, told
):
    content = exported(Register.ASSISTANCE, station, actor=request.getfixturevalue(persona))
    cells = row_of(content)
    assert (cells[3], cells[6], cells[15]) == (name, f"给{name}送米送油", note)
    assert f"帮扶对象{told}。" in notes_of(opened(content))[0]
    assert log_of_exports() == [("石桥镇中心联络站", f"簿二 2025年 1 行，{told}")]


def test_void_deeds_are_left_out_and_counted(station, deed):
    void_assistance(make_assistance(station, actor=SYSTEM), actor=SYSTEM, reason="重复")
    sheet = opened(exported(Register.ASSISTANCE, station, actor=SYSTEM))
    assert "说明：另有作废 1 件未列入，编号保留。" in notes_of(sheet)


@pytest.mark.parametrize("register", [Register.ASSISTANCE, Register.ACTIVITY])
def test_who_may_not_export_is_refused_and_so_is_an_empty_year(
    station, deed, event, outsider, observer, deputy, register
):
    for actor in (outsider, observer, deputy.user):
        with pytest.raises(PermissionDenied):
            exported(register, station, actor=actor)
    with pytest.raises(RuleViolation, match="2024年没有登记"):
        exported(register, station, actor=SYSTEM, year=2024)
    assert log_of_exports() == []


def test_who_was_away_without_a_name_goes_out_as_a_count(station):
    make_activity(station, actor=SYSTEM, due_count=9, present_count=8, leave_count=1)
    assert row_of(exported(Register.ACTIVITY, station, actor=SYSTEM))[7:12] == [
        9, 8, None, "1人", None,
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "words"), [("assistance", "1 件，资金"), ("activities", "1 场")])
def test_command_writes_either_register(station, deed, event, tmp_path, capsys, kind, words):
    out = tmp_path / "簿.xlsx"
    call_command("export_register", kind, station=station.name, year=2025, out=str(out))
    assert row_of(out.read_bytes())[0] == 1
    assert words in capsys.readouterr().out
    with pytest.raises(CommandError, match="2030年没有登记"):
        call_command("export_register", kind, station=station.name, year=2030, out=str(out))


# The buttons -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kind"), [("assistance", "schooling"), ("activity", "inspection")]
)
def test_button_exports_what_the_list_shows(client, station, liaison, deed, event, name, kind):
    make_assistance(station, actor=SYSTEM, kind="medical")
    make_activity(station, actor=SYSTEM, kind="training")
    client.force_login(liaison)
    answer = client.post(f"{reverse(f'visits:{name}_export')}?kind={kind}")
    sheet = opened(b"".join(answer.streaming_content))
    assert [sheet["A4"].value, str(sheet["A5"].value)[:3]] == [1, "说明："]
    assert "筛选：" in sheet["A2"].value
    assert "筛选：" in log_of_exports()[0][1]


def test_several_stations_come_with_a_column_of_their_names(
    client, station, deed, district_officer
):
    other = StationFactory(name="柳河镇中心联络站", township=station.township)
    make_assistance(other, actor=SYSTEM)
    client.force_login(district_officer)
    answer = client.post(reverse("visits:assistance_export"))
    sheet = opened(b"".join(answer.streaming_content))
    assert [cell.value for cell in sheet[3]] == ["联络站", *ASSISTANCE, KEY]
    assert {sheet["A4"].value, sheet["A5"].value} == {station.name, other.name}


@pytest.mark.parametrize("name", ["assistance", "activity"])
def test_a_long_file_becomes_a_job(client, settings, station, liaison, deed, event, name):
    make_assistance(station, actor=SYSTEM)
    make_activity(station, actor=SYSTEM)
    settings.EXPORT_AT_ONCE = 1
    client.force_login(liaison)
    answer = client.post(reverse(f"visits:{name}_export"))
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    assert job.kind == ("assistance_export" if name == "assistance" else "activities_export")


def test_button_with_nothing_to_export_says_so_on_its_list(client, liaison):
    client.force_login(liaison)
    answer = client.post(reverse("visits:assistance_export") + "?kind=medical")
    assert answer["Location"] == reverse("visits:assistance_list") + "?kind=medical"


@pytest.mark.parametrize("name", ["assistance", "activity"])
def test_list_has_the_buttons_of_its_register(client, liaison, deed, event, name):
    client.force_login(liaison)
    page = client.get(reverse(f"visits:{name}_list")).content.decode()
    for act in ("import", "export", "print"):
        assert reverse(f"visits:{name}_{act}") in page


# For the printer ---------------------------------------------------------------------------------
def texts(entry):
    return {cell.css: cell.text for cell in entry.facts}


def test_paper_shows_the_deed_as_the_bound_register(client, station, liaison, deed):
    client.force_login(liaison)
    page = client.get(reverse("visits:assistance_print")).content.decode()
    assert "<h1>扶贫帮困办实事登记簿</h1>" in page
    assert "王**" in page
    assert "王建国" not in page
    assert "本页 1 件，资金 30,000 元，物资折款 1,200.5 元，受益 3 户 12 人（含约数）。" in page
    assert "帮扶对象已脱敏。" in page
    assert log_of_exports() == [("石桥镇中心联络站", "簿二 打印 2025年 1 行，已脱敏")]


def test_paper_leaves_out_the_year_of_its_head_and_what_is_nothing(station, people):
    make_assistance(station, actor=SYSTEM, finished_on=datetime.date(2026, 1, 8))
    [sheet] = printed_register(Assistance.objects.all(), actor=SYSTEM).sheets
    found = texts(sheet.entries[0])
    assert (found["c-h-date"], found["c-h-done"]) == ("3月5日", "2026年\n1月8日")
    assert (found["c-h-money"], found["c-h-house"], found["c-h-note"]) == ("", "", "补录")


def test_paper_shows_the_activity_with_its_figures(client, station, liaison, event):
    client.force_login(liaison)
    page = client.get(reverse("visits:activity_print")).content.decode()
    assert "<h1>代表活动情况登记簿</h1>" in page
    assert "本页 1 场，应到 3 人次，实到 1 人次，请假 1 人次，缺席 1 人次" in page
    assert "脱敏" not in page


def test_long_register_ends_with_the_sums_of_all_its_sheets(station, people):
    for _ in range(20):
        make_activity(station, actor=SYSTEM, present=people)
    sheets = printed_register(Activity.objects.all(), actor=SYSTEM).sheets
    assert [(sheet.number, sheet.total) for sheet in sheets] == [(1, 2), (2, 2)]
    numbers = [texts(entry)["c-no"] for sheet in sheets for entry in sheet.entries]
    assert numbers == [str(number) for number in range(1, 21)]
    assert sheets[0].in_all is None
    assert sheets[1].in_all.sums.startswith("20 场，应到 60 人次，实到 60 人次")


def test_columns_of_the_paper_fill_the_sheet_as_the_style_sheet_has_them():
    css = "".join(
        Path(finders.find(f"css/{name}.css")).read_text(encoding="utf-8")
        for name in ("paper", "paper_books")
    )
    for book in BOOKS.values():
        assert sum(book.page_columns.values()) == pytest.approx(277, abs=1)
        for name, width in book.page_columns.items():
            assert f"col.c-{name} {{ width: {width:g}mm; }}" in css


@pytest.mark.parametrize("rows", [1, 30])
def test_paper_takes_the_same_queries_for_many_entries(
    station, people, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        make_activity(station, actor=SYSTEM, present=people[:2], leave=people[2:])
    with django_assert_max_num_queries(8):
        printed_register(Activity.objects.all(), actor=SYSTEM)
