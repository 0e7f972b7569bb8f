"""簿一 on its way out: the file, the command, the button, and the way back in."""

import datetime
import io
import shutil
import subprocess
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.roles import Role
from common.errors import RuleViolation
from common.models import AuditEntry
from common.sheets.layout import Column, find_tables
from common.sheets.reading import read_workbook
from stations.models import Posting
from tests.factories import StationFactory, category, make_reception
from tests.visits.test_documents import PRINTED
from visits.documents import export, export_register, export_rows
from visits.models import Reception
from visits.services import void_reception

EXPORT, PRINT = reverse("visits:reception_export"), reverse("visits:reception_print")


def exported(station, *, actor=SYSTEM, year=2026):
    target = io.BytesIO()
    export_register(station, year, target, actor=actor)
    return target.getvalue()


def exported_rows(receptions, *, actor=SYSTEM, **settings):
    target = io.BytesIO()
    export_rows(receptions, target, actor=actor, **settings)
    return opened(target.getvalue())


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def table_of(content, columns=(*PRINTED, "内部标识")):
    [table] = find_tables(read_workbook(content, "登记簿.xlsx"), [Column(name) for name in columns])
    return table


def notes_of(sheet):
    return [cell.value for cell in sheet["A"] if str(cell.value).startswith("说明：")]


def log_of_exports():
    rows = AuditEntry.objects.filter(action="export").order_by("pk")
    return [(row.actor_name, row.subject_label, row.note) for row in rows]


# The file ----------------------------------------------------------------------------------------
def test_sheet_has_title_station_year_and_the_printed_columns(station):
    make_reception(station, actor=SYSTEM)
    sheet = opened(exported(station))
    assert sheet["A1"].value == "代表来访接待登记簿"
    assert sheet["A2"].value == "联络站：石桥镇中心联络站    年度：2026年"
    assert [cell.value for cell in sheet[3]] == [*PRINTED, "内部标识（勿改）"]
    assert sheet.column_dimensions["U"].hidden


def test_sheet_prints_on_a4_lying_with_its_head_on_every_page(station):
    make_reception(station, actor=SYSTEM)
    sheet = opened(exported(station))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_formulas_and_markup_come_out_as_text(station):
    make_reception(station, actor=SYSTEM, note="<script>", opinions=[{"statement": "=1+1"}])
    row = opened(exported(station))[4]
    assert (row[11].value, row[11].data_type) == ("=1+1", "s")
    assert (row[19].value, row[19].data_type) == ("<script>", "s")


def test_visit_with_two_opinions_is_two_lines_with_its_cells_merged(station):
    reception = make_reception(
        station, actor=SYSTEM, opinions=[{"statement": "第一件"}, {"statement": "第二件"}]
    )
    sheet = opened(exported(station))
    merged = {str(merge) for merge in sheet.merged_cells.ranges}
    assert {f"{letter}4:{letter}5" for letter in "ABCDEFGHIJST"} <= merged
    assert not {f"{letter}4:{letter}5" for letter in "KLMNOPQRU"} & merged
    assert [sheet["L4"].value, sheet["L5"].value] == ["第一件", "第二件"]
    first, second = reception.opinions.all()
    assert [sheet["U4"].value, sheet["U5"].value] == [f"{first.pk}:1", f"{second.pk}:1"]


def test_void_visits_are_left_out_and_counted(station):
    void_reception(make_reception(station, actor=SYSTEM), actor=SYSTEM, reason="重复登记")
    make_reception(station, actor=SYSTEM)
    sheet = opened(exported(station))
    assert (sheet["A4"].value, sheet.max_row) == (2, 7)
    assert "说明：另有作废 1 批未列入，编号保留。" in notes_of(sheet)


def test_only_the_year_asked_for_goes_out(station):
    make_reception(station, actor=SYSTEM, received_on=datetime.date(2025, 12, 31))
    make_reception(station, actor=SYSTEM, received_on=datetime.date(2026, 1, 4))
    make_reception(StationFactory(), actor=SYSTEM)
    sheet = opened(exported(station, year=2025))
    assert sheet["B4"].value.date() == datetime.date(2025, 12, 31)
    assert notes_of(sheet)[0].startswith("说明：共 1 批，1 人次，意见 1 条。")


