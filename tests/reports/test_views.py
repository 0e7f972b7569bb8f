import html
import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.actors import SYSTEM
from accounts.roles import Role
from common.models import AuditEntry
from reports.models import Edition
from reports.periods import Period
from reports.scope import Scope
from stations.models import Posting, Station
from tests.factories import DeputyFactory, StationFactory, make_reception, make_user

pytestmark = pytest.mark.django_db
PAGE, WORKBOOK, STAFF = "/reports/", "/reports/workbook/", "/reports/staff/"


def shown(client, **query):
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response


def stations_on(response):
    return [row.name.value for row in response.context["report"].tables["T2"].body]


# Who ------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_log_in(client):
    for address in (PAGE, STAFF):
        assert client.get(address).status_code == 302
    assert client.post(WORKBOOK).status_code == 302


@pytest.mark.parametrize("persona", ["observer", "administrator"])
def test_who_reads_no_reports_is_refused(client, request, persona):
    client.force_login(request.getfixturevalue(persona))
    assert client.get(PAGE).status_code == 403
    assert client.get(STAFF).status_code == 403
    assert client.post(WORKBOOK).status_code == 403


def test_a_deputy_is_refused(client, deputy):
    client.force_login(deputy.user)
    assert client.get(PAGE).status_code == 403


def test_a_township_officer_sees_their_stations(client, year, township_officer):
    client.force_login(township_officer)
    response = shown(client, year=2025)
    assert stations_on(response) == ["石桥镇中心联络站", "石桥村联络站"]
    assert "柳河镇" not in response.content.decode()


def test_a_liaison_sees_their_station(client, year, liaison):
    client.force_login(liaison)
    response = shown(client, year=2025)
    assert stations_on(response) == ["石桥镇中心联络站"]
    page = response.content.decode()
    assert "石桥村联络站" not in page
    assert 'name="area"' not in page


def test_who_works_at_two_stations_may_choose_one(client, year, liaison, other_station):
    Posting.objects.create(
        user=liaison, person_name=liaison.name, role=Role.LIAISON, station=other_station
    )
    client.force_login(liaison)
    assert stations_on(shown(client, year=2025)) == ["石桥镇中心联络站", "柳河镇中心联络站"]
    one = shown(client, year=2025, station=other_station.pk)
    assert stations_on(one) == ["柳河镇中心联络站"]


def test_who_signs_for_two_townships_chooses_one_before_drafting(
    client, year, township_officer, other_township
):
    Posting.objects.create(
        user=township_officer, person_name=township_officer.name, role=Role.TOWNSHIP_OFFICER,
        area=other_township,
    )  # fmt: skip
    client.force_login(township_officer)
    both = shown(client, year=2025)
    assert len(stations_on(both)) == 3
    assert "请先选择报告的范围" in both.content.decode()
    assert "起草正式报告</button>" not in both.content.decode()
    one = shown(client, year=2025, area=other_township.code).content.decode()
    assert "请先选择报告的范围" not in one
    assert "起草正式报告</button>" in one
    client.post("/reports/editions/new/", {"year": 2025})
    assert not Edition.objects.exists()


def test_who_signs_for_the_district_and_a_township_of_it_signs_for_the_district(
    client, year, township_officer, district
):
    Posting.objects.create(
        user=township_officer, person_name=township_officer.name, role=Role.DISTRICT_OFFICER,
        area=district,
    )  # fmt: skip
    client.force_login(township_officer)
    page = shown(client, year=2025).content.decode()
    assert "起草正式报告</button>" in page
    assert "请先选择报告的范围" not in page


@pytest.mark.parametrize("code", ["990101104", "990101", "99", "990101999"])
def test_an_area_out_of_scope_is_not_found(client, year, township_officer, code):
    client.force_login(township_officer)
    assert client.get(PAGE, {"area": code}).status_code == 404
    assert client.post(WORKBOOK, {"area": code}).status_code == 404


def test_a_part_of_an_area_is_no_report_of_it(client, year, liaison, township):
    client.force_login(liaison)
    assert client.get(PAGE, {"area": township.code}).status_code == 404


def test_a_station_out_of_scope_is_not_found(client, year, liaison, village_station):
    client.force_login(liaison)
    assert client.get(PAGE, {"station": village_station.pk}).status_code == 404
    assert client.get(PAGE, {"station": 999_999}).status_code == 404


def test_a_station_that_is_not_in_the_chosen_township_is_explained(
    client, year, district_officer, township, other_station
):
    client.force_login(district_officer)
    page = shown(client, year=2025, area=township.code, station=other_station.pk)
    assert page.status_code == 200
    [error] = page.context["form"].errors["station"]
    assert error.startswith(f"{other_station.name}不在所选的地区")