def test_confidential_visit_goes_out_to_its_own_station_only(
    station, station_head, district_officer
):
    make_reception(station, actor=SYSTEM, confidential=True)
    make_reception(station, actor=SYSTEM)
    assert len(table_of(exported(station, actor=station_head)).entries) == 2
    assert len(table_of(exported(station, actor=district_officer)).entries) == 1


@pytest.mark.parametrize(
    ("persona", "name", "phone", "told"),
    [
        ("liaison", "王**", "138****5678", "已脱敏"),
        ("district_officer", "王**", "138****5678", "已脱敏"),
        ("station_head", "王建国", "13800135678", "未脱敏"),
    ],
)
def test_contacts_are_masked_without_the_right_and_the_log_says_so(
    station, request, persona, name, phone, told
):
    actor = request.getfixturevalue(persona)
    make_reception(station, actor=SYSTEM, opinions=[{}, {}])
    sheet = opened(exported(station, actor=actor))
    assert (sheet["E4"].value, sheet["H4"].value) == (name, phone)
    assert f"姓名、电话{told}" in notes_of(sheet)[0]
    assert f"导出人 {actor.name} 20" in notes_of(sheet)[0]
    assert log_of_exports() == [(actor.name, "石桥镇中心联络站", f"簿一 2026年 2 行，{told}")]


def test_who_may_not_export_the_station_is_refused(station, outsider, observer, deputy):
    make_reception(station, actor=SYSTEM)
    for actor in (outsider, observer, deputy.user):
        with pytest.raises(PermissionDenied):
            exported(station, actor=actor)
    assert log_of_exports() == []


def test_year_without_visits_is_refused_in_words(station):
    void_reception(make_reception(station, actor=SYSTEM), actor=SYSTEM, reason="重复登记")
    with pytest.raises(RuleViolation, match="2026年没有登记，没有可导出的。（作废的 1 批不列入）"):
        exported(station)


# And back ----------------------------------------------------------------------------------------
@pytest.fixture
def full_register(station):
    make_reception(station, actor=SYSTEM, opinions=[{"statement": "第一件"}, {}])
    make_reception(station, actor=SYSTEM, until=datetime.date(2026, 3, 7), visitor_name="")
    make_reception(
        station,
        actor=SYSTEM,
        headcount=12,
        headcount_text="3户12人",
        opinions=[{"statement": "备注：说明：合计", "feedback_method": "口头反馈"}],
    )
    return station


def read_lines(content):
    return [
        {name: cell.value for name, cell in entry.cells.items()}
        for entry in table_of(content).entries
    ]


def test_every_line_is_read_back_with_every_column_known(full_register):
    table = table_of(exported(full_register))
    assert set(table.columns) == {*PRINTED, "内部标识"}
    assert table.unknown == {}
    assert table.title.year == 2026
    assert table.title.label_values["联络站"] == "石桥镇中心联络站"
    assert [entry.row for entry in table.entries] == [4, 5, 6, 7]
    assert {row.reason for row in table.skipped} == {"note"}
    assert table.entries[1].continues >= {"接待日期", "来访人姓名", "接待代表"}
    assert table.entries[1].cells["来访人姓名"].value == "王建国"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice (LibreOffice) is not here")
def test_libreoffice_saves_it_again_with_the_same_lines(full_register, tmp_path):
    content = exported(full_register)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "register.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += [
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "in/register.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = (tmp_path / "register.xlsx").read_bytes()
    assert read_lines(again) == read_lines(content)
    assert opened(again).print_title_rows == "$1:$3"


# What a list shows -------------------------------------------------------------------------------
def test_several_stations_come_with_a_column_of_their_names(station):
    other = StationFactory(name="柳河镇中心联络站")
    make_reception(station, actor=SYSTEM)
    make_reception(other, actor=SYSTEM, received_on=datetime.date(2025, 3, 5))
    sheet = exported_rows(Reception.objects.all(), chosen_by="来访形式 来访")
    assert sheet["A2"].value == (
        "范围：2个联络站    期间：2025年3月5日至2026年3月5日    筛选：来访形式 来访"
    )
    assert [cell.value for cell in sheet[3]] == ["联络站", *PRINTED, "内部标识（勿改）"]
    assert {sheet["A4"].value, sheet["A5"].value} == {station.name, other.name}
    assert sorted((who, note) for who, _, note in log_of_exports()) == [
        ("系统", "簿一 2025年 1 行，未脱敏；筛选：来访形式 来访"),
        ("系统", "簿一 2026年 1 行，未脱敏；筛选：来访形式 来访"),
    ]


def test_stations_that_may_not_be_exported_are_left_out_and_counted(station, liaison, deputy):
    """A liaison who is also a deputy elsewhere reads more than they may take out."""
    other = StationFactory()
    make_reception(station, actor=SYSTEM)
    make_reception(other, actor=SYSTEM)
    sheet = exported_rows(Reception.objects.all(), actor=liaison)
    assert [cell.value for cell in sheet[3]] == [*PRINTED, "内部标识（勿改）"]
    assert "说明：另有 1 批属于无权导出的联络站，未列入。" in notes_of(sheet)


def test_more_lines_than_one_file_takes_are_refused_in_words(station, monkeypatch):
    monkeypatch.setattr(export, "MOST_LINES", 2)
    make_reception(station, actor=SYSTEM, opinions=[{}, {}, {}])
    with pytest.raises(RuleViolation, match="符合条件的有 3 条意见，一个文件最多 2 条"):
        exported_rows(Reception.objects.all())


# The command -------------------------------------------------------------------------------------
def test_command_writes_the_register_unmasked(station, tmp_path, capsys):
    make_reception(station, actor=SYSTEM)
    out = tmp_path / "簿一.xlsx"
    call_command(
        "export_register", "receptions", station="石桥镇中心联络站", year=2026, out=str(out)
    )
    assert opened(out.read_bytes())["E4"].value == "王建国"
    assert list(tmp_path.iterdir()) == [out]
    assert "1 批，1 人次，意见 1 条" in capsys.readouterr().out
    assert log_of_exports() == [("系统", "石桥镇中心联络站", "簿一 2026年 1 行，未脱敏")]


@pytest.mark.parametrize(
    ("kind", "name", "year", "message"),
    [
        ("receptions", "石桥镇", "2026", "没有叫“石桥镇”的联络站。是不是：石桥镇中心联络站？"),
        ("receptions", "天宫站", "2026", "没有叫“天宫站”的联络站。请核对站名。"),
        ("receptions", "石桥镇中心联络站", "2030", "2030年没有登记"),
        ("assistance", "石桥镇中心联络站", "2026", "2026年没有登记"),
    ],
)
def test_command_says_what_is_wrong_and_leaves_no_file(
    station, tmp_path, kind, name, year, message
):
    out = tmp_path / "out.xlsx"
    with pytest.raises(CommandError, match=message):
        call_command("export_register", kind, "--station", name, "--year", year, "--out", str(out))
    assert list(tmp_path.iterdir()) == []


def test_command_says_that_a_folder_is_missing(station, tmp_path):
    make_reception(station, actor=SYSTEM)
    out = str(tmp_path / "没有" / "out.xlsx")
    with pytest.raises(CommandError, match="没有文件夹"):
        call_command("export_register", "receptions", station=station.name, year=2026, out=out)


# The buttons -------------------------------------------------------------------------------------
def test_button_exports_what_the_list_shows(client, station, liaison):
    make_reception(station, actor=SYSTEM, channel="call")
    make_reception(station, actor=SYSTEM, channel="letter")
    client.force_login(liaison)
    answer = client.post(f"{EXPORT}?channel=call")
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    name = unquote(disposition.partition("''")[2])
    assert name == "代表来访接待登记簿-石桥镇中心联络站-2026-筛选.xlsx"
    table = table_of(b"".join(answer.streaming_content))
    assert [entry.cells["来访形式"].value for entry in table.entries] == ["来电"]
    assert log_of_exports()[0][2] == "簿一 2026年 1 行，已脱敏；筛选：来访形式 来电"


def test_button_is_for_those_who_may_export(
    client, station, observer, outsider, deputy, administrator
):
    make_reception(station, actor=SYSTEM, deputies=[deputy])
    for user in (observer, deputy.user, administrator):
        client.force_login(user)
        assert client.post(EXPORT).status_code == 403
    client.force_login(outsider)
    answer = client.post(EXPORT)
    assert (answer.status_code, answer["Location"]) == (302, reverse("visits:reception_list"))
    assert log_of_exports() == []