@pytest.mark.parametrize("persona", ["district_officer", "township_officer", "liaison"])
def test_what_belongs_to_the_work_of_the_year_opens_from_the_report(client, request, year, persona):
    client.force_login(request.getfixturevalue(persona))
    near = shown(client, year=2025).context["nearby"]
    labels = [page.label for page in near]
    assert {"全部正式报告", "典型案例", "年度通报", "述职", "工作经费"} <= set(labels)
    assert ("缺席提醒" in labels) is (persona == "district_officer")
    for page in near:
        assert client.get(page.url).status_code == 200, page


def test_each_month_of_the_year_is_a_click_away(client, year, district_officer):
    client.force_login(district_officer)
    months = shown(client, year=2025).context["months"]
    assert [month["label"] for month in months][:2] == ["1月", "2月"]
    february = client.get(months[1]["url"])
    assert february.context["scope"].period.label == "2025年2月"
    assert february.context["months"][1]["current"]


def test_the_report_of_a_deputy_leads_to_their_file(client, year, district_officer):
    deputy = DeputyFactory()
    client.force_login(district_officer)
    [file] = shown(client, year=2025, deputy=deputy.pk).context["nearby"]
    assert (file.label, file.url) == ("履职档案", f"/reports/deputies/{deputy.pk}/?year=2025")
    assert client.get(file.url).status_code == 200


def test_the_district_may_choose_a_township(client, year, district_officer, township):
    client.force_login(district_officer)
    response = shown(client, year=2025, area=township.code)
    assert stations_on(response) == ["石桥镇中心联络站", "石桥村联络站"]
    assert response.context["scope"].place_name == "石桥镇"


# What is asked for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"year": "去年"}, "请填写四位数的年度"),
        ({"year": "99999999999999999999"}, "请填写四位数的年度"),
        ({"year": "1999"}, "请填写四位数的年度"),
        ({"from": "2025-02-30"}, "2025-02-30"),
        ({"from": "2025-06-01", "to": "2025-05-31"}, "结束日期不能早于开始日期"),
        ({"from": "2001-01-01", "to": "2025-05-31"}, "最多跨"),
        ({"area": "石桥镇"}, "区划代码应为数字"),
        ({"area": "%00"}, "区划代码应为数字"),
        ({"station": "x"}, "没有这个联络站"),
        ({"station": "-1"}, "没有这个联络站"),
        ({"station": "9" * 40}, "没有这个联络站"),
    ],
)
def test_what_cannot_be_read_is_explained(client, district_officer, query, complaint):
    client.force_login(district_officer)
    assert complaint in shown(client, **query).content.decode()
    assert client.post(WORKBOOK, query).status_code == 422


def test_days_go_before_the_year(client, year, district_officer):
    client.force_login(district_officer)
    response = shown(client, **{"year": "2024", "from": "2025年3月1日", "to": "2025.3.31"})
    assert response.context["scope"].period.label == "2025年3月"
    assert response.context["report"].tables["T2"].total_of("批次") == 2


def test_an_empty_period_says_what_to_do(client, year, liaison):
    client.force_login(liaison)
    page = shown(client, year=2023).content.decode()
    assert "2023年没有接待登记" in page
    assert "?year=2025" in page


def test_nothing_at_all_offers_to_log(client, liaison):
    client.force_login(liaison)
    assert reverse("visits:reception_new") in shown(client).content.decode()


# Figures are links --------------------------------------------------------------------------------


def listed(client, address):
    """How many rows a list shows, 保密件 among them."""
    response = client.get(address)
    assert response.status_code == 200, address
    context = response.context
    hidden = sum(line["n"] for line in context.get("hidden") or [])
    return context["tally"].number + hidden


@pytest.mark.parametrize(
    ("persona", "table"),
    [
        ("district_officer", "T2"),
        ("district_officer", "T3"),
        ("district_officer", "T4"),
        ("district_officer", "T5"),
        ("township_officer", "T2"),
        ("liaison", "T2"),
        ("liaison", "T5"),
    ],
)
def test_every_figure_opens_the_rows_it_counts(client, request, year, persona, table):
    client.force_login(request.getfixturevalue(persona))
    shown_table = shown(client, year=2025).context["report"].tables[table]
    counts = 0
    for row in shown_table.rows:
        for column, cell in zip(shown_table.columns, row.cells, strict=True):
            if column.kind != "count":
                continue
            assert cell.url, (row.name, column)
            if column.name != "人次":
                assert listed(client, cell.url) == cell.value, cell.url
                counts += 1
    assert counts > 9


def test_heads_open_the_receptions_they_came_in(client, year, liaison):
    client.force_login(liaison)
    heads = shown(client, year=2025).context["report"].tables["T2"].figure("人次")
    assert client.get(heads.url).context["totals"]["heads"] == heads.value == 15


def test_rates_open_what_they_divide_by(client, year, district_officer):
    client.force_login(district_officer)
    table = shown(client, year=2025).context["report"].tables["T2"]
    assert listed(client, table.figure("满意率（%）").url) == table.total_of("已评价")