def test_button_with_nothing_to_export_says_so_on_the_list(client, liaison):
    client.force_login(liaison)
    answer = client.post(f"{EXPORT}?channel=call")
    assert answer["Location"] == reverse("visits:reception_list") + "?channel=call"
    [message] = list(answer.wsgi_request._messages)
    assert "没有符合条件的登记" in str(message)


def test_condition_that_cannot_be_read_exports_nothing(client, station, liaison):
    make_reception(station, actor=SYSTEM)
    client.force_login(liaison)
    assert client.post(f"{EXPORT}?channel=nonsense").status_code == 302


def test_export_is_no_address_to_follow(client, liaison):
    client.force_login(liaison)
    assert client.get(EXPORT).status_code == 405


def test_void_visits_on_the_list_are_counted_in_the_file(client, station, liaison):
    void_reception(make_reception(station, actor=SYSTEM), actor=SYSTEM, reason="重复")
    make_reception(station, actor=SYSTEM)
    client.force_login(liaison)
    content = b"".join(client.post(EXPORT).streaming_content)
    assert "说明：另有作废 1 批未列入，编号保留。" in notes_of(opened(content))


def test_print_view_shows_the_rows_of_the_list_as_the_bound_register(client, station, liaison):
    make_reception(station, actor=SYSTEM, channel="call", opinions=[{}, {"statement": "垃圾"}])
    make_reception(station, actor=SYSTEM, channel="letter", visitor_name="李四")
    client.force_login(liaison)
    page = client.get(f"{PRINT}?channel=call").content.decode()
    assert "王**" in page
    assert "王建国" not in page
    assert "李**" not in page
    assert 'rowspan="2">王**' in page
    assert "本页 1 批，1 人次，意见 2 条。" in page
    assert "姓名、电话已脱敏" in page
    assert f"{liaison.name} 20" in page
    assert f'href="{reverse("visits:reception_list")}?channel=call"' in page


def test_conditions_stand_on_the_paper_in_words(client, station, liaison, deputy):
    roads = category("基础设施")
    make_reception(station, actor=SYSTEM, deputies=[deputy], opinions=[{"category": roads}])
    client.force_login(liaison)
    address = f"station={station.pk}&category={roads.pk}&deputy={deputy.pk}&from=2026-03-01&q=路灯"
    content = b"".join(client.post(f"{EXPORT}?{address}").streaming_content)
    _, _, words = opened(content)["A2"].value.partition("筛选：")
    assert set(words.split("；")) == {
        "搜索 路灯", "从 2026年3月1日", "联络站 石桥镇中心联络站", "问题类别 基础设施",
        "接待代表 石刚",
    }  # fmt: skip


def test_print_view_says_when_it_is_cut(client, station, liaison, monkeypatch):
    monkeypatch.setattr("visits.documents.pages.AT_MOST", 1)
    make_reception(station, actor=SYSTEM)
    make_reception(station, actor=SYSTEM)
    client.force_login(liaison)
    page = client.get(PRINT).content.decode()
    assert "符合条件的有 2 批，一次最多排 1 批，这里只有按编号的前 1 批。" in page


def test_print_view_shows_only_what_its_reader_may_see(client, station, outsider, observer):
    make_reception(station, actor=SYSTEM)
    client.force_login(outsider)
    assert "没有符合条件的登记" in client.get(PRINT).content.decode()
    client.force_login(observer)
    assert client.get(PRINT).status_code == 403


def test_deputy_of_two_roles_exports_only_where_the_role_is_held(client, station, deputy):
    """The right counts where it is held: what they received elsewhere stays in."""
    other = StationFactory()
    Posting.objects.create(user=deputy.user, person_name="石刚", role=Role.LIAISON, station=other)
    make_reception(station, actor=SYSTEM, deputies=[deputy])
    make_reception(other, actor=SYSTEM)
    client.force_login(deputy.user)
    sheet = opened(b"".join(client.post(EXPORT).streaming_content))
    assert sheet["A2"].value.startswith(f"联络站：{other.name}")
    assert "说明：另有 1 批属于无权导出的联络站，未列入。" in notes_of(sheet)