def test_the_stock_opens_its_lists(client, year, district_officer, station):
    make_user(Role.LIAISON, station)
    DeputyFactory(station=station, level="city", state="resigned")
    client.force_login(district_officer)
    for row in shown(client, year=2025).context["report"].tables["T1"].rows:
        figure = row.cells[2]
        response = client.get(figure.url)
        assert response.status_code == 200
        if row.name.value == "工作人员":
            assert len(response.context["rows"]) == figure.value
        else:
            assert response.context["tally"].number == figure.value, figure.url


def test_every_figure_of_the_page_is_a_link(client, year, district_officer):
    client.force_login(district_officer)
    page = shown(client, year=2025).content.decode()
    # What several deputies did together, and what changed since last year, has no rows of its own.
    page = re.sub(r'(id="t6".*?)<tfoot>.*?</tfoot>', r"\1", page, flags=re.DOTALL)
    page = re.sub(r'id="comparison" .*?</section>', "", page, flags=re.DOTALL)
    cells = re.findall(r'<td class="num[^"]*">(.*?)</td>', page, re.DOTALL)
    bare = [cell for cell in cells if "<a href=" not in cell]
    # Only the share of a category or a kind has no rows of its own.
    assert all(re.fullmatch(r"\d+\.\d\d|—", cell.strip()) for cell in bare), bare


# How fast, how safe -------------------------------------------------------------------------------


def queries_of(client, django_assert_max_num_queries):
    shown(client, year=2026)  # the first request of a session writes it
    with django_assert_max_num_queries(60) as captured:
        shown(client, year=2026)
    return len(captured)


def test_queries_do_not_grow_with_receptions(
    client, district_officer, station, django_assert_max_num_queries
):
    client.force_login(district_officer)
    receiver = [DeputyFactory(station=station)]
    make_reception(station, actor=SYSTEM, deputies=receiver)
    one = queries_of(client, django_assert_max_num_queries)
    for _ in range(29):
        make_reception(station, actor=SYSTEM, deputies=receiver)
    assert queries_of(client, django_assert_max_num_queries) == one


def test_queries_do_not_grow_with_stations(client, district_officer, django_assert_max_num_queries):
    client.force_login(district_officer)
    for place in StationFactory.create_batch(2):
        make_reception(place, actor=SYSTEM)
    two = queries_of(client, django_assert_max_num_queries)
    for place in StationFactory.create_batch(10):
        make_reception(place, actor=SYSTEM)
    assert queries_of(client, django_assert_max_num_queries) == two


def test_names_are_escaped(client, district_officer, station):
    Station.objects.filter(pk=station.pk).update(name="<script>alert(1)</script>")
    make_reception(Station.objects.get(pk=station.pk), actor=SYSTEM)
    client.force_login(district_officer)
    page = shown(client, year=2026).content.decode()
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page


# What goes out ------------------------------------------------------------------------------------


def test_the_workbook_is_what_the_page_shows(client, year, district_officer, township):
    client.force_login(district_officer)
    asked = {"from": "2025-01-01", "to": "2025-12-31", "area": township.code}
    response = client.post(WORKBOOK, asked)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert book["T2 各站工作"]["A5"].value == "石桥镇中心联络站"
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.subject_label) == (district_officer, "石桥镇")
    assert entry.note == "2025年度人大代表联络站工作报告，石桥镇，Excel"


def test_the_workbook_is_not_had_by_link(client, district_officer):
    client.force_login(district_officer)
    assert client.get(WORKBOOK).status_code == 405


def test_staff_lists_the_places_of_the_reader(client, liaison, other_station):
    make_user(Role.LIAISON, other_station, name="别站的人")
    client.force_login(liaison)
    response = client.get(STAFF, {"role": "liaison"})
    assert [posting.user for posting in response.context["rows"]] == [liaison]
    assert client.get(STAFF, {"role": "nobody"}).status_code == 200
    assert client.get(STAFF, {"station": "x"}).status_code == 200
    assert client.get(STAFF, {"station": other_station.pk}).status_code == 404


def test_who_is_deputy_and_staff_reads_no_more_by_asking_for_themselves(
    client, deputy, station, other_station
):
    make_user(Role.LIAISON, other_station, name="别站的人")
    far = DeputyFactory(station=other_station, name="远方人")
    Posting.objects.create(
        user=deputy.user, person_name=deputy.name, role=Role.STATION_HEAD, station=station
    )
    client.force_login(deputy.user)
    staff = client.get(STAFF, {"deputy": deputy.pk})
    assert [posting.user for posting in staff.context["rows"]] == [deputy.user]
    letters = client.get("/reports/circulars/", {"deputy": deputy.pk})
    assert [one.pk for one in letters.context["rows"]] == [deputy.pk]
    own = Scope(deputy.user, Period.of_year(2026), deputy=deputy)
    assert list(own.stations()) == [station]
    assert far not in own.deputies()
    assert {posting.user for posting in own.staff()} == {deputy.user}
